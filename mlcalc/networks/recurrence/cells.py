"""The equations of each cell, and in what the versions of the GRU differ.

A bar marks the sum that goes into a gate, as in Greff et al. (2017): i_t = σ(ī_t).  Before the
recurrent network came memories that are not learned: a time-delay network sees a window of inputs,
NARX its own outputs too, Jordan's network an average of its outputs (Jordan 1986), Elman's a copy
of its hidden units (Elman 1990).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlcalc.files.fields import Word
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr, Symbol
from mlcalc.networks.equations import (
    Activation,
    Affine,
    Combination,
    Concatenation,
    Equation,
    Factor,
    Reading,
    Term,
    unit,
    weighed,
)

Naming = Callable[[str], Symbol]
"""The symbol of a weight by its field's name: W_xi under the name that was typed."""

VARIANTS: Mapping[str, str] = {
    "pytorch": "r multiplies U h + b_hn; z keeps the old state (PyTorch, cuDNN, Keras)",
    "cho": "r multiplies h; z keeps the old state (Cho et al. 2014; Keras, reset_after=False)",
    "chung": "r multiplies h; z takes the new state (Chung et al. 2014)",
}
VARIANT = Word(
    VARIANTS,
    {"keras": "pytorch", "cudnn": "pytorch", "reset-after": "pytorch", "reset-before": "cho"},
)

H, C, S, R, Z, N, Q, U, V = map(Symbol, "hcsrznquv")
I, F, G, O = map(Symbol, "ifgo")  # noqa: E741  # as in the books


def recurrent(
    cell: str, variant: str, word: str, inputs: Reading, name: Naming
) -> tuple[Equation, ...]:
    """The equations that make the state h of one layer; `word` is its activation."""
    match cell:
        case "lstm":
            return lstm(inputs, name, word)
        case "gru":
            return gru(inputs, name, word, variant)
        case "rnn" | "elman":
            before = Reading(H, 1, stops=cell == "elman")
            products = [(name("W_xh"), inputs), (name("W_hh"), before)]
            return unit(H, Z, products, name("b_h"), word)
        case _:
            raise LookupError(f"no equations are known of the cell {cell}")


# With gates.


def barred(gate: Symbol) -> Symbol:
    """The sum that goes into a gate."""
    return Symbol(gate.name, gate.subscript, "bar")


def gate(
    target: Symbol, word: str, inputs: Reading, state: Reading, name: Naming
) -> tuple[Equation, ...]:
    """i_t = σ(W_xi x_t + W_hi h_(t−1) + b_i), in two lines."""
    letter = target.name
    products = ((name(f"W_x{letter}"), inputs), (name(f"W_h{letter}"), state))
    return unit(target, barred(target), products, name(f"b_{letter}"), word)


def lstm(inputs: Reading, name: Naming, word: str) -> tuple[Equation, ...]:
    """Hochreiter and Schmidhuber (1997) with a forget gate (Gers et al. 2000), no peepholes."""
    before = Reading(H, 1)
    words = ((I, "sigmoid"), (F, "sigmoid"), (G, word), (O, "sigmoid"))
    shown = C if word == "identity" else S
    return (
        *(equation for g, each in words for equation in gate(g, each, inputs, before, name)),
        Combination(C, (weighed(Reading(F), Reading(C, 1)), weighed(Reading(I), Reading(G)))),
        *([Activation(S, word, C)] if shown == S else []),
        Combination(H, (weighed(Reading(O), Reading(shown)),)),
    )


def gru(inputs: Reading, name: Naming, word: str, variant: str) -> tuple[Equation, ...]:
    """The gated recurrent unit of a variant."""
    before = Reading(H, 1)
    total = N if word == "identity" else barred(N)
    z_takes_the_new = {"pytorch": False, "cho": False, "chung": True}[variant]
    if variant == "pytorch":
        candidate: tuple[Equation, ...] = (
            Affine(U, ((name("W_xn"), inputs),), name("b_n")),
            Affine(V, ((name("W_hn"), before),), name("b_hn")),
            Combination(total, (weighed(Reading(U)), weighed(Reading(R), Reading(V)))),
        )
    else:
        candidate = (
            Combination(Q, (weighed(Reading(R), before),)),
            Affine(total, ((name("W_xn"), inputs), (name("W_hn"), Reading(Q))), name("b_n")),
        )
    keeps, takes = Factor(Reading(Z)), Factor(Reading(Z), complement=True)
    if z_takes_the_new:
        keeps, takes = takes, keeps
    return (
        *(equation for g in (R, Z) for equation in gate(g, "sigmoid", inputs, before, name)),
        *candidate,
        *([Activation(N, word, total)] if total != N else []),
        Combination(H, (weighed(takes, Reading(N)), weighed(keeps, before))),
    )


# Memories that are not learned.


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


X = Symbol("x")
"""The input of a cell, which is the state of the layer below it where there is one."""


def weight_symbol(typed: str, mark: str) -> Symbol:
    """W_xh, and W_xh,2 of a layer."""
    symbol = Symbol.named(typed)
    if not mark:
        return symbol
    return Symbol(symbol.name, f"{symbol.subscript},{mark}" if symbol.subscript else mark)


def marked(vector: Symbol, mark: str) -> Symbol:
    return Symbol(vector.name, mark, vector.accent) if mark else vector


def placed(equation: Equation, mark: str, inputs: Symbol, is_reversed: bool) -> Equation:
    """The equation of a cell under the names of a layer; a reversed one reads the future."""

    def name(vector: Symbol) -> Symbol:
        return inputs if vector == X else marked(vector, mark)

    def reading(each: Reading) -> Reading:
        lag = -each.lag if is_reversed else each.lag
        return replace(each, vector=name(each.vector), lag=lag)

    def term(each: Term) -> Term:
        found = (replace(factor, reading=reading(factor.reading)) for factor in each.factors)
        return replace(each, factors=tuple(found))

    target = name(equation.target)
    match equation:
        case Affine(_, products, _):
            moved = tuple((weight, reading(each)) for weight, each in products)
            return replace(equation, target=target, products=moved)
        case Activation(_, _, argument):
            return replace(equation, target=target, argument=name(argument))
        case Combination(_, terms):
            return replace(equation, target=target, terms=tuple(map(term, terms)))
        case Concatenation(_, readings):
            return replace(equation, target=target, readings=tuple(map(reading, readings)))
