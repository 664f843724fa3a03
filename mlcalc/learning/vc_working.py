"""The working of a VC dimension: both halves of the proof, the growth function, break points."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial

from mlcalc.derivation import Answer, Block, Result, Step, count_answer
from mlcalc.fields import as_number, whole
from mlcalc.learning.bounds import GROWTH
from mlcalc.learning.hypothesis_class import HypothesisClass
from mlcalc.learning.labelings import chosen, count_step, points_step, table_step, verdict
from mlcalc.learning.shattering.deciders import decider
from mlcalc.learning.shattering.writing import total
from mlcalc.learning.vc_dimension import (
    INF,
    MOST_TERMS,
    growth,
    is_infinite,
    letter_of,
    plus,
    sauer,
    written_out,
)
from mlcalc.learning.vc_dimension_proofs import about, proof, shattered_example
from mlcalc.maths.evaluate import exact
from mlcalc.maths.letters import free_letter, letters_in
from mlcalc.maths.tree import (
    BigOp,
    Call,
    Chain,
    Expr,
    Mul,
    Number,
    Symbol,
    Words,
    equals,
    substitute,
)
from mlcalc.records import replace

VC = Symbol("d", "VC")
LARGEST_EXAMPLE = 7


def proof_steps(named: HypothesisClass, size: Expr, dimension: Expr) -> list[Step]:
    """A shattered set, and why none is larger."""
    halves = proof(named, size)
    lower = Step("show a set that is shattered", (), halves.shattered, example(named, size))
    if is_infinite(dimension):
        return [lower, Step("conclude", (equals(VC, INF),), halves.no_more)]
    upper = Step("show that no larger set is shattered", (), halves.no_more)
    return [lower, upper, Step("read off the VC dimension", (equals(VC, dimension),))]


def example(named: HypothesisClass, size: Expr) -> tuple[Step, ...]:
    """The shattered set for the numbers at hand, its labelings decided one by one."""
    known = whole(size)
    points = None if known is None or known > LARGEST_EXAMPLE else shattered_example(named, known)
    if points is None or len(points) > LARGEST_EXAMPLE:
        return ()
    found = decider(named, points)
    if found is None:
        return ()
    result = verdict(found)
    assert result.is_shattered, f"{named} shatters its example"
    return (
        points_step(found),
        table_step(found, result, chosen(found, None)),
        count_step(result, None),
    )


def break_point(dimension: Expr) -> Answer:
    """The smallest number of points of which no set is shattered: one more than the dimension."""
    value = plus(dimension, 1)
    return count_answer("break_point", value.value if isinstance(value, Number) else value)


def growth_steps(
    named: HypothesisClass, points: Expr | None, dimension: Expr, size: Expr | None
) -> tuple[list[Step], list[Answer]]:
    """The growth function in n, and its value where the number of points is known."""
    letter = (
        points if points is not None and exact(points) is None else counting_letter(named, size)
    )
    symbol = growth_symbol(letter)
    formula = growth(named, letter, size)
    count = None if points is None else exact(points)
    if formula is None:
        return unknown_growth(letter, count, dimension)
    steps = [
        Step(
            "state the growth function",
            (equals(symbol, formula, *expanded(formula)),),
            about(why(named), {"n": letter}),
        )
    ]
    if count is None:
        value = (expanded(formula) or (formula,))[-1]
        return steps, [count_answer("growth", value, symbol)]
    put_in = substitute(formula, {letter: as_number(int(count))})
    own = growth_symbol(as_number(int(count)))
    number = exact(put_in)
    if number is None:
        return steps, [count_answer("growth", put_in, own)]
    steps.append(Step("put in the number of points", (equals(own, *written_out(put_in), number),)))
    return steps, [count_answer("growth", number, own)]


def counting_letter(named: HypothesisClass, size: Expr | None) -> Symbol:
    """n, or N where n is already the number of attributes."""
    return free_letter(named.letters | letters_in(size or letter_of(named)), "nN")


def growth_symbol(points: Expr) -> Expr:
    return Call(GROWTH.spelled, (points,))


def unknown_growth(
    letter: Expr, count: Fraction | None, dimension: Expr, of_any_class: bool = False
) -> tuple[list[Step], list[Answer]]:
    """Up to the VC dimension it is 2^n; beyond, Sauer's bound, which some class attains."""
    top = exact(dimension)
    points = letter if count is None else as_number(int(count))
    own = growth_symbol(points)
    if count is not None and top is not None and count <= top:
        power = as_number(2) ** points
        value = exact(power)
        chain = equals(own, power, *([] if value is None else [value]))
        step = Step("state the growth function", (chain,), "some set of n points is shattered")
        return [step], [count_answer("growth", power if value is None else value, own)]
    bound = sauer(points, dimension)
    value = exact(bound)
    links: list[tuple[str, Expr]] = [("<=", bound)]
    if value is not None:
        links += [("=", member) for member in (*written_out(bound)[1:], Number(value))]
    note = "no class of this VC dimension has more (Sauer 1972)"
    if not of_any_class:
        note += "; the growth function of this class is not known in closed form here"
        return [Step("bound the growth function", (Chain(own, tuple(links)),), note)], []
    note += ", and some class has as many"
    step = Step("bound the growth function", (Chain(own, tuple(links)),), note)
    return [step], [growth_bound(own, bound, exact(as_number(2) ** dimension))]


def growth_bound(own: Expr, bound: Expr, least: Fraction | None) -> Answer:
    """The growth function of classes of which the VC dimension alone is known: at most `bound`."""
    number = exact(bound)
    answer = count_answer("growth", bound if number is None else number)
    line = Chain(own, (("<=", answer.maths),))
    accepts = None
    if number is not None and least is not None:
        accepts = partial(may_be_growth, least, number)
    return replace(answer, maths=line, accepts=accepts, inequalities=("<=",))


def may_be_growth(least: Fraction, most: Fraction, value: Result) -> bool | None:
    """None for a whole number that some class has: which class it is, is left open."""
    if isinstance(value, Fraction) and value.denominator == 1 and least <= value < most:
        return None
    return value == most


def expanded(formula: Expr) -> list[Expr]:
    """A sum of few binomial coefficients, written out as a polynomial in n."""
    factor, inner = (
        (formula.factors[0], formula.factors[1]) if isinstance(formula, Mul) else (None, formula)
    )
    if not isinstance(inner, BigOp) or inner.high is None:
        return []
    high, body = exact(inner.high), inner.body
    if high is None or high >= MOST_TERMS or not isinstance(body, Call):
        return []
    points = body.arguments[0]
    terms = [falling(points, size) for size in range(int(high) + 1)]
    polynomial = total(terms)
    return [polynomial if factor is None else factor * polynomial]


def falling(points: Expr, size: int) -> Expr:
    """C(n, i) as n (n − 1) … / i!."""
    if size == 0:
        return as_number(1)
    factors = [plus(points, -taken) for taken in range(size)]
    product = factors[0] if size == 1 else Mul(tuple(factors))
    return product if size == 1 else product / as_number(math.factorial(size))


def why(named: HypothesisClass) -> str:
    """How the growth function is counted."""
    match named.name:
        case "thresholds":
            return "a ray is told by the gap between neighbouring points where it begins"
        case "both-rays":
            return (
                "a ray begins in one of n + 1 gaps and goes one of two ways; all and none coincide"
            )
        case "intervals" if named.size("length") is not None:
            return "as the interval moves, a point comes in or goes out 2n times"
        case "intervals" | "rings":
            return "the labels change at most twice an interval: choose where"
        case "linear" | "linear-through-origin" | "polynomials":
            return (
                "for points in general position (Cover 1965): a new point's plane cuts in two each "
                "region of the weights that it meets"
            )
        case "circles":
            return "half of the half-spaces of points lifted by |x|², in general position"
        case "parities":
            return "the labels are linear in the chosen attributes modulo 2"
    return "any number of points is shattered"


def can_shatter_step(points: Expr, dimension: Expr) -> tuple[Step, Answer] | None:
    """Whether some set of that many points is shattered; None where letters leave it open."""
    count, top = exact(points), exact(dimension)
    if not is_infinite(dimension) and (count is None or top is None):
        return None
    can = is_infinite(dimension) or (count is not None and top is not None and count <= top)
    relation = "<=" if can else ">"
    blocks: tuple[Block, ...] = (Chain(points, ((relation, VC), ("=", dimension))),)
    note = (
        "some set of so many points is shattered, since each part of a shattered set is"
        if can
        else "no set of so many points is shattered"
    )
    rule = "compare the number of points with the VC dimension"
    return Step(rule, blocks, note), Answer("can_shatter", can, Words("yes" if can else "no"))
