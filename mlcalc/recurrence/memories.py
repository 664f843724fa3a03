"""What came before the recurrent network, as equations: memories that are not learned.

A time-delay network sees a window of inputs, NARX its own outputs too, Jordan's network an
average of its outputs, Elman's a copy of its hidden units.
"""

from __future__ import annotations

from mlcalc.maths.tree import Expr, Symbol
from mlcalc.recurrence.equations import (
    Combination,
    Concatenation,
    Equation,
    Reading,
    unit,
    weighed,
)
from mlcalc.recurrence.gated import Naming

X, Z, H, O, Y, M, U, V = map(Symbol, "xzhoymuv")  # noqa: E741  # as in the books


def hidden(
    name: Naming, word: str, inputs: Reading, memory: Reading | None
) -> tuple[Equation, ...]:
    """h_t = f(W_xh inputs + W_hh memory + b_h)."""
    products = [(name("W_xh"), inputs)]
    if memory is not None:
        products.append((name("W_hh"), memory))
    return unit(H, Z, products, name("b_h"), word)


def output(name: Naming, word: str) -> tuple[Equation, ...]:
    """y_t = g(W_hy h_t + b_y)."""
    return unit(Y, O, [(name("W_hy"), Reading(H))], name("b_y"), word)


def elman(name: Naming, word: str) -> tuple[Equation, ...]:
    """Context units hold a copy of the state, and pass no gradient back (Elman 1990)."""
    return hidden(name, word, Reading(X), Reading(H, 1, stops=True))


def jordan(name: Naming, words: tuple[str, str], decay: Expr | None) -> tuple[Equation, ...]:
    """The memory m_t = decay m_(t−1) + (1 − decay) y_t averages the outputs (Jordan 1986).

    Without a decay it is the output before.  No gradient comes back through it.
    """
    memory = Y if decay is None else M
    equations = (
        *hidden(name, words[0], Reading(X), Reading(memory, 1, stops=True)),
        *output(name, words[1]),
    )
    if decay is None:
        return equations
    kept = weighed(Reading(M, 1), coefficient=decay)
    taken = weighed(Reading(Y), coefficient=1 - decay)
    return (*equations, Combination(M, (kept, taken)))


def narx(
    name: Naming, words: tuple[str, str], has_output: bool, past_inputs: int, past_outputs: int
) -> tuple[Equation, ...]:
    """y_t from x_t, …, x_(t−L) and y_(t−1), …, y_(t−K); a time-delay network where K = 0.

    Without an output layer the hidden units are the outputs.
    """
    inputs, first = window(U, X, range(past_inputs + 1))
    memory: Reading | None = None
    second: tuple[Equation, ...] = ()
    if past_outputs:
        memory, second = window(V, Y if has_output else H, range(1, past_outputs + 1))
    units = hidden(name, words[0], inputs, memory)
    return (*first, *second, *units, *(output(name, words[1]) if has_output else ()))


def window(target: Symbol, source: Symbol, lags: range) -> tuple[Reading, tuple[Equation, ...]]:
    """How [x_t; x_(t−1); …] is read, and the equation that makes it; a single one needs none."""
    readings = tuple(Reading(source, lag) for lag in lags)
    if len(readings) == 1:
        return readings[0], ()
    return Reading(target), (Concatenation(target, readings),)
