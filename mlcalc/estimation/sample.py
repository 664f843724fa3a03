"""What is known of a sample, and the sums over it that an estimate depends on.

A statistic Σ T(xᵢ) is one letter while the derivation is done; it is printed as the sum, given in
answers as sum(T(x)), and has a number as soon as there are data.
"""

from __future__ import annotations

import math
import operator
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache

from mlcalc.estimation.letters import INDEX, N, X
from mlcalc.files.errors import Invalid
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import Scalar, in_whole_numbers, to_float
from mlcalc.maths.numerics.polynomials import polynomial
from mlcalc.maths.records import Record
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Expr,
    Indexed,
    Number,
    Symbol,
    free_symbols,
    shown,
    substitute,
)

OBSERVATION = Indexed(X, (INDEX,))
MANY = 12
"""Up to that many terms of a sum are written out."""
LARGE = 1000
"""Of more different observations reals are added up as floats, not to the digits of `Real`."""
LONG = 256
"""Bits of a denominator that is short enough for all observations."""


class Sample(Record):
    """The data, or their number and sum, or neither, in which case all stay letters."""

    data: tuple[Expr, ...] = ()
    count: Expr | None = None
    total: Expr | None = None

    @property
    def size(self) -> Expr | None:
        return Number(Fraction(len(self.data))) if self.data else self.count

    def counts(self) -> Counter[Expr]:
        """How often each observation was made: what is computed of it is computed once."""
        return counted(self.data)

    def values(self) -> list[Fraction]:
        return [value for item in self.data if (value := exact(item)) is not None]


class Statistics:
    """The sums that a derivation uses, each with its letter."""

    def __init__(self, sample: Sample, total: str) -> None:
        self.sample = sample
        self.letters: dict[Expr, Symbol] = {X: Symbol(total)}
        self.made = 0
        self.retired: dict[Symbol, Expr] = {}
        self.computed: dict[Expr, Scalar] = {}

    @cached_property
    def counts(self) -> Counter[Expr]:
        return self.sample.counts()

    def letter(self, function: Expr) -> Symbol:
        """The letter of Σ function(xᵢ)."""
        if function not in self.letters:
            self.made += 1
            self.letters[function] = Symbol("S", f"T{self.made}")
        return self.letters[function]

    def renew(self, function: Expr, renewed: Expr) -> tuple[Symbol, Symbol]:
        """The old and the new letter of a sum whose function is written anew from here on."""
        old = self.letters.pop(function)
        self.retired[old] = function
        return old, self.letter(renewed)

    def functions(self, expression: Expr) -> list[Expr]:
        """The T of each Σ T(xᵢ) in an expression."""
        found = free_symbols(expression)
        return [function for function, letter in self.letters.items() if letter in found]

    def take(self, other: Statistics) -> None:
        """The letters of another derivation."""
        self.letters, self.retired = dict(other.letters), dict(other.retired)
        self.made = other.made

    def shown(self, expression: Expr) -> Expr:
        """The expression with Σᵢ T(xᵢ) for each letter, but k for the number of successes."""
        return substitute(expression, self.printed)

    @property
    def printed(self) -> dict[Expr, Expr]:
        """What stands for each letter where it is shown."""
        sums: dict[Expr, Expr] = {
            letter: self.sum_of(function)
            for function, letter in self.letters.items()
            if letter.name != "k"
        }
        return sums | {letter: self.sum_of(function) for letter, function in self.retired.items()}

    def opened(self, expression: Expr, parameters: Collection[Symbol]) -> Expr:
        """The expression with Σᵢ T(xᵢ, θ) for each letter whose T has a parameter in it."""
        inside = {f: s for f, s in self.letters.items() if free_symbols(f) & set(parameters)}
        return substitute(expression, {s: self.sum_of(f) for f, s in inside.items()})

    def claimed(self, expression: Expr) -> Expr:
        """The expression as an answer gives it: sum(T(x)) for each letter; Σ xᵢ stays `sum`."""
        sums: dict[Expr, Expr] = {
            letter: Call("sum", (function,))
            for function, letter in self.letters.items()
            if function != X
        }
        return substitute(expression, sums)

    @staticmethod
    def sum_of(function: Expr) -> Expr:
        return BigOp("sum", substitute(function, {X: OBSERVATION}), INDEX)

    def number(self, function: Expr, known: Mapping[Expr, Expr]) -> Scalar | None:
        """Σ T(xᵢ) where the data are known, and the letters in T too."""
        filled = substitute(function, known)
        if function == X and not self.sample.data:
            return None if self.sample.total is None else exact(self.sample.total)
        if not self.sample.data or free_symbols(filled) - {X}:
            return None
        if filled not in self.computed:
            self.computed[filled] = self.summed(filled)
        return self.computed[filled]

    @cached_property
    def observed(self) -> list[tuple[Scalar, int]]:
        """Each observation as a number, and how often it was made."""
        return [(scalar(item), count) for item, count in self.counts.items()]

    def summed(self, function: Expr) -> Scalar:
        """Exactly by the sums of powers where it is a polynomial, of many reals as floats."""
        powers = polynomial(function, X)
        sums = None if powers is None else self.sums_of_powers(len(powers))
        if powers is not None and sums is not None:
            return sum(map(operator.mul, powers, sums), Fraction(0))
        first = scalar(function, {X: self.observed[0][0]})
        if isinstance(first, float) and len(self.observed) > LARGE:
            return summed_as_floats(function, self.observed)
        each = (count * scalar(function, {X: x}) for x, count in self.observed)
        return sum(each, Fraction(0))

    def sums_of_powers(self, number: int) -> list[Fraction] | None:
        """n, Σ xᵢ, Σ xᵢ², … in whole numbers over one denominator; None where that is long."""
        fractions = [x for x, _ in self.observed if isinstance(x, Fraction)]
        if len(fractions) < len(self.observed):
            return None
        if math.lcm(*{x.denominator for x in fractions}).bit_length() > LONG:
            return None
        wholes, below = in_whole_numbers(fractions)
        terms, found = [count for _, count in self.observed], []
        for power in range(number):
            found.append(Fraction(sum(terms), below**power))
            terms = list(map(operator.mul, terms, wholes))
        return found

    def terms(self, function: Expr, known: Mapping[Expr, Expr]) -> Expr | None:
        """T(x₁) + T(x₂) + … with the numbers in, where there are few."""
        if not 1 < len(self.sample.data) <= MANY:
            return None
        filled = substitute(function, known)
        return Add(tuple(substitute(filled, {X: item}) for item in self.sample.data))

    def centre(self, known: Mapping[Expr, Expr]) -> Scalar | None:
        """The mean of the observations, where their number and sum are known."""
        numbers = self.numbers(known)
        total, count = (exact(numbers.get(s, s)) for s in (self.letters[X], N))
        return None if total is None or not count else total / count

    def numbers(self, known: Mapping[Expr, Expr]) -> dict[Expr, Expr]:
        """What is put in for n and for the letters of the sums."""
        found: dict[Expr, Expr] = {}
        if self.sample.size is not None:
            found[N] = self.sample.size
        if self.sample.total is not None and not self.sample.data:
            found[self.letters[X]] = self.sample.total
        for function, letter in self.letters.items():
            value = self.number(function, known)
            if value is not None and letter not in found:
                found[letter] = shown(value)
        return found


@lru_cache(maxsize=2)
def counted(data: tuple[Expr, ...]) -> Counter[Expr]:
    """One sample is counted for several estimates."""
    return Counter(data)


def summed_as_floats(function: Expr, observed: Sequence[tuple[Scalar, int]]) -> float:
    import numpy as np

    from mlcalc.maths.numerics.arrays import compiled

    values = np.array([to_float(x) for x, _ in observed])
    with np.errstate(all="ignore"):
        found = compiled(function)({X: values}) * np.array([count for _, count in observed])
    return math.fsum(found.tolist())


def total(values: Sequence[Scalar]) -> Scalar:
    return sum(values, Fraction(0))


def in_order(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Labels as they first appeared, numbers by their size: 1 to 6 of a die."""
    if not all(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", label) for label in labels):
        return labels
    return tuple(sorted(labels, key=Fraction))


class Counts(Record):
    """The categories in order, and how often each was seen.

    Without counts they are letters n_red, …; without labels there are K categories.
    """

    labels: tuple[str, ...] = ()
    counts: tuple[Expr, ...] = ()

    @classmethod
    def of(cls, seen: Sequence[str], categories: Sequence[str] = ()) -> Counts:
        """The counts of a list of labels, in the order of the categories, or of `in_order`.

        Raises `Invalid` for a label that is no category.
        """
        labels = tuple(categories) or in_order(tuple(dict.fromkeys(seen)))
        for label in seen:
            if label not in labels:
                raise Invalid.at(f"'{label}' is not one of the categories {', '.join(labels)}")
        counts = Counter(seen)
        return cls(labels, tuple(Number(Fraction(counts[label])) for label in labels))

    @property
    def letters(self) -> tuple[Expr, ...]:
        """What is written for the counts: numbers, or n_red, …"""
        return self.counts or tuple(Symbol("n", label) for label in self.labels)

    def numbers(self) -> tuple[int, ...] | None:
        """Raises `Invalid` for a count that is negative or not whole."""
        found = []
        for label, count in zip(self.labels, self.counts, strict=False):
            value = exact(count)
            if value is not None and (value < 0 or value.denominator != 1):
                raise Invalid.at(f"a count is a whole number from 0; {label} has {value}")
            found.append(value)
        known = [int(value) for value in found if value is not None]
        return tuple(known) if known and len(known) == len(self.labels) else None
