"""The examples that `--help` shows: all of them run, in whichever folder has their files."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from mlcalc.kinds import examples, kinds
from tests.conftest import Ran

FILES = {
    "heights.csv": "name,height\nAda,1.65\nAlan,1.80\nEmmy,1.70\n",
    "weather.csv": "outlook,windy,play\nsunny,yes,no\nrain,no,yes\nsunny,no,yes\nrain,yes,no\n",
}
EXAMPLES = [example for kind in kinds() for example in examples(kind)]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_answered(
    example: str, run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    ran = run(*shlex.split(example)[1:], "--quiet")
    assert (ran.code, ran.err) == (0, ""), ran.err
    assert ran.out.strip()


def test_each_kind_has_examples_that_help_shows_on_one_line(run: Callable[..., Ran]) -> None:
    whole = run("--help").out.splitlines()
    for kind in kinds():
        own = run(kind, "--help").out.splitlines()
        assert len(examples(kind)) == 3
        assert f"  {examples(kind)[0]}" in whole
        for example in examples(kind):
            assert f"  {example}" in own
