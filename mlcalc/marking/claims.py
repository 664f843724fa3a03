"""What a student wrote for one answer, as a value by which verdicts are remembered.

Nearly every answer of a class is a text that others wrote too; it is marked once.
"""

from __future__ import annotations

from json import dumps, loads

from mlcalc.files.document import Entries, Raw, Text, from_plain, plain, written
from mlcalc.files.errors import Place
from mlcalc.maths.records import Record


class Structured(Record):
    """A list or a mapping, as JSON text."""

    json: str


Claim = str | Structured


def claim_of(raw: Raw) -> Claim:
    return raw.value if isinstance(raw, Text) else Structured(dumps(plain(raw)))


def raw_of(claim: Claim) -> Raw:
    """The claim as the checker takes it."""
    if isinstance(claim, str):
        return Text(claim, Place("answer", claim))
    return from_plain(loads(claim.json), Place("answer"))


def said(claim: Claim | None) -> str:
    """The claim on one line, as it was typed; nothing where there is none."""
    return "" if claim is None else written(raw_of(claim)).strip()


def by_name(claim: Claim) -> dict[str, Claim] | None:
    """The claims of a mapping by name, or None where it is no mapping."""
    raw = None if isinstance(claim, str) else raw_of(claim)
    return {k.value: claim_of(v) for k, v in raw.pairs} if isinstance(raw, Entries) else None
