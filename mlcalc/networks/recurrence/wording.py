"""What is said of each cell: its name, what its equations mean, and whose version it is."""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.files.errors import Complaint
from mlcalc.maths.board import Note
from mlcalc.networks.recurrence.parameters import ONE, known_names, weights
from mlcalc.networks.recurrence.question import RecurrentQuestion, Weights

NOUNS: Mapping[str, str] = {
    "rnn": "a recurrent layer",
    "lstm": "an LSTM",
    "gru": "a GRU",
    "elman": "an Elman network",
    "jordan": "a Jordan network",
    "narx": "a NARX network",
    "tdnn": "a time-delay network",
}

CUT = ("elman", "jordan")
"""Cells whose training does not go back through what they remember."""

MEANINGS: Mapping[str, str] = {
    "rnn": "the new state is made of the input and of the state before, by the same weights always",
    "lstm": "the gates, numbers from 0 to 1, say how much of the old memory c stays, how much of "
    "the candidate g comes in, and how much of it all is shown as the state h",
    "gru": "the gates, numbers from 0 to 1, say how much of the old state the candidate n sees, "
    "and how the new state is mixed of the two",
    "elman": "the context units hold a copy of the state before, which the units read again",
    "jordan": "the memory keeps an average of the outputs, and the units read it at the next step",
    "narx": "the units read the outputs of the steps before, and so all that these depend on",
    "tdnn": "the units read a window of the inputs; there is no recurrence",
}

LSTM = Note(
    "lstm.variant",
    "LSTM with a forget gate and without peepholes, as in PyTorch and Keras; Keras begins the "
    "training with a forget bias of 1, PyTorch does not",
)

GRU: Mapping[str, Note] = {
    "pytorch": Note(
        "gru.variant",
        "GRU as in PyTorch, cuDNN and Keras: the reset gate multiplies W_hn h with its bias b_hn, "
        "and z is the share of the old state that stays; others are variant: cho and chung",
    ),
    "cho": Note(
        "gru.variant",
        "GRU of Cho et al. (2014), which Keras has with reset_after=False: the reset gate "
        "multiplies the state before W_hn does, and z is the share of the old state that stays",
    ),
    "chung": Note(
        "gru.variant",
        "GRU of Chung et al. (2014): the reset gate multiplies the state before W_hn does, and z "
        "is the share of the candidate; PyTorch and Keras call that 1 − z",
    ),
}

MOST_MISSING = 2
"""More missing weights than these are told in one sentence."""

# A field that few cells have, and which.
FITTING: Mapping[str, tuple[str, ...]] = {
    "variant": ("gru",),
    "decay": ("jordan",),
    "input_taps": ("narx", "tdnn"),
    "output_taps": ("narx",),
}


def backward_title(cell: str) -> str:
    """Where no gradient goes from step to step, it is not carried through time."""
    if cell == "rnn":
        return "Backpropagation through time"
    is_through_time = cell in ("lstm", "gru", "narx")
    return f"Backpropagation {'through time ' if is_through_time else ''}in {NOUNS[cell]}"


def refuse_foreign_fields(given: RecurrentQuestion) -> None:
    """A field that means nothing to the cell is a slip; so is a gate's that the cell lacks."""
    for name, cells in FITTING.items():
        field = RecurrentQuestion.fields[name]
        if given.is_given(field) and given.cell not in cells:
            fitting = " or ".join(f"cell: {cell}" for cell in cells)
            message = f"{name} belongs to {fitting}; this is cell: {given.cell}"
            raise given.fault(message, field)


def cell_notes(given: RecurrentQuestion) -> list[Note]:
    """Whose version of the cell this is."""
    if given.cell == "lstm":
        return [LSTM]
    return [GRU[given.variant]] if given.cell == "gru" else []


def missing_weights(given: RecurrentQuestion, layer: Weights) -> list[Complaint]:
    """Complaints about the matrices that a layer of the cell cannot do without."""
    lacking = [
        weight
        for weight in weights(given.cell)
        if weight.columns != ONE and layer.values[weight.name] is None
    ]
    if len(lacking) > MOST_MISSING:
        names = ", ".join(weight.name for weight in lacking)
        message = f"{NOUNS[given.cell]} needs more matrices: {names} are missing"
        return [Complaint(f"{message} (sizes alone gives shapes and counts)", layer.place)]
    return [
        Complaint(f"'{weight.name}' is missing: the matrix that {weight.purpose}", layer.place)
        for weight in lacking
    ]


def foreign_weight(given: RecurrentQuestion, name: str, field: str) -> str:
    """Why a weight that was given is none of the cell's."""
    if field == "b_hn" and given.cell == "gru":
        return f"{name} belongs to variant: pytorch; this is variant: {given.variant}"
    known = ", ".join(known_names(given.cell, given.variant))
    return f"{name} is nothing that {NOUNS[given.cell]} has; it has {known}"
