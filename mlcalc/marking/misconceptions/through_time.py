"""The way back through a recurrent network of one layer in floats, as students go it wrong."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from operator import mul

from mlcalc.marking.misconceptions.case import Case, Results
from mlcalc.maths.evaluate import evaluate, flattened
from mlcalc.maths.tree import Expr

Vector = list[float]
Rows = list[Vector]

DELTAS = {("squared-error", "identity"): 2, ("half-squared-error", "identity"): 1,
          ("cross-entropy", "softmax"): 1, ("binary-cross-entropy", "sigmoid"): 1}  # fmt: skip
"""By loss and output activation: how many times y − t comes back from an output."""

PLAIN = ("layers", "backward", "loss_from", "loss_weights", "sequence_loss", "truncate", "steps")
"""Fields without which every step counts the same and is carried back to the beginning."""


def rows_of(value: object) -> Rows:
    """A matrix, or vectors of one length, as rows of floats; nothing where it is neither."""
    found = evaluate(value) if isinstance(value, Expr) else value
    if isinstance(found, Fraction | float):
        return [[float(found)]]
    rows: Rows = []
    for part in found if isinstance(found, tuple) else ():
        row = evaluate(part) if isinstance(part, Expr) else part
        if not isinstance(row, tuple | Fraction | float):
            return []
        rows.append([float(x) for x in flattened(row)])
    return rows if len({*map(len, rows)}) == 1 else []


def derivative_forgotten(case: Case) -> Results:
    """δ_t = W_hyᵀ(y_t − t_t) + W_hhᵀδ_(t+1), without the activation's derivative."""
    given = case.given.values
    factor = DELTAS.get((given["loss"], given["output_activation"]))
    is_plain = given["cell"] == "rnn" and not case.is_given(*PLAIN)
    if factor is None or not is_plain or given["activation"] == "identity":
        return {}
    names = ("W_hh", "W_hy", "targets", "x")
    recurrent, output, targets, inputs = (rows_of(given.get(name)) for name in names)
    states, outputs = rows_of(case.value("h")), rows_of(case.value("y"))
    if not all((recurrent, output, targets, inputs, states)) or len(states) != len(targets):
        return {}
    before = [initial(case, len(recurrent)), *states[:-1]]
    deltas: Rows = []
    following = [0.0] * len(recurrent)
    for wanted, found in zip(reversed(targets), reversed(outputs), strict=True):
        error = [factor * (y - t) for y, t in zip(found, wanted, strict=True)]
        ahead = zip(back(output, error), back(recurrent, following), strict=True)
        following = [here + later for here, later in ahead]
        deltas.insert(0, following)
    found_gradients: dict[str, tuple[tuple[float, ...], ...]] = {
        "W_xh": summed(deltas, inputs),
        "W_hh": summed(deltas, before),
    }
    if case.is_given("b_h"):
        found_gradients["b_h"] = summed(deltas, [[1.0]] * len(deltas))
    return {"gradients": found_gradients}


def initial(case: Case, size: int) -> Vector:
    rows = rows_of(case.given.values.get("h0"))
    return [x for row in rows for x in row] or [0.0] * size


def back(matrix: Rows, delta: Vector) -> Vector:
    """Mᵀδ."""
    return [sum(map(mul, column, delta)) for column in zip(*matrix, strict=True)]


def summed(deltas: Rows, read: Iterable[Vector]) -> tuple[tuple[float, ...], ...]:
    """Σ δ_t v_tᵀ over the steps."""
    pairs = list(zip(deltas, read, strict=True))
    rows, columns = len(pairs[0][0]), len(pairs[0][1])
    return tuple(
        tuple(sum(d[i] * v[j] for d, v in pairs) for j in range(columns)) for i in range(rows)
    )
