"""When something was handed in, as the systems that hold a class write it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

MONTHS = {
    month[:3]: number
    for number, month in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september",
         "october", "november", "december"), 1,
    )
}  # fmt: skip
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
"""2026-11-03, 2026/11/03."""
DAYS = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")
"""3/11/2026, of which the whole column says whether the day or the month is first."""
NAMED = re.compile(r"(?<!\d)(\d{1,2})\.? ([a-z]{3})[a-z]{0,6}\.?,? (\d{4})")
AMERICAN = re.compile(r"(?<![a-z])([a-z]{3})[a-z]{0,6}\.? (\d{1,2}),? (\d{4})")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s?([ap])?\.?m?")
ZONE = re.compile(r"(?:gmt|utc|\d\s?)([+-])(\d{1,2}):?(\d{2})?$")
LONGEST = 80


def times_of(cells: Sequence[str]) -> list[float | None]:
    """When each was, in seconds, so that the later one is greater; None where no time is read.

    Where nothing in a column tells whether 3/11 is in March or November, none of it is.
    """
    texts = [" ".join(cell[:LONGEST].casefold().split()) for cell in cells]
    found = [DAYS.search(text) for text in texts if not ISO.match(text)]
    pairs = [(int(match[1]), int(match[2])) for match in found if match]
    has_day_first = any(first > 12 for first, _ in pairs) or any(
        "." in match[0] for match in found if match
    )
    has_month_first = any(second > 12 for _, second in pairs)
    order = None if has_day_first == has_month_first else has_day_first
    return [time_of(text, order) for text in texts]


def time_of(text: str, is_day_first: bool | None) -> float | None:
    date = date_of(text, is_day_first)
    if date is None:
        return None
    rest = text[date[1] :]
    hour = minute = second = 0
    clock = CLOCK.search(rest)
    if clock is not None:
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        if clock[4]:
            hour = hour % 12 + (12 if clock[4] == "p" else 0)
    zone = ZONE.search(rest)
    offset = timedelta()
    if zone is not None and clock is not None:
        offset = timedelta(hours=int(zone[2]), minutes=int(zone[3] or 0))
        offset = -offset if zone[1] == "-" else offset
    try:
        moment = datetime(*date[0], hour, minute, second, tzinfo=timezone.utc)  # noqa: UP017
        return (moment - offset).timestamp()
    except (ValueError, OverflowError):
        return None


def date_of(text: str, is_day_first: bool | None) -> tuple[tuple[int, int, int], int] | None:
    """Year, month and day, and where the date ends."""
    if found := ISO.match(text):
        return (int(found[1]), int(found[2]), int(found[3])), found.end()
    if (found := NAMED.search(text)) and found[2] in MONTHS:
        return (int(found[3]), MONTHS[found[2]], int(found[1])), found.end()
    if (found := AMERICAN.search(text)) and found[1] in MONTHS:
        return (int(found[3]), MONTHS[found[1]], int(found[2])), found.end()
    if (found := DAYS.search(text)) and is_day_first is not None:
        day, month = int(found[1]), int(found[2])
        day, month = (day, month) if is_day_first else (month, day)
        year = int(found[3])
        return (year + 2000 if year < 100 else year, month, day), found.end()
    return None
