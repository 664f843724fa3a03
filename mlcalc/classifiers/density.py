"""Classes whose densities are given as formulas or distributions: read, checked and scored."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from mlcalc.classifiers import letters
from mlcalc.classifiers.density_integrals import mass, total
from mlcalc.classifiers.model import Boundary, Factor, Query, Written, short
from mlcalc.classifiers.of_densities import OfDensities
from mlcalc.classifiers.polynomial import where
from mlcalc.classifiers.question import Question
from mlcalc.classifiers.typed_density import Density, density_from, place_at, shortly
from mlcalc.files.document import Raw, Text
from mlcalc.files.errors import Invalid, Place
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.tree import equals, substitute
from mlcalc.showing.derivation import Step, both_forms

EXAMPLE = "{1: {x: 2*x}, 0: {x: uniform(0, 1)}}"

UNIT_TOLERANCE = 1e-7

CHECKED = 400


class Densities(OfDensities):
    """For each class the densities in the order of the features."""

    title = "Classes with known densities"

    def factor(self, label: str, feature: str, value: Any) -> Factor:
        density = self.densities[label][self.features.index(feature)]
        at = exact(value)
        assert at is not None
        result = density.at(at)

        def write() -> Written:
            name = letters.density(equals(density.x, value), label)
            formula = substitute(density.formula_at(at), {density.x: value})
            working = equals(name, formula, *both_forms(result))
            return Written(letters.density(density.x, label), short(result), working, value)

        return Factor(result, write, feature)

    def steps(self, query: Query | None) -> list[Step]:
        why = "each density is nowhere negative and integrates to 1; it is 0 elsewhere"
        return [
            self.given_step(
                ("density", "formula", "where"),
                lambda label, x, d: (
                    letters.density(x, label),
                    d.written,
                    where(x, d.pieces[0].low, d.pieces[-1].high),
                ),
                why,
            )
        ]

    def boundary(self, query: Query | None) -> Boundary:
        """Of one feature: crossings, regions and the Bayes error."""
        if len(self.features) > 1:
            return Boundary()
        from mlcalc.classifiers.density_boundary import boundary_of

        return boundary_of(self)


def density_model(given: Question) -> Densities:
    """The densities.  Raises `Invalid` where one is negative or does not integrate to 1."""
    given.refuse(
        "{} is for models that learn; 'density' takes priors and likelihoods",
        Question.data, Question.documents, Question.smoothing, Question.smooth_prior,
    )  # fmt: skip
    given.refuse_columns(Question.label, Question.features)
    if given.likelihoods is None:
        raise given.fault(f"'likelihoods' is missing: the density of each class, such as {EXAMPLE}")

    def read(label: Text, name: Text, raw: Raw) -> Density:
        found = density_from(given, label, name, raw, letters.feature_symbol(name.value))
        check_density(label.value, found, raw.place)
        return found

    model = Densities.given(given, read)
    if any(exact(estimate.result) is None for estimate in model.prior.values()):
        raise given.fault("the priors must be numbers here", Question.priors)
    if given.support is not None and not any(d.is_formula for _, _, d in model.each()):
        message = "each distribution has its own support: leave support out"
        raise given.fault(message, Question.support)
    if len(model.features) > 1 and given.query is None:
        raise given.fault("densities of several features are scored at a query: give one")
    return model


def check_density(label: str, density: Density, place_typed: Place) -> None:
    """Refuses what is negative somewhere, or does not integrate to 1."""

    def fault(message: str) -> Invalid:
        return Invalid.at(message, place_typed)

    whole = total(mass(density, -math.inf, math.inf))
    ends = f"from {shortly(density.pieces[0].low)} to {shortly(density.pieces[-1].high)}"
    if not math.isfinite(whole):
        raise fault(
            f"the density of class {label} has no finite integral {ends}: give 'support', such as "
            "[0, 1], where it is not zero"
        )
    for place in sample_places(density):
        if density.at(place) < -1e-12:
            message = f"the density of class {label} is negative at {shortly(place)}"
            raise fault(f"{message}: give 'support' where it is not")
    is_one = whole == 1 if isinstance(whole, Fraction) else abs(whole - 1) < UNIT_TOLERANCE
    if not is_one:
        hint = "" if whole == 0 else f"; divide it by {shortly(whole)}, or correct its support"
        raise fault(
            f"the density of class {label} integrates to {shortly(whole)} {ends}, not to 1{hint}"
        )


def sample_places(density: Density) -> Iterator[Scalar]:
    for piece in density.pieces:
        low, high = to_float(piece.low), to_float(piece.high)
        for n in range(1, CHECKED):
            yield place_at(low, high, n / CHECKED)
