"""What sign stands between two neighbours: 2θ, 2·height, k log θ, k·θ, W x, and = or ≈.

Like the brackets, these are the same in every notation; a printer only spells the sign.
"""

from __future__ import annotations

from enum import Enum, auto

from mlcalc.maths.printing import letters, rules
from mlcalc.maths.printing.rules import Form
from mlcalc.maths.tree import (
    Call,
    Decimal,
    Derivative,
    Div,
    Expr,
    Indexed,
    Matrix,
    Number,
    Pow,
    Symbol,
)


class Joint(Enum):
    """What stands between two factors."""

    TIMES = auto()
    WIDE_TIMES = auto()
    JUXTAPOSED = auto()
    SPACE = auto()


def joint(left: Expr, right: Expr, form: Form) -> Joint:
    """2θ, k log θ, k·θ: how two neighbours in a product are joined."""
    if form.source:
        return Joint.TIMES
    if isinstance(left, Derivative) or isinstance(right, Derivative):
        return Joint.WIDE_TIMES
    if _counts(left, form) and _starts_with_letter(right, form):
        return Joint.JUXTAPOSED
    if isinstance(right, Call) and right.name in rules.NAMED:
        apart = form.fractions_close or not (isinstance(left, Div) or rules.is_fraction(left, form))
        named = isinstance(left, Call) and left.name in rules.NAMED
        return Joint.SPACE if apart and not named else Joint.TIMES
    return Joint.TIMES


def matrix_joint(left: Expr, right: Expr) -> Joint:
    """Matrices stand side by side, but two literal ones or a number take a dot: W x, 2·3."""
    numbers = isinstance(left, Number | Decimal) or isinstance(right, Number | Decimal)
    literal = isinstance(left, Matrix) and isinstance(right, Matrix)
    return Joint.TIMES if numbers else Joint.WIDE_TIMES if literal else Joint.SPACE


def _counts(expr: Expr, form: Form) -> bool:
    """A number that may stand right before a letter: digits, or p/q."""
    if not isinstance(expr, Number | Decimal):
        return False
    shown = form.numeral(expr)
    return shown.plain or bool(shown.divisor)


def _starts_with_letter(expr: Expr, form: Form) -> bool:
    start = expr.base if isinstance(expr, Pow) else expr
    letter = start
    while isinstance(letter, Indexed):
        letter = letter.base
    if not isinstance(letter, Symbol):
        return False
    if form.ascii and letter.name == "e":
        return False  # 2e^3 would look like a power of ten
    # 18foot_size would look like one name.
    shown = letters.letter(letters.variance_root(letter.name) or letter.name)
    return len(shown.rstrip("0123456789")) == 1


def relation_shown(relation: str, right: Expr, form: Form) -> str:
    """The relation that is true of what is shown: "=" becomes "~=" where digits are dropped."""
    return "~=" if relation == "=" and form.drops_digits(right) else relation
