"""Shapes on their way through a network: 3@128×128 is a stack of maps, 10×512 a sequence of
vectors or one image, 784 a vector."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt, prod

from mlcalc.convolution.windows import added_up
from mlcalc.fields import as_number
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr, Mul, Number, Shape, joined, spread

ZERO = as_number(0)


def sizes_of(shape: Shape) -> tuple[Expr, ...]:
    """All sizes, channels first."""
    return shape.sizes if shape.channels is None else (shape.channels, *shape.sizes)


def entry_count(shape: Shape) -> Expr:
    """How many numbers the tensor holds."""
    sizes = sizes_of(shape)
    values = [value for size in sizes if (value := exact(size)) is not None]
    if len(values) == len(sizes):
        return as_number(prod(values))
    return joined(Mul, spread(Mul, *sizes))


def nearest_divisor(number: int, wanted: int) -> int:
    """The divisor that is nearest to what was wanted, found in √number steps."""
    small = [n for n in range(1, isqrt(number) + 1) if number % n == 0]
    return min((*small, *(number // n for n in small)), key=lambda n: (abs(n - wanted), n))


def same_shape(left: Shape, right: Shape) -> bool:
    """Whether all sizes are equal, as values or as formulas."""
    from mlcalc.maths.compare import same

    ours, theirs = sizes_of(left), sizes_of(right)
    if ours == theirs:
        return True
    return len(ours) == len(theirs) and all(
        same(a, b) is True for a, b in zip(ours, theirs, strict=True)
    )


def in_words(shape: Shape) -> str:
    """3@128×128, a sequence 10×512, a vector of 100."""
    text = one_line(shape)
    if len(shape.sizes) == 1 and shape.channels is None:
        return f"a vector of {text}"
    return text


def settled(count: Expr) -> Expr:
    """The count as a number where it has a value."""
    value = exact(count)
    return count if value is None or isinstance(count, Number) else as_number(value)


def total(counts: Sequence[Expr]) -> Expr:
    """The sum as a number, or as a formula in letters with its numbers added up."""
    values = [exact(count) for count in counts]
    numbers = [value for value in values if value is not None]
    if len(numbers) == len(values):
        return as_number(sum(numbers, Fraction(0)))
    return added_up(counts)
