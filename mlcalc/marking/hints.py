"""The next step towards an answer, in words that do not give it away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlcalc.derivation import Answer, Block, Derivation, Step, Table
from mlcalc.maths.printing import Style
from mlcalc.maths.tree import Expr, Words, walk
from mlcalc.render.prose import prose_text

DIGIT = re.compile(r"[0-9½¼¾⁰¹²³⁴-⁹]")


def hint(derivation: Derivation, answer: Answer, style: Style) -> str:
    """The rule of the first step that speaks of the answer, and its because.

    Words with a number in them are left out, since the number may be the answer.
    """
    found = [step for step in derivation.steps if speaks_of(step, answer)] or derivation.steps
    for step in found:
        words = [step.rule, prose_text(step.note, style)]
        kept = [text for text in words if text and not DIGIT.search(text)]
        if kept and kept[0] == step.rule:
            return ": ".join(kept)
    return ""


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
