"""The loss of a network in letters, and where its gradient enters."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.derivation import Answer, Block, Step
from mlcalc.errors import Unsolved
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr, equals, substitute
from mlcalc.maths.vectors import NamedVector, added, writer
from mlcalc.networks.activations import refuse_flat
from mlcalc.networks.equations import Activation, L, Moment, at_time
from mlcalc.networks.losses import LossWriting
from mlcalc.recurrence.objective import TARGET
from mlcalc.recurrence.question import RecurrentQuestion
from mlcalc.recurrence.symbolic import Symbolic


class Costs:
    """The loss of each step that counts, in letters."""

    def __init__(self, given: RecurrentQuestion, found: Symbolic) -> None:
        self.found, self.given = found, given
        output = found.network.output
        if output is None:
            raise given.fault("targets need an output: give W_hy", RecurrentQuestion.targets)
        if given.loss is None:
            raise given.fault("targets need a loss: give loss, such as squared-error")
        if given.loss == "hinge":
            message = "the slope of the hinge loss depends on numbers: give one for each letter"
            raise Unsolved.because(message, given.place_of(RecurrentQuestion.loss))
        for equation in found.network.equations:
            if isinstance(equation, Activation):
                refuse_flat(equation.word, given.place)
                if equation.word == "softmax":
                    message = "the slope of softmax needs numbers: give one for each letter"
                    raise Unsolved.because(message, given.place)
        self.output = output
        self.loss = LossWriting(given.loss, writer([]), given.place_of(RecurrentQuestion.loss))
        steps = found.layout.steps
        first = steps if given.loss_from is None else given.loss_from
        self.times = list(range(first, steps + 1))
        rows = given.targets or ()
        if len(rows) not in (steps, len(self.times)):
            message = f"targets has {len(rows)} rows and must have {steps}: one for each step"
            raise given.fault(message, RecurrentQuestion.targets)
        times = self.times if len(rows) == len(self.times) else range(1, steps + 1)
        self.targets = {t: row.rows[0][0] for t, row in zip(times, rows, strict=True)}

    def pair(self, time: int) -> tuple[NamedVector, NamedVector]:
        """y_t and its target, by their names."""
        one = (Fraction(0),)
        return NamedVector(at_time(self.output, time), one), NamedVector(at_time(TARGET, time), one)

    def put_in(self, formula: Expr, time: int) -> Expr:
        return substitute(formula, {at_time(TARGET, time): self.targets[time]})

    def term(self, time: int) -> Expr:
        y, t = self.pair(time)
        return self.loss.whole(self.loss.summed(y, t), 1)

    def name(self, time: int) -> Expr:
        return L if self.found.layout.steps == 1 else at_time(L, time)

    def total(self) -> Expr:
        return added([self.put_in(self.term(time), time) for time in self.times])

    def step(self) -> Step:
        blocks: list[Block] = []
        for time in self.times:
            term, typed = self.term(time), self.put_in(self.term(time), time)
            # A target that was typed as t_1 is printed as its name is.
            is_repeated = one_line(term) == one_line(typed)
            blocks.append(equals(self.name(time), term, *([] if is_repeated else [typed])))
        if self.found.layout.steps > 1:
            blocks.append(equals(L, added([self.name(time) for time in self.times])))
        return Step("write the loss", tuple(blocks))

    def answer(self) -> Answer:
        return Answer("loss", self.found.written_out(self.total()), self.total(), L)

    def seeds(self) -> dict[Moment, Expr]:
        activation = next(
            (
                e
                for e in self.found.network.equations
                if isinstance(e, Activation) and e.target == self.output
            ),
            None,
        )
        seeds: dict[Moment, Expr] = {}
        for time in self.times:
            y, t = self.pair(time)
            if activation is not None and self.loss.has_combined_rule(activation.word):
                seeds[activation.argument, time] = self.put_in(y.name - t.name, time)
            else:
                slope = self.loss.slope_in_letters(y, t)
                assert slope is not None
                seeds[self.output, time] = self.put_in(slope, time)
        return seeds
