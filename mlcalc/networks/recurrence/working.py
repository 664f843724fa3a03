"""The forward pass on the board: the equations, the shapes, and each step with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.files.fields import as_number
from mlcalc.maths.board import Note
from mlcalc.maths.tree import Expr, Listing, Matrix, Symbol
from mlcalc.maths.vectors import compact
from mlcalc.networks.activations import conventions, is_shifted
from mlcalc.networks.arithmetic import Vector
from mlcalc.networks.equations import Activation, Network, Pass, T, at_time
from mlcalc.networks.recurrence.shapes import shapes_step
from mlcalc.networks.running import Layout, Run
from mlcalc.networks.working import equation_in_letters, worked_out
from mlcalc.showing.derivation import Step, Table

MOST_STEPS_IN_FULL = 12
FIRST_STEPS_IN_FULL = 3


def forward_steps(run: Run, meaning: str) -> list[Step]:
    return [equations_step(run, meaning, (shapes_step(run),)), *working(run)]


def equations_step(run: Layout, meaning: str, substeps: tuple[Step, ...] = ()) -> Step:
    """The equations in letters, for any t, with what they mean."""
    blocks = tuple(equation_in_letters(equation, run) for equation in run.network.equations)
    layers = [vector for vector, _ in run.network.initial if vector.name == "h"]
    of = "layers" if len(layers) > 1 else "layer"
    return Step(f"write the equations of the {of}", blocks, meaning, substeps)


# Steps.


def is_in_full(time: int, count: int) -> bool:
    """Whether a step is written out; of a long sequence only the first few and the last are."""
    return count <= MOST_STEPS_IN_FULL or time <= FIRST_STEPS_IN_FULL or time == count


def left_out(count: int) -> list[int]:
    return [time for time in range(1, count + 1) if not is_in_full(time, count)]


def working(run: Run) -> list[Step]:
    """One step for each time; those that are not written out share a table."""
    passes = run.network.passes
    if run.is_large:
        return []
    if len(passes) == 1:
        return pass_steps(run, passes[0], "step ")
    steps: list[Step] = []
    for number, each in enumerate(passes):
        way = "from the end, step " if each.is_reversed else "from the start, step "
        is_last = number == len(passes) - 1 and not each.is_reversed
        steps += pass_steps(run, each, "both directions, step " if is_last and number else way)
    return steps


def pass_steps(run: Run, each: Pass, name: str) -> list[Step]:
    brief = left_out(run.steps)
    steps: list[Step] = []
    for time in each.times(run.steps):
        if time not in brief:
            chains = [c for e in each.at(time) for c in worked_out(e, run, time)]
            steps.append(Step(f"{name}t = {time}", tuple(chains)))
        elif time == (brief[-1] if each.is_reversed else brief[0]):
            vectors = [
                v for v in answered(run.network) if any(v == e.target for e in each.at(time))
            ]
            table = Table(
                (T, *(at_time(vector, T) for vector in vectors)),
                tuple(table_row(run, vectors, moment) for moment in brief),
            )
            rule = f"{name.rstrip(' ')}s t = {brief[0]} to {brief[-1]}"
            steps.append(Step(rule, (table,), "in the same way; only the results are shown"))
    return steps


def answered(network: Network) -> list[Symbol]:
    """The states and the output."""
    states = [vector for vector, _ in network.initial if vector.name == "h"]
    return [*states, *([network.output] if network.output else [])]


def table_row(run: Run, vectors: Sequence[Symbol], time: int) -> tuple[Expr, ...]:
    return as_number(time), *(compact(run.shown((vector, time))) for vector in vectors)


def sequence(run: Run, rows: Sequence[Vector]) -> Expr:
    """A row a step; a sequence of numbers as a list."""
    shown = tuple(tuple(map(run.write, row)) for row in rows)
    return Listing(tuple(row[0] for row in shown)) if len(rows[0]) == 1 else Matrix(shown)


# Notes.


def start_notes(layout: Layout) -> list[Note]:
    """How time is counted, and what stands before the first step."""
    found = [time_index(layout)]
    initial = layout.network.initial
    unknown = [vector for vector, name in initial if name not in layout.parameters]
    if unknown:
        words: list[str | Expr] = []
        for vector in unknown:
            words += [" and " if words else "", at_time(vector, layout.start_time(vector))]
        are = "are not given and are" if len(unknown) > 1 else "is not given and is"
        found.append(Note("rnn.initial_state", (*words[1:], f" {are} taken as zero")))
    return found


def forward_notes(run: Run) -> list[Note]:
    """The conventions that were used, and what was shortened."""
    network = run.network
    found = start_notes(run)
    if any(e.target == network.inputs for e in network.equations):
        text = "beyond the inputs that are given, the output of the step before is the input"
        found.append(Note("rnn.fed_back", text))
    sizes = [run.sizes[network.state], run.sizes.get(network.output or network.state, 1)]
    if max(sizes) > 1:
        found.append(Note("rnn.rows_are_steps", "in the answers each row is one step"))
    softmaxes = [e for e in network.equations if isinstance(e, Activation)]
    found += conventions([e.word for e in softmaxes])
    logits = [
        run.at((e.argument, time))
        for e in softmaxes
        if e.word == "softmax"
        for time in range(1, run.steps + 1)
    ]
    if any(map(is_shifted, logits)):
        text = "in softmax the largest entry is first taken off from all, which changes nothing"
        found.append(Note("softmax.shifted", text))
    brief = left_out(run.steps)
    if run.is_large:
        text = "the network is large: it is computed in floating point, and only results are shown"
        found.append(Note("rnn.large", text))
    elif brief:
        text = f"the steps from {brief[0]} to {brief[-1]} are computed alike and not written out"
        found.append(Note("rnn.shortened", text))
    if run.shortened_at is not None:
        text = f"from t = {run.shortened_at} on the exact numbers grow too long: floating point "
        found.append(Note("rounding.floats", text + "carries on"))
    return found


def time_index(layout: Layout) -> Note:
    words: list[str | Expr] = ["steps are counted from t = 1"]
    ends: dict[int, Symbol] = {}
    for vector, _ in layout.network.initial:
        ends.setdefault(layout.start_time(vector), vector)
    for time, vector in ends.items():
        what = {"m": "memory", "y": "output"}.get(vector.name, "state")
        where = "after" if time else "before"
        words += ["; ", at_time(vector, time), f" is the {what} {where} them"]
    return Note("rnn.time_index", tuple(words))
