"""A density, a likelihood or a prior as it stands in a question, taken apart.

    f(x|θ) = θ x^(θ−1), 0 < x < 1, θ > 0        a left side, a formula, and where it holds
    cases(θ/3 if x = 0, 1 − θ/3 if x = 1)       several formulas, each with its condition
    P(X=0) = θ/3, P(X=1) = 1 − θ/3              a table of probabilities
    0: θ/3, 1: 1 − θ/3

Nothing is read here but letters and numbers: formulas and conditions stay text at their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from mlcalc.estimation.regions import outside, plainer
from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields.base import part_of, tree
from mlcalc.files.fields.mappings import without_braces
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Symbol

NAME = r"(?:\\?[^\W\d_]+|ℓ)(?:\s*_\s*(?:\{[^{}]*\}|\\?\w+))*"
HEAD = re.compile(
    rf"\s*(?P<log>(?:\\?(?:log|ln)\s*)?)(?P<name>{NAME})\s*'?\s*"
    r"(?:[(\[](?P<inside>[^()]*(?:\([^()]*\)[^()]*)*)[)\]])?\s*"
)
"""f(x|θ), f_X(x; θ), P(X = x), log L(θ), before a sign of equality."""
EQUALITY = re.compile(r":=|≡|≔|∝|(?<![<>=!~])=(?!=)")
SEPARATOR = re.compile(
    r"[,;&\n]|∀|\b(?:for\s+all|for|if|where|when|whenever|with|on|over|and|provided|such\s+that|"
    r"otherwise|elsewhere|else)\b",
    re.IGNORECASE,
)
OTHERWISE = ("otherwise", "elsewhere", "else")
JOINS = ("if", "for", "when", "&", "∀", "where", "on", "over")
"""What stands between a value and its condition."""
RELATIONS = "<>≤≥=≠∈"
BOUND = r"[^\s<>≤≥=∈]+"
TRAILING = re.compile(
    rf"(?P<value>.*[^\s<>≤≥=∈+*/^,\-−(])\s+(?P<condition>(?:(?:{BOUND}\s*(?:<=?|≤)\s*)\w+\s*"
    rf"(?:<=?|≤)\s*{BOUND}|[^\W\d]\w*\s*(?:<=?|>=?|≤|≥|=|∈|in\s)\s*.+))",
    re.DOTALL,
)
"""A condition that stands behind a formula with no more than a space between."""
NUMBER = re.compile(r"\s*[-−+]?\s*[0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?\s*")
ROW_HEAD = re.compile(r"\s*(?:[xXyYkK]|[A-Za-z]+\s*\(.*?\)|[pPfF](?:rob\w*)?)\s*")


NO_LIST = (
    "a case has a value and a relation: cases(theta, x = 0, 1 - theta, x = 1); behind a formula "
    "stands where it holds, such as 0 < x < 1"
)


class Head(Record):
    """What stands left of the formula: a name, the letters that it is of, those given."""

    name: str
    of: tuple[Text, ...] = ()
    given: tuple[Text, ...] = ()
    below: str = ""
    """The subscript."""
    is_log: bool = False
    typed: str = ""


class Branch(Record):
    """A formula and what is said of where it holds."""

    value: Text
    conditions: tuple[Text, ...] = ()
    is_rest: bool = False
    """Whether it is what holds otherwise."""


class Statement(Record):
    """What was typed, in parts; one branch where there is one formula."""

    raw: Text
    branches: tuple[Branch, ...]
    head: Head | None = None

    @property
    def formula(self) -> Text:
        return self.branches[0].value

    @property
    def is_plain(self) -> bool:
        """Whether there is one formula and nothing else."""
        return len(self.branches) == 1 and not self.branches[0].conditions and self.head is None


def statement(raw: Raw) -> Statement:
    """The parts of what was typed.  Raises `Invalid` where they do not fit together."""
    if isinstance(raw, Entries):
        return table([(key, value) for key, value in raw.pairs], raw)
    if isinstance(raw, Items):
        raise Invalid.at("expected a formula, not a list", raw.place)
    plain = replace(raw, value=plainer(raw.value))
    return of_rows(plain) or of_pairs(plain) or of_formula(plain)


def table(pairs: Sequence[tuple[Text, Raw]], raw: Raw, head: Head | None = None) -> Statement:
    """The probabilities of some values."""
    branches = []
    for key, value in pairs:
        if not isinstance(value, Text):
            raise Invalid.at("expected a formula for each value, such as 0: theta/3", raw.place)
        number = re.sub(r"^\s*[^\W\d]\w*\s*=\s*", "", key.value).strip()
        branches.append(Branch(value, (Text(f"x = {number}", key.place, exact=False),)))
    whole = raw if isinstance(raw, Text) else Text("", raw.place)
    return Statement(whole, tuple(branches), head)


def of_pairs(raw: Text) -> Statement | None:
    """0: θ/3, 1: 1 − θ/3 and P(X=0) = θ/3, P(X=1) = 1 − θ/3; None where it is no such thing."""
    inside, pairs = without_braces(raw), []
    for span in cut(inside.value, ",;\n"):
        found = pair(part_of(inside, *span))
        if found is None:
            return None
        pairs.append(found)
    return table(pairs, raw) if len(pairs) > 1 else None


def pair(piece: Text) -> tuple[Text, Text] | None:
    joined = re.match(r"and\s", piece.value)
    piece = piece if joined is None else part_of(piece, joined.end(), len(piece.value))
    text = piece.value
    key = re.match(r"\s*(?:[^\W\d]\w*\s*=\s*)?([-−]?[0-9./]+)\s*(?::|->|→|↦|\|)(?!=)", text)
    if key is not None:
        return part_of(piece, *key.span(1)), part_of(piece, key.end(), len(text))
    side = head_of(piece)
    if side is None:
        return None
    head, end = side
    is_value = len(head.of) == 1 and NUMBER.fullmatch(head.of[0].value)
    return (head.of[0], part_of(piece, end, len(text))) if is_value else None


def of_rows(raw: Text) -> Statement | None:
    """x | 0 1 2 above P(x) | … | … | …: a row of values and a row of formulas."""
    lines = [(i, j) for i, j in cut(raw.value, "\n")]
    if len(lines) != 2:
        return None
    first = cells(part_of(raw, *lines[0]), None)
    if first is None or not all(NUMBER.fullmatch(cell.value) for cell in first):
        return None
    second = cells(part_of(raw, *lines[1]), len(first))
    if second is None or len(second) != len(first) or len(first) < 2:
        return None
    return table(list(zip(first, second, strict=True)), raw)


def cells(line: Text, number: int | None) -> list[Text] | None:
    """The cells of a row behind its name."""
    name = ROW_HEAD.match(line.value)
    if name is None:
        return None
    start = name.end() + len(re.match(r"\s*[|:&;]?\s*", line.value[name.end() :])[0])  # type: ignore[index]
    rest = line.value[start:].rstrip("| \n")
    for separators in ("|", "&", ";", ",", " "):
        found = [part_of(line, start + i, start + j) for i, j in cut(rest, separators)]
        if len(found) > 1 and (number is None or len(found) == number):
            return found
    return None


def of_formula(raw: Text) -> Statement:
    side = head_of(raw)
    head, start = (None, 0) if side is None else side
    start, end = unwrapped(raw.value, start, len(raw.value))
    pieces = list(pieces_of(raw, start, end))
    branches = tuple(branches_of(pieces, raw))
    kept = tuple(b for b in branches if not is_nothing(b.value)) if len(branches) > 1 else branches
    return Statement(raw, kept or branches, head)


def is_nothing(value: Text) -> bool:
    return value.value.strip().casefold() in ("0", "zero", "0.", "0.0")


def head_of(raw: Text) -> tuple[Head, int] | None:
    """The left side of f(x|θ) = … and where it ends; None where there is none."""
    equality = next(
        (m for m in EQUALITY.finditer(raw.value) if is_outside(raw.value, m.start())), None
    )
    if equality is None:
        return None
    found = HEAD.fullmatch(raw.value[: equality.start()])
    if found is None:
        return None
    inside = found["inside"]
    name, _, below = found["name"].partition("_")
    if inside is None and (name.strip() in ("x",) or equality.group() == "≡"):
        return None
    of, given = arguments(raw, *found.span("inside")) if inside is not None else ((), ())
    typed = raw.value[: equality.start()].strip()
    head = Head(
        name.strip().lstrip("\\"), of, given, below.strip(" {}"),
        bool(found["log"]), " ".join(typed.split()),
    )  # fmt: skip
    return head, equality.end()


def arguments(raw: Text, start: int, end: int) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """x and θ of (x|θ), (x; θ), (X = x)."""
    inside = raw.value[start:end]
    bar = next((place for place, mark in outside(inside) if mark in "|;"), None)
    sides = [(start, end)] if bar is None else [(start, start + bar), (start + bar + 1, end)]
    found = [tuple(letters(raw, *side)) for side in sides]
    return found[0], found[1] if len(found) > 1 else ()


def letters(raw: Text, start: int, end: int) -> Iterator[Text]:
    for i, j in cut(raw.value[start:end], ",;"):
        piece = part_of(raw, start + i, start + j)
        _, sign, after = piece.value.rpartition("=")
        yield part_of(piece, len(piece.value) - len(after), len(piece.value)) if sign else piece


def is_outside(text: str, place: int) -> bool:
    return any(i == place for i, _ in outside(text))


def cut(text: str, separators: str) -> Iterator[tuple[int, int]]:
    """Where the pieces between separators outside of brackets begin and end."""
    places = [place for place, mark in outside(text) if mark in separators]
    for i, j in zip([0, *(p + 1 for p in places)], [*places, len(text)], strict=True):
        if text[i:j].strip():
            yield i, j


WRAPPED = re.compile(
    r"\s*(?:(?P<call>cases|Cases|piecewise|Piecewise)\s*\((?P<inside>.*)\)|"
    r"\{?\s*\\begin\s*\{(?P<env>cases|dcases|rcases|array)\}(?:\s*\{[lcr| ]*\})?(?P<body>.*)"
    r"\\end\s*\{(?P=env)\}\s*\}?"
    r"|\{(?P<brace>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}?)\s*[.]?\s*",
    re.DOTALL,
)


def unwrapped(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the cases of cases(…), \\begin{cases} and a brace begin and end."""
    found = WRAPPED.fullmatch(text, start, end)
    if found is None:
        return start, end
    for group in ("inside", "body", "brace"):
        if found[group] is not None:
            return found.span(group)
    return start, end


def symbols(texts: Sequence[Text]) -> tuple[Symbol, ...]:
    """Those of some names that are letters."""
    found = []
    for text in texts:
        with suppress(Invalid):
            letter = tree(text)
            if isinstance(letter, Symbol):
                found.append(letter)
    return tuple(found)


class Piece(Record):
    """A part of the text, what stands before it, and whether it says where a formula holds."""

    separator: str
    text: Text
    is_condition: bool


def pieces_of(raw: Text, start: int, end: int) -> Iterator[Piece]:
    text = raw.value
    places = {place for place, _ in outside(text[start:end])}
    found = [m for m in SEPARATOR.finditer(text, start, end) if m.start() - start in places]
    starts = [start, *(m.end() for m in found)]
    ends = [*(m.start() for m in found), end]
    separators = [
        "",
        *(" ".join(m.group().split()).casefold().replace("for all", "for") or "\n" for m in found),
    ]
    for separator, i, j in zip(separators, starts, ends, strict=True):
        trailing = trailing_bracket(text, i, j)
        if trailing is not None:
            last = i + len(text[i:j].rstrip()) - 1
            yield Piece(separator, part_of(raw, i, trailing), False)
            yield Piece("if", part_of(raw, trailing + 1, last), True)
            continue
        piece = part_of(raw, i, j)
        if not piece.value.strip(" .") and separator not in OTHERWISE and piece.value != "…":
            continue
        is_condition = has_relation(piece.value)
        apart = TRAILING.fullmatch(piece.value) if is_condition else None
        if apart is not None and separator not in JOINS:
            yield Piece(separator, part_of(piece, *apart.span("value")), False)
            yield Piece("if", part_of(piece, *apart.span("condition")), True)
        else:
            yield Piece(separator, piece, is_condition or separator in JOINS)


def trailing_bracket(text: str, start: int, end: int) -> int | None:
    """Where a bracket with a relation begins that stands behind a formula: θ e^(−θx) (x > 0)."""
    piece = text[start:end].rstrip()
    if piece[-1:] not in (")", "]", "}") or has_relation(piece):
        return None
    openings = [place for place, mark in outside(piece) if mark in "([{"]
    place = openings[-1] if openings else 0
    inside = piece[place + 1 : -1]
    is_apart = (
        place > 0 and piece[place - 1].isspace() and piece[:place].rstrip()[-1:] not in "*/+-−^·"
    )
    return start + place if is_apart and has_relation(inside) else None


def has_relation(text: str) -> bool:
    return any(mark in RELATIONS for _, mark in outside(text)) or bool(
        re.search(r"\w\s+in\s+\W", text)
    )


def branches_of(pieces: Sequence[Piece], raw: Text) -> Iterator[Branch]:
    """Each value with the conditions behind it."""
    now: Branch | None = None
    is_rest = False
    for place, piece in enumerate(pieces):
        text = piece.text
        if piece.separator in OTHERWISE:
            if now is not None and not now.conditions:
                now = replace(now, is_rest=True)  # 0 otherwise
            else:
                is_rest = True
            if not text.value.strip(" ."):
                continue
            yield from [now] if now is not None else []
            now = Branch(text, is_rest=is_rest)
            is_rest = False
        elif piece.is_condition:
            if now is None:
                raise Invalid.at(
                    "this is a relation, not a density: write the density itself, such as "
                    "theta*x^(theta - 1)",
                    raw.place,
                )
            now = replace(now, conditions=(*now.conditions, text))
        elif now is not None and goes_on(pieces, place, now):
            last = now.conditions[-1]
            longer = replace(last, value=f"{last.value}, {text.value}")
            now = replace(now, conditions=(*now.conditions[:-1], longer))
        elif now is not None and not now.conditions and not now.is_rest:
            if piece.separator != "\n":
                raise Invalid.at(NO_LIST, text.place)
            longer = replace(now.value, value=f"{now.value.value} {text.value}")
            now = replace(now, value=longer)
        else:
            yield from [now] if now is not None else []
            now = Branch(text, is_rest=is_rest)
            is_rest = False
    if now is not None:
        yield now


def goes_on(pieces: Sequence[Piece], place: int, now: Branch) -> bool:
    """Whether a number is one more of the list before it, x = 1, 2, …, or a value of its own."""
    if not now.conditions or not re.search(r"(?<![<>≤≥])[=…]", now.conditions[-1].value):
        return False
    text = pieces[place].text.value.strip()
    if text == "…":
        return True
    follows = pieces[place + 1] if place + 1 < len(pieces) else None
    if now.conditions[-1].value.rstrip().endswith("…"):
        return follows is None or follows.separator not in JOINS
    if not NUMBER.fullmatch(text):
        return False
    if follows is None or not (follows.is_condition or follows.separator in OTHERWISE):
        return True
    if follows.separator in JOINS or follows.separator in OTHERWISE:
        return False
    letter = now.conditions[-1].value.partition("=")[0].strip()
    return not re.search(rf"(?<!\w){re.escape(letter)}(?!\w)", follows.text.value)
