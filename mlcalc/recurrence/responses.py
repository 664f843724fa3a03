"""How far an input reaches: for ever through a recurrence, a few steps through a window."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.derivation import Answer, Picture, Prose, Step, count_answer
from mlcalc.fields import as_number
from mlcalc.maths.functions import to_float
from mlcalc.maths.tree import Dots, Expr, Symbol, Words, call, equals
from mlcalc.networks.equations import Affine, Concatenation, Reading, at_time
from mlcalc.networks.running import Run
from mlcalc.records import Record
from mlcalc.recurrence.impulse import impulse_response

T = Symbol("t")
FEWEST_STEPS = 3
"""A response of fewer steps is no response yet."""


class Responses(Record):
    """What a cell's response adds to the working."""

    steps: tuple[Step, ...] = ()
    answers: tuple[Answer, ...] = ()
    pictures: tuple[Picture, ...] = ()


def responses(cell: str, run: Run) -> Responses:
    """The finite response of a window, and that of a linear unit to a single input."""
    if cell == "tdnn":
        step, answer = reach_step(run)
        return Responses((step,), (answer,))
    unit = linear_unit(run)
    if unit is None:
        return Responses()
    return Responses((impulse_step(run, unit),), (), (impulse_picture(run),))


def reach_step(run: Run) -> tuple[Step, Answer]:
    """The receptive field of a time-delay network: its window."""
    network = run.network
    windows = [e for e in network.equations if isinstance(e, Concatenation)]
    width = len(windows[0].readings) if windows else 1
    x, y = network.inputs, network.output or network.state
    seen: list[Expr] = [at_time(x, T, lag) for lag in range(width)]
    if width > 4:
        seen = [*seen[:2], Dots(), seen[-1]]
    reads = equals(at_time(y, T), call("f", *seen))
    until = (" to ", at_time(y, T, 1 - width)) if width > 1 else ()
    note: Prose = (
        at_time(x, T), " acts on ", at_time(y, T), *until, " and on nothing after it: the ",
        "response is finite, and to look back further the window must be wider",
    )  # fmt: skip
    words = Words("receptive field")
    field = equals(words, as_number(width - 1) + 1, width)
    answer = count_answer("receptive_field", Fraction(width))
    return Step("see how far an input reaches", (reads, field), note), answer


def linear_unit(run: Run) -> Affine | None:
    """The unit y_t = w x_t + u y_(t−1), where the network is one, and gets a single impulse."""
    network = run.network
    own = [e for e in network.equations if e.target == network.state]
    if len(network.passes) > 1 or not own or run.steps < FEWEST_STEPS:
        return None
    unit = own[0]
    if not isinstance(unit, Affine) or run.sizes[unit.target] > 1 or len(unit.products) != 2:
        return None
    (_, source), (_, memory) = unit.products
    before = Reading(unit.target, 1)
    is_recurrent = memory in (before, Reading(unit.target, 1, stops=True))
    if source != Reading(network.inputs) or not is_recurrent or unit.bias in run.parameters:
        return None
    inputs = run.sequence(network.inputs)
    is_impulse = any(inputs[0]) and not any(value for x in inputs[1:] for value in x)
    starts_at_rest = not any(run.at((unit.target, 0)))
    return unit if is_impulse and starts_at_rest else None


def impulse_step(run: Run, unit: Affine) -> Step:
    """What one input at t = 1 becomes."""
    weight = unit.products[1][0]
    w, first = run.numbers[weight][0][0], run.at((unit.target, 1))[0]
    return impulse_response(unit.target, weight, w, first, run.write)


def impulse_picture(run: Run) -> Picture:
    """The response over time."""
    from mlcalc.plots.model import Plot, Points

    state = at_time(run.network.state, T)
    sizes = (to_float(value) for (value,) in run.sequence(run.network.state))
    spots = tuple((float(time), size) for time, size in enumerate(sizes, 1))
    plot = Plot(points=(Points(state, spots),), x_label=T, y_label=state)
    return Picture(plot, "the impulse response")
