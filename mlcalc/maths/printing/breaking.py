"""Maths that fits a width: what is too wide is broken where a hand would break it.

A chain breaks before a relation, the signs below each other; a sum or product breaks before an
operator.  What cannot be broken so is written in one line and wrapped at spaces, outside of
brackets where there are such, so nothing is ever cut off.
"""

from __future__ import annotations

from mlcalc.maths.printing import rules
from mlcalc.maths.printing.boxes import Box, above, beside
from mlcalc.maths.printing.rules import Place
from mlcalc.maths.printing.stacked_maths import StackedPrinter
from mlcalc.maths.printing.widths import columns, wrapped_maths
from mlcalc.maths.tree import Add, Chain, Expr, Hadamard, MatMul, Mul

# How far the continued lines are set in.
_INDENT = 2

# Below this width a drawing falls to pieces, and wrapped text reads better.
_NARROW = 20

# The columns that the widest operator takes.
_SIGN = 4


def fitted(expr: Expr, width: int, printer: StackedPrinter, place: Place = rules.WHOLE) -> Box:
    """The drawing of a node, broken where it would be wider than `width` columns."""
    box = printer.render(expr, place)
    if box.width > width >= _NARROW and not rules.needs_brackets(expr, place, printer.form):
        match expr:
            case Chain():
                box = _chain(expr, width, printer)
            case Add() | Mul() | MatMul() | Hadamard():
                box = _filled(expr, width, printer, place)
    if box.width <= width:
        return box
    return Box.column(wrapped_maths(printer.line.render(expr, place), max(width, 1)))


def _chain(chain: Chain, width: int, printer: StackedPrinter) -> Box:
    """One relation a line, the signs below each other."""
    first = fitted(chain.first, width, printer, rules.MEMBER)
    is_broken = first.width < printer.render(chain.first, rules.MEMBER).width
    signs = [printer.relation(relation, right) for relation, right in chain.links]
    room = width - first.width - max(map(columns, signs), default=0)
    whole = [printer.render(right, rules.MEMBER) for _, right in chain.links]
    # Alignment is given up where it would squeeze what follows into less than half the width.
    # A relation beside the first line of a broken sum would stand before its last terms.
    aligned = not is_broken and (room >= width // 2 or all(box.width <= room for box in whole))
    column = first.width if aligned else _INDENT - 1
    lines = [] if aligned else [(first, first.tall)]
    for sign, (_, right), drawing in zip(signs, chain.links, whole, strict=True):
        member = fitted(right, width - column - columns(sign), printer, rules.MEMBER)
        start = [Box.of(" " * column)] if lines else [first]
        tall = drawing.tall or (not lines and first.tall)
        lines.append((beside([*start, Box.of(sign), member]), tall))
    return _below_each_other(lines)


def _filled(expr: Expr, width: int, printer: StackedPrinter, place: Place) -> Box:
    """As many parts on each line as fit; an operator begins the next line."""
    room = width - _INDENT - _SIGN

    def render(part: Expr, where: Place) -> Box:
        return fitted(part, room, printer, where)

    rows: list[list[tuple[str, Box]]] = [[]]
    used = 0
    last_is_broken = False
    unbroken = [box for _, box in printer.pieces(expr, place, printer.render)]
    for (sign, box), whole in zip(printer.pieces(expr, place, render), unbroken, strict=True):
        needed = max(columns(printer.spaced(sign)), 1) + box.width
        # A number stays with its letter: there is no sign to break before.
        if rows[-1] and sign and (used + needed > width or last_is_broken):
            rows.append([])
            used, sign = _INDENT, f"{sign.strip()} ".lstrip()
        rows[-1].append((sign, box))
        used += needed
        last_is_broken = box.width < whole.width
    tall = printer.render(expr, place).tall
    indents = [0] + [_INDENT] * (len(rows) - 1)
    lines = [printer.joined(row).padded(left, 0) for row, left in zip(rows, indents, strict=True)]
    return _below_each_other([(line, tall and line.tall) for line in lines])


def _below_each_other(lines: list[tuple[Box, bool]]) -> Box:
    """Lines on the baseline of the first; those that are told to be tall are set apart."""
    spread: list[Box] = []
    after_tall = False
    for line, tall in lines:
        if spread and (tall or after_tall):
            spread.append(Box.of(" "))
        spread.append(line)
        after_tall = tall
    return above(spread, lines[0][0].baseline)
