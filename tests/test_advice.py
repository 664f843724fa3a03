"""What a refusal advises works when it is followed."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from mlcalc.kinds import kinds, load
from mlcalc.maths.near import closest, plain_name
from tests.conftest import Ran

Run = Callable[..., Ran]

PAC = "pac --hypotheses 1000 --setting realizable --delta 0.05"


@pytest.mark.parametrize(
    ("typed", "advice", "followed"),
    [
        ("mle poisson --dta 3", "did you mean '--data'", "mle poisson --data 3"),
        (
            "mle poisson --prior 'gamma(2, 2)' --data 3",
            "map takes --prior",
            "map poisson --prior 'gamma(shape=2, scale=2)' --data 3",
        ),
        (
            "mlp --weights 1 2 --x 1",
            "write --weights '1 2', or --weights 1 --weights 2",
            "mlp --weights 1 --weights 2 --x 1",
        ),
        (
            "mlp --weights 1 2 --x 1,1",
            "write --weights '1 2', or --weights 1 --weights 2",
            "mlp --weights '1 2' --x 1,1",
        ),
        (
            "backprop --at x=1 y=2 x*y",
            "such as --at 'x=1 y=2' 'x*y'",
            "backprop --at 'x=1 y=2' 'x*y'",
        ),
        ("backprop -x --at x=1", "write --expression='-x…'", "backprop --expression='-x' --at x=1"),
        ("params '10, fc 2' --bias=maybe", "or --bias=no", "params '10, fc 2' --bias=no"),
        ("lstm", "did you mean 'rnn-step'", "rnn-step --cell lstm --sizes 2,2"),
        ("perceptron", "did you mean 'mlp'", "mlp --weights 1 --x 1"),
        ("conv-shap 4x4 --kernel 2", "did you mean 'conv-shape'", "conv-shape 4x4 --kernel 2"),
        (f"{PAC} --accuracy 0.05", "write --epsilon 0.05 for that", f"{PAC} --epsilon 0.05"),
        (f"{PAC} --accuracy 0.05", "or --epsilon 0.95 for its", f"{PAC} --epsilon 0.95"),
        (f"{PAC} --accuracy 95", "95 % is written 95%", f"{PAC} --accuracy 95%"),
        (
            "pac conjunctions -n 10 --epsilon 0.1 --delta 0.1 --setting realizable",
            "write --samples or --dimension",
            "pac conjunctions --dimension 10 --epsilon 0.1 --delta 0.1 --setting realizable",
        ),
        ("vc half-planes --dimension 3", "give one", "vc half-planes"),
        ("vc --d 3", "or a --vc-dimension", "vc --vc-dimension 3"),
    ],
)
def test_advice_works(run: Run, typed: str, advice: str, followed: str) -> None:
    refused = run(*shlex.split(typed))
    assert refused.code == 2
    assert advice in " ".join(refused.err.split())
    assert not refused.out
    ran = run(*shlex.split(followed))
    assert ran.code == 0, ran.err


def test_no_suggestion_is_what_was_typed() -> None:
    assert closest("stride", ["stride", "kernel"]) == ""
    assert closest("Stride", ["stride"]) == ", did you mean 'stride'?"


def test_all_unknown_flags_are_said_once(run: Run) -> None:
    ran = run("mle", "poisson", "--dta", "3", "--xyzzy", "1", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("there is no flag") == 2


@pytest.mark.parametrize("kind", kinds())
def test_no_two_fields_are_spelled_alike(kind: str) -> None:
    from mlcalc.cli.question import Single

    spellings = [*load(kind).Problem.spellings, *Single.spellings]
    assert len({plain_name(name) for name in spellings}) == len(spellings)


@pytest.mark.parametrize(
    ("kind", "given", "answer"),
    [
        ("conv_shape", {"Input-Shape": "28x28", "kernelSize": 5}, "shape = 24×24"),
        ("CONV", {"INPUT": "28x28", "filter size": 5}, "shape = 24×24"),
        ("rnn-step", {"Wxh": 1, "W-hh": 0.5, "X": 2, "Activation": "relu"}, "h = 2"),
        ("Naive Bayes", {"Model": "bernoulli"}, "there is nothing to learn from"),
        ("VC", {"HypothesisClass": "linear", "Dimension": 2}, "vc_dimension = 3"),
    ],
)
def test_keys_of_a_file_are_read_like_flags(
    run: Run, tmp_path: Path, kind: str, given: dict[str, object], answer: str
) -> None:
    file = tmp_path / "problem.json"
    file.write_text(json.dumps({"kind": kind, "given": given}), encoding="utf-8")
    ran = run("solve", str(file), "--quiet")
    assert answer in ran.out + ran.err


def test_fields_are_named_as_they_are_typed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "problem.json"
    given = {"points": "0 0; 1 1", "vc_dimension": 3}
    file.write_text(json.dumps({"kind": "vc", "given": given}), encoding="utf-8")
    assert "points need a hypothesis_class: vc_dimension says" in run("solve", str(file)).err
    ran = run("vc", "--points", "0 0; 1 1", "--vc-dimension", "3")
    assert "points need a --hypothesis-class: --vc-dimension says" in ran.err
    as_json = run("vc", "--points", "0 0; 1 1", "--vc-dimension", "3", "--json")
    assert not as_json.err
    assert "--hypothesis-class" in json.loads(as_json.out)["error"]["message"]
