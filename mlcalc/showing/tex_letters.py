r"""Unicode as LaTeX commands, and text without any command in it.

A plain pdflatex stops at θ or ≈, in a sentence as well as in \text{…}, so what has a command is
written by it.  Only standard LaTeX and amsmath are needed, and MathJax and KaTeX know it all.
"""

from __future__ import annotations

import re
from unicodedata import category, normalize

from mlcalc.files.display import visible
from mlcalc.maths.printing.letters import GREEK_NAMES

COMMANDS = {
    **{letter: f"\\{name}" for letter, name in GREEK_NAMES.items()},
    "×": r"\times", "·": r"\cdot", "÷": r"\div", "−": "-", "±": r"\pm", "∓": r"\mp",
    "≈": r"\approx", "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "≡": r"\equiv", "∼": r"\sim",
    "∝": r"\propto", "≪": r"\ll", "≫": r"\gg", "∞": r"\infty", "∂": r"\partial", "∇": r"\nabla",
    "→": r"\to", "←": r"\leftarrow", "↦": r"\mapsto", "⇒": r"\implies", "⇔": r"\iff",
    "↑": r"\uparrow", "↓": r"\downarrow", "∈": r"\in", "∉": r"\notin", "∅": r"\emptyset",
    "∪": r"\cup", "∩": r"\cap", "⊂": r"\subset", "⊆": r"\subseteq", "∖": r"\setminus",
    "∀": r"\forall", "∃": r"\exists", "¬": r"\neg", "∧": r"\wedge", "∨": r"\vee",
    "⊕": r"\oplus", "⊗": r"\otimes", "⊙": r"\odot", "∘": r"\circ", "∏": r"\prod", "∑": r"\sum",
    "∫": r"\int", "√": r"\surd", "∣": r"\mid", "‖": r"\Vert", "⟨": r"\langle", "⟩": r"\rangle",
    "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil", "ℓ": r"\ell",
    "ℝ": r"\mathbf{R}", "ℕ": r"\mathbf{N}", "ℤ": r"\mathbf{Z}", "½": r"\tfrac{1}{2}",
    "¼": r"\tfrac{1}{4}", "¾": r"\tfrac{3}{4}", "′": "{}'", "ᵀ": r"{}^{\top}", "⋯": r"\cdots",
    "⋮": r"\vdots", "●": r"\bullet", "○": r"\circ", "■": r"\bullet", "□": r"\circ",
    "▲": r"\triangle", "✓": r"\surd", "✗": r"\times",
    **{raised: f"{{}}^{{{c}}}" for c, raised in zip("0123456789-+nkijmt", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿᵏⁱʲᵐᵗ",
                                                    strict=True)},
    **{low: f"{{}}_{{{c}}}" for c, low in zip("0123456789-+ijkntmxh", "₀₁₂₃₄₅₆₇₈₉₋₊ᵢⱼₖₙₜₘₓₕ",
                                              strict=True)},
}  # fmt: skip
ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar"}

# Brackets and stars are options of a command where they follow one; two hyphens are a dash.
_ESCAPES = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "[": "{[}", "]": "{]}",
    "*": "{*}", "`": "{`}", '"': "''", **{c: f"\\{c}" for c in "{}$&#_%"},
}  # fmt: skip

_LETTER = re.compile("(.)([\u0302-\u0304]?)", re.DOTALL)
_TOKEN = re.compile("\\\\[A-Za-z]+|\\\\.|.[\u0302-\u0304]?", re.DOTALL)

# What every LaTeX can set in a sentence without a package: Latin letters, dashes, quotes, dots.
_LAST_LATIN = "\u017f"
_PUNCTUATION = frozenset("–—‘’“”„…•†‡€")


def text(typed: str) -> str:
    """A user's text in a sentence: no character of it is a command, maths stands in $…$."""
    pieces = []
    for letter, accent in _LETTER.findall(normalize("NFC", visible(typed))):
        if accent or letter in COMMANDS:
            pieces.append(f"${_command(letter, accent)}$")
        elif letter in ACCENTS or not letter.isascii():
            pieces.append(_foreign(letter))
        else:
            pieces.append(_ESCAPES.get(letter, letter))
    return "".join(pieces).replace("--", "-{}-")


def spelled(maths: str) -> str:
    r"""LaTeX maths with its Unicode written by commands: \text{a θ} as \text{a }\theta."""
    if maths.isascii():
        return maths
    pieces: list[str] = []
    in_text: list[bool] = []
    before = ""
    for token in _TOKEN.findall(normalize("NFC", maths)):
        if token == "{":
            in_text.append(before == r"\text")
        elif token == "}" and in_text:
            in_text.pop()
        before = token
        pieces.append(token if token.isascii() else _in_maths(token, bool(in_text and in_text[-1])))
    return "".join(pieces).replace(r"\text{}", "")


def _in_maths(token: str, in_text: bool) -> str:
    letter, accent = token[0], token[1:]
    if accent or letter in COMMANDS:
        command = _command(letter, accent)
        # A group would make an ordinary letter of a sign such as ≤; the space ends its name.
        return f"}}{command} \\text{{" if in_text else f"{command} "
    shown = _foreign(letter)
    return shown if in_text else rf"\text{{{shown}}}"


def _command(letter: str, accent: str) -> str:
    command = COMMANDS.get(letter) or (_ESCAPES.get(letter, letter) if letter.isascii() else letter)
    return rf"\{ACCENTS[accent]}{{{command}}}" if accent else command


def _foreign(letter: str) -> str:
    """A letter as it is, since its reader's document has a font for it; a symbol by its code."""
    if letter <= _LAST_LATIN or letter in _PUNCTUATION or category(letter)[0] == "L":
        return letter
    return "" if letter in ACCENTS else f"U+{ord(letter):04X}"
