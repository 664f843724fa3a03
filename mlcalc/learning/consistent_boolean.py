"""Consistent hypotheses over attributes: the most specific one, or the row that rules out all.

Words such as "wind = yes AND humid = no" name the literals, since attributes have values of their
own.  The search for each class is polynomial, by Valiant (1984) and Rivest (1987).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import TypeAlias

from mlcalc.files.errors import Unsolved
from mlcalc.learning.consistent import Found, Rows
from mlcalc.learning.hypothesis_class import HypothesisClass
from mlcalc.maths.functions import TooLarge
from mlcalc.maths.records import Record
from mlcalc.showing.derivation import Picture

Literal = tuple[int, int]
"""An attribute, and the value 1 or 0 that it must have."""
Bits = tuple[int, ...]
Piece = tuple[Literal, ...]
"""A clause or a term."""

MOST_PIECES = 200_000


class Junction(Record):
    """What an AND of literals is called, or an OR, which is an AND of the opposite rows."""

    noun: str
    piece: str
    """Of which a formula in normal form is made."""
    inner: str
    outer: str
    hold: str
    do_hold: str
    own: int
    """The label of the rows in which all its literals hold, or are false."""

    @property
    def empty(self) -> str:
        return f"always {self.own}"

    def sides(self, rows: Rows) -> tuple[list[Bits], list[tuple[int, Bits]]]:
        """The rows with its own label, and the others with their numbers from 0."""
        numbered = list(enumerate(zip(bits_of(rows), rows.labels, strict=True)))
        inside = [row for _, (row, label) in numbered if label == self.own]
        return inside, [(n, row) for n, (row, label) in numbered if label != self.own]

    def written(self, piece: Piece, rows: Rows, joint: str) -> str:
        return words(negated(piece) if self is OR else piece, rows, joint)


AND = Junction("conjunction", "clause", " OR ", " AND ", "hold", "hold", 1)
OR = Junction("disjunction", "term", " AND ", " OR ", "be false", "are false", 0)


def bits_of(rows: Rows) -> list[Bits]:
    found = rows.bits
    assert found is not None
    return found


def conjunction(rows: Rows, named: HypothesisClass) -> Found:
    """All literals that hold in every positive row (Valiant 1984); a disjunction by De Morgan."""
    kind = OR if named.name == "disjunctions" else AND
    values = (1,) if named.name == "monotone-conjunctions" else (0, 1)
    every = [(attribute, value) for attribute in range(len(rows.features)) for value in values]
    inside, outside = kind.sides(rows)
    limit = named.number("literals")
    kept: Piece = tuple(x for x in every if all(holds(x, row) for row in inside))
    if not inside and len(values) == 2:
        # All literals are left: those that one assignment meets which no row has.
        free = unmet(len(rows.features), [row for _, row in outside])
        if free is None:
            return Found.none(
                f"every one of the {len(set(bits_of(rows)))} possible rows has one label, and a "
                f"{kind.noun} of literals is not the same for all of them"
            )
        kept = free if limit is None else kept
    bad = next((n for n, row in outside if all(holds(x, row) for x in kept)), None)
    if bad is not None:
        shown = kind.written(kept, rows, ", ") or "there are none"
        return Found.none(
            f"the literals of a {kind.noun} must {kind.hold} in all rows with label {kind.own}: "
            f"{shown}; all of them {kind.do_hold} in row {bad + 1} too, whose label is "
            f"{1 - kind.own}"
        )
    chosen = shortest(kept, [row for _, row in outside], limit)
    if chosen is None:
        return Found.none(
            f"no {limit} of the {len(kept)} literals that are possible rule out every row of the "
            "other label: all choices were tried"
        )
    text = kind.written(chosen, rows, kind.outer) or kind.empty
    reason = (
        f"the {kind.noun} is built of literals that {kind.do_hold} in every row with label "
        f"{kind.own}; these are enough for the other rows"
    )
    return Found(text, text, (), reason)


def holds(literal: Literal, row: Sequence[int]) -> bool:
    return row[literal[0]] == literal[1]


def negated(piece: Piece) -> Piece:
    return tuple((attribute, 1 - value) for attribute, value in piece)


def words(piece: Piece, rows: Rows, joint: str) -> str:
    """wind = yes AND humid = no."""
    shown = []
    for attribute, value in piece:
        pair = rows.values(attribute) or ("1", "0")
        name, other = rows.features[attribute], pair[1 - value]
        own = pair[0] if value else pair[1]
        shown.append(f"{name} = {own}" if own else f"{name} not {other}")
    return joint.join(shown)


def unmet(count: int, rows: Sequence[Sequence[int]]) -> Piece | None:
    """Values of all attributes that no row has, if there are any: one of the first m + 1 is."""
    taken = set(map(tuple, rows))
    free = (a for a in product((1, 0), repeat=count) if a not in taken)
    found = next(free, None)
    return None if found is None else tuple(enumerate(found))


def shortest(kept: Piece, outside: Sequence[Sequence[int]], limit: int | None) -> Piece | None:
    """Few of the literals that still rule out every row outside; at most `limit` of them.

    Greedy first; where that takes too many, all choices of that many are tried.
    """
    rest, chosen = list(outside), list[Literal]()
    while rest:
        possible = [x for x in kept if (x[0], 1 - x[1]) not in chosen]
        best = max(possible, key=lambda x: sum(not holds(x, row) for row in rest), default=None)
        if best is None or all(holds(best, row) for row in rest):
            break
        chosen.append(best)
        rest = [row for row in rest if holds(best, row)]
    if not rest and (limit is None or len(chosen) <= limit):
        return tuple(x for x in kept if x in chosen)
    most = len(kept) if limit is None else limit
    choices = (c for length in range(most + 1) for c in combinations(kept, length))
    for number, choice in enumerate(choices):
        if number > MOST_PIECES:
            raise Unsolved.because(f"more than {MOST_PIECES:,} choices of literals: given up")
        is_possible = len({attribute for attribute, _ in choice}) == len(choice)
        if is_possible and not any(all(holds(x, row) for x in choice) for row in outside):
            return choice
    return None


def formula(rows: Rows, named: HypothesisClass) -> Found:
    """All clauses of at most k literals that every positive row meets; a k-DNF by De Morgan."""
    k = named.number("k")
    if k is None:
        raise Unsolved.because(f"data need a number of literals: {named.name}(k=2), say")
    kind = OR if named.name == "k-dnf" else AND
    inside, rest = kind.sides(rows)
    chosen: list[Piece] = []
    while rest:
        number, row = rest[0]
        # A clause that this row fails, and no row inside: it is made of the opposite literals.
        possible = clauses(negated(tuple(enumerate(row))), k)
        found = next((c for c in possible if all(meets(c, r) for r in inside)), None)
        if found is None:
            here, there = ("fails", "holds") if kind is AND else ("holds", "fails")
            return Found.none(
                f"no {kind.piece} of at most {k} literals {here} in row {number + 1} and {there} "
                f"in every row with label {kind.own}: all of them were tried"
            )
        chosen.append(found)
        rest = [(n, r) for n, r in rest if meets(found, r)]
    pieces = [kind.written(c, rows, kind.inner) for c in chosen]
    is_alone = len(pieces) == 1
    pieces = [p if is_alone or kind.inner not in p else f"({p})" for p in pieces]
    text = kind.outer.join(pieces) or kind.empty
    where = "in every row with label 1" if kind is AND else "in no row with label 0"
    return Found(text, text, (), f"each {kind.piece} holds {where}, and together they tell off the "
                 "others")  # fmt: skip


def clauses(literals: Piece, k: int) -> Iterator[Piece]:
    """The clauses of 1 to k of the literals, short ones first."""
    tried = 0
    for length in range(1, min(k, len(literals)) + 1):
        for choice in combinations(literals, length):
            tried += 1
            if tried > MOST_PIECES:
                raise Unsolved.because(f"more than {MOST_PIECES:,} clauses: given up")
            yield choice


def meets(clause: Piece, row: Sequence[int]) -> bool:
    return any(holds(x, row) for x in clause)


def decision_list(rows: Rows, named: HypothesisClass) -> Found:
    """Take a literal whose rows have one label, leave them out, go on (Rivest 1987)."""
    bits, left = bits_of(rows), list(range(len(rows.labels)))
    every = [(attribute, value) for attribute in range(len(rows.features)) for value in (1, 0)]
    lines: list[str] = []
    while len({rows.labels[n] for n in left}) > 1:
        for literal in every:
            caught = [n for n in left if holds(literal, bits[n])]
            if caught and len({rows.labels[n] for n in caught}) == 1:
                lines.append(
                    f"if {words((literal,), rows, '')} then {rows.typed_labels[caught[0]]}"
                )
                left = [n for n in left if n not in caught]
                break
        else:
            shown = ", ".join(str(n + 1) for n in left)
            return Found.none(
                f"of the rows {shown} no literal picks out a set with one label, so no test can "
                f"be the first that one of them meets"
            )
    lines.append(rows.typed_labels[left[0]])
    text = " else ".join(lines)
    return Found(text, text, (), "each test picks out rows of one label among those that are left")


def parity(rows: Rows, named: HypothesisClass) -> Found:
    """The equations x·a = y modulo 2, solved by elimination."""
    width = len(rows.features)
    system: dict[int, tuple[int, int, int]] = {}
    for number, (row, label) in enumerate(zip(bits_of(rows), rows.labels, strict=True)):
        mask = sum(bit << i for i, bit in enumerate(row))
        who = 1 << number
        for pivot, (other, value, whose) in system.items():
            if mask >> pivot & 1:
                mask, label, who = mask ^ other, label ^ value, who ^ whose
        if mask:
            pivot = mask.bit_length() - 1
            system = {
                p: (m ^ mask, v ^ label, w ^ who) if m >> pivot & 1 else (m, v, w)
                for p, (m, v, w) in system.items()
            }
            system[pivot] = (mask, label, who)
        elif label:
            numbers = ", ".join(str(n + 1) for n in range(number + 1) if who >> n & 1)
            return Found.none(
                f"in the rows {numbers} every attribute is 1 an even number of times, but the "
                "label an odd number of times"
            )
    chosen = tuple((i, 1) for i in range(width) if i in system and system[i][1])
    text = f"an odd number of: {words(chosen, rows, ', ')}" if chosen else "always 0"
    return Found(text, text, (), "one equation modulo 2 for each row, solved by elimination")


def boolean_function(rows: Rows, named: HypothesisClass) -> Found:
    """Any table without a contradiction is a function."""
    text = "the table itself, and 0 elsewhere"
    return Found(text, text, (), "no two rows with the same features have other labels")


# Trees, by exhaustion with what is known kept.

Tree: TypeAlias = "int | tuple[int, Tree, Tree]"
"""A label, or the attribute that is tested with the trees for its values 1 and 0."""

MOST_TESTS = 300_000


class TreeSearch:
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


def tree(rows: Rows, named: HypothesisClass) -> Found:
    """A tree of at most the depth that is asked for; of the fewest levels that are enough.

    A path that repeats an attribute learns nothing from it: that changes only their number.
    """
    depth = named.number("depth")
    bits = bits_of(rows)
    if depth is None:
        raise Unsolved.because("data need a depth: decision-trees(depth=2), say")
    search = TreeSearch(bits, rows.labels)
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
    return Found.none(
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
