"""Text into tokens with positions: the letters of the grammar that `reader` reads.

Greek letters, typographic operators, accents and subscripts are spelled as their plain names
here, so that θ̂ and theta_hat are one symbol and the grammar sees ASCII alone.  So are fullwidth
and mathematical letters, as ２ and 𝜃; LaTeX is for `tex_scanner`.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple
from unicodedata import normalize

MAX_DIGITS = 400
"""The longest number and the largest decimal exponent that is read."""

MAX_LETTERS = 100
"""The longest name that is read."""


class Unreadable(Exception):
    """Text that is not in the grammar, with the position of the offending character from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class TwoReadings(Unreadable):
    """Text that can be read in two ways, both of which the message names."""


def two_ways(one: str, other: str) -> str:
    """What is said of a text that can be read in two ways, and what to write for each."""
    return f"this can be read in two ways: write {one} or {other}"


class Token(NamedTuple):
    """A number, shape, name, operator or the end; `spaced` says that white space precedes it."""

    kind: str
    text: str
    position: int
    end: int
    spaced: bool

    @property
    def is_implied(self) -> bool:
        """Whether a sign was put between neighbours in LaTeX, which show none."""
        return self.position == self.end


GREEK_NAMES = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
    "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi",
    "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi",
    "Omega", "epsilon", "theta", "phi",
)  # fmt: skip
GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩϵϑϕ", GREEK_NAMES, strict=True))
OPERATORS = {
    "−": "-", "–": "-", "‐": "-", "‑": "-", "·": "*", "×": "*", "⋅": "*", "∗": "*", "÷": "/",
    "**": "^", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~=", "==": "=", "√": "sqrt",
    "∞": "inf", "ᵀ": ".T", ".dot": "@", "⁻": "-", "x": "*", "X": "*",
}  # fmt: skip
ROUNDED = {"⌈": "ceil", "⌊": "floor", "⌉": "", "⌋": ""}
ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde"}
ACCENTED = "âĉêĝĥîĵôŝûŵŷẑāēīōūȳãẽĩñõũṽỹÂĈÊĜĤÎĴÔŜÛŴŶẐĀĒĪŌŪȲÃẼĨÑÕŨṼỸ"
"""Letters that keyboards give with their accent in one character."""
LOWERED = "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₍₎"
SUBSCRIPTS = str.maketrans(LOWERED, "0123456789aehijklmnoprstuvx()")
HALVES = {character: normalize("NFKC", character).replace("\u2044", "/")
          for character in "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"}  # fmt: skip
"""Fractions of one character; 2½ is 5/2, since no one writes a product so."""
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

GROUP_SEPARATORS = "_'’\u00a0\u2007\u2009\u202f"
"""What stands between the groups of 1_000 and nowhere else: no list is written so."""
GROUPED = rf"[0-9]{{1,3}}(?:[{GROUP_SEPARATORS}][0-9]{{3}})+(?![0-9])(?:\.[0-9]*)?"
UNGROUPED = re.compile(f"[{GROUP_SEPARATORS}]")
BASES = {"x": 16, "o": 8, "b": 2}
WIDE = re.compile("[\uff01-\uff5e\U0001d400-\U0001d7ff]")
"""Fullwidth and mathematical characters, each of which stands for a plain one."""
MAX_RAISED = 3
"""How deep exponents in braces are written in one another."""
RAISED = re.compile(r"\^\{(?!\s*T\s*\})([^{}]*)\}")
TEX = re.compile(r"[\\{}$]")

LETTER = "A-Za-z" + ACCENTED + "".join(GREEK)
TAKEN_APART = f"[{ACCENTED}]"
# Compiled where a name has such a letter.
GLUED = (
    f"(?<=[{LETTER}₀-₉])(?=[{{0}}])|(?<=[{{0}}₀-₉])(?=[{LETTER}])|"
    "(?<=[A-Za-z])(?=[A-Za-z][\u0302-\u0305])"
).format("".join(GREEK.keys() - {"Δ"}))
"""Where θx, nλ, nx̄ and x₁x₂ are two letters; Δx is one name."""
OFTEN_INDEXED = "σμδ"
"""Letters of which σx may be the one that belongs to x."""
NAME = re.compile(rf"[xXyY]_\([1nN]\)|[{LETTER}][{LETTER}0-9_{LOWERED}\u0302-\u0305]*")
"""A name; x_(1) and x_(n) are the least and the largest of the data."""
DOTS = "…"
"""The name of what is left out in x_1 + … + x_n."""
BIG = re.compile(
    r"(?:(?P<sum>[∑Σ]|(?<![A-Za-z0-9_\\.])sum(?:\s+of(?:\s+(?:all|the))?(?=\s))?)|"
    r"(?P<product>[∏Π]|(?<![A-Za-z0-9_\\.])prod(?:uct)?)|(?P<end>(?<![A-Za-z0-9_\\.])(?:max|min)))"
    r"(?P<below>[ᵢⱼₖₜ](?:₌[₀₁])?)?(?P<above>[ⁿᴺ])?"
    r"(?:(?<=[a-z])(?=_(?:\{(?![0-9]+\})(?:[^{}]|\{[^{}]*\})*\}|[A-Za-z](?![A-Za-z0-9_])(?:=[01])?)"
    r"(?:\s*\^\s*(?:\{[^{}]*\}|\([^()]*\)|\w+))?\s*[\w(\[{\\√]|\s+[^\W_]|\s+\(|\s*[∑∏√\\])|"
    r"(?<=[∑∏])|(?<![a-z])(?!\s*(?:[⁻ᵀ₀-₉.,;:=)\]}*/+\-−·×]|\^\s*[({]?\s*[-−T⊤]|_\{?\s*[0-9]|$)))"
)
"""A sum or the like over an index, or with no bracket behind it; Σ^-1 and Σ_0 are letters."""
GLUED_LN = re.compile("ln[0-9]+")
MODULE = r"(?:np|numpy|math|torch|tf|jnp|F|scipy\.special|(?:torch\.)?nn\.functional)\.(?=[A-Za-z])"
"""What programs write before a function: np.exp(x)."""
TOKEN = re.compile(
    rf"""
    (?P<space>\s+|{MODULE})
  | (?P<shape>(?:[0-9]+@)?[0-9]+(?:[x×][0-9]+)+(?![\w.(^⁻⁰¹²³⁴⁵⁶⁷⁸⁹]|\*\*) | [0-9]+@[0-9]+(?![\w.]))
  | (?P<based>0(?:[xX][0-9A-Fa-f]+|[oO][0-7]+|[bB][01]+)(?!\w))
  | (?P<repeating>[0-9]*\.[0-9]*\([0-9]+\))
  | (?P<mixed>[0-9]*[{"".join(HALVES)}])
  | (?P<number>(?:{GROUPED}|[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+−-]?[0-9]+)?)
  | (?P<dots>\.\.\.|…|⋯)
  | (?P<times>(?<=[0-9.\s])[xX](?=\s*10\s*(?:\^|\*\*|⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹])))
  | (?P<name>{NAME.pattern})
  | (?P<superscript>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
  | (?P<rounded>[⌈⌊⌉⌋])
  | (?P<operator>\*\*|<=|>=|==|!=|~=|\.T(?![A-Za-z])|\.dot(?=\()|\.(?:sum|mean)\(\)|
      [-+*/^@!%(),;\[\]|<>=~
      −–‐‑·×⋅∗÷≤≥≠≈√∞ᵀ‖])
    """,
    re.VERBOSE,
)


def scan(text: str) -> list[Token]:
    """The tokens of the text, the end included.  Raises `Unreadable` at a character of no use."""
    if not text.isascii():
        text = WIDE.sub(lambda match: normalize("NFKC", match.group()), text)
    for _ in range(MAX_RAISED if "{" in text and "\\" not in text else 0):
        # e^{−λx} is written for e^(−λx) where nothing else is LaTeX.
        text = RAISED.sub(r"^(\1)", text)
    if TEX.search(text) or BIG.search(text):
        from mlcalc.maths.tex_scanner import scan_tex

        return scan_tex(text)
    tokens: list[Token] = []
    position, spaced = 0, False
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise Unreadable(f"the character {text[position]!r} has no meaning here", position)
        kind, found = str(match.lastgroup), match.group()
        if kind == "space":
            spaced, position = spaced or found[0].isspace(), match.end()
            continue
        if kind == "times":
            kind, found = times_or_name(tokens, text, position)
        end = position + len(found)
        if kind == "rounded":
            if ROUNDED[found]:
                tokens.append(Token("name", ROUNDED[found], position, end, spaced))
            kind, found = "operator", "(" if ROUNDED[found] else ")"
        if found == "‖":
            tokens.append(Token("operator", "|", position, end, spaced))
            kind, found, spaced = "operator", "|", False
        if kind == "name" and GLUED_LN.fullmatch(found):
            end = position + len("ln")
            tokens.append(Token("name", "ln", position, end, spaced))
            tokens.append(Token("number", found[2:], end, position + len(found), True))
            end += len(found) - len("ln")
        elif kind == "name" and not found.isascii():
            tokens += letters_of(found, position, spaced)
        else:
            tokens.append(Token(*spelled(kind, found, position), position, end, spaced))
        position, spaced = end, False
    return [*tokens, Token("end", "", len(text), len(text), spaced)]


def times_or_name(tokens: list[Token], text: str, position: int) -> tuple[str, str]:
    """The x of 2.5 x 10^-3, which multiplies behind a number, and is a letter elsewhere."""
    if tokens and tokens[-1].kind == "number":
        return "operator", text[position]
    name = NAME.match(text, position)
    assert name is not None
    return "name", name.group()


def spelled(kind: str, found: str, position: int) -> tuple[str, str]:
    """The kind and the plain ASCII spelling of a token."""
    if kind == "dots":
        return "name", DOTS
    if kind == "mixed":
        if len(found) > MAX_DIGITS:
            raise Unreadable(f"a number may have {MAX_DIGITS} digits at most", position)
        whole, part = Fraction(found[:-1] or "0"), Fraction(HALVES[found[-1]])
        return "number", str(whole + part)
    if kind == "based":
        if len(found) > MAX_DIGITS:
            raise Unreadable(f"a number may have {MAX_DIGITS} digits at most", position)
        value = int(found[2:], BASES[found[1].lower()])
        raise Unreadable(f"numbers are read in base ten: write {value} for {found}", position)
    if kind == "repeating":
        if len(found) > MAX_DIGITS:
            raise Unreadable(f"a number may have {MAX_DIGITS} digits at most", position)
        return "number", str(repeating(found))
    if kind == "number":
        found = UNGROUPED.sub("", found.replace("−", "-"))
        mantissa, _, exponent = found.lower().partition("e")
        # The lengths are looked at first: a number of a million digits is never made.
        is_long = max(len(mantissa), len(exponent)) > MAX_DIGITS
        if is_long or abs(int(exponent or 0)) > MAX_DIGITS:
            raise Unreadable(f"a number may have {MAX_DIGITS} digits at most", position)
        return kind, found
    if kind == "shape":
        if len(found) > MAX_DIGITS:
            raise Unreadable("a shape this long is not one", position)
        return kind, found.replace("×", "x")
    if kind == "superscript":
        if len(found) > MAX_DIGITS:
            raise Unreadable(f"a number may have {MAX_DIGITS} digits at most", position)
        return kind, found.replace("⁻", "-").translate(SUPERSCRIPTS)
    if kind == "operator":
        plain = OPERATORS.get(found, found)
        return ("name" if plain in ("sqrt", "inf") else kind), plain
    if len(found) > MAX_LETTERS:
        raise Unreadable(f"a name may have {MAX_LETTERS} letters at most", position)
    return kind, plain_name(found)


def letters_of(found: str, position: int, spaced: bool) -> list[Token]:
    """The name that is written there, or the letters where a Greek one stands by another: λx."""
    tokens: list[Token] = []
    starts = [0, *(glued.start() for glued in re.finditer(GLUED, found)), len(found)]
    for start, end in pairwise(starts):
        part, place = found[start:end], position + start
        if part in OFTEN_INDEXED and found[end : end + 1].isascii() and end < len(found):
            second = found[end]
            both = f"{part}*{second} for a product", f"{part}_{second} for one name"
            raise TwoReadings(two_ways(*both), place + 1)
        name = spelled("name", part, place)[1]
        tokens.append(Token("name", name, place, position + end, spaced and not tokens))
    return tokens


def repeating(found: str) -> Fraction:
    """0.(3) is 1/3: the digits in brackets are repeated for ever."""
    before, _, digits = found.rstrip(")").partition("(")
    whole, _, part = before.partition(".")
    period = Fraction(int(digits), 10 ** len(digits) - 1)
    return (int(whole + part or "0") + period) / Fraction(10) ** len(part)


def plain_name(name: str) -> str:
    """θ̂₁ as theta_hat_1: Greek letters by name, accents and subscripts after an underscore."""
    if name.isascii():
        return name
    out = ""
    name = re.sub(TAKEN_APART, lambda match: normalize("NFD", match.group()), name)
    for index, character in enumerate(name):
        if character in ACCENTS:
            out += "_" + ACCENTS[character]
        elif character.translate(SUBSCRIPTS) != character:
            starts = index == 0 or name[index - 1].translate(SUBSCRIPTS) == name[index - 1]
            out += ("_" if starts and not out.endswith("_") else "") + character.translate(
                SUBSCRIPTS
            )
        else:
            after_accent = index > 0 and name[index - 1] in ACCENTS and character != "_"
            out += ("_" if after_accent else "") + GREEK.get(character, character)
    return out
