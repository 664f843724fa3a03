"""What goes wrong with shattering and the VC dimension."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from mlcalc.kinds.vc import Problem
from mlcalc.learning.hypothesis_class import HypothesisClass
from mlcalc.marking.misconceptions.case import Case, Misconception, Results
from mlcalc.maths.evaluate import exact

MOST_POINTS = 64


def break_point_for_dimension(case: Case) -> Results:
    dimension = case.number("vc_dimension")
    if dimension is None or not math.isfinite(dimension):
        return {}
    return {"vc_dimension": dimension + 1, "break_point": dimension}


def bias_forgotten(case: Case) -> Results:
    """Half-planes through the origin alone."""
    named = question(case).hypothesis_class
    if named is None or named.name != "linear":
        return {}
    results = case.again(hypothesis_class=HypothesisClass("linear-through-origin"))
    return case.only("vc_dimension break_point can_shatter growth dichotomies", results)


def all_labelings(case: Case) -> Results:
    """2^n, which only points that are shattered have."""
    own = {"growth": asked_points(case), "dichotomies": points(case)}
    return {
        name: 2**count
        for name, count in own.items()
        if name in case.answers and count and count <= MOST_POINTS
    }


def question(case: Case) -> Problem:
    assert isinstance(case.given, Problem)
    return case.given


def asked_points(case: Case) -> Fraction | None:
    """n, where it is a number."""
    n = question(case).n
    return None if n is None else exact(n)


def points(case: Case) -> Fraction | None:
    """How many points are given, or columns of a table of hypotheses."""
    given = question(case)
    if given.points is not None:
        return Fraction(len(given.points))
    return None if given.hypotheses is None else Fraction(given.hypotheses.shape[1])


def bound_for_growth(case: Case) -> Sequence[Results]:
    """n^d + 1, Sauer's sum of binomial coefficients, (en/d)^d: bounds that are easy to remember."""
    count, dimension = asked_points(case), case.number("vc_dimension")
    if "growth" not in case.answers or count is None or not isinstance(dimension, Fraction):
        return ()
    if count > MOST_POINTS or dimension > MOST_POINTS:
        return ()
    n, d = int(count), int(dimension)
    bounds: list[Fraction | float] = [Fraction(n**d + 1), Fraction(n**d)]
    bounds.append(Fraction(sum(math.comb(n, i) for i in range(d + 1))))
    if d:
        bounds.append((math.e * n / d) ** d)
    return tuple({"growth": bound} for bound in bounds)


def natural_logarithm(case: Case) -> Results:
    bound = case.number("upper_bound")
    return {} if bound is None else {"upper_bound": float(bound) * math.log(2)}


def count_for_logarithm(case: Case) -> Results:
    """The number of hypotheses, without the logarithm."""
    bound = case.number("upper_bound")
    if bound is None or bound > 60:
        return {}
    count = Fraction(round(2 ** float(bound)))
    return {"upper_bound": count, "vc_dimension": count}


def bound_for_dimension(case: Case) -> Results:
    """log2 |H| rounded down: a bound is not yet the dimension."""
    bound = case.number("upper_bound")
    return {} if bound is None else {"vc_dimension": Fraction(math.floor(bound))}


def missing_for_realised(case: Case) -> Results:
    """The labelings that cannot be realised."""
    count, realised = points(case), case.number("dichotomies")
    if not count or count > MOST_POINTS or realised is None:
        return {}
    return {"dichotomies": 2**count - realised}


MISCONCEPTIONS = (
    Misconception(
        "vc.break_point",
        "the VC dimension and the break point are two numbers: look at how each of them is defined",
        break_point_for_dimension,
    ),
    Misconception(
        "vc.bias_forgotten",
        "this is for lines through the origin; a bias lets them stand anywhere",
        bias_forgotten,
    ),
    Misconception(
        "vc.all_labelings", "not every labeling is realised: this counts them all", all_labelings
    ),
    Misconception(
        "vc.bound_for_growth",
        "this is a bound on the growth function, as n^d + 1 and Sauer's sum are, and not its value",
        bound_for_growth,
    ),
    Misconception(
        "vc.natural_log",
        "a labeling is a bit a point, so the logarithm has base 2",
        natural_logarithm,
    ),
    Misconception(
        "vc.count_for_logarithm",
        "this counts the hypotheses; d points need 2^d of them",
        count_for_logarithm,
    ),
    Misconception(
        "vc.bound_for_dimension",
        "log2 |H| bounds the VC dimension from above; whether it is reached is to be shown",
        bound_for_dimension,
    ),
    Misconception(
        "vc.missing_for_realised",
        "these are the labelings that are not realised",
        missing_for_realised,
    ),
)
