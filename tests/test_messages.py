"""What is said about malformed problem files: each bad file beside the message it gets.

A new case is a new file; `pytest --update-snapshots` writes its message, which a person then reads:
is the place right, and does it say what to write instead?
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ran

FOLDER = ROOT / "tests" / "messages"
BAD_FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".yaml", ".json"))
HEADLINE = re.compile(r"(?P<file>\S+?):(?P<line>\d+):(?P<column>\d+): .+")
NO_ANSWER = {
    "no-such-kernel", "prior-of-other-family", "unbounded-posterior", "pac-undecided",
    "vc-undecided", "mlp-empty-region", "mlp-undecided", "backprop-undefined",
}  # fmt: skip
"""Files whose problems are well-formed, but not decided: exit code 3."""

Run = Callable[..., Ran]


@pytest.mark.parametrize("path", BAD_FILES, ids=lambda path: path.stem)
def test_message(path: Path, run: Run, update_snapshots: bool) -> None:
    name = path.relative_to(ROOT).as_posix()
    ran = run("solve", name)
    expected = path.with_suffix(".txt")
    if update_snapshots:
        expected.write_text(ran.err, encoding="utf-8")
    assert ran.err == expected.read_text(encoding="utf-8")
    assert ran.code == (3 if path.stem in NO_ANSWER else 2)


def test_each_message_has_its_file() -> None:
    assert {path.with_suffix(".txt") for path in BAD_FILES} == set(FOLDER.glob("*.txt"))
    assert len(BAD_FILES) >= 25


@pytest.mark.parametrize("path", BAD_FILES, ids=lambda path: path.stem)
def test_the_form_of_a_message(path: Path) -> None:
    """The place as editors link it, a lower-case message, and the caret in the column it names."""
    source = path.read_text(encoding="utf-8").split("\n")
    lines = path.with_suffix(".txt").read_text(encoding="utf-8").split("\n")
    headlines = [i for i, line in enumerate(lines) if HEADLINE.fullmatch(line)]
    assert headlines[0] == 0
    for index in headlines:
        found = HEADLINE.fullmatch(lines[index])
        assert found is not None
        assert found["file"] == path.relative_to(ROOT).as_posix()
        message = lines[index].partition(": ")[2]
        assert not message.endswith(".")
        assert message[0].islower() or message[0] in "'W"
        shown = source[int(found["line"]) - 1]
        if not shown:
            continue
        margin = f"  {found['line']} | "
        assert lines[index + 1].startswith(margin)
        text = lines[index + 1].removeprefix(margin)
        assert "\t" not in text
        column = lines[index + 2].index("^") - len(margin)
        if not text.startswith("…") and "\t" not in shown:
            assert text == shown
            assert column == int(found["column"]) - 1
        else:
            assert text.lstrip("…\\t")[:10] in shown


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("ambiguous-quotient", ["x", "x", "x", "x", "x", ">-"]),
        ("impossible-data", ["2,", "-1", "[]", "a"]),
        ("ragged-matrix", ["[4, 5]", "1 2 3; 4 5", "[4]]]", "[[2], [3]]]"]),
        ("duplicate-key", ["input: 5x5"]),
        ("unknown-field", ["kernal", "recordings"]),
        ("colon-in-text", [": how"]),
        ("json", ["kernal", "1.5", "x"]),
    ],
)
def test_the_caret_stands_under_the_fault(name: str, marked: list[str]) -> None:
    path = next(path for path in BAD_FILES if path.stem == name)
    lines = path.with_suffix(".txt").read_text(encoding="utf-8").split("\n")
    carets = [i for i, line in enumerate(lines) if line.strip(" |") == "^"]
    pointed = [lines[i - 1][lines[i].index("^") :] for i in carets]
    assert len(pointed) == len(marked)
    for text, start in zip(pointed, marked, strict=True):
        assert text.startswith(start)


def test_all_errors_of_a_file_are_said_from_top_to_bottom(run: Run) -> None:
    places = [
        (int(found["line"]), int(found["column"]))
        for line in run("solve", "tests/messages/several-errors.yaml").err.split("\n")
        if (found := HEADLINE.fullmatch(line))
    ]
    assert len(places) >= 8
    assert places == sorted(places)


def test_the_place_is_in_json_too(run: Run) -> None:
    import json

    ran = run("solve", "tests/messages/duplicate-key.yaml", "--json")
    assert ran.code == 2
    assert not ran.err
    error = json.loads(ran.out)["error"]
    assert (error["line"], error["column"]) == (5, 3)
    assert "stands a second time" in error["message"]
