"""A function in steps as a sum of step units: each unit adds the jump at its place."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from mlcalc.maths.board import Prose
from mlcalc.maths.tree import Chain, Expr, Symbol, equals
from mlcalc.maths.vectors import added
from mlcalc.networks.feedforward.fields import Levels
from mlcalc.networks.feedforward.question import NetworkQuestion, has_bias_column
from mlcalc.networks.feedforward.threshold_network import (
    STEP_AT_ZERO,
    ThresholdNetwork,
    weighted,
    weights_answers,
    written,
)
from mlcalc.networks.feedforward.tried import gives_levels
from mlcalc.showing.derivation import Derivation, Picture, Step, Table
from mlcalc.showing.plots import Curve, Plot

X, Y, A = map(Symbol, "xya")
ROOM = 0.2
"""How far the picture goes on beside the steps, as a part of their width."""


def staircase_derivation(given: NetworkQuestion, levels: Levels) -> Derivation:
    """Step units at the places of the steps, and a linear output that adds up the jumps."""
    network = network_of(levels, has_bias_column(given))
    steps = (units_step(levels, network), sum_step(network), checking_step(levels))
    answers, asides = weights_answers(network, partial(gives_levels, levels))
    title = "Weights for a function in steps"
    return Derivation(title, steps, answers, (STEP_AT_ZERO,), (picture(levels),), asides)


def network_of(levels: Levels, column: bool) -> ThresholdNetwork:
    hidden = tuple((-place, Fraction(1)) for place, _ in levels.steps)
    return ThresholdNetwork((X,), (hidden, ((levels.before, *levels.jumps()),)), column)


def units_step(levels: Levels, network: ThresholdNetwork) -> Step:
    """A unit a step, and its jump."""
    rows: list[tuple[Expr, ...]] = []
    before = levels.before
    for number, (place, value) in enumerate(levels.steps, 1):
        jump = equals(written(value) - written(before), written(value - before))
        begin = Chain(X, ((">=", written(place)),))
        total = weighted(network.layers[0][number - 1], (X,))
        rows.append((Symbol("a", f"{number}"), begin, total, jump))
        before = value
    table = Table(("unit", "is 1 for", "sum", "jump"), tuple(rows))
    note = "the jump is the new value less the one before"
    return Step("give each step a unit", (table, *network.matrices(1)), note)


def sum_step(network: ThresholdNetwork) -> Step:
    """The linear output."""
    blocks = (equals(Y, network.last("a")), *network.matrices(2))
    note = "the output is linear; each unit that is on adds its jump to the value at the far left"
    return Step("add up the jumps", blocks, note)


def checking_step(levels: Levels) -> Step:
    """Each interval, on which no unit changes: the sum of the jumps beside the value."""
    places = [written(place) for place, _ in levels.steps]
    rows: list[tuple[Prose | Expr, ...]] = []
    values = (levels.before, *(value for _, value in levels.steps))
    for number, value in enumerate(values):
        links = (("<", places[number]),) if number < len(places) else ()
        within = Chain(places[number - 1], (("<=", X), *links)) if number else Chain(X, links)
        if number == len(places):
            within = Chain(X, ((">=", places[-1]),))
        terms = [levels.before, *levels.jumps()[:number]]
        shown = [written(term) for term in terms if term or len(terms) == 1]
        on = " ".join("1" if n < number else "0" for n in range(len(places)))
        total = equals(added(shown or [written(Fraction(0))]), written(sum(terms, Fraction(0))))
        rows.append((within, on, total, written(value)))
    table = Table(("interval", "units", "output", "wanted"), tuple(rows))
    return Step("check every interval", (table,), "no unit changes within an interval")


def picture(levels: Levels) -> Picture:
    """The graph, with its jumps as upright lines."""
    first, last = float(levels.steps[0][0]), float(levels.steps[-1][0])
    room = ROOM * (last - first) or 1.0
    points = [(first - room, float(levels.before))]
    for place, value in levels.steps:
        points += [(float(place), points[-1][1]), (float(place), float(value))]
    points.append((last + room, points[-1][1]))
    return Picture(Plot((Curve("output", tuple(points)),), x_label=X, y_label=Y))
