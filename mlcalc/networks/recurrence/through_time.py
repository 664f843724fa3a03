"""Back through time on the board: the gradients of each step, and what each step adds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.files.fields import as_number
from mlcalc.maths.board import Note, Prose
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Chain, Derivative, Expr, Symbol, Words
from mlcalc.maths.vectors import compact, matrix
from mlcalc.networks import arithmetic
from mlcalc.networks.arithmetic import Rows, Vector
from mlcalc.networks.backward import Backward, Seed
from mlcalc.networks.backward_working import BackwardWriting, ParameterWriting, accumulated_vectors
from mlcalc.networks.equations import (
    Affine,
    Combination,
    Equation,
    L,
    Moment,
    Network,
    Pass,
    T,
    at_time,
)
from mlcalc.networks.recurrence.working import is_in_full
from mlcalc.networks.running import Run
from mlcalc.showing.derivation import Step, Table

MOST_COLUMNS = 7
MOST_ROWS = 40


class ThroughTime(BackwardWriting):
    """The working of one backward pass, step by step."""

    @property
    def start(self) -> int:
        """The step whose loss is carried back, where each has a pass of its own."""
        return max(time for _, time in self.seeds)

    def steps(self, name: str = "") -> list[Step]:
        """One step for each time, from the last to the first; `name` is put before their rules."""
        run = self.run
        found: list[Step] = []
        for each in reversed(run.network.passes):
            way = self.way(each)
            for time in reversed(each.times(run.steps)):
                if run.is_large or not is_in_full(time, run.steps):
                    continue
                chains = [
                    chain
                    for equation, moment in self.backward.order
                    if moment == time and equation in each.equations
                    for chain in self.chains((equation.target, time))
                ]
                if chains:
                    rule, why = f"{name}{way}, t = {time}", self.why(each, time)
                    found.append(Step(rule, tuple(chains), why))
        return found

    def way(self, each: Pass) -> str:
        """How the gradient runs through a pass; a pass that no state runs through has no way."""
        if each.is_reversed:
            return "go forward through the layer from the end"
        has_past = any(reading.lag for equation in each.equations for reading in equation.readings)
        return "go back" if has_past else "go back through the output"

    def why(self, each: Pass, time: int) -> Prose:
        """That parts are added, at the first step where there are several."""
        for state, _ in self.run.network.initial:
            parts = self.backward.parts.get((state, time), [])
            is_here = any(equation.target == state for equation in each.equations)
            if is_here and len({part.time for part in parts}) > 1 and self.is_first(each, time):
                which = "before" if each.is_reversed else "after"
                return (
                    at_time(state, time),
                    " is read by its own step and by the step ",
                    f"{which} it: both parts are added",
                )
        return ""

    def is_first(self, each: Pass, time: int) -> bool:
        """Whether it is the step after the one that the pass begins with."""
        times = list(reversed(each.times(self.run.steps)))
        begun_at = next(t for t in times if any(m == t for _, m in self.backward.order))
        return times.index(time) == times.index(begun_at) + 1

    def leaves(self) -> list[Step]:
        """The gradients of the initial states and of the inputs."""
        moments = self.leaf_moments()
        return leaves_step(moments, [c for moment in moments for c in self.chains(moment)])

    def leaf_moments(self) -> list[Moment]:
        """The initial states and the inputs that a gradient reaches; none of a large network."""
        run, found = self.run, self.backward.parts
        if run.is_large:
            return []
        starts = [vector for vector, _ in run.network.initial]
        outside = [m for v in starts for m in found if m[0] == v and not 1 <= m[1] <= run.steps]
        inputs = [(run.network.inputs, time) for time in range(1, run.steps + 1)]
        return outside + [
            moment
            for moment in inputs
            if moment in found and self.is_given(moment[1]) and is_in_full(moment[1], run.steps)
        ]

    def is_given(self, time: int) -> bool:
        """Whether the input of that step was typed, and is no output that is fed back."""
        network = self.run.network
        return not any(
            e.target == network.inputs and isinstance(e, Combination) and e.since <= time
            for e in network.equations
        )


def leaves_step(moments: Sequence[Moment], chains: Sequence[Chain]) -> list[Step]:
    if not moments:
        return []
    if all(time >= 1 for _, time in moments):
        return [Step("go on to the inputs", tuple(chains), "they are reached by the same rule")]
    note = "the state before the first step and the inputs are reached by the same rule"
    return [Step("go on to the initial state and the inputs", tuple(chains), note)]


def summed_leaves(writings: Sequence[ThroughTime]) -> list[Step]:
    """The same of several passes, each of one loss, whose gradients are added up."""
    network = writings[0].run.network
    reached = {moment for writing in writings for moment in writing.leaf_moments()}
    moments = sorted(reached, key=lambda m: (m[0] == network.inputs, m[0].spelled, m[1]))
    chains: list[Chain] = []
    for moment in moments:
        own = [writing for writing in writings if moment in writing.leaf_moments()]
        chains += [chain for writing in own for chain in writing.chains(moment)]
        if len(own) > 1 or own[0].backward.loss != L:
            parts = [writing.named(*moment) for writing in own]
            chains.append(accumulated_vectors(network.gradient(*moment), parts, own[0].write))
    return leaves_step(moments, chains)


# The parameters.


def parameters_step(writing: ParameterWriting) -> list[Step]:
    """The sum over time of each, and what each step puts in."""
    table = table_step(writing)
    if writing.run.is_large:
        return table
    chains = [chain for name, use in writing.learned() for chain in writing.chains(name, use)]
    note = (
        "the same weights are used at every step, so what each step puts in is added up: "
        "that is the += of the algorithm"
    )
    return [Step("add up the gradients of the weights", tuple(chains), note, tuple(table))]


def table_step(writing: ParameterWriting) -> list[Step]:
    """What each step puts into each gradient: its number, of a matrix its norm."""
    run = writing.run
    learned = [name for name, _ in writing.learned() if writing.uses(name)]
    if run.steps == 1 or not learned:
        return []
    times = [
        time
        for time in range(run.steps, 0, -1)
        if run.steps <= MOST_ROWS or is_in_full(time, run.steps)
    ]

    def shown(rows: Rows) -> Expr:
        return run.write(rows[0][0] if len(rows) == len(rows[0]) == 1 else frobenius(rows))

    def cell(name: Symbol, time: int) -> Expr:
        """Passes of several losses may use a weight at one time; their parts are added."""
        parts = [b.contribution(use) for b, use in writing.uses(name) if use.time == time]
        return shown(arithmetic.added_rows(*parts)) if parts else as_number(0)

    columns: list[tuple[Expr, ...]] = [
        (T, *map(as_number, times), Words("all")),
        *((n, *(cell(n, t) for t in times), shown(writing.gradient(n))) for n in learned),
    ]
    # The many weights of gates stand one below the other.
    is_wide = len(learned) > MOST_COLUMNS > len(times)
    header, *rows = columns if is_wide else zip(*columns, strict=True)
    note = "what each step puts into the gradient of each weight"
    if any(run.parameters[name].shape != (1, 1) for name in learned):
        note += "; of a matrix its size, the root of the sum of the squares"
    return [Step("compare the steps", (Table(tuple(header), tuple(map(tuple, rows))),), note)]


def frobenius(rows: Rows) -> Scalar:
    """The root of the sum of the squares of all entries."""
    largest = max(abs(to_float(value)) for row in rows for value in row)
    if largest == 0:
        return Fraction(0)
    squares = sum((to_float(value) / largest) ** 2 for row in rows for value in row)
    return largest * math.sqrt(squares)


BLOCKED: Mapping[str, Note] = {
    "elman": Note(
        "elman.gradient",
        "no gradient goes back through the copy of the state (Elman 1990): each step is trained "
        "by itself; cell: rnn has the full gradients",
    ),
    "jordan": Note(
        "jordan.gradient",
        "no gradient goes back through the memory of the outputs (Jordan 1986): each step is "
        "trained by itself",
    ),
}


def opened(network: Network) -> Network:
    """The same network whose memory passes the gradient on."""

    def through(equation: Equation) -> Equation:
        if not isinstance(equation, Affine):
            return equation
        products = tuple((w, replace(r, stops=False)) for w, r in equation.products)
        return replace(equation, products=products)

    passes = (replace(p, equations=tuple(map(through, p.equations))) for p in network.passes)
    return replace(network, passes=tuple(passes))


def freed(run: Run) -> Run:
    """The run of the opened network, whose values are the same."""
    inputs = tuple(run.typed.values())
    return Run(opened(run.network), run.parameters, inputs, run.steps, run.write)


def values_of(seeds: Mapping[Moment, Seed]) -> dict[Moment, Vector]:
    """What enters at each moment."""
    return {moment: seed.values for moment, seed in seeds.items()}


def through_all_time(run: Run, seeds: Mapping[Moment, Seed]) -> ParameterWriting:
    """The gradients that do not stop at the memory."""
    free = freed(run)
    return ParameterWriting(free, [Backward(free, values_of(seeds))])


def left_out_step(trained: ParameterWriting, full: ParameterWriting) -> Step:
    """The gradients of the training beside those through all time."""
    run = trained.run
    rows: list[tuple[Prose | Expr, ...]] = [
        (
            Derivative(L, name, partial=True),
            compact(matrix(trained.gradient(name), run.write)),
            compact(matrix(full.gradient(name), run.write)),
        )
        for name, _ in trained.learned()
    ]
    note = (
        "an error reaches the memory and stops there, so that what an earlier step could have done "
        "about it is left out; the full gradient goes on through all steps"
    )
    header = ("gradient", "as trained", "through all time")
    return Step("see what the training leaves out", (Table(header, tuple(rows)),), note)
