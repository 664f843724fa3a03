"""The recurrent layer against NumPy, and what it says about shapes that do not fit."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.marking.checking import check_named
from mlcalc.marking.exercise import solve
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Chain, Expr
from mlcalc.showing.derivation import Derivation, Step, Verdict

Array = np.ndarray[Any, np.dtype[np.float64]]

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "identity": lambda z: z,
    "step": lambda z: (z >= 0).astype(float),
    "sign": lambda z: np.where(z >= 0, 1.0, -1.0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky-relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "softmax": lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(),
}


def solved(**given: Any) -> Derivation:
    return solve("rnn-step", from_plain(given, Place("test")))  # type: ignore[arg-type]


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    assert answer is not None
    return answer.value


def chains(derivation: Derivation) -> list[str]:
    def of(step: Step) -> list[str]:
        found = [one_line(block) for block in step.blocks if isinstance(block, Expr)]
        return found + [line for inner in step.substeps for line in of(inner)]

    return [line for step in derivation.steps for line in of(step)]


def note_ids(derivation: Derivation) -> set[str]:
    return {note.id for note in derivation.notes}


def complaints(**given: Any) -> list[str]:
    with pytest.raises(Invalid) as caught:
        solved(**given)
    return [complaint.message for complaint in caught.value.complaints]


def forward(
    given: dict[str, Array], f: Callable[[Array], Array], g: Callable[[Array], Array]
) -> tuple[Array, Array]:
    """The loop of any textbook."""
    h, states, outputs = given["h0"], [], []
    for x in given["x"]:
        h = f(given["W_xh"] @ x + given["W_hh"] @ h + given["b_h"])
        states.append(h)
        outputs.append(g(given["W_hy"] @ h + given["b_y"]))
    return np.array(states), np.array(outputs)


def rounded(generator: np.random.Generator, *shape: int) -> Array:
    return np.round(generator.normal(size=shape), 2)


@pytest.mark.parametrize("f", ACTIVATIONS)
@pytest.mark.parametrize("g", ["identity", "softmax", "sigmoid"])
@pytest.mark.parametrize("sizes", [(1, 1, 1), (2, 3, 2), (3, 4, 2), (1, 3, 1), (5, 1, 4)])
def test_agrees_with_numpy(f: str, g: str, sizes: tuple[int, int, int]) -> None:
    d_x, d_h, d_y = sizes
    generator = np.random.default_rng([d_x, d_h, d_y, len(f), len(g)])
    given = {
        "W_xh": rounded(generator, d_h, d_x), "W_hh": rounded(generator, d_h, d_h),
        "W_hy": rounded(generator, d_y, d_h), "b_h": rounded(generator, d_h),
        "b_y": rounded(generator, d_y), "h0": rounded(generator, d_h),
        "x": rounded(generator, 5, d_x),
    }  # fmt: skip
    typed = {name: array.tolist() for name, array in given.items()}
    found = solved(**typed, activation=f, output_activation=g)
    h, y = forward(given, ACTIVATIONS[f], ACTIVATIONS[g])
    # A decimal is exact here and rounded in NumPy, which a jump at 0 could tell; these do not.
    assert np.allclose(np.array(value(found, "h"), float), h, rtol=1e-12, atol=1e-12)
    assert np.allclose(np.array(value(found, "y"), float), y, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("activation", ["identity", "relu", "leaky-relu", "step", "sign"])
def test_rational_arithmetic_stays_exact(activation: str) -> None:
    found = solved(
        W_xh=[["1/3", "0.1"]], W_hh="-1/7", W_hy="3", x=[[1, 2], [0, -1], [1, 1]],
        activation=activation,
    )  # fmt: skip
    numbers = [n for name in ("h", "y") for row in value(found, name) for n in row]
    assert all(isinstance(number, Fraction) for number in numbers)
    if activation == "identity":
        first = Fraction(1, 3) + Fraction(2, 10)
        second = -Fraction(1, 10) - first / 7
        assert [row[0] for row in value(found, "h")][:2] == [first, second]


def test_decimals_print_as_decimals_and_fractions_as_fractions() -> None:
    decimals = chains(solved(W_xh="0.5", W_hh="0.1", x=["1", "1"], activation="identity"))
    assert decimals[-1].endswith("= 0.5·1 + 0.1·0.5 = 0.55")
    fractions = chains(solved(W_xh="1/2", W_hh="0.1", x=["1", "1"], activation="identity"))
    assert fractions[-1].endswith("= 11/20")


def test_a_float_that_looks_exact_is_not_called_equal() -> None:
    line = chains(solved(W_xh=1, W_hh=1, x=[50]))[-1]
    assert line == "h₁ = tanh z₁ = tanh 50 ≈ 1 − 7.4402·10⁻⁴⁴"


def test_every_product_and_sum_is_shown() -> None:
    lines = chains(solved(W_xh="1 0; 0 1", W_hh="0.5 0; 0 0.5", W_hy="1 1", x="1 0; 0 1"))
    assert (
        "z₁ = W_xh x₁ + W_hh h₀ = [1 0; 0 1]·[1; 0] + [0.5 0; 0 0.5]·[0; 0] = "
        "[1·1 + 0·0 + 0.5·0 + 0·0; 0·1 + 1·0 + 0·0 + 0.5·0] = [1; 0]" in lines
    )
    assert "y₁ = W_hy h₁ ≈ [1 1]·[0.76159; 0] ≈ 1·0.76159 + 1·0 ≈ 0.76159" in lines


@pytest.mark.parametrize(("units", "inputs"), [(4, 3), (3, 9), (2, 12)])
def test_wide_sums_are_taken_apart(units: int, inputs: int) -> None:
    generator = np.random.default_rng(units)
    matrices = {
        "W_xh": rounded(generator, units, inputs), "W_hh": rounded(generator, units, units),
        "x": rounded(generator, 2, inputs),
    }  # fmt: skip
    found = solved(**{name: array.tolist() for name, array in matrices.items()})
    text = "\n".join(chains(found))
    for row in matrices["W_xh"]:
        for weight, entry in zip(row, matrices["x"][1], strict=True):
            factor = f"(−{-entry})" if entry < 0 else f"{entry}"
            assert f"{abs(weight)}·{factor}" in text
    assert "W_xh x₂ + W_hh h₁" in text


def test_the_names_that_were_typed_are_printed() -> None:
    found = solved(
        W_in=1, W_rec=2, W_out=3, b_rec=4, b_out=5, x=[1], activation="relu",
        output_activation="sigmoid",
    )  # fmt: skip
    lines = chains(found)
    assert "zₜ = W_in xₜ + W_rec hₜ₋₁ + b_rec" in lines
    assert "oₜ = W_out hₜ + b_out" in lines
    assert not any("W_xh" in line or "b_h" in line for line in lines)
    assert {"W_in", "W_rec", "W_out", "b_rec", "b_out"} < set(value(found, "shapes"))


def test_shapes_of_the_recitation() -> None:
    zeros = {"W_hx": (4, 3), "W_hh": (4, 4), "W_yh": (2, 4)}
    typed = {name: np.zeros(shape, int).tolist() for name, shape in zeros.items()}
    shapes = value(solved(**typed, x=[[1, 2, 3]]), "shapes")
    assert {name: shapes[name] for name in zeros} == zeros
    assert (shapes["x_t"], shapes["h_t"], shapes["y_t"]) == ((3, 1), (4, 1), (2, 1))


def test_a_list_is_a_sequence_of_numbers_and_a_row_is_one_step() -> None:
    assert len(value(solved(W_xh=1, W_hh=1, x="1, 0, 1"), "h")) == 3
    assert len(value(solved(W_xh="1 1 1", W_hh=1, x="1 0 1"), "h")) == 1


def test_a_long_sequence_is_shortened_but_answered_in_full() -> None:
    found = solved(W_xh=1, W_hh=0.5, x=[1] * 40, activation="identity")
    rules = [step.rule for step in found.steps[1:]]
    assert rules == ["step t = 1", "step t = 2", "step t = 3", "steps t = 4 to 39", "step t = 40"]
    assert len(value(found, "h")) == 40
    assert "rnn.shortened" in note_ids(found)
    assert "rnn.shortened" not in note_ids(solved(W_xh=1, W_hh=0.5, x=[1] * 12))


def test_fractions_that_grow_long_are_carried_on_as_floats() -> None:
    steps = 200
    found = solved(W_xh=1, W_hh="1/3", x=[1] * steps, activation="relu")
    exact = sum((Fraction(1, 3) ** k for k in range(steps)), Fraction(0))
    last = value(found, "h")[-1][0]
    assert isinstance(last, float)
    assert last == pytest.approx(float(exact), rel=1e-12)
    assert "rounding.floats" in note_ids(found)


def test_softmax_of_huge_logits_does_not_overflow() -> None:
    found = solved(
        W_xh="1000; -1000", W_hh="0 0; 0 0", x=[1], activation="identity", W_hy="5 0; 0 5",
        output_activation="softmax",
    )  # fmt: skip
    assert value(found, "y") == ((1.0, 0.0),)
    assert "softmax.shifted" in note_ids(found)


def test_conventions_are_noted() -> None:
    found = solved(W_xh=1, W_hh=1, x=[0], activation="step")
    assert {"rnn.time_index", "rnn.initial_state", "activation.step_at_zero"} <= note_ids(found)
    assert value(found, "h") == ((1,),)
    assert "rnn.initial_state" not in note_ids(solved(W_xh=1, W_hh=1, x=[0], h0=1))


def test_symbolic_lines_are_chains() -> None:
    blocks = solved(W_xh=1, W_hh=1, x=[1]).steps[0].blocks
    assert all(isinstance(block, Chain) for block in blocks)


BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"W_xh": "1 0; 0 1", "W_hh": "1 2 3; 4 5 6", "x": "1 0"}, ["W_hh is 2×3 and must be square"]),
    (
        {"W_hx": "1 0; 0 1; 1 1", "W_hh": "1 2; 3 4", "x": "1 0", "b_h": "1, 2, 3", "h0": 1},
        [
            "W_hx is 3×2 and must be 2×2: a row for each entry of h (W_hh is 2×2), a column for",
            "b_h has 3 entries and must have 2: one for each entry of h",
            "h0 has 1 entry and must have 2",
        ],
    ),
    (
        {"W_xh": "1 0 1; 0 1 0", "W_hh": "1 2 3; 3 4 5; 6 7 8", "x": "1 0"},
        ["W_xh is 2×3 and must be 3×2: "],
    ),
    (
        {"W_xh": 1, "W_hh": 1, "x": [1], "W_out": "1 2", "b_out": "1, 2"},
        ["W_out is 1×2 and must be 1×1: a column for each", "b_out has 2 entries and must have 1"],
    ),
    ({"W_xh": "1 1 1", "W_hh": 1, "x": "1, 0, 1"}, ["for a single one write '1 0 1'"]),
    ({"W_xh": 1, "W_hh": 1, "x": "1 0 1"}, ["for steps of one entry write commas"]),
    ({"W_xh": 1, "W_hh": 1, "x": [[1], [1, 2]]}, ["all rows of one length"]),
    ({"W_xh": 1, "W_hh": 1, "x": []}, ["with at least one step"]),
    ({"W_xh": 1, "W_hh": 1, "x": [1], "b_y": 1}, ["b_y needs an output: give W_hy"]),
    (
        {"W_xh": 1, "W_hh": 1, "x": [1], "output_activation": "softmax"},
        ["output_activation needs an output"],
    ),
    ({"W_xh": "w 1", "W_hh": 1, "x": "1 1"}, ["W_xh has the letter w: give a number for it"]),
    ({"W_xh": "1/0", "W_hh": 1, "x": [1]}, ["W_xh: division by zero"]),
    ({"W_xh": "1e400", "W_hh": 1, "x": [1]}, ["numbers between 10^-100 and 10^100"]),
    ({"W_xh": "[[[1]]]", "W_hh": 1, "x": [1]}, ["an entry of a matrix is one number or formula"]),
    ({"W_xh": 1, "W_hh": 1}, ["'x' is missing"]),
    ({"W_xh": 1, "W_hh": 1, "x": [1], "activation": "sigmod"}, ["did you mean 'sigmoid'"]),
]


@pytest.mark.parametrize(("given", "expected"), BAD)
def test_what_does_not_fit_is_said_with_the_reason(
    given: dict[str, Any], expected: list[str]
) -> None:
    messages = complaints(**given)
    assert len(messages) == len(expected)
    for message, piece in zip(messages, expected, strict=True):
        assert piece in message


def test_the_transpose_is_recognised() -> None:
    messages = complaints(W_xh="1 0 1; 0 1 0", W_hh="1 2 3; 3 4 5; 6 7 8", x="1 0")
    assert messages[0].endswith("this looks like its transpose")


def test_values_beyond_the_largest_number_are_not_answered() -> None:
    with pytest.raises(Unsolved, match="t = 5"):
        solved(W_xh=1, W_hh="1e90", x=[1, 1, 1, 1, 1], activation="relu")


def test_a_list_of_numbers_is_right_for_a_sequence_of_numbers() -> None:
    found = solved(W_xh=1, W_hh="1/2", x=[1, 0, 0], activation="identity")
    claims = {"h": ["1", "1/2", "1/4"]}
    raw = from_plain(claims, Place("test"))
    assert [c.verdict for c in check_named(raw, found)] == [Verdict.RIGHT]  # type: ignore[arg-type]
    wrong = from_plain({"h": ["1", "1/2", "1/3"]}, Place("test"))
    assert [c.verdict for c in check_named(wrong, found)] == [Verdict.WRONG]  # type: ignore[arg-type]
