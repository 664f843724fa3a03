"""Sizes and shapes, in numbers or letters: 3@128×128 is a stack of maps, 10×512 a sequence of
vectors or one image, 784 a vector."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt, prod

from mlcalc.files.fields import as_number
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Add, Expr, Mul, Neg, Number, Shape, joined, spread

ZERO, ONE = as_number(0), as_number(1)


def count_value(count: Expr) -> Fraction | Expr:
    """The count as a number where it has a value."""
    value = exact(count)
    return count if value is None else value


def settled(count: Expr) -> Expr:
    """The same as notation."""
    value = exact(count)
    return count if value is None or isinstance(count, Number) else as_number(value)


def divisor(groups: Expr) -> Expr | None:
    """The groups as they stand in a formula: one group goes without saying."""
    return None if exact(groups) == 1 else groups


def added_up(terms: Sequence[Expr]) -> Expr:
    """The sum with its numbers added into one, which stands last, or first before minus signs."""
    known = [term.value for term in terms if isinstance(term, Number)]
    if len(known) == len(terms) and min(known, default=0) >= 0:
        return as_number(sum(known))
    parts = spread(Add, *spread(Add, *terms))
    number = sum((exact(part) or Fraction(0) for part in parts), Fraction(0))
    letters = [part for part in parts if exact(part) is None]
    if number > 0 and all(isinstance(part, Neg) for part in letters):
        letters.insert(0, as_number(number))
    elif number:
        letters.append(as_number(number) if number > 0 else -as_number(-number))
    return joined(Add, letters or [ZERO])


def shape_value(shape: Shape) -> Shape | tuple[Fraction, ...]:
    """The sizes as numbers, channels first; the shape itself where letters are left."""
    sizes = sizes_of(shape)
    values = tuple(value for size in sizes if (value := exact(size)) is not None)
    return values if len(values) == len(sizes) else shape


def sizes_of(shape: Shape) -> tuple[Expr, ...]:
    """All sizes, channels first."""
    return shape.sizes if shape.channels is None else (shape.channels, *shape.sizes)


def entry_count(shape: Shape) -> Expr:
    """How many numbers the tensor holds."""
    values = shape_value(shape)
    if isinstance(values, tuple):
        return as_number(prod(values))
    return joined(Mul, spread(Mul, *sizes_of(shape)))


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
