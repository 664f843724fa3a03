"""Gaussian naive Bayes: each feature is normal within a class, with its own mean and variance.

The logarithm of a normal density at a fraction is a fraction and half the logarithm of one, less
½·log 2π, which all classes share; so scores are compared exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from mlcalc.classifiers import letters
from mlcalc.classifiers.logged import HALF, Logged, difference
from mlcalc.classifiers.model import Boundary, Estimate, Factor, Query, Written
from mlcalc.classifiers.of_densities import OfDensities
from mlcalc.classifiers.question import Question
from mlcalc.classifiers.training import training_of
from mlcalc.files.document import Raw, written
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import has_no_value, words_of
from mlcalc.maths.board import Note, line
from mlcalc.maths.evaluate import CONSTANTS, exact
from mlcalc.maths.functions import exp, log, plus, times
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Call, Decimal, Expr, Number, Pow, Symbol, call, equals, wrap
from mlcalc.showing.derivation import Step, step

EXAMPLE = "normal(mu=0, sigma2=1)"
SPELLINGS = {
    "mu": "mean", "mean": "mean", "sigma2": "variance", "variance": "variance", "sigma": "sigma",
}  # fmt: skip
MOST_FACTORS = 3
SHARED = times(-HALF, log(times(Fraction(2), CONSTANTS["pi"])))
"""What the logarithms of all normal densities have in common."""


class Normal(Record):
    """One feature within one class; μ and σ² are numbers or letters."""

    mean: Expr
    variance: Expr

    @property
    def numbers(self) -> tuple[Fraction, Fraction]:
        """μ and σ², where both are numbers."""
        mean, variance = exact(self.mean), exact(self.variance)
        assert mean is not None
        assert variance is not None
        return mean, variance

    def density(self, at: Expr) -> Expr:
        """The density at x, as it is written."""
        return line("exp(-(d^2 / (2*v))) / sqrt(2*pi*v)", d=difference(at, self.mean),
                    v=self.variance)  # fmt: skip

    def log(self, at: Fraction) -> Logged:
        """The logarithm of the density, less what all normal densities share."""
        mean, variance = self.numbers
        return Logged(-((at - mean) ** 2) / (2 * variance), HALF, 1 / variance)

    @property
    def written(self) -> Call:
        return call("normal", mu=self.mean, sigma2=self.variance)


class Gaussian(OfDensities):
    """For each class the normals in the order of the features."""

    fitted: Sequence[Step] = ()
    """How the parameters were estimated, where they were."""
    fit_notes: tuple[Note, ...] = ()
    rows: Mapping[str, tuple[tuple[Fraction, ...], ...]] = {}
    """The numbers that they were estimated from, by class and feature."""

    title = "Gaussian naive Bayes"

    @property
    def is_numeric(self) -> bool:
        parts = [part for _, _, d in self.each() for part in (d.mean, d.variance)]
        parts += [prior.result for prior in self.prior.values()]
        return all(exact(part) is not None for part in parts)

    @property
    def free(self) -> int:
        return 2 * len(self.features)

    def query(self, given: Question) -> Query:
        if not self.is_numeric:
            message = "a query is scored with numbers: give numbers for all letters, or leave it "
            raise given.fault(f"{message}out", Question.query)
        return super().query(given)

    def factor(self, label: str, feature: str, value: Any) -> Factor:
        place = self.features.index(feature)
        symbol, normal = self.symbols[place], self.densities[label][place]
        at = exact(value)
        assert at is not None
        own = normal.log(at)
        result = exp(plus(own.value, SHARED))

        def write() -> Written:
            name = letters.density(equals(symbol, value), label)
            working = equals(name, normal.density(value), Decimal(result))
            return Written(letters.density(symbol, label), Decimal(result), working, value)

        return Factor(result, write, feature, own, SHARED)

    def steps(self, query: Query | None) -> list[Step]:
        classes, features = len(self.classes), len(self.features)
        of_classes = "1 class" if classes == 1 else f"{classes} classes"
        of_features = "1 feature" if features == 1 else f"{features} features"
        why = (
            f"{of_classes} times {of_features}, each with a mean and a variance; and the priors, "
            "of which the last follows since they add up to 1"
        )
        found = [self.factor_step(), self.parameter_step(wrap(features) * 2, why)]
        if self.fitted:
            return [*found, *self.fitted]
        if not self.is_numeric:
            return found
        header = ("class", "feature", Symbol("mu"), Symbol("sigma2"))
        given = self.given_step(header, lambda c, x, d: (letters.word(c), x, d.mean, d.variance))
        return [*found, given]

    def factor_step(self) -> Step:
        """p(x, Y) = P(Y) ∏ p(x_j | Y), and the density of one feature."""
        symbols, is_one = self.symbols, len(self.symbols) == 1
        x = symbols[0] if is_one else Symbol("x", "j")
        why = "each is normal, with a mean and a variance for each class"
        if not is_one:
            why = f"given the class the features are independent, which is what is naive; {why}"
        factorised = "p(xs, Y) = P(Y) * factors"
        if len(symbols) > MOST_FACTORS:
            factorised = "p(x, Y) = P(Y) * product(p(x_j | Y), j, 1, n)"
        factors = [line("p(x | Y)", x=symbol) for symbol in symbols]
        return step(
            "write the factorisation",
            line(factorised, xs=symbols, factors=factors, n=len(symbols)),
            equals(letters.density(x, "y"), self.letters_of("y", "j").density(x)),
            why=why,
        )

    def letters_of(self, label: str, feature: int | str) -> Normal:
        """μ and σ² of a class and feature as letters: μ₁₀ is that of feature 1 in class 0.

        `feature` counts from 0, or is an index such as j.
        """
        index = feature if isinstance(feature, str) else str(feature + 1)
        subscript = f"{index}{label}" if len(index) == len(label) == 1 else f"{index},{label}"
        if len(self.features) == 1:
            subscript = label
        return Normal(Symbol("mu", subscript), Symbol("sigma2", subscript))

    def boundary(self, query: Query | None) -> Boundary:
        from mlcalc.classifiers.gaussian_boundary import boundary_of

        return boundary_of(self, query)

    def notes(self, given: Question) -> list[Note]:
        return list(self.fit_notes)


# What a model comes from.


def gaussian_model(given: Question) -> Gaussian:
    """Fitted to rows, or with the densities that are given.  Raises `Invalid` for what is amiss."""
    refuse_others(given)
    if given.data is not None:
        from mlcalc.classifiers.gaussian_fit import fitted

        return fitted(training_of(given), given.variance)
    if given.likelihoods is not None:
        return Gaussian.given(given, lambda label, name, raw: normal_of(raw))
    if given.features is None or given.priors is not None:
        raise given.fault(
            "give rows as 'data' with 'label', or 'priors' and 'likelihoods', or 'features' "
            "alone for the boundary in letters"
        )
    return in_letters(tuple(name.value for name in words_of(given.features, "x_1, x_2")))


def in_letters(features: tuple[str, ...]) -> Gaussian:
    """Two classes, 1 and 0, with μ₁₀ and so on as letters."""
    prior = {label: Estimate((Symbol("P", label),)) for label in ("1", "0")}
    bare = Gaussian(tuple(prior), features, prior, {})
    normals = {
        label: tuple(bare.letters_of(label, place) for place in range(len(features)))
        for label in prior
    }
    return Gaussian(tuple(prior), features, prior, normals)


def refuse_others(given: Question) -> None:
    """What belongs to other models, and what is given twice."""
    given.refuse("{} is for counts, and a normal density has none: leave it out",
                 Question.smoothing, Question.smooth_prior)  # fmt: skip
    given.refuse("{} are for the models multinomial and bernoulli; give rows as 'data'",
                 Question.documents)  # fmt: skip
    given.refuse("a normal density is positive everywhere: {} is for 'model: density'",
                 Question.support)  # fmt: skip
    if given.data is None:
        given.refuse("{} is for densities that are estimated from rows: leave it out",
                     Question.variance)  # fmt: skip
    if given.data is not None:
        given.refuse("{} are estimated from the data: give one or the other",
                     Question.priors, Question.likelihoods)  # fmt: skip
    elif given.likelihoods is None:
        given.refuse_columns(Question.label)
    else:
        given.refuse_columns(Question.label, Question.features)


def normal_of(raw: Raw) -> Normal:
    """normal(mu=0, sigma2=1), also with mean, variance, or sigma, which is squared."""
    from mlcalc.estimation.spelled import NamedOrFormula  # data say no densities

    found = NamedOrFormula().read(raw)
    if not isinstance(found, Call) or found.name != "normal":
        message = f"expected a normal density such as {EXAMPLE}, not '{written(raw)}'"
        hint = "; other densities are for 'model: density'"
        raise Invalid.at(message + hint, raw.place)
    return normal_with(found, lambda message: Invalid.at(message, raw.place))


def normal_with(found: Call, fault: Callable[[str], Invalid]) -> Normal:
    """The mean and variance of a normal distribution that was typed."""
    if found.arguments or not all(name in SPELLINGS for name, _ in found.keywords):
        from mlcalc.estimation.model import with_names

        found = with_names(found, fault)
    named: dict[str, Expr] = {}
    for name, value in found.keywords:
        if name not in SPELLINGS:
            hint = closest(name, SPELLINGS) or f"; write {EXAMPLE}"
            raise fault(f"normal has no parameter '{name}'{hint}")
        if has_no_value(value):
            raise fault(f"{name} must be an exact number or a letter")
        number = exact(value)
        is_typed = number is None or isinstance(value, Number)
        named[SPELLINGS[name]] = value if is_typed or number is None else wrap(number)
    if "sigma" in named and "variance" not in named:
        deviation = named.pop("sigma")
        number = exact(deviation)
        if number is not None and number <= 0:
            raise fault(f"sigma must be above 0, not {number}")
        named["variance"] = Pow(deviation, wrap(2)) if number is None else wrap(number**2)
    if set(named) != {"mean", "variance"}:
        raise fault(f"normal needs its mean and its variance: {EXAMPLE}")
    variance = exact(named["variance"])
    if variance is not None and variance <= 0:
        raise fault(f"the variance must be above 0, not {variance}")
    return Normal(named["mean"], named["variance"])
