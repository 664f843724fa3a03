"""Parameter counts of recurrent layers against PyTorch's and Keras's, and shapes in letters."""

from __future__ import annotations

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Place
from mlcalc.files.fields import as_number
from mlcalc.marking.exercise import solve
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr, Listing, Shape, Symbol
from mlcalc.networks.recurrence.parameters import INPUT_TAPS, OUTPUT_TAPS
from mlcalc.networks.recurrence.sizes import shapes_and_counts


def counts(cell: str, *sizes: int) -> list[str]:
    """The printed members of the chains of counts: our own, PyTorch's and Keras's."""
    found = shapes_and_counts(cell, Shape(tuple(map(as_number, sizes))), {}, "sizes")
    own = found.answer("parameter_count")
    assert own is not None
    table = found.steps[-1].blocks[0]
    return [str(own.value), *(one_line(row[1]) for row in table.rows)]  # type: ignore[union-attr, arg-type]


@pytest.mark.parametrize("cell", ["RNN", "LSTM", "GRU"])
def test_counts_are_those_of_pytorch(cell: str) -> None:
    torch = pytest.importorskip("torch")
    own, theirs, _ = counts(cell.lower(), 10, 20)
    two_biases = getattr(torch.nn, cell)(10, 20)
    no_bias = getattr(torch.nn, cell)(10, 20, bias=False)
    with_two, without = (sum(p.numel() for p in m.parameters()) for m in (two_biases, no_bias))
    assert theirs.endswith(f"= {with_two}")
    assert int(own) == (with_two + without) // 2


@pytest.mark.parametrize(("cell", "published"), [("rnn", 36), ("lstm", 144), ("gru", 120)])
def test_counts_are_those_of_keras(cell: str, published: int) -> None:
    """What `model.summary()` gives for 4 units on inputs of 4 numbers; a GRU has reset_after."""
    assert counts(cell, 4, 4)[2].endswith(f"= {published}")


def test_letters_give_formulas() -> None:
    d, k = Symbol("D"), Symbol("k")
    found = shapes_and_counts("gru", Shape((d, k)), {}, "sizes")
    assert one_line(found.answers[0].maths) == "3·(k·D + k·k + k)"
    assert found.answers[1].value["W_hz"] == Listing((k, k))  # type: ignore[index, call-overload]


def test_taps_widen_the_matrices() -> None:
    taps: dict[Expr, Expr] = {INPUT_TAPS: as_number(2), OUTPUT_TAPS: as_number(3)}
    sizes = Shape((as_number(5), as_number(7), as_number(4)))
    shapes = shapes_and_counts("narx", sizes, taps, "sizes").answers[1].value
    assert shapes["W_xh"] == (7, 15)  # type: ignore[index, call-overload]
    assert shapes["W_hh"] == (7, 12)  # type: ignore[index, call-overload]
    assert shapes["W_hy"] == (4, 7)  # type: ignore[index, call-overload]


@pytest.mark.parametrize("sizes", ["3, 4, 2", "D, k, m", "1000000, 1000000, 1"])
def test_sizes_print_the_equations_of_the_cell(sizes: str) -> None:
    """Elman (1990) with biases; how large the sizes are changes nothing."""
    given = {"sizes": sizes, "activation": "sigmoid", "output_activation": "softmax"}
    found = solve("rnn-step", from_plain(given, Place("test")))  # type: ignore[arg-type]
    lines = [one_line(block) for block in found.steps[0].blocks if isinstance(block, Expr)]
    last = "yₜ = softmax(oₜ)"
    assert [type(picture.drawing).__name__ for picture in found.pictures] == ["Graph", "Graph"]
    assert lines == ["zₜ = W_xh xₜ + W_hh hₜ₋₁ + bₕ", "hₜ = σ(zₜ)", "oₜ = W_hy hₜ + b_y", last]
