"""The one bridge to SymPy: trees go over, calculus is done there, and trees come back.

SymPy differentiates, simplifies and finds the roots of polynomials; what is printed is always a
tree of our own, so every solver's lines look alike.  SymPy is imported when it is first needed.
No text crosses the bridge.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache, reduce, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from mlcalc.maths import known_calculus
from mlcalc.maths.functions import EvaluationError, TooLarge
from mlcalc.maths.numerics.polynomials import polynomial
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import (
    Add,
    Call,
    Decimal,
    Div,
    Expr,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
    call,
    wrap,
)

if TYPE_CHECKING:
    import sympy

P = ParamSpec("P")
T = TypeVar("T")
LARGEST_POWER = 20_000
"""Neither side of an exponent p/q is larger: SymPy's polynomials keep a place for every power."""
USUAL_POWERS = 0.001, 1000
"""Exponents between these are left to numbers where SymPy's polynomials would be too long."""

ONE, ZERO = Number(Fraction(1)), Number(Fraction(0))


class NotPolynomial(Exception):
    """An expression is no polynomial in the variable."""


class NoCalculus(EvaluationError):
    """A notation that SymPy has no counterpart for, or one of SymPy's that is none of ours."""


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """Trees are data, and one question is asked often: its answer, or its failure, is kept.

    SymPy is asked what is not known beforehand.  What it cannot do is a `NoCalculus`.
    """
    name, parameters = function.__name__, function.__code__.co_argcount
    defaults = function.__defaults__ or ()

    @lru_cache(maxsize=4096)
    def asked(*arguments: Any) -> tuple[T | None, Exception | None]:
        text = known_calculus.answers().get(known_calculus.question(name, arguments))
        if text is None:
            return by_sympy(*arguments)
        try:
            return known_calculus.answer(text), None
        except known_calculus.Fault as fault:
            return None, NotPolynomial(*fault.args)

    def by_sympy(*arguments: Any) -> tuple[T | None, Exception | None]:
        import sympy

        try:
            return cast(Callable[..., T], function)(*arguments), None
        except (sympy.PolynomialError, NotImplementedError) as error:
            return None, NoCalculus(f"there is no calculus here for this: {error}")
        except (NotPolynomial, EvaluationError) as error:
            return None, error

    @wraps(function)
    def told(*arguments: P.args, **keywords: P.kwargs) -> T:
        missing = parameters - len(arguments)
        answer, error = asked(*arguments, *defaults[len(defaults) - missing :])
        if error is not None:
            raise type(error)(*error.args)
        return cast(T, answer)

    told.cache_clear = asked.cache_clear  # type: ignore[attr-defined]
    return told


@remembered
def derivative(expression: Expr, variable: Symbol, order: int = 1) -> Expr:
    """The derivative, simplified."""
    import sympy

    # `simplify` would import SymPy's units and tensors, 0.2 s, to try what no score needs.
    there = sympy.diff(to_sympy(expression), to_sympy(variable), order)
    return from_sympy(sympy.factor(sympy.cancel(there)))


@remembered
def raw_derivative(expression: Expr, variable: Symbol, order: int = 1) -> Expr:
    """The derivative as the rules give it, not brought to one fraction.

    That is also how to compute it: multiplied out, (x − θ)² would lose digits to cancellation.
    """
    import sympy

    return from_sympy(sympy.diff(to_sympy(expression), to_sympy(variable), order))


@remembered
def simplified(expression: Expr, first: tuple[Symbol, ...] = ()) -> Expr:
    """The expression with common factors cancelled and taken out.

    `first` are the letters to begin sums with.
    """
    import sympy

    return from_sympy(sympy.factor(sympy.cancel(to_sympy(expression))), first)


@remembered
def cleared(terms: tuple[Expr, ...], variable: Symbol) -> tuple[Expr, tuple[Expr, ...]]:
    """The common denominator of the terms in the variable, and each term times it."""
    import sympy

    there = [to_sympy(term) for term in terms]
    x = to_sympy(variable)
    below = [sympy.fraction(sympy.together(t))[1].as_independent(x, as_Add=False)[1] for t in there]
    denominator = positive_below(1, sympy.factor(reduce(sympy.lcm, below, sympy.Integer(1))))[1]
    return from_sympy(denominator), tuple(from_sympy(sympy.cancel(t * denominator)) for t in there)


@remembered
def denominator_of(expression: Expr, positive: frozenset[Symbol]) -> Expr:
    """The factors below the bar that are numbers or powers of the positive letters."""
    import sympy

    letters = {to_sympy(symbol) for symbol in positive}
    below = sympy.factor(sympy.fraction(sympy.together(to_sympy(expression)))[1])
    kept = [f for f in sympy.Mul.make_args(below) if f.free_symbols <= letters]
    return from_sympy(abs(sympy.Mul(*(f for f in kept if f.is_number))) *
                      sympy.Mul(*(f for f in kept if f.as_base_exp()[0].is_Symbol)))  # fmt: skip


@remembered
def common_multiple(left: Expr, right: Expr) -> Expr:
    import sympy

    return from_sympy(sympy.lcm(to_sympy(left), to_sympy(right)))


def coefficients(expression: Expr, variable: Symbol) -> tuple[Expr, ...]:
    """The coefficients of a polynomial in the variable, constant term first."""
    exact = polynomial(expression, variable)
    if exact is not None:
        return tuple(map(Number, exact))
    return coefficients_in_letters(expression, variable)


@remembered
def coefficients_in_letters(expression: Expr, variable: Symbol) -> tuple[Expr, ...]:
    import sympy

    try:
        poly = sympy.Poly(sympy.expand(to_sympy(expression)), to_sympy(variable))
    except sympy.PolynomialError as error:
        raise NotPolynomial(str(error)) from error
    if any(c.has(to_sympy(variable)) for c in poly.all_coeffs()):
        raise NotPolynomial("the variable stands inside a function")
    return tuple(from_sympy(c) for c in reversed(poly.all_coeffs()))


@remembered
def generator_of(expression: Expr, variable: Symbol) -> tuple[Expr, tuple[Expr, ...]] | None:
    """u and the coefficients of a polynomial in u, where u is e^(cθ), log θ or θ^r."""
    import sympy

    x = to_sympy(variable)
    there = sympy.expand(to_sympy(expression))
    units = {e for e in there.atoms(sympy.exp, sympy.log) if e.has(x)}
    units |= {
        e for e in there.atoms(sympy.Pow)
        if e.base == x and not e.exp.is_Integer and not isinstance(e, sympy.exp)
    }  # fmt: skip
    if not units or len({type(unit) for unit in units}) > 1:
        return None
    unit = min(
        units, key=lambda e: (abs(e.exp.coeff(x)) if isinstance(e, sympy.exp) else 0, str(e))
    )
    stand_in = sympy.Dummy("u", positive=True)
    for each in units:
        power = sympy.simplify(each.exp / unit.exp) if hasattr(each, "exp") else sympy.Integer(1)
        if not power.is_Integer or (power == 1 and each != unit):
            return None
        there = there.subs(each, stand_in**power)
    numerator = sympy.numer(sympy.together(there))
    if numerator.has(x):
        return None
    poly = sympy.Poly(numerator, stand_in)
    if poly.degree() < 1 or any(c.has(stand_in) for c in poly.all_coeffs()):
        return None
    return from_sympy(unit), tuple(from_sympy(c) for c in reversed(poly.all_coeffs()))


@remembered
def real_roots(
    powers: tuple[Fraction, ...], low: Fraction | float, high: Fraction | float
) -> tuple[float, ...]:
    """The real roots of a polynomial with those coefficients inside a range, to a double's digits.

    Each is isolated exactly, so that none is missed and none is found twice.
    """
    import sympy

    rationals = [sympy.Rational(c.numerator, c.denominator) for c in reversed(powers)]
    poly = sympy.Poly(rationals, sympy.Dummy("t"), domain="QQ").sqf_part()
    found = []
    for (left, right), _ in poly.intervals():
        if left != right:
            scale = max(abs(left), abs(right), sympy.Rational(1, 10**6))
            left, right = poly.refine_root(left, right, eps=scale / 10**18)
        if low < (left + right) / 2 < high:
            found.append(float((left + right) / 2))
    return tuple(found)


@remembered
def antiderivative(expression: Expr, variable: Symbol) -> Expr | None:
    """An antiderivative in functions that are known here, or None where none is found."""
    import sympy

    there = sympy.integrate(to_sympy(expression), to_sympy(variable))
    try:
        return None if there.has(sympy.Integral) else from_sympy(there)
    except NoCalculus:
        return None


@remembered
def limit(expression: Expr, variable: Symbol, at: Expr, side: str) -> float:
    """The limit from the right ("+") or the left ("-"); nan where it is not real."""
    import sympy

    infinite = {Symbol("inf"): sympy.oo, Neg(Symbol("inf")): -sympy.oo}
    point = infinite[at] if at in infinite else to_sympy(at)
    found = sympy.limit(to_sympy(expression), to_sympy(variable), point, side)
    return float(found) if found.is_extended_real else math.nan


def to_sympy(expression: Expr) -> sympy.Expr:
    """The expression as SymPy has it; symbols are real numbers."""
    import sympy

    match expression:
        case Number(value):
            return sympy.Rational(value.numerator, value.denominator)
        case Decimal(value):
            return sympy.Float(value) if isinstance(value, float) else sympy.Rational(value)
        case Symbol():
            return sympy.Symbol(expression.spelled, real=True)
        case Add(terms):
            return sympy.Add(*map(to_sympy, terms))
        case Neg(operand):
            return -to_sympy(operand)
        case Mul(factors):
            return sympy.Mul(*map(to_sympy, factors))
        case Div(numerator, denominator):
            return to_sympy(numerator) / to_sympy(denominator)
        case Pow(base, exponent):
            return raised(to_sympy(base), to_sympy(exponent))
        case Call("trigamma", (inside,), ()):
            return sympy.polygamma(1, to_sympy(inside))
        case Call(name, arguments, ()) if name in SYMPY_FUNCTIONS:
            function: Any = getattr(sympy, SYMPY_FUNCTIONS[name])
            return function(*map(to_sympy, arguments))
        case _:
            raise NoCalculus(f"there is no calculus here for {one_line(expression)}")


def raised(base: Any, exponent: Any) -> Any:
    is_number = exponent.is_Rational and base.free_symbols
    if is_number and max(abs(exponent.p), exponent.q) > LARGEST_POWER:
        low, high = USUAL_POWERS
        if low <= abs(exponent) <= high:
            raise NoCalculus(f"the exponent {exponent} makes a polynomial of too many places")
        raise TooLarge(f"the exponent {exponent} is too far out to calculate with")
    return base**exponent


SYMPY_FUNCTIONS = {
    "log": "log",
    "ln": "log",
    "exp": "exp",
    "sqrt": "sqrt",
    "factorial": "factorial",
    "gamma_function": "gamma",
    "beta_function": "beta",
    "abs": "Abs",
    "sin": "sin",
    "cos": "cos",
    "tanh": "tanh",
    "binomial": "binomial",
    "digamma": "digamma",
    "erf": "erf",
    "erfc": "erfc",
    "sign": "sign",
}


def from_sympy(there: Any, first: Sequence[Symbol] = ()) -> Expr:
    """The tree of a SymPy expression: sums with constants last, one fraction bar a product."""
    import sympy

    def back(part: Any) -> Expr:
        return from_sympy(part, first)

    if not isinstance(there, sympy.Expr):
        raise NoCalculus(f"{type(there).__name__} has no counterpart here")
    if there.is_Rational:
        return Number(Fraction(int(there.p), int(there.q)))
    if there.is_Float:
        return Decimal(float(there))
    if there.is_Symbol:
        return Symbol.named(there.name)
    if there is sympy.pi:
        return Symbol("pi")
    if there.is_Add:
        return summed(sorted(map(back, there.args), key=lambda term: place_in_sum(term, first)))
    if there.is_Mul:
        return product_of(there, back)
    if isinstance(there, sympy.exp):
        return call("exp", back(there.exp))
    if there.is_Pow:
        base, exponent = there.as_base_exp()
        if exponent.is_negative and base.is_Add:
            return product_of(there, back)
        if exponent == sympy.Rational(1, 2):
            return call("sqrt", back(base))
        if exponent.is_negative:
            return ONE / back(base**-exponent)
        return Pow(back(base), back(exponent))
    if isinstance(there, sympy.polygamma) and there.args[0] in (0, 1):
        return call("trigamma" if there.args[0] else "digamma", back(there.args[1]))
    names = {sympy_name: name for name, sympy_name in SYMPY_FUNCTIONS.items() if name != "ln"}
    name = names.get(type(there).__name__)
    if name is None:
        raise NoCalculus(f"{type(there).__name__} has no counterpart here")
    return Call(name, tuple(map(back, there.args)))


def product_of(there: Any, back: Callable[[Any], Expr]) -> Expr:
    """A SymPy product as −numerator/denominator, numbers before letters."""
    is_quotient = has_quotient(there)
    numerator, denominator = there.as_numer_denom() if is_quotient else (there, 1)
    if denominator != 1:
        numerator, denominator = positive_below(numerator, denominator)
        if is_rather_negative(denominator) or (
            numerator.could_extract_minus_sign()
            and denominator.is_Add
            and not has_positive_form(-denominator)
            and 2 * negative_terms(denominator) == len(denominator.args)
        ):
            # −n/(n·a − b) is n/(b − n·a)
            numerator, denominator = -numerator, -denominator
        top = back(numerator)
        if isinstance(top, Neg):
            return Neg(top.operand / back(denominator))
        if isinstance(top, Number) and top.value < 0:
            return Neg(wrap(-top.value) / back(denominator))
        return top / back(denominator)
    coefficient, _ = there.as_coeff_Mul()
    if coefficient.is_negative:
        # −θ(θ − 1) is θ(1 − θ)
        turned = [f for f in there.args if f.is_Add and has_positive_form(f)]
        if turned:
            return back((there / turned[0]) * -1) * back(-turned[0])
        return Neg(back(-there))
    factors = sorted(there.args, key=lambda f: (not f.is_number, f.is_Add, str(f)))
    return Mul(tuple(map(back, factors)))


def positive_below(numerator: Any, denominator: Any) -> tuple[Any, Any]:
    """θ − 1 below the bar as 1 − θ, with the sign moved above: SymPy puts the letter first.

    Such a factor comes from log(1 − θ), where 1 − θ is what is positive.
    """
    import sympy

    turned = []
    for factor in sympy.Mul.make_args(denominator):
        base, exponent = factor.as_base_exp()
        constant, rest = base.as_coeff_Add()
        if constant.is_negative and exponent.is_Integer and rest.is_Symbol:
            numerator, base = numerator * (-1) ** exponent, -base
        turned.append(base**exponent)
    return numerator, sympy.Mul(*turned)


def has_positive_form(there: Any) -> bool:
    """Whether a factor is a letter less a number, such as θ − 1."""
    constant, rest = there.as_coeff_Add()
    return bool(constant.is_negative and rest.is_Symbol)


def negative_terms(there: Any) -> int:
    return sum(term.could_extract_minus_sign() for term in there.as_ordered_terms())


def is_rather_negative(there: Any) -> bool:
    """Whether more terms of a sum are subtracted than added."""
    return bool(there.is_Add) and 2 * negative_terms(there) > len(there.args)


def has_quotient(there: Any) -> bool:
    """Whether a factor of the product belongs below a fraction bar."""
    return any(
        (f.is_Rational and f.q != 1) or (f.is_Pow and f.as_base_exp()[1].is_negative)
        for f in sympy_factors(there)
    )


def sympy_factors(there: Any) -> Any:
    import sympy

    return sympy.Mul.make_args(there)


def summed(terms: Sequence[Expr]) -> Expr:
    """The sum of the terms, a negative number subtracted; it begins with a positive term: 1 − θ."""
    if len(terms) == 1:
        return terms[0]
    ordered = sorted(map(signed, terms), key=lambda term: isinstance(term, Neg))
    return Add(tuple(ordered if isinstance(signed(terms[0]), Neg) else map(signed, terms)))


def signed(term: Expr) -> Expr:
    if isinstance(term, Number) and term.value < 0:
        return Neg(Number(-term.value))
    return term


def place_in_sum(term: Expr, first: Sequence[Symbol]) -> tuple[bool, int, bool, str]:
    """Numbers last; letters of `first` in that order, then the others by name."""
    from mlcalc.maths.tree import free_symbols

    letters = free_symbols(term)
    rank = min((first.index(s) for s in letters if s in first), default=len(first))
    names = "".join(sorted(s.spelled for s in letters))
    return not letters, rank, isinstance(term, Neg), names
