"""A question about sizes alone: which shapes, and how many parameters."""

from __future__ import annotations

from mlcalc.derivation import Derivation
from mlcalc.fields import as_number
from mlcalc.maths.tree import Expr
from mlcalc.records import replace
from mlcalc.recurrence.parameters import INPUT_TAPS, OUTPUT_TAPS
from mlcalc.recurrence.question import RecurrentQuestion
from mlcalc.recurrence.sizes import shapes_and_counts
from mlcalc.recurrence.wording import NOUNS, cell_notes

FITTING = ("sizes", "cell", "variant", "input_taps", "output_taps")


def sized(given: RecurrentQuestion) -> Derivation:
    """Shapes and counts.  Raises `Invalid` where numbers are given beside the sizes."""
    for field in RecurrentQuestion.fields.values():
        if given.is_given(field) and field.name not in FITTING:
            name = given.typed_name(field)
            message = (
                f"sizes asks for shapes and counts alone: leave {name} out, or leave sizes out"
            )
            raise given.fault(message, field)
    assert given.sizes is not None
    if given.cell == "jordan" and len(given.sizes.sizes) < 3:
        message = "a Jordan network reads its outputs: give their size too, as in 3, 4, 2"
        raise given.fault(message, RecurrentQuestion.sizes)
    past = 0 if given.input_taps is None else given.input_taps
    outputs = 1 if given.output_taps is None else given.output_taps
    taps: dict[Expr, Expr] = {INPUT_TAPS: as_number(past), OUTPUT_TAPS: as_number(outputs)}
    noun = NOUNS[given.cell]
    title = f"Shapes and parameters of {noun}"
    found = shapes_and_counts(given.cell, given.sizes, taps, title, given.variant)
    return replace(found, notes=(*found.notes, *cell_notes(given)))
