"""Layered, directed graphs, as characters and as SVG; the standard library only.

A computational graph, a recurrent network folded up or unrolled, a cell: a kind makes a `Graph`
of nodes and wires and hangs it on its derivation as a `Picture`.
"""

from __future__ import annotations

from mlcalc.showing.graphs.model import Direction, Graph, Node, Shape, Wire

__all__ = ["Direction", "Graph", "Node", "Shape", "Wire"]
