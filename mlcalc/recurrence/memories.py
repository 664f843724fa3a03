"""What came before the recurrent network: memories that are not learned.

A time-delay network sees a window of inputs, NARX its own outputs too, Jordan's network an
average of its outputs (Jordan 1986), Elman's a copy of its hidden units (Elman 1990).
"""

from __future__ import annotations

from mlcalc.maths.tree import Expr, Symbol
from mlcalc.recurrence.equations import Combination, Concatenation, Equation, Reading, weighed


def window(target: Symbol, source: Symbol, lags: range) -> tuple[Reading, tuple[Equation, ...]]:
    """How [x_t; x_(t−1); …] is read, and the equation that makes it; a single one needs none."""
    readings = tuple(Reading(source, lag) for lag in lags)
    if len(readings) == 1:
        return readings[0], ()
    return Reading(target), (Concatenation(target, readings),)


def average(memory: Symbol, outputs: Symbol, decay: Expr) -> Equation:
    """m_t = decay m_(t−1) + (1 − decay) y_t, a running average of the outputs."""
    kept = weighed(Reading(memory, 1), coefficient=decay)
    taken = weighed(Reading(outputs), coefficient=1 - decay)
    return Combination(memory, (kept, taken))
