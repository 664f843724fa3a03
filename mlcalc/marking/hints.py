"""The next step towards an answer, in words that do not give it away."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction

from mlcalc.files.fields.words import NUMERALS
from mlcalc.maths.printing import Style
from mlcalc.maths.tree import Expr, Words, walk
from mlcalc.showing.derivation import Answer, Block, Derivation, Result, Step, Table
from mlcalc.showing.prose import prose_text

DIGIT = re.compile(r"[0-9½¼¾⁰¹²³⁴-⁹]")
WORD = re.compile(r"[^\W\d_]+")
NUMBERS = NUMERALS[:13]


def hint(derivation: Derivation, answer: Answer, style: Style) -> str:
    """The rule of the first step that speaks of the answer, and its because.

    Words that may hold this answer or another part's are left out.  Which step there is may say
    whether something is so, and therefore such an answer has the first step for its hint.
    """
    found = [step for step in derivation.shown_steps if speaks_of(step, answer)]
    if not found or isinstance(answer.value, bool):
        found = list(derivation.shown_steps)
    for step in found:
        if not gives_away(step.rule, derivation):
            note = prose_text(step.note, style)
            is_kept = note and not concludes(derivation) and not gives_away(note, derivation)
            return f"{step.rule}: {note}" if is_kept else step.rule
    return ""


def gives_away(text: str, derivation: Derivation) -> bool:
    """Whether a text holds a number, which may be an answer, or the words or number of one."""
    words = {word.casefold() for word in WORD.findall(text)}
    for answer in derivation.all_answers:
        value = answer.value
        if isinstance(value, str) and words & {w.casefold() for w in WORD.findall(value)}:
            return True
        is_small = isinstance(value, Fraction) and value.denominator == 1 and 1 < value < 13
        if is_small and NUMBERS[int(value)] in words:  # type: ignore[arg-type]  # by the line above
            return True
    return DIGIT.search(text) is not None


def concludes(derivation: Derivation) -> bool:
    """Whether an answer is yes or no, or without bound: a because would say which."""
    values = [answer.value for answer in derivation.all_answers]
    return any(isinstance(value, bool) or is_endless(value) for value in values)


def is_endless(value: Result) -> bool:
    return isinstance(value, float) and math.isinf(value)


def speaks_of(step: Step, answer: Answer) -> bool:
    symbol = answer.symbol
    sought = symbol if symbol is not None and not isinstance(symbol, Words) else answer.maths
    return any(node == sought for expression in expressions(step) for node in walk(expression))


def expressions(step: Step) -> Iterator[Expr]:
    for block in step.blocks:
        yield from expressions_of(block)
    for substep in step.substeps:
        yield from expressions(substep)


def expressions_of(block: Block) -> Iterator[Expr]:
    if isinstance(block, Expr):
        yield block
    elif isinstance(block, Table):
        yield from (cell for row in block.rows for cell in row if isinstance(cell, Expr))
