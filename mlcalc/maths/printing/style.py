"""What the reader of the output may choose: how many digits, and whether only ASCII."""

from __future__ import annotations

from mlcalc.records import Record


class Style(Record):
    """`digits` are the significant digits of a Decimal; `ascii` spells everything in ASCII."""

    digits: int = 5
    ascii: bool = False


DEFAULT = Style()
