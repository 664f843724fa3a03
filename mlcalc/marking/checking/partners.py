"""Answers that are tried together, as weights and biases are: as two claims, or both in one.

W₁ = [1; −1], b₁ = [0; 5], W₂ = [1, 1], b₂ = −1.5 claims both; so does a mapping of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.marking.checking.mappings import entries_of
from mlcalc.marking.checking.parts import fold
from mlcalc.marking.checking.statements import (
    BETWEEN,
    NUMBERED,
    SUBSCRIPTS,
    divided,
    in_numbers,
    name_before,
    value_behind,
)
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.records import replace
from mlcalc.showing.derivation import Answer, Result

Read = Callable[[Raw, Result], Result]


def partner_of(answer: Answer, others: Sequence[Answer]) -> Answer | None:
    """The answer with which this one is tried."""
    return next((one for one in others if answer.partner and one.name == answer.partner), None)


def beside(answer: Answer, partner: Answer, claimed: Raw | None, read: Read) -> Answer:
    """The answer, to be tried with what is claimed for its partner; alone if that says nothing."""
    if claimed is None or answer.accepts is None:
        return answer
    try:
        value = read(claimed, partner.value)
    except (Invalid, EvaluationError):
        return answer
    return replace(answer, accepts=partial(answer.accepts, beside=value))


def taken_apart(claimed: Raw, answer: Answer, partner: Answer) -> tuple[Raw, Raw] | None:
    """What one claim says of the answer and of its partner; None where it is about one of them."""
    is_mapping = isinstance(claimed, Text) and claimed.value.lstrip().startswith("{")
    entries = entries_of(claimed) if is_mapping else claimed
    if isinstance(entries, Entries):
        by_name = {fold(key.value): raw for key, raw in entries.pairs}
        found = [
            [raw for name, raw in by_name.items() if name in names(one)]
            for one in (answer, partner)
        ]
        is_both = len(entries.pairs) == 2 and all(len(raws) == 1 for raws in found)
        return (found[0][0], found[1][0]) if is_both else None
    if not isinstance(claimed, Text) or "=" not in claimed.value:
        return None
    own: list[Text] = []
    other: list[Text] = []
    for number, piece in enumerate(divided(claimed, BETWEEN)):
        name = letter(piece)
        if name is None and number:
            return None
        (other if name in names(partner) else own).append(piece)
    return (values(own), values(other)) if own and other else None


def names(answer: Answer) -> set[str]:
    return {fold(name) for name in (answer.name, *answer.aliases)}


def letter(piece: Text) -> str | None:
    """The name before the sign without its number: w of W_{1} = …"""
    before = name_before(piece)
    if before is None:
        return None
    match = NUMBERED.fullmatch(before.translate(SUBSCRIPTS))
    name = fold((match["name"] if match else before).strip(" $\\^("))
    return {"θ": "theta"}.get(name, name)


def values(pieces: Sequence[Text]) -> Raw:
    """The value of one statement, or those of several as a list."""
    return value_behind(pieces[0]) if len(pieces) == 1 else in_numbers(pieces, any_order=False)
