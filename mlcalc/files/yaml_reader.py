"""YAML and JSON read event by event, with everything refused that a problem file has no use for.

PyYAML's loaders would resolve types, aliases and duplicate keys on their own.  The events below
them still have marks, so each refusal says where, and one run reports all that can be found.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml
from yaml import events

from mlcalc.files.display import visible
from mlcalc.files.document import LINE_BREAK, Entries, Items, Raw, Text
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.yaml_syntax import explained

MAX_NODES = 1_000_000
MAX_DEPTH = 32
MAX_SCALAR = 100_000
TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels: write fewer brackets"
MAX_COMPLAINTS = 50  # a file that is wrong in more places is wrong as a whole

# U+0085, U+2028 and U+2029 are line breaks to YAML and invisible to everybody else: counting
# lines as an editor does needs them gone.  The other ranges are those YAML itself forbids.
_FORBIDDEN = re.compile("[^\t\n\r -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A string that is never closed matches too, or each of its quotes would be tried to the end.
_JSON_STRING_OR_TAB = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|\t', re.DOTALL)
_BACKSLASH_OR_SURROGATE = re.compile(r"\\\\|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


def read(text: str, source: str, first_line: int) -> Raw:
    """The one document in a text; see `reading.read_document`."""
    reader = _Reader(text, source, first_line)
    if found := _FORBIDDEN.search(text):
        reader.stop_at_forbidden(found.start())
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(reader.normalised(), Loader=loader):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        message, mark = explained(error, reader.lines)
        if "nesting depth" in (error.problem or ""):
            # The parser reads ahead, and since PyYAML 6.0.4 counts to a limit of its own.
            message = TOO_DEEP
        reader.stop(message, reader.place(mark) if mark else Place(source))
    if reader.complaints:
        raise Invalid(*reader.complaints)
    return reader.root


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    place: Place
    is_mapping: bool
    items: list[Raw] = field(default_factory=list)
    pairs: list[tuple[Text, Raw]] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    key: Text | None = None


class _Reader:
    """Builds nodes from events on a stack of its own, so that no depth exhausts Python's."""

    def __init__(self, text: str, source: str, first_line: int) -> None:
        self.text, self.source, self.first_line = text, source, first_line
        self.lines = LINE_BREAK.split(text)
        self.root: Raw = Text("", self.place_at(0, 0))
        self.open: list[_Open] = []
        self.complaints: list[Complaint] = []
        self.nodes = self.documents = 0
        self.has_surrogates = False

    def normalised(self) -> str:
        """The text for the YAML parser: of the same length, with what JSON allows beyond YAML."""
        text = self.text
        if text.lstrip()[:1] not in ("{", "[") or not ("\t" in text or r"\u" in text):
            return text
        if not _is_json(text):
            return text  # in other texts a backslash need not be an escape, nor a quote a string
        text = _JSON_STRING_OR_TAB.sub(lambda m: " " if m[0] == "\t" else m[0], text)
        # Half a character is no escape in YAML; `decoded_string` puts the true one back.
        text, count = _BACKSLASH_OR_SURROGATE.subn(
            lambda m: m[0] if m[0] == "\\\\" else r"\ufffd", text
        )
        self.has_surrogates = count > 0
        return text

    def place_at(self, line: int, column: int) -> Place:
        if 0 < line >= len(self.lines) - 1 and not self.lines[-1]:
            # The end of the text is shown behind its last line rather than below it.
            line, column = len(self.lines) - 2, len(self.lines[-2])
        elif line >= len(self.lines):
            line, column = len(self.lines) - 1, len(self.lines[-1])
        return Place(
            self.source, self.lines[line], line + self.first_line, column + 1, is_file=True
        )

    def place(self, mark: Any) -> Place:  # the stubs call marks optional; here they never are
        return self.place_at(mark.line, mark.column)

    def complain(self, message: str, place: Place) -> None:
        self.complaints.append(Complaint(message, place))
        if len(self.complaints) >= MAX_COMPLAINTS:
            raise Invalid(*self.complaints)

    def stop(self, message: str, place: Place) -> NoReturn:
        raise Invalid(*self.complaints, Complaint(message, place))

    def stop_at_forbidden(self, index: int) -> NoReturn:
        before = LINE_BREAK.split(self.text[:index])
        escape = visible(self.text[index])
        self.stop(
            f"the character {escape} cannot be seen and is not accepted: remove it, "
            f'or write it as "{escape}" in double quotes',
            self.place_at(len(before) - 1, len(before[-1])),
        )

    def take(self, event: object) -> None:
        """One event of the parser."""
        if isinstance(event, events.ScalarEvent):
            self.add(self.scalar(event))
        elif isinstance(event, events.AliasEvent):
            place = self.place(event.start_mark)
            self.complain(
                f"an alias ('*{visible(event.anchor or '', most=60)}') is not accepted: "
                "repeat the value, or put text that begins with '*' in quotes",
                place,
            )
            self.add(Text("", place))
        elif isinstance(event, events.CollectionStartEvent):
            self.start(event, isinstance(event, events.MappingStartEvent))
        elif isinstance(event, events.CollectionEndEvent):
            done = self.open.pop()
            self.add(
                Entries(tuple(done.pairs), done.place)
                if done.is_mapping
                else Items(tuple(done.items), done.place)
            )
        elif isinstance(event, events.DocumentStartEvent):
            self.start_document(event)

    def start_document(self, event: Any) -> None:
        place = self.place(event.start_mark)
        self.documents += 1
        if self.documents > 1:
            self.stop(
                "a second document is not accepted: write the problems of a file "
                "as one list, or in several files",
                place,
            )
        if self.text.startswith("%", event.start_mark.index):
            self.complain("a directive is not accepted: remove the line", place)

    def start(self, event: Any, is_mapping: bool) -> None:
        place = self.place(event.start_mark)
        self.refuse_properties(event, place)
        if len(self.open) >= MAX_DEPTH:
            self.stop(TOO_DEEP, place)
        if self.expects_key():
            self.complain(
                "a key may not be a list or a mapping: write a word, or put the text in quotes",
                place,
            )
        self.open.append(_Open(place, is_mapping))

    def refuse_properties(self, event: Any, place: Place) -> None:
        """Count the node, and refuse what may stand before one in YAML."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.stop(f"more than {MAX_NODES:,} values: write several files", place)
        if event.anchor is not None:
            self.complain(
                f"an anchor ('&{visible(event.anchor, most=60)}') is not accepted: "
                "remove it, or put text that begins with '&' in quotes",
                place,
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            short = visible(tag.replace("tag:yaml.org,2002:", "!!"), most=60)
            self.complain(
                f"a tag ('{short}') is not accepted: remove it, "
                "or put text that begins with '!' in quotes",
                place,
            )

    def scalar(self, event: Any) -> Text:
        place = self.place(event.start_mark)
        self.refuse_properties(event, place)
        value, start, end = event.value, event.start_mark, event.end_mark
        quoted = event.style in ("'", '"', "|", ">")
        if self.has_surrogates and event.style == '"':
            value = self.decoded_string(self.text[start.index : end.index], place)
        if len(value) > MAX_SCALAR:
            self.complain(
                f"a text of {len(value):,} characters, of at most {MAX_SCALAR:,}: write less", place
            )
        in_quotes = event.style in ("'", '"')
        # Escapes and folded lines make the value differ from what stands there.
        exact = (
            start.line == end.line
            and event.style not in ("|", ">")
            and end.column - start.column - 2 * in_quotes == len(value)
            and place.text.startswith(value, place.column - 1 + in_quotes)
        )
        return Text(value, place.moved(1) if exact and in_quotes else place, quoted, exact)

    def decoded_string(self, source: str, place: Place) -> str:
        """A string of JSON, the two halves of a surrogate pair joined to one character."""
        value = str(json.loads(source, strict=False))
        if any("\ud800" <= character <= "\udfff" for character in value):
            self.complain(
                "half of a surrogate pair is no character: write both halves, "
                r"such as \ud83d\ude00, or the character itself",
                place,
            )
        return value

    def expects_key(self) -> bool:
        return bool(self.open) and self.open[-1].is_mapping and self.open[-1].key is None

    def add(self, node: Raw) -> None:
        """Put a finished node into the list or mapping that is open."""
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        if not top.is_mapping:
            top.items.append(node)
        elif top.key is None:
            # A list as key has been complained of: any text keeps the pairs in step.
            top.key = self.key(node, top) if isinstance(node, Text) else Text("", node.place)
        else:
            self.refuse_missing_space(top.key, node)
            top.pairs.append((top.key, node))
            top.key = None

    def key(self, key: Text, top: _Open) -> Text:
        # Slices are short since JSON may stand on one line of megabytes.
        column = key.place.column - 1
        before = key.place.text[max(0, column - 80) : column].rstrip()
        name = visible(key.value, most=60)
        if key.value == "<<" and not key.quoted:
            self.complain("a merge key '<<' is not accepted: write the fields out", key.place)
        elif not key.value and not key.quoted:
            self.complain("a key is missing before ':': write 'key: value'", key.place)
        elif before.endswith("?") and not key.quoted:
            self.complain(f"a key after '? ' is not accepted: write '{name}: value'", key.place)
        elif key.value in top.lines:
            self.complain(
                f"the key '{name}' stands a second time, first in line "
                f"{top.lines[key.value]}: remove one, or rename it",
                key.place,
            )
        top.lines.setdefault(key.value, key.place.line)
        return key

    def refuse_missing_space(self, key: Text, value: Raw) -> None:
        """`{kernel:2}` is a key without a value to YAML, and never what was meant."""
        if not isinstance(value, Text) or value.value or value.quoted or ":" not in key.value:
            return
        end = key.place.column - 1 + len(key.value)
        rest = key.place.text[end : end + 80]
        if key.exact and not key.quoted and not rest.lstrip().startswith(":"):
            name, _, after = visible(key.value, most=60).partition(":")
            self.complain(f"a space is missing after the colon: write '{name}: {after}'", key.place)


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True
