"""The space between two layers, in which wires change their place across the direction.

Each net enters at one place and leaves at some; it turns on a track of its own.  Two nets of
which one enters where the other leaves must turn in that order, and where such demands go round
in a circle one of the nets turns twice, over a place that is free.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.maths.records import Record


class Net(Record):
    """A wire with its branches: where it enters and where it leaves."""

    enters: int
    leaves: tuple[int, ...]

    @property
    def span(self) -> tuple[int, int]:
        return min(self.enters, *self.leaves), max(self.enters, *self.leaves)

    @property
    def is_straight(self) -> bool:
        return set(self.leaves) == {self.enters}


class Turn(Record):
    """A net, or one half of it, with the number of the track on which it turns.

    `begins` is None at the edge of the channel, else the track on which the first half turned.
    """

    net: Net
    track: int
    begins: int | None = None
    is_open: bool = True


def turns(nets: Sequence[Net]) -> list[Turn]:
    """The tracks of all nets that turn, counted from 0."""
    pending = [net for net in nets if not net.is_straight]
    used = {place for net in nets for place in (net.enters, *net.leaves)}
    first_half: dict[int, int] = {}
    halves: dict[int, int] = {}
    placed: dict[int, int] = {}
    todo = list(range(len(pending)))
    while todo:
        ready = [
            n
            for n in todo
            if first_half.get(n, -1) not in todo
            and not must_wait(n, pending, [m for m in todo if first_half.get(m) != n])
        ]
        if not ready:
            # A place where a net leaves belongs to it alone, so all that wait stand in circles.
            n = todo[0]
            net = pending[n]
            free = free_place(net, used)
            used.add(free)
            pending[n] = Net(net.enters, (free,))
            pending.append(Net(free, net.leaves))
            first_half[len(pending) - 1] = n
            halves[n] = len(pending) - 1
            todo.append(len(pending) - 1)
            continue
        n = min(ready, key=lambda n: pending[n].span)
        placed[n] = track_for(n, pending, placed, first_half)
        todo.remove(n)
    return [
        Turn(pending[n], track, placed[first_half[n]] if n in first_half else None, n not in halves)
        for n, track in placed.items()
    ]


def must_wait(n: int, nets: Sequence[Net], todo: Sequence[int]) -> bool:
    """Whether a net that is not placed yet enters where this one leaves."""
    return any(nets[m].enters in nets[n].leaves for m in todo if m != n)


def track_for(
    n: int, nets: Sequence[Net], placed: dict[int, int], first_half: dict[int, int]
) -> int:
    """The first track after those it must follow on which no other net is in its way."""
    low, high = nets[n].span
    after = [
        track
        for m, track in placed.items()
        if nets[m].enters in nets[n].leaves or first_half.get(n) == m
    ]
    track = max(after, default=-1) + 1
    while any(
        track == other and nets[m].span[0] <= high and low <= nets[m].span[1]
        for m, other in placed.items()
    ):
        track += 1
    return track


def free_place(net: Net, used: set[int]) -> int:
    """The place nearest to the net's middle where no wire enters or leaves."""
    low, high = net.span
    middle = (low + high) // 2
    return next(
        place
        for far in range(len(used) + 1)
        for place in (middle + far, middle - far)
        if place not in used and place >= 0
    )
