"""What is to be maximised, in letters: the log-likelihood, a log-prior, and each score's root.

None of it depends on a number, so it is derived once for all questions with the same density and
prior.  The parameters are found one after another; those before stand in the terms with a hat.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache

from mlcalc.estimation.letters import N, X
from mlcalc.estimation.maximum import NoClosedForm, Objective, score_step
from mlcalc.estimation.roots import NOT_SOLVED
from mlcalc.estimation.sample import OBSERVATION, Sample, Statistics
from mlcalc.estimation.terms import ONE, addends, collected, in_parameter, log_of, over_data
from mlcalc.estimation.working import log_step, rewritten
from mlcalc.maths.board import line
from mlcalc.maths.calculus import NotPolynomial
from mlcalc.maths.evaluate import exact
from mlcalc.maths.records import Record
from mlcalc.maths.tree import (
    Add,
    Call,
    Expr,
    Listing,
    Mul,
    Pow,
    Symbol,
    call,
    equals,
    free_symbols,
    joined,
    substitute,
)
from mlcalc.showing.derivation import Step, step

FACTORS = "; factors without a parameter do not move the maximum"
EXPANSION = "multiply out the square"
Part = Step | Callable[[], Step]
"""A step in letters, or what makes one with numbers where it is shown."""
Sums = tuple[tuple[Expr, Expr], ...]
"""Letters and the sums over the data that they stand for."""


class Stage(Record):
    """The score of one parameter, and the steps up to it."""

    objective: Objective
    steps: tuple[Step, ...]


class InLetters:
    """What is left to be estimated: parameters, terms, and the sums that these are in."""

    def __init__(
        self,
        density: Expr,
        symbols: tuple[Symbol, ...],
        statistics: Statistics,
        terms: tuple[tuple[Expr, ...], tuple[Expr, ...]],
        dropped: bool,
        written: tuple[Symbol, ...],
        has_prior: bool,
        is_likelihood: bool,
    ) -> None:
        """`written` are the parameters as they are written, with a hat where they are found."""
        self.density, self.symbols, self.written = density, symbols, written
        self.statistics, self.dropped, self.has_prior = statistics, dropped, has_prior
        self.log_terms, self.prior_terms = terms
        self.is_likelihood = is_likelihood
        self.stages: dict[tuple[Symbol, frozenset[Symbol]], Stage] = {}
        self.following: dict[tuple[Symbol, int], InLetters] = {}

    @classmethod
    def of(
        cls,
        density: Expr,
        symbols: tuple[Symbol, ...],
        total: str,
        prior: Expr | None,
        is_likelihood: bool = False,
    ) -> InLetters:
        """The beginning; `prior` is the density of the parameters, or there is none.

        A density is that of one observation, or the likelihood of all.
        """
        return beginning(density, symbols, total, prior, is_likelihood)

    # How the pieces are written.

    @property
    def parameters(self) -> Expr:
        return self.written[0] if len(self.written) == 1 else Listing(self.written)

    @property
    def target(self) -> Expr:
        text = "p(theta | D)" if self.has_prior else "p(D | theta)"
        return line(text, theta=self.parameters)

    @property
    def first(self) -> tuple[Symbol, ...]:
        return (*self.statistics.letters.values(), N)

    @cached_property
    def sums(self) -> Sums:
        """What is shown for the letters, now that all are known."""
        return tuple(self.statistics.printed.items())

    # The parameters, one by one.

    def stage(self, parameter: Symbol, positive: frozenset[Symbol]) -> Stage:
        """Raises `NoClosedForm` where a sum cannot be multiplied out."""
        key = parameter, positive
        if key not in self.stages:
            self.stages[key] = self.staged(parameter, positive)
        return self.stages[key]

    def staged(self, parameter: Symbol, positive: frozenset[Symbol]) -> Stage:
        own = [*self.log_terms, *self.prior_terms]
        letters = self.statistics.letters
        try:
            terms = in_parameter(own, letters, parameter, self.statistics.letter)
        except NotPolynomial as error:
            raise NoClosedForm.because(NOT_SOLVED) from error
        objective = Objective(
            call("log", self.target), parameter, tuple(collected(terms, parameter)), self.first,
            len(self.written) > 1, positive,
        )  # fmt: skip
        expansion = [self.expansion_step(parameter)] if terms != own else []
        return Stage(objective, (*expansion, score_step(objective)))

    def settled(self, parameter: Symbol) -> InLetters:
        """Later parameters are found with this one at its estimate."""
        key = parameter, len(self.statistics.letters)
        if key not in self.following:
            self.following[key] = self.with_hat(parameter)
        return self.following[key]

    def with_hat(self, parameter: Symbol) -> InLetters:
        hat = Symbol(parameter.name, parameter.subscript, "hat")
        swap: dict[Expr, Expr] = {parameter: hat}
        statistics = Statistics(Sample(), "")
        statistics.take(self.statistics)
        replaced: dict[Expr, Expr] = {}
        for function in list(statistics.letters):
            renewed = substitute(function, swap)
            if renewed != function:
                before, after = statistics.renew(function, renewed)
                replaced[before] = after
        terms = (
            tuple(substitute(t, {**swap, **replaced}) for t in self.log_terms),
            tuple(substitute(t, swap) for t in self.prior_terms),
        )
        return InLetters(
            self.density,
            tuple(s for s in self.symbols if s != parameter),
            statistics,
            terms,
            self.dropped,
            tuple(hat if s == parameter else s for s in self.written),
            self.has_prior,
            self.is_likelihood,
        )

    # The steps.

    @cached_property
    def opening(self) -> tuple[Step, ...]:
        """Likelihood, prior and logarithm."""
        product = [self.product_step()] if self.has_prior else []
        return (self.likelihood_step(), *product, self.log_step())

    def likelihood_step(self) -> Step:
        kernel, is_cut = self.kernel(self.log_terms), self.dropped
        if self.is_likelihood:
            return step(
                "write the likelihood",
                f"p(D | theta) = density {'propto kernel' if is_cut else ''}",
                why="as it is given" + FACTORS * is_cut,
                theta=self.parameters, density=self.density, kernel=kernel,
            )  # fmt: skip
        why = "the observations are independent"
        if self.statistics.letters[X] == Symbol("k"):
            why += "; $k$ of the $n$ are 1"
        if is_cut and kernel is not None:
            why += FACTORS
        return step(
            "write the likelihood",
            f"p(D | theta) = product(f, i, 1, n) {'propto' if is_cut else '='} kernel",
            why=why,
            theta=self.parameters, f=substitute(self.density, {X: OBSERVATION}), kernel=kernel,
        )  # fmt: skip

    def kernel(self, terms: Sequence[Expr]) -> Expr | None:
        """The product whose logarithm the terms are, where it is short: θ^k (1 − θ)^(n − k)."""
        if len(self.symbols) > 1:
            return None
        factors: list[Expr] = []
        for term in collected(self.opened(terms), self.symbols[0]):
            match term.function:
                case Call("log", (inside,), ()):
                    one = exact(term.coefficient) == 1
                    factors.append(inside if one else Pow(inside, term.coefficient))
                case _:
                    factors.append(call("exp", term.written))
        return product_of(factors)

    def opened(self, terms: Sequence[Expr]) -> list[Expr]:
        """The terms with Σ T(xᵢ, θ) for its letter, which does not show that θ is in it."""
        return [self.statistics.opened(term, self.symbols) for term in terms]

    def product_step(self) -> Step:
        likelihood, own = self.kernel(self.log_terms), self.kernel(self.prior_terms)
        both = self.kernel((*self.log_terms, *self.prior_terms))
        product = None
        if likelihood is not None and own is not None and both is not None:
            product = product_of([kernel for kernel in (likelihood, own) if kernel != ONE])
        return step(
            "multiply by the prior",
            "p(theta | D) propto p(D | theta) * p(theta) propto product = both",
            why="Bayes' rule; the evidence $p(D)$ does not depend on $theta$",
            theta=self.parameters, product=product, both=None if product is None else both,
        )  # fmt: skip

    def log_step(self) -> Step:
        terms: Sequence[Expr] = (*self.log_terms, *self.prior_terms)
        if len(self.symbols) == 1:
            terms = [term.written for term in collected(self.opened(terms), self.symbols[0])]
        return log_step(line("log(target)", target=self.target), terms,
                        self.dropped or self.has_prior)  # fmt: skip

    def expansion_step(self, parameter: Symbol) -> Step:
        """Σ(xᵢ − μ)² multiplied out in powers of μ."""
        letters, lines = self.statistics.letters, []
        for function, letter in list(letters.items()):
            if parameter in free_symbols(function):
                powers = in_parameter([letter], letters, parameter, self.statistics.letter)
                terms = [addend for term in powers for addend in addends(term)]
                lines.append(equals(letter, Add(tuple(terms))))
        return step(EXPANSION, *lines)


@lru_cache(maxsize=256)
def beginning(
    density: Expr, symbols: tuple[Symbol, ...], total: str, prior: Expr | None, is_likelihood: bool
) -> InLetters:
    statistics = Statistics(Sample(), total)
    if is_likelihood:
        every = log_of(density)
        terms = [term for term in every if free_symbols(term) & set(symbols)]
        dropped = len(terms) < len(every)
    else:
        terms, dropped = over_data(log_of(density), symbols, statistics.letter)
    own = [] if prior is None else log_of(prior)
    prior_terms = tuple(t for t in own if free_symbols(t) & set(symbols))
    both = tuple(terms), prior_terms
    has_prior = prior is not None
    return InLetters(density, symbols, statistics, both, dropped, symbols, has_prior, is_likelihood)


@lru_cache(maxsize=1024)
def in_sums(step: Step, sums: Sums) -> Step:
    """A step in letters with Σᵢ T(xᵢ) printed for each letter."""
    there = dict(sums)
    return rewritten(step, lambda expression: substitute(expression, there)) if there else step


@lru_cache(maxsize=1024)
def letters_in(step: Step) -> frozenset[Symbol]:
    """The letters of what is solved for; where a square is multiplied out there are more."""
    if step.rule == EXPANSION:
        return frozenset()
    blocks = [block for block in step.blocks if isinstance(block, Expr)]
    return frozenset().union(*map(free_symbols, blocks))


def product_of(factors: Sequence[Expr]) -> Expr:
    """The product of none, one or several."""
    return joined(Mul, factors) if factors else ONE
