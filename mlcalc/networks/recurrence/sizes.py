"""Shapes and parameter counts of a recurrent layer from its sizes alone, in numbers or letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlcalc.files.fields import as_number
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.records import replace
from mlcalc.maths.tree import (
    Add,
    Expr,
    Listing,
    Matrix,
    Mul,
    Shape,
    Symbol,
    Words,
    equals,
    joined,
    substitute,
)
from mlcalc.networks.recurrence.diagrams import diagrams
from mlcalc.networks.recurrence.memory_building import builder_for
from mlcalc.networks.recurrence.parameters import (
    D_H,
    D_X,
    D_Y,
    GATES,
    INPUT_TAPS,
    ONE,
    OUTPUT_TAPS,
    Weight,
    output_weights,
    weights,
)
from mlcalc.networks.recurrence.question import RecurrentQuestion
from mlcalc.networks.recurrence.wording import MEANINGS, NOUNS, cell_notes
from mlcalc.networks.recurrence.working import equations_step
from mlcalc.networks.running import Layout
from mlcalc.showing.derivation import Answer, Derivation, Result, Step, Table, count_answer

Values = Mapping[Expr, Expr]
"""Numbers or letters for d_x, d_h, d_y and the taps."""

LIBRARY_CELLS = ("rnn", "lstm", "gru")
"""The cells that PyTorch and Keras have as layers."""


FITTING = (
    "sizes",
    "cell",
    "variant",
    "input_taps",
    "output_taps",
    "activation",
    "output_activation",
)

DRAWN_STEPS = 3
"""How far the network is unrolled, where no sequence is given."""


def sized(given: RecurrentQuestion) -> Derivation:
    """Equations, shapes and counts.  Raises `Invalid` where numbers are given beside the sizes."""
    for field in RecurrentQuestion.fields.values():
        if given.is_given(field) and field.name not in FITTING:
            name = given.typed_name(field)
            message = (
                f"sizes asks for shapes and counts alone: leave {name} out, or leave sizes out"
            )
            raise given.fault(message, field)
    assert given.sizes is not None
    if given.cell == "jordan" and len(given.sizes.sizes) < 3:
        message = "a Jordan network reads its outputs: give their size too, as in 3, 4, 2"
        raise given.fault(message, RecurrentQuestion.sizes)
    past = 0 if given.input_taps is None else given.input_taps
    outputs = 1 if given.output_taps is None else given.output_taps
    taps: Values = {INPUT_TAPS: as_number(past), OUTPUT_TAPS: as_number(outputs)}
    title = f"Shapes and parameters of {NOUNS[given.cell]}"
    found = shapes_and_counts(given.cell, given.sizes, taps, title, given.variant)
    layout = layout_of(given, taps)
    equations = equations_step(layout, MEANINGS[given.cell])
    notes = (*found.notes, *cell_notes(given))
    pictures = diagrams(layout.network, DRAWN_STEPS)
    return replace(found, steps=(equations, *found.steps), notes=notes, pictures=pictures)


def layout_of(given: RecurrentQuestion, taps: Values) -> Layout:
    """A network of that kind, for its equations alone: each vector has one entry or two."""
    assert given.sizes is not None
    lengths = [as_number(1 if size == ONE else 2) for size in given.sizes.sizes]
    values = values_of(lengths, taps)
    learned = [*weights(given.cell), *(output_weights() if len(lengths) == 3 else ())]
    matrices = {w.name: zeros(at(w.rows, values), at(w.columns, values)) for w in learned}
    question = RecurrentQuestion({**given.values, **matrices}, {}, given.place)
    size = count_of(lengths[0])
    builder = builder_for(question, size, takes_letters=True)
    return Layout(builder.network(), builder.parameters, size, 1)


def zeros(rows: Expr, columns: Expr) -> Matrix:
    return Matrix(((as_number(0),) * count_of(columns),) * count_of(rows))


def count_of(size: Expr) -> int:
    return int(scalar(size))


def values_of(sizes: Sequence[Expr], taps: Values) -> Values:
    """What the letters stand for; without an output layer a narx's units are its outputs."""
    return {**dict(zip((D_X, D_H, D_Y), (*sizes, sizes[-1]), strict=False)), **taps}


def shapes_and_counts(
    cell: str, sizes: Shape, taps: Values, title: str, variant: str = "pytorch"
) -> Derivation:
    """The shape of every matrix and the number of parameters.

    `taps` gives the numbers of taps of a narx or tdnn.
    """
    has_output = len(sizes.sizes) == 3
    values = values_of(sizes.sizes, taps)
    layers = [weights(cell), *([output_weights()] if has_output else [])]
    learned = [weight for layer in layers for weight in layer]
    formulas = [layer_formula(cell, layers[0]), *map(summed, layers[1:])]
    total = joined(Add, formulas)
    count = at(total, values)
    steps = (
        Step("write the shapes", (shapes_table(learned, values),), "a matrix has a row for each "
             "entry of its result and a column for each entry that it reads"),
        Step("count the parameters", (equals(Words("parameters"), *in_numbers(total, values)),),
             "rows times columns of each matrix, and one bias vector a gate" if cell in GATES
             else "rows times columns of each matrix, and the biases"),
        *(library_steps(cell, values) if cell in LIBRARY_CELLS and variant == "pytorch" else ()),
    )  # fmt: skip
    found = {w.name: Shape((at(w.rows, values), at(w.columns, values))) for w in learned}
    maths = Listing(tuple(equals(Symbol.named(name), shape) for name, shape in found.items()))
    shapes = {name: plain_sizes(shape) for name, shape in found.items()}
    value = exact(count)
    counts = count_answer("parameter_count", count if value is None else value)
    notes = (Note("rnn.one_bias", "each gate is counted with one bias vector, as in textbooks"),)
    return Derivation(
        title,
        steps,
        (counts, Answer("shapes", shapes, maths, is_count=True)),
        notes if cell in GATES else (),
    )


def plain_sizes(shape: Shape) -> Result:
    """Rows and columns as numbers; as formulas where they are in letters."""
    numbers = [exact(size) for size in shape.sizes]
    known = tuple(number for number in numbers if number is not None)
    return known if len(known) == len(numbers) else Listing(shape.sizes)


def at(size: Expr, values: Values) -> Expr:
    """The size with the values put in; a number where that is one."""
    found = substitute(size, values)
    value = exact(found)
    return found if value is None else as_number(value)


def in_numbers(total: Expr, values: Values) -> tuple[Expr, ...]:
    """The count in letters, with the sizes put in, and as a number."""
    return total, substitute(total, values), at(total, values)


def summed(layer: Sequence[Weight]) -> Expr:
    return Add(tuple(weight.entries for weight in layer))


def layer_formula(cell: str, layer: Sequence[Weight], biases: int = 1) -> Expr:
    """The parameters of one layer; the gates of a cell are alike, and are counted once."""
    one = layer[: len(layer) // len(GATES[cell])] if cell in GATES else layer
    matrices = [weight.entries for weight in one if weight.columns != ONE]
    bias = D_H if biases == 1 else Mul((as_number(biases), D_H))
    each = Add((*matrices, bias))
    return Mul((as_number(len(GATES[cell])), each)) if cell in GATES else each


def shapes_table(learned: Sequence[Weight], values: Values) -> Table:
    shapes = [Shape((weight.rows, weight.columns)) for weight in learned]
    found = [Shape((at(weight.rows, values), at(weight.columns, values))) for weight in learned]
    columns: list[tuple[str | Expr, ...]] = [
        ("name", *(Symbol.named(weight.name) for weight in learned)),
        ("shape", *found),
        ("in letters", *shapes),
        ("entries", *(at(weight.entries, values) for weight in learned)),
        ("what it does", *(weight.purpose for weight in learned)),
    ]
    if found == shapes:
        del columns[2]
    header, *rows = zip(*columns, strict=True)
    return Table(header, tuple(rows))


def library_steps(cell: str, values: Values) -> list[Step]:
    """How many parameters the layer of a library has, which may hold a second bias."""
    layer = weights(cell)
    torch, keras = layer_formula(cell, layer, 2), layer_formula(cell, layer, 1)
    if cell == "gru":
        keras = torch
    rows = [
        ("PyTorch", equals(*in_numbers(torch, values))),
        ("Keras", equals(*in_numbers(keras, values))),
    ]
    gate = "for each gate " if cell in GATES else ""
    note = f"PyTorch holds two bias vectors {gate}(b_ih and b_hh), of which only the sum matters"
    if cell == "gru":
        note = (
            "both hold two bias vectors for each gate, one beside W x and one beside W h; only for "
            "the candidate does that make a difference, since r multiplies the second (Keras with "
            "reset_after=False has one)"
        )
    rule = "compare with the layers of libraries"
    table = Table(("library", "parameters of the recurrent layer"), tuple(rows))
    return [Step(rule, (table,), note)]
