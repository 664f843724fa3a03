"""One bound solved for what is missing: from the probability of failure to the rounded number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache

from mlcalc.learning.bounds.iterated import Iterations, smallest_between, smallest_whole
from mlcalc.learning.bounds.theorems import (
    CLASS_SIZE,
    DIMENSION,
    EPSILON,
    GROWTH_MEANINGS,
    UNKNOWNS,
    Bound,
    N,
    formula,
    with_growth,
)
from mlcalc.maths.board import Note, Prose, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import EvaluationError, TooLarge
from mlcalc.maths.numerics.intervals import Enclosed, at_most, valued
from mlcalc.maths.records import Later, Record
from mlcalc.maths.tree import (
    Call,
    Chain,
    Decimal,
    Div,
    Expr,
    Indexed,
    Mul,
    Number,
    Pow,
    Symbol,
    Words,
    free_symbols,
    map_parts,
    substitute,
    walk,
)
from mlcalc.showing.derivation import LONGEST_FRACTION, Step, Table, step, with_decimal

H = Symbol("H")

VISIBLE = Fraction(1, 10**6)
"""The rounds of an iteration that change less, relative to the guess, are not shown."""

MOST_ROWS = 12
"""Rounds of an iteration that are shown; of more, the first and the last."""


def written(found: Enclosed) -> Expr:
    """The value as it is printed: exact as a whole number or fraction, else as a decimal."""
    known = found.exact
    is_short = known is not None and known.denominator < 10**LONGEST_FRACTION
    return Number(known) if known is not None and is_short else Decimal(found.value)


class Solved(Record):
    """What a bound gives for the unknown: exact whole number, fraction, or a formula in letters."""

    bound: Bound
    unknown: str
    value: Fraction | Expr
    maths: Expr
    steps: Sequence[Step]
    notes: tuple[Note, ...] = ()


class Asked(Record):
    """The unknown and the values of the other letters, by their symbols, with the growth form."""

    unknown: str
    values: Mapping[Expr, Expr]
    growth: str = "polynomial"

    @property
    def symbol(self) -> Expr:
        return UNKNOWNS[self.unknown]

    def numbers(self, line: str | Expr) -> Expr:
        """The line with the values put in; a logarithm of a huge power stays one."""
        if isinstance(line, str):
            return substitute(formula(line, self.growth), self.values)
        return substitute(with_growth(line, self.growth), self.values)


def solved(bound: Bound, asked: Asked) -> Solved:
    """The unknown by that bound.

    Raises `EvaluationError` where there is no such number, or none that can be written out.
    """
    right = asked.numbers(bound.solutions[asked.unknown])
    check_requirement(bound, asked)
    if has_letters(right, asked.symbol):
        return in_letters(bound, asked, right)
    if bound.is_iterated(asked.unknown):
        return iterated(bound, asked, right)
    return direct(bound, asked, right)


def value_of(bound: Bound, asked: Asked) -> Fraction:
    """The number alone, for a comparison."""
    found = solved(bound, asked).value
    if not isinstance(found, Fraction):
        raise EvaluationError("the letters have no values")
    return found


def check_requirement(bound: Bound, asked: Asked) -> None:
    """Whether the unknown exists; where letters are left nothing is decided."""
    text = bound.requires.get(asked.unknown)
    if text is None:
        return
    condition = asked.numbers(text)
    assert isinstance(condition, Chain)
    left, right = condition.members
    if not has_letters(condition, asked.symbol) and not at_most(left, right):
        name = {"delta": "δ", "epsilon": "ε"}[asked.unknown]
        raise TooLarge(f"the bound promises this for no {name} with so few samples")


def has_letters(expression: Expr, unknown: Expr) -> bool:
    found = free_symbols(expression)
    if found - {unknown, Symbol("e"), H}:
        return True
    return H in found and unknown != CLASS_SIZE and CLASS_SIZE in set(walk(expression))


# What is shown.


def inequality(unknown: str, right: Expr, *equal: Expr) -> Expr:
    """The unknown is at least, or at most, the right side, which is worked on."""
    text = "x <= right" if unknown == "hypotheses" else "x >= right"
    return line(f"{text} = equal", x=UNKNOWNS[unknown], right=right, equal=equal)


def statement_steps(bound: Bound, asked: Asked) -> list[Step]:
    """What the bound says, and what its growth function is bounded by."""
    found = derivation_steps(bound, asked.unknown)
    return [*found, growth_step(bound, asked)] if bound.uses_growth else found


@cache
def derivation_steps(bound: Bound, unknown: str) -> list[Step]:
    """From the probability of failure to the inequality for the unknown, in letters.

    These lines are the same for all problems, and are read and printed once.
    """
    lines = [formula(text) for text in bound.lines.get(unknown, ())]
    final = inequality(unknown, formula(bound.solutions[unknown]))
    if not bound.failure:
        return [step("state the bound", *lines, final, why=bound.reason)]
    failure = formula(bound.failure)
    first = step(
        "bound the probability of failure",
        "P(event) <= before <= failure" if bound.before else "P(event) <= failure",
        why=bound.reason,
        event=Words(bound.event),
        before=bound.before,
        failure=failure,
    )
    if unknown == "delta":
        return [first, step("demand that it is at most δ", final)]
    name = {"samples": "N", "epsilon": "ε", "hypotheses": "|H|"}[unknown]
    rule = f"demand that it is at most δ and solve for {name}"
    return [first, step(rule, "failure <= delta", *lines, final, failure=failure)]


def growth_step(bound: Bound, asked: Asked) -> Step:
    """m_H is not known of a class in general, but bounded by its VC dimension."""
    pieces = walk(line(bound.solutions[asked.unknown]))
    place = next(p for p in pieces if isinstance(p, Indexed) and p.base == Symbol("growth"))
    known = asked.values.get(DIMENSION)
    return step(
        "bound the growth function by the VC dimension",
        "m_H(n) <= bound",
        None if known is None else "d_VC = known",
        n=place.indices,
        bound=with_growth(place, asked.growth),
        known=known,
    )


def direct(bound: Bound, asked: Asked, right: Expr) -> Solved:
    found = Enclosed(right)
    value, whole = found.value, None
    maths = with_decimal(value) if found.exact is not None else Decimal(value)
    if asked.unknown in ("samples", "hypotheses"):
        value = rounded(asked, found)
        maths = whole = Number(value)

    def steps() -> Iterator[Step]:
        yield from statement_steps(bound, asked)
        members = (right, spread(right), written(found))
        yield step("put the numbers in", inequality(asked.unknown, *members))
        if whole is not None and found.exact != whole.value:
            yield rounding_step(asked, right, whole)

    return Solved(bound, asked.unknown, value, maths, Later(steps), vacuous(asked, value))


def rounded(asked: Asked, found: Enclosed) -> Fraction:
    """N up and |H| down: with fewer examples, or more hypotheses, the bound promises nothing."""
    if asked.unknown == "samples":
        return Fraction(max(found.rounded_up(), 0))
    count = found.rounded_down()
    if count < 1:
        raise TooLarge("the bound allows not even a class of one hypothesis for so few samples")
    return Fraction(count)


def rounding_step(asked: Asked, right: Expr, whole: Expr) -> Step:
    way, text = "up", "x = ceil(right) = whole"
    note = "examples are whole; for fewer the theorem promises nothing"
    if asked.unknown == "hypotheses":
        way, text = "down", "x = floor(right) = whole"
        note = "hypotheses are whole; for more the theorem promises nothing"
    return step(f"round {way}", line(text, x=asked.symbol, right=right, whole=whole), why=note)


def iterated(bound: Bound, asked: Asked, right: Expr) -> Solved:
    symbol = asked.symbol
    assert isinstance(symbol, Symbol)
    is_error = asked.unknown == "epsilon"
    value, seen = smallest_between(right, EPSILON) if is_error else smallest_whole(right, N)

    def steps() -> Iterator[Step]:
        yield from statement_steps(bound, asked)
        yield step("put the numbers in", inequality(asked.unknown, right))
        yield iteration_step(symbol, seen)
        if not is_error:
            yield check_step(right, int(value))

    number = Fraction(value)
    maths = Decimal(number) if is_error else Number(number)
    return Solved(bound, asked.unknown, number, maths, Later(steps), vacuous(asked, number))


def iteration_step(symbol: Symbol, seen: Iterations) -> Step:
    is_moving = [abs(result - guess) > VISIBLE * guess for guess, result in seen]
    kept = [row for row in enumerate(seen) if symbol == N or is_moving[row[0]]]
    if len(kept) > MOST_ROWS:
        kept = [*kept[: MOST_ROWS - 2], *kept[-2:]]
    rows = tuple(
        (Number(Fraction(number)), decimal(guess), Decimal(result))
        for number, (guess, result) in kept
    )
    table = Table(("round", symbol, "right side"), rows)
    again = "the right side, rounded up, is the next N"
    if symbol != N:
        again = "the right side is the next ε"
    why = f"$x$ stands on both sides: guess it, and put the result in again; {again}"
    return step("iterate", table, why=why, x=symbol)


def decimal(value: Fraction) -> Expr:
    return Number(value) if value.denominator == 1 else Decimal(value)


def check_step(right: Expr, count: int) -> Step:
    """N is enough and N − 1 is not."""
    chains: list[Expr] = []
    for number, text in ((count, "excess = value <= 0"), (count - 1, "excess = value > 0")):
        if number:
            excess = substitute(right, {N: Number(Fraction(number))}) - number
            chains.append(line(text, excess=excess, value=Decimal(valued(excess))))
    why = "the right side is at most N" + (f"; with {count - 1} it is more" if count > 1 else "")
    return step("check", *chains, why=why)


def in_letters(bound: Bound, asked: Asked, right: Expr) -> Solved:
    if bound.is_iterated(asked.unknown):
        raise EvaluationError(
            "this bound is solved by iteration, which needs numbers in the place of letters"
        )
    simple = spread(right)

    def steps() -> Iterator[Step]:
        yield from statement_steps(bound, asked)
        if right != formula(bound.solutions[asked.unknown]) or simple != right:
            yield step("put in what is given", inequality(asked.unknown, right, simple))

    notes: tuple[Note, ...] = ()
    if asked.unknown in ("samples", "hypotheses"):
        way = "up" if asked.unknown == "samples" else "down"
        notes = (Note("pac.rounding", f"with numbers the result is rounded {way} to a whole one"),)
    return Solved(bound, asked.unknown, simple, simple, Later(steps), notes)


def is_vacuous(unknown: str, value: Fraction) -> bool:
    """Whether it is an error or a probability that is promised to be no more than 1, or 2."""
    return unknown in ("epsilon", "delta") and value >= 1


def vacuous(asked: Asked, value: Fraction) -> tuple[Note, ...]:
    if not is_vacuous(asked.unknown, value):
        return ()
    text: Prose = (asked.symbol, " is not below 1: the bound is vacuous, it promises nothing here")
    return (Note("pac.vacuous", text),)


def spread(expression: Expr) -> Expr:
    """ln(a^b) as b·ln(a) and ln(1/0.02) as ln(50)."""
    found = map_parts(expression, spread)
    match found:
        case Call("ln" | "log2" as name, (Pow(base, exponent),)):
            return Mul((exponent, Call(name, (base,))))
        case Call("ln" | "log2" as name, (Div() as argument,)):
            value = exact(argument)
            return found if value is None else Call(name, (Number(value),))
    return found


def convention_notes(bound: Bound, asked: Asked) -> list[Note]:
    """Which theorem, which logarithm, which growth function."""
    notes = [Note("pac.criterion", bound.criterion)]
    named = f"{bound.title} ({bound.source})"
    if bound.is_order_of:
        text = (
            f"the theorem is stated with O(…), here are the constants of {bound.source}; other "
            "bounds may ask for less: the bound 'all' compares them"
        )
        named = f"{bound.title}; {text}"
    notes.append(Note("pac.bound", named))
    if bound.logarithms(asked.unknown):
        notes.append(Note("pac.log_base", bound.logarithms(asked.unknown)))
    if bound.uses_growth:
        notes.append(Note("pac.growth", GROWTH_MEANINGS[asked.growth]))
    return notes
