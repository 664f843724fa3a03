"""Which class is decided where, and how often that is wrong: the Bayes error."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction

from mlcalc.classification import letters
from mlcalc.classification.boundary_roots import threshold_maths, where
from mlcalc.classification.density_classes import Classes
from mlcalc.classification.density_crossings import Weighed, crossings
from mlcalc.classification.density_integrals import Integral, mass
from mlcalc.classification.density_model import weight
from mlcalc.classification.density_pictures import Weighted
from mlcalc.classification.density_regions import Region, regions_of
from mlcalc.classification.gaussian_model import difference, summed
from mlcalc.derivation import (
    Answer,
    Block,
    Note,
    Picture,
    Prose,
    Step,
    Table,
    both_forms,
    with_decimal,
)
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import Scalar, total
from mlcalc.maths.tree import Call, Chain, Expr, Given, Listing, Mul, Words, equals, shown
from mlcalc.records import Record


def finite(value: Scalar) -> Scalar | None:
    return value if math.isfinite(value) else None


class Decided(Record):
    steps: list[Step]
    answers: list[Answer]
    notes: list[Note]
    pictures: tuple[Picture, ...]


def decided(classes: Classes) -> Decided:
    own = tuple(row[0] for row in classes.densities)
    model = Weighed(own[0].x, classes.labels, classes.priors, own)
    steps: list[Step] = []
    notes: list[Note] = []
    roots: list[Scalar] = []
    ends = model.ends()
    for low, high in itertools.pairwise(ends):
        for found in crossings(model, low, high):
            steps += found.steps if found.roots or len(classes.labels) == 2 else ()
            roots += found.roots
            if found.is_searched:
                text = (
                    "a crossing without a closed form is looked for at many places: two that are "
                    "closer together than these would be missed"
                )
                notes = [Note("nb.searched", text)]
    regions = regions_of(model, roots)
    steps.append(region_step(model, regions))
    changes = thresholds_of(regions)
    if any(region.tied for region in regions):
        text = "where classes tie over an interval, the first of them is taken; the error is equal"
        notes.append(Note("nb.tie", text))
    error_steps, error = error_of(model, regions)
    maths = Listing(tuple(map(threshold_maths, changes)))
    symbol = model.x if changes else None
    never = Words("empty: the same class everywhere")
    answers = [
        Answer(
            "boundary",
            tuple(changes) or "empty",
            maths if changes else never,
            symbol,
            any_order=True,
        ),
        Answer("error", error, with_decimal(error), Call("P", (Words("error"),))),
    ]
    caption = "prior times density of each class; the largest is predicted"
    picture = Picture(Weighted(model, tuple(changes)), caption)
    return Decided([*steps, *error_steps], answers, notes, (picture,))


def thresholds_of(regions: Sequence[Region]) -> list[Scalar]:
    """Where the predicted class changes; the ends of what is possible are none."""
    return [
        after.low
        for before, after in itertools.pairwise(regions)
        if before.label and after.label and before.label != after.label
    ]


def region_step(model: Weighed, regions: Sequence[Region]) -> Step:
    """Each region with the weighted densities at one place of it."""
    header: list[Prose | Expr] = ["where", model.x]
    header += [letters.joint(c) for c in model.classes]
    rows: list[tuple[Prose | Expr, ...]] = []
    for region in regions:
        values = model.values(region.place)
        label: Prose | Expr = letters.word(region.label) if region.label else "none is possible"
        if region.tied:
            label = "tie: " + " and ".join(region.tied)
        rows.append((
            where(model.x, finite(region.low), finite(region.high)), shown(region.place),
            *map(shown, values), label,
        ))  # fmt: skip
    note = "the densities do not cross within a region, so one place of it tells"
    table = Table((*header, "class"), tuple(rows))
    return Step("find the largest in each region", (table,), note)


def error_of(model: Weighed, regions: Sequence[Region]) -> tuple[list[Step], Scalar]:
    """The Bayes error: in each region the weighted densities of the other classes, integrated."""
    blocks: list[Block] = []
    values: list[Scalar] = []
    names: list[Expr] = []
    primitives: set[Expr] = set()
    for region in regions:
        for n, label in enumerate(model.classes):
            if not region.label or label == region.label:
                continue
            for low, high, part in mass(model.densities[n], region.low, region.high):
                value = weight(exact(model.priors[n]) or Fraction(0), part.value)
                name = Call("P", (where(model.x, finite(low), finite(high)),
                                  letters.is_class(label)))  # fmt: skip
                primitive = primitive_chain(model, label, part)
                if primitive is not None and primitive not in primitives:
                    primitives.add(primitive)
                    blocks.append(primitive)
                blocks.append(integral_chain(model.priors[n], name, part, value))
                values.append(value)
                names.append(name)
    error = total(*values)
    left = Call("P", (Words("error"),))
    if len(values) > 1:
        blocks.append(equals(left, summed(names), summed(map(shown, values)), *both_forms(error)))
    else:
        blocks.append(equals(left, *names, *both_forms(error)))
    note = (
        "an error is an x in the region of one class that comes from another: the weighted "
        "densities that are not the largest, integrated; F is an antiderivative of a density"
    )
    return [Step("integrate the error", tuple(blocks), note)], error


def primitive_chain(model: Weighed, label: str, part: Integral) -> Chain | None:
    """F(x) = …, an antiderivative of the density of a class."""
    if part.primitive is None:
        return None
    return equals(Call("F", (Given(model.x, letters.is_class(label)),)), part.primitive)


def integral_chain(prior: Expr, name: Expr, part: Integral, value: Scalar) -> Chain:
    """P(0 < x < 1, Y = c) = P(Y = c)·(F(1) − F(0))."""
    if part.at_ends is None:
        return equals(name, Mul((prior, shown(part.value))), *both_forms(value))
    start, end = part.at_ends
    bracket = difference(shown(end), shown(start)) if start else shown(end)
    return equals(name, Mul((prior, bracket)), *both_forms(value))
