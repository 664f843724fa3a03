"""The logarithm of a density as a sum of terms c·g(θ)·T(x), and what the terms add up to.

log ∏ f = Σ log f, log a^b = b·log a and log e^u = u, read on the tree: nothing is simplified
that a teacher would not simplify.  Summed over the data, a term without x is counted n times and
T(x) becomes Σ T(xᵢ); terms with the same g(θ) are one term.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from mlcalc.estimation.letters import N, X
from mlcalc.maths.calculus import NotPolynomial, coefficients, generator_of, signed
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import EvaluationError, Scalar, log
from mlcalc.maths.numerics.polynomials import polynomial
from mlcalc.maths.records import Record
from mlcalc.maths.tree import (
    Add,
    Call,
    Div,
    Expr,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
    call,
    free_symbols,
    joined,
    map_parts,
    shown,
    spread,
    substitute,
    walk,
)

ONE = Number(Fraction(1))
NOTHING: Mapping[Symbol, Scalar] = MappingProxyType({})
Letter = Callable[[Expr], Symbol]
"""Gives the letter that stands for Σ T(xᵢ)."""


class Term(Record):
    """c·g(θ): `function` depends on the parameter, `coefficient` does not."""

    coefficient: Expr
    function: Expr

    @property
    def written(self) -> Expr:
        return scaled(self.coefficient, self.function)


def log_of(density: Expr) -> list[Expr]:
    """The additive terms of the logarithm of a product."""
    match density:
        case Mul(factors):
            return [term for factor in factors for term in log_of(factor)]
        case Div(numerator, denominator):
            return [*log_of(numerator), *map(negated, log_of(denominator))]
        case Pow(Symbol("e"), exponent):
            return addends(exponent)
        case Pow(base, exponent):
            return [scaled(exponent, term) for term in log_of(base)]
        case Call("exp", (inside,), ()):
            return addends(inside)
        case Call("sqrt", (inside,), ()):
            return [term / 2 for term in log_of(inside)]
        case Number(value) if value == 1:
            return []
        case _:
            return [call("log", density)]


def addends(expression: Expr) -> list[Expr]:
    """The terms of a sum, signs taken inside."""
    match expression:
        case Add(terms):
            return [addend for term in terms for addend in addends(term)]
        case Neg(operand):
            return list(map(negated, addends(operand)))
        case _:
            return [expression]


def negated(expression: Expr) -> Expr:
    match expression:
        case Neg(operand):
            return operand
        case Number(value) if value < 0:
            return Number(-value)
        case _:
            return Neg(expression)


def scaled(coefficient: Expr, function: Expr) -> Expr:
    """coefficient·function as it is written: 9/θ for 9·(1/θ), −nλ for (−n)·λ, θ for 1·θ."""
    number = exact(coefficient)
    if number is not None and not isinstance(coefficient, Number):
        coefficient = Number(number)
    if isinstance(function, Neg):
        return negated(scaled(coefficient, function.operand))
    match coefficient:
        case Neg(operand):
            return negated(scaled(operand, function))
        case Number(value) if value < 0:
            return negated(scaled(Number(-value), function))
        case Number(value) if value == 1:
            return function
        case Div(Number(value), denominator) if value == 1 and not isinstance(function, Div):
            return function / denominator
    match function:
        case Number(value) if value == 1:
            return coefficient
        case Number(value) if value < 0:
            return negated(scaled(coefficient, Number(-value)))
        case Div(numerator, denominator):
            return scaled(coefficient, numerator) / denominator
        case Mul(factors):
            return Mul((*spread(Mul, coefficient), *factors))
        case _:
            return Mul((*spread(Mul, coefficient), function))


def total(terms: Iterable[Expr]) -> Expr:
    """The sum as it is written; −(a + b) where every term is negative."""
    flat = [addend for term in terms for addend in addends(term)]
    flat = [term for term in flat if exact(term) != 0] or [Number(Fraction(0))]
    if len(flat) == 1:
        return flat[0]
    if all(isinstance(t, Neg) or (isinstance(t, Number) and t.value < 0) for t in flat):
        return Neg(Add(tuple(map(negated, flat))))
    return Add(tuple(signed(term) for term in flat))


def added(*terms: Expr) -> Expr:
    """The sum with its numbers added up, letters first: 2 + a − 1 as a + 1."""
    flat = [addend for term in terms for addend in addends(term)]
    values = [exact(term) for term in flat]
    constant = sum((value for value in values if value is not None), Fraction(0))
    letters = [term for term, value in zip(flat, values, strict=True) if value is None]
    return total([*letters, Number(constant)])


class Factors(Record):
    """A product apart: its sign, what is multiplied, what it is divided by."""

    negative: bool
    above: tuple[Expr, ...]
    below: tuple[Expr, ...]

    @classmethod
    def of(cls, term: Expr) -> Factors:
        match term:
            case Neg(operand):
                inner = cls.of(operand)
                return cls(not inner.negative, inner.above, inner.below)
            case Number(value) if value < 0:
                return cls(True, (Number(-value),), ())
            case Mul(factors):
                found = [cls.of(factor) for factor in factors]
                return cls(
                    sum(f.negative for f in found) % 2 == 1,
                    tuple(e for f in found for e in f.above),
                    tuple(e for f in found for e in f.below),
                )
            case Div(numerator, denominator):
                up, down = cls.of(numerator), cls.of(denominator)
                return cls(
                    up.negative != down.negative, (*up.above, *down.below), (*up.below, *down.above)
                )
            case Pow(Div() | Mul() as base, exponent):
                inner = cls.of(base)
                if not inner.negative:
                    return cls(
                        False,
                        tuple(Pow(e, exponent) for e in inner.above),
                        tuple(Pow(e, exponent) for e in inner.below),
                    )
        return cls(False, (term,), ())

    def part(self, keep: Callable[[Expr], bool]) -> Expr:
        """The product of the factors that are kept, without the sign."""
        above = [e for e in self.above if keep(e) and e != ONE]
        below = [e for e in self.below if keep(e) and e != ONE]
        top = joined(Mul, above) if above else ONE
        if not below:
            return top
        return top / joined(Mul, below)


def has(symbols: Collection[Symbol]) -> Callable[[Expr], bool]:
    return lambda expression: bool(free_symbols(expression) & set(symbols))


def split(term: Expr, parameter: Symbol) -> Term:
    """The factors with the parameter apart from those without."""
    factors = Factors.of(term)
    depends = has([parameter])
    coefficient = factors.part(lambda e: not depends(e))
    return Term(negated(coefficient) if factors.negative else coefficient, factors.part(depends))


def collected(terms: Iterable[Expr], parameter: Symbol) -> list[Term]:
    """The terms that depend on the parameter, those with the same function added up."""
    found: dict[Expr, list[Expr]] = {}
    for term in terms:
        for addend in addends(term):
            apart = split(addend, parameter)
            if apart.function != ONE:
                found.setdefault(apart.function, []).append(apart.coefficient)
    return [Term(total(coefficients), function) for function, coefficients in found.items()]


def over_data(
    terms: Iterable[Expr], unknown: Collection[Symbol], letter: Letter
) -> tuple[list[Expr], bool]:
    """Σᵢ of the terms of a log-density, without those that have no unknown; whether any had none.

    A factor in which x and a parameter are mixed, such as (x − μ)², is summed as it stands.
    """
    summed: list[Expr] = []
    dropped = False
    for term in terms:
        if not free_symbols(term) & set(unknown):
            dropped = True
            continue
        factors = Factors.of(term)
        of_x = factors.part(has([X]))
        rest = factors.part(lambda e: not has([X])(e))
        if has(unknown)(of_x):
            piece = scaled(letter(of_x), rest) if rest != ONE else letter(of_x)
        else:
            piece = scaled(sum_of(of_x, letter), rest)
        summed.append(negated(piece) if factors.negative else piece)
    return summed, dropped


def sum_of(expression: Expr, letter: Letter) -> Expr:
    """Σᵢ of an expression in x alone: n for 1, n − Σ xᵢ for 1 − x."""

    def one(addend: Expr) -> Expr:
        apart = split(addend, X)
        return scaled(apart.coefficient, N if apart.function == ONE else letter(apart.function))

    return total(map(one, addends(expression)))


def in_parameter(
    terms: Iterable[Expr], mixed: Mapping[Expr, Symbol], parameter: Symbol, letter: Letter
) -> list[Expr]:
    """The terms with each Σ T(xᵢ, θ) multiplied out in powers of the parameter.

    `mixed` holds the sums so far.  Raises `NotPolynomial` where T is no polynomial in it.
    """
    expanded: list[Expr] = []
    inner = {s: t for t, s in mixed.items() if parameter in free_symbols(t)}
    for term in terms:
        found = [symbol for symbol in free_symbols(term) if symbol in inner]
        if not found:
            expanded.append(term)
            continue
        apart = split(term, found[0])
        for power, coefficient in enumerate(coefficients(inner[found[0]], parameter)):
            if exact(coefficient) == 0:
                continue
            summed = sum_of(coefficient, letter)
            theta: Expr = ONE if power == 0 else parameter if power == 1 else parameter**power
            expanded.append(scaled(apart.coefficient, scaled(summed, theta)))
    return expanded


@lru_cache(maxsize=256)
def logarithm(density: Expr) -> tuple[Expr, ...]:
    """The terms of the logarithm, found once for all observations."""
    return tuple(log_of(density))


def log_density(density: Expr, x: Scalar, known: Mapping[Symbol, Scalar] = NOTHING) -> Scalar:
    """log p(x), term by term so that small densities do not underflow; −∞ where p(x) is 0."""
    at = {**known, X: x}
    try:
        return sum((scalar(term, at) for term in logarithm(density)), Fraction(0))
    except EvaluationError:
        value = scalar(density, at)
        return log(value) if value != 0 else -math.inf


def log_densities(
    density: Expr, observations: Iterable[Scalar], known: Mapping[Symbol, Scalar]
) -> list[Scalar]:
    """log p(x) of each; what has no x in it is computed once."""
    terms: list[tuple[Expr, bool]] | None = None
    with suppress(EvaluationError):
        terms = [(of_x(t, known), free_symbols(t) == {X}) for t in logarithm(density)]

    def one(x: Scalar) -> Scalar:
        is_exact = isinstance(x, Fraction)  # a real that is rounded is not told from another
        if terms is not None:
            with suppress(EvaluationError):
                values = (at(t, x) if own and is_exact else scalar(t, {X: x}) for t, own in terms)
                return sum(values, Fraction(0))
        return log_density(density, x, known)

    return list(map(one, observations))


def of_x(expression: Expr, known: Mapping[Symbol, Scalar]) -> Expr:
    """The expression with numbers for all that is not in x."""
    letters = free_symbols(expression)
    if X not in letters:
        return shown(scalar(expression, known))
    return map_parts(expression, lambda part: of_x(part, known)) if letters > {X} else expression


@lru_cache(maxsize=4096)
def at(term: Expr, x: Scalar) -> Scalar:
    """A term that has no letter but x, such as log(x!): its observations come again."""
    return scalar(term, {X: x})


def numbers_in(values: Mapping[Expr, Expr]) -> dict[Symbol, Scalar]:
    """The letters with a number."""
    return {
        letter: scalar(value)
        for letter, value in values.items()
        if isinstance(letter, Symbol) and not free_symbols(value)
    }


def natural_range(density: Expr, parameter: Symbol) -> tuple[str, str]:
    """Where the logarithms of a density have a value: θ > 0 for log θ, θ < 1 for log(1 − θ).

    What the gamma and the beta function are taken of is above 0 too.
    """
    low, high = Fraction(0), Fraction(0)
    bounded = [False, False]
    for term in log_of(density):
        for argument in above_zero(term):
            for is_low, end in ends_of(argument, parameter):
                if is_low:
                    low, bounded[0] = (max(low, end) if bounded[0] else end), True
                else:
                    high, bounded[1] = (min(high, end) if bounded[1] else end), True
    return str(low) if bounded[0] else "-inf", str(high) if bounded[1] else "inf"


def ends_of(argument: Expr, parameter: Symbol) -> list[tuple[bool, Fraction]]:
    """Where a + bθ, a parabola that opens down, or 1 − e^(−θ) is 0; whether from there on up."""
    letters = free_symbols(argument)
    if parameter not in letters or is_mixed(argument, parameter, letters - {parameter}):
        return []
    try:
        powers = [exact(c) for c in coefficients(argument, parameter)]
    except EvaluationError:
        return []
    except NotPolynomial:
        return end_of_exponential(argument, parameter)
    known = [power for power in powers if power is not None]
    if len(known) < len(powers) or len(known) not in (2, 3) or not known[-1]:
        return []
    if len(known) == 2:
        return [(known[1] > 0, -known[0] / known[1])]
    root = scalar(call("sqrt", Number(max(known[1] ** 2 - 4 * known[2] * known[0], Fraction(0)))))
    if known[2] > 0 or not root or not isinstance(root, Fraction):
        return []
    first, second = (-known[1] + root) / (2 * known[2]), (-known[1] - root) / (2 * known[2])
    return [(True, first), (False, second)]


def is_mixed(argument: Expr, parameter: Symbol, others: Collection[Symbol]) -> bool:
    """Whether it is seen that a coefficient of the parameter hangs on another letter."""
    found = {
        polynomial(argument, parameter, dict.fromkeys(others, Fraction(*place)))
        for place in ((355, 113), (577, 408))
    }
    return bool(others) and None not in found and len(found) > 1


def end_of_exponential(argument: Expr, parameter: Symbol) -> list[tuple[bool, Fraction]]:
    try:
        found = generator_of(argument, parameter)
    except (EvaluationError, TypeError):
        return []
    if found is None or len(found[1]) != 2 or not isinstance(found[0], Call):
        return []
    (inside,) = found[0].arguments
    powers = [exact(power) for power in found[1]]
    if found[0].name != "exp" or powers[0] is None or powers[1] is None or powers[0] != -powers[1]:
        return []
    slope = exact(coefficients(inside, parameter)[1])
    return [] if not slope else [(powers[1] * slope > 0, Fraction(0))]


def above_zero(expression: Expr) -> Iterator[Expr]:
    """The arguments of the functions that are taken of numbers above 0."""
    for node in walk(expression):
        if isinstance(node, Call) and node.name in ("log", "gamma_function", "beta_function"):
            yield from node.arguments


def neat(expression: Expr) -> Expr:
    """The expression without + 0, · 1 and log 1, and with numbers before letters in products."""
    match map_parts(expression, neat):
        case Add(terms):
            return total(terms)
        case Mul(factors):
            number = ONE.value
            rest: list[Expr] = []
            for factor in factors:
                value = exact(factor) if isinstance(factor, Number) else None
                number, rest = (
                    (number * value, rest) if value is not None else (number, [*rest, factor])
                )
            if not rest or number == 0:
                return Number(number)
            product = joined(Mul, rest)
            return scaled(Number(number), product)
        case Neg(operand):
            return negated(operand)
        case Div(Neg(Number(value)) | Number(value), _) as quotient if value == 0:
            return quotient.numerator
        case Div(numerator, Number(value)) if value == 1:
            return numerator
        case Call("log", (Number(value),), ()) if value == 1:
            return Number(Fraction(0))
        case Pow(base, Number(value)) if value == 1:
            return base
        case other:
            return other


def renamed(formula: Expr, names: Mapping[str, Expr]) -> Expr:
    """The formula with its letters replaced."""
    return substitute(formula, {Symbol.named(name): value for name, value in names.items()})
