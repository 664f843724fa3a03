"""The lines of the Lagrange multiplier for the probabilities of categories, in letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.derivation import Prose, Step, Table
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Chain,
    Decimal,
    Derivative,
    Dots,
    Expr,
    Given,
    Indexed,
    Mul,
    Neg,
    Number,
    Symbol,
    Words,
    call,
    equals,
    shown,
    wrap,
)
from mlcalc.probability.letters import DATA, N
from mlcalc.probability.letters import INDEX as OBSERVED
from mlcalc.probability.maximum import ZERO
from mlcalc.probability.sample import OBSERVATION
from mlcalc.probability.terms import ONE, addends, total

INDEX, SIZE = Symbol("c"), Symbol("K")
COUNT, ALPHA = Symbol("n", "c"), Symbol("alpha", "c")
MULTIPLIER, LAGRANGIAN = Symbol("lambda"), Symbol("L")


class Writing:
    """How the pieces are written: θ_c, its weight n_c or n_c + α_c − 1, and sums over c."""

    def __init__(self, letter: Symbol, labels: Sequence[str], has_prior: bool, family: str) -> None:
        self.letter, self.labels, self.has_prior, self.family = letter, labels, has_prior, family
        self.own = Symbol(letter.name, INDEX.name)

    def of(self, label: str) -> Symbol:
        return Symbol(self.letter.name, label)

    def hat(self, label: str) -> Symbol:
        return Symbol(self.letter.name, label, "hat")

    @property
    def weight(self) -> Expr:
        return COUNT + ALPHA - 1 if self.has_prior else COUNT

    @property
    def total(self) -> Expr:
        return N + over(ALPHA) - SIZE if self.has_prior else N

    @property
    def likelihood(self) -> Expr:
        return call("p", Given(DATA, self.letter))

    @property
    def target(self) -> Expr:
        return call("p", Given(self.letter, DATA)) if self.has_prior else self.likelihood

    def steps(
        self,
        counts: Sequence[Expr],
        prior: Sequence[Expr] | None,
        unseen: Sequence[str],
        has_numbers: bool,
    ) -> list[Step]:
        steps = [self.count_step(counts)] if has_numbers else []
        steps.append(self.likelihood_step())
        if prior is not None:
            steps.append(self.prior_step())
            steps.append(self.posterior_step(counts, prior))
        steps += [self.log_step(), self.constraint_step(), self.zero_step(), self.multiplier_step()]
        steps.append(self.check_step())
        if unseen:
            steps.append(self.unseen_step(unseen))
        return steps

    def count_step(self, counts: Sequence[Expr]) -> Step:
        rows = tuple(zip(self.labels, counts, strict=True))
        written = Add(tuple(counts)) if len(counts) > 1 else counts[0]
        lines = (
            Table(("category", COUNT), rows),
            equals(SIZE, wrap(len(counts))),
            equals(N, over(COUNT), written, added(*counts)),
        )
        return Step("count the categories", lines, "the estimate depends on no more")

    def likelihood_step(self) -> Step:
        product = over(self.own**COUNT, "product")
        if self.family == "multinomial":
            note: Prose = (
                "category ", INDEX, " is counted ", COUNT, " times in all; the multinomial "
                "coefficients do not move the maximum",
            )  # fmt: skip
            return Step(
                "write the likelihood", (Chain(self.likelihood, (("propto", product),)),), note
            )
        one = BigOp("product", Indexed(self.letter, (OBSERVATION,)), OBSERVED, ONE, N)
        note = (
            "the observations are independent; ",
            COUNT,
            " of the ",
            N,
            " are of category ",
            INDEX,
        )
        return Step("write the likelihood", (equals(self.likelihood, one, product),), note)

    def prior_step(self) -> Step:
        both = Mul((over(self.own**COUNT, "product"), over(self.own ** (ALPHA - 1), "product")))
        product = over(self.own**self.weight, "product")
        links = (
            ("propto", Mul((self.likelihood, call("p", self.letter)))),
            ("propto", both),
            ("=", product),
        )
        note = (
            "Bayes' rule; the evidence ", call("p", DATA), " does not depend on ", self.letter,
            ", nor does the constant of the Dirichlet prior",
        )  # fmt: skip
        return Step("multiply by the prior", (Chain(self.target, links),), note)

    def posterior_step(self, counts: Sequence[Expr], prior: Sequence[Expr]) -> Step:
        """θ | D ∼ Dirichlet(α₁ + n₁, …)."""
        sums: tuple[Expr, ...] = tuple(a + n for a, n in zip(prior, counts, strict=False))
        if not counts:
            first, last = (Symbol("alpha", end) + Symbol("n", end) for end in ("1", one_line(SIZE)))
            sums = (first, Dots(), last)
        links: list[tuple[str, Expr]] = [("~", Call("dirichlet", sums))]
        values = tuple(added(value) for value in sums) if counts else sums
        if values != sums:
            links.append(("=", Call("dirichlet", values)))
        note = ("the exponent of ", self.own, " is its parameter less 1")
        given = Given(self.letter, DATA)
        return Step("read off the posterior", (Chain(given, tuple(links)),), note)

    def log_step(self) -> Step:
        logs: Expr = over(Mul((self.weight, call("log", self.own))))
        if self.has_prior or self.family == "multinomial":
            logs = logs + Words("constant")
        note = "the logarithm grows with its argument, so the maximum stays where it is"
        return Step("take the log", (equals(call("log", self.target), logs),), note)

    def constraint_step(self) -> Step:
        objective = over(Mul((self.weight, call("log", self.own))))
        line = equals(LAGRANGIAN, objective + Mul((MULTIPLIER, 1 - over(self.own))))
        note = (
            "the probabilities add up to 1, ", equals(over(self.own), ONE), "; ", MULTIPLIER,
            " is the Lagrange multiplier of that",
        )  # fmt: skip
        return Step("add the constraint", (line,), note)

    def zero_step(self) -> Step:
        slope = self.weight / self.own - MULTIPLIER
        operator = Derivative(LAGRANGIAN, self.own, 1, partial=True)
        lines = (
            Chain(operator, (("=", slope), ("=", ZERO))),
            equals(self.own, self.weight / MULTIPLIER),
        )
        return Step("set the derivatives to zero", lines)

    def multiplier_step(self) -> Step:
        hat = self.hat(INDEX.name)
        above = over(self.weight / MULTIPLIER)
        lines = (
            equals(ONE, over(self.own), above, self.total / MULTIPLIER),
            equals(MULTIPLIER, self.total),
            equals(hat, self.weight / self.total),
        )
        note = ("the counts add up to ", N, ", the probabilities to 1")
        return Step("find the multiplier", lines, note)

    def check_step(self) -> Step:
        second = Neg(self.weight / self.own**2)
        operator = Derivative(LAGRANGIAN, self.own, 2, partial=True)
        lines = (Chain(operator, (("=", second), ("<", ZERO))),)
        note = (
            "where ", Chain(self.weight, ((">", ZERO),)), ": every term is concave and the "
            "constraint is linear, so this is the only maximum",
        )  # fmt: skip
        return Step("check that it is a maximum", lines, note)

    def unseen_step(self, unseen: Sequence[str]) -> Step:
        """A category whose weight is 0 gets nothing: the maximum is on the boundary."""
        lines = tuple(equals(self.hat(label), ZERO) for label in unseen)
        note = (
            "where ", equals(self.weight, ZERO), " the term is 0, and whatever such a category "
            "were given would be taken from the others: the maximum is at the end of its range",
        )  # fmt: skip
        return Step("look at the ends of the range", lines, note)

    def numbers_step(
        self,
        counts: Sequence[Expr],
        prior: Sequence[Expr] | None,
        values: Mapping[str, Fraction],
    ) -> Step:
        """One row a category: its count, its prior's parameter, its estimate."""
        priors: Sequence[Expr] = prior or ()
        known = [exact(count) for count in (*counts, *priors)]
        whole = sum((value for value in known if value is not None), Fraction(0))
        below = Number(whole - len(counts) if priors else whole)
        line = equals(self.total, below)
        if priors:
            written = added(*counts) + added(*priors) - wrap(len(counts))
            line = equals(self.total, written, below)
        rows: list[tuple[Prose | Expr, ...]] = []
        for place, (label, value) in enumerate(values.items()):
            top: Expr = counts[place] + priors[place] - 1 if priors else counts[place]
            members = [top / below, shown(value)]
            if priors:
                members.insert(1, added(top) / below)
            decimal = shown(value) if value.denominator == 1 else Decimal(value)
            middle = (priors[place],) if priors else ()
            rows.append((label, counts[place], *middle, fraction(members), decimal))
        columns = (COUNT, ALPHA) if priors else (COUNT,)
        header = ("category", *columns, self.hat(INDEX.name), "decimal")
        return Step("put in the numbers", (line, Table(header, tuple(rows))))


def fraction(members: Sequence[Expr]) -> Expr:
    """(3 + 2 − 1)/7 = 4/7, without a member that only repeats the one before."""
    kept = [members[0]]
    for member in members[1:]:
        if one_line(member) != one_line(kept[-1]):
            kept.append(member)
    return equals(*kept) if len(kept) > 1 else kept[0]


def over(body: Expr, kind: str = "sum") -> Expr:
    """A sum or product over the categories."""
    return BigOp(kind, body, INDEX, ONE, SIZE)


def added(*terms: Expr) -> Expr:
    """The sum with its numbers added up, letters first: 2 + a − 1 as a + 1."""
    flat = [addend for term in terms for addend in addends(term)]
    values = [exact(term) for term in flat]
    constant = sum((value for value in values if value is not None), Fraction(0))
    letters = [term for term, value in zip(flat, values, strict=True) if value is None]
    return total([*letters, Number(constant)])
