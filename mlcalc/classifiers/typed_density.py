"""Class-conditional densities as they were typed, in pieces on which each is one smooth formula."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import Any, TypeGuard

from mlcalc.classifiers.density_polynomials import sign_changes
from mlcalc.classifiers.gaussian import normal_with
from mlcalc.classifiers.polynomial import place_between
from mlcalc.classifiers.question import Question
from mlcalc.estimation.distributions import FAMILIES
from mlcalc.estimation.family import Family
from mlcalc.estimation.letters import CONSTANT_LETTERS, X
from mlcalc.estimation.model import with_names
from mlcalc.estimation.quantities import versions_of
from mlcalc.estimation.regions import Region, region
from mlcalc.estimation.spelled import NamedOrFormula
from mlcalc.estimation.stated import Branch, statement, symbols
from mlcalc.estimation.stated_prior import is_distribution
from mlcalc.estimation.terms import renamed
from mlcalc.files.document import Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import entries_of, formula, is_mapping, is_single
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import DISTRIBUTIONS, EvaluationError, Scalar
from mlcalc.maths.near import closest
from mlcalc.maths.numerics.polynomials import polynomial
from mlcalc.maths.reader import read
from mlcalc.maths.records import Record
from mlcalc.maths.tree import (
    Add,
    Call,
    Cases,
    Div,
    Expr,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
    free_symbols,
    joined,
    map_parts,
    shown,
    substitute,
    walk,
    wrap,
)
from mlcalc.maths.vectors import minus

Fault = Callable[[str], Invalid]
CHOICES = ("max", "min")


class NotRead(Exception):
    """The kinks of a formula are not found."""


class Piece(Record):
    """One formula between two ends; `below` is its distribution function, where one is known."""

    low: Scalar
    high: Scalar
    formula: Expr
    below: Expr | None = None


class Density(Record):
    """A density of one feature in one class: as it is written, and its pieces in order."""

    x: Symbol
    written: Expr
    pieces: tuple[Piece, ...]

    @property
    def is_formula(self) -> bool:
        """Whether it was typed as a formula, and not as a distribution by name."""
        return not (isinstance(self.written, Call) and self.written.name in DISTRIBUTIONS)

    def at(self, place: Scalar) -> Scalar:
        """The value, 0 outside of the support."""
        for piece in self.pieces:
            if piece.low <= place <= piece.high:
                return value_at(piece.formula, self.x, place)
        return Fraction(0)

    def formula_at(self, place: Scalar) -> Expr:
        """The formula that holds there, 0 outside of the support."""
        piece = next((p for p in self.pieces if p.low <= place <= p.high), None)
        return wrap(0) if piece is None else piece.formula

    @property
    def ends(self) -> Iterator[Scalar]:
        for piece in self.pieces:
            yield piece.low
            yield piece.high

    def piece_over(self, low: Scalar, high: Scalar) -> Piece | None:
        """The piece that covers an interval between two neighbouring ends."""
        return next((p for p in self.pieces if p.low <= low and high <= p.high), None)


def tidied(expression: Expr) -> Expr:
    """The formula of a family with numbers in: e^(−x) for 1·e^(−1x), x for x − 0."""
    found = map_parts(expression, tidied)
    value = None if free_symbols(found) else exact(found)
    if value is not None:
        return Neg(Number(-value)) if value < 0 else Number(value)
    match found:
        case Mul(factors):
            kept = tuple(f for f in factors if exact(f) != 1)
            if isinstance(kept[0], Neg):
                return Neg(tidied(Mul((kept[0].operand, *kept[1:]))))
            return joined(Mul, kept)
        case Add(terms):
            kept = tuple(minus(t) for t in terms if exact(t) != 0)
            kept = tuple(t.operand.operand if is_twice_negative(t) else t for t in kept)
            return joined(Add, kept)
        case Pow(base, exponent) if exact(exponent) == 1:
            return base
        case Neg(Neg(operand)):
            return operand
        case Div(top, bottom) if exact(bottom) == 1:
            return top
        case Div(Neg(top), bottom):
            return Neg(top / bottom)
    return found


def is_twice_negative(term: Expr) -> TypeGuard[Any]:
    return isinstance(term, Neg) and isinstance(term.operand, Neg)


def shortly(value: Scalar) -> str:
    return str(value) if isinstance(value, Fraction) else f"{value:.5g}"


def place_at(low: float, high: float, t: float) -> float:
    """The place at the share t of an interval; of an infinite one most are not far out."""
    if math.isfinite(low) and math.isfinite(high):
        return low + (high - low) * t
    if math.isfinite(low):
        return low + t / (1 - t)
    if math.isfinite(high):
        return high - t / (1 - t)
    return (2 * t - 1) / (t * (1 - t))


def value_at(formula: Expr, x: Symbol, place: Scalar) -> Scalar:
    """A formula's value, nan where it has none."""
    try:
        return scalar(formula, {x: place})
    except EvaluationError:
        return math.nan


def density_from(given: Question, label: Text, name: Text, raw: Raw, x: Symbol) -> Density:
    """A formula in the feature (or in x), or a distribution by name.

    Raises `Invalid` where it is neither.
    """

    def fault(message: str) -> Invalid:
        return Invalid.at(message, raw.place)

    if isinstance(raw, Text) and is_distribution(raw):
        found = NamedOrFormula().read(raw)
        if isinstance(found, Call) and found.name in DISTRIBUTIONS:
            return named(found, x, fault)
    stated = statement(raw)
    own = next(iter(symbols(stated.head.of)), x) if stated.head else x
    if stated.is_plain:
        found = NamedOrFormula().read(raw)
        if isinstance(found, Symbol) and found != x and found != X:
            hint = closest(found.spelled, DISTRIBUTIONS) or "; write a formula such as 2*x"
            raise fault(f"'{found.spelled}' is no density{hint}")
    formulas = [in_feature(branch.value, name, own, x, raw) for branch in stated.branches]
    ends = [limits_of(given, branch, (own, x, X), label, fault) for branch in stated.branches]
    pairs = sorted(zip(ends, formulas, strict=True), key=lambda pair: pair[0])
    if any(one[1] > other[0] for (one, _), (other, _) in pairwise(pairs)):
        raise fault("two formulas hold at one x here: their ranges must not overlap")
    try:
        pieces = [piece for (low, high), found in pairs for piece in pieces_of(found, x, low, high)]
    except NotRead as error:
        raise fault(str(error)) from None
    tests = [Region(None, shown(one[0]), shown(one[1]), "()").chain(x) for one, _ in pairs]
    whole = Cases(tuple((found, test) for (_, found), test in zip(pairs, tests, strict=True)))
    return Density(x, pairs[0][1] if len(pairs) == 1 else whole, tuple(pieces))


def in_feature(value: Text, name: Text, own: Symbol, x: Symbol, raw: Raw) -> Expr:
    """A formula in the letter of the feature, whatever letter it was typed in."""
    found = formula(value, "a density")
    if not is_single(found):
        message = f"expected a formula in {name.value} or a distribution, not '{written(raw)}'"
        raise Invalid.at(message, raw.place)
    if x not in free_symbols(found):
        found = substitute(found, {own if own in free_symbols(found) else X: x})
    others = free_symbols(found) - {x} - CONSTANT_LETTERS
    if others:
        letter = min(symbol.spelled for symbol in others)
        message = f"the letter {letter} has no value: a density is a formula in {name.value}"
        raise Invalid.at(message, raw.place)
    return found


def limits_of(
    given: Question, branch: Branch, letters: Sequence[Symbol], label: Text, fault: Fault
) -> tuple[Scalar, Scalar]:
    """Where a formula is not zero: as it stands behind it, or by the field."""
    said = [region(text, letters) for text in branch.conditions]
    if any(one.letter not in (None, *letters) for one in said):
        raise fault("the condition of a density is about its own letter")
    if not said:
        return support_of(given, label.value)
    if given.support is not None:
        raise given.fault("the support stands behind the density: give it once", Question.support)
    try:
        return ends_of(reduce(Region.within, said), fault)
    except ValueError:
        raise fault("these conditions do not fit together") from None


def support_of(given: Question, label: str) -> tuple[Scalar, Scalar]:
    """Where the formulas are not zero: one range, or one for each class."""
    if given.support is None:
        return -math.inf, math.inf
    raw = given.support
    if is_mapping(raw):
        found = entries_of(raw, "spam: 0 < x < 1").get(label)
        if found is None:
            raise given.fault(f"class {label} has no support", Question.support)
        raw = found
    text = raw if isinstance(raw, Text) else Text(written(raw), raw.place, exact=False)

    def fault(message: str) -> Invalid:
        return given.fault(message, Question.support)

    return ends_of(region(text), fault)


def ends_of(found: Region, fault: Fault) -> tuple[Scalar, Scalar]:
    low, high = found.limits
    if low is None or high is None:
        raise fault("the ends of a support are numbers")
    if found.whole or found.values:
        raise fault("a density is one of all numbers in a range, such as 0 < x < 1")
    if not low < high:
        raise fault("the lower end of a support is below its upper end")
    return low, high


def named(found: Call, x: Symbol, fault: Fault) -> Density:
    """A distribution by name, its parameters put in."""
    if found.name == "normal":
        normal = normal_with(found, fault)
        if exact(normal.mean) is None or exact(normal.variance) is None:
            raise fault("the parameters of normal must be numbers here")
        family, values = FAMILIES["normal"], {"mu": normal.mean, "sigma2": normal.variance}
    else:
        family, values = parameters(found, fault)
    ends = family.ends or (family.support.low, family.support.high)
    low, high = (scalar(renamed(read(end), values)) for end in ends)
    if not low < high:
        raise fault(f"{family.name}({', '.join(ends)}) needs {ends[0]} below {ends[1]}")
    density = tidied(renamed(family.formula, {**values, "x": x}))
    tails = family.tails
    below = None if tails is None else tidied(renamed(read(tails[0]), {**values, "x": x}))
    pieces = tuple(Piece(p.low, p.high, p.formula, below) for p in pieces_of(density, x, low, high))
    return Density(x, found, pieces)


def parameters(found: Call, fault: Fault) -> tuple[Family, dict[str, Expr]]:
    """The family in the parameterisation that was typed, and its parameters."""
    own = FAMILIES.get(found.name)
    versions = [] if own is None else versions_of(found.name)
    if own is not None and own.ends and own.others:
        versions = list(own.others)  # both ends are given
    versions = [v for v in versions if v.density and not v.support.whole]
    if own is None or not versions:
        raise fault(f"{found.name} has no density of one real number")
    first = versions[0]
    order = own.orders[0] if own.orders else (*first.parameters, *first.known)
    is_in_order = first.prior is not None and first.prior.in_order
    names = ("…" if is_in_order else f"{name}=…" for name in order)
    usage = f"{found.name}({', '.join(names)})"
    if found.arguments:
        found = with_names(found, fault)
    given = dict(found.keywords)
    own_words = {w: q.formula for q in first.quantities if q.formula in first.parameters
                 for w in q.words}  # fmt: skip
    given = {own_words.get(name, name): value for name, value in given.items()}
    family = next((v for v in versions if {*v.parameters, *v.known} == set(given)), None)
    if family is None:
        raise fault(f"{found.name} needs its parameters: write {usage}")
    for name, value in given.items():
        number = exact(value)
        if number is None:
            raise fault(f"{name} must be a number here")
        if number <= 0 and family.parameters.get(name, ("0",))[0] == "0":
            raise fault(f"{name} must be above 0, not {number}")
    return family, given


def pieces_of(formula: Expr, x: Symbol, low: Scalar, high: Scalar) -> Iterator[Piece]:
    """The formula without absolute values, maxima and minima, split where these have kinks."""
    node = next((n for n in walk(formula) if kink_of(n, x) is not None), None)
    if node is None:
        yield Piece(low, high, formula)
        return
    inside = kink_of(node, x)
    assert inside is not None
    roots = [root for root in linear_roots(inside, x) if low < root < high]
    for left, right in zip([low, *roots], [*roots, high], strict=True):
        value = value_at(inside, x, place_between(left, right))
        chosen = resolved(node, is_positive=value >= 0)
        yield from pieces_of(substitute(formula, {node: chosen}), x, left, right)


def kink_of(node: Expr, x: Symbol) -> Expr | None:
    """What changes its sign at the kink of |u|, max(u, v) or min(u, v): u, or u − v."""
    if not isinstance(node, Call) or x not in free_symbols(node):
        return None
    if node.name == "abs":
        return node.arguments[0]
    if node.name in CHOICES and len(node.arguments) == 2:
        return node.arguments[0] - node.arguments[1]
    return None


def resolved(node: Expr, is_positive: bool) -> Expr:
    assert isinstance(node, Call)
    if node.name == "abs":
        return node.arguments[0] if is_positive else Neg(node.arguments[0])
    return node.arguments[0 if is_positive == (node.name == "max") else 1]


def linear_roots(expression: Expr, x: Symbol) -> list[Scalar]:
    """The places where a polynomial changes its sign."""
    inside = expression.terms[0] if hasattr(expression, "terms") else expression
    inner = next((kink_of(n, x) for n in walk(inside) if kink_of(n, x) is not None), None)
    if inner is not None:
        raise NotRead("absolute values within absolute values are not read here")
    powers = polynomial(expression, x)
    if powers is None:
        raise NotRead("abs, max and min are read here with polynomials inside only")
    return list(sign_changes(powers))
