"""The records of activations, held against what each function is; and a new one, in every kind."""

from __future__ import annotations

import json
import math
import shlex
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from mlcalc.files.errors import Place
from mlcalc.maths.activations import ACTIVATIONS, entrywise, line
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.tree import Number, shown
from mlcalc.networks.activations import (
    applied,
    conventions,
    refuse_flat,
    slope,
    slope_formula,
    slope_in_letters,
)
from tests.conftest import ROOT, Ran

OF_ONE = [word for word, one in ACTIVATIONS.items() if one.formula]

TRUE: dict[str, Callable[[float], float]] = {
    "identity": lambda z: z,
    "step": lambda z: float(z >= 0),
    "sign": lambda z: 1.0 if z >= 0 else -1.0,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "relu": lambda z: max(z, 0.0),
    "leaky-relu": lambda z: z if z > 0 else z / 100,
}


def quotient(function: Callable[[float], float], z: float, step: float = 1e-6) -> float:
    return (function(z + step) - function(z - step)) / (2 * step)


@pytest.mark.parametrize("word", OF_ONE)
@pytest.mark.parametrize("z", [-1.3, -0.2, 0.0, 0.4, 2.1])
def test_the_formula_and_the_function_are_the_activation(word: str, z: float) -> None:
    by_formula = ACTIVATIONS[word].value(Fraction(str(z)))
    for found in (by_formula, scalar(applied(word, Number(Fraction(str(z)))))):
        assert math.isclose(float(found), TRUE[word](z), rel_tol=1e-12, abs_tol=1e-15)


@pytest.mark.parametrize("word", OF_ONE)
@pytest.mark.parametrize("z", [-1.3, -0.2, 0.4, 2.1])
def test_every_slope_is_the_difference_quotient(word: str, z: float) -> None:
    one, h = ACTIVATIONS[word], TRUE[word](z)
    forms = [one.slope_at(z, h), one.slope_at(Fraction(str(z)), one.value(Fraction(str(z))))]
    forms += [scalar(slope_formula(word, shown(z), shown(h)))]
    forms += [math.prod(scalar(factor) for factor in slope(word, z, h, shown))]
    for found in forms:
        assert math.isclose(float(found), quotient(TRUE[word], z), rel_tol=1e-6)


@pytest.mark.parametrize("word", OF_ONE)
def test_the_slope_at_zero_is_named_where_there_is_a_kink(word: str) -> None:
    one, at_zero = ACTIVATIONS[word], TRUE[word](0)
    sides = [(TRUE[word](step) - at_zero) / step for step in (-1e-7, 1e-7)]
    if one.is_flat:
        return
    has_kink = not math.isclose(*sides, rel_tol=1e-5)
    assert has_kink == bool(one.kink)
    if has_kink:
        assert one.slope_at(0.0, at_zero) == scalar(line(one.kink))


@pytest.mark.parametrize("word", OF_ONE)
def test_the_steepest_slope_and_saturation(word: str) -> None:
    one = ACTIVATIONS[word]
    slopes = [quotient(TRUE[word], n / 10 + 0.001, 1e-4) for n in range(-80, 81)]
    if not one.is_flat:
        assert math.isclose(float(Fraction(one.steepest)), max(slopes), rel_tol=1e-4)
    fades = [all(0 < s < 0.01 for s in ends) for ends in (slopes[:20], slopes[-20:])]
    assert one.saturates == all(fades)


def test_an_activation_of_a_vector_has_no_slope_of_one_number() -> None:
    for ask in (
        lambda: ACTIVATIONS["softmax"].slope_at(1.0, 1.0),
        lambda: slope("softmax", 1.0, 1.0, shown),
        lambda: slope_in_letters("softmax", shown(1), shown(1)),
    ):
        with pytest.raises(LookupError):
            ask()
    assert "softmax" not in entrywise()


def test_an_unknown_word_is_an_error() -> None:
    for ask in (
        lambda: slope("swoosh", 1.0, 1.0, shown),
        lambda: slope_in_letters("swoosh", shown(1), shown(1)),
        lambda: slope_formula("swoosh", shown(1), shown(1)),
        lambda: conventions(["swoosh"]),
        lambda: refuse_flat("swoosh", Place("x")),
    ):
        with pytest.raises(KeyError):
            ask()


# One entry, and nothing else, makes an activation of every kind.

ADDED = """
import contextlib, io, json, sys
from mlcalc.files.errors import Place
from mlcalc.maths.activations import ACTIVATIONS, Activation

ACTIVATIONS["elu"] = Activation(
    "z where z > 0, else e^z - 1", "cases(z, z > 0, exp(z) - 1)", "cases(1, z > 0, h + 1)",
)
ACTIVATIONS["soft-sign"] = Activation(
    "z/(1 + |z|)", "z/(1 + abs(z))", "1/(1 + abs(z))^2", synonyms=("softsign",), steepest="1",
)
from mlcalc.cli import main as cli

answers = []
for arguments in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = cli.run(arguments)
        except SystemExit as stop:
            code = stop.code
    answers.append([code, out.getvalue(), err.getvalue()])
json.dump(answers, sys.stdout)
"""

NEW: dict[str, Callable[[float], float]] = {
    "elu": lambda z: z if z > 0 else math.exp(z) - 1,
    "soft-sign": lambda z: z / (1 + abs(z)),
}


NAMES = {"elu": NEW["elu"], "soft_sign": NEW["soft-sign"], "indicator": float, "abs": abs}


@pytest.fixture(scope="module")
def added() -> dict[str, Any]:
    """The answers of each command of `ASKED`, where the table has the new entries."""
    ran = subprocess.run(
        [sys.executable, "-c", ADDED], input=json.dumps(list(map(shlex.split, ASKED.values()))),
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    found = {}
    for name, (code, out, err) in zip(ASKED, json.loads(ran.stdout), strict=True):
        assert code == 0, (name, out, err)
        found[name] = {key: one["value"] for key, one in json.loads(out)["answers"].items()}
    return found


W1, B1, W2, B2 = [[0.5, -1.0], [1.0, 0.3]], [0.1, -0.2], [1.0, -2.0], 0.3
WORDS = "--activation elu --output-activation softsign --loss squared-error --json"
WHERE = {"w": -1.3, "u": 0.7, "v": 0.9, "x": 0.5, "t": 0.2, "a": 0.8, "b": -0.6}
ASKED = {
    "mlp": f"mlp --weights 0.5,-1;1,0.3 --biases 0.1,-0.2 --weights 1,-2 --biases 0.3 --x 1,2 "
    f"--targets 0.5 --learning-rate 0.1 {WORDS}",
    "mlp in letters": f"mlp --weights w --weights v --x x --targets t {WORDS}",
    "rnn": "rnn-step --W-xh 0.5 --W-hh=-0.7 --W-hy 1.5 --x 1,-1,0.5 --targets 0,1,0 " + WORDS,
    "rnn in letters": f"rnn-step --W-xh w --W-hh u --W-hy v --x a,b --targets 0,1 {WORDS}",
    "backprop": "backprop elu(w*x)*soft_sign(x) --at w=-1.3,x=0.5 --json",
    "backprop in letters": "backprop elu(w*x)*soft_sign(x) --json",
    "backprop of vectors": "backprop sum(elu(W@x)) --at W=[[0.5,-1],[1,0.3]],x=[1,2] --json",
    "params": "params '10, fc 3, elu, fc 2, softsign' --json",
}


def by_differences(loss: Callable[[list[float]], float], at: list[float]) -> list[float]:
    """The gradient of a loss by each of its numbers."""
    return [
        quotient(lambda number: loss([*at[:k], number, *at[k + 1 :]]), value)  # noqa: B023
        for k, value in enumerate(at)
    ]


def numbers(value: Any) -> list[float]:
    """All numbers of nested lists, in order."""
    return [n for item in value for n in numbers(item)] if isinstance(value, list) else [value]


def mlp(given: list[float]) -> float:
    """The loss by W1, W2, b1, b2 and x, in the order of the answer."""
    w, v, b, (c,), x = given[:4], given[4:6], given[6:8], given[8:9], given[9:]
    h = [NEW["elu"](w[k] * x[0] + w[k + 1] * x[1] + b[k // 2]) for k in (0, 2)]
    return (NEW["soft-sign"](v[0] * h[0] + v[1] * h[1] + c) - 0.5) ** 2


def test_a_new_activation_in_a_network(added: dict[str, Any]) -> None:
    given = [*numbers(W1), *W2, *B1, B2, 1.0, 2.0]
    found, expected = added["mlp"]["gradients"], by_differences(mlp, given)
    assert math.isclose(added["mlp"]["loss"], mlp(given), rel_tol=1e-9)
    assert numbers(list(found.values())) == pytest.approx(expected, rel=1e-6)
    updated = [n - 0.1 * slope for n, slope in zip(given[:9], expected, strict=False)]
    assert numbers(list(added["mlp"]["updated"].values())) == pytest.approx(updated, rel=1e-6)


def rnn(given: list[float], targets: list[float]) -> float:
    """The loss by W_xh, W_hh, W_hy, h_0 and x."""
    w, u, v, h, *inputs = given
    total = 0.0
    for x, t in zip(inputs, targets, strict=True):
        h = NEW["elu"](w * x + u * h)
        total += (NEW["soft-sign"](v * h) - t) ** 2
    return total


def test_a_new_activation_through_time(added: dict[str, Any]) -> None:
    given, targets = [0.5, -0.7, 1.5, 0.0, 1.0, -1.0, 0.5], [0.0, 1.0, 0.0]
    assert math.isclose(added["rnn"]["loss"], rnn(given, targets), rel_tol=1e-9)
    expected = by_differences(lambda numbers: rnn(numbers, targets), given)
    assert numbers(list(added["rnn"]["gradients"].values())) == pytest.approx(expected, rel=1e-6)


def in_python(formula: str) -> list[float]:
    """A formula of an answer, or several, at `WHERE`."""
    found = eval(formula.replace("^", "**"), {**NAMES, **WHERE})  # our own output
    return numbers(list(found) if isinstance(found, tuple) else found)


def test_a_new_activation_in_letters(added: dict[str, Any]) -> None:
    w, u, v, x, t, a, b = WHERE.values()

    def loss(given: list[float]) -> float:
        return (NEW["soft-sign"](given[1] * NEW["elu"](given[0] * given[2])) - t) ** 2

    found = added["mlp in letters"]
    assert in_python(found["loss"]) == pytest.approx([loss([w, v, x])])
    formulas = [n for one in found["gradients"].values() for n in in_python(one)]
    assert formulas == pytest.approx(by_differences(loss, [w, v, x]), rel=1e-6)

    given = [w, u, v, 0.0, a, b]
    found = added["rnn in letters"]
    assert in_python(found["loss"]) == pytest.approx([rnn(given, [0.0, 1.0])])
    formulas = [n for one in found["gradients"].values() for n in in_python(one)]
    expected = by_differences(lambda numbers: rnn(numbers, [0.0, 1.0]), given)
    assert formulas == pytest.approx(expected, rel=1e-6)


def test_a_new_activation_on_a_graph(added: dict[str, Any]) -> None:
    w, x = WHERE["w"], WHERE["x"]

    def value(given: list[float]) -> float:
        return NEW["elu"](given[0] * given[1]) * NEW["soft-sign"](given[1])

    expected = by_differences(value, [w, x])
    there, letters = added["backprop"], added["backprop in letters"]
    assert there["value"] == pytest.approx(value([w, x]))
    assert list(there["gradients"].values()) == pytest.approx(expected, rel=1e-6)
    assert in_python(letters["value"]) == pytest.approx([value([w, x])])
    for formula, number in zip(letters["gradients"].values(), expected, strict=True):
        assert in_python(formula) == pytest.approx([number], rel=1e-6)


def test_a_new_activation_of_vectors(added: dict[str, Any]) -> None:
    def total(given: list[float]) -> float:
        w, x = given[:4], given[4:]
        return sum(NEW["elu"](w[k] * x[0] + w[k + 1] * x[1]) for k in (0, 2))

    expected = by_differences(total, [*numbers(W1), 1.0, 2.0])
    found = numbers(list(added["backprop of vectors"]["gradients"].values()))
    assert found == pytest.approx(expected, rel=1e-6)


def test_a_new_activation_is_a_layer(added: dict[str, Any]) -> None:
    assert added["params"]["total"] == 10 * 3 + 3 + 3 * 2 + 2


@pytest.mark.parametrize(
    "command",
    [
        "mlp --weights 1 --x 1 --activation swoosh",
        "mlp --weights 1 --x 1 --output-activation swoosh",
        "rnn-step --W-xh 1 --W-hh 1 --x 1 --activation swoosh",
        "rnn-step --W-xh 1 --W-hh 1 --W-hy 1 --x 1 --output-activation swoosh",
        "backprop swoosh(x)",
        "params '10, fc 3, swoosh'",
    ],
)
def test_an_unknown_activation_is_refused(command: str, run: Callable[..., Ran]) -> None:
    ran = run(*shlex.split(command))
    assert (ran.code, ran.out) == (2, "")
    assert "swoosh" in ran.err
