"""The closed list of functions that the reader knows and `evaluate` computes.

Each takes and gives exact fractions where the result is rational and floats elsewhere, so
exactness travels with the value: `sqrt(9/4)` is 3/2, `sqrt(2)` is a float.
"""

from __future__ import annotations

import math
import operator
import os
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any, TypeAlias

from mlcalc.maths import activations
from mlcalc.maths.numerics import real, special
from mlcalc.maths.numerics.real import Real
from mlcalc.maths.records import Record

Scalar: TypeAlias = Fraction | float

INF = math.inf

TURNED = 10**6
"""Larger angles are left to floats."""

ERF_TO = 40
"""Beyond it 1 − erf z is smaller than 10^(−690), and computed by itself."""

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


def named(value: Scalar) -> str:
    """The value within a message."""
    is_long = isinstance(value, Fraction) and max(map(abs, value.as_integer_ratio())) >= 10**20
    return f"{to_float(value):g}" if is_long else str(value)


def bounded(value: Scalar) -> Scalar:
    """A result that is a number and can be written out."""
    if isinstance(value, float):
        if math.isnan(value):
            raise Undefined("the difference or quotient of two infinities has no value")
    elif max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise TooLarge("the number is too large to be written out")
    return value


def combined(
    operation: Callable[[Any, Any], Scalar],
    digit_by_digit: Callable[[Any, Any], Scalar],
    a: Scalar,
    b: Scalar,
) -> Scalar:
    """The sum, product or quotient of two numbers: exact where both are, else a real or ±inf."""
    if not isinstance(a, float) and not isinstance(b, float):
        return bounded(operation(a, b))
    if has_digits(a) and has_digits(b):
        try:
            return digit_by_digit(a, b)
        except OverflowError:  # as floats have it: ±inf
            pass
    if isinstance(a, float) and isinstance(b, float):
        return of_floats(operation, float(a), float(b))
    if is_finite(a) and is_finite(b) and not (fits_float(a) and fits_float(b)):
        # An exact number that is beyond floats: the float is taken exactly, the result rounded.
        result = to_float(operation(Fraction(a), Fraction(b)))
        if math.isinf(result):
            raise TooLarge("the number is too large for a decimal")
        return result
    x, y = (float(v) if fits_float(v) else 1.0 if v > 0 else -1.0 for v in (a, b))
    return of_floats(operation, x, y)


def of_floats(operation: Callable[[Any, Any], Scalar], a: float, b: float) -> Scalar:
    try:
        return bounded(operation(a, b))
    except ZeroDivisionError:  # by a real that is smaller than any float
        raise TooLarge("the number is too large to be written out") from None


def has_digits(value: Scalar) -> bool:
    """Whether more digits of the number are known than a float has."""
    return not isinstance(value, float) or isinstance(value, Real)


def with_fifty_digits(value: Scalar) -> Scalar:
    """An exact number that has become too long, as the decimal that is carried on for it."""
    return in_floats_range(real.rounded, value) if isinstance(value, Fraction) else value


def in_floats_range(compute: Callable[..., Scalar], *operands: Scalar) -> Scalar:
    """A result whose size a float can hold, with all its digits."""
    try:
        return compute(*operands)
    except OverflowError:
        raise TooLarge("the number is too large to be written out") from None


def fits_float(value: Scalar) -> bool:
    return isinstance(value, float) or value == 0 or to_float(value) not in (0, INF, -INF)


def is_finite(value: Scalar) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def plus(a: Scalar, b: Scalar) -> Scalar:
    if type(a) is Fraction and type(b) is Fraction:
        return bounded(a + b)
    return combined(operator.add, real.plus, a, b)


def times(a: Scalar, b: Scalar) -> Scalar:
    # An exact zero stays exact: 0·tanh(1) is 0, and is printed with "=".
    if type(a) is Fraction and type(b) is Fraction:
        return bounded(a * b)
    for zero, other in ((a, b), (b, a)):
        if not isinstance(zero, float) and zero == 0 and is_finite(other):
            return zero
    return combined(operator.mul, real.times, a, b)


def over(a: Scalar, b: Scalar) -> Scalar:
    if type(a) is Fraction and type(b) is Fraction and b:
        return bounded(a / b)
    if b == 0:
        raise too_near_zero() if isinstance(b, Real) else Undefined("division by zero")
    return combined(operator.truediv, real.over, a, b)


def power(base: Scalar, exponent: Scalar) -> Scalar:
    """base^exponent, exact for whole exponents; the size is counted before it is computed."""
    if base == 0 and exponent < 0:
        if isinstance(base, Real):
            raise too_near_zero()
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
    if isinstance(exponent, Fraction) and has_digits(base) and base > 0:
        if exponent == Fraction(1, 2):
            return in_floats_range(real.sqrt, base)
        if exponent.denominator > 1:
            return exp(times(exponent, log(base)))
    if isinstance(exponent, Fraction) and exponent.denominator == 1 and isinstance(base, Real):
        return in_floats_range(real.whole_power, base, exponent.numerator)
    if base < 0 and not to_float(exponent).is_integer():
        raise Undefined("a negative number has no such root")
    if base > 0 and (isinstance(exponent, Real) or not fits_float(base)):
        return exp(times(exponent, log(base)))
    return guarded(math.pow, base, exponent)


def too_near_zero() -> TooLarge:
    """What a number that is ≈ 0, and not known nearer, has no inverse and no logarithm for."""
    return TooLarge("a number is too near to 0 for its inverse or logarithm to be known")


def is_exactly(value: Scalar, number: int) -> bool:
    """A float, or a real that is ≈ 0 or ≈ 1, may lie beside the number."""
    return not isinstance(value, float) and value == number


def in_whole_numbers(numbers: Sequence[Fraction]) -> tuple[list[int], int]:
    """The numbers as whole ones, and the positive number that all were multiplied by."""
    ratios = [number.as_integer_ratio() for number in numbers]
    scale = math.lcm(*{below for _, below in ratios})
    return [above * (scale // below) for above, below in ratios], scale


def exact_root(value: Fraction, degree: int) -> Fraction | None:
    """The degree-th root where it is rational and of a small degree, else None."""
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
    if degree == 2 or value == 0:
        return math.isqrt(value)
    root, better = 0, 1 << -(-value.bit_length() // degree)
    while not root or better < root:  # Newton's steps from above
        root = better
        better = ((degree - 1) * root + value // root ** (degree - 1)) // degree
    return root


def guarded(compute: Callable[..., float], *operands: Scalar) -> Scalar:
    """A function of floats whose overflow is `TooLarge` and whose domain error is `Undefined`."""
    try:
        result = compute(*map(to_float, operands))
    except OverflowError:
        result = INF
    except ValueError:
        raise Undefined("the function has no value there") from None
    if math.isinf(result) and all(map(is_finite, operands)):
        raise TooLarge("the number is too large to be written out")
    return bounded(result)


def log(value: Scalar) -> Scalar:
    if value == 0 and isinstance(value, Real):
        raise too_near_zero()
    if value <= 0:
        raise Undefined(f"log is not defined at {named(value)}")
    if is_exactly(value, 1):
        return Fraction(0)
    return real.log(value) if isinstance(value, Fraction | Real) else math.log(value)


def log2(value: Scalar) -> Scalar:
    """The logarithm to the base 2, exact for 8 and 1/8."""
    if isinstance(value, Fraction) and value > 0:
        up, down = value.numerator, value.denominator
        if up & (up - 1) == down & (down - 1) == 0:
            return Fraction(up.bit_length() - down.bit_length())
    return over(log(value), log(Fraction(2)))


def exp(value: Scalar) -> Scalar:
    if is_exactly(value, 0):
        return Fraction(1)
    if value == -INF:
        return Fraction(0)
    if isinstance(value, Fraction | Real):
        return in_floats_range(real.exp, value)
    return guarded(math.exp, value)


def sqrt(value: Scalar) -> Scalar:
    if value < 0:
        raise Undefined(f"sqrt is not defined at {named(value)}")
    return power(value, Fraction(1, 2))


def sigmoid(value: Scalar) -> Scalar:
    """1/(1 + e^(−z)), without overflow on either side."""
    small = exp(-magnitude(value))
    return over(small if value < 0 else Fraction(1), plus(Fraction(1), small))


def tanh(value: Scalar) -> Scalar:
    """(1 − e^(−2z))/(1 + e^(−2z)), where z is positive."""
    if not has_digits(value):
        return math.tanh(value)
    small = exp(times(Fraction(-2), magnitude(value)))
    size = over(plus(Fraction(1), -small), plus(Fraction(1), small))
    return -size if value < 0 else size


def magnitude(value: Scalar) -> Scalar:
    return -value if value < 0 else value


def factorial(value: Scalar) -> Scalar:
    if not isinstance(value, Fraction) or value.denominator != 1 or value < 0:
        raise Undefined(f"factorial needs a whole number from 0, not {named(value)}")
    n = value.numerator
    if n * max(n.bit_length() - 1, 1) > MAX_BITS:
        raise TooLarge("the factorial is too large to be written out")
    return Fraction(math.factorial(n))


def binomial(n: Scalar, k: Scalar) -> Scalar:
    """C(n, k) for whole n ≥ 0."""
    if not all(isinstance(v, Fraction) and v.denominator == 1 and v >= 0 for v in (n, k)):
        raise Undefined("C(n, k) needs whole numbers from 0")
    whole, chosen = int(n), min(int(k), int(n) - int(k))
    if whole.bit_length() * chosen > MAX_BITS // 5:  # slower to compute than a factorial
        raise TooLarge("the binomial coefficient is too large to be written out")
    return Fraction(math.comb(whole, int(k)))


def gamma_function(value: Scalar) -> Scalar:
    if isinstance(value, Fraction) and value.denominator == 1 and value > 0:
        return factorial(value - 1)
    return guarded(math.gamma, value)


def beta_function(a: Scalar, b: Scalar) -> Scalar:
    """B(a, b) = Γ(a)Γ(b)/Γ(a + b), exact for whole arguments."""
    if a <= 0 or b <= 0:
        raise Undefined("B(a, b) needs positive arguments")
    if all(isinstance(v, Fraction) and v.denominator == 1 for v in (a, b)):
        return gamma_function(a) * gamma_function(b) / gamma_function(a + b)
    return guarded(
        lambda x, y: math.exp(math.lgamma(x) + math.lgamma(y) - math.lgamma(x + y)), a, b
    )


def of_float(function: Callable[[float], float]) -> Callable[[Scalar], Scalar]:
    """A function that is never rational, such as ψ."""
    return lambda v: guarded(lambda: function(to_float(v)))


def mean(*values: Scalar) -> Scalar:
    return over(total(*values), Fraction(len(values)))


def median(*values: Scalar) -> Scalar:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else mean(ordered[middle - 1], ordered[middle])


def var(*values: Scalar) -> Scalar:
    """The variance with 1/n."""
    centre = mean(*values)
    return mean(*(power(plus(v, -centre), Fraction(2)) for v in values))


def total(*values: Scalar) -> Scalar:
    start: Scalar = Fraction(0)
    return reduce(plus, values, start)


def product(*values: Scalar) -> Scalar:
    start: Scalar = Fraction(1)
    return reduce(times, values, start)


def floor(value: Scalar) -> Scalar:
    return Fraction(math.floor(value)) if is_finite(value) else value


def ceil(value: Scalar) -> Scalar:
    return Fraction(math.ceil(value)) if is_finite(value) else value


def erf(value: Scalar) -> Scalar:
    if is_exactly(value, 0) or value in (INF, -INF):
        return Fraction((value > 0) - (value < 0))
    if isinstance(value, Fraction | Real):
        if -ERF_TO <= value <= ERF_TO:
            return real.erf(value)
        size = plus(Fraction(1), -erfc(magnitude(value)))
        return -size if value < 0 else size
    return math.erf(to_float(value))


def erfc(value: Scalar) -> Scalar:
    if isinstance(value, Fraction | Real) and value > ERF_TO:
        return real.erfc_far(value)
    if has_digits(value) or value in (INF, -INF):
        return plus(Fraction(1), -erf(value))
    return math.erfc(to_float(value))


def sine(value: Scalar) -> Scalar:
    if is_exactly(value, 0):
        return Fraction(0)
    if isinstance(value, Fraction | Real) and -TURNED <= value <= TURNED:
        return real.sine(value)
    return guarded(math.sin, value)


def cosine(value: Scalar) -> Scalar:
    if is_exactly(value, 0):
        return Fraction(1)
    if isinstance(value, Fraction | Real) and -TURNED <= value <= TURNED:
        return real.sine(value, quarters=1)
    return guarded(math.cos, value)


def tangent(value: Scalar) -> Scalar:
    return over(sine(value), cosine(value)) if has_digits(value) else guarded(math.tan, value)


def bessel_i0(value: Scalar) -> Scalar:
    return (
        Fraction(1) if is_exactly(value, 0) else guarded(lambda: special.bessel_i0(to_float(value)))
    )


def atan2(y: Scalar, x: Scalar) -> Scalar:
    """The angle of the point (x, y), from −π to π; the origin has none."""
    if x == 0 and y == 0:
        raise Undefined("the point (0, 0) has no direction")
    return Fraction(0) if is_exactly(y, 0) and x > 0 else math.atan2(to_float(y), to_float(x))


FUNCTIONS: dict[str, Function] = {
    **{name: Function(one.value) for name, one in activations.entrywise().items()},
    "exp": Function(exp),
    "log": Function(log),
    "ln": Function(log),
    "log2": Function(log2),
    "sqrt": Function(sqrt),
    "abs": Function(abs),
    "floor": Function(floor),
    "ceil": Function(ceil),
    "max": Function(lambda *v: max(v), 1, None, over_list=True),
    "min": Function(lambda *v: min(v), 1, None, over_list=True),
    "sum": Function(total, 1, None, over_list=True),
    "product": Function(product, 1, None, over_list=True),
    "mean": Function(mean, 1, None, over_list=True),
    "len": Function(lambda *v: Fraction(len(v)), 1, None, over_list=True),
    "median": Function(median, 1, None, over_list=True),
    "var": Function(var, 1, None, over_list=True),
    "sin": Function(sine),
    "cos": Function(cosine),
    "tan": Function(tangent),
    "atan2": Function(atan2, 2, 2),
    "tanh": Function(tanh),
    "sigmoid": Function(sigmoid),
    "factorial": Function(factorial),
    "binomial": Function(binomial, 2, 2),
    "gamma_function": Function(gamma_function),
    "beta_function": Function(beta_function, 2, 2),
    "bessel_i0": Function(bessel_i0),
    "digamma": Function(of_float(special.digamma)),
    "trigamma": Function(of_float(special.trigamma)),
    "erf": Function(erf),
    "erfc": Function(erfc),
}  # fmt: skip

VECTOR_FUNCTIONS = ("softmax", "batchnorm", "layernorm", "cross_entropy")
"""Functions of whole vectors; the others are applied entry by entry."""


def files_in(package: str) -> frozenset[str]:
    """The names of the files in a package below this one, which are not loaded."""
    _, *folders = package.split(".")
    names = os.listdir(os.path.join(os.path.dirname(os.path.dirname(__file__)), *folders))
    return frozenset(
        name.removesuffix(".py") for name in names if name.endswith(".py") and name[0] != "_"
    )


OBSERVED = files_in("mlcalc.estimation.distributions")
"""The distributions that data may follow: each is a file with all that is known of it."""
DISTRIBUTIONS = OBSERVED | files_in("mlcalc.estimation.distributions.of_parameters")
STRUCTURES = ("sum", "product", "cases", "hadamard", "matmul", "dot", "indicator")
"""Calls that are notation of their own: sum(x[i], i, 1, n)."""
KNOWN_CALLS = frozenset({*FUNCTIONS, *VECTOR_FUNCTIONS, *STRUCTURES, *DISTRIBUTIONS})
"""All names that the reader knows before a bracket."""


def softmax(values: Sequence[Scalar]) -> tuple[Scalar, ...]:
    """e^(z_i)/Σ e^(z_j), shifted by the largest z so that nothing overflows; exact for equal z."""
    if not values:
        raise Undefined("softmax of an empty list")
    if len(set(values)) == 1 and not any(v.blurred for v in values if isinstance(v, Real)):
        return tuple(Fraction(1, len(values)) for _ in values)
    top = max(values)
    weights = [exp(plus(value, -top)) for value in values]
    whole = total(*weights)
    return tuple(over(weight, whole) for weight in weights)


def normalised(values: Sequence[Scalar], epsilon: Scalar) -> tuple[Scalar, ...]:
    """(z − mean)/√(variance + ε), the variance with 1/n."""
    centre = mean(*values)
    deviation = sqrt(plus(var(*values), epsilon))
    return tuple(over(plus(value, -centre), deviation) for value in values)


def cross_entropy(probabilities: Sequence[Scalar], targets: Sequence[Scalar]) -> Scalar:
    """−Σ t_i log p_i, with the natural logarithm."""
    pairs = zip(targets, probabilities, strict=True)
    return times(Fraction(-1), total(*(times(target, log(p)) for target, p in pairs)))
