"""Logarithms of the outputs of a softmax or a sigmoid, taken from its logits where they are large.

There an output is so near 0 or 1 that its own digits are lost.
"""

from __future__ import annotations

from fractions import Fraction

from mlcalc.maths.functions import Scalar, plus, to_float
from mlcalc.maths.tree import Expr, Mul, Neg, call
from mlcalc.maths.vectors import Write, added
from mlcalc.networks.activations import is_shifted

COMBINED = {
    ("cross-entropy", "softmax"): "softmax and cross-entropy together have the gradient y − t: "
    "the 1/y of the logarithm cancels against the y of the softmax",
    ("binary-cross-entropy", "sigmoid"): "sigmoid and binary cross-entropy together have the "
    "gradient y − t: the y(1 − y) of the sigmoid cancels against that of the logarithms",
}
"""The pairs of a loss and an activation whose gradient at the logits is simpler than its parts."""

SATURATED = 9
"""Beyond this logit 1 − y of a sigmoid has lost too many digits to take its logarithm."""


def needs_logits(loss: str, activation: str, logits: tuple[Scalar, ...]) -> bool:
    if (loss, activation) not in COMBINED:
        return False
    if activation == "softmax":
        return is_shifted(logits)
    return any(abs(to_float(logit)) > SATURATED for logit in logits)


def from_logits(
    loss: str, logits: tuple[Scalar, ...], logit: Scalar, t: Scalar, write: Write
) -> list[Expr]:
    """t ln y by the logits o: ln y_k = o_k − m − ln Σ e^(o_j − m), m the largest.

    Of a sigmoid: ln y = min(o, 0) − ln(1 + e^(−|o|)), and ln(1 − y) the same of −o.
    """
    if loss == "cross-entropy":
        largest: Scalar = max(logits)
        rest = logged(added([call("exp", write(plus(o, -largest))) for o in logits]))
        logs = [(t, plus(logit, -largest))]
    else:  # the other pair of `COMBINED`
        assert loss == "binary-cross-entropy", loss
        rest = logged(1 + call("exp", write(min(logit, -1 * logit))))
        positive: Scalar = max(logit, Fraction(0))
        logs = [(t, plus(logit, -positive)), (1 - t, -1 * positive)]
    return [
        weighed(weight, added([write(o), Neg(rest)]), write) for weight, o in logs if weight != 0
    ]


def logged(argument: Expr) -> Expr:
    return call("ln", argument)


def weighed(weight: Scalar, log: Expr, write: Write) -> Expr:
    """t·ln y; the factor 1 is not written."""
    return log if weight == 1 else Mul((write(weight), log))
