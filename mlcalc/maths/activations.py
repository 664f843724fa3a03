"""The activation functions of networks: one record each, from which all kinds take what they need.

The records stand here because the reader must know their names; their formulas and slopes are
lines of text as they stand on the board.  A new activation is an entry of `ACTIVATIONS`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mlcalc.maths.records import Record
from mlcalc.maths.tree import Cases, Expr, Symbol

if TYPE_CHECKING:  # it takes its closed list of functions from here
    from mlcalc.maths.functions import Scalar

Z, H = Symbol("z"), Symbol("h")


class Activation(Record):
    """What an activation f is: its formula in z, and its slope f′ in z and h = f(z).

    Without a formula it is one of the whole vector, and has working of its own.
    """

    meaning: str
    formula: str = ""
    slope: str = ""
    synonyms: tuple[str, ...] = ()
    rounded_slope: str = ""
    """The slope where z and h are floats, if `slope` would lose their digits."""
    convention: tuple[str, str] | None = None
    """A choice that books make differently: the id of its note, and its words."""
    kink: str = ""
    """The slope that is taken at 0, where f has a kink there."""
    steepest: str = ""
    """The largest slope (of a vector the largest stretch); nothing where none is known."""
    saturates: bool = False
    """Whether the slope dies away far from 0 without ever being 0."""
    threshold: str = ""
    """From which output on a unit says 1; nothing where it does not decide."""

    @property
    def gradient(self) -> Expr:
        """The slope as a formula in z and h.  Raises `LookupError` where there is none."""
        return line(self.slope)

    @property
    def is_flat(self) -> bool:
        """Whether the slope is 0 wherever there is one."""
        return self.slope == "0"

    @property
    def is_in_parts(self) -> bool:
        """Whether the slope has one formula here and another there."""
        return isinstance(self.gradient, Cases)

    def value(self, z: Scalar) -> Scalar:
        """f(z), by the formula."""
        from mlcalc.maths.evaluate import scalar

        return scalar(line(self.formula), {Z: z})

    def slope_at(self, z: Scalar, h: Scalar) -> Scalar:
        """f′(z), where h = f(z)."""
        from mlcalc.maths.evaluate import scalar
        from mlcalc.maths.functions import has_digits

        text = self.slope if has_digits(h) else self.rounded_slope or self.slope
        return scalar(line(text), {Z: z, H: h})


@lru_cache
def line(text: str) -> Expr:
    """A line of a record as notation."""
    from mlcalc.maths.reader import read

    if not text:
        raise LookupError("an activation of a whole vector has no formula for one number")
    return read(text)


ACTIVATIONS: dict[str, Activation] = {
    "identity": Activation(
        "f(z) = z", "z", "1", synonyms=("linear", "none"), steepest="1",
    ),
    "step": Activation(
        "1 where z ≥ 0, else 0", "cases(1, z >= 0, 0)", "0",
        synonyms=("threshold", "heaviside"), threshold="1/2",
        convention=("activation.step_at_zero", "the step function is 1 at 0"),
    ),
    "sign": Activation(
        "1 where z ≥ 0, else −1", "cases(1, z >= 0, -1)", "0", threshold="0",
        convention=("activation.sign_at_zero", "the sign function is 1 at 0"),
    ),
    "sigmoid": Activation(
        "1/(1 + e^(−z))", "1/(1 + exp(-z))", "h*(1 - h)", rounded_slope="h*sigmoid(-z)",
        synonyms=("logistic",), steepest="1/4", saturates=True, threshold="1/2",
    ),
    "tanh": Activation(
        "hyperbolic tangent", "(exp(z) - exp(-z))/(exp(z) + exp(-z))", "1 - h^2",
        rounded_slope="4*sigmoid(2*z)*sigmoid(-2*z)",
        synonyms=("hyperbolic-tangent",), steepest="1", saturates=True, threshold="0",
    ),
    "relu": Activation(
        "max(0, z)", "max(0, z)", "cases(1, z > 0, 0)",
        synonyms=("ReLU",), kink="0", steepest="1",
    ),
    "leaky-relu": Activation(
        "z where z > 0, else 0.01 z", "cases(z, z > 0, 0.01*z)", "cases(1, z > 0, 0.01)",
        synonyms=("leakyrelu",), kink="0.01", steepest="1",
        convention=("activation.leaky_slope", "the leaky ReLU's slope below 0 is 0.01"),
    ),
    "softmax": Activation("e^(z_i) over the sum of all e^(z_j)", steepest="1/2"),
}  # fmt: skip


def function_name(word: str) -> str:
    """The activation as the reader spells it in a formula: leaky_relu."""
    return word.replace("-", "_")


def entrywise() -> dict[str, Activation]:
    """Those of one number, by the names of their functions."""
    return {function_name(word): one for word, one in ACTIVATIONS.items() if one.formula}
