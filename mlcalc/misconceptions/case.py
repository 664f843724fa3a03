"""A problem as a misconception sees it, and what a misconception is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from mlcalc.derivation import Derivation, Result
from mlcalc.document import Entries, Items, Raw, Text, from_plain, written
from mlcalc.errors import MlcalcError, Place
from mlcalc.fields import tree
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import EvaluationError, Scalar
from mlcalc.maths.reader import items_of
from mlcalc.maths.tree import Expr, Shape
from mlcalc.problem import Problem
from mlcalc.records import Record
from mlcalc.solvers import load

Results: TypeAlias = Mapping[str, Result]

NOWHERE = Place("a misconception")


class Case:
    """The givens as they were typed, the right answers, and the same question asked otherwise."""

    def __init__(self, kind: str, given: Problem, derivation: Derivation) -> None:
        self.kind = kind
        self.given = given
        self.answers: Results = {one.name: one.value for one in derivation.all_answers}

    def value(self, name: str) -> Result | None:
        """The right answer of that name."""
        return self.answers.get(name)

    def number(self, name: str) -> Scalar | None:
        """The right answer where it is one number."""
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, Fraction | float):
            return None
        return value

    def raw(self, field: str) -> Raw | None:
        """What was typed for a field, under whichever of its names."""
        return self.given.given.get(self.given.typed_name(type(self.given).fields[field]))

    def text(self, field: str) -> str:
        """What was typed for a field, or what stands for it where nothing was."""
        raw = self.raw(field)
        return written(raw) if raw is not None else type(self.given).fields[field].default or ""

    def given_number(self, field: str) -> Fraction | None:
        """A given that is one exact number."""
        raw = self.raw(field)
        if isinstance(raw, Text):
            return exact(tree(raw))
        text = self.text(field)
        return exact(tree(Text(text, NOWHERE))) if raw is None and text else None

    def numbers(self, field: str) -> list[Fraction]:
        """The exact numbers of a list that was given; none where it holds anything else."""
        raw = self.raw(field)
        if isinstance(raw, Items):
            found = [exact(tree(item)) if isinstance(item, Text) else None for item in raw.items]
        else:
            found = [exact(item) for item in items_of(tree(raw))] if isinstance(raw, Text) else []
        numbers = [number for number in found if number is not None]
        return numbers if len(numbers) == len(found) else []

    def again(self, **changes: Any) -> Results:
        """The answers to the question with some givens changed; None leaves a given out.

        Raises `MlcalcError` where that question has no answer.
        """
        own = {self.given.typed_name(type(self.given).fields[name]): name for name in changes}
        pairs: list[tuple[Text, Raw]] = [
            (Text(key, NOWHERE), raw) for key, raw in self.given.given.items() if key not in own
        ]
        for key, name in own.items():
            value = changes[name]
            if value is not None:
                is_raw = isinstance(value, Text | Items | Entries)
                pairs.append((Text(key, NOWHERE), value if is_raw else from_plain(value, NOWHERE)))
        solver = load(self.kind)
        found = solver.solve(solver.Problem.read(Entries(tuple(pairs), self.given.place)))
        return {one.name: one.value for one in found.all_answers}

    def tried(self, **changes: Any) -> Results:
        """The same, or nothing where that question has no answer."""
        try:
            return self.again(**changes)
        except (MlcalcError, EvaluationError):
            return {}

    def only(self, names: str, results: Results) -> Results:
        """Those of the results that the misconception is about: "shape value"."""
        return {name: results[name] for name in names.split() if name in results}


class Misconception(Record):
    """A way to go wrong, with a stable id such as `map.mode_vs_mean`.

    `feedback` is one sentence for the student, which never holds the right answer; `wrong` gives
    the answers that it leads to, or several such mappings where it may come up in several
    places, and nothing where it cannot.
    """

    id: str
    feedback: str
    wrong: Callable[[Case], Results | Sequence[Results]]


def scaled(value: Result | None, factor: Fraction | Expr) -> Result | None:
    """A number or formula times a factor."""
    if isinstance(value, Expr) or isinstance(factor, Expr):
        return value * factor if isinstance(value, Expr) else None
    if isinstance(value, bool) or not isinstance(value, Fraction | float):
        return None
    return value * factor if isinstance(value, Fraction) else value * float(factor)


def present(**results: Result | None) -> Results:
    """Those that have a value."""
    return {name: value for name, value in results.items() if value is not None}


def sizes_of(shape: Result | None) -> list[Fraction]:
    """The sizes of a shape that is answered, channels first; none where it has letters."""
    match shape:
        case Shape(sizes, channels):
            found = [exact(size) for size in (*([] if channels is None else [channels]), *sizes)]
        case tuple():
            found = [size if isinstance(size, Fraction) else None for size in shape]
        case _:
            return []
    numbers = [size for size in found if size is not None]
    return numbers if len(numbers) == len(found) else []


def negated(value: Result) -> Result:
    """Numbers, lists and mappings with the other sign."""
    return multiplied(value, Fraction(-1))


def multiplied(value: Result, factor: Fraction) -> Result:
    """Every number of a list or a mapping times a factor."""
    if isinstance(value, Mapping):
        return {key: multiplied(part, factor) for key, part in value.items()}
    if isinstance(value, Expr):
        return -value if factor == -1 else value * factor
    if isinstance(value, tuple):
        return tuple(multiplied(part, factor) for part in value)  # type: ignore[return-value]  # as it was
    if isinstance(value, bool | str):
        return value
    return value * factor if isinstance(value, Fraction) else value * float(factor)
