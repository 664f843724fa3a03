"""How an answer is read, without a verdict: for the student before handing in, and for a review.

Nothing here looks at the right value, only at its sort.  What was written is compared with each
value that stands in it: where it is right for one, that was read.  Else it is compared with a value
that nobody means, which tells whether it can be read, and never whether it is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import islice
from typing import Any

from mlcalc.files.document import Entries, Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.marking.checking import MAX_LENGTH, check
from mlcalc.marking.checking.collections import members
from mlcalc.marking.checking.distributions import compare_arguments, is_distribution, readings_of
from mlcalc.marking.checking.mappings import entries_of
from mlcalc.marking.checking.numbers import USUAL
from mlcalc.marking.checking.parts import own_name
from mlcalc.marking.checking.reading import read_numbers, read_value, read_values
from mlcalc.marking.checking.statements import alternatives, statements
from mlcalc.marking.checking.truth import YES
from mlcalc.marking.values import maths_of, readings, standing_in
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.printing import Style, one_line, source
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Call, Chain, Decimal, Expr, Mul, Number, Shape, Symbol, free_symbols
from mlcalc.showing.derivation import Answer, Result, Verdict
from mlcalc.showing.prose import harmless

Understood = tuple[bool, str]
"""Whether it can be read, and what was read or why it cannot be."""

TWO_WAYS = "two ways"
SIGN_OF_SHAPE = re.compile(r"@|[0-9] ?[x×] ?[0-9]")
READ_AS = "read as "
MOST_TRIED = 12
LARGE = 7919
FACTOR = Fraction(LARGE, 6007)
"""No answer is likely to be another times that and so much more."""
ONE, TWO = Fraction(1), Fraction(2)
SORTS: tuple[tuple[str, Result], ...] = (
    ("a number", ONE),
    ("a shape", Shape((Number(ONE), Number(ONE)), Number(ONE))),
    ("a list", (ONE, TWO)),
    ("a distribution", Call("beta", (Number(ONE), Number(ONE)))),
    ("a formula", Symbol("x") * Symbol("y")),
)
"""The sorts of answers, each by one of them."""
NUMBER = Answer("answer", ONE, Number(ONE))


def understood(
    claimed: Raw, answer: Answer | None, style: Style, others: Sequence[Answer] = ()
) -> Understood:
    """How an answer of a known sort is read; of any sort where none is known."""
    text = written(claimed).strip()
    if not text:
        return False, "nothing is written here"
    if len(text) > MAX_LENGTH:
        return False, f"an answer may have {MAX_LENGTH} characters at most"
    if answer is None:
        return as_any(claimed, style)
    answer = replace(answer, partner="", accepts=None)
    checked = check(claimed, another(answer), USUAL, others=others)
    if checked.verdict is Verdict.UNREADABLE:
        return False, checked.remark
    found = as_itself(claimed, replace(answer, interval=None), style)
    if found is not None and (found[0] or answer.interval is None):
        return found
    before, sign, plain = checked.remark.partition(READ_AS)
    return True, plain.partition(";")[0] if sign and not before else text


def as_itself(claimed: Raw, answer: Answer, style: Style) -> Understood | None:
    """The value that stands there, or that there are several; None where none is found."""
    doubt = ""
    for own, shown in islice(candidates(claimed, answer, style), MOST_TRIED):
        checked = check(claimed, own, USUAL)
        if checked.verdict is Verdict.RIGHT:
            return (False, ways) if (ways := two_ways(own.value, answer.value)) else (True, shown)
        if checked.verdict is Verdict.UNREADABLE:
            doubt = doubt or checked.remark
    return (False, doubt) if doubt else None


def candidates(claimed: Raw, answer: Answer, style: Style) -> Iterator[tuple[Answer, str]]:
    """The values that may have been written, each as an answer of its own, and as it is shown."""
    if isinstance(answer.value, bool):
        yield replace(answer, value=True), "yes"
        yield replace(answer, value=False), "no"
    elif isinstance(answer.value, str) and answer.choices:
        yield from ((replace(answer, value=choice), choice) for choice in answer.choices)
    elif isinstance(answer.value, Fraction | float):
        yield from numbers(claimed, answer, style)
    else:
        with suppress(Invalid, EvaluationError):
            own = standing_in(answer, claimed)
            yield own, shown_as(claimed, own, answer, style)


def numbers(claimed: Raw, answer: Answer, style: Style) -> Iterator[tuple[Answer, str]]:
    """The members of a chain, and of each statement: 3/7 of `k/n = 3/7 ≈ 0.43`."""
    texts: list[Raw] = []
    for reading in readings(claimed, answer):
        said = statements(reading) if isinstance(reading, Text) else ()
        texts += [reading, *(part for one in said for part in alternatives(one))]
    for part in texts:
        with suppress(Invalid, EvaluationError):
            for tree in read_numbers(part):
                value = evaluate(tree)
                if not isinstance(value, tuple):
                    is_count = answer.is_count and value % 1 == 0
                    own = replace(answer, value=value, is_count=is_count)
                    yield own, number_shown(tree, style)


def another(answer: Answer) -> Answer:
    """An answer of the same sort with another value, against which a claim is read."""
    value = changed(answer.value)
    maths = changed(answer.maths) if isinstance(answer.maths, Shape) else answer.maths
    return replace(answer, value=value, maths=maths, interval=changed(answer.interval))


def changed(value: Any) -> Any:
    match value:
        case bool() | str():
            return value
        case Fraction() | float():
            return value * FACTOR + LARGE
        case Mapping():
            return {name: changed(part) for name, part in value.items()}
        case tuple():
            return tuple(map(changed, value))
        case Shape(sizes, channels):
            more = Number(Fraction(LARGE))
            return Shape(tuple(size + more for size in sizes), channels and channels + more)
        case Chain() | Call():
            return value
        case Expr():
            return value * Number(Fraction(LARGE))
    return value


def as_any(claimed: Raw, style: Style) -> Understood:
    """The first sort as which it can be read; else as the words that they are."""
    text = written(claimed).strip()
    if text.casefold() in YES:
        return True, f"{'yes' if YES[text.casefold()] else 'no'}, to a question of yes or no"
    for sort, value in SORTS:
        found = as_itself(claimed, Answer("answer", value, maths_of(value)), style)
        if found is None:
            continue
        is_read, shown = found
        if not is_read:
            return found
        if is_plausible(claimed, value):
            return True, f"{shown}, {sort}"
    if any(character.isdigit() for character in text):
        return understood(claimed, NUMBER, style)
    return True, f"{text}, in words"


def is_plausible(claimed: Raw, value: Result) -> bool:
    """Whether a text looks like what it could be read as: a shape has signs, a formula no words."""
    if isinstance(value, Shape):
        return SIGN_OF_SHAPE.search(written(claimed)) is not None
    if isinstance(value, tuple):
        return len(members(read_values(claimed)) or ()) > 1
    try:
        found = read_value(claimed)
    except Invalid:
        return True
    return not (isinstance(value, Mul) and isinstance(found, Symbol) and len(found.name) > 1)


def two_ways(own: Result, ours: Result) -> str:
    """What a distribution whose arguments have no names may be, if that is not one."""
    if not (isinstance(own, Expr) and is_distribution(own) and not own.keywords):
        return ""
    known = ours if isinstance(ours, Call) and ours.name == own.name else own
    found = readings_of(own, known if known.keywords else with_names(own))
    if len(found) < 2 or compare_arguments(found[0], found[1], USUAL).verdict is Verdict.RIGHT:
        return ""
    first, second = (source(one) for one in found[:2])
    return f"this can be read in {TWO_WAYS}: write {first} or {second}"


def with_names(own: Call) -> Call:
    """A distribution of the same name whose arguments have names."""
    return Call(own.name, (), (("", Number(ONE)),))


def shown_as(claimed: Raw, own: Answer, answer: Answer, style: Style) -> str:
    """What was read, in notation: as it was typed, with its decimal where it is computed."""
    value = own.value
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(parts_shown(claimed, value, style)) or "as listed"
    if isinstance(value, tuple) and not isinstance(own.maths, Shape):
        for reading in readings(claimed, answer):
            try:
                return one_line(harmless(read_values(reading)), style)
            except Invalid:
                continue
    return one_line(harmless(own.maths), style)


def number_shown(tree: Expr, style: Style) -> str:
    """3/7 ≈ 0.42857, and a decimal as it was typed."""
    is_decimal = isinstance(tree, Number) and (tree.written or "").replace(".", "").isdigit()
    if is_decimal or free_symbols(tree):
        return one_line(harmless(tree), style)
    value = evaluate(tree)
    if isinstance(value, tuple) or tree == Number(Fraction(value)):
        return one_line(harmless(tree), style)
    text, decimal = (one_line(harmless(one), style) for one in (tree, Decimal(value)))
    return text if text == decimal else one_line(Chain(tree, (("=", Decimal(value)),)), style)


def parts_shown(claimed: Raw, value: Mapping[str, Result], style: Style) -> Iterator[str]:
    """The parts that were typed; those that were not are the key's, and nobody's business."""
    entries = claimed if isinstance(claimed, Entries) else None
    if entries is None and isinstance(claimed, Text):
        entries = entries_of(claimed)
    for key, _ in entries.pairs if entries is not None else ():
        name = own_name(key, value)
        part = value[name]
        if isinstance(part, Mapping):
            yield f"{name} as listed"
        else:
            yield f"{name} = {one_line(harmless(maths_of(part)), style)}"
