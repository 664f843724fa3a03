"""Drawings: small ones checked by hand, and what holds of all, for whatever data."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcalc.marking import exercise
from mlcalc.maths.printing import Style, columns
from mlcalc.maths.reader import read
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Chain, Number, Symbol
from mlcalc.showing.derivation import Derivation, Outcome, Picture, Step, number_answer
from mlcalc.showing.drawing import Drawing, Written
from mlcalc.showing.formats import FORMATS, Options, renderer
from mlcalc.showing.plots import Curve, Mark, Panels, Plot, Points, Region, region, sampled
from mlcalc.showing.plots.estimates import estimate_plot
from mlcalc.showing.plots.labels import flags
from mlcalc.showing.plots.scale import Axis, axis, tick_labels, ticks
from tests.conftest import Ran

UNICODE, ASCII = Style(), Style(ascii=True)
Run = Callable[..., Ran]

RISING = Plot(curves=(Curve("f", ((0, 0), (4, 4))),), width=12, height=5)


# Checked by hand.


def test_a_line_from_corner_to_corner() -> None:
    assert RISING.lines(80, ASCII) == [
        "|         **",
        "|       **",
        "|    ***",
        "|  **",
        "|**",
        "++----+----+",
        " 0    2    4",
        "*** f",
    ]


def test_dots_dashes_and_ticks_in_unicode() -> None:
    flat = Plot(
        curves=(Curve("a", ((0, 1), (8, 1))), Curve("b", ((0, 0), (8, 0)))),
        width=26, height=3, x_label="x",
    )  # fmt: skip
    assert flat.lines(80, UNICODE) == [
        "1 ┤⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉",
        "  │",
        "0 ┤⣀⣀⣀  ⣀⣀⣀  ⣀⣀⣀  ⣀⣀⣀  ⣀⣀⣀",
        "  └┬─────────────┬────────",
        "   0             5       x",
        "⠤⠤⠤⠤ a   ⠤⠤⠤  b",
    ]


def test_a_mark_is_a_line_with_a_flag() -> None:
    plot = replace(
        RISING, marks=(Mark(Chain(Symbol("theta", "", "hat"), (("=", Number(1)),)), 1.0),), width=30
    )
    lines = plot.lines(80, UNICODE)
    at = lines[0].index("╭")
    assert lines[0][at:] == "╭ θ̂ = 1"
    assert lines[1][at] == "┊"
    assert "theta_hat = 1" in plot.lines(80, ASCII)[0]


def test_where_curves_coincide_both_are_seen() -> None:
    same = ((0.0, 1.0), (1.0, 1.0))
    plot = Plot(curves=(Curve("a", same), Curve("b", same)), width=20, height=3, y_range=(0, 2))
    assert plot.lines(80, ASCII)[1] == "|" + "*o" * 9 + "*"


def test_ticks_are_multiples_of_one_two_or_five() -> None:
    assert ticks(Axis(0, 1), 6) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert ticks(Axis(-3.2, 7), 3) == [0, 5]
    assert tick_labels([-0.5, 0, 0.5], UNICODE) == ["−0.5", "0", "0.5"]
    assert tick_labels([12345.676, 12345.677], ASCII) == ["12345.676", "12345.677"]
    assert tick_labels([1e7, 2e7], UNICODE) == ["1·10⁷", "2·10⁷"]
    assert tick_labels([1e-7, 2e-7], ASCII) == ["1e-7", "2e-7"]


def test_an_axis_has_two_ends_that_are_apart() -> None:
    assert axis(None, []) == Axis(0, 1)
    assert axis(None, [3.0]) == Axis(1.5, 4.5)
    assert axis((0.0, math.inf), [2.0, 5.0]) == Axis(0, 5)
    assert axis((2.0, 1.0), [math.nan]).length > 0


def test_flags_do_not_hide_each_other() -> None:
    placed, tags = flags([(5, "first"), (9, "second")], 40)
    assert not tags
    assert {(flag.text, flag.column, flag.row) for flag in placed} == {
        ("first", 5, 1), ("second", 9, 0)
    }  # fmt: skip
    placed, tags = flags([(1, "much too long"), (3, "for this room")], 6)
    assert tags == [("1", "much too long"), ("2", "for this room")]
    assert flags([(3, "a"), (3, "b")], 20)[0][0].text == "a, b"


def test_regions_points_and_a_labelled_point() -> None:
    plot = Plot(
        points=(Points("yes", ((1.0, 1.0),)), Points("no", ((3.0, 1.0),))),
        regions=(Region("left", ((-math.inf, 2.0, -math.inf, math.inf),)),),
        marks=(Mark("query", 2.0, 2.0),),
        x_range=(0, 4), y_range=(0, 3), width=31, height=4,
    )  # fmt: skip
    text = "\n".join(plot.lines(80, ASCII))
    assert text.count("O") == 2
    assert text.count("X") == 2
    assert "@ query" in text
    assert ".. left" in text
    circle = region("disc", lambda x, y: x * x + y * y < 1, (-1, 1), (-1, 1), 100, 100)
    area = sum((r - l) * (t - b) for l, r, b, t in circle.boxes)  # noqa: E741
    assert area == pytest.approx(math.pi, abs=0.02)


def test_a_circle_is_round_where_it_should_be() -> None:
    points = tuple((math.cos(k / 20), math.sin(k / 20)) for k in range(127))
    plot = Plot(curves=(Curve("disc", points),), equal=True, axes=False, width=42, height=10)
    drawn = [line for line in plot.lines(80, ASCII) if "*" in line and "disc" not in line]
    widest = max(line.rindex("*") - line.index("*") + 1 for line in drawn)
    assert widest == pytest.approx(2 * len(drawn), abs=2)


# Whatever comes in.

numbers = st.floats(allow_nan=True, allow_infinity=True) | st.integers(-9, 9).map(float)
pairs = st.tuples(numbers, numbers)
labels = st.text(st.sampled_from("ab θ̂—│漢\x1b\u202e\n<&\"'>"), max_size=30) | st.just(
    read("theta = 1/3")
)
ranges = st.none() | pairs
groups = st.lists(st.tuples(labels, st.lists(pairs, max_size=8).map(tuple)), max_size=3)
plots = st.builds(
    Plot,
    curves=groups.map(lambda found: tuple(Curve(*c) for c in found)),
    points=groups.map(lambda found: tuple(Points(*c) for c in found)),
    marks=st.lists(st.builds(Mark, labels, numbers, st.none() | numbers), max_size=4).map(tuple),
    regions=st.lists(
        st.builds(
            Region, labels, st.lists(st.tuples(*[numbers] * 4), max_size=3).map(tuple)
        ), max_size=2,
    ).map(tuple),
    x_range=ranges, y_range=ranges, x_label=labels, y_label=labels, title=labels,
    width=st.integers(8, 80), height=st.integers(1, 20),
    axes=st.booleans(), equal=st.booleans(),
)  # fmt: skip


@given(plots, st.integers(8, 100), st.booleans())
def test_no_picture_is_wider_than_asked_or_says_what_cannot_be_seen(
    plot: Plot, width: int, is_ascii: bool
) -> None:
    lines = plot.lines(width, Style(ascii=is_ascii))
    assert max(map(columns, lines), default=0) <= min(width, plot.width)
    assert len(lines) < 400
    text = "".join(lines)
    assert not set(text) & set("\x1b\u202e\n\u2800")
    assert text.isascii() or not is_ascii


@given(plots)
def test_every_svg_is_xml(plot: Plot) -> None:
    assert ElementTree.fromstring(plot.svg()).tag.endswith("svg")
    assert ElementTree.fromstring(Panels((plot, plot)).svg()).tag.endswith("svg")
    assert "nan" not in plot.svg()
    assert "inf" not in plot.svg()


@given(
    st.lists(
        st.builds(Mark, st.sampled_from(["mean", "mode", "θ̂ = 0.08"]), numbers),
        min_size=1,
        max_size=5,
    ),
    st.integers(20, 80),
    st.booleans(),
)
def test_every_mark_is_said(marks: list[Mark], width: int, is_ascii: bool) -> None:
    plot = Plot(marks=tuple(marks), x_range=(0, 4), width=80, height=10)
    style = Style(ascii=is_ascii)
    text = " ".join(" ".join(plot.lines(width, style)).split())
    svg = plot.svg(style)
    for mark in marks:
        assert isinstance(mark.label, str)
        shown = mark.label.replace("θ̂", "theta_hat") if is_ascii else mark.label
        assert shown in text
        assert shown in svg
    column = "|" if is_ascii else "┊"
    inside = {m.x for m in marks if m.x in (0, 1, 2, 3, 4)}
    rows = [line.partition("|" if is_ascii else "│")[2] for line in plot.lines(width, style)]
    assert sum(row.count(column) >= len(inside) for row in rows) >= 8


@pytest.mark.parametrize(
    "points",
    [
        (),
        ((1.0, 1.0),),
        ((0.0, 3.0), (1.0, 3.0)),
        ((0.0, math.inf), (1.0, -math.inf)),
        ((0.0, 0.0), (0.5, 1e308), (1.0, 0.0)),
        ((-1e308, -1e308), (1e308, 1e308)),
        ((0.0, math.nan), (1.0, 2.0), (2.0, math.nan)),
        ((0.0, 5e-324), (5e-324, 0.0)),
    ],
)
def test_nasty_curves(points: tuple[tuple[float, float], ...]) -> None:
    plot = Plot(curves=(Curve("f", points),))
    for style in (UNICODE, ASCII):
        text = "\n".join(plot.lines(60, style))
        assert "f" in text
        seen = any(math.isfinite(x) and math.isfinite(y) for x, y in points)
        assert ("(outside)" in text) != (seen or len(points) == 2)
    ElementTree.fromstring(plot.svg())


def test_a_spike_is_not_missed() -> None:
    spike = sampled("f", lambda x: 1.0 if x == 0.123456 else 0.0, 0, 1, also=[0.123456])
    assert "*" in Plot(curves=(spike,), height=6).lines(60, ASCII)[0]


def test_panels_go_side_by_side_while_there_is_room() -> None:
    small = Plot(points=(Points("", ((0, 0),)),), axes=False, width=18, height=3, title="0110")
    panels = Panels((small,) * 5)
    assert len(panels.lines(80)) == 2 * 6 + 1
    assert max(map(columns, panels.lines(80))) == 4 * 18 + 3 * 2
    assert max(map(columns, panels.lines(30))) <= 30
    assert Panels(()).lines(80) == []


# Estimates.


def beta(a: float, b: float) -> Callable[[float], float]:
    return lambda x: (a - 1) * math.log(x) + (b - 1) * math.log(1 - x)


def plot_of(picture: Picture) -> Plot:
    assert isinstance(picture.drawing, Plot)
    return picture.drawing


def test_curves_are_scaled_to_the_same_height_around_the_estimate() -> None:
    curves = {"posterior": beta(8, 187), "likelihood": beta(2, 93), "prior": beta(7, 95)}
    plot = plot_of(estimate_plot(curves, 0, 1, [("θ̂ = 7/193", 7 / 193)], "θ"))
    assert plot.x_range is not None
    low, high = plot.x_range
    assert low == 0
    assert 0.1 < high < 0.3
    for curve in plot.curves:
        assert max(y for _, y in curve.points if math.isfinite(y)) == pytest.approx(1)
    best = max(plot.curves[0].points, key=lambda p: p[1] if math.isfinite(p[1]) else 0)
    assert best[0] == pytest.approx(7 / 193, rel=1e-3)


@pytest.mark.parametrize(
    ("log", "low", "high", "marks", "expected"),
    [
        (lambda x: -1e6 * (x - 1e3) ** 2, -math.inf, math.inf, [1e3], (1e3 - 0.01, 1e3 + 0.01)),
        (lambda x: -5 * math.log(x) if x >= 3.2 else -math.inf, 0, math.inf, [3.2], (2, 10)),
        (lambda x: -0.5 * math.log(x) - 3 * x, 0, math.inf, [0.0], (0, 3)),
        (beta(0.5, 0.5), 0, 1, [], (0, 1)),
        (lambda x: 1 / 0, 0, 1, [], (0, 1)),
        (lambda x: 0.0, -math.inf, math.inf, [2.0], (-1, 5)),
        (lambda x: math.nan, -math.inf, math.inf, [math.nan], (-1, 1)),
        (lambda x: -x, 0, math.inf, [0.0], (0, 6)),
        (lambda x: -1e-8 * (x - 1e5) ** 2, -math.inf, math.inf, [1e5], (5e4, 1.5e5)),
    ],
)  # fmt: skip
def test_the_range_is_sensible(
    log: Callable[[float], float], low: float, high: float, marks: list[float],
    expected: tuple[float, float],
) -> None:  # fmt: skip
    plot = plot_of(estimate_plot({"f": log}, low, high, [("m", x) for x in marks]))
    assert plot.x_range is not None
    left, right = plot.x_range
    assert expected[0] <= left < right <= expected[1]
    assert all(left <= x <= right for x in marks if math.isfinite(x))
    assert plot.lines(80)


def test_what_coincides_is_said() -> None:
    same = {"posterior": beta(4, 3), "likelihood": beta(4, 3), "prior": lambda x: 0.0}
    caption = estimate_plot(same, 0, 1).caption
    assert caption == "each curve is scaled to height 1; posterior and likelihood coincide"


# In the answer and on the command line.

PICTURE = Picture(replace(RISING, width=40, marks=(Mark("a < b & c", 2.0),)), "a rising line")


def derivation(*pictures: Picture) -> Derivation:
    answer = number_answer("theta", 0.5)
    return Derivation("a title", (Step("look"),), (answer,), pictures=pictures)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("quiet", [False, True])
def test_every_format_shows_pictures_when_asked(
    format: str,  # what the program calls it
    quiet: bool,
) -> None:
    outcome = Outcome("map", "solved", derivation=derivation(PICTURE))
    options = Options(colour=False, quiet=quiet)
    without = renderer(format).render(outcome, options)
    shown = renderer(format).render(outcome, replace(options, plot=True))
    assert "rising line" not in without
    assert "rising line" in shown
    if format == "json":
        assert "pictures" not in json.loads(without)
        (picture,) = json.loads(shown)["pictures"]
        assert picture["caption"] == "a rising line"
        assert "╭ a < b & c" in picture["text"]
    if format == "latex":
        assert shown.isascii()


def test_ready_made_lines_are_a_picture_too() -> None:
    picture = Picture(lines=("┌─┐", "θ̂"), caption="a box")
    assert picture == Picture(Written(("┌─┐", "θ̂")), "a box")
    assert picture.drawing.lines(80) == ["┌─┐", "θ̂"]
    assert picture.drawing.lines(80, ASCII) == ["+-+", "theta_hat"]
    found = list(ElementTree.fromstring(picture.drawing.svg()).itertext())
    assert "┌─┐" in found


CONV = ("conv-shape", "3@8x8", "--kernel", "3")
PLAIN = ("conv-shape", "5x5", "--kernel", "3")


@pytest.fixture
def pictured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Gives every answer a picture."""
    work_out = exercise.work_out
    monkeypatch.setattr(
        exercise, "work_out", lambda *given: replace(work_out(*given), pictures=(PICTURE,))
    )
    return


@pytest.mark.usefixtures("pictured")
def test_plot_prints_the_picture(run: Run) -> None:
    done = run(*CONV, "--plot")
    assert done.code == 0
    assert "╭ a < b & c" in done.out
    assert done.out.index("Answer") < done.out.index("a rising line")
    assert "rising" not in run(*CONV).out
    assert "rising" in run("solve", "problems/convolution.yaml", "--plot").out


def test_svg_writes_all_pictures_one_below_the_other(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "network.svg"
    done = run("rnn-step", "--W-xh", "1", "--W-hh", "1", "--x", "1, 2", "--svg", str(path))
    assert done.code == 0
    outer = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    inner = [part for part in outer if part.tag.endswith("svg")]
    assert len(inner) > 1
    heights = [float(part.attrib["height"]) for part in inner]
    tops = [float(part.attrib["y"]) for part in inner]
    assert tops == [sum(heights[:number]) for number in range(len(inner))]
    assert float(outer.attrib["height"]) == sum(heights)
    assert float(outer.attrib["width"]) == max(float(part.attrib["width"]) for part in inner)


@pytest.mark.usefixtures("pictured")
def test_svg_writes_a_file_whole(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    path.write_text("before")
    done = run(*CONV, "--svg", str(path))
    assert done.code == 0
    assert "rising" not in done.out
    text = path.read_text(encoding="utf-8")
    assert "a < b & c" in list(ElementTree.fromstring(text).itertext())
    assert [p.name for p in tmp_path.iterdir()] == ["picture.svg"]


@pytest.mark.usefixtures("pictured")
def test_svg_leaves_nothing_where_it_cannot_write(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = run(*CONV, "--svg", str(tmp_path / "missing" / "picture.svg"))
    assert done.code == 2
    assert done.err.startswith("--svg: cannot write ")
    assert "Answer" in done.out

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "picture.svg"
    path.write_text("before")
    monkeypatch.setattr("mlcalc.cli.output.os.replace", full)
    assert run(*CONV, "--svg", str(path)).code == 2
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["picture.svg"]


def test_an_answer_without_a_picture(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    for flags_ in (["--plot"], ["--svg", str(path)]):
        done = run(*PLAIN, *flags_)
        assert done.code == 2
        assert done.err == f"{flags_[0]}: this answer has no picture\n"
        assert "Answer" in done.out
    assert not path.exists()
    problems = tmp_path / "problems.yaml"
    problems.write_text("kind: conv-shape\ngiven: {input: 5x5, kernel: 3}\n")
    done = run("solve", str(problems), "--plot")
    assert done.code == 2
    assert done.err == "--plot: these answers have no picture\n"


def test_a_drawing_is_data() -> None:
    assert isinstance(PICTURE.drawing, Drawing)
    assert hash(PICTURE) == hash(PICTURE)
    assert PICTURE.drawing == replace(PICTURE.drawing)
