"""What is shown of an answer: what the usual question asks, or what --ask names."""

from __future__ import annotations

import json
import shlex
import statistics
from collections.abc import Callable
from pathlib import Path

import pytest

from mlcalc.cli import output
from mlcalc.files.document import from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.exercise import solve
from tests.conftest import Ran

Run = Callable[..., Ran]

COIN = ["map", "bernoulli", "--n", "20", "--k", "7", "--prior", "beta(3, 3)"]

EVERYDAY = {
    "mle poisson --data 2,0,3,1": ["lambda"],
    "mle normal --data 1,3,8": ["mu", "sigma2"],
    "map poisson --data 1,0,2 --prior gamma(shape=3,rate=2)": ["lambda", "posterior"],
    "map categorical --data a=3,b=1 --prior dirichlet(2,2)": ["theta", "posterior"],
    "map bernoulli --n 9 --k 5 --prior beta(2,2) --new 1": ["theta", "posterior", "predictive"],
    "nb --data problems/cars.csv --label interested --query red=0,affordable=1,efficient=1": [
        "prediction",
        "posterior",
    ],
    "nb --data problems/cars.csv --label interested": ["prior", "likelihood"],
    "pac --hypotheses 500 --epsilon 0.05 --delta 0.01 --setting agnostic": ["samples", "case"],
    "vc linear --dimension 2": ["vc_dimension"],
    "vc linear --dimension 2 --n 4": ["can_shatter", "vc_dimension"],
    "conv-shape 28x28 --kernel 3 --filters 8": ["shape"],
    "conv-shape 3x3 --kernel 2 --image 1,2,3;4,5,6;7,8,9 --weights 1,0;0,1": ["shape", "output"],
    "conv-shape 3x3 --kernel 2 --image 1,2,3;4,5,6;7,8,9 --weights 1,0;0,1 --at 1,1": [
        "shape",
        "value",
    ],
    "params 784>fc256>relu>fc10": ["total"],
    "mlp --W1 1,-1;0,2 --W2 1,1 --x 1,2": ["output"],
    "mlp --W1 1,-1;0,2 --W2 1,1 --x 1,2 --targets 1 --loss mse": ["loss", "gradients"],
    "mlp --W1 1,-1;0,2 --W2 1,1 --x 1,2 --targets 1 --loss mse --lr 0.1": [
        "updated",
        "loss_after",
        "loss",
    ],
    "backprop x*y+z --at x=1,y=2,z=3": ["value", "gradients"],
    "rnn-step --W_xh 0.5 --W_hh 0.8 --W_hy 2 --x 1,2": ["h", "y"],
    "rnn-step --W_xh 0.5 --W_hh 0.8 --W_hy 2 --x 1,2 --targets 1,0 --loss mse": ["h", "y", "loss"],
}
"""What a question is answered with where nothing more is asked."""


@pytest.mark.parametrize("command", EVERYDAY)
def test_the_usual_question_is_answered(command: str, run: Run) -> None:
    ran = run(*command.split(" "), "--quiet")
    assert ran.code == 0, ran.err
    names = [line.replace(":", " ").split()[0] for line in ran.out.splitlines()]
    assert names == EVERYDAY[command]


def rules(text: str) -> list[str]:
    steps = json.loads(text)["steps"]
    return [step["rule"] for step in steps]


def test_answers_that_are_named_come_with_their_steps_alone(run: Run) -> None:
    every = rules(run(*COIN, "--json").out)
    mean = run(*COIN, "--ask", "evidence", "--json").out
    assert list(json.loads(mean)["answers"]) == ["evidence"]
    assert "integrate the likelihood over the prior" in rules(mean)
    assert "compare bias and variance" in every
    assert "compare bias and variance" not in rules(mean)
    assert set(rules(mean)) < set(every)


@pytest.mark.parametrize("asked", ["posterior_mean, mle", "mle,posterior-mean"])
def test_several_are_asked_for_in_one_list(asked: str, run: Run) -> None:
    out = run(*COIN, "--ask", asked, "--quiet").out
    assert [line.split()[0] for line in out.splitlines()] == ["mle", "posterior_mean"]


def test_all_is_what_json_holds(run: Run) -> None:
    held = list(json.loads(run(*COIN, "--json").out)["answers"])
    shown = [line.split()[0] for line in run(*COIN, "--ask", "all", "--quiet").out.splitlines()]
    assert held == shown
    assert len(held) == 6


def test_a_word_of_steps_can_be_asked_for(run: Run) -> None:
    assert "Compare bias and variance" in run(*COIN, "--ask", "theta,bias").out
    assert "Compare bias and variance" not in run(*COIN).out


def test_what_is_not_there_is_refused_with_what_is(run: Run) -> None:
    ran = run(*COIN, "--ask", "evidense")
    assert ran.code == 2
    assert not ran.out
    assert "--ask: nothing here is called 'evidense', did you mean 'evidence'?" in ran.err


def test_the_last_line_names_the_others(run: Run) -> None:
    last = run(*COIN).out.rstrip().splitlines()[-1]
    assert last.startswith("also: mle, posterior_mean, posterior_variance")
    assert len(last) <= 80
    assert "also:" not in run(*COIN, "--ask", "all").out
    assert "also:" not in run("solve", "problems/estimation.yaml").out


def test_what_is_checked_is_asked_too(run: Run) -> None:
    out = run(*COIN, "--check", "mle=0.35").out
    assert "Compare with the maximum-likelihood estimate" in out
    assert "✓ mle = 0.35 is right" in out


def test_a_file_says_what_it_asks(run: Run, tmp_path: Path) -> None:
    given = '{distribution: bernoulli, n: 10, k: 3, prior: "beta(2, 2)"}'
    file = tmp_path / "asked.yaml"
    file.write_text(
        f"- {{kind: map, ask: [theta, evidence], given: {given}}}\n"
        f"- {{kind: map, given: {given}, expect: {{mle: 0.3}}}}\n"
        "- {kind: conv-shape, given: {input: 5x5, kernel: 3}, points: {shape: 1, parameters: 2}}\n"
    )
    shown = [line.split(" = ")[0] for line in run("solve", str(file), "--quiet").out.splitlines()]
    assert shown[:2] == ["theta", "evidence"]
    assert [one for one in shown if "✓" not in one][2:] == [
        "theta", "posterior", "mle", "shape", "parameters",
    ]  # fmt: skip
    narrowed = run("solve", str(file), "--quiet", "--ask", "evidence").out
    # The flag goes before what a file asks, and a question without such an answer has its own.
    assert [line for line in narrowed.splitlines() if line.startswith("theta")] == []
    assert "shape = 3×3" in narrowed


def test_what_is_not_asked_is_not_computed(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    from mlcalc.estimation.bayes import Bayes

    made: list[str] = []
    monkeypatch.setattr(Bayes, "accuracy", lambda self: made.append("accuracy"))
    monkeypatch.setattr(Bayes, "pull", lambda self, *given: made.append("pull"))
    run(*COIN)
    assert not made
    run(*COIN, "--ask", "bias")
    assert made == ["accuracy"]


SCREENS = """
conv-shape 28x28 --kernel 3 --stride 2 --padding 1 --filters 8
conv-shape 14x14 --output-shape 7x7 --kernel 3 --stride 2 --solve-for padding
conv-shape 4x4 --kernel 2 --image 1,0,2,1;0,1,3,0;2,2,0,1;1,0,1,4 --weights 1,-1;0,2 --at 1,1
mle poisson --data 2,0,3,1
mle exponential --data 0.5,1.5,4
mle normal --data 1,3,8
mle uniform --data 0.4,2.1,1.7
map bernoulli --n 20 --k 7 --prior beta(3,3)
map poisson --data 1,0,2 --prior gamma(shape=3,rate=2)
map normal(sigma2=1) --data 1,2,4 --prior normal(mu=0,sigma2=4)
nb --data problems/cars.csv --label interested --query red=0,affordable=1,efficient=1 --smoothing 1
pac --hypotheses 500 --epsilon 0.05 --delta 0.01 --setting agnostic
pac --vc-dimension 3 --epsilon 0.1 --delta 0.05 --setting realizable
vc linear --dimension 2 --n 4
vc rectangles --points 0,1;1,0;0,-1;-1,0
params 1@32x32>conv6k5>avgpool2>conv16k5>avgpool2>flatten>fc120>fc84>fc10
params 784>fc256>relu>fc10>softmax
mlp --W1 0.5,-0.5;1,0.2 --W2 1,-1 --b1 0.1,0 --b2 0.2 --x 1,2 --activation sigmoid --targets 1 --loss mse
backprop sigmoid(w*x+b) --at w=2,x=-1,b=1
rnn-step --W_xh 0.4 --W_hh 0.7 --W_hy 1 --x 1,2 --targets 1,0 --loss mse
"""  # noqa: E501  # commands


def test_a_usual_answer_is_short(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lengths = [len(run(*one.split(" ")).out.splitlines()) for one in SCREENS.strip().splitlines()]
    assert statistics.median(lengths) <= 50
    assert max(lengths) <= 120


def test_asking_moves_answers_and_loses_none() -> None:
    given = {"distribution": "bernoulli", "n": "9", "k": "5", "prior": "beta(2, 2)"}
    found = solve("map", from_plain(given, Place("test")))  # type: ignore[arg-type]
    narrowed = found.asked(["estimate"])
    assert [one.name for one in narrowed.answers] == ["theta"]
    assert {one.name for one in narrowed.all_answers} == {one.name for one in found.all_answers}


GAUSSIAN = """nb --model gaussian --priors a=1/2,b=1/2 --query x=0,y=1 --likelihoods
'{a: {x: "normal(mu=0, sigma2=1)", y: "normal(mu=0, sigma2=1)"},
b: {x: "normal(mu=1, sigma2=2)", y: "normal(mu=2, sigma2=3)"}}'"""


@pytest.mark.parametrize(
    ("command", "name", "note"),
    [
        ("conv-shape 3@28x28 --kernel 3 --filters 8", "parameters", "conv.bias"),
        (GAUSSIAN, "boundary", "nb.boundary_sign"),
    ],
)
def test_a_note_stands_by_what_it_is_about(run: Run, command: str, name: str, note: str) -> None:
    """One on biases where nothing is counted, or on a polynomial that is not there, puzzles."""
    usual, asked = (run(*shlex.split(command), *more) for more in ([], ["--ask", name]))
    assert (usual.code, asked.code) == (0, 0), usual.err + asked.err
    assert f"[{note}]" not in usual.out
    assert f"[{note}]" in asked.out


def test_what_is_worked_out_in_another_process_can_be_asked_for(run: Run) -> None:
    own = ["map", "--density", "theta*exp(-theta*x)", "--support", "x > 0", "--data", "1, 2"]
    ran = run(*own, "--prior", "gamma(shape=2, rate=1)", "--ask", "evidence")
    assert ran.code == 0, ran.err
    assert "Integrate the likelihood over the prior" in ran.out


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_others_fit_on_a_narrow_screen(
    width: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "terminal_width", lambda: width)
    last = run(*COIN).out.rstrip().rpartition("\n\n")[2]
    assert last.startswith("also: mle")
    assert max(map(len, last.splitlines())) <= width
    assert "(--ask all, or some of them)" in " ".join(last.split())
