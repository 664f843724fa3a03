"""For notebooks and web pages, maths between dollars (`.md`).

What a user typed is escaped for Markdown and for HTML, since many pages pass HTML through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mlcalc.files.display import visible
from mlcalc.maths.board import Prose
from mlcalc.maths.printing import Style
from mlcalc.maths.tree import Expr, Words, map_parts, walk
from mlcalc.showing.answers import shown_maths
from mlcalc.showing.derivation import Answer, Block, Derivation, Outcome, Picture, Step, Table
from mlcalc.showing.formats import Options
from mlcalc.showing.layout import error_lead, given_text, verdict_in_full
from mlcalc.showing.prose import paragraphs, prose_text, sentence
from mlcalc.showing.tex_blocks import END_OF_ROW, aligned_rows, in_runs, maths

MOST_GIVEN = 2000

_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MARKS = frozenset("\\`*_{}[]|$~#!")
# What begins a list, a heading or a rule where it begins a line.
_OPENING = re.compile(r"(\s*)([-+=:]|\d+(?=[.)]))")


def render(outcome: Outcome, options: Options) -> str:
    derivation, style = outcome.derivation, options.style
    if options.quiet:
        answers = derivation.answers if derivation else ()
        lines = [answer_line_md(answer, style) for answer in answers]
        drawn = "\n\n".join(pictures(derivation, options))
        lines += ["", drawn, ""] if drawn else []
        return "\n".join([*lines, *complaints(outcome), *verdicts(outcome)]).rstrip("\n")
    parts = list(opening(outcome))
    if derivation is not None:
        parts += working(derivation, options)
    parts += complaints(outcome)
    if outcome.checked:
        parts.append("\n".join(verdicts(outcome)))
    return "\n\n".join(parts)


def opening(outcome: Outcome) -> Iterable[str]:
    yield f"## {text(outcome.heading)}"
    if outcome.question:
        yield "\n".join(text(line) for line in paragraphs(outcome.question))
    if outcome.given:
        rows = [
            f"- {text(key)}: {code(given_text(outcome, key, raw, MOST_GIVEN))}"
            for key, raw in outcome.given.items()
        ]
        yield "\n".join(["**Given**", "", *rows])


def working(derivation: Derivation, options: Options) -> Iterable[str]:
    style = options.style
    yield from numbered(derivation.shown_steps, options)
    if derivation.answers:
        lines = [answer_line_md(answer, style) for answer in derivation.answers]
        yield "\n".join(["### Answer", "", *lines])
    yield from pictures(derivation, options)
    if derivation.notes:
        notes = [f"- {prose(n.text, style)} ({code(n.id)})" for n in derivation.notes]
        yield "\n".join(["### Notes", "", *notes])


def pictures(derivation: Derivation | None, options: Options) -> Iterable[str]:
    for picture in derivation.pictures if derivation and options.plot else ():
        yield from picture_md(picture, options)


def complaints(outcome: Outcome) -> list[str]:
    lead = error_lead(outcome).strip().capitalize()
    return [
        f"**{lead}** " + "  \n".join(text(line) for line in paragraphs(complaint.message))
        for complaint in outcome.complaints
    ]


def verdicts(outcome: Outcome) -> list[str]:
    return [f"- {text(verdict_in_full(checked))}" for checked in outcome.checked]


def numbered(steps: Sequence[Step], options: Options) -> Iterable[str]:
    """The steps as items of a list; what belongs to an item is indented below it."""
    for number, step in enumerate(steps, 1):
        label = f"{number}. "
        margin = " " * len(label)
        lines = "\n\n".join(step_parts(step, options)).split("\n")
        yield "\n".join([label + lines[0], *(margin + line if line else "" for line in lines[1:])])


def step_parts(step: Step, options: Options) -> Iterable[str]:
    rule = f"**{text(sentence(step.rule))}**"
    is_noted = step.note and not options.brief
    yield f"{rule} — {prose(step.note, options.style)}" if is_noted else rule
    for block in in_runs(step.blocks):
        yield from block_md(block, options)
    if not options.brief:
        yield from numbered(step.substeps, options)


def block_md(block: Block | list[Expr], options: Options) -> Iterable[str]:
    style = options.style
    match block:
        case Table():
            yield table_md(block, style)
            if block.caption:
                yield prose(block.caption, style)
        case Picture():
            yield from picture_md(block, options)
        case _:
            yield display(block if isinstance(block, list) else [block], style)


def picture_md(picture: Picture, options: Options) -> Iterable[str]:
    shown = "\n".join(picture.drawing.lines(options.width, options.style))
    fence = longer_than_any("`", shown, 3)
    yield f"{fence}text\n{shown}\n{fence}"
    if picture.caption:
        yield prose(picture.caption, options.style)


def display(exprs: Sequence[Expr], style: Style) -> str:
    rows = aligned_rows([without_code(expr) for expr in exprs], style)
    if len(rows) == 1 and "&" not in rows[0]:
        return f"$$\n{rows[0]}\n$$"
    return f"$$\n\\begin{{aligned}}\n{END_OF_ROW.join(rows)}\n\\end{{aligned}}\n$$"


def inline(expr: Expr, style: Style) -> str:
    return f"${maths(without_code(expr), style)}$"


def without_code(expr: Expr) -> Expr:
    """Backticks within maths begin code before the maths is seen, so they become quotes."""
    if isinstance(expr, Words):
        return Words(expr.text.replace("`", "‘"))
    return map_parts(expr, without_code)


def table_md(table: Table, style: Style) -> str:
    header, *rows = [
        "| " + " | ".join(cell_md(cell, style) for cell in row) + " |"
        for row in (table.header, *table.rows)
    ]
    return "\n".join([header, "|" + " --- |" * len(table.header), *rows])


def cell_md(cell: Prose | Expr, style: Style) -> str:
    r"""A cell; a bar ends it even within maths, where it is written \vert."""
    if isinstance(cell, tuple):
        return "".join(cell_md(piece, style) for piece in cell)
    if isinstance(cell, str):
        return text(cell)
    if any(isinstance(part, Words) and "|" in part.text for part in walk(cell)):
        return text(prose_text(cell, style))
    return inline(cell, style).replace("|", r"\vert ")


def answer_line_md(answer: Answer, style: Style) -> str:
    shown = ", ".join(inline(expr, style) for expr in shown_maths(answer))
    unit = f" {text(answer.unit)}" if answer.unit else ""
    return f"- **{text(answer.name)}**: {shown}{unit}"


def prose(words: Prose, style: Style) -> str:
    pieces: tuple[str | Expr, ...] = (words,) if isinstance(words, str) else words
    return "".join(inline(p, style) if isinstance(p, Expr) else text(p) for p in pieces)


def text(typed: str) -> str:
    """A user's text in a sentence: neither Markdown nor HTML nor maths."""
    shown = visible(typed)
    opening = _OPENING.match(shown)
    escaped = "".join(f"\\{c}" if c in _MARKS else _HTML.get(c, c) for c in shown)
    if opening is None:
        return escaped
    # A digit cannot be escaped, the full stop behind it can.
    at = opening.end() if opening[2].isdigit() else opening.end() - 1
    return f"{escaped[:at]}\\{escaped[at:]}"


def code(typed: str) -> str:
    """A code span, whose fence is longer than any row of backticks in it."""
    shown = visible(typed)
    fence = longer_than_any("`", shown, 1)
    padding = " " if shown[:1] in ("`", "") or shown[-1:] == "`" else ""
    return f"{fence}{padding}{shown}{padding}{fence}"


def longer_than_any(mark: str, shown: str, least: int) -> str:
    runs = re.findall(re.escape(mark) + "+", shown)
    return mark * max([least, *(len(run) + 1 for run in runs)])
