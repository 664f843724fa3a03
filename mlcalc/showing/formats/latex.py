r"""A fragment for a LaTeX document with amsmath (`.tex`).

Everything typed by a user is escaped before it stands in the fragment, so that an exercise from
elsewhere cannot read a file or define a command where it is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mlcalc.files.document import Raw
from mlcalc.maths.board import Prose
from mlcalc.maths.printing import Style, latex
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr
from mlcalc.showing.answers import shown_maths
from mlcalc.showing.derivation import Block, Derivation, Outcome, Picture, Step, Table
from mlcalc.showing.formats import Options
from mlcalc.showing.layout import error_lead, given_text, verdict_in_full
from mlcalc.showing.prose import paragraphs, sentence
from mlcalc.showing.tex_blocks import END_OF_ROW, aligned_rows, in_runs, maths, prose
from mlcalc.showing.tex_letters import text

# A given that is longer is data for a program, not for a page.
MOST_GIVEN = 2000

# More rows than this may not fit on what is left of a page: they may be parted.
MOST_ROWS = 4

# amsmath stops at a matrix of more columns, unless its counter is raised.
MOST_COLUMNS = 10
_MATRIX_ROW = re.compile(r"\\begin\{bmatrix\}(.*?)(?=\\\\|\\end)")

# The typewriter columns of a page; drawings are in ASCII, as no font of plain LaTeX has boxes.
PAGE = 64


def render(outcome: Outcome, options: Options) -> str:
    derivation, style = outcome.derivation, options.style
    parts = [] if options.quiet else list(opening(outcome))
    if derivation is not None and options.quiet:
        parts += [maths(e, style) for a in derivation.answers for e in shown_maths(a)]
    elif derivation is not None:
        parts += working(derivation, options)
    if derivation is not None and options.plot and options.quiet:
        parts += [picture_tex(picture, style) for picture in derivation.pictures]
    parts += [complaint_tex(outcome, complaint.message) for complaint in outcome.complaints]
    if outcome.checked and not options.quiet:
        parts.append(listing("itemize", [text(verdict_in_full(c)) for c in outcome.checked]))
    fragment = ("\n" if options.quiet else "\n\n").join(parts)
    widest = max((row.count("&") + 1 for row in _MATRIX_ROW.findall(fragment)), default=0)
    if widest > MOST_COLUMNS and not options.quiet:
        return f"\\setcounter{{MaxMatrixCols}}{{{widest}}}\n\n{fragment}"
    return fragment


def opening(outcome: Outcome) -> Iterable[str]:
    yield rf"\subsection*{{{text(outcome.heading)}}}"
    if outcome.question:
        yield paragraphs_tex(outcome.question)
    if outcome.given:
        rows = [
            rf"\texttt{{{text(key)}}}: {given_tex(outcome, key, raw)}"
            for key, raw in outcome.given.items()
        ]
        yield headed("Given", listing("itemize", rows))


def given_tex(outcome: Outcome, key: str, raw: Raw) -> str:
    read = outcome.read.get(key)
    if isinstance(read, Expr):
        return f"${latex(read)}$"
    return rf"\texttt{{{text(given_text(outcome, key, raw, MOST_GIVEN))}}}"


def complaint_tex(outcome: Outcome, message: str) -> str:
    lead = text(error_lead(outcome).strip().capitalize())
    return rf"\noindent\textbf{{{lead}}} {paragraphs_tex(message)}"


def working(derivation: Derivation, options: Options) -> Iterable[str]:
    style = options.style
    if derivation.shown_steps:
        yield listing("enumerate", [step_tex(step, options) for step in derivation.shown_steps])
    if derivation.answers:
        yield headed("Answer", answers_tex(derivation, style))
    if options.plot:
        yield from (picture_tex(picture, style) for picture in derivation.pictures)
    if derivation.notes:
        notes = [
            rf"{prose(note.text, style)} \texttt{{{text(f'[{note.id}]')}}}"
            for note in derivation.notes
        ]
        yield headed("Notes", listing("itemize", notes))


def headed(heading: str, body: str) -> str:
    return f"\\noindent\\textbf{{{heading}}}\n{body}"


def paragraphs_tex(typed: str) -> str:
    return "\n".join(text(line) for line in paragraphs(typed))


def listing(environment: str, items: Sequence[str]) -> str:
    body = "\n".join(rf"\item {item}" for item in items)
    return f"\\begin{{{environment}}}\n{body}\n\\end{{{environment}}}"


def step_tex(step: Step, options: Options) -> str:
    note = step.note if not options.brief else ""
    lines = [
        rf"\textbf{{{text(sentence(step.rule))}}}"
        + (f" --- {prose(note, options.style)}" if note else "")
    ]
    lines += [block_tex(block, options.style) for block in in_runs(step.blocks)]
    if step.substeps and not options.brief:
        lines.append(listing("enumerate", [step_tex(part, options) for part in step.substeps]))
    return "\n".join(lines)


def block_tex(block: Block | list[Expr], style: Style) -> str:
    match block:
        case list():
            return align(aligned_rows(block, style))
        case Table():
            return table_tex(block, style)
        case Picture():
            return picture_tex(block, style)
        case Expr():
            return align(aligned_rows([block], style))


def align(rows: Sequence[str]) -> str:
    body = f"\\begin{{align*}}\n{END_OF_ROW.join(rows)}\n\\end{{align*}}"
    return f"{{\\allowdisplaybreaks\n{body}}}" if len(rows) > MOST_ROWS else body


def table_tex(table: Table, style: Style) -> str:
    header, *rows = [
        " & ".join(prose(cell, style) for cell in row) for row in (table.header, *table.rows)
    ]
    body = END_OF_ROW.join(rows)
    columns = "l" * len(table.header)
    tabular = f"\\begin{{tabular}}{{{columns}}}\n{header} \\\\ \\hline\n{body}\n\\end{{tabular}}"
    return center(tabular, table.caption, style)


def picture_tex(picture: Picture, style: Style) -> str:
    """Typewriter lines rather than verbatim, which a user's text could end."""
    lines = picture.drawing.lines(PAGE, replace(style, ascii=True))
    drawn = [text(line).replace(" ", "~") or "~" for line in lines]
    body = END_OF_ROW.join(drawn)
    tabular = f"\\begin{{tabular}}{{l}}\n{body}\n\\end{{tabular}}"
    return center(f"{{\\ttfamily {tabular}}}", picture.caption, style)


def center(body: str, caption: Prose, style: Style) -> str:
    below = f"\n\n{prose(caption, style)}" if caption else ""
    return f"\\begin{{center}}\n{body}{below}\n\\end{{center}}"


def answers_tex(derivation: Derivation, style: Style) -> str:
    rows = []
    for answer in derivation.answers:
        label = rf"\text{{{text(answer.name)}}}"
        unit = rf"\ \text{{{text(answer.unit)}}}" if answer.unit else ""
        for expr in shown_maths(answer):
            rows.append(rf"{label} & \quad \boxed{{{maths(expr, style)}{unit}}}")
            label = ""
    return align(rows)
