"""The working of a VC dimension: both halves of the proof, the growth function, break points."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial

from mlcalc.files.fields import as_number, whole
from mlcalc.learning.hypothesis_class import HypothesisClass
from mlcalc.learning.labelings import chosen, count_step, points_step, table_step, verdict
from mlcalc.learning.vc_dimension import (
    MOST_TERMS,
    growth,
    is_infinite,
    letter_of,
    plus,
    sauer,
    written_out,
)
from mlcalc.maths.board import line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.letters import free_letter, letters_in
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Later, replace
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Expr,
    Mul,
    Number,
    Symbol,
    Words,
    joined,
    spread,
    substitute,
)
from mlcalc.showing.derivation import Answer, Result, Step, count_answer, step

LARGEST_EXAMPLE = 7


def proof_steps(named: HypothesisClass, size: Expr, dimension: Expr) -> list[Step]:
    """A shattered set, and why none is larger, about the sizes at hand.

    The texts write d or n for the size of space and k for the class's own.
    """
    proof = named.sort.proof
    halves = proof(named) if callable(proof) else proof
    letters = {"n" if named.over_attributes else "d": size}
    if named.sizes:
        letters["k"] = named.sizes[0][1]
    shattered, no_more = about(halves.shattered, letters), about(halves.no_more, letters)
    rule = "show a set that is shattered"
    lower = step(rule, why=shattered, substeps=example(named, size))
    if is_infinite(dimension):
        return [lower, step("conclude", "d_VC = inf", why=no_more)]
    upper = step("show that no larger set is shattered", why=no_more)
    return [lower, upper, step("read off the VC dimension", "d_VC = top", top=dimension)]


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


def example(named: HypothesisClass, size: Expr) -> tuple[Step, ...]:
    """The shattered set for the numbers at hand, its labelings decided one by one."""
    known, make = whole(size), named.sort.example
    small = known is not None and known <= LARGEST_EXAMPLE
    points = make(named, known) if make is not None and known is not None and small else None
    if points is None or len(points) > LARGEST_EXAMPLE:
        return ()
    found = named.decider(points)
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
) -> tuple[Sequence[Step], list[Answer]]:
    """The growth function in n, and its value where the number of points is known."""
    count = None if points is None else exact(points)
    # N where n is already the number of attributes.
    own = free_letter(named.letters | letters_in(size or letter_of(named)), "nN")
    letter = own if points is None or count is not None else points
    formula = growth(named, letter, size)
    if formula is None:
        return unknown_growth(letter, count, dimension)
    if count is None:
        value, symbol = expanded(formula), line("m_H(n)", n=letter)
        answer = count_answer("growth", formula if value is None else value, symbol)
        return Later(lambda: (growth_step(named, letter, formula),)), [answer]
    put_in = substitute(formula, {letter: as_number(int(count))})
    symbol, number = line("m_H(n)", n=count), exact(put_in)

    def steps() -> Iterator[Step]:
        yield growth_step(named, letter, formula)
        if number is not None:
            yield step("put in the number of points", "m_H(n) = written = value", n=count,
                       written=written_out(put_in), value=number)  # fmt: skip

    return Later(steps), [count_answer("growth", put_in if number is None else number, symbol)]


def growth_step(named: HypothesisClass, letter: Expr, formula: Expr) -> Step:
    """The growth function in its letter."""
    reason = named.sort.growth_reason
    return step(
        "state the growth function",
        "m_H(n) = formula = expanded",
        why=about(reason(named) if callable(reason) else reason, {"n": letter}),
        n=letter,
        formula=formula,
        expanded=expanded(formula),
    )


def unknown_growth(
    letter: Expr, count: Fraction | None, dimension: Expr, of_any_class: bool = False
) -> tuple[list[Step], list[Answer]]:
    """Up to the VC dimension it is 2^n; beyond, Sauer's bound, which some class attains."""
    top = exact(dimension)
    points = letter if count is None else as_number(int(count))
    own, power = line("m_H(n)", n=points), line("2^n", n=points)
    if count is not None and top is not None and count <= top:
        value = exact(power)
        return [
            step("state the growth function", "own = power = value", own=own, power=power,
                 value=value, why="some set of n points is shattered")
        ], [count_answer("growth", power if value is None else value, own)]  # fmt: skip
    bound = sauer(points, dimension)
    value = exact(bound)
    worked = None if value is None else [*written_out(bound)[1:], Number(value)]
    if of_any_class:
        why = "no class of this VC dimension has more (Sauer 1972), and some class has as many"
        answers = [growth_bound(own, bound, exact(line("2^d", d=dimension)))]
    else:
        why = (
            "no class of this VC dimension has more (Sauer 1972); the growth function of this "
            "class is not known in closed form here"
        )
        answers = []
    bounded = step("bound the growth function", "own <= bound = worked", own=own, bound=bound,
                   worked=worked, why=why)  # fmt: skip
    return [bounded], answers


def growth_bound(own: Expr, bound: Expr, least: Fraction | None) -> Answer:
    """The growth function of classes of which the VC dimension alone is known: at most `bound`."""
    number = exact(bound)
    answer = count_answer("growth", bound if number is None else number)
    maths = line("own <= bound", own=own, bound=answer.maths)
    accepts = None
    if number is not None and least is not None:
        accepts = partial(may_be_growth, least, number)
    return replace(answer, maths=maths, accepts=accepts, inequalities=("<=",))


def may_be_growth(least: Fraction, most: Fraction, value: Result) -> bool | None:
    """None for a whole number that some class has: which class it is, is left open."""
    if isinstance(value, Fraction) and value.denominator == 1 and least <= value < most:
        return None
    return value == most


def expanded(formula: Expr) -> Expr | None:
    """A sum of few binomial coefficients, written out as a polynomial in n."""
    *factor, inner = spread(Mul, formula)
    if not isinstance(inner, BigOp) or inner.high is None:
        return None
    high, body = exact(inner.high), inner.body
    if high is None or high >= MOST_TERMS or not isinstance(body, Call):
        return None
    points = body.arguments[0]
    polynomial = joined(Add, [falling(points, size) for size in range(int(high) + 1)])
    return line("factor * polynomial", factor=factor, polynomial=polynomial)


def falling(points: Expr, size: int) -> Expr:
    """C(n, i) as n (n − 1) … / i!."""
    if size == 0:
        return as_number(1)
    factors = [plus(points, -taken) for taken in range(size)]
    product = joined(Mul, factors)
    return product if size == 1 else product / as_number(math.factorial(size))


def can_shatter_step(points: Expr, dimension: Expr) -> tuple[Step, Answer] | None:
    """Whether some set of that many points is shattered; None where letters leave it open."""
    count, top = exact(points), exact(dimension)
    if not is_infinite(dimension) and (count is None or top is None):
        return None
    can = is_infinite(dimension) or (count is not None and top is not None and count <= top)
    why = (
        "some set of so many points is shattered, since each part of a shattered set is"
        if can
        else "no set of so many points is shattered"
    )
    compared = step(
        "compare the number of points with the VC dimension",
        "n <= d_VC = top" if can else "n > d_VC = top",
        why=why,
        n=points,
        top=dimension,
    )
    return compared, Answer("can_shatter", can, Words("yes" if can else "no"))
