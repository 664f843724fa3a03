"""The order in which values flow: which wires go back, who comes first, and how deep each is."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.showing.graphs.model import Graph, Wire


def inputs_of(wires: Sequence[Wire]) -> dict[str, list[str]]:
    """The sources of each target, in the order of the wires."""
    found: dict[str, list[str]] = {}
    for wire in wires:
        found.setdefault(wire.target, []).append(wire.source)
    return found


def parted(graph: Graph) -> tuple[list[Wire], list[Wire]]:
    """The wires that make no cycle, and those that lead back to where a value came from.

    The order of the nodes tells where a cycle begins.
    """
    leaving: dict[str, list[int]] = {}
    for number, wire in enumerate(graph.wires):
        leaving.setdefault(wire.source, []).append(number)
    back: set[int] = set()
    done: set[str] = set()
    for start in graph.nodes:
        path = [start.key] if start.key not in done else []
        pending = [iter(leaving.get(start.key, ()))]
        while path:
            number = next(pending[-1], -1)
            if number < 0:
                done.add(path.pop())
                pending.pop()
            elif (target := graph.wires[number].target) in path:
                back.add(number)
            elif target not in done:
                path.append(target)
                pending.append(iter(leaving.get(target, ())))
    wires = list(enumerate(graph.wires))
    return [w for n, w in wires if n not in back], [w for n, w in wires if n in back]


def in_order(graph: Graph, forward: Sequence[Wire]) -> list[str]:
    """Each key after its inputs, and these shortly before it: a reading order."""
    inputs = inputs_of(forward)
    used = {wire.source for wire in forward}
    found: list[str] = []
    for end in [node.key for node in graph.nodes if node.key not in used]:
        path = [(end, iter(inputs.get(end, ())))]
        while path:
            key, sources = path[-1]
            source = next((s for s in sources if s not in found), None)
            if source is None:
                path.pop()
                if key not in found:
                    found.append(key)
            else:
                path.append((source, iter(inputs.get(source, ()))))
    return found


def depths(order: Sequence[str], forward: Sequence[Wire], given: dict[str, int]) -> dict[str, int]:
    """What is given, or else the longest path from an input."""
    inputs = inputs_of(forward)
    found: dict[str, int] = {}
    for key in order:
        longest = max((found[source] + 1 for source in inputs.get(key, ())), default=0)
        found[key] = given.get(key, longest)
    return found
