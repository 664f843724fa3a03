"""Bounds whose unknown stands on both sides, N ≥ f(N): solved by putting the result in again.

The iteration only finds the answer; that it is the smallest is then decided by itself, with
f(N) ≤ N and f(N − 1) > N − 1 told exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from mlcalc.files.fields import as_number
from mlcalc.maths.functions import EvaluationError, TooLarge
from mlcalc.maths.numerics.intervals import Enclosed, at_most, valued
from mlcalc.maths.tree import Expr, Number, Symbol, substitute

GUESS = 1000
MOST_ITERATIONS = 400
LONGEST_GUESS = 250
"""Digits of a guess that is put in again: each round gains about two, and takes longer with all."""

EPSILON_PLACES = 40
"""Decimals of an ε that was found by iteration; half of them hold after the last one."""

Iterations = list[tuple[Fraction, Fraction]]
"""Each guess with what the right side makes of it."""


def smallest_whole(right_side: Expr, unknown: Symbol) -> tuple[int, Iterations]:
    """The smallest N from 1 with N ≥ f(N), and the way there."""
    compute = at(right_side, unknown)
    guess = GUESS if not at_most(compute(GUESS), as_number(GUESS)) else 1
    seen: Iterations = []
    for _ in range(MOST_ITERATIONS):
        result = Enclosed(compute(guess))
        seen.append((Fraction(guess), result.value))
        better = max(result.rounded_up(), 1)
        if better == guess:
            break
        if better >= 10**LONGEST_GUESS:
            raise TooLarge(f"N would have more than {LONGEST_GUESS} digits: that is not iterated")
        guess = better
    else:
        raise TooLarge(f"the iteration does not settle in {MOST_ITERATIONS} rounds")
    return smallest_below(compute, guess), seen


def smallest_below(compute: Callable[[int], Expr], enough: int) -> int:
    """The smallest N down from `enough` that suffices.

    The steps down double until one is too far, and what lies between is halved.
    """
    step = 1
    while enough > step and suffices(compute, enough - step):
        enough, step = enough - step, 2 * step
    too_few = max(enough - step, 0)
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        enough, too_few = (middle, too_few) if suffices(compute, middle) else (enough, middle)
    return enough


def suffices(compute: Callable[[int], Expr], number: int) -> bool:
    try:
        return at_most(compute(number), as_number(number))
    except EvaluationError:
        return False  # where the right side has no value, nothing is promised


def smallest_between(right_side: Expr, unknown: Symbol) -> tuple[Fraction, Iterations]:
    """The solution of ε = f(ε) below 1, f falling, to forty decimals."""
    compute = at(right_side, unknown)
    if not at_most(compute(1), as_number(1)):
        raise TooLarge(
            "with so few samples even ε = 1 is below the right side: the bound promises nothing"
        )
    guess, seen = Fraction(1, 2), []
    for _ in range(MOST_ITERATIONS):
        result = valued(compute(guess))
        seen.append((guess, result))
        if abs(result - guess) < Fraction(1, 10 ** (EPSILON_PLACES // 2)):
            return result, seen
        guess = Fraction(round(result * 10**EPSILON_PLACES), 10**EPSILON_PLACES)
    raise TooLarge(f"the iteration does not settle in {MOST_ITERATIONS} rounds")


def at(right_side: Expr, unknown: Symbol) -> Callable[[int | Fraction], Expr]:
    """The right side with a number in the place of the unknown."""
    return lambda value: substitute(right_side, {unknown: Number(Fraction(value))})
