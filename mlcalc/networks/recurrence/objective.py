"""The loss of a run: what each step costs, what counts, and its gradient in the outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from mlcalc.files.fields import as_number, is_single
from mlcalc.maths.board import Note, Prose
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import EvaluationError, Scalar
from mlcalc.maths.records import Later
from mlcalc.maths.tree import (
    BigOp,
    Call,
    Chain,
    Derivative,
    Expr,
    Indexed,
    Matrix,
    Mul,
    Symbol,
    equals,
    free_symbols,
    map_parts,
    substitute,
    wrap,
)
from mlcalc.maths.vectors import NamedVector, added, column, compact, worked
from mlcalc.networks.arithmetic import Vector
from mlcalc.networks.backward import Seed, loss_at, seed_at
from mlcalc.networks.equations import L, Moment, T, at_time
from mlcalc.networks.layers import check_numbers, class_targets, classes_in, entries
from mlcalc.networks.losses import asked_loss
from mlcalc.networks.recurrence.question import RecurrentQuestion
from mlcalc.networks.running import Run
from mlcalc.showing.derivation import Block, Step

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
        made = run.network.activation_of(self.output)
        self.loss = asked_loss(given, made.word if made else "identity", self.size, run.write)
        self.weights = self.read_weights()
        self.times = [time for time in range(1, run.steps + 1) if self.weights[time] != 0]
        self.targets = self.read_targets()
        self.losses = {t: loss_at(self.loss, run, t, self.named_target(t)) for t in self.times}
        write = run.write
        self.numbers = added(
            [self.weighed(t, write(loss.value)) for t, loss in self.losses.items()]
        )
        """What the steps cost, added up."""
        self.total = scalar(self.numbers)

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
        given, rows = self.given, self.class_rows()
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

    def class_rows(self) -> Sequence[Matrix]:
        """The rows of the targets; of numbers of classes, one a step, those with a 1 in place."""
        rows, field = self.given.targets or (), RecurrentQuestion.targets
        is_row = len(rows) == 1 < self.run.steps == rows[0].shape[0]
        is_listed = all(row.shape[0] == 1 for row in rows)
        if self.given.loss != "cross-entropy" or self.size == 1 or not (is_row or is_listed):
            return rows
        classes = classes_in(entry for row in rows for (entry,) in row.rows)
        return class_targets(self.given, field, classes, self.size) if classes else rows

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

    def chain(self, time: int) -> Chain:
        return self.losses[time].chain(self.name(time))

    @property
    def total_chain(self) -> Chain:
        total, times = self.run.write(self.total), self.times
        if self.run.steps == 1 and self.weights[1] == 1:
            return self.chain(1)
        if len(times) > MOST_TERMS:
            first, last = as_number(times[0]), as_number(times[-1])
            return equals(L, BigOp("sum", Indexed(L, (T,)), T, first, last), total)
        letters = added([self.weighed(t, self.name(t)) for t in times])
        return worked(L, letters, *([self.numbers] if self.numbers != total else []), total)

    def loss_step(self) -> Step:
        blocks: list[Block] = []
        if len(self.times) <= MOST_TERMS and not self.run.is_large:
            blocks += map(self.chain, self.times)
        if self.total_chain not in blocks:
            blocks.append(self.total_chain)
        what: Prose = "what the steps cost is added up"
        if len(self.times) == 1 and self.run.steps > 1:
            what = f"only step {self.times[0]} counts"
        elif len(self.times) < self.run.steps:
            what = f"only the steps from {self.times[0]} on count"
        if self.given.loss_weights is not None:
            is_choice = set(self.weights.values()) <= {0, 1}
            what = "each step counts with its weight"
            what = "only the steps with a target count" if is_choice else what
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
        if weight == 1:
            return found
        write, gradient, moment = self.run.write, self.run.network.gradient, found.moment
        scaled = tuple(scalar(Mul((write(weight), write(value)))) for value in found.values)

        def chains() -> Iterator[Chain]:
            yield from found.chains
            yield worked(
                gradient(*moment, of),
                Mul((write(weight), gradient(*moment, name))),
                Mul((write(weight), compact(column(found.values, write)))),
                compact(column(scaled, write)),
            )

        return Seed(moment, Later(chains), scaled)

    def notes(self) -> list[Note]:
        found = self.loss.notes()
        made = self.run.network.activation_of(self.output)
        if made is not None and self.loss.has_combined_rule(made.word):
            found.append(Note("loss.combined", self.loss.why_combined()))
        return found


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
        from mlcalc.maths.calculus import raw_derivative

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
