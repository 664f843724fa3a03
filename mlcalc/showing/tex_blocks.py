r"""The blocks of a step in LaTeX, shared by the formats that write it.

Maths is a list of rows for align*, one relation of a chain a row with & before the sign, so
that MathJax can set it in aligned and a document in align*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mlcalc.maths.board import Prose
from mlcalc.maths.printing import Style, latex, printed_once
from mlcalc.maths.printing.rules import WHOLE
from mlcalc.maths.printing.tex import LatexPrinter, escaped
from mlcalc.maths.tree import Chain, Expr
from mlcalc.showing.derivation import Block, Table
from mlcalc.showing.prose import harmless, prose_text
from mlcalc.showing.tex_letters import spelled, text

END_OF_ROW = " \\\\\n"


def maths(expr: Expr, style: Style) -> str:
    """The expression for use in math mode."""
    return spelled(latex(harmless(expr), style))


def prose(words: Prose | Expr, style: Style) -> str:
    """A sentence, with its formulas between dollars."""
    if isinstance(words, Expr):
        return f"${maths(words, style)}$"
    if isinstance(words, str):
        return text(words)
    return "".join(prose(piece, style) for piece in words)


def words_in_maths(words: Prose | Expr, style: Style) -> str:
    r"""A sentence within math mode: \text{the size } W."""
    if isinstance(words, Expr):
        return maths(words, style)
    if isinstance(words, str):
        return spelled(rf"\text{{{escaped(prose_text(words, style))}}}")
    return " ".join(words_in_maths(piece, style) for piece in words)


def aligned_rows(exprs: Sequence[Expr], style: Style) -> list[str]:
    """The rows of an align*; a lone expression without a relation needs no sign to align on."""
    if len(exprs) == 1 and not isinstance(exprs[0], Chain):
        return [maths(exprs[0], style)]
    return [row for expr in exprs for row in _rows(expr, style)]


def _rows(expr: Expr, style: Style) -> Iterable[str]:
    if not isinstance(expr, Chain) or not expr.links:
        return (f"& {maths(expr, style)}",)
    return printed_once(expr, "rows", lambda: tuple(_links(expr, style)))


def _links(chain: Chain, style: Style) -> Iterator[str]:
    (_, first), *links = LatexPrinter(style).pieces(harmless(chain), WHOLE)
    lead = spelled(first) + " "
    for sign, right in links:
        yield f"{lead}&{sign.strip()} {spelled(right)}"
        lead = ""


def align_body(blocks: Sequence[Block], style: Style) -> str:
    """A step's maths and tables as what stands inside align*; a drawing has no maths to show."""
    shown = [block for block in blocks if isinstance(block, Expr | Table)]
    rows: list[str] = []
    for block in shown:
        if isinstance(block, Expr):
            rows += aligned_rows([block], style) if len(shown) == 1 else list(_rows(block, style))
        else:
            rows.append(("& " if len(shown) > 1 else "") + array(block, style))
    return END_OF_ROW.join(rows)


def array(table: Table, style: Style) -> str:
    """The table as an array, for math mode."""
    header, *rows = [
        " & ".join(words_in_maths(cell, style) for cell in row)
        for row in (table.header, *table.rows)
    ]
    columns = "l" * len(table.header)
    body = r" \\ ".join(rows)
    return rf"\begin{{array}}{{{columns}}} {header} \\ \hline {body} \end{{array}}"


def in_runs(blocks: Sequence[Block]) -> list[Block | list[Expr]]:
    """The blocks in order, neighbouring pieces of maths together, to be aligned as one."""
    runs: list[Block | list[Expr]] = []
    for block in blocks:
        if not isinstance(block, Expr):
            runs.append(block)
        elif runs and isinstance(runs[-1], list):
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs
