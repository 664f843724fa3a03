"""Names that the working gives again, told apart by a raised mark: z_1^(2).

What one example gives is marked by its number, and what the network gives after some steps of the
training by theirs, so that no name of a derivation stands for two values.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from mlcalc.maths.records import Later
from mlcalc.maths.tree import Expr, Indexed, Marked, Symbol, map_parts
from mlcalc.networks.equations import L
from mlcalc.networks.feedforward.network import LayeredNetwork, T, X, Y
from mlcalc.showing.derivation import Step, Table

Part = TypeVar("Part", Step, Expr)


def of_example(step: Step, network: LayeredNetwork, number: int) -> Step:
    """The working of one example among several; its loss is L_2 already."""
    return marked(step, {X, Y, T, *units(network)}, f"({number})")


def units(network: LayeredNetwork) -> set[Expr]:
    """z, a and δ of each layer."""
    return {
        name
        for layer in network.layers
        for name in (layer.sum_name, layer.output_name, layer.delta_name)
    }


def marked(value: Part, names: Collection[Expr], mark: str) -> Part:
    """The same with the names marked, wherever they stand."""
    found: Part = replaced(value, names, mark)
    return found


def replaced(value: Any, names: Collection[Expr], mark: str) -> Any:
    """Whatever stands in a step with the names marked; L_2 is among them where L is."""
    match value:
        case Step(rule, blocks, note, substeps, of):
            parts = [replaced(part, names, mark) for part in (blocks, note, substeps)]
            return Step(rule, parts[0], parts[1], parts[2], of)
        case Table(header, rows, caption, along):
            return Table(*(replaced(part, names, mark) for part in (header, rows, caption, along)))
        case tuple() | Later():
            return tuple(replaced(part, names, mark) for part in value)
        case Expr() if value in names or loss_of(value) in names:
            return Marked(value, mark)
        case Expr():
            return map_parts(value, lambda part: replaced(part, names, mark))
    return value


def loss_of(name: Expr) -> Expr | None:
    """L of L_2 and of L_i."""
    match name:
        case Symbol(letter, _, ""):
            return L if letter == L.name else None
        case Indexed(base, _):
            return base if base == L else None
    return None
