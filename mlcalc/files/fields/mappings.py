"""Names with values, x=1, y=2: the one reader of such lists, for all fields of all kinds.

People write =, : or :=, put commas, semicolons, new lines or spaces between, and braces around.
YAML's own mappings give the same, and so do answers to be marked.  A value is left as it was typed,
for its field to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mlcalc.files.display import visible
from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields.base import FieldType, Schema, is_empty, part_of
from mlcalc.files.fields.numbers import number_notes
from mlcalc.maths.board import Note
from mlcalc.maths.records import replace

BRACKETED = r"\((?:[^()\n]|\([^()\n]*\))*\)|\{[^{}\n]*\}"
"""What stands in brackets within a name: P(y = 1 | x), \\frac{∂L}{∂W}."""
NAME = rf"""(?P<name>"[^"]+"|'[^']+'|
    [^\s=≈:,;<>!~\[\](){{}}"'](?:{BRACKETED}|[^=≈:,;<>!~\n\[\](){{}}])*?)"""
NAMED = rf"\s*{NAME}\s*(?P<sign>:=|=(?!=)|≈|:)"
AFTER_SPACE = re.compile(r"\s+(?:[^\W\d]\w*|[0-9.]+)\s*=(?!=)")
TIME = re.compile(r"\s*[0-9]+:[0-9]")
"""12:30 is no name with a value."""
BREAKS = ",;\r\n"
BETWEEN = BREAKS + " \t"
CLOSING = {"(": ")", "[": "]", "{": "}"}


class Mapping(FieldType[Entries]):
    """Names with values: x=1, y=2, or a mapping in YAML; no name is given twice."""

    example: str = "x=1, y=2"
    has_lists: bool = False
    """Whether a value may be a list, so that 1,5 may be two numbers."""
    metavar = "NAME=VALUE,…"

    def read(self, raw: Raw) -> Entries:
        found = entries_of(raw, self.example)
        if self.has_lists:
            refuse_decimal_commas(raw, found)
        return found

    def remarks(self, raw: Raw, value: Entries) -> tuple[Note, ...]:
        return number_notes(value)

    def schema(self) -> Schema:
        mapping: Schema = {"type": "object", "not": {"required": ["from"]}}
        return {"anyOf": [mapping, {"type": "string"}]}


DOUBTFUL = re.compile(r"(?![+−-]?[1-9][0-9]{0,2},[0-9]{3}$)([+−-]?[0-9]+),([0-9]+)")


def refuse_decimal_commas(raw: Raw, found: Entries) -> None:
    """Complains of x=1,5; y=2, where 1,5 may be 1.5 or a list; a comma between pairs tells."""
    text = raw.value if isinstance(raw, Text) else ""
    if any(c == "," and name_at(text, i + 1) for i, c in enumerate(text)):
        return
    complaints = [
        Complaint(
            f"'{key.value}={value.value}' can be read in two ways: write "
            f"{key.value}=[{typed[1]}, {typed[2]}] or {key.value}={typed[1]}.{typed[2]}",
            value.place,
        )
        for key, value in found.pairs
        if isinstance(value, Text) and (typed := DOUBTFUL.fullmatch(value.value))
    ]
    if complaints:
        raise Invalid(*complaints)


def is_mapping(raw: Raw) -> bool:
    """Whether a value begins as names with values do, and not as a list or a formula."""
    match raw:
        case Entries(pairs):
            names = [key for key, value in pairs if is_empty(value)]
            return len(names) < len(pairs) or all(name_at(key.value) for key in names)
        case Text(text):
            inside = without_braces(raw)
            is_one = inside is not raw and name_at(inside.value) is not None
            return is_one or is_named(text) or bool(several_at_once(raw))
        case Items(items):
            return bool(items) and all(
                isinstance(item, Text) and is_named(item.value) for item in items
            )


def name_at(text: str, start: int = 0) -> re.Match[str] | None:
    """A name with its sign; the expression is compiled for the first mapping that is read."""
    return re.compile(NAMED, re.VERBOSE).match(text, start)


def is_named(text: str) -> bool:
    return name_at(text) is not None and TIME.match(text) is None


def entries_of(raw: Raw, example: str, by_space: bool = True) -> Entries:
    """The names and values that were typed; `by_space` a space may end a value.

    Raises `Invalid`, with the example of what to write, for what is none and for a name that is
    given twice.
    """
    pairs: list[tuple[Text, Raw]] = []
    match raw:
        case Entries():
            for key, value in raw.pairs:
                before = pairs[-1][1] if pairs else None
                if is_empty(value) and isinstance(before, Text) and is_open(before.value):
                    # YAML cuts {prior: beta(1, 1)} at the comma.
                    joined = replace(before, value=f"{before.value}, {key.value}")
                    pairs[-1] = pairs[-1][0], joined
                elif is_empty(value) and name_at(key.value):
                    # {x=1} is a key without a value to YAML.
                    pairs += pairs_in(key, example, by_space)
                else:
                    pairs.append((key, value))
        case Text():
            plain = plainly(raw)
            pairs += several_at_once(plain) or pairs_in(without_braces(plain), example, by_space)
        case Items(items):
            for item in items:
                if not isinstance(item, Text) or not is_named(item.value):
                    raise Invalid.at(f"expected names and values such as {example}", item.place)
                pairs += pairs_in(item, example, by_space)
    return Entries(once(pairs), raw.place)


WRAPPED = re.compile(r"\s*(dict\(|\(|\[)(.*)([)\]])\s*", re.DOTALL)
"""dict(x=1, y=2), (x=1, y=2)"""
AND = re.compile(r"\s(?:and|&|\\land)(?=\s+[^\W\d]\w*\s*=(?!=))")
ARROW = re.compile(r"((?:^|[,;\n{])\s*[^\W\d]\w*\s*)(->|→|↦|<-(?=\s)|\\to\b)(?=\s*[-+−.0-9\[(])")
COLONS = re.compile(r"\s*\w+\s*:\s*[-+−.0-9/]+(?:\s+\w+\s*:\s*[-+−.0-9/]+)+\s*")
AT_ONCE = re.compile(
    r"\s*\(?\s*(?P<names>[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)+)\s*\)?\s*=\s*"
    r"\(?(?P<values>[^=(),;]+(?:,[^=(),;]+)+)\)?\s*"
)
"""(x, y) = (1, 2)"""


def plainly(raw: Text) -> Text:
    """The same with = and commas for what others write, each sign in its place."""
    text = raw.value
    found = WRAPPED.fullmatch(text)
    if found and is_named(found[2]) and not is_open(found[1] + found[3]) and balanced(found[2]):
        start, end = found.span(2)
        text = " " * start + text[start:end] + " " * (len(text) - end)
    text = AND.sub(lambda found: ",".ljust(len(found[0])), text)
    text = ARROW.sub(lambda found: found[1] + "=".ljust(len(found[2])), text)
    if COLONS.fullmatch(text):
        text = re.sub(r"(?<=[0-9.])\s(?=\s*\w+\s*:)", ",", text)
    return raw if text == raw.value else replace(raw, value=text)


def balanced(text: str) -> bool:
    """Whether no bracket is closed in a text that is opened outside of it."""
    return min((depth for _, depth in depths(text)), default=0) >= 0


def several_at_once(raw: Text) -> list[tuple[Text, Raw]]:
    """The pairs of (x, y) = (1, 2), which has a value for each name; none of anything else."""
    found = AT_ONCE.fullmatch(raw.value)
    if found is None:
        return []
    names, values = (
        [part_of(raw, i + start, j + start) for i, j in pieces]
        for part in ("names", "values")
        for start in (found.start(part),)
        for pieces in ([piece.span() for piece in re.finditer("[^,]+", found[part])],)
    )
    return list(zip(names, values, strict=True)) if len(names) == len(values) else []


def once(pairs: Sequence[tuple[Text, Raw]]) -> tuple[tuple[Text, Raw], ...]:
    seen: set[str] = set()
    complaints = []
    for key, _ in pairs:
        if key.value in seen:
            message = f"'{visible(key.value)}' is given twice: give it once"
            complaints.append(Complaint(message, key.place))
        seen.add(key.value)
    if complaints:
        raise Invalid(*complaints)
    return tuple(pairs)


def without_braces(raw: Text) -> Text:
    """What stands in the braces around the whole text, if there are any."""
    start = len(raw.value) - len(raw.value.lstrip())
    end = len(raw.value.rstrip())
    if raw.value[start : start + 1] != "{" or closing_of(raw.value, start) != end - 1:
        return raw
    return part_of(raw, start + 1, end - 1)


def is_open(text: str) -> bool:
    """Whether a bracket is not closed."""
    return sum((c in CLOSING) - (c in CLOSING.values()) for c in text) > 0


def closing_of(text: str, start: int) -> int:
    """Where the bracket that opens there is closed; -1 where it is not."""
    return next((index for index, depth in depths(text, start) if depth == 0), -1)


def depths(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Each character outside quotes, and in how many brackets it stands, a closing one outside."""
    depth, quote, is_new = 0, "", True
    for index in range(start, len(text)):
        character = text[index]
        if quote:
            quote = "" if character == quote else quote
            continue
        if character in "\"'" and is_new:
            quote = character
            continue
        depth += (character in CLOSING) - (character in CLOSING.values())
        # An apostrophe within a word opens nothing.
        is_new = character in " \t\n,;:=[{("
        yield index, depth


def pairs_in(raw: Text, example: str, by_space: bool) -> list[tuple[Text, Raw]]:
    """The pairs of a text without braces, each with its place."""
    text = raw.value
    pairs: list[tuple[Text, Raw]] = []
    start, stop = 0, len(raw.value.rstrip(BETWEEN))
    while start < stop:
        found = name_at(text, start)
        sign = found["sign"] if found else ""
        end = end_of(text, found.end() if found else start, stop, by_space and sign == "=")
        if found is None or not text[found.end() : end].strip():
            piece = visible(text[start:end].strip(), most=40)
            message = f"expected names and values such as {example}, not '{piece}'"
            raise Invalid.at(message, part_of(raw, start, end).place)
        key = part_of(raw, found.start("name"), found.end("name"))
        pairs.append((key, part_of(raw, found.end(), end)))
        start = end + (text[end : end + 1] in (",", ";"))
    if not pairs:
        raise Invalid.at(f"expected names and values such as {example}, not nothing", raw.place)
    return pairs


def end_of(text: str, start: int, stop: int, by_space: bool) -> int:
    """Where a value ends: before the next name, so that a list may be one."""
    has_begun = False
    for index, depth in depths(text, start):
        character = text[index]
        is_gap = by_space and has_begun and character.isspace()
        has_begun = has_begun or not character.isspace()
        if index >= stop:
            return index
        if not depth and character in BREAKS and name_at(text, index + 1):
            return index
        if not depth and is_gap and AFTER_SPACE.match(text, index):
            return index
    return min(stop, len(text))
