"""A line of the house in whole numbers: what is counted needs no tree, only the tree's value.

The line that is written on the board is the one that is computed here, so the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from math import prod
from typing import TypeAlias

from mlcalc.maths.board import Fill, line
from mlcalc.maths.evaluate import Numbers, exact
from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import Expr, Listing, Symbol

Count: TypeAlias = "int | Fraction"
Counts: TypeAlias = tuple[Count, ...]
"""What fills a hole, as on the board: a number, several, or nothing."""
Made: TypeAlias = Callable[[Mapping[str, Counts]], Counts]

ROUNDED: Mapping[str, Callable[[Count], int]] = {
    "floor": lambda number: number // 1, "ceil": lambda number: -(-number // 1),
}  # fmt: skip


def counted(text: str, names: Mapping[str, Fill]) -> Count | None:
    """The value of a line with these numbers in its holes; None where a letter is left."""
    return value_of(text, in_numbers(names))


def value_of(text: str, numbers: Mapping[str, Counts]) -> Count | None:
    """The same where the letters have been left out."""
    try:
        return counting(text)(numbers)[0]
    except KeyError:
        return None


def in_numbers(names: Mapping[str, Fill]) -> dict[str, Counts]:
    """What fills the holes, without what is no number."""
    found = {}
    for name, filling in names.items():
        items = filling if isinstance(filling, list | tuple) else [filling]
        numbers = [
            exact(item) if isinstance(item, Expr) else item for item in items if item is not None
        ]
        known = [as_count(Fraction(n)) for n in numbers if isinstance(n, Fraction | int)]
        if len(known) == len(numbers):
            found[name] = tuple(known)
    return found


@cache
def counting(text: str) -> Made:
    """The value of a line of the house, once its holes are filled with numbers."""
    return Counting().value(line(text))


class Counting(Numbers[Made]):
    """Functions of what the names of a line stand for."""

    def number(self, value: Scalar) -> Made:
        found = (as_count(Fraction(value)),)
        return lambda _: found

    def symbol(self, symbol: Symbol) -> Made:
        name = symbol.spelled
        return lambda names: names[name]

    def sum(self, terms: list[Made]) -> Made:
        return lambda names: (sum(n for term in terms for n in term(names)),)

    def negative(self, value: Made) -> Made:
        return lambda names: tuple(-number for number in value(names))

    def product(self, factors: list[Made]) -> Made:
        return lambda names: (prod(n for factor in factors for n in factor(names)),)

    def quotient(self, above: Made, below: Made) -> Made:
        def divided(names: Mapping[str, Counts]) -> Counts:
            number, by = prod(above(names)), prod(below(names))
            return (as_count(Fraction(number, by)),) if number % by else (number // by,)

        return divided

    def power(self, base: Expr, exponent: Expr) -> Made:
        raise NotImplementedError("nothing that is counted is a power")

    def call(self, name: str, arguments: tuple[Expr, ...]) -> Made:
        (inside,), rounded = map(self.value, arguments), ROUNDED[name]
        return lambda names: tuple(map(rounded, inside(names)))

    def other(self, part: Expr) -> Made:
        if not isinstance(part, Listing):
            return super().other(part)
        items = [self.value(item) for item in part.items]
        return lambda names: tuple(n for item in items for n in item(names))


def as_count(value: Fraction) -> Count:
    return value.numerator if value.denominator == 1 else value
