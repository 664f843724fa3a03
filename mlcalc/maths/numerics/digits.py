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
from itertools import pairwise
from typing import Any

from mlcalc.maths.evaluate import TESTS, Numbers
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
    terms: Sequence[Expr],
    parameter: Symbol,
    observation: Symbol,
    data: Sequence[Scalar],
    extra: Sequence[Expr] = (),
) -> Callable[[float], float] | None:
    """Σ of the terms over the data, which the letter of an observation stands for, and of the extra
    ones; nan where no digits suffice.

    None where a term holds what is not computed here, or the data are many.
    """
    counts = Counter(data)
    known = all(is_known(part) for term in (*terms, *extra) for part in walk(term))
    if not known or len(counts) > MOST_DIFFERENT:
        return None

    alone = [term for term in terms if observation not in free_symbols(term)]
    mixed = [term for term in terms if observation in free_symbols(term)]

    def summed(theta: float) -> Any:
        import mpmath

        at = {parameter: mpmath.mpf(theta)}
        total = mpmath.fsum(map(Digits(at).value, alone)) * len(data)
        for x, count in counts.items():
            there = Digits({**at, observation: mpmath.mpf(to_float(x))})
            total += count * mpmath.fsum(map(there.value, mixed))
        return total + mpmath.fsum(map(Digits(at).value, extra))

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


class Digits(Numbers[Any]):
    """With the digits that are set; each raises what mpmath raises."""

    def __init__(self, at: Point) -> None:
        self.at = at

    def number(self, value: Scalar) -> Any:
        import mpmath

        if isinstance(value, Fraction):
            return mpmath.mpf(value.numerator) / value.denominator
        return mpmath.mpf(value)

    def symbol(self, symbol: Symbol) -> Any:
        import mpmath

        if symbol in self.at:
            return self.at[symbol]
        return {"pi": mpmath.pi, "e": mpmath.e, "inf": mpmath.inf}[symbol.spelled] + 0

    def sum(self, terms: list[Any]) -> Any:
        import mpmath

        return mpmath.fsum(terms)

    def negative(self, value: Any) -> Any:
        return -value

    def product(self, factors: list[Any]) -> Any:
        import mpmath

        return mpmath.fprod(factors)

    def quotient(self, above: Any, below: Any) -> Any:
        return above / below

    def power(self, base: Expr, exponent: Expr) -> Any:
        import mpmath

        return mpmath.power(self.value(base), self.value(exponent))

    def call(self, name: str, arguments: tuple[Expr, ...]) -> Any:
        import mpmath

        value = self.value
        match name, arguments:
            case "indicator", (relation,):
                return mpmath.mpf(self.holds(relation))
            case "trigamma", (inside,):
                return mpmath.psi(1, value(inside))
            case "log", (Call("indicator", (relation,), ()),):
                if not self.holds(relation):
                    raise Impossible
                return mpmath.mpf(0)
            case "log", (Call("gamma_function" | "factorial" as function, (inside,), ()),):
                return mpmath.loggamma(value(inside) + (function == "factorial"))
            case "log", (Call("beta_function", (a, b), ()),):
                first, second = value(a), value(b)
                both = mpmath.loggamma(first + second)
                return mpmath.loggamma(first) + mpmath.loggamma(second) - both
            case "log" | "ln", (inside,):
                found = value(inside)
                return -mpmath.inf if found == 0 else mpmath.log(found)
        compute = {"max": max, "min": min}.get(name) or getattr(mpmath, FUNCTIONS[name])
        return compute(*map(value, arguments))

    def other(self, part: Expr) -> Any:
        if isinstance(part, Cases):
            for branch, condition in part.branches:
                if condition is None or self.holds(condition):
                    return self.value(branch)
        raise ValueError("there is no value")

    def holds(self, condition: Expr) -> bool:
        assert isinstance(condition, Chain)
        numbers = pairwise(self.value(member) for member in condition.members)
        relations = (TESTS[relation] for relation, _ in condition.links)
        return all(test(*both) for test, both in zip(relations, numbers, strict=True))
