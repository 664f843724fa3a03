"""The probabilities of categories, which must add up to 1: by a Lagrange multiplier.

The log-likelihood Σ n_c log θ_c has no stationary point of its own; with λ(1 − Σ θ_c) added, each
θ_c is n_c/λ, and the constraint gives λ = n (Bishop, Pattern Recognition and Machine Learning,
section 2.2).  A Dirichlet prior adds α_c − 1 to each count, and its posterior is Dirichlet with
α_c + n_c (section 2.2.1).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.estimation.certify import all_certified, certified
from mlcalc.estimation.estimate import Estimate, Working
from mlcalc.estimation.letters import THETA, N
from mlcalc.estimation.model import Model, Unknown
from mlcalc.estimation.sample import Counts
from mlcalc.estimation.simplex_steps import Board
from mlcalc.estimation.terms import added
from mlcalc.files.errors import Invalid, Unsolved
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import Scalar
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr, Listing, Number, Symbol, equals
from mlcalc.showing.derivation import Result, both_forms

UNIT = ("0", "1")


def working(
    model: Model, counts: Counts, prior: tuple[Expr, ...] | None = None, letter: Symbol = THETA
) -> Working:
    """Categorical or multinomial, with a Dirichlet(prior) prior if there is one.

    `prior` has one α a category; a single letter, where no categories are named, stands for all
    α_c.  The estimate is {category: probability}, or the formula for θ_c.  Raises `Invalid` for
    counts or a prior that do not fit, `Unsolved` where there is no maximum, or not one alone.
    """
    counts = named(counts, prior)
    numbers, alphas = counts.numbers(), numbers_of(counts, prior)
    if numbers is not None:
        check_trials(model, sum(numbers))
    board = Board(letter, counts.labels, prior is not None, model.family.name)
    weights = None
    if numbers is not None and (prior is None or alphas is not None):
        weights = dict(zip(counts.labels, weights_of(numbers, alphas), strict=True))
        check_maximum(weights, board, prior is not None)
    unseen = [label for label, weight in (weights or {}).items() if weight == 0]
    steps = board.steps(counts.letters, prior, unseen, numbers is not None)
    if not counts.labels:
        general = Estimate(
            Unknown("theta", board.of("c"), UNIT), claimed=board.line("weight / total")
        )
        return Working(tuple(steps), (general,))
    estimate = dict(zip(counts.labels, formulas(counts, prior), strict=True))
    notes = [boundary_note(unseen, board)] if unseen else []
    values: Mapping[str, Result] = dict(estimate)
    if weights is not None:
        whole = sum(weights.values(), Fraction(0))
        exactly = {label: weight / whole for label, weight in weights.items()}
        steps.append(board.numbers_step(counts.counts, prior, exactly))
        if len(weights) > 1:
            notes.append(certificate(weights, exactly, prior is not None))
        values = exactly
    found = Estimate(
        Unknown("theta", letter, UNIT),
        compound=dict(values),
        shown=Listing(tuple(answer_lines(board, values))),
    )
    value = None if weights is None or numbers is None else log_likelihood(model, numbers, exactly)
    return Working(tuple(steps), (found,), tuple(notes), value)


def posterior(counts: Counts, prior: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The parameters α_c + n_c of the Dirichlet posterior."""
    counts = named(counts, prior)
    return tuple(added(a, n) for a, n in zip(prior, counts.letters, strict=True))


def named(counts: Counts, prior: tuple[Expr, ...] | None) -> Counts:
    """The counts with labels 1, 2, …, where only the prior says how many categories there are."""
    if prior is None:
        return counts
    if not counts.labels and (len(prior) > 1 or exact(prior[0]) is not None):
        return Counts(tuple(str(place) for place in range(1, len(prior) + 1)))
    if counts.labels and len(prior) != len(counts.labels):
        raise Invalid.at(
            f"the prior has {len(prior)} parameters and there are {len(counts.labels)} categories: "
            "give one for each"
        )
    return counts


def numbers_of(counts: Counts, prior: tuple[Expr, ...] | None) -> tuple[Fraction, ...] | None:
    """The prior's parameters.  Raises `Invalid` for one that is not positive."""
    values = [exact(alpha) for alpha in prior or ()]
    for value in values:
        if value is not None and value <= 0:
            raise Invalid.at(f"the parameters of a Dirichlet density are above 0, not {value}")
    known = tuple(value for value in values if value is not None)
    return known if known and len(known) == len(values) else None


def weights_of(numbers: Sequence[int], alphas: Sequence[Fraction] | None) -> list[Fraction]:
    """The exponents: n_c, or n_c + α_c − 1."""
    if alphas is None:
        return [Fraction(number) for number in numbers]
    return [number + alpha - 1 for number, alpha in zip(numbers, alphas, strict=True)]


def formulas(counts: Counts, prior: tuple[Expr, ...] | None) -> list[Expr]:
    """(n_c + α_c − 1)/(n + Σ α − K) for each category, its numbers added up."""
    letters = counts.letters
    total: Expr = added(*letters) if counts.counts else N
    if prior is None:
        return [letter / total for letter in letters]
    minus = Number(Fraction(-1))
    below = added(total, *prior, Number(Fraction(-len(letters))))
    return [added(n, a, minus) / below for n, a in zip(letters, prior, strict=True)]


def answer_lines(board: Board, values: Mapping[str, Result]) -> list[Expr]:
    return [
        equals(board.hat(label), *(both_forms(value) if isinstance(value, Fraction) else (value,)))
        for label, value in values.items()
        if isinstance(value, Fraction | Expr)
    ]


# Where there is no maximum, and the second look.


def check_trials(model: Model, total: int) -> None:
    """The counts of a multinomial distribution are those of whole observations of m trials."""
    for trials in map(exact, model.known.values()):
        if trials is not None and total % trials:
            raise Invalid.at(
                f"the counts add up to {total}, which is no whole number of observations of "
                f"{trials} trials"
            )


def check_maximum(weights: Mapping[str, Fraction], board: Board, has_prior: bool) -> None:
    name = "posterior" if has_prior else "likelihood"
    if len(weights) == 1 and not all(weight > 0 for weight in weights.values()):
        raise Unsolved.because("there is one category only: its probability is 1 without any data")
    for label, weight in weights.items():
        if weight < 0:
            letter = one_line(board.of(label))
            raise Unsolved.because(
                f"there is no maximum: the posterior grows without bound as {letter} goes to 0, "
                f"since {label} has n + α = {weight + 1}, which is below 1"
            )
    if not any(weights.values()):
        raise Unsolved.because(f"the {name} is constant: all probabilities are equally likely")


def boundary_note(unseen: Sequence[str], board: Board) -> Note:
    names = ", ".join(one_line(equals(board.hat(label), Number(Fraction(0)))) for label in unseen)
    return Note("estimate.boundary", f"the maximum lies on the boundary: {names}")


def certificate(
    weights: Mapping[str, Fraction], values: Mapping[str, Fraction], has_prior: bool
) -> Note:
    """Probability moved between the largest and any other category makes nothing better.

    The function is concave, so that is enough.
    """
    name = "log-posterior" if has_prior else "log-likelihood"
    largest = max(values, key=lambda label: values[label])

    def looked_at(label: str) -> Note:
        own, other = float(weights[label]), float(weights[largest])

        def function(share: float) -> float:
            # 0·log 0 is 0
            return (own * math.log(share) if own else 0.0) + other * math.log1p(-share)

        share = float(values[label] / (values[label] + values[largest]))
        return certified(function, share, 0.0, 1.0, name=name)

    text = f"the {name} is lower when much or little probability is moved between categories"
    return all_certified((looked_at(label) for label in values if label != largest), text)


def log_likelihood(
    model: Model, numbers: Sequence[int], values: Mapping[str, Fraction]
) -> Scalar | None:
    """Σ n_c log θ̂_c with the multinomial coefficient; None where observations are pooled."""
    total = sum(numbers)
    constant = 0.0
    for trials in map(exact, model.known.values()):
        if trials is None or trials != total:
            return None
        constant = math.lgamma(total + 1) - math.fsum(math.lgamma(n + 1) for n in numbers)
    logs = (n * math.log(v) for n, v in zip(numbers, values.values(), strict=True) if n)
    return constant + math.fsum(logs)
