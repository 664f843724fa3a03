"""How far an input reaches: for ever through a recurrence, a few steps through a window."""

from __future__ import annotations

import math
from fractions import Fraction

from mlcalc.derivation import Answer, Block, Picture, Prose, Step, count_answer
from mlcalc.fields import as_number
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.tree import (
    Chain,
    Decimal,
    Derivative,
    Div,
    Dots,
    Expr,
    Indexed,
    Mul,
    Number,
    Pow,
    Symbol,
    Words,
    call,
    equals,
    wrap,
)
from mlcalc.maths.vectors import Write
from mlcalc.networks.equations import Affine, Concatenation, Reading, at_time
from mlcalc.networks.running import Run
from mlcalc.records import Record

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


T, N = Symbol("t"), Symbol("n")
FADED = Number(Fraction(1, 100), "0.01")
HUNDREDFOLD = Number(Fraction(100))
LONGEST_POWER = 1000


def impulse_response(state: Symbol, weight: Symbol, w: Scalar, first: Scalar, write: Write) -> Step:
    """What becomes of h_1 = `first` in a linear unit with the recurrent weight w and no input."""
    h_t, h_1 = Indexed(state, (T,)), Indexed(state, (wrap(1),))
    power, value = Pow(weight, T - 1), Pow(write(w), T - 1)
    blocks: list[Block] = [
        equals(
            h_t, weight @ Indexed(state, (T - 1,)), Mul((power, h_1)), Mul((value, write(first)))
        ),
        equals(Derivative(h_t, h_1, partial=True), power, value),
    ]
    at_rest = "no input comes after the first; "
    size: Scalar = max(w, -w)
    name = call("abs", weight)
    turning = ", with a sign that changes at every step" if w < 0 else ""
    note: Prose
    if size == 0:
        note = (
            at_rest,
            equals(weight, wrap(0)),
            ": the unit forgets at once, and its response is finite",
        )
    elif size == 1:
        note = (
            at_rest,
            equals(name, wrap(1)),
            f": the input stays as large as it came{turning}, for ever",
        )
    else:
        fades = size < 1
        relation = "<" if fades else ">"
        threshold = FADED if fades else HUNDREDFOLD
        power_of_size = Chain(Pow(name, N), ((relation, threshold),))
        blocks += [power_of_size, until(threshold, write(size))]
        count = first_beyond(size, threshold.value)
        after = f" after {count} {'step' if count == 1 else 'steps'}"
        what = (
            f": the response fades{turning}, but it never ends; less than 1 % is left{after}"
            if fades
            else f": the response grows{turning}, without bound; it is a hundredfold{after}"
        )
        note = (at_rest, Chain(name, ((relation, wrap(1)),)), what)
    return Step("read off the impulse response", tuple(blocks), note)


def until(threshold: Number, size: Expr) -> Expr:
    """n > ln 0.01 / ln |w|, which is what |w|^n < 0.01 asks where ln |w| is negative."""
    quotient = Div(call("ln", threshold), call("ln", size))
    return Chain(N, ((">", quotient), ("~=", Decimal(to_float(scalar(quotient))))))


def first_beyond(size: Scalar, threshold: Fraction) -> int:
    """The smallest n whose size^n is beyond the threshold: below it where the powers fall.

    The logarithms give it up to their rounding; the powers around it decide, where they are short.
    """
    near = math.log(to_float(threshold)) / math.log(to_float(size))
    if near > LONGEST_POWER:
        return math.floor(near) + 1
    n = max(1, math.floor(near) - 1)
    while not (size**n < threshold if size < 1 else size**n > threshold):
        n += 1
    return n
