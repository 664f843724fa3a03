"""A place among the tokens of one text, and how what stands there is named in a complaint."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from mlcalc.maths.functions import FUNCTIONS
from mlcalc.maths.products import CONSTANTS, OPEN_FUNCTIONS, is_letter, pieces_of
from mlcalc.maths.scanner import DOTS, TEX, Token, TwoReadings, Unreadable, scan, two_ways

MAX_LENGTH = 100_000
MAX_NESTING = 40
LONGEST_QUOTE = 40
TIMES = ("t", "i", "j")
"""Letters of steps and places, which stand in brackets behind what hangs on them: x(t - 1)."""
LINE_BREAK = re.compile(r"[\r\n]")


class TokenCursor:
    """One pass over the tokens of one text; the grammar is for a subclass."""

    def __init__(
        self, text: str, names: Collection[str] | None, known: Collection[str] = ()
    ) -> None:
        if len(text) > MAX_LENGTH:
            raise Unreadable(f"at most {MAX_LENGTH} characters can be read", MAX_LENGTH)
        self.text = text
        self.names = names
        self.binding = ""
        """How a product without a sign stands to / and ^: "tight" (the factors first), "loose"
        (as * does), "close" (tight where no space is between them); else it is refused."""
        self.known = frozenset((*known, *(names or ())))
        """Letters that stand for numbers, whatever they are called."""
        self.tokens = scan(text)
        if self.known:
            letters = {*self.known, "e"}
            self.tokens = [t for token in self.tokens for t in pieces_of(token, letters)]
        self.index = 0
        self.nesting = 0
        self.matrices: frozenset[str] = frozenset()
        """The known letters between which a product is one of matrices."""
        self.vectors: frozenset[str] = frozenset()
        """Those of them that are columns."""
        self.functions: Mapping[str, str] = {}
        """The functions that bear another name here."""
        self.by_lines = False
        """Whether a new line ends what stands before it, as in lists and rows."""
        self.in_row = False
        """Whether a space does so too."""
        self.in_list = False
        """Whether the items of a list are read, of which [1 2] is a row as [1, 2] is."""
        self.bars = 0
        """How many bars are open, of which the next may close one."""
        self.no_norms: set[int] = set()
        """Where two bars are no ||x||, or have been tried as such."""
        self.has_lines = LINE_BREAK.search(text) is not None and TEX.search(text) is None
        self.bound: list[str] = []

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def fail(self, message: str, token: Token | None = None) -> Unreadable:
        return Unreadable(message, (token or self.token).position)

    def take(self) -> Token:
        token = self.token
        self.index += 1
        return token

    def accept(self, *texts: str) -> Token | None:
        is_one = self.token.kind == "operator" and self.token.text in texts
        return self.take() if is_one else None

    def accept_implied(self) -> Token | None:
        """The sign of no width that LaTeX has between neighbours."""
        is_sign = self.token.text in ("*", "@") and self.token.kind == "operator"
        return self.take() if is_sign and self.token.is_implied else None

    def expect(self, text: str, opening: Token | None = None) -> Token:
        token = self.accept(text)
        if token is None:
            if self.token.kind == "end" and opening is not None:
                raise self.fail(f"this bracket is not closed by '{text}'", opening)
            if self.token.kind in ("number", "shape", "name") or self.token.text in ("(", "["):
                raise self.unexpected()
            found = f"'{self.typed(self.token)}'" if self.token.text else "the end"
            raise self.fail(f"expected '{text}', not {found}")
        return token

    @contextmanager
    def within(
        self, by_lines: bool = False, in_row: bool = False, in_list: bool = False
    ) -> Iterator[None]:
        """What new lines and spaces mean for a while: within brackets nothing, unless said."""
        outer = self.by_lines, self.in_row, self.in_list
        self.by_lines, self.in_row, self.in_list = by_lines or in_row, in_row, in_list
        yield
        self.by_lines, self.in_row, self.in_list = outer

    def starts_line(self, index: int | None = None) -> bool:
        """Whether a new line precedes that token, or this one, other than at either end."""
        here = self.index if index is None else index
        if not self.has_lines or here == 0 or self.tokens[here].kind == "end":
            return False
        gap = self.text[self.tokens[here - 1].end : self.tokens[here].position]
        return LINE_BREAK.search(gap) is not None

    def ends_here(self) -> bool:
        """Whether the layout ends an entry before this token."""
        return self.by_lines and self.starts_line()

    def deeper(self) -> None:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise self.fail(f"brackets and powers may be nested {MAX_NESTING} deep at most")

    def has_outside(self, sign: str) -> bool:
        """Whether a comma or semicolon stands outside all brackets."""
        depth = 0
        for token in self.tokens:
            if token.kind == "operator":
                depth += (token.text in "([") - (token.text in ")]")
                if token.text == sign and depth == 0:
                    return True
        return False

    def unexpected(self) -> Unreadable:
        before, here = self.tokens[self.index - 1], self.token
        if here.kind in ("number", "shape") and before.kind in ("number", "shape"):
            left, right = self.typed(before), self.typed(here)
            after = [token.text for token in self.tokens[self.index + 1 : self.index + 3]]
            if len(after) == 2 and after[0] == "/" and after[1].isdigit():
                part = f"{right}/{after[1]}"
                return self.fail(two_ways(f"{left} + {part}", f"{left}*({part})"))
            both = f"{left}*{right} for a product or {left}, {right}"
            return self.fail(f"two numbers stand side by side: write {both} for a list")
        if here.kind in ("name", "number") and before.kind in ("name", "number"):
            left, right = self.typed(before), self.typed(here)
            if before.text in FUNCTIONS:
                return self.fail(f"write {left}({right}) with brackets")
            return self.fail(f"write {left}*{right} for a product")
        if here.text in ("(", "["):
            return self.fail("write * before this bracket for a product")
        return self.fail(f"'{self.typed(here)}' is not expected here")

    def multiplies_without_sign(self) -> bool:
        """A number, a bracket or a letter multiplies the letter or bracket behind it: 2x, x(x + 1).

        A word that is no letter, as in a sentence, multiplies nothing.
        """
        before, here = self.tokens[self.index - 1], self.token
        if (self.in_row and here.spaced) or self.ends_here():
            return False
        is_name = here.kind == "name"
        if here.text == "|" and before.kind == "number":
            return not self.bars
        if not is_name and not (here.kind == "operator" and here.text == "("):
            return False
        if before.kind in ("number", "superscript"):
            return True
        if before.kind == "operator":
            return before.text in (")", "]", "!", ".T") and (not is_name or self.is_factor(here))
        return (
            before.kind == "name"
            and self.is_letter(before)
            and (not is_name or self.is_factor(here))
        )

    def is_letter(self, token: Token) -> bool:
        """Whether a name stands for a number, and is no word of a sentence."""
        return (
            token.text in self.known
            or token.text == DOTS
            or (self.names is None and is_letter(token.text))
        )

    def is_application(self) -> bool:
        """Whether the bracket that opens here holds what a function is of, or no more than a name.

        x(x + 1) is a product; x(t) and x(t - 1) may be products or values at t.
        """
        name = self.tokens[self.index - 1]
        if self.names is not None or not is_letter(name.text) or name.text in OPEN_FUNCTIONS:
            return True
        depth = 0
        for index in range(self.index, len(self.tokens)):
            text = self.tokens[index].text
            depth += (text in ("(", "[")) - (text in (")", "]"))
            if not depth or (depth == 1 and text == ","):
                is_plain = index == self.index + 2
                return text == "," or is_plain or self.tokens[self.index + 1].text in TIMES
        return True

    def is_factor(self, name: Token) -> bool:
        """Whether a name may be a factor: a letter, a constant, or a function with its bracket."""
        return name.text in CONSTANTS or self.is_letter(name) or name.text in FUNCTIONS

    def two_readings(self, one: str, other: str) -> TwoReadings:
        return TwoReadings(two_ways(one, other), self.token.position)

    def two_readings_of_a_quotient(self, start: int, slash: Token) -> TwoReadings:
        left = self.between(start, slash.position)
        number, rest = self.between(slash.end, self.token.position), self.beginning()
        return self.two_readings(f"({left}/{number})*{rest}", f"{left}/({number}*{rest})")

    def between(self, start: int, end: int | None = None) -> str:
        """How what was typed from there to here is named in a message."""
        end = self.tokens[self.index - 1].end if end is None else end
        return brief(self.text[start:end].strip())

    def beginning(self) -> str:
        """How the operand that stands here is named in a message."""
        return "(…)" if self.token.text == "(" else self.typed(self.token)

    def typed(self, token: Token) -> str:
        """A token as it was typed."""
        return brief(self.text[token.position : token.end])

    def has_rows_inside(self) -> bool:
        """Whether the bracket just opened holds rows in the `1 2; 3 4` spelling."""
        depth, has_comma, has_gap = 0, False, False
        for index in range(self.index, len(self.tokens)):
            token = self.tokens[index]
            is_line = index > self.index and self.starts_line(index) and self.is_gap(index)
            if depth == 0 and (token.text == ";" or is_line):
                return token.text == ";" or self.token.text not in ("(", "[")
            has_comma = has_comma or (depth == 0 and token.text == ",")
            has_gap = has_gap or (depth == 0 and index > self.index and self.is_gap(index))
            depth += (token.text in "([") - (token.text in ")]") if token.text else 0
            if depth < 0:
                break
        return has_gap and not has_comma and self.token.text != "["

    def is_gap(self, index: int) -> bool:
        """Whether nothing but space stands before that token and after a value: 1 2, 1 -2."""
        before, here = self.tokens[index - 1], self.tokens[index]
        ends = before.kind != "operator" or before.text in (")", "]", "|", "!", "%", ".T")
        is_sign = here.text in ("+", "-") and not self.tokens[index + 1].spaced
        starts = here.kind in ("number", "name", "shape") or here.text in ("(", "[", "|")
        return here.spaced and ends and (starts or is_sign)


def brief(text: str) -> str:
    """A piece of the text within a message."""
    return text if len(text) <= LONGEST_QUOTE else "…"
