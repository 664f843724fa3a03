"""MAP estimate of the probabilities of categories under a Dirichlet prior, and what follows.

The posterior of counts n_c is Dirichlet with α_c + n_c.  Its moments, the evidence
B(a)/B(α) with a_c = α_c + n_c and B(α) = ∏ Γ(α_c)/Γ(Σ α_c), and the predictive probability
(α_c + n_c)/(n + Σ α) are in Murphy, Machine Learning: A Probabilistic Perspective (2012), 3.4.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.derivation import (
    Answer,
    Derivation,
    Note,
    Prose,
    Result,
    Step,
    Table,
    answer_line,
    number_answer,
    with_decimal,
)
from mlcalc.errors import Unsolved
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import (
    Add,
    Call,
    Decimal,
    Expr,
    Given,
    Listing,
    Mul,
    Symbol,
    Words,
    call,
    equals,
    free_symbols,
    shown,
    wrap,
)
from mlcalc.probability import by_simplex
from mlcalc.probability.by_simplex import THETA, Counts
from mlcalc.probability.evidence import Integral
from mlcalc.probability.letters import DATA, N, proper
from mlcalc.probability.maximum import worked_out
from mlcalc.probability.model import Model
from mlcalc.probability.posterior import mode_notes
from mlcalc.probability.rising import chained, factors_of, log_beta, plus_one, pseudo, rising
from mlcalc.probability.simplex_steps import ALPHA, COUNT, INDEX, SIZE, added, over
from mlcalc.probability.working import Working

EVIDENCE_LEFT_OUT = (
    "the evidence is left out: it is too small for a double, or the counts are those of several "
    "draws, of which each has its own coefficient"
)

EXACT = 200
"""Up to that many observations the evidence is worked out as a fraction."""


class Dirichlet:
    """Counts of categories, the α of each, and a category whose probability is asked."""

    def __init__(
        self, model: Model, counts: Counts, alphas: tuple[Expr, ...], new: str | None = None
    ) -> None:
        self.model, self.alphas, self.new = model, alphas, new
        self.counts = by_simplex.named(counts, alphas)
        self.after = by_simplex.posterior(self.counts, alphas) if self.labels else ()
        self.event = Given(THETA, DATA)

    @property
    def labels(self) -> tuple[str, ...]:
        return self.counts.labels

    def numbers(self) -> tuple[list[int], list[Fraction]] | None:
        """The counts and the α as numbers; None where one of them is a letter."""
        counts, alphas = self.counts.numbers(), by_simplex.numbers_of(self.counts, self.alphas)
        return None if counts is None or alphas is None else (list(counts), list(alphas))

    def derivation(self) -> Derivation:
        working = by_simplex.working(self.model, self.counts, self.alphas)
        steps, notes = [self.prior_step(), *working.steps], list(working.notes)
        answers = [_primary(working)]
        if self.labels:
            step, more = self.posterior_step()
            answers += more
            steps.append(step)
            found = [self.evidence(), self.predictive()]
            if found[0] is None and self.numbers() is not None:
                notes.append(Note("evidence.not_computed", EVIDENCE_LEFT_OUT))
            steps += [one.step for one in found if one is not None]
            step, mle = self.comparison(working)
            steps.append(step)
            answers[1:1] = [mle] if mle is not None else []
            answers += [one.answer for one in found if one is not None]
            pull = self.pull(working)
            steps += [] if pull is None else [pull]
        if all(exact(alpha) == 1 for alpha in self.alphas):
            text = "the prior is flat, so the mode is the maximum-likelihood estimate"
            notes.append(Note("map.flat_prior", text))
        mean = next((one for one in answers if one.name == "posterior_mean"), None)
        notes += mode_notes(answers[0], mean)
        title = f"MAP estimate: {proper(self.model.family.title)} data, Dirichlet prior"
        return Derivation(title, tuple(steps), tuple(answers), tuple(notes))

    def prior_step(self) -> Step:
        """The density of the prior, and what it is worth in observations."""
        power = Symbol("theta", INDEX.name) ** (ALPHA - 1)
        density = over(power, "product") / call("B", Symbol("alpha"))
        lines = [equals(call("p", THETA), density)]
        note: Prose = ("it is worth the data of ", ALPHA - 1, " observations of category ", INDEX,
                       " seen before")  # fmt: skip
        if not self.labels:
            return Step("write the prior", tuple(lines), note)
        rows = [(label, alpha, pseudo(alpha)) for label, alpha in
                zip(self.labels, self.alphas, strict=True)]  # fmt: skip
        table = Table(("category", ALPHA, ALPHA - 1), tuple(rows))
        return Step("write the prior", (*lines, table), note)

    # The posterior.

    def posterior_step(self) -> tuple[Step, list[Answer]]:
        """E θ_c = α_c/α₀ and Var θ_c = α_c(α₀ − α_c)/(α₀²(α₀ + 1)), α being the posterior's."""
        posterior = Call("dirichlet", self.after)
        answers = [Answer("posterior", posterior, posterior)]
        whole = added(*self.after)
        a, a0 = Symbol("a", INDEX.name), Symbol("a", "0")
        means: list[Expr] = [one / whole for one in self.after]
        variances: list[Expr] = [
            one * self.others(place) / (whole**2 * plus_one(whole))
            for place, one in enumerate(self.after)
        ]
        blocks: list[Expr | Table] = [equals(a, ALPHA + COUNT), equals(a0, over(a), whole)]
        columns: list[list[Expr]] = []
        own = Given(Symbol("theta", INDEX.name), DATA)
        for name, operator, general, formulas in (
            ("posterior_mean", "E", a / a0, means),
            ("posterior_variance", "Var", a * (a0 - a) / (a0**2 * (a0 + 1)), variances),
        ):
            blocks.append(equals(call(operator, own), general))
            columns.append([chained(formula) for formula in formulas])
            answers.append(self.by_category(name, operator, formulas))
        header = ("category", a, call("E", own), call("Var", own))
        blocks.append(Table(header, tuple(zip(self.labels, self.after, *columns, strict=True))))
        note = (a, " are the parameters of the posterior, which is conjugate to the prior")
        return Step("find the mean and the variance", tuple(blocks), note), answers

    def others(self, place: int) -> Expr:
        """a₀ − a_c: the difference in numbers, the sum of the others in letters."""
        own, whole = self.after[place], added(*self.after)
        if free_symbols(whole):
            return added(*self.after[:place], *self.after[place + 1 :])
        return whole - own

    def by_category(self, name: str, operator: str, formulas: Sequence[Expr]) -> Answer:
        """An answer {category: value} for an operator of θ_c."""
        values: dict[str, Result] = {}
        lines = []
        for label, formula in zip(self.labels, formulas, strict=True):
            symbol = call(operator, Given(Symbol("theta", label), DATA))
            value = exact(formula)
            values[label] = formula if value is None else value
            answer = formula if value is None else number_answer(name, value).maths
            lines.append(answer_line(Answer(name, values[label], answer, symbol)))
        return Answer(name, values, Listing(tuple(lines)))

    # The evidence, and a new observation.

    def evidence(self, event: Expr | None = None) -> Integral | None:
        """p(D) = m·B(a)/B(α); None in letters, and where m is not known."""
        found, event = self.numbers(), event or call("p", DATA)
        if found is None:
            return None
        counts, alphas = found
        coefficient = self.coefficient(counts)
        if coefficient is None:
            return None
        alpha, after = Symbol("alpha"), Symbol("a")
        ratio: Expr = Call("B", (after,)) / Call("B", (alpha,))
        general = ratio if coefficient == 1 else Mul((Symbol("m"), ratio))
        rule = "integrate the likelihood over the prior"
        kernel = over(call("gamma_function", ALPHA), "product") / call(
            "gamma_function", over(ALPHA)
        )
        lines = [
            equals(Symbol("a", INDEX.name), ALPHA + COUNT),
            equals(Call("B", (alpha,)), kernel),
        ]
        vectors = "B is the integral of the kernel, a function of all α_c or of all a_c"
        note: Prose = f"{vectors}; the observations are taken in their order"
        if coefficient != 1:
            lines.append(equals(Symbol("m"), Words("multinomial coefficient"), wrap(coefficient)))
            note = f"{vectors}; m says in how many orders the counts come"
        if sum(counts) > EXACT:
            logs = log_beta([a + c for a, c in zip(alphas, counts, strict=True)]) - log_beta(alphas)
            value = math.exp(logs + math.log(coefficient))
            if value == 0:
                return None
            lines.append(equals(event, general, Decimal(value)))
            return Integral(Step(rule, tuple(lines), note), number_answer("evidence", value, event))
        exactly = Fraction(coefficient) * rising(alphas, counts)
        members = [general]
        factors = factors_of(alphas, counts)
        if factors is not None:
            members.append(factors if coefficient == 1 else Mul((wrap(coefficient), factors)))
        answer = number_answer("evidence", exactly, event)
        lines.append(equals(event, *members, *worked_out(shown(exactly))))
        return Integral(Step(rule, tuple(lines), note), answer)

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
        place = self.labels.index(self.new)
        formula = self.after[place] / added(*self.after)
        seen = equals(Symbol("x", "new"), Words(self.new))
        event = event or call("p", Given(seen, DATA))
        mean = call("E", Given(Symbol("theta", self.new), DATA))
        note = "averaged over the posterior, the probability of a category is its mean"
        value = exact(formula)
        if value is None:
            answer = Answer("predictive", formula, formula, event)
        else:
            answer = number_answer("predictive", value, event)
        chain = equals(event, mean, *worked_out(formula))
        return Integral(Step("predict a new observation", (chain,), note), answer)

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

    def pull(self, working: Working) -> Step | None:
        """θ̂ = w·(prior mode) + (1 − w)·MLE, where the prior has a mode inside."""
        found = self.numbers()
        if found is None:
            return None
        counts, alphas = found
        pseudo_counts = [alpha - 1 for alpha in alphas]
        n, prior = sum(counts), sum(pseudo_counts, Fraction(0))
        if not n or prior <= 0 or min(pseudo_counts) < 0:
            return None
        w = Fraction(prior) / (n + prior)
        formula = (over(ALPHA) - SIZE) / (N + over(ALPHA) - SIZE)
        lines: list[Expr | Table] = [equals(Symbol("w"), formula, *worked_out(shown(w)))]
        estimates, rows = compound(working), []
        for label, count, own in zip(self.labels, counts, pseudo_counts, strict=True):
            pieces = Add((Mul((shown(w), shown(own / prior))),
                          Mul((shown(1 - w), shown(Fraction(count, n))))))  # fmt: skip
            rows.append((label, shown(own / prior), shown(Fraction(count, n)),
                         equals(pieces, as_expression(estimates[label]))))  # fmt: skip
        header = ("category", "prior mode", "MLE", "w·prior mode + (1 − w)·MLE")
        lines.append(Table(header, tuple(rows)))
        note = "each estimate is a mean of the prior's mode and the MLE; w is the prior's weight"
        return Step("weigh the prior against the data", tuple(lines), note)


def _primary(working: Working) -> Answer:
    answer = working.estimates[0].answer()
    return Answer(answer.name, answer.value, answer.maths, answer.symbol, aliases=("estimate",))


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
