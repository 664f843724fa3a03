"""What a user typed, made safe to show, and complaints with a caret under the fault.

A file or an answer may hold characters that move the cursor, reverse the line or cannot be
seen at all; shown raw, they would make an error message lie about what it complains of.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from typing import TextIO

from mlcalc.files.errors import Complaint

WIDEST_LINE = 100

# Letters and marks that Unicode calls printable but that leave nothing on the screen: the
# grapheme joiner, the Hangul fillers, Khmer inherent vowels, variation selectors, the blank
# Braille cell.  Text can be smuggled past a reader in them.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
_SPACES = frozenset(
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u202f\u205f\u3000"
)
_SHORT = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


def visible(text: str, *, lines: bool = False, most: int | None = None) -> str:
    r"""The text with whatever cannot be seen written as an escape: `\x1b`, `\u202e`.

    `lines` keeps line breaks; `most` is the greatest length, and cuts the middle with `…`.
    """
    if is_visible(text) and (most is None or len(text) <= most):
        return text
    if most is None:
        return "".join(_piece(character, lines) for character in text)
    # A text of megabytes is not escaped as a whole for the sake of its two ends.
    shown = [_piece(character, lines) for character in _ends(text, most + 1)]
    if sum(map(len, shown)) <= most:
        return "".join(shown)
    tail = _fitting(reversed(shown), (most - 1) // 2, len)
    head = _fitting(shown, most - 1 - sum(map(len, tail)), len)
    return "".join([*head, "…", *reversed(tail)])


def is_visible(text: str) -> bool:
    """Whether nothing in the text needs to be escaped; some spaces beyond that need none."""
    return text.isprintable() and (text.isascii() or not _BLANK.search(text))


def headline(complaint: Complaint, lines: bool = False) -> str:
    """The complaint and its place."""
    message, place = visible(complaint.message, lines=lines), complaint.place
    return message if place is None else f"{visible(str(place))}: {message}"


def caret(complaint: Complaint) -> str:
    """The complaint as it stands on standard error, with its line and a caret, if it has one."""
    place, line = complaint.place, headline(complaint, lines=True)
    if place is None or not place.text:
        return line
    column = min(place.column - 1, len(place.text))
    # Only the neighbourhood counts, and a JSON file may be one line of ten megabytes.
    near = 2 * WIDEST_LINE
    before = [_piece(c) for c in place.text[max(0, column - near) : column]]
    after = [_piece(c) for c in place.text[column : column + near]]
    half = WIDEST_LINE // 2
    left = _fitting(reversed(before), max(half, WIDEST_LINE - _columns(after)), _width)[::-1]
    right = _fitting(after, WIDEST_LINE - _columns(left), _width)
    cut_left = "…" if len(left) < column else ""
    cut_right = "…" if column + len(right) < len(place.text) else ""
    margin = f"{place.line} | " if place.is_file else ""
    shown = f"  {margin}{cut_left}{''.join([*left, *right])}{cut_right}"
    rule = f"  {' ' * (len(margin) - 2)}| " if place.is_file else "  "
    return f"{line}\n{shown}\n{rule}{' ' * (len(cut_left) + _columns(left))}^"


def _piece(character: str, lines: bool = False) -> str:
    if character == "\n" and lines:
        return character
    seen = character.isprintable() or character in _SPACES
    if seen and (character.isascii() or not _BLANK.match(character)):
        return character
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _ends(text: str, most: int) -> str:
    return text if len(text) <= 2 * most else text[:most] + text[-most:]


def _fitting(pieces: Iterable[str], room: int, size: Callable[[str], int]) -> list[str]:
    """As many of the first pieces as fit into the room."""
    kept: list[str] = []
    for piece in pieces:
        room -= size(piece)
        if room < 0:
            break
        kept.append(piece)
    return kept


def _columns(pieces: Iterable[str]) -> int:
    return sum(map(_width, pieces))


def _width(piece: str) -> int:
    """Terminal columns of one character, or of one escape."""
    if piece.isascii():
        return len(piece)
    from unicodedata import category, east_asian_width

    if category(piece) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(piece) in "WF" else 1


_ASCII = {
    "−": "-", "–": "-", "—": "-", "·": "*", "×": "x", "…": "...", "≈": "~=", "≤": "<=", "≥": ">=",
    "≠": "!=", "∞": "inf", "•": "-", "✓": "+", "✗": "x", "─": "-", "═": "=", "│": "|", "→": "->",
    "∝": "propto", "∈": "in", "∂": "d", "Σ": "sum", "∏": "prod", "½": "1/2", "“": '"', "”": '"',
    "⇒": "=>", "∼": "~", "⊙": "*", "′": "'",
}  # fmt: skip


def in_ascii(text: str) -> str:
    """The text in ASCII, for a stream that cannot show more: θ̂ as theta, é as e, others as ?."""
    from unicodedata import category, name, normalize

    def spelled(character: str) -> str:
        if character.isascii() or category(character) == "Mn":
            return character if character.isascii() else ""
        if character in _ASCII:
            return _ASCII[character]
        if "GREEK" in (greek := name(character, "")) and "LETTER" in greek:
            word = greek.split("LETTER ")[1].split()[0].lower()
            return word.capitalize() if "CAPITAL" in greek else word.replace("lamda", "lambda")
        plain = normalize("NFKD", character).encode("ascii", "ignore").decode()
        return plain or "?"

    return "".join(map(spelled, text))


def can_show(text: str, stream: TextIO) -> bool:
    """Whether the stream has a code for these characters; one in memory has all."""
    try:
        text.encode(stream.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


class Unwritable(Exception):
    """Standard output is closed, full, or no longer read; the cause says which."""


def put(text: str, stream: TextIO) -> None:
    """Writes to the screen, with an ASCII spelling of what its encoding lacks.

    Raises `Unwritable` where standard output does not take it; what standard error does not take
    is lost, since there is nowhere to say so.
    """
    try:
        stream.write(text if can_show(text, stream) else in_ascii(text))
        stream.flush()
    except (OSError, ValueError) as error:  # ValueError: closed
        if stream is not sys.stderr:
            raise Unwritable from error
