"""MAP estimate of the probabilities of categories under a Dirichlet prior, and what follows.

The posterior of counts n_c is Dirichlet with α_c + n_c.  Its moments, the evidence
B(a)/B(α) with a_c = α_c + n_c and B(α) = ∏ Γ(α_c)/Γ(Σ α_c), and the predictive probability
(α_c + n_c)/(n + Σ α) are in Murphy, Machine Learning: A Probabilistic Perspective (2012), 3.4.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial

from mlcalc.estimation import by_simplex
from mlcalc.estimation import simplex_steps as board
from mlcalc.estimation.estimate import Working
from mlcalc.estimation.evidence import Integral, rising
from mlcalc.estimation.in_letters import product_of
from mlcalc.estimation.maximum import worked_out
from mlcalc.estimation.model import Model
from mlcalc.estimation.posterior import mode_notes
from mlcalc.estimation.sample import Counts
from mlcalc.estimation.terms import added
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import to_float
from mlcalc.maths.records import replace
from mlcalc.maths.tree import (
    Call,
    Expr,
    Listing,
    Mul,
    Symbol,
    Words,
    equals,
    free_symbols,
    shown,
    wrap,
)
from mlcalc.showing.derivation import (
    Answer,
    Apart,
    Derivation,
    Result,
    Step,
    Table,
    answer_line,
    number_answer,
    only_for,
    with_decimal,
)

EVIDENCE_LEFT_OUT = (
    "the evidence is left out: it is too small for a double, or the counts are those of several "
    "draws, of which each has its own coefficient"
)

EXACT = 200
"""Up to that many observations the evidence is worked out as a fraction."""

MOST_FACTORS, MOST_GAMMA = 12, 150
"""Up to that many factors are written out, and up to that argument as values of Γ."""


class Dirichlet:
    """Counts of categories, the α of each, and a category whose probability is asked."""

    def __init__(
        self, model: Model, counts: Counts, alphas: tuple[Expr, ...], new: str | None = None
    ) -> None:
        self.model, self.alphas, self.new = model, alphas, new
        self.counts = by_simplex.named(counts, alphas)
        self.labels = self.counts.labels
        self.after = by_simplex.posterior(self.counts, alphas) if self.labels else ()
        self.whole = added(*self.after)

    def numbers(self) -> tuple[list[int], list[Fraction]] | None:
        """The counts and the α as numbers; None where one of them is a letter."""
        counts, alphas = self.counts.numbers(), by_simplex.numbers_of(self.counts, self.alphas)
        return None if counts is None or alphas is None else (list(counts), list(alphas))

    def derivation(self) -> Derivation:
        working = by_simplex.working(self.model, self.counts, self.alphas)
        steps: list[Step | Apart] = [board.prior_step(self.labels, self.alphas), *working.steps]
        notes = list(working.notes)
        answers = [replace(working.estimates[0].answer(), aliases=("estimate",))]
        if self.labels:
            step, more = self.posterior_step()
            answers += more
            steps.append(step)
            found = [self.evidence(), self.predictive()]
            if found[0] is None and self.numbers() is not None:
                notes.append(Note("evidence.not_computed", EVIDENCE_LEFT_OUT))
            steps += [Apart((one.answer.name,), one.step) for one in found if one is not None]
            step, mle = self.comparison(working)
            steps += only_for(("mle",), [step])
            answers[1:1] = [mle] if mle is not None else []
            answers += [one.answer for one in found if one is not None]
            steps += only_for(("prior_weight",), self.pull(working))
        if all(exact(alpha) == 1 for alpha in self.alphas):
            text = "the prior is flat, so the mode is the maximum-likelihood estimate"
            notes.append(Note("map.flat_prior", text))
        mean = next((one for one in answers if one.name == "posterior_mean"), None)
        notes += mode_notes(answers[0], mean)
        title = f"MAP estimate: {self.model.family.proper} data, Dirichlet prior"
        return Derivation(title, tuple(steps), tuple(answers), tuple(notes))

    def posterior_step(self) -> tuple[Step, list[Answer]]:
        """E θ_c = α_c/α₀ and Var θ_c = α_c(α₀ − α_c)/(α₀²(α₀ + 1)), α being the posterior's."""
        posterior = Call("dirichlet", self.after)
        whole = self.whole
        next_one = added(whole + 1) if free_symbols(whole) else whole + 1
        means: list[Expr] = [own / whole for own in self.after]
        variances: list[Expr] = [
            own * self.others(place) / (whole**2 * next_one) for place, own in enumerate(self.after)
        ]
        answers = [
            Answer("posterior", posterior, posterior),
            self.by_category("posterior_mean", "E", means),
            self.by_category("posterior_variance", "Var", variances),
        ]
        columns = ([equals(*worked_out(f)) if not free_symbols(f) else f for f in formulas]
                   for formulas in (means, variances))  # fmt: skip
        return board.moments_step(self.labels, self.after, *columns), answers

    def others(self, place: int) -> Expr:
        """a₀ − a_c: the difference in numbers, the sum of the others in letters."""
        if free_symbols(self.whole):
            return added(*self.after[:place], *self.after[place + 1 :])
        return self.whole - self.after[place]

    def by_category(self, name: str, operator: str, formulas: Sequence[Expr]) -> Answer:
        """An answer {category: value} for an operator of θ_c."""
        values: dict[str, Result] = {}
        lines = []
        for label, formula in zip(self.labels, formulas, strict=True):
            symbol = line("E(own | D)", E=operator, own=Symbol("theta", label))
            value = exact(formula)
            values[label] = formula if value is None else value
            maths = formula if value is None else with_decimal(value)
            lines.append(answer_line(Answer(name, values[label], maths, symbol)))
        return Answer(name, values, Listing(tuple(lines)))

    # The evidence, and a new observation.

    def evidence(self, event: Expr | None = None) -> Integral | None:
        """p(D) = m·B(a)/B(α); None in letters, and where m is not known."""
        found, event = self.numbers(), event or line("p(D)")
        coefficient = None if found is None else self.coefficient(found[0])
        if found is None or coefficient is None:
            return None
        counts, alphas = found
        value: Fraction | float
        if sum(counts) > EXACT:
            logs = log_beta([a + c for a, c in zip(alphas, counts, strict=True)]) - log_beta(alphas)
            value = math.exp(logs + math.log(coefficient))
            members = [shown(value)]
        else:
            value = coefficient * rising(alphas, counts)
            factors = factors_of(alphas, counts)
            members = worked_out(shown(value))
            if factors is not None:
                members.insert(0, factors if coefficient == 1 else wrap(coefficient) * factors)
        if value == 0:
            return None
        step = partial(board.evidence_step, event, coefficient, members)
        return Integral(number_answer("evidence", value, event), step)

    def coefficient(self, counts: Sequence[int]) -> int | None:
        """What the likelihood has beside ∏ θ_c^n_c: 1, or the multinomial coefficient of a draw.

        None where the counts are pooled over several draws, whose coefficients are not known.
        """
        total = sum(counts)
        for trials in map(exact, self.model.known.values()):
            if trials is None or trials != total:
                return None
            return math.factorial(total) // math.prod(map(math.factorial, counts))
        return 1

    def predictive(self, event: Expr | None = None) -> Integral | None:
        """p(new category | D), the posterior mean of its probability."""
        if self.new is None:
            return None
        formula = self.after[self.labels.index(self.new)] / self.whole
        event = event or line("p(x_new = seen | D)", seen=Words(self.new))
        value = exact(formula)
        if value is None:
            answer = Answer("predictive", formula, formula, event)
        else:
            answer = number_answer("predictive", value, event)
        step = partial(board.predictive_step, event, self.new, worked_out(formula))
        return Integral(answer, step)

    # Beside the maximum-likelihood estimate.

    def comparison(self, working: Working) -> tuple[Step, Answer | None]:
        rule = "compare with the maximum-likelihood estimate"
        try:
            alone = by_simplex.working(self.model, self.counts)
        except Unsolved as error:
            return Step(rule, (), f"the data alone give none: {error}"), None
        ours, theirs = compound(working), compound(alone)
        in_numbers = self.numbers() is not None
        lines, rows = [], []
        for label, value in theirs.items():
            symbol = Symbol("theta", f"{label},MLE", "hat")
            own = as_expression(value)
            short = with_decimal(value) if isinstance(value, Fraction) else own
            lines.append(answer_line(Answer("mle", value, short, symbol)))
            row = (label, own, as_expression(ours[label]))
            rows.append((*row, direction(value, ours[label])) if in_numbers else row)
        last = ("the prior pulls it",) if in_numbers else ()
        table = Table(("category", "MLE", "MAP", *last), tuple(rows))
        answer = Answer("mle", theirs, Listing(tuple(lines)))
        return Step(rule, (table,), "the same without the prior"), answer

    def pull(self, working: Working) -> list[Step]:
        """θ̂ = w·(prior mode) + (1 − w)·MLE, where the prior has a mode inside."""
        found = self.numbers()
        if found is None:
            return []
        counts, pseudo = found[0], [alpha - 1 for alpha in found[1]]
        n, prior = sum(counts), sum(pseudo, Fraction(0))
        if not n or prior <= 0 or min(pseudo) < 0:
            return []
        w = prior / (n + prior)
        modes = [own / prior for own in pseudo], [Fraction(count, n) for count in counts]
        estimates = list(map(as_expression, compound(working).values()))
        return [board.pull_step(self.labels, w, worked_out(shown(w)), modes, estimates)]


def compound(working: Working) -> Mapping[str, Result]:
    value = working.estimates[0].compound
    assert isinstance(value, Mapping)
    return value


def as_expression(value: Result) -> Expr:
    if isinstance(value, Fraction):
        return shown(value)
    assert isinstance(value, Expr)
    return value


def direction(alone: Result, pulled: Result) -> str:
    assert isinstance(alone, Fraction) and isinstance(pulled, Fraction)
    if alone == pulled:
        return "not at all"
    return "up" if pulled > alone else "down"


def factors_of(alphas: Sequence[Fraction], counts: Sequence[int]) -> Expr | None:
    """(2·3·4)·(2)/(6·7·8·9): the rising factorials in numbers, where there are few factors."""
    whole = sum(alphas, Fraction(0))
    if not sum(counts) or whole + sum(counts) > MOST_GAMMA:
        return None
    if sum(counts) > MOST_FACTORS:
        ratio = "gamma_function(above) / gamma_function(below)"
        gammas = [
            line(ratio, above=a + n, below=a) for a, n in zip(alphas, counts, strict=True) if n
        ]
        return Mul((line(ratio, above=whole, below=whole + sum(counts)), *gammas))
    above = [shown(a + i) for a, n in zip(alphas, counts, strict=True) for i in range(n)]
    below = [shown(whole + i) for i in range(sum(counts))]
    return product_of(above) / product_of(below)


def log_beta(alphas: Sequence[Fraction]) -> float:
    """log of ∏ Γ(α_c)/Γ(Σ α_c)."""
    total = math.lgamma(to_float(sum(alphas, Fraction(0))))
    return math.fsum(math.lgamma(to_float(alpha)) for alpha in alphas) - total
