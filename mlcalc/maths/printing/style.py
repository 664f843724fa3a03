"""What the reader of the output may choose: how many digits, and whether only ASCII."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from mlcalc.maths.functions import to_float
from mlcalc.maths.numerics.real import Real
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Decimal, known


class Style(Record):
    """`digits` are the significant digits of a Decimal; `ascii` spells everything in ASCII.

    `more` has the numbers that need more digits, by `size_key`, so that what is shown of them
    gives the next line.
    """

    digits: int = 5
    ascii: bool = False
    more: Mapping[str, int] = MappingProxyType({})


DEFAULT = Style()


def size_of(number: Decimal) -> str:
    """The `size_key` of its value, which the number keeps."""
    try:
        return number._size  # type: ignore[attr-defined, no-any-return]  # a slot
    except AttributeError:
        return known(number, "_size", size_key(number.value))


def size_key(value: Fraction | float) -> str:
    """What a number has in common with itself in another line, computed otherwise or negative."""
    if isinstance(value, Real) and value.digits and not float(value):
        return f"{value.digits.copy_abs():.12e}"  # smaller than any float
    return f"{abs(to_float(value)):.12e}"
