"""Times as systems write them: the order of what was handed in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mlcalc.marking.when import times_of

NINE = datetime(2026, 11, 3, 9, 5, 11, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("2026-11-03 09:05:11 UTC", 0), ("2026-11-03T09:05:11Z", 0), ("2026-11-03 09:05:11", 0),
        ("2026-11-03 02:05:11 -0700", 0), ("2026-11-03T10:05:11+01:00", 0),
        ("2026/11/03 10:05:11 AM GMT+1", 0), ("2026/11/03 9:05:11 PM GMT+0", 12 * 3600),
        ("3 November 2026  9:05 AM", -11), ("Tuesday, 3 November 2026, 9:05 PM", 12 * 3600 - 11),
        ("Nov 3, 2026 12:05 PM", 3 * 3600 - 11), ("2026-11-03", -(9 * 3600 + 5 * 60 + 11)),
        ("3. Nov. 2026, 09:05:11", 0), ("2026-11-03 09:05:11.123456", 0),
    ],
)  # fmt: skip
def test_a_time(text: str, later: int) -> None:
    assert times_of([text]) == [NINE + later]


def test_the_column_says_whether_the_day_is_first() -> None:
    morning = "9:05:11"
    assert times_of([f"3/11/2026 {morning}", "25/11/2026"])[0] == NINE
    assert times_of([f"11/3/2026 {morning}", "11/25/2026"])[0] == NINE
    assert times_of([f"03.11.2026 {morning}"]) == [NINE]
    assert times_of([f"3/11/2026 {morning}", "4/11/2026 8:00"]) == [None, None]
    assert times_of(["25/11/2026", "11/25/2026"]) == [None, None]


@pytest.mark.parametrize(
    "text", ["", "-", "soon", "2026-13-03", "31 February 2026", "3 Smarch 2026", "9" * 5000]
)
def test_what_is_no_time(text: str) -> None:
    assert times_of([text]) == [None]
