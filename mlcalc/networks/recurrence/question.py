"""The question about a recurrent network: its fields, and those of each of its layers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from mlcalc.files import problem
from mlcalc.files.display import visible
from mlcalc.files.document import Entries, Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import (
    Count,
    FieldType,
    MatrixOf,
    Notation,
    Numbers,
    Quantity,
    Schema,
    Sizes,
    Structure,
    Vector,
    Vectors,
    Word,
)
from mlcalc.files.fields import Mapping as MappingField
from mlcalc.maths.board import Note
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Shape
from mlcalc.networks.activations import ACTIVATION
from mlcalc.networks.loss_words import refuse_logits, with_activation
from mlcalc.networks.losses import LOSS
from mlcalc.networks.recurrence.cells import VARIANT
from mlcalc.networks.recurrence.whole import CalledSizes, Cells, opened

GATES = {
    "i": ("the input gate", "i"), "f": ("the forget gate", "f"),
    "g": ("the candidate of an LSTM", "gca"), "o": ("the output gate", "o"),
    "r": ("the reset gate", "r"), "z": ("the update gate", "z"),
    "n": ("the candidate of a GRU", "n"),
}  # fmt: skip
"""Each gate with the letters that are typed for it."""


def gate_fields() -> Iterator[tuple[str, problem.Field[Any]]]:
    """A matrix for the input, one for the state before and a bias, for each gate."""
    for gate, (what, letters) in GATES.items():
        for source, of, own in (("x", "input", "W"), ("h", "state", "U")):
            aliases = tuple(f"{own}_{letter}" for letter in letters)
            aliases += tuple(f"W_{source}{letter}" for letter in letters if letter != gate)
            text = f"weights from the {of} to {what}"
            yield f"W_{source}{gate}", problem.optional(MatrixOf(), text, aliases=aliases)
        others = tuple(f"b_{letter}" for letter in letters if letter != gate)
        yield f"b_{gate}", problem.optional(Vector(), f"bias of {what}", aliases=others)
    yield (
        "b_hn",
        problem.optional(Vector(), "bias within r ⊙ (W_hn h + b_hn), of the variant pytorch"),
    )


class GateWeights(problem.Problem):
    """The weights of gates: i, f, g, o of the LSTM and r, z, n of the GRU."""


for name, field in gate_fields():
    field.__set_name__(GateWeights, name)
    GateWeights.fields = {**GateWeights.fields, name: field}


CELLS = Word({
    "rnn": "h_t = f(W_xh x_t + W_hh h_(t−1) + b_h)",
    "lstm": "long short-term memory: gates i, f, o and a memory c",
    "gru": "gated recurrent unit: gates r and z",
    "elman": "rnn whose training stops at the context units (Elman 1990)",
    "jordan": "reads a running average of the outputs (Jordan 1986)",
    "narx": "reads its own last outputs and inputs",
    "tdnn": "reads a window of inputs, without recurrence",
}, {"simple-rnn": "rnn", "vanilla-rnn": "rnn", "recurrent": "rnn",
    "long-short-term-memory": "lstm", "gated-recurrent": "gru"},
   ("network", "cell", "unit", "layer", "rnn"))  # fmt: skip

NETWORK = Cells("W_xh = 1; W_hh = 2; x = 1, 2", CELLS)

MOST_STEPS = 1000
DIRECTION = MappingField("W_xh: 1, W_hh: 2")


class FirstStep(FieldType[int | None]):
    """The first step that counts: a number, or `last`, which is None."""

    metavar = "STEP"
    expected = f"a whole number from 1 to {MOST_STEPS}, or last"

    def read(self, raw: Raw) -> int | None:
        if isinstance(raw, Text) and raw.value.strip() == "last":
            return None
        try:
            return Count(1, MOST_STEPS).read(raw)
        except Invalid:
            raise self.refused(raw) from None

    def schema(self) -> Schema:
        return {"anyOf": [Count(1, MOST_STEPS).schema(), {"const": "last"}]}

    def words(self) -> tuple[str, ...]:
        return ("last",)


class UnitCounts(Sizes):
    """The lengths of input, state and output: 3, 4, 2; or of input and state alone."""

    metavar = "LIST"

    @property
    def expected(self) -> str:  # type: ignore[override]  # that of the base is a property
        return "the sizes of input, state and, where there is one, output, such as 3, 4, 2"

    def read(self, raw: Raw) -> Shape:
        found = super().read(raw)
        if len(found.sizes) not in (2, 3):
            raise self.refused(raw)
        return found


class Weights(GateWeights):
    """The weights of one recurrent layer, in one direction."""

    W_xh = problem.optional(
        MatrixOf(), "weights from the input to the state", aliases=("W_hx", "W_in", "W_x", "W_ax")
    )
    W_hh = problem.optional(
        MatrixOf(), "weights from the state to the next state", aliases=("W_rec", "U_h", "W_aa")
    )
    b_h = problem.optional(Vector(), "bias of the state", aliases=("b_rec",))
    h0 = problem.optional(
        Vector(), "state before the first step [zeros]", aliases=("h_prev", "initial_state", "h")
    )
    c0 = problem.optional(
        Vector(), "memory cell of an LSTM before the first step [zeros]", aliases=("c_prev", "c")
    )


class LayerWeights(Weights):
    """The same as a member of `layers`."""

    skip = problem.optional(MatrixOf(), "weights from the network's input past the layers below")
    W_hy = problem.optional(
        MatrixOf(), "weights from this layer to the output, past those above",
        aliases=("W_yh", "W_out", "W_y", "W_ya"),
    )  # fmt: skip
    backward = problem.optional(DIRECTION, "weights of the direction from the end")


OF_STEP = re.compile(r"(?:y|t|targets?)[-_]?([1-9][0-9]{0,2})", re.IGNORECASE)
"""The target of one step alone: y_3, t3."""


class RecurrentQuestion(Weights):
    """The fields of `rnn-step`."""

    other_words: ClassVar[Mapping[str, str]] = {
        "wh": "W_h is the state's beside W_x, and the input's beside U_h: write W_hh or W_xh"
    }

    network = problem.optional(
        NETWORK,
        "the cell, a layer such as 'nn.LSTM(1, 2)', or all: 'W_xh = 1; W_hh = 2; x = 1, 2'",
        positional=True,
    )
    W_hy = problem.optional(
        MatrixOf(), "weights from the state to the output", aliases=("W_yh", "W_out", "W_y", "W_ya")
    )
    b_y = problem.optional(Vector(), "bias of the output", aliases=("b_out",))
    U = problem.optional(MatrixOf(), "W_xh of an rnn in some books, and W_hh in others")
    V = problem.optional(MatrixOf(), "W_hy beside U and W")
    W = problem.optional(MatrixOf(), "W_hh of an rnn in some books, and W_xh in others")
    weight_ih_l0 = problem.optional(
        MatrixOf(), "PyTorch's weights of the input, gates one below the other",
        aliases=("weight_ih", "W_ih"),
    )  # fmt: skip
    weight_hh_l0 = problem.optional(
        MatrixOf(), "PyTorch's weights of the state", aliases=("weight_hh",)
    )
    bias_ih_l0 = problem.optional(
        Vector(), "PyTorch's bias of the input", aliases=("bias_ih", "b_ih")
    )
    bias_hh_l0 = problem.optional(
        Vector(), "PyTorch's bias of the state", aliases=("bias_hh", "b_hh")
    )
    x = problem.optional(
        Vectors(), "the inputs, a row a step: '1 0; 0 1'", aliases=("inputs", "input", "sequence")
    )
    cell = problem.default(CELLS, "rnn", "the kind of cell")
    activation = problem.default(ACTIVATION, "tanh", "activation of the state")
    output_activation = problem.default(ACTIVATION, "identity", "activation of the output")
    steps = problem.optional(
        Count(1, MOST_STEPS), "steps to run; beyond the inputs the output is fed back [as many]"
    )
    layers = problem.optional(
        Structure(), "weights of several layers, lowest first: '[{W_xh: 1, W_hh: 2}, …]'"
    )
    backward = problem.optional(
        DIRECTION, "weights of the direction from the end: '{W_xh: 1, W_hh: 2}'"
    )
    targets = problem.optional(
        Vectors(), "the wanted outputs, a row a step", aliases=("target", "y", "t")
    )
    loss = problem.optional(LOSS, "the loss of one step")
    loss_from = problem.default(FirstStep(), "1", "the first step that counts, or last")
    loss_weights = problem.optional(Numbers(), "how much each step counts: 0, 0.5, 1")
    sequence_loss = problem.optional(
        Notation(), "a loss of the whole sequence: '(y[1] + y[2] − 1)^2'"
    )
    truncate = problem.optional(
        Count(1, MOST_STEPS), "steps that a loss is carried back, its own counted"
    )
    input_taps = problem.optional(
        Count(0, 100), "past inputs that a narx or tdnn reads [as W_xh has]"
    )
    output_taps = problem.optional(Count(1, 100), "past outputs that a narx reads [as W_hh has]")
    decay = problem.optional(Quantity(least=0), "share of the old memory that a jordan keeps [0.5]")
    variant = problem.default(VARIANT, "pytorch", "the version of a gru")
    sizes = problem.optional(UnitCounts(), "lengths of input, state and output alone: 3, 4, 2")

    @classmethod
    def has_own_value(cls, name: str, typed: str) -> bool:
        """Whether it is the target of one step."""
        return OF_STEP.fullmatch(name) is not None

    @classmethod
    def read(
        cls, given: Entries, elsewhere: Callable[[str], str] = lambda name: ""
    ) -> problem.Problem:
        """The fields, with those that a network in one text gives."""
        entries, sizes = opened(cls.unfolded(given), NETWORK, cls.plain_names)
        refuse_logits(entries, cls.plain_names)
        entries = with_activation(entries, cls.plain_names)
        own, rest = cls.own_values(entries)
        if own:
            known = super().read(replace(entries, pairs=rest), elsewhere)
            entries = replace(entries, pairs=(*rest, *targets_at(own, known)))
        found = super().read(entries, elsewhere)
        if sizes is not None:
            check_sizes(found, sizes)
            if found.is_given(cls.sizes):
                text = "PyTorch has two biases for each unit of a gate, and one is counted here: "
                text += f"params '{visible(sizes.call.value.strip())}' counts both"
                found.remarks += (Note("rnn.two_biases", text),)
        if "y" in found.given:
            text = "y is read as the targets; the network's own outputs are y in the working"
            found.remarks += (Note("given.target", text),)
        return found


def targets_at(own: problem.Pairs, known: problem.Problem) -> problem.Pairs:
    """Targets of some steps alone as `targets`, and that only these steps count.

    Raises `Invalid` for a step that is not there or has two targets.
    """
    steps = known.values["steps"] or len(known.values["x"] or ())
    rows: dict[int, tuple[Text, Raw]] = {}
    for key, raw in own:
        found = OF_STEP.fullmatch(key.value)
        time = int(found[1]) if found else 0
        if known.values["targets"] is not None:
            message = f"targets has the target of each step: leave {key.value} out, or targets"
            raise Invalid.at(message, key.place)
        if time > steps:
            message = f"{key.value} is the target of step {time}, and there are {steps} steps"
            raise Invalid.at(message, key.place)
        if time in rows:
            message = f"'{rows[time][0].value}' and '{key.value}' are the same target: give one"
            raise Invalid.at(message, key.place)
        rows[time] = key, raw
    times, place = sorted(rows), own[0][1].place
    typed = "; ".join(written(rows[t][1]).strip(" []").replace(",", " ") for t in times)
    counted = ", ".join(str(int(t in rows)) for t in range(1, steps + 1))
    found_pairs = [(Text("targets", place), Text(typed, place))]
    if len(times) < steps:
        found_pairs.append((Text("loss_weights", place), Text(counted, place)))
    return tuple(found_pairs)


def check_sizes(given: problem.Problem, sizes: CalledSizes) -> None:
    """Raises `Invalid` where what a call says of the sizes is not so."""
    x, values = given.values["x"], given.values
    inputs = None if x is None else x[0].shape[0]
    gates = [values[name] for name in values if name.startswith("W_h") and name != "W_hy"]
    squares = [*gates, values["weight_hh_l0"]]
    units = next((matrix.shape[1] for matrix in squares if matrix is not None), None)
    for said, seen, what in ((sizes.inputs, inputs, "an input"), (sizes.units, units, "the state")):
        if said and seen and said != seen:
            call = visible(sizes.call.value.strip())
            message = f"{call} says {said} for the entries of {what}, and here they are {seen}"
            raise Invalid.at(message, sizes.call.place)


# The sequence is the first in `--help`, and the many weights of gates are the last.
RecurrentQuestion.fields = {
    "x": RecurrentQuestion.x,
    **{k: v for k, v in RecurrentQuestion.fields.items() if k not in GateWeights.fields},
    **GateWeights.fields,
}
