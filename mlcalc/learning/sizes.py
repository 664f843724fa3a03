"""How many hypotheses a finite class has, counted; |H| stays a formula: 2^(2^20) costs nothing."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.derivation import Note, Step
from mlcalc.fields import as_number
from mlcalc.learning.bounds import CLASS_SIZE
from mlcalc.learning.hypothesis_class import HypothesisClass
from mlcalc.maths.evaluate import exact
from mlcalc.maths.letters import free_letter, letters_in
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Expr,
    Mul,
    Neg,
    Number,
    Pow,
    call,
    equals,
)
from mlcalc.records import Record

TWO, ONE, ZERO = as_number(2), as_number(1), as_number(0)
MOST_DIGITS = 21
"""A size of more digits is shown as the power that it is."""

SYNTACTIC = (
    "several of them are the same function, so this is the number of formulas, not functions"
)


class Counted(Record):
    """|H| as it is derived, the form that is carried on, why, and what it counts."""

    size: Expr
    reason: str
    formula: Expr
    remark: str = ""

    @property
    def number(self) -> Number | None:
        """The size in digits, where they are few."""
        value = exact(self.size)
        is_short = value is not None and value.numerator < 10**MOST_DIGITS
        return Number(value) if value is not None and is_short else None

    def step(self) -> Step:
        members = [self.formula, self.size, *([self.number] if self.number else [])]
        return Step("count the hypotheses", (equals(CLASS_SIZE, *members),), self.reason)

    def notes(self) -> list[Note]:
        return [Note("pac.class_size", self.remark)] if self.remark else []


def counted(
    named: HypothesisClass,
    attributes: Expr | None,
    grid: Expr | None = None,
    weights: Sequence[int] = (),
    repeats: bool = False,
) -> Counted | None:
    """The size of a finite class over n attributes; None where the class is infinite.

    `grid` is the number of points an axis, for boxes; `weights` the whole numbers that the
    weights of a linear classifier may be; `repeats` lets a tree test an attribute twice on a path.
    """
    taken = named.letters | letters_in(grid)
    n = attributes or free_letter(taken, "nd")
    match named.name:
        case "rectangles" if grid is not None:
            return boxes(attributes or free_letter(taken, "dn"), grid)
        case "linear" if weights:
            return discrete_linear(n, weights)
    if not named.over_attributes:
        return None
    match named.name:
        case "conjunctions" | "disjunctions":
            return literals(named, n)
        case "monotone-conjunctions":
            reason = "each attribute is in the conjunction or not"
            return simple(Pow(TWO, n), reason, "the empty conjunction, always true, is counted")
        case "parities":
            return simple(Pow(TWO, n), "each attribute is in the parity or not")
        case "boolean-functions":
            reason = "each of the 2^n rows of the truth table is 0 or 1"
            return simple(Pow(TWO, Pow(TWO, n)), reason)
        case "k-cnf" | "k-dnf":
            return clauses(named, n)
        case "decision-lists":
            return decision_lists(n)
    return trees(named, n, repeats)


def simple(size: Expr, reason: str, remark: str = "") -> Counted:
    return Counted(computed(size), reason, size, remark)


def computed(size: Expr) -> Expr:
    """Sums and the exponents of powers are worked out, a power of numbers is left as it stands."""
    match size:
        case Pow(base, exponent) if exact(base) is not None:
            return Pow(base, computed(exponent))
        case BigOp() | Add():
            value = exact(size)
            return size if value is None else Number(value)
        case Mul(factors):
            return Mul(tuple(map(computed, factors)))
    return size


def literals(named: HypothesisClass, n: Expr) -> Counted:
    """3^n, or Σ C(n, i)·2^i with at most k literals."""
    negation, empty = ("AND", "true") if named.name == "conjunctions" else ("OR", "false")
    remark = (
        f"without literals it is always {empty}, which is counted; x {negation} NOT x is not "
        "counted, with it there is one hypothesis more"
    )
    most = named.size("literals")
    limit, count = (None if most is None else exact(most)), exact(n)
    is_limited = most is not None and most != n
    if limit is not None and count is not None and limit >= count:
        is_limited = False
    if not is_limited or most is None:
        reason = "each attribute stands as it is, negated, or not at all"
        return simple(Pow(as_number(3), n), reason, remark)
    index = free_letter(letters_in(n, most), "ij")
    terms = call("binomial", n, index) * Pow(TWO, index)
    reason = f"choose {index.name} of the attributes, and for each whether it is negated"
    return simple(BigOp("sum", terms, index, ZERO, most), reason, remark)


def clauses(named: HypothesisClass, n: Expr) -> Counted:
    """2 to the number of clauses of 1 to k literals."""
    k = named.size("k")
    assert k is not None
    index = free_letter(letters_in(n, k), "ij")
    terms = call("binomial", n, index) * Pow(TWO, index)
    most, count = exact(k), exact(n)
    is_all = most is not None and count is not None and most > count
    size = Pow(TWO, BigOp("sum", terms, index, ONE, n if is_all else k))
    piece = "clause" if named.name == "k-cnf" else "term"
    reason = f"each {piece} of at most {one_line(k)} literals is in the formula or not"
    return simple(size, reason, SYNTACTIC)


def decision_lists(n: Expr) -> Counted:
    """2·Σ C(n, i)·i!·4^i: i tests in order, each attribute at most once (after Rivest 1987)."""
    index = free_letter(letters_in(n), "ij")
    terms = call("binomial", n, index) * call("factorial", index) * Pow(as_number(4), index)
    size = TWO * BigOp("sum", terms, index, ZERO, n)
    reason = (
        f"choose {index.name} attributes and their order, for each its sign and its output "
        "(4 ways), and the output at the end (2 ways)"
    )
    remark = f"no attribute is tested twice, which would be of no use; {SYNTACTIC}"
    return simple(size, reason, remark)


def trees(named: HypothesisClass, n: Expr, repeats: bool) -> Counted:
    """n^(2^k − 1)·2^(2^k), or Π (n − i)^(2^i)·2^(2^k) where no path repeats an attribute."""
    depth = named.size("depth")
    assert depth is not None
    most, count = exact(depth), exact(n)
    if not repeats and most is not None and count is not None and most > count:
        depth, most = n, count
    leaves = Pow(TWO, Pow(TWO, depth))
    shape = "full trees are counted; one that is less deep has the same function as a full one"
    if repeats:
        tests = Pow(n, Pow(TWO, depth) - 1)
        reason = "2^k − 1 inner nodes, each with one of n attributes, and 2^k leaves, each 0 or 1"
        return simple(tests * leaves, reason, f"{shape}; {SYNTACTIC}")
    reason = (
        "2^i nodes at depth i, each with one of the n − i attributes that its path has not used, "
        "and 2^k leaves, each 0 or 1"
    )
    if most is not None and most <= 6:
        powers = [
            Pow(less(n, level), as_number(2**level)) if level else n for level in range(int(most))
        ]
        size: Expr = Mul((*powers, leaves)) if powers else leaves
    else:
        index = free_letter(letters_in(n, depth), "ij")
        product = Pow(Add((n, Neg(index))), Pow(TWO, index))
        size = BigOp("product", product, index, ZERO, depth - 1) * leaves
    return Counted(trimmed(size), reason, size, f"{shape}; {SYNTACTIC}")


def less(n: Expr, level: int) -> Expr:
    value = exact(n)
    return n - level if value is None else Number(value - level)


def trimmed(size: Expr) -> Expr:
    value = exact(size)
    return size if value is None else Number(value)


def boxes(dimension: Expr, grid: Expr) -> Counted:
    """((g(g + 1)/2)^d + 1: two ends on each axis, or the empty box."""
    sides = grid * (grid + 1) / 2
    value = exact(sides)
    inside = Pow(sides if value is None else Number(value), dimension)
    reason = "on each axis a lowest and a highest of the g points, in g(g + 1)/2 ways"
    return Counted(inside + 1, reason, Pow(sides, dimension) + 1, "the empty box is counted, once")


def discrete_linear(n: Expr, weights: Sequence[int]) -> Counted:
    """|W|^n weights, and the thresholds that tell the sums apart."""
    low, high = min(0, *weights), max(0, *weights)
    thresholds = n * (high - low) + 2
    power = Pow(as_number(len(set(weights))), n)
    value = exact(thresholds)
    size = power * (thresholds if value is None else Number(value))
    reason = (
        f"w·x ≥ t with each weight one of {len(set(weights))} numbers; for attributes 0 and 1 the "
        f"sum w·x is a whole number between {low}n and {high}n, which leaves (that range) + 2 "
        "thresholds t"
    )
    return Counted(size, reason, power * thresholds, SYNTACTIC)


def given_list(count: int) -> Counted:
    return Counted(as_number(count), "the hypotheses are listed", as_number(count))


def described(bits: Expr) -> Counted:
    """2^b: at most so many descriptions of b bits (Kraft 1949)."""
    return simple(Pow(TWO, bits), "a description of b bits is one of 2^b")
