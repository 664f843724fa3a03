"""Where brackets stand, the same for every printer.

A node binds with a level, and the place where it stands asks for a level; below it, brackets.
A printer says only how things look.  What differs between notations (a drawn fraction needs no
brackets, 1/3 in a line does) is told by its `Form`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, auto
from types import MappingProxyType

from mlcalc.maths.printing.letters import variance_root
from mlcalc.maths.printing.numerals import Numeral, numeral
from mlcalc.maths.printing.style import size_of
from mlcalc.maths.records import Record
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Cases,
    Chain,
    Decimal,
    Derivative,
    Div,
    Dots,
    Expr,
    Given,
    Hadamard,
    Indexed,
    Listing,
    Marked,
    MatMul,
    Matrix,
    Mul,
    Neg,
    Number,
    Pow,
    Shape,
    Symbol,
    Transpose,
    Words,
    decimals,
)


class Form(Record):
    """What a notation can do without brackets.

    `source` is text to be read back: every product has its sign, every function its brackets.
    `fractions_close`: a Div is drawn with a bar, an exponent is raised, so they delimit
    themselves; `numerals_close`: an exact number p/q is drawn so too.  `digits` as in Style,
    None for all.
    """

    digits: int | None
    more: Mapping[str, int] = MappingProxyType({})
    source: bool = False
    ascii: bool = False
    fractions_close: bool = False
    numerals_close: bool = False

    def numeral(self, number: Number | Decimal) -> Numeral:
        """What is shown for a number."""
        digits = self.digits
        if self.more and digits is not None and isinstance(number, Decimal):
            digits = max(digits, self.more.get(size_of(number), 0))
        return numeral(number, digits)

    def drops_digits(self, expr: Expr) -> bool:
        """Whether fewer digits of a Decimal are shown than its value has."""
        return self.digits is not None and any(
            not self.numeral(number).exact for number in decimals(expr)
        )


class Level(IntEnum):
    """How tightly a node binds."""

    CHAIN = auto()
    GIVEN = auto()
    LISTING = auto()
    SHAPE = auto()
    SUM = auto()
    SIGNED = auto()
    PRODUCT = auto()
    QUOTIENT = auto()
    POWER = auto()
    POSTFIX = auto()
    ATOM = auto()


class Place(Record):
    """Where a node stands: the least level that needs no brackets there.

    At an `open` place nothing follows that could be taken for a part of the node, so that
    log θ and Σ xᵢ may stand there without brackets.
    """

    name: str
    least: Level
    open: bool = False


WHOLE = Place("whole", Level.CHAIN, open=True)
ARGUMENT = Place("argument", Level.CHAIN, open=True)
SIDE = Place("side of a conditioning bar", Level.CHAIN, open=True)
MEMBER = Place("member of a chain", Level.GIVEN, open=True)
FIRST_TERM = Place("first term", Level.SIGNED, open=True)
TERM = Place("term", Level.PRODUCT, open=True)
NEGATED = Place("behind a minus", Level.PRODUCT, open=True)
BODY = Place("body of a sum", Level.PRODUCT, open=True)
FIRST_FACTOR = Place("first factor", Level.QUOTIENT)
FACTOR = Place("factor", Level.POWER)
LAST_FACTOR = Place("last factor", Level.POWER, open=True)
CLOSED_NEGATED = Place("behind a minus in a numerator", Level.PRODUCT)
NUMERATOR = Place("numerator", Level.SIGNED)
DENOMINATOR = Place("denominator", Level.POWER)
BASE = Place("base", Level.ATOM)
EXPONENT = Place("exponent", Level.ATOM)
OPERAND = Place("before a postfix", Level.ATOM)

# Functions that are written without brackets before a plain argument: log θ.
NAMED = frozenset({
    "log", "ln", "log2", "log10", "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos",
    "arctan", "sinh", "cosh", "tanh",
})  # fmt: skip


_LEVELS: Mapping[type[Expr], Level] = {
    Chain: Level.CHAIN, Given: Level.GIVEN, Listing: Level.LISTING, Shape: Level.SHAPE,
    Add: Level.SUM, Neg: Level.SIGNED, Mul: Level.PRODUCT, MatMul: Level.PRODUCT,
    Pow: Level.POWER, Transpose: Level.POSTFIX, Indexed: Level.ATOM, Matrix: Level.ATOM,
    Words: Level.ATOM, Dots: Level.ATOM, Marked: Level.ATOM,
}  # fmt: skip
"""What binds alike in all notations."""


def level(expr: Expr, form: Form) -> Level:
    """How tightly a node binds in a notation."""
    fixed = _LEVELS.get(type(expr))
    return _level_in(expr, form) if fixed is None else fixed


def _level_in(expr: Expr, form: Form) -> Level:
    match expr:
        case Number() | Decimal():
            return _number_level(form.numeral(expr), form)
        case Symbol(name) if variance_root(name) is None:
            return Level.ATOM
        case Div(numerator):
            if form.fractions_close:
                return Level.POWER
            signed = level(numerator, form) is Level.SIGNED  # −n/θ², not (−n)/θ²
            return Level.SIGNED if signed else Level.QUOTIENT
        case Cases() if form.fractions_close:
            return Level.SHAPE
        case Hadamard() | BigOp():
            return Level.ATOM if form.source else Level.PRODUCT
        case Derivative() if not form.source:
            return Level.POWER
        case Call("factorial", (_,), ()):
            return Level.POSTFIX
        case Call("exp" | "sqrt", (_,), ()) if not form.source:
            return Level.POWER
        case Symbol() if not form.source and not form.ascii:
            return Level.POWER
    return Level.ATOM


def is_number_bracketed(shown: Numeral, place: Place, form: Form) -> bool:
    """Whether a number that is shown so must be bracketed where it stands."""
    if place is NUMERATOR and shown.divisor:
        return True
    return _number_level(shown, form) < place.least


def _number_level(shown: Numeral, form: Form) -> Level:
    if shown.off is not None:
        return Level.SUM
    if shown.negative:
        return Level.SIGNED
    if shown.exponent is not None and not form.source:
        return Level.PRODUCT
    if shown.divisor:
        return Level.POWER if form.numerals_close else Level.QUOTIENT
    return Level.POSTFIX if shown.percent else Level.ATOM


def needs_brackets(expr: Expr, place: Place, form: Form) -> bool:
    """Whether a node must be bracketed where it stands."""
    if type(expr) in _OF_THEIR_OWN:
        match expr:
            case Chain(_, links) if place is ARGUMENT and form.source:
                return any(relation == "=" for relation, _ in links)  # else it reads as a keyword
            case Given() if place is SIDE:
                return True
            case Listing() if place is ARGUMENT:
                return True
            case BigOp() if not form.source:
                return not place.open
            case Derivative() if not (form.source or form.fractions_close):
                return place in (NUMERATOR, DENOMINATOR, BASE, EXPONENT, OPERAND)
            case Neg(operand) if place is NUMERATOR:
                return _parts_from_fraction(operand, form)
    if place is NUMERATOR and _parts_from_fraction(expr, form):
        return True
    return level(expr, form) < place.least


_OF_THEIR_OWN = frozenset({Chain, Given, Listing, BigOp, Derivative, Neg})
"""What may need brackets, or none, for other reasons than its level."""


def _parts_from_fraction(expr: Expr, form: Form) -> bool:
    """Only a product of numbers runs on into a fraction: a·b/c, but (a/b)/c and (A x)/n."""
    if isinstance(expr, MatMul | Hadamard):
        return level(expr, form) is Level.PRODUCT
    return isinstance(expr, Div) or is_fraction(expr, form)


def is_bare(expr: Expr, place: Place, form: Form) -> bool:
    """Whether a function is written without brackets here: log θ, but log(θ)·x."""
    if form.source or not place.open:
        return False
    match expr:
        case Call(name, (argument,), ()) if name in NAMED:
            return is_letter(argument) or is_plain_number(argument, form)
    return False


def is_letter(expr: Expr) -> bool:
    return isinstance(expr, Symbol) or (isinstance(expr, Indexed) and is_letter(expr.base))


def is_plain_number(expr: Expr, form: Form) -> bool:
    """A number that is shown as bare digits, without a sign."""
    if not isinstance(expr, Number | Decimal):
        return False
    shown = form.numeral(expr)
    return shown.plain and not shown.negative


def is_fraction(expr: Expr, form: Form) -> bool:
    return isinstance(expr, Number | Decimal) and bool(form.numeral(expr).divisor)


def factor_place(index: int, count: int, place: Place) -> Place:
    """The place of a factor in a product that itself stands at `place`."""
    if index == count - 1 and index and place.open:
        return LAST_FACTOR
    return FACTOR if index else FIRST_FACTOR
