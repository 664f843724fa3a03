"""What is said of a cell: how far an input reaches, what a training leaves out, how it is drawn."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.exercise import solve
from mlcalc.maths.evaluate import Value, evaluate, flattened, scalar
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr, Symbol
from mlcalc.networks.recurrence.responses import first_beyond
from mlcalc.showing.derivation import Derivation, Step, Table
from mlcalc.showing.graphs import Graph


def solved(**given: Any) -> Derivation:
    return solve("rnn-step", from_plain(given, Place("test")))  # type: ignore[arg-type]


def outputs(**given: Any) -> list[float]:
    answer = solved(**given).answer("y")
    assert answer is not None
    return [float(row[0]) for row in answer.value]  # type: ignore[union-attr, index, arg-type]


def step_named(derivation: Derivation, rule: str) -> Step:
    return next(step for step in derivation.steps if step.rule == rule)


def words(note: Any) -> str:
    pieces = (note,) if isinstance(note, str) else note
    return "".join(piece if isinstance(piece, str) else one_line(piece) for piece in pieces)


LSTM = {
    "cell": "lstm", "W_i": 1, "U_i": 1, "W_f": 1, "U_f": 1, "W_c": 1, "U_c": 1, "W_o": 1, "U_o": 1,
    "b_c": 1, "x": [1],
}  # fmt: skip


def test_the_names_that_were_typed_are_printed() -> None:
    derivation = solved(**LSTM)
    lines = [one_line(block) for block in derivation.steps[0].blocks if isinstance(block, Expr)]
    assert any(line.endswith("= W_c xₜ + U_c hₜ₋₁ + b_c") for line in lines)
    shapes = derivation.answer("shapes")
    assert shapes is not None
    assert {"W_c", "U_o"} <= set(shapes.value)  # type: ignore[arg-type]


# How far an input reaches: it is changed, and the outputs tell.


def reached(time: int, steps: int, **given: Any) -> list[int]:
    """The times at which the output depends on the input of that time."""
    rest, nudged = ([0.5] * steps for _ in range(2))
    nudged[time - 1] += 0.25
    pairs = zip(outputs(x=rest, **given), outputs(x=nudged, **given), strict=True)
    return [number for number, (a, b) in enumerate(pairs, 1) if a != b]


@pytest.mark.parametrize("window", [1, 2, 4])
def test_a_window_forgets(window: int) -> None:
    given = {"cell": "tdnn", "W_xh": [[1] * window]}
    field = solved(x=[1, 2], **given).answer("receptive_field")
    assert field is not None
    assert field.value == window
    assert reached(2, 8, **given) == list(range(2, 2 + window))


@pytest.mark.parametrize(
    "given",
    [
        {"cell": "narx", "W_xh": 1, "W_hh": 0.9},
        {"cell": "narx", "W_xh": 1, "W_hh": [[0.5, 0.9]], "W_hy": 1},
        {"cell": "jordan", "W_xh": 1, "W_hh": 0.9, "W_hy": 1},
        {"cell": "elman", "W_xh": 1, "W_hh": 0.9, "W_hy": 1},
    ],
    ids=lambda given: given["cell"],
)
def test_a_recurrence_does_not(given: dict[str, Any]) -> None:
    assert reached(2, 8, **given) == list(range(2, 9))


@pytest.mark.parametrize(
    ("weight", "first"), [("1/2", 7), ("0.9", 44), ("-0.9", 44), ("0.1", 3), ("1.5", 12), ("2", 7)]
)
def test_the_impulse_response_says_when_it_has_faded_or_grown(weight: str, first: int) -> None:
    """n is found by multiplying, with 1 % or the hundredfold as the threshold."""
    size, power, count = abs(Fraction(weight)), Fraction(1), 0
    while Fraction(1, 100) <= power <= 100:
        power, count = power * size, count + 1
    assert count == first
    derivation = solved(W_xh=2, W_hh=weight, x=[1, 0, 0, 0], activation="identity")
    note = words(step_named(derivation, "read off the impulse response").note)
    assert note.endswith(f"after {first} steps")


def test_a_weight_near_1_takes_long() -> None:
    n = first_beyond(Fraction(99999, 100000), Fraction(1, 100))
    assert 0.99999**n < 0.01 <= 0.99999 ** (n - 1)


def test_what_is_no_impulse_has_no_impulse_response() -> None:
    for given in ({"x": [1, 0, 1]}, {"x": [1, 0, 0], "b_h": 1}, {"x": [1, 0, 0], "h0": 1}):
        rules = [s.rule for s in solved(W_xh=1, W_hh=0.5, activation="identity", **given).steps]
        assert "read off the impulse response" not in rules


# What the training leaves out.

TRAINED = {
    "W_xh": 1, "W_hh": 0.5, "W_hy": 1, "x": [1, 0, 2], "targets": [0, 1, 0],
    "loss": "squared-error",
}  # fmt: skip


def test_an_elman_network_is_trained_as_with_truncation_after_one_step() -> None:
    elman, cut, full = (
        solved(**TRAINED, **more).answer("gradients")
        for more in ({"cell": "elman"}, {"truncate": 1}, {})
    )
    assert elman is not None
    assert cut is not None
    assert full is not None
    names = ("W_xh", "W_hh", "W_hy")
    for name in names:
        assert elman.value[name] == cut.value[name]  # type: ignore[index, call-overload]
    table = step_named(solved(**TRAINED, cell="elman"), "see what the training leaves out").blocks[
        0
    ]
    assert isinstance(table, Table)
    for name, row in zip(names, table.rows, strict=True):
        assert isinstance(row[2], Expr)
        assert float(scalar(row[2])) == full.value[name][0][0]  # type: ignore[index, call-overload]


# The diagrams, of the recitation's network.

RECITATION = {
    "W_hx": [[1, 0, 0]] * 4, "W_hh": [[0, 0, 0, 1]] * 4, "W_yh": [[1, 0, 0, 0]] * 2,
    "x": [[1, 2, 3], [0, 1, 0], [1, 1, 1]],
}  # fmt: skip


def graph(number: int, **given: Any) -> Graph:
    drawing = solved(**given).pictures[number].drawing
    assert isinstance(drawing, Graph)
    return drawing


def wires(drawing: Graph) -> set[tuple[str, str, str]]:
    labels = {wire: one_line(wire.label) if isinstance(wire.label, Expr) else wire.label
              for wire in drawing.wires}  # fmt: skip
    return {(wire.source, wire.target, label) for wire, label in labels.items()}


def test_the_folded_network_has_a_loop() -> None:
    assert wires(graph(0, **RECITATION)) == {
        ("x", "h", "W_hx"), ("h", "h", "W_hh"), ("h", "y", "W_yh")
    }  # fmt: skip


def test_the_unrolled_network_has_a_column_a_step() -> None:
    drawing = graph(1, **RECITATION)
    assert wires(drawing) == {
        (source, target, label)
        for t in (1, 2, 3)
        for source, target, label in (
            (f"x@{t}", f"h@{t}", "W_hx"),
            (f"h@{t - 1}", f"h@{t}", "W_hh"),
            (f"h@{t}", f"y@{t}", "W_yh"),
        )
    }  # fmt: skip
    columns = {node.key: node.column for node in drawing.nodes}
    assert columns["h@0"] == 0
    assert columns["x@3"] == columns["h@3"] == columns["y@3"] == 3
    assert drawing.fits(80)


def test_steps_that_are_left_out_are_dotted() -> None:
    drawing = graph(1, W_xh=1, W_hh=1, x=[1, 2, 3, 4, 5, 6, 7])
    assert ("h@3", "h@7", "…") in wires(drawing)
    assert not any("@5" in node.key for node in drawing.nodes)


@pytest.mark.parametrize("activation", ["tanh", "identity"])
def test_a_bidirectional_network_reads_the_future(activation: str) -> None:
    other = {"W_xh": 1, "W_hh": 1}
    drawing = graph(1, W_xh=1, W_hh=1, backward=other, x=[1, 2], activation=activation)
    ends = {(source, target) for source, target, _ in wires(drawing)}
    assert {("h_f@1", "h_f@2"), ("h_b@2", "h_b@1"), ("h_b@3", "h_b@2")} <= ends


@pytest.mark.parametrize("given", [{"cell": "jordan", "decay": 0}, {"cell": "narx"}])
def test_outputs_are_fed_back(given: dict[str, Any]) -> None:
    drawing = graph(0, W_xh=1, W_hh=1, W_hy=1, x=[1], **given)
    assert ("y", "h", "W_hh") in wires(drawing)


# In letters.

NUMBERS = {"w": "0.5", "u": "-0.75", "v": "2", "a": "1", "b": "-0.5", "s": "0.25", "t": "1"}
GATE_WEIGHTS = {
    "lstm": {f"W_{k}{g}": "w" if k == "x" else "u" for k in "xh" for g in "ifgo"},
    "gru": {f"W_{k}{g}": "w" if k == "x" else "u" for k in "xh" for g in "rzn"},
}


@pytest.mark.parametrize("cell", ["rnn", "elman", "jordan", "narx", "lstm", "gru"])
@pytest.mark.parametrize("activation", ["tanh", "identity", "relu", "leaky-relu"])
def test_letters_come_to_the_same_as_numbers(cell: str, activation: str) -> None:
    typed = {**GATE_WEIGHTS.get(cell, {"W_xh": "w", "W_hh": "u"}), "W_hy": "v"}
    fixed = {"cell": cell, "loss": "squared-error", "activation": activation}
    in_letters = solved(**typed, x=["a", "b"], targets=["s", "t"], **fixed)
    known = {name: NUMBERS[letter] for name, letter in typed.items()}
    x, targets = ([NUMBERS[letter] for letter in letters] for letters in ("ab", "st"))
    in_numbers = solved(**known, x=x, targets=targets, **fixed)
    values: dict[Symbol, Value] = {Symbol(k): Fraction(v) for k, v in NUMBERS.items()}
    for name in ("h", "y", "loss"):
        formula, number = in_letters.answer(name), in_numbers.answer(name)
        if name == "h" and formula is None:
            continue
        assert formula is not None
        assert number is not None
        found = flattened(evaluate(formula.value, values))  # type: ignore[arg-type]
        assert found == pytest.approx(flattened(number.value), rel=1e-12)  # type: ignore[arg-type]
    letters, numbers = in_letters.answer("gradients"), in_numbers.answer("gradients")
    assert letters is not None
    assert numbers is not None
    for name in typed:
        found = [scalar(letters.value[name], values)]  # type: ignore[index, call-overload, arg-type]
        expected = flattened(numbers.value[name])  # type: ignore[index, call-overload, arg-type]
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-15), name
    jacobian = in_letters.answer("jacobian")
    assert (jacobian is not None) == (cell in ("rnn", "gru"))
    if jacobian is not None:
        wanted = in_numbers.answer("jacobian")
        assert wanted is not None
        found = [scalar(jacobian.value, values)]  # type: ignore[arg-type]
        assert found == pytest.approx(flattened(wanted.value), abs=1e-15)  # type: ignore[arg-type]
