"""The question about a feed-forward network: its fields, and which of its parts were asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mlcalc.files import problem
from mlcalc.files.document import Entries
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import Count, MatrixOf, Quantity, Switch
from mlcalc.files.problem import Field
from mlcalc.maths.board import Note
from mlcalc.networks.activations import ACTIVATION
from mlcalc.networks.called import CalledWord
from mlcalc.networks.feedforward.boolean_reader import BooleanFormula
from mlcalc.networks.feedforward.fields import (
    Activations,
    Biases,
    LayerSizes,
    Matrices,
    Rates,
    Staircase,
)
from mlcalc.networks.feedforward.half_planes import HalfPlanes, Pieces
from mlcalc.networks.feedforward.spellings import MOST_NAMED, NETWORK, by_layers
from mlcalc.networks.loss_words import with_activation
from mlcalc.networks.losses import LOSS

WORK_OF_EXAMPLE = 20
"""What an example costs beside the parameters, in products."""

MOST_BITS = 8

OPTIMIZERS = CalledWord({
    "sgd": "W − η ∂L/∂W",
    "momentum": "gradients gathered in a velocity, v ← μ v + ∂L/∂W",
    "adam": "Kingma and Ba (2015)",
})  # fmt: skip


class NetworkQuestion(problem.Problem):
    """The fields of `mlp`."""

    other_words = dict.fromkeys(
        ("alpha", "lambda"),
        "for the step along the gradient write learning_rate, for an L2 penalty weight_decay",
    )

    network = problem.optional(
        NETWORK, "the whole network in one text: 'x = 1, 2; W1 = 1 2; 3 4; b1 = 0, 1; W2 = 1 1'",
        positional=True,
    )  # fmt: skip
    weights = problem.optional(
        Matrices(),
        "a matrix a layer, outputs × inputs: '1 2; 3 4'; the flag is repeated, or W1, W2, …",
        aliases=("W",),
    )
    biases = problem.optional(
        Biases(),
        "biases a layer: '1, 2', or a number that the layer shares; repeated too, or b1, b2, …",
        aliases=("bias", "b"),
    )
    bias_column = problem.default(
        Switch(), "false", "the first column of each matrix is the bias, beside a leading 1"
    )
    x = problem.optional(
        MatrixOf(), "the input '1, 2', or a row an example: '0 0; 0 1'", aliases=("input", "inputs")
    )
    truth_table = problem.default(Switch(), "false", "take all of {0,1}^n as inputs")
    activation = problem.default(
        Activations(),
        "sigmoid",
        "activation of the hidden layers, or a list of one a layer",
        aliases=("hidden_activation",),
    )
    output_activation = problem.default(ACTIVATION, "identity", "activation of the output")
    targets = problem.optional(
        MatrixOf(), "the wanted output, or a row an example", aliases=("target", "t", "y")
    )
    loss = problem.optional(
        LOSS, "loss between output and target; alone, derived from the likelihood"
    )
    upstream = problem.optional(
        MatrixOf(), "∂L/∂output, where it comes from above and not from a loss"
    )
    learning_rate = problem.optional(
        Rates(),
        "η of a gradient step; a list has one an epoch, and a letter stays one",
        aliases=("lr", "eta", "step_size"),
    )
    update_biases = problem.default(Switch(), "true", "whether a step changes the biases too")
    optimizer = problem.default(
        OPTIMIZERS, "sgd", "how a step is made of the gradient", aliases=("optimiser",)
    )
    momentum = problem.default(Quantity(least=0), "0.9", "μ of the optimizer momentum")
    beta1 = problem.default(Quantity(least=0), "0.9", "how much Adam keeps of the first moment")
    beta2 = problem.default(Quantity(least=0), "0.999", "how much Adam keeps of the second moment")
    adam_epsilon = problem.default(
        Quantity(least=0), "1e-8", "what Adam adds to the root", aliases=("eps",)
    )
    weight_decay = problem.default(
        Quantity(least=0), "0", "λ: λW is added to the gradient of W", aliases=("l2",)
    )
    decay = problem.optional(Quantity(least=0), "factor on the learning rate between epochs")
    decay_every = problem.default(Count(1, 1000), "1", "epochs from one such factor to the next")
    epochs = problem.default(Count(1, 1000), "1", "how often the examples are gone through")
    batch_size = problem.optional(Count(1, 1000), "examples a step [all of them]")
    sizes = problem.optional(
        LayerSizes(), "units a layer, input first: 3, 3, 1 or n*d, h, V", aliases=("layer_sizes",)
    )
    region = problem.optional(
        HalfPlanes(), "half-planes whose common part gets a 1: 'x1 > 0, 2x1 + 3x2 <= 6'"
    )
    formula = problem.optional(
        BooleanFormula(), "a Boolean formula, such as x1 AND NOT x2, or XNOR"
    )
    pieces = problem.optional(Pieces(), "regions whose union gets a 1, each by its sides; repeated")
    steps = problem.optional(
        Staircase(), "a function in steps, 'x value' where each begins: '0 2; 1 5; 3 0'"
    )

    @classmethod
    def read(
        cls, given: Entries, elsewhere: Callable[[str], str] = lambda name: ""
    ) -> problem.Problem:
        """The fields, with those that W1, b1, … and a network in one text give."""
        entries, notes = by_layers(cls.unfolded(given), cls.plain_names)
        entries = with_activation(entries, cls.plain_names)
        found = super().read(entries, elsewhere)
        if "y" in found.given:
            text = "y is read as the target t; the network's own output is y in the working"
            notes = (*notes, Note("given.target", text))
        found.remarks += notes
        return found

    @property
    def work(self) -> int:
        """What a training costs: epochs × examples × (parameters + 20)."""
        if self.learning_rate is None or not self.weights:
            return 0
        inputs = self.weights[0].shape[1] - self.bias_column
        examples = 2 ** min(inputs, MOST_BITS) if self.x is None else self.x.shape[0]
        parameters = sum(matrix.shape[0] * (matrix.shape[1] + 1) for matrix in self.weights)
        return self.epochs * examples * (parameters + WORK_OF_EXAMPLE)


def layer_fields() -> Iterator[tuple[str, Field[Any]]]:
    """W1, b1, W2, …, which `weights` and `biases` are made of."""
    for number in range(1, MOST_NAMED + 1):
        text = f"the {{}} of layer {number}, of which {{}} is made"
        yield (
            f"W{number}",
            problem.optional(MatrixOf(), text.format("weights", "weights"), hidden=True),
        )
        yield f"b{number}", problem.optional(Biases(), text.format("biases", "biases"), hidden=True)


for name, field in layer_fields():
    field.__set_name__(NetworkQuestion, name)
    NetworkQuestion.fields = {**NetworkQuestion.fields, name: field}


# Fields that belong to a training.

BELOW_ONE = (NetworkQuestion.momentum, NetworkQuestion.beta1, NetworkQuestion.beta2)
OF_STEP = (*BELOW_ONE, NetworkQuestion.adam_epsilon, NetworkQuestion.weight_decay)
OF_OPTIMIZER = (
    (NetworkQuestion.momentum, "momentum"), (NetworkQuestion.beta1, "adam"),
    (NetworkQuestion.beta2, "adam"), (NetworkQuestion.adam_epsilon, "adam"),
)  # fmt: skip
TRAINING: Sequence[Field[Any]] = (
    NetworkQuestion.update_biases, NetworkQuestion.optimizer, NetworkQuestion.epochs,
    NetworkQuestion.batch_size, NetworkQuestion.weight_decay, NetworkQuestion.decay,
    NetworkQuestion.decay_every, *(field for field, _ in OF_OPTIMIZER),
)  # fmt: skip


def refuse_others(
    given: NetworkQuestion, asked: Field[Any], beside: Sequence[Field[Any]], where: str = ""
) -> None:
    """Refuses all fields that are given but for the one that asks and those `beside` it.

    `where` says when they have no meaning, if not always.
    """
    what = f"has no meaning {where or 'beside ' + asked.name}"
    allowed = {asked.name, *(field.name for field in beside)}
    faults = [
        given.fault(f"{given.typed_name(field)} {what}", field)
        for field in given.fields.values()
        if given.is_given(field) and field.name not in allowed
    ]
    if faults:
        raise Invalid(*(complaint for fault in faults for complaint in fault.complaints))


def has_bias_column(given: NetworkQuestion) -> bool:
    """Weights are given as Θ with the biases in it, unless W and b are asked for."""
    return given.bias_column or not given.is_given(NetworkQuestion.bias_column)
