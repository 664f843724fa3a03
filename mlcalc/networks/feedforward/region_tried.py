"""Claimed weights of a region, tried on every face of the arrangement of all lines involved.

The edges of the region and the lines on which units of the network change cut space into cells,
edges and corners; on each of these both are constant.  The search below splits space by one line
at a time, and no further where what is known already decides.  Whether a part has points, linear
programming says exactly, with one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from mlcalc.learning.separation import CommonPoint, Point, lowest, separate
from mlcalc.maths.functions import in_whole_numbers
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Listing, Number
from mlcalc.networks.feedforward.region import Region, ahead
from mlcalc.networks.feedforward.tried import Rows, Tried, at, is_rounded

MOST_PARTS = 1500
"""So many parts of space are looked at."""

LONGEST = 1000
"""A point with a larger denominator is not shown."""

Known = int | None
"""What is known of a bit: 0, 1, or nothing."""

EVERYWHERE = frozenset((-1, 0, 1))


class Test(Record):
    """Whether a point is on one side of a plane: the sign there, turned, is one of `signs`."""

    plane: int
    turn: int
    signs: frozenset[int]

    def known(self, part: Sequence[frozenset[int]]) -> Known:
        found = {sign * self.turn in self.signs for sign in part[self.plane]}
        return int(found.pop()) if len(found) == 1 else None

    def split(self, part: Sequence[frozenset[int]]) -> list[list[frozenset[int]]]:
        """The part of space where the test holds, and the other."""
        on = frozenset(sign for sign in part[self.plane] if sign * self.turn in self.signs)
        return [
            [*part[: self.plane], signs, *part[self.plane + 1 :]]
            for signs in (on, part[self.plane] - on)
        ]


REACHED, PASSED = frozenset((0, 1)), frozenset((1,))
Fixed = Test | int
"""A test, or a bit that is the same everywhere."""


def known_in(test: Fixed, part: Sequence[frozenset[int]]) -> Known:
    return test.known(part) if isinstance(test, Test) else test


def total(row: Sequence[int], bits: Sequence[Known]) -> Known:
    """A step unit over bits, as far as they are known."""
    bias, *weights = row
    sure = bias + sum(weight for weight, bit in zip(weights, bits, strict=True) if bit)
    left = [weight for weight, bit in zip(weights, bits, strict=True) if bit is None]
    if sure + sum(weight for weight in left if weight < 0) >= 0:
        return 1
    return 0 if sure + sum(weight for weight in left if weight > 0) < 0 else None


class Planes:
    """The planes of an arrangement, each once, whichever way it is turned."""

    def __init__(self) -> None:
        self.rows: list[Point] = []

    def test(self, weights: Sequence[Fraction], bias: Fraction, signs: frozenset[int]) -> Fixed:
        """The test of w·x + b, by its sign."""
        first = next((weight for weight in weights if weight), None)
        if first is None:
            return int((bias > 0) - (bias < 0) in signs)
        turn = 1 if first > 0 else -1
        row = lowest(tuple(turn * entry for entry in (*weights, bias)))
        if row not in self.rows:
            self.rows.append(row)
        return Test(self.rows.index(row), turn, signs)

    def sign(self, plane: int, point: Point) -> int:
        *weights, bias = self.rows[plane]
        total = sum((w * x for w, x in zip(weights, point, strict=True)), bias)
        return (total > 0) - (total < 0)

    def point(self, part: Sequence[frozenset[int]], dimension: int) -> Point | None:
        """A point of that part of space, if it has any."""
        strict: list[Point] = [ahead(dimension)]
        closed: list[Point] = []
        for row, signs in zip(self.rows, part, strict=True):
            for turn in (1, -1):
                if -turn not in signs:
                    side = tuple(turn * entry for entry in row)
                    (closed if 0 in signs else strict).append(side)
        found = separate(strict, [1] * len(strict), bias=False, directions=closed)
        if isinstance(found, CommonPoint):
            return None
        *entries, scale = found.weights
        return tuple(entry / scale for entry in entries)


def snapped(row: Sequence[Fraction], edges: Sequence[Point]) -> Sequence[Fraction]:
    """A unit, on the edge of the region of which it is a rounded multiple, if it is one."""
    *weights, bias = *row[1:], row[0]
    for edge in edges:
        largest = max(range(len(weights)), key=lambda place: abs(edge[place]))
        scale = weights[largest] / edge[largest]
        exact = [scale * entry for entry in edge]
        if scale and all(map(is_rounded, (*weights, bias), exact)):
            return (exact[-1], *exact[:-1])
    return row


def gives_region(region: Region, layers: Sequence[Rows]) -> Tried:
    """Whether step units say 1 in the region and 0 outside, everywhere."""
    return Search(region, layers).run()


class Search:
    """The network beside the region: on the edges of strict sides either value is right.

    A step unit is 1 at 0, so that such an edge belongs to some networks and not to others.
    """

    def __init__(self, region: Region, layers: Sequence[Rows]) -> None:
        self.region, self.planes = region, Planes()
        self.upper = [[in_whole_numbers(row)[0] for row in rows] for rows in layers[1:]]
        sides = [[(side, side.weights(region.inputs)) for side in piece] for piece in region.pieces]
        self.closed = [
            [self.planes.test(weights, side.bias, REACHED) for side, weights in piece]
            for piece in sides
        ]
        self.typed = [
            [self.planes.test(weights, side.bias, PASSED if side.strict else REACHED)
             for side, weights in piece]
            for piece in sides
        ]  # fmt: skip
        edges = tuple(self.planes.rows)
        units = [snapped(row, edges) for row in layers[0]]
        self.units = [self.planes.test(row[1:], row[0], REACHED) for row in units]

    def run(self) -> Tried:
        """Whether no part of space has the wrong value; a text names a point of one that has."""
        origin = (Fraction(0),) * len(self.region.inputs)
        parts = [([EVERYWHERE] * len(self.planes.rows), origin)]
        for _ in range(MOST_PARTS):
            if not parts:
                return True
            part, point = parts.pop()
            output = self.output(part)
            within, inside = self.member(self.closed, part), self.member(self.typed, part)
            if (output == 0 and inside == 1) or (output == 1 and within == 0):
                return self.refuted(point, output)
            if (output, within) == (1, 1) or (inside == 0 and (output == 0 or within == 1)):
                continue
            test = next(self.open(part, output, within))
            for half in test.split(part):
                if self.planes.sign(test.plane, point) in half[test.plane]:
                    parts.append((half, point))
                elif (other := self.planes.point(half, len(point))) is not None:
                    parts.append((half, other))
        return None

    def open(self, part: Sequence[frozenset[int]], output: Known, within: Known) -> Iterator[Test]:
        """The tests that are still open there, of what is needed next."""
        if output == 0:
            groups = self.typed
        elif output == 1 or within is None:
            groups = self.closed
        else:
            groups = [self.units]
        for tests in groups:
            known = [(test, known_in(test, part)) for test in tests]
            if groups[0] is self.units or not any(bit == 0 for _, bit in known):
                yield from (test for test, bit in known if isinstance(test, Test) and bit is None)

    def output(self, part: Sequence[frozenset[int]]) -> Known:
        """What the network says there, as far as the units that are known decide it."""
        bits = [known_in(unit, part) for unit in self.units]
        for rows in self.upper:
            bits = [total(row, bits) for row in rows]
        return bits[0]

    def member(self, pieces: Sequence[Sequence[Fixed]], part: Sequence[frozenset[int]]) -> Known:
        """Whether the points there are in one of the pieces."""
        found = []
        for tests in pieces:
            bits = [known_in(test, part) for test in tests]
            found.append(0 if 0 in bits else None if None in bits else 1)
        return 1 if 1 in found else None if None in found else 0

    def refuted(self, point: Point, output: int) -> str:
        """What is wrong there, in words."""
        part = self.region.part(point)
        where = f"{part}, which belongs to the region" if part == "on the edge" else part
        if max(entry.denominator for entry in point) > LONGEST:
            return f"this says {output} at a point that is {where}"
        names, numbers = Listing(self.region.inputs), Listing(tuple(map(Number, point)))
        place = f"({one_line(names)}) = ({one_line(numbers)})"
        if len(point) == 1:
            place = place.replace("(", "").replace(")", "")
        return f"{at(place, output)}, and that is {where}"
