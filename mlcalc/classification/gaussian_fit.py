"""Means and variances from rows: the maximum-likelihood estimates, with the sums they come from."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from mlcalc.classification import letters
from mlcalc.classification.gaussian_model import (
    Classifier,
    Normal,
    difference,
    number,
    parameter_letters,
)
from mlcalc.classification.training import Training
from mlcalc.derivation import Block, Note, Prose, Step, Table
from mlcalc.errors import Complaint, Unsolved
from mlcalc.fields import numeric
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Decimal, Dots, Expr, Number, Symbol, Words, equals, wrap
from mlcalc.maths.vectors import added
from mlcalc.records import Record

MOST_ROWS_IN_FULL = 8
MOST_SUMS_IN_FULL = 8
MOST_TABLE_ROWS = 16
N = Symbol("n")


class Moments(Record):
    """What one class and feature come to: n values, their sum, and Σ(x − μ)²."""

    count: int
    total: Fraction
    squares: Fraction

    @property
    def mean(self) -> Fraction:
        return self.total / self.count

    @property
    def variance(self) -> Fraction:
        return self.squares / self.count


class Fit(Record):
    """The rows, and the moments of each class in the order of the features."""

    training: Training
    moments: tuple[tuple[Moments, ...], ...]
    has_decimals: bool

    def write(self, value: Fraction) -> Expr:
        """A number in the manner of the data: decimals where these are decimals."""
        if self.has_decimals and value.denominator > 1:
            return Decimal(value)
        return number(value)

    def classifier(self) -> Classifier:
        training = self.training
        total = len(training.rows)
        priors = tuple(wrap(Fraction(training.count(label), total)) for label in training.classes)
        normals = tuple(
            tuple(Normal(self.write(m.mean), self.write(m.variance)) for m in row)
            for row in self.moments
        )
        return Classifier(training.classes, training.features, priors, normals)


def fitted(training: Training) -> Fit:
    """The moments.  Raises `Unsolved` where a feature does not vary within a class."""
    columns = [
        [training.numbers(feature, label) for feature in training.features]
        for label in training.classes
    ]
    moments = tuple(tuple(map(moments_of, row)) for row in columns)
    refuse_constants(training, moments)
    has_decimals = any("." in cell for row in training.rows for cell in row.values)
    return Fit(training, moments, has_decimals)


def moments_of(values: tuple[Fraction, ...]) -> Moments:
    """Sums of whole numbers over one denominator, since adding fractions is slow."""
    below = lcm(*{value.denominator for value in values})
    whole = [value.numerator * (below // value.denominator) for value in values]
    count, total = len(whole), sum(whole)
    squares = sum(value * value for value in whole)
    spread = Fraction(count * squares - total * total, count * below * below)
    return Moments(count, Fraction(total, below), spread)


def refuse_constants(training: Training, moments: tuple[tuple[Moments, ...], ...]) -> None:
    complaints = []
    for label, row in zip(training.classes, moments, strict=True):
        first = next(example for example in training.rows if example.label == label)
        if row[0].count == 1:
            message = (
                f"class {label} has one row, so its variances are 0 and it has no density: "
                "it needs two rows that differ"
            )
            complaints.append(Complaint(message, training.place(first, training.features[0])))
            continue
        for feature, moment in zip(training.features, row, strict=True):
            if not moment.squares:
                message = (
                    f"'{feature}' is {moment.mean} in every row of class {label}, so its variance "
                    "there is 0 and it has no density: leave it out with 'features', or take a "
                    "model for categories"
                )
                complaints.append(Complaint(message, training.place(first, feature)))
    if complaints:
        raise Unsolved(*complaints[:10])


def prior_step(fit: Fit) -> Step:
    training = fit.training
    total = len(training.rows)
    chains = tuple(
        equals(letters.prior(label), wrap(training.count(label)) / total, *reduced(training, label))
        for label in training.classes
    )
    return Step("estimate the priors", chains, "the share of each class among the rows")


def reduced(training: Training, label: str) -> list[Expr]:
    count, total = training.count(label), len(training.rows)
    share = Fraction(count, total)
    return [] if share.denominator == total else [wrap(share)]


def estimate_steps(fit: Fit, classifier: Classifier) -> list[Step]:
    """Means and variances, each with its sum where there are few, and all in one table."""
    means: list[Block] = []
    variances: list[Block] = []
    sizes = [row[0].count for row in fit.moments]
    count = len(classifier.classes) * len(classifier.features)
    if max(sizes) <= MOST_ROWS_IN_FULL and count <= MOST_SUMS_IN_FULL:
        for label, row in zip(classifier.classes, fit.moments, strict=True):
            for place, feature in enumerate(classifier.features):
                symbols = parameter_letters(classifier, label, place)
                cells = [cell_maths(fit, feature, n) for n in class_rows(fit, label)]
                mean, variance = fit.write(row[place].mean), fit.write(row[place].variance)
                means.append(equals(symbols.mean, added(cells) / wrap(len(cells)), mean))
                squares = [difference(cell, mean) ** 2 for cell in cells]
                below = wrap(len(cells))
                variances.append(equals(symbols.variance, added(squares) / below, variance))
    table = parameter_table(fit, classifier)
    mean_note = "within each class: their maximum-likelihood estimate is the mean"
    variance_note = "the mean square around the mean, with 1/n: the maximum-likelihood estimate"
    if not means:
        return [Step("estimate the means and variances", (table,), variance_note)]
    return [
        Step("estimate the means", tuple(means), mean_note),
        Step("estimate the variances", (*variances, table), variance_note),
    ]


def class_rows(fit: Fit, label: str) -> list[int]:
    return [place for place, row in enumerate(fit.training.rows) if row.label == label]


def cell_maths(fit: Fit, feature: str, row: int) -> Expr:
    """A cell as it was typed, or its value where that is a formula."""
    found = numeric(fit.training.text(fit.training.rows[row], feature))
    value = exact(found)
    assert value is not None
    return found if isinstance(found, Number) else Number(value)


def parameter_table(fit: Fit, classifier: Classifier) -> Table:
    """One row a class and feature; the middle of a long table is left out."""
    header = ("class", "feature", N, "sum", Symbol("mu"), "squares", Symbol("sigma2"))
    rows: list[tuple[Prose | Expr, ...]] = [
        (
            letters.word(label), symbol, wrap(moment.count), fit.write(moment.total),
            fit.write(moment.mean), fit.write(moment.squares), fit.write(moment.variance),
        )
        for label, row in zip(classifier.classes, fit.moments, strict=True)
        for symbol, moment in zip(classifier.symbols, row, strict=True)
    ]  # fmt: skip
    if len(rows) > MOST_TABLE_ROWS:
        rows = [*rows[: MOST_TABLE_ROWS - 2], (Dots(),) * len(header), rows[-1]]
    caption = "sum: of the values; squares: sum of (value − mean)²; divided by n they are μ and σ²"
    return Table(header, tuple(rows), caption)


def variance_note(fit: Fit) -> Note:
    """1/n against 1/(n − 1), with the numbers of the first variance."""
    first = fit.moments[0][0]
    unbiased = first.squares / (first.count - 1)
    text: Prose = (
        "variances are taken with 1/n, the maximum-likelihood estimate; with 1/(n − 1), which is "
        "unbiased, the first one would be ",
        fit.write(unbiased),
        " instead of ",
        fit.write(first.variance),
    )
    return Note("nb.variance_n", text)


def count_step(classifier: Classifier) -> tuple[Step, int]:
    """Two for each feature and class, and one prior less than there are classes."""
    classes, features = len(classifier.classes), len(classifier.features)
    count = classes * features * 2 + classes - 1
    chain = equals(
        Words("parameters"), wrap(classes) * features * 2 + (wrap(classes) - 1), wrap(count)
    )
    note = (
        f"{plural(classes, 'class', 'classes')} times {plural(features, 'feature', 'features')}, "
        "each with a mean and a variance; and the priors, of which the last follows since they "
        "add up to 1"
    )
    return Step("count the parameters", (chain,), note), count


def plural(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count} {many}"
