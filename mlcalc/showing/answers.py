"""The answers of a derivation, each behind the name by which it is checked.

The name stands beside the line that the maths is read along, so that a tall matrix and its name
are read as one; an answer that has values by name shows them one below the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mlcalc.maths.printing import Style, columns, one_line
from mlcalc.maths.printing.boxes import Box
from mlcalc.maths.printing.breaking import fitted
from mlcalc.maths.printing.stacked_maths import StackedPrinter
from mlcalc.maths.tree import Cases, Chain, Expr, Listing, Matrix, Words, equals, walk
from mlcalc.showing.derivation import Answer, Derivation, answer_line
from mlcalc.showing.drawing import Line
from mlcalc.showing.prose import NARROWEST, harmless

# A longer name stands on a line of its own, and does not push all others to the right.
LONGEST_LABEL = 20
GAP = 2

# Where less is left beside the names, all of them stand on lines of their own.
NARROWEST_BESIDE = 30


def shown_maths(answer: Answer) -> tuple[Expr, ...]:
    """What is printed for an answer: `symbol = maths`, or the maths alone where it has no symbol.

    Values by name are one expression each.
    """
    if isinstance(answer.value, Mapping) and isinstance(answer.maths, Listing):
        items, names = answer.maths.items, list(answer.value)
        if len(items) == len(names) and not any(isinstance(item, Chain) for item in items):
            items = tuple(equals(Words(n), e) for n, e in zip(names, items, strict=True))
        if items:
            return tuple(map(harmless, items))
    line = answer_line(answer) if answer.symbol is not None else answer.maths
    return (harmless(line),)


def answer_lines(derivation: Derivation, width: int, style: Style) -> Iterable[Line]:
    """Names on the left, stacked maths on the right, at most `width` columns wide."""
    lengths = [columns(answer.name) for answer in derivation.answers]
    room = max((n for n in lengths if n <= LONGEST_LABEL), default=0) + GAP
    if width - room < NARROWEST_BESIDE:
        room = GAP
    after_tall = False
    for number, answer in enumerate(derivation.answers):
        lines = list(one_answer(answer, room, width, style))
        # Tall answers are set apart; short ones are read as a table.
        if number and (after_tall or len(lines) > 1):
            yield ()
        yield from lines
        after_tall = len(lines) > 1


def one_answer(answer: Answer, room: int, width: int, style: Style) -> Iterable[Line]:
    label: str = answer.name
    if columns(label) + GAP > room:
        yield (("label", label),)
        label = ""
    unit = f" {answer.unit}" if answer.unit else ""
    space = max(width - room - columns(unit), NARROWEST)
    exprs = shown_maths(answer)
    for expr in exprs:
        box = in_one_line(expr, space, style) or fitted(expr, space, StackedPrinter(style))
        for i, text in enumerate(box.lines):
            on_baseline = i == box.baseline
            name = label if on_baseline else ""
            shown = text.rstrip() + (unit if on_baseline and expr is exprs[-1] else "")
            yield (("label", name + " " * (room - columns(name))), ("answer", shown))
        label = ""


def in_one_line(expr: Expr, space: int, style: Style) -> Box | None:
    """18/7 ≈ 2.5714: what holds no matrix is read fastest in one line, where it fits."""
    text = one_line(expr, style)
    is_tall = any(isinstance(node, Matrix | Cases) for node in walk(expr))
    return None if is_tall or columns(text) > space else Box.of(text)


def quiet_lines(derivation: Derivation, style: Style) -> Iterable[Line]:
    """name = maths in one line; name: a = 1, b = 2 where the parts have names of their own."""
    for answer in derivation.answers:
        unit = f" {answer.unit}" if answer.unit else ""
        if is_by_name(answer):
            parts = ", ".join(one_line(part, style) for part in shown_maths(answer))
            yield (("label", f"{answer.name}: "), ("answer", parts + unit))
            continue
        # Written as one chain, the name has a ≈ behind it where digits are dropped.
        named = Answer(answer.name, answer.value, answer.maths)
        text = one_line(harmless(answer_line(named)), style)
        yield (("label", answer.name), ("answer", text.removeprefix(answer.name) + unit))


def is_by_name(answer: Answer) -> bool:
    """Whether an answer is shown as several equations."""
    listed = answer.maths.items if isinstance(answer.maths, Listing) else ()
    return isinstance(answer.value, Mapping) or any(isinstance(item, Chain) for item in listed)
