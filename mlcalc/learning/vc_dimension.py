"""The VC dimension and the growth function of a class, by the formulas of its record."""

from __future__ import annotations

from mlcalc.files.fields import as_number
from mlcalc.learning.class_catalogue import Rule
from mlcalc.learning.hypothesis_class import HypothesisClass
from mlcalc.maths.board import Fill, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.letters import free_letter, letters_in
from mlcalc.maths.tree import Add, BigOp, Call, Expr, Mul, Neg, Number, Symbol, call, joined, spread

N, INF, VC = Symbol("n"), Symbol("inf"), Symbol("d", "VC")

MOST_TERMS = 4
"""A growth function of more terms is not written as a polynomial."""


def space_of(named: HypothesisClass) -> Expr | None:
    """The one dimension that the class lives in; None where any will do."""
    return None if named.sort.space is None else as_number(named.sort.space)


def letter_of(named: HypothesisClass, *typed: Expr | None) -> Symbol:
    """d for the dimension of space, n for the number of attributes, if no typed formula has it."""
    taken = named.letters | letters_in(*typed)
    return free_letter(taken, "nd" if named.over_attributes else "dn")


def vc_dimension(named: HypothesisClass, dimension: Expr | None = None) -> Expr | None:
    """The VC dimension, `inf` where it is infinite, None where no formula is known for it.

    `dimension` is that of space or the number of attributes; a letter where it is not given.
    """
    size = dimension or space_of(named) or letter_of(named)
    found = by_rule(named.sort.dimension, named, size)
    return None if found is None else tidied(found)


def growth(named: HypothesisClass, points: Expr, dimension: Expr | None = None) -> Expr | None:
    """The most labelings of so many points, from 1, that the class realises."""
    size = dimension or space_of(named) or letter_of(named)
    top = vc_dimension(named, size)
    return by_rule(
        named.sort.growth, named, size, m=points, vc=top, smaller=smaller,
        sauer=lambda n, most: sauer(tidied(n), tidied(most)),
    )  # fmt: skip


def by_rule(rule: Rule, named: HypothesisClass, size: Expr, **more: Fill) -> Expr | None:
    """A formula of a record with the sizes at hand."""
    text = rule(named, size) if callable(rule) else rule
    return None if text is None else line(text, d=size, n=size, **dict(named.sizes), **more)


def sauer(points: Expr, dimension: Expr) -> Expr:
    """Σ_{i=0}^{d} C(n, i), which no class of VC dimension d exceeds (Sauer 1972, Shelah 1972)."""
    index = free_letter(letters_in(points, dimension), "ij")
    return BigOp("sum", call("binomial", points, index), index, as_number(0), dimension)


def written_out(formula: Expr) -> list[Expr]:
    """A sum of binomial coefficients, with numbers, term by term where they are few."""
    inner = spread(Mul, formula)[-1]
    if not isinstance(inner, BigOp) or inner.high is None or not isinstance(inner.body, Call):
        return [formula]
    high = exact(inner.high)
    if high is None or not 1 <= high <= 2 * MOST_TERMS:
        return [formula]
    points = inner.body.arguments[0]
    terms = [call("binomial", points, as_number(size)) for size in range(int(high) + 1)]
    members = [Add(tuple(terms)), Add(tuple(map(tidied, terms)))]
    if isinstance(formula, Mul):
        return [formula, *(formula.factors[0] * member for member in members)]
    return [formula, *members]


def smaller(left: Expr, right: Expr) -> Expr:
    a, b = exact(left), exact(right)
    if a is not None and b is not None:
        return left if a <= b else right
    return call("min", left, right)


def tidied(formula: Expr) -> Expr:
    """The number where there are no letters, else a sum with its numbers taken together.

    (d + 1) − 1 is d, (n − 1) − 1 is n − 2.
    """
    value = exact(formula)
    if value is not None or not isinstance(formula, Add):
        return formula if value is None else Number(value)
    kept = [term for term in formula.terms if exact(term) is None]
    total = sum(exact(term) or 0 for term in formula.terms)
    if total:
        kept.append(Number(total) if total > 0 else Neg(Number(-total)))
    return joined(Add, kept)


def plus(left: Expr, right: int) -> Expr:
    """The sum with its numbers taken together."""
    return tidied(left + right if right >= 0 else left - (-right))


def is_infinite(dimension: Expr) -> bool:
    return dimension == INF
