"""The program as a user meets it: exit codes, flags, files, pipes, encodings and bad input."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mlcalc.cli import question
from mlcalc.kinds import kinds
from tests.conftest import ROOT, Ran

Run = Callable[..., Ran]

CLICKS = ["map", "bernoulli", "--n", "10", "--k", "3", "--prior", "beta(2, 2)"]
POSTS = ["map", "poisson", "--data", "3,4,1", "--prior", "gamma(shape=2, scale=2)"]
CONV = ["conv-shape", "4x4", "--kernel", "2"]
PADDED = [
    "conv-shape", "4x4", "--kernel", "2x2", "--padding", "1",
    "--image", "1 3 -2 4; 0 8 6 5; 2 1 -9 0; 4 -1 3 7", "--weights", "1 2; -2 -1",
]  # fmt: skip
RNN = [
    "rnn-step", "--W-xh", "1 0; 0 1", "--W-hh", "0.5 0; 0 0.5", "--W-hy", "1 1",
    "--x", "1 0; 0 1", "--activation", "tanh",
]  # fmt: skip
EVERY_COMMAND = [*kinds(), "solve", "check", "schema"]

RIGHT = "- kind: conv-shape\n  given: {input: 4x4, kernel: 2}\n  expect: {shape: 3x3}\n"
WRONG = "- kind: conv-shape\n  given: {input: 4x4, kernel: 2}\n  expect: {shape: 3x4}\n"
MALFORMED = "- kind: conv-shape\n  given: {input: 4x4, kernel: 5}\n"
UNSOLVED = (
    "- kind: map\n  given: {distribution: bernoulli, data: [0], prior: 'beta(1/2, 2)'}\n"
)  # fmt: skip


def mlcalc(
    *arguments: str, encoding: str = "utf-8", typed: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """The program in a process of its own, its output in a pipe."""
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LC_ALL")}
    return subprocess.run(
        [sys.executable, "-m", "mlcalc", *arguments],
        input=typed,
        capture_output=True,
        cwd=ROOT,
        env=clean | {"PYTHONIOENCODING": encoding} | environment,
        check=False,
    )


# Exit codes.


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (CONV, 0),
        ([*CONV, "--check", "3x3"], 0),
        ([*CONV, "--check", "3x4"], 1),
        ([*CLICKS, "--check", "1/2x"], 1),
        ([*CLICKS, "--check", ""], 1),
        ([*CLICKS, "--check", "9^9^9^9"], 3),
        ([*CONV, "--check", "shap=3x3"], 2),
        (["conv-shape", "4x4", "--kernel", "5"], 2),
        (["conv-shape", "4x4", "--kernel", "2.5", "--check", "1"], 2),
        (["map", "bernoulli", "--data", "0", "--prior", "beta(1/2, 2)"], 3),
        (["map", "bernoulli", "--data", "0", "--prior", "beta(1/2, 2)", "--check", "0"], 3),
        (["map", "poisson", "--data", "1", "--prior", "beta(2, 2)"], 3),
        (["solve", "no-such-file.yaml"], 2),
        (["schema", "mapp"], 2),
        ([], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_exit_code_of_one_problem(run: Run, arguments: list[str], code: int) -> None:
    assert run(*arguments).code == code


@pytest.mark.parametrize(
    ("problems", "code"),
    [
        ([RIGHT], 0),
        ([RIGHT, WRONG], 1),
        ([WRONG, UNSOLVED, RIGHT], 3),
        ([UNSOLVED, MALFORMED, WRONG], 2),
        ([MALFORMED, UNSOLVED], 2),
        ([UNSOLVED.rstrip() + "\n  expect: {status: unsolved}\n"], 0),
        ([MALFORMED.rstrip() + "\n  expect: {status: invalid}\n"], 0),
        ([MALFORMED.rstrip() + "\n  expect: {status: unsolved}\n"], 2),
        ([UNSOLVED.rstrip() + "\n  expect: {theta: 0}\n"], 3),
        ([RIGHT.rstrip() + "\n", RIGHT.replace("shape: 3x3", "status: solved")], 0),
        ([RIGHT.replace("shape: 3x3", "status: unsolved")], 1),
        ([RIGHT.replace("shape: 3x3", "status: solved, shape: 9x9")], 1),
    ],
)
def test_exit_code_of_many_problems(
    run: Run, tmp_path: Path, problems: list[str], code: int
) -> None:
    path = tmp_path / "problems.yaml"
    path.write_text("".join(problems), encoding="utf-8")
    ran = run("solve", str(path), "--json")
    assert ran.code == code
    assert len(ran.out.splitlines()) == len(problems)
    assert run("solve", str(path), "--summary").code == code
    assert run("solve", str(path), "--quiet").code == code


def test_every_problem_is_printed_in_its_order(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "problems.yaml"
    texts = [MALFORMED, RIGHT, UNSOLVED, WRONG]
    path.write_text("".join(t.replace("- ", f"- id: p{i}\n  ") for i, t in enumerate(texts)))
    found = [json.loads(line) for line in run("solve", str(path), "--json").out.splitlines()]
    assert [o["id"] for o in found] == ["p0", "p1", "p2", "p3"]
    assert [o["status"] for o in found] == ["invalid", "solved", "unsolved", "solved"]
    assert [o.get("verdicts") for o in found] == [
        None,
        {"shape": "right"},
        None,
        {"shape": "wrong"},
    ]
    ran = run("solve", str(path))
    assert "/problems.yaml:2:" not in ran.out
    assert "problems.yaml:3:31: the kernel's height" in ran.err
    assert "grows without bound" in ran.err
    assert ran.out.index("malformed:") < ran.out.index("3×3") < ran.out.index("no answer:")
    assert ran.out.endswith("✗ shape = 3x4 is wrong: look at size 2\n")


def test_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(question, "solve_exercise", interrupt)
    ran = run(*CONV)
    assert ran.code == 130
    assert "Traceback" not in ran.err


# Flags of one question.


def test_checks(run: Run) -> None:
    ran = run(
        *CLICKS,
        "--quiet",
        "--check",
        "0.333",
        "--check",
        "mle = 3/10",
        "--check",
        "posterior-mean=1",
    )
    assert ran.code == 1
    assert ran.out.splitlines()[-3:] == [
        "✓ theta = 0.333 is right",
        "✓ mle = 3/10 is right",
        "✗ posterior_mean = 1 is wrong",
    ]


def test_a_check_of_an_unknown_name(run: Run) -> None:
    ran = run(*CLICKS, "--check", "thta=1/3")
    assert ran.code == 2
    assert not ran.out
    assert ran.err.startswith("--check: there is no answer 'thta', did you mean 'theta'?\n")


def test_an_unreadable_check_says_why(run: Run) -> None:
    ran = run(*CLICKS, "--quiet", "--check", "theta=1/2x")
    assert ran.code == 1
    assert "unreadable" in ran.out
    assert "(1/2)*x" in ran.out


@pytest.mark.parametrize("claims", [("1/3", "1/4"), ("theta=1/3", "theta=1/4")])
def test_two_answers_for_one_question(run: Run, claims: tuple[str, str]) -> None:
    ran = run(*CLICKS, "--check", claims[0], "--check", claims[1])
    assert ran.code == 2
    assert "a second answer" in ran.err


def test_quiet_is_the_answers_alone(run: Run) -> None:
    assert run(*CONV, "--quiet").out == "shape = 3×3\n"
    assert run(*POSTS, "-q").out.splitlines()[0] == "lambda = 18/7 ≈ 2.5714"
    found = json.loads(run(*CONV, "--quiet", "--json").out)
    assert found["answers"]["shape"]["value"] == [3, 3]
    assert found["steps"] == []


def test_brief_is_shorter_and_keeps_the_answer(run: Run) -> None:
    whole, brief = run(*POSTS).out, run(*POSTS, "--brief").out
    assert len(brief) < len(whole)
    assert "18/7 ≈ 2.5714" in brief
    assert "the observations are independent" not in brief


@pytest.mark.parametrize("digits", [1, 2, 3, 8, 50])
def test_digits_are_as_many_and_the_signs_stay_true(run: Run, digits: int) -> None:
    found = run(*CLICKS, "--quiet", "--ask", "all", "--digits", str(digits)).out
    pairs = re.findall(r"(\d+/\d+) ([=≈]) (\d*\.\d+)$", found, re.MULTILINE)
    assert len(pairs) >= 3
    for exactly, sign, decimal in pairs:
        assert (Fraction(exactly) == Fraction(decimal)) == (sign == "="), (exactly, sign, decimal)
        written = len(decimal.replace(".", "").lstrip("0"))
        assert written <= digits
        off_by = abs(Fraction(exactly) - Fraction(decimal))
        assert off_by <= Fraction(1, 10 ** len(decimal.partition(".")[2])) / 2


@pytest.mark.parametrize("digits", ["0", "-3", "51", "2.5", "d", "1/0", ""])
def test_digits_out_of_range(run: Run, digits: str) -> None:
    for command in (CONV, ["solve", "problems"]):
        ran = run(*command, "--digits", digits)
        assert ran.code == 2
        assert ran.err.startswith("--digits: ")
        assert not ran.out


def test_json_is_one_line_a_problem(run: Run) -> None:
    files = ["problems/convolution.yaml", "problems/backprop.yaml", "problems/homework.yaml"]
    ran = run("solve", *files, "--json")
    assert ran.code == 0
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert {o["schema"] for o in found} == {"mlcalc/1"}
    assert {o["file"] for o in found} == set(files)
    assert run(*CONV, "--json").out == run(*CONV, "-f", "json").out
    assert "\x1b" not in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        CONV, PADDED, [*PADDED, "--at", "2,2", "--stride", "2x1"], POSTS, CLICKS, RNN,
        ["conv-shape", "c@hxw", "--kernel", "K", "--operation", "avg-pool", "--ceil-mode"],
        ["map", "bernoulli", "--prior", "beta(alpha, beta)", "--parameter", "p"],
        ["rnn-step", "--W-hx", "1", "--W-hh", "-1/2", "--x", "1, 0, 2e-1", "--activation", "relu"],
    ],
    ids=lambda value: " ".join(value)[:30],
)  # fmt: skip
def test_yaml_is_the_same_question(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    asked = json.loads(run(*arguments, "--json").out)
    text = run(*arguments, "--yaml").out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    ran = run("solve", "-", "--json")
    assert (ran.code, ran.err) == (0, "")
    answered = json.loads(ran.out)
    assert answered["file"] == "standard input"
    for key in ("kind", "given", "answers", "steps", "notes", "title"):
        assert answered[key] == asked[key]


def test_yaml_of_a_malformed_question(run: Run) -> None:
    ran = run("conv-shape", "4x4", "--kernel", "1/2x", "--yaml")
    assert ran.code == 2
    assert not ran.out
    assert ran.err.startswith("--kernel: this can be read in two ways")


# Files.


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("a.json", '{"schema": "mlcalc/1"'),
        ("a.jsonl", '{"schema": "mlcalc/1"'),
        ("a.tex", "\\subsection*"),
        ("a.md", "## Output"),
        ("a.txt", "Output of a convolution layer\n═"),
        ("a", "Output of a convolution layer\n═"),
    ],
)
def test_output_in_the_format_of_its_ending(
    run: Run, tmp_path: Path, name: str, beginning: str
) -> None:
    path = tmp_path / name
    ran = run(*CONV, "--output", str(path))
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    text = path.read_text(encoding="utf-8")
    assert text.startswith(beginning)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert os.listdir(tmp_path) == [name]
    assert run(*CONV, "-o", str(path), "--format", "markdown").code == 0
    assert path.read_text(encoding="utf-8").startswith("## Output")


def test_output_of_many_problems(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    assert run("solve", "problems/convolution.yaml", "-o", str(path)).code == 0
    assert (
        path.read_text(encoding="utf-8") == run("solve", "problems/convolution.yaml", "--json").out
    )
    path = tmp_path / "all.txt"
    assert run("solve", "problems/convolution.yaml", "-o", str(path)).code == 0
    assert path.read_text(encoding="utf-8") == run("solve", "problems/convolution.yaml").out


def test_an_output_that_cannot_be_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bad in (tmp_path / "none" / "a.txt", tmp_path, tmp_path / "a\0b"):
        ran = run(*CONV, "-o", str(bad))
        assert ran.code == 2
        assert ran.err.startswith("--output: cannot write '")
        assert not ran.out
    assert not os.listdir(tmp_path)

    kept = tmp_path / "kept.txt"
    kept.write_text("precious")

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    ran = run(*CONV, "-o", str(kept))
    assert ran.code == 2
    assert "no space left on device" in ran.err
    assert kept.read_text() == "precious"
    assert os.listdir(tmp_path) == ["kept.txt"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_an_unwritable_folder(run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("precious")
    tmp_path.chmod(0o500)
    try:
        assert run(*CONV, "-o", str(kept)).code == 2
        assert kept.read_text() == "precious"
        assert os.listdir(tmp_path) == ["kept.txt"]
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="no devices here")
def test_an_output_that_is_a_device_or_a_link(run: Run, tmp_path: Path) -> None:
    link, target = tmp_path / "link.txt", tmp_path / "target.txt"
    target.write_text("old")
    link.symlink_to(target)
    assert run(*CONV, "-q", "-o", str(link)).code == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "shape = 3×3\n"
    done = mlcalc(*CONV, "-q", "-o", "/dev/stdout")
    assert (done.returncode, done.stdout.decode()) == (0, "shape = 3×3\n")
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = subprocess.Popen(["cat", str(fifo)], stdout=subprocess.PIPE)
    assert run(*CONV, "-q", "-o", str(fifo)).code == 0
    assert reader.communicate(timeout=10)[0].decode() == "shape = 3×3\n"


def test_nothing_is_written_for_a_malformed_question(run: Run, tmp_path: Path) -> None:
    assert run("conv-shape", "4x4", "--kernel", "5", "-o", str(tmp_path / "a.txt")).code == 2
    assert not os.listdir(tmp_path)


def test_standard_input() -> None:
    done = mlcalc("solve", "-", "--summary", typed=(RIGHT + WRONG).encode())
    assert done.returncode == 1
    assert "standard input" in done.stdout.decode()
    assert "1 of 2" in done.stdout.decode()
    done = mlcalc("solve", "-", typed=bytes([0xE9]))
    assert done.returncode == 2
    assert b"standard input:1:1: expected UTF-8 text" in done.stderr


def test_folders_and_several_paths(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "b.yml").write_text(RIGHT)
    (tmp_path / "a.txt").write_text("no problem")
    (tmp_path / "deep" / "c.json").write_text(
        '{"kind": "conv-shape", "given": {"input": [5, 5], "kernel": 3}}'
    )
    ran = run("solve", str(tmp_path), str(tmp_path / "b.yml"), "--json")
    assert ran.code == 0
    files = [Path(json.loads(line)["file"]).name for line in ran.out.splitlines()]
    assert files == ["b.yml", "c.json", "b.yml"]
    (tmp_path / "empty").mkdir()
    ran = run("solve", str(tmp_path / "empty"))
    assert ran.code == 2
    assert "no .yaml, .yml or .json file in this folder" in ran.err


def test_a_missing_file_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(RIGHT)
    ran = run("solve", "none.yaml", str(path))
    assert ran.code == 2
    assert ran.err == "none.yaml: there is no such file\n"
    assert ran.out.startswith("none.yaml\n")
    assert "3×3" in ran.out


# References, tolerance and statuses within a file.


def solved(run: Run, path: Path, text: str) -> list[dict[str, Any]]:
    path.write_text(text, encoding="utf-8")
    return [json.loads(line) for line in run("solve", str(path), "--json").out.splitlines()]


def test_answers_are_handed_on(run: Run, tmp_path: Path) -> None:
    """Two weeks of clicks, the posterior of the first the prior of the second; and three layers."""
    found = solved(
        run,
        tmp_path / "chain.yaml",
        """
- id: week.1
  kind: map
  given: {distribution: bernoulli, n: 10, k: 3, prior: "beta(2, 2)"}
- id: week.2
  kind: map
  given: {distribution: bernoulli, n: 20, k: 4, prior: {from: week.1.posterior}}
- id: both
  kind: map
  given: {distribution: bernoulli, n: 30, k: 7, prior: "beta(2, 2)"}
- id: first
  kind: conv-shape
  given: {input: 3@32x32, kernel: 5, filters: 6}
- id: second
  kind: conv-shape
  given: {input: {from: first.shape}, operation: max-pool, kernel: 2}
- id: third
  kind: conv-shape
  given: {input: {from: second.shape}, kernel: 5, filters: 16}
- id: letters
  kind: conv-shape
  given: {input: W, kernel: 3}
- id: more-letters
  kind: conv-shape
  given: {input: {from: letters.shape}, kernel: 3}
- id: network
  kind: rnn-step
  given: {W_xh: 1, W_hh: 1/3, x: [1, 2, 1/7], activation: identity}
- id: network-again
  kind: rnn-step
  given: {W_xh: 1, W_hh: 0, x: {from: network.h}, activation: identity}
- id: image
  kind: conv-shape
  given: {image: [[1, 2], [3, 4]], weights: [[1, 1]]}
- id: image-again
  kind: conv-shape
  given: {image: {from: image.output}, weights: [[1], [1]]}
""",
    )
    answers = {o["id"]: o["answers"] for o in found}
    assert answers["week.2"]["theta"]["exact"] == "1/4"
    for name in ("theta", "posterior", "posterior_variance"):
        assert answers["week.2"][name] == answers["both"][name]
    assert answers["second"]["shape"]["value"] == [6, 14, 14]
    assert answers["third"]["shape"]["value"] == [16, 10, 10]
    assert answers["more-letters"]["shape"]["value"] == ["W - 4"]
    assert answers["network-again"]["h"] == answers["network"]["h"]
    assert answers["image-again"]["output"]["value"] == [[10]]


def test_floats_are_handed_on_whole(run: Run, tmp_path: Path) -> None:
    found = solved(
        run,
        tmp_path / "chain.yaml",
        """
- id: a
  kind: rnn-step
  given: {W_xh: 1, W_hh: 1, x: [1, 2]}
- id: b
  kind: rnn-step
  given: {W_xh: 1, W_hh: 0, x: {from: a.h}, activation: identity}
""",
    )
    first, second = (o["answers"]["h"]["value"] for o in found)
    assert second == first


def test_tolerance(run: Run, tmp_path: Path) -> None:
    problem = "- kind: map\n  given: {distribution: bernoulli, n: 7, k: 3, prior: 'beta(1, 1)'}\n"
    cases = {"": "wrong", "  tolerance: 5%\n": "right", "  tolerance: 0.01\n": "wrong"}
    text = "".join(f"{problem}  expect: {{theta: 0.42}}\n{line}" for line in cases)
    found = solved(run, tmp_path / "a.yaml", text)
    assert [o["verdicts"]["theta"] for o in found] == list(cases.values())


# Pipes, encodings, colour.


@pytest.mark.parametrize(
    "command",
    ["solve problems", "solve problems --json", "schema", " ".join(CONV), "--help", "map --help"],
)
def test_a_reader_that_stops_early(command: str) -> None:
    """`mlcalc … | head -1`: no traceback, and exit code 0."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mlcalc", *command.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    error = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(timeout=20) in ((0, 1) if "--help" in command else (0,))
    assert error == ""


@pytest.mark.parametrize(
    "environment",
    [
        {"encoding": "ascii"},
        {"encoding": "latin-1"},
        {"encoding": "", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=["ascii", "latin-1", "C"],
)
def test_streams_that_have_no_greek(environment: dict[str, str]) -> None:
    done = mlcalc(*POSTS, "--format", "terminal", **environment)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode("ascii")
    assert "18/7 ~= 2.5714" in text
    assert "sum_i x_i = 3 + 4 + 1 = 8" in text
    assert not re.search(r"\?(?![ \n])", text), "a character without an ASCII spelling"
    bad = mlcalc("conv-shape", "4x4", "--kernel", "2×2×½", **environment)
    assert bad.returncode == 2
    assert b"Traceback" not in bad.stderr


def test_json_in_ascii_keeps_the_characters() -> None:
    typed = RIGHT.replace("- kind", "- title: Größe 🙂\n  kind").encode()
    done = mlcalc("solve", "-", "--json", typed=typed, encoding="ascii")
    assert json.loads(done.stdout.decode("ascii"))["title"] == "Größe 🙂"


def test_stacked_maths_in_ascii() -> None:
    lines = mlcalc(*PADDED, encoding="ascii").stdout.decode("ascii").splitlines()
    top = next(i for i, line in enumerate(lines) if "H + 2P - K" in line)
    assert lines[top : top + 3] == [
        "                  /H + 2P - K\\",
        "     H_out = floor|----------| + 1",
        "                  \\    S     /",
    ]


def test_colour(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a terminal only, and not where NO_COLOR is set or a file is written."""

    class Terminal(io.StringIO):
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    def shown(*flags: str) -> str:
        from mlcalc.cli import main as cli

        stream = Terminal()
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(SystemExit) as stop:
            sys.exit(cli.run([*CONV, *flags]))
        assert stop.value.code == 0
        return stream.getvalue()

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    coloured = shown()
    assert "\x1b[" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    plain = shown()
    assert "\x1b[3" not in plain
    assert "\x1b" not in run(*CONV, "--format", "terminal").out
    assert "\x1b" not in shown("--json")


HOSTILE = "a\x1b[31mred\x07 \u202ereversed [bold]b[/bold] [link=http://x]c"


def test_control_characters_and_markup_are_shown_harmlessly(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    quoted = json.dumps(HOSTILE)
    path.write_text(
        f"- id: {quoted}\n  title: {quoted}\n  question: {quoted}\n  note: {quoted}\n"
        f"  kind: conv-shape\n  given: {{input: 4x4, kernel: 2}}\n  expect: {{shape: {quoted}}}\n"
        f"- title: {quoted}\n  kind: conv-shape\n  given: {{input: {quoted}, {quoted}: 1}}\n"
        f"- kind: {quoted}\n  given: {{}}\n",
        encoding="utf-8",
    )
    for format_ in ("text", "terminal", "markdown", "latex"):
        ran = run("solve", str(path), "--format", format_)
        for text in (ran.out, ran.err):
            assert "\x1b[31m" not in text
            assert "\x07" not in text
            assert "\u202e" not in text
        if format_ in ("text", "terminal"):
            assert r"a\x1b[31mred\x07 \u202ereversed" in ran.out
            assert "[bold]b[/bold]" in ran.out
    ran = run("solve", str(path), "--summary")
    assert "\x1b" not in ran.out + ran.err
    assert "[bold]" in run("solve", str(path), "--summary", "--format", "terminal").out
    for arguments in (
        [*CLICKS, "--check", HOSTILE],
        ["map", HOSTILE],
        [HOSTILE],
        ["solve", HOSTILE],
    ):
        ran = run(*arguments)
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", ran.out + ran.err), arguments
    ran = run(*CONV, "--padding", "[bold]1", "--format", "terminal")
    assert ran.code == 2
    assert "[bold]1" in ran.err


# Usage.


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["conv-shap"], "mlcalc: there is no command 'conv-shap', did you mean 'conv-shape'?"),
        (["frobnicate"], "mlcalc: there is no command 'frobnicate'\nsee mlcalc --help\n"),
        (["--versoin"], "mlcalc: there is no flag '--versoin', did you mean '--version'?"),
        ([*CONV, "--paddin", "1"], "there is no flag '--paddin', did you mean '--padding'?"),
        ([*CONV, "--xyz"], "mlcalc conv-shape: there is no flag '--xyz'\n"),
        (["backprop", "-x"], "to start a value with a minus, write --expression='-x…'"),
        ([*CONV, "--kernel", "3"], "mlcalc conv-shape: --kernel is given 2 times: give it once"),
        ([*CONV, "--json", "--json"], "--json is given 2 times"),
        (["mlp", "--truth-table", "perhaps"], "expected names and values such as x = 1, 2"),
        ([*CONV, "5x5"], "mlcalc conv-shape: unexpected argument '5x5'"),
        (["mle", "poisson", "--data", "3", "foo"], "--data: write the numbers without 'foo': 3"),
        (["conv-shape", "4x4", "--kernel"], "mlcalc conv-shape: --kernel needs a value"),
        (
            [*CONV, "--json=3"],
            "mlcalc conv-shape: --json is on or off: write it alone, or --json=no",
        ),
        (["conv-shape"], "mlcalc conv-shape: --input is missing: the input size"),
        (["map"], "--prior is missing: what is believed before"),
        (["mle"], "give a distribution, such as poisson, or a density of your own"),
        (["solve"], "mlcalc solve: 'PATH' is missing: YAML or JSON files"),
        ([*CONV, "--format", "html"], "--format: expected one of json, latex, markdown"),
        ([*CONV, "-o", ""], "--output: expected a text, not nothing"),
        (["schema", "map", "vc"], "unknown kind 'map vc'"),
        (["schema", "conv-shap"], "unknown kind 'conv-shap', did you mean 'conv-shape'?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_usage(run: Run, arguments: list[str], message: str) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert message in ran.err
    assert not ran.out


def test_no_arguments_print_the_help(run: Run) -> None:
    ran = run()
    assert ran.code == 2
    assert ran.err.startswith("Usage: mlcalc")


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", ["", *EVERY_COMMAND])
def test_help_everywhere(run: Run, command: str, flag: str) -> None:
    ran = run(*[command][: bool(command)], flag)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: mlcalc {command}".rstrip())
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "-h, --help" in ran.out


def test_help_lists_every_command(run: Run) -> None:
    shown = run("--help").out
    for command in EVERY_COMMAND:
        assert re.search(rf"^  {command}  ", shown, re.MULTILINE)


def test_version(run: Run) -> None:
    from mlcalc import __version__

    assert run("--version").out == f"mlcalc {__version__}\n"


def test_underscores_are_read_as_hyphens(run: Run) -> None:
    assert run("conv_shape", "4x4", "--kernel", "2", "-q").out == "shape = 3×3\n"


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("mlcalc ", EVERY_COMMAND),
        ("mlcalc so", ["solve"]),
        ("mlcalc conv-shape --ope", ["--operation"]),
        (
            "mlcalc conv-shape --operation ",
            ["conv", "max-pool", "avg-pool", "transposed-conv", "pad"],
        ),
        ("mlcalc conv-shape --operation m", ["max-pool"]),
        ("mlcalc conv-shape 4x4 --kernel 2 --at bottom", ["bottom-left", "bottom-right"]),
        ("mlcalc map p", ["pareto", "poisson"]),
        ("mlcalc map poisson -f j", ["json"]),
        ("mlcalc solve --sum", ["--summary"]),
    ],
)
def test_shell_completion(words: str, offered: list[str]) -> None:
    done = mlcalc(
        _MLCALC_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(words.count(" "))
    )
    assert done.returncode == 0
    assert done.stdout.decode().split() == offered


def test_what_stands_first_may_be_named_too(run: Run) -> None:
    unnamed = run("conv-shape", "32x32", "--kernel", "5", "--quiet")
    assert run("conv-shape", "--input", "32x32", "--kernel", "5", "--quiet").out == unnamed.out
    twice = run("conv-shape", "32x32", "--input", "28x28", "--kernel", "5")
    assert twice.code == 2
    assert "--input is given twice" in twice.err
