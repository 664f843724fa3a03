"""A log-likelihood to as many digits as it needs, where a double would show its rounding.

log(1 − e^(−θ)) near θ = 0 is noise in doubles, with maxima of its own.  Here the digits are
doubled until two values agree (mpmath, which SymPy stands on); slow, so it is asked only whether
a maximum that the doubles show is one, and searched with where one is not.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from mlcalc.maths.evaluate import TESTS
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.tree import (
    Add,
    Call,
    Cases,
    Chain,
    Decimal,
    Div,
    Expr,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
    free_symbols,
    walk,
)
from mlcalc.probability.letters import X

FIRST_DIGITS, MOST_DIGITS = 40, 1280
AGREE = 1e-15
SLOW_DIGITS = 80
SLOW = {"gamma_function", "beta_function", "factorial", "binomial", "digamma", "trigamma"}
"""What takes seconds for hundreds of digits."""
MOST_DIFFERENT = 200
"""With more different observations than that it would take too long."""

FUNCTIONS = {
    "exp": "exp", "log": "log", "ln": "log", "sqrt": "sqrt", "abs": "fabs", "sin": "sin",
    "cos": "cos", "tan": "tan", "tanh": "tanh", "sign": "sign", "erf": "erf", "erfc": "erfc",
    "gamma_function": "gamma", "beta_function": "beta", "factorial": "factorial",
    "binomial": "binomial", "digamma": "digamma", "max": "max", "min": "min", "floor": "floor",
    "ceil": "ceil", "indicator": "", "trigamma": "",
}  # fmt: skip
"""What is known here, by its name in mpmath."""

Point = Mapping[Symbol, Any]


def careful(
    terms: Sequence[Expr], parameter: Symbol, data: Sequence[Scalar], extra: Sequence[Expr] = ()
) -> Callable[[float], float] | None:
    """Σ of the terms over the data and of the extra ones; nan where no digits suffice.

    None where a term holds what is not computed here, or the data are many.
    """
    counts = Counter(data)
    known = all(is_known(part) for term in (*terms, *extra) for part in walk(term))
    if not known or len(counts) > MOST_DIFFERENT:
        return None

    alone = [term for term in terms if X not in free_symbols(term)]
    mixed = [term for term in terms if X in free_symbols(term)]

    def summed(theta: float) -> Any:
        import mpmath

        at = {parameter: mpmath.mpf(theta)}
        total = mpmath.fsum(value(term, at) for term in alone) * len(data)
        for x, count in counts.items():
            there = {**at, X: number(to_float(x))}
            total += count * mpmath.fsum(value(term, there) for term in mixed)
        return total + mpmath.fsum(value(term, at) for term in extra)

    slow = any(
        isinstance(part, Call) and part.name in SLOW and parameter in free_symbols(part)
        for term in (*terms, *extra)
        for part in walk(term)
    )
    most = SLOW_DIGITS if slow else MOST_DIGITS
    return lambda theta: told(lambda: summed(theta), most)


class Impossible(Exception):
    """An observation is outside of where the density is not 0."""


def told(compute: Callable[[], Any], most_digits: int) -> float:
    """The value to which two numbers of digits agree; −∞ where the density is 0 with all of them.

    nan where there is none.
    """
    import mpmath

    digits, before = FIRST_DIGITS, math.nan
    while digits <= most_digits:
        with mpmath.workdps(digits):
            try:
                found = compute()
                real = mpmath.im(found) == 0 and not mpmath.isnan(found)
                now = float(found.real) if real else math.nan
            except Impossible:
                return -math.inf
            except (ZeroDivisionError, ValueError, OverflowError, mpmath.libmp.NoConvergence):
                now = math.nan
        if math.isfinite(now) and abs(now - before) <= AGREE * max(abs(now), 1e-300):
            return now
        digits, before = 2 * digits, now
    return before if before == -math.inf else math.nan


def is_known(part: Expr) -> bool:
    match part:
        case Call(name, _, keywords):
            return name in FUNCTIONS and not keywords
        case Symbol():
            return True
    return isinstance(part, Number | Decimal | Add | Neg | Mul | Div | Pow | Cases | Chain)


def number(x: Scalar) -> Any:
    import mpmath

    return mpmath.mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else mpmath.mpf(x)


def value(expression: Expr, at: Point) -> Any:
    """The expression with the digits that are set; raises what mpmath raises."""
    import mpmath

    match expression:
        case Number(exact) | Decimal(exact):
            return number(exact)
        case Symbol() if expression in at:
            return at[expression]
        case Symbol():
            return {"pi": mpmath.pi, "e": mpmath.e, "inf": mpmath.inf}[expression.spelled] + 0
        case Add(terms):
            return mpmath.fsum(value(term, at) for term in terms)
        case Neg(operand):
            return -value(operand, at)
        case Mul(factors):
            return mpmath.fprod(value(factor, at) for factor in factors)
        case Div(numerator, denominator):
            return value(numerator, at) / value(denominator, at)
        case Pow(base, exponent):
            return mpmath.power(value(base, at), value(exponent, at))
        case Call("indicator", (relation,), ()):
            return mpmath.mpf(holds(relation, at))
        case Call("trigamma", (inside,), ()):
            return mpmath.psi(1, value(inside, at))
        case Call("log", (Call("indicator", (relation,), ()),), ()):
            if not holds(relation, at):
                raise Impossible
            return mpmath.mpf(0)
        case Call("log", (Call("gamma_function" | "factorial" as name, (inside,), ()),), ()):
            return mpmath.loggamma(value(inside, at) + (name == "factorial"))
        case Call("log", (Call("beta_function", (a, b), ()),), ()):
            first, second = value(a, at), value(b, at)
            return sum(map(mpmath.loggamma, (first, second))) - mpmath.loggamma(first + second)
        case Call("log" | "ln", (inside,), ()):
            found = value(inside, at)
            return -mpmath.inf if found == 0 else mpmath.log(found)
        case Call(name, arguments, ()):
            function = max if name == "max" else min if name == "min" else None
            function = function or getattr(mpmath, FUNCTIONS[name])
            return function(*(value(argument, at) for argument in arguments))
        case Cases(branches):
            for branch, condition in branches:
                if condition is None or holds(condition, at):
                    return value(branch, at)
    raise ValueError("there is no value")


def holds(condition: Expr, at: Point) -> bool:
    assert isinstance(condition, Chain)
    left = value(condition.first, at)
    for relation, member in condition.links:
        right = value(member, at)
        if not TESTS[relation](left, right):
            return False
        left = right
    return True
