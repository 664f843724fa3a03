"""What a comparison finds: a verdict, and which parts of the answer are wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from mlcalc.files.errors import Invalid
from mlcalc.maths.functions import EvaluationError, Undefined
from mlcalc.maths.records import Record
from mlcalc.showing.derivation import Verdict

MOST_NAMED = 5
"""So many wrong parts are named in a remark, and the others counted."""

NUMBERED = re.compile(r"(size|entry|row|column|argument) ([0-9]+)")
SEVERAL = {"entry": "entries"}


class Finding(Record):
    """A verdict with a remark for the reader, and the names of the parts that are wrong."""

    verdict: Verdict
    remark: str = ""
    wrong: tuple[str, ...] = ()
    count: int = 1
    """How many parts were compared."""


RIGHT, WRONG = Finding(Verdict.RIGHT), Finding(Verdict.WRONG)
UNDECIDED = Finding(Verdict.UNDECIDED)


def decided(is_right: bool | None) -> Finding:
    if is_right is None:
        return UNDECIDED
    return RIGHT if is_right else WRONG


def wrong(remark: str) -> Finding:
    return Finding(Verdict.WRONG, remark)


def all_right(parts: Iterable[tuple[str, Callable[[], Finding]]]) -> Finding:
    """The verdict on all parts: one that is wrong decides, also beside one without a value."""
    findings: list[Finding] = []
    wrong_parts: list[str] = []
    doubt: EvaluationError | None = None
    for name, compare in parts:
        try:
            found = compare()
        except EvaluationError as error:
            doubt = error if doubt is None or isinstance(error, Undefined) else doubt
            continue
        findings.append(found)
        if found.verdict is Verdict.WRONG:
            inner = (joined(name, part) for part in found.wrong)
            wrong_parts += inner if found.wrong else [name]
    count = sum(found.count for found in findings)
    if wrong_parts:
        own = [found.remark for found in findings if found.remark and not found.wrong]
        remark = own[0] if own and len(wrong_parts) == 1 else ""
        return Finding(Verdict.WRONG, remark, tuple(wrong_parts), count)
    if doubt is not None:
        raise doubt
    if any(found.verdict is Verdict.UNDECIDED for found in findings):
        return UNDECIDED
    remarks = [found.remark for found in findings if found.remark]
    return Finding(Verdict.RIGHT, remarks[0] if remarks else "", (), count)


def united(findings: Sequence[Finding]) -> Finding:
    """The verdict on values that are claimed to be equal, or on several readings of one claim.

    Raises `Invalid` where some are right and others wrong: what is meant is not for us to choose.
    """
    found = {finding.verdict for finding in findings}
    if found >= {Verdict.RIGHT, Verdict.WRONG}:
        raise Invalid.at("two different values stand here for one: write the one that is meant")
    wanted = next(v for v in (Verdict.WRONG, Verdict.UNDECIDED, Verdict.RIGHT) if v in found)
    return next(finding for finding in findings if finding.verdict is wanted)


def bound(function: Callable[..., Finding], *arguments: object) -> Callable[[], Finding]:
    """A comparison that is still to be made."""
    return lambda: function(*arguments)


def joined(outer: str, inner: str) -> str:
    return f"{outer}, {inner}" if outer else inner


def remark_of(finding: Finding) -> str:
    """Which parts are wrong, in words, without what would be right there."""
    if not finding.wrong or finding.count == 1:
        return finding.remark
    if len(finding.wrong) == finding.count:
        every = "both" if finding.count == 2 else f"all {finding.count}"
        return finding.remark or f"{every} parts are wrong"
    return f"look at {listed(finding.wrong)}"


def listed(names: Sequence[str]) -> str:
    """The parts in words: sizes 2 and 3; x, y and 3 more; row 1, column 2; row 2, column 1."""
    more = len(names) - MOST_NAMED
    shown = list(names[:MOST_NAMED])
    numbered = [NUMBERED.fullmatch(name) for name in shown]
    nouns = {match[1] for match in numbered if match is not None}
    lead = ""
    if len(shown) > 1 and len(nouns) == 1 and None not in numbered:
        (noun,) = nouns
        lead = SEVERAL.get(noun, f"{noun}s") + " "
        shown = [name.removeprefix(noun + " ") for name in shown]
    if more > 0:
        shown.append(f"{more} more")
    if any("," in name for name in shown):
        return "; ".join(shown[:-1]) + f"; and {shown[-1]}" if more > 0 else "; ".join(shown)
    *first, last = shown
    return lead + (f"{', '.join(first)} and {last}" if first else last)
