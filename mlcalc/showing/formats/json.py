"""One object a problem, on one line (`.json`, `.jsonl`).

It is for programs, and for `solve` as JSON lines.  Its keys are a contract (`mlcalc/1`).  A number
is a JSON number only where a double holds it; whatever is exact is given as text beside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from json import dumps
from typing import Any

from mlcalc.files.display import visible
from mlcalc.files.document import plain
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import Style, one_line, source
from mlcalc.maths.tree import Chain, Decimal, Expr, Number, Shape, Words
from mlcalc.showing.derivation import Answer, Block, Outcome, Picture, Result, Step, Table
from mlcalc.showing.formats import Options
from mlcalc.showing.prose import harmless, prose_text
from mlcalc.showing.tables import table_lines
from mlcalc.showing.tex_blocks import align_body, maths, words_in_maths

SCHEMA = "mlcalc/1"
LARGEST_EXACT = 2**53
HALVES = re.compile("[\ud800-\udfff]")


def render(outcome: Outcome, options: Options) -> str:
    found = as_object(outcome, options)
    text = dumps(found, ensure_ascii=options.style.ascii, allow_nan=False)
    # The name of a file need not be text, and no encoding has codes for what it holds then.
    return text if text.isascii() or not HALVES.search(text) else dumps(found, allow_nan=False)


def as_object(outcome: Outcome, options: Options) -> dict[str, Any]:
    derivation, style = outcome.derivation, options.style
    answers = derivation.answers if derivation else ()
    steps = derivation.shown_steps if derivation and not options.quiet else ()
    notes = derivation.notes if derivation and not options.quiet else ()
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "file": outcome.file,
        "id": outcome.id,
        "kind": outcome.kind,
        "title": outcome.title or (derivation.title if derivation else None),
        "status": outcome.status,
        "given": {key: plain(raw) for key, raw in outcome.given.items()},
        "answers": {answer.name: answer_object(answer, style) for answer in answers},
        "steps": [step_object(step, options) for step in steps],
        "notes": [note_object(note, style) for note in notes],
    }
    if derivation and options.plot:
        found["pictures"] = [picture_object(p, options) for p in derivation.pictures]
    if outcome.complaints:
        found["error"] = error_object(outcome)
    if outcome.checked:
        found["verdicts"] = {checked.name: checked.verdict.value for checked in outcome.checked}
    feedback = [
        {"answer": checked.name, **note_object(note, style)}
        for checked in outcome.checked
        for note in checked.feedback
    ]
    if feedback:
        found["feedback"] = feedback
    return found


def without_answer(outcome: Outcome) -> str:
    """The same for a problem that cannot be shown, by the fault that its complaint says."""
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "file": outcome.file,
        "id": outcome.id,
        "kind": outcome.kind,
        "title": outcome.title,
        "status": outcome.status,
        "given": {},
        "answers": {},
        "steps": [],
        "notes": [],
        "error": error_object(outcome),
    }
    return dumps(found)


def answer_object(answer: Answer, style: Style) -> dict[str, Any]:
    found: dict[str, Any] = {"value": as_json(answer.value)}
    exactly = exact_text(answer.value)
    if exactly is not None:
        found["exact"] = exactly
    if answer.interval is not None:
        found["interval"] = as_json(answer.interval)
    unit = f" {answer.unit}" if answer.unit else ""
    found["text"] = one_line(harmless(answer.maths), style) + unit
    found["latex"] = maths(answer.maths, style) + (words_in_maths(unit, style) if unit else "")
    return found


def as_json(value: Result) -> Any:
    """The value as JSON has it; a formula, and a number that no double holds, as text."""
    match value:
        case bool() | str():
            return value
        case Mapping():
            return {key: as_json(part) for key, part in value.items()}
        case tuple():
            return [as_json(part) for part in value]
        case Words(text):
            return text
        case Shape(sizes, channels):
            return [as_json(size) for size in (sizes if channels is None else (channels, *sizes))]
        case Chain():
            return source(value)
        case Expr():
            number = exact(value)
            return source(value) if number is None else number_as_json(number)
        case _:
            return number_as_json(value)


def number_as_json(number: Fraction | float) -> int | float | str:
    if isinstance(number, float):
        if math.isnan(number):
            return "nan"
        return number if math.isfinite(number) else "inf" if number > 0 else "-inf"
    if number.denominator == 1 and abs(number) <= LARGEST_EXACT:
        return number.numerator
    try:
        nearest = float(number)
    except OverflowError:
        return source(Number(number))
    if not nearest and number:
        return source(Decimal(number), 17)  # too small for a double, which would be 0
    return source(Number(number)) if number.denominator == 1 else nearest


def exact_text(value: Result) -> Any:
    """The exact numbers as text, nested like the value; nothing where a part is not exact."""
    match value:
        case Fraction():
            return source(Number(value))
        case Mapping():
            named = {key: exact_text(part) for key, part in value.items()}
            return None if None in named.values() or not named else named
        case tuple():
            items = [exact_text(part) for part in value]
            return None if None in items or not items else items
    return None


def step_object(step: Step, options: Options) -> dict[str, Any]:
    """The step; one in letters keeps what it is in ASCII or Unicode, brief or not."""
    if not step.is_in_letters:
        return made_object(step, options)
    key = options.style.ascii, options.brief
    if key not in step.objects:
        step.objects[key] = made_object(step, options)
    return step.objects[key]


def made_object(step: Step, options: Options) -> dict[str, Any]:
    style = options.style
    substeps = () if options.brief else step.substeps
    return {
        "rule": visible(step.rule),
        "note": "" if options.brief else prose_text(step.note, style),
        "text": "\n".join(block_text(block, options) for block in step.blocks),
        "latex": align_body(step.blocks, style),
        "substeps": [step_object(substep, options) for substep in substeps],
    }


def block_text(block: Block, options: Options) -> str:
    style = options.style
    match block:
        case Table():
            lines = table_lines(block, style)
            return "\n".join("".join(text for _, text in line) for line in lines)
        case Picture(drawing, caption):
            shown = drawing.lines(options.width, style)
            return "\n".join([*shown, prose_text(caption, style)] if caption else shown)
        case Expr():
            return one_line(harmless(block), style)


def picture_object(picture: Picture, options: Options) -> dict[str, str]:
    lines = picture.drawing.lines(options.width, options.style)
    return {"caption": prose_text(picture.caption, options.style), "text": "\n".join(lines)}


def note_object(note: Note, style: Style) -> dict[str, str]:
    return {"id": note.id, "text": prose_text(note.text, style)}


def error_object(outcome: Outcome) -> dict[str, Any]:
    """All complaints in one message; the place is that of the first, where it is in a file."""
    place = outcome.complaints[0].place
    in_file = place is not None and place.is_file
    return {
        "message": "\n".join(visible(c.message, lines=True) for c in outcome.complaints),
        "line": place.line if place is not None and in_file else None,
        "column": place.column if place is not None and in_file else None,
    }
