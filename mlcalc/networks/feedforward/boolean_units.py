"""A Boolean function as an OR of few ANDs (Quine 1952, McCluskey 1956)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

from mlcalc.learning.separation import CommonPoint, Plane, lowest, separate
from mlcalc.networks.feedforward.boolean_reader import Bits
from mlcalc.networks.feedforward.threshold_network import Unit

Term = tuple[int | None, ...]
"""What each input has to be: 1, 0, or None where it may be either."""

MOST_CHOICES = 20_000
"""So many choices are tried for the least cover; the first of them is already a good one."""


def holds(term: Term, row: Bits) -> bool:
    return all(wanted in (None, bit) for wanted, bit in zip(term, row, strict=True))


def prime_terms(table: Mapping[Bits, int]) -> list[Term]:
    """The ANDs under which the function is always 1, and no shorter one is."""
    count = len(next(iter(table)))
    wide: list[Term] = []
    # Short terms come first, so that a term is prime if no prime one before it covers it.
    terms = sorted(product((1, 0, None), repeat=count), key=lambda term: -term.count(None))
    for term in terms:
        if any(within(term, prime) for prime in wide):
            continue
        if all(value for row, value in table.items() if holds(term, row)):
            wide.append(term)
    return wide


def within(term: Term, other: Term) -> bool:
    """Whether every row of a term is one of the other."""
    return all(b is None or a == b for a, b in zip(term, other, strict=True))


def cover(table: Mapping[Bits, int]) -> list[Term]:
    """As few prime terms as are found that together hold for all the ones, the shorter first."""
    ones = frozenset(row for row, value in table.items() if value)
    primes = prime_terms(table)
    reach = {term: frozenset(row for row in ones if holds(term, row)) for term in primes}
    search = Search(reach)
    search.go(ones, ())
    return [term for term in primes if term in search.best]


class Search:
    """Branch and bound: the row that the fewest terms reach is settled first."""

    def __init__(self, reach: Mapping[Term, frozenset[Bits]]) -> None:
        self.reach = reach
        self.best: Sequence[Term] = ()
        self.left = MOST_CHOICES

    def go(self, rows: Collection[Bits], chosen: tuple[Term, ...]) -> None:
        if not rows:
            self.best = chosen
            return
        widest = max(len(reached & frozenset(rows)) for reached in self.reach.values())
        least = len(chosen) + -(-len(rows) // widest)
        if self.best and (least >= len(self.best) or not self.left):
            return
        hardest = min(sorted(rows), key=lambda row: sum(row in r for r in self.reach.values()))
        options = [term for term, reached in self.reach.items() if hardest in reached]
        options.sort(key=lambda term: -len(self.reach[term] & frozenset(rows)))
        for term in options:
            self.left = max(0, self.left - 1)
            self.go(frozenset(rows) - self.reach[term], (*chosen, term))


MARGIN = 10
"""How far a sum stays from 0: a sigmoid is within 0.00005 of 0 or 1 there."""

LARGEST_TOTAL = 30
"""So large a sum of weights is tried; the threshold functions of 6 inputs need no more."""


def one_unit(table: Mapping[Bits, int]) -> Unit | CommonPoint:
    """The unit that computes the function, or why there is none: a point among ones and zeros."""
    rows = [tuple(map(Fraction, row)) for row in table]
    labels = list(table.values())
    if len(set(labels)) == 1:
        return Fraction(MARGIN if labels[0] else -MARGIN), *(Fraction(0),) * len(rows[0])
    found = separate(rows, labels)
    if isinstance(found, CommonPoint):
        return found
    weights = small_weights(table, found) or lowest(found.weights)
    ones, zeros = sums(table, weights)
    scale = Fraction(2 * MARGIN)
    bias = -scale * (min(ones) + max(zeros)) / 2
    return bias, *(scale * weight for weight in weights)


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


def two_layers(table: Mapping[Bits, int]) -> tuple[tuple[Term, ...], tuple[tuple[Unit, ...], ...]]:
    """The ANDs whose OR is the function, and their units below an OR unit."""
    terms = tuple(cover(table))
    top = Fraction(-MARGIN), *(Fraction(2 * MARGIN),) * len(terms)
    return terms, (tuple(map(and_unit, terms)), (top,))


def and_unit(term: Term) -> Unit:
    """1 where all inputs are as wanted: the sum is 10 there, and −10 or less elsewhere."""
    scale = 2 * MARGIN
    weights = (Fraction(0 if wanted is None else scale if wanted else -scale) for wanted in term)
    return Fraction(MARGIN - scale * term.count(1)), *weights
