"""How the last state depends on the earlier ones: ∂h_T/∂h_t, its size, and what bounds it.

Each step multiplies by ∂h_t/∂h_(t−1) = diag(f′(z_t)) W_hh, whose largest stretch is at most
γ σ_max(W_hh), where γ is the steepest slope of f (Pascanu et al. 2013).  So the product over
T − t steps is at most (γ σ_max)^(T−t): below 1 it must vanish, above 1 it may explode.
"""

from __future__ import annotations

import math
from fractions import Fraction

from mlcalc.derivation import Answer, Picture
from mlcalc.drawing import Drawing, Lazy
from mlcalc.maths.activations import ACTIVATIONS
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.tree import (
    Derivative,
    Expr,
    Symbol,
    call,
)
from mlcalc.maths.vectors import compact, matrix
from mlcalc.networks.arithmetic import Rows, identity
from mlcalc.networks.backward import Backward
from mlcalc.networks.equations import Activation, Affine, T, at_time
from mlcalc.networks.running import Run
from mlcalc.records import Record
from mlcalc.recurrence.singular_values import largest_stretch

MOST_UNITS = 16
"""The Jacobian of a larger state is not computed: it takes a backward pass a unit."""


class Layer(Record):
    """A single layer h_t = f(… + W h_(t−1) + …): its weight, and its activation and sum."""

    weight: Symbol
    word: str
    total: Symbol


class Jacobians:
    """∂h_T/∂h_t for t = T − 1 down to 0, of a state that is kept from step to step."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.state = run.network.state
        size = run.sizes[self.state]
        last = (self.state, run.steps)
        passes = [Backward(run, {last: row}) for row in identity(size)]
        self.values: dict[int, Rows] = {
            time: tuple(backward.total((self.state, time)) for backward in passes)
            for time in range(run.steps - 1, -1, -1)
        }
        self.norms = {time: largest_stretch(rows) for time, rows in self.values.items()}
        self.layer = single_layer(run)
        self.factor = self.largest_factor()

    def largest_factor(self) -> tuple[Scalar, Scalar, Scalar] | None:
        """γ, σ_max and their product, of a single layer."""
        known = "" if self.layer is None else ACTIVATIONS[self.layer.word].steepest
        if self.layer is None or not known:
            return None
        steepest = Fraction(known)
        stretch = largest_stretch(self.run.numbers[self.layer.weight])
        return steepest, stretch, steepest * stretch

    def bound(self, time: int) -> Scalar | None:
        return None if self.factor is None else self.factor[2] ** (self.run.steps - time)

    # What is answered and shown.

    def name(self, time: int) -> Derivative:
        now, then = at_time(self.state, self.run.steps), at_time(self.state, time)
        return Derivative(now, then, partial=True)

    @property
    def size(self) -> Expr:
        """‖∂h_T/∂h_t‖ for any t."""
        now, then = at_time(self.state, self.run.steps), at_time(self.state, T)
        return call("norm", Derivative(now, then, partial=True))

    def answer(self) -> Answer:
        maths = compact(matrix(self.values[0], self.run.write))
        return Answer("jacobian", self.values[0], maths, self.name(0))

    def picture(self) -> Picture:
        caption = ("how the last state depends on the state at t: ", self.size)
        return Picture(Reach(self), caption)


class Reach(Lazy):
    """The sizes over t, and the bound as a curve."""

    jacobians: Jacobians

    def plot(self) -> Drawing:
        from mlcalc.plots import Curve, Plot, Points

        found = self.jacobians
        points = tuple((float(t), to_float(norm)) for t, norm in sorted(found.norms.items()))
        curves: tuple[Curve, ...] = ()
        if found.factor is not None:
            bounds = [(float(t), to_float(found.bound(t) or 0)) for t in sorted(found.norms)]
            if all(math.isfinite(value) for _, value in bounds):
                curves = (Curve("bound", tuple(bounds)),)
        return Plot(curves, (Points(found.size, points),), x_label=T, y_label="")


def jacobians(run: Run) -> Jacobians | None:
    """The Jacobians of a run; None where the last state has no single past, or is too large."""
    network = run.network
    if any(each.is_reversed for each in network.passes) or run.sizes[network.state] > MOST_UNITS:
        return None
    if network.state not in dict(network.initial):
        return None
    activations = [e for e in network.equations if isinstance(e, Activation)]
    if any(ACTIVATIONS[e.word].is_flat for e in activations):
        return None
    return Jacobians(run)


def single_layer(run: Run) -> Layer | None:
    """The layer, where the state is made of nothing but itself and the input."""
    network, word = run.network, "identity"
    total = network.state
    for equation in network.equations:
        if isinstance(equation, Activation) and equation.target == network.state:
            word, total = equation.word, equation.argument
    for equation in network.equations:
        if isinstance(equation, Affine) and equation.target == total:
            recurrent = [
                w for w, r in equation.products if r.lag == 1 and r.vector == network.state
            ]
            others = [
                r for _, r in equation.products if r.vector not in (network.state, network.inputs)
            ]
            is_fed_back = any(e.target == network.inputs for e in network.equations)
            if len(recurrent) == 1 and not others and not is_fed_back:
                return Layer(recurrent[0], word, total)
    return None


def step_jacobian(layer: Layer, run: Run, time: int) -> Rows:
    """diag(f′(z_t)) W_hh."""
    state = run.network.state
    seeds = identity(run.sizes[state])
    passes = [Backward(run, {(state, time): row}) for row in seeds]
    return tuple(backward.total((state, time - 1)) for backward in passes)
