"""An outcome as lines of pieces that know what they are, for the terminal and for plain text.

A piece is a role and a text; a colour terminal only has to say how each role looks, and plain
text joins the texts.  Wrapping, indents, tables and stacked maths are settled here, once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mlcalc.files.display import visible
from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.maths.board import Note
from mlcalc.maths.printing import Style, columns, one_line, stacked
from mlcalc.maths.printing.style import DEFAULT
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr
from mlcalc.showing.answers import answer_lines, quiet_lines
from mlcalc.showing.derivation import Block, Checked, Outcome, Picture, Step, Table, Verdict
from mlcalc.showing.drawing import Line, Piece
from mlcalc.showing.prose import fill, harmless, paragraphs, prose_text, sentence, wrapped
from mlcalc.showing.tables import table_lines

if TYPE_CHECKING:
    from mlcalc.showing.formats import Options

# What the frame of the answers takes in a terminal, and their indent in plain text.
FRAME = 6


class Section(Record):
    """Lines that belong together.

    `role` is "title", "question", "given", "step", "answer", "picture", "notes", "others",
    "error" or "verdict".
    """

    role: str
    lines: tuple[Line, ...]


def sections(outcome: Outcome, options: Options) -> list[Section]:
    """The whole outcome, in reading order."""
    style, width = options.style, options.width
    derivation = outcome.derivation
    verdicts = Section("verdict", tuple(verdict_lines(outcome, width)))
    errors = Section("error", tuple(error_lines(outcome, width)))
    pictures = [
        Section("picture", tuple(block_lines(picture, width, style, 0)))
        for picture in (derivation.pictures if derivation and options.plot else ())
    ]
    if options.quiet:
        quiet = tuple(quiet_lines(derivation, style)) if derivation else ()
        return kept([Section("answer", quiet), *pictures, errors, verdicts])
    title = Section("title", tuple((("title", t),) for t in fill(visible(outcome.heading), width)))
    question = Section("question", tuple(question_lines(outcome, width)))
    opening = [title, question, given_section(outcome, width, options.style)]
    if derivation is None:
        return kept([*opening, errors, verdicts])
    steps = [
        Section("step", tuple(step_lines(step, f"{number}. ", options)))
        for number, step in enumerate(derivation.shown_steps, 1)
    ]
    answer = Section("answer", tuple(answer_lines(derivation, width - FRAME, style)))
    notes = Section("notes", tuple(note_lines(derivation.notes, width, style)))
    others = Section("others", tuple(others_lines(outcome, width)))
    return kept([*opening, *steps, answer, *pictures, notes, others, errors, verdicts])


def kept(found: Iterable[Section]) -> list[Section]:
    return [section for section in found if section.lines]


def others_lines(outcome: Outcome, width: int) -> Iterable[Line]:
    """What else could be asked, said of a question alone: of a file the reader has the rest."""
    derivation = outcome.derivation
    others = derivation.others if derivation and outcome.file is None else ()
    if others:
        tail = " (--ask all, or some of them)"
        text = f"also: {', '.join(others)}"
        end = text.rfind(", ", 0, width - len(tail) - 3)
        if columns(text + tail) > width and end > 0:
            text = f"{text[:end]}, …"
        yield from ((("note", line),) for line in fill(text + tail, width))


def question_lines(outcome: Outcome, width: int) -> Iterable[Line]:
    for paragraph in paragraphs(outcome.question or ""):
        for text in fill(paragraph, width) or [""]:
            yield (("prose", text),)


def error_lines(outcome: Outcome, width: int) -> Iterable[Line]:
    """What is wrong, or why there is no answer; both may be just what was expected."""
    for complaint in outcome.complaints:
        for number, text in enumerate(paragraphs(complaint.message)):
            lead = error_lead(outcome) if number == 0 else ""
            for line, shown in enumerate(fill(lead + text, width)):
                if line == 0 and lead:
                    yield (
                        ("open" if outcome.foreseen else "wrong", lead),
                        ("prose", shown[len(lead) :]),
                    )
                else:
                    yield (("prose", shown),)


def error_lead(outcome: Outcome) -> str:
    """The words before a complaint: "no answer: ", "malformed, as expected: ", "failed: "."""
    if outcome.status == "failed":
        return "failed: "
    what = "malformed" if outcome.status == "invalid" else "no answer"
    return f"{what}, as expected: " if outcome.foreseen else f"{what}: "


def given_section(outcome: Outcome, width: int, style: Style) -> Section:
    if not outcome.given:
        return Section("given", ())
    names = {key: visible(key) for key in outcome.given}
    room = max(map(columns, names.values()))
    lines: list[Line] = [(("heading", "Given"),)]
    for key, raw in outcome.given.items():
        text = given_text(outcome, key, raw, 10 * width, style, has_lines=True)
        own = [line for line in text.splitlines() if line.strip()] or [""]
        pieces = [piece for line in own for piece in fill(line, max(width - room - 4, 20))]
        for number, piece in enumerate(pieces):
            label = names[key] if number == 0 else ""
            padding = " " * (room - columns(label) + 2)
            lines.append((("label", f"  {label}{padding}"), ("given", piece)))
    return Section("given", tuple(lines))


def given_text(
    outcome: Outcome, key: str, raw: Raw, most: int, style: Style = DEFAULT, has_lines: bool = False
) -> str:
    """What was given, as it was read where that is known, in so many characters.

    `has_lines` leaves line breaks as such, which else are escaped.
    """
    read = outcome.read.get(key)
    if isinstance(read, Expr):
        return visible(one_line(read, style), most=most)
    return visible(raw_text(raw) if read is None else read, lines=has_lines, most=most)


SEVERAL = re.compile(r"[-−+0-9.eE/^]+(?:[\s,;]+[-−+0-9.eE/^]+)+")
"""Several numbers: a vector, or the rows of a matrix."""


def raw_text(raw: Raw) -> str:
    """What was given, on one line."""
    match raw:
        case Text(value):
            return value
        case Items(items):
            texts = [raw_text(item) for item in items]
            if any(SEVERAL.fullmatch(text) for text in texts):
                are_matrices = any(";" in text for text in texts)
                texts = [bracketed(text, are_matrices) for text in texts]
            return "[" + ", ".join(texts) + "]"
        case Entries(pairs):
            return "{" + ", ".join(f"{k.value}: {raw_text(v)}" for k, v in pairs) + "}"


def bracketed(text: str, is_matrix: bool) -> str:
    """One of several vectors or matrices that were typed, in brackets that tell it from others."""
    if text.startswith("["):
        return text
    rows = [", ".join(row.replace(",", " ").split()) for row in text.strip(" ;").split(";")]
    listed = ", ".join(f"[{row}]" for row in rows)
    return f"[{listed}]" if is_matrix else listed


def step_lines(step: Step, label: str, options: Options, indent: int = 0) -> Iterable[Line]:
    width, style = options.width, options.style
    margin = " " * indent
    rule = visible(sentence(step.rule))
    for number, text in enumerate(fill(rule, width - indent - len(label))):
        lead = label if number == 0 else " " * len(label)
        yield (("margin", margin), ("number", lead), ("rule", text))
    inner = indent + len(label)
    if step.note and not options.brief:
        yield from wrapped(step.note, width, style, "because", inner)
    for block in step.blocks:
        yield from block_lines(block, width, style, inner + 2)
    if not options.brief:
        for letter, substep in zip("abcdefghijklmnopqrstuvwxyz" * 9, step.substeps, strict=False):
            yield ()
            yield from step_lines(substep, f"{letter}) ", options, inner)


def block_lines(block: Block, width: int, style: Style, indent: int) -> Iterable[Line]:
    margin: Piece = ("margin", " " * indent)
    match block:
        case Table():
            for line in table_lines(block, style, max(width - indent, 20)):
                yield (margin, *line)
        case Picture(drawing, caption):
            for line in drawing.pieces(max(width - indent, 20), style):
                yield (margin, *line)
            yield from wrapped(caption, width, style, "because", indent)
        case Expr():
            for text in stacked(harmless(block), max(width - indent, 20), style):
                yield (margin, ("maths", text))


def note_lines(notes: Sequence[Note], width: int, style: Style) -> Iterable[Line]:
    if notes:
        yield (("heading", "Notes"),)
    for note in notes:
        lines = wrapped((prose_text(note.text, style), f" [{note.id}]"), width - 4, style, "note")
        for number, line in enumerate(lines):
            bullet = "-" if style.ascii else "•"
            yield (("margin", f"  {bullet} " if number == 0 else "    "), *line)


def verdict_lines(outcome: Outcome, width: int) -> Iterable[Line]:
    for checked in outcome.checked:
        role, text = verdict(checked)
        for number, line in enumerate(fill(text, width - 2)):
            yield ((role, line),) if number == 0 else (("margin", "  "), (role, line))
        for note in checked.feedback:
            for line in fill(feedback_text(note), width - 2):
                yield (("margin", "  "), ("note", line))


def feedback_text(note: Note) -> str:
    """What may have gone wrong, with the id by which a teacher counts it."""
    return f"{prose_text(note.text, DEFAULT)} [{visible(note.id)}]"


def verdict_in_full(checked: Checked) -> str:
    """The verdict and what may have gone wrong, on one line."""
    return "; ".join([verdict(checked)[1], *map(feedback_text, checked.feedback)])


NAMED = re.compile(r"[^=≈≤≥<>{\[(]{1,20}[=≈≤≥<>]")
"""A claim that has its name before it."""


def verdict(checked: Checked) -> Piece:
    mark = {Verdict.RIGHT: "✓", Verdict.WRONG: "✗"}.get(checked.verdict, "?")
    role = {Verdict.RIGHT: "right", Verdict.WRONG: "wrong"}.get(checked.verdict, "open")
    remark = f": {visible(checked.remark)}" if checked.remark else ""
    claimed = visible(checked.claimed, most=60)
    sign = ": " if NAMED.match(claimed) else " = "
    what = visible(checked.name) + (f"{sign}{claimed}" if claimed.strip() else "")
    return role, f"{mark} {what} is {checked.verdict.value}{remark}"
