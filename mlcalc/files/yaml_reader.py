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
from mlcalc.files.document import LINE_BREAK, Raw
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.frozen import At, Node, Scalar, Source, frozen
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
_QUOTES, _BLOCKS = ("'", '"'), ("|", ">")
_BACKSLASH_OR_SURROGATE = re.compile(r"\\\\|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


OUTERMOST = 2
"""How many lists and mappings there may be around the members of a list of problems."""


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
        reader.stop(message, reader.source.place(*reader.at(mark)) if mark else Place(source))
    if reader.complaints:
        raise Invalid(*reader.complaints)
    return reader.source.made(reader.root)


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    at: At
    is_mapping: bool
    nodes: list[Node] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    key: Scalar | None = None


class _Reader:
    """Builds nodes from events on a stack of its own, so that no depth exhausts Python's."""

    def __init__(self, text: str, source: str, first_line: int) -> None:
        self.text, self.lines = text, LINE_BREAK.split(text)
        self.source = Source(source, self.lines, first_line)
        self.root: Node = ("", *self.within(0, 0), False, True)
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

    def within(self, line: int, column: int) -> At:
        """The line and the column, both from 0, of what the parser may place behind the text."""
        last = len(self.lines) - 1
        if line < last:
            return line, column
        if line > 0 and not self.lines[-1]:
            # The end of the text is shown behind its last line rather than below it.
            return last - 1, len(self.lines[-2])
        return (line, column) if line == last else (last, len(self.lines[-1]))

    def at(self, mark: Any) -> At:  # the stubs call marks optional; here they never are
        return self.within(mark.line, mark.column)

    def complain(self, message: str, at: At) -> None:
        self.complaints.append(Complaint(message, self.source.place(*at)))
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
            self.source.place(*self.within(len(before) - 1, len(before[-1]))),
        )

    def take(self, event: Any) -> None:
        """One event of the parser."""
        if isinstance(event, events.ScalarEvent):
            self.add(self.scalar(event))
        elif isinstance(event, events.CollectionEndEvent):
            done = self.open.pop()
            self.add((done.is_mapping or None, *done.at, done.nodes))
        elif isinstance(event, events.CollectionStartEvent):
            self.start(event, isinstance(event, events.MappingStartEvent))
        elif isinstance(event, events.AliasEvent):
            at = self.at(event.start_mark)
            self.complain(
                f"an alias ('*{visible(event.anchor or '', most=60)}') is not accepted: "
                "repeat the value, or put text that begins with '*' in quotes",
                at,
            )
            self.add(("", *at, False, True))
        elif isinstance(event, events.DocumentStartEvent):
            self.start_document(event)

    def start_document(self, event: Any) -> None:
        at = self.at(event.start_mark)
        self.documents += 1
        if self.documents > 1:
            self.stop(
                "a second document is not accepted: write the problems of a file "
                "as one list, or in several files",
                self.source.place(*at),
            )
        if self.text.startswith("%", event.start_mark.index):
            self.complain("a directive is not accepted: remove the line", at)

    def start(self, event: Any, is_mapping: bool) -> None:
        at = self.at(event.start_mark)
        self.refuse_properties(event, at)
        if len(self.open) >= MAX_DEPTH:
            self.stop(TOO_DEEP, self.source.place(*at))
        if self.open and self.open[-1].is_mapping and self.open[-1].key is None:
            self.complain(
                "a key may not be a list or a mapping: write a word, or put the text in quotes", at
            )
        self.open.append(_Open(at, is_mapping))

    def refuse_properties(self, event: Any, at: At) -> None:
        """Count the node, and refuse what may stand before one in YAML."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.stop(
                f"more than {MAX_NODES:,} values: write several files", self.source.place(*at)
            )
        if event.anchor is not None:
            self.complain(
                f"an anchor ('&{visible(event.anchor, most=60)}') is not accepted: "
                "remove it, or put text that begins with '&' in quotes",
                at,
            )
        if event.tag is not None:
            short = visible(event.tag.replace("tag:yaml.org,2002:", "!!"), most=60)
            self.complain(
                f"a tag ('{short}') is not accepted: remove it, "
                "or put text that begins with '!' in quotes",
                at,
            )

    def scalar(self, event: Any) -> Scalar:
        value, style, start, end = event.value, event.style, event.start_mark, event.end_mark
        line, column = at = self.at(start)
        self.refuse_properties(event, at)
        if self.has_surrogates and style == '"':
            value = self.decoded_string(self.text[start.index : end.index], at)
        if len(value) > MAX_SCALAR:
            message = f"a text of {len(value):,} characters, of at most {MAX_SCALAR:,}: write less"
            self.complain(message, at)
        in_quotes = style in _QUOTES
        # Escapes and folded lines make the value differ from what stands there.
        exact = (
            end.column - start.column - 2 * in_quotes == len(value)
            and start.line == end.line
            and style not in _BLOCKS
            and self.lines[line].startswith(value, column + in_quotes)
        )
        return value, line, column + (exact and in_quotes), in_quotes or style in _BLOCKS, exact

    def decoded_string(self, source: str, at: At) -> str:
        """A string of JSON, the two halves of a surrogate pair joined to one character."""
        value = str(json.loads(source, strict=False))
        if any("\ud800" <= character <= "\udfff" for character in value):
            self.complain(
                "half of a surrogate pair is no character: write both halves, "
                r"such as \ud83d\ude00, or the character itself",
                at,
            )
        return value

    def add(self, node: Any) -> None:
        """Put a finished node into the list or mapping that is open."""
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        if not top.is_mapping:
            top.nodes.append(frozen(node) if len(self.open) <= OUTERMOST else node)
        elif top.key is None:
            # A list as key has been complained of: any text keeps the pairs in step.
            is_text = isinstance(node[0], str)
            top.key = self.key(node, top) if is_text else ("", *top.at, False, True)
        else:
            if node[0] == "":
                self.refuse_missing_space(top.key, node)
            top.nodes += (top.key, node)
            top.key = None

    def key(self, key: Scalar, top: _Open) -> Scalar:
        name, line, column, quoted, _ = key
        # Slices are short since JSON may stand on one line of megabytes.
        before = self.lines[line][max(0, column - 80) : column].rstrip()
        message = ""
        if name == "<<" and not quoted:
            message = "a merge key '<<' is not accepted: write the fields out"
        elif not name and not quoted:
            message = "a key is missing before ':': write 'key: value'"
        elif before.endswith("?") and not quoted:
            shown = visible(name, most=60)
            message = f"a key after '? ' is not accepted: write '{shown}: value'"
        elif name in top.lines:
            message = (
                f"the key '{visible(name, most=60)}' stands a second time, first in line "
                f"{top.lines[name]}: remove one, or rename it"
            )
        if message:
            self.complain(message, (line, column))
        top.lines.setdefault(name, line + self.source.first_line)
        return key

    def refuse_missing_space(self, key: Scalar, value: Scalar) -> None:
        """`{kernel:2}` is a key without a value to YAML, and never what was meant."""
        name, line, column, quoted, exact = key
        if value[3] or quoted or not exact or ":" not in name:
            return
        end = column + len(name)
        if not self.lines[line][end : end + 80].lstrip().startswith(":"):
            shown, _, after = visible(name, most=60).partition(":")
            message = f"a space is missing after the colon: write '{shown}: {after}'"
            self.complain(message, (line, column))


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True
