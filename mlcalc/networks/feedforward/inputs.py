"""The names of a network's inputs: x1 is x₁, and x10 comes after x9."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mlcalc.maths.tree import Symbol

NUMBERED = re.compile(r"(?<![A-Za-z_])([A-Za-z])([0-9]+)(?![\w.])")
AFTER_NUMBER = re.compile(r"[0-9.][eE]$")
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def with_subscripts(text: str) -> str:
    """x₁ for x1, of the same length: the reader would take 2x1 for a shape of 2×1.

    The exponent of 2e5 is left alone.
    """

    def lowered(match: re.Match[str]) -> str:
        is_exponent = AFTER_NUMBER.search(text[: match.end(1)])
        return match.group() if is_exponent else match[1] + match[2].translate(SUBSCRIPTS)

    return NUMBERED.sub(lowered, text)


def in_order(names: Iterable[Symbol]) -> tuple[Symbol, ...]:
    """By letter, and then by number."""

    def key(name: Symbol) -> tuple[str, int, str]:
        number = int(name.subscript) if name.subscript.isdecimal() else -1
        return name.name, number, name.subscript

    return tuple(sorted(names, key=key))
