"""The lines for mean and covariance of a multivariate normal density, in letters and in numbers.

The matrix derivatives are named where they are used: ∂(aᵀΣ⁻¹a)/∂a = 2Σ⁻¹a, ∂ log det Σ/∂Σ = Σ⁻¹
and ∂(aᵀΣ⁻¹a)/∂Σ = −Σ⁻¹aaᵀΣ⁻¹ for symmetric Σ taken entry by entry (Petersen and Pedersen, The
Matrix Cookbook, equations 57, 61 and 86).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mlcalc.estimation.sample import MANY
from mlcalc.estimation.working import WHY_THE_LOG
from mlcalc.maths.board import line
from mlcalc.maths.tree import Add, Decimal, Expr, Listing, Matrix, Number, wrap
from mlcalc.maths.vectors import compact
from mlcalc.showing.derivation import Step, Table, step

FEW = 5
"""Up to that many matrices are added up in view."""

LARGEST_DENOMINATOR = 9999

WRITTEN_MEAN = "1/n * sum(x[i], i)"
SCATTER = "sum((x[i] - mu_hat) @ (x[i] - mu_hat).T, i)"
WRITTEN_COVARIANCE = f"1/n * {SCATTER}"
SQUARE = "(x[i] - mu).T @ Sigma^-1 @ (x[i] - mu)"


# In letters.


def letter_steps(has_covariance: bool) -> list[Step]:
    given, d = ("mu", "diff") if has_covariance else ("mu, Sigma", "partial")
    target = line(f"log(p(D | {given}))")
    steps = [
        step(
            "write the likelihood",
            f"p(D | {given})"
            f" = product(exp(-{SQUARE} / 2) / sqrt((2 * pi)^d * det(Sigma)), i, 1, n)",
            why="the observations are independent vectors of $d$ numbers",
        ),
        step(
            "take the log",
            f'target = determinant - 1/2 * sum({SQUARE}, i) + "constant"',
            why=WHY_THE_LOG,
            target=target, determinant=None if has_covariance else "-(n/2 * log(det(Sigma)))",
        ),
        step(
            "differentiate" if has_covariance else "differentiate with respect to μ",
            f"{d}(target, mu) = Sigma^-1 @ sum(x[i] - mu, i)",
            why="the derivative of $a.T @ Sigma^-1 @ a$ in $a$ is $2 * (Sigma^-1 @ a)$",
            target=target,
        ),
        step(
            "set the score to zero and solve",
            "Sigma^-1 @ sum(x[i] - mu, i) = 0",
            "sum(x[i], i) = n * mu",
            f"mu_hat = {WRITTEN_MEAN}",
            why="multiply by $Sigma$",
        ),
        step(
            "check that it is a maximum",
            f"{d}(target, mu, 2) = -(n * Sigma^-1)",
            why="$Sigma^-1$ is positive definite, so this is negative definite: the only maximum"
            + ("" if has_covariance else ", whatever $Sigma$ is"),
            target=target,
        ),
    ]  # fmt: skip
    return steps if has_covariance else [*steps, *covariance_steps()]


def covariance_steps() -> list[Step]:
    slope = "-(n/2 * Sigma^-1) + 1/2 * (Sigma^-1 @ S @ Sigma^-1)"
    return [
        step(
            "differentiate with respect to Σ",
            f"S = {SCATTER}",
            f"partial(log(p(D | mu_hat, Sigma)), Sigma) = {slope}",
            why="by Jacobi's formula the derivative of $log(det(Sigma))$ is $Sigma^-1$, and that "
            "of $a.T @ Sigma^-1 @ a$ is $-Sigma^-1 @ a @ a.T @ Sigma^-1$",
        ),
        step(
            "set the score to zero and solve",
            f"{slope} = 0",
            "n * Sigma = S",
            f"Sigma_hat = S / n = {WRITTEN_COVARIANCE}",
            why="multiply by $2 * Sigma$ from the left and by $Sigma$ from the right",
        ),
        step(
            "check that it is a maximum",
            "log(p(D | mu_hat, Sigma))"
            ' = n/2 * log(det(Lambda)) - 1/2 * tr(Lambda @ S) + "constant"',
            why="in $Lambda = Sigma^-1$ the log of the determinant is concave and the trace "
            "linear: one maximum, where $S$ is invertible",
        ),
    ]


# In numbers.


class Numbers:
    """Computed numbers in the manner of the data: decimals if some were typed, else fractions."""

    def __init__(self, data: Matrix) -> None:
        typed = (entry for row in data.rows for entry in row)
        self.decimal = any(isinstance(e, Number) and "." in (e.written or "") for e in typed)

    def one(self, value: Fraction) -> Expr:
        is_short = value.denominator <= (1 if self.decimal else LARGEST_DENOMINATOR)
        return Number(value) if is_short else Decimal(value)

    def column(self, values: Sequence[Fraction]) -> Expr:
        return compact(Matrix.column(map(self.one, values)))

    def square(self, values: Sequence[Sequence[Fraction]]) -> Expr:
        return compact(Matrix(tuple(tuple(map(self.one, row)) for row in values)))

    def mean_step(
        self,
        points: Sequence[Sequence[Fraction]],
        total: Sequence[Fraction],
        mean: Sequence[Fraction],
    ) -> Step:
        n = len(points)
        is_short = 1 < n <= FEW
        return step(
            "put in the numbers",
            "n = size",
            f"mu_hat = {WRITTEN_MEAN} = 1/size * written = 1/size * total = mean",
            size=n,
            written=Add(tuple(map(self.column, points))) if is_short else self.column(total),
            total=self.column(total), mean=self.column(mean),
        )  # fmt: skip

    def covariance_step(
        self,
        deviations: Sequence[Sequence[Fraction]],
        scattered: Sequence[Sequence[Fraction]],
        covariance: Sequence[Sequence[Fraction]],
    ) -> Step:
        n = len(deviations)
        listed = [Listing(tuple(map(self.one, deviation))) for deviation in deviations]
        rows = tuple((wrap(i), cell) for i, cell in enumerate(listed, 1))
        outer = [[[a * b for b in d] for a in d] for d in deviations]
        return step(
            "put in the deviations from the mean",
            Table((line("i"), line("x[i] - mu_hat")), rows) if n <= MANY else None,
            f"S = {SCATTER} = written = scattered",
            "Sigma_hat = S / n = 1/size * scattered = covariance",
            size=n, written=Add(tuple(map(self.square, outer))) if 1 < n <= FEW else None,
            scattered=self.square(scattered), covariance=self.square(covariance),
        )  # fmt: skip
