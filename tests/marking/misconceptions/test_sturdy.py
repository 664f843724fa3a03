"""A misconception never fails and never gives an answer away, whatever the problem and the claim.

The problems are those that ship, and some whose answers have parts of different lengths.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlcalc.files.document import Entries, from_plain
from mlcalc.files.errors import MlcalcError, Place
from mlcalc.files.problem import Problem
from mlcalc.files.reading import read_file
from mlcalc.kinds import kinds, load
from mlcalc.marking.exercise import Exercise, read_exercises, read_problem
from mlcalc.marking.hints import hint
from mlcalc.marking.misconceptions import Explainer, misconceptions
from mlcalc.marking.misconceptions.case import Case
from mlcalc.marking.references import resolved
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.printing import DEFAULT, one_line
from mlcalc.showing.derivation import Answer, Derivation, Outcome
from tests.conftest import PROBLEMS, ROOT

HERE = Place("test")
MOST_EPOCHS = 20
"""A training that takes longer is not repeated for each misconception here."""

UNEQUAL = [
    ("pac", {"hypotheses": 100, "epsilon": "0.1", "delta": "0.05", "bound": "all",
             "setting": "realizable"}),
    ("pac", {"vc_dimension": 3, "epsilon": "0.1", "delta": "0.05", "bound": "all",
             "setting": "agnostic"}),
    ("mlp", {"weights": [[[1, 2], [3, 4]], [[1, 1]]], "biases": [[1, 2], ["0.5"]], "x": [1, 2],
             "targets": 1, "loss": "squared-error", "learning_rate": "0.1"}),
    ("mlp", {"weights": [[[1, 2], [3, 4], [5, 6]], [[1, 1, 1], [2, 2, 2]]], "x": [[1, 2], [3, 4]],
             "biases": [[1, 2, 3], 1], "targets": [[1, 0], [0, 1]], "loss": "squared-error"}),
    ("mlp", {"weights": [[["w", 2]]], "x": [1, 2], "targets": 1, "loss": "squared-error"}),
    ("rnn-step", {"W_xh": [[1, 2]], "W_hh": 1, "b_h": [1], "W_hy": [[1], [2]], "b_y": [1, 2],
                  "x": [[1, 2], [3, 4]], "targets": [[1, 2], [3, 4]], "loss": "squared-error"}),
    ("rnn-step", {"W_xh": "w", "W_hh": "u", "x": ["a", "b"]}),
    ("vc", {"hypothesis_class": "intervals", "points": "1; 2", "labels": "0, 0"}),
    ("vc", {"hypothesis_class": "intervals(length=4)", "points": "1; 2", "labels": "1, 1"}),
    ("vc", {"hypothesis_class": "rings", "points": "1 0; 2 0", "labels": "0, 0"}),
    ("vc", {"hypothesis_class": "linear", "dimension": "d", "n": "m"}),
    ("vc", {"hypothesis_class": "linear", "dimension": 70, "n": 100}),
    ("vc", {"hypotheses": [[0, 0, 1], [1, 0, 1]]}),
    ("backprop", {"expression": "max(x, y, z)*x", "at": "x=1, y=2, z=3"}),
    ("backprop", {"expression": "max(u)*min(x, x)", "at": "x=1, u=[1, 2]"}),
    ("backprop", {"expression": "f = softmax(W @ x)", "at": {"W": [[1, 2], [3, 4]], "x": [1, 2]}}),
    ("backprop", {"expression": "log(x)*x"}),
    ("conv-shape", {"input": "3@8", "kernel": 3, "filters": 2}),
    ("conv-shape", {"input": "3@8x9", "kernel": "3x1", "padding": "0 1; 1 0", "filters": 3}),
    ("conv-shape", {"input": "CxHxW", "kernel": "K", "filters": "F"}),
    ("conv-shape", {"image": [[1, 2], [3, 4]], "weights": [[1]], "at": "2,1"}),
    ("conv-shape", {"image": [1, 2, 3], "weights": [1, 2], "at": "2", "input": "3"}),
    ("params", {"network": ["lenet5", "alexnet"]}),
    ("params", {"network": "c x h x w, conv 3 k3"}),
    ("params", {"network": "3@8x8, parallel(conv 2 k1 | conv 3 k3 same), flatten, fc 10"}),
    ("mle", {"distribution": "categorical", "data": "red, blue, red"}),
    ("mle", {"distribution": "multivariate_normal", "data": [[1, 2], [3, 5], [4, 4]]}),
    ("mle", {"distribution": "normal(mu=0)", "data": [5]}),
    ("mle", {"distribution": "geometric(support=failures)", "data": [0, 1, 2]}),
    ("mle", {"density": "theta*x^(theta - 1)", "support": "[0, 1]", "data": ["0.5", "0.6"]}),
    ("map", {"distribution": "bernoulli", "n": 5, "k": 2, "prior": "6*theta*(1-theta)"}),
    ("map", {"distribution": "categorical", "data": "a, b, a", "prior": "dirichlet(2, 2)"}),
    ("nb", {"model": "bernoulli", "priors": "a=1/2, b=1/2",
            "likelihoods": {"a": {"f": "1/2"}, "b": {"f": 0}}, "query": "f=1"}),
]  # fmt: skip

CLAIMS = (
    "3", "0.25", "-7", "inf", "x", "yes", "no", "spam", "", "1/n", "3 = 4",
    "[1, 2]", "[[1, 2], [3]]", "(1, 2), (3, 4)", "1e400", "3@4x4", "beta(1, 2)",
    ["1", "2", "3"], [["1", "2"], ["3", "4"]], [["1"], ["2", "3"]], [],
    {"x": "1"}, {"weights": [["1"]], "biases": "2"}, {"a": {"b": ["1", "2"]}}, {},
)  # fmt: skip


def shipped() -> Iterator[tuple[str, Problem, Derivation]]:
    for path in PROBLEMS:
        earlier: dict[str, Outcome] = {}
        for exercise in read_exercises(read_file(path), str(path)):
            found = worked(exercise, earlier)
            if found is not None:
                yield exercise.kind, *found


def worked(exercise: Exercise, earlier: dict[str, Outcome]) -> tuple[Problem, Derivation] | None:
    if exercise.complaints:
        return None
    try:
        problem = read_problem(exercise.kind, resolved(exercise.given, earlier))
        derivation = load(exercise.kind).solve(problem)
    except (MlcalcError, EvaluationError):
        return None
    name = exercise.text("id") or ""
    earlier[name] = Outcome(exercise.kind, "solved", {}, derivation=derivation)
    return problem, derivation


def others() -> Iterator[tuple[str, Problem, Derivation]]:
    for kind, given in UNEQUAL:
        entries = from_plain(given, HERE)
        assert isinstance(entries, Entries)
        problem = read_problem(kind, entries)
        yield kind, problem, load(kind).solve(problem)


def results(kind: str, problem: Problem, derivation: Derivation) -> None:
    """Every misconception gives values, or says that its question has no answer."""
    case = Case(kind, problem, derivation)
    for one in misconceptions(kind):
        try:
            one.wrong(case)
        except (MlcalcError, EvaluationError):
            continue
        except Exception as error:
            error.add_note(f"{one.id} about {kind} {problem.given}")
            raise


@pytest.mark.parametrize("number", range(len(UNEQUAL)))
def test_no_misconception_fails(number: int) -> None:
    kind, given = UNEQUAL[number]
    entries = from_plain(given, HERE)
    assert isinstance(entries, Entries)
    problem = read_problem(kind, entries)
    results(kind, problem, load(kind).solve(problem))


def test_no_misconception_fails_about_problems_that_ship() -> None:
    """Every twelfth of them, since each is solved many times."""
    seen = 0
    for number, (kind, problem, derivation) in enumerate(shipped()):
        epochs = problem.values.get("epochs") or 1
        if number % 12 == 0 and epochs <= MOST_EPOCHS and kind != "params":
            results(kind, problem, derivation)
            seen += 1
    assert seen > 10


def test_no_claim_is_too_odd_to_be_explained() -> None:
    for kind, problem, derivation in others():
        explainer = Explainer(kind, problem, derivation)
        for answer in derivation.all_answers:
            for claim in CLAIMS:
                told = explainer.explanations(answer.name, from_plain(claim, HERE))
                assert all(one.id for one in told)


# Nothing given away.


def printed(answer: Answer) -> Iterator[str]:
    """The words and numbers of an answer: those of two digits or more, and words such as no."""
    text = one_line(answer.maths)
    yield from re.findall(r"[0-9]{2,}(?:\.[0-9]+)?|[0-9]+\.[0-9]+", text)
    if isinstance(answer.value, bool):
        yield "yes" if answer.value else "no"
        yield "never"
        yield "not" if not answer.value else "always"
    elif isinstance(answer.value, str):
        yield from (word.strip() for word in answer.value.split(",") if not word.strip().isdigit())


NUMBERS_SAID = {"10", "180", "99", "0.01", "98", "0.02"}


def test_neither_sentence_nor_hint_has_an_answer() -> None:
    seen = 0
    for _, _, derivation in shipped():
        forbidden = {word for answer in derivation.all_answers for word in printed(answer) if word}
        told = [hint(derivation, answer, DEFAULT) for answer in derivation.all_answers]
        for text in told:
            words = re.findall(r"[\w.]+", text.casefold())
            assert not {word.casefold() for word in forbidden} & set(words), text
            seen += bool(text)
    assert seen > 500
    # A sentence is the same for every problem; its numbers are bases, angles, examples.
    for kind in kinds():
        for one in misconceptions(kind):
            numbers = set(re.findall(r"[0-9]{2,}|[0-9]+\.[0-9]+", one.feedback))
            assert numbers <= NUMBERS_SAID, one.id


def test_no_sentence_says_what_another_part_asks() -> None:
    """Whether points are shattered, which class is predicted, whether a sample is realizable."""
    said = re.compile(r"(is|are|cannot be|not) shattered|realizable|not realisable|infinite")
    for kind in ("vc", "pac"):
        for one in misconceptions(kind):
            assert not said.search(one.feedback), one.id


def test_hints_of_a_yes_and_a_no_are_the_same() -> None:
    def hints(points: str) -> set[str]:
        given = from_plain({"hypothesis_class": "linear", "points": points}, HERE)
        assert isinstance(given, Entries)
        found = load("vc").solve(read_problem("vc", given))
        return {hint(found, one, DEFAULT) for one in found.all_answers if one.name != "missing"}

    assert hints("0 0; 1 0; 0 1") == hints("0 0; 1 0; 0 1; 1 1")


# What a misconception may look at.

FORBIDDEN_IMPORTS = {"Raw", "Text", "Items", "Entries", "written", "plain", "tree", "read_document"}
FORBIDDEN_NAMES = {"raw", "place_of", "typed_name", "text"}


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "mlcalc" / "marking" / "misconceptions").glob("*.py")),
    ids=lambda p: p.name,
)
def test_a_misconception_sees_read_values_only(path: Path) -> None:
    """No typed text: not through the document's classes, nor through a problem's `given`."""
    may_hold_raw = path.name in ("__init__.py", "case.py")  # claims, and `structure`
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and not may_hold_raw:
            taken = {alias.name for alias in node.names} & FORBIDDEN_IMPORTS
            assert not taken, (path.name, node.lineno, taken)
        if isinstance(node, ast.Attribute):
            assert node.attr not in FORBIDDEN_NAMES, (path.name, node.lineno, node.attr)
            is_typed = node.attr == "given" and isinstance(node.value, ast.Attribute)
            assert not (is_typed and node.value.attr == "given"), (path.name, node.lineno)  # type: ignore[attr-defined]
