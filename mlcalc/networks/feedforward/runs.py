"""The examples run forward and back by the equations of the network, each by itself and all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.maths.board import Prose
from mlcalc.maths.functions import Scalar, plus, times
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Chain, Expr, Symbol
from mlcalc.maths.vectors import NamedVector
from mlcalc.networks.arithmetic import Rows, Vector, added_rows
from mlcalc.networks.backward import Backward, LossAt, Seed, loss_at, seed_at
from mlcalc.networks.backward_working import BackwardWriting
from mlcalc.networks.equations import L
from mlcalc.networks.feedforward.network import LayeredNetwork, T, Y, vector_of
from mlcalc.networks.feedforward.reading import Example
from mlcalc.networks.losses import LossWriting
from mlcalc.networks.running import Run

MEAN = "mean-squared-error"


class ExampleRun(Record):
    """One example run forward and, where there is a gradient, back."""

    example: Example
    run: Run
    cost: LossAt | None
    back: BackwardWriting | None
    why: Prose = ""
    """Why the gradient at the output's sum is simple, where the loss cancels its activation."""

    @property
    def loss(self) -> Scalar | None:
        return None if self.cost is None else self.cost.value

    @property
    def loss_chain(self) -> Chain | None:
        return None if self.cost is None else self.cost.chain(self.example.loss_name)

    @property
    def number(self) -> int:
        return self.example.number

    @property
    def output(self) -> Vector:
        return self.values(Y)

    def values(self, vector: Symbol) -> Vector:
        return self.run.at((vector, 1))

    def gradient(self, vector: Symbol) -> Vector:
        """∂L/∂z and the like, of this example."""
        assert self.back is not None
        return self.back.backward.total((vector, 1))


class Total(Record):
    """All examples, and what they come to together."""

    runs: tuple[ExampleRun, ...]
    share: Fraction
    """What each example counts: 1, or 1/n of n where the loss is a mean."""
    loss: Scalar | None
    gradients: Mapping[Symbol, Rows]
    """∂L/∂W of each parameter; none where there is no gradient."""

    @property
    def name(self) -> Expr:
        """What the loss is called: L, or L_2 of one example among several."""
        return self.runs[0].example.loss_name if len(self.runs) == 1 else L

    def gradients_of(self, vector: Symbol) -> Rows:
        """∂L/∂z or ∂L/∂x, a row an example."""
        return scaled(tuple(run.gradient(vector) for run in self.runs), self.share)


def scaled(rows: Rows, factor: Fraction) -> Rows:
    if factor == 1:
        return rows
    return tuple(tuple(times(factor, value) for value in row) for row in rows)


def run_all(
    network: LayeredNetwork,
    examples: Sequence[Example],
    loss: LossWriting | None,
    goes_back: bool = True,
) -> Total:
    """Forward, loss and back for each example, and their sums."""
    runs = tuple(run_one(network, example, loss, goes_back) for example in examples)
    share = share_of(loss, len(runs))
    backs = [run.back.backward for run in runs if run.back]
    gradients = {
        name: scaled(added_rows(*(back.parameter(name) for back in backs)), share)
        for name in (network.parameters if backs else ())
    }
    return Total(runs, share, summed([run.loss for run in runs], share), gradients)


def share_of(loss: LossWriting | None, examples: int) -> Fraction:
    is_mean = loss is not None and (loss.is_mean or loss.word == MEAN)
    return Fraction(1, examples if is_mean else 1)


def summed(losses: Sequence[Scalar | None], share: Fraction) -> Scalar | None:
    """The loss of all; None where there is none."""
    total: Scalar = Fraction(0)
    for loss in losses:
        if loss is None:
            return None
        total = plus(total, loss)
    return times(share, total)


def forward(network: LayeredNetwork, example: Example) -> Run:
    """Raises `TooLarge` where a value grows beyond all floats."""
    return Run(network.equations, network.parameters, (example.x,), 1, network.write)


def run_one(
    network: LayeredNetwork, example: Example, loss: LossWriting | None, goes_back: bool
) -> ExampleRun:
    """Forward, and back from the loss or from the upstream gradient of the example."""
    run, name = forward(network, example), example.loss_name
    cost = None if loss is None else loss_at(loss, run, 1, wanted_of(example))
    if loss is not None and goes_back:
        seed = seed_at(loss, run, 1, wanted_of(example), name)
        why = "" if seed.moment[0] == Y else loss.why_combined()
        return ExampleRun(example, run, cost, back(run, seed, name), why)
    if example.upstream is None or not goes_back:
        return ExampleRun(example, run, cost, None)
    seed = Seed((Y, 1), (), vector_of(example.upstream))
    return ExampleRun(example, run, cost, back(run, seed, name))


def back(run: Run, seed: Seed, name: Expr) -> BackwardWriting:
    return BackwardWriting(
        run, Backward(run, {seed.moment: seed.values}, loss=name), {seed.moment: seed}
    )


def wanted_of(example: Example) -> NamedVector:
    assert example.target is not None
    return NamedVector(T, vector_of(example.target))


def loss_of(network: LayeredNetwork, examples: Sequence[Example], loss: LossWriting) -> Scalar:
    """The loss alone, without gradients."""
    total = run_all(network, examples, loss, goes_back=False).loss
    assert total is not None
    return total
