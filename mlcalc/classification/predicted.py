"""The predicted class as an answer: one of the classes, or all of those that tie."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.classification import letters
from mlcalc.derivation import Answer
from mlcalc.maths.tree import Expr, Words


def predicted(best: Sequence[str]) -> Expr:
    """The class of the highest score, or those that share it, as it is printed."""
    return letters.word(best[0]) if len(best) == 1 else Words(" or ".join(best))


def prediction_answer(best: Sequence[str], classes: Sequence[str]) -> Answer:
    """At an exact tie each of the `best` is right, and so are all of them."""
    value = " or ".join(best)
    return Answer("prediction", value, predicted(best), letters.Y_HAT, choices=tuple(classes))
