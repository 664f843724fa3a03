"""Words with maths among them, as text, and broken into lines of pieces that know their role.

Whatever a user typed becomes harmless here and nowhere later: characters that move the cursor
or cannot be seen are spelled out, in sentences as well as in the words within maths.
"""

from __future__ import annotations

from collections.abc import Iterable

from mlcalc.files.display import is_visible, visible
from mlcalc.maths.board import Prose
from mlcalc.maths.printing import Style, one_line
from mlcalc.maths.printing.widths import wrapped as broken
from mlcalc.maths.tree import Decimal, Expr, Number, Symbol, Words, known, map_parts, parts
from mlcalc.showing.drawing import Line

NARROWEST = 20


def harmless(expr: Expr) -> Expr:
    """The tree with every invisible character in its words and names spelled out."""
    return expr if is_harmless(expr) else spelled_out(expr)


def is_harmless(expr: Expr) -> bool:
    if type(expr) is Number or type(expr) is Decimal:
        return True
    try:
        return expr._harmless  # type: ignore[attr-defined, no-any-return]  # a slot
    except AttributeError:
        if isinstance(expr, Words):
            seen = is_visible(expr.text)
        elif isinstance(expr, Symbol):
            seen = is_visible(expr.name) and is_visible(expr.subscript)
        else:
            seen = all(map(is_harmless, parts(expr)))
        return known(expr, "_harmless", seen)


def spelled_out(expr: Expr) -> Expr:
    match expr:
        case Words(text):
            return Words(visible(text))
        case Symbol(name, subscript, accent):
            return Symbol(visible(name), visible(subscript), accent)
    return map_parts(expr, spelled_out)


def prose_text(prose: Prose | Expr, style: Style) -> str:
    """A sentence, or a cell of a table, in one line."""
    if isinstance(prose, Expr):
        return one_line(harmless(prose), style)
    if isinstance(prose, str):
        return visible(prose)
    return "".join(prose_text(piece, style) for piece in prose)


def sentence(rule: str) -> str:
    """The rule with a capital; a letter of maths, such as θ, would become another."""
    first = rule[:1]
    return first.upper() + rule[1:] if first.isascii() else rule


def paragraphs(typed: str) -> list[str]:
    """The lines of a text of several lines, each made harmless."""
    return [visible(line.rstrip()) for line in typed.rstrip().splitlines()]


def fill(text: str, width: int) -> list[str]:
    """The text broken at spaces into lines of at most that many columns; none if it is empty."""
    return broken(text, max(width, NARROWEST)) if text else []


def wrapped(prose: Prose, width: int, style: Style, role: str, indent: int = 0) -> Iterable[Line]:
    """The lines of a sentence, indented."""
    for text in fill(prose_text(prose, style), width - indent):
        yield (("margin", " " * indent), (role, text)) if indent else ((role, text),)
