"""What PyYAML says about malformed YAML, in the words of someone who only wants to write a problem.

Its messages name the grammar of YAML ("block mapping", "simple key"); what helps is the mistake
behind them, and that is nearly always a missing quote, bracket, space or indentation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yaml.error import Mark, MarkedYAMLError

_TAB = "a tab is not accepted here: use spaces"
_BEGINS_BADLY = "a value may not begin with {char} unless in quotes: put the value in quotes"

# (part of PyYAML's problem, whether the fault is where the construct began, what to say).
# libyaml and the parser in Python word the same problem differently: both are matched.
_SAYINGS = (
    (
        r"unexpected end of stream|unexpected document (indicator|separator)",
        True,
        "this quote is never closed: write {char} once more after the text, "
        "or double quotes around text that holds an apostrophe",
    ),
    (r"tab character", False, _TAB),
    (
        r"could not find expected ':'",
        True,
        "expected 'key: value' on one line, with a colon and a space after the key",
    ),
    (
        r"sequence entries are not allowed",
        False,
        "a '- ' begins an item on a line of its own: write the list as [3, 4, 1], "
        "or put the value in quotes",
    ),
    (
        r"mapping keys are not allowed",
        False,
        "a value may not begin with '? ': put the value in quotes",
    ),
    (
        r"unknown escape|hexa?decimal|invalid Unicode character",
        False,
        "this backslash begins no known escape: "
        "put the text in single quotes, where a backslash is itself",
    ),
    (
        r"<document start>",
        False,
        "the document ended before this: "
        "put text that goes on after a quote or a bracket in quotes, as a whole",
    ),
    (
        r"node content",
        False,
        "a value was expected here, not {char}: put text that holds it in quotes",
    ),
    (r"alphabetic or numeric character", True, _BEGINS_BADLY),
    (r"unexpected ':'", False, "a space and a value are missing after this colon"),
    (r"tag handle", True, "a tag is not accepted: put text that begins with '!' in quotes"),
)


def explained(error: MarkedYAMLError, lines: list[str]) -> tuple[str, Mark | None]:
    """What is wrong and what to write instead, and the place of the fault."""
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark or error.context_mark
    begun = error.context_mark or mark
    if mark is None or begun is None:
        return f"this is not YAML ({problem or error})", None
    line = _line(lines, mark)
    before = line[: mark.column]
    if "directive" in context:
        return "a line may not begin with '%': put the text in quotes", begun
    if "cannot start any token" in problem and _character(lines, mark) != "'\\t'":
        return _filled(_BEGINS_BADLY, lines, mark), mark
    if _character(lines, mark) == "':'" and len(re.split(": |, |[{[]", before[-1024:])[-1]) > 1000:
        return "a key may have 1,000 characters at most", mark
    if re.search(r"',' or '[]}]'", problem):
        if _character(lines, mark) == "':'" and mark.line == begun.line:
            return "a second ': ' in one value: put the value in quotes", mark
        return _filled(
            "this {char} is never closed: close it, with commas between the items, "
            "or put text that holds a bracket in quotes",
            lines,
            begun,
        ), begun
    if "mapping values are not allowed" in problem:
        if ": " in before:
            return "a second ': ' in one line: put the value in quotes", mark
        return (
            "this key does not fit the line above it: indent it like the keys beside it, "
            "and write a space after every colon"
        ), mark
    if re.search("expected key|'-' indicator|<block end>", problem):
        if _character(lines, mark) == "':'" and not before.strip(" -"):
            return "a key is missing before ':': write 'key: value'", mark
        if before.strip(" -"):
            return (
                "unexpected text after a quote or a bracket that was closed: "
                "put the whole value in quotes"
            ), mark
        return (
            "this line is indented neither like the lines above it nor further: "
            "keys of one mapping, and items of one list, begin in the same column"
        ), mark
    if "block scalar" in context and "tab" not in problem:
        return (
            "text after '|' or '>' begins on the next line: "
            "put a value that begins with one of them in quotes"
        ), begun
    if _character(lines, mark) == "'\\t'":
        return _TAB, mark
    for part, at_begin, saying in _SAYINGS:
        if re.search(part, problem):
            place = begun if at_begin else mark
            return _filled(saying, lines, place), place
    return f"this is not YAML ({problem}): put text with special characters in quotes", mark


def _line(lines: list[str], mark: Mark) -> str:
    return lines[mark.line] if mark.line < len(lines) else ""


def _character(lines: list[str], mark: Mark) -> str:
    """The character at the mark as a message names it."""
    character = _line(lines, mark)[mark.column : mark.column + 1]
    return {"'": '"\'"', "": "the end of the line"}.get(character, repr(character))


def _filled(saying: str, lines: list[str], mark: Mark) -> str:
    return saying.replace("{char}", _character(lines, mark))
