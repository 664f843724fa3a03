"""Pictures of classes with densities: weighted densities over one feature, regions over two."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from mlcalc.classifiers.gaussian import Gaussian
from mlcalc.classifiers.model import Query
from mlcalc.classifiers.polynomial import Polynomial
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.tree import Decimal, Symbol, equals
from mlcalc.showing.derivation import Picture
from mlcalc.showing.drawing import Lazy
from mlcalc.showing.plots import Curve, Mark, Plot, Points, region, sampled

WIDE = 3.5
"""Standard deviations around each mean that a picture shows."""

COLUMNS = 240


class Weighted(Lazy):
    """One feature: prior times density of each class, thresholds and query marked."""

    x: Symbol
    classes: tuple[str, ...]
    thresholds: tuple[Scalar, ...]
    query: tuple[float, ...]

    def height(self, label: str, place: float) -> float:
        """Prior times density."""
        raise NotImplementedError

    def shown_range(self) -> tuple[float, float]:
        raise NotImplementedError

    def jumps(self) -> Sequence[float]:
        """Where a density may jump."""
        return ()

    def plot(self) -> Plot:
        low, high = self.shown_range()
        beside = [end + side * (high - low) * 1e-9 for end in self.jumps() for side in (-1, 1)]
        curves = tuple(
            sampled(f"class {c}", lambda t, c=c: self.height(c, t), low, high, beside)  # type: ignore[misc]
            for c in self.classes
        )
        marks = [Mark(equals(self.x, Decimal(t)), to_float(t)) for t in self.thresholds]
        marks += [Mark("query", value) for value in self.query]
        return Plot(curves, marks=tuple(marks), x_range=(low, high), x_label=self.x)


def gaussian_pictures(
    model: Gaussian,
    query: Query | None,
    boundary: Polynomial | None = None,
    thresholds: tuple[Scalar, ...] = (),
) -> tuple[Picture, ...]:
    """A picture where there are one or two features."""
    asked = () if query is None else tuple(to_float(scalar(v)) for v in query.values.values())
    if len(model.features) == 1:
        caption = "prior times density of each class; the boundary is where the largest changes"
        curves = Normals(model.symbols[0], model.classes, thresholds, asked, model)
        return (Picture(curves, caption),)
    if len(model.features) == 2:
        caption = "the shaded regions are where each class is predicted"
        return (Picture(Plane(model, boundary, asked), caption),)
    return ()


class Normals(Weighted):
    """Of normal classes."""

    model: Gaussian

    def height(self, label: str, place: float) -> float:
        mean, variance = map(float, self.model.densities[label][0].numbers)
        density = math.exp(-((place - mean) ** 2) / (2 * variance))
        return float(self.model.prior[label].value) * density / math.sqrt(2 * math.pi * variance)

    def shown_range(self) -> tuple[float, float]:
        return around_means(self.model, 0, self.query)


def around_means(model: Gaussian, place: int, also: tuple[float, ...]) -> tuple[float, float]:
    ends = list(also)
    for normals in model.densities.values():
        mean, variance = map(float, normals[place].numbers)
        spread = WIDE * math.sqrt(variance)
        ends += [mean - spread, mean + spread]
    return min(ends), max(ends)


class Plane(Lazy):
    """Two features: the rows, the regions, the boundary and the query."""

    model: Gaussian
    boundary: Polynomial | None
    query: tuple[float, ...]

    def plot(self) -> Plot:
        model, query = self.model, self.query if len(self.query) == 2 else ()
        x_range, y_range = (around_means(model, n, query[n : n + 1]) for n in (0, 1))
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
        marks = (Mark("query", *query),) if query else ()
        first, second = model.symbols
        return Plot(tuple(self.curves(*x_range, *y_range)), tuple(self.examples()), marks,
                    tuple(r for r in regions if r.boxes), x_range, y_range,
                    first, second)  # fmt: skip

    def examples(self) -> Iterator[Points]:
        """The rows of each class; without rows, the means."""
        for label, normals in self.model.densities.items():
            if label in self.model.rows:
                x, y = (tuple(map(float, column)) for column in self.model.rows[label])
                yield Points(f"class {label}", tuple(zip(x, y, strict=True)))
            else:
                x_mean, y_mean = (float(normal.numbers[0]) for normal in normals)
                yield Points(f"mean of class {label}", ((x_mean, y_mean),))

    def curves(self, left: float, right: float, bottom: float, top: float) -> Iterator[Curve]:
        """The zeros of the polynomial: for each x₁ the roots in x₂, as two branches."""
        found = self.boundary
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
        # Both branches of an ellipse meet at its ends.
        turns = real_roots(-4 * a1 * a2, -4 * b1 * a2, b2 * b2 - 4 * a2 * constant) if a2 else ()
        places = sorted({*places, *(x for x in turns if left < x < right)})
        rows = [(x, real_roots(a2, b2, (a1 * x + b1) * x + constant)) for x in places]
        for branch in (0, -1) if a2 else (0,):
            points = tuple((x, ys[branch] if ys else math.nan) for x, ys in rows)
            if any(math.isfinite(y) for _, y in points):
                yield Curve("boundary", points)


class Floats:
    """Log scores in floats, for the thousands of places of a picture."""

    def __init__(self, model: Gaussian) -> None:
        self.rows = []
        for label, normals in model.densities.items():
            pairs = [(float(m), float(v)) for m, v in (normal.numbers for normal in normals)]
            prior = math.log(model.prior[label].value)
            self.rows.append((prior - sum(math.log(v) for _, v in pairs) / 2, pairs))

    def best(self, x: float, y: float) -> int:
        scores = [
            constant - sum((p - m) ** 2 / (2 * v) for p, (m, v) in zip((x, y), pairs, strict=True))
            for constant, pairs in self.rows
        ]
        return scores.index(max(scores))


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
