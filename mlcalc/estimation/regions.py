"""Where a letter may lie, as people write it: 0 < x < 1, (0, ∞), x ∈ {0, 1, 2}, x = 1, 2, ….

One reader serves the support of a density, the range of a parameter and what stands behind a
formula.  `plainer` spells LaTeX's signs as one character each, so that places stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from itertools import pairwise

from mlcalc.estimation.letters import X
from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import formula
from mlcalc.files.fields.base import is_one_list
from mlcalc.maths.evaluate import exact, scalar_or_none
from mlcalc.maths.functions import Scalar
from mlcalc.maths.printing import one_line, source
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Call, Chain, Expr, Listing, Neg, Number, Symbol, shown

EXPECTED = "a range such as 0 < x < 1, [0, inf] or x = 0, 1, 2"
MOST_VALUES = 1000
"""A list with an end, 0, 1, …, 10, has at most so many values; one with more is a range."""

SIGNS = {
    "in": "∈", "infty": "∞", "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥",
    "geqslant": "≥", "lt": "<", "gt": ">", "ldots": "…", "dots": "…", "cdots": "…", "dotsc": "…",
    "{": "{", "}": "}", "lbrace": "{", "rbrace": "}", "mid": "|", "vert": "|", "sim": "~",
    "propto": "∝", "forall": "∀", "ell": "ℓ", "Pr": "P", "left": "", "right": "", ",": "", ";": "",
    "!": "", " ": "", ":": "", "(": "", ")": "", "[": "", "]": "", "quad": ";", "qquad": ";",
    "\\": "\n", "big": "", "Big": "", "bigl": "", "bigr": "", "Bigl": "", "Bigr": "", "ne": "≠",
    "displaystyle": "", "limits": "",
}  # fmt: skip
"""Commands of LaTeX that stand around formulas, and what they are."""
WORDED = re.compile(r"\\(?:text|mbox|textrm|textnormal|mathrm|operatorname)\s*\{([^{}]*)\}")
DOUBLE = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "P": "P", "1": "𝟙"}
FONT = re.compile(r"\\(?:mathbb|mathbf|mathcal|mathds|bf|Bbb)\s*(?:\{\s*([RNZPL1])\s*\}|([RNZ]))")
COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
OTHERS = re.compile(r"[.]{3,}|·{3}|⋯|⋮|[$“”„\u200b\ufeff]|\\\\|[∼]|\t")
LIGATURES = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\r": "\n", "⩽": "≤",
                           "⩾": "≥", "∣": "|", "ǀ": "|"})  # fmt: skip


INDICATOR = r"\s*[({][^(){}]*[<≤>≥=]"
FACTOR = re.compile(rf"(?<=[\w)\]}}²])\s(?=\s*(?:indicator|𝟙|1|I){INDICATOR})")
"""The space before a relation in brackets that is a factor: 1/(2θ) 𝟙(x ≤ θ)."""
LETTER_I = re.compile(rf"(?<!\w)I(?={INDICATOR})")


def plainer(text: str) -> str:
    """The text with one sign for each command that stands between formulas, of the same length."""

    def padded(match: re.Match[str], sign: str) -> str:
        return sign.ljust(len(match.group()))

    def worded(match: re.Match[str]) -> str:
        return " " * (match.start(1) - match.start()) + match.group(1) + " "

    def command(match: re.Match[str]) -> str:
        sign = SIGNS.get(match.group(1))
        return match.group() if sign is None else padded(match, sign)

    def other(match: re.Match[str]) -> str:
        found = match.group()
        signs = {"~": "~", "∼": "~", "\t": ";"}
        return padded(match, "…" if found[0] in ".·⋯⋮" else signs.get(found, ""))

    text = LETTER_I.sub("𝟙", FACTOR.sub("*", text.translate(LIGATURES)))
    text = re.sub(r"\\(?:begin|end)\s*\{(?:aligned|align\*?|equation\*?)\}",
                  lambda match: padded(match, ""), text)  # fmt: skip
    text = WORDED.sub(worded, text)
    text = FONT.sub(lambda m: padded(m, DOUBLE.get(m[1] or m[2], m[1] or m[2])), text)
    return OTHERS.sub(other, COMMAND.sub(command, text))


class Region(Record):
    """What was read: ends or values, and the letter that lies there, if one was written."""

    letter: Expr | None
    low: Expr = Neg(Symbol("inf"))
    high: Expr = Symbol("inf")
    ends: str = "[]"
    whole: bool = False
    values: tuple[Expr, ...] = ()

    @property
    def limits(self) -> tuple[Scalar | None, Scalar | None]:
        return scalar_or_none(self.low), scalar_or_none(self.high)

    def within(self, other: Region) -> Region:
        """What lies in both: x > 0 and x < 1.  Raises `ValueError` where that is not told."""
        if self.whole != other.whole:
            return self.in_whole_numbers().within(other.in_whole_numbers())
        if self.values or other.values:
            if self == other:
                return self
            raise ValueError
        low, low_end = tighter(self.low, other.low, self.ends[0] + other.ends[0], max)
        high, high_end = tighter(self.high, other.high, self.ends[1] + other.ends[1], min)
        return Region(self.letter, low, high, low_end + high_end, self.whole)

    def in_whole_numbers(self) -> Region:
        """The whole numbers in it: 1, 2, … of x > 0."""
        if self.values or self.whole:
            return self
        low, high = self.limits
        ends = [self.low, self.high]
        if low is not None and abs(low) != float("inf"):
            ends[0] = shown(
                int(low // 1) + 1 if low % 1 == 0 and self.ends[0] == "(" else int(-(-low // 1))
            )
        if high is not None and abs(high) != float("inf"):
            ends[1] = shown(
                int(-(-high // 1)) - 1 if high % 1 == 0 and self.ends[1] == ")" else int(high // 1)
            )
        if None in (low, high) and "(" in self.ends + self.ends.replace(")", "("):
            raise ValueError
        return Region(self.letter, ends[0], ends[1], "[]", True)

    @property
    def words(self) -> str:
        """What a message says of it."""
        if self.values:
            return f"one of {', '.join(map(one_line, self.values))}"
        noun = "whole numbers" if self.whole else "numbers"
        return f"{noun} with {one_line(self.chain(X))}"

    def chain(self, letter: Expr) -> Expr:
        """0 < x ≤ 1, without the ends that are infinite."""
        low, high = self.limits
        below, above = ("<" if end in "()" else "<=" for end in self.ends)
        has_low, has_high = low != -float("inf"), high != float("inf")
        if has_low and not has_high:
            return Chain(letter, ((below.replace("<", ">"), self.low),))
        if has_high and not has_low:
            return Chain(letter, ((above, self.high),))
        return Chain(self.low, ((below, letter), (above, self.high)))

    @property
    def texts(self) -> tuple[str, str]:
        return source(self.low), source(self.high)


def tighter(one: Expr, other: Expr, ends: str, choose: Callable[..., Scalar]) -> tuple[Expr, str]:
    first, second = scalar_or_none(one), scalar_or_none(other)
    if one == other:
        return one, next((end for end in ends if end in "()"), ends[0])
    if first is None or second is None:
        # An end in letters beside an infinite one, which says nothing.
        if first is None and second is not None and abs(second) == float("inf"):
            return one, ends[0]
        if second is None and first is not None and abs(first) == float("inf"):
            return other, ends[1]
        raise ValueError
    return (one, ends[0]) if choose(first, second) == first else (other, ends[1])


FILLER = re.compile(
    r"\b(?:for|all|any|every|each|some|unknown|the|an?(?=\s+[a-z]{3})|is|are|parameter|support|numbers?|values?|"
    r"on|over|where|with|set|of|and|line|valued|whose)\b|∀",
    re.IGNORECASE,
)
INTEGER = re.compile(
    r"[\s,;(]*\b(?:an?\s+)?(?:integers?|whole)\b(?:\s+numbers?)?\s*\)?\s*$", re.IGNORECASE
)
BUILT = re.compile(r"\{\s*\w+\s*(?:∈\s*ℝ\s*)?[:|](?P<condition>[^{}]*)\}")
WORDED_ENDS = re.compile(r"(?:from|between)?\s*(\S+)\s+(?:to|and)\s+(\S+)")
REMARK = re.compile(
    r"\s+(?:is|are|being|denotes)\s+(?:an?\s|the\s|unknown|known|fixed).*", re.DOTALL
)
ZERO, ONE, INFINITY = shown(0), shown(1), Symbol("inf")

NAMED: dict[str, tuple[Expr, Expr, str, bool]] = {}
for _names, _region in {
    ("r", "ℝ", "real", "reals", "real reals", "ℝ real"): (Neg(INFINITY), INFINITY, "()", False),
    (
        "positive real",
        "positive reals",
        "positive",
        "ℝ+",
        "ℝ⁺",
        "ℝ^+",
        "ℝ_+",
        "r+",
        "r^+",
        "ℝ>0",
        "ℝ_{>0}",
        "ℝ^{+}",
        "ℝ_{+}",
        "ℝ₊",
        "ℝ_{++}",
        "ℝ++",
    ): (ZERO, INFINITY, "()", False),
    (
        "non-negative real",
        "nonnegative real",
        "non-negative reals",
        "nonnegative reals",
        "nonnegative",
        "non-negative",
        "ℝ≥0",
        "ℝ_{≥0}",
        "ℝ>=0",
    ): (ZERO, INFINITY, "[)", False),
    ("negative real", "negative reals"): (Neg(INFINITY), ZERO, "()", False),
    (
        "positive integer",
        "positive integers",
        "positive whole",
        "ℤ+",
        "ℤ⁺",
        "ℤ^+",
        "ℤ_+",
        "z+",
        "ℤ^{+}",
        "ℤ_{+}",
        "ℤ_{>0}",
        "ℕ⁺",
        "ℕ+",
        "ℕ^+",
        "ℕ_{>0}",
        "ℕ_1",
        "ℕ₁",
        "ℕ^*",
        "ℕ*",
    ): (ONE, INFINITY, "[)", True),
    (
        "non-negative integer",
        "non-negative integers",
        "nonnegative integer",
        "nonnegative integers",
        "ℕ₀",
        "ℕ_0",
        "ℕ_{0}",
        "ℤ≥0",
        "ℤ_{≥0}",
        "n0",
        "n_0",
        "ℕ∪{0}",
        "non-negative whole",
    ): (ZERO, INFINITY, "[)", True),
    ("integer", "integers", "ℤ", "z"): (Neg(INFINITY), INFINITY, "()", True),
}.items():
    NAMED.update(dict.fromkeys(_names, _region))
"""Sets by their names."""
NATURALS = ("ℕ", "n", "natural", "naturals", "whole", "counts", "count")


def region(raw: Text, letters: Collection[Expr] = (X,)) -> Region:
    """The region that the text spells; of letters in a relation one of `letters` lies there.

    Raises `Invalid` where it spells none.
    """
    found = Reading(raw, letters).region()
    if found is None:
        raise Invalid.at(f"expected {EXPECTED}, not '{raw.value.strip()}'", raw.place)
    low, high = found.limits
    if low is not None and high is not None and not found.values and not low < high:
        message = f"the lower end of a range is below its upper one, not '{raw.value.strip()}'"
        raise Invalid.at(message, raw.place)
    return found


class Reading:
    """One text that says where a letter lies."""

    def __init__(self, raw: Text, letters: Collection[Expr]) -> None:
        self.raw, self.letters = raw, letters
        value = REMARK.sub("", plainer(raw.value))
        self.text = re.sub(
            r"(?<=[\w\s])\s+in\s+(?=[^\w\s]|[RNZ]\b|(?:the|real|pos|non))", " ∈ ", value
        )
        self.text = self.text.strip().strip(".").strip()

    def expression(self, text: str) -> Expr:
        return formula(Text(text.strip(), self.raw.place, exact=False), EXPECTED)

    def region(self) -> Region | None:
        whole = INTEGER.search(self.text)
        if whole is not None and self.text[: whole.start()].strip() not in (
            "",
            *map(name_of, self.letters),
        ):
            self.text = self.text[: whole.start()].strip()
            found = self.region()
            return None if found is None else found.in_whole_numbers()
        built = BUILT.fullmatch(self.text)
        if built is not None:
            self.text = built["condition"].strip()
        worded = WORDED_ENDS.fullmatch(self.text)
        if worded is not None:
            low, high = map(self.expression, worded.groups())
            return Region(None, low, high)
        before, sign, after = self.text.partition("∈")
        if sign:
            letter = FILLER.sub(" ", before).strip()
            return self.of_set(after.strip(), self.expression(letter) if letter else None)
        return self.of_set(self.text, None) or self.of_list() or self.of_relation()

    def of_set(self, text: str, letter: Expr | None) -> Region | None:
        """(0, 1], {0, 1, 2}, ℝ: a set without the letter."""
        inside = text[1:-1]
        if text[:1] in ("[", "(") and text[-1:] in ("]", ")") and is_one_list(text):
            members = split_at(inside, ",;")
            if "…" in inside or len(members) > 2:
                return listed(letter, list(map(self.member, members)), self)
            if len(members) == 2:
                low, high = map(self.expression, members)
                return Region(letter, low, high, text[0] + text[-1])
            return None
        if text[:1] == "{" and text[-1:] == "}":
            return listed(letter, list(map(self.member, split_at(inside, ",;"))), self)
        return self.of_name(text, letter)

    def of_name(self, text: str, letter: Expr | None) -> Region | None:
        words = FILLER.sub(" ", text)
        for one in self.letters if letter is None else ():
            # x real, real x
            name = re.escape(one.spelled) if isinstance(one, Symbol) else ""
            shorter = re.sub(rf"(?<![\w^_]){name}(?![\w^_])", " ", words)
            if shorter != words and shorter.strip():
                words, letter = shorter, one
        key = " ".join(words.split()).casefold().replace(" number", "")
        key = re.sub(r"\s*([+^_*⁺{}≥>=∪])\s*", r"\1", key)
        if key in NATURALS:
            if self.text in ("n", "N") and self.raw.value.strip() != "N":
                return None
            raise Invalid.at(
                f"'{self.raw.value.strip()}' begins at 0 in some books and at 1 in others: write "
                "0, 1, 2, … or 1, 2, 3, …",
                self.raw.place,
            )
        found = NAMED.get(key)
        return None if found is None else Region(letter, *found)

    def of_list(self) -> Region | None:
        """x = 0, 1, 2, …, or the values alone."""
        before, sign, after = self.text.partition("=")
        is_letter = sign and before.strip(" \n").isidentifier() and before[-1:] not in "<>!"
        text = after if is_letter else self.text
        if any(mark in text for mark in "<>≤≥=≠"):
            return None
        members = split_at(text, ",;")
        if len(members) < 2 and not is_letter:
            return None
        letter = self.expression(before) if is_letter else None
        if len(members) == 2 and not is_letter and "…" not in text:
            low, high = map(self.expression, members)
            return Region(None, low, high)
        return listed(letter, list(map(self.member, members)), self)

    def member(self, text: str) -> Expr | None:
        """A value of a list; None for … ."""
        return None if text.strip(" \n") == "…" else self.expression(text)

    def of_relation(self) -> Region | None:
        found = self.expression(FILLER.sub(lambda m: " " * len(m.group()), self.text))
        if not isinstance(found, Chain):
            return None
        pieces = [found.first, *(part for _, part in found.links)]
        signs = [relation for relation, _ in found.links]
        place = next((i for letter in self.letters for i, p in enumerate(pieces)
                      if letter in (p, inside_of(p))), None)  # fmt: skip
        if place is None and len(pieces) == 3:
            place = 1
        if place is None:
            place = next((i for i, piece in enumerate(pieces) if isinstance(piece, Symbol)), None)
        if place is None or len(pieces) > 3 or (len(pieces) == 3 and place != 1):
            return None
        if all(sign in (">", ">=") for sign in signs):
            pieces, signs = pieces[::-1], [s.replace(">", "<") for s in signs[::-1]]
            place = len(pieces) - 1 - place
        if not all(sign in ("<", "<=") for sign in signs):
            return None
        low, high, ends = Neg(INFINITY), INFINITY, ["(", ")"]
        if place > 0:
            low, ends[0] = pieces[place - 1], "(" if signs[place - 1] == "<" else "["  # type: ignore[assignment]
        if place < len(pieces) - 1:
            high, ends[1] = pieces[place + 1], ")" if signs[place] == "<" else "]"  # type: ignore[assignment]
        letter = pieces[place]
        if inside_of(letter) is not None and place == 0 and len(pieces) == 2:
            # |x| < a
            return Region(inside_of(letter), negative(high), high, "()" if ends[1] == ")" else "[]")
        return Region(letter, low, high, "".join(ends))


def name_of(letter: Expr) -> str:
    return letter.spelled if isinstance(letter, Symbol) else ""


def inside_of(piece: Expr) -> Expr | None:
    """x of |x|."""
    return piece.arguments[0] if isinstance(piece, Call) and piece.name == "abs" else None


def negative(end: Expr) -> Expr:
    return Number(-end.value) if isinstance(end, Number) else Neg(end)


def listed(letter: Expr | None, members: list[Expr | None], reading: Reading) -> Region | None:
    """The values of a list, or the whole numbers that one with … goes on to."""
    if None not in members:
        values = tuple(member for member in members if member is not None)
        return (
            None if any(isinstance(v, Listing | Chain) for v in values) else spread(letter, values)
        )
    place = members.index(None)
    before, after = members[:place], members[place + 1 :]
    known = [None if member is None else exact(member) for member in before]
    if not known or None in known or len(after) > 1 or None in after:
        return None
    steps = {b - a for a, b in pairwise(known)}  # type: ignore[operator]
    if steps - {1} or known[0].denominator != 1:  # type: ignore[union-attr]
        message = "of values that go on with … only whole numbers one apart are read"
        raise Invalid.at(message, reading.raw.place)
    high = after[0] if after else INFINITY
    assert before[0] is not None and high is not None
    return Region(letter, before[0], high, "[]" if after else "[)", whole=True)


def spread(letter: Expr | None, values: tuple[Expr, ...]) -> Region | None:
    """Values in their order, as numbers."""
    numbers = [scalar_or_none(value) for value in values]
    if None in numbers or not values:
        return None
    pairs = sorted(zip(numbers, values, strict=True), key=lambda pair: pair[0])  # type: ignore[arg-type,return-value]
    ordered = tuple(dict.fromkeys(value for _, value in pairs))
    return Region(letter, ordered[0], ordered[-1], values=ordered)


# Text with brackets.


def outside(text: str) -> Iterator[tuple[int, str]]:
    """The characters that stand in no brackets."""
    depth = 0
    for place, character in enumerate(text):
        depth -= character in ")]}"
        if depth <= 0:
            yield place, character
        depth += character in "([{"
        depth = max(depth, 0)


def split_at(text: str, separators: str) -> list[str]:
    places = [place for place, character in outside(text) if character in separators]
    starts = [0, *(place + 1 for place in places)]
    pieces = [text[i:j] for i, j in zip(starts, [*places, len(text)], strict=True)]
    return [piece for piece in pieces if piece.strip()]
