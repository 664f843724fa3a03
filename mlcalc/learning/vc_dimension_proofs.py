"""Both halves of the proof of each VC dimension: a set that is shattered, and why no larger is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from itertools import product

from mlcalc.learning.hypothesis_class import HypothesisClass
from mlcalc.learning.separation import Point
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr, Symbol
from mlcalc.records import Record


class Proof(Record):
    """Why some set of as many points as the dimension is shattered, and why no larger one is."""

    shattered: str
    no_more: str


ALL_FUNCTIONS = Proof(
    "all 2^n points: the class holds every function of the attributes",
    "there are no more points",
)

PROOFS: Mapping[str, Proof] = {
    "thresholds": Proof(
        "one point: a ray that begins to its left gives 1, one that begins to its right 0",
        "of two points the left one cannot be 1 and the right one 0: a ray to the right that holds "
        "the left one holds the right one too",
    ),
    "both-rays": Proof(
        "two points: rays to the right give 1 1, 0 1 and 0 0, and a ray to the left gives 1 0",
        "three points cannot be labelled 1, 0, 1 from left to right: a ray that holds both ends "
        "holds what is between them",
    ),
    "intervals": Proof(
        "2k points on the line: their labels have at most k runs of ones, and each run has an "
        "interval of its own",
        "2k + 1 points labelled 1, 0, 1, …, 1 have k + 1 runs of ones, and an interval that holds "
        "two runs holds the zero between them",
    ),
    "fixed-length": Proof(
        "two points that are less than the length apart: the interval holds both, or neither, or "
        "is moved until it holds one",
        "three points cannot be labelled 1, 0, 1 from left to right: an interval that holds both "
        "ends holds what is between them",
    ),
    "linear": Proof(
        "the origin and the d unit vectors: b is 1/2 or −1/2 by the label of the origin, and w_i is"
        " 1 or −1 by the label of the i-th unit vector, which outweighs b",
        "any d + 2 points fall into two groups whose convex hulls meet (Radon 1921); label one "
        "group 1 and the other 0: a plane between them would have the common point on both sides",
    ),
    "linear-through-origin": Proof(
        "the d unit vectors: w_i is 1 or −1 by the label of the i-th one",
        "any d + 1 vectors are dependent: Σ c_i x_i is 0 with some c_i not 0; label x_i by the sign"
        " of c_i: the sum of c_i (w·x_i) would be positive, and is 0",
    ),
    "polynomials": Proof(
        "the class is that of half-spaces in the space of the monomials; on the grid of points "
        "with whole coordinates from 0 that add up to at most the degree, a polynomial takes any "
        "values that one likes (interpolation)",
        "one point more has a Radon partition in the space of the monomials, as for half-spaces",
    ),
    "rectangles": Proof(
        "the 2d points plus and minus a unit vector: each side of the box takes in its point or "
        "leaves it out, and no other side does",
        "of 2d + 1 points choose a lowest and a highest one in each coordinate, at most 2d points, "
        "and label them 1: the smallest box around them holds every point that is labelled 0",
    ),
    "rotated-rectangles": Proof(
        "seven corners of nearly a regular heptagon: all their labelings are decided below",
        "a point in the hull of the others cannot alone be 0, so 8 points would be in convex "
        "position, numbered around. A zero between ones is cut off by a side of its own, whose "
        "normal lies in the normal cone of that corner, and the four normals are 90° apart. Modulo "
        "90°, the zeros 1, 3, 5, 7 share an angle and so do 2, 4, 6, 8. The zeros i, i + 3, i + 5 "
        "must share one too, for all eight i: each of these orders the ends of the cones by a "
        "choice of two, and no choice of all eight is free of a contradiction",
    ),
    "circles": Proof(
        "the origin and the d unit vectors: half-spaces shatter them, and a ball that is large "
        "enough is a half-space as far as these points can tell",
        "d + 2 points have a Radon partition; if one ball held the first group alone and another "
        "the second alone, the plane where the powers of the two balls are equal would separate "
        "the groups, whose hulls meet",
    ),
    "rings": Proof(
        "two points at different distances: a ring is an interval of the distance",
        "three points, by distance, cannot be labelled 1, 0, 1; nor can two at one distance differ",
    ),
    "triangles": Proof(
        "7 points on a circle: the zeros form at most 3 runs around it, and a side cuts off each",
        "a point in the hull of the others cannot alone be 0, so 8 points would be in convex "
        "position; labelled 1, 0, 1, 0, … around, they have 4 runs of zeros, and a side cuts off "
        "one run at most",
    ),
    "polygons": Proof(
        "2k + 1 points on a circle: the zeros form at most k runs around it, and a side cuts off "
        "each",
        "a point in the hull of the others cannot alone be 0, so 2k + 2 points would be in convex "
        "position; labelled 1, 0, 1, 0, … around, they have k + 1 runs of zeros, and a side cuts "
        "off one run at most",
    ),
    "convex-polygons": Proof(
        "any number of points on a circle: the polygon whose corners are the points labelled 1 "
        "holds no other",
        "there is no largest number: a circle has room for any",
    ),
    "sine": Proof(
        "the points 10^(−1), …, 10^(−n) for any n: with labels y_i the frequency "
        "ω = π (1 + Σ (1 − y_i) 10^i) gives sin(ωx) ≥ 0 just where y_i is 1, although ω is the "
        "only parameter",
        "there is no largest number: n is any",
    ),
    "nearest-neighbours": Proof(
        "any different points: store each of them k times with its label, and its nearest "
        "neighbours are its own copies",
        "there is no largest number: as many points can be stored as one likes",
    ),
    "conjunctions": Proof(
        "the n points that have one 0, at place i, and ones elsewhere: the AND of those x_i whose "
        "point is labelled 0 is false just there",
        "of n + 1 points label one 0 and the others 1: that takes a literal that is false at that "
        "point alone. These n + 1 literals are different, so two of them are x and not x (for "
        "n = 1 the labels 0 0 would take both); for n ≥ 2 a third point makes both true, which "
        "cannot be (Natschläger and Schmitt 1996)",
    ),
    "monotone-conjunctions": Proof(
        "the n points that have one 0, at place i, and ones elsewhere: the AND of those x_i whose "
        "point is labelled 0 is false just there",
        "of n + 1 points label one 0 and the others 1: that takes an attribute that is 0 at that "
        "point alone, and there are only n attributes",
    ),
    "disjunctions": Proof(
        "the n points that have one 1, at place i: the OR of those x_i whose point is labelled 1",
        "the negation of an OR is an AND of the negated literals, and n + 1 points are not "
        "shattered by ANDs",
    ),
    "decision-lists": Proof(
        "the origin and the n unit vectors: test x_i for each i in turn, with the label of its "
        "point, and end with the label of the origin",
        "a decision list is a half-space of the attributes, with weights that halve from test to "
        "test, and half-spaces shatter at most n + 1 points",
    ),
    "parities": Proof(
        "the n unit vectors: choose the attributes whose point is labelled 1",
        "of n + 1 points of 0 and 1 some add up to zero modulo 2, so the label of one of them is "
        "the parity of the others' labels",
    ),
    "boolean-functions": ALL_FUNCTIONS,
    "decision-trees": ALL_FUNCTIONS,
}

HEPTAGON = ((4, 0), (2, 3), (-1, 4), (-4, 2), (-4, -2), (-1, -4), (2, -3))
"""A regular heptagon of radius 4, rounded to whole coordinates."""

FORMULAS: Mapping[str, str] = {"k-cnf": "conjunctions", "k-dnf": "disjunctions"}


def proof(named: HypothesisClass, size: Expr) -> Proof:
    """The proof for a class whose dimension is known, about the sizes at hand.

    The texts write d or n for the size of space and k for the class's own.
    """
    found = general_proof(named)
    space = "n" if named.over_attributes else "d"
    own = {letter: each for letter, each in ((space, size), ("k", first_size(named))) if each}
    return Proof(about(found.shattered, own), about(found.no_more, own))


def first_size(named: HypothesisClass) -> Expr | None:
    return named.sizes[0][1] if named.sizes else None


def about(text: str, sizes: Mapping[str, Expr]) -> str:
    """The text with the letters of this problem, and first what else its letters stand for."""
    words = set(re.findall(r"[^\W\d_]+", text))
    said: list[str] = []
    renamed: dict[str, str] = {}
    for letter, size in sizes.items():
        shown = one_line(size)
        if letter not in words or shown == letter:
            continue
        if isinstance(size, Symbol) and shown not in words:
            renamed[letter] = shown
        else:
            said.append(f"{letter} = {shown}")
    for letter in renamed:
        text = re.sub(rf"(?<![^\W\d_]){letter}(?![^\W_])", f"<{letter}>", text)
    for letter, shown in renamed.items():
        text = text.replace(f"<{letter}>", shown)
    return f"for {' and '.join(said)}, {text}" if said else text


def general_proof(named: HypothesisClass) -> Proof:
    if named.name in FORMULAS:
        return PROOFS[FORMULAS[named.name]] if named.number("k") == 1 else ALL_FUNCTIONS
    fixed = named.name == "intervals" and named.size("length") is not None
    return PROOFS["fixed-length" if fixed else named.name]


MOST_INTERVALS = 10
"""Of more no example is made: it could not be shown."""


def shattered_example(named: HypothesisClass, dimension: int) -> list[Point] | None:
    """As many points as the dimension, which the class shatters; None where it needs no picture."""
    zero, one = Fraction(0), Fraction(1)
    units = [tuple(one if i == j else zero for i in range(dimension)) for j in range(dimension)]
    origin = (zero,) * dimension
    match named.name:
        case "thresholds":
            return [(zero,)]
        case "both-rays":
            return [(zero,), (one,)]
        case "intervals":
            return interval_example(named)
        case "linear" | "circles":
            return [origin, *units]
        case "linear-through-origin":
            return units
        case "polynomials":
            degree = named.number("degree")
            return None if degree is None else grid(dimension, degree)
        case "rectangles":
            return [point for unit in units for point in (unit, tuple(-entry for entry in unit))]
        case "rotated-rectangles":
            return [(Fraction(x), Fraction(y)) for x, y in HEPTAGON]
        case "rings":
            return [units[0], tuple(2 * entry for entry in units[0])]
    return None


def interval_example(named: HypothesisClass) -> list[Point] | None:
    length, count = named.size("length"), named.number("count")
    if length is None:
        if count is None or count > MOST_INTERVALS:
            return None
        return [(Fraction(n),) for n in range(1, 2 * count + 1)]
    value = exact(length)
    return None if value is None else [(Fraction(0),), (value / 2,)]


def grid(dimension: int, degree: int) -> list[Point]:
    """The points of whole coordinates from 0 that add up to at most the degree."""
    cells = product(range(degree + 1), repeat=dimension)
    return [tuple(map(Fraction, cell)) for cell in cells if sum(cell) <= degree]
