"""Which class is decided where, and how often that is wrong: the Bayes error."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from mlcalc.classifiers import letters
from mlcalc.classifiers.density import Densities
from mlcalc.classifiers.density_crossings import Crossings, Weighed, crossings
from mlcalc.classifiers.density_integrals import Integral, mass
from mlcalc.classifiers.logged import difference, summed
from mlcalc.classifiers.model import Boundary
from mlcalc.classifiers.pictures import Weighted
from mlcalc.classifiers.polynomial import Region, changes, regions, threshold_maths, where
from mlcalc.maths.board import Note, Prose, line
from mlcalc.maths.functions import Scalar, times, to_float, total
from mlcalc.maths.records import Later, Record
from mlcalc.maths.tree import Expr, Listing, Words, shown
from mlcalc.showing.derivation import Answer, Picture, Step, Table, both_forms, step, with_decimal

SEEN = 0.01
"""A tail below this part of the highest value is not shown."""

MARGIN = 0.1
PLACES = 80


def boundary_of(model: Densities) -> Boundary:
    """The crossings, the regions between them, and the error."""
    own = tuple(row[0] for row in model.densities.values())
    priors = tuple(estimate.result for estimate in model.prior.values())
    weighed = Weighed(own[0].x, model.classes, priors, own)
    notes: list[Note] = []
    roots: list[Scalar] = []
    met: list[Crossings] = []
    for low, high in itertools.pairwise(weighed.ends()):
        for found in crossings(weighed, low, high):
            met.append(found)
            roots += found.roots
            if found.is_searched:
                text = (
                    "a crossing without a closed form is looked for at many places: two that are "
                    "closer together than these would be missed"
                )
                notes = [Note("nb.searched", text)]
    parts = regions(sorted({*weighed.ends(), *roots}), lambda place: winners(weighed, place))
    if any(len(part.winners) > 1 for part in parts):
        text = "where classes tie over an interval, the first of them is taken; the error is equal"
        notes.append(Note("nb.tie", text))
    thresholds = changes(parts)
    wrong = list(errors(weighed, parts))
    error = total(*(times(Weighed.number(one.prior), one.integral.value) for one in wrong))
    boundary = Answer(
        "boundary",
        thresholds or "empty",
        Listing(tuple(map(threshold_maths, thresholds)))
        if thresholds
        else Words("empty: the same class everywhere"),
        weighed.x if thresholds else None,
        any_order=True,
    )
    answers = (boundary, Answer("error", error, with_decimal(error), line('P("error")')))
    picture = Picture(
        Curves(weighed.x, model.classes, thresholds, (), weighed),
        "prior times density of each class; the largest is predicted",
    )

    def steps() -> Iterator[Step]:
        for found in met:
            yield from found.steps if found.roots or len(model.classes) == 2 else ()
        yield region_step(weighed, parts)
        yield error_step(weighed, wrong, error)

    return Boundary(Later(steps), answers, notes, (picture,))


def winners(model: Weighed, place: Fraction) -> tuple[str, ...]:
    """The classes with the largest weighted density at one place between crossings."""
    values = model.values(place)
    top = max(values)
    if not top > 0:
        return ()
    return tuple(
        label
        for label, value in zip(model.classes, values, strict=True)
        if value == top
        or (isinstance(value + top, float) and math.isclose(value, top, rel_tol=1e-12))
    )


def region_step(model: Weighed, parts: Sequence[Region]) -> Step:
    """Each region with the weighted densities at one place of it."""
    header: tuple[str | Expr, ...] = (
        "where",
        model.x,
        *(letters.joint(c, "p") for c in model.classes),
        "class",
    )
    rows: list[tuple[Prose | Expr, ...]] = []
    for part in parts:
        label: Prose | Expr = letters.word(part.label) if part.label else "none is possible"
        if len(part.winners) > 1:
            label = "tie: " + " and ".join(part.winners)
        values = map(shown, model.values(part.place))
        rows.append((where(model.x, part.low, part.high), shown(part.place), *values, label))
    why = "the densities do not cross within a region, so one place of it tells"
    return step("find the largest in each region", Table(header, tuple(rows)), why=why)


class Wrong(Record):
    """A class that is not predicted in an interval, and the integral of its density there."""

    label: str
    prior: Expr
    low: Scalar
    high: Scalar
    integral: Integral


def error_step(model: Weighed, wrong: Sequence[Wrong], error: Scalar) -> Step:
    """The Bayes error: in each region the weighted densities of the other classes, integrated."""
    chains: dict[Expr, None] = {}
    values: list[Scalar] = []
    names: list[Expr] = []
    for one in wrong:
        part, c = one.integral, letters.word(one.label)
        value = times(model.number(one.prior), part.value)
        name = line("P(range, Y = c)", range=where(model.x, one.low, one.high), c=c)
        bracket = shown(part.value)
        if part.primitive is not None:
            chains[line("F(x | Y = c) = primitive", x=model.x, c=c,
                        primitive=part.primitive)] = None  # fmt: skip
        if part.at_ends is not None:
            start, end = part.at_ends
            bracket = difference(shown(end), shown(start)) if start else shown(end)
        chains[line("name = prior * (bracket) = value", name=name, prior=one.prior,
                    bracket=bracket, value=both_forms(value))] = None  # fmt: skip
        values.append(value)
        names.append(name)
    last = line(
        'P("error") = names = values = error',
        names=summed(names) if names else None,
        values=summed(map(shown, values)) if len(values) > 1 else None,
        error=both_forms(error),
    )
    why = (
        "an error is an x in the region of one class that comes from another: the weighted "
        "densities that are not the largest, integrated; F is an antiderivative of a density"
    )
    return step("integrate the error", *chains, last, why=why)


def errors(model: Weighed, parts: Sequence[Region]) -> Iterator[Wrong]:
    """In each region the classes that are not predicted."""
    for part in parts:
        for label, prior, density in zip(model.classes, model.priors, model.densities, strict=True):
            if part.label and label != part.label:
                for low, high, integral in mass(density, part.low, part.high):
                    yield Wrong(label, prior, low, high, integral)


class Curves(Weighted):
    """Of given densities."""

    model: Weighed

    def height(self, label: str, place: float) -> float:
        return to_float(self.model.values(place)[self.classes.index(label)])

    def jumps(self) -> list[float]:
        return [to_float(end) for end in self.model.ends() if math.isfinite(end)]

    def shown_range(self) -> tuple[float, float]:
        """All finite ends, and the tails as far as they are seen."""
        ends = [*self.model.ends(), *self.thresholds]
        inner = [to_float(end) for end in ends if math.isfinite(end)]
        centre = sum(inner) / len(inner) if inner else 0.0
        places = [centre + side * 2 ** (n / 4 - 10) for n in range(PLACES) for side in (-1, 1)]
        heights = {x: max(map(to_float, self.model.values(x))) for x in places}
        top = max((h for h in heights.values() if math.isfinite(h)), default=1.0)
        spread = [*inner, *(x for x, h in heights.items() if h >= SEEN * top)] or [-1.0, 1.0]
        low, high = min(spread), max(spread)
        margin = MARGIN * ((high - low) or 1.0)
        return low - margin, high + margin
