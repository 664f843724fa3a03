"""The answer to a question about a recurrent network: forward, loss, and back through time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import prod

from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields import as_number
from mlcalc.maths.board import Note
from mlcalc.maths.records import Later, Record, replace
from mlcalc.maths.tree import Derivative, Expr, Listing, Shape, Symbol, call, equals, free_symbols
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
from mlcalc.networks.recurrence.spellings import in_our_names
from mlcalc.networks.recurrence.through_time import (
    BLOCKED,
    ThroughTime,
    freed,
    left_out_step,
    parameters_step,
    summed_leaves,
    through_all_time,
    values_of,
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
from mlcalc.showing.derivation import (
    Answer,
    Apart,
    Derivation,
    Picture,
    Result,
    Step,
    count_answer,
    number_answer,
    only_for,
)

CONSTANTS = {Symbol("e"), Symbol("pi")}


def solved(given: RecurrentQuestion) -> Derivation:
    """The derivation of a question; what it does not ask for is not loaded."""
    given = in_our_names(given)
    refuse_foreign_fields(given)
    if given.sizes is not None:
        from mlcalc.networks.recurrence.sizes import sized

        return sized(given)
    if has_letters(given):
        from mlcalc.networks.recurrence.symbolic import solved_in_letters

        return solved_in_letters(given)
    builder, run = set_up(given)
    # What a training leaves out is no part of the Jacobian.
    reach = jacobians(freed(run) if given.cell in CUT else run)
    found_responses = responses(given.cell, run)
    is_trained = given.targets is not None or given.sequence_loss is not None
    found = differentiated(given, builder, run) if is_trained else None
    # The gradient of an LSTM goes by its memory cell, of which ∂h_T/∂h_t does not tell.
    has_other_way = given.cell in ("lstm", *CUT)
    is_asked = reach is not None and is_trained and run.steps > 1 and not has_other_way
    reached = [] if reach is None else [reach.answer()]

    def steps() -> Iterator[Step | Apart]:
        yield from forward_steps(run, MEANINGS[given.cell])
        yield from only_for(("response",), found_responses.steps)
        yield from found.steps if found else ()
        if reach is not None and is_asked:
            yield Apart(("jacobian",), JacobianWriting(reach).step)

    def notes() -> Iterator[Note]:
        yield from forward_notes(run)
        yield from cell_notes(given)
        yield from found.notes if found else ()

    def pictures() -> Iterator[Picture]:
        yield from found_responses.pictures
        yield from diagrams(run.network, run.steps)
        if reach is not None and run.steps > 1:
            yield reach.picture()

    answers = [*state_answers(run), *found_responses.answers, *(found.answers if found else ())]
    # The table of the shapes says the shapes already.
    asides = [*counts(run), *([] if is_asked else reached), shapes_answer(run)]
    return Derivation(
        backward_title(given.cell) if found else f"Forward pass of {NOUNS[given.cell]}",
        Later(steps), (*answers, *(reached if is_asked else ())), Later(notes), Later(pictures),
        tuple(asides),
    ).apart("gradients", "jacobian")  # fmt: skip


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
    shapes = ((symbol, Shape(tuple(map(as_number, size)))) for symbol, size in sizes)
    maths = Listing(tuple(equals(call("shape", symbol), shape) for symbol, shape in shapes))
    value = {symbol.spelled: tuple(map(Fraction, size)) for symbol, size in sizes}
    return Answer("shapes", value, maths, is_count=True)


def counts(run: Run) -> list[Answer]:
    """How many parameters there are, and how often each is used."""
    uses: dict[Symbol, int] = {}
    for name, _ in learned(run, run.network.equations):
        uses[name] = uses.get(name, 0) + run.steps
    total = sum(prod(run.parameters[name].shape) for name in uses)
    value: dict[str, Result] = {name.spelled: Fraction(n) for name, n in uses.items()}
    maths = Listing(tuple(equals(call("uses", name), as_number(n)) for name, n in uses.items()))
    used = Answer("uses", value, maths, is_count=True)
    return [used, count_answer("parameter_count", Fraction(total))]


class Differentiated(Record):
    """What a training adds to the working of a run."""

    answers: list[Answer]
    steps: Sequence[Step]
    notes: Sequence[Note]


GRADIENTS = ("gradients",)


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
    training = trained(given, run, objective)
    passes = [each.backward for each in training]
    is_blocked = given.cell in BLOCKED
    is_cut = is_blocked and run.steps > 1 and given.truncate is None
    full = through_all_time(run, training[0].seeds) if is_cut else None

    def steps() -> Iterator[Step]:
        parameters = ParameterWriting(run, passes)
        yield replace(objective.loss_step(), of=("loss", "gradients"))
        yield from only_for(GRADIENTS, backward_steps(run, training))
        yield from only_for(GRADIENTS, parameters_step(parameters))
        if full is not None:
            yield replace(left_out_step(parameters, full), of=GRADIENTS)

    def notes() -> Iterator[Note]:
        yield from objective.notes()
        if is_blocked:
            yield BLOCKED[given.cell]
        if given.truncate is not None:
            yield truncation_note(given.truncate)

    answers = [number_answer("loss", objective.total, L), gradient_answer(builder, run, passes)]
    return Differentiated(answers, Later(steps), Later(notes))


def trained(
    given: RecurrentQuestion, run: Run, objective: Objective | SequenceLoss
) -> list[ThroughTime]:
    """The backward pass, or one for the loss of each step where these are truncated."""
    if given.truncate is None or given.truncate >= run.steps:
        seeds = objective.seeds()
        return [ThroughTime(run, Backward(run, values_of(seeds)), seeds)]
    if any(each.is_reversed for each in run.network.passes):
        message = "truncate needs a single direction: a step from the end has no past to cut off"
        raise given.fault(message, RecurrentQuestion.truncate)
    found: list[ThroughTime] = []
    for time in reversed(objective.times):
        of, seeds = objective.seeds_of(time)
        backward = Backward(run, values_of(seeds), time - given.truncate + 1, of)
        found.append(ThroughTime(run, backward, seeds))
    return found


def backward_steps(run: Run, training: Sequence[ThroughTime]) -> Iterator[Step]:
    """The steps of the backward pass, or of those that are written out of several."""
    if training[0].backward.floor is None:
        yield from training[0].steps()
        yield from training[0].leaves()
        return
    shown = [each for each in training if is_in_full(each.start, run.steps)]
    for each in shown:
        yield from each.steps(f"loss of step {each.start}: ")
    if len(shown) == len(training):
        yield from summed_leaves(shown)


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
