"""The loss and its gradients: the steps, the answers and the notes of the backward half."""

from __future__ import annotations

from mlcalc.derivation import Answer, Note, Result, Step, number_answer
from mlcalc.maths.tree import Derivative, Expr, Listing, Symbol, equals
from mlcalc.maths.vectors import column, compact, matrix
from mlcalc.networks.activations import refuse_flat
from mlcalc.networks.arithmetic import Rows, Vector, added
from mlcalc.networks.backward import Backward
from mlcalc.networks.backward_writing import ParameterWriting
from mlcalc.networks.equations import Activation, Combination, L, at_time
from mlcalc.networks.running import Run
from mlcalc.records import Record
from mlcalc.recurrence.blocked import NOTES, left_out_step
from mlcalc.recurrence.building import Builder
from mlcalc.recurrence.forward_steps import is_in_full, sequence
from mlcalc.recurrence.objective import Objective
from mlcalc.recurrence.question import RecurrentQuestion
from mlcalc.recurrence.sequence_loss import SequenceLoss
from mlcalc.recurrence.through_time import ThroughTime, parameters_step, summed_leaves


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
    if given.cell in NOTES:
        notes.append(NOTES[given.cell])
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
        total = added(*(backward.initial(vector) for backward in passes))
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
        added(*(backward.total((run.network.inputs, time)) for backward in passes))
        for time in range(1, count + 1)
    )


def put(value: dict[str, Result], path: tuple[str, ...], rows: Rows) -> None:
    """Sets an entry of nested mappings."""
    for key in path[:-1]:
        inner = value.setdefault(key, {})
        assert isinstance(inner, dict)
        value = inner
    value[path[-1]] = rows
