"""The answer to a question about a recurrent network: forward, loss, and back through time."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.derivation import Answer, Derivation, Result, count_answer
from mlcalc.errors import Complaint, Invalid
from mlcalc.fields import as_number
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.tree import Listing, Shape, Symbol, equals, free_symbols
from mlcalc.maths.vectors import writer
from mlcalc.networks.equations import Affine
from mlcalc.networks.layers import check_numbers
from mlcalc.networks.running import Run
from mlcalc.recurrence.building import Builder
from mlcalc.recurrence.diagrams import diagrams
from mlcalc.recurrence.forward_steps import forward_notes, forward_steps, sequence
from mlcalc.recurrence.jacobian import jacobians
from mlcalc.recurrence.memory_building import builder_for
from mlcalc.recurrence.parameters import weights
from mlcalc.recurrence.question import RecurrentQuestion, Weights
from mlcalc.recurrence.responses import responses
from mlcalc.recurrence.shapes import Shapes
from mlcalc.recurrence.wording import (
    CUT,
    MEANINGS,
    NOUNS,
    backward_title,
    cell_notes,
    refuse_foreign_fields,
)

CONSTANTS = {Symbol("e"), Symbol("pi")}


def solved(given: RecurrentQuestion) -> Derivation:
    """The derivation of a question; what it does not ask for is not loaded."""
    refuse_foreign_fields(given)
    if given.sizes is not None:
        from mlcalc.recurrence.sizes import sized

        return sized(given)
    if has_letters(given):
        from mlcalc.recurrence.symbolic_answer import solved_in_letters

        return solved_in_letters(given)
    builder, run = set_up(given)
    steps = forward_steps(run, MEANINGS[given.cell])
    answers, notes = state_answers(run), [*forward_notes(run), *cell_notes(given)]
    title = f"Forward pass of {NOUNS[given.cell]}"
    asides = counts(run)
    # What a training leaves out is no part of the Jacobian.
    reach = jacobians(freed(run) if given.cell in CUT else run)
    found_responses = responses(given.cell, run)
    steps += found_responses.steps
    answers += found_responses.answers
    if given.targets is not None or given.sequence_loss is not None:
        from mlcalc.recurrence.differentiating import differentiated

        found = differentiated(given, builder, run)
        steps += found.steps
        answers += found.answers
        notes += found.notes
        title = backward_title(given.cell)
    if reach is not None:
        # The gradient of an LSTM goes by its memory cell, of which ∂h_T/∂h_t does not tell.
        has_other_way = given.cell in ("lstm", *CUT)
        is_trained = given.targets is not None or given.sequence_loss is not None
        is_asked = is_trained and run.steps > 1 and not has_other_way
        if is_asked:
            from mlcalc.recurrence.jacobian_steps import JacobianWriting

            steps.append(JacobianWriting(reach).step())
        (answers if is_asked else asides).append(reach.answer())
    asides.append(shapes_answer(run))  # the table of the shapes says it already
    pictures = [*found_responses.pictures, *diagrams(run.network, run.steps)]
    if reach is not None and run.steps > 1:
        pictures.append(reach.picture())
    return Derivation(
        title, tuple(steps), tuple(answers), tuple(notes), tuple(pictures), asides=tuple(asides)
    )


def has_letters(given: RecurrentQuestion) -> bool:
    """Whether letters stand in a network of single numbers."""
    typed = [*(given.values[name] for name in Weights.fields), given.W_hy, given.b_y]
    matrices = [m for m in (*typed, *(given.x or ()), *(given.targets or ())) if m is not None]
    if any(matrix.shape != (1, 1) for matrix in matrices):
        return False
    return any(free_symbols(matrix) - CONSTANTS for matrix in matrices)


def freed(run: Run) -> Run:
    """The run without what stops the gradient in its training."""
    from mlcalc.recurrence.blocked import freed as without_stops

    return without_stops(run)


def set_up(given: RecurrentQuestion) -> tuple[Builder, Run]:
    """The network that was asked for, run forward.  Raises `Invalid` where it does not fit."""
    if given.x is None:
        raise Invalid(*missing(given))
    check_output(given)
    check_training(given)
    builder = builder_for(given, given.x[0].shape[0])
    network = builder.network()
    for row in given.x:
        check_numbers(given, RecurrentQuestion.x, row)
    write = writer([*builder.parameters.values(), *given.x])
    inputs = tuple(tuple(scalar(row[0]) for row in x.rows) for x in given.x)
    return builder, Run(network, builder.parameters, inputs, builder.steps, write)


def missing(given: RecurrentQuestion) -> list[Complaint]:
    """What has to be given of a network whose sequence is not."""
    matrices = [w.name for w in weights(given.cell) if w.name.startswith("W_")]
    absent = [name for name in matrices if given.values[name] is None and given.layers is None]
    return [
        Complaint(f"'{name}' is missing: {given.fields[name].description}", given.place)
        for name in ("x", *absent)
    ]


def check_output(given: RecurrentQuestion) -> None:
    """What only an output can have needs one."""
    fields = RecurrentQuestion
    for field in (fields.b_y, fields.output_activation, fields.targets, fields.sequence_loss):
        if given.W_hy is None and given.is_given(field):
            name = given.typed_name(field)
            message = f"{name} needs an output: give W_hy (or W_yh, W_out), or leave {name} out"
            raise given.fault(message, field)


def check_training(given: RecurrentQuestion) -> None:
    """What only a training can have needs targets, or a loss of the whole sequence."""
    fields = RecurrentQuestion
    for field in (fields.loss, fields.loss_from, fields.loss_weights, fields.truncate):
        is_whole = given.sequence_loss is not None
        if given.is_given(field) and given.targets is None and not is_whole:
            message = f"{field.name} needs targets: give the wanted outputs, a row a step"
            raise given.fault(message, field)


def state_answers(run: Run) -> list[Answer]:
    """The state, the memory cell of an LSTM, and the output; a row a step."""
    network, cell = run.network, Symbol("c")
    rows = [("h", network.state)] if network.state != network.output else []
    if cell in dict(network.initial):
        rows.append(("c", cell))
    if network.output is not None:
        rows.append(("y", network.output))
    return [
        Answer(name, run.sequence(vector), sequence(run, run.sequence(vector)), vector)
        for name, vector in rows
    ]


def shapes_answer(run: Run) -> Answer:
    sizes = [(symbol, size) for symbol, size, _, _ in Shapes(run).rows.values()]
    maths = Listing(tuple(equals(symbol, Shape(tuple(map(as_number, n)))) for symbol, n in sizes))
    value = {symbol.spelled: tuple(map(Fraction, size)) for symbol, size in sizes}
    return Answer("shapes", value, maths, is_count=True)


def counts(run: Run) -> list[Answer]:
    """How many parameters there are, and how often each is used."""
    uses: dict[Symbol, int] = {}
    for each in run.network.passes:
        for equation in each.equations:
            if isinstance(equation, Affine):
                weights = [weight for weight, _ in equation.products]
                for name in (*weights, equation.bias):
                    if name in run.parameters and name is not None:
                        uses[name] = uses.get(name, 0) + run.steps
    total = sum(run.parameters[name].shape[0] * run.parameters[name].shape[1] for name in uses)
    value: dict[str, Result] = {name.spelled: Fraction(n) for name, n in uses.items()}
    maths = Listing(tuple(equals(name, as_number(n)) for name, n in uses.items()))
    used = Answer("uses", value, maths, is_count=True)
    return [used, count_answer("parameter_count", Fraction(total))]
