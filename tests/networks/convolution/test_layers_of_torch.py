"""Random layers against PyTorch: shapes, parameter counts and output values."""

from __future__ import annotations

import random
import re
from fractions import Fraction
from typing import Any

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.exercise import solve
from mlcalc.maths.evaluate import flattened, shape_of
from mlcalc.maths.printing import one_line
from mlcalc.showing.derivation import Derivation
from tests.chains import closed_links, expressions, is_true

torch = pytest.importorskip("torch")

LAYERS = 150


def random_layer(rng: random.Random) -> dict[str, Any]:
    """The fields of a layer that PyTorch has too, small enough to be computed by hand."""
    axes = rng.choice((1, 2, 2, 2, 3))
    most = {1: 9, 2: 6, 3: 4}[axes]
    operation = rng.choice(("conv", "conv", "max-pool", "avg-pool", "transposed-conv"))
    is_transposed = operation == "transposed-conv"

    def sizes(low: int, high: int) -> list[int]:
        return [rng.randint(low, high) for _ in range(axes)]

    layer: dict[str, Any] = {"operation": operation, "kernel": sizes(1, 3), "stride": sizes(1, 3)}
    layer["padding"] = [rng.randint(0, k // 2) for k in layer["kernel"]]
    layer["dilation"] = [1] * axes if operation == "avg-pool" else sizes(1, 2)
    groups = rng.choice((1, 1, 2, 3)) if operation in ("conv", "transposed-conv") else 1
    channels = groups * rng.randint(1, 2)
    spread = [d * (k - 1) + 1 for d, k in zip(layer["dilation"], layer["kernel"], strict=True)]
    inner = [rng.randint(1 if is_transposed else s, max(most, s)) for s in spread]
    layer["input"] = f"{channels}@{'x'.join(map(str, inner))}"
    if operation in ("max-pool", "avg-pool"):
        layer["ceil_mode"] = rng.random() < 0.5
        return layer
    layer |= {"groups": groups, "filters": groups * rng.randint(1, 2), "bias": rng.random() < 0.5}
    if is_transposed:
        steps = zip(layer["stride"], layer["dilation"], strict=True)
        layer["output_padding"] = [rng.randint(0, max(pair) - 1) for pair in steps]
        layer["padding"] = [
            min(p, (s - 1) // 2) for p, s in zip(layer["padding"], spread, strict=True)
        ]
    return layer


def sizes_of(layer: dict[str, Any]) -> list[int]:
    """Channels first, as PyTorch has them."""
    return list(map(int, re.split("[@x]", layer["input"])))


def module_of(layer: dict[str, Any], channels: int) -> Any:
    axes, nn = len(layer["kernel"]), torch.nn
    operation = layer["operation"]
    sizes = {name: tuple(layer[name]) for name in ("stride", "padding")}
    if operation == "avg-pool":
        pool = getattr(nn, f"AvgPool{axes}d")
        return pool(tuple(layer["kernel"]), **sizes, ceil_mode=layer["ceil_mode"])
    sizes["dilation"] = tuple(layer["dilation"])
    if operation == "max-pool":
        pool = getattr(nn, f"MaxPool{axes}d")
        return pool(tuple(layer["kernel"]), **sizes, ceil_mode=layer["ceil_mode"])
    if operation == "transposed-conv":
        sizes["output_padding"] = tuple(layer["output_padding"])
    kind = getattr(nn, f"Conv{'Transpose' * (operation != 'conv')}{axes}d")
    return kind(
        channels, layer["filters"], tuple(layer["kernel"]), **sizes, groups=layer["groups"],
        bias=layer["bias"], dtype=torch.float64,
    )  # fmt: skip


def with_values(layer: dict[str, Any], module: Any, image: Any) -> dict[str, Any]:
    """The layer with the same whole numbers that PyTorch gets."""
    found = {**layer, "image": image.int().tolist()}
    if hasattr(module, "weight"):
        found["weights"] = module.weight.int().tolist()
        found["bias"] = module.bias.int().tolist() if layer["bias"] else False
    return found


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    assert answer is not None, name
    return answer.value


def solved(given: dict[str, Any]) -> Derivation:
    return solve("conv-shape", from_plain(given, Place("test")))  # type: ignore[arg-type]


def test_random_layers_agree_with_torch() -> None:
    rng = random.Random(6)
    torch.manual_seed(6)
    seen: set[str] = set()
    with torch.no_grad():
        for number in range(LAYERS):
            layer = random_layer(rng)
            sizes = sizes_of(layer)
            module = module_of(layer, sizes[0])
            for parameter in module.parameters():
                parameter.copy_(torch.randint(-3, 4, parameter.shape))
            image = torch.randint(-5, 6, tuple(sizes)).double()
            try:
                expected = module(image[None])[0]
            except RuntimeError:
                continue  # nothing is left of the output
            seen.add(f"{layer['operation']}{len(layer['kernel'])}")
            found = solved(with_values(layer, module, image))
            assert value(found, "shape") == tuple(expected.shape), layer
            parameters = sum(parameter.numel() for parameter in module.parameters())
            assert value(found, "parameters") == parameters, layer
            assert value(found, "activations") == expected.numel(), layer
            output = value(found, "output")
            assert shape_of(output) == tuple(expected.shape), layer
            pairs = zip(flattened(output), expected.flatten().tolist(), strict=True)
            assert all(abs(float(a) - b) < 1e-9 for a, b in pairs), layer
            if number % 10 == 0:
                counted = solved(layer)
                assert value(counted, "parameters") == parameters, layer
                for expression in [*expressions(counted), *expressions(found)]:
                    for _, relation, _, left, right in closed_links(expression):
                        assert is_true(left, relation, right, False), one_line(expression)
    assert len(seen) == 12


def test_the_share_of_zeros_is_that_of_the_matrix() -> None:
    """The matrix of a convolution, column by column: what each unit image becomes under ones."""
    rng = random.Random(7)
    for _ in range(8):
        layer = random_layer(rng)
        while layer["operation"] != "conv" or len(layer["kernel"]) != 2:
            layer = random_layer(rng)
        channels, rows, columns = sizes_of(layer)
        module = module_of({**layer, "bias": False}, channels)
        with torch.no_grad():
            module.weight.fill_(1)
            units = torch.eye(channels * rows * columns, dtype=torch.float64)
            outputs = module(units.reshape(-1, channels, rows, columns))
        zeros = Fraction(int((outputs == 0).sum()), outputs.numel())
        assert value(solved(layer), "zeros") == zeros, layer


def test_padding_that_differs_at_the_two_ends_and_same() -> None:
    """Against PyTorch on an image that was padded before; `same` is its own for a stride of 1."""
    rng = random.Random(9)
    torch.manual_seed(9)
    for _ in range(20):
        rows, columns = rng.randint(3, 7), rng.randint(3, 7)
        kernel = [rng.randint(1, 3), rng.randint(1, 3)]
        image = torch.randint(-5, 6, (1, rows, columns)).double()
        weights = torch.randint(-3, 4, (1, 1, *kernel)).double()
        given = {"image": image[0].int().tolist(), "weights": weights[0, 0].int().tolist()}
        is_same = rng.random() < 0.5
        if is_same:
            given["padding"] = "same"
            expected = torch.nn.functional.conv2d(image[None], weights, padding="same")
        else:
            ends = [[rng.randint(0, 2), rng.randint(0, 2)] for _ in range(2)]
            given |= {"padding": ends, "stride": 2}
            padded = torch.nn.functional.pad(image, (*ends[1], *ends[0]))
            expected = torch.nn.functional.conv2d(padded[None], weights, stride=2)
        found = solved(given)
        assert value(found, "output") == tuple(map(tuple, expected[0, 0].tolist())), given
        assert is_same == any(note.id == "conv.same_padding" for note in found.notes)
        for expression in expressions(found):
            for _, relation, _, left, right in closed_links(expression):
                assert is_true(left, relation, right, False), one_line(expression)


def test_a_flipped_kernel_is_a_convolution() -> None:
    signal = pytest.importorskip("scipy.signal")
    rng = random.Random(10)
    for _ in range(20):
        image = [[rng.randint(-5, 5) for _ in range(5)] for _ in range(4)]
        weights = [[rng.randint(-3, 3) for _ in range(2)] for _ in range(3)]
        expected = signal.convolve2d(image, weights, mode="valid").tolist()
        found = solved({"image": image, "weights": weights, "flip": True})
        assert value(found, "output") == tuple(map(tuple, expected))
        assert [note.id for note in found.notes] == ["conv.flipped"]
