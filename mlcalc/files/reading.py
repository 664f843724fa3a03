"""Files as documents: what they hold, bounded, and read as YAML or JSON.

`yaml_reader` is loaded only when there is something to read.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mlcalc.files.document import LINE_BREAK, Entries, Items, Raw, Text
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.maths.records import replace

MAX_BYTES = 10_000_000
MAX_FILES = 100_000


def read_file(path: str | Path) -> Raw:
    """The document in a file of UTF-8 text; `Invalid` where there is none."""
    return read_bytes(bytes_of(path), str(path))


_read: set[str] = set()


def forget_files() -> None:
    """Begins a command: what those before it read may be written."""
    _read.clear()


def was_read(path: str) -> bool:
    """Whether this command has read that file, under any of its names."""
    return os.path.realpath(path) in _read


def digest_of_read(*more: str) -> str:
    """What becomes another where a file changes that was read until now, or one of the texts."""
    from hashlib import sha256

    digest = sha256(repr(more).encode())
    for path in sorted(_read):
        digest.update(sha256(bytes_of(path)).digest())
    return digest.hexdigest()


def bytes_of(path: str | Path) -> bytes:
    """What a file holds, up to one byte more than is read; `Invalid` where there is none."""
    nowhere = Place(str(path))
    if "\0" not in str(path):
        _read.add(os.path.realpath(path))
    try:
        if os.path.isdir(path):
            raise Invalid.at("expected a file, not a folder", nowhere)
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Invalid.at("there is no such file", nowhere) from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        raise Invalid.at(f"the file cannot be read: {reason(error)}", nowhere) from None


def standard_input() -> bytes:
    """What is typed or piped, up to one byte more than is read, since it may never end."""
    try:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        message = f"it cannot be read: {reason(error)}"
        raise Invalid.at(message, Place("standard input")) from None


def reason(error: Exception) -> str:
    """Why a file cannot be read or written, in the system's words."""
    return (getattr(error, "strerror", None) or str(error)).lower()


def files_of(name: Text, endings: Sequence[str], what: str) -> list[str]:
    """The files that a path names: itself, or all of a folder that have these endings, in order.

    Links to folders are not followed, so that none is met twice.  Raises `Invalid` for a folder
    that holds none (`what` says none of what), that cannot be read, or that holds too many.
    """
    if name.value == "-" or not os.path.isdir(name.value):
        return [name.value]
    found: list[str] = []
    seen = 0

    def unreadable(error: OSError) -> NoReturn:
        raise Invalid.at(f"the folder cannot be read: {reason(error)}", Place(str(error.filename)))

    for folder, _, names in os.walk(name.value, onerror=unreadable):
        seen += len(names)
        if seen > MAX_FILES:
            raise Invalid.at(f"this folder holds more than {MAX_FILES:,} files", name.place)
        found += (os.path.join(folder, n) for n in names if n.lower().endswith(tuple(endings)))
    for path in found:
        # Named by itself a pipe is read, as <(…) is; in a folder it would be waited for.
        if os.path.exists(path) and not os.path.isfile(path):
            raise Invalid.at("this is a pipe or a device: move it out of the folder", Place(path))
    if not found:
        raise Invalid.at(f"there is no {what} in this folder", name.place)
    return sorted(found)


def read_bytes(data: bytes, source: str) -> Raw:
    """The document in UTF-8 bytes, from a file or from standard input."""
    return read_document(decoded(data, source), source)


def decoded(data: bytes, source: str) -> str:
    """Bounded UTF-8 bytes as text, without a byte order mark."""
    if len(data) > MAX_BYTES:
        raise Invalid.at(
            f"larger than {MAX_BYTES:,} bytes: split it into several files", Place(source)
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise Invalid.at("this begins as UTF-16 text and is none", Place(source)) from None
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        lines = LINE_BREAK.split(data[: error.start].decode("utf-8"))
        rest = re.split(rb"[\r\n]", data[error.start :], maxsplit=1)[0].decode("utf-8", "replace")
        place = Place(source, lines[-1] + rest, len(lines), len(lines[-1]) + 1, is_file=True)
        raise Invalid.at(
            f"expected UTF-8 text, but byte {error.start + 1:,} is 0x{data[error.start]:02x}: "
            "save the file with the encoding UTF-8",
            place,
        ) from None


def read_within(raw: Text) -> Raw:
    """The list or mapping that a text spells as YAML, its places counted within the text."""
    starts = [0, *(found.end() for found in LINE_BREAK.finditer(raw.value))]

    def within(place: Place) -> Place:
        return raw.at(starts[min(place.line, len(starts)) - 1] + place.column - 1)

    def placed(node: Raw) -> Raw:
        place = within(node.place)
        match node:
            case Text():
                return replace(node, place=place, exact=raw.exact and node.exact)
            case Items(items):
                return Items(tuple(map(placed, items)), place)
            case Entries(pairs):
                found = [(placed(key), placed(value)) for key, value in pairs]
                return Entries(tuple((k, v) for k, v in found if isinstance(k, Text)), place)

    try:
        return placed(read_document(raw.value, raw.place.source))
    except Invalid as error:
        complaints = (
            Complaint(c.message, None if c.place is None else within(c.place))
            for c in error.complaints
        )
        raise Invalid(*complaints) from None


def read_document(text: str, source: str, first_line: int = 1) -> Raw:
    """The one document in a text of YAML or JSON; `Invalid` with all that is wrong with it.

    An empty text is an empty scalar.  `first_line` is the number of its first line, for text
    that stands within a file, such as a line of JSON lines.
    """
    from mlcalc.files.yaml_reader import read

    return read(text.removeprefix("\ufeff"), source, first_line)
