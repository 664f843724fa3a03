"""Lists and matrices as programs, tables and sentences write them, with their rows between `;`.

np.array([[1, 2], [3, 4]]), | 1 | 2 |, 1st row: 1, 2; 2nd row: 3, 4, a row a line, <1, 2>, (1, 2)^T.
"""

from __future__ import annotations

import re

from mlcalc.files.document import Raw, Text
from mlcalc.files.fields.base import unwrapped
from mlcalc.marking.checking.reading import outer
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr, Listing, Matrix

TURNED = re.compile(
    r"(?<=[)\]}>⟩e])\s*(?:\^\s*(?:T|t|⊤|\\top|\\intercal|\\prime|"
    r"\{\s*(?:\\(?:mathsf|mathrm|text)\s*)?\{?\s*(?:T|t|⊤|\\top|\\intercal|\\prime)\s*\}?\s*\})|"
    r"ᵀ|⊤|\.T|\.t\(\)|\.transpose\(\)|')\s*$"
)
"""What stands behind a row that is meant as a column: ^T, ^\\top, .T."""
ANGLES = re.compile(r"\s*(?:<|⟨|\\langle\b)([^<>⟨⟩]*?)(?:>|⟩|\\rangle)\s*")
BARS = re.compile(r"\{[vV]matrix\}")
BOUND = re.compile(
    r"\s*(?P<by>[rc])bind\((?P<lists>\s*c\([^()]*\)(?:\s*,\s*c\([^()]*\)){0,99})\s*\)\s*"
)
"""rbind(c(1, 2), c(3, 4))"""
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
ROW = re.compile(
    rf"(?:^|[;,\n|]|\band\b)\s*(?:the\s+)?(?:"
    rf"(?:(?P<nth>[0-9]{{1,2}})(?:st|nd|rd|th)|(?P<word>{'|'.join(ORDINALS)}))\s+row|"
    r"row\s*(?P<number>[0-9]{1,2}))\s*(?:[:=]|\bis\b)?\s*",
    re.IGNORECASE,
)
RULE = re.compile(r"[\s|:+-]*-[\s|:+-]*")
"""The line below the head of a table."""
AROUND_ROW = re.compile(r"^[\s\[(]*|[\s\])]*[,;]?\s*$")


def laid_out(claimed: Raw) -> tuple[Raw, bool]:
    """The claim with its rows between `;`, and whether it is to be read by columns."""
    if not isinstance(claimed, Text):
        return claimed, False
    text = BARS.sub("{matrix}", claimed.value)
    start = max(outer(text, "="), default=-1) + 1
    name, body = text[:start], text[start:].strip()
    if body.endswith(("].", "];")):
        body = body[:-1]
    plain = TURNED.sub("", body)
    is_turned = plain != body
    if angles := ANGLES.fullmatch(plain):
        plain = f"[{angles[1]}]"
    if bound := BOUND.fullmatch(plain):
        is_turned ^= bound["by"] == "c"
        plain = "; ".join(re.findall(r"c\(([^()]*)\)", bound["lists"]))
    plain = in_rows(plain) or unwrapped(plain)
    if plain == claimed.value[start:].strip():
        return claimed, False
    return replace(claimed, value=f"{name} {plain}", exact=False), is_turned


def in_rows(text: str) -> str | None:
    """The rows between `;` of a table, of lines, or with their numbers before them."""
    rows = numbered_rows(text)
    lines = [line for line in text.split("\n") if line.strip()]
    if rows is None and all("|" in line for line in lines):
        rows = by_bars(lines)
    if rows is None and len(lines) > 1 and ";" not in text and all(map(is_closed, lines)):
        rows = lines
    if rows is None or (len(rows) == 1 and rows[0] == text):
        return None
    return "; ".join(AROUND_ROW.sub("", row) for row in rows)


def numbered_rows(text: str) -> list[str] | None:
    """The rows in the order of their numbers, which must be those from 1."""
    found = list(ROW.finditer(text))
    if not found or found[0].start() > 0:
        return None
    ends = [*(match.start() for match in found[1:]), len(text)]
    by_number = {number_of(m): text[m.end() : end] for m, end in zip(found, ends, strict=True)}
    is_whole = len(by_number) == len(found) and set(by_number) == set(range(1, len(found) + 1))
    return [by_number[number] for number in sorted(by_number)] if is_whole else None


def number_of(row: re.Match[str]) -> int:
    if row["word"]:
        return ORDINALS.index(row["word"].casefold()) + 1
    return int(row["nth"] or row["number"])


def by_bars(lines: list[str]) -> list[str] | None:
    """The rows of a table with bars between its cells, or of one line with bars between rows."""
    if len(lines) == 1:
        rows = lines[0].split("|")
        lengths = {len(re.findall(r"[^\s,]+", row)) for row in rows}
        return rows if len(rows) > 1 and len(lengths) == 1 and lengths != {1} else None
    rows = [line.strip().strip("|") for line in lines if not RULE.fullmatch(line)]
    return [row.replace("|", ",") for row in rows]


def is_closed(text: str) -> bool:
    """Whether each bracket of a line is closed on it."""
    return all(text.count(a) == text.count(b) for a, b in ("[]", "()", "{}"))


def turned(found: Expr) -> Expr:
    """A matrix by its columns; a list of numbers is as good for a column as for a row."""
    match found:
        case Matrix():
            return found.turned
        case Listing(items) if all(isinstance(item, Listing) for item in items):
            rows = tuple(item.items for item in items if isinstance(item, Listing))
            return Matrix(rows).turned if len({*map(len, rows)}) == 1 else found
    return found
