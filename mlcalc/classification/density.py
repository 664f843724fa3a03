"""Class-conditional densities that are given: thresholds, regions, posterior, the Bayes error."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from mlcalc.classification import letters
from mlcalc.classification.boundary_roots import threshold_maths, where
from mlcalc.classification.density_integrals import Integral, mass, total
from mlcalc.classification.density_model import Density, density_from, weight
from mlcalc.classification.density_pictures import Weighted
from mlcalc.classification.density_regions import (
    Region,
    Weighed,
    crossings,
    regions_of,
    shortly,
)
from mlcalc.classification.gaussian_known import check_features, class_entries, priors_of
from mlcalc.classification.gaussian_model import (
    difference,
    feature_symbol,
    summed,
)
from mlcalc.classification.question import Question
from mlcalc.classification.training import number_in, queried
from mlcalc.derivation import (
    Answer,
    Block,
    Derivation,
    Note,
    Picture,
    Prose,
    Step,
    Table,
    with_decimal,
)
from mlcalc.errors import Invalid, Place, Unsolved
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.tree import (
    Call,
    Chain,
    Expr,
    Given,
    Listing,
    Mul,
    Number,
    Words,
    equals,
    shown,
    substitute,
    wrap,
)
from mlcalc.records import Record

EXAMPLE = "{1: {x: 2*x}, 0: {x: uniform(0, 1)}}"
UNIT_TOLERANCE = 1e-7
CHECKED = 400


class Classes(Record):
    """The classes with the densities of each feature, in the order of the features."""

    labels: tuple[str, ...]
    features: tuple[str, ...]
    priors: tuple[Expr, ...]
    densities: tuple[tuple[Density, ...], ...]

    def prior(self, number: int) -> Fraction:
        return exact(self.priors[number]) or Fraction(0)


def derivation(given: Question) -> Derivation:
    """One feature: crossings, regions, Bayes error; more features: the scores of a query."""
    refuse_others(given)
    classes = read_classes(given)
    steps = [given_step(classes)]
    answers: list[Answer] = []
    notes: list[Note] = []
    pictures: tuple[Picture, ...] = ()
    if given.query is not None:
        found = queried_steps(given, classes)
        steps += found[0]
        answers += found[1]
    if len(classes.features) == 1:
        more = decided(classes)
        steps += more.steps
        answers += more.answers
        notes += more.notes
        pictures = more.pictures
    elif given.query is None:
        raise given.fault("densities of several features are scored at a query: give one")
    answers += closing_answers(classes)
    return Derivation("Classes with known densities", tuple(steps), tuple(answers), tuple(notes),
                      pictures)  # fmt: skip


def refuse_others(given: Question) -> None:
    fields = (Question.data, Question.documents, Question.smoothing, Question.smooth_prior)
    for field in fields:
        if given.is_given(field):
            message = f"{field.name} is for models that learn; 'density' takes priors and "
            raise given.fault(message + "likelihoods", field)
    if given.likelihoods is None:
        raise given.fault(f"'likelihoods' is missing: the density of each class, such as {EXAMPLE}")


def read_classes(given: Question) -> Classes:
    """The densities.  Raises `Invalid` where one is negative or does not integrate to 1."""
    assert given.likelihoods is not None
    rows = class_entries(given, given.likelihoods, EXAMPLE)
    features = tuple(name.value for name, _ in rows[0][1])
    priors = priors_of(given, [label.value for label, _ in rows])
    for prior in priors:
        if exact(prior) is None:
            raise given.fault("the priors must be numbers here", Question.priors)
    densities = []
    for label, pairs in rows:
        check_features(label, [name for name, _ in pairs], features)
        own = {}
        for name, raw in pairs:
            density = density_from(given, label, name, raw, feature_symbol(name.value))
            check_density(label.value, density, raw.place)
            own[name.value] = density
        densities.append(tuple(own[name] for name in features))
    return Classes(tuple(label.value for label, _ in rows), features, priors, tuple(densities))


def check_density(label: str, density: Density, place_typed: Place) -> None:
    """Refuses what is negative somewhere, or does not integrate to 1."""

    def fault(message: str) -> Invalid:
        return Invalid.at(message, place_typed)

    parts = mass(density, -math.inf, math.inf)
    whole = total(parts)
    ends = f"from {shortly(density.pieces[0].low)} to {shortly(density.pieces[-1].high)}"
    if not math.isfinite(whole):
        raise fault(
            f"the density of class {label} has no finite integral {ends}: give 'support', such as "
            "[0, 1], where it is not zero"
        )
    for place in sample_places(density):
        value = density.at(place)
        if value < -1e-12:
            message = f"the density of class {label} is negative at {shortly(place)}"
            raise fault(f"{message}: give 'support' where it is not")
    is_one = whole == 1 if isinstance(whole, Fraction) else abs(whole - 1) < UNIT_TOLERANCE
    if not is_one:
        hint = "" if whole == 0 else f"; divide it by {shortly(whole)}, or correct its support"
        raise fault(
            f"the density of class {label} integrates to {shortly(whole)} {ends}, not to 1{hint}"
        )


def sample_places(density: Density) -> list[Scalar]:
    found: list[Scalar] = []
    for piece in density.pieces:
        low, high = to_float(piece.low), to_float(piece.high)
        for n in range(1, CHECKED):
            t = n / CHECKED
            if math.isfinite(high - low):
                found.append(low + (high - low) * t)
            elif math.isfinite(low):
                found.append(low + t / (1 - t))
            elif math.isfinite(high):
                found.append(high - t / (1 - t))
            else:
                found.append((2 * t - 1) / (t * (1 - t)))
    return found


def given_step(classes: Classes) -> Step:
    priors = tuple(
        equals(letters.prior(label), prior)
        for label, prior in zip(classes.labels, classes.priors, strict=True)
    )
    rows: list[tuple[Prose | Expr, ...]] = [
        (
            letters.density(density.x, label),
            density.written,
            where(density.x, finite(density.pieces[0].low), finite(density.pieces[-1].high)),
        )
        for label, own in zip(classes.labels, classes.densities, strict=True)
        for density in own
    ]
    note = "each density is nowhere negative and integrates to 1; it is 0 elsewhere"
    table = Table(("density", "formula", "where"), tuple(rows))
    return Step("write down what is given", (Listing(priors), table), note)


def finite(value: Scalar) -> Scalar | None:
    return value if math.isfinite(value) else None


# The query.


def queried_steps(given: Question, classes: Classes) -> tuple[list[Step], list[Answer]]:
    """Prior times densities at the query, and the posterior."""
    at = {n: number_in(cell, n) for n, cell in queried(given, classes.features).items()}
    if not at:
        raise given.fault("the query has no feature", Question.query)
    joints: dict[str, Scalar] = {}
    chains: list[Block] = []
    for n, label in enumerate(classes.labels):
        value: Scalar = classes.prior(n)
        factors: list[Expr] = [classes.priors[n]]
        names: list[Expr] = [letters.prior(label)]
        for place, density in enumerate(classes.densities[n]):
            if classes.features[place] not in at:
                continue
            x = at[classes.features[place]]
            here = density.at(x)
            value = value * here if isinstance(value, Fraction) and isinstance(here, Fraction) \
                else to_float(value) * to_float(here)  # fmt: skip
            factors.append(substitute(density.formula_at(x), {density.x: Number(x)}))
            names.append(letters.density(equals(density.x, wrap(x)), label))
        joints[label] = value
        chains.append(
            equals(letters.joint(label), Mul(tuple(names)), Mul(tuple(factors)), *last(value))
        )
    whole = total_of(list(joints.values()))
    if not whole > 0:
        message = "every class has the density 0 there, so no class is possible"
        raise Unsolved.because(message, given.place_of(Question.query))
    posterior = {label: ratio(value, whole) for label, value in joints.items()}
    more: list[Block] = [
        equals(letters.posterior(label), shown(joints[label]) / shown(whole), *last(value))
        for label, value in posterior.items()
    ]
    top = max(joints.values())
    winners = [label for label, value in joints.items() if value == top]
    hat = equals(letters.Y_HAT, letters.word(winners[0]))
    note = "the class with the largest posterior"
    if len(winners) > 1:
        note = f"a tie: {' and '.join(winners)} have the same posterior; the first is taken"
    steps = [
        Step("multiply prior and density at the query", tuple(chains)),
        Step("normalise", tuple(more), "divided by their sum, the products add up to 1"),
        Step("predict the class", (hat,), note),
    ]
    answers = [
        Answer("prediction", winners[0], Words(winners[0]), letters.Y_HAT),
        Answer("joint", joints, listing(letters.joint, joints)),
        Answer("posterior", posterior, listing(letters.posterior, posterior)),
    ]
    return steps, answers


def last(value: Scalar) -> Sequence[Expr]:
    found = with_decimal(value)
    return found.members if isinstance(found, Chain) else (found,)


def listing(name: Callable[[str], Expr], values: dict[str, Scalar]) -> Listing:
    return Listing(tuple(equals(name(label), *last(value)) for label, value in values.items()))


def total_of(values: list[Scalar]) -> Scalar:
    if all(isinstance(value, Fraction) for value in values):
        return sum(values, Fraction(0))
    return math.fsum(map(to_float, values))


def ratio(value: Scalar, whole: Scalar) -> Scalar:
    is_exact = isinstance(value, Fraction) and isinstance(whole, Fraction)
    return value / whole if is_exact else to_float(value) / to_float(whole)


# One feature: the regions and the error.


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
        Answer("boundary", tuple(changes) or "empty", maths if changes else never, symbol),
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
    error = total_of(values)
    left = Call("P", (Words("error"),))
    if len(values) > 1:
        blocks.append(equals(left, summed(names), summed(map(shown, values)), *last(error)))
    else:
        blocks.append(equals(left, *names, *last(error)))
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
        return equals(name, Mul((prior, shown(part.value))), *last(value))
    start, end = part.at_ends
    bracket = difference(shown(end), shown(start)) if start else shown(end)
    return equals(name, Mul((prior, bracket)), *last(value))


def closing_answers(classes: Classes) -> list[Answer]:
    priors = {label: classes.prior(n) for n, label in enumerate(classes.labels)}
    value = {
        label: {f: d.written for f, d in zip(classes.features, row, strict=True)}
        for label, row in zip(classes.labels, classes.densities, strict=True)
    }
    items = tuple(
        equals(letters.density(density.x, label), density.written)
        for label, row in zip(classes.labels, classes.densities, strict=True)
        for density in row
    )
    return [
        Answer("prior", priors, listing(letters.prior, dict(priors))),
        Answer("likelihood", value, Listing(items)),
    ]
