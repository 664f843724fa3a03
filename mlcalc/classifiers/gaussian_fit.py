"""Means and variances from rows, with the sums they come from."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.classifiers import letters
from mlcalc.classifiers.gaussian import Gaussian, Normal
from mlcalc.classifiers.logged import difference, number
from mlcalc.classifiers.model import prior_step, share
from mlcalc.classifiers.question import VARIANCE
from mlcalc.classifiers.training import Training
from mlcalc.files.errors import Complaint, Unsolved
from mlcalc.files.fields import numeric
from mlcalc.maths.board import Note, Prose, line
from mlcalc.maths.functions import in_whole_numbers
from mlcalc.maths.records import Later, Record, replace
from mlcalc.maths.tree import Decimal, Dots, Expr, Number, Symbol, wrap
from mlcalc.maths.vectors import added
from mlcalc.showing.derivation import Step, Table, step

MOST_ROWS_IN_FULL = 8
MOST_SUMS_IN_FULL = 8
MOST_TABLE_ROWS = 16


class Moments(Record):
    """What one class and feature come to: n values, their sum, and Σ(x − μ)².

    The variance is that sum over n − `less`.
    """

    count: int
    total: Fraction
    squares: Fraction
    less: int

    @property
    def mean(self) -> Fraction:
        return self.total / self.count

    @property
    def variance(self) -> Fraction:
        return self.squares / (self.count - self.less)

    @classmethod
    def of(cls, values: tuple[Fraction, ...], less: int) -> Moments:
        """Sums of whole numbers over one denominator, since adding fractions is slow."""
        whole, below = in_whole_numbers(values)
        count, total = len(whole), sum(whole)
        squares = sum(value * value for value in whole)
        spread = Fraction(count * squares - total * total, count * below * below)
        return cls(count, Fraction(total, below), spread, less)


class Fit(Record):
    """The rows, and the moments of each class in the order of the features."""

    training: Training
    moments: dict[str, tuple[Moments, ...]]
    has_decimals: bool
    variance: str

    def write(self, value: Fraction) -> Expr:
        """A number in the manner of the data: decimals where these are decimals."""
        if self.has_decimals and value.denominator > 1:
            return Decimal(value)
        return number(value)


def fitted(training: Training, variance: str) -> Gaussian:
    """The classifier.  Raises `Unsolved` where a feature does not vary within a class."""
    rows = {
        label: tuple(training.numbers(feature, label) for feature in training.features)
        for label in training.classes
    }
    less = int(variance == "unbiased")
    moments = {
        label: tuple(Moments.of(column, less) for column in columns)
        for label, columns in rows.items()
    }
    refuse_constants(training, moments)
    has_decimals = any("." in cell for row in training.rows for cell in row.values)
    fit = Fit(training, moments, has_decimals, variance)
    total, classes = len(training.rows), training.classes
    prior = {c: share(training.count(c), total, len(classes), Number(Fraction(0))) for c in classes}
    normals = {
        label: tuple(Normal(fit.write(m.mean), fit.write(m.variance)) for m in row)
        for label, row in moments.items()
    }
    model = Gaussian(classes, training.features, prior, normals, rows=rows)
    priors = "the share of each class among the rows"
    steps = Later(lambda: (prior_step(model, priors), *estimate_steps(fit, model)))
    return replace(model, fitted=steps, fit_notes=(variance_note(fit),))


def refuse_constants(training: Training, moments: dict[str, tuple[Moments, ...]]) -> None:
    complaints = []
    for label, row in moments.items():
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


def estimate_steps(fit: Fit, model: Gaussian) -> list[Step]:
    """Means and variances, each with its sum where there are few, and all in one table."""
    table = parameter_table(fit, model)
    why = VARIANCE.meanings[fit.variance]
    largest = max(row[0].count for row in fit.moments.values())
    sums = len(model.classes) * len(model.features)
    if largest > MOST_ROWS_IN_FULL or sums > MOST_SUMS_IN_FULL:
        return [step("estimate the means and variances", table, why=why)]
    means: list[Expr] = []
    variances: list[Expr] = []
    for label, normals in model.densities.items():
        for place, (feature, normal) in enumerate(zip(model.features, normals, strict=True)):
            cells = cells_of(fit, feature, label)
            squares = [difference(cell, normal.mean) ** 2 for cell in cells]
            names = model.letters_of(label, place)
            below = "n - 1" if fit.variance == "unbiased" else "n"
            for lines, name, terms, number_of, value in (
                (means, names.mean, cells, "n", normal.mean),
                (variances, names.variance, squares, below, normal.variance),
            ):
                lines.append(line(f"name = terms / ({number_of}) = value", name=name,
                                  terms=added(terms), n=len(cells), value=value))  # fmt: skip
    mean_why = "within each class: their maximum-likelihood estimate is the mean"
    return [
        step("estimate the means", *means, why=mean_why),
        step("estimate the variances", *variances, table, why=why),
    ]


def cells_of(fit: Fit, feature: str, label: str) -> list[Expr]:
    """The cells of a class as they were typed, or their values where these are formulas."""
    training, found = fit.training, list[Expr]()
    numbers = training.numbers(feature, label)
    for (row, _), value in zip(training.column(feature, label), numbers, strict=True):
        typed = numeric(training.text(row, feature))
        found.append(typed if isinstance(typed, Number) else Number(value))
    return found


def parameter_table(fit: Fit, model: Gaussian) -> Table:
    """One row a class and feature; the middle of a long table is left out."""
    header = ("class", "feature", Symbol("n"), "sum", Symbol("mu"), "squares", Symbol("sigma2"))
    rows: list[tuple[Prose | Expr, ...]] = [
        (
            letters.word(label), symbol, wrap(moment.count), fit.write(moment.total),
            fit.write(moment.mean), fit.write(moment.squares), fit.write(moment.variance),
        )
        for label, row in fit.moments.items()
        for symbol, moment in zip(model.symbols, row, strict=True)
    ]  # fmt: skip
    if len(rows) > MOST_TABLE_ROWS:
        rows = [*rows[: MOST_TABLE_ROWS - 2], (Dots(),) * len(header), rows[-1]]
    divided = "divided by n they are μ and σ²"
    if fit.variance == "unbiased":
        divided = "divided by n the sum is μ, and by n − 1 the squares are σ²"
    caption = f"sum: of the values; squares: sum of (value − mean)²; {divided}"
    return Table(header, tuple(rows), caption)


def variance_note(fit: Fit) -> Note:
    """1/n against 1/(n − 1), with the numbers of the first variance, and how to have the other."""
    first = next(iter(fit.moments.values()))[0]
    other = replace(first, less=1 - first.less)
    taken = "1/n, the maximum-likelihood estimate; with 1/(n − 1), which is unbiased"
    if fit.variance == "unbiased":
        taken = "1/(n − 1), which is unbiased; with 1/n, the maximum-likelihood estimate"
    text: Prose = (
        f"variances are taken with {taken}, the first one would be ",
        fit.write(other.variance),
        " instead of ",
        fit.write(first.variance),
        f"; ddof: {other.less} takes that",
    )
    return Note("nb.variance_n", text)
