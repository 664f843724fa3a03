"""A problem as a misconception sees it, and what a misconception is.

It sees what was read and never what was typed, so that no spelling of a given hides one from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from mlcalc.files.document import Raw, from_plain
from mlcalc.files.errors import MlcalcError, Place, Unsolved
from mlcalc.files.problem import Problem
from mlcalc.kinds import load
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import EvaluationError, Scalar
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr, Shape
from mlcalc.showing.derivation import Derivation, Result

Results: TypeAlias = Mapping[str, Result]

MOST_WORK = 1000
"""So much work may be in a question that is asked otherwise: a third of a second."""

NOWHERE = Place("a misconception")


class Case:
    """The problem as it was read, the right answers, and the same question asked otherwise."""

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

    def is_given(self, *fields: str) -> bool:
        """Whether any of these fields was given."""
        return any(self.given.is_given(type(self.given).fields[field]) for field in fields)

    def again(self, **values: Any) -> Results:
        """The answers to the question with the values of some fields changed; None leaves one out.

        Raises `MlcalcError` where that question has no answer, or one that takes too long here:
        a wrong answer may wait for many such questions.
        """
        changed = self.given.with_values(**values)
        if changed.work > MOST_WORK:
            raise Unsolved.because("this takes too long beside the problem itself", NOWHERE)
        found = load(self.kind).solve(changed)
        return {one.name: one.value for one in found.all_answers}

    def tried(self, **values: Any) -> Results:
        """The same, or nothing where that question has no answer."""
        try:
            return self.again(**values)
        except (MlcalcError, EvaluationError):
            return {}

    def only(self, names: str, results: Results) -> Results:
        """Those of the results that the misconception is about: "shape value"."""
        return {name: results[name] for name in names.split() if name in results}


def structure(value: object) -> Raw:
    """What a field holds whose meaning its kind decides: mappings and lists of numbers and texts.

    Their leaves are what `source` prints of a read value.
    """
    return from_plain(value, NOWHERE)


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
