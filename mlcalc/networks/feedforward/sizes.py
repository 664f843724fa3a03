"""Shapes and parameters of a network from its units a layer, in numbers or in letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import prod

from mlcalc.files.fields import as_number
from mlcalc.maths.board import Prose, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Add, Expr, Listing, Mul, Number, Shape, Symbol, equals, joined, spread
from mlcalc.maths.vectors import added
from mlcalc.networks.feedforward.network import X, Y
from mlcalc.networks.feedforward.question import NetworkQuestion, refuse_others
from mlcalc.showing.derivation import Answer, Derivation, Result, Step, Table, count_answer, step

ONE = as_number(1)


class Piece(Record):
    """A matrix or a vector: its shape as it comes about, and whether it is learned."""

    name: Symbol
    rows: Expr
    columns: Expr
    role: str
    is_learned: bool = False

    @property
    def shape(self) -> Shape:
        return Shape((simplest(self.rows), simplest(self.columns)))

    @property
    def count(self) -> Expr:
        """rows·columns; a column has its rows."""
        return self.rows if self.columns == ONE else product(self.rows, self.columns)


def sized(given: NetworkQuestion) -> Derivation:
    """The shape of every matrix, and how many numbers are learned."""
    assert given.sizes is not None
    refuse_others(given, NetworkQuestion.sizes, (NetworkQuestion.bias_column,))
    pieces = pieces_of(given.sizes, given.bias_column)
    steps = (
        layers_step(given.sizes, given.bias_column),
        shapes_step(pieces, given.bias_column),
        count_step(pieces),
    )
    title = "Shapes and parameters of a feed-forward network"
    count, known = total(pieces), exact(total(pieces))
    answers = (
        shapes_answer(pieces),
        count_answer("parameter_count", count if known is None else known),
    )
    return Derivation(title, steps, answers)


def simplest(size: Expr) -> Expr:
    """A number as it is, the number of a product before its letters: 3·n for n·3."""
    number, letters = parted(size)
    return size if isinstance(size, Add) and letters else times(number, letters)


def parted(size: Expr) -> tuple[Fraction, tuple[Expr, ...]]:
    """The number and the letters of a product; a sum with letters counts as one of them."""
    numbers = [(factor, exact(factor)) for factor in spread(Mul, size)]
    letters = tuple(factor for factor, value in numbers if value is None)
    return prod((value for _, value in numbers if value is not None), start=Fraction(1)), letters


def times(number: Fraction, letters: tuple[Expr, ...]) -> Expr:
    """3·n; the factor 1 is not written."""
    factors = letters if letters and number == 1 else (Number(number), *letters)
    return joined(Mul, factors)


def collected(terms: Iterable[Expr]) -> Expr:
    """The sum with like terms put together: 3·n + n is 4·n."""
    found: dict[tuple[Expr, ...], Fraction] = {}
    for term in terms:
        for part in spread(Add, term):
            number, letters = parted(part)
            found[letters] = found.get(letters, Fraction(0)) + number
    return added([times(number, letters) for letters, number in found.items()])


def product(left: Expr, right: Expr) -> Expr:
    """The factors of both side by side: h·n·d; a unit alone is no factor of letters."""
    if left == ONE and exact(right) is None:
        return right
    return Mul(spread(Mul, left, right))


def pieces_of(sizes: Sequence[Expr], column: bool) -> list[Piece]:
    """What each layer reads, its weights and biases, and the output."""
    found: list[Piece] = []
    for number, (reads, gives) in enumerate(pairwise(sizes), 1):
        if column:
            width = simplest(reads) + ONE
            role = "the input" if number == 1 else "what the layer below gives"
            found += [
                Piece(Symbol("a", f"{number}"), width, ONE, f"{role}, below a leading 1"),
                Piece(Symbol("Theta", f"{number}"), gives, width, "weights, biases first", True),
            ]
        else:
            name = X if number == 1 else Symbol("a", f"{number - 1}")
            role = "the input" if number == 1 else "a hidden layer"
            found += [
                Piece(name, reads, ONE, role),
                Piece(Symbol("W", f"{number}"), gives, reads, "weights", True),
                Piece(Symbol("b", f"{number}"), gives, ONE, "biases", True),
            ]
    return [*found, Piece(Y, sizes[-1], ONE, "the output")]


def layers_step(sizes: Sequence[Expr], column: bool) -> Step:
    """The units of each layer under their names."""
    rows: list[tuple[Prose | Expr, ...]] = []
    for place, size in enumerate(sizes):
        number = place + column
        role = {0: "input", len(sizes) - 1: "output"}.get(place, "hidden")
        units = line(f"s_{number} = size = simplest", size=size, simplest=simplest(size))
        rows.append((as_number(number), role, units))
    return Step("count the units", (Table(("layer", "", "units"), tuple(rows)),))


def shapes_step(pieces: Sequence[Piece], column: bool) -> Step:
    """A matrix has a row for each unit and a column for each number that it reads."""
    rows: list[tuple[Prose | Expr, ...]] = [
        (piece.name, equals(Shape((piece.rows, piece.columns)), piece.shape), piece.role)
        for piece in pieces
    ]
    shape = Shape((line("s[j]"), line("s[j - 1]")))
    why = "a matrix has a row for each of its units and a column for each number that it reads"
    if column:
        shape = Shape((line("s[j + 1]"), line("s[j] + 1")))
        why += " and for the leading 1"
    rule = "$Theta[j] = shape$" if column else "$W[j] = shape$"
    table = Table(("name", "shape", "what it is"), tuple(rows))
    return step("give each its shape", table, why=f"{why}: {rule}", shape=shape)


def count_step(pieces: Sequence[Piece]) -> Step:
    """The entries of what is learned, added up."""
    learned = [piece for piece in pieces if piece.is_learned]
    rows = tuple((piece.name, equals(piece.count, simplest(piece.count))) for piece in learned)
    return step(
        "count what is learned",
        Table(("learned", "numbers"), rows),
        "N = parts = total",
        why="each entry of a weight matrix and each bias is a number that is learned",
        parts=added([simplest(piece.count) for piece in learned]),
        total=total(pieces),
    )


def total(pieces: Sequence[Piece]) -> Expr:
    return collected(simplest(piece.count) for piece in pieces if piece.is_learned)


def shapes_answer(pieces: Sequence[Piece]) -> Answer:
    value: dict[str, Result] = {}
    for piece in pieces:
        numbers = tuple(exact(size) for size in piece.shape.sizes)
        known = tuple(number for number in numbers if number is not None)
        value[piece.name.spelled] = known if len(known) == len(numbers) else piece.shape
    listed = Listing(tuple(equals(piece.name, piece.shape) for piece in pieces))
    return Answer("shapes", value, listed, is_count=True)
