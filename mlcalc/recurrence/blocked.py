"""What the training of Elman's and Jordan's networks leaves out.

Their memory units pass no gradient back, so each step is trained as a network of its own; beside
those gradients stand the full ones, through all time, as of a recurrent network.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.derivation import Note, Prose, Step, Table
from mlcalc.maths.tree import Derivative, Expr
from mlcalc.maths.vectors import compact, matrix
from mlcalc.networks.arithmetic import Vector
from mlcalc.networks.backward import Backward
from mlcalc.networks.backward_writing import ParameterWriting
from mlcalc.networks.equations import Affine, Equation, L, Moment, Network
from mlcalc.networks.running import Run
from mlcalc.records import replace

NOTES: Mapping[str, Note] = {
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
    inputs = run.sequence(run.network.inputs)
    return Run(opened(run.network), run.parameters, inputs, run.steps, run.write)


def left_out_step(trained: ParameterWriting, seeds: Mapping[Moment, Vector]) -> Step:
    """The gradients of the training beside those through all time."""
    run, free = trained.run, freed(trained.run)
    full = ParameterWriting(free, [Backward(free, seeds)])
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
