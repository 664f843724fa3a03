"""What was claimed as notation, and what in it can be read in two ways.

Commas are the students' trap: 0,08 is a decimal in half of Europe, 1,234 a thousand in America,
and 1,2 a list.  What only one of these can be is read, the rest is refused with both readings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress

from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import tree
from mlcalc.files.fields.base import TreeReader
from mlcalc.maths import reader
from mlcalc.maths.compare import COUNTS
from mlcalc.maths.evaluate import CONSTANTS
from mlcalc.maths.listed import is_entry
from mlcalc.maths.records import replace
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import (
    Call,
    Chain,
    Div,
    Expr,
    Listing,
    Mul,
    Number,
    Pow,
    Shape,
    Symbol,
    free_symbols,
    walk,
)

SIGN_BEFORE = re.compile(r"\s*(?:[≈=~≥≤]|[<>]=|\\(?:[gl]eq?|approx|simeq)(?![A-Za-z]))\s*(?=\S)")
WORDS_BEFORE = re.compile(r"\s*(?P<words>[A-Za-z]{2,}(?:\s+[A-Za-z]+)*)\s+(?=[-−+]?[0-9.])")
WORDS_BEHIND = re.compile(r"(?<=[0-9%.])\s+(?P<words>[A-Za-z]{3,}(?:\s+[A-Za-z]+)*)\s*\.?\s*$")
VALUE_AGAIN = re.compile(r"([0-9.]+%?)\s+\(\s*(?:[≈=~]\s*)?([0-9./]+\s*\\?%?)\s*\)\s*$")
CLAIMS = {"=", "~=", "<=", ">="}
"""How a value may be claimed: theta = 1/3, m ≥ 300."""

MOST_SIGNS = 3
"""So many = may stand before the value, as in P(y=1|x) = 0.3."""

COMMAS = re.compile(
    r"(?P<name>[^=≈,]*[=≈])?\s*(?P<sign>[-−+]?)(?P<whole>[0-9]+)(?P<groups>(?:,[0-9]+)+)"
    r"(?P<part>\.[0-9]+)?(?P<percent>\s*\\?%)?"
)
GROUPED_BY_POINTS = re.compile(r"[-−+]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")
MORE_WORDS = re.compile(r"\b(?:and|because|hence|if|since|so|then|thus|where|with)\b")
COMMA_BETWEEN_DIGITS = re.compile(r"(?<=[0-9]),(?=[0-9])")
SET = re.compile(r"\s*(?:\\left)?\s*\\?\{(.*?)(?:\\right)?\s*\\?\}\s*", re.DOTALL)
BRACES = re.compile(r"(?:\\left\s*)?\\?\{|(?:\\right\s*)?\\?\}")


def letters_of(expression: Expr) -> set[Symbol]:
    return {symbol for symbol in free_symbols(expression) if symbol.spelled not in CONSTANTS}


def claimed_members(claimed: Raw, found: Expr) -> tuple[Expr, ...]:
    """All values of a chain: 9/3.5 and 2.571 of `theta = 9/3.5 ≈ 2.571`."""
    if not isinstance(found, Chain):
        return (found,)
    if not {relation for relation, _ in found.links} <= CLAIMS:
        raise Invalid.at("one value is expected, such as 1/3 or theta = 1/3", claimed.place)
    return found.members[1:] if is_name(found.first) else found.members


def is_name(expression: Expr) -> bool:
    """Whether something names a value: θ̂, σ² where it is the parameter, df/dx."""
    match expression:
        case Symbol():
            return expression.spelled not in ("e", "pi", "inf")
        case Pow(Symbol(), Number()):
            return True
        case Div(Symbol(above), Symbol(below)):
            return above[0] == below[0] == "d" and len(below) > 1
    return False


def read_value(claimed: Raw) -> Expr:
    """One number or formula, the name before it left out.  Raises `Invalid`."""
    return read_chain(claimed)[0]


def read_chain(claimed: Raw, read: TreeReader = reader.read) -> tuple[Expr, ...]:
    """The values that are claimed to be equal, mostly one.  Raises `Invalid`."""
    return read_named_chain(claimed, read)[1]


def read_named_chain(claimed: Raw, read: TreeReader = reader.read) -> tuple[bool, tuple[Expr, ...]]:
    """Whether a name stands first, and the values.  Raises `Invalid`."""
    plain = without_commas(without_sign(claimed))
    rest, found = read_named(plain, lambda text: tree(text, read))
    if isinstance(rest, Text) and any(isinstance(node, Listing) for node in walk(found)):
        refuse_commas(rest)
    is_named = rest.place != claimed.place or (isinstance(found, Chain) and is_name(found.first))
    return is_named, tuple(
        as_product(rest, one) if isinstance(one, Shape) and one.channels is None else one
        for one in claimed_members(rest, found)
    )


def read_numbers(claimed: Raw) -> tuple[Expr, ...]:
    """The numbers of θ = (k + 1)/(n + 2) = 3/4 ≈ 0.75: what has letters is left out.

    Without a name before it, what has other letters than those of counts stays: 2θ = 6/7.
    Raises `Invalid`.
    """
    try:
        is_named, chain = read_named_chain(claimed)
    except Invalid:
        refuse_words(claimed)
        raise
    if letters_of(chain[0]):
        refuse_words(claimed)
    refuse_second_value(claimed, chain[0])
    names = set[str]() if is_named else {one.name for each in chain for one in letters_of(each)}
    values = tuple(one for one in chain if not is_name(one)) or chain
    names -= COUNTS | {one.name for one in chain if isinstance(one, Symbol)}
    return values if names else without_letters(values)


def without_letters(chain: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """What of a chain are numbers, the formulas that lead to them left out."""
    return tuple(one for one in chain if not letters_of(one)) or chain


def without_sign(claimed: Raw) -> Raw:
    """≥ 300 and ≈ 0.08 without the sign before them."""
    if isinstance(claimed, Text) and (match := SIGN_BEFORE.match(claimed.value)):
        return replace(claimed, value=" " * match.end() + claimed.value[match.end() :])
    return claimed


def refuse_second_value(claimed: Raw, found: Expr) -> None:
    """Raises `Invalid` for 0.08 (8%), which is no product, and for k = 10, theta = 0.08."""
    if isinstance(found, Listing) and any(isinstance(item, Chain) for item in found.items):
        raise Invalid.at("one value is asked for: write it alone", claimed.place)
    match = VALUE_AGAIN.search(claimed.value) if isinstance(claimed, Text) else None
    if match is not None:
        one, other = match.groups()
        raise Invalid.at(two_ways(f"{one} alone", f"{one}*({other}) for a product"), claimed.place)


def refuse_words(claimed: Raw) -> None:
    """Raises `Invalid` where a number stands among words: about 300, 608 parameters."""
    if not isinstance(claimed, Text):
        return
    match = WORDS_BEFORE.match(claimed.value) or WORDS_BEHIND.search(claimed.value)
    if match is not None:
        words = " ".join(match["words"].split())
        raise Invalid.at(f"write the number alone, without '{words}'", claimed.place)


def as_product(claimed: Raw, found: Shape) -> Expr:
    """3×4 where a number is asked for; `Invalid` for 3x4, which is a shape elsewhere."""
    if isinstance(claimed, Text) and "×" not in claimed.value:
        product = claimed.value.strip().replace("x", "*")
        raise Invalid.at(f"a number is expected: write {product} for a product", claimed.place)
    return Mul(found.sizes)


def read_named(claimed: Raw, read: Callable[[Raw], Expr]) -> tuple[Raw, Expr]:
    """What was read, and the text that it was read from.

    What stands before the sign in P(spam | x) = 0.3 may be in words of one's own.
    """
    try:
        return claimed, read(claimed)
    except Invalid:
        rest: Raw | None = claimed
        for _ in range(MOST_SIGNS):
            rest = after_name(rest) if isinstance(rest, Text) else None
            if rest is None:
                raise
            with suppress(Invalid):
                return rest, read(rest)
        raise


def after_name(claimed: Text) -> Text | None:
    """What stands behind the first = or ≈ or ≤, if there is a name before it, and not a value."""
    match = re.search(r"(?<![<>!=~])[=≈](?!=)|[<>]=|[≤≥]", claimed.value)
    if match is None or not claimed.value[match.end() :].strip():
        return None
    if is_statement(claimed.value[: match.start()]):
        return None
    rest = claimed.value[match.end() :]
    spaces = len(rest) - len(rest.lstrip())
    at = claimed.at(match.end() + spaces)
    return Text(rest.strip(), at, claimed.quoted, claimed.exact)


def is_statement(text: str) -> bool:
    """Whether what stands before a sign says more than what is named: 3/7, h(1) = 0.4, h(2)."""
    if next(outer(text, ",;"), None) is not None or MORE_WORDS.search(text):
        return True
    with suppress(Unreadable):
        found = reader.read_shape_or_value(text)
        return not letters_of(found) and not any(isinstance(n, Call) for n in walk(found))
    return False


def without_commas(claimed: Raw) -> Raw:
    """The claim with the commas of 14,714,688 left out; `Invalid` where they are ambiguous."""
    if not isinstance(claimed, Text) or "," not in claimed.value:
        return claimed
    text = claimed.value.strip()
    if GROUPED_BY_POINTS.fullmatch(text):
        plain = text.replace(".", "").replace(",", ".")
        raise Invalid.at(f"write {plain} with one point and no comma", claimed.place)
    match = COMMAS.fullmatch(text)
    if match is None:
        return claimed
    sign, whole, groups = match["sign"], match["whole"], match["groups"][1:].split(",")
    part, percent = match["part"] or "", (match["percent"] or "").strip()
    are_thousands = (
        len(whole) <= 3 and not whole.startswith("0") and all(len(g) == 3 for g in groups)
    )
    if are_thousands and (len(groups) > 1 or part):
        number = f"{sign}{whole}{''.join(groups)}{part}{percent}"
        return replace(claimed, value=f"{match['name'] or ''} {number}", exact=False)
    if len(groups) == 1 and not part:
        with_point = f"{sign}{whole}.{groups[0]}{percent}"
        other = f"{sign}{whole}, {groups[0]} for a list"
        if are_thousands:
            other = f"{sign}{whole}{groups[0]}{percent} without a comma"
        comma = claimed.value.index(",")
        raise Invalid.at(two_ways(f"{with_point} with a point", other), claimed.at(comma))
    return claimed


def refuse_commas(claimed: Text) -> None:
    """Raises `Invalid` where one value is expected and a comma may stand in a number."""
    match = COMMA_BETWEEN_DIGITS.search(claimed.value)
    if match is not None:
        first = COMMA_BETWEEN_DIGITS.sub(".", claimed.value).strip()
        second = COMMA_BETWEEN_DIGITS.sub(", ", claimed.value).strip()
        raise Invalid.at(two_ways(first, f"{second} for a list"), claimed.at(match.start()))


def two_ways(first: str, second: str) -> str:
    return f"this can be read in two ways: write {first}, or {second}"


def with_points(claimed: Raw) -> Text | None:
    """The claim with a point for each comma between two digits, if it has one."""
    if isinstance(claimed, Text) and COMMA_BETWEEN_DIGITS.search(claimed.value):
        return replace(claimed, value=COMMA_BETWEEN_DIGITS.sub(".", claimed.value))
    return None


def read_values(claimed: Raw) -> Expr:
    """The first of `read_lists`."""
    return read_lists(claimed)[0]


def read_lists(claimed: Raw) -> tuple[Expr, ...]:
    """Lists or matrices that are claimed to be equal, also written `1 2; 3 4`, or in YAML."""
    if isinstance(claimed, Text) and not re.search(r"[\[,x×=\\{]", claimed.value):
        if "\n" in claimed.value.strip() and ";" not in claimed.value:
            rows = claimed.value.strip().replace("\n", ";")
            claimed = replace(claimed, value=rows, exact=False)
        try:
            found = tree(claimed, reader.read_matrix)
        except Invalid:
            found = one_formula(claimed)
        # `1 2` is a list, and may stand for a row as for a column.
        return (found if ";" in claimed.value else Listing(reader.items_of(found)),)
    return without_letters(claimed_members(*read_named(claimed, tree)))


def one_formula(claimed: Raw) -> Expr:
    """2 + ln(4)/4 as one number, where a row of entries cannot be read in one way."""
    try:
        found = tree(claimed)
    except Invalid:
        found = Listing(())
    return found if is_entry(found) else tree(claimed, reader.read_matrix)


def as_set(claimed: Raw) -> Raw | None:
    """The members of {1, 2} as a list; None where it is no set.

    YAML reads {1, 2} as keys without values.
    """
    match claimed:
        case Entries(pairs) if pairs and all(value == replace(value, value="") for _, value in pairs
                                             if isinstance(value, Text)):  # fmt: skip
            if all(isinstance(value, Text) for _, value in pairs):
                return Items(tuple(key for key, _ in pairs), claimed.place)
        case Text(value):
            before, _, inside = value.rpartition("=")
            text = inside.strip().strip("$")
            if "=" not in before and SET.fullmatch(text) and len(BRACES.findall(text)) == 2:
                start = len(value) - len(inside)
                blank = BRACES.sub(lambda m: " " * (len(m[0]) - 1) + "[", inside, count=1)
                closing = list(BRACES.finditer(inside))[-1]
                blank = blank[: closing.start()] + "]" + blank[closing.end() :]
                return Text(blank.replace("$", " "), claimed.at(start), exact=claimed.exact)
    return None


def pieces(text: str, start: int = 0, signs: str = ",") -> list[tuple[int, int]]:
    """Where the pieces between the outer commas begin and end."""
    commas = list(outer(text, signs, start))
    return [*zip([start, *(at + 1 for at in commas)], [*commas, len(text)], strict=True)]


def outer(text: str, signs: str, start: int = 0) -> Iterator[int]:
    """Where one of the signs stands outside of all brackets."""
    depth = 0
    for position in range(start, len(text)):
        character = text[position]
        depth += (character in "([{") - (character in ")]}")
        if character in signs and depth == 0:
            yield position
