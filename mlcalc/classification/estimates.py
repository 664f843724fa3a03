"""One probability of a model: a share of the counts, smoothed or not, or a number that was given.

With a pseudo-count α for each of K possible outcomes the share is (count + α)/(total + K·α), the
posterior mean of a categorical parameter under a Dirichlet(α, …, α) prior (Laplace 1814 for α = 1).
"""

from __future__ import annotations

from fractions import Fraction

from mlcalc.derivation import with_decimal
from mlcalc.maths.tree import Chain, Expr, Number, equals
from mlcalc.records import Record


class Smoothing(Record):
    """The pseudo-count as it was typed, and whether the classes' own counts get it too."""

    count: Number = Number(Fraction(0))
    of_prior: bool = False

    @property
    def value(self) -> Fraction:
        return self.count.value


ADD_ONE = Smoothing(Number(Fraction(1)))


class Estimate(Record):
    """A probability, and how it came about: `members` are written one after another with =."""

    value: Fraction
    members: tuple[Expr, ...]

    @property
    def maths(self) -> Expr:
        return equals(*self.members) if len(self.members) > 1 else self.members[0]

    @property
    def result(self) -> Expr:
        """The last member, which stands for the probability in products."""
        return self.members[-1]


def short(value: Fraction) -> Expr:
    """A number within a sum or product: exact where it is short, else rounded when printed."""
    found = with_decimal(value)
    return found.first if isinstance(found, Chain) else found


def share(count: int, total: int, outcomes: int, pseudo_count: Number) -> Estimate:
    """count/total with the pseudo-count added for each of the outcomes: (3 + 1)/(4 + 2·1)."""
    alpha = pseudo_count.value
    above, below = count + alpha, total + outcomes * alpha
    value = above / below
    members: list[Expr] = []
    if alpha:
        members.append((Number(Fraction(count)) + pseudo_count) / (total + outcomes * pseudo_count))
    if not alpha and below != value.denominator:
        members.append(Number(above) / Number(below))
    return Estimate(value, (*members, short(value)))


def known(value: Fraction, typed: Expr) -> Estimate:
    """A probability that was given."""
    return Estimate(value, (typed,))
