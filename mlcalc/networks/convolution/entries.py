"""Arithmetic of the entries of images and kernels: numbers, or formulas of the letters typed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mlcalc.maths.board import line
from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import Expr, call, shown
from mlcalc.networks.convolution.sizes import added_up

Entry = Scalar | Expr


def formula(entry: Entry) -> Expr:
    """The entry as it is written."""
    return entry if isinstance(entry, Expr) else shown(entry)


def product(x: Entry, w: Entry) -> Entry:
    """x times w; a factor of 1 goes without saying."""
    if not isinstance(x, Expr) and not isinstance(w, Expr):
        return x * w
    from mlcalc.networks.symbolic import product as multiplied

    first, second = (x, w) if isinstance(w, Expr) else (w, x)  # a number stands before a letter
    if not isinstance(first, Expr) and first < 0:  # a minus sign, for sums to have
        return -product(-first, second)
    return multiplied(formula(first), formula(second))


def total(terms: Sequence[Entry]) -> Entry:
    """The sum, its numbers added into one; zeros of the padding are left out."""
    letters = [term for term in terms if isinstance(term, Expr)]
    number = sum((term for term in terms if not isinstance(term, Expr)), Fraction(0))
    return added_up([*letters, shown(number)]) if letters else number


def mean(seen: Sequence[Entry], count: int) -> Entry:
    """The sum of what lies under a window, by the number that is averaged."""
    whole = total(seen)
    if not isinstance(whole, Expr):
        return whole / count
    return line("s/n", s=whole, n=count if count > 1 else None)


def largest(seen: Sequence[Entry], _: int) -> Entry:
    """The largest entry; of letters and numbers the maximum of all that may be it."""
    letters = list(dict.fromkeys(entry for entry in seen if isinstance(entry, Expr)))
    numbers = [entry for entry in seen if not isinstance(entry, Expr)]
    if not letters:
        return max(numbers)
    kept = [*letters, *([shown(max(numbers))] if numbers else [])]
    return call("max", *kept) if len(kept) > 1 else kept[0]
