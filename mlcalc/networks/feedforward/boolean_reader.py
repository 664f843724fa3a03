"""Boolean functions: formulas over named inputs, and their truth tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mlcalc.files.display import visible
from mlcalc.files.document import Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import FieldType, Schema
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record
from mlcalc.maths.scanner import MAX_LETTERS, plain_name
from mlcalc.maths.tree import Symbol
from mlcalc.networks.feedforward.inputs import in_order, with_subscripts

GATES = ("AND", "OR", "NOT", "NAND", "NOR", "XOR", "XNOR", "MAJORITY")

Bits = tuple[int, ...]


class Formula(Record):
    """A formula over named inputs."""

    def value(self, at: Mapping[Symbol, int]) -> int:
        """1 or 0."""
        raise NotImplementedError

    def names(self) -> set[Symbol]:
        raise NotImplementedError


class Input(Formula):
    name: Symbol

    def value(self, at: Mapping[Symbol, int]) -> int:
        return at[self.name]

    def names(self) -> set[Symbol]:
        return {self.name}


class Gate(Formula):
    """One of GATES over its parts."""

    word: str
    parts: tuple[Formula, ...]

    def names(self) -> set[Symbol]:
        return {name for part in self.parts for name in part.names()}

    def value(self, at: Mapping[Symbol, int]) -> int:
        bits = [part.value(at) for part in self.parts]
        match self.word:
            case "AND":
                return int(all(bits))
            case "OR":
                return int(any(bits))
            case "NAND":
                return int(not all(bits))
            case "NOR" | "NOT":
                return int(not any(bits))
            case "XOR":
                return sum(bits) % 2
            case "XNOR":
                return int(bits[0] == bits[1])
            case "MAJORITY":
                return int(2 * sum(bits) > len(bits))
            case _:
                raise LookupError(f"no value is known of the gate {self.word}")


def truth_table(formula: Formula) -> tuple[tuple[Symbol, ...], dict[Bits, int]]:
    """The inputs in their order, and the value at each of the 2^n rows of bits."""
    names = in_order(formula.names())
    table = {row: formula.value(dict(zip(names, row, strict=True))) for row in bit_rows(len(names))}
    return names, table


def bit_rows(count: int) -> Sequence[Bits]:
    """All rows of bits, counting up: 00, 01, 10, 11."""
    return [
        tuple(number >> place & 1 for place in reversed(range(count))) for number in range(2**count)
    ]


MOST_INPUTS = 6
MAX_LENGTH = 2000
MAX_NESTING = 40

TOKEN = re.compile(r"\s*(?P<name>[^\W\d]\w*)|\s*(?P<sign>&&?|\|\|?|[∧∨¬⊕!~^(),])|\s*(?P<other>\S)")
SIGNS = {
    "&": "AND", "&&": "AND", "∧": "AND", "|": "OR", "||": "OR", "∨": "OR", "^": "XOR", "⊕": "XOR",
    "!": "NOT", "~": "NOT", "¬": "NOT",
}  # fmt: skip
LEVELS = (("OR", "NOR"), ("XOR", "XNOR"), ("AND", "NAND"))
"""What binds loosest comes first."""


class Token(Record):
    """A name, the word of a gate, or a sign; the end has an empty text."""

    kind: str
    text: str
    position: int


class BooleanFormula(FieldType[Formula]):
    """A Boolean formula, or the word of a gate, which is then one of x1 and x2."""

    metavar = "FORMULA"
    expected = "a Boolean formula such as 'x1 AND NOT x2' or XNOR"

    def read(self, raw: Raw) -> Formula:
        if not isinstance(raw, Text) or not raw.value.strip():
            raise self.refused(raw)
        found = read_formula(raw)
        count = len(found.names())
        if count > MOST_INPUTS:
            raise Invalid.at(f"{count} inputs: {MOST_INPUTS} at most, for the table", raw.place)
        return found

    def schema(self) -> Schema:
        return {"type": "string"}


def read_formula(raw: Text) -> Formula:
    """The formula that a text spells.  Raises `Invalid` at the character that does not fit."""
    if len(raw.value) > MAX_LENGTH:
        raise Invalid.at(f"a formula may have {MAX_LENGTH} characters at most", raw.place)
    parser = Parser(raw)
    return parser.bare_gate() or parser.whole()


def scan(raw: Text) -> list[Token]:
    """The tokens of the text, the end included."""
    tokens, text = [], with_subscripts(raw.value)
    for found in TOKEN.finditer(text):
        kind = str(found.lastgroup)
        written, position = found[kind], found.start(kind)
        if kind == "other":
            what = f"'{visible(raw.value[position])}' has no meaning in a Boolean formula"
            raise Invalid.at(f"{what}: write AND, OR, NOT, XOR and brackets", raw.at(position))
        if kind == "name" and len(written) > MAX_LETTERS:
            message = f"a name may have {MAX_LETTERS} letters at most"
            raise Invalid.at(message, raw.at(position))
        if kind == "sign" and written in SIGNS:
            kind, written = "gate", SIGNS[written]
        elif written.upper() in GATES:
            kind, written = "gate", written.upper()
        tokens.append(Token(kind, written, position))
    return [*tokens, Token("end", "", len(raw.value))]


class Parser:
    """One pass over the tokens of one text."""

    def __init__(self, raw: Text) -> None:
        self.raw = raw
        self.tokens = scan(raw)
        self.index = 0
        self.nesting = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def take(self) -> Token:
        self.index += 1
        return self.tokens[self.index - 1]

    def fail(self, message: str, token: Token | None = None) -> Invalid:
        return Invalid.at(message, self.raw.at((token or self.token).position))

    def found(self) -> str:
        """The token as it was typed, for a message."""
        if self.token.kind == "end":
            return "the end"
        end = self.tokens[self.index + 1].position
        return f"'{visible(self.raw.value[self.token.position : end].strip(), most=40)}'"

    def bare_gate(self) -> Formula | None:
        """A gate by itself is one of x1 and x2, NOT of x1, the majority of three."""
        if len(self.tokens) != 2 or self.token.kind != "gate":
            return None
        count = {"NOT": 1, "MAJORITY": 3}.get(self.token.text, 2)
        inputs = (Input(Symbol("x", str(number))) for number in range(1, count + 1))
        return Gate(self.token.text, tuple(inputs))

    def whole(self) -> Formula:
        formula = self.level(0)
        if self.token.kind != "end":
            before = self.tokens[self.index - 1]
            if self.token.kind == before.kind == "name":
                self.refuse_neighbours(before)
            raise self.fail(f"expected AND, OR, XOR or the end, not {self.found()}")
        return formula

    def refuse_neighbours(self, before: Token) -> None:
        """Two names side by side: one of them may be a gate with a slip in it."""
        for token in (before, self.token):
            if hint := closest(token.text, GATES):
                typed = self.raw.value[token.position : token.position + len(token.text)]
                raise self.fail(f"unknown gate '{visible(typed, most=40)}'{hint}", token)
        raise self.fail(f"expected AND, OR or XOR before {self.found()}")

    def level(self, number: int) -> Formula:
        """What stands between the gates of one level, from left to right."""
        if number == len(LEVELS):
            return self.negated()
        formula = self.level(number + 1)
        joined = ""
        while self.token.kind == "gate" and self.token.text in LEVELS[number]:
            word = self.take()
            if joined and "N" in (joined[0], word.text[0]):
                message = f"{joined} and then {word.text} has two readings: set brackets"
                raise self.fail(message, word)
            right = self.level(number + 1)
            if isinstance(formula, Gate) and joined == word.text != "XNOR":
                formula = Gate(word.text, (*formula.parts, right))
            else:
                formula = Gate(word.text, (formula, right))
            joined = word.text
        return formula

    def negated(self) -> Formula:
        if self.token.text != "NOT" or self.token.kind != "gate":
            return self.atom()
        self.deeper(self.take())
        formula = Gate("NOT", (self.negated(),))
        self.nesting -= 1
        return formula

    def atom(self) -> Formula:
        token = self.token
        if token.kind == "name":
            self.take()
            return Input(Symbol.named(plain_name(token.text)))
        if token.kind == "gate" and self.tokens[self.index + 1].text == "(":
            self.take()
            return self.called(token)
        if token.text == "(":
            (formula,) = self.bracketed(most=1)
            return formula
        if token.kind == "gate":
            raise self.fail(f"{token.text} needs an input before it, such as x1 {token.text} x2")
        raise self.fail(f"expected an input such as x1, NOT or a bracket, not {self.found()}")

    def called(self, gate: Token) -> Formula:
        """XOR(x1, x2), majority(x1, x2, x3)."""
        parts = self.bracketed(most=MAX_NESTING)
        if gate.text == "XNOR" and len(parts) != 2:
            message = "XNOR takes two inputs: of more it has two readings, alike or an even number"
            raise self.fail(message, gate)
        if gate.text == "MAJORITY" and len(parts) % 2 == 0:
            raise self.fail("the majority of an odd number of inputs is decided", gate)
        return Gate(gate.text, parts)

    def bracketed(self, most: int) -> tuple[Formula, ...]:
        opening = self.take()
        self.deeper(opening)
        parts = [self.level(0)]
        while self.token.text == "," and len(parts) < most:
            self.take()
            parts.append(self.level(0))
        if self.token.kind == "end":
            raise self.fail("this bracket is not closed by ')'", opening)
        if self.token.text != ")":
            raise self.fail(f"expected ')', AND or OR, not {self.found()}")
        self.take()
        self.nesting -= 1
        return tuple(parts)

    def deeper(self, opening: Token) -> None:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise self.fail(f"brackets may be nested {MAX_NESTING} deep at most", opening)
