"""Why an answer is wrong: what a student with a known misconception would have got."""

from __future__ import annotations

from mlcalc.derivation import Derivation
from mlcalc.document import Raw
from mlcalc.problem import Problem
from mlcalc.records import Record


class Misconception(Record):
    """A way to go wrong, with a stable id such as `map.mode_vs_mean`, and what to say of it."""

    id: str
    feedback: str


def known() -> tuple[str, ...]:
    """The ids of all misconceptions, in order."""
    return ()


def explanations(
    kind: str, given: Problem, derivation: Derivation, answer: str, claimed: Raw
) -> tuple[Misconception, ...]:
    """All misconceptions that lead to the wrong value that was claimed for that answer."""
    return ()
