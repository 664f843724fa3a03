"""Problems made by chance: the digits that are shown give the next line, for any number of them."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from mlcalc.files.reading import read_document
from mlcalc.marking.exercise import read_exercises, solve_all
from mlcalc.maths.printing import Style
from mlcalc.showing.derivation import Outcome
from mlcalc.showing.digits import fitted
from tests.chains import unreproduced

EACH = 6


def number(chance: random.Random) -> str:
    return str(round(chance.uniform(-2, 2), 2))


def row(chance: random.Random, length: int) -> str:
    return "[" + ", ".join(number(chance) for _ in range(length)) + "]"


def matrix(chance: random.Random, rows: int, columns: int) -> str:
    return "[" + ", ".join(row(chance, columns) for _ in range(rows)) + "]"


def mlp(chance: random.Random) -> str:
    hidden, activation = chance.randint(1, 3), chance.choice(["sigmoid", "tanh"])
    return (
        f"weights: [{matrix(chance, hidden, 2)}, {matrix(chance, 2, hidden)}], "
        f"biases: [{row(chance, hidden)}, {row(chance, 2)}], x: {row(chance, 2)}, "
        f"activation: {activation}, output_activation: softmax, targets: [0, 1], "
        "loss: cross-entropy, learning_rate: 0.5"
    )


def rnn_step(chance: random.Random) -> str:
    size = chance.randint(1, 2)
    return (
        f"W_xh: {matrix(chance, size, 1)}, W_hh: {matrix(chance, size, size)}, "
        f"W_hy: {matrix(chance, 1, size)}, x: [{number(chance)}, {number(chance)}], "
        f"targets: [{number(chance)}, 0], loss: half-squared-error"
    )


def backprop(chance: random.Random) -> str:
    formula = chance.choice(
        ["sigmoid(w*x + b)", "tanh(w*x)*exp(b)", "log(1 + w^2)*x/b", "sqrt(w^2 + x^2)*sigmoid(b)"]
    )
    values = ", ".join(f"{name}: {number(chance)}" for name in ("w", "x", "b"))
    return f'expression: "{formula}", at: {{{values}}}'


def nb(chance: random.Random) -> str:
    rows = ", ".join(
        f"{{a: {number(chance)}, b: {number(chance)}, y: {label}}}" for label in "uuuvvv"
    )
    query = f"{{a: {number(chance)}, b: {number(chance)}}}"
    return f"model: gaussian, label: y, data: [{rows}], query: {query}"


KINDS = {"mlp": mlp, "rnn-step": rnn_step, "backprop": backprop, "nb": nb}


def made() -> Iterator[Outcome]:
    for kind, make in KINDS.items():
        chance = random.Random(f"digits of {kind}")
        text = "\n".join(f"- {{kind: {kind}, given: {{{make(chance)}}}}}" for _ in range(EACH))
        yield from solve_all(read_exercises(read_document(text, kind), kind))


MADE = list(made())


@pytest.mark.parametrize("digits", [5, 9])
@pytest.mark.parametrize("outcome", MADE, ids=lambda o: o.kind)
def test_digits_that_are_shown_give_the_next_line(outcome: Outcome, digits: int) -> None:
    assert outcome.status == "solved", outcome.complaints
    told, style = fitted(outcome, Style(digits))
    assert told.derivation is not None
    assert not unreproduced(told.derivation, style)
