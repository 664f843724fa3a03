"""A Boolean function as an OR of few ANDs (Quine 1952, McCluskey 1956)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import product

from mlcalc.feedforward.boolean_formula import Bits

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
