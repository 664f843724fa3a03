"""How the last state depends on the earlier ones: ∂h_T/∂h_t, its size, and what bounds it.

Each step multiplies by ∂h_t/∂h_(t−1) = diag(f′(z_t)) W_hh, whose largest stretch is at most
γ σ_max(W_hh), where γ is the steepest slope of f (Pascanu et al. 2013).  So the product over
T − t steps is at most (γ σ_max)^(T−t): below 1 it must vanish, above 1 it may explode.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property

from mlcalc.files.fields import as_number
from mlcalc.maths.activations import ACTIVATIONS
from mlcalc.maths.board import Prose, line, prose
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Chain, Expr, MatMul, Matrix, Mul, Symbol, call, equals, joined
from mlcalc.maths.vectors import compact, matrix, worked
from mlcalc.networks import arithmetic
from mlcalc.networks.activations import slope, slope_in_letters
from mlcalc.networks.arithmetic import Rows
from mlcalc.networks.backward import Backward
from mlcalc.networks.equations import Activation, Affine, T
from mlcalc.networks.running import Run
from mlcalc.showing.derivation import Answer, Block, Picture, Step, Table
from mlcalc.showing.drawing import Drawing, Lazy

MOST_UNITS = 16
"""The Jacobian of a larger state is not computed: it takes a backward pass a unit."""


class SingleLayer(Record):
    """A single layer h_t = f(… + W h_(t−1) + …): its weight, and its activation and sum."""

    weight: Symbol
    word: str
    total: Symbol


class Jacobians:
    """∂h_T/∂h_t for t = T − 1 down to 0, of a state that is kept from step to step."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.state = run.network.state
        self.values = derivatives(run, run.steps, range(run.steps - 1, -1, -1))

    @cached_property
    def norms(self) -> dict[int, Scalar]:
        return {time: largest_stretch(rows) for time, rows in self.values.items()}

    @cached_property
    def layer(self) -> SingleLayer | None:
        return single_layer(self.run)

    @cached_property
    def factor(self) -> tuple[Scalar, Scalar, Scalar] | None:
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

    def name(self, time: int | Symbol) -> Expr:
        return line("partial(h[last], h[time])", h=self.state, last=self.run.steps, time=time)

    @property
    def size(self) -> Expr:
        """‖∂h_T/∂h_t‖ for any t."""
        return call("norm", self.name(T))

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
        from mlcalc.showing.plots import Curve, Plot, Points

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


def single_layer(run: Run) -> SingleLayer | None:
    """The layer, where the state is made of nothing but itself and the input."""
    network = run.network
    made = network.activation_of(network.state)
    word, total = ("identity", network.state) if made is None else (made.word, made.argument)
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
                return SingleLayer(recurrent[0], word, total)
    return None


def step_jacobian(layer: SingleLayer, run: Run, time: int) -> Rows:
    """diag(f′(z_t)) W_hh."""
    return derivatives(run, time, [time - 1])[time - 1]


def derivatives(run: Run, time: int, earlier: Iterable[int]) -> dict[int, Rows]:
    """∂h_t/∂h_s of the state at one time in that at each of the earlier ones."""
    state = run.network.state
    passes = [Backward(run, {(state, time): row}) for row in arithmetic.identity(run.sizes[state])]
    return {s: tuple(each.total((state, s)) for each in passes) for s in earlier}


MOST_PRODUCTS = 4
"""A longer product of Jacobians is not written out."""

SIGMA, GAMMA = Symbol("sigma", "max"), Symbol("gamma")


class JacobianWriting:
    """The working of ∂h_T/∂h_0."""

    def __init__(self, found: Jacobians) -> None:
        self.found, self.run, self.state = found, found.run, found.state

    def step(self) -> Step:
        """The chain rule over the steps, worked out and bounded below it where it is short."""
        rule = "see how far the gradient reaches"
        bound = (*self.stretches(), self.table())
        if self.found.layer is None or self.run.steps > MOST_PRODUCTS:
            return Step(rule, bound, self.verdict())
        names = tuple(self.one_step_name(time) for time in range(self.run.steps, 0, -1))
        substeps = (
            self.multiplied(self.found.layer),
            Step("bound the product", bound, self.verdict()),
        )
        chain_rule = equals(self.found.name(0), self.product(names))
        return Step(rule, (chain_rule,), "one factor a step, by the chain rule", substeps)

    @property
    def product(self) -> type[Mul] | type[MatMul]:
        return Mul if self.run.sizes[self.state] == 1 else MatMul

    def one_step_name(self, time: int) -> Expr:
        return line("partial(h[t], h[before])", h=self.state, t=time, before=time - 1)

    def multiplied(self, layer: SingleLayer) -> Step:
        """Each ∂h_t/∂h_(t−1), and their product."""
        chains = [self.one_step(layer, time) for time in range(self.run.steps, 0, -1)]
        factors = tuple(chain.links[-1][1] for chain in chains)
        result = compact(matrix(self.found.values[0], self.run.write))
        total = worked(self.found.name(0), self.product(factors), result)
        return Step("multiply the factors", (*chains, total))

    def one_step(self, layer: SingleLayer, time: int) -> Chain:
        """∂h_t/∂h_(t−1) = diag(f′(z_t)) W_hh."""
        run, write = self.run, self.run.write
        z, h = run.named((layer.total, time)), run.named((self.state, time))
        target = self.one_step_name(time)
        weights = compact(run.parameters[layer.weight])
        values = step_jacobian(layer, run, time)
        result = compact(matrix(values, write))
        if layer.word == "identity":
            return worked(target, layer.weight, *([] if weights == result else [weights]), result)
        if layer.word == "softmax":
            slopes = matrix(arithmetic.softmax_jacobian(h.values), write)
            name: Expr = call("softmax'", z.name)
        else:
            factors = [
                slope(layer.word, a, b, write) for a, b in zip(z.values, h.values, strict=True)
            ]
            slopes = diagonal([joined(Mul, f) for f in factors])
            letters = slope_in_letters(layer.word, z.name, h.name)
            inside = joined(Mul, letters)
            name = inside if h.is_number else call("diag", inside)
        numbers = self.product((compact(slopes), weights))
        return worked(target, MatMul((name, layer.weight)), numbers, result)

    def stretches(self) -> list[Block]:
        """What bounds the size of the product."""
        if self.found.factor is None or self.found.layer is None:
            return []
        steepest, stretch, _ = map(self.run.write, self.found.factor)
        weight, state = self.found.layer.weight, self.state
        one = None if self.found.factor[0] == 1 else steepest
        return [
            worked(SIGMA, line("sigma_max(W)", W=weight), stretch),
            equals(GAMMA, steepest),
            line(
                "norm(partial(h[T], h[t])) <= (gamma * sigma_max)^(T - t) = (one * size)^(T - t)",
                h=state, one=one, size=stretch,
            ),
        ]  # fmt: skip

    def table(self) -> Table:
        run = self.run
        shown = range(run.steps - 1, -1, -1)
        if run.steps > 40:
            shown = range(run.steps - 1, -1, -(run.steps // 20))
        header: tuple[Expr | str, ...] = (T, self.found.size)
        if self.found.factor is not None:
            header = (*header, "at most")
        rows: list[tuple[Expr, ...]] = []
        for time in shown:
            bound = self.found.bound(time)
            row: tuple[Expr, ...] = (as_number(time), run.write(self.found.norms[time]))
            rows.append(row if bound is None else (*row, run.write(bound)))
        return Table(header, tuple(rows))

    def verdict(self) -> Prose:
        what = "the size of a matrix is its largest stretch, its largest singular value"
        if self.run.sizes[self.state] == 1:
            what = "the size of a number is its absolute value"
        if self.found.factor is None:
            return what
        found = "is 1: the gradient cannot explode"
        if self.found.factor[2] < 1:
            found = "is below 1: the gradient must vanish"
        elif self.found.factor[2] > 1:
            found = "is above 1: the gradient may explode"
        steepest = "$gamma$ is the steepest slope of the activation"
        return prose(f"{what}, and {steepest}; $gamma * sigma_max$ {found}")


def diagonal(entries: list[Expr]) -> Matrix:
    """The matrix with the entries on its diagonal."""
    places = range(len(entries))
    return Matrix(
        tuple(tuple(entries[i] if i == j else as_number(0) for j in places) for i in places)
    )


def largest_stretch(rows: Rows) -> Scalar:
    """The largest singular value: exact of a single number, else by Jacobi's rotations of MᵀM."""
    if len(rows) == len(rows[0]) == 1:
        only: float | Fraction = rows[0][0]
        return -only if only < 0 else only
    scale: float = max(abs(to_float(value)) for row in rows for value in row)
    if scale == 0:
        return Fraction(0)
    floats = [[to_float(value) / scale for value in row] for row in rows]
    columns = list(zip(*floats, strict=True))
    gram = [[sum(map(operator.mul, a, b)) for b in columns] for a in columns]
    return scale * math.sqrt(max(0.0, largest_eigenvalue(gram)))


def largest_eigenvalue(symmetric: list[list[float]]) -> float:
    """By Jacobi's method: rotations that make one entry beside the diagonal zero at a time."""
    a, size = symmetric, len(symmetric)
    for _ in range(60):
        beside = max((abs(a[i][j]) for i in range(size) for j in range(i)), default=0.0)
        if beside < 1e-15:
            break
        for p in range(size):
            for q in range(p + 1, size):
                rotate(a, p, q)
    return max(a[i][i] for i in range(size))


def rotate(a: list[list[float]], p: int, q: int) -> None:
    """Turns rows and columns p and q so that a_pq becomes 0."""
    if a[p][q] == 0:
        return
    angle = math.atan2(2 * a[p][q], a[q][q] - a[p][p]) / 2
    c, s = math.cos(angle), math.sin(angle)
    for row in a:
        row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
    a[p], a[q] = (
        [c * x - s * y for x, y in zip(a[p], a[q], strict=True)],
        [s * x + c * y for x, y in zip(a[p], a[q], strict=True)],
    )
