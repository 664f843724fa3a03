"""The program in hostile surroundings: streams that are closed, full or endless, links in circles,
folders that may not be entered, odd names and settings, and whoever interrupts it.

Each row is a shell's line: the exit code, what stands on standard error, and nothing else there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ran

pytestmark = pytest.mark.skipif(os.name != "posix", reason="these are a Unix shell's")

CONV = "mlcalc conv-shape 4x4 --kernel 2 -q"
CLOSED = "cannot write to standard output: it is closed"
FULL = "cannot write to standard output: no space left on device"
LARGE = "standard input: larger than 10,000,000 bytes: split it into several files"
EMPTY = "standard input:1:1: there is no problem here: write one with `kind` and `given`"
LOOP = "too many levels of symbolic links"

ROWS = [
    (f"{CONV} >&-", 2, CLOSED),
    (f"{CONV} --json >&-", 2, CLOSED),
    (f"{CONV} -o out.txt >&-", 0, ""),
    ("mlcalc --version >&-", 2, CLOSED),
    ("mlcalc mle --help >&-", 2, CLOSED),
    ("mlcalc check problems.yaml >&-", 2, CLOSED),
    (f"{CONV} >/dev/full", 2, FULL),
    ("mlcalc --help >/dev/full", 2, FULL),
    ("mlcalc solve problems.yaml --summary >/dev/full", 2, FULL),
    ("mlcalc schema >/dev/full", 2, FULL),
    (f"{CONV} 2>&-", 0, ""),
    ("mlcalc conv-shape 2>&-", 2, ""),
    ("mlcalc conv-shape 2>/dev/full", 2, ""),
    ("mlcalc schema | head -1", 0, ""),
    ("mlcalc solve - <&-", 2, EMPTY),
    ("mlcalc solve - </dev/zero", 2, LARGE),
    ("yes -- '- kind: vc' | mlcalc solve -", 2, LARGE),
    ("mlcalc check --key problems.yaml - </dev/zero", 2, LARGE),
    ("mlcalc check --key problems.yaml tall.csv", 2, "tall.csv: more than 1,000,000 cells"),
    ("mlcalc check --key problems.yaml long.jsonl", 2, "long.jsonl:1:1: more than 2,000,000"),
    ("mlcalc nb --model bernoulli --label y --data tall.csv", 2, "more than 1,000,000 cells"),
    ("mlcalc solve /dev/zero", 2, "/dev/zero: larger than 10,000,000 bytes"),
    ("mlcalc nb --model bernoulli --label y --data /dev/zero", 2, "larger than 10,000,000 bytes"),
    ("cat problems.yaml | mlcalc solve /dev/stdin", 0, ""),
    (f"{CONV} -o circle", 2, f"--output: cannot write 'circle': {LOOP}"),
    ("mlcalc solve circle", 2, LOOP),
    ("mlcalc check --key circle circle", 2, LOOP),
    ("mlcalc solve inner", 0, ""),
    ("mlcalc solve piped", 2, "pipe.yaml: this is a pipe or a device: move it out of the folder"),
    ("mlcalc check --key problems.yaml piped", 2, "pipe.yaml: this is a pipe or a device"),
    (f"{CONV} -o none/out.txt", 2, "--output: cannot write 'none/out.txt': no such file"),
    (f"{CONV} -o problems.yaml/out.txt", 2, "not a directory"),
    ("mlcalc vc intervals --points '1; 2' --svg none/out.svg", 2, "--svg: cannot write"),
    ("mlcalc check --key key.yaml ada.yaml --gradebook none/a.csv", 2, "--gradebook: cannot"),
    ("mlcalc check --key key.yaml ada.yaml --gradescope key.yaml/", 2,
     "--gradescope: 'key.yaml/' is read here"),
    ("mlcalc solve $'\\xff.yaml' --json -o all.json", 0, ""),
    ("mlcalc solve $'no\\xff.yaml'", 2, "no\\udcff.yaml: there is no such file"),
    (f"{CONV} $'\\xff'", 2, "unexpected argument '\\udcff'"),
    (f"{CONV} -o $'\\xfe.txt'", 0, ""),
    (f"LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 {CONV}", 0, ""),
    *((f"COLUMNS={width} {CONV}", 0, "") for width in ("0", "1", "abc", "²", "9" * 5000)),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files, links in circles, a pipe, and a command `mlcalc`."""
    made = tmp_path_factory.mktemp("surroundings")
    problem = "kind: conv-shape\ngiven: {input: 4x4, kernel: 2}\n"
    (made / "problems.yaml").write_text(problem + "answer: 3x3\n")
    (made / "key.yaml").write_text("id: size\n" + problem)
    (made / "ada.yaml").write_text("answers: {size: 3x3}\n")
    (made / os.fsdecode(b"\xff.yaml")).write_text(problem)
    (made / "tall.csv").write_text("y\n" + "1\n" * 1_000_001)
    (made / "long.jsonl").write_text("[" + "[]," * 1_000_001 + "1]")
    (made / "circle").symlink_to("ring")
    (made / "ring").symlink_to("circle")
    (made / "inner").mkdir()
    (made / "inner" / "a.yaml").write_text(problem)
    (made / "inner" / "self").symlink_to(".")
    (made / "piped").mkdir()
    os.mkfifo(made / "piped" / "pipe.yaml")
    (made / "bin").mkdir()
    command = made / "bin" / "mlcalc"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mlcalc "$@"\n')
    command.chmod(0o755)
    return made


@pytest.mark.parametrize(("line", "code", "said"), ROWS, ids=[row[0][:60] for row in ROWS])
def test_surroundings(folder: Path, line: str, code: int, said: str) -> None:
    clean = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LC_ALL", "LANG")}
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env=clean | {"PATH": path, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    err = done.stderr.decode("utf-8", "replace")
    assert (done.returncode, said in err) == (code, True), err
    assert bool(err) == bool(said)
    assert "Traceback" not in err + done.stdout.decode("utf-8", "replace")
    assert err.count(said) == 1 if said else True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("after", "jobs"), [(0.02, "1"), (0.1, "1"), (0.3, "1"), (1.0, "1"), (0.5, "2"), (1.5, "2")]
)
def test_whoever_interrupts_is_obeyed(number: int, after: float, jobs: str, tmp_path: Path) -> None:
    """From when our code begins to run, which the line it prints shows."""
    begins = "from mlcalc.__main__ import main; print(flush=True); main()"
    out = tmp_path / "out.txt"
    process = subprocess.Popen(
        [sys.executable, "-c", begins, "solve", "problems", "--jobs", jobs, "-o", str(out)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(after)
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert err == b""
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[number]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root becomes another")
@pytest.mark.parametrize(
    "arguments",
    [
        ["solve", "closed/a.yaml"],
        ["solve", "closed"],
        ["solve", "."],
        ["check", "--key", "closed/a.yaml", "closed"],
        ["nb", "--model", "bernoulli", "--label", "y", "--data", "closed/a.csv"],
        ["conv-shape", "4x4", "--kernel", "2", "-o", "closed/out.txt"],
        ["conv-shape", "4x4", "--kernel", "2", "-o", "out.txt"],
    ],
)
def test_a_folder_that_may_not_be_entered(
    run: Callable[..., Ran], folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    closed = folder / "inner" / "closed"
    closed.mkdir(exist_ok=True, mode=0o700)
    (closed / "a.yaml").write_text("kind: vc")
    monkeypatch.chdir(folder / "inner")
    run(*arguments)  # loads what another user might not
    nobody = 65534
    os.seteuid(nobody)
    try:
        ran = run(*arguments)
    finally:
        os.seteuid(0)
    assert ran.code == 2
    assert ran.err.count("permission denied") == 1
