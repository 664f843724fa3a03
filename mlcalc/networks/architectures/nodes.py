"""A network as it was written: layers, and the ways to combine them, each with its place.

Shapes and counts are not known here; `mlcalc.networks.architectures.tracing` finds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from mlcalc.files.errors import Place
from mlcalc.maths.board import Note
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr, Shape


class Layer(Record):
    """One layer: `options` has its sizes by name, `words` its switches, such as same or ceil."""

    kind: str
    options: Mapping[str, Shape]
    words: tuple[str, ...]
    place: Place
    name: str = ""
    reads: Expr | None = None
    """How many channels or entries it says that it reads, as PyTorch's layers do."""
    convention: str = ""
    """By which convention it is counted, where its spelling tells."""
    gives: Shape | None = None
    """The shape that is written beside it, in any order."""
    call: str = ""
    """The framework's name for it, as it was typed."""

    def size(self, option: str) -> Expr | None:
        """The option as one number or letter, if it is given."""
        found = self.options.get(option)
        return None if found is None else found.sizes[0]


class Residual(Record):
    """x + F(x); the shortcut is the identity where `shortcut` is empty."""

    body: tuple[Node, ...]
    shortcut: tuple[Node, ...]
    is_zero_padded: bool
    place: Place
    name: str = ""


class Parallel(Record):
    """Branches over one input, joined by "concat", "add" or "mean"; () is the identity."""

    branches: tuple[tuple[Node, ...], ...]
    join: str
    place: Place
    name: str = ""


class Block(Record):
    """Layers that were defined under a name, with the sizes of this use put in."""

    block: str
    body: tuple[Node, ...]
    place: Place
    name: str = ""


Node: TypeAlias = "Layer | Residual | Parallel | Block"


class Network(Record):
    """A whole network; `about` has what its file says of it, `source` and `convention`."""

    name: str
    input: Shape
    body: tuple[Node, ...]
    place: Place
    about: Mapping[str, str]
    notes: tuple[Note, ...] = ()
    """How the input and the layers were read."""
    is_listed: bool = False
    """Whether it is known what its layers are, and not how they are joined."""
