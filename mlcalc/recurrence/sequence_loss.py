"""A loss of the whole sequence of outputs, given as a formula that need not be a sum over steps."""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.derivation import Note, Step
from mlcalc.fields import as_number, is_single
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import EvaluationError, Scalar
from mlcalc.maths.tree import (
    Call,
    Chain,
    Derivative,
    Expr,
    Indexed,
    Mul,
    Symbol,
    free_symbols,
    map_parts,
    substitute,
    wrap,
)
from mlcalc.maths.vectors import added, column, worked
from mlcalc.networks.backward import Seed
from mlcalc.networks.equations import L, Moment, at_time
from mlcalc.networks.running import Run
from mlcalc.recurrence.question import RecurrentQuestion

NO_DERIVATIVE = (
    "this formula cannot be differentiated here: use sums, products, quotients, powers, exp, log, "
    "sqrt, abs and tanh"
)


class SequenceLoss:
    """L as a formula in y[1], y[2], …, or in the entries y[1, 2] of vectors; sum(y) and mean(y)."""

    def __init__(self, given: RecurrentQuestion, run: Run) -> None:
        self.given, self.run = given, run
        assert run.network.output is not None and given.sequence_loss is not None
        self.output: Symbol = run.network.output
        self.times = list(range(1, run.steps + 1))
        fields = RecurrentQuestion
        for field in (fields.loss, fields.targets, fields.loss_from, fields.loss_weights):
            if given.is_given(field):
                message = f"give sequence_loss, or {field.name} for a loss of each step"
                raise given.fault(message, field)
        self.typed = given.sequence_loss
        self.formula = self.expanded(self.typed)
        self.check()
        self.known: Mapping[Expr, Expr] = {
            entry: run.write(run.at((self.output, time))[k])
            for time in self.times
            for k, entry in enumerate(self.entries(time))
        }
        numbers = substitute(self.formula, self.known)
        try:
            self.total: Scalar = scalar(numbers)
        except EvaluationError as error:
            raise self.fault(str(error)) from None
        letters = [self.typed] if self.typed == self.formula else [self.typed, self.formula]
        self.chain = worked(L, *letters, numbers, run.write(self.total))

    def fault(self, message: str) -> Exception:
        return self.given.fault(message, RecurrentQuestion.sequence_loss)

    # Reading the formula.

    @property
    def size(self) -> int:
        return self.run.sizes[self.output]

    def entries(self, time: int) -> list[Expr]:
        """y[t], or y[t, 1], y[t, 2], … of a vector."""
        if self.size == 1:
            return [at_time(self.output, time)]
        return [
            Indexed(self.output, (as_number(time), as_number(k))) for k in range(1, self.size + 1)
        ]

    def expanded(self, formula: Expr) -> Expr:
        """sum(y) and mean(y) written out, and y_1 as y[1]."""
        if isinstance(formula, Symbol) and formula.name == "y" and formula.subscript.isdigit():
            return Indexed(self.output, (as_number(int(formula.subscript)),))
        if isinstance(formula, Call) and formula.arguments == (Symbol("y"),):
            everything = [entry for time in self.times for entry in self.entries(time)]
            if formula.name == "sum":
                return added(everything)
            if formula.name == "mean":
                return Mul((wrap(1) / len(everything), added(everything)))
        if isinstance(formula, Indexed):
            return formula
        return map_parts(formula, self.expanded)

    def check(self) -> None:
        if not is_single(self.typed):
            raise self.fault("a formula for one number is needed, such as '(y[1] + y[2] - 1)^2'")
        known = {entry for time in self.times for entry in self.entries(time)}
        rest = substitute(self.formula, dict.fromkeys(known, wrap(1)))
        unknown = sorted(
            symbol.spelled for symbol in free_symbols(rest) - {Symbol("e"), Symbol("pi")}
        )
        if not unknown:
            return
        if unknown != ["y"]:
            raise self.fault(
                f"'{next(n for n in unknown if n != 'y')}' is not known; write y[1], …"
            )
        what = f"y[1] to y[{self.run.steps}]"
        if self.size > 1:
            what = f"y[1, 1] to y[{self.run.steps}, {self.size}], step and output"
        raise self.fault(f"the outputs are {what}, beside sum(y) and mean(y)")

    # The same interface as a loss of each step has.

    def loss_step(self) -> Step:
        note = "the loss is one number for the whole sequence, and need not be a sum over its steps"
        return Step("compute the loss", (self.chain,), note)

    def seeds(self) -> dict[Moment, Seed]:
        found = (self.seed(time) for time in self.times)
        return {seed.moment: seed for seed in found if seed is not None}

    def seeds_of(self, time: int) -> tuple[Expr, dict[Moment, Seed]]:
        message = "truncate needs a loss of each step, and there is only one of the whole sequence"
        raise self.given.fault(message, RecurrentQuestion.truncate)

    def seed(self, time: int) -> Seed | None:
        """∂L/∂y_t, where the loss depends on it."""
        moment = (self.output, time)
        found = [self.slope(entry) for entry in self.entries(time)]
        values = tuple(value for _, value in found)
        chains = [chain for chain, _ in found]
        if all(chain.members[1] == wrap(0) for chain in chains):
            return None
        if self.size > 1:
            chains.append(
                worked(self.run.network.gradient(*moment), column(values, self.run.write))
            )
        return Seed(moment, tuple(chains), values)

    def slope(self, entry: Expr) -> tuple[Chain, Scalar]:
        """The derivative in one output: in letters, with numbers, and its value."""
        from mlcalc.calculus import raw_derivative

        letters: dict[Expr, Expr] = {
            each: Symbol("y", f"{time},{k}")
            for time in self.times
            for k, each in enumerate(self.entries(time))
        }
        back = {symbol: each for each, symbol in letters.items()}
        variable = letters[entry]
        assert isinstance(variable, Symbol)
        try:
            there = raw_derivative(substitute(self.formula, letters), variable)
            derivative = substitute(there, back)
            numbers = substitute(derivative, self.known)
            value = scalar(numbers)
        except EvaluationError:
            raise self.fault(NO_DERIVATIVE) from None
        members = [derivative, *([] if numbers == derivative else [numbers])]
        result = self.run.write(value)
        if members[-1] != result:
            members.append(result)
        return worked(Derivative(L, entry, partial=True), *members), value

    def notes(self) -> list[Note]:
        return []
