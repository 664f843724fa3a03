"""Sizes and values of convolutions against windows that are laid out one by one."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import count, product
from typing import Any

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Invalid, Place
from mlcalc.marking.exercise import solve
from mlcalc.maths.evaluate import evaluate, exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr, Number, Shape, Symbol, substitute
from mlcalc.showing.derivation import Derivation, Step
from tests.chains import closed_links, expressions, is_true

Numbers = Sequence[Sequence[Fraction]]


def solved(**given: Any) -> Derivation:
    return solve("conv-shape", from_plain(given, Place("test")))  # type: ignore[arg-type]


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    assert answer is not None, name
    return answer.value


def refused(**given: Any) -> str:
    with pytest.raises(Invalid) as caught:
        solved(**given)
    return "\n".join(complaint.message for complaint in caught.value.complaints)


# The witness: windows as lists of positions in the input, counted from 0, padding outside of it.


def windows(
    length: int, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool
) -> list[list[int]]:
    """Where the entries of each window lie along one axis.

    As PyTorch's documentation has it: a window must lie in the padded input or, with ceil_mode,
    "windows are allowed to go off-bounds if they start within the left padding or the input;
    windows that would start in the right padded region are ignored".
    """
    found: list[list[int]] = []
    for start in count(-padding, stride):
        window = [start + dilation * i for i in range(kernel)]
        is_all_covered = bool(found) and found[-1][-1] >= length + padding - 1
        if (start >= length or is_all_covered) if ceil_mode else window[-1] >= length + padding:
            break
        found.append(window)
    return found


def padded_entry(image: Numbers, row: int, column: int) -> Fraction | None:
    inside = 0 <= row < len(image) and 0 <= column < len(image[0])
    return image[row][column] if inside else None


GRID = [
    (length, kernel, stride, padding, dilation, ceil_mode)
    for length, kernel, stride, padding, dilation, ceil_mode in product(
        range(1, 8), range(1, 5), range(1, 4), range(3), (1, 3), (False, True)
    )
    if (reach := dilation * (kernel - 1) + 1) <= length + 2 * padding
    # PyTorch pads by half a window at most; with more, several windows would begin in the padding.
    and not (ceil_mode and 2 * padding > reach)
]
TOO_LARGE = [
    case
    for case in product(range(1, 5), range(1, 6), (1, 2), range(2), (1, 2))
    if case[4] * (case[1] - 1) + 1 > case[0] + 2 * case[3]
]


@cache
def along_one_axis(case: tuple[int, ...]) -> Derivation:
    length, kernel, stride, padding, dilation, ceil_mode = case
    return solved(
        input=[length], kernel=kernel, stride=stride, padding=padding, dilation=dilation,
        ceil_mode=bool(ceil_mode),
    )  # fmt: skip


def test_sizes_along_one_axis() -> None:
    assert len(GRID) > 600
    for case in GRID:
        found, number = along_one_axis(case), len(windows(*case))
        assert value(found, "shape") == (number,), case
        assert last_number(found.steps[-1]) == number, case


def last_number(step: Step) -> Fraction | None:
    """What the chain of the last step ends with: what is shown is what is answered."""
    chain = step.blocks[-1]
    assert isinstance(chain, Expr)
    return exact(chain.members[-1])  # type: ignore[attr-defined]


def test_a_kernel_that_does_not_fit() -> None:
    for length, kernel, stride, padding, dilation in TOO_LARGE:
        given = {"input": [length], "stride": stride, "dilation": dilation}
        message = refused(**given, kernel=kernel, padding=padding)
        found = re.search(r"a kernel up to (\d+) or a padding from (\d+) fits", message)
        assert found is not None
        # What is proposed fits, and is the largest kernel and the least padding that do.
        largest, least = int(found[1]), int(found[2])
        assert solved(**given, kernel=largest, padding=padding)
        assert "larger than" in refused(**given, kernel=largest + 1, padding=padding)
        assert solved(**given, kernel=kernel, padding=least)
        assert "larger than" in refused(**given, kernel=kernel, padding=least - 1)


def test_sizes_along_two_and_three_axes() -> None:
    rng = random.Random(1)
    for axes in (2, 3):
        for _ in range(20):
            ceil_mode = rng.random() < 0.3
            cases = [rng.choice([c for c in GRID if c[5] == ceil_mode]) for _ in range(axes)]
            lengths, kernels, strides, paddings, dilations, _ = map(list, zip(*cases, strict=True))
            operation = rng.choice(["conv", "max-pool", "avg-pool"])
            filters = {"filters": 7} if operation == "conv" else {}
            found = solved(
                input=f"5@{'x'.join(map(str, lengths))}", kernel=kernels, stride=strides,
                padding=paddings, dilation=dilations, ceil_mode=ceil_mode, operation=operation,
                **filters,
            )  # fmt: skip
            counts = [len(windows(*case[:5], ceil_mode)) for case in cases]
            channels = 7 if operation == "conv" else 5
            assert value(found, "shape") == (channels, *counts)
            for expression in expressions(found):
                for _, relation, _, left, right in closed_links(expression):
                    assert is_true(left, relation, right, False), one_line(expression)


def test_spellings_of_a_size() -> None:
    for spelled in ("4x6", "4×6", [4, 6], ["2*2", "6"]):
        assert value(solved(input=spelled, kernel="3x1"), "shape") == (2, 6)
    for spelled in ("3@4x6", [3, 4, 6]):
        assert value(solved(input=spelled, kernel=[3, 1], filters=2), "shape") == (2, 2, 6)
    assert value(solved(input="8", kernel=3), "shape") == (6,)
    assert value(solved(input="6x6", operation="maxpool", kernel=2), "shape") == (3, 3)
    assert value(solved(input="6x6", operation="avgpool", kernel="2x3"), "shape") == (3, 2)
    assert value(solved(input="6x6", operation="convolution", kernel=2), "shape") == (5, 5)


def test_channels_that_are_not_known_are_left_out() -> None:
    assert value(solved(input="3@6x6", kernel=3), "shape") == (4, 4)
    assert value(solved(input="3@6x6", kernel=3, operation="max-pool"), "shape") == (3, 2, 2)
    assert value(solved(input="6x6", kernel=3, filters=8), "shape") == (8, 4, 4)


# Letters.

LETTERS = {"input": "W", "kernel": "K", "stride": "S", "padding": "P", "dilation": "d"}


def test_a_formula_in_letters_gives_the_size() -> None:
    """Any of the numbers as letters: the answer, with the numbers put back in, is the same."""
    rng = random.Random(2)
    names = list(LETTERS)
    for length, kernel, stride, padding, dilation, ceil_mode in rng.sample(GRID, 150):
        numbers = dict(zip(names, (length, kernel, stride, padding, dilation), strict=True))
        open_ = rng.sample(names, rng.randint(1, len(names)))
        given = {name: LETTERS[name] if name in open_ else numbers[name] for name in names}
        found = solved(**given | {"input": [given["input"]]}, ceil_mode=ceil_mode)
        shape = found.answers[0].value
        sizes = shape.sizes if isinstance(shape, Shape) else tuple(map(as_number, shape))
        put_in = {Symbol(LETTERS[name]): Number(Fraction(numbers[name])) for name in open_}
        size = evaluate(substitute(sizes[0], put_in))
        number = len(windows(length, kernel, stride, padding, dilation, ceil_mode))
        has_note = any(note.id == "conv.ceil_mode" for note in found.notes)
        assert has_note == (ceil_mode and isinstance(shape, Shape))
        assert size - number in ((0, 1) if has_note else (0,)), given


def as_number(size: Fraction) -> Expr:
    return Number(size)


@pytest.mark.parametrize(
    ("given", "shape"),
    [
        ({"input": "W", "kernel": "K", "padding": "P", "stride": "S"}, "⌊(W + 2P − K)/S⌋ + 1"),
        ({"input": "W", "kernel": "K"}, "W − K + 1"),
        ({"input": "hxw", "kernel": 3, "padding": 1}, "h×w"),
        ({"input": "c@hxw", "kernel": 2, "operation": "max-pool"},
         "c@(⌊(h − 2)/2⌋ + 1)×(⌊(w − 2)/2⌋ + 1)"),
        ({"input": [10], "kernel": "K"}, "11 − K"),
        ({"input": "W", "kernel": 1, "stride": "S", "padding": 0}, "⌊(W − 1)/S⌋ + 1"),
        ({"input": [1], "kernel": 1, "stride": "S"}, "1"),
        # The letters of the formula may be the user's own for something else.
        ({"input": "P", "kernel": "S", "padding": "K", "stride": "W"}, "⌊(P + 2K − S)/W⌋ + 1"),
    ],
)  # fmt: skip
def test_formulas_are_short(given: dict[str, Any], shape: str) -> None:
    assert one_line(solved(**given).answers[0].maths) == shape


# Values.


def brute_force(
    image: Numbers, weights: Numbers | None, kernel: Sequence[int], layer: dict[str, Any]
) -> list[list[Fraction]] | None:
    """The output entry by entry; None where a window of a pooling layer holds padding alone."""
    axes = [
        windows(
            (len(image), len(image[0]))[axis], kernel[axis], layer["stride"][axis],
            layer["padding"][axis], layer["dilation"][axis], layer["ceil_mode"],
        )
        for axis in range(2)
    ]  # fmt: skip
    ends = [(len(image), len(image[0]))[axis] + layer["padding"][axis] for axis in range(2)]
    output = []
    for rows in axes[0]:
        output.append([])
        for columns in axes[1]:
            cells = [(i, j) for i in range(kernel[0]) for j in range(kernel[1])]
            seen = [padded_entry(image, rows[i], columns[j]) for i, j in cells]
            if weights is not None:
                pairs = zip(seen, cells, strict=True)
                entry = sum(((x or 0) * weights[i][j] for x, (i, j) in pairs), Fraction(0))
            elif all(x is None for x in seen):
                return None
            elif layer["operation"] == "max-pool":
                entry = max(x for x in seen if x is not None)
            else:
                # PyTorch divides by the cells of the window that lie in the padded input.
                inside = [(i, j) for i, j in cells if rows[i] < ends[0] and columns[j] < ends[1]]
                entry = sum((x or Fraction(0) for x in seen), Fraction(0)) / len(inside)
            output[-1].append(entry)
    return output


def random_layers(operation: str, times: int, seed: int) -> Iterator[tuple[Numbers, Any]]:
    """Images and layers over them, all sizes different along the two axes."""
    rng = random.Random(seed)
    for _ in range(times):
        ceil_mode = operation != "conv" and rng.random() < 0.5
        cases = [rng.choice([c for c in GRID if c[5] == ceil_mode]) for _ in range(2)]
        lengths, kernels, strides, paddings, dilations, _ = map(list, zip(*cases, strict=True))
        yield (
            [
                [Fraction(rng.randint(-9, 9), rng.choice((1, 1, 2, 10))) for _ in range(lengths[1])]
                for _ in range(lengths[0])
            ],
            {
                "operation": operation, "kernel": kernels, "stride": strides,
                "padding": paddings, "dilation": dilations, "ceil_mode": ceil_mode,
            },
        )  # fmt: skip


def texts(rows: Numbers) -> list[list[str]]:
    return [list(map(str, row)) for row in rows]


def check(found: Derivation, expected: list[list[Fraction]]) -> None:
    assert value(found, "output") == tuple(map(tuple, expected))
    assert value(found, "shape") == (len(expected), len(expected[0]))
    for expression in expressions(found):
        for _, relation, _, left, right in closed_links(expression):
            assert is_true(left, relation, right, False), one_line(expression)


def test_values_of_a_convolution() -> None:
    rng = random.Random(3)
    for image, layer in random_layers("conv", 70, seed=4):
        weights = [
            [Fraction(rng.randint(-3, 3), rng.choice((1, 1, 4))) for _ in range(layer["kernel"][1])]
            for _ in range(layer["kernel"][0])
        ]
        expected = brute_force(image, weights, layer["kernel"], layer)
        assert expected is not None
        check(solved(**layer, image=texts(image), weights=texts(weights)), expected)


@pytest.mark.parametrize("operation", ["max-pool", "avg-pool"])
def test_values_of_pooling(operation: str) -> None:
    kept = 0
    for image, layer in random_layers(operation, 70, seed=5):
        expected = brute_force(image, None, layer["kernel"], layer)
        if expected is None:
            assert "padding alone" in refused(**layer, image=texts(image))
            continue
        check(solved(**layer, image=texts(image)), expected)
        kept += 1
    assert kept > 40


IMAGE = [[1, 3, -2, 4], [0, 8, 6, 5], [2, 1, -9, 0], [4, -1, 3, 7]]
WEIGHTS = [[1, 2], [-2, -1]]


def test_each_cell_and_each_corner() -> None:
    corners = {
        "top-left": (1, 1), "top-right": (1, 3), "bottom-left": (3, 1), "bottom-right": (3, 3),
        "bottom right": (3, 3), "top_left": (1, 1),
    }  # fmt: skip
    cells = {f"{i},{j}": (i, j) for i in (1, 2, 3) for j in (1, 2, 3)}
    output = value(solved(image=IMAGE, weights=WEIGHTS), "output")
    for at, (row, column) in {**corners, **cells}.items():
        found = solved(image=IMAGE, weights=WEIGHTS, at=at)
        assert value(found, "value") == output[row - 1][column - 1]
        (step,) = (step for step in found.steps if step.rule.startswith("compute the cell"))
        assert step.rule == f"compute the cell in row {row}, column {column}"
        sums = step.blocks[-1]
        assert isinstance(sums, Expr)
        assert one_line(sums).startswith(f"Y[{row}, {column}] = ")
        assert exact(sums.members[-1]) == output[row - 1][column - 1]  # type: ignore[attr-defined]
        products = sums.members[1].terms  # type: ignore[attr-defined]
        under = [IMAGE[row - 1 + i][column - 1 + j] for i in (0, 1) for j in (0, 1)]
        assert [exact(p.factors[0]) for p in products] == under


def test_a_kernel_of_one_entry() -> None:
    found = solved(image=[[5]], weights=[["-1/2"]])
    assert value(found, "output") == ((Fraction(-5, 2),),)


# What is said.


def test_what_is_never_seen() -> None:
    """The sentence stands where the last entries are seen by no window, and counts them rightly."""
    said = 0
    for case in GRID:
        length, ceil_mode, found = case[0], case[5], along_one_axis(case)
        note = str(found.steps[-1].note)
        seen = {index for window in windows(*case) for index in window}
        unseen = length - 1 - max((i for i in seen if 0 <= i < length), default=-1)
        counted = re.search(r"the last (?:(\d+) columns are|column is) never seen", note)
        if counted is None:
            assert "never seen" not in note
            assert ceil_mode or unseen == 0 or max(seen) >= length, case
        else:
            said += 1
            assert int(counted[1] or 1) == unseen, case
    assert said > 40


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, ["'input' is missing", "3@128x128"]),
        ({"input": "4x4"}, ["'kernel' is missing"]),
        ({"image": IMAGE}, ["'kernel' is missing"]),
        ({"image": IMAGE, "kernel": 2}, ["'weights' is missing"]),
        ({"input": "4x4", "kernel": "3x3x3"}, ["expected one size or 2", "not 3"]),
        ({"input": "4", "kernel": "3x3"}, ["expected one size, not 2"]),
        ({"input": "2x2x2x2x2x2", "kernel": 1}, ["one, two or three axes"]),
        ({"input": "3x3", "image": IMAGE, "weights": WEIGHTS}, ["4×4 and not 3×3"]),
        ({"image": IMAGE, "kernel": 3, "weights": WEIGHTS}, ["2×2 and not 3"]),
        ({"image": IMAGE, "kernel": "2x1", "weights": WEIGHTS}, ["2×2 and not 2×1"]),
        ({"input": "3@4x4", "image": IMAGE, "weights": WEIGHTS}, ["image is 1@4×4 and not 3@4×4"]),
        ({"image": IMAGE, "weights": WEIGHTS, "filters": 2}, ["of 1 filter and not 2"]),
        ({"image": IMAGE, "weights": WEIGHTS, "operation": "max-pool"}, ["no weights"]),
        ({"input": "4x4", "kernel": 2, "operation": "max-pool", "filters": 2}, ["leave filters"]),
        ({"image": [[1]], "weights": "[[[[[1]]]]]"}, ["have 5 axes and the input 2"]),
        ({"image": [[1], [2, 3]], "weights": [[1]]}, ["row 2 has 2 and row 1 has 1"]),
        ({"image": [[[1]], [[2], [3]]], "weights": [[1]]}, ["parts of one size", "is 2×1"]),
        ({"image": [], "weights": [[1]]}, ["expected a matrix"]),
        ({"image": {"a": 1}, "weights": [[1]]}, ["expected a matrix"]),
        ({"image": [["1/0"]], "weights": [[1]]}, ["expected numbers"]),
        ({"image": [["inf"]], "weights": [[1]]}, ["not the word 'inf'"]),
        ({"image": [IMAGE] * 2, "weights": [WEIGHTS]}, ["has 1 matrix and sees 2 channels"]),
        ({"image": IMAGE, "weights": WEIGHTS, "bias": True}, ["give the values of the biases"]),
        ({"image": IMAGE, "weights": WEIGHTS, "bias": [1, 2]}, ["one bias, for the one filter"]),
        ({"image": IMAGE, "weights": WEIGHTS, "bias": [[1, 2]]}, ["true, false, or a number"]),
        ({"image": IMAGE, "weights": WEIGHTS, "shared": False}, ["for shared weights"]),
        ({"image": [[IMAGE]], "input": "4x4", "kernel": 2}, ["expected a matrix, or a list"]),
        ({"input": "4x4", "weights": WEIGHTS}, ["'image' is missing: the values"]),
        ({"input": "4x4", "kernel": 2, "flip": True}, ["'image' is missing: the values"]),
        ({"input": "8@4x4", "kernel": 2, "groups": 3}, ["parted into 3 groups: write 1, 2 or 4"]),
        ({"input": "8@4x4", "kernel": 2, "groups": 4, "filters": 6}, ["6 filters", "2, 3 or 6"]),
        ({"input": "4x4", "kernel": 2, "groups": 4}, ["groups divide the channels"]),
        ({"input": "4x4", "kernel": 2, "output_padding": 1}, ["takes no 'output_padding'"]),
        ({"input": "4x4", "operation": "pad", "kernel": 2}, ["takes no 'kernel'"]),
        ({"input": "4x4", "operation": "transposed-conv", "kernel": 2, "ceil_mode": True},
         ["takes no 'ceil_mode'"]),
        ({"input": "4x4", "operation": "transposed-conv", "kernel": 2, "stride": 2,
          "output_padding": 2}, ["not below the stride of 2", "up to 1 fits"]),
        ({"input": "4x4", "operation": "transposed-conv", "kernel": 2, "padding": 3},
         ["nothing is left of the height", "size -1"]),
        ({"input": "4x4", "operation": "pad", "padding": "same"},
         ["'same' is the padding of convolution and pooling"]),
        ({"input": "4x4", "kernel": 2, "padding": "same", "ceil_mode": True}, ["leave ceil_mode"]),
        ({"input": "4x4", "kernel": 2, "padding": "smae"}, ["did you mean 'same'"]),
        ({"input": "4x4", "kernel": 2, "padding": "circular"}, ["same, or valid, not 'circular'"]),
        ({"input": "4x4", "kernel": 2, "padding": [[1, 2], [3, 4], [5, 6]]}, ["one size or 2"]),
        ({"input": "4x4", "kernel": 2, "padding": [[1, -2]]}, ["from 0", "before and after"]),
        ({"image": [[1]], "weights": "x < 1"}, ["numbers, one in each place"]),
        ({"image": IMAGE, "weights": WEIGHTS, "stride": "S"}, ["values need numbers"]),
        ({"image": IMAGE, "weights": WEIGHTS, "at": "4,4"}, ["the output is 3×3"]),
        ({"image": IMAGE, "weights": WEIGHTS, "at": "2"}, ["the output is 3×3"]),
        ({"image": IMAGE, "weights": WEIGHTS, "at": "middle"}, ["a corner such as"]),
        ({"input": "4x4", "kernel": 2, "at": "1,1"}, ["'image' is missing"]),
        ({"input": "4x4", "kernel": 2, "stride": 0}, ["whole number from 1", "not '0'"]),
        ({"input": "4x4", "kernel": "sqrt(2)"}, ["whole number from 1", "'sqrt(2)'"]),
        ({"input": "4x4", "kernel": "1/0"}, ["whole number from 1", "'1/0'"]),
        ({"input": "4x4", "kernel": "inf"}, ["whole number from 1", "'inf'"]),
        ({"input": "4x4", "kernel": 2, "filters": "9^9^9^9"}, ["numbers between"]),
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_is_said(given: dict[str, Any], words: list[str]) -> None:
    message = refused(**given)
    for word in words:
        assert word in message


def test_a_layer_too_large_to_write_out() -> None:
    message = refused(image=[[1] * 120] * 120, weights=[[1] * 12] * 12)
    assert message == "more than 1,000,000 products: give a smaller image"


def test_the_conventions_are_named() -> None:
    def notes(**given: Any) -> set[str]:
        return {note.id for note in solved(**given).notes}

    assert notes(input="4x4", kernel=2) == set()
    assert notes(image=IMAGE, weights=WEIGHTS) == {"conv.cross_correlation"}
    pooling = {"image": IMAGE, "kernel": 3, "stride": 2}
    assert notes(**pooling, operation="max-pool") == set()
    assert notes(**pooling, operation="max-pool", padding=1) == {"pool.padding_ignored"}
    assert notes(**pooling, operation="avg-pool", padding=1) == {"pool.padding_counted"}
    assert notes(**pooling, operation="avg-pool", ceil_mode=True) == {"pool.overhang"}


# Padding, costs and the other operations.


@pytest.mark.parametrize(
    ("given", "shape"),
    [
        ({"input": "5x5", "kernel": 3, "stride": 2, "padding": "same"}, (3, 3)),
        ({"input": "5x5", "kernel": 3, "padding": "valid"}, (3, 3)),
        ({"input": "5x6", "kernel": 3, "padding": [[1, 0], [0, 2]]}, (4, 6)),
        ({"input": "5x6", "kernel": 3, "padding": "1 0; 0 2"}, (4, 6)),
        ({"input": "5x6", "kernel": 3, "padding": [[1, 0]]}, (4, 5)),
        ({"input": "5x6", "kernel": 3, "padding": "1x2"}, (5, 8)),
        ({"input": [5], "kernel": 3, "padding": [1, 0]}, (4,)),
        ({"input": "3@5x6", "operation": "pad", "padding": [[1, 0], [0, 2]]}, (3, 6, 8)),
        ({"input": "5x6", "operation": "deconvolution", "kernel": 3, "stride": 2}, (11, 13)),
    ],
)
def test_padding_by_side_and_by_word(given: dict[str, Any], shape: tuple[int, ...]) -> None:
    assert value(solved(**given), "shape") == shape


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "before", "after"),
    [(5, 3, 2, 1, 1), (6, 3, 2, 0, 1), (224, 7, 2, 2, 3), (4, 2, 1, 0, 1), (6, 2, 3, 0, 0)],
)
def test_same_padding_is_that_of_tensorflow(
    size: int, kernel: int, stride: int, before: int, after: int
) -> None:
    """The examples of its documentation of padding, and its formula by hand."""
    from mlcalc.networks.convolution.windows import same_padding

    assert same_padding(size, kernel, stride) == (before, after)


def test_letters_of_same_and_transposed_layers() -> None:
    def shape(**given: Any) -> str:
        return one_line(solved(**given).answers[0].maths)

    assert shape(input="W", kernel="K", padding="same") == "W"
    assert shape(input="W", kernel=3, padding="same", stride=2) == "⌈W/2⌉"
    transposed = {"operation": "transposed-conv", "input": "W", "kernel": 4}
    assert shape(**transposed, stride=2, padding=1) == "2W"
    assert shape(**transposed, stride="S") == "S·(W − 1) + 4"
    assert shape(input="c@hxw", operation="pad", padding="P") == "c@(h + 2P)×(w + 2P)"


def test_costs() -> None:
    """AlexNet's second layer as published (Krizhevsky et al. 2012); Keras's local layer."""
    found = solved(input="96@27x27", kernel=5, padding=2, filters=256, groups=2)
    assert value(found, "parameters") == 256 * 48 * 25 + 256
    assert value(found, "multiplications") == 27 * 27 * 256 * 48 * 25
    assert value(found, "activations") == 186_624
    local = solved(input="3@8x8", kernel=3, filters=4, shared=False)
    assert value(local, "parameters") == 36 * (27 * 4 + 4)
    depthwise = solved(input="32@8x8", kernel=3, padding=1, groups="depthwise", bias=False)
    assert value(depthwise, "parameters") == 32 * 9
    assert "conv.depthwise" in {note.id for note in depthwise.notes}
    letters = solved(input="c@hxw", kernel="K", filters="F")
    assert one_line(letters.answers[1].maths) == "c·F·K·K + F"


def test_asides_are_checked() -> None:
    found = solved(input="4x4", kernel=2)
    assert value(found, "zeros") == Fraction(3, 4)
    assert value(found, "receptive_field") == 2
    assert value(found, "parameters") == 5
    assert value(solved(input="9x9", kernel=3, dilation="2x1"), "receptive_field") == (5, 3)


def test_the_cell_that_is_shown_lies_inside() -> None:
    found = solved(image=IMAGE, weights=WEIGHTS, padding=1)
    (step,) = (step for step in found.steps if step.rule.startswith("compute the cell"))
    assert step.rule == "compute the cell in row 2, column 2"


def test_a_cell_of_several_filters() -> None:
    given = {"image": [IMAGE, IMAGE], "weights": [[WEIGHTS, [[0, 0], [0, 1]]]] * 2, "bias": [1, 2]}
    assert value(solved(**given, at="3,3"), "value") == (-22 + 7 + 1, -22 + 7 + 2)
    assert value(solved(**given, at="2,3,3"), "value") == -13
    assert "2@3×3" in refused(**given, at="3,3,3")
    assert len(value(solved(**given), "output")) == 2


def test_stamps_of_a_transposed_convolution() -> None:
    """The example of Zhang et al., Dive into Deep Learning, 14.10."""
    given = {"operation": "transposed-conv", "image": [[0, 1], [2, 3]], "weights": [[0, 1], [2, 3]]}
    assert value(solved(**given), "output") == ((0, 0, 1), (0, 4, 6), (4, 12, 9))
    assert value(solved(**given, stride=2), "output") == (
        (0, 0, 0, 1), (0, 0, 2, 3), (0, 2, 0, 3), (4, 6, 6, 9),
    )  # fmt: skip
    assert value(solved(**given, padding=1), "output") == ((4,),)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kernel": "1e400"}, "between 10^-100 and 10^100"),
        ({"kernel": "10^30"}, "sizes up to 1,000,000,000"),
        ({"kernel": 2, "stride": "10^30"}, "sizes up to 1,000,000,000"),
        ({"kernel": 2, "padding": "10^30"}, "sizes up to 1,000,000,000"),
        ({"kernel": 2, "padding": "0 1e400; 0 1"}, "between 10^-100 and 10^100"),
        ({"kernel": 2, "filters": "1e400"}, "between 10^-100 and 10^100"),
        ({"kernel": 2, "groups": "10^30"}, "up to 1,000,000,000"),
        ({"kernel": "true"}, "a whole number from 1"),
        ({"kernel": "null"}, "a whole number from 1"),
        ({"kernel": 2, "stride": "nan"}, "a whole number from 1"),
        ({"kernel": 2, "padding": "yes"}, "a whole number from 0"),
        ({"kernel": 2, "filters": "true"}, "a whole number from 1"),
        ({"kernel": 2, "dilation": "inf"}, "a whole number from 1"),
        ({"kernel": 0}, "a whole number from 1"),
    ],
)
def test_what_is_too_large_or_no_size_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid) as caught:
        solved(input="8x8", **given)
    assert words in str(caught.value)
