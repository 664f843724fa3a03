"""How a shape is read: one table of spellings and readings, for every place that takes a shape.

The readings are written down by hand from the rule: the two sizes that are equal and neighbours
are the picture, else a single 1, 3 or 4 at an end counts the channels, else both are named.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mlcalc.files.document import Entries, from_plain
from mlcalc.files.errors import Invalid, Place
from mlcalc.files.reading import read_document
from mlcalc.marking.exercise import read_exercises, solve, solve_all
from tests.conftest import Ran

Run = Callable[..., Ran]

PICTURES = [
    # typed, and as it is read: channels first
    ("3@128x128", "3@128x128"),
    ("16@10x12", "16@10x12"),
    ("3@5x28", "3@5x28"),
    ("4x4", "4x4"),
    ("28x30", "28x30"),
    ("224x224x3", "3@224x224"),
    ("3x224x224", "3@224x224"),
    ("32x32x16", "16@32x32"),
    ("16x32x32", "16@32x32"),
    ("5x28x28", "5@28x28"),
    ("28x28x5", "5@28x28"),
    ("1x28x28", "1@28x28"),
    ("28x28x1", "1@28x28"),
    ("7x7x512", "512@7x7"),
    ("512x7x7", "512@7x7"),
    ("3x3x5", "5@3x3"),
    ("5x3x3", "5@3x3"),
    ("1x1x512", "512@1x1"),
    ("4x4x3", "3@4x4"),
    ("16x16x16", "16@16x16"),
    ("3x3x3", "3@3x3"),
    ("3x480x640", "3@480x640"),
    ("480x640x3", "3@480x640"),
    ("480x640x1", "1@480x640"),
    ("1x480x640", "1@480x640"),
    ("480x640x4", "4@480x640"),
    ("4x5x6", "4@5x6"),
    ("3x4x5", "3@4x5"),
    ("3 x 32 x 32", "3@32x32"),
    ("3×32×32", "3@32x32"),
    ("32 × 32 × 3", "3@32x32"),
    ("3*32*32", "3@32x32"),
    ("32 * 32 * 3", "3@32x32"),
    ("32X32X3", "3@32x32"),
    ("4*6", "4x6"),
    ("[3, 32, 32]", "3@32x32"),
    ("[32, 32, 3]", "3@32x32"),
    ("(224, 224, 3)", "3@224x224"),
    ("[28, 30]", "28x30"),
    ("(None, 224, 224, 3)", "3@224x224"),
    ("None x 224 x 224 x 3", "3@224x224"),
    ("(None, 28, 30)", "28x30"),
    ("[-1, 3, 32, 32]", "3@32x32"),
    ("[null, 32, 32, 3]", "3@32x32"),
    ("Nx3x32x32", "3@32x32"),
    ("[N, 32, 32, 3]", "3@32x32"),
    ("64x3x32x32", "3@32x32"),
    ("[1, 28, 28, 1]", "1@28x28"),
    ("16x10x12x3", "3@10x12"),
    ("[64, 20, 20, 20]", "20@20x20"),
]
LETTERS = [
    ("[c, h, w]", "c@hxw"),
    ("cxhxw", "c@hxw"),
    ("C x H x W", "C@HxW"),
    ("hxwx3", "3@hxw"),
    ("3xhxw", "3@hxw"),
    ("nxnxc", "c@nxn"),
    ("cxnxn", "c@nxn"),
    ("H*W*3", "3@HxW"),
    ("[N, c, h, w]", "c@hxw"),
    ("[5, h, w]", "5@hxw"),
]
REFUSED = [
    # typed, and the readings that are named
    ("5x28x30", ("5@28x30", "30@5x28")),
    ("[5, 28, 30]", ("5@28x30", "30@5x28")),
    ("30*28*5", ("30@28x5", "5@30x28")),
    ("28x3x28", ("28@3x28", "28@28x3")),
    ("3x28x1", ("3@28x1", "1@3x28")),
    ("4x6x3", ("4@6x3", "3@4x6")),
    ("16x5x28x30", ("5@28x30", "30@5x28")),
    ("(None, 2, 5, 6)", ("2@5x6", "6@2x5")),
    ("[N, 6, 7, 8]", ("6@7x8", "8@6x7")),
]
MALFORMED = [
    "0x3", "3@0x3", "2.5x3", "10^30x4", "4x1e400", "true", "null", "nan", "[nan, 3, 3]", "[yes, 3]",
    "1x2x3x4x5x6", "", "3@", "@3", "[[3, 3]]", "-2x3", "3@4@5", "1/0x2", "[]", "inf",
]  # fmt: skip


def given(**fields: object) -> Entries:
    found = from_plain(fields, Place("test"))
    assert isinstance(found, Entries)
    return found


def sizes(reading: str) -> list[int]:
    return [int(size) for size in reading.replace("@", "x").split("x")]


def read_by_a_window(typed: object) -> str:
    """The shape after a pooling window of one entry, which is the input's."""
    found = solve("conv-shape", given(input=typed, operation="max-pool", kernel=1))
    answer = found.answer("shape")
    assert answer is not None
    from mlcalc.maths.printing import one_line

    return one_line(answer.maths).replace("×", "x")


@pytest.mark.parametrize(("typed", "reading"), [*PICTURES, *LETTERS])
def test_the_reading(typed: str, reading: str) -> None:
    assert read_by_a_window(typed) == reading


@pytest.mark.parametrize(("typed", "reading"), [p for p in PICTURES if "None" not in p[0]])
def test_flags_files_and_networks_agree(run: Run, tmp_path: Path, typed: str, reading: str) -> None:
    window = {"operation": "max-pool", "kernel": 1}
    by_flags = run("conv-shape", typed, "--operation", "max-pool", "--kernel", "1", "--json")
    assert by_flags.code == 0, by_flags.err
    assert json.loads(by_flags.out)["answers"]["shape"]["value"] == sizes(reading)

    text = "- kind: conv-shape\n  given: {input: %s, operation: max-pool, kernel: 1}\n"
    spelled = typed if typed.startswith("[") else json.dumps(typed)
    document = read_document(text % spelled, "file.yaml")
    (outcome,) = solve_all(read_exercises(document, None))
    assert outcome.derivation is not None, outcome.complaints
    (answer, *_) = outcome.derivation.answers
    assert answer.value == tuple(sizes(reading))

    for network in (f"{typed} > maxpool 1", f"{typed},maxpool 1", f"{typed}\nmaxpool 1",
                    [typed, "maxpool 1"], {"input": typed, "layers": ["maxpool 1"]}):  # fmt: skip
        layers = solve("params", given(network=network)).answer("layers")
        assert layers is not None
        (first,) = layers.value  # type: ignore[union-attr,misc]  # a list of layers
        assert first["shape"] == tuple(sizes(reading)), network  # type: ignore[index,call-overload]
    of_input = solve("params", given(network="maxpool 1, relu", input=typed)).answer("layers")
    assert of_input is not None
    assert of_input.value[0]["shape"] == tuple(sizes(reading))  # type: ignore[index,call-overload]
    wanted = solve("conv-shape", given(output_shape=typed, **window))
    axes = sizes(reading)[1:] if "@" in reading else sizes(reading)
    assert wanted.answers[0].value == (axes[0] if len(set(axes)) == 1 == len(axes) else tuple(axes))


@pytest.mark.parametrize(("typed", "readings"), REFUSED)
def test_both_readings_are_named(run: Run, typed: str, readings: tuple[str, str]) -> None:
    for command in (
        ("conv-shape", typed, "--operation", "max-pool", "--kernel", "1"),
        ("conv-shape", "--output-shape", typed, "--operation", "max-pool", "--kernel", "1"),
        ("params", f"{typed}, conv 6 k1"),
        ("params", "conv 6 k1, relu", "--input", typed),
    ):
        found = run(*command)
        assert found.code == 2
        assert f"write {readings[0]} or {readings[1]}" in " ".join(found.err.split()), command
    for reading in readings:
        assert read_by_a_window(reading) == reading


@pytest.mark.parametrize("typed", MALFORMED)
def test_what_is_no_shape_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        read_by_a_window(typed)
    with pytest.raises(Invalid):
        solve("params", given(network=[typed, "flatten"]))


@pytest.mark.parametrize(
    ("typed", "kernel", "shape"),
    [
        ("1@16x32x32", "3", [14, 30, 30]),
        ("16x32x32", "3x3x3", [14, 30, 30]),
        ("16x32x32x1", "3x3x3", [14, 30, 30]),
        ("1x16x32x32", "3x3x3", [14, 30, 30]),
        ("8x32x32x32", "3x3x3", [30, 30, 30]),
        ("32x32x32x8", "3x3x3", [30, 30, 30]),
        ("16x32x32x8", "3x3x3", [14, 30, 30]),
        ("8x16x32x32", "3x3x3", [14, 30, 30]),
        ("2x16x32x32x1", "3", [14, 30, 30]),
    ],
)
def test_a_volume_says_so(typed: str, kernel: str, shape: list[int]) -> None:
    found = solve("conv-shape", given(input=typed, kernel=kernel, filters=2))
    assert found.answers[0].value == (2, *shape)


def total(network: object, name: str = "total") -> object:
    found = solve("params", given(network=network)).answer(name)
    assert found is not None
    return found.value


def test_published_counts() -> None:
    """VGG's first layer, as CS231n counts it; Keras's and PyTorch's own counts of parameters."""
    for first in ("224x224x3", "[224, 224, 3]", "3@224x224", "(None, 224, 224, 3)", "3*224*224"):
        network = f"{first} > conv 64 k3 p1"
        assert total(network, "multiplications") == 86_704_128
        assert total(network) == 1_792
    # keras.layers.Conv1D(32, 3) over (100, 16): 3·16·32 + 32
    assert total("100x16, conv1d 32 k3") == 1_568
    assert total("(None, 100, 16), conv1d 32 k3") == 1_568
    assert total("16@100, conv1d 32 k3") == 1_568
    # keras.layers.LSTM(64) over (100, 16): 4·((16 + 64)·64 + 64)
    assert total("100x16, lstm 64") == total("32x100x16, lstm 64") == 20_736
    # torch.nn.Conv3d(1, 8, 3): 27·8 + 8
    assert total("1@16x32x32, conv 8 k3") == total("16x32x32x1, conv3d 8 k3") == 224
    assert total("1x16x32x32, maxpool 2, conv3d 8 k3") == 224
    assert total("(None, 784), fc 10") == 7_850


def test_a_layer_of_torch_has_the_shape() -> None:
    torch = pytest.importorskip("torch")
    layer = torch.nn.Conv2d(3, 8, 5, stride=2, padding=1)
    expected = list(layer(torch.zeros(1, 3, 33, 40)).shape[1:])
    for typed in ("3x33x40", "33x40x3", "[1, 3, 33, 40]", "(None, 33, 40, 3)"):
        found = solve("conv-shape", given(input=typed, kernel=5, stride=2, padding=1, filters=8))
        assert found.answers[0].value == tuple(expected)


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("3@32x32", []),
        ("32x32", []),
        ("32x32x3", ["shape.order"]),
        ("[c, h, w]", ["shape.order"]),
        ("64x32x32x3", ["shape.batch", "shape.order"]),
        ("(None, 32, 32)", ["shape.batch"]),
    ],
)
def test_a_note_says_what_was_taken(typed: str, ids: list[str]) -> None:
    for kind, fields in (("conv-shape", {"input": typed, "kernel": 1, "operation": "max-pool"}),
                         ("params", {"network": [typed, "relu"]})):  # fmt: skip
        notes = solve(kind, given(**fields)).notes
        assert [note.id for note in notes if note.id.startswith("shape.")] == ids


CARRIED = """
- id: first
  kind: conv-shape
  given: {input: 1@30x32, kernel: 3, filters: 5}
- id: second
  kind: conv-shape
  given: {input: {from: first.shape}, kernel: 1, operation: max-pool}
- id: third
  kind: params
  given: {network: {input: {from: first.shape}, layers: [conv 6 k1]}}
- id: volume
  kind: conv-shape
  given: {input: 5x28x30, kernel: 1x1x1, operation: max-pool}
- id: fifth
  kind: conv-shape
  given: {input: {from: volume.shape}, kernel: 1, operation: max-pool}
"""


def test_a_shape_that_is_carried_has_its_channels_first() -> None:
    """5@28x30 would be refused if it came as the list 5, 28, 30."""
    outcomes = list(solve_all(read_exercises(read_document(CARRIED, "file.yaml"), None)))
    assert [one.status for one in outcomes] == ["solved"] * 5, [o.complaints for o in outcomes]
    found = [one.derivation.answers[0].value for one in outcomes if one.derivation is not None]
    assert found == [(5, 28, 30), (5, 28, 30), 36, (5, 28, 30), (1, 5, 28, 30)]


def test_the_image_tells_the_channels() -> None:
    image = [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]] * 2
    for typed in ("3x3x2", "2x3x3", "2@3x3"):
        found = solve("conv-shape", given(input=typed, image=image, operation="max-pool", kernel=3))
        assert found.answers[0].value == (2, 1, 1)


@pytest.mark.parametrize(
    ("typed", "shape"), [("3*5", (6, 4)), ("3 * 5", (6, 4)), ("3X5", (6, 4)), ("3×5", (6, 4))]
)
def test_a_kernel_of_two_sizes(typed: str, shape: tuple[int, int]) -> None:
    assert solve("conv-shape", given(input="8x8", kernel=typed)).answers[0].value == shape
