"""What goes wrong with feed-forward networks, forward, back and in training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from operator import mul, truediv
from typing import Any

from mlcalc.marking.misconceptions.case import Case, Misconception, Results, multiplied, negated
from mlcalc.marking.misconceptions.outputs import (
    gradient_transposed,
    other_logarithm,
    softmax_without_exp,
)
from mlcalc.maths.evaluate import exact, scalar_or_none
from mlcalc.maths.tree import Matrix, Number
from mlcalc.networks.feedforward.question import TRAINING, NetworkQuestion
from mlcalc.showing.derivation import Result

FORWARD = "output a z loss table"
BACKWARD = "gradients deltas updated loss_after"

Vector = list[float]
Rows = list[Vector]


def question(case: Case) -> NetworkQuestion:
    assert isinstance(case.given, NetworkQuestion)
    return case.given


def matrices(case: Case) -> tuple[Matrix, ...]:
    return question(case).weights or ()


def untrained(case: Case, **values: Any) -> Results:
    """The question asked otherwise, without the training that nothing forward depends on."""
    fields = (NetworkQuestion.learning_rate, *TRAINING)
    left_out = {field.name: None for field in fields if case.is_given(field.name)}
    return case.again(**left_out, **values)


def bias_forgotten(case: Case) -> Results:
    if not case.is_given("biases"):
        return {}
    return case.only(FORWARD, untrained(case, biases=None))


def activation_forgotten(case: Case) -> Results:
    """The hidden layers' sums carried on; a word that is given for the output stays."""
    words = question(case).activation
    if set(words) == {"identity"} or len(matrices(case)) < 2:
        return {}
    hidden = len(matrices(case)) - 1
    plain = ("identity",) * hidden + words[hidden:] if len(words) > 1 else ("identity",)
    return case.only("output a loss table", untrained(case, activation=plain))


def output_activation_forgotten(case: Case) -> Results:
    if question(case).output_activation == "identity" or len(matrices(case)) < 2:
        return {}
    return case.only("output a loss table", untrained(case, output_activation="identity"))


def activation_at_the_output(case: Case) -> Results:
    """The hidden layers' activation at the output too, which has none."""
    words = set(question(case).activation)
    if question(case).output_activation != "identity" or len(words) > 1 or "identity" in words:
        return {}
    (word,) = words
    return case.only("output loss table", untrained(case, output_activation=word))


def transposed(case: Case) -> Sequence[Results]:
    """Every square matrix read by columns, or one of them."""
    found = matrices(case)
    is_square = [m.shape[0] == m.shape[1] and m.shape[0] > 1 for m in found]
    if not any(is_square) or question(case).bias_column:
        return ()
    places = [place for place, is_one in enumerate(is_square) if is_one]
    choices = [places, *([place] for place in places if len(places) > 1)]
    return tuple(
        case.only(FORWARD, untrained(case, weights=tuple(
            m.turned if place in choice else m for place, m in enumerate(found))))
        for choice in choices
    )  # fmt: skip


OTHER_FACTOR = {
    "squared-error": "half-squared-error",
    "half-squared-error": "squared-error",
    "mean-squared-error": "squared-error",
}


def loss_factor(case: Case) -> Results:
    other = OTHER_FACTOR.get(question(case).loss or "")
    return {} if other is None else case.only(f"loss {BACKWARD}", case.again(loss=other))


def cross_entropy_delta(case: Case) -> Results:
    """y − t at a sigmoid, which belongs to the cross-entropy."""
    given = question(case)
    if given.output_activation != "sigmoid" or "squared" not in (given.loss or ""):
        return {}
    return case.only("gradients deltas updated", case.again(loss="binary-cross-entropy"))


class TwoLayers:
    """A network of two layers after one plain step on one example, in floats.

    What goes wrong with the hidden deltas alone moves the first layer's gradients by rows.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.weights = [floats(tuple(tuple(map(exact, row)) for row in m.rows))
                        for m in matrices(case)]  # fmt: skip
        self.deltas = [vector(value) for value in items(case.value("deltas"))]
        self.gradients = [floats(value) for value in parts(case, "gradients")]
        self.updated = [floats(value) for value in parts(case, "updated")]

    @property
    def is_known(self) -> bool:
        found = (self.weights, self.deltas, self.gradients)
        given = question(self.case)
        is_plain = given.optimizer == "sgd" and given.epochs == 1
        return is_plain and all(len(part) == 2 and all(part) for part in found)

    def carried(self, upper: Rows) -> Vector:
        """W₂ᵀδ₂, a bias column left out, with these weights for W₂."""
        rows = [row[1:] for row in upper] if question(self.case).bias_column else upper
        columns = zip(*rows, strict=True)
        return [sum(map(mul, column, self.deltas[1])) for column in columns]

    def with_hidden(self, hidden: Vector) -> Results:
        """The answers, had the hidden deltas been these."""
        if not all(self.deltas[0]) or len(hidden) != len(self.deltas[0]):
            return {}
        ratios = list(map(truediv, hidden, self.deltas[0]))
        steeper = [[g * r for g in row] for row, r in zip(self.gradients[0], ratios, strict=True)]
        found: dict[str, Result] = {
            "deltas": (tuple(hidden), tuple(self.deltas[1])),
            "gradients": {"weights": (tuples(steeper), tuples(self.gradients[1]))},
        }
        rates = question(self.case).learning_rate or ()
        rate = scalar_or_none(rates[0]) if len(rates) == 1 else None
        if rate is None or len(self.updated) != 2:
            return found
        pairs = zip(self.weights[0], steeper, strict=True)
        moved = [[w - float(rate) * g for w, g in zip(*pair, strict=True)] for pair in pairs]
        return {**found, "updated": {"weights": (tuples(moved), tuples(self.updated[1]))}}


def items(value: Result | None) -> tuple[Result, ...]:
    return tuple(value) if isinstance(value, tuple) else ()


def parts(case: Case, name: str) -> tuple[Result, ...]:
    """The matrices of an answer, a layer each."""
    value = case.value(name)
    return items(value.get("weights")) if isinstance(value, Mapping) else ()


def vector(value: object) -> Vector:
    """Numbers as floats; nothing where there is anything else."""
    found = value if isinstance(value, tuple) else ()
    numbers = [float(x) for x in found if isinstance(x, Fraction | float)]
    return numbers if len(numbers) == len(found) else []


def floats(value: object) -> Rows:
    rows = [vector(row) for row in value] if isinstance(value, tuple) else []
    return rows if all(rows) else []


def tuples(rows: Rows) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, rows))


def updated_too_early(case: Case) -> Results:
    """The hidden deltas through the weights that the step has moved already."""
    layers = TwoLayers(case)
    if not layers.is_known or len(layers.updated) != 2:
        return {}
    before, after = layers.carried(layers.weights[1]), layers.carried(layers.updated[1])
    if not all(before):
        return {}
    changed = [d * a / b for d, a, b in zip(layers.deltas[0], after, before, strict=True)]
    return layers.with_hidden(changed)


def derivative_forgotten(case: Case) -> Results:
    """W₂ᵀδ₂ for the hidden deltas, without the activation's derivative."""
    layers = TwoLayers(case)
    if not layers.is_known or set(question(case).activation) == {"identity"}:
        return {}
    return layers.with_hidden(layers.carried(layers.weights[1]))


def learning_rate_forgotten(case: Case) -> Results:
    rates = question(case).learning_rate
    if rates is None:
        return {}
    ones = (Number(Fraction(1)),) * len(rates)
    return case.only("updated loss_after", case.again(learning_rate=ones))


def step_uphill(case: Case) -> Results:
    """W + η ∂L/∂W, which is 2W less the right result."""
    after = [floats(value) for value in parts(case, "updated")]
    before = [
        floats(tuple(tuple(map(exact, row)) for row in found.rows)) for found in matrices(case)
    ]
    if len(after) != len(before) or not all(after) or not all(before):
        return {}
    weights = tuple(
        tuple(tuple(2 * w - u for w, u in zip(*rows, strict=True))
              for rows in zip(*pair, strict=True))
        for pair in zip(before, after, strict=True)
    )  # fmt: skip
    return {"updated": {"weights": weights}}


def biases_kept(case: Case) -> Results:
    """The biases updated where they are not to be, or left where they are."""
    if not (case.is_given("learning_rate") and case.is_given("biases")):
        return {}
    other = not question(case).update_biases
    return case.only("updated loss_after", case.again(update_biases=other))


def batch_mean(case: Case) -> list[Results]:
    """A sum over the examples divided by their number, or a mean times it."""
    outputs, loss = case.value("output"), case.number("loss")
    if not isinstance(outputs, tuple) or loss is None or not isinstance(outputs[0], tuple):
        return []
    count = len(outputs)
    found = {name: case.value(name) for name in ("loss", "gradients")}
    return [
        {name: multiplied(value, factor) for name, value in found.items() if value is not None}
        for factor in (Fraction(1, count), Fraction(count))
    ]


def sign(case: Case) -> Results:
    """t − y where y − t is right."""
    found = {name: case.value(name) for name in ("gradients", "deltas")}
    return {name: negated(value) for name, value in found.items() if value is not None}


MISCONCEPTIONS = (
    Misconception("mlp.bias_forgotten", "the biases have been left out", bias_forgotten),
    Misconception(
        "mlp.activation_forgotten",
        "this carries the sums of a hidden layer on, without its activation",
        activation_forgotten,
    ),
    Misconception(
        "mlp.output_activation_forgotten",
        "this is the output before its activation",
        output_activation_forgotten,
    ),
    Misconception(
        "mlp.activation_at_the_output",
        "the output has no activation here; this applies the one of the hidden layers",
        activation_at_the_output,
    ),
    Misconception(
        "mlp.transpose",
        "this multiplies by the transpose: a row of the matrix belongs to one unit",
        transposed,
    ),
    Misconception(
        "mlp.loss_factor",
        "the loss has another factor: mind the one half, and whether it is a mean",
        loss_factor,
    ),
    Misconception(
        "mlp.cross_entropy_delta",
        "y − t is the delta of a sigmoid with the cross-entropy; the squared error has the "
        "factor y(1 − y) too",
        cross_entropy_delta,
    ),
    Misconception(
        "mlp.derivative_forgotten",
        "what comes back through the weights has still to pass the activation: its derivative is "
        "missing",
        derivative_forgotten,
    ),
    Misconception(
        "mlp.updated_too_early",
        "all gradients belong to the weights before the step; this uses some that were updated",
        updated_too_early,
    ),
    Misconception(
        "mlp.learning_rate_forgotten",
        "the step is the learning rate times the gradient, and not the gradient",
        learning_rate_forgotten,
    ),
    Misconception("mlp.uphill", "a step goes against the gradient: it is taken away", step_uphill),
    Misconception("mlp.biases", "mind whether the biases are updated too", biases_kept),
    Misconception(
        "mlp.softmax_without_exp",
        "the softmax divides exponentials by their sum, and not the numbers themselves",
        lambda case: softmax_without_exp(case, "output"),
    ),
    Misconception(
        "mlp.log_base",
        "this takes the logarithm to base 10 or 2; the cross-entropy has the natural one",
        other_logarithm,
    ),
    Misconception(
        "mlp.gradient_transposed",
        "a gradient has the shape of its weights, a row for each unit: this is the transpose",
        gradient_transposed,
    ),
    Misconception(
        "mlp.batch_mean",
        "mind whether the losses of the examples are added up or averaged",
        batch_mean,
    ),
    Misconception("mlp.sign", "the sign is the other way round", sign),
)
