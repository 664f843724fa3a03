r"""A place in a text of LaTeX: groups in braces, scripts, and the tokens of the plain grammar."""

from __future__ import annotations

import re
from collections.abc import Callable

from mlcalc.maths.scanner import (
    BIG,
    TOKEN,
    Token,
    Unreadable,
    letters_of,
    spelled,
    times_or_name,
    two_ways,
)
from mlcalc.maths.tex_commands import (
    COMMAND,
    GROUPED_DIGITS,
    RAISED_SIGN,
    SEVERAL_DIGITS,
    SKIPPED,
    TRANSPOSED,
    TRANSPOSED_MATRIX,
)

MAX_GROUPS = 60
"""How deep braces and commands may be nested, each counted twice."""

Tokens = list[Token]
NO_TOKENS: Tokens = []
BIG_SIGNS = "ΣΠ"
"""Signs of a sum and a product that are letters elsewhere."""
ORDERED = [["(", which, ")"] for which in ("1", "n", "N")]
"""Below the name of the data, the least and the largest of them."""


class Cursor:
    """A place in one text, and the tokens that begin there; commands are for a subclass."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.nesting = 0

    # The cursor.

    def fail(self, message: str, position: int | None = None) -> Unreadable:
        return Unreadable(message, self.position if position is None else position)

    def skip(self) -> bool:
        """Passes over spaces and what changes the look alone; whether there was any."""
        match = SKIPPED.match(self.text, self.position)
        if match is not None:
            self.position = match.end()
        return match is not None

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def command(self) -> str:
        """The name of the command that stands here, which is not passed over; else nothing."""
        match = COMMAND.match(self.text, self.position)
        return match.group()[1:] if match else ""

    def deeper(self) -> None:
        self.nesting += 1
        if self.nesting > MAX_GROUPS:
            raise self.fail(f"braces may be nested {MAX_GROUPS // 2} deep at most")

    def sign(self, text: str, start: int | None = None) -> Token:
        start = self.position if start is None else start
        return Token("operator", text, start, max(start, self.position), False)

    def bracketed(self, tokens: Tokens, start: int) -> Tokens:
        return [self.sign("(", start), *tokens, self.sign(")")]

    # Runs of tokens.

    def until_end(self) -> Tokens:
        found = self.run(lambda: False)
        if self.position < len(self.text):
            raise self.fail(f"'{self.peek()}' closes nothing here")
        return found

    def run(self, is_over: Callable[[], bool]) -> Tokens:
        """The tokens up to the end, a closing brace, or where `is_over`."""
        self.deeper()
        out: Tokens = []
        while True:
            spaced = self.skip()
            if self.position >= len(self.text) or self.peek() == "}" or is_over():
                self.nesting -= 1
                return out
            found = self.piece(out)
            if found and spaced:
                found[0] = found[0]._replace(spaced=True)
            out += found

    def piece(self, before: Tokens) -> Tokens:
        """The next tokens; `before` are those that stand in front of them."""
        here = self.peek()
        if here == "\\":
            return self.of_command(before)
        if here == "{":
            start = self.position
            return self.bracketed(self.group(), start)
        if here == "^":
            return self.raised(before)
        if here == "_":
            return self.lowered(before)
        return self.plain(before)

    def plain(self, before: Tokens = NO_TOKENS) -> Tokens:
        """A token of the plain grammar."""
        start = self.position
        match = TOKEN.match(self.text, start)
        if match is None:
            raise self.fail(f"the character {self.peek()!r} has no meaning here")
        kind, found = str(match.lastgroup), match.group()
        if kind == "times":
            kind, found = times_or_name(before, self.text, start)
        if kind == "name":
            found = found.rstrip("_") if match.end() < len(self.text) else found
            signs = (at for at, sign in enumerate(found) if at and sign in BIG_SIGNS)
            end = next((at for at in signs if BIG.match(self.text, start + at)), len(found))
            found = found[:end]  # nΣx
        self.position = start + len(found)
        if kind == "name" and not found.isascii():
            return letters_of(found, start, False)
        if kind == "number" and (grouped := GROUPED_DIGITS.match(self.text, self.position)):
            return [self.of_groups(found, grouped, start)]
        return [Token(*spelled(kind, found, start), start, self.position, False)]

    def of_groups(self, whole: str, match: re.Match[str], start: int) -> Token:
        """2{,}571{,}000, whose digits are grouped, or 0{,}08, which has a decimal comma."""
        groups = match.group().replace("{", "").replace("}", "").split(",")[1:]
        self.position = match.end()
        are_thousands = len(whole) <= 3 and all(len(digits) == 3 for digits in groups)
        if are_thousands and whole.isdigit() and not whole.startswith("0"):
            if len(groups) == 1:
                raise self.fail(two_ways(f"{whole}.{groups[0]}", whole + groups[0]), start)
            found = whole + "".join(groups)
        elif len(groups) == 1 and whole.isdigit():
            found = f"{whole}.{groups[0]}"
        else:
            raise self.fail("digits are grouped by threes", start)
        return Token(*spelled("number", found, start), start, self.position, False)

    def group(self) -> Tokens:
        """What stands in the braces that open here."""
        opening = self.position
        self.position += 1
        found = self.run(lambda: False)
        if self.peek() != "}":
            raise self.fail("this brace is not closed", opening)
        self.position += 1
        return found

    def argument(self) -> Tokens:
        """What a command or a sign takes: a group, one command, one digit or one letter."""
        self.skip()
        if self.peek() == "{":
            return self.group()
        if self.peek() == "\\":
            self.deeper()
            found = self.of_command()
            self.nesting -= 1
            return found
        match = TOKEN.match(self.text, self.position)
        if match is None or match.lastgroup not in ("number", "name", "shape"):
            raise self.fail("braces are expected here: {…}")
        start, self.position = self.position, self.position + 1
        kind = "number" if self.text[start].isdigit() else "name"
        return [Token(*spelled(kind, self.text[start], start), start, self.position, False)]

    # Scripts.

    def raised(self, before: Tokens) -> Tokens:
        transposed = TRANSPOSED.match(self.text, self.position)
        if transposed is None and before and before[-1].text == "]":
            transposed = TRANSPOSED_MATRIX.match(self.text, self.position)
        start = self.position
        if transposed is not None:
            self.position = transposed.end()
            return [self.sign(".T", start)]
        self.position += 1
        caret = self.sign("^", start)
        self.skip()
        if RAISED_SIGN.match(self.text, self.position):
            # A raised sign alone means nothing: 10^-12 is surely 10^{-12}.
            sign = self.plain()
            self.skip()
            return [caret, *sign, *self.plain()]
        if digits := SEVERAL_DIGITS.match(self.text, self.position):
            number = digits.group()
            as_set = rf"^{number[0]} \cdot {number[1:]}"
            raise self.fail(two_ways(f"^{{{number}}}", as_set + ", as TeX sets it"))
        start = self.position
        if self.peek() == "(":
            return [caret]  # the bracket is the exponent, as where no LaTeX is written
        return [caret, *self.bracketed(self.argument(), start)]

    def lowered(self, before: Tokens) -> Tokens:
        """A subscript, which belongs to the name before it."""
        if not before or before[-1].kind != "name":
            raise self.fail("a subscript stands behind a name")
        name = before.pop()
        self.position += 1
        return [name._replace(text=f"{name.text}_{self.subscript()}", end=self.position)]

    def subscript(self) -> str:
        start = self.position
        tokens = self.argument()
        if [token.text for token in tokens] in ORDERED:
            return f"({tokens[1].text})"
        kept = [token.text for token in tokens if token.text not in ("(", ")", ",")]
        if not kept or any(not part.replace("_", "").isalnum() for part in kept):
            raise self.fail("a subscript is a name or a number", start)
        return "".join(kept)

    def of_command(self, before: Tokens = NO_TOKENS) -> Tokens:
        """The tokens of the command that stands here."""
        raise NotImplementedError
