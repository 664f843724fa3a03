"""`mlcalc check` as a user meets it: exit codes, flags, the work shared between processes."""

from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mlcalc.files.reading import read_file
from mlcalc.marking import marker, naming
from mlcalc.marking.checking.answers import own_answer
from mlcalc.marking.exercise import read_exercises, work_out
from mlcalc.marking.hints import DIGIT, hint
from mlcalc.marking.key import read_key
from mlcalc.marking.marker import Marker
from mlcalc.maths.printing import Style
from mlcalc.showing.derivation import Verdict
from tests.conftest import PROBLEMS, ROOT, Ran
from tests.marking.asking import key, marked, submission

Run = Callable[..., Ran]
KEY = "tests/marking/key.yaml"

RIGHT = "- {kind: conv-shape, given: {input: 4x4, kernel: 2}, answer: 3x3}\n"
WRONG = "- {kind: conv-shape, given: {input: 4x4, kernel: 2}, answer: 3x4}\n"
NAMED = "- {kind: conv-shape, given: {input: 4x4, kernel: 2}, answer: {shape: 3x3}}\n"
UNREADABLE = "- {kind: conv-shape, given: {input: 4x4, kernel: 2}, answer: '3x('}\n"
MISSING = "- {kind: conv-shape, given: {input: 4x4, kernel: 2}}\n"
UNDECIDED = "- {kind: conv-shape, given: {input: W, kernel: 2}, answer: W - 9^9^9^9}\n"
MALFORMED = "- {kind: conv-shape, given: {input: 4x4, kernel: 5}, answer: 3x3}\n"
UNSOLVED = (
    "- {kind: map, given: {distribution: bernoulli, data: [0], prior: 'beta(1/2, 2)'}, answer: 0}\n"
)
DOUBTED = (
    "- {kind: conv-shape, given: {input: 4x4, kernel: 2}, answer: 3x3, expect: {shape: 4x4}}\n"
)
NO_SUCH = "- {kind: conv-shape, given: {input: 4x4, kernel: 2}, answer: {shap: 3x3}}\n"


@pytest.mark.parametrize(
    ("problems", "code"),
    [
        ([RIGHT, NAMED], 0),
        ([RIGHT, WRONG], 1),
        ([RIGHT, UNREADABLE], 1),
        ([RIGHT, MISSING], 1),
        ([RIGHT, UNDECIDED], 3),
        ([RIGHT, UNSOLVED], 3),
        ([UNDECIDED, WRONG], 1),
        ([RIGHT, MALFORMED], 2),
        ([MISSING], 2),
        ([DOUBTED], 2),
        ([RIGHT, NO_SUCH], 2),
        ([], 2),
    ],
)
def test_exit_codes(run: Run, tmp_path: Path, problems: list[str], code: int) -> None:
    path = tmp_path / "answered.yaml"
    path.write_text("".join(problems))
    ran = run("check", str(path))
    assert ran.code == code
    assert bool(ran.err) == (code == 2)
    assert "Traceback" not in ran.err
    assert run("check", str(path), "--json").code == code
    assert run("check", str(path), "--quiet").code == code


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "'PATH' is missing: problem files that hold an `answer`"),
        (("none.yaml",), "none.yaml: there is no such file"),
        (("--key", "none.yaml", KEY), "none.yaml: there is no such file"),
        (("--key", KEY, "none.csv"), "none.csv: there is no such file"),
        (("--key", KEY, "README.md"), "expected a submission that ends in .yaml"),
        (("--key", KEY, "--students", "none.txt", KEY), "none.txt: there is no such file"),
        (("--key", "-", "-"), "--key: the key and a submission cannot both be standard input"),
        ((KEY, "--gradebook", "x.csv"), "--gradebook goes with --key, the problems that were set"),
        ((KEY, "--gradescope", "x.json"), "--gradescope goes with --key"),
        ((KEY, "--students", "x.txt"), "--roster goes with --key"),
        ((KEY, "--reveal", "--hints"), "--reveal and --hints exclude each other"),
        ((KEY,), "no problem here has an `answer`: write one beside `given`, or give --key"),
        ((KEY, "--jobs", "0"), "--jobs: expected a whole number"),
        ((KEY, "--key", KEY), "'problems' belongs in the key, not in a submission"),
        ((KEY, "--kee", KEY), "there is no flag '--kee', did you mean '--key'?"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_wrong_call(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    ran = run("check", *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert not ran.out


def test_ones_own_answers(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "answered.yaml"
    path.write_text(RIGHT + WRONG)
    ran = run("check", str(path))
    assert ran.out.startswith(f"{path}: 1 of 2 points\n")
    assert "3x4" in ran.out
    assert "✗ wrong" in ran.out
    assert ran.out.count("points\n") == 2  # the headline and the table's: a class has a summary
    both = run("check", str(path), str(path), "--quiet").out
    assert both == f"{path}: 1 of 2 points\n" * 2


def test_reveal_and_hints(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "answered.yaml"
    path.write_text(WRONG)
    assert "the answer is 3×3" not in run("check", str(path)).out
    assert "the answer is 3×3" in run("check", str(path), "--reveal").out
    hinted = run("check", str(path), "--hints").out
    assert "next step: write the output-size formula" in hinted
    assert "3×3" not in hinted
    assert (
        json.loads(run("check", str(path), "--reveal", "--json").out)["answers"][0]["key"] == "3×3"
    )
    told = json.loads(run("check", str(path), "--hints", "--json").out)["answers"][0]
    assert told["hint"]
    assert told["feedback"] == []
    assert "[conv." not in hinted


def test_output_to_a_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    arguments = ["check", "--key", KEY, "tests/marking/class"]
    ran = run(*arguments, "-o", str(path))
    assert (ran.code, ran.out) == (1, "")
    assert path.read_text(encoding="utf-8") == run(*arguments).out


def test_a_screen_without_these_letters() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mlcalc", "check", "--key", KEY, "tests/marking/class"],
        capture_output=True, cwd=ROOT, env=os.environ | {"PYTHONIOENCODING": "ascii"}, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert b"x wrong" in done.stdout
    assert b"?" not in done.stdout.replace(b"? unreadable", b"").replace(b"? missing", b"")


# A student's text on the teacher's screen.


def test_what_a_student_wrote_is_made_visible(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "sent.json"
    hostile = "\x1b[2J\u202e1\n2"
    path.write_text(
        json.dumps([{"student": hostile, "answers": {hostile: "1", "clicks": hostile}}])
    )
    ran = run("check", "--key", KEY, str(path))
    assert ran.code == 1
    for text in (ran.out, ran.err):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert "\\x1b[2J\\u202e" in ran.out
    assert "\\x1b[2J\\u202e" in ran.err
    found = json.loads(run("check", "--key", KEY, str(path), "--json").out)
    assert found["student"] == "[2J1 2" or found["student"] == "[2J12"


def test_what_the_key_does_not_have_is_said_in_one_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "sent.csv"
    rows = "".join(f"anna,no-such-{i},,1\n" for i in range(50))
    path.write_text("student,id,name,answer\n" + rows)
    said = run("check", "--key", KEY, str(path), "--quiet").err.splitlines()
    assert len(said) == 1
    assert "'no-such-7' and 42 more" in said[0]


# Processes.

SIZES = key("""
- {id: a, kind: conv-shape, given: {input: 64x64, kernel: 5}}
- {id: b, kind: conv-shape, given: {input: {from: a.shape}, kernel: 3}}
""")


def test_the_marks_do_not_depend_on_the_number_of_processes() -> None:
    sent = [
        submission(f"s{i}", {"a": f"{i}x{i}", "b": f"{i - 2 + i % 2}x{i - 2}"})
        for i in range(50, 200)
    ]
    reports = [marked(SIZES, *sent, jobs=jobs) for jobs in (1, 2)]
    assert reports[0] == reports[1]
    carried = [s for s in reports[0].students if s.rows[1].mark.carried]
    assert len(carried) > 50
    assert {row.mark.verdict for s in carried for row in s.rows} == {Verdict.WRONG, Verdict.RIGHT}


def test_what_many_wrote_is_named_marked_and_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    named: list[object] = []
    monkeypatch.setattr(naming, "own_answer", lambda *a: (named.append(a), own_answer(*a))[1])
    sent = [submission(f"s{i}", {"a": f"{i % 3}x7", "b": "5x5"}) for i in range(60)]
    report = marked(SIZES, *sent)
    assert len(named) == 4
    # A wrong b is looked at anew with each a.
    assert len({id(row) for student in report.students for row in student.rows}) == 6


def test_spellings_of_one_value_are_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    solved: list[object] = []
    monkeypatch.setattr(marker, "work_out", lambda *a: (solved.append(a), work_out(*a))[1])
    spelled = ("40x40", "40×40")
    report = marked(
        SIZES, *(submission(f"s{i}", {"a": a, "b": "38x38"}) for i, a in enumerate(spelled))
    )
    assert len(solved) == 1
    assert all(student.rows[1].mark.carried for student in report.students)


def test_a_worker_that_ends_does_not_end_the_marking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlcalc.marking.crew.BOOT", "raise SystemExit(1)")
    sent = [submission(f"s{i}", {"a": f"{i}x{i}"}) for i in range(500)]
    report = marked(SIZES, *sent, jobs=2)
    assert [s.student for s in report.students if s.points] == ["s60"]


def test_every_shipped_problem_can_be_a_key() -> None:
    """Sent to another process, and with hints that give no answer away."""
    hints: list[str] = []
    for path in PROBLEMS:
        exercises = read_exercises(read_file(path), str(path))
        solvable = [e for e in exercises if e.expect is None or e.expect.get("status") is None]
        found = read_key(solvable, False, Style(5))
        assert not found.disagreements
        questions = tuple(Marker(found.questions).questions.values())
        sent = pickle.loads(pickle.dumps(questions))
        assert [(q.id, q.parts, q.earlier) for q in sent] == [
            (q.id, q.parts, q.earlier) for q in questions
        ]
        for derivation in (question.derivation for question in found.questions):
            assert derivation is not None
            hints += (hint(derivation, answer, Style(5)) for answer in derivation.answers)
    assert sum(map(bool, hints)) > 0.95 * len(hints)
    assert not any(map(DIGIT.search, hints))


# An independent count.


def test_the_sums_of_a_random_class() -> None:
    from random import Random

    random = Random(4)
    found = key("""
- {id: a, kind: conv-shape, given: {input: 4x4, kernel: 2}, points: 1/3}
- {id: b, kind: conv-shape, given: {input: 5x5, kernel: 2}, points: {shape: 2.5, zeros: 0}}
""")
    worth = {"a": Fraction(1, 3), "b": Fraction(5, 2)}
    right = {"a": "3x3", "b": "4x4"}
    chosen: dict[str, dict[str, Any]] = {
        f"s{i}": {id_: random.choice([right[id_], "9x9", "", "4x("]) for id_ in worth}
        for i in range(200)
    }
    report = marked(found, *(submission(student, a) for student, a in chosen.items()))
    assert report.out_of == sum(worth.values())
    for student in report.students:
        answers = chosen[student.student]
        assert student.points == sum(worth[i] for i in worth if answers[i] == right[i])


SAMPLE = ("mle", "normal", "--data", "1, 3, 2, 4", "--quiet")


@pytest.mark.parametrize(
    ("claim", "verdicts"),
    [
        ("μ=2.5, σ²=9", ["✓ mu: μ=2.5 is right", "✗ sigma2: σ²=9 is wrong"]),
        ("σ²=1.25, μ=9", ["✓ sigma2: σ²=1.25 is right", "✗ mu: μ=9 is wrong"]),
        ("μ = 2.5 and σ² = 1.25", ["✓ mu: μ = 2.5 is right", "✓ sigma2: σ² = 1.25 is right"]),
        ("σ = 1.118", ["✓ sigma: σ = 1.118 is right"]),  # since σ² = 1.25 is
        ("sigma = 1.3", ["✗ sigma = 1.3 is wrong"]),
        ("mu = 2.5, sigma^2 = 1", ["✓ mu: mu = 2.5 is right", "✗ sigma2: sigma^2 = 1 is wrong"]),
    ],
)
def test_each_quantity_that_a_claim_names_is_marked(
    run: Callable[..., Ran], claim: str, verdicts: list[str]
) -> None:
    printed = run(*SAMPLE, "--check", claim).out
    assert all(verdict in printed for verdict in verdicts), printed
