"""The closed list of functions that the reader knows and `evaluate` computes.

Each takes and gives exact fractions where the result is rational and floats elsewhere, so
exactness travels with the value: `sqrt(9/4)` is 3/2, `sqrt(2)` is a float.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

from mlcalc.records import Record

Scalar: TypeAlias = Fraction | float

MAX_BITS = 100_000
"""No exact number may grow beyond this many bits (30,000 decimal digits)."""


class EvaluationError(Exception):
    """An expression has no value; the message says why."""


class Undefined(EvaluationError):
    """There is no such number: a division by zero, the logarithm of −1."""


class Unbound(EvaluationError):
    """A symbol stands in the expression that no value was given for."""


class TooLarge(EvaluationError):
    """The value is a number, but too large to be written out."""


class Function(Record):
    """How many arguments a function takes (`most` None: any number) and what it gives."""

    compute: Callable[..., Scalar]
    least: int = 1
    most: int | None = 1
    over_list: bool = False
    """Whether one list of values may stand for the arguments: max(x), mean(x)."""


def to_float(value: Scalar) -> float:
    """The nearest float; ±inf beyond the largest."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def power(base: Scalar, exponent: Scalar) -> Scalar:
    """base^exponent, exact for whole exponents; the size is counted before it is computed."""
    if base == 0 and exponent < 0:
        raise Undefined("0 cannot be raised to a negative power")
    if isinstance(exponent, Fraction) and isinstance(base, Fraction):
        if exponent.denominator == 1:
            bits = max(base.numerator.bit_length(), base.denominator.bit_length())
            if base not in (0, 1, -1) and bits * abs(exponent) > MAX_BITS:
                raise TooLarge("the power is too large to be written out")
            return base**exponent.numerator
        root = exact_root(base, exponent.denominator)
        if root is not None:
            return power(root, Fraction(exponent.numerator))
    if base < 0 and to_float(exponent) != math.floor(to_float(exponent)):
        raise Undefined("a negative number has no such root")
    return guarded(lambda: math.pow(to_float(base), to_float(exponent)))


def exact_root(value: Fraction, degree: int) -> Fraction | None:
    """The degree-th root where it is rational, else None.  Only square and cube-like small roots."""
    if value < 0 or degree > 64:
        return None
    roots = []
    for part in (value.numerator, value.denominator):
        root = integer_root(part, degree)
        if root**degree != part:
            return None
        roots.append(root)
    return Fraction(*roots)


def integer_root(value: int, degree: int) -> int:
    """The largest whole number whose degree-th power does not exceed the value."""
    if degree == 2:
        return math.isqrt(value)
    low, high = 0, 1 << (value.bit_length() // degree + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**degree <= value else (low, middle - 1)
    return low


def guarded(compute: Callable[[], float]) -> float:
    """A float computation whose overflow is infinity and whose domain error is Undefined."""
    try:
        return compute()
    except OverflowError:
        return math.inf
    except ValueError as error:
        raise Undefined("the function has no value there") from error


def log(value: Scalar) -> Scalar:
    if value <= 0:
        raise Undefined(f"log is not defined at {value}")
    if value == 1:
        return Fraction(0)
    if isinstance(value, Fraction):
        # Numerator and denominator apart: either may be larger than a float holds.  Near 1
        # their difference would cancel, and log1p does not.
        if abs(value - 1) < Fraction(1, 2):
            return math.log1p(float(value - 1))
        return math.log(value.numerator) - math.log(value.denominator)
    return math.log(value)


def exp(value: Scalar) -> Scalar:
    return Fraction(1) if value == 0 else guarded(lambda: math.exp(to_float(value)))


def sqrt(value: Scalar) -> Scalar:
    if value < 0:
        raise Undefined(f"sqrt is not defined at {value}")
    return power(value, Fraction(1, 2))


def sigmoid(value: Scalar) -> Scalar:
    """1/(1 + e^(−z)), without overflow on either side."""
    if value == 0:
        return Fraction(1, 2)
    z = to_float(value)
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def tanh(value: Scalar) -> Scalar:
    return Fraction(0) if value == 0 else math.tanh(to_float(value))


def relu(value: Scalar) -> Scalar:
    return value if value > 0 else Fraction(0)


def leaky_relu(value: Scalar) -> Scalar:
    return value if value > 0 else value * Fraction(1, 100)


def step(value: Scalar) -> Scalar:
    return Fraction(1 if value >= 0 else 0)


def sign(value: Scalar) -> Scalar:
    return Fraction(1 if value >= 0 else -1)


def factorial(value: Scalar) -> Scalar:
    if not isinstance(value, Fraction) or value.denominator != 1 or value < 0:
        raise Undefined(f"factorial needs a whole number from 0, not {value}")
    n = value.numerator
    if n * max(n.bit_length() - 1, 1) > MAX_BITS:
        raise TooLarge("the factorial is too large to be written out")
    return Fraction(math.factorial(n))


def binomial(n: Scalar, k: Scalar) -> Scalar:
    """C(n, k) for whole n ≥ 0."""
    if not all(isinstance(v, Fraction) and v.denominator == 1 and v >= 0 for v in (n, k)):
        raise Undefined("C(n, k) needs whole numbers from 0")
    if int(n) > MAX_BITS:
        raise TooLarge("the binomial coefficient is too large to be written out")
    return Fraction(math.comb(int(n), int(k)))


def gamma_function(value: Scalar) -> Scalar:
    if isinstance(value, Fraction) and value.denominator == 1 and value > 0:
        return factorial(value - 1)
    return guarded(lambda: math.gamma(to_float(value)))


def beta_function(a: Scalar, b: Scalar) -> Scalar:
    """B(a, b) = Γ(a)Γ(b)/Γ(a + b), exact for whole arguments."""
    if a <= 0 or b <= 0:
        raise Undefined("B(a, b) needs positive arguments")
    if all(isinstance(v, Fraction) and v.denominator == 1 for v in (a, b)):
        return gamma_function(a) * gamma_function(b) / gamma_function(a + b)
    x, y = to_float(a), to_float(b)
    return guarded(lambda: math.exp(math.lgamma(x) + math.lgamma(y) - math.lgamma(x + y)))


def mean(*values: Scalar) -> Scalar:
    return sum(values, Fraction(0)) / len(values)


def median(*values: Scalar) -> Scalar:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def var(*values: Scalar) -> Scalar:
    """The variance with 1/n."""
    centre = mean(*values)
    return sum(((v - centre) ** 2 for v in values), Fraction(0)) / len(values)


def total(*values: Scalar) -> Scalar:
    return sum(values, Fraction(0))


def floor(value: Scalar) -> Scalar:
    return Fraction(math.floor(value))


def ceil(value: Scalar) -> Scalar:
    return Fraction(math.ceil(value))


def real(function: Callable[[float], float]) -> Callable[[Scalar], Scalar]:
    """A function of a float that is 0 at 0, exactly so."""
    return lambda v: Fraction(0) if v == 0 else guarded(lambda: function(to_float(v)))


def cosine(value: Scalar) -> Scalar:
    return Fraction(1) if value == 0 else guarded(lambda: math.cos(to_float(value)))


FUNCTIONS: dict[str, Function] = {
    "exp": Function(exp),
    "log": Function(log),
    "ln": Function(log),
    "log2": Function(lambda v: log(v) / math.log(2)),
    "sqrt": Function(sqrt),
    "abs": Function(abs),
    "floor": Function(floor),
    "ceil": Function(ceil),
    "max": Function(lambda *v: max(v), 1, None, over_list=True),
    "min": Function(lambda *v: min(v), 1, None, over_list=True),
    "sum": Function(total, 1, None, over_list=True),
    "mean": Function(mean, 1, None, over_list=True),
    "median": Function(median, 1, None, over_list=True),
    "var": Function(var, 1, None, over_list=True),
    "sin": Function(real(math.sin)),
    "cos": Function(cosine),
    "tan": Function(real(math.tan)),
    "tanh": Function(tanh),
    "sigmoid": Function(sigmoid),
    "relu": Function(relu),
    "leaky_relu": Function(leaky_relu),
    "step": Function(step),
    "sign": Function(sign),
    "identity": Function(lambda v: v),
    "factorial": Function(factorial),
    "binomial": Function(binomial, 2, 2),
    "gamma_function": Function(gamma_function),
    "beta_function": Function(beta_function, 2, 2),
}  # fmt: skip

VECTOR_FUNCTIONS = ("softmax",)
"""Functions from a whole vector to a vector; the others are applied entry by entry."""

DISTRIBUTIONS = frozenset(
    """bernoulli binomial geometric negative_binomial poisson exponential normal lognormal
    uniform laplace gamma beta pareto rayleigh weibull inverse_gamma cauchy von_mises
    categorical multinomial multivariate_normal dirichlet normal_inverse_gamma""".split()
)


def softmax(values: Sequence[Scalar]) -> tuple[Scalar, ...]:
    """e^(z_i)/Σ e^(z_j), shifted by the largest z so that nothing overflows; exact for equal z."""
    if len(set(values)) == 1:
        return tuple(Fraction(1, len(values)) for _ in values)
    top = max(values)
    weights = [math.exp(to_float(value - top)) for value in values]
    whole = math.fsum(weights)
    return tuple(weight / whole for weight in weights)
