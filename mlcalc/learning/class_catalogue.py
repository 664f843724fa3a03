"""All that is known of each hypothesis class, a record a class.

Formulas are texts in d, the dimension of space, or n, the number of Boolean attributes, and in the
class's own sizes; those of a growth function are in m points and in the VC dimension `vc`.  What is
not known in closed form is None.  Searches and deciders are named by their place in this room and
imported where a question needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from mlcalc.files.fields import as_number
from mlcalc.learning.separation import Point
from mlcalc.learning.sizes import (
    Counting,
    boxes,
    clauses,
    decision_lists,
    discrete_linear,
    literals,
    simply,
    trees,
)
from mlcalc.maths.evaluate import exact
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr, Symbol

if TYPE_CHECKING:
    from mlcalc.learning.hypothesis_class import HypothesisClass


class Size(Record):
    """A parameter of a class.  `least` bounds one that is a whole number.

    Without `default` the class does without it, as `conjunctions` does of any length.
    """

    name: str
    default: Expr | None = None
    least: int = 1
    is_whole: bool = True


class Proof(Record):
    """Why some set of as many points as the dimension is shattered, and why no larger one is."""

    shattered: str
    no_more: str


Rule: TypeAlias = "str | Callable[[HypothesisClass, Expr], str | None] | None"
"""A formula, or the one for the sizes at hand."""
Example: TypeAlias = "Callable[[HypothesisClass, int], list[Point] | None]"
"""As many points as the dimension, which the class shatters, in a space of that dimension."""


class ClassFacts(Record):
    """What a class consists of; the first of its sizes may be given without its name."""

    meaning: str
    noun: str = ""
    """In a sentence, where the name is none."""
    synonyms: str = ""
    sizes: tuple[Size, ...] = ()
    over_attributes: bool = False
    """Whether its examples are Boolean attributes, not points."""
    space: int | None = None
    """The one dimension that it lives in, where not any will do."""
    convention: str = ""
    dimension: Rule = None
    growth: Rule = None
    growth_reason: str | Callable[[HypothesisClass], str] = "any number of points is shattered"
    proof: Proof | Callable[[HypothesisClass], Proof] = Proof("", "")
    example: Example | None = None
    decider: str = ""
    """What decides labelings of points."""
    size: Counting | None = None
    """How many hypotheses there are."""
    search: str = ""
    """What finds a consistent hypothesis, where what decides labelings does not."""


def whole_size(name: str, default: int | str | None = None, least: int = 1) -> Size:
    if isinstance(default, int):
        return Size(name, as_number(default), least)
    return Size(name, None if default is None else Symbol(default), least)


# Where a formula depends on the sizes.


def limits_nothing(limit: Expr | None, attributes: Expr) -> bool:
    """Whether a limit, where there is one, is as large as the number of attributes."""
    if limit is None or limit == attributes:
        return True
    most, all_of_them = exact(limit), exact(attributes)
    return most is not None and all_of_them is not None and most >= all_of_them


def of_literals(named: HypothesisClass, attributes: Expr) -> str | None:
    return "n" if limits_nothing(named.size("literals"), attributes) else None


def of_formulas(named: HypothesisClass, attributes: Expr) -> str | None:
    """n for k = 1, and 2^n where clauses hold all the attributes."""
    if named.number("k") == 1:
        return "n"
    return "2^n" if limits_nothing(named.size("k"), attributes) else None


def of_trees(named: HypothesisClass, attributes: Expr) -> str | None:
    return "2^n" if limits_nothing(named.size("depth"), attributes) else None


def of_intervals(named: HypothesisClass, _: Expr) -> str | None:
    """2k for unions of k intervals; 2 for one of a fixed length."""
    if named.size("length") is None:
        return "2*count"
    return "2" if named.number("count") == 1 else None


def growth_of_intervals(named: HypothesisClass, size: Expr) -> str | None:
    if named.size("length") is None:
        return "sauer(m, 2*count)"
    return "2*m" if of_intervals(named, size) is not None else None


def of_polynomials(_: HypothesisClass, size: Expr) -> str:
    """How many monomials of that degree at most d variables have."""
    return "degree + 1" if exact(size) == 1 else "binomial(d + degree, degree)"


# Sets that are shattered.


def units(_: HypothesisClass, dimension: int) -> list[Point]:
    one, zero = Fraction(1), Fraction(0)
    return [tuple(one if i == j else zero for i in range(dimension)) for j in range(dimension)]


def origin_and_units(named: HypothesisClass, dimension: int) -> list[Point]:
    return [(Fraction(0),) * dimension, *units(named, dimension)]


def both_ways(named: HypothesisClass, dimension: int) -> list[Point]:
    return [p for unit in units(named, dimension) for p in (unit, tuple(-x for x in unit))]


def on_one_axis(named: HypothesisClass, dimension: int) -> list[Point]:
    unit = units(named, dimension)[0]
    return [unit, tuple(2 * entry for entry in unit)]


def along_the_line(named: HypothesisClass, _: int) -> list[Point] | None:
    """Of many intervals no example is made: it could not be shown."""
    length, count = named.size("length"), named.number("count")
    if length is None:
        return None if count is None or count > 10 else fixed(*range(1, 2 * count + 1))(named, 1)
    value = exact(length)
    return None if value is None else [(Fraction(0),), (value / 2,)]


def grid(named: HypothesisClass, dimension: int) -> list[Point] | None:
    """The points of whole coordinates from 0 that add up to at most the degree."""
    degree = named.number("degree")
    if degree is None:
        return None
    cells = product(range(degree + 1), repeat=dimension)
    return [tuple(map(Fraction, cell)) for cell in cells if sum(cell) <= degree]


def fixed(*points: int | tuple[int, ...]) -> Example:
    found = [(p,) if isinstance(p, int) else p for p in points]
    return lambda *_: [tuple(map(Fraction, point)) for point in found]


HEPTAGON = ((4, 0), (2, 3), (-1, 4), (-4, 2), (-4, -2), (-1, -4), (2, -3))
"""A regular heptagon of radius 4, rounded to whole coordinates."""

# Proofs that several classes have.

ALL_FUNCTIONS = Proof(
    "all 2^n points: the class holds every function of the attributes", "there are no more points"
)
FIXED_LENGTH = Proof(
    "two points that are less than the length apart: the interval holds both, or neither, or "
    "is moved until it holds one",
    "three points cannot be labelled 1, 0, 1 from left to right: an interval that holds both "
    "ends holds what is between them",
)
UNIONS = Proof(
    "2k points on the line: their labels have at most k runs of ones, and each run has an "
    "interval of its own",
    "2k + 1 points labelled 1, 0, 1, …, 1 have k + 1 runs of ones, and an interval that holds "
    "two runs holds the zero between them",
)
ONE_ZERO = (
    "the n points that have one 0, at place i, and ones elsewhere: the AND of those x_i whose "
    "point is labelled 0 is false just there"
)
ANDS = Proof(
    ONE_ZERO,
    "of n + 1 points label one 0 and the others 1: that takes a literal that is false at that "
    "point alone. These n + 1 literals are different, so two of them are x and not x (for "
    "n = 1 the labels 0 0 would take both); for n ≥ 2 a third point makes both true, which "
    "cannot be (Natschläger and Schmitt 1996)",
)
ORS = Proof(
    "the n points that have one 1, at place i: the OR of those x_i whose point is labelled 1",
    "the negation of an OR is an AND of the negated literals, and n + 1 points are not "
    "shattered by ANDs",
)
ANY_NUMBER = "there is no largest number: a circle has room for any"
CONVEX_POSITION = "a point in the hull of the others cannot alone be 0, so "
COVER = (
    "for points in general position (Cover 1965): a new point's plane cuts in two each region of "
    "the weights that it meets"
)
CHANGES = "the labels change at most twice an interval: choose where"

CLASSES: dict[str, ClassFacts] = {
    "thresholds": ClassFacts(
        "rays x ≥ a on the line",
        synonyms="rays, positive-rays, right-rays, threshold-functions",
        space=1,
        convention="1 is to the right; for rays both ways use both-rays",
        dimension="1",
        growth="m + 1",
        growth_reason="a ray is told by the gap between neighbouring points where it begins",
        proof=Proof(
            "one point: a ray that begins to its left gives 1, one that begins to its right 0",
            "of two points the left one cannot be 1 and the right one 0: a ray to the right that "
            "holds the left one holds the right one too",
        ),
        example=fixed(0),
        decider="shattering.line.Thresholds",
    ),
    "both-rays": ClassFacts(
        "rays x ≥ a and x ≤ a on the line",
        noun="rays both ways",
        synonyms="stumps, signed-rays, signed-thresholds, decision-stumps, two-sided-thresholds, "
        "two-sided-rays",
        space=1,
        dimension="2",
        growth="2*m",
        growth_reason="a ray begins in one of n + 1 gaps and goes one of two ways; all and none "
        "coincide",
        proof=Proof(
            "two points: rays to the right give 1 1, 0 1 and 0 0, and a ray to the left gives 1 0",
            "three points cannot be labelled 1, 0, 1 from left to right: a ray that holds both "
            "ends holds what is between them",
        ),
        example=fixed(0, 1),
        decider="shattering.line.BothRays",
    ),
    "intervals": ClassFacts(
        "closed intervals of the line, or unions of k of them",
        synonyms="positive-intervals, closed-intervals, unions-of-intervals",
        sizes=(whole_size("count", 1), Size("length", is_whole=False)),
        space=1,
        dimension=of_intervals,
        growth=growth_of_intervals,
        growth_reason=lambda named: (
            CHANGES
            if named.size("length") is None
            else "as the interval moves, a point comes in or goes out 2n times"
        ),
        proof=lambda named: UNIONS if named.size("length") is None else FIXED_LENGTH,
        example=along_the_line,
        decider="shattering.line.Intervals",
    ),
    "linear": ClassFacts(
        "half-spaces w·x + b ≥ 0",
        noun="linear classifiers",
        synonyms="halfspaces, halfplanes, lines, hyperplanes, perceptrons, linear-classifiers, "
        "linear-separators, linear-threshold-functions, ltf, affine, separating-hyperplanes, "
        "linear-decision-boundaries, linear-svm",
        convention="a half-space labels 1 where w·x + b ≥ 0; both sides of every plane are in",
        dimension="d + 1",
        growth="2*sauer(m - 1, vc - 1)",
        growth_reason=COVER,
        proof=Proof(
            "the origin and the d unit vectors: b is 1/2 or −1/2 by the label of the origin, and "
            "w_i is 1 or −1 by the label of the i-th unit vector, which outweighs b",
            "any d + 2 points fall into two groups whose convex hulls meet (Radon 1921); label one "
            "group 1 and the other 0: a plane between them would have the common point on both "
            "sides",
        ),
        example=origin_and_units,
        decider="shattering.halfspaces.HalfSpaces",
        size=discrete_linear,
    ),
    "linear-through-origin": ClassFacts(
        "half-spaces w·x > 0, without a bias",
        noun="linear classifiers through the origin",
        synonyms="homogeneous-halfspaces, linear-without-bias, linear-no-bias, "
        "homogeneous-half-planes, homogeneous-linear, homogeneous-linear-classifiers, "
        "halfspaces-through-origin, "
        "linear-classifiers-through-origin, hyperplanes-through-origin, lines-through-origin, "
        "linear-classifiers-without-bias, perceptron-without-bias, halfspaces-without-bias, "
        "halfplanes-through-origin",
        convention="no point may lie on the plane itself, as in Cover (1965)",
        dimension="d",
        growth="2*sauer(m - 1, vc - 1)",
        growth_reason=COVER,
        proof=Proof(
            "the d unit vectors: w_i is 1 or −1 by the label of the i-th one",
            "any d + 1 vectors are dependent: Σ c_i x_i is 0 with some c_i not 0; label x_i by the "
            "sign of c_i: the sum of c_i (w·x_i) would be positive, and is 0",
        ),
        example=units,
        decider="shattering.halfspaces.ThroughOrigin",
    ),
    "polynomials": ClassFacts(
        "p(x) ≥ 0 for a polynomial p",
        noun="polynomial classifiers",
        synonyms="polynomial-classifiers, polynomial-threshold-functions",
        sizes=(whole_size("degree", "k"),),
        dimension=of_polynomials,
        growth="2*sauer(m - 1, vc - 1)",
        growth_reason=COVER,
        proof=Proof(
            "the class is that of half-spaces in the space of the monomials; on the grid of points "
            "with whole coordinates from 0 that add up to at most the degree, a polynomial takes "
            "any values that one likes (interpolation)",
            "one point more has a Radon partition in the space of the monomials, as for "
            "half-spaces",
        ),
        example=grid,
        decider="shattering.halfspaces.Polynomials",
    ),
    "rectangles": ClassFacts(
        "boxes with sides along the axes",
        synonyms="boxes, box, axis-parallel-rectangles, axis-aligned-rectangles, hyperrectangles, "
        "axis-parallel-boxes, axis-aligned-boxes, axis-aligned-hyperrectangles",
        convention="1 is inside; the edge belongs to the box",
        dimension="2*d",
        proof=Proof(
            "the 2d points plus and minus a unit vector: each side of the box takes in its point "
            "or leaves it out, and no other side does",
            "of 2d + 1 points choose a lowest and a highest one in each coordinate, at most 2d "
            "points, and label them 1: the smallest box around them holds every point that is "
            "labelled 0",
        ),
        example=both_ways,
        decider="shattering.polygons.Boxes",
        size=boxes,
    ),
    "rotated-rectangles": ClassFacts(
        "rectangles of the plane in any direction",
        synonyms="rotated-boxes, arbitrary-rectangles",
        space=2,
        convention="1 is inside; the edge belongs to the rectangle",
        dimension="7",
        proof=Proof(
            "seven corners of nearly a regular heptagon: all their labelings are decided below",
            CONVEX_POSITION + "8 points would be in convex position, numbered around. A zero "
            "between ones is cut off by a side of its own, whose normal lies in the normal cone of "
            "that corner, and the four normals are 90° apart. Modulo 90°, the zeros 1, 3, 5, 7 "
            "share an angle and so do 2, 4, 6, 8. The zeros i, i + 3, i + 5 must share one too, "
            "for all eight i: each of these orders the ends of the cones by a choice of two, and "
            "no choice of all eight is free of a contradiction",
        ),
        example=fixed(*HEPTAGON),
        decider="shattering.polygons.RotatedRectangles",
    ),
    "circles": ClassFacts(
        "discs and balls",
        synonyms="discs, disks, balls, spheres",
        convention="1 is inside; the edge belongs to the disc",
        dimension="d + 1",
        growth="sauer(m, d + 1)",
        growth_reason="half of the half-spaces of points lifted by |x|², in general position",
        proof=Proof(
            "the origin and the d unit vectors: half-spaces shatter them, and a ball that is large "
            "enough is a half-space as far as these points can tell",
            "d + 2 points have a Radon partition; if one ball held the first group alone and "
            "another the second alone, the plane where the powers of the two balls are equal would "
            "separate the groups, whose hulls meet",
        ),
        example=origin_and_units,
        decider="shattering.halfspaces.Discs",
    ),
    "rings": ClassFacts(
        "rings around the origin",
        synonyms="annuli, concentric-rings",
        dimension="2",
        growth="sauer(m, 2)",
        growth_reason=CHANGES,
        proof=Proof(
            "two points at different distances: a ring is an interval of the distance",
            "three points, by distance, cannot be labelled 1, 0, 1; nor can two at one distance "
            "differ",
        ),
        example=on_one_axis,
        decider="shattering.line.Rings",
    ),
    "origin-balls": ClassFacts(
        "points with |x| ≤ r",
        noun="balls around the origin",
        synonyms="origin-circles, origin-discs, origin-disks, concentric-circles, "
        "origin-centered-circles, origin-centred-circles, origin-centered-balls",
        convention="1 is inside; the edge belongs to the ball",
        dimension="1",
        growth="m + 1",
        growth_reason="a ball is told by the gap between neighbouring distances where it ends",
        proof=Proof(
            "one point off the origin: a large ball holds it, a small one does not",
            "of two points the farther one cannot be 1 and the nearer one 0: a ball around the "
            "origin that holds the farther one holds the nearer one too",
        ),
        example=lambda named, dimension: units(named, dimension)[:1],
        decider="shattering.line.OriginBalls",
    ),
    "triangles": ClassFacts(
        "triangles of the plane",
        space=2,
        dimension="7",
        proof=Proof(
            "7 points on a circle: the zeros form at most 3 runs around it, and a side cuts off "
            "each",
            CONVEX_POSITION + "8 points would be in convex position; labelled 1, 0, 1, 0, … "
            "around, they have 4 runs of zeros, and a side cuts off one run at most",
        ),
    ),
    "polygons": ClassFacts(
        "convex polygons with at most k vertices",
        synonyms="k-gons",
        sizes=(whole_size("k", "k", 3),),
        space=2,
        dimension="2*k + 1",
        proof=Proof(
            "2k + 1 points on a circle: the zeros form at most k runs around it, and a side cuts "
            "off each",
            CONVEX_POSITION + "2k + 2 points would be in convex position; labelled 1, 0, 1, 0, … "
            "around, they have k + 1 runs of zeros, and a side cuts off one run at most",
        ),
    ),
    "convex-polygons": ClassFacts(
        "convex polygons with any number of vertices",
        synonyms="convex-sets, convex-regions, convex",
        space=2,
        dimension="inf",
        growth="2^m",
        proof=Proof(
            "any number of points on a circle: the polygon whose corners are the points labelled 1 "
            "holds no other",
            ANY_NUMBER,
        ),
        decider="shattering.polygons.ConvexPolygons",
    ),
    "sine": ClassFacts(
        "sin(ωx) ≥ 0 on the line",
        noun="sine waves",
        synonyms="sines, sin, sine-waves, sinusoids",
        space=1,
        dimension="inf",
        growth="2^m",
        proof=Proof(
            "the points 10^(−1), …, 10^(−n) for any n: with labels y_i the frequency "
            "ω = π (1 + Σ (1 − y_i) 10^i) gives sin(ωx) ≥ 0 just where y_i is 1, although ω is the "
            "only parameter",
            "there is no largest number: n is any",
        ),
    ),
    "nearest-neighbours": ClassFacts(
        "k nearest neighbours",
        synonyms="nearest-neighbors, nearest-neighbour, nearest-neighbor, k-nearest-neighbours, "
        "k-nearest-neighbors, knn, k-nn, nn",
        sizes=(whole_size("k", 1),),
        dimension="inf",
        growth="2^m",
        proof=Proof(
            "any different points: store each of them k times with its label, and its nearest "
            "neighbours are its own copies",
            "there is no largest number: as many points can be stored as one likes",
        ),
        search="consistent.neighbours",
    ),
    "conjunctions": ClassFacts(
        "ANDs of literals",
        synonyms="conjunction",
        sizes=(whole_size("literals", least=0),),
        over_attributes=True,
        convention="the AND of no literals is always 1; x and not x together are left out",
        dimension=of_literals,
        proof=ANDS,
        size=literals,
        search="consistent_boolean.conjunction",
    ),
    "monotone-conjunctions": ClassFacts(
        "ANDs of attributes, none negated",
        noun="monotone conjunctions",
        synonyms="monotone",
        over_attributes=True,
        dimension="n",
        proof=Proof(
            ONE_ZERO,
            "of n + 1 points label one 0 and the others 1: that takes an attribute that is 0 at "
            "that point alone, and there are only n attributes",
        ),
        size=simply(
            "2^n",
            "each attribute is in the conjunction or not",
            "the empty conjunction, always true, is counted",
        ),
        search="consistent_boolean.conjunction",
    ),
    "disjunctions": ClassFacts(
        "ORs of literals",
        synonyms="disjunction",
        sizes=(whole_size("literals", least=0),),
        over_attributes=True,
        dimension=of_literals,
        proof=ORS,
        size=literals,
        search="consistent_boolean.conjunction",
    ),
    "k-cnf": ClassFacts(
        "ANDs of clauses of at most k literals",
        noun="k-CNF formulas",
        synonyms="cnf",
        sizes=(whole_size("k", "k"),),
        over_attributes=True,
        dimension=of_formulas,
        proof=lambda named: ANDS if named.number("k") == 1 else ALL_FUNCTIONS,
        size=clauses,
        search="consistent_boolean.formula",
    ),
    "k-dnf": ClassFacts(
        "ORs of terms of at most k literals",
        noun="k-DNF formulas",
        synonyms="dnf",
        sizes=(whole_size("k", "k"),),
        over_attributes=True,
        dimension=of_formulas,
        proof=lambda named: ORS if named.number("k") == 1 else ALL_FUNCTIONS,
        size=clauses,
        search="consistent_boolean.formula",
    ),
    "decision-lists": ClassFacts(
        "if literal then 0 or 1, else if …",
        synonyms="decision-list",
        over_attributes=True,
        dimension="n + 1",
        proof=Proof(
            "the origin and the n unit vectors: test x_i for each i in turn, with the label of its "
            "point, and end with the label of the origin",
            "a decision list is a half-space of the attributes, with weights that halve from test "
            "to test, and half-spaces shatter at most n + 1 points",
        ),
        size=decision_lists,
        search="consistent_boolean.decision_list",
    ),
    "decision-trees": ClassFacts(
        "trees of depth k that test attributes",
        synonyms="decision-tree, trees",
        sizes=(whole_size("depth", "k", 0),),
        over_attributes=True,
        dimension=of_trees,
        proof=ALL_FUNCTIONS,
        size=trees,
        search="consistent_boolean.tree",
    ),
    "parities": ClassFacts(
        "whether an odd number of chosen attributes is 1",
        synonyms="parity, xor",
        over_attributes=True,
        dimension="n",
        growth="2^smaller(m, vc)",
        growth_reason="the labels are linear in the chosen attributes modulo 2",
        proof=Proof(
            "the n unit vectors: choose the attributes whose point is labelled 1",
            "of n + 1 points of 0 and 1 some add up to zero modulo 2, so the label of one of them "
            "is the parity of the others' labels",
        ),
        size=simply("2^n", "each attribute is in the parity or not"),
        search="consistent_boolean.parity",
    ),
    "boolean-functions": ClassFacts(
        "all functions of the attributes",
        noun="Boolean functions",
        synonyms="boolean, all-boolean-functions",
        over_attributes=True,
        dimension="2^n",
        growth="2^smaller(m, vc)",
        proof=ALL_FUNCTIONS,
        size=simply("2^(2^n)", "each of the 2^n rows of the truth table is 0 or 1"),
        search="consistent_boolean.boolean_function",
    ),
}


def synonyms() -> Mapping[str, str]:
    """The name of each class by its other names."""
    pairs = ((name, word) for name, sort in CLASSES.items() for word in sort.synonyms.split(", "))
    return {word: name for name, word in pairs if word}
