"""What was read of a file, kept as bytes: the problems of a long one are made one after another.

As records a file of a hundred thousand problems would take fifty times its size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from marshal import dumps, loads
from typing import Any, overload

from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Place

At = tuple[int, int]
"""A line and a column, both counted from 0."""

Scalar = tuple[str, int, int, bool, bool]
"""A text, its line and column, whether it is quoted, and whether it stands there as it is."""

Node = tuple[Any, ...] | bytes
"""A `Scalar`; of a list (None, line, column, nodes); of a mapping (True, line, column, nodes), keys
and values by turns; or one of these, `frozen`."""

FEW = 100
"""The members of a list of no more than these are made at once."""


def frozen(node: Node) -> bytes:
    return dumps(node)


class Source:
    """Where a text is from, and its lines: what makes records of its nodes."""

    def __init__(self, name: str, lines: list[str], first_line: int) -> None:
        self.name, self.lines, self.first_line = name, lines, first_line

    def place(self, line: int, column: int) -> Place:
        return Place(self.name, self.lines[line], line + self.first_line, column + 1, True)

    def made(self, node: Node) -> Raw:
        """A node as the record that it stands for."""
        kind, line, column, *rest = loads(node) if isinstance(node, bytes) else node
        place = self.place(line, column)
        if isinstance(kind, str):
            return Text(kind, place, *rest)
        nodes: list[Any] = rest[0]
        if kind is None:
            is_long = len(nodes) > FEW and isinstance(nodes[0], bytes)
            return Items(Frozen(nodes, self) if is_long else tuple(map(self.made, nodes)), place)
        parts: Iterator[Any] = map(self.made, nodes)
        return Entries(tuple(zip(parts, parts, strict=True)), place)


class Frozen(Sequence[Raw]):
    """The members of a long list, each made anew where it is read."""

    def __init__(self, nodes: list[bytes], source: Source) -> None:
        self.nodes, self.source = nodes, source

    @overload
    def __getitem__(self, index: int) -> Raw: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Raw, ...]: ...
    def __getitem__(self, index: int | slice) -> Raw | tuple[Raw, ...]:
        found = self.nodes[index]
        made = self.source.made
        return tuple(map(made, found)) if isinstance(found, list) else made(found)

    def __len__(self) -> int:
        return len(self.nodes)


def that_hold(word: str, items: Sequence[Raw]) -> Iterator[int]:
    """The indices of the members in which the word may stand."""
    if not isinstance(items, Frozen):
        return iter(range(len(items)))
    letters = word.encode()
    return (index for index, node in enumerate(items.nodes) if letters in node)


def under(key: str, items: Sequence[Raw]) -> Iterator[tuple[int, str, int]]:
    """Of each member that is a mapping with a text under the key its index, the text, its line."""
    for index in that_hold(key, items):
        if isinstance(items, Frozen):
            kind, line, _, *rest = loads(items.nodes[index])
            pairs = zip(rest[0][::2], rest[0][1::2], strict=True) if kind is True else ()
            texts = [value[0] for name, value in pairs if name[0] == key]
            if texts and isinstance(texts[0], str):
                yield index, texts[0], line + items.source.first_line
        else:
            item = items[index]
            found = item.get(key) if isinstance(item, Entries) else None
            if isinstance(found, Text):
                yield index, found.value, item.place.line
