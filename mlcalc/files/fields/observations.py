"""What was observed: numbers, each of them with its count, outcomes in words, or letters.

A list is read as `Numbers` reads it.  Beside it stand the tables in which frequencies are written,
`0=20, 1=30`, and, where only 0 and 1 are possible, what people write for them: `HHTHT`, `10110`,
`7 heads, 3 tails`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlcalc.files.columns import column_of
from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields.base import FieldType, Schema, numeric, part_of, spans_between, unwrapped
from mlcalc.files.fields.mappings import entries_of, is_mapping, without_braces
from mlcalc.files.fields.numbers import Numbers, Quantity, as_number, number_notes, shown_list
from mlcalc.files.fields.outcomes import PIECE, opposite, outcomes_of, pieces_of, the_outcomes
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Expr, Number, Symbol

MOST = 100_000
"""So many observations are computed with one by one."""

NAMES = r"[^\W\d_][^\W\d]*(?: [^\W\d_]+)*"
BEFORE = re.compile(rf"\s*(?P<count>[0-9]+)\s*[x×*]?\s*(?P<name>{NAMES})\s*")
BEHIND = re.compile(rf"\s*(?P<name>{NAMES})\s*[:=]?\s*[(]?\s*(?P<count>[0-9]+)\s*[)]?\s*")
OUT_OF = re.compile(
    rf"\s*(?P<count>[0-9]+)\s+(?P<name>{NAMES}?)\s+(?:out\s+of|of|in|from)\s+(?P<all>[0-9]+)"
    r"(?:\s+\w+)?\s*"
)
BETWEEN_COUNTS = re.compile(r",|;|\n|\band\b|&|\|")
CLOSE_COUNTS = re.compile(r"[0-9]+\s*[^\W\d]+")
CLOSE_TABLE = re.compile(r"(?:\s*[0-9]+\s*[^\W\d]+)+\s*")
UNITS = re.compile(r"\s*([+\-−–]?[0-9.]+)\s*([^\W\d_]+|°[CF]?|€|\$|£)\s*")
DOUBTFUL_UNITS = "kKMGTexyzXYZ"
"""What stands behind a number and may be thousands, a power of ten or a variable."""
TIGHT = re.compile(r"\s*\{?\s*[0-9.]+\s*:\s*[0-9]+(?:\s*[,;\n]\s*[0-9.]+\s*:\s*[0-9]+)*\s*\}?\s*")
IN_BRACKETS = re.compile(r"(?<![\w.])([0-9.]+)\s+\(\s*([0-9]+)\s*\)")
TIMES = re.compile(r"(?<![\w.])([0-9.]+)\s*[x×]\s*([0-9.]+)(?![\w.])")
LETTER = re.compile(
    r"\s*\$?(?P<letter>[^\W\d_])(?:_\{?|\^\{?\(?)?(?P<index>[0-9]+|[^\W\d_])[)}]*\$?\s*"
)
DOTS = re.compile(r"(?:\.\.\.|…|⋯|\.\.|\\[lc]?dots\b)")


class Observed(Record):
    """Each observation, with how often it was made where that was typed.

    Without observations `size` may say how many there are, and `ones` how many of them are 1.
    """

    items: tuple[Expr, ...] = ()
    counts: tuple[int, ...] = ()
    size: Expr | None = None
    ones: Expr | None = None
    spelled: Raw | None = None
    """Where the items stand, if they are not what was typed."""
    notes: tuple[Note, ...] = ()

    @property
    def all(self) -> tuple[Expr, ...]:
        """Every observation, as often as it was made."""
        if not self.counts:
            return self.items
        pairs = zip(self.items, self.counts, strict=True)
        return tuple(item for item, count in pairs for _ in range(count))


class Observations(FieldType[Observed]):
    """Observations of one variable; `are_two` where they are 0 and 1."""

    are_two: bool = False
    trials: int | None = None
    """What the trials up to a success count less, where an observation is their number."""
    metavar = "LIST"
    expected = "a list of numbers such as 3, 4, 1"

    def read(self, raw: Raw) -> Observed:
        raw = column_of(raw, known=self.knows)
        notes: tuple[Note, ...] = ()
        table = table_in(raw, self.knows_words)
        if table is not None:
            return self.of_table(table, raw)
        letters = letters_in(raw)
        if letters is not None:
            return letters
        if self.knows_words and (words := words_in(raw, self.are_two)):
            return self.of_words(words)
        if isinstance(raw, Text):
            refuse_shorthand(raw)
            raw, notes = without_units(raw)
        takes = Numbers()
        items = takes.read(raw)
        return Observed(items, spelled=raw, notes=(*notes, *takes.remarks(raw, items)))

    def remarks(self, raw: Raw, value: Observed) -> tuple[Note, ...]:
        return value.notes

    def shown(self, value: Observed) -> Expr | str | None:
        if value.counts:
            pairs = zip(value.items, value.counts, strict=True)
            return ", ".join(f"{one_line(item)} ({count} times)" for item, count in pairs)
        return shown_list(value.items) if value.items else None

    def knows(self, cells: Sequence[str]) -> bool:
        """Whether these words are outcomes."""
        return self.knows_words and bool(outcomes_of(tuple(dict.fromkeys(cells))))

    @property
    def knows_words(self) -> bool:
        return self.are_two or self.trials is not None

    def of_words(self, words: Sequence[Text]) -> Observed:
        """Words for 1 and 0; where trials are counted, how many there are up to each 1."""
        found = the_outcomes([word.value for word in words], words[0])
        values = [found.values[word.value] for word in words]
        if self.trials is None:
            return Observed(
                tuple(map(as_number, values)), spelled=Items(tuple(words), words[0].place),
                notes=found.notes,
            )  # fmt: skip
        if not values[-1]:
            message = "the last trials have no success: leave them out, or give the numbers"
            raise Invalid.at(message, words[-1].place)
        runs = "".join(map(str, values)).split("1")[:-1]
        items = tuple(as_number(len(run) + self.trials) for run in runs)
        listed = ", ".join(map(one_line, items))
        what = "trials up to" if self.trials else "failures before"
        note = Note("given.runs", f"the {what} each success are {listed}")
        return Observed(items, notes=(*found.notes, note), spelled=words[0])

    def of_table(self, table: Entries, raw: Raw) -> Observed:
        """Each value with its count."""
        names = [key.value.strip() for key, _ in table.pairs]
        if len(table.pairs) == 1 and not self.is_value(names[0]):
            return self.of_named_list(table, raw)
        if is_numbered(names):
            items = Items(tuple(value for _, value in table.pairs), table.place)
            return Observed(Numbers().read(items), spelled=items)
        takes = Quantity(least=0, whole=True)
        counts = [takes.read(value) for _, value in table.pairs]
        notes = number_notes(table)
        if not all(is_value(name) for name in names):
            if not self.are_two:
                key = next(key for key, _ in table.pairs if not is_value(key.value))
                message = "expected each number with its count, such as 0=20, 1=30, not"
                raise Invalid.at(f"{message} '{key.value}'", key.place)
            written = [one_line(count) for count in counts]
            found = the_outcomes(names, table.pairs[0][0], written)
            values: tuple[Expr, ...] = tuple(as_number(found.values[name]) for name in names)
            notes = (*notes, *found.notes)
        else:
            values = tuple(numeric(replace(key, value=key.value.strip())) for key, _ in table.pairs)
        keys = Items(tuple(key for key, _ in table.pairs), table.place)
        return self.counted(values, counts, Observed(spelled=keys, notes=notes), raw)

    def counted(
        self, values: tuple[Expr, ...], counts: Sequence[Expr], keys: Observed, raw: Raw
    ) -> Observed:
        """The values with their counts, or n and k where these are letters or too many."""
        numbers = [value for count in counts if (value := exact(count)) is not None]
        is_known = len(numbers) == len(counts)
        if self.are_two and (not is_known or sum(numbers) > MOST):
            size = total_of(counts)
            ones = total_of([c for v, c in zip(values, counts, strict=True) if exact(v) == 1])
            return replace(keys, size=size, ones=ones)
        if not is_known:
            raise Invalid.at("a count is a whole number from 0", raw.place)
        if sum(numbers) > MOST:
            message = f"these are more than {MOST:,} observations: give n and sum instead"
            raise Invalid.at(message, raw.place)
        if not sum(numbers):
            raise Invalid.at("nothing was observed: every count is 0", raw.place)
        whole = tuple(int(number) for number in numbers)
        seen = [(v, c) for v, c in zip(values, whole, strict=True) if c]
        return replace(keys, items=tuple(v for v, _ in seen), counts=tuple(c for _, c in seen))

    def is_value(self, name: str) -> bool:
        """Whether a name can be an observation: a number, or a word for an outcome."""
        return is_value(name) or (self.knows_words and bool(outcomes_of((name,))))

    def of_named_list(self, table: Entries, raw: Raw) -> Observed:
        """A list with its name before it: x = [3, 4, 1]; x = 3 may be n, k or a count."""
        ((key, value),) = table.pairs
        is_list = not isinstance(value, Text) or re.search(r"[\s,;(\[{]", value.value.strip())
        if not is_list or table_in(value, self.knows_words) is not None:
            message = "expected each number with its count, such as 0=20, 1=30, or a list, not"
            raise Invalid.at(f"{message} '{key.value}' with one value", key.place)
        return self.read(value)

    def schema(self) -> Schema:
        return Numbers().schema()


def total_of(counts: Sequence[Expr]) -> Expr:
    total: Expr = as_number(0)
    for count in counts:
        is_nothing = exact(total) == 0
        total = count if is_nothing else total + count
    value = exact(total)
    return total if value is None else Number(value)


def is_value(name: str) -> bool:
    return re.fullmatch(r"\s*[+\-−–]?[0-9][0-9./]*\s*", name) is not None


def is_numbered(names: Sequence[str]) -> bool:
    """Whether names are x1, x2, x3, which have one value each."""
    found = [match for name in names if (match := LETTER.fullmatch(name))]
    numbers = [str(number) for number in range(1, len(names) + 1)]
    is_one = len({match["letter"] for match in found}) == 1
    return is_one and [match["index"] for match in found] == numbers


def table_in(raw: Raw, has_outcomes: bool = True) -> Entries | None:
    """Values with their counts, however they are written; None for a list."""
    if is_mapping(raw) or (isinstance(raw, Text) and TIGHT.fullmatch(raw.value)):
        return tight_pairs(raw) or entries_of(raw, "0=20, 1=30")
    return counted_names(raw) if has_outcomes and isinstance(raw, Text) else None


def tight_pairs(raw: Raw) -> Entries | None:
    """1:5 alone is five times 1 to some, and from 1 to 5 to others."""
    if not isinstance(raw, Text) or not TIGHT.fullmatch(raw.value) or raw.value.count(":") != 1:
        return None
    first, _, last = raw.value.strip(" {}\n").partition(":")
    if last[:1].isspace() or "{" in raw.value:
        return None
    both = f"{first}={last} where {first} was seen {last} times, or the list of all from {first} to"
    raise Invalid.at(f"this can be read in two ways: write {both} {last}", raw.place)


def counted_names(raw: Text) -> Entries | None:
    """7 heads, 3 tails; red 3, blue 2; 7H 3T; 7 heads out of 10: each name once."""
    inside = without_braces(raw)
    text = inside.value
    if found := OUT_OF.fullmatch(text):
        return out_of(inside, found)
    spans = spans_between(BETWEEN_COUNTS, text)
    spans = [(start, end) for start, end in spans if text[start:end].strip()]
    if len(spans) == 1 and CLOSE_TABLE.fullmatch(text):
        spans = [found.span() for found in CLOSE_COUNTS.finditer(text)]
    for pattern in (BEFORE, BEHIND):
        matches = [pattern.fullmatch(text, *span) for span in spans]
        pairs = tuple(pair_of(inside, found) for found in matches if found is not None)
        # type 1, type 2, type 1 are names that end with numbers.
        if pairs and len({key.value for key, _ in pairs}) == len(matches):
            return Entries(pairs, raw.place)
    return None


def pair_of(raw: Text, found: re.Match[str]) -> tuple[Text, Raw]:
    return part_of(raw, *found.span("name")), part_of(raw, *found.span("count"))


def out_of(raw: Text, found: re.Match[str]) -> Entries:
    """7 heads out of 10."""
    name = part_of(raw, *found.span("name"))
    other, rest = opposite(name.value), int(found["all"]) - int(found["count"])
    if rest < 0:
        raise Invalid.at(f"of {found['all']} at most {found['all']} can be {name.value}", raw.place)
    if other is None:
        message = f"write 1={found['count']}, 0={rest} where {name.value} is 1"
        raise Invalid.at(f"it is not plain which outcome is 1: {message}", raw.place)
    pairs = (name, part_of(raw, *found.span("count"))), (
        replace(name, value=other), replace(name, value=str(rest)),
    )  # fmt: skip
    return Entries(pairs, raw.place)


def words_in(raw: Raw, are_two: bool) -> list[Text]:
    """The words of a list that are no numbers, or 0 and 1 without signs between: 10110."""
    if isinstance(raw, Items):
        words = [item for item in raw.items if isinstance(item, Text)]
        is_list = len(words) == len(raw.items)
        return words if is_list and words and any(is_word(w.value) for w in words) else []
    if not isinstance(raw, Text):
        return []
    text = replace(raw, value=unwrapped(raw.value))
    typed = PIECE.findall(text.value)
    are_words = bool(typed) and all(map(is_word, typed))
    is_signed = are_two and set(typed) in ({"1", "-1"}, {"1", "−1"}, {"+1", "-1"}, {"+1", "−1"})
    if are_words or is_signed or (are_two and is_digits(raw, typed)):
        return pieces_of(text)
    return []


def is_word(text: str) -> bool:
    return text.isalpha() or (bool(text) and set(text) <= set("+-−–"))


def is_digits(raw: Text, typed: Sequence[str]) -> bool:
    """Whether 0 and 1 stand side by side: 10110; 1,000 may be that or a list."""
    if not all(set(word) <= set("01") for word in typed) or max(map(len, typed), default=0) < 2:
        return False
    as_list = " ".join(str(int(word)) for word in typed)
    if len(typed) > 1 and set(as_list.split()) <= {"0", "1"}:
        digits = " ".join("".join(typed))
        message = f"this can be read in two ways: write {digits} or {as_list}"
        raise Invalid.at(message, raw.place)
    return True


def letters_in(raw: Raw) -> Observed | None:
    """x1, x2, x3 or x1, …, xn: how many there are, and no more."""
    if isinstance(raw, Items):
        words = [item.value if isinstance(item, Text) else "" for item in raw.items]
    elif isinstance(raw, Text):
        text = unwrapped(raw.value)
        opened = text.strip().removeprefix("\\{").removesuffix("\\}").strip("[](){} ")
        words = [word for word in re.split(r"[,;\s]+", opened) if word]
    else:
        return None
    dots = [number for number, word in enumerate(words) if DOTS.fullmatch(word)]
    shown = [word for word in words if not DOTS.fullmatch(word)]
    found = [match for word in shown if (match := LETTER.fullmatch(word))]
    if not found or len(found) < len(shown) or len({match["letter"] for match in found}) > 1:
        return None
    indices = [match["index"] for match in found]
    first = indices[:-1] if dots else indices
    if first != [str(number) for number in range(1, len(first) + 1)] or not first:
        return None
    last = indices[-1]
    if dots and dots != [len(words) - 2]:
        return None
    if last == "n":
        return Observed()
    if not last.isdigit() and last not in "Nm":
        return None
    return Observed(size=as_number(int(last)) if last.isdigit() else Symbol(last))


def refuse_shorthand(raw: Text) -> None:
    """Refuses 0 (20), 1 (30), which is a table to some and a product here, 3 x 5, and 3, 4, …"""
    if found := DOTS.search(raw.value):
        message = "dots leave observations out: write all, or n and sum"
        raise Invalid.at(message, raw.at(found.start()))
    if IN_BRACKETS.search(raw.value):
        pairs = IN_BRACKETS.findall(raw.value)
        counts = ", ".join(f"{value}={count}" for value, count in pairs[:6])
        products = ", ".join(f"{value}*{count}" for value, count in pairs[:6])
        message = f"write {counts} for values with their counts, or {products} for products"
        raise Invalid.at(f"this can be read in two ways: {message}", raw.place)
    if found := TIMES.search(raw.value):
        one, other = found.groups()
        message = f"write {one}={other} for {other} times {one}, or {other}={one}"
        raise Invalid.at(f"this can be read in two ways: {message}", raw.at(found.start()))


def without_units(raw: Text) -> tuple[Text, tuple[Note, ...]]:
    """1.5 s, 2 s as the numbers, where all have one unit; k and M may be thousands and millions."""
    pieces = [piece for piece in re.split(r"[,;\n]", raw.value.strip(" []()\n")) if piece.strip()]
    if len(pieces) == 1:
        pieces = re.findall(UNITS.pattern, pieces[0]) and re.split(r"(?<=[^\W\d_])\s+", pieces[0])
    found = [match for piece in pieces if (match := UNITS.fullmatch(piece))]
    units = {match[2] for match in found}
    if not pieces or len(found) < len(pieces) or len(units) != 1:
        return raw, ()
    (unit,) = units
    numbers = ", ".join(match[1] for match in found)
    if unit in DOUBTFUL_UNITS or len(found) == 1:  # 3 foo may be any slip
        message = f"write the numbers without '{unit}': {numbers[:60]}"
        raise Invalid.at(message, raw.place)
    note = Note("given.unit", f"the unit of the data, {unit}, is left out")
    return replace(raw, value=numbers, exact=False), (note,)
