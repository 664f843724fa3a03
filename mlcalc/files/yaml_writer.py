"""Nested texts as block YAML that a person would have typed, for `--yaml`.

PyYAML's own writer is slow to import, puts numbers that are texts in quotes, and breaks lists of
numbers into one line each.  Whatever is written here, `reading.read_document` reads back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from mlcalc.files.display import visible

WIDTH = 80

# Stricter than YAML in places: a scalar that is quoted without need is still read right.
_FIRST = r"(?!---|\.\.\.)(?:[^\s\-?:,\[\]{}#&*!|>'\"%@`]|-(?=[^\s,\[\]{}]))"
_PLAIN = rf"(?!<<\Z){_FIRST}(?:[^:#]|:(?!\s|\Z)|(?<!\s)\#)*(?<!\s)"
_PLAIN_IN_FLOW = rf"(?!<<\Z){_FIRST}[^:#?,\[\]{{}}]*(?<!\s)"


def typed(value: object) -> str:
    """A scalar of Python as a person would type it: `True` as `true`, `Fraction(1, 3)` as `1/3`."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if not isinstance(value, str | int | float | Fraction):
        raise TypeError(f"expected a text or a number, not {type(value).__name__}")
    return str(value)


def write_yaml(value: object) -> str:
    """Nested dicts, lists, texts and numbers as one YAML document that ends with a line break."""
    lines = _block(value, WIDTH)
    if not isinstance(value, Mapping | list | tuple):
        lines[1:] = _indented(lines[1:])
    return "\n".join(lines) + "\n"


def _block(value: object, width: int) -> list[str]:
    """The lines of a value; those of a scalar after the first are left to indent."""
    inline = _inline(value, width)
    if inline is not None:
        return inline
    if isinstance(value, Mapping):
        return [line for key, item in value.items() for line in _entry(typed(key), item, width)]
    assert isinstance(value, list | tuple)
    return [line for item in value for line in _hung("- ", _block(item, width - 2))]


def _entry(key: str, value: object, width: int) -> list[str]:
    name = _scalar(key, _PLAIN) + ":"
    inline = _inline(value, width - len(name) - 1)
    if inline is not None:
        return _hung(name + " ", inline)
    return [name, *_indented(_block(value, width - 2))]


def _inline(value: object, width: int) -> list[str] | None:
    """The value as it stands behind its key, or nothing where it begins on a line of its own."""
    if isinstance(value, Mapping | list | tuple):
        flow = _flow(value)
        return [flow] if flow is not None and len(flow) <= width else None
    text = typed(value)
    return _literal(text) or [_scalar(text, _PLAIN)]


def _flow(value: object) -> str | None:
    """`[[1, 2], [3, 4]]`; mappings and texts of several lines are easier to read in block style."""
    if isinstance(value, Mapping):
        return None if value else "{}"
    if isinstance(value, list | tuple):
        items = [_flow(item) for item in value]
        shown = [item for item in items if item is not None]
        return f"[{', '.join(shown)}]" if len(shown) == len(items) else None
    text = typed(value)
    return None if "\n" in text else _scalar(text, _PLAIN_IN_FLOW)


def _scalar(text: str, allowed: str) -> str:
    if visible(text) != text:  # which writes just the escapes that YAML reads in double quotes
        escaped = text.replace("\\", r"\\").replace('"', r"\"")
        return f'"{visible(escaped)}"'
    if re.fullmatch(allowed, text):
        return text
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _literal(text: str) -> list[str] | None:
    """A text of several lines under `|`, where no line would be misread as indentation."""
    lines = text.removesuffix("\n").split("\n")
    if "\n" not in text or lines[0][:1].isspace() or not lines[0] or not lines[-1]:
        return None
    if any(visible(line) != line or line.isspace() for line in lines):
        return None
    return ["|" if text.endswith("\n") else "|-", *lines]


def _hung(lead: str, lines: list[str]) -> list[str]:
    return [lead + lines[0], *_indented(lines[1:])]


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" if line else line for line in lines]
