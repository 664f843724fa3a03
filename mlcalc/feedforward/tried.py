"""Claimed weights of a design, tried: many networks do what was asked, of any size.

A claim is a list of matrices with the bias in the first column, `weights` as they are printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from mlcalc.derivation import Result
from mlcalc.feedforward.boolean_formula import Bits
from mlcalc.feedforward.staircase import Levels

Rows: TypeAlias = tuple[tuple[Fraction, ...], ...]


def gives_table(table: Mapping[Bits, int], activation: str, value: Result) -> bool:
    """Whether the claimed weights say 1 on just the rows of the table that are 1.

    A sigmoid says 1 where it is above one half, its hidden units taken as steps.
    """
    layers = layers_of(value, len(next(iter(table))))
    if layers is None or len(layers[-1]) != 1:
        return False
    for bits, wanted in table.items():
        *_, (total,) = sums(layers, tuple(map(Fraction, bits)))
        if activation == "sigmoid" and total == 0:
            return False  # exactly one half
        if (total >= 0) != bool(wanted):
            return False
    return True


def gives_levels(levels: Levels, value: Result) -> bool:
    """Whether step units and a linear output make the staircase, everywhere on the line.

    Both functions are constant between the places where either jumps.
    """
    layers = layers_of(value, 1)
    if layers is None or len(layers) != 2 or len(layers[-1]) != 1:
        return False
    jumps = {-bias / weight for bias, weight in layers[0] if weight}
    places = sorted(jumps | {place for place, _ in levels.steps})
    between = [(left + right) / 2 for left, right in pairwise(places)]
    points = [places[0] - 1, *places, *between, places[-1] + 1]
    return all(sums(layers, (point,))[-1][0] == level(levels, point) for point in points)


def level(levels: Levels, point: Fraction) -> Fraction:
    passed = [value for place, value in levels.steps if place <= point]
    return passed[-1] if passed else levels.before


def sums(layers: Sequence[Rows], inputs: Sequence[Fraction]) -> list[tuple[Fraction, ...]]:
    """The sums of each layer, with step units between them."""
    found = []
    values = tuple(inputs)
    for layer in layers:
        total = tuple(
            row[0] + sum((w * x for w, x in zip(row[1:], values, strict=True)), Fraction(0))
            for row in layer
        )
        found.append(total)
        values = tuple(Fraction(1 if each >= 0 else 0) for each in total)
    return found


def layers_of(value: Result, inputs: int) -> list[Rows] | None:
    """The matrices of a claim, exact; None where they do not chain from that many inputs."""
    if not isinstance(value, tuple) or not value:
        return None
    layers: list[Rows] = []
    for matrix in value:
        if not isinstance(matrix, tuple) or not matrix:
            return None
        rows: list[tuple[Fraction, ...]] = []
        for row in matrix:
            if not isinstance(row, tuple) or len(row) != inputs + 1:
                return None
            if not all(isinstance(entry, Fraction | float) for entry in row):
                return None
            rows.append(tuple(Fraction(e) for e in row if isinstance(e, Fraction | float)))
        layers.append(tuple(rows))
        inputs = len(rows)
    return layers
