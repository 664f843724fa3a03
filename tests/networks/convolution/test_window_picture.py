"""The picture of a window over the padded input."""

from __future__ import annotations

from xml.etree import ElementTree

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.exercise import solve
from mlcalc.showing.derivation import Picture
from mlcalc.showing.drawing import Drawing


def pictures(**given: object) -> tuple[Picture, ...]:
    return solve("conv-shape", from_plain(given, Place("test"))).pictures  # type: ignore[arg-type]


def lines(drawing: Drawing, width: int = 60) -> list[str]:
    return drawing.lines(width)


def test_what_lies_under_the_window_stands_in_brackets() -> None:
    (picture,) = pictures(
        image=[[1, 2], [3, 4]], weights=[[1, 0], [0, 1]], padding=1, dilation=2, at="1,2"
    )
    assert [line.split() for line in lines(picture.drawing)] == [
        ["0", "[0]", "0", "[0]"],
        ["0", "1", "2", "0"],
        ["0", "[3]", "4", "[0]"],
        ["0", "0", "0", "0"],
    ]
    assert "row 1, column 2" in str(picture.caption)


def test_a_picture_is_no_wider_than_asked_and_an_svg_file() -> None:
    (picture,) = pictures(image=[list(range(100, 130))] * 3, weights=[[1]], at="1,1")
    assert all(len(line) <= 40 and line.endswith("…") for line in lines(picture.drawing, 40))
    root = ElementTree.fromstring(picture.drawing.svg())
    framed = [e for e in root.iter() if e.get("stroke-width") == "3"]
    assert len(framed) == 1


def test_each_channel_has_its_picture() -> None:
    shown = pictures(image=[[[1, 2]], [[3, 4]]], operation="max-pool", kernel="1x2")
    assert len(shown) == 2
    assert pictures(image=[1, 2, 3], weights=[1, 1])
    assert not pictures(input="4x4", kernel=2)
