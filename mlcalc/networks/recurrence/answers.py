"""The answer to a question about a recurrent network: forward, loss, and back through time."""

from __future__ import annotations

from fractions import Fraction
from math import prod

from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields import as_number
from mlcalc.maths.board import Note
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Derivative, Expr, Listing, Shape, Symbol, equals, free_symbols
from mlcalc.maths.vectors import column, compact, matrix, writer
from mlcalc.networks import arithmetic
from mlcalc.networks.activations import refuse_flat
from mlcalc.networks.arithmetic import Rows, Vector
from mlcalc.networks.backward import Backward
from mlcalc.networks.backward_working import ParameterWriting, learned
from mlcalc.networks.equations import Activation, Combination, L, at_time
from mlcalc.networks.layers import check_numbers
from mlcalc.networks.recurrence.building import Builder
from mlcalc.networks.recurrence.diagrams import diagrams
from mlcalc.networks.recurrence.jacobian import JacobianWriting, jacobians
from mlcalc.networks.recurrence.memory_building import builder_for
from mlcalc.networks.recurrence.objective import Objective, SequenceLoss
from mlcalc.networks.recurrence.parameters import weights
from mlcalc.networks.recurrence.question import RecurrentQuestion, Weights
from mlcalc.networks.recurrence.responses import responses
from mlcalc.networks.recurrence.shapes import Shapes
from mlcalc.networks.recurrence.through_time import (
    BLOCKED,
    ThroughTime,
    freed,
    left_out_step,
    parameters_step,
    summed_leaves,
)
from mlcalc.networks.recurrence.wording import (
    CUT,
    MEANINGS,
    NOUNS,
    backward_title,
    cell_notes,
    refuse_foreign_fields,
)
from mlcalc.networks.recurrence.working import forward_notes, forward_steps, is_in_full, sequence
from mlcalc.networks.running import Run
from mlcalc.showing.derivation import Answer, Derivation, Result, Step, count_answer, number_answer

CONSTANTS = {Symbol("e"), Symbol("pi")}


def solved(given: RecurrentQuestion) -> Derivation:
    """The derivation of a question; what it does not ask for is not loaded."""
    refuse_foreign_fields(given)
    if given.sizes is not None:
        from mlcalc.networks.recurrence.sizes import sized

        return sized(given)
    if has_letters(given):
        from mlcalc.networks.recurrence.symbolic import solved_in_letters

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
    return builder, Run(network, builder.parameters, given.x, builder.steps, write)


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
    for name, _ in learned(run, run.network.equations):
        uses[name] = uses.get(name, 0) + run.steps
    total = sum(prod(run.parameters[name].shape) for name in uses)
    value: dict[str, Result] = {name.spelled: Fraction(n) for name, n in uses.items()}
    maths = Listing(tuple(equals(name, as_number(n)) for name, n in uses.items()))
    used = Answer("uses", value, maths, is_count=True)
    return [used, count_answer("parameter_count", Fraction(total))]


class Differentiated(Record):
    steps: list[Step]
    answers: list[Answer]
    notes: list[Note]


def differentiated(given: RecurrentQuestion, builder: Builder, run: Run) -> Differentiated:
    """The loss of a run, and back through time."""
    for equation in run.network.equations:
        if isinstance(equation, Activation):
            field = RecurrentQuestion.activation
            if equation.target == run.network.output:
                field = RecurrentQuestion.output_activation
            refuse_flat(equation.word, given.place_of(field))
    is_whole = given.sequence_loss is not None
    objective = SequenceLoss(given, run) if is_whole else Objective(given, run)
    passes, steps = carried_back(given, run, objective)
    parameters = ParameterWriting(run, passes)
    steps += parameters_step(parameters)
    answers = [number_answer("loss", objective.total, L), gradient_answer(builder, run, passes)]
    notes = objective.notes()
    if given.cell in BLOCKED:
        notes.append(BLOCKED[given.cell])
        if run.steps > 1 and given.truncate is None:
            values = {moment: seed.values for moment, seed in objective.seeds().items()}
            steps.append(left_out_step(parameters, values))
    if given.truncate is not None:
        notes.append(truncation_note(given.truncate))
    return Differentiated([objective.loss_step(), *steps], answers, notes)


def carried_back(
    given: RecurrentQuestion, run: Run, objective: Objective | SequenceLoss
) -> tuple[list[Backward], list[Step]]:
    """The backward pass, or one for the loss of each step where these are truncated."""
    if given.truncate is None or given.truncate >= run.steps:
        seeds = objective.seeds()
        backward = Backward(run, {moment: seed.values for moment, seed in seeds.items()})
        writing = ThroughTime(run, backward, seeds)
        return [backward], [*writing.steps(), *writing.leaves()]
    if any(each.is_reversed for each in run.network.passes):
        message = "truncate needs a single direction: a step from the end has no past to cut off"
        raise given.fault(message, RecurrentQuestion.truncate)
    passes: list[Backward] = []
    steps: list[Step] = []
    writings: list[ThroughTime] = []
    for time in reversed(objective.times):
        of, seeds = objective.seeds_of(time)
        values = {moment: seed.values for moment, seed in seeds.items()}
        backward = Backward(run, values, time - given.truncate + 1, of)
        passes.append(backward)
        if is_in_full(time, run.steps):
            writings.append(ThroughTime(run, backward, seeds))
            steps += writings[-1].steps(f"loss of step {time}: ")
    is_whole = len(writings) == len(passes)
    return passes, [*steps, *(summed_leaves(writings) if is_whole else ())]


def truncation_note(count: int) -> Note:
    text = (
        f"truncated: the loss of a step is carried back through {count} "
        f"{'step' if count == 1 else 'steps'}, its own counted; others cut the sequence into "
        "pieces of that length instead"
    )
    return Note("rnn.truncated", text)


def gradient_answer(builder: Builder, run: Run, passes: list[Backward]) -> Answer:
    """Every gradient by the name of its parameter, in the layer where that was given."""
    writing = ParameterWriting(run, passes)
    names = [name for name, _ in writing.learned()]
    rows: dict[Symbol, Rows] = {name: writing.gradient(name) for name in names}
    shown: dict[Expr, Expr] = {n: compact(matrix(rows[n], run.write)) for n in names}
    for vector, start in run.network.initial:
        total = arithmetic.added(*(backward.initial(vector) for backward in passes))
        rows[start] = tuple((value,) for value in total)
        shown[at_time(vector, run.start_time(vector))] = compact(column(total, run.write))
    value: dict[str, Result] = {}
    for name in rows:
        put(value, (*builder.owners[name].path, builder.owners[name].name), rows[name])
    if isinstance(layers := value.get("layers"), dict):
        value["layers"] = tuple(layers.values())
    inputs = input_gradients(run, passes)
    value["x"] = inputs
    shown[run.network.inputs] = sequence(run, inputs)
    maths = [equals(Derivative(L, name, partial=True), each) for name, each in shown.items()]
    return Answer("gradients", value, Listing(tuple(maths)))


def input_gradients(run: Run, passes: list[Backward]) -> tuple[Vector, ...]:
    """A row for each input that was given."""
    given = [time for vector, time in run.values if vector == run.network.inputs]
    fed_back = [
        equation.since - 1
        for equation in run.network.equations
        if isinstance(equation, Combination) and equation.target == run.network.inputs
    ]
    count = min([len(given), *fed_back])
    return tuple(
        arithmetic.added(*(backward.total((run.network.inputs, time)) for backward in passes))
        for time in range(1, count + 1)
    )


def put(value: dict[str, Result], path: tuple[str, ...], rows: Rows) -> None:
    """Sets an entry of nested mappings."""
    for key in path[:-1]:
        inner = value.setdefault(key, {})
        assert isinstance(inner, dict)
        value = inner
    value[path[-1]] = rows
