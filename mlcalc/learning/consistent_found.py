"""What a search for a consistent hypothesis came to."""

from __future__ import annotations

from mlcalc.derivation import Block, Note, Prose
from mlcalc.maths.tree import Expr
from mlcalc.records import Record


class Found(Record):
    """The hypothesis as it is shown and as text, or None with the reason why there is none."""

    hypothesis: Expr | str | None
    text: str
    blocks: tuple[Block, ...]
    reason: Prose
    notes: tuple[Note, ...] = ()


def none(reason: Prose, *blocks: Block) -> Found:
    return Found(None, "", blocks, reason)
