"""Classes whose densities are given as formulas or distributions: read, checked and scored."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from mlcalc.classification import letters
from mlcalc.classification.density_integrals import mass, total
from mlcalc.classification.density_model import Density, density_from, place_at, shortly
from mlcalc.classification.model import (
    Boundary,
    Factor,
    Model,
    Query,
    class_entries,
    given_priors,
    number_query,
    priors_of,
    short,
)
from mlcalc.classification.polynomial import where
from mlcalc.classification.question import Question
from mlcalc.derivation import Prose, Result, Step, Table, both_forms
from mlcalc.errors import Invalid, Place
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.tree import Expr, equals, substitute

EXAMPLE = "{1: {x: 2*x}, 0: {x: uniform(0, 1)}}"

UNIT_TOLERANCE = 1e-7

CHECKED = 400


class Densities(Model):
    """For each class the densities in the order of the features."""

    densities: Mapping[str, tuple[Density, ...]]

    title = "Classes with known densities"
    p = "p"

    def query(self, given: Question) -> Query:
        return number_query(given, self.features)

    def factor(self, label: str, feature: str, value: Any) -> Factor:
        density = self.densities[label][self.features.index(feature)]
        at = exact(value)
        assert at is not None
        result = density.at(at)
        name = letters.density(equals(density.x, value), label)
        formula = substitute(density.formula_at(at), {density.x: value})
        working = equals(name, formula, *both_forms(result))
        return Factor(letters.density(density.x, label), short(result), result, feature, value,
                      working)  # fmt: skip

    def steps(self, query: Query | None) -> list[Step]:
        rows: tuple[tuple[Prose | Expr, ...], ...] = tuple(
            (
                letters.density(density.x, label),
                density.written,
                where(density.x, density.pieces[0].low, density.pieces[-1].high),
            )
            for label, row in self.densities.items()
            for density in row
        )
        note = "each density is nowhere negative and integrates to 1; it is 0 elsewhere"
        table = Table(("density", "formula", "where"), rows)
        return [Step("write down what is given", (given_priors(self), table), note)]

    def boundary(self, query: Query | None) -> Boundary:
        """Of one feature: crossings, regions and the Bayes error."""
        if len(self.features) > 1:
            return Boundary()
        from mlcalc.classification.density_boundary import boundary_of

        return boundary_of(self)

    def likelihoods(self) -> tuple[Mapping[str, Result], Iterator[Expr]]:
        values: dict[str, Result] = {
            label: {f: d.written for f, d in zip(self.features, row, strict=True)}
            for label, row in self.densities.items()
        }
        items = (
            equals(letters.density(density.x, label), density.written)
            for label, row in self.densities.items()
            for density in row
        )
        return values, items


def density_model(given: Question) -> Densities:
    """The densities.  Raises `Invalid` where one is negative or does not integrate to 1."""
    given.refuse(
        "{} is for models that learn; 'density' takes priors and likelihoods",
        Question.data, Question.documents, Question.smoothing, Question.smooth_prior,
    )  # fmt: skip
    given.refuse_columns(Question.label, Question.features)
    if given.likelihoods is None:
        raise given.fault(f"'likelihoods' is missing: the density of each class, such as {EXAMPLE}")
    rows = class_entries(given, given.likelihoods)
    features = tuple(name.value for name, _ in rows[0][1])
    prior = priors_of(given, [c.value for c, _ in rows], "no likelihoods", of_densities=True)
    if any(exact(estimate.result) is None for estimate in prior.values()):
        raise given.fault("the priors must be numbers here", Question.priors)
    densities: dict[str, tuple[Density, ...]] = {}
    for label, pairs in rows:
        own = {}
        for name, raw in pairs:
            symbol = letters.feature_symbol(name.value)
            own[name.value] = density_from(given, label, name, raw, symbol)
            check_density(label.value, own[name.value], raw.place)
        densities[label.value] = tuple(own[name] for name in features)
    if given.support is not None and not any(d.is_formula for r in densities.values() for d in r):
        message = "each distribution has its own support: leave support out"
        raise given.fault(message, Question.support)
    if len(features) > 1 and given.query is None:
        raise given.fault("densities of several features are scored at a query: give one")
    return Densities(tuple(densities), features, prior, densities)


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
