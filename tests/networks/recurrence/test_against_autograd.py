"""300 random networks of every sort against loops of PyTorch and its autograd, to 1e-9."""

from __future__ import annotations

import random
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from mlcalc.files.document import from_plain  # noqa: E402
from mlcalc.files.errors import Place  # noqa: E402
from mlcalc.marking.exercise import solve  # noqa: E402
from mlcalc.maths.printing import one_line  # noqa: E402
from mlcalc.networks.backward_working import ParameterWriting  # noqa: E402
from mlcalc.networks.recurrence import answers, through_time, working  # noqa: E402
from mlcalc.networks.recurrence.through_time import ThroughTime  # noqa: E402
from mlcalc.showing.derivation import Derivation, Step  # noqa: E402
from tests.chains import carries_floats, closed_links, expressions, is_true  # noqa: E402
from tests.networks.recurrence import reference  # noqa: E402  # it needs torch

Given = dict[str, Any]

STACKED = ("rnn", "elman", "lstm", "gru pytorch", "gru cho", "gru chung")
SORTS = (*STACKED, "jordan", "narx", "tdnn")
GATES = {"lstm": "ifgo", "gru": "rzn"}

# The activation of an output with a loss that can stand on it.
PAIRS = (
    ("identity", "squared-error"), ("identity", "half-squared-error"), ("identity", "hinge"),
    ("tanh", "mean-squared-error"), ("softmax", "cross-entropy"), ("softmax", "squared-error"),
    ("sigmoid", "binary-cross-entropy"), ("sigmoid", "half-squared-error"),
    ("leaky-relu", "squared-error"),
)  # fmt: skip

HIDDEN = ("tanh", "tanh", "sigmoid", "relu", "identity", "leaky-relu")


def cell_of(sort: str) -> str:
    return sort.partition(" ")[0]


class Maker:
    """Random weights, written with two decimals as a person would."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def number(self) -> float:
        return round(self.random.gauss(0, 0.7), 2)

    def vector(self, size: int) -> list[float]:
        return [self.number() for _ in range(size)]

    def matrix(self, rows: int, columns: int) -> list[list[float]]:
        return [self.vector(columns) for _ in range(rows)]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def layer(self, sort: str, inputs: int, units: int) -> Given:
        gates = GATES.get(cell_of(sort), "h")
        found: Given = {}
        for gate in gates:
            found[f"W_x{gate}"] = self.matrix(units, inputs)
            found["W_hh" if gate == "h" else f"W_h{gate}"] = self.matrix(units, units)
            if self.chance(0.7):
                found[f"b_{gate}"] = self.vector(units)
        if sort == "gru pytorch" and self.chance(0.7):
            found["b_hn"] = self.vector(units)
        found["h0"] = self.vector(units)
        if sort == "lstm":
            found["c0"] = self.vector(units)
        return found

    def target(self, loss: str, size: int) -> list[float]:
        if loss == "cross-entropy":
            chosen = self.random.randrange(size)
            return [float(k == chosen) for k in range(size)]
        if loss in ("binary-cross-entropy", "hinge"):
            low = 0.0 if loss == "binary-cross-entropy" else -1.0
            return [self.random.choice([low, 1.0]) for _ in range(size)]
        return self.vector(size)

    def network(self, sort: str) -> Given:
        """Layers, directions, skips, an output, inputs, targets and what of the loss counts."""
        cell, _, variant = sort.partition(" ")
        pick = self.random.choice
        inputs, outputs, steps = pick([1, 2, 3]), pick([1, 2]), pick([1, 2, 3, 3, 4])
        g, loss = pick(PAIRS)
        f = pick(HIDDEN)
        given: Given = {"cell": cell, "x": self.matrix(steps, inputs), "loss": loss}
        given |= {"activation": f, "output_activation": g}
        given |= {"variant": variant} if variant else {}
        given["loss_from"] = pick([1, 1, steps])
        given["targets"] = [self.target(loss, outputs) for _ in range(steps)]
        if sort in STACKED:
            top = self.stack(given, sort, inputs, outputs)
        else:
            top = self.memory(given, inputs, outputs)
        given["W_hy"] = self.matrix(outputs, top)
        if self.chance(0.7):
            given["b_y"] = self.vector(outputs)
        return given

    def stack(self, given: Given, sort: str, inputs: int, outputs: int) -> int:
        """One layer, or up to three in `layers`; gives the length of the state at the top."""
        count = self.random.choice([1, 1, 1, 2, 3])
        has_backward = self.chance(0.3)
        layers: list[Given] = []
        below = inputs
        for number in range(count):
            units = self.random.choice([1, 2] if cell_of(sort) in GATES else [1, 2, 3])
            layer = self.layer(sort, below, units)
            if sort in ("rnn", "elman") and number and self.chance(0.5):
                layer["skip"] = self.matrix(units, inputs)
            below = units
            if has_backward:
                other = self.random.choice([1, 2])
                source = len(layer[next(k for k in layer if k.startswith("W_x"))][0])
                layer["backward"] = self.layer(sort, source, other)
                below += other
            if number < count - 1 and self.chance(0.3):
                layer["W_hy"] = self.matrix(outputs, below)
            layers.append(layer)
        given |= layers[0] if count == 1 else {"layers": layers}
        if not has_backward and self.chance(0.3):
            given["truncate"] = self.random.choice([1, 2, 3])
        return below

    def memory(self, given: Given, inputs: int, outputs: int) -> int:
        units = self.random.choice([1, 2, 2, 3])
        past_inputs, past_outputs = 0, 1
        if given["cell"] in ("narx", "tdnn"):
            past_inputs = given["input_taps"] = self.random.choice([0, 1, 2])
        if given["cell"] == "narx":
            past_outputs = given["output_taps"] = self.random.choice([1, 2, 3])
        if given["cell"] == "jordan":
            given["decay"] = self.random.choice([0, 0.5, 0.9])
        given["W_xh"] = self.matrix(units, inputs * (past_inputs + 1))
        if given["cell"] != "tdnn":
            given["W_hh"] = self.matrix(units, outputs * past_outputs)
            given["h0"] = self.vector(outputs)
        if self.chance(0.7):
            given["b_h"] = self.vector(units)
        return units


WEIGHTS = ("W_", "b_", "h0", "c0", "skip")


def tensors(given: Any) -> Any:
    """The same weights as tensors that ask for a gradient."""
    if isinstance(given, list) and given and isinstance(given[0], dict):
        return [tensors(item) for item in given]
    if not isinstance(given, dict):
        return torch.tensor(given, dtype=torch.float64, requires_grad=True)
    wanted = (*WEIGHTS, "layers", "backward")
    return {k: tensors(v) for k, v in given.items() if k.startswith(wanted)}


def expected(given: Given, sort: str) -> tuple[list[list[float]], float, Any]:
    """Outputs, loss and gradients by PyTorch."""
    w = tensors(given)
    xs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in given["x"]]
    f, g = given["activation"], given["output_activation"]
    if sort in STACKED:
        layers = w.get("layers", [w])
        if "truncate" in given:
            ys = reference.truncated(sort, w, layers, xs, f, g, given["truncate"])
        else:
            memories = reference.layered(sort, layers, xs, f)
            ys = reference.outputs(w, layers, memories, g)
    elif sort == "jordan":
        ys = reference.jordan(w, xs, f, g, given["decay"])
    else:
        ys = reference.narx(w, xs, f, g, given["input_taps"], given.get("output_taps", 0))
    loss = reference.LOSSES[given["loss"]]
    wanted = [torch.tensor(target, dtype=torch.float64) for target in given["targets"]]
    costs = [loss(y, t) for y, t in zip(ys, wanted, strict=True)]
    total = torch.stack(costs[given["loss_from"] - 1 :]).sum()
    total.backward()
    gradients = {**reference.gradient(w), "x": reference.gradient(xs)}
    return [y.tolist() for y in ys], total.item(), gradients


def answer(derivation: Derivation, name: str) -> Any:
    found = derivation.answer(name)
    assert found is not None, name
    return found.value


def compare(found: Any, wanted: Any, where: str) -> None:
    """Every number within 1e-9, and nothing missing or too much; a vector may be a column."""
    if isinstance(wanted, dict):
        assert set(found) == set(wanted), (where, sorted(found), sorted(wanted))
        for name, item in wanted.items():
            compare(found[name], item, f"{where}.{name}")
    elif wanted and isinstance(wanted[0], dict | list):
        assert len(found) == len(wanted), (where, found, wanted)
        for number, (a, b) in enumerate(zip(found, wanted, strict=True), 1):
            compare(a, b, f"{where}[{number}]")
    else:
        entries = [entry[0] if isinstance(entry, tuple) else entry for entry in found]
        assert list(map(float, entries)) == pytest.approx(wanted, rel=1e-9, abs=1e-9), where


@pytest.fixture
def unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the numbers and takes the chains and tables away, which are most of the time."""
    monkeypatch.setattr(working, "worked_out", lambda *_: [])
    monkeypatch.setattr(ThroughTime, "chains", lambda *_: [])
    monkeypatch.setattr(ParameterWriting, "chains", lambda *_: [])
    monkeypatch.setattr(through_time, "table_step", lambda *_: [])
    monkeypatch.setattr(working, "shapes_step", lambda *_: Step("check the shapes"))
    monkeypatch.setattr(answers, "diagrams", lambda *_: [])


@pytest.mark.usefixtures("unwritten")
@pytest.mark.parametrize("sort", SORTS)
def test_networks_agree_with_autograd(sort: str) -> None:
    for seed in range(12):
        given = Maker(1000 * SORTS.index(sort) + seed).network(sort)
        found = solve("rnn-step", from_plain(given, Place("test")))  # type: ignore[arg-type]
        y, loss, gradients = expected(given, sort)
        where = f"{sort}, seed {seed}"
        compare(answer(found, "y"), y, f"{where}: y")
        compare([answer(found, "loss")], [loss], f"{where}: loss")
        compare(answer(found, "gradients"), gradients, f"{where}: gradients")


@pytest.mark.parametrize("sort", SORTS)
def test_every_line_of_the_working_is_true(sort: str) -> None:
    for seed in range(500, 504):
        given = Maker(1000 * SORTS.index(sort) + seed).network(sort)
        derivation = solve("rnn-step", from_plain(given, Place("test")))  # type: ignore[arg-type]
        links = [link for tree in expressions(derivation) for link in closed_links(tree)]
        assert links
        for left, relation, right, a, b in links:
            is_rounded = carries_floats(left) or carries_floats(right)
            assert is_true(a, relation, b, is_rounded), (
                f"{sort}, seed {seed}: {one_line(left)} {relation} {one_line(right)}"
            )
