"""Why an answer is wrong: what a student with a known misconception would have got.

A file a kind holds its misconceptions, each a small function from the problem to wrong answers.
They are computed once a problem, when its first wrong answer is looked at, and never before.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from fractions import Fraction
from importlib import import_module

from mlcalc.files.document import Raw
from mlcalc.files.errors import Invalid, MlcalcError
from mlcalc.files.problem import Problem
from mlcalc.kinds import kinds
from mlcalc.marking.checking import USUAL, Rule, check
from mlcalc.marking.checking.answers import are_ones
from mlcalc.marking.checking.parts import Part, part_named, value_at
from mlcalc.marking.misconceptions.case import Case, Misconception, Results
from mlcalc.maths.board import Note
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.records import Record, replace
from mlcalc.showing.derivation import Checked, Derivation, Result, Verdict

__all__ = ["Explainer", "Misconception", "known"]


class Suspect(Record):
    """One wrong value of an answer, and the misconception that leads to it."""

    misconception: Misconception
    answer: str
    value: Result


class Explainer:
    """The misconceptions about one problem; their wrong values are worked out once."""

    def __init__(self, kind: str, given: Problem, derivation: Derivation) -> None:
        self.kind, self.derivation = kind, derivation
        self.case = Case(kind, given, derivation)
        self._suspects: tuple[Suspect, ...] | None = None

    @property
    def suspects(self) -> tuple[Suspect, ...]:
        """What each misconception of the kind leads to here, where that is not the right value."""
        if self._suspects is None:
            self._suspects = tuple(
                Suspect(one, name, value)
                for one in misconceptions(self.kind)
                for results in self.wrong(one)
                for name, value in results.items()
                if name in self.case.answers and value != self.case.value(name)
            )
        return self._suspects

    def wrong(self, misconception: Misconception) -> tuple[Results, ...]:
        """The answers of students with it; none where it cannot come up or has no value."""
        try:
            found = misconception.wrong(self.case)
        except (MlcalcError, EvaluationError):
            # The changed question has no answer, so nobody got one.
            return ()
        return (found,) if isinstance(found, Mapping) else tuple(found)

    def explained(self, checked: Checked, claimed: Raw) -> Checked:
        """What was compared, and where it is wrong the misconceptions that lead to it."""
        if checked.verdict is not Verdict.WRONG:
            return checked
        found = self.explanations(checked.name, claimed)
        # Of several explanations one is true at most, so each is a guess.
        lead = "perhaps " if len(found) > 1 else ""
        return replace(checked, feedback=tuple(Note(o.id, lead + o.feedback) for o in found))

    def explanations(self, answer: str, claimed: Raw) -> tuple[Misconception, ...]:
        """All misconceptions that lead to the wrong value that was claimed for that answer.

        `gradients.x` is the part x of the answer gradients.
        """
        try:
            asked = part_named(answer, self.derivation.all_answers)
        except Invalid:
            asked = None
        if asked is None:
            return ()
        rule = replace(USUAL, of_ones=are_ones(self.derivation.known_by_name))
        found = (
            suspect.misconception
            for suspect in self.suspects
            if suspect.answer == asked.whole.name and is_same(claimed, suspect.value, asked, rule)
        )
        return tuple(dict.fromkeys(found))


def is_same(claimed: Raw, value: Result, asked: Part, rule: Rule) -> bool:
    """Whether the wrong value is claimed for what was asked, in any spelling of a right one."""
    if value_at(value, asked.keys) is None:
        return False
    answer = replace(asked, whole=replace(asked.whole, value=value)).answer
    # What leads to a count may be none: a bound that was not rounded up.
    is_whole = not isinstance(answer.value, Fraction | float) or answer.value % 1 == 0
    answer = replace(answer, is_count=answer.is_count and is_whole, name="claimed", aliases=(),
                     symbol=None, interval=None, accepts=None, partner="")  # fmt: skip
    return check(claimed, answer, rule).verdict is Verdict.RIGHT


def misconceptions(kind: str) -> tuple[Misconception, ...]:
    """Those of a kind, in the order in which they are told."""
    name = kind.replace("-", "_")
    if not os.path.exists(os.path.join(os.path.dirname(__file__), name + ".py")):
        return ()
    found: tuple[Misconception, ...] = import_module(f"{__name__}.{name}").MISCONCEPTIONS
    return found


def known() -> tuple[str, ...]:
    """The ids of all misconceptions, in the order of their kinds."""
    return tuple(one.id for kind in kinds() for one in misconceptions(kind))
