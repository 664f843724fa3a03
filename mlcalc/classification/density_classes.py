"""Classes whose densities are given: read, and checked to be densities."""

from __future__ import annotations

import math
from fractions import Fraction

from mlcalc.classification.density_crossings import shortly
from mlcalc.classification.density_integrals import mass, total
from mlcalc.classification.density_model import Density, density_from
from mlcalc.classification.gaussian_known import check_features, class_entries, priors_of
from mlcalc.classification.gaussian_model import feature_symbol
from mlcalc.classification.question import Question
from mlcalc.errors import Invalid, Place
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.tree import Expr
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


def read_classes(given: Question) -> Classes:
    """The densities.  Raises `Invalid` where one is negative or does not integrate to 1."""
    assert given.likelihoods is not None
    rows = class_entries(given, given.likelihoods)
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
    if given.support is not None and not any(d.is_formula for row in densities for d in row):
        message = "each distribution has its own support: leave support out"
        raise given.fault(message, Question.support)
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
