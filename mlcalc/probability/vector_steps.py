"""The lines for mean and covariance of a multivariate normal density, in letters and in numbers.

The matrix derivatives are named where they are used: ∂(aᵀΣ⁻¹a)/∂a = 2Σ⁻¹a, ∂ log det Σ/∂Σ = Σ⁻¹
and ∂(aᵀΣ⁻¹a)/∂Σ = −Σ⁻¹aaᵀΣ⁻¹ for symmetric Σ taken entry by entry (Petersen and Pedersen, The
Matrix Cookbook, equations 57, 61 and 86).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mlcalc.derivation import Block, Step, Table
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Chain,
    Decimal,
    Derivative,
    Div,
    Expr,
    Given,
    Listing,
    MatMul,
    Matrix,
    Mul,
    Neg,
    Number,
    Symbol,
    Transpose,
    Words,
    call,
    equals,
    substitute,
    wrap,
)
from mlcalc.maths.vectors import compact
from mlcalc.probability.letters import DATA, INDEX, N
from mlcalc.probability.maximum import ZERO
from mlcalc.probability.sample import MANY, OBSERVATION
from mlcalc.probability.terms import ONE

MEAN, COVARIANCE, SCATTER = Symbol("mu"), Symbol("Sigma"), Symbol("S")
DIMENSION = Symbol("d")
HAT = Symbol("mu", accent="hat")
INVERSE = COVARIANCE ** Neg(ONE)
DEVIATION = OBSERVATION - MEAN

FEW = 5
"""Up to that many matrices are added up in view."""

LARGEST_DENOMINATOR = 9999


def written_mean() -> Expr:
    return Mul((ONE / N, over(OBSERVATION)))


def scatter(centre: Symbol) -> Expr:
    """Σᵢ (xᵢ − centre)(xᵢ − centre)ᵀ."""
    deviation = OBSERVATION - centre
    return over(MatMul((deviation, Transpose(deviation))))


def written_covariance() -> Expr:
    return Mul((ONE / N, scatter(HAT)))


def over(body: Expr) -> BigOp:
    return BigOp("sum", body, INDEX)


def likelihood(has_covariance: bool) -> Expr:
    """p(D | μ, Σ), or p(D | μ) where the covariance is known."""
    return call("p", Given(DATA, MEAN if has_covariance else Listing((MEAN, COVARIANCE))))


def quadratic() -> Expr:
    return MatMul((Transpose(DEVIATION), INVERSE, DEVIATION))


# In letters.


def likelihood_steps(has_covariance: bool) -> list[Step]:
    target = likelihood(has_covariance)
    density = call("exp", Neg(Div(quadratic(), wrap(2)))) / call(
        "sqrt", Mul(((2 * Symbol("pi")) ** DIMENSION, call("det", COVARIANCE)))
    )
    product = BigOp("product", density, INDEX, ONE, N)
    determinant = Neg(Mul((N / 2, call("log", call("det", COVARIANCE)))))
    squares = Neg(Mul((ONE / 2, over(quadratic()))))
    terms: list[Expr] = [squares] if has_covariance else [determinant, squares]
    log_line = equals(call("log", target), Add((*terms, Words("constant"))))
    independent = ("the observations are independent vectors of ", DIMENSION, " numbers")
    grows = "the logarithm grows with its argument, so the maximum stays where it is"
    return [
        Step("write the likelihood", (equals(target, product),), independent),
        Step("take the log", (log_line,), grows),
    ]


def mean_steps(has_covariance: bool) -> list[Step]:
    target, partial = call("log", likelihood(has_covariance)), not has_covariance
    slope = MatMul((INVERSE, over(DEVIATION)))
    operator = Derivative(target, MEAN, 1, partial)
    second = Chain(Derivative(target, MEAN, 2, partial), (("=", Neg(Mul((N, INVERSE)))),))
    square = MatMul((Transpose(Symbol("a")), INVERSE, Symbol("a")))
    note = (
        "the derivative of ", square, " in ", Symbol("a"), " is ",
        Mul((wrap(2), MatMul((INVERSE, Symbol("a"))))),
    )  # fmt: skip
    lines = (
        Chain(slope, (("=", ZERO),)),
        equals(over(OBSERVATION), Mul((N, MEAN))),
        equals(HAT, written_mean()),
    )
    negative = (
        INVERSE, " is positive definite, so this is negative definite: the only maximum",
        *(() if has_covariance else (", whatever ", COVARIANCE, " is")),
    )  # fmt: skip
    rule = "differentiate" if has_covariance else "differentiate with respect to μ"
    return [
        Step(rule, (equals(operator, slope),), note),
        Step("set the score to zero and solve", lines, ("multiply by ", COVARIANCE)),
        Step("check that it is a maximum", (second,), negative),
    ]


def covariance_steps() -> list[Step]:
    a = Symbol("a")
    at_hat = substitute(call("log", likelihood(False)), {MEAN: HAT})
    operator = Derivative(at_hat, COVARIANCE, 1, partial=True)
    sandwich = MatMul((INVERSE, SCATTER, INVERSE))
    slope = Add((Neg(Mul((N / 2, INVERSE))), Mul((ONE / 2, sandwich))))
    outer = MatMul((INVERSE, a, Transpose(a), INVERSE))
    note = (
        "by Jacobi's formula the derivative of ", call("log", call("det", COVARIANCE)), " is ",
        INVERSE, ", and that of ", MatMul((Transpose(a), INVERSE, a)), " is ", Neg(outer),
    )  # fmt: skip
    precision = Symbol("Lambda")
    concave = equals(
        at_hat,
        Add((
            Mul((N / 2, call("log", call("det", precision)))),
            Neg(Mul((ONE / 2, call("tr", MatMul((precision, SCATTER)))))),
            Words("constant"),
        )),
    )  # fmt: skip
    reason = (
        "in ", equals(precision, INVERSE), " the log of the determinant is concave and the trace "
        "linear: one maximum, where ", SCATTER, " is invertible",
    )  # fmt: skip
    solved = (
        Chain(slope, (("=", ZERO),)),
        equals(Mul((N, COVARIANCE)), SCATTER),
        equals(Symbol("Sigma", accent="hat"), SCATTER / N, written_covariance()),
    )
    twice = ("multiply by ", Mul((wrap(2), COVARIANCE)), " from the left and by ", COVARIANCE,
             " from the right")  # fmt: skip
    rule = "differentiate with respect to Σ"
    return [
        Step(rule, (equals(SCATTER, scatter(HAT)), equals(operator, slope)), note),
        Step("set the score to zero and solve", solved, twice),
        Step("check that it is a maximum", (concave,), reason),
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
        share = ONE / wrap(n)
        members = [written_mean()]
        if 1 < n <= FEW:
            members.append(Mul((share, Add(tuple(map(self.column, points))))))
        members += [Mul((share, self.column(total))), self.column(mean)]
        lines = (equals(N, wrap(n)), equals(HAT, *members))
        return Step("put in the numbers", lines)

    def covariance_step(
        self,
        deviations: Sequence[Sequence[Fraction]],
        scattered: Sequence[Sequence[Fraction]],
        covariance: Sequence[Sequence[Fraction]],
    ) -> Step:
        n = len(deviations)
        blocks: list[Block] = []
        if n <= MANY:
            listed = [Listing(tuple(map(self.one, deviation))) for deviation in deviations]
            rows = tuple((wrap(i), cell) for i, cell in enumerate(listed, 1))
            blocks.append(Table((INDEX, OBSERVATION - HAT), rows))
        members: list[Expr] = [scatter(HAT)]
        if 1 < n <= FEW:
            outer = [[[a * b for b in d] for a in d] for d in deviations]
            members.append(Add(tuple(map(self.square, outer))))
        blocks.append(equals(SCATTER, *members, self.square(scattered)))
        share = Mul((ONE / wrap(n), self.square(scattered)))
        hat = Symbol("Sigma", accent="hat")
        blocks.append(equals(hat, SCATTER / N, share, self.square(covariance)))
        return Step("put in the deviations from the mean", tuple(blocks))
