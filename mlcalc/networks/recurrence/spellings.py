"""Weights by the names that others give them: PyTorch's weight_ih_l0, and U, V, W of textbooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlcalc.files.problem import Field
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Add, Expr, Matrix
from mlcalc.maths.vectors import compact, writer
from mlcalc.networks.recurrence.question import RecurrentQuestion

BLOCKS = {"rnn": "h", "lstm": "ifgo", "gru": "rzn"}
"""In which order PyTorch puts the blocks of the gates one below the other."""
STACKED = (
    RecurrentQuestion.weight_ih_l0, RecurrentQuestion.weight_hh_l0,
    RecurrentQuestion.bias_ih_l0, RecurrentQuestion.bias_hh_l0,
)  # fmt: skip
LETTERS = (RecurrentQuestion.U, RecurrentQuestion.V, RecurrentQuestion.W)


def in_our_names(given: RecurrentQuestion) -> RecurrentQuestion:
    """The same question by W_xh, W_hh, W_hy or the weights of gates.

    Raises `Invalid` where the names of others do not tell which weights they are.
    """
    found: dict[str, Any] = {}
    typed = [field for field in (*STACKED, *LETTERS) if given.is_given(field)]
    if not typed:
        return given
    if any(field in STACKED for field in typed):
        found |= unstacked(given)
    if any(field in LETTERS for field in typed):
        found |= by_letters(given)
    for name in found:
        if given.is_given(own := given.fields[name]):
            message = f"{given.typed_name(own)} and {given.typed_name(typed[0])} are the same: "
            raise given.fault(f"{message}give one", typed[0])
    return given.with_values(**found, **{field.name: None for field in typed})


def unstacked(given: RecurrentQuestion) -> dict[str, Matrix]:
    """The blocks of PyTorch's matrices and vectors, and the sums of its two biases."""
    if given.cell not in BLOCKS:
        raise given.fault("PyTorch has such weights for an rnn, lstm or gru", typed_first(given))
    gates = BLOCKS[given.cell]
    found: dict[str, Matrix] = {}
    for field, source in zip(STACKED[:2], "xh", strict=True):
        for gate, block in blocks(given, field, gates):
            found[f"W_{source}{gate}"] = block
    both = (given.bias_ih_l0, given.bias_hh_l0)
    if both[0] is not None and both[1] is not None and both[0].shape != both[1].shape:
        message = "the biases must be of one length: PyTorch adds bias_ih_l0 and bias_hh_l0"
        raise given.fault(message, STACKED[3])
    for field in STACKED[2:]:
        for gate, block in blocks(given, field, gates):
            is_inner = field is RecurrentQuestion.bias_hh_l0 and (given.cell, gate) == ("gru", "n")
            name = "b_hn" if is_inner else f"b_{gate}"
            if name in found:
                given.remarks += (summed_note(given, name, found[name], block),)
            found[name] = total(found[name], block) if name in found else block
    names = ", ".join(name for name in found if name.startswith("W_x"))
    if len(gates) > 1 and names:
        text = f"weight_ih_l0 has the rows of {names} one below the other, as PyTorch stacks them"
        given.remarks = (*given.remarks, Note("rnn.stacked", text))
    return found


def typed_first(given: RecurrentQuestion) -> Field[Any]:
    return next(field for field in STACKED if given.is_given(field))


def blocks(
    given: RecurrentQuestion, field: Field[Matrix | None], gates: str
) -> Iterator[tuple[str, Matrix]]:
    """The rows of each gate."""
    matrix: Matrix | None = given.values[field.name]
    if matrix is None:
        return
    rows = matrix.shape[0]
    if rows % len(gates):
        name, order = given.typed_name(field), ", ".join(gates)
        message = f"{name} of {given.cell} has the rows of {order} one below the other: "
        raise given.fault(f"{message}a multiple of {len(gates)}, not {rows}", field)
    units = rows // len(gates)
    for number, gate in enumerate(gates):
        yield gate, Matrix(matrix.rows[number * units : (number + 1) * units])


def summed_note(given: RecurrentQuestion, name: str, one: Matrix, other: Matrix) -> Note:
    """b_h = b_ih + b_hh, with the numbers."""
    names = " + ".join(map(given.typed_name, STACKED[2:]))
    numbers = " + ".join(one_line(compact(each)) for each in (one, other))
    text = f"{name} = {names} = {numbers} = {one_line(compact(total(one, other)))}"
    return Note("rnn.summed_biases", f"{text}: PyTorch has two biases, which it adds")


def total(one: Matrix, other: Matrix) -> Matrix:
    pairs = zip(one.rows, other.rows, strict=True)
    return Matrix.column(added(a, b) for (a,), (b,) in pairs)


def added(one: Expr, other: Expr) -> Expr:
    a, b = exact(one), exact(other)
    return Add((one, other)) if a is None or b is None else writer([Matrix(((one, other),))])(a + b)


def by_letters(given: RecurrentQuestion) -> dict[str, Matrix]:
    """U and W by their shapes: some books take W for the state, and some for the input."""
    first, _, third = LETTERS
    if given.cell not in ("rnn", "elman"):
        field = next(field for field in LETTERS if given.is_given(field))
        raise given.fault("U, V and W are those of a simple rnn: write the names of gates", field)
    u, w = given.U, given.W
    if u is None or w is None:
        missing = "W" if w is None else "U"
        message = f"'{missing}' is missing: U and W go together, or write W_xh and W_hh"
        raise given.fault(message)
    found = {"W_hy": given.V} if given.V is not None else {}
    readings = [pair for pair in ((u, w), (w, u)) if fits(given, *pair)]
    if not readings:
        sizes = " and ".join("×".join(map(str, m.shape)) for m in (u, w))
        message = f"U and W are {sizes}: one must be square, from state to state, and the other "
        raise given.fault(f"{message}have as many rows, and a column for each input", first)
    if len(readings) > 1 and u != w:
        message = "U and W are read in two ways: from the input U and from the state W (Goodfellow "
        message += "et al.), or from the input W and from the state U (Jurafsky and Martin)"
        raise given.fault(f"{message}: write W_xh and W_hh", third)
    of_input, of_state = readings[0]
    names = ("U", "W") if of_input is u else ("W", "U")
    text = f"{names[0]} is read as the weights from the input, {names[1]} as those from the state"
    given.remarks = (*given.remarks, Note("rnn.letters", text))
    return {"W_xh": of_input, "W_hh": of_state, **found}


def fits(given: RecurrentQuestion, of_input: Matrix, of_state: Matrix) -> bool:
    """Whether the shapes are those of an input and of a state."""
    rows, columns = of_state.shape
    size = given.x[0].shape[0] if given.x else of_input.shape[1]
    return rows == columns and of_input.shape == (rows, size)
