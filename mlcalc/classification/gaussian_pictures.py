"""Pictures of Gaussian classes: weighted densities over one feature, regions over two."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mlcalc.classification.boundary_answer import Boundary
from mlcalc.classification.gaussian_fit import Fit
from mlcalc.classification.gaussian_model import Classifier
from mlcalc.classification.gaussian_scores import Scores
from mlcalc.derivation import Picture
from mlcalc.drawing import Lazy
from mlcalc.maths.functions import to_float
from mlcalc.maths.tree import Decimal, equals
from mlcalc.plots import Curve, Mark, Plot, Points, region, sampled

WIDE = 3.5
"""Standard deviations around each mean that a picture shows."""

COLUMNS = 240
CAPTION_ONE = "prior times density of each class; the boundary is where the largest changes"
CAPTION_TWO = "the shaded regions are where each class is predicted"


def pictures(
    classifier: Classifier, boundary: Boundary, fit: Fit | None, scores: Scores | None
) -> tuple[Picture, ...]:
    """A picture where there are numbers and one or two features."""
    if not classifier.is_numeric or len(classifier.features) > 2:
        return ()
    query = () if scores is None else tuple(to_float(v) for _, v in scores.at.values())
    if len(classifier.features) == 1:
        return (Picture(Weighted(classifier, boundary, query), CAPTION_ONE),)
    return (Picture(Plane(classifier, boundary, fit, query), CAPTION_TWO),)


class Weighted(Lazy):
    """One feature: prior times density of each class, thresholds and query marked."""

    classifier: Classifier
    boundary: Boundary
    query: tuple[float, ...]

    def plot(self) -> Plot:
        model = self.classifier
        low, high = shown_range(model, 0, self.query)
        thresholds = [
            part.low
            for part in (self.boundary.roots.intervals if self.boundary.roots else ())
            if part.low is not None
        ]
        curves = []
        for label, prior, (normal,) in zip(
            model.classes, map(model.prior_value, range(len(model.classes))), model.normals,
            strict=True,
        ):  # fmt: skip
            mean, variance = map(float, normal.numbers)

            def weighted(
                x: float, weight: float = float(prior), m: float = mean, v: float = variance
            ) -> float:
                return weight * math.exp(-((x - m) ** 2) / (2 * v)) / math.sqrt(2 * math.pi * v)

            curves.append(sampled(f"class {label}", weighted, low, high))
        x = model.symbols[0]
        marks = [Mark(equals(x, Decimal(value)), float(value)) for value in thresholds]
        marks += [Mark("query", value) for value in self.query]
        return Plot(tuple(curves), marks=tuple(marks), x_range=(low, high), x_label=x)


class Plane(Lazy):
    """Two features: the rows, the regions, the boundary and the query."""

    classifier: Classifier
    boundary: Boundary
    fit: Fit | None
    query: tuple[float, ...]

    def plot(self) -> Plot:
        model, query = self.classifier, self.query if len(self.query) == 2 else ()
        x_range = shown_range(model, 0, query[:1])
        y_range = shown_range(model, 1, query[1:])
        scores = Floats(model)
        regions = [
            region(
                f"class {label} predicted",
                lambda x, y, n=n: scores.best(x, y) == n,  # type: ignore[misc]  # n is bound here
                x_range,
                y_range,
            )
            for n, label in enumerate(model.classes)
        ]
        first, second = model.symbols
        marks = [Mark("query", *query)] if query else []
        return Plot(
            tuple(self.curves(*x_range, *y_range)),
            tuple(self.examples()),
            tuple(marks),
            tuple(r for r in regions if r.boxes),
            x_range,
            y_range,
            first,
            second,
        )

    def examples(self) -> Iterator[Points]:
        """The rows of each class; without rows, the means."""
        model = self.classifier
        for n, label in enumerate(model.classes):
            if self.fit is None:
                x, y = (float(normal.numbers[0]) for normal in model.normals[n])
                yield Points(f"mean of class {label}", ((x, y),))
                continue
            columns = (self.fit.training.numbers(f, label) for f in model.features)
            points = zip(*(map(float, column) for column in columns), strict=True)
            yield Points(f"class {label}", tuple((x, y) for x, y in points))

    def curves(self, left: float, right: float, bottom: float, top: float) -> Iterator[Curve]:
        """The zeros of the polynomial: for each x₁ the roots in x₂, as two branches."""
        found = self.boundary.polynomial
        if found is None or not found.degree:
            return
        (a1, a2), (b1, b2) = (tuple(map(float, v)) for v in (found.squares, found.lines))
        constant = to_float(found.constant.value)
        if not a2 and not b2:
            for x in real_roots(a1, b1, constant):
                yield Curve("boundary", ((x, bottom), (x, top)))
            return
        step = (right - left) / COLUMNS
        places = [left + n * step for n in range(COLUMNS + 1)]
        turns = discriminant_zeros(a1, a2, b1, b2, constant) if a2 else ()
        places = sorted({*places, *(x for x in turns if left < x < right)})
        rows = [(x, real_roots(a2, b2, (a1 * x + b1) * x + constant)) for x in places]
        for branch in (0, -1) if a2 else (0,):
            points = tuple((x, ys[branch] if ys else math.nan) for x, ys in rows)
            if any(math.isfinite(y) for _, y in points):
                yield Curve("boundary", points)


class Floats:
    """Log scores in floats, for the thousands of places of a picture."""

    def __init__(self, model: Classifier) -> None:
        self.rows = []
        for n, normals in enumerate(model.normals):
            pairs = [(float(m), float(v)) for m, v in (normal.numbers for normal in normals)]
            constant = math.log(model.prior_value(n)) - sum(math.log(v) for _, v in pairs) / 2
            self.rows.append((constant, pairs))

    def best(self, x: float, y: float) -> int:
        scores = [
            constant - sum((p - m) ** 2 / (2 * v) for p, (m, v) in zip((x, y), pairs, strict=True))
            for constant, pairs in self.rows
        ]
        return scores.index(max(scores))


def shown_range(model: Classifier, place: int, also: tuple[float, ...]) -> tuple[float, float]:
    ends = list(also)
    for normals in model.normals:
        mean, variance = map(float, normals[place].numbers)
        spread = WIDE * math.sqrt(variance)
        ends += [mean - spread, mean + spread]
    return min(ends), max(ends)


def real_roots(a: float, b: float, c: float) -> tuple[float, ...]:
    """The zeros of a·x² + b·x + c in order; a double one once."""
    if not a:
        return (-c / b,) if b else ()
    under = b * b - 4 * a * c
    if under < 0:
        # At the ends of an ellipse rounding leaves a little less than 0.
        return (-b / (2 * a),) if under > -1e-9 * max(b * b, abs(4 * a * c)) else ()
    half = math.sqrt(under)
    return tuple(sorted({(-b - half) / (2 * a), (-b + half) / (2 * a)}))


def discriminant_zeros(
    a1: float, a2: float, b1: float, b2: float, c: float
) -> tuple[float, ...]:  # fmt: skip
    """The x₁ where both branches meet: the ends of an ellipse."""
    return real_roots(-4 * a1 * a2, -4 * b1 * a2, b2 * b2 - 4 * a2 * c)
