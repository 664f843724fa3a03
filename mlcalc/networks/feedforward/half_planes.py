"""Regions as they are typed: half-planes such as x1 < 5, whose common part is meant.

A side is kept as the sum that is positive on it: 5 − x1 for x1 < 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import FieldType, Schema
from mlcalc.maths import reader
from mlcalc.maths.evaluate import CONSTANTS, exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Add, Chain, Div, Expr, Mul, Neg, Symbol
from mlcalc.networks.feedforward.inputs import in_order, with_subscripts
from mlcalc.networks.feedforward.threshold_network import weighted

BETWEEN_SIDES = re.compile(r",|∧|&+|\bAND\b", re.IGNORECASE)
BETWEEN_PIECES = re.compile(r";|∨|\|+|\bOR\b", re.IGNORECASE)
GREATER = {">": True, ">=": False}
LESS = {"<": True, "<=": False}
AXES = ("x", "y", "z", "u", "v", "w")
MOST_SIDES = 40
MOST_PIECES = 12
MOST_INPUTS = 6

CONSTANT = Symbol("")
"""The key of the number without a letter in a linear form."""

Form = dict[Symbol, Fraction]
"""The coefficient of each letter in a sum, and of none."""


class Side(Record):
    """The half-space where `form` is positive, or where it is 0 if the side is not `strict`."""

    typed: Chain
    form: tuple[tuple[Symbol, Fraction], ...]
    strict: bool

    @property
    def bias(self) -> Fraction:
        return dict(self.form).get(CONSTANT, Fraction(0))

    def weights(self, inputs: Sequence[Symbol]) -> tuple[Fraction, ...]:
        return tuple(dict(self.form).get(name, Fraction(0)) for name in inputs)

    def sum(self) -> Expr:
        """The form as it is written: 5 − x₁."""
        names = inputs_of(((self,),))
        return weighted((self.bias, *self.weights(names)), names)

    def value(self, inputs: Sequence[Symbol], point: Sequence[Fraction]) -> Fraction:
        pairs = zip(self.weights(inputs), point, strict=True)
        return sum((weight * entry for weight, entry in pairs), self.bias)


Piece = tuple[Side, ...]
"""The points on all of the sides."""


def inputs_of(pieces: Sequence[Piece]) -> tuple[Symbol, ...]:
    """The coordinates that the sides name, in their order: x1, x2, …"""
    named = {name for piece in pieces for side in piece for name, _ in side.form}
    return in_order(named - {CONSTANT})


class HalfPlanes(FieldType[Piece]):
    """Sides whose common part is meant: x1 > 0, x1 < 5, 2x1 + 3x2 <= 6."""

    metavar = "SIDES"
    expected = "the sides of a region, such as 'x1 > 0, x1 < 5, 2x1 + 3x2 <= 6'"

    def read(self, raw: Raw) -> Piece:
        match raw:
            case Text(value) if found := BETWEEN_PIECES.search(value):
                message = f"'{found.group()}' joins several regions: give them as pieces"
                raise Invalid.at(message, raw.at(found.start()))
            case Text(value) if value.strip():
                sides = [side for part in cut(raw, BETWEEN_SIDES) for side in sides_of(part)]
            case Items(items) if items and all(isinstance(item, Text) for item in items):
                return self.bounded(raw, [side for item in items for side in self.read(item)])
            case _:
                raise self.refused(raw)
        return self.bounded(raw, sides)

    def bounded(self, raw: Raw, sides: Sequence[Side]) -> Piece:
        if len(sides) > MOST_SIDES:
            raise Invalid.at(f"a region may have {MOST_SIDES} sides at most", raw.place)
        refuse_letters(raw, tuple(sides))
        return tuple(sides)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


class Pieces(FieldType[tuple[Piece, ...]]):
    """Convex regions whose union is meant, each by its sides; the flag is repeated."""

    metavar = "SIDES"
    expected = "regions such as 'x1 > 0, x1 < 1, x2 > 0, x2 < 2', one each"
    repeats = True

    def read(self, raw: Raw) -> tuple[Piece, ...]:
        match raw:
            case Text(value) if value.strip():
                parts: list[Raw] = list(cut(raw, BETWEEN_PIECES))
            case Items(items) if items:
                parts = [part for item in items for part in self.parts(item)]
            case _:
                raise self.refused(raw)
        if len(parts) > MOST_PIECES:
            raise Invalid.at(f"{MOST_PIECES} pieces at most can be joined", raw.place)
        return tuple(map(HalfPlanes().read, parts))

    def parts(self, raw: Raw) -> list[Raw]:
        if isinstance(raw, Entries):
            raise self.refused(raw)
        return list(cut(raw, BETWEEN_PIECES)) if isinstance(raw, Text) else [raw]

    def schema(self) -> Schema:
        one = HalfPlanes().schema()
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": one}]}


def refuse_letters(raw: Raw, piece: Piece) -> None:
    """Refuses a < x1 < b: beside coordinates with numbers, or x, y and z, a letter is none."""
    names = inputs_of((piece,))
    numbered = [name for name in names if name.subscript.isdecimal()]
    coordinates = numbered or [name for name in names if name.spelled in AXES]
    others = [name for name in names if name not in coordinates]
    if coordinates and others:
        letter, name = (found.name + found.subscript for found in (others[0], coordinates[0]))
        what = f"'{letter}' is no coordinate beside {name}"
        message = f"{what}: the sides of a region are numbers, such as 0 < {name} < 5"
        raise Invalid.at(message, raw.place)


def cut(raw: Text, between: re.Pattern[str]) -> Iterator[Text]:
    """The parts of a text, each with its place."""
    start = 0
    for found in [*between.finditer(raw.value), None]:
        end = len(raw.value) if found is None else found.start()
        part = raw.value[start:end]
        skipped = start + len(part) - len(part.lstrip())
        yield Text(part.strip(), raw.at(skipped), exact=raw.exact)
        start = end if found is None else found.end()


def sides_of(raw: Text) -> list[Side]:
    """The sides that one inequality spells: one, or two of 0 < x1 < 5."""
    try:
        found = reader.read(with_subscripts(raw.value))
    except Unreadable as error:
        raise Invalid.at(error.message, raw.at(error.position)) from None
    if not isinstance(found, Chain):
        raise Invalid.at(f"expected an inequality such as x1 < 5, not '{raw.value}'", raw.place)
    relations = [relation for relation, _ in found.links]
    one_way = set(relations) <= set(GREATER) or set(relations) <= set(LESS)
    if not one_way:
        wanted = "a side is written with <, <=, > or >=, all of one direction: 0 < x1 < 5"
        raise Invalid.at(f"{wanted}, not '{raw.value}'", raw.place)
    return [
        side(left, relation, right, raw)
        for relation, (left, right) in zip(relations, pairwise(found.members), strict=True)
    ]


def side(left: Expr, relation: str, right: Expr, raw: Text) -> Side:
    """The sum that is positive where `left relation right` holds."""
    large, small = (left, right) if relation in GREATER else (right, left)
    form = plus(linear(large, raw), linear(small, raw), Fraction(-1))
    if not any(value for name, value in form.items() if name != CONSTANT):
        raise Invalid.at(f"'{raw.value}' does not depend on any coordinate", raw.place)
    kept = tuple((name, value) for name, value in form.items() if value)
    return Side(Chain(left, ((relation, right),)), kept, (GREATER | LESS)[relation])


def plus(left: Form, right: Form, factor: Fraction = Fraction(1)) -> Form:
    return {
        name: left.get(name, Fraction(0)) + factor * right.get(name, Fraction(0))
        for name in {**left, **right}
    }


def linear(expression: Expr, raw: Text) -> Form:
    """The coefficients of a sum of numbers times letters; refuses anything else."""
    value = exact(expression)
    if value is not None:
        return {CONSTANT: value}
    match expression:
        case Symbol() if expression.spelled not in CONSTANTS:
            return {expression: Fraction(1)}
        case Neg(operand):
            return plus({}, linear(operand, raw), Fraction(-1))
        case Add(terms):
            total: Form = {}
            for term in terms:
                total = plus(total, linear(term, raw))
            return total
        case Div(numerator, denominator) if divisor := exact(denominator):
            return plus({}, linear(numerator, raw), 1 / divisor)
        case Mul(factors):
            known = [exact(factor) for factor in factors]
            if known.count(None) == 1:
                scale = Fraction(1)
                for number in known:
                    scale *= 1 if number is None else number
                return plus({}, linear(factors[known.index(None)], raw), scale)
    raise Invalid.at(
        f"{one_line(expression)} is not linear: a side is a sum of numbers times coordinates, "
        "such as 2x1 + 3x2 <= 6",
        raw.place,
    )
