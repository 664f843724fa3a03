"""JSON with every number as it was typed, for submissions, which are larger than problem files.

The reader of problem files keeps a place for each value, and takes a minute for what this one
takes a second for.
"""

from __future__ import annotations

from json import JSONDecodeError, loads
from typing import Any

from mlcalc.files.errors import Invalid, Place
from mlcalc.files.sheet import at_line

MOST_VALUES = 2_000_000

DEEPEST = 8
"""How deep the lists of an answer may be nested."""


def plain_json(text: str, place: Place) -> Any:
    """JSON with its numbers as they were typed.  Raises `Invalid` with the place."""
    if sum(map(text.count, ",:[{")) > MOST_VALUES:
        message = f"more than {MOST_VALUES:,} values: split it into several files"
        raise Invalid.at(message, place)
    try:
        found = loads(
            text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=once
        )
        check_depth(found)
    except JSONDecodeError as error:
        if place.is_file:  # one line of several
            place = place.moved(error.colno - 1)
        else:
            place = at_line(place.source, text.split("\n"), error.lineno, error.colno)
        raise Invalid.at(f"this is no JSON: {error.msg.lower()}", place) from None
    except RecursionError:
        raise Invalid.at("this JSON is nested too deeply", place) from None
    except Invalid as error:
        raise Invalid.at(error.complaints[0].message, place) from None
    return found


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = {key: "" if value is None else value for key, value in pairs}
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        repeated = next(key for key in names if names.count(key) > 1)
        raise Invalid.at(f"the key '{repeated}' stands a second time")
    return found


def check_depth(value: Any, room: int = DEEPEST) -> None:
    if not isinstance(value, dict | list):
        return
    if not room:
        raise Invalid.at("this JSON is nested too deeply")
    for part in value.values() if isinstance(value, dict) else value:
        check_depth(part, room - 1)
