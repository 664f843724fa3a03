"""The value and the gradients, in the manner of the values that were typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mlcalc.maths.evaluate import Rows
from mlcalc.maths.functions import to_float
from mlcalc.maths.tree import Chain, Expr, Listing, Number, Symbol, walk
from mlcalc.maths.vectors import LARGEST_IN_DIGITS
from mlcalc.networks.backpropagation.notation import partial, worked_line
from mlcalc.networks.backpropagation.passes import Known, Passes
from mlcalc.networks.backpropagation.question import Typed
from mlcalc.networks.backpropagation.shapes import NUMBER
from mlcalc.showing.derivation import Answer, Result, with_decimal


def answers(passes: Passes, typed: Mapping[Symbol, Typed]) -> tuple[Answer, ...]:
    """Of a list the gradient is a list, of a matrix a matrix."""
    is_decimal = has_decimals(typed.values())
    values: dict[str, Result] = {}
    lines = []
    for name in passes.graph.variables:
        known = passes.slopes[name]
        values[name.spelled] = result_of(known.rows, typed[name].is_list)
        lines.append(answer_line(partial(passes.top, name), shown(known, is_decimal)))
    output = passes.forward.values[passes.graph.output]
    value = result_of(output.rows, is_list=output.size[1] == 1)
    return (
        Answer("value", value, shown(output, is_decimal), passes.result),
        Answer("gradients", values, Listing(tuple(lines))),
    )


def has_decimals(typed: Iterable[Typed]) -> bool:
    """Whether a value was typed as a decimal, 0.5, so that the answers are decimals too."""
    return any(
        isinstance(part, Number) and "." in (part.written or "")
        for one in typed
        for part in walk(one.known.written)
    )


def shown(known: Known, is_decimal: bool) -> Expr:
    """18/7 ≈ 2.5714; a decimal alone where decimals were typed."""
    number = known.rows[0][0]
    is_plain = is_decimal or known.size != NUMBER or abs(to_float(number)) >= LARGEST_IN_DIGITS
    return known.written if is_plain else with_decimal(number)


def result_of(rows: Rows, is_list: bool) -> Result:
    """A number, a list or a matrix."""
    if len(rows) == len(rows[0]) == 1:
        return rows[0][0]
    return tuple(row[0] for row in rows) if is_list else rows


def answer_line(symbol: Expr, maths: Expr) -> Chain:
    if isinstance(maths, Chain):
        return Chain(symbol, (("=", maths.first), *maths.links))
    return worked_line(symbol, maths)
