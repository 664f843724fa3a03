"""What all sorts of values share: how one is read, described and checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Generic, TypeVar

from mlcalc.files.display import visible
from mlcalc.files.document import Entries, Items, Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.maths import reader
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import EvaluationError, TooLarge, is_finite
from mlcalc.maths.listed import listed
from mlcalc.maths.records import Record, replace
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Expr, Listing, Matrix, Number, Pow, Shape, Symbol, walk

T_co = TypeVar("T_co", covariant=True)

Schema = dict[str, Any]

TreeReader = Callable[[str], Expr]

NO_NUMBERS = frozenset({
    "null", "none", "nil", "nan", "na", "true", "false", "yes", "no", "on", "off", "undefined",
    "inf", "infinity",
})  # fmt: skip
"""Words that programs write in the place of a number, and that are no letters for one."""
WRAPPERS = "array|asarray|tensor|FloatTensor|Tensor|matrix|Matrix|Series|list|tuple|vector|c"
WRAPPER = re.compile(
    rf"\s*((?:[A-Za-z]+\.)?(?:{WRAPPERS}))\(.*?(,\s*(?:dtype|device|requires_grad|grad_fn)\s*=.*)?\)\s*;?\s*",
    re.DOTALL,
)
"""A list as NumPy, PyTorch, SymPy and R print it: array([1., 2.], dtype=float32), c(1, 2)."""
NAMED_LIST = re.compile(
    rf"\s*[^\W\d]\w*\s*(?:<-|:=|=)(?=\s*(?:[\[{{]|\((?=[^()]*,)|\\begin\b|(?:[a-z]+\.)?(?:{WRAPPERS})\())"
)
"""What stands before a list that has a name: x = [3, 4, 1]."""
NUMBERED_LINES = re.compile(r"^\s*\[[0-9]+\](?=\s+[-+.0-9])", re.MULTILINE)
"""How R begins each line of numbers: [1] 3 4 1."""
AND = re.compile(r"(?<=[0-9\])%])\s*,?\s+and\s+(?=[-+−(\[.0-9])")
NESTED_BRACES = re.compile(r"\s*\{\s*\{[^\\^_]*\}\s*\}\s*")

MOST_DIGITS = 100
"""The largest number is of so many digits: floats hold it, its square and its cube."""

NUMBER_OR_TEXT: Schema = {"type": ["number", "string"]}


class FieldType(Record, Generic[T_co]):
    """A sort of value: how it is read, described and checked."""

    metavar = "VALUE"
    expected = "a value"
    is_switch = False
    """Whether the flag stands without a value, as --ceil-mode does."""
    stands_alone = False
    """Whether the flag may stand without its value too, as --bias does, and has a --no-bias."""
    repeats = False
    """Whether the flag may be given several times, each a member of a list."""

    def read(self, raw: Raw) -> T_co:
        """The value; raises `Invalid` with the place and what to write instead."""
        raise NotImplementedError

    def remarks(self, raw: Raw, value: T_co) -> tuple[Note, ...]:  # type: ignore[misc]
        """What a reader of the answer should know of how `raw` was taken for `value`."""
        return ()

    def shown(self, value: T_co) -> Expr | str | None:  # type: ignore[misc]
        """The value in standard notation, as a worked answer shows it; None for as it was typed."""
        return None

    def knows_word(self, name: str) -> bool:
        """Whether a name is one of the few words that are its values."""
        return False

    def schema(self) -> Schema:
        """The JSON Schema of the value as YAML writes it."""
        return dict(NUMBER_OR_TEXT)

    def words(self) -> tuple[str, ...]:
        """The words that may be typed, for shell completion."""
        return ()

    def refused(self, raw: Raw, expected: str | None = None, hint: str = "") -> Invalid:
        found = written(raw)
        what = f"'{visible(found, most=40)}'" if found else "nothing"
        return Invalid.at(f"expected {expected or self.expected}, not {what}{hint}", raw.place)


def tree(raw: Raw, read: TreeReader = reader.read, most: int | None = None) -> Expr:
    """The notation that a value spells: a YAML list is read item by item.

    No number is beyond 10^most, or nearer to 0 than its inverse, where floats must hold it.
    """
    match raw:
        case Text(value):
            try:
                found = read(value)
            except Unreadable as error:
                raise Invalid.at(error.message, raw.at(error.position)) from None
            if most is not None:
                numbers = [node for node in walk(found) if isinstance(node, Number | Pow)]
                if not all(is_moderate(number, most) for number in numbers):
                    raise beyond(raw, most)
            return found
        case Items(items):
            return listed([tree(item, read, most) for item in items])
        case Entries():
            raise Invalid.at("expected a value or a list here, not keys and values", raw.place)


def numeric(
    raw: Raw,
    read: TreeReader = reader.read_number,
    expected: str = "a number",
    has_infinity: bool = False,
    most: int | None = MOST_DIGITS,
) -> Expr:
    """The numbers or letters that a value spells, however programs print them.

    Words that are neither are refused, and so is infinity unless it is allowed, and the value of
    a formula beyond what `tree` allows a number.
    """
    match raw:
        case Text(value):
            if turned := transposed(raw, read, expected, most):
                return turned
            bare = unwrapped(value)
            is_exact = raw.exact and len(bare) <= len(value)
            found = tree(
                raw if bare == value else replace(raw, value=bare, exact=is_exact), read, most
            )
            if isinstance(found, Number):
                return found
            refuse_words(raw, found, expected, has_infinity)
            # Plain numbers were looked at when they were read.
            entries = (e for e in entries_of_list(found) if not isinstance(e, Number | Shape))
            if most is not None and not all(is_moderate(entry, most) for entry in entries):
                raise beyond(raw, most)
            return found
        case Items(items):
            return listed([numeric(i, read, expected, has_infinity, most) for i in items])
        case Entries(pairs) if pairs and all(is_empty(value) for _, value in pairs):
            # {3, 4, 1}, which is a set to those who write it
            return listed([numeric(k, read, expected, has_infinity, most) for k, _ in pairs])
        case Entries():
            raise Invalid.at("expected a value or a list here, not keys and values", raw.place)


def refuse_words(raw: Text, found: Expr, expected: str, has_infinity: bool) -> None:
    """Complains of null, yes, nan and the like, which are no letters for numbers."""
    for node in walk(found):
        word = node.spelled if isinstance(node, Symbol) else ""
        if word.casefold() in NO_NUMBERS and not (has_infinity and word == "inf"):
            place = raw.at(max(0, raw.value.casefold().find(word.casefold())))
            raise Invalid.at(f"expected {expected}, not the word '{word}'", place)


def formula(raw: Raw, expected: str = "a formula", read: TreeReader = reader.read) -> Expr:
    """The formula in numbers and letters that a value spells, infinity among them."""
    found = tree(raw, read, MOST_DIGITS)
    for text in texts_of(raw):
        refuse_words(text, found, expected, has_infinity=True)
    return found


def entries_of_list(found: Expr) -> Iterator[Expr]:
    """The single numbers and formulas of a list, a matrix, or a list of these."""
    match found:
        case Matrix(rows):
            yield from (entry for row in rows for entry in row)
        case Listing(items):
            for item in items:
                yield from entries_of_list(item)
        case _:
            yield found


def beyond(raw: Text, most: int) -> Invalid:
    typed = visible(raw.value.strip(), most=40)
    return Invalid.at(
        f"expected numbers between 10^-{most} and 10^{most}, not '{typed}'", raw.place
    )


@lru_cache(maxsize=4)
def largest(digits: int) -> int:
    return int(10**digits)


def is_moderate(entry: Expr, most: int) -> bool:
    """Whether a number is within what is computed with; a formula in letters is."""
    try:
        value = scalar(entry)
    except TooLarge:
        return False
    except EvaluationError:
        return True
    if not value or not is_finite(value):
        return True
    size = -value if value < 0 else value
    above, below = size.as_integer_ratio()
    return above <= largest(most) * below and below <= largest(most) * above


TRANSPOSED = re.compile(
    r"(?P<matrix>\s*(?:[^\W\d]\w*\s*=\s*)?(?:[A-Za-z]+\.)?[A-Za-z]*[\[({].*[\])}])\s*"
    r"(?:\.T|\.t\(\)|\.mT|\.transpose\(\)|ᵀ|')\s*;?\s*",
    re.DOTALL,
)
ROWS = re.compile(r"[\[(]\s*[\[(]\s*[\[(]?|;|\n")


def transposed(raw: Text, read: TreeReader, expected: str, most: int | None) -> Expr | None:
    """The matrix of [[1, 2], [3, 4]].T; None of what is no list with that sign behind it.

    A list of single numbers stays as it is: to NumPy np.array([1, 2]).T has no columns.
    """
    found = TRANSPOSED.fullmatch(raw.value)
    if found is None or not is_one_list(found["matrix"]):
        return None
    matrix = numeric(replace(raw, value=found["matrix"]), read, expected, most=most)
    has_rows = ROWS.search(re.sub(r"[A-Za-z]+\(", "", found["matrix"])) is not None
    if isinstance(matrix, Matrix) and (has_rows or raw.value.rstrip(" ;")[-1] in "'ᵀ"):
        return matrix.turned
    return matrix if isinstance(matrix, Matrix | Listing) else None


def is_one_list(text: str) -> bool:
    """Whether the bracket that opens first closes at the end."""
    depth = 0
    for index, character in enumerate(text):
        depth += (character in "[({") - (character in "])}")
        if depth == 0 and character in "])}":
            return not text[index + 1 :].strip()
    return False


def unwrapped(text: str) -> str:
    """The text without what programs write around a list; what is left keeps its place."""
    if PLAIN.fullmatch(text):
        return text
    if MADE.search(text):
        from mlcalc.files.fields.shaped import in_rows

        text = in_rows(text)
    if found := NAMED_LIST.match(text):
        text = blank(text, *found.span())
    if NUMBERED_LINES.match(text):
        text = NUMBERED_LINES.sub(lambda found: " " * len(found[0]), text)
    if " and " in text:
        text = AND.sub(lambda found: ",".ljust(len(found[0])), text)
    found = WRAPPER.fullmatch(text)
    if found is not None:
        for start, end in (found.span(1), found.span(2)):
            if start >= 0:
                text = blank(text, start, end)
    if NESTED_BRACES.fullmatch(text):
        return text.translate(BRACKETS)
    is_set = text.lstrip()[:1] == "{" and text.count("{") == 1
    return without_brackets(text) if is_set else text


MADE = re.compile(r"[mM]atrix\(|\)\.(?:reshape|view)\(|\.(?:zeros|ones|eye|identity|arange)\(")
"""What makes a list of a shape: np.zeros(3), Matrix(2, 2, [1, 2, 3, 4])."""
PLAIN = re.compile(r"[-+0-9.,;\s]*")
BRACKETS = str.maketrans("{}", "[]")


def blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def is_empty(raw: Raw) -> bool:
    return isinstance(raw, Text) and not raw.value and not raw.quoted


def part_of(raw: Text, start: int, end: int) -> Text:
    """A part of a text at its place, without the spaces and quotes around it."""
    part = raw.value[start:end]
    start += len(part) - len(part.lstrip())
    part = part.strip()
    is_quoted = len(part) > 1 and part[0] == part[-1] and part[0] in "\"'"
    is_quoted = is_quoted and part[0] not in part[1:-1]
    if is_quoted:
        part, start = part[1:-1], start + 1
    return replace(raw, value=part, place=raw.at(start), quoted=is_quoted)


def spans_between(separator: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Where the pieces between separators begin and end."""
    cuts = [found.span() for found in separator.finditer(text)]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    return list(zip(starts, ends, strict=True))


def without_brackets(text: str) -> str:
    """The text with spaces for the brackets around it; what is left keeps its place."""
    inside = text.strip()
    if inside[:1] + inside[-1:] not in ("[]", "{}", "()"):
        return text
    start = text.index(inside)
    return f"{text[:start]} {inside[1:-1]} {text[start + len(inside) :]}"


def texts_of(raw: Raw) -> Iterator[Text]:
    """Every text in a value, keys excepted."""
    match raw:
        case Text():
            yield raw
        case Items(items):
            for item in items:
                yield from texts_of(item)
        case Entries(pairs):
            for _, value in pairs:
                yield from texts_of(value)
