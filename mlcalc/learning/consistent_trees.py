"""A decision tree of bounded depth that fits all rows, by exhaustion with what is known kept."""

from __future__ import annotations

from typing import TypeAlias

from mlcalc.derivation import Picture
from mlcalc.errors import Unsolved
from mlcalc.learning.consistent_found import Found, none
from mlcalc.learning.consistent_rows import Rows
from mlcalc.learning.hypothesis_class import HypothesisClass
from mlcalc.maths.functions import TooLarge

Tree: TypeAlias = "int | tuple[int, Tree, Tree]"
"""A label, or the attribute that is tested with the trees for its values 1 and 0."""

MOST_TESTS = 300_000


class Search:
    """Finds a tree of at most that depth for any subset of the rows, each looked at once."""

    def __init__(self, bits: list[tuple[int, ...]], labels: tuple[int, ...]) -> None:
        self.bits = bits
        self.labels = labels
        self.known: dict[tuple[frozenset[int], int], Tree | None] = {}
        self.tests = 0

    def tree(self, rows: frozenset[int], depth: int) -> Tree | None:
        kinds = {self.labels[row] for row in rows}
        if len(kinds) < 2:
            return kinds.pop() if kinds else 0
        if depth == 0:
            return None
        if (rows, depth) not in self.known:
            self.known[rows, depth] = self.split(rows, depth)
        return self.known[rows, depth]

    def split(self, rows: frozenset[int], depth: int) -> Tree | None:
        for attribute in range(len(self.bits[0])):
            self.tests += 1
            if self.tests > MOST_TESTS:
                raise TooLarge(f"more than {MOST_TESTS:,} splits would have to be tried")
            ones = frozenset(row for row in rows if self.bits[row][attribute])
            if not ones or len(ones) == len(rows):
                continue  # the test tells nothing apart, now or repeated
            yes = self.tree(ones, depth - 1)
            no = None if yes is None else self.tree(rows - ones, depth - 1)
            if yes is not None and no is not None:
                return attribute, yes, no
        return None


def tree(rows: Rows, named: HypothesisClass, repeats: bool) -> Found:
    """A tree of at most the depth that is asked for; of the fewest levels that are enough.

    A path that repeats an attribute learns nothing from it, so `repeats` changes only the count.
    """
    depth = named.number("depth")
    bits = rows.bits()
    assert bits is not None
    if depth is None:
        raise Unsolved.because("data need a depth: decision-trees(depth=2), say")
    del repeats
    search = Search(bits, rows.labels)
    every = frozenset(range(len(bits)))
    try:
        for levels in range(min(depth, len(rows.features)) + 1):
            found = search.tree(every, levels)
            if found is not None:
                lines = drawn(found, rows)
                reason = f"a tree of depth {levels} agrees with every row"
                picture = Picture(lines=lines)
                return Found(in_words(found, rows), in_words(found, rows), (picture,), reason)
    except TooLarge as error:
        raise Unsolved.because(f"the search for a tree is given up: {error}") from None
    return none(
        f"no tree of depth {depth} agrees with every row: all splits were tried, {search.tests} of "
        "them, each set of rows once"
    )


def label(rows: Rows, value: int) -> str:
    return (rows.positive or "1") if value else (rows.negative or "0")


def drawn(found: Tree, rows: Rows, indent: str = "") -> list[str]:
    """The tree as lines, a branch a line."""
    if isinstance(found, int):
        return [f"{indent}{label(rows, found)}"]
    attribute, yes, no = found
    values = rows.values(attribute) or ("1", "0")
    lines = [] if indent else [f"{rows.features[attribute]}?"]
    for value, below, is_last in ((values[0], yes, False), (values[1], no, True)):
        edge, bar = ("└─ ", "   ") if is_last else ("├─ ", "│  ")
        if isinstance(below, int):
            lines.append(f"{indent}{edge}{value}: {label(rows, below)}")
        else:
            lines.append(f"{indent}{edge}{value}: {rows.features[below[0]]}?")
            lines += drawn(below, rows, indent + bar)
    return lines


def in_words(found: Tree, rows: Rows) -> str:
    if isinstance(found, int):
        return label(rows, found)
    attribute, yes, no = found
    one, _ = rows.values(attribute) or ("1", "0")
    test = f"{rows.features[attribute]} = {one}"
    inner = [in_words(below, rows) for below in (yes, no)]
    first, second = (f"({text})" if " " in text else text for text in inner)
    return f"if {test} then {first} else {second}"
