"""How an answer is read, without a verdict: for the student before handing in, and for a review.

Nothing here looks at the right value, only at its sort: what was written is compared with itself,
which finds two readings where there are two, and never tells which of them is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from mlcalc.files.document import Entries, Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.marking.checking import MAX_LENGTH, check
from mlcalc.marking.checking.collections import members
from mlcalc.marking.checking.distributions import compare_arguments, is_distribution, readings_of
from mlcalc.marking.checking.mappings import entries_of
from mlcalc.marking.checking.numbers import USUAL
from mlcalc.marking.checking.parts import own_name
from mlcalc.marking.checking.reading import read_value, read_values
from mlcalc.marking.checking.statements import alternatives
from mlcalc.marking.checking.words import YES
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
ONE, TWO = Fraction(1), Fraction(2)
SORTS: tuple[tuple[str, Result], ...] = (
    ("a number", ONE),
    ("a shape", Shape((Number(ONE), Number(ONE)), Number(ONE))),
    ("a list", (ONE, TWO)),
    ("a distribution", Call("beta", (Number(ONE), Number(ONE)))),
    ("a formula", Symbol("x") * Symbol("y")),
)
"""The sorts of answers, each by one of them."""


def understood(claimed: Raw, answer: Answer | None, style: Style) -> Understood:
    """How an answer of a known sort is read; of any sort where none is known."""
    if not written(claimed).strip():
        return False, "nothing is written here"
    if len(written(claimed)) > MAX_LENGTH:
        return False, f"an answer may have {MAX_LENGTH} characters at most"
    if answer is None:
        return as_any(claimed, style)
    try:
        own = standing_in(answer, claimed)
        own = replace(own, partner="", inequalities=())
        ways = two_ways(own.value, answer.value)
        checked = check(claimed, own, USUAL)
        shown = shown_as(claimed, own, answer, style)
    except Invalid as error:
        if isinstance(claimed, Text) and len(alternatives(claimed)) > 1:
            return False, "two answers stand here: write the one that is meant"
        return False, error.complaints[0].message
    except EvaluationError as error:
        return False, str(error)
    if ways:
        return False, ways
    if isinstance(answer.value, Fraction | float) and not isinstance(own.value, Fraction | float):
        return False, "a number is expected"
    if checked.verdict is Verdict.RIGHT:
        return True, shown
    if checked.verdict is Verdict.UNREADABLE:
        return False, checked.remark
    return False, checked.remark or "it is not clear which value is meant"


def as_any(claimed: Raw, style: Style) -> Understood:
    """The first sort as which it can be read; else as the words that they are."""
    text = written(claimed).strip()
    if text.casefold() in YES:
        return True, f"{'yes' if YES[text.casefold()] else 'no'}, to a question of yes or no"
    reasons = []
    for sort, value in SORTS:
        is_read, shown = understood(claimed, Answer("answer", value, maths_of(value)), style)
        if is_read and is_plausible(claimed, value):
            return True, f"{shown}, {sort}"
        if TWO_WAYS in shown:
            return False, shown
        reasons.append(shown)
    if any(character.isdigit() for character in text):
        return False, reasons[0]
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
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(parts_shown(claimed, value, style)) or "as listed"
    if isinstance(value, Fraction | float):
        tree = next(trees(claimed, answer), None)
        return one_line(harmless(own.maths), style) if tree is None else number_shown(tree, style)
    if isinstance(value, tuple) and not isinstance(own.maths, Shape):
        for reading in readings(claimed, answer):
            try:
                return one_line(harmless(read_values(reading)), style)
            except Invalid:
                continue
    return one_line(harmless(own.maths), style)


def trees(claimed: Raw, answer: Answer) -> Iterator[Expr]:
    for reading in readings(claimed, answer):
        try:
            yield read_value(reading)
        except Invalid:
            continue


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
