"""Losses and the gradients of a layer: against torch, where numbers are extreme, and exactly."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from fractions import Fraction

import pytest

from mlcalc.files.errors import Place, Unsolved
from mlcalc.maths.evaluate import evaluate, flattened, scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Chain, Expr, Number, Symbol, Transpose
from mlcalc.maths.vectors import NamedVector, writer
from mlcalc.networks import arithmetic, backward
from mlcalc.networks.activations import refuse_flat
from mlcalc.networks.backward_working import accumulated, outer, through, turned
from mlcalc.networks.losses import LOSSES, LossWriting
from tests.chains import carries_floats, closed_links, is_true

WRITE = writer([])
Y, T, L, Z, H, DELTA, X, W = (
    Symbol(letter) for letter in ("y", "t", "L", "z", "h", "delta", "x", "W")
)


def loss(word: str) -> LossWriting:
    return LossWriting(word, WRITE, Place("test"))


def vector(name: Expr, values: Iterable[Scalar]) -> NamedVector:
    return NamedVector(name, tuple(values))


def cost(
    word: str,
    output: NamedVector,
    wanted: NamedVector,
    activation: str = "identity",
    logits: Sequence[Scalar] = (),
) -> tuple[Chain, Scalar]:
    """The line of the loss, and its value."""
    numbers = loss(word).numbers(output.values, wanted.values, activation, tuple(logits))
    value = scalar(numbers)
    return loss(word).worked(L, output, wanted, numbers, value), value


def check(*chains: Chain) -> None:
    for chain in chains:
        for left, relation, right, a, b in closed_links(chain):
            rounded = carries_floats(left) or carries_floats(right)
            assert is_true(a, relation, b, rounded), (one_line(left), relation, one_line(right))


def targets(word: str, source: random.Random, size: int) -> list[float]:
    match word:
        case "hinge":
            return [source.choice([-1.0, 1.0]) for _ in range(size)]
        case "cross-entropy" | "binary-cross-entropy":
            return [source.choice([0.0, 1.0, 0.25]) for _ in range(size)]
        case _:
            return [source.gauss(0, 1) for _ in range(size)]


def test_losses_and_slopes_are_those_of_torch() -> None:
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    theirs = {
        "squared-error": lambda y, t: ((y - t) ** 2).sum(),
        "half-squared-error": lambda y, t: ((y - t) ** 2).sum() / 2,
        "mean-squared-error": functional.mse_loss,
        "cross-entropy": lambda y, t: -torch.xlogy(t, y).sum(),
        "binary-cross-entropy": lambda y, t: functional.binary_cross_entropy(y, t, reduction="sum"),
        "hinge": lambda y, t: torch.clamp(1 - t * y, min=0).sum(),
    }
    source = random.Random(3)
    for word in LOSSES:
        for case in range(50):
            size = 1 + case % 3
            wanted = targets(word, source, size)
            output = [source.uniform(0.05, 0.95) for _ in range(size)]
            y = torch.tensor(output, dtype=torch.float64, requires_grad=True)
            value = theirs[word](y, torch.tensor(wanted, dtype=torch.float64))
            value.backward()
            named = vector(Y, output), vector(T, wanted)
            chain, found = cost(word, *named)
            chains, slopes = loss(word).gradient(L, *named)
            check(chain, *chains)
            assert found == pytest.approx(value.item(), rel=1e-12)
            assert slopes == pytest.approx(y.grad.tolist(), rel=1e-12)


@pytest.mark.parametrize(
    ("word", "activation"), [("cross-entropy", "softmax"), ("binary-cross-entropy", "sigmoid")]
)
def test_saturated_outputs_keep_their_logarithm(word: str, activation: str) -> None:
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    source = random.Random(5)
    for scale in (1, 15, 40, 2000):
        logits = [source.gauss(0, 1) * scale for _ in range(3)]
        wanted = [0.0, 1.0, 0.0]
        z, t = (torch.tensor(values, dtype=torch.float64) for values in (logits, wanted))
        if activation == "softmax":
            value = functional.cross_entropy(z, t).item()
            output = torch.softmax(z, 0).tolist()
        else:
            value = functional.binary_cross_entropy_with_logits(z, t, reduction="sum").item()
            output = torch.sigmoid(z).tolist()
        named = vector(Y, output), vector(T, wanted)
        chain, found = cost(word, *named, activation, logits)
        check(chain)
        assert found == pytest.approx(value, rel=1e-11, abs=1e-11)
        chains, combined = loss(word).combined_gradient(L, *named)
        check(*chains)
        assert combined == pytest.approx([y - t for y, t in zip(output, wanted, strict=True)])


def test_targets_that_do_not_add_up_to_one_weigh_the_softmax() -> None:
    output, wanted = (0.25, 0.75), (Fraction(2), Fraction(1))
    _, found = loss("cross-entropy").combined_gradient(L, vector(Y, output), vector(T, wanted))
    assert found == pytest.approx([3 * 0.25 - 2, 3 * 0.75 - 1])


def test_exact_numbers_stay_exact() -> None:
    output, wanted = vector(Y, [Fraction(1, 3)]), vector(T, [Fraction(1)])
    assert cost("half-squared-error", output, wanted)[1] == Fraction(2, 9)
    assert loss("binary-cross-entropy").gradient(L, output, wanted)[1] == (Fraction(-3),)


def test_the_hinge_has_slope_zero_at_its_kink() -> None:
    kink = vector(Y, [Fraction(-1), Fraction(0)]), vector(T, [Fraction(-1), Fraction(1)])
    assert loss("hinge").gradient(L, *kink)[1] == (0, -1)
    assert loss("hinge").misfit(Fraction(0)) and not loss("hinge").misfit(Fraction(-1))


def test_a_logarithm_of_nothing_is_not_answered() -> None:
    with pytest.raises(Unsolved, match="softmax"):
        cost("cross-entropy", vector(Y, [-0.5, 1.5]), vector(T, [1.0, 0.0]))
    value = cost("cross-entropy", vector(Y, [0.0, 1.0]), vector(T, [0.0, 1.0]))[1]
    assert value == 0


# Through a layer.


@pytest.mark.parametrize("word", ["identity", "sigmoid", "tanh", "relu", "leaky-relu", "softmax"])
def test_slopes_of_activations_are_central_differences(word: str) -> None:
    functions = {
        "identity": lambda z: z,
        "sigmoid": lambda z: [1 / (1 + math.exp(-v)) for v in z],
        "tanh": lambda z: [math.tanh(v) for v in z],
        "relu": lambda z: [max(0.0, v) for v in z],
        "leaky-relu": lambda z: [v if v > 0 else 0.01 * v for v in z],
        "softmax": lambda z: [math.exp(v) / sum(map(math.exp, z)) for v in z],
    }
    f, source, step = functions[word], random.Random(9), 1e-6
    for size in (1, 2, 4):
        z = [source.gauss(0, 1) for _ in range(size)]
        upstream = [source.gauss(0, 1) for _ in range(size)]
        named = vector(L, upstream), vector(Z, z), vector(H, f(z))
        found = backward.through(word, *(tuple(one.values) for one in named))
        check(through(word, DELTA, *named, found, WRITE))
        for k in range(size):
            ends = [[v + sign * step * (i == k) for i, v in enumerate(z)] for sign in (1, -1)]
            up, down = map(f, ends)
            slope = sum(
                g * (a - b) / (2 * step) for g, a, b in zip(upstream, up, down, strict=True)
            )
            assert found[k] == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("word", ["step", "sign"])
def test_nothing_comes_through_a_flat_activation(word: str) -> None:
    with pytest.raises(Unsolved, match="flat"):
        refuse_flat(word, Place("test"))


def test_products_of_gradients_are_those_of_matrices() -> None:
    delta = vector(DELTA, [Fraction(-1, 2), Fraction(1, 4)])
    x = vector(X, [Fraction(1), Fraction(0), Fraction(2)])
    rows = arithmetic.outer(delta.values, x.values)
    chain = outer(L, delta, x, rows, WRITE)
    check(chain)
    assert evaluate(chain.members[-1]) == rows
    assert rows == ((Fraction(-1, 2), 0, -1), (Fraction(1, 4), 0, Fraction(1, 2)))
    weights = [[Number(Fraction(n)) for n in row] for row in ((1, 2, 3), (0, -1, 1))]
    chains = turned(L, Transpose(W) @ DELTA, weights, delta.values, WRITE)
    check(*chains)
    column = evaluate(chains[-1].members[-1])
    assert flattened(column) == [Fraction(-1, 2), Fraction(-5, 4), Fraction(-5, 4)]
    chain, total = accumulated(L, [X, Y], [rows, rows], WRITE)
    check(chain)
    assert total == tuple(tuple(2 * value for value in row) for row in rows)


def test_numbers_are_written_without_transposes() -> None:
    delta, x = vector(DELTA, [Fraction(-1, 2)]), vector(X, [Fraction(3)])
    rows = arithmetic.outer(delta.values, x.values)
    assert one_line(outer(L, delta, x, rows, WRITE)) == "L = δ·x = −0.5·3 = −1.5"
    chains = turned(L, W @ DELTA, [[Number(Fraction(2))]], delta.values, WRITE)
    assert [one_line(chain) for chain in chains] == ["L = W δ = 2·(−0.5) = −1"]
