"""The derivative of each loss in one output, with numbers and in letters."""

from __future__ import annotations

from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import Cases, Chain, Div, Expr, Hadamard, Mul, Neg, wrap
from mlcalc.maths.vectors import NamedVector, Write


def slope(loss: str, at: Scalar, wanted: Scalar, count: int, write: Write) -> Expr:
    """The derivative in the output `at`, one of `count`, with its numbers."""
    y, t = write(at), write(wanted)
    match loss:
        case "cross-entropy" if wanted == 0:
            return wrap(0)
        case "hinge":
            return write(-wanted) if wanted * at < 1 else wrap(0)
        case "binary-cross-entropy":
            return Div(y - t, Mul((y, 1 - y)))
        case _:
            return smooth(loss, y, t, count)


def slope_in_letters(loss: str, output: NamedVector, wanted: NamedVector) -> Expr | None:
    """The same by the names of the vectors; None of a hinge loss of several outputs."""
    y, t = output.name, wanted.name
    match loss:
        case "binary-cross-entropy":
            product = Mul((y, 1 - y)) if output.is_number else Hadamard((y, 1 - y))
            return Div(y - t, product)
        case "hinge" if output.is_number:
            where = Chain(Mul((t, y)), (("<", wrap(1)),))
            return Cases(((Neg(t), where), (wrap(0), None)))
        case "hinge":
            return None
        case _:
            return smooth(loss, y, t, len(output.values))


def smooth(loss: str, y: Expr, t: Expr, count: int) -> Expr:
    """What is written alike of a number and of a vector."""
    match loss:
        case "half-squared-error":
            return y - t
        case "mean-squared-error" if count > 1:
            return Mul((Div(wrap(2), wrap(count)), y - t))
        case "cross-entropy":
            return Neg(Div(t, y))
        case "squared-error" | "mean-squared-error":
            return 2 * (y - t)
        case _:
            raise LookupError(f"no slope is known of the loss {loss}")
