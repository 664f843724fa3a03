"""How many hypotheses a finite class has, counted; |H| stays a formula: 2^(2^20) costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from mlcalc.files.fields import as_number
from mlcalc.learning.bounds.theorems import CLASS_SIZE
from mlcalc.maths.board import Note, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.letters import free_letter, letters_in
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Add, BigOp, Expr, Mul, Number, Pow, equals
from mlcalc.showing.derivation import Step

if TYPE_CHECKING:
    from mlcalc.learning.hypothesis_class import HypothesisClass

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


class Limits(Record):
    """What makes a class finite, or larger.

    `grid` is the number of points an axis, for boxes; `weights` the whole numbers that the weights
    of a linear classifier may be; `repeats` lets a tree test an attribute twice on a path.
    """

    grid: Expr | None = None
    weights: tuple[int, ...] = ()
    repeats: bool = False


Counting: TypeAlias = "Callable[[HypothesisClass, Expr, Limits], Counted | None]"
"""The size of a class over n attributes; None where it is infinite."""


def counted(named: HypothesisClass, attributes: Expr | None, limits: Limits) -> Counted | None:
    """The size of a finite class; None where the class is infinite."""
    taken = named.letters | letters_in(limits.grid)
    n = attributes or free_letter(taken, "nd" if limits.grid is None else "dn")
    return None if named.sort.size is None else named.sort.size(named, n, limits)


def simply(size: str, reason: str, remark: str = "") -> Counting:
    """A formula in n."""
    return lambda _, n, __: simple(line(size, n=n), reason, remark)


def simple(size: Expr, reason: str, remark: str = "") -> Counted:
    return Counted(computed(size), reason, size, remark)


def computed(size: Expr) -> Expr:
    """Sums and the exponents of powers are worked out, a power of numbers is left as it stands."""
    match size:
        case Pow(base, exponent) if exact(base) is not None:
            return Pow(base, computed(exponent))
        case BigOp() | Add():
            return trimmed(size)
        case Mul(factors):
            return Mul(tuple(map(computed, factors)))
    return size


def trimmed(size: Expr) -> Expr:
    value = exact(size)
    return size if value is None else Number(value)


def is_limited(limit: Expr | None, n: Expr) -> bool:
    """Whether a limit is below the number of attributes, as far as that is known."""
    most, count = (None if each is None else exact(each) for each in (limit, n))
    return limit not in (None, n) and (most is None or count is None or most < count)


def literals(named: HypothesisClass, n: Expr, _: Limits) -> Counted:
    """3^n, or Σ C(n, i)·2^i with at most k literals."""
    negation, empty = ("AND", "true") if named.name == "conjunctions" else ("OR", "false")
    remark = (
        f"without literals it is always {empty}, which is counted; x {negation} NOT x is not "
        "counted, with it there is one hypothesis more"
    )
    most = named.size("literals")
    if most is None or not is_limited(most, n):
        reason = "each attribute stands as it is, negated, or not at all"
        return simple(line("3^n", n=n), reason, remark)
    i = free_letter(letters_in(n, most), "ij")
    reason = f"choose {i.name} of the attributes, and for each whether it is negated"
    size = line("sum(binomial(n, i)*2^i, i, 0, most)", n=n, i=i, most=most)
    return simple(size, reason, remark)


def clauses(named: HypothesisClass, n: Expr, _: Limits) -> Counted:
    """2 to the number of clauses of 1 to k literals."""
    k = named.size("k")
    assert k is not None
    most, count = exact(k), exact(n)
    top = n if most is not None and count is not None and most > count else k
    i = free_letter(letters_in(n, k), "ij")
    piece = "clause" if named.name == "k-cnf" else "term"
    reason = f"each {piece} of at most {one_line(k)} literals is in the formula or not"
    size = line("2^sum(binomial(n, i)*2^i, i, 1, top)", n=n, i=i, top=top)
    return simple(size, reason, SYNTACTIC)


def decision_lists(_: HypothesisClass, n: Expr, __: Limits) -> Counted:
    """i tests in order, each attribute at most once (after Rivest 1987)."""
    i = free_letter(letters_in(n), "ij")
    reason = (
        f"choose {i.name} attributes and their order, for each its sign and its output "
        "(4 ways), and the output at the end (2 ways)"
    )
    remark = f"no attribute is tested twice, which would be of no use; {SYNTACTIC}"
    size = line("2*sum(binomial(n, i)*i!*4^i, i, 0, n)", n=n, i=i)
    return simple(size, reason, remark)


def trees(named: HypothesisClass, n: Expr, limits: Limits) -> Counted:
    """n^(2^k − 1)·2^(2^k), or Π (n − i)^(2^i)·2^(2^k) where no path repeats an attribute."""
    depth = named.size("depth")
    assert depth is not None
    most, count = exact(depth), exact(n)
    remark = (
        "full trees are counted; one that is less deep has the same function as a full one; "
        f"{SYNTACTIC}"
    )
    if limits.repeats:
        size = line("n^(2^k - 1) * 2^(2^k)", n=n, k=depth)
        reason = "2^k − 1 inner nodes, each with one of n attributes, and 2^k leaves, each 0 or 1"
        return simple(size, reason, remark)
    if most is not None and count is not None and most > count:
        depth, most = n, count
    reason = (
        "2^i nodes at depth i, each with one of the n − i attributes that its path has not used, "
        "and 2^k leaves, each 0 or 1"
    )
    if most is not None and most <= 6:
        left = (n if not i else trimmed(n - i) for i in range(int(most)))
        levels = [Pow(a, as_number(2**i)) if i else a for i, a in enumerate(left)]
        size = line("levels * 2^(2^k)", levels=levels, k=depth)
    else:
        i = free_letter(letters_in(n, depth), "ij")
        size = line("product((n - i)^(2^i), i, 0, k - 1) * 2^(2^k)", n=n, i=i, k=depth)
    return Counted(trimmed(size), reason, size, remark)


def boxes(_: HypothesisClass, dimension: Expr, limits: Limits) -> Counted | None:
    """Two ends on each axis, or the empty box."""
    if limits.grid is None:
        return None
    sides = line("g*(g + 1)/2", g=limits.grid)
    reason = "on each axis a lowest and a highest of the g points, in g(g + 1)/2 ways"
    size, formula = (line("s^d + 1", s=s, d=dimension) for s in (trimmed(sides), sides))
    return Counted(size, reason, formula, "the empty box is counted, once")


def discrete_linear(_: HypothesisClass, n: Expr, limits: Limits) -> Counted | None:
    """|W|^n weights, and the thresholds that tell the sums apart."""
    if not limits.weights:
        return None
    low, high = min(0, *limits.weights), max(0, *limits.weights)
    values = len(set(limits.weights))
    thresholds = line("n*width + 2", n=n, width=high - low)
    size, formula = (line("w^n * t", w=values, n=n, t=t) for t in (trimmed(thresholds), thresholds))
    reason = (
        f"w·x ≥ t with each weight one of {values} numbers; for attributes 0 and 1 the "
        f"sum w·x is a whole number between {low}n and {high}n, which leaves (that range) + 2 "
        "thresholds t"
    )
    return Counted(size, reason, formula, SYNTACTIC)


def given_list(count: int) -> Counted:
    return Counted(as_number(count), "the hypotheses are listed", as_number(count))


def described(bits: Expr) -> Counted:
    """2^b: at most so many descriptions of b bits (Kraft 1949)."""
    return simple(line("2^b", b=bits), "a description of b bits is one of 2^b")
