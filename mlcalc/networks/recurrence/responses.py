"""How far an input reaches: for ever through a recurrence, a few steps through a window.

With zeros after the first input, h_t = w h_(t−1) has the solution w^(t−1) h_1, so the size of w
alone says whether the past fades, stays or takes over; ∂h_t/∂h_1 is the same power.
"""

from __future__ import annotations

import math
from fractions import Fraction

from mlcalc.maths.board import line, prose
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Decimal, Dots, Expr, Number, Symbol
from mlcalc.maths.vectors import Write
from mlcalc.networks.equations import Affine, Concatenation, Reading, T, at_time
from mlcalc.networks.running import Run
from mlcalc.showing.derivation import Answer, Picture, Step, count_answer, step

FEWEST_STEPS = 3
"""A response of fewer steps is no response yet."""

FADED, HUNDREDFOLD = Number(Fraction(1, 100), "0.01"), Number(Fraction(100))
LONGEST_POWER = 1000


class Responses(Record):
    """What a cell's response adds to the working."""

    steps: tuple[Step, ...] = ()
    answers: tuple[Answer, ...] = ()
    pictures: tuple[Picture, ...] = ()


def responses(cell: str, run: Run) -> Responses:
    """The finite response of a window, and that of a linear unit to a single input."""
    if cell == "tdnn":
        reach, answer = reach_step(run)
        return Responses((reach,), (answer,))
    unit = linear_unit(run)
    if unit is None:
        return Responses()
    weight = unit.products[1][0]
    w, first = run.numbers[weight][0][0], run.at((unit.target, 1))[0]
    response = impulse_response(unit.target, weight, w, first, run.write)
    return Responses((response,), (), (impulse_picture(run),))


def reach_step(run: Run) -> tuple[Step, Answer]:
    """The receptive field of a time-delay network: its window."""
    network = run.network
    windows = [e for e in network.equations if isinstance(e, Concatenation)]
    width = len(windows[0].readings) if windows else 1
    x, y = network.inputs, network.output or network.state
    seen: list[Expr] = [at_time(x, T, lag) for lag in range(width)]
    if width > 4:
        seen = [*seen[:2], Dots(), seen[-1]]
    until = " to $last$" if width > 1 else ""
    why = (
        f"$x$ acts on $y${until} and on nothing after it: the response is finite, and to look back "
        "further the window must be wider"
    )
    reach = step(
        "see how far an input reaches", "y = f(seen)", '"receptive field" = past + 1 = width',
        why=prose(why, x=at_time(x, T), y=at_time(y, T), last=at_time(y, T, 1 - width)),
        y=at_time(y, T), seen=seen, past=width - 1, width=width,
    )  # fmt: skip
    return reach, count_answer("receptive_field", Fraction(width))


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


def impulse_response(state: Symbol, weight: Symbol, w: Scalar, first: Scalar, write: Write) -> Step:
    """What becomes of h_1 = `first` in a linear unit with the recurrent weight w and no input."""
    size: Scalar = max(w, -w)
    turning = ", with a sign that changes at every step" if w < 0 else ""
    lines = [
        "h[t] = w @ h[t - 1] = (w^(t - 1)) * h[1] = value^(t - 1) * first",
        "partial(h[t], h[1]) = w^(t - 1) = value^(t - 1)",
    ]
    threshold = FADED if size < 1 else HUNDREDFOLD
    if size == 0:
        why = "$w = 0$: the unit forgets at once, and its response is finite"
    elif size == 1:
        why = f"$abs(w) = 1$: the input stays as large as it came{turning}, for ever"
    else:
        sign = "<" if size < 1 else ">"
        lines += [f"abs(w)^n {sign} bound", "n > quotient ~= steps"]
        count = first_beyond(size, threshold.value)
        after = f" after {count} {'step' if count == 1 else 'steps'}"
        what = (
            f"the response fades{turning}, but it never ends; less than 1 % is left{after}"
            if size < 1
            else f"the response grows{turning}, without bound; it is a hundredfold{after}"
        )
        why = f"$abs(w) {sign} 1$: {what}"
    # n > ln 0.01 / ln |w| is what |w|^n < 0.01 asks where ln |w| is negative.
    quotient = line("ln(bound) / ln(size)", bound=threshold, size=write(size))
    steps = Decimal(to_float(scalar(quotient))) if len(lines) > 2 else None
    return step(
        "read off the impulse response", *lines, why=f"no input comes after the first; {why}",
        h=state, w=weight, value=write(w), first=write(first), bound=threshold,
        quotient=quotient, steps=steps,
    )  # fmt: skip


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


def impulse_picture(run: Run) -> Picture:
    """The response over time."""
    from mlcalc.showing.plots.model import Plot, Points

    state = at_time(run.network.state, T)
    sizes = (to_float(value) for (value,) in run.sequence(run.network.state))
    spots = tuple((float(time), size) for time, size in enumerate(sizes, 1))
    plot = Plot(points=(Points(state, spots),), x_label=T, y_label=state)
    return Picture(plot, "the impulse response")
