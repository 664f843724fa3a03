r"""LaTeX into the tokens of the plain grammar: \frac{1}{2}x into ((1)/(2)) * x.

Each token keeps the position of the LaTeX that it came from, so that the reader's complaints
point into what was typed.  Commands are a closed list; what TeX itself would set differently
from what was surely meant, such as x^12, is refused with both readings.
"""

from __future__ import annotations

from mlcalc.maths.functions import FUNCTIONS
from mlcalc.maths.near import closest
from mlcalc.maths.products import OPEN_FUNCTIONS
from mlcalc.maths.scanner import (
    BIG,
    DOTS,
    OPERATORS,
    SUBSCRIPTS,
    Token,
    TwoReadings,
    Unreadable,
    two_ways,
)
from mlcalc.maths.tex_commands import (
    ACCENTS,
    BARE,
    DELIMITED,
    ENDS,
    FONTS,
    FRACTIONS,
    GREEK,
    KNOWN,
    LETTERS,
    LIMITS,
    MATRICES,
    NAMES,
    NUMBER_BEFORE,
    OF_DATA,
    ROUNDED,
    SIGNS,
    SLOPPY,
    STOPS,
    WORDS,
)
from mlcalc.maths.tex_cursor import NO_TOKENS, Cursor, Tokens


def scan_tex(text: str) -> Tokens:
    """The tokens of the text, the end included.  Raises `Unreadable`."""
    if text.count("$") % 2:
        raise Unreadable("the character '$' has no meaning here", text.rindex("$"))
    tokens = Scanner(text).until_end()
    if ";" not in text:  # rows of entries are separated by spaces, and their neighbours are not one
        tokens = with_products(tokens, text)
    return [*tokens, Token("end", "", len(text), len(text), False)]


def with_products(tokens: Tokens, text: str) -> Tokens:
    """The tokens with a sign of no width between neighbours that multiply."""
    out: Tokens = []
    for token in tokens:
        if out and ends_operand(out[-1]) and starts_operand(token):
            before = out[-1]
            if not may_be_call(before, token, text):
                sign = "@" if before.text == ".T" else "*"
                out.append(Token("operator", sign, token.position, token.position, False))
        out.append(token)
    return out


def ends_operand(token: Token) -> bool:
    return token.kind != "operator" or token.text in (")", "]", "!", "%", ".T")


def starts_operand(token: Token) -> bool:
    return token.kind == "name" or token.text == "("


def may_be_call(name: Token, bracket: Token, text: str) -> bool:
    """Whether a bracket may hold what a function is of, which the grammar decides.

    A Greek letter is no function, but σ, φ, ψ and Γ may be.
    """
    is_letter = name.text in GREEK and text.startswith("\\" + name.text, name.position)
    is_letter = is_letter and name.text not in OPEN_FUNCTIONS
    return name.kind == "name" and bracket.text == "(" and not is_letter


class Scanner(Cursor):
    """One pass over one text."""

    def piece(self, before: Tokens) -> Tokens:
        """The next tokens, those of a sum, maximum or logarithm without a backslash too."""
        start = self.position
        if (big := BIG.match(self.text, start)) is not None:
            self.position = big.end()
            if big["end"]:
                return self.function(big["end"], start)
            script = (big["below"] or "").translate(SUBSCRIPTS)
            return self.operation("sum" if big["sum"] else "product", start, before, script)
        if (function := BARE.match(self.text, start)) is not None:
            self.position = function.end()
            return self.function(function.group(), start)
        return super().piece(before)

    def of_command(self, before: Tokens = NO_TOKENS) -> Tokens:
        start, name = self.position, self.command()
        self.position += len(name) + 1
        if name in ("Sigma", "Pi") and OF_DATA.match(self.text, self.position):
            return self.operation("sum" if name == "Sigma" else "product", start, before)
        if SIGNS.get(name) == "‖":
            return [self.sign("|", start), self.sign("|")]
        if name in SIGNS:
            return [self.sign(SIGNS[name], start)]
        if name in FRACTIONS:
            return self.fraction(start)
        if name in ("binom", "dbinom", "tbinom"):
            both = [*self.argument(), self.sign(","), *self.argument()]
            return [self.named("binomial", start), *self.bracketed(both, start)]
        if name == "sqrt":
            return self.root(start)
        if name in ("sum", "prod"):
            return self.operation("sum" if name == "sum" else "product", start, before)
        if name in ROUNDED:
            return self.rounded(ROUNDED[name], start)
        if name in ACCENTS:
            return self.accented(ACCENTS[name], start)
        if name in WORDS:
            return self.words(start)
        if name in FONTS:
            return self.argument()
        if name == "begin":
            return self.matrix(start)
        if name in GREEK or name in LETTERS:
            return [self.named(LETTERS.get(name, name), start)]
        if name in NAMES:
            return self.function(name, start)
        if name in ("pm", "mp"):
            raise self.fail("this stands for two values: give one, or both in a list", start)
        known = (*SIGNS, *FRACTIONS, *ACCENTS, *WORDS, *GREEK, *LETTERS, *NAMES, "sqrt", "begin")
        hint = closest(name, [word for word in known if word[0] == name[:1]])
        raise self.fail(f"unknown command '\\{name}'{hint}", start)

    def named(self, name: str, start: int) -> Token:
        return Token("name", name, start, self.position, False)

    def fraction(self, start: int) -> Tokens:
        before = NUMBER_BEFORE.search(self.text, max(0, start - 20), start)
        above, below = self.argument(), self.argument()
        are_numbers = all(len(part) == 1 and part[0].kind == "number" for part in (above, below))
        if before is not None and are_numbers and not self.is_raised(start):
            part = f"{above[0].text}/{below[0].text}"
            whole = before.group()
            raise self.fail(two_ways(f"{whole} + {part}", f"{whole} * {part}"), start)
        inside = [
            *self.bracketed(above, start), self.sign("/", start), *self.bracketed(below, start)
        ]  # fmt: skip
        return self.bracketed(inside, start)

    def is_raised(self, start: int) -> bool:
        """Whether the digit before that position is a script of its own: x^2\\frac{1}{2}."""
        return self.text[max(0, start - 2) : start - 1] in ("^", "_")

    def root(self, start: int) -> Tokens:
        self.skip()
        degree: Tokens = []
        if self.peek() == "[":
            self.position += 1
            degree = self.run(lambda: self.peek() == "]")
            if self.peek() != "]":
                raise self.fail("this bracket is not closed by ']'", start)
            self.position += 1
        inside = self.bracketed(self.argument(), start)
        if not degree:
            return [self.named("sqrt", start), *inside]
        one = Token("number", "1", start, start, False)
        power = [one, self.sign("/", start), *self.bracketed(degree, start)]
        return self.bracketed([*inside, self.sign("^"), *self.bracketed(power, start)], start)

    def rounded(self, name: str, start: int) -> Tokens:
        inside = self.run(lambda: self.command() in ENDS)
        if self.command() not in ENDS:
            raise self.fail("this bracket is not closed", start)
        self.position += len(self.command()) + 1
        return [self.named(name, start), *self.bracketed(inside, start)]

    def accented(self, accent: str, start: int) -> Tokens:
        tokens = self.argument()
        if accent == "bar" and len(tokens) > 1:
            # The bar over a formula is the mean of it over the data.
            body = with_products(indexed(tokens, "", is_bounded=False), self.text)
            return [self.named("mean", start), *self.bracketed(body, start)]
        if len(tokens) != 1 or tokens[0].kind != "name":
            raise self.fail("an accent stands over one name", start)
        name, _, subscript = tokens[0].text.partition("_")
        return [self.named("_".join(part for part in (name, accent, subscript) if part), start)]

    def words(self, start: int) -> Tokens:
        """Upright letters: a name, or a function or distribution however it is capitalised."""
        match = DELIMITED.match(self.text, self.position)
        if match is None:
            return self.argument()
        self.position = match.end()
        word = "_".join(match.group(1).split())
        if not word:
            return []
        if not word.replace("_", "").isalnum() or not word[0].isalpha() or not word.isascii():
            raise self.fail("a name is expected here", start)
        folded = word.lower()
        name = {"n": "normal"}.get(folded) if self.text.startswith(r"\mathcal", start) else None
        if name is None:
            name = folded if folded in KNOWN else word
        if name in FUNCTIONS:
            return self.function(name, start)
        return [self.named(name, start)]

    def function(self, name: str, start: int) -> Tokens:
        r"""A function with its bracket, or of the one thing behind it: \ln 2, \log\frac{1}{2}."""
        self.skip()
        if name in ("max", "min"):
            index, *_ = self.limits()
            body = self.of_data()
            if index or not any(token.text == DOTS for token in body):
                body = indexed(body, index, is_bounded=False)
            return [self.named(name, start), *self.bracketed(body, start)]
        if self.peek() == "_":
            self.position += 1
            base = self.subscript()
            if name != "log":
                raise self.fail(f"{name} has no subscript here", start)
            if base not in ("2", "10", "e"):
                raise self.fail(rf"write \frac{{\ln x}}{{\ln {base}}} for this logarithm", start)
            name = "log" if base == "e" else f"log{base}"
            self.skip()
        if self.peek() == "^":
            raise self.fail(f"write {name}(…)^2 for the power of a function", start)
        if self.peek() == "(" or self.command() in ("{", "lbrace"):
            return [self.named(name, start)]
        if self.position >= len(self.text):
            raise self.fail(f"write {name}(…) with what it is of", start)
        of = self.position
        inside = self.of_function()
        while self.peek() in ("^", "_"):
            inside += self.piece(inside)
        found = [self.named(name, start), *self.bracketed(inside, of)]
        end = self.position
        self.skip()
        is_more = self.peek() == "(" or (self.peek().isalnum() and self.text[end - 1] != ")")
        if is_more or self.command() in GREEK:
            typed = self.text[of:end].strip()
            raise self.fail(two_ways(f"{name}({typed}…)", rf"{name}({typed}) \cdot …"))
        return found

    def of_data(self) -> Tokens:
        """What a maximum is of: x_i, (x_i), {x_1, …, x_n}."""
        self.skip()
        if self.peek() == "(" or self.command() in ("{", "lbrace"):
            tokens = self.piece([])
            depth = 1
            while depth and self.position < len(self.text):
                self.skip()
                found = self.piece(tokens)
                depth += sum((t.text in ("(", "[")) - (t.text in (")", "]")) for t in found)
                tokens += found
            return tokens[1:-1]
        found = self.of_function()
        while self.peek() in ("^", "_"):
            found += self.piece(found)
        return found

    def of_function(self) -> Tokens:
        """The one thing behind a function without brackets."""
        is_bar = self.peek() == "|" or SIGNS.get(self.command()) == "|"
        if not is_bar:
            return self.argument() if self.peek() in "{\\" else self.plain()
        opening = self.piece([])
        inside = self.run(lambda: self.peek() == "|" or SIGNS.get(self.command()) == "|")
        if self.position >= len(self.text) or self.peek() == "}":
            raise self.fail("this bar is not closed", opening[0].position)
        return [*opening, *inside, *self.piece([])]

    def operation(self, kind: str, start: int, before: Tokens, script: str = "") -> Tokens:
        r"""\sum_{i=1}^{n} x_i as sum(x[i], i, 1, n), and \sum_i x_i as the sum over the data.

        `script` is the index where it is one character, as in Σᵢ.
        """
        index, low, high = self.limits()
        index = index or script
        body = self.term(is_divisor=bool(before) and before[-1].text == "/")
        if not body:
            raise self.fail(f"write what the {kind} is of", start)
        is_bounded = bool(low and high and index)
        indices = {t.text.rpartition("_")[2] for t in body if t.kind == "name" and "_" in t.text}
        if index and not is_bounded and indices and index not in indices:
            # \sum_j \log x_i is n equal terms, and not the sum over the data.
            raise self.fail(f"nothing in this {kind} over {index} has that index", start)
        body = with_products(indexed(body, index, is_bounded), self.text)
        inside = [*self.bracketed(body, start)]
        if is_bounded:
            comma = self.sign(",")
            inside += [comma, self.named(index, start), comma, *low, comma, *high]
        return [self.named(kind, start), *self.bracketed(inside, start)]

    def limits(self) -> tuple[str, Tokens, Tokens]:
        """The index of a sum and where it begins and ends, as far as they are written."""
        index, low, high = "", NO_TOKENS, NO_TOKENS
        for _ in range(2):
            self.skip()
            start = self.position
            if self.peek() == "^":
                self.position += 1
                high = (
                    self.of_data() if self.text[start + 1 : start + 2] == "(" else self.argument()
                )
            elif self.peek() == "_" and (match := LIMITS.match(self.text, start + 1)):
                self.position = match.end()
                index, last = match["index"], match["high"] or match["last"]
                if last:
                    kind = "number" if last.isdigit() else "name"
                    low = [Token("number", "1", start, start, False)]
                    high = [Token(kind, last, start, self.position, False)]
            elif self.peek() == "_":
                self.position += 1
                found = self.argument()
                if found and found[0].kind == "name":
                    index, low = found[0].text, found[2:]
                if sloppy := SLOPPY.match(self.text, self.position):
                    low = [Token("number", sloppy.group()[-1], start, start, False)]
                    self.position = sloppy.end()
        return index, low, high

    def term(self, is_divisor: bool = False) -> Tokens:
        """The tokens up to a sum's next term: what a sum sign stands before.

        Raises `TwoReadings` for n/Σ x_i · 2, where the sum is a divisor.
        """
        self.deeper()
        out: Tokens = []
        depth, bars = 0, 0
        while True:
            spaced = self.skip()
            is_out = depth == 0 and bars == 0
            is_end = self.position >= len(self.text) or self.peek() == "}"
            if is_end or (is_out and (self.is_after_term() or (self.peek() == "|" and out))):
                self.nesting -= 1
                return out
            found = self.piece(out)
            is_sign = bool(found) and found[0].text in ("*", "/")
            if is_divisor and is_out and is_sign and any(t.kind == "name" for t in out):
                both = "brackets around the sum", "around all that it is of"
                raise TwoReadings(two_ways(*both), found[0].position)
            for token in found:
                depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
                bars ^= token.text == "|"
            if found and spaced:
                found[0] = found[0]._replace(spaced=True)
            out += found

    def is_after_term(self) -> bool:
        here = self.command()
        if here:
            stops = ("\\", "end", *ENDS)
            return here in stops or SIGNS.get(here, "") in (*STOPS, ")", "]")
        return OPERATORS.get(self.peek(), self.peek()) in (*STOPS, ")", "]")

    def matrix(self, start: int) -> Tokens:
        name = self.delimited(start)
        if name not in MATRICES:
            hint = closest(name, MATRICES)
            raise self.fail(f"the environment '{name}' is not one of numbers{hint}", start)
        if name == "array" and not DELIMITED.match(self.text, self.position):
            raise self.fail("braces are expected here: {…}")
        if name == "array":
            self.delimited(start)
        rows: list[list[Tokens]] = [[]]
        while True:
            entry = self.run(lambda: self.peek() == "&" or self.command() in ("\\", "end"))
            rows[-1].append(entry)
            if self.peek() == "&":
                self.position += 1
            elif self.command() == "\\":
                self.position += 2
                rows.append([])
            elif self.command() == "end":
                break
            else:
                raise self.fail(rf"\begin{{{name}}} has no \end{{{name}}}", start)
        self.position += len(r"\end")
        self.delimited(start)
        if rows[-1] == [[]]:
            rows.pop()
        return self.of_rows(rows, start)

    def delimited(self, start: int) -> str:
        match = DELIMITED.match(self.text, self.position)
        if match is None:
            raise self.fail("braces are expected here: {…}")
        self.position = match.end()
        return match.group(1).strip()

    def of_rows(self, rows: list[list[Tokens]], start: int) -> Tokens:
        """[[1, 2], [3, 4]]"""
        for number, row in enumerate(rows, 1):
            if not all(row):
                raise self.fail(f"an entry of row {number} is empty", start)
            if len(row) != len(rows[0]):
                entries = "1 entry" if len(row) == 1 else f"{len(row)} entries"
                raise self.fail(f"row {number} has {entries} and row 1 has {len(rows[0])}", start)
        out = [self.sign("[", start)]
        for i, row in enumerate(rows):
            out += [self.sign(",", start)] * (i > 0) + [self.sign("[", start)]
            for j, entry in enumerate(row):
                out += [self.sign(",", start)] * (j > 0) + entry
            out.append(self.sign("]", start))
        return [*out, self.sign("]")]


def indexed(body: Tokens, index: str, is_bounded: bool) -> Tokens:
    """x_i as the entry x[i] where i runs between limits, and as all the data x where it does not.

    Without an index, as in \\sum x_i, a subscript that is a usual one is taken for it.
    """
    out: Tokens = []
    indices = [t.text.rpartition("_")[2] for t in body if t.kind == "name" and "_" in t.text]
    usual = index or next((letter for letter in "ijkt" if letter in indices), "")
    for token in body:
        name, _, subscript = token.text.rpartition("_")
        if token.kind == "name" and name and subscript == usual != "":
            out.append(token._replace(text=name))
            if is_bounded:
                place = Token("name", index, token.position, token.end, False)
                opening = Token("operator", "[", token.position, token.end, False)
                out += [opening, place, opening._replace(text="]")]
        else:
            out.append(token)
    return out
