"""The board of categories: their probabilities by a Lagrange multiplier, and under a prior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from mlcalc.estimation.letters import THETA
from mlcalc.estimation.terms import added
from mlcalc.estimation.working import WHY_THE_LOG
from mlcalc.maths.board import Fill, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Add, Decimal, Expr, Number, Symbol, equals, joined, shown
from mlcalc.showing.derivation import Step, Table, step

SUM_OF_WEIGHTS = "sum(weight * log(theta_c), c, 1, K)"


class Board:
    """How the pieces are written: θ_c, its weight n_c or n_c + α_c − 1, and what all add up to."""

    def __init__(self, letter: Symbol, labels: Sequence[str], has_prior: bool, family: str) -> None:
        self.letter, self.labels, self.has_prior, self.family = letter, labels, has_prior, family
        self.names: dict[str, Any] = {
            "theta": letter,
            "weight": line("n_c + alpha_c - 1" if has_prior else "n_c"),
            "total": line("n + sum(alpha_c, c, 1, K) - K" if has_prior else "n"),
            "target": line("p(theta | D)" if has_prior else "p(D | theta)", theta=letter),
        }

    def line(self, text: str, **names: Fill) -> Expr:
        return line(text, **self.names, **names)

    def step(self, rule: str, *lines: str | Expr | Table, why: str = "", **names: Any) -> Step:
        return step(rule, *lines, why=why, **self.names, **names)

    def of(self, label: str) -> Symbol:
        return Symbol(self.letter.name, label)

    def hat(self, label: str) -> Symbol:
        return Symbol(self.letter.name, label, "hat")

    def steps(
        self,
        counts: Sequence[Expr],
        prior: Sequence[Expr] | None,
        unseen: Sequence[str],
        has_numbers: bool,
    ) -> list[Step]:
        return [
            *([self.count_step(counts)] if has_numbers else []),
            self.likelihood_step(),
            *(self.prior_steps(counts, prior) if prior is not None else []),
            *self.multiplier_steps(),
            *([self.unseen_step(unseen)] if unseen else []),
        ]

    def count_step(self, counts: Sequence[Expr]) -> Step:
        return self.step(
            "count the categories",
            Table(("category", line("n_c")), tuple(zip(self.labels, counts, strict=True))),
            "K = size",
            "n = sum(n_c, c, 1, K) = written = known",
            why="the estimate depends on no more",
            size=len(counts), written=joined(Add, counts),
            known=added(*counts),
        )  # fmt: skip

    def likelihood_step(self) -> Step:
        if self.family == "multinomial":
            return self.step(
                "write the likelihood",
                "p(D | theta) propto product(theta_c^n_c, c, 1, K)",
                why="category $c$ is counted $n_c$ times in all; the multinomial coefficients do "
                "not move the maximum",
            )
        return self.step(
            "write the likelihood",
            "p(D | theta) = product(theta[x[i]], i, 1, n) = product(theta_c^n_c, c, 1, K)",
            why="the observations are independent; $n_c$ of the $n$ are of category $c$",
        )

    def prior_steps(self, counts: Sequence[Expr], prior: Sequence[Expr]) -> list[Step]:
        sums = [a + n for a, n in zip(prior, counts, strict=False)]
        return [
            self.step(
                "multiply by the prior",
                "p(theta | D) propto p(D | theta) * p(theta)"
                " propto product(theta_c^n_c, c, 1, K) * product(theta_c^(alpha_c - 1), c, 1, K)"
                " = product(theta_c^weight, c, 1, K)",
                why="Bayes' rule; the evidence $p(D)$ does not depend on $theta$, nor does the "
                "constant of the Dirichlet prior",
            ),
            self.step(
                "read off the posterior",
                "theta | D ~ dirichlet(sums) = dirichlet(known)"
                if counts
                else "theta | D ~ dirichlet(alpha_1 + n_1, ..., alpha_K + n_K)",
                why="the exponent of $theta_c$ is its parameter less 1",
                sums=sums, known=list(map(added, sums)),
            ),
        ]  # fmt: skip

    def multiplier_steps(self) -> list[Step]:
        is_dropped = self.has_prior or self.family == "multinomial"
        return [
            self.step(
                "take the log",
                f"log(target) = {SUM_OF_WEIGHTS}" + ' + "constant"' * is_dropped,
                why=WHY_THE_LOG,
            ),
            self.step(
                "add the constraint",
                f"L = {SUM_OF_WEIGHTS} + lambda * (1 - sum(theta_c, c, 1, K))",
                why="the probabilities add up to 1, $sum(theta_c, c, 1, K) = 1$; $lambda$ is the "
                "Lagrange multiplier of that",
            ),
            self.step(
                "set the derivatives to zero",
                "partial(L, theta_c) = weight / theta_c - lambda = 0",
                "theta_c = weight / lambda",
            ),
            self.step(
                "find the multiplier",
                "1 = sum(theta_c, c, 1, K) = sum(weight / lambda, c, 1, K) = total / lambda",
                "lambda = total",
                "theta_hat_c = weight / total",
                why="the counts add up to $n$, the probabilities to 1",
            ),
            self.step(
                "check that it is a maximum",
                "partial(L, theta_c, 2) = -(weight / theta_c^2) < 0",
                why="where $weight > 0$: every term is concave and the constraint is linear, so "
                "this is the only maximum",
            ),
        ]

    def unseen_step(self, unseen: Sequence[str]) -> Step:
        """A category whose weight is 0 gets nothing: the maximum is on the boundary."""
        return self.step(
            "look at the ends of the range",
            *(equals(self.hat(label), 0) for label in unseen),
            why="where $weight = 0$ the term is 0, and whatever such a category were given would "
            "be taken from the others: the maximum is at the end of its range",
        )

    def numbers_step(
        self, counts: Sequence[Expr], prior: Sequence[Expr] | None, values: Mapping[str, Fraction]
    ) -> Step:
        """One row a category: its count, its prior's parameter, its estimate."""
        priors = prior or ()
        whole = sum((exact(count) or Fraction(0) for count in (*counts, *priors)), Fraction(0))
        below = Number(whole - len(counts) if priors else whole)
        rows: list[tuple[str | Expr, ...]] = []
        for place, (label, value) in enumerate(values.items()):
            cells = [part[place] for part in (counts, priors) if part]
            top = cells[0] + cells[1] - 1 if priors else cells[0]
            members = unlike([top / below, added(top) / below, shown(value)])
            decimal = shown(value) if value.denominator == 1 else Decimal(value)
            rows.append((label, *cells, equals(*members) if members[1:] else top / below, decimal))
        columns = (line("n_c"), line("alpha_c"))[: 2 if priors else 1]
        return self.step(
            "put in the numbers",
            "total = written = below",
            Table(("category", *columns, self.hat("c"), "decimal"), tuple(rows)),
            written=added(*counts) + added(*priors) - len(counts) if priors else None, below=below,
        )  # fmt: skip


def unlike(members: Sequence[Expr]) -> list[Expr]:
    """Without a member that is printed as the one before: (3 + 2 − 1)/7 = 4/7."""
    kept = list(members[:1])
    kept += [b for a, b in pairwise(members) if one_line(a) != one_line(b)]
    return kept


# Under a Dirichlet prior.


def prior_step(labels: Sequence[str], alphas: Sequence[Expr]) -> Step:
    """The density of the prior, and what it is worth in observations."""
    table = None
    if labels:
        worth = [alpha - 1 if exact(alpha) is None else added(alpha - 1) for alpha in alphas]
        rows = tuple(zip(labels, alphas, worth, strict=True))
        table = Table(("category", line("alpha_c"), line("alpha_c - 1")), rows)
    return step(
        "write the prior",
        "p(theta) = product(theta_c^(alpha_c - 1), c, 1, K) / B(alpha)",
        table,
        why="it is worth the data of $alpha_c - 1$ observations of category $c$ seen before",
    )


def moments_step(
    labels: Sequence[str], after: Sequence[Expr], means: Sequence[Expr], variances: Sequence[Expr]
) -> Step:
    header = ("category", line("a_c"), line("E(theta_c | D)"), line("Var(theta_c | D)"))
    return step(
        "find the mean and the variance",
        "a_c = alpha_c + n_c",
        "a_0 = sum(a_c, c, 1, K) = whole",
        "E(theta_c | D) = a_c / a_0",
        "Var(theta_c | D) = a_c * (a_0 - a_c) / (a_0^2 * (a_0 + 1))",
        Table(header, tuple(zip(labels, after, means, variances, strict=True))),
        why="$a_c$ are the parameters of the posterior, which is conjugate to the prior",
        whole=added(*after),
    )


def evidence_step(event: Expr, coefficient: int, values: Sequence[Expr]) -> Step:
    is_draw = coefficient != 1
    said = "the observations are taken in their order"
    if is_draw:
        said = "m says in how many orders the counts come"
    return step(
        "integrate the likelihood over the prior",
        "a_c = alpha_c + n_c",
        "B(alpha) = product(gamma_function(alpha_c), c, 1, K)"
        " / gamma_function(sum(alpha_c, c, 1, K))",
        'm = "multinomial coefficient" = coefficient' if is_draw else None,
        "event = m * (B(a) / B(alpha)) = values" if is_draw else "event = B(a) / B(alpha) = values",
        why=f"B is the integral of the kernel, a function of all α_c or of all a_c; {said}",
        coefficient=coefficient, event=event, values=values,
    )  # fmt: skip


def predictive_step(event: Expr, label: str, values: Sequence[Expr]) -> Step:
    return step(
        "predict a new observation",
        "event = E(own | D) = values",
        why="averaged over the posterior, the probability of a category is its mean",
        event=event, own=Symbol(THETA.name, label), values=values,
    )  # fmt: skip


def pull_step(
    labels: Sequence[str],
    weight: Fraction,
    weights: Sequence[Expr],
    modes: Sequence[Sequence[Fraction]],
    estimates: Sequence[Expr],
) -> Step:
    """`modes` are those of the prior, and of the data alone."""
    rows = []
    for label, prior, alone, estimate in zip(labels, *modes, estimates, strict=True):
        pulled = line(
            "w * prior + v * alone = estimate",
            w=weight, v=1 - weight, prior=prior, alone=alone, estimate=estimate,
        )  # fmt: skip
        rows.append((label, shown(prior), shown(alone), pulled))
    return step(
        "weigh the prior against the data",
        "w = (sum(alpha_c, c, 1, K) - K) / (n + sum(alpha_c, c, 1, K) - K) = weights",
        Table(("category", "prior mode", "MLE", "w·prior mode + (1 − w)·MLE"), tuple(rows)),
        why="each estimate is a mean of the prior's mode and the MLE; w is the prior's weight",
        weights=weights,
    )
