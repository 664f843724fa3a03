"""≈ before every number that is shown rounded, also where no chain says so.

In a sentence it stands before the number, in a table at the head of the column: "≈ downstream".
What stands in chains the printers do themselves.
"""

from __future__ import annotations

from mlcalc.maths.board import Note, Prose
from mlcalc.maths.printing import Style
from mlcalc.maths.printing.rules import Form
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Decimal, Expr, Listing, Matrix, Neg, Number, parts
from mlcalc.showing.derivation import Block, Derivation, Picture, Step, Table


def signed(derivation: Derivation, style: Style) -> Derivation:
    """The derivation with that sign in its tables, sentences and notes."""
    form = Form(style.digits, style.more)
    return replace(
        derivation,
        steps=tuple(step_signed(step, form) for step in derivation.shown_steps),
        notes=tuple(Note(note.id, prose_signed(note.text, form)) for note in derivation.notes),
        pictures=tuple(picture_signed(picture, form) for picture in derivation.pictures),
    )


def step_signed(step: Step, form: Form) -> Step:
    if step.is_in_letters:
        return step
    return replace(
        step,
        blocks=tuple(block_signed(block, form) for block in step.blocks),
        note=prose_signed(step.note, form),
        substeps=tuple(step_signed(substep, form) for substep in step.substeps),
    )


def block_signed(block: Block, form: Form) -> Block:
    match block:
        case Table(header, rows, caption, along):
            columns = zip(*rows, strict=True) if rows else ((),) * len(header)
            heads = tuple(
                head_signed(head) if any(is_rounded(cell, form) for cell in column) else head
                for head, column in zip(header, columns, strict=True)
            )
            return Table(heads, rows, prose_signed(caption, form), along)
        case Picture():
            return picture_signed(block, form)
    return block


def picture_signed(picture: Picture, form: Form) -> Picture:
    return replace(picture, caption=prose_signed(picture.caption, form))


def head_signed(head: Prose | Expr) -> Prose:
    if isinstance(head, str):
        return f"≈ {head.removeprefix('= ')}"
    return ("≈ ", head) if isinstance(head, Expr) else ("≈ ", *head)


def prose_signed(prose: Prose, form: Form) -> Prose:
    """The sentence with ≈ before each rounded number, in the place of = where that stood."""
    if isinstance(prose, str):
        return prose
    found: list[str | Expr] = []
    for piece in prose:
        if is_rounded(piece, form):
            before = found.pop() if found and isinstance(found[-1], str) else ""
            assert isinstance(before, str)
            if not before.endswith("≈ "):
                before = f"{before.removesuffix('= ')}≈ "
            found.append(before)
        found.append(piece)
    return tuple(found)


def is_rounded(shown: Prose | Expr, form: Form) -> bool:
    """Whether this is, or begins with, a bare number of which digits are dropped."""
    if isinstance(shown, tuple):
        return bool(shown) and is_rounded(shown[0], form)
    return isinstance(shown, Expr) and is_bare(shown) and form.drops_digits(shown)


def is_bare(shown: Expr) -> bool:
    match shown:
        case Number() | Decimal():
            return True
        case Neg() | Matrix() | Listing():
            return all(map(is_bare, parts(shown)))
    return False
