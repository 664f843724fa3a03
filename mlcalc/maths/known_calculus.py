"""Calculus that is known beforehand: what SymPy answers for the named distributions, as text.

Each line of `known_calculus.txt` is a question and its answer, `derivative(log(x), x, 1) -> 1/x`;
the text of an answer is read only where it is asked for.  A test asks SymPy all of them again, and
writes the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from mlcalc.maths.printing import source
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Div, Expr, Number, map_parts

FILE = Path(__file__).with_suffix(".txt")
FLOAT = re.compile(r"-?(inf|nan|[0-9]+\.[0-9]+(e-?[0-9]+)?)")
"""A limit, which is no exact number."""
ARROW, NOTHING, FAULT = " -> ", "nothing", "fault: "


class Fault(Exception):
    """The answer is that there is none, and why."""


@cache
def answers() -> Mapping[str, str]:
    """The answers by their questions."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return dict(each.split(ARROW) for each in lines)


def question(name: str, arguments: tuple[Any, ...]) -> str:
    return f"{name}({', '.join(map(written, arguments))})"


def written(value: Any) -> str:
    """Trees as source, lists in brackets, a number or a word as it is."""
    match value:
        case Expr():
            return source(value)
        case tuple():
            return f"[{'; '.join(map(written, value))}]"
        case frozenset():
            return written(tuple(sorted(map(written, value))))
        case None:
            return NOTHING
        case Exception():
            return f"{FAULT}{value}"
    return str(value)


def answer(text: str) -> Any:
    """What a text stands for.  Raises `Fault` where it stands for none."""
    if text == NOTHING:
        return None
    if text.startswith(FAULT):
        raise Fault(text.removeprefix(FAULT))
    if text.startswith("["):
        return tuple(map(answer, pieces(text[1:-1])))
    if FLOAT.fullmatch(text):
        return float(text)
    return with_fractions(read(text))


def pieces(text: str) -> list[str]:
    """The texts between semicolons, but for those within brackets."""
    found, depth = [""], 0
    for piece in text.split("; "):
        found[-1] += "; " * bool(depth) + piece
        depth += piece.count("[") - piece.count("]")
        if not depth:
            found.append("")
    return found[:-1]


def with_fractions(expression: Expr) -> Expr:
    """3/2 as one number, which SymPy gives and no quotient."""
    match expression:
        case Div(Number(above), Number(below)):
            return Number(Fraction(above / below))
    return map_parts(expression, with_fractions)
