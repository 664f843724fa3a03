"""Where across the direction each slot lies: as near to its neighbours as their sizes allow."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlcalc.graphs.ordering import Layers, Link, Slot

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
            at |= settled(row, wishes, distance)
    whole = {}
    for row in layers.slots:
        whole |= rounded(row, at, distance)
    first = min(whole.values(), default=0)
    return {slot: value - first for slot, value in whole.items()}


def wish(
    slot: Slot, layers: Layers, at: dict[Slot, float], offset: Offset, is_down: bool, both: bool
) -> float:
    """The mean place at which the wires of one side, or of both, would be straight."""
    places = []
    for link in layers.links:
        if link.target == slot and (is_down or both):
            places.append(at[link.source] - offset(link))
        elif link.source == slot and (both or not is_down):
            places.append(at[link.target] + offset(link))
    return sum(places) / len(places) if places else at[slot]


def columns_of(layers: Layers, distance: Distance) -> dict[Slot, float]:
    """The places of lanes that the caller gave, equal in all layers and as close as may be."""
    middle: dict[float, float] = {}
    for lane in sorted(set(layers.lanes.values())):
        middle[lane] = max(
            (
                middle[layers.lanes[before]] + distance(before, slot)
                for row in layers.slots
                for before, slot in zip(row, row[1:], strict=False)
                if layers.lanes.get(slot) == lane and layers.lanes[before] < lane
            ),
            default=max(middle.values(), default=0.0),
        )
    return {slot: middle[lane] for slot, lane in layers.lanes.items()}


def settled(row: Sequence[Slot], wishes: Sequence[float], distance: Distance) -> dict[Slot, float]:
    """The places nearest to the wishes, by least squares, that keep order and distances.

    Without the distances it is an isotonic regression, found by pooling adjacent violators.
    """
    shifts = totals(row, distance)
    pools: list[tuple[float, int]] = []
    for wished, shift in zip(wishes, shifts, strict=True):
        mean, count = wished - shift, 1
        while pools and pools[-1][0] > mean:
            before, many = pools.pop()
            mean = (mean * count + before * many) / (count + many)
            count += many
        pools.append((mean, count))
    means = [mean for mean, count in pools for _ in range(count)]
    return {s: mean + shift for s, mean, shift in zip(row, means, shifts, strict=True)}


def rounded(row: Sequence[Slot], at: dict[Slot, float], distance: Distance) -> dict[Slot, int]:
    """Whole places; what is left without the distances rises, and so do its rounded values."""
    shifts = totals(row, distance)
    return {
        slot: round(at[slot] - shift + 1e-6) + round(shift)
        for slot, shift in zip(row, shifts, strict=True)
    }


def totals(row: Sequence[Slot], distance: Distance) -> list[float]:
    found = [0.0] * len(row)
    for n in range(1, len(row)):
        found[n] = found[n - 1] + distance(row[n - 1], row[n])
    return found
