"""What a note says of the certificate of a numeric maximum."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from mlcalc.maths.board import Note
from mlcalc.maths.numerics.certificate import Certificate, checked, checked_point

Real = Callable[[float], float]


def certified(
    objective: Real,
    at: float,
    low: float = -math.inf,
    high: float = math.inf,
    others: Iterable[float] = (),
    name: str = "log-likelihood",
) -> Note:
    """`estimate.certified` with the digits of the maximum, or `estimate.not_certified` and why."""
    sides = "on both sides" if low < at < high else "on the side that is in its range"
    return told(checked(objective, at, low, high, others), name, sides, "score")


def certified_point(
    objective: Callable[[tuple[float, ...]], float],
    at: Sequence[float],
    ranges: Sequence[tuple[float, float]],
    name: str = "log-likelihood",
) -> Note:
    """The same for two parameters."""
    return told(checked_point(objective, at, ranges), name, "in every direction", "scores")


def told(found: Certificate, name: str, where: str, score: str) -> Note:
    if found.doubt:
        return refused(f"the {name} {found.doubt}")
    return Note(
        "estimate.certified",
        f"the {name} is lower {where}, near and far, and a look at its values alone, without the "
        f"{score}, gives the same maximum to {found.digits} digits",
    )


def refused(reason: str) -> Note:
    return Note("estimate.not_certified", f"not certified: {reason}")


def all_certified(notes: Iterable[Note], text: str) -> Note:
    """The first of several looks that fails, or what they say together."""
    failed = (note for note in notes if note.id != "estimate.certified")
    return next(failed, Note("estimate.certified", text))
