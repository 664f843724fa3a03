"""The gradients of the parameters: what each step puts in, and the sum over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from mlcalc.derivation import Block, Step, Table
from mlcalc.fields import as_number
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.tree import BigOp, Chain, Derivative, Expr, Symbol, Words, wrap
from mlcalc.maths.vectors import NamedVector, added, compact, times, worked
from mlcalc.networks import gradients
from mlcalc.networks.arithmetic import Rows, added_rows
from mlcalc.networks.backward import Backward, Use
from mlcalc.networks.equations import Affine, Reading, T
from mlcalc.networks.gradients import matrix
from mlcalc.networks.running import Run
from mlcalc.recurrence.backward_letters import L, gradient, use
from mlcalc.recurrence.forward_steps import is_in_full

MOST_COLUMNS = 7
MOST_USES = 12
"""A longer sum over the steps is not written out."""
MOST_ROWS = 40


class ParameterWriting:
    """How the gradients of the parameters are gathered from one or several backward passes."""

    def __init__(self, run: Run, passes: Sequence[Backward]) -> None:
        self.run, self.passes = run, passes

    def gradient(self, name: Symbol) -> Rows:
        """The gradient, added up over all uses and passes."""
        return added_rows(*(backward.parameter(name) for backward in self.passes))

    def uses(self, name: Symbol) -> list[tuple[Backward, Use]]:
        return [(b, each) for b in self.passes for each in b.uses.get(name, [])]

    def learned(self) -> list[tuple[Symbol, Affine, Reading | None]]:
        """The parameters in the order of the equations, with what a weight multiplies."""
        found: list[tuple[Symbol, Affine, Reading | None]] = []
        for equation in self.run.network.equations:
            if isinstance(equation, Affine):
                found += [(weight, equation, reading) for weight, reading in equation.products]
                if equation.bias is not None and equation.bias in self.run.parameters:
                    found.append((equation.bias, equation, None))
        return found

    # The working.

    def step(self) -> Step | None:
        table = self.table_step()
        if self.run.is_large:
            return table
        blocks = [b for name, e, r in self.learned() for b in self.chains(name, e, r)]
        note = (
            "the same weights are used at every step, so what each step puts in is added up: "
            "that is the += of the algorithm"
        )
        substeps = () if table is None else (table,)
        return Step("add up the gradients of the weights", tuple(blocks), note, substeps)

    def chains(self, name: Symbol, equation: Affine, reading: Reading | None) -> list[Block]:
        """∂L/∂W = Σ_t ∂L/∂z_t h_(t−1)ᵀ with its numbers."""
        uses, write = self.uses(name), self.run.write
        target = Derivative(L, name, partial=True)
        result = compact(matrix(self.gradient(name), write))
        if not uses:
            return [worked(target, result)]
        if len(uses) > MOST_USES and len(self.passes) > 1:
            return [worked(target, result)]
        if len(uses) > MOST_USES:
            body = use(self.run, equation.target, reading, T)
            total = BigOp("sum", body, T, wrap(1), wrap(self.run.steps))
            return [worked(target, total, result)]
        letters = [use(self.run, equation.target, reading, each.time, b.loss) for b, each in uses]
        if reading is None:
            parts = [backward.contribution(each) for backward, each in uses]
            return [gradients.accumulated(target, letters, parts, write)[0]]
        if self.run.sizes[equation.target] == self.run.sizes[reading.vector] == 1:
            return [self.scalar_sum(target, letters, uses, result)]
        return self.matrix_sum(target, reading, uses)

    def scalar_sum(
        self,
        target: Expr,
        letters: list[Expr],
        uses: list[tuple[Backward, Use]],
        result: Expr,
    ) -> Chain:
        """∂L/∂w = δ_2·h_1 + δ_1·h_0 = numbers = each product = the sum."""
        products: list[Expr] = []
        values: list[Expr] = []
        for backward, each in uses:
            assert each.operand is not None
            (delta,), (operand,) = backward.total(each.delta), self.run.at(each.operand)
            products.append(times(self.run.write(delta), self.run.write(operand)))
            values.append(self.run.write(backward.contribution(each)[0][0]))
        members = [added(letters), added(products)]
        if len(uses) > 1:
            members.append(added(values))
        return worked(target, *members, result)

    def matrix_sum(
        self, target: Expr, reading: Reading, uses: list[tuple[Backward, Use]]
    ) -> list[Block]:
        """Each δ hᵀ in a line of its own, then their sum."""
        found: list[Block] = []
        names: list[Expr] = []
        parts: list[Rows] = []
        for backward, each in uses:
            assert each.operand is not None
            delta = NamedVector(gradient(*each.delta, of=backward.loss), backward.total(each.delta))
            chain, values = gradients.outer(
                target, delta, self.run.named(each.operand), self.run.write
            )
            if len(uses) == 1:
                return [chain]
            found.append(Chain(chain.links[0][1], chain.links[1:]))
            names.append(chain.links[0][1])
            parts.append(values)
        return [*found, gradients.accumulated(target, names, parts, self.run.write)[0]]

    # The table.

    def table_step(self) -> Step | None:
        """What each step puts into each gradient: its number, of a matrix its norm."""
        learned = [(name, r) for name, _, r in self.learned() if self.uses(name)]
        if self.run.steps == 1 or not learned:
            return None
        is_scalar = all(self.run.parameters[name].shape == (1, 1) for name, _ in learned)
        times = [
            time
            for time in range(self.run.steps, 0, -1)
            if self.run.steps <= MOST_ROWS or is_in_full(time, self.run.steps)
        ]
        columns: list[tuple[Expr, ...]] = [
            (T, *map(as_number, times), Words("all")),
            *(
                (name, *(self.cell(name, t) for t in times), self.shown(self.gradient(name)))
                for name, _ in learned
            ),
        ]
        # The many weights of gates stand one below the other.
        is_wide = len(learned) > MOST_COLUMNS > len(times)
        header, *rows = columns if is_wide else zip(*columns, strict=True)
        note = "what each step puts into the gradient of each weight"
        if not is_scalar:
            note += "; of a matrix its size, the root of the sum of the squares"
        return Step("compare the steps", (Table(tuple(header), tuple(map(tuple, rows))),), note)

    def cell(self, name: Symbol, time: int) -> Expr:
        """Passes of several losses may use a weight at one time; their parts are added."""
        parts = [b.contribution(each) for b, each in self.uses(name) if each.time == time]
        return self.shown(added_rows(*parts)) if parts else as_number(0)

    def shown(self, rows: Rows) -> Expr:
        if len(rows) == len(rows[0]) == 1:
            return self.run.write(rows[0][0])
        return self.run.write(frobenius(rows))


def frobenius(rows: Rows) -> Scalar:
    """The root of the sum of the squares of all entries."""
    largest = max(abs(to_float(value)) for row in rows for value in row)
    if largest == 0:
        return Fraction(0)
    squares = sum((to_float(value) / largest) ** 2 for row in rows for value in row)
    return largest * math.sqrt(squares)
