"""Shapes and parameters of a network from its units a layer, in numbers or in letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain, pairwise
from math import prod

from mlcalc.derivation import Answer, Derivation, Prose, Result, Step, Table, count_answer
from mlcalc.feedforward.question import NetworkQuestion, refuse_others
from mlcalc.fields import as_number
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Add, Expr, Indexed, Listing, Mul, Number, Shape, Symbol, equals
from mlcalc.maths.vectors import added
from mlcalc.records import Record

A, B, S, W, X, Y = map(Symbol, "absWxy")
THETA, PARAMETERS = Symbol("Theta"), Symbol("N")
ONE = as_number(1)
Name = Symbol | Indexed


class Piece(Record):
    """A matrix or a vector: its shape as it comes about, and whether it is learned."""

    name: Name
    rows: Expr
    columns: Expr
    role: str
    is_learned: bool

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
    return Derivation(title, steps, (shapes_answer(pieces), parameter_answer(pieces)))


def simplest(size: Expr) -> Expr:
    """A number as it is, the number of a product before its letters: 3·n for n·3."""
    number, letters = parted(size)
    return size if isinstance(size, Add) and letters else times(number, letters)


def parted(size: Expr) -> tuple[Fraction, tuple[Expr, ...]]:
    """The number and the letters of a product; a sum with letters counts as one of them."""
    factors = size.factors if isinstance(size, Mul) else (size,)
    numbers = [(factor, exact(factor)) for factor in factors]
    letters = tuple(factor for factor, value in numbers if value is None)
    return prod((value for _, value in numbers if value is not None), start=Fraction(1)), letters


def times(number: Fraction, letters: tuple[Expr, ...]) -> Expr:
    """3·n; the factor 1 is not written."""
    factors = letters if letters and number == 1 else (Number(number), *letters)
    return Mul(factors) if len(factors) > 1 else factors[0]


def collected(terms: Iterable[Expr]) -> Expr:
    """The sum with like terms put together: 3·n + n is 4·n."""
    found: dict[tuple[Expr, ...], Fraction] = {}
    for term in terms:
        for part in term.terms if isinstance(term, Add) else (term,):
            number, letters = parted(part)
            found[letters] = found.get(letters, Fraction(0)) + number
    return added([times(number, letters) for letters, number in found.items()])


def product(left: Expr, right: Expr) -> Expr:
    """The factors of both side by side: h·n·d; a unit alone is no factor of letters."""
    if left == ONE and exact(right) is None:
        return right
    sides = (side.factors if isinstance(side, Mul) else (side,) for side in (left, right))
    return Mul(tuple(chain.from_iterable(sides)))


def indexed(base: Symbol, number: int) -> Indexed:
    return Indexed(base, (as_number(number),))


def pieces_of(sizes: Sequence[Expr], column: bool) -> list[Piece]:
    """What each layer reads, its weights and biases, and the output."""
    found: list[Piece] = []
    for number, (reads, gives) in enumerate(pairwise(sizes), 1):
        if column:
            width = simplest(reads) + ONE
            role = "the input" if number == 1 else "what the layer below gives"
            found += [
                Piece(indexed(A, number), width, ONE, f"{role}, below a leading 1", False),
                Piece(indexed(THETA, number), gives, width, "weights, biases first", True),
            ]
        else:
            name = X if number == 1 else indexed(A, number - 1)
            role = "the input" if number == 1 else "a hidden layer"
            found += [
                Piece(name, reads, ONE, role, False),
                Piece(indexed(W, number), gives, reads, "weights", True),
                Piece(indexed(B, number), gives, ONE, "biases", True),
            ]
    return [*found, Piece(Y, sizes[-1], ONE, "the output", False)]


def layers_step(sizes: Sequence[Expr], column: bool) -> Step:
    """The units of each layer under their names."""
    first = int(column)
    names = [indexed(S, number) for number in range(first, len(sizes) + first)]
    rows: list[tuple[Prose | Expr, ...]] = []
    for place, (name, size) in enumerate(zip(names, sizes, strict=True)):
        role = {0: "input", len(sizes) - 1: "output"}.get(place, "hidden")
        rows.append((as_number(place + first), role, equals(name, size, simplest(size))))
    return Step("count the units", (Table(("layer", "", "units"), tuple(rows)),))


def shapes_step(pieces: Sequence[Piece], column: bool) -> Step:
    """A matrix has a row for each unit and a column for each number that it reads."""
    rows: list[tuple[Prose | Expr, ...]] = [
        (piece.name, equals(Shape((piece.rows, piece.columns)), piece.shape), piece.role)
        for piece in pieces
    ]
    j = Symbol("j")
    what = "a matrix has a row for each of its units and a column for each number that it reads"
    if column:
        what += " and for the leading 1"
        general = equals(Indexed(THETA, (j,)), Shape((Indexed(S, (j + 1,)), Indexed(S, (j,)) + 1)))
    else:
        general = equals(Indexed(W, (j,)), Shape((Indexed(S, (j,)), Indexed(S, (j - 1,)))))
    note = (f"{what}: ", general)
    return Step("give each its shape", (Table(("name", "shape", "what it is"), tuple(rows)),), note)


def count_step(pieces: Sequence[Piece]) -> Step:
    """The entries of what is learned, added up."""
    learned = [piece for piece in pieces if piece.is_learned]
    rows: list[tuple[Expr, ...]] = [
        (piece.name, equals(piece.count, simplest(piece.count))) for piece in learned
    ]
    whole = equals(PARAMETERS, added([simplest(piece.count) for piece in learned]), total(pieces))
    table = Table(("learned", "numbers"), tuple(rows))
    note = "each entry of a weight matrix and each bias is a number that is learned"
    return Step("count what is learned", (table, whole), note)


def total(pieces: Sequence[Piece]) -> Expr:
    return collected(simplest(piece.count) for piece in pieces if piece.is_learned)


def shapes_answer(pieces: Sequence[Piece]) -> Answer:
    value: dict[str, Result] = {}
    for piece in pieces:
        numbers = tuple(exact(size) for size in piece.shape.sizes)
        known = tuple(number for number in numbers if number is not None)
        value[spelled(piece.name)] = known if len(known) == len(numbers) else piece.shape
    listed = Listing(tuple(equals(piece.name, piece.shape) for piece in pieces))
    return Answer("shapes", value, listed, is_count=True)


def spelled(name: Name) -> str:
    """W_1."""
    if isinstance(name, Symbol):
        return name.spelled
    (index,) = name.indices
    return f"{name.base.name}_{exact(index)}" if isinstance(name.base, Symbol) else ""


def parameter_answer(pieces: Sequence[Piece]) -> Answer:
    """A number, or the formula."""
    found = total(pieces)
    value = exact(found)
    return count_answer("parameter_count", found if value is None else value)
