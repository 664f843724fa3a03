"""The loss of a run: what each step costs, what counts, and its gradient in the outputs."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.derivation import Block, Note, Prose, Step
from mlcalc.fields import as_number
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import (
    BigOp,
    Chain,
    Expr,
    Indexed,
    Matrix,
    Mul,
    Symbol,
    equals,
)
from mlcalc.maths.vectors import NamedVector, added, column, compact, worked
from mlcalc.networks.arithmetic import Vector
from mlcalc.networks.backward import Seed
from mlcalc.networks.equations import L, Moment, T, at_time
from mlcalc.networks.layers import check_numbers, entries
from mlcalc.networks.losses import LossWriting
from mlcalc.networks.objective import loss_at, seed_at
from mlcalc.networks.running import Run
from mlcalc.recurrence.question import RecurrentQuestion

TARGET = Symbol("t")
MOST_TERMS = 12
"""A longer sum of losses is not written out."""


class Objective:
    """The loss of every step that counts, their total, and the seeds of the backward pass."""

    def __init__(self, given: RecurrentQuestion, run: Run) -> None:
        self.given, self.run = given, run
        assert run.network.output is not None and given.targets is not None
        if given.loss is None:
            meanings = "squared-error, cross-entropy"
            raise given.fault(f"targets need a loss: give loss, such as {meanings}")
        self.output: Symbol = run.network.output
        place = given.place_of(RecurrentQuestion.loss)
        self.loss = LossWriting(given.loss, run.write, place)
        self.weights = self.read_weights()
        self.times = [time for time in range(1, run.steps + 1) if self.weights[time] != 0]
        self.targets = self.read_targets()
        self.chains: dict[int, Chain] = {}
        self.values: dict[int, Scalar] = {}
        for time in self.times:
            self.chains[time], self.values[time] = loss_at(
                self.loss, run, time, self.name(time), self.named_target(time)
            )
        self.total_chain, self.total = self.summed()

    # What counts.

    def read_weights(self) -> dict[int, Fraction]:
        """How much each step counts: 1, a weight, or 0 before `loss_from`."""
        given, steps = self.given, self.run.steps
        first = steps if given.loss_from is None else given.loss_from
        if first > steps:
            message = f"loss_from is {first}, and there are only {steps} steps"
            raise given.fault(message, RecurrentQuestion.loss_from)
        weights = {time: Fraction(int(time >= first)) for time in range(1, steps + 1)}
        if given.loss_weights is not None:
            typed = given.loss_weights
            if len(typed) != steps:
                message = (
                    f"loss_weights has {entries(len(typed))} and must have {steps}: one a step"
                )
                raise given.fault(message, RecurrentQuestion.loss_weights)
            values = [Fraction(scalar(weight)) for weight in typed]
            if given.is_given(RecurrentQuestion.loss_from):
                message = "give loss_weights or loss_from: a weight of 0 leaves a step out"
                raise given.fault(message, RecurrentQuestion.loss_weights)
            weights = dict(enumerate(values, 1))
        if not any(weights.values()):
            message = "all loss_weights are 0: nothing counts"
            raise given.fault(message, RecurrentQuestion.loss_weights)
        return weights

    def read_targets(self) -> dict[int, Vector]:
        """The target of each step that counts: there is a row a step, or one for each of those."""
        given, rows = self.given, self.given.targets or ()
        steps, counted, field = self.run.steps, len(self.times), RecurrentQuestion.targets
        if len(rows) not in (steps, counted):
            of = f"{steps}: one for each step"
            if counted < steps:
                of += f", or {counted}: one for each step that counts"
            has = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
            hint = ""
            if len(rows) == 1 and steps > 1:
                hint = "; for a target of the last step alone give loss_from: last"
            if len(rows) == 1 and rows[0].shape[0] == steps and self.size == 1:
                hint = "; for targets of one entry write commas, as in '1, 0, 1'"
            raise given.fault(f"targets has {has} and must have {of}{hint}", field)
        times = self.times if len(rows) == counted else range(1, steps + 1)
        found: dict[int, Vector] = {}
        for time, row in zip(times, rows, strict=True):
            found[time] = self.read_target(row)
        return found

    @property
    def size(self) -> int:
        return self.run.sizes[self.output]

    def read_target(self, row: Matrix) -> Vector:
        given, field = self.given, RecurrentQuestion.targets
        check_numbers(given, field, row)
        if row.shape[0] != self.size:
            raise given.fault(
                f"targets has rows of {entries(row.shape[0])} and must have {self.size} in each: "
                "one for each output",
                field,
            )
        values = tuple(scalar(entry[0]) for entry in row.rows)
        misfit = next(filter(None, map(self.loss.misfit, values)), "")
        if misfit:
            raise given.fault(f"{misfit}", field)
        return values

    # The loss.

    def named_target(self, time: int) -> NamedVector:
        return NamedVector(at_time(TARGET, time), self.targets[time])

    def name(self, time: int) -> Expr:
        return L if self.run.steps == 1 else at_time(L, time)

    def weighed(self, time: int, term: Expr) -> Expr:
        weight = self.weights[time]
        return term if weight == 1 else Mul((self.run.write(weight), term))

    def summed(self) -> tuple[Chain, Scalar]:
        write, times = self.run.write, self.times
        if self.run.steps == 1 and self.weights[1] == 1:
            return self.chains[1], self.values[1]
        numbers = added([self.weighed(t, write(self.values[t])) for t in times])
        total = scalar(numbers)
        letters = added([self.weighed(t, self.name(t)) for t in times])
        if len(times) > MOST_TERMS:
            first, last = as_number(times[0]), as_number(times[-1])
            return equals(L, BigOp("sum", Indexed(L, (T,)), T, first, last), write(total)), total
        return worked(
            L, letters, *([numbers] if numbers != write(total) else []), write(total)
        ), total

    def loss_step(self) -> Step:
        blocks: list[Block] = []
        if len(self.times) <= MOST_TERMS and not self.run.is_large:
            blocks += self.chains.values()
        if self.total_chain not in blocks:
            blocks.append(self.total_chain)
        what: Prose = "what the steps cost is added up"
        if len(self.times) == 1 and self.run.steps > 1:
            what = f"only step {self.times[0]} counts"
        elif len(self.times) < self.run.steps:
            what = f"only the steps from {self.times[0]} on count"
        if self.given.loss_weights is not None:
            what = "each step counts with its weight"
        return Step("compute the loss", tuple(blocks), "" if self.run.steps == 1 else what)

    # Its gradient.

    def seeds(self) -> dict[Moment, Seed]:
        """Where the gradient of the whole loss enters."""
        found = (self.seed(time, L) for time in self.times)
        return {seed.moment: seed for seed in found}

    def seeds_of(self, time: int) -> tuple[Expr, dict[Moment, Seed]]:
        """The loss of one step with its weight, and where its gradient enters."""
        of = self.weighed(time, self.name(time))
        seed = self.seed(time, of)
        return of, {seed.moment: seed}

    def seed(self, time: int, of: Expr) -> Seed:
        weight, name = self.weights[time], self.name(time)
        wanted = self.named_target(time)
        found = seed_at(self.loss, self.run, time, wanted, of if weight == 1 else name)
        moment, (chain,), values = found.moment, found.chains, found.values
        if weight == 1:
            return found
        write, gradient = self.run.write, self.run.network.gradient
        scaled = tuple(scalar(Mul((write(weight), write(value)))) for value in values)
        members = [
            Mul((write(weight), gradient(*moment, name))),
            Mul((write(weight), compact(column(values, write)))),
            compact(column(scaled, write)),
        ]
        return Seed(moment, (chain, worked(gradient(*moment, of), *members)), scaled)

    def notes(self) -> list[Note]:
        found = self.loss.notes()
        made = self.run.network.activation_of(self.output)
        if made is not None and self.loss.has_combined_rule(made.word):
            found.append(Note("loss.combined", self.loss.why_combined()))
        return found
