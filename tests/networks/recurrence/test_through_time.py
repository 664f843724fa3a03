"""Back through time: truncation, sequence losses, Jacobians, letters, and a pocket calculator."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.marking.exercise import solve
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Chain, Derivative, Indexed, Symbol, walk
from mlcalc.networks.recurrence.jacobian import largest_stretch
from mlcalc.showing.derivation import Derivation, Step
from tests.chains import carries_floats, closed_links, expressions, is_true

Matrix = list[list[float]]

SCALAR: dict[str, Any] = {
    "W_xh": "0.5", "W_hh": "0.8", "W_hy": "2", "b_h": "0.1", "x": ["1", "2", "-1"],
    "targets": ["1", "0", "1"], "loss": "half-squared-error",
}  # fmt: skip


def typed(value: Any) -> Any:
    """A value as it would be typed: numbers as text."""
    if isinstance(value, dict):
        return {key: typed(inner) for key, inner in value.items()}
    return [typed(item) for item in value] if isinstance(value, list) else str(value)


def solved(**given: Any) -> Derivation:
    return solve("rnn-step", from_plain(typed(given), Place("test")))  # type: ignore[arg-type]


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    assert answer is not None
    return answer.value


def check(derivation: Derivation) -> None:
    for expression in expressions(derivation):
        for left, relation, right, a, b in closed_links(expression):
            rounded = carries_floats(left) or carries_floats(right)
            assert is_true(a, relation, b, rounded), (one_line(left), relation, one_line(right))


def chains(derivation: Derivation) -> Iterator[Chain]:
    def of(step: Step) -> Iterator[Chain]:
        yield from (block for block in step.blocks if isinstance(block, Chain))
        for substep in step.substeps:
            yield from of(substep)

    for step in derivation.steps:
        yield from of(step)


def numbers(rows: Any) -> Any:
    return [numbers(row) for row in rows] if isinstance(rows, tuple | list) else float(rows)


def random_network(seed: int, steps: int) -> dict[str, Any]:
    source = random.Random(seed)

    def matrix(rows: int, columns: int) -> Matrix:
        return [[round(source.gauss(0, 0.8), 2) for _ in range(columns)] for _ in range(rows)]

    return {
        "W_xh": matrix(2, 3), "W_hh": matrix(2, 2), "W_hy": matrix(2, 2), "b_h": matrix(2, 1),
        "h0": matrix(2, 1), "x": matrix(steps, 3), "targets": matrix(steps, 2),
    }  # fmt: skip


def test_every_number_of_the_working_is_one_that_was_shown_before() -> None:
    """With a pocket calculator: each line takes what it needs from the lines above it."""
    known = {"0", "1", "2", "1/2", "0.5", "0.8", "0.1"}
    pattern = re.compile(r"[0-9]+(?:\.[0-9]+)?")
    count = 0
    for chain in chains(solved(**SCALAR)):
        *members, result = [
            pattern.findall(one_line(member))
            for member in chain.members
            if not any(isinstance(p, Symbol | Indexed | Derivative) for p in walk(member))
        ] or [[]]
        for found in members[:1]:
            assert set(found) <= known, one_line(chain)
            count += len(found)
        known |= {number for found in (*members, result) for number in found}
    assert count > 60


@pytest.mark.parametrize("length", [1, 2, 3, 4, 7])
def test_truncated_gradients_are_those_of_detached_states(length: int) -> None:
    torch = pytest.importorskip("torch")
    given = random_network(length, 5)
    found = solved(**given, loss="squared-error", truncate=length)
    check(found)
    weights = {
        name: torch.tensor(rows, dtype=torch.float64, requires_grad=True)
        for name, rows in given.items()
    }
    total = 0
    for last in range(1, 6):
        h = weights["h0"][:, 0]
        for time in range(1, last + 1):
            h = h.detach() if 1 < time == last - length + 1 else h
            z = weights["W_xh"] @ weights["x"][time - 1] + weights["W_hh"] @ h
            h = torch.tanh(z + weights["b_h"][:, 0])
        total = total + ((weights["W_hy"] @ h - weights["targets"][last - 1].detach()) ** 2).sum()
    total.backward()  # type: ignore[attr-defined]  # it is a tensor after the first step
    ours = value(found, "gradients")
    for name in ("W_xh", "W_hh", "W_hy", "b_h", "h0", "x"):
        theirs = weights[name].grad
        assert torch.allclose(
            torch.tensor(numbers(ours[name]), dtype=torch.float64), theirs, rtol=0, atol=1e-9
        ), name


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "identity", "relu", "softmax"])
def test_jacobians_are_those_of_autograd_and_within_their_bound(activation: str) -> None:
    torch = pytest.importorskip("torch")
    given = random_network(11, 4)
    found = solved(**given, loss="squared-error", activation=activation)
    check(found)
    f = {
        "tanh": torch.tanh, "sigmoid": torch.sigmoid, "identity": lambda z: z, "relu": torch.relu,
        "softmax": lambda z: torch.softmax(z, 0),
    }[activation]  # fmt: skip
    w = {name: torch.tensor(rows, dtype=torch.float64) for name, rows in given.items()}

    def last(h: Any) -> Any:
        for x in w["x"]:
            h = f(w["W_xh"] @ x + w["W_hh"] @ h + w["b_h"][:, 0])
        return h

    theirs = torch.autograd.functional.jacobian(last, w["h0"][:, 0])
    ours = torch.tensor(numbers(value(found, "jacobian")), dtype=torch.float64)
    assert torch.allclose(ours, theirs, rtol=0, atol=1e-9)
    steepest = {"sigmoid": 0.25, "softmax": 0.5}.get(activation, 1)
    bound = (steepest * torch.linalg.matrix_norm(w["W_hh"], 2)) ** 4
    assert torch.linalg.matrix_norm(theirs, 2) <= bound + 1e-12


def test_the_largest_stretch_is_the_largest_singular_value() -> None:
    numpy = pytest.importorskip("numpy")
    source = numpy.random.default_rng(4)
    for size in range(2, 7):
        for case in range(40):
            matrix = source.normal(size=(size, size))
            matrix = numpy.round(matrix) if case % 3 == 0 else matrix
            matrix[1] = matrix[0] if case % 5 == 0 else matrix[1]
            stretch = largest_stretch(tuple(map(tuple, matrix.tolist())))
            assert stretch == pytest.approx(numpy.linalg.norm(matrix, 2), rel=1e-10)
    assert largest_stretch(((Fraction(-3, 2),),)) == Fraction(3, 2)


@pytest.mark.parametrize(
    "formula",
    [
        "(y[1] + y[3] - 1)^2 + exp(y[2])*y[1]",
        "sum(y)^2/2",
        "mean(y)^3",
        "tanh(y_1*y_2) - log(3 + y_3)",
    ],
)
def test_a_loss_of_the_whole_sequence_by_central_differences(formula: str) -> None:
    given = {name: SCALAR[name] for name in ("W_xh", "W_hh", "W_hy", "b_h")}
    inputs = ["0.3", "-0.5", "1"]

    def loss(**changed: str) -> float:
        return float(value(solved(**{**given, **changed}, x=inputs, sequence_loss=formula), "loss"))

    found = solved(**given, x=inputs, sequence_loss=formula)
    check(found)
    step = 1e-5
    for name, typed_number in given.items():
        ends = [loss(**{name: repr(float(typed_number) + sign * step)}) for sign in (1, -1)]
        ((slope,),) = value(found, "gradients")[name]
        assert float(slope) == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=1e-8)


def test_a_sequence_loss_may_name_entries_of_vectors() -> None:
    given = random_network(2, 3)
    del given["targets"]
    found = solved(**given, sequence_loss="y[1, 2]*y[3, 1]")
    check(found)
    y = numbers(value(found, "y"))
    assert float(value(found, "loss")) == pytest.approx(y[0][1] * y[2][0])


LETTERS = {"W_xh": "w", "W_hh": "u", "W_hy": "v", "b_h": "b", "b_y": "c", "h0": "h"}
VALUES = {"w": "0.5", "u": "-0.7", "v": "2", "b": "0.1", "c": "0.3", "h": "0.4"}


@pytest.mark.parametrize("steps", [1, 2, 3])
@pytest.mark.parametrize(
    ("activation", "output", "loss"),
    [
        ("tanh", "identity", "half-squared-error"), ("sigmoid", "tanh", "squared-error"),
        ("identity", "sigmoid", "binary-cross-entropy"), ("tanh", "sigmoid", "mean-squared-error"),
    ],
)  # fmt: skip
def test_formulas_have_the_values_of_the_numbers(
    steps: int, activation: str, output: str, loss: str
) -> None:
    inputs, wanted = ["1", "2", "-1"][:steps], ["1", "0", "1"][:steps]
    words = {"activation": activation, "output_activation": output, "loss": loss}
    names = {
        "x": [f"x_{t}" for t in range(1, steps + 1)],
        "targets": [f"d_{t}" for t in range(1, steps + 1)],
    }
    formulas = solved(**LETTERS, **names, **words)
    with_numbers = {name: VALUES[letter] for name, letter in LETTERS.items()}
    plain = solved(**with_numbers, x=inputs, targets=wanted, **words)
    at: dict[Symbol, Any] = {Symbol(letter): Fraction(number) for letter, number in VALUES.items()}
    for t in range(steps):
        at[Symbol("x", f"{t + 1}")] = Fraction(inputs[t])
        at[Symbol("d", f"{t + 1}")] = Fraction(wanted[t])
    assert float(scalar(value(formulas, "loss"), at)) == pytest.approx(float(value(plain, "loss")))
    ours, theirs = value(formulas, "gradients"), value(plain, "gradients")
    assert set(ours) == set(theirs)
    for name, formula in ours.items():
        if name != "x":
            assert float(scalar(formula, at)) == pytest.approx(float(theirs[name][0][0])), name
    for formula, (number,) in zip(ours["x"].items, theirs["x"], strict=True):
        assert float(scalar(formula, at)) == pytest.approx(float(number))


def test_letters_need_few_steps_and_single_numbers() -> None:
    with pytest.raises(Invalid, match="at most 4 steps"):
        solved(W_xh="w", W_hh=1, x=[1] * 5)
    with pytest.raises(Unsolved, match="softmax"):
        solved(
            W_xh="w", W_hh=1, W_hy=1, x=[1], targets=[1], loss="squared-error", activation="softmax"
        )


def test_truncated_gradients_of_inputs_are_the_sums_that_are_written() -> None:
    found = solved(
        W_xh="1/2", W_hh="1/3", W_hy=1, x=[1, 2, 3], targets=[1, 0, 1], truncate=2,
        loss="half-squared-error", activation="identity",
    )  # fmt: skip
    (step,) = [s for s in found.steps if s.rule == "go on to the initial state and the inputs"]
    lines = [one_line(block) for block in step.blocks if isinstance(block, Chain)]
    # By hand: δ of step 1 is y_1 − t_1 = −1/2, and 1/3·(y_2 − t_2) = 7/18 comes from step 2.
    assert "∂L/∂x₁ = ∂L₂/∂x₁ + ∂L₁/∂x₁ = 7/36 − 1/4 = −1/18" in lines
    assert "∂L/∂h₀ = ∂L₂/∂h₀ + ∂L₁/∂h₀ = 7/54 − 1/6 = −1/27" in lines
    assert value(found, "gradients")["x"][0] == (Fraction(-1, 18),)


def test_exact_networks_have_exact_gradients() -> None:
    found = solved(
        W_xh="1/3", W_hh="1/2", W_hy="2", x=[1, 1], targets=[0, 1], loss="half-squared-error",
        activation="identity",
    )  # fmt: skip
    # y_1 = 2/3 and y_2 = 1: only the first step costs, and ∂L/∂W_xh = y_1·W_hy·x_1.
    assert value(found, "loss") == Fraction(2, 9)
    assert value(found, "gradients")["W_xh"] == ((Fraction(4, 3),),)
    assert value(found, "gradients")["W_hh"] == ((Fraction(0),),)


def test_huge_logits_of_a_classifier_do_not_overflow() -> None:
    found = solved(
        W_xh="1000; -1000", W_hh="0 0; 0 0", x=[1], activation="identity", W_hy="5 0; 0 5",
        output_activation="softmax", targets=[[0, 1]], loss="cross-entropy",
    )  # fmt: skip
    check(found)
    assert value(found, "loss") == pytest.approx(10000)
    assert numbers(value(found, "gradients")["W_hy"]) == [[1000, -1000], [-1000, 1000]]


def test_a_large_network_has_the_gradients_of_a_small_one() -> None:
    torch = pytest.importorskip("torch")
    source = random.Random(8)

    def matrix(rows: int, columns: int) -> Matrix:
        return [[round(source.gauss(0, 0.2), 3) for _ in range(columns)] for _ in range(rows)]

    given = {
        "W_xh": matrix(20, 3), "W_hh": matrix(20, 20), "W_hy": matrix(2, 20), "x": matrix(25, 3),
        "targets": matrix(25, 2),
    }  # fmt: skip
    found = solved(**given, loss="squared-error")
    assert "rnn.large" in {note.id for note in found.notes}
    w = {
        n: torch.tensor(rows, dtype=torch.float64, requires_grad=True) for n, rows in given.items()
    }
    h, total = torch.zeros(20, dtype=torch.float64), 0
    for x, t in zip(w["x"], given["targets"], strict=True):
        h = torch.tanh(w["W_xh"] @ x + w["W_hh"] @ h)
        total = total + ((w["W_hy"] @ h - torch.tensor(t, dtype=torch.float64)) ** 2).sum()
    total.backward()  # type: ignore[attr-defined]  # it is a tensor after the first step
    for name in ("W_xh", "W_hh", "W_hy", "x"):
        ours = torch.tensor(numbers(value(found, "gradients")[name]), dtype=torch.float64)
        assert torch.allclose(ours, w[name].grad, rtol=0, atol=1e-10), name


def test_uses_and_parameters_are_counted() -> None:
    found = solved(**SCALAR)
    assert value(found, "uses") == {"W_xh": 3, "W_hh": 3, "b_h": 3, "W_hy": 3}
    assert value(found, "parameter_count") == 4
