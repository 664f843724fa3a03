"""Estimates by setting the score to zero, in letters first, for any density of the engine.

The likelihood is a product over the data; its logarithm is a sum of terms c·g(θ)·ΣT(xᵢ); each
parameter in turn is differentiated, its root found, and the numbers are put in last.  A prior adds
its own terms to the sum, and the same lines give the mode of the posterior.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from mlcalc.estimation.compact import compact
from mlcalc.estimation.estimate import Estimate, Working
from mlcalc.estimation.family import fact
from mlcalc.estimation.in_letters import InLetters, Part, in_sums, letters_in
from mlcalc.estimation.letters import CONSTANT_LETTERS, N
from mlcalc.estimation.maximum import (
    NoClosedForm,
    Objective,
    Verdict,
    decide,
    decide_among,
    middle,
    numbers_step,
    second_order_step,
    value_of,
)
from mlcalc.estimation.model import Model, Unknown
from mlcalc.estimation.priors import Belief, is_open
from mlcalc.estimation.roots import NOT_SOLVED, Root, find_root, numeric_roots
from mlcalc.estimation.sample import Sample, Statistics
from mlcalc.estimation.terms import ONE, Term, neat
from mlcalc.estimation.working import Writing, data_step, sum_line
from mlcalc.maths.board import Note
from mlcalc.maths.calculus import NoCalculus
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import EvaluationError, Scalar
from mlcalc.maths.records import Later, replace
from mlcalc.maths.tree import Decimal, Expr, Symbol, call, free_symbols, shown, substitute
from mlcalc.showing.derivation import Step


class ByScore(Writing):
    """One model and sample, and a prior for the one unknown parameter if there is one."""

    def __init__(
        self,
        model: Model,
        sample: Sample,
        prior: Belief | None = None,
        limits: tuple[Expr, Expr] | None = None,
    ) -> None:
        """`limits` restrict the one unknown parameter to a part of its range."""
        symbols = tuple(unknown.symbol for unknown in model.unknown)
        density = None if prior is None else prior.density(*symbols)
        family = model.family
        self.letters = InLetters.of(
            model.density, symbols, family.total, density, family.is_likelihood
        )
        self.model, self.sample, self.symbols = model, sample, list(symbols)
        self.statistics = Statistics(sample, model.family.total)
        self.statistics.take(self.letters.statistics)
        self.terms, self.dropped = list(self.letters.log_terms), self.letters.dropped
        self.prior, self.limits = prior, limits
        self.objectives: list[Objective] = []
        self.roots: list[Root] = []
        self.found: dict[Expr, Expr] = {}
        """The formula of each estimate so far, by its letter with the hat."""
        self.known: dict[Expr, Expr] = dict(model.known)
        if prior is not None:
            self.known |= prior.numbers()

    @property
    def first(self) -> tuple[Symbol, ...]:
        return (*self.statistics.letters.values(), N)

    @property
    def numbers(self) -> dict[Expr, Expr]:
        """What is put in for the letters: known parameters, n, the sums."""
        return {**self.known, **self.statistics.numbers(self.known)}

    @property
    def has_numbers(self) -> bool:
        return self.sample.size is not None or self.model.family.is_likelihood

    # The working.

    def working(self) -> Working:
        """Raises `Unsolved` where the score cannot be solved, or where there is no maximum."""
        steps: list[Part] = list(self.letters.opening)
        estimates: list[Estimate] = []
        notes: list[Note] = []
        for unknown in self.model.unknown:
            found, more, remark = self.one(unknown)
            steps += more
            notes += remark
            estimates.append(found)
        notes += self.notes()
        return Working(self.shown(self.with_data(steps)), tuple(estimates), tuple(notes))

    def one(self, unknown: Unknown) -> tuple[Estimate, list[Part], list[Note]]:
        """The estimate of one parameter, those before it known by their hats."""
        try:
            return self.solved(unknown)
        except NoCalculus as error:
            raise NoClosedForm.because(f"the score is not found in letters: {error}") from error

    def beside(
        self, other: Unknown, value: Scalar | None, formula: Expr, unknown: Unknown
    ) -> tuple[Estimate, list[Part], list[Note]]:
        """The estimate of one parameter where another was found otherwise."""
        self.settle(other, None if value is None else shown(value))
        found, steps, notes = self.one(unknown)
        if found.claimed is not None:
            found = replace(found, claimed=substitute(found.claimed, {other.hat: formula}))
        return found, steps, notes

    def solved(self, unknown: Unknown) -> tuple[Estimate, list[Part], list[Note]]:
        stage = self.letters.stage(unknown.symbol, self.positive)
        self.statistics.take(self.letters.statistics)
        objective = stage.objective
        steps: list[Part] = [*stage.steps]
        self.objectives.append(objective)
        low, high = self.range_of(unknown)
        others = set(self.letters.symbols) - {unknown.symbol}
        numbers = self.numbers
        pairs = numbered(objective.terms, numbers, others, unknown.symbol)
        try:
            root = find_root(objective, middle(scalar(low), scalar(high)))
        except NoClosedForm:
            if not pairs or others:
                raise
            found, more, remarks = self.in_numbers(objective, pairs, unknown)
            return found, [*steps, *more], remarks
        self.roots.append(root)
        if free_symbols(root.formula) & others:
            raise NoClosedForm.because("the scores of the parameters are not solved one by one")
        steps.append(root.step)
        clip = self.clip(unknown)
        is_known = bool(pairs) and not any(map(is_open, clip.values()))
        verdict = self.verdict(objective, root, pairs, low, high) if is_known else None
        if verdict is not None and verdict.step is not None:
            steps[-2:] = [verdict.step]
            self.settle(unknown, shown(verdict.value))
            estimate = Estimate(unknown, verdict.value, interval=verdict.interval)
            return estimate, steps, remark_of(verdict)
        steps.append(lambda: check_step(objective, root, pairs, numbers))
        value = None
        if self.has_numbers:
            value = value_of(root.formula, numbers) if verdict is None else verdict.value
            steps.append(lambda: numbers_step(objective, root.formula, numbers))
        claimed = substitute(self.statistics.claimed(root.formula), self.found)
        self.found[unknown.hat] = claimed
        if value is not None and is_known:
            self.settle(unknown, shown(value))
            return Estimate(unknown, value), steps, []
        self.settle(unknown, None)
        summed = self.statistics.claimed(substitute(root.formula, numbers))
        filled = neat(substitute(substitute(summed, self.found), numbers))
        printed = neat(substitute(root.formula, numbers))
        if self.has_numbers and not free_symbols(printed) & {N, *self.first}:
            filled, printed = compact(filled), compact(printed)
        printed = self.statistics.shown(printed)
        if clip:
            if not root.is_only:
                raise NoClosedForm.because(
                    "whether the root lies where the prior is not zero depends on the letters: "
                    "give them values"
                )
            filled, printed = (self.clipped(formula, clip) for formula in (filled, printed))
            steps.append(clip_step(objective, printed))
        return Estimate(unknown, None, filled, printed), steps, []

    @property
    def positive(self) -> frozenset[Symbol]:
        """n, variances, scales and rates."""
        found: set[Expr] = {N}
        family = self.model.family
        for name, (low, _) in family.parameters.items():
            letter = Symbol.named(name)
            if low == "0" and letter not in self.letters.symbols:
                found |= {letter, self.model.known.get(letter, letter)}
        if self.prior is not None:
            found |= {self.prior.symbol(n) for n in self.prior.values
                      if n in self.prior.family.positive}  # fmt: skip
        return frozenset(letter for letter in found if isinstance(letter, Symbol))

    def range_of(self, unknown: Unknown) -> tuple[Expr, Expr]:
        """Where the parameter may lie, as far as it is known in numbers."""
        low, high = (fact(end) for end in unknown.range)
        if self.prior is not None:
            low, high = self.prior.narrowed(low, high)
        if self.limits is not None:
            low, high = max(low, self.limits[0], key=scalar), min(high, self.limits[1], key=scalar)
        return low, high

    def clip(self, unknown: Unknown) -> dict[str, Expr]:
        """The ends of the prior that cut off a part of the range: max with the low one, min."""
        if self.prior is None or self.prior.family.joint:
            return {}
        found = {}
        own = [fact(end) for end in unknown.range]
        for name, before, end in zip(("max", "min"), own, self.prior.ends, strict=True):
            is_inside = is_open(end) or (
                scalar(end) > scalar(before) if name == "max" else scalar(end) < scalar(before)
            )
            if is_inside:
                found[name] = end
        return found

    @staticmethod
    def clipped(formula: Expr, clip: Mapping[str, Expr]) -> Expr:
        for name, end in clip.items():
            formula = call(name, end, formula)
        return formula

    def in_numbers(
        self, objective: Objective, pairs: Sequence[tuple[Scalar, Expr]], unknown: Unknown
    ) -> tuple[Estimate, list[Part], list[Note]]:
        """The maximum where the score is not solved in letters: all its roots, or a search.

        Raises `NoClosedForm` where all the data are known, so that a search can look around them.
        """
        low, high = self.range_of(unknown)
        if any(map(is_open, self.clip(unknown).values())):
            raise NoClosedForm.because("give the ends of the prior as numbers")
        found = numeric_roots(objective, self.numbers, scalar(low), scalar(high))
        if found is not None:
            verdict = decide_among(objective, pairs, found.roots, low, high)
            last = verdict.step or partial(highest_step, objective, verdict, found.roots)
            steps: list[Part] = [found.step, last]
            return Estimate(unknown, verdict.value), steps, remark_of(verdict)
        if self.sample.data:
            raise NoClosedForm.because(NOT_SOLVED)
        from mlcalc.estimation.by_search import searched

        name = "log-likelihood" if self.prior is None else "log-posterior"
        result = searched(unknown, pairs, self.statistics.centre(self.numbers), (low, high), name)
        return result.estimate, list(result.steps), list(result.notes)

    def verdict(
        self,
        objective: Objective,
        root: Root,
        pairs: Sequence[tuple[Scalar, Expr]],
        low: Expr,
        high: Expr,
    ) -> Verdict:
        try:
            value = value_of(root.formula, self.numbers)
        except EvaluationError:
            value = None  # 0/0 or n/0: with these numbers the score has no root
        if not root.is_only:
            return decide_among(objective, pairs, [] if value is None else [value], low, high)
        return decide(objective, pairs, value, low, high, restricted=self.limits is not None)

    def settle(self, unknown: Unknown, value: Expr | None) -> None:
        """Later parameters are found with this one at its estimate."""
        self.letters = self.letters.settled(unknown.symbol)
        self.statistics.take(self.letters.statistics)
        if value is not None:
            self.known[unknown.hat] = value

    # The steps, made where they are shown.

    def shown(self, steps: Sequence[Part]) -> Later[Step]:
        """The steps with Σᵢ T(xᵢ) for each letter; those in letters look so in each question."""
        sums = self.letters.sums
        return Later(
            lambda: (in_sums(e, sums) if isinstance(e, Step) else self.in_sums(e()) for e in steps)
        )

    def with_data(self, steps: Sequence[Part]) -> list[Part]:
        """The sums over the data, before the steps that use them."""
        return [partial(self.sums_step, steps), *steps] if self.sample.data else list(steps)

    def sums_step(self, steps: Sequence[Part]) -> Step:
        """The sums that stand in what is solved for."""
        used = frozenset().union(*(letters_in(each) for each in steps if isinstance(each, Step)))
        lines = [
            sum_line(self.statistics, function, self.known)
            for function, letter in self.statistics.letters.items()
            if letter in used
        ]
        return data_step(self.sample.size or N, lines)


def numbered(
    terms: Sequence[Term], values: Mapping[Expr, Expr], others: set[Symbol], parameter: Symbol
) -> list[tuple[Scalar, Expr]]:
    """The coefficients as numbers, with their functions; empty where letters are left.

    A parameter that is found later, such as a variance, only scales the function: 1 stands for it.
    """
    known: dict[Expr, Expr] = {**dict.fromkeys(others, ONE), **values}
    pairs: list[tuple[Scalar, Expr]] = []
    for term in terms:
        function = term.function
        if len(free_symbols(function)) > 1:
            function = substitute(function, values)
        if free_symbols(function) - {parameter} - CONSTANT_LETTERS:
            return []
        value = value_of(term.coefficient, known)
        if value is None:
            return []
        pairs.append((value, function))
    return pairs


def remark_of(verdict: Verdict) -> list[Note]:
    return [Note("estimate.boundary", verdict.note)] if verdict.note else []


def check_step(
    objective: Objective,
    root: Root,
    pairs: Sequence[tuple[Scalar, Expr]],
    numbers: Mapping[Expr, Expr],
) -> Step:
    """Why the root is a maximum; of a quadratic score it was chosen as the one that is."""
    if root.is_only:
        return second_order_step(objective, root.formula, bool(pairs))
    second = objective.differentiated(2)
    at_root = substitute(second, {**numbers, objective.parameter: root.formula})
    bend = value_of(at_root, numbers)
    return objective.step(
        "check that it is a maximum",
        "dd_function = second",
        *(["at_hat ~= bend < 0"] if bend is not None and bend < 0 else []),
        why="at this root the score turns from positive to negative; if the other one lies in the "
        "range at all, it turns from negative to positive there",
        second=second, at_hat=substitute(second, {objective.parameter: objective.hat}),
        bend=None if bend is None else Decimal(bend),
    )  # fmt: skip


def clip_step(objective: Objective, formula: Expr) -> Step:
    return objective.step(
        "keep to where the prior is not zero",
        "theta_hat = formula",
        why="the prior is zero elsewhere; the function rises before the root of its score and "
        "falls after it, so where the root lies outside, the nearer end is the maximum",
        formula=formula,
    )


def highest_step(objective: Objective, verdict: Verdict, roots: Sequence[Scalar]) -> Step:
    why = "the score turns from positive to negative there, and the ends of the range are lower"
    if len(roots) > 1:
        why = "of the roots the one where the function is highest; the ends are lower"
    rule = "check that it is a maximum"
    return objective.step(rule, "theta_hat = value", why=why, value=verdict.value)
