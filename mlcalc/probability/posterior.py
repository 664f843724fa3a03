"""The working of a maximum a posteriori estimate, from the likelihood to the comparison with MLE.

Everything is derived in letters first and the numbers are put in last, so that the same lines
answer the symbolic question and the one with data.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mlcalc.calculus import simplified
from mlcalc.derivation import Answer, Derivation, Note, Prose, Step, number_answer
from mlcalc.maths.evaluate import exact
from mlcalc.maths.reader import read
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Chain,
    Expr,
    Given,
    Mul,
    Number,
    Pow,
    Symbol,
    Words,
    call,
    equals,
    map_parts,
    substitute,
)
from mlcalc.probability.families import Likelihood
from mlcalc.probability.maximum import (
    Objective,
    at_an_end,
    numbers_chain,
    root_step,
    score_step,
    second_order_step,
    worked_out,
)
from mlcalc.probability.observed import INDEX, OBSERVATION, ONE, SUM_OF_X, N, Observed, X
from mlcalc.probability.priors import Belief
from mlcalc.probability.terms import Term, collected, log_of, over_data, renamed

DATA = Symbol("D")
SUM = Symbol("sum")


class Posterior:
    """One parameter, one family of observations, one prior."""

    def __init__(
        self, family: Likelihood, parameter: Symbol, belief: Belief, observed: Observed
    ) -> None:
        self.family, self.parameter, self.belief = family, parameter, belief
        self.observed = observed
        self.total = Symbol(family.total)
        density = renamed(family.formula, {family.parameter: parameter})
        self.density = density
        sums: dict[Expr, Expr] = {X: self.total}
        per_item = log_of(density)
        self.likelihood_terms = [
            Term(over_data(term.coefficient, X, N, sums), term.function)
            for term in collected(per_item, parameter)
        ]
        self.constants_dropped = len(collected(per_item, parameter)) < len(per_item)
        prior_density = belief.formula(belief.family.density, parameter)
        self.prior_terms = collected(log_of(prior_density), parameter)
        both = [t.written for t in (*self.likelihood_terms, *self.prior_terms)]
        self.terms = collected(both, parameter)
        self.first = (self.total, N)
        self.values: dict[Expr, Expr] = dict(belief.numbers())
        if observed.count is not None and observed.total is not None:
            self.values |= {N: observed.count, self.total: observed.total}

    # How the pieces are written.

    @property
    def posterior_name(self) -> Expr:
        return call("p", Given(self.parameter, DATA))

    @property
    def likelihood_name(self) -> Expr:
        return call("p", Given(DATA, self.parameter))

    def objective(self, name: Expr, terms: Sequence[Term]) -> Objective:
        return Objective(name, self.parameter, terms, self.first)

    def shown(self, expression: Expr) -> Expr:
        """Σᵢ xᵢ where the letter `sum` stands in the formulas."""
        return substitute(expression, {SUM: SUM_OF_X})

    def kernel(self, terms: Sequence[Term]) -> Expr:
        """The product whose logarithm is the sum of the terms: θ^k (1 − θ)^(n − k)."""
        factors: list[Expr] = []
        for term in terms:
            match term.function:
                case Call("log", (inside,), ()):
                    one = exact(term.coefficient) == 1
                    factors.append(inside if one else Pow(inside, term.coefficient))
                case _:
                    factors.append(call("exp", term.written))
        return self.shown(factors[0] if len(factors) == 1 else Mul(tuple(factors)))

    # The steps.

    def derivation(self) -> Derivation:
        objective = self.objective(call("log", self.posterior_name), self.terms)
        pairs = objective.with_numbers(self.values)
        solve_step, formula = root_step(objective)
        steps = [
            *self.setting(),
            self.likelihood_step(),
            self.product_step(),
            self.log_step(objective),
        ]
        end = at_an_end(objective, pairs, self.family.domain) if pairs else None
        if end is not None:
            steps.append(end.step)
            value: Fraction | None = end.value
        else:
            steps += [score_step(objective), solve_step]
            steps.append(second_order_step(objective, pairs))
            value = exact(substitute(formula, self.values))
            if self.values:
                chain = numbers_chain(objective, formula, self.values)
                steps.append(Step("put in the numbers", (chain,)))
        steps, answers = self.shown_steps(steps), [self.answer(value, formula)]
        mle = self.mle_formula()
        compared = self.comparison(mle, answers[0])
        posterior_step, more = self.posterior_parts()
        steps += [posterior_step, compared[0]]
        answers += [compared[1], *more]
        title = f"MAP estimate: {self.family.name} data, {self.belief.family.name} prior"
        return Derivation(
            title.replace("_", " "), tuple(steps), tuple(answers), tuple(self.notes())
        )

    def shown_steps(self, steps: Sequence[Step]) -> list[Step]:
        return [
            Step(
                step.rule,
                tuple(self.shown(b) if isinstance(b, Expr) else b for b in step.blocks),
                step.note if isinstance(step.note, str) else tuple(
                    self.shown(p) if isinstance(p, Expr) else p for p in step.note
                ),
                step.substeps,
            )
            for step in steps
        ]  # fmt: skip

    def setting(self) -> list[Step]:
        """The data summed up, and the prior in the letters of the derivation."""
        steps = []
        observed, belief = self.observed, self.belief
        if observed.data:
            count = equals(N, observed.count or N)
            total = equals(SUM_OF_X, *observed.sum_written())
            if self.total != SUM:
                total = Chain(self.total, (("=", total.first), *total.links))
            steps.append(Step("sum up the data", (count, total), "the estimate depends on no more"))
        lines: list[Expr] = []
        density = self.belief.formula(belief.family.density, self.parameter)
        lines.append(equals(call("p", self.parameter), density))
        for name, value in belief.values.items():
            if belief.symbol(name) != value:
                formula = self.conversion(name)
                lines.append(equals(belief.symbol(name), *formula, *worked_out(value)[:2]))
        steps.append(Step("write the prior", tuple(lines)))
        return steps

    def conversion(self, name: str) -> list[Expr]:
        """rate = 1/scale, where another spelling was typed."""
        spelling = self.belief.family.spellings.get(tuple(self.belief.typed))
        if spelling is None or name in self.belief.typed:
            return []
        words = {n: Words(n) for n in self.belief.typed}
        return [renamed(read(spelling[name]), words)]

    def likelihood_step(self) -> Step:
        one = substitute(self.density, {X: OBSERVATION})
        product = BigOp("product", one, INDEX, ONE, N)
        relation = "propto" if self.constants_dropped else "="
        chain = Chain(
            self.likelihood_name, (("=", product), (relation, self.kernel(self.likelihood_terms)))
        )
        parts: list[str | Expr] = ["the observations are independent"]
        if self.total != SUM:
            parts += ["; ", self.total, " of the ", N, " are 1"]
        if self.constants_dropped:
            parts += ["; factors without ", self.parameter, " do not move the maximum"]
        return Step("write the likelihood", (chain,), tuple(parts))

    def product_step(self) -> Step:
        prior = call("p", self.parameter)
        chain = Chain(
            self.posterior_name,
            (
                ("propto", Mul((self.likelihood_name, prior))),
                (
                    "propto",
                    Mul((self.kernel(self.likelihood_terms), self.kernel(self.prior_terms))),
                ),
                ("=", self.kernel(self.terms)),
            ),
        )
        note = (
            "Bayes' rule; the evidence ",
            call("p", DATA),
            " does not depend on ",
            self.parameter,
        )
        return Step("multiply by the prior", (chain,), note)

    def log_step(self, objective: Objective) -> Step:
        members = (*addends_of(objective.written), Words("constant"))
        chain = equals(objective.name, Add(members))
        return Step(
            "take the log",
            (chain,),
            "the logarithm grows with its argument, so the maximum stays where it is",
        )

    def answer(self, value: Fraction | None, formula: Expr) -> Answer:
        name, hat = (
            self.parameter.spelled,
            Symbol(self.parameter.name, self.parameter.subscript, "hat"),
        )
        if value is not None:
            return number_answer(name, value, hat, aliases=("estimate",))
        with_values = simplified(substitute(formula, self.values), self.first)
        return Answer(name, with_values, self.shown(with_values), hat, aliases=("estimate",))

    def mle_formula(self) -> Expr:
        name = call("log", self.likelihood_name)
        return root_step(self.objective(name, self.likelihood_terms))[1]

    def comparison(self, formula: Expr, estimate: Answer) -> tuple[Step, Answer]:
        """The MLE beside it: what the data alone say, and how far the prior pulled."""
        symbol = Symbol(self.parameter.name, "MLE", "hat")
        known = substitute(formula, self.values)
        value = exact(known)
        blocks: list[Expr] = [equals(symbol, self.shown(formula), *worked_out(self.shown(known)))]
        note: Prose = "the same without the prior"
        if value is None:
            return Step("compare with the maximum-likelihood estimate", (blocks[0],), note), Answer(
                "mle", known, self.shown(known), symbol
            )
        if isinstance(estimate.value, Fraction) and estimate.value != value:
            way = "down" if estimate.value < value else "up"
            note = (f"the same without the prior: the prior pulls the estimate {way} from ",
                    Number(value), " to ", Number(estimate.value))  # fmt: skip
        return (
            Step("compare with the maximum-likelihood estimate", tuple(blocks), note),
            number_answer("mle", value, symbol),
        )

    def posterior_parts(self) -> tuple[Step, list[Answer]]:
        """The posterior named: it has the prior's form, so its hyperparameters can be read off."""
        family = self.belief.family
        functions = [renamed(read(text), {"t": self.parameter}) for text in family.natural]
        by_function = {term.function: term.coefficient for term in self.terms}
        found = {f"c{i}": by_function[f] for i, f in enumerate(functions, 1)}
        letters = {
            name: simplified(renamed(read(formula), found), (*self.first,))
            for name, formula in family.from_natural.items()
        }
        values = {name: substitute(formula, self.values) for name, formula in letters.items()}
        settled = {name: reduced(value, self.first) for name, value in values.items()}
        named = self.named(settled)
        own = {family.letters[name]: value for name, value in settled.items()}
        lines: list[Expr] = [
            Chain(Given(self.parameter, DATA), (("~", self.shown(self.named(letters))),))
        ]
        if self.values:
            lines.append(Chain(Given(self.parameter, DATA), (("~", self.shown(named)),)))
        answers = [Answer("posterior", named, self.shown(named))]
        for name, text in (
            ("posterior_mean", family.mean),
            ("posterior_variance", family.variance),
        ):
            formula = renamed(read(text), own)
            value = exact(formula)
            symbol = call("E" if name.endswith("mean") else "Var", Given(self.parameter, DATA))
            if value is not None:
                lines.append(equals(symbol, formula, *worked_out(formula)))
                answers.append(number_answer(name, value, symbol))
            else:
                short = self.tidied(formula)
                lines.append(equals(symbol, self.shown(short)))
                answers.append(Answer(name, short, self.shown(short), symbol))
        note = (
            f"its kernel is that of a {family.name} density, like the prior's: they are conjugate"
        )
        return Step("name the posterior", tuple(lines), note), answers

    def tidied(self, formula: Expr) -> Expr:
        """Each sum in a formula collected on its own, so that its products stay products."""
        if isinstance(formula, Add):
            return simplified(formula, self.first)
        return map_parts(formula, self.tidied)

    def named(self, hyperparameters: dict[str, Expr]) -> Call:
        family = self.belief.family
        if family.in_order:
            return Call(family.name, tuple(hyperparameters.values()))
        return Call(family.name, (), tuple(hyperparameters.items()))

    def notes(self) -> list[Note]:
        found = []
        if self.belief.family.name == "gamma":
            text = "β is a rate, and a scale is 1/β: books differ on which of the two they write"
            found.append(Note("gamma.rate", text))
        found.append(Note("map.mode", "the estimate is the mode of the posterior, not its mean"))
        return found


def addends_of(expression: Expr) -> tuple[Expr, ...]:
    return expression.terms if isinstance(expression, Add) else (expression,)


def reduced(expression: Expr, first: Sequence[Symbol]) -> Expr:
    value = exact(expression)
    return Number(value) if value is not None else simplified(expression, first)
