"""The printers of the tree: one line, text that reads back, LaTeX, and stacked terminal maths.

They share one walk (`printer`) and one set of bracket rules (`rules`), so what is shown in one
notation means the same in the others.
"""

from __future__ import annotations

from mlcalc.maths.printing.ascii_lines import AsciiPrinter
from mlcalc.maths.printing.breaking import fitted
from mlcalc.maths.printing.lines import LinePrinter
from mlcalc.maths.printing.numerals import drops_digits
from mlcalc.maths.printing.printer import printed_once
from mlcalc.maths.printing.source_line import SourcePrinter
from mlcalc.maths.printing.stacked_maths import StackedPrinter
from mlcalc.maths.printing.style import DEFAULT, Style
from mlcalc.maths.printing.tex import LatexPrinter
from mlcalc.maths.printing.widths import columns
from mlcalc.maths.tree import Expr

__all__ = [
    "Style",
    "columns",
    "drops_digits",
    "latex",
    "one_line",
    "printed_once",
    "source",
    "stacked",
]


def one_line(expr: Expr, style: Style = DEFAULT) -> str:
    """Maths in one line: ⌊(4 + 2·1 − 2)/1⌋ + 1."""
    printer = AsciiPrinter if style.ascii else LinePrinter
    return printed_once(expr, printer, lambda: printer(style).render(expr))


def source(expr: Expr, digits: int | Style | None = None) -> str:
    """ASCII text that reads back to a tree of the same value: floor((4 + 2*1 - 2)/1) + 1.

    `digits` are the significant digits of a Decimal, all that are needed by default, or a style
    that says them.
    """
    return SourcePrinter(digits).render(expr)


def latex(expr: Expr, style: Style = DEFAULT) -> str:
    """LaTeX for use in math mode."""
    return printed_once(expr, LatexPrinter, lambda: LatexPrinter(style).render(expr))


def stacked(expr: Expr, width: int, style: Style = DEFAULT) -> list[str]:
    """The lines of terminal maths that is at most `width` columns wide."""
    return [line.rstrip() for line in fitted(expr, width, StackedPrinter(style)).lines]
