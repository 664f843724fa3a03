"""Units for Boolean functions: one where a plane separates ones from zeros, else two layers.

All sums are at least 10 away from 0, so that the same weights serve step and sigmoid units: those
of AND are −30, 20, 20, of OR −10, 20, 20, of NOT 10, −20.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from mlcalc.feedforward.boolean_formula import Bits
from mlcalc.feedforward.boolean_terms import Term, cover
from mlcalc.feedforward.threshold_network import Layer, Unit
from mlcalc.learning.separation import CommonPoint, Plane, lowest, separate

MARGIN = 10
"""How far a sum stays from 0: a sigmoid is within 0.00005 of 0 or 1 there."""

LARGEST_TOTAL = 30
"""So large a sum of weights is tried; the threshold functions of 6 inputs need no more."""


def one_unit(table: Mapping[Bits, int]) -> Unit | CommonPoint:
    """The unit that computes the function, or why there is none: a point among ones and zeros."""
    rows = [tuple(map(Fraction, row)) for row in table]
    labels = list(table.values())
    if len(set(labels)) == 1:
        return Unit(Fraction(MARGIN if labels[0] else -MARGIN), (Fraction(0),) * len(rows[0]))
    found = separate(rows, labels)
    if isinstance(found, CommonPoint):
        return found
    weights = small_weights(table, found) or lowest(found.weights)
    ones, zeros = sums(table, weights)
    scale = Fraction(2 * MARGIN)
    bias = -scale * (min(ones) + max(zeros)) / 2
    return Unit(bias, tuple(scale * weight for weight in weights))


def sums(
    table: Mapping[Bits, int], weights: Sequence[Fraction]
) -> tuple[list[Fraction], list[Fraction]]:
    """w·x of the rows that are 1, and of those that are 0."""
    both: tuple[list[Fraction], list[Fraction]] = ([], [])
    for row, value in table.items():
        total = sum((w for w, bit in zip(weights, row, strict=True) if bit), Fraction(0))
        both[0 if value else 1].append(total)
    return both


def small_weights(table: Mapping[Bits, int], plane: Plane) -> tuple[Fraction, ...] | None:
    """Whole weights with a small sum, signed as those of the plane; None if none were found.

    Inputs of more influence have larger weights, and those of the same have the same (Chow 1961).
    """
    influence = [influence_of(table, place) for place in range(len(plane.weights))]
    ranks = sorted({size for size in influence if size}, reverse=True)
    counts = [influence.count(rank) for rank in ranks]
    signs = [1 if weight > 0 else -1 for weight in plane.weights]
    for total in range(1, LARGEST_TOTAL + 1):
        for sizes in falling(counts, total, total):
            known = dict(zip(ranks, sizes, strict=True))
            weights = tuple(
                Fraction(sign * known.get(size, 0))
                for sign, size in zip(signs, influence, strict=True)
            )
            ones, zeros = sums(table, weights)
            if min(ones) > max(zeros):
                return weights
    return None


def influence_of(table: Mapping[Bits, int], place: int) -> int:
    """In how many rows the value changes with that input."""
    return sum(
        value != table[(*row[:place], 1 - row[place], *row[place + 1 :])]
        for row, value in table.items()
    )


def falling(counts: Sequence[int], total: int, most: int) -> Iterator[tuple[int, ...]]:
    """Positive numbers, none larger than the one before, with Σ count·number = total."""
    if not counts:
        if total == 0:
            yield ()
        return
    for size in range(min(most, total // counts[0]), 0, -1):
        for rest in falling(counts[1:], total - counts[0] * size, size):
            yield size, *rest


def two_layers(table: Mapping[Bits, int]) -> tuple[tuple[Term, ...], tuple[Layer, ...]]:
    """The ANDs whose OR is the function, and their units below an OR unit."""
    terms = tuple(cover(table))
    top = Unit(Fraction(-MARGIN), (Fraction(2 * MARGIN),) * len(terms))
    return terms, (tuple(map(and_unit, terms)), (top,))


def and_unit(term: Term) -> Unit:
    """1 where all inputs are as wanted: the sum is 10 there, and −10 or less elsewhere."""
    scale = 2 * MARGIN
    weights = (Fraction(0 if wanted is None else scale if wanted else -scale) for wanted in term)
    return Unit(Fraction(MARGIN - scale * term.count(1)), tuple(weights))
