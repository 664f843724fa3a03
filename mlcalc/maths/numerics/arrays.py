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

from mlcalc.maths.evaluate import CONSTANTS, TESTS, Numbers, evaluate
from mlcalc.maths.functions import EvaluationError, Scalar, to_float
from mlcalc.maths.numerics import special
from mlcalc.maths.tree import Call, Cases, Chain, Expr, Symbol, free_symbols

Floats: TypeAlias = Any
"""A float or an array of floats."""

LARGEST_FACTORIAL = 170
"""Of a larger number it is no double any more."""

Compiled = Callable[[Mapping[Symbol, Floats]], Floats]


def compiled(expression: Expr) -> Compiled:
    """The value of the expression where its symbols have the given floats or arrays."""
    return Arrays().value(expression)


class Arrays(Numbers[Compiled]):
    """Functions of what the symbols stand for."""

    def number(self, value: Scalar) -> Compiled:
        number = to_float(value)
        return lambda _: number

    def symbol(self, symbol: Symbol) -> Compiled:
        if symbol.spelled in CONSTANTS:
            constant = CONSTANTS[symbol.spelled]
            return lambda values: values.get(symbol, constant)
        return lambda values: values[symbol]

    def sum(self, terms: list[Compiled]) -> Compiled:
        return folded("add", terms)

    def negative(self, value: Compiled) -> Compiled:
        return lambda values: -value(values)

    def product(self, factors: list[Compiled]) -> Compiled:
        return folded("multiply", factors)

    def quotient(self, above: Compiled, below: Compiled) -> Compiled:
        return folded("divide", [above, below])

    def power(self, base: Expr, exponent: Expr) -> Compiled:
        if base == Symbol("e"):
            return self.call("exp", (exponent,))
        return folded("power", [self.value(base), self.value(exponent)])

    def call(self, name: str, arguments: tuple[Expr, ...]) -> Compiled:
        match name, arguments:
            case "log" | "ln", (inside,):
                return self.logarithm(inside)
            case "max" | "min", (_, _, *_):
                return folded(f"{name}imum", [self.value(a) for a in arguments])
            case "indicator", (Chain() as relation,):
                return applied(lambda is_so: is_so + 0.0, self.tested(relation))
            case _, (inside,) if name in plain_functions():
                return applied(plain_functions()[name], self.value(inside))
        return entry_by_entry(Call(name, arguments))

    def other(self, part: Expr) -> Compiled:
        return self.by_cases(part.branches) if isinstance(part, Cases) else entry_by_entry(part)

    def logarithm(self, inside: Expr) -> Compiled:
        """log of the expression; log Γ, log B and log e^u without the detour over a huge number."""
        match inside:
            case Call("exp", (exponent,), ()):
                return self.value(exponent)
            case Call("gamma_function", (argument,), ()):
                return self.log_gamma(argument)
            case Call("factorial", (argument,), ()):
                return self.log_gamma(argument + 1)
            case Call("beta_function", (a, b), ()):
                first, second, both = map(self.log_gamma, (a, b, a + b))
                return lambda values: first(values) + second(values) - both(values)
            case Call("binomial", (n, k), ()):
                above, *below = (self.log_gamma(e + 1) for e in (n, k, n - k))
                return lambda values: above(values) - sum(part(values) for part in below)
        import numpy as np

        return applied(np.log, self.value(inside))

    def log_gamma(self, argument: Expr) -> Compiled:
        return applied(number_by_number(math.lgamma), self.value(argument))

    def tested(self, relation: Chain) -> Compiled:
        """Whether all relations of a chain hold."""
        import numpy as np

        members = [self.value(member) for member in relation.members]
        tests: list[Callable[..., Any]] = [TESTS[name] for name, _ in relation.links]

        def holds(values: Mapping[Symbol, Floats]) -> Floats:
            numbers = [np.asarray(member(values)) for member in members]
            told = [test(a, b) for test, (a, b) in zip(tests, pairwise(numbers), strict=True)]
            return np.logical_and.reduce(np.broadcast_arrays(*told))

        return holds

    def by_cases(self, branches: Sequence[tuple[Expr, Expr | None]]) -> Compiled:
        """The first branch whose condition holds; nan where there is none."""
        import numpy as np

        results = [self.value(result) for result, _ in branches]
        tests = [
            self.tested(test) if isinstance(test, Chain) else lambda _: np.True_
            for _, test in branches
        ]

        def chosen(values: Mapping[Symbol, Floats]) -> Floats:
            found: Floats = np.float64(math.nan)
            for result, test in reversed(list(zip(results, tests, strict=True))):
                found = np.where(test(values), result(values), found)
            return found if np.ndim(found) else float(found)

        return chosen


def folded(operation: str, parts: Sequence[Compiled]) -> Compiled:
    """One of NumPy's operations between all parts."""
    import numpy as np

    compute = getattr(np, operation)
    return lambda values: reduce(compute, (part(values) for part in parts))


def applied(operation: Callable[[Floats], Floats], part: Compiled) -> Compiled:
    return lambda values: operation(part(values))


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
