"""The kind mlp against PyTorch's autograd and optimizers, central differences, and the house."""

from __future__ import annotations

import copy
import itertools
import math
import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from mlcalc.files.document import Entries, from_plain
from mlcalc.files.errors import Invalid, Place
from mlcalc.kinds import mlp
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.tree import Expr, Symbol
from mlcalc.networks.feedforward.network import LayeredNetwork
from mlcalc.networks.feedforward.reading import Example, examples_of, network_of
from mlcalc.networks.feedforward.runs import loss_of, run_all
from mlcalc.networks.losses import LossWriting
from mlcalc.showing.derivation import Derivation
from tests.chains import carries_floats, closed_links, expressions, is_true

HIDDEN = ("identity", "sigmoid", "tanh", "relu", "leaky-relu", "softmax")
LOSSES = (
    "squared-error", "half-squared-error", "mean-squared-error", "cross-entropy",
    "binary-cross-entropy", "hinge",
)  # fmt: skip


def problem(**given: Any) -> mlp.Problem:
    raw = from_plain(given, Place("test"))
    assert isinstance(raw, Entries)
    read = mlp.Problem.read(raw)
    assert isinstance(read, mlp.Problem)
    return read


def solved(**given: Any) -> Derivation:
    return mlp.solve(problem(**given))


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    assert answer is not None, name
    return answer.value


def numbers(found: Any) -> list[float]:
    """All numbers of nested lists, tuples or tensors, in order."""
    if hasattr(found, "tolist"):
        found = found.tolist()
    if isinstance(found, list | tuple):
        return [number for item in found for number in numbers(item)]
    return [float(found)]


def agree(mine: Any, theirs: Any, tolerance: float = 1e-9) -> bool:
    a, b = numbers(mine), numbers(theirs)
    return len(a) == len(b) and all(
        math.isclose(x, y, rel_tol=tolerance, abs_tol=tolerance) for x, y in zip(a, b, strict=True)
    )


def assert_chains_are_true(derivation: Derivation) -> None:
    for expression in expressions(derivation):
        for left, relation, right, a, b in closed_links(expression):
            is_rounded = carries_floats(left) or carries_floats(right)
            assert is_true(a, relation, b, is_rounded), (left, relation, right)


# Random networks.


def draw(random_numbers: random.Random) -> dict[str, Any]:
    """The fields of a random problem: shapes, biases, activations, loss, optimizer."""
    pick, uniform = random_numbers.choice, random_numbers.uniform

    def number() -> float:
        return round(uniform(-1, 1), 3)

    depth, examples = pick([1, 1, 2, 2, 3]), pick([1, 1, 1, 2, 2, 3])
    sizes = [random_numbers.randint(1, 3) for _ in range(depth + 1)]
    loss = pick(LOSSES)
    output = {"cross-entropy": pick(["softmax", "sigmoid"]), "binary-cross-entropy": "sigmoid"}
    bias = pick(["none", "column", "vectors", "shared"])
    given: dict[str, Any] = {
        "weights": [
            [[number() for _ in range(n + (bias == "column"))] for _ in range(m)]
            for n, m in itertools.pairwise(sizes)
        ],
        "x": [[number() for _ in range(sizes[0])] for _ in range(examples)],
        "targets": [targets(random_numbers, loss, sizes[-1]) for _ in range(examples)],
        "activation": [pick(HIDDEN) for _ in range(depth - 1)] or ["sigmoid"],
        "output_activation": output.get(loss, pick(["identity", "tanh", "sigmoid", "relu"])),
        "loss": loss,
        "bias_column": bias == "column",
    }
    if depth == 1:
        del given["activation"]
    if bias in ("vectors", "shared"):
        given["biases"] = [
            number() if bias == "shared" else [number() for _ in range(m)] for m in sizes[1:]
        ]
    return given


def targets(random_numbers: random.Random, loss: str, count: int) -> list[float]:
    if loss == "hinge":
        return [random_numbers.choice([-1, 1]) for _ in range(count)]
    if loss == "cross-entropy":
        right = random_numbers.randrange(count)
        return [int(k == right) for k in range(count)]
    return [round(random_numbers.uniform(0, 1), 2) for _ in range(count)]


def training_of(random_numbers: random.Random, given: dict[str, Any]) -> dict[str, Any]:
    pick = random_numbers.choice
    word = pick(["sgd", "momentum", "adam"])
    fields: dict[str, Any] = {
        "learning_rate": 0.05,
        "optimizer": word,
        "epochs": random_numbers.randint(1, 3),
        "weight_decay": pick([0, 0.01]),
        "decay": pick([1, 0.5]),
        "decay_every": pick([1, 2]),
    }
    if word == "momentum":
        fields["momentum"] = 0.8
    if pick([True, False]):
        fields["batch_size"] = random_numbers.randint(1, len(given["x"]))
    if "biases" in given:
        fields["update_biases"] = pick([True, False])
    return fields


class Witness:
    """The same network in PyTorch."""

    def __init__(self, given: dict[str, Any]) -> None:
        import torch

        self.torch, self.given = torch, given

        def leaf(entries: Any) -> Any:
            return torch.tensor(entries, dtype=torch.float64, requires_grad=True)

        self.weights = [leaf(matrix) for matrix in given["weights"]]
        self.biases = [leaf(bias) for bias in given.get("biases", [])]
        self.x = leaf(given["x"])
        self.t = torch.tensor(given["targets"], dtype=torch.float64)
        hidden = given.get("activation", [])
        self.words = [*hidden, given["output_activation"]]
        self.z: list[Any] = []

    def forward(self, rows: Any) -> Any:
        torch, a, self.z = self.torch, rows, []
        for number, (weight, word) in enumerate(zip(self.weights, self.words, strict=True)):
            if self.given["bias_column"]:
                a = torch.cat([torch.ones(len(a), 1, dtype=torch.float64), a], dim=1)
            z = a @ weight.T
            if self.biases:
                z = z + self.biases[number]
            z.retain_grad()
            self.z.append(z)
            a = self.activated(word, z)
        return a

    def activated(self, word: str, z: Any) -> Any:
        functional = self.torch.nn.functional
        if word == "softmax":
            return functional.softmax(z, dim=1)
        if word == "leaky-relu":
            return functional.leaky_relu(z, 0.01)
        return z if word == "identity" else getattr(self.torch, word)(z)

    def loss(self, y: Any, t: Any) -> Any:
        torch = self.torch
        match self.given["loss"]:
            case "squared-error":
                return ((y - t) ** 2).sum()
            case "half-squared-error":
                return ((y - t) ** 2).sum() / 2
            case "mean-squared-error":
                return torch.nn.functional.mse_loss(y, t)
            case "cross-entropy":
                return -(t * torch.log(y)).sum()
            case "binary-cross-entropy":
                return torch.nn.functional.binary_cross_entropy(y, t, reduction="sum")
            case _:
                return torch.clamp(1 - t * y, min=0).sum()

    def run(self) -> Any:
        loss = self.loss(self.forward(self.x), self.t)
        loss.backward()
        return loss

    def train(self, fields: dict[str, Any]) -> Any:
        """The loss after the training."""
        optim = self.torch.optim
        trained = self.weights + (self.biases if fields.get("update_biases", True) else [])
        rate, decay = fields["learning_rate"], fields["weight_decay"]
        if fields["optimizer"] == "adam":
            optimizer: Any = optim.Adam(trained, lr=rate, weight_decay=decay)
        else:
            optimizer = optim.SGD(
                trained, lr=rate, weight_decay=decay, momentum=fields.get("momentum", 0)
            )
        schedule = optim.lr_scheduler.StepLR(optimizer, fields["decay_every"], fields["decay"])
        size = fields.get("batch_size", len(self.x))
        for _ in range(fields["epochs"]):
            for start in range(0, len(self.x), size):
                optimizer.zero_grad()
                part = slice(start, start + size)
                self.loss(self.forward(self.x.detach()[part]), self.t[part]).backward()
                optimizer.step()
            schedule.step()
        return self.loss(self.forward(self.x.detach()), self.t)


def of_one(rows: Any) -> Any:
    """The row of a single example."""
    return rows[0] if len(rows) == 1 else rows


def test_gradients_are_those_of_autograd() -> None:
    pytest.importorskip("torch")
    random_numbers = random.Random(7)
    for _ in range(60):
        given = draw(random_numbers)
        found, witness = solved(**given), Witness(given)
        loss = witness.run()
        assert agree(value(found, "loss"), loss), given
        gradients = value(found, "gradients")
        for mine, theirs in zip(gradients["weights"], witness.weights, strict=True):
            assert agree(mine, theirs.grad), given
        for mine, theirs in zip(gradients.get("biases", ()), witness.biases, strict=True):
            assert agree(mine, theirs.grad), given
        assert agree(gradients["x"], of_one(witness.x.grad)), given
        for delta, z, total in zip(
            value(found, "deltas"), witness.z, value(found, "z"), strict=True
        ):
            assert agree(delta, of_one(z.grad)) and agree(total, of_one(z)), given
        assert_chains_are_true(found)


def test_training_is_that_of_torch_optim() -> None:
    pytest.importorskip("torch")
    random_numbers = random.Random(8)
    for _ in range(20):
        given = draw(random_numbers)
        fields = training_of(random_numbers, given)
        found, witness = solved(**given, **fields), Witness(given)
        after = witness.train(fields)
        updated = value(found, "updated")
        case = given, fields
        for mine, theirs in zip(updated["weights"], witness.weights, strict=True):
            assert agree(mine, theirs, 1e-8), case
        for mine, theirs in zip(updated.get("biases", ()), witness.biases, strict=True):
            assert agree(mine, theirs, 1e-8), case
        assert agree(value(found, "loss_after"), after, 1e-8), case
        assert_chains_are_true(found)


# Without PyTorch.


def asked_of(**given: Any) -> tuple[LayeredNetwork, tuple[Example, ...], LossWriting]:
    """What is run, without the rest of the answer."""
    asked = problem(**given)
    network = network_of(asked)
    loss = LossWriting(given["loss"], network.write, asked.place)
    return network, examples_of(asked, network), loss


def test_gradients_are_central_differences() -> None:
    random_numbers = random.Random(9)
    h = Fraction(1, 10**5)
    for _ in range(60):
        given = draw(random_numbers)
        layer = random_numbers.randrange(len(given["weights"]))
        matrix = given["weights"][layer]
        i, j = random_numbers.randrange(len(matrix)), random_numbers.randrange(len(matrix[0]))
        losses = []
        for sign in (1, -1):
            moved = copy.deepcopy(given)
            moved["weights"][layer][i][j] = str(Fraction(str(matrix[i][j])) + sign * h)
            losses.append(float(loss_of(*asked_of(**moved))))
        slope = (losses[0] - losses[1]) / float(2 * h)
        network, examples, loss = asked_of(**given)
        name = network.layers[layer].weights_name
        found = run_all(network, examples, loss).gradients[name][i][j]
        assert math.isclose(slope, found, rel_tol=1e-5, abs_tol=1e-6), given


MAZUR: dict[str, Any] = {
    "weights": [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]],
    "biases": [0.35, 0.60],
    "x": [0.05, 0.10],
    "output_activation": "sigmoid",
    "targets": [0.01, 0.99],
    "loss": "half-squared-error",
}


def test_the_example_that_everyone_knows_to_nine_digits() -> None:
    """Mazur (2015), A Step by Step Backpropagation Example; his digits as he prints them."""
    found = solved(**MAZUR, learning_rate="1/2", update_biases="false")
    updated = value(found, "updated")
    assert f"{value(found, 'loss'):.9f}" == "0.298371109"
    hidden, output = (numbers(matrix) for matrix in updated["weights"])
    places = [9, 8, 8, 8]
    published = ["0.149780716", "0.19956143", "0.24975114", "0.29950229"]
    assert [f"{w:.{n}f}" for w, n in zip(hidden, places, strict=True)] == published
    published = ["0.358916480", "0.408666186", "0.511301270", "0.561370121"]
    assert [f"{w:.9f}" for w in output] == published
    assert numbers(updated["biases"]) == [0.35, 0.6]


def test_fractions_stay_exact() -> None:
    found = solved(
        weights=[[["1/3", "1/2"], [1, 1]], [[1, -1]]], biases=[[1, 0], [2]], x=[1, 2], targets=1,
        activation="relu", loss="half-squared-error", learning_rate="1/10", epochs=2,
    )  # fmt: skip
    assert value(found, "output") == Fraction(4, 3)
    assert value(found, "loss") == Fraction(1, 18)
    assert value(found, "gradients")["x"] == (Fraction(-2, 9), Fraction(-1, 6))
    assert isinstance(value(found, "loss_after"), Fraction)


def test_weights_are_read_as_rows_of_one_layer_or_as_a_list_of_layers() -> None:
    for given in ({"weights": [[1, 2], [3, 4]], "x": [1, 2]}, {"weights": "1 2; 3 4", "x": "1; 2"}):
        assert value(solved(**given), "output") == (5, 11)
    plain = solved(weights=[2, 3], x=5, activation="identity")
    assert value(plain, "output") == 30
    text = solved(weights="[[[1, 2], [3, 4]], [[1, 1]]]", x="1, 2", activation="identity")
    assert value(text, "output") == 16


def test_a_shared_bias_is_one_parameter() -> None:
    shared = solved(**MAZUR)
    deltas = value(shared, "deltas")
    assert value(shared, "gradients")["biases"] == tuple(sum(delta) for delta in deltas)
    apart = solved(**MAZUR | {"biases": [[0.35, 0.35], [0.6, 0.6]]})
    assert value(apart, "gradients")["biases"] == deltas


def test_the_bias_column_is_the_same_network() -> None:
    columns = [[[0.35, 0.15, 0.20], [0.35, 0.25, 0.30]], [[0.6, 0.40, 0.45], [0.6, 0.50, 0.55]]]
    given = {name: MAZUR[name] for name in MAZUR if name not in ("weights", "biases")}
    step = {"learning_rate": "0.5", "update_biases": "false"}
    found = solved(weights=columns, bias_column="true", **given, **step)
    assert value(found, "loss_after") == value(solved(**MAZUR, **step), "loss_after")
    first = value(found, "updated")["weights"][0]
    assert numbers([row[0] for row in first]) == [0.35, 0.35]


def test_saturated_outputs_keep_their_digits() -> None:
    found = solved(
        weights=[[1, 2], [3, 4]], x=[1000, 0], output_activation="softmax", targets=[1, 0],
        loss="cross-entropy",
    )  # fmt: skip
    assert value(found, "loss") == pytest.approx(2000)
    (deltas,) = value(found, "deltas")
    assert deltas == pytest.approx((-1, 1))
    assert deltas != (-1, 1)


def test_the_cross_entropy_of_one_sigmoid_is_the_binary_one() -> None:
    given = {"weights": [[1, 2]], "x": [1, -1], "targets": 0, "output_activation": "sigmoid"}
    found = solved(**given, loss="cross-entropy")
    assert value(found, "loss") == pytest.approx(math.log1p(math.exp(-1)))
    assert "loss.one_output" in {note.id for note in found.notes}


def lettered(given: dict[str, Any]) -> tuple[dict[str, Any], dict[Symbol, Fraction]]:
    """The same network with a letter for each number, and what the letters stand for."""
    values: dict[Symbol, Fraction] = {}

    def letter(base: str, number: float) -> str:
        name = f"{base}{len(values)}"
        values[Symbol.named(name)] = Fraction(str(number))
        return name

    def renamed(base: str, entries: Any) -> Any:
        if isinstance(entries, list):
            return [renamed(base, entry) for entry in entries]
        return letter(base, entries)

    fields = {"weights": "w", "biases": "b", "x": "x", "targets": "t"}
    typed = {name: renamed(base, given[name]) for name, base in fields.items() if name in given}
    return given | typed, values


def evaluated(found: Any, values: dict[Symbol, Fraction]) -> list[float]:
    """All numbers of a mapping, tuple or formula, in order."""
    if isinstance(found, Mapping):
        return [number for item in found.values() for number in evaluated(item, values)]
    return numbers(evaluate(found, values)) if isinstance(found, Expr) else numbers(found)


def all_numbers(found: Any) -> list[float]:
    items = found.values() if isinstance(found, Mapping) else [found]
    return [number for item in items for number in numbers(item)]


def test_formulas_in_letters_have_the_values_of_the_network_in_numbers() -> None:
    random_numbers = random.Random(11)
    count = 0
    while count < 60:
        given = draw(random_numbers)
        words = {*given.get("activation", ()), given["output_activation"]}
        if len(given["x"]) > 1 or len(given["weights"]) > 2 or "softmax" in words:
            continue
        typed, values = lettered(given)
        found, known = solved(**typed), solved(**given)
        for name in ("output", "loss", "z", "a", "deltas", "gradients"):
            assert agree(evaluated(value(found, name), values), all_numbers(value(known, name)))
        count += 1


def test_letters_of_the_working_are_refused() -> None:
    with pytest.raises(Invalid, match="y is a name of the working"):
        solved(weights=[["w"]], x="x", targets="y", loss="squared-error")


def test_in_a_truth_table_the_last_input_changes_first() -> None:
    found = solved(weights=[[1, 2, 4]], truth_table="true")
    assert [row[:3] for row in value(found, "table")] == list(itertools.product((0, 1), repeat=3))
    assert value(found, "output") == (0, 4, 2, 6, 1, 5, 3, 7)


def test_pictures_are_drawn() -> None:
    found = solved(
        weights=[[[0.5, -0.4], [0.3, 0.8]], [[0.7, -0.6]]], truth_table="true", activation="tanh",
        output_activation="sigmoid", targets=[0, 1, 1, 0], loss="binary-cross-entropy",
        learning_rate=0.5, epochs=3,
    )  # fmt: skip
    assert len(found.pictures) == 3
    for picture in found.pictures:
        assert picture.drawing.lines(78) and picture.drawing.svg().startswith("<svg")
