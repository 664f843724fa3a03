"""A table of verdicts, one line a problem, for `mlcalc solve --summary`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mlcalc.files.display import visible
from mlcalc.showing.derivation import Checked, Outcome, Table, Verdict
from mlcalc.showing.formats import Options
from mlcalc.showing.tables import table_lines

Row = tuple[str, ...]


Result = tuple[str, int, int]
"""What became of a problem, how many answers were compared, and how many of these are right."""


def table(rows: Sequence[Row], results: Sequence[Result], options: Options) -> str:
    """The rows of the outcomes, and how many are right."""
    found = Table(("file", "problem", "kind", "verdict"), tuple(rows))
    lines = ["".join(text for _, text in line) for line in table_lines(found, options.style)]
    return "\n".join([*lines, "", totals(results)])


def result(outcome: Outcome) -> Result:
    """What counts of an outcome in the totals."""
    status = "foreseen" if outcome.foreseen and outcome.status != "solved" else outcome.status
    right = sum(checked.verdict is Verdict.RIGHT for checked in outcome.checked)
    return status, len(outcome.checked), right


def row(outcome: Outcome, number: int) -> Row:
    name = outcome.id or outcome.title or f"problem {number}"
    return visible(outcome.file or ""), visible(name, most=40), outcome.kind, said(outcome)


def said(outcome: Outcome) -> str:
    """What is to be said of a problem in one line: what is wrong before what is right."""
    if outcome.foreseen:
        return f"{outcome.status}, as expected"
    if outcome.status != "solved":
        return outcome.status
    if not outcome.checked:
        return "solved, nothing to compare"
    bad = [c for c in outcome.checked if c.verdict is not Verdict.RIGHT]
    if not bad:
        names = ", ".join(checked.name for checked in outcome.checked)
        return f"right: {names}"
    return "; ".join(map(said_of_one, bad))


def said_of_one(checked: Checked) -> str:
    """The verdict, and the misconceptions by which the published answer may have come about."""
    ids = ", ".join(note.id for note in checked.feedback)
    return f"{checked.name} {checked.verdict.value}" + (f" ({ids})" if ids else "")


COUNTED = {
    "solved": "solved",
    "foreseen": "refused as expected",
    "unsolved": "without an answer",
    "invalid": "malformed",
    "failed": "failed",
}


def totals(results: Sequence[Result]) -> str:
    """A run in one line: 225 problems: 225 solved, 438 of 438 published answers agree."""
    counts = Counter(status for status, _, _ in results)
    said = [f"{counts[status]} {what}" for status, what in COUNTED.items() if counts[status]]
    claims = sum(compared for _, compared, _ in results)
    right = sum(right for _, _, right in results)
    if claims:
        said.append(f"{right} of {claims} published answers agree")
    count = "1 problem" if len(results) == 1 else f"{len(results)} problems"
    return f"{count}: {', '.join(said)}"
