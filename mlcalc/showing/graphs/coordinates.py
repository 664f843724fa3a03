"""Where across the direction each slot lies: as near to its neighbours as their sizes allow."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from mlcalc.showing.graphs.ordering import Layers, Link, Slot

SWEEPS = 8
Distance = Callable[[Slot, Slot], float]
"""The least distance between the middles of two slots that follow each other in a layer."""

Offset = Callable[[Link], float]
"""How far from the middle of its target a link arrives."""


def coordinates(layers: Layers, distance: Distance, offset: Offset) -> dict[Slot, int]:
    """The middle of each slot; the first lies at 0."""
    wanted = columns_of(layers, distance)
    at: dict[Slot, float] = {}
    for row in layers.slots:
        at |= settled(row, [wanted.get(slot, 0.0) for slot in row], distance)
    for sweep in range(0 if layers.lanes else SWEEPS):
        is_down, is_last = sweep % 2 == 0, sweep >= SWEEPS - 2
        for row in layers.slots if is_down else layers.slots[::-1]:
            wishes = [wish(slot, layers, at, offset, is_down, is_last) for slot in row]
            at |= settled(row, wishes, distance, [weight(slot, layers) for slot in row])
    whole: dict[Slot, int] = {}
    for row in layers.slots:
        whole |= rounded(row, at, distance)
    straighten(whole, layers, distance, offset)
    first = min(whole.values(), default=0)
    return {slot: value - first for slot, value in whole.items()}


def wish(
    slot: Slot, layers: Layers, at: dict[Slot, float], offset: Offset, is_down: bool, both: bool
) -> float:
    """The mean place at which the wires of one side, or of both, would be straight."""
    pulls: list[tuple[float, float]] = []
    if is_down or both:
        pulls += [
            (at[link.source] - offset(link), stiffness(link, layers))
            for link in layers.entering[slot]
        ]
    if both or not is_down:
        pulls += [
            (at[link.target] + offset(link), stiffness(link, layers))
            for link in layers.leaving[slot]
        ]
    total = sum(pull for _, pull in pulls)
    return sum(place * pull for place, pull in pulls) / total if total else at[slot]


def stiffness(link: Link, layers: Layers) -> float:
    """How much it matters that a link is straight: most in the midst of a long wire."""
    ends = layers.is_node(link.source) + layers.is_node(link.target)
    return (16.0, 3.0, 1.0)[ends]


def weight(slot: Slot, layers: Layers) -> float:
    links = [*layers.entering[slot], *layers.leaving[slot]]
    return 1.0 + sum(stiffness(link, layers) for link in links)


def columns_of(layers: Layers, distance: Distance) -> dict[Slot, float]:
    """The places of lanes that the caller gave, equal in all layers and as close as may be."""
    middle: dict[float, float] = {}
    for lane in sorted(set(layers.lanes.values())):
        middle[lane] = max(
            (
                middle[layers.lanes[before]] + distance(before, slot)
                for row in layers.slots
                for before, slot in pairwise(row)
                if layers.lanes.get(slot) == lane and layers.lanes[before] < lane
            ),
            default=max(middle.values(), default=0.0),
        )
    return {slot: middle[lane] for slot, lane in layers.lanes.items()}


def settled(
    row: Sequence[Slot], wishes: Sequence[float], distance: Distance, weights: Sequence[float] = ()
) -> dict[Slot, float]:
    """The places nearest to the wishes, by least squares, that keep order and distances.

    Without the distances it is an isotonic regression, found by pooling adjacent violators.
    """
    shifts = totals(row, distance)
    pools: list[tuple[float, float, int]] = []
    for wished, shift, heavy in zip(wishes, shifts, weights or [1.0] * len(row), strict=True):
        mean, total, count = wished - shift, heavy, 1
        while pools and pools[-1][0] > mean:
            before, other, many = pools.pop()
            mean = (mean * total + before * other) / (total + other)
            total, count = total + other, count + many
        pools.append((mean, total, count))
    means = [mean for mean, _, count in pools for _ in range(count)]
    return {s: mean + shift for s, mean, shift in zip(row, means, shifts, strict=True)}


def rounded(row: Sequence[Slot], at: dict[Slot, float], distance: Distance) -> dict[Slot, int]:
    """Whole places; what is left without the distances rises, and so do its rounded values."""
    shifts = totals(row, distance)
    return {
        slot: round(at[slot] - shift + 1e-6) + round(shift)
        for slot, shift in zip(row, shifts, strict=True)
    }


def straighten(at: dict[Slot, int], layers: Layers, distance: Distance, offset: Offset) -> None:
    """Moves what has one wire in, or none, to where fewer wires turn, while there is room.

    What has several stays in the midst of them.
    """
    for row, is_down in [*((row, True) for row in layers.slots),
                         *((row, False) for row in layers.slots[::-1])]:  # fmt: skip
        for n, slot in enumerate(row):
            arriving, leaving = layers.entering[slot], layers.leaving[slot]
            if len(arriving) > 1 or (slot in layers.lanes and layers.is_node(slot)):
                continue
            straight = [at[link.source] - round(offset(link)) for link in arriving]
            straight += [at[link.target] + round(offset(link)) for link in leaving]
            low = at[row[n - 1]] + distance(row[n - 1], slot) if n else -math.inf
            high = at[row[n + 1]] - distance(slot, row[n + 1]) if n + 1 < len(row) else math.inf
            places = [place for place in straight if low <= place <= high]
            # Of equal places the one straight from where the sweep comes, so that chains follow.
            places = [*(places if is_down else places[::-1]), at[slot]]
            turns = {place: sum(place != other for other in straight) for place in places}
            if straight and turns[at[slot]]:
                at[slot] = min(places, key=lambda place: turns[place])


def totals(row: Sequence[Slot], distance: Distance) -> list[float]:
    found = [0.0] * len(row)
    for n in range(1, len(row)):
        found[n] = found[n - 1] + distance(row[n - 1], row[n])
    return found
