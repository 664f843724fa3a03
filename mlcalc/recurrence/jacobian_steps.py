"""The Jacobian on the board: its factors, their product, and what bounds it."""

from __future__ import annotations

from mlcalc.derivation import Block, Prose, Step, Table
from mlcalc.fields import as_number
from mlcalc.maths.tree import (
    Chain,
    Derivative,
    Expr,
    MatMul,
    Matrix,
    Mul,
    Pow,
    Symbol,
    call,
    equals,
)
from mlcalc.maths.vectors import compact, matrix, worked
from mlcalc.networks.activations import slope, slope_in_letters
from mlcalc.networks.arithmetic import softmax_jacobian
from mlcalc.networks.equations import T, at_time
from mlcalc.recurrence.jacobian import Jacobians, Layer, step_jacobian

MOST_PRODUCTS = 4
"""A longer product of Jacobians is not written out."""

SIGMA, GAMMA, LAST = Symbol("sigma", "max"), Symbol("gamma"), Symbol("T")


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

    def one_step_name(self, time: int) -> Derivative:
        return Derivative(at_time(self.state, time), at_time(self.state, time - 1), partial=True)

    def multiplied(self, layer: Layer) -> Step:
        """Each ∂h_t/∂h_(t−1), and their product."""
        chains = [self.one_step(layer, time) for time in range(self.run.steps, 0, -1)]
        factors = tuple(chain.links[-1][1] for chain in chains)
        result = compact(matrix(self.found.values[0], self.run.write))
        total = worked(self.found.name(0), self.product(factors), result)
        return Step("multiply the factors", (*chains, total))

    def one_step(self, layer: Layer, time: int) -> Chain:
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
            slopes = matrix(softmax_jacobian(h.values), write)
            name: Expr = call("softmax'", z.name)
        else:
            factors = [
                slope(layer.word, a, b, write) for a, b in zip(z.values, h.values, strict=True)
            ]
            slopes = diagonal([f[0] if len(f) == 1 else Mul(tuple(f)) for f in factors])
            letters = slope_in_letters(layer.word, z.name, h.name)
            inside = letters[0] if len(letters) == 1 else Mul(tuple(letters))
            name = inside if h.is_number else call("diag", inside)
        numbers = self.product((compact(slopes), weights))
        return worked(target, MatMul((name, layer.weight)), numbers, result)

    def stretches(self) -> list[Block]:
        """What bounds the size of the product."""
        if self.found.factor is None or self.found.layer is None:
            return []
        steepest, stretch, _ = self.found.factor
        write = self.run.write
        sigma = call("sigma_max", self.found.layer.weight)
        size = call(
            "norm", Derivative(at_time(self.state, LAST), at_time(self.state, T), partial=True)
        )
        power = Pow(
            Mul((write(steepest), write(stretch))) if steepest != 1 else write(stretch), LAST - T
        )
        in_letters = Pow(Mul((GAMMA, SIGMA)), LAST - T)
        return [
            worked(SIGMA, sigma, write(stretch)),
            equals(GAMMA, write(steepest)),
            Chain(size, (("<=", in_letters), ("=", power))),
        ]

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
        found = " is 1: the gradient cannot explode"
        if self.found.factor[2] < 1:
            found = " is below 1: the gradient must vanish"
        elif self.found.factor[2] > 1:
            found = " is above 1: the gradient may explode"
        steepest = " is the steepest slope of the activation; "
        return (f"{what}, and ", GAMMA, steepest, Mul((GAMMA, SIGMA)), found)


def diagonal(entries: list[Expr]) -> Matrix:
    """The matrix with the entries on its diagonal."""
    places = range(len(entries))
    return Matrix(
        tuple(tuple(entries[i] if i == j else as_number(0) for j in places) for i in places)
    )
