"""A tree as a function of floats and arrays, for what is computed a thousand times over.

`evaluate` is exact and careful, and too slow for a search.  Here a tree becomes nested closures
over NumPy; no text is ever executed.  Where there is no number the result is nan, never an error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import Any, TypeAlias

from mlcalc.maths import special
from mlcalc.maths.evaluate import CONSTANTS, TESTS, evaluate
from mlcalc.maths.functions import EvaluationError, to_float
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
)

Floats: TypeAlias = Any
"""A float or an array of floats."""

LARGEST_FACTORIAL = 170
"""Of a larger number it is no double any more."""

Compiled = Callable[[Mapping[Symbol, Floats]], Floats]


def compiled(expression: Expr) -> Compiled:
    """The value of the expression where its symbols have the given floats or arrays."""
    import numpy as np

    match expression:
        case Number(value) | Decimal(value):
            number = to_float(value)
            return lambda _: number
        case Symbol() if expression.spelled in CONSTANTS:
            constant = CONSTANTS[expression.spelled]
            return lambda values: values.get(expression, constant)
        case Symbol():
            return lambda values: values[expression]
        case Neg(operand):
            inner = compiled(operand)
            return lambda values: -inner(values)
        case Add(terms):
            return folded(np.add, list(map(compiled, terms)))
        case Mul(factors):
            return folded(np.multiply, list(map(compiled, factors)))
        case Div(numerator, denominator):
            return folded(np.divide, [compiled(numerator), compiled(denominator)])
        case Pow(Symbol("e"), exponent):
            return applied(np.exp, compiled(exponent))
        case Pow(base, exponent):
            return folded(np.power, [compiled(base), compiled(exponent)])
        case Call("log" | "ln", (inside,), ()):
            return logarithm(inside)
        case Call(name, (inside,), ()) if name in plain_functions():
            return applied(plain_functions()[name], compiled(inside))
        case Call("max" | "min" as name, (_, _, *_) as arguments, ()):
            larger = np.maximum if name == "max" else np.minimum
            return folded(larger, list(map(compiled, arguments)))
        case Call("indicator", (Chain() as relation,), ()):
            return applied(lambda is_so: is_so + 0.0, tested(relation))
        case Cases(branches):
            return by_cases(branches)
        case _:
            return entry_by_entry(expression)


def logarithm(inside: Expr) -> Compiled:
    """log of the expression; log Γ, log B and log e^u without the detour over a huge number."""
    import numpy as np

    lgamma = number_by_number(math.lgamma)
    match inside:
        case Call("exp", (exponent,), ()):
            return compiled(exponent)
        case Call("gamma_function", (argument,), ()):
            return applied(lgamma, compiled(argument))
        case Call("factorial", (argument,), ()):
            return applied(lgamma, compiled(argument + 1))
        case Call("beta_function", (a, b), ()):
            first, second, both = (applied(lgamma, compiled(e)) for e in (a, b, a + b))
            return lambda values: first(values) + second(values) - both(values)
        case Call("binomial", (n, k), ()):
            above, *below = (applied(lgamma, compiled(e + 1)) for e in (n, k, n - k))
            return lambda values: above(values) - sum(part(values) for part in below)
    return applied(np.log, compiled(inside))


def tested(relation: Chain) -> Compiled:
    """Whether all relations of a chain hold."""
    import numpy as np

    members = [compiled(relation.first), *(compiled(member) for _, member in relation.links)]
    tests: list[Callable[..., Any]] = [TESTS[name] for name, _ in relation.links]

    def holds(values: Mapping[Symbol, Floats]) -> Floats:
        numbers = [np.asarray(member(values)) for member in members]
        pairs = zip(tests, pairwise(numbers), strict=True)
        return np.logical_and.reduce(np.broadcast_arrays(*(test(a, b) for test, (a, b) in pairs)))

    return holds


def by_cases(branches: Sequence[tuple[Expr, Expr | None]]) -> Compiled:
    """The first branch whose condition holds; nan where there is none."""
    import numpy as np

    results = [compiled(result) for result, _ in branches]
    tests = [
        tested(test) if isinstance(test, Chain) else lambda _: np.True_ for _, test in branches
    ]

    def chosen(values: Mapping[Symbol, Floats]) -> Floats:
        found: Floats = np.float64(math.nan)
        for result, test in reversed(list(zip(results, tests, strict=True))):
            found = np.where(test(values), result(values), found)
        return found if np.ndim(found) else float(found)

    return chosen


def plain_functions() -> dict[str, Callable[[Floats], Floats]]:
    import numpy as np

    return {
        "exp": np.exp, "sqrt": np.sqrt, "abs": np.abs, "sin": np.sin, "cos": np.cos,
        "tan": np.tan, "tanh": np.tanh, "sign": np.sign,
        "erf": number_by_number(math.erf), "erfc": number_by_number(math.erfc),
        "digamma": number_by_number(special.digamma),
        "trigamma": number_by_number(special.trigamma),
        "gamma_function": number_by_number(math.gamma), "factorial": number_by_number(factorial),
    }  # fmt: skip


def factorial(value: float) -> float:
    """x! of a whole number, infinite beyond a double.  Raises `ValueError` for others."""
    if not value.is_integer():
        raise ValueError(f"{value} is not whole")
    return float(math.factorial(int(value))) if value <= LARGEST_FACTORIAL else math.inf


def number_by_number(function: Callable[[float], float]) -> Callable[[Floats], Floats]:
    """A function of one float, applied to each entry; nan where it has no value."""
    import numpy as np

    def one(value: float) -> float:
        try:
            return function(value)
        except (ValueError, OverflowError):
            return math.nan

    each = np.vectorize(one, otypes=[float])
    return lambda values: each(values) if np.ndim(values) else one(float(values))


def folded(operation: Callable[[Floats, Floats], Floats], parts: Sequence[Compiled]) -> Compiled:
    if len(parts) == 2:
        first, second = parts
        return lambda values: operation(first(values), second(values))
    return lambda values: reduce(operation, (part(values) for part in parts))


def applied(operation: Callable[[Floats], Floats], part: Compiled) -> Compiled:
    return lambda values: operation(part(values))


def entry_by_entry(expression: Expr) -> Compiled:
    """Anything else, such as values by cases: each entry by the evaluator."""
    import numpy as np

    symbols = sorted(free_symbols(expression), key=lambda s: s.spelled)

    def one(*numbers: float) -> float:
        try:
            # A whole number goes in as such: C(n, k) and n! take nothing else.
            at = [Fraction(int(v)) if float(v).is_integer() else float(v) for v in numbers]
            value = evaluate(expression, dict(zip(symbols, at, strict=True)))
        except EvaluationError:
            return math.nan
        return math.nan if isinstance(value, tuple) else to_float(value)

    def computed(values: Mapping[Symbol, Floats]) -> Floats:
        given = [values.get(s, CONSTANTS.get(s.spelled)) for s in symbols]
        return np.vectorize(one, otypes=[float])(*given) if given else one()

    return computed
