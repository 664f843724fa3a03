"""Where the problems are, and the house run as a user runs it."""

from __future__ import annotations

import contextlib
import io
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import hypothesis
import pytest

from mlcalc.cli import main as cli

ROOT = Path(__file__).parent.parent
PROBLEMS = sorted((ROOT / "problems").rglob("*.yaml"))

# A tree passes or fails, whatever the day.
hypothesis.settings.register_profile("fixed", derandomize=True, deadline=None)
hypothesis.settings.load_profile("fixed")


@dataclass
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


# Of processor time. No test measures how long something takes: machines differ, and share; what
# is refused in good time is refused by counting. This one bound ends whatever would not return.
SECONDS_BEFORE_A_TEST_HANGS = 120


@pytest.fixture(autouse=True)
def returns() -> Iterator[None]:
    """Fails a test that does not come back."""
    if not hasattr(signal, "SIGVTALRM"):  # Windows
        yield
        return

    def hangs(number: int, frame: FrameType | None) -> None:
        pytest.fail(f"no end after {SECONDS_BEFORE_A_TEST_HANGS} s of processor time")

    signal.signal(signal.SIGVTALRM, hangs)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_BEFORE_A_TEST_HANGS)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs `mlcalc` in this process, at 80 columns, with its output in a pipe."""

    def runner(*arguments: str) -> Ran:
        monkeypatch.setenv("COLUMNS", "80")
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = cli.run(list(arguments))
            except SystemExit as stop:
                code = stop.code if isinstance(stop.code, int) else 1
        return Ran(code, out.getvalue(), err.getvalue())

    monkeypatch.chdir(ROOT)
    assert os.getcwd() == str(ROOT)
    return runner


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-snapshots", action="store_true", help="write the snapshots anew")


@pytest.fixture
def update_snapshots(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-snapshots"))
