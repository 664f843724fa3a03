"""The VC dimension and the growth function of the classes that have a theorem for them.

Both are formulas in the dimension d of space (or the number n of Boolean attributes) and in the
sizes of the class; `None` is what has no closed formula that mlcalc knows.
"""

from __future__ import annotations

from mlcalc.fields import as_number, whole
from mlcalc.learning.hypothesis_class import HypothesisClass
from mlcalc.maths.evaluate import exact
from mlcalc.maths.letters import free_letter, letters_in
from mlcalc.maths.tree import Add, BigOp, Call, Expr, Mul, Neg, Number, Symbol, call, free_symbols

N, INF = Symbol("n"), Symbol("inf")

MOST_TERMS = 4
"""A growth function of more terms is not written as a polynomial."""

ON_THE_LINE = ("thresholds", "both-rays", "intervals", "sine")
IN_THE_PLANE = ("rotated-rectangles", "triangles", "polygons", "convex-polygons")


def space_of(named: HypothesisClass) -> Expr | None:
    """The one dimension that the class lives in; None where any will do."""
    if named.name in ON_THE_LINE:
        return as_number(1)
    return as_number(2) if named.name in IN_THE_PLANE else None


def letter_of(named: HypothesisClass, *typed: Expr | None) -> Symbol:
    """d for the dimension of space, n for the number of attributes, if no typed formula has it."""
    taken = named.letters | letters_in(*typed)
    return free_letter(taken, "nd" if named.over_attributes else "dn")


def vc_dimension(named: HypothesisClass, dimension: Expr | None = None) -> Expr | None:
    """The VC dimension, `inf` where it is infinite; `dimension` is d or n."""
    size = dimension or space_of(named) or letter_of(named)
    match named.name:
        case "thresholds":
            return as_number(1)
        case "both-rays" | "rings":
            return as_number(2)
        case "intervals":
            return intervals_dimension(named)
        case "linear" | "circles":
            return plus(size, 1)
        case "linear-through-origin" | "monotone-conjunctions" | "parities":
            return size
        case "polynomials":
            return polynomial_terms(size, argument(named, "degree"))
        case "rectangles":
            return times(2, size)
        case "rotated-rectangles" | "triangles":
            return as_number(7)
        case "polygons":
            return plus(times(2, argument(named, "k")), 1)
        case "convex-polygons" | "sine" | "nearest-neighbours":
            return INF
        case "conjunctions" | "disjunctions":
            return size if limits_nothing(named.size("literals"), size) else None
        case "decision-lists":
            return plus(size, 1)
        case "boolean-functions":
            return computed(as_number(2) ** size)
        case "k-cnf" | "k-dnf":
            return bounded_formulas(argument(named, "k"), size)
        case "decision-trees":
            limit = argument(named, "depth")
            return computed(as_number(2) ** size) if limits_nothing(limit, size) else None
    return None


def growth(named: HypothesisClass, points: Expr, dimension: Expr | None = None) -> Expr | None:
    """The growth function m(n): the most labelings of n ≥ 1 points that the class realises."""
    size = dimension or space_of(named) or letter_of(named)
    match named.name:
        case "thresholds":
            return points + 1
        case "both-rays":
            return 2 * points
        case "intervals":
            if named.size("length") is not None:
                return 2 * points if intervals_dimension(named) is not None else None
            return sauer(points, times(2, argument(named, "count")))
        case "rings":
            return sauer(points, as_number(2))
        case "linear" | "linear-through-origin" | "polynomials":
            terms = vc_dimension(named, dimension)
            return None if terms is None else 2 * sauer(plus(points, -1), plus(terms, -1))
        case "circles":
            return sauer(points, plus(size, 1))
        case "convex-polygons" | "sine" | "nearest-neighbours":
            return as_number(2) ** points
        case "parities" | "boolean-functions":
            most = vc_dimension(named, dimension)
            return None if most is None else as_number(2) ** smaller(points, most)
    return None


def sauer(points: Expr, dimension: Expr) -> Expr:
    """Σ_{i=0}^{d} C(n, i), which no class of VC dimension d exceeds (Sauer 1972, Shelah 1972)."""
    index = free_letter(letters_in(points, dimension), "ij")
    return BigOp("sum", call("binomial", points, index), index, as_number(0), dimension)


def written_out(formula: Expr) -> list[Expr]:
    """A sum of binomial coefficients, with numbers, term by term where they are few."""
    inner = formula.factors[-1] if isinstance(formula, Mul) else formula
    if not isinstance(inner, BigOp) or inner.high is None or not isinstance(inner.body, Call):
        return [formula]
    high = exact(inner.high)
    if high is None or not 1 <= high <= 2 * MOST_TERMS:
        return [formula]
    points = inner.body.arguments[0]
    terms = [call("binomial", points, as_number(size)) for size in range(int(high) + 1)]
    members = [Add(tuple(terms)), Add(tuple(map(computed, terms)))]
    if isinstance(formula, Mul):
        return [formula, *(formula.factors[0] * member for member in members)]
    return [formula, *members]


def intervals_dimension(named: HypothesisClass) -> Expr | None:
    """2k for unions of k intervals; 2 for one of a fixed length."""
    count = argument(named, "count")
    if named.size("length") is None:
        return times(2, count)
    return as_number(2) if whole(count) == 1 else None


def bounded_formulas(k: Expr, attributes: Expr) -> Expr | None:
    """k-CNF and k-DNF: n for k = 1, and 2^n where clauses hold all the attributes."""
    if whole(k) == 1:
        return attributes
    return computed(as_number(2) ** attributes) if limits_nothing(k, attributes) else None


def polynomial_terms(dimension: Expr, degree: Expr) -> Expr:
    """How many monomials of that degree at most d variables have: C(d + k, k)."""
    if exact(dimension) == 1:
        return plus(degree, 1)
    return computed(call("binomial", dimension + degree, degree))


def limits_nothing(limit: Expr | None, attributes: Expr) -> bool:
    """Whether a limit, where there is one, is as large as the number of attributes."""
    if limit is None or limit == attributes:
        return True
    most, all_of_them = exact(limit), exact(attributes)
    return most is not None and all_of_them is not None and most >= all_of_them


def argument(named: HypothesisClass, name: str) -> Expr:
    found = named.size(name)
    assert found is not None, f"{named.name} has no {name}"
    return found


def smaller(left: Expr, right: Expr) -> Expr:
    a, b = exact(left), exact(right)
    if a is not None and b is not None:
        return left if a <= b else right
    return call("min", left, right)


def computed(formula: Expr) -> Expr:
    """The number, where the formula has no letters and is not too large."""
    value = exact(formula)
    return formula if value is None else Number(value)


def plus(left: Expr, right: int) -> Expr:
    """The sum with its numbers taken together: (d + 1) − 1 is d, (n − 1) − 1 is n − 2."""
    terms = left.terms if isinstance(left, Add) else (left,)
    kept = [term for term in terms if exact(term) is None]
    total = right + sum(exact(term) or 0 for term in terms)
    if total or not kept:
        kept.append(as_number(total) if total >= 0 or not kept else Neg(as_number(-total)))
    return kept[0] if len(kept) == 1 else Add(tuple(kept))


def times(factor: int, right: Expr) -> Expr:
    value = exact(right)
    return factor * right if value is None else Number(factor * value)


def is_infinite(dimension: Expr) -> bool:
    return dimension == INF


def has_letters(formula: Expr) -> bool:
    return bool(free_symbols(formula) - {INF})
