"""What a key's `conventions` settle: the decimal comma, and distributions' bare arguments.

Only what would be read in two ways is settled, by writing it as what can be read in one:
gamma(2, 3) as gamma(shape=2, scale=3), and 0,08 as 0.08.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType

from mlcalc.estimation.distributions import FAMILIES, family
from mlcalc.estimation.spelled import names_of
from mlcalc.files.document import Entries, Items, Raw, Text, written
from mlcalc.files.errors import Complaint
from mlcalc.marking.checking.reading import pieces
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record, replace

DECIMAL = "decimal"
SIGNS = ("point", "comma")

SPREADS = {"sd": "sigma", "std": "sigma", "variance": "sigma2", "var": "sigma2"}
WORDS = {"normal": SPREADS, "lognormal": SPREADS, "exponential": {"mean": "scale"}}
"""Other words for the argument that tells a distribution's orders apart."""

SAME = {("beta", ("a", "b")), ("uniform", ("low", "high"))}
"""Orders that only name the same arguments in other words."""

GROUPED = re.compile(r"(?<![0-9.,])([0-9]{1,3}(?:\.[0-9]{3})+)(?:,([0-9]+))?(?![0-9.,])")
"""1.234,5 and 1.234.567,8, with the part behind the comma."""
COMMA = re.compile(r"(?<![0-9.,])([0-9]+),([0-9]+)(?![0-9.]|,[0-9])")
"""One comma between digits; of two, as in 3,4,1, each stands between members of a list."""
THOUSANDS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
LISTED = re.compile(r"(?<![\w\\}])(?:[\[(]|\\?\{)\s*[0-9]+,[0-9]+\s*(?:[\])]|\\?\})")
"""[1,2], whose brackets say that it is a list."""
NAME_BEFORE = re.compile(
    r"([A-Za-z][A-Za-z_]{0,30}(?:[ -][A-Za-z_]{1,20})?)\s{0,3}\}{0,2}\s{0,3}\Z"
)
SQUARE = re.compile(r"(?:²|\^\s*\{?\s*2\s*\}?|\*\*\s*2)\s*$")
LONGEST_NAME = 60
LONGEST_ARGUMENTS = 200


class Conventions(Record):
    """What a key has settled; nothing where it says nothing."""

    has_decimal_comma: bool = False
    orders: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """By a distribution's name, what its arguments without names are, in their order."""


def read_conventions(pairs: Iterable[tuple[Text, Raw]]) -> Conventions:
    """The conventions of a file and of a problem, of which the later ones win.

    What is malformed, of which `complaints_of` tells, settles nothing.
    """
    decimal, orders = "point", dict[str, tuple[str, ...]]()
    for key, raw in pairs:
        if key.value == DECIMAL:
            decimal = word_of(raw)
        elif key.value in settled_names() and (order := choices(key.value).get(word_of(raw))):
            orders[key.value] = order
    return Conventions(decimal == "comma", orders)


def complaints_of(conventions: Entries) -> Iterator[Complaint]:
    """What is wrong with what a file writes under `conventions`."""
    known = (DECIMAL, *settled_names())
    for key, raw in conventions.pairs:
        if key.value not in known:
            hint = closest(key.value, known) or f"; known here: {', '.join(known)}"
            yield Complaint(f"there is no convention '{key.value}'{hint}", key.place)
            continue
        allowed = SIGNS if key.value == DECIMAL else choices(key.value)
        if word_of(raw) not in allowed:
            message = f"expected {' or '.join(allowed)}, not '{written(raw)}'"
            yield Complaint(message, raw.place)


def word_of(raw: Raw) -> str:
    return "_".join(written(raw).strip().lower().replace("-", " ").split())


@cache
def settled_names() -> tuple[str, ...]:
    """The distributions of which books differ on what the arguments are."""
    return tuple(name for name in sorted(FAMILIES) if choices(name))


@cache
def choices(name: str) -> Mapping[str, tuple[str, ...]]:
    """The orders of a distribution's arguments, by the word that tells each from the others."""
    orders = [order for order in family(name).orders if (name, order) not in SAME]
    if len(orders) < 2:
        return {}
    found = {}
    for order in orders:
        others = [other for other in orders if other is not order]
        own = [word for word in order if not any(word in other for other in others)]
        found[own[0] if own else order[0]] = order
    return found | {word: found[own] for word, own in WORDS.get(name, {}).items()}


def settled(raw: Raw, conventions: Conventions, is_count: bool = False) -> Raw:
    """What was written, with what the conventions decide written out."""
    match raw:
        case Text(value):
            text = settled_text(value, conventions, is_count)
            return raw if text == value else replace(raw, value=text, exact=False)
        case Items(items):
            return Items(tuple(settled(i, conventions, is_count) for i in items), raw.place)
        case Entries(pairs):
            kept = tuple((key, settled(value, conventions, is_count)) for key, value in pairs)
            return Entries(kept, raw.place)


def settled_text(text: str, conventions: Conventions, is_count: bool) -> str:
    if conventions.has_decimal_comma:
        text = with_points(text, is_count)
    return with_names(text, conventions.orders) if conventions.orders else text


def with_points(text: str, is_count: bool) -> str:
    """1.234,5 as 1234.5, and 0,08 as 0.08.

    A count has no decimals: 10.416 is written without its point, and 10,416 is read so.
    """

    def grouped(match: re.Match[str]) -> str:
        whole, part = match[1].replace(".", ""), match[2]
        return f"{whole}.{part}" if part else whole if is_count else match[0]

    lists = [match.span() for match in LISTED.finditer(text)]

    def decimal(match: re.Match[str]) -> str:
        is_listed = any(start <= match.start() < end for start, end in lists)
        is_open = is_count and THOUSANDS.fullmatch(match[0])
        return match[0] if is_listed or is_open else f"{match[1]}.{match[2]}"

    return GROUPED.sub(grouped, COMMA.sub(decimal, text))


def with_names(text: str, orders: Mapping[str, tuple[str, ...]]) -> str:
    """gamma(shape=2, scale=3) for gamma(2, 3)."""
    done, at = "", 0
    while (start := text.find("(", at)) >= 0:
        found = named_arguments(text, start, orders)
        if found is None:
            done, at = done + text[at : start + 1], start + 1
        else:
            end, arguments = found
            done, at = f"{done}{text[at : start + 1]}{arguments}", end
    return done + text[at:]


def named_arguments(
    text: str, start: int, orders: Mapping[str, tuple[str, ...]]
) -> tuple[int, str] | None:
    """Where the bracket closes, and its arguments with their names; None where it needs none."""
    before = NAME_BEFORE.search(text[max(0, start - LONGEST_NAME) : start])
    typed = "exp" if before is None else before[1].strip()
    names = () if typed == "exp" else names_of(typed) or names_of(typed.split()[-1])
    order = next((orders[name] for name in names if name in orders), None)
    end = None if order is None else closing(text, start)
    if order is None or end is None:
        return None
    inside = text[start + 1 : end]
    parts = [inside[i:j].strip() for i, j in pieces(inside)]
    if len(parts) != len(order) or "=" in inside or not all(parts):
        return None
    if "sigma" in order and SQUARE.search(parts[-1]):
        return None  # N(0, 3²) has a variance, whatever is usual
    return end, ", ".join(f"{word}={part}" for word, part in zip(order, parts, strict=True))


def closing(text: str, start: int) -> int | None:
    """Where the bracket that opens at `start` closes, if that is soon."""
    depth = 0
    for at in range(start, min(len(text), start + LONGEST_ARGUMENTS)):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth == 0:
            return at
    return None
