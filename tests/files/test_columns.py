"""A column of a file as a value, heights.csv:height, and numbers that a file holds bare."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import Ran

HEIGHTS = "height,weight\n170,60\n180,75\n166,55\n"


@pytest.fixture
def put(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], None]:
    """Writes a file into the folder that one is in, which `run` has set before."""
    monkeypatch.chdir(tmp_path)

    def write(name: str, text: str) -> None:
        (tmp_path / name).write_text(text, encoding="utf-8")

    return write


@pytest.mark.parametrize(
    ("text", "asked", "wanted"),
    [
        (HEIGHTS, "mle normal --data d.csv:height", "mu = 172"),
        (HEIGHTS, "mle multivariate_normal --data d.csv", "mu = [172;"),
        (HEIGHTS, "mle multivariate_normal --data d.csv:weight,height", "172]"),
        ("x;y\n1,5;2\n2,5;3\n", "mle normal --data d.csv:x", "mu = 2"),
        ("3\n4\n1\n", "mle poisson --data d.csv", "lambda = 8/3"),
        ("3 4 1\n", "mle poisson --data d.csv", "lambda = 8/3"),
        ("count\n3\n4\n1\n", "mle poisson --data d.csv", "lambda = 8/3"),
        ("H\nT\nH\n", "mle bernoulli --data d.csv", "theta = 2/3"),
        ("coin\nH\nT\nH\n", "mle bernoulli --data d.csv", "theta = 2/3"),
        ("red\nblue\nred\n", "mle categorical --data d.csv", "θ̂_red = 2/3"),
        ("1 2\n3 4\n5 7\n", "mle multivariate_normal --data d.csv", "mu = [3; 13/3]"),
    ],
)
def test_a_column_is_read(
    put: Callable[[str, str], None], run: Callable[..., Ran], text: str, asked: str, wanted: str
) -> None:
    put("d.csv", text)
    assert wanted in run(*asked.split(), "--quiet").out


@pytest.mark.parametrize(
    ("text", "asked", "wanted"),
    [
        (HEIGHTS, "d.csv", "which column is it? Write d.csv:height or d.csv:weight"),
        (HEIGHTS, "d.csv:size", "there is no column 'size'; the columns are height, weight"),
        ("a,b\n3,1\n,2\n", "d.csv:a", "the cell for 'a' is empty"),
        ("1,2\n3,4\n", "d.csv:1", "has no names of columns, but numbers"),
        ("\n", "d.csv", "is empty"),
        (HEIGHTS, "e.csv:height", "'e.csv': there is no such file"),
    ],
)
def test_what_is_no_column_is_refused(
    put: Callable[[str, str], None], run: Callable[..., Ran], text: str, asked: str, wanted: str
) -> None:
    put("d.csv", text)
    ran = run("mle", "poisson", "--data", asked)
    assert ran.code == 2
    assert wanted in " ".join(ran.err.split())


def test_a_word_that_may_be_a_name_or_a_value_is_asked_about(
    put: Callable[[str, str], None], run: Callable[..., Ran]
) -> None:
    put("d.csv", "red\nblue\nblue\n")
    ran = run("mle", "categorical", "--data", "d.csv")
    assert "is 'red' the name of the column, or a value?" in ran.err


def test_a_file_is_beside_the_problem_that_names_it(
    put: Callable[[str, str], None], run: Callable[..., Ran], tmp_path: Path
) -> None:
    (tmp_path / "inner").mkdir()
    put("inner/heights.csv", HEIGHTS)
    put("inner/p.yaml", "kind: mle\ngiven: {distribution: normal, data: 'heights.csv:height'}\n")
    assert "mu = 172" in run("solve", "inner/p.yaml", "--quiet").out


@pytest.mark.parametrize(("text", "data"), [("170\n180\n166\n", "-"), (HEIGHTS, "-:height")])
def test_standard_input_has_columns_too(
    monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran], text: str, data: str
) -> None:
    typed = SimpleNamespace(buffer=io.BytesIO(text.encode()))
    monkeypatch.setattr("mlcalc.files.reading.sys.stdin", typed)
    assert "mu = 172" in run("mle", "normal", "--data", data, "--quiet").out
