"""Mean and covariance matrix of a multivariate normal density, from the rows of a matrix.

μ̂ = (1/n) Σ xᵢ and Σ̂ = (1/n) Σ (xᵢ − μ̂)(xᵢ − μ̂)ᵀ (Anderson, An Introduction to Multivariate
Statistical Analysis, section 3.2; Bishop, Pattern Recognition and Machine Learning, section
2.3.4).  Fewer than d + 1 points in general position leave Σ̂ singular, and the likelihood
unbounded; that is decided exactly, with fractions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from mlcalc.estimation.certify import all_certified, certified
from mlcalc.estimation.estimate import Estimate, Working
from mlcalc.estimation.model import Unknown
from mlcalc.estimation.vector_steps import WRITTEN_COVARIANCE, WRITTEN_MEAN, Numbers, letter_steps
from mlcalc.files.errors import Invalid, Unsolved
from mlcalc.maths.board import Note, line
from mlcalc.maths.evaluate import evaluate, rows, scalar
from mlcalc.maths.functions import EvaluationError, to_float
from mlcalc.maths.tree import Expr, Matrix, Symbol

Vector = tuple[Fraction, ...]
Square = tuple[Vector, ...]

MOST_DIMENSIONS = 40
"""The certificate moves each of d² entries, at d³ each time."""

MU = Unknown("mu", Symbol("mu"), ("-inf", "inf"))
SIGMA = Unknown("covariance", Symbol("Sigma"), ("-inf", "inf"))

DIVISOR = Note(
    "multivariate_normal.divisor",
    "the estimate of the covariance divides by n; the unbiased one divides by n − 1",
)


def working(data: Matrix | None = None, covariance: Expr | None = None) -> Working:
    """μ̂ and Σ̂ from the n×d matrix of the data; μ̂ alone where a covariance is given.

    The answers are `mu`, a list of d numbers, and `covariance`, d rows of them.  Raises `Invalid`
    for a covariance that does not fit, `Unsolved` where the likelihood is unbounded.
    """
    has_covariance = covariance is not None
    steps = letter_steps(has_covariance)
    notes = [] if has_covariance else [DIVISOR]
    if data is None:
        return Working(tuple(steps), symbolic(has_covariance), tuple(notes))
    points = points_of(data)
    n, d = len(points), len(points[0])
    if d > MOST_DIMENSIONS:
        raise Unsolved.because(
            f"a covariance is worked out for vectors of up to {MOST_DIMENSIONS} numbers, and "
            f"these have {d}"
        )
    total = tuple(sum(entries, Fraction(0)) for entries in zip(*points, strict=True))
    mean = tuple(entry / n for entry in total)
    deviations = [tuple(a - b for a, b in zip(p, mean, strict=True)) for p in points]
    scattered = added_up(deviations)
    numbers = Numbers(data)
    steps.append(numbers.mean_step(points, total, mean))
    estimates = [Estimate(MU, compound=mean, shown=numbers.column(mean))]
    if covariance is not None:
        known = known_covariance(covariance, d)
        if known is None:
            return Working(tuple(steps), tuple(estimates), tuple(notes))
        spread = known
    else:
        check_rank(scattered)
        spread = tuple(tuple(entry / n for entry in row) for row in scattered)
        steps.append(numbers.covariance_step(deviations, scattered, spread))
        estimates.append(Estimate(SIGMA, compound=spread, shown=numbers.square(spread)))
    function = LogLikelihood(n, mean, scattered)
    notes.append(certificate(function, mean, spread, has_covariance))
    value = function(floats(mean), [floats(row) for row in spread])
    return Working(tuple(steps), tuple(estimates), tuple(notes), value)


def symbolic(has_covariance: bool) -> tuple[Estimate, ...]:
    """The formulas; `sum` is the vector Σ xᵢ."""
    located = Estimate(MU, claimed=line("sum / n"), shown=line(WRITTEN_MEAN))
    if has_covariance:
        return (located,)
    spread = line("sum((x - sum / n) @ (x - sum / n).T) / n")
    return located, Estimate(SIGMA, claimed=spread, shown=line(WRITTEN_COVARIANCE))


def points_of(data: Matrix) -> list[Vector]:
    return [tuple(Fraction(scalar(entry)) for entry in row) for row in data.rows]


def added_up(deviations: Sequence[Vector]) -> Square:
    """Σᵢ d dᵀ."""
    size = range(len(deviations[0]))
    return tuple(
        tuple(sum((d[i] * d[j] for d in deviations), Fraction(0)) for j in size) for i in size
    )


# What a covariance must be, decided exactly.


def pivots(matrix: Square) -> list[Fraction]:
    """The pivots of symmetric elimination: all positive just for a positive definite matrix.

    A positive semidefinite matrix has as many that are not 0 as its rank, since a row whose
    diagonal entry is 0 is 0 throughout.
    """
    rest = [list(row) for row in matrix]
    found = []
    for k in range(len(rest)):
        pivot = rest[k][k]
        found.append(pivot)
        if pivot == 0:
            continue
        for i in range(k + 1, len(rest)):
            factor = rest[i][k] / pivot
            rest[i] = [a - factor * b for a, b in zip(rest[i], rest[k], strict=True)]
    return found


def check_rank(scattered: Square) -> None:
    d = len(scattered)
    rank = sum(pivot != 0 for pivot in pivots(scattered))
    if rank < d:
        raise Unsolved.because(
            f"there is no maximum: about their mean the data span {rank} of {d} dimensions, so the "
            "estimated covariance is singular, and the likelihood grows without bound as its "
            f"determinant goes to 0; it takes at least {d + 1} points in general position"
        )


def known_covariance(covariance: Expr, d: int) -> Square | None:
    """The covariance in numbers, None where it has letters.  Raises `Invalid` if it is none."""
    try:
        entries = rows(evaluate(covariance))
    except EvaluationError:
        return None
    found = tuple(tuple(Fraction(entry) for entry in row) for row in entries)
    if len(found) != d or any(len(row) != d for row in found):
        raise Invalid.at(f"the covariance of {d} numbers is a {d}×{d} matrix")
    if any(found[i][j] != found[j][i] for i in range(d) for j in range(i)):
        raise Invalid.at("a covariance matrix is symmetric")
    if any(pivot <= 0 for pivot in pivots(found)):
        raise Invalid.at("a covariance matrix is positive definite, and this one is not")
    return found


# The second look.


def floats(values: Sequence[Fraction]) -> list[float]:
    return [to_float(value) for value in values]


class LogLikelihood:
    """log p(D | μ, Σ), constants included, by the factors of Cholesky; −∞ where Σ has none.

    Σᵢ (xᵢ − μ)(xᵢ − μ)ᵀ is S + n(x̄ − μ)(x̄ − μ)ᵀ, so the data are gone through once.
    """

    def __init__(self, n: int, mean: Vector, scattered: Square) -> None:
        import numpy as np

        self.n, self.mean = n, np.array(floats(mean))
        self.scatter = np.array([floats(row) for row in scattered])

    def __call__(self, mu: Sequence[float], sigma: Any) -> float:
        """At the mean and the covariance, rows of numbers."""
        import numpy as np

        spread = np.asarray(sigma)
        try:
            lower = np.linalg.cholesky(spread)
        except np.linalg.LinAlgError:
            return -math.inf
        off = self.mean - np.array(mu)
        around = self.scatter + self.n * np.outer(off, off)
        whole = float(np.trace(np.linalg.solve(spread, around)))  # tr(Σ⁻¹A)
        log_det = 2 * math.fsum(np.log(np.diagonal(lower)).tolist())
        return -0.5 * (self.n * (len(mu) * math.log(2 * math.pi) + log_det) + whole)


def certificate(
    function: LogLikelihood, mean: Vector, covariance: Square, has_covariance: bool
) -> Note:
    """Every entry of μ and Σ moved by itself, in units of the standard deviations.

    A 1 stands for the estimate, so that the digits are counted in those units.
    """
    import numpy as np

    d = len(mean)
    mu, sigma = floats(mean), np.array([floats(row) for row in covariance])
    deviation = [math.sqrt(sigma[i, i]) for i in range(d)]
    moves: list[Callable[[float], float]] = []
    for i in range(d):

        def moved_mean(at: float, i: int = i) -> float:
            there = [value + (at - 1) * deviation[i] * (k == i) for k, value in enumerate(mu)]
            return function(there, sigma)

        moves.append(moved_mean)
        for j in range(0 if has_covariance else i + 1):

            def moved_spread(at: float, i: int = i, j: int = j) -> float:
                there = sigma.copy()
                there[i, j] += (at - 1) * deviation[i] * deviation[j]
                there[j, i] = there[i, j]
                return function(mu, there)

            moves.append(moved_spread)
    text = "the log-likelihood is lower when any entry is moved by itself, near and far"
    return all_certified((certified(move, 1.0) for move in moves), text)
