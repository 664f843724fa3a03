r"""A claim without what typesetting puts around it: `**3/7**`, \boxed{\frac{3}{7}}, np.array([1]).

None of this changes what is said, so a text without it is the claim as it stands.
"""

from __future__ import annotations

import re

from mlcalc.marking.checking.numbers import LEAST_CUT, significant_digits

MOST_DEEP = 8
"""So many wrappings of one sort are taken off, one in another."""

INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u2060\u00ad]")
RAISED, LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"
DIGITS = str.maketrans(RAISED + LOWERED, "0123456789" * 2)
STACKED = re.compile(rf"(?<![\w)\]}}])([{RAISED}]+)\s*[/⁄∕]\s*([{LOWERED}]+)")
SLASHES = str.maketrans("⁄∕", "//")

TAG = re.compile(r"(?:</?(?:p|br|div|span|strong|em)(?:\s[^<>]*)?/?>\s*)+", re.IGNORECASE)
FENCE = re.compile(r"\s*```[a-z]*\s(.*?)\s*```\s*", re.DOTALL)
STRONG = re.compile(r"(?<![\w)\]*}])\*\*(?=[^\s*])([^*\n]*)(?<=[^\s*])\*\*(?![\w([*{])")
CODE = re.compile(r"(?<![\w`])`([^`\n]+)`(?![\w`])")
AROUND = re.compile(r"\s*(?:\*(?=[^\s*])([^*]*[^\s*])\*|_(?=[^\s_])([^_]*[^\s_])_|__(.+)__)\s*")
QUOTED = re.compile("\\s*(?:\"([^\"]*)\"|'([^']*)'|“([^”]*)”|‘([^’]*)’|«([^»]*)»)\\s*")
VALUE = re.compile(r"([=:]\s*)([\"'])([^\"'=:]*)\2\s*$")

CUT = re.compile(r"(?<![\w.])([0-9]*\.[0-9]+)\s*(?:\.{2,}|…|\\[lc]?dots(?![A-Za-z]))")
STOP = re.compile(r"(?<=[^.\s\\])\s*[.,;]\s*(?P<end>(?:\$|\\[\])])*)\s*$")

ARRAY = re.compile(
    r"(?<![\w.])(?:(?:np|numpy|jnp|torch|tf|sympy|sp)\.)?"
    r"(?:as)?(?:array|[Tt]ensor|[Mm]atrix|constant|(?:float|int)(?:32|64)|Size)\s*\("
    r"(?!\s*(?:data\s*=\s*)?c\(|[0-9]+\s*,)"
)
OPTIONS = re.compile(
    r",\s*(?:dtype|device|requires_grad|grad_fn|shape)\s*=[^,\[\]]*$", re.IGNORECASE
)
RATIO = re.compile(r"(?<![\w.])(?:Fraction|Rational|S)\(\s*([-−+]?[0-9]+)\s*,\s*([0-9]+)\s*\)")

SIGN = r"(?:[=≈<>≤≥∼~]|\\(?:approx|sim(?:eq)?|leq?|geq?|equiv|in)(?![A-Za-z]))"
WORDS = (
    (re.compile(r"\\(?:begin|end)\{(?:math|displaymath)\}"), " "),
    (re.compile(r"\\(?:nonumber|notag|noindent|displaystyle|textstyle|hfill|smallskip|medskip"
                r"|bigskip|newline|qed|qedhere|blacksquare|centering|par)(?![A-Za-z])"), " "),
    (re.compile(r"\\(?:tag|label|hspace|vspace|phantom|color)\*?\{[^{}]*\}"), " "),
    (re.compile(r"\\q?quad(?![A-Za-z])"), " "),
    (re.compile(r"\\(?:nicefrac|sfrac|flatfrac)(?![A-Za-z])"), r"\\frac"),
    (re.compile(r"\\(?:thickapprox|approxeq|doteq|cong|fallingdotseq)(?![A-Za-z])"), r"\\approx "),
    (re.compile(r"\\(?:implies|Longrightarrow|Rightarrow|longrightarrow|rightarrow|to|leadsto"
                r"|mapsto|iff|Leftrightarrow)(?![A-Za-z])"), " ⇒ "),
    (re.compile(r"\\therefore(?![A-Za-z])"), " ∴ "),
    (re.compile(rf"&\s*(?={SIGN})"), " "),
    (re.compile(rf"({SIGN})\s*&"), r"\1 "),
)  # fmt: skip
"""LaTeX that sets a line and says nothing, and one spelling for what says the same."""
BRACED = re.compile(
    r"\\(?P<name>boxed|fbox|framebox|ensuremath|underset|overset|stackrel|textcolor|colorbox"
    r"|underbrace|overbrace|mbox)(?![A-Za-z])\s*\{"
)
LABELLED = ("underset", "overset", "stackrel", "textcolor", "colorbox")
"""Commands whose second argument is what is set, and whose first only stands beside it."""
LABEL = re.compile(r"\s*[_^]\s*\{")
PROSE = re.compile(r"(?<![_^{])\\(?:text|textrm|textbf|textit|textnormal|intertext)\s*"
                   r"\{([^{}]*)\}(?!\s*(?:\\left)?[({])")  # fmt: skip
OVER = re.compile(r"\\over(?![A-Za-z])")

LINES = r"(?:align|aligned|equation|gather|gathered|eqnarray|multline|split|flalign|alignat)"
BREAK = re.compile(
    rf"(?P<line>\\(?:begin|end)\{{{LINES}\*?\}}(?:\{{[0-9]*\}})?)|"
    r"(?P<begin>\\begin\{[A-Za-z]+\*?\})|(?P<end>\\end\{[A-Za-z]+\*?\})|"
    r"(?P<row>\\\\(?:\[[^\]]*\])?)|(?P<cell>(?<!\\)&)"
)
CONTINUED = re.compile(rf"\s*{SIGN}")


def cleaned(text: str) -> str:
    """The text without markup; the text itself where it has none."""
    found = INVISIBLE.sub("", text)
    found = STACKED.sub(stacked, found).translate(SLASHES)
    if "<" in found:
        found = TAG.sub(" ", found)
    found = without_quotes(found)
    if "\\" in found:
        found = without_tex(found)
    if "(" in found:
        found = without_calls(found)
    found = CUT.sub(lambda m: m[1] if significant_digits(m[1]) >= LEAST_CUT else m[0], found)
    found = STOP.sub(r"\g<end>", found)
    return text if found.strip() == text.strip() else found.strip()


def stacked(match: re.Match[str]) -> str:
    """³⁄₇ in plain digits."""
    return f"({match[1].translate(DIGITS)}/{match[2].translate(DIGITS)})"


def without_quotes(text: str) -> str:
    """A text without the quotes or the Markdown around it, and around a part of it."""
    if match := FENCE.fullmatch(text):
        text = match[1]
    for _ in range(MOST_DEEP):
        text = VALUE.sub(r"\1\3", CODE.sub(r"\1", STRONG.sub(r"\1", text)))
        match = QUOTED.fullmatch(text) or AROUND.fullmatch(text)
        if match is None:
            break
        text = next(part for part in match.groups() if part is not None)
    return text


def without_calls(text: str) -> str:
    """np.array([1, 2], dtype=float32) as [1, 2], and Fraction(3, 7) as (3/7)."""
    text = RATIO.sub(r"(\1/\2)", text)
    for _ in range(MOST_DEEP):
        match = ARRAY.search(text)
        end = None if match is None else closing(text, match.end() - 1, "()")
        if match is None or end is None or text.startswith((".reshape", ".view"), end + 1):
            break
        inside = text[match.end() : end]
        while (shorter := OPTIONS.sub("", inside)) != inside:
            inside = shorter
        text = text[: match.start()] + inside.strip() + text[end + 1 :]
    return text


def closing(text: str, start: int, brackets: str) -> int | None:
    """Where the bracket at `start` is closed."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == brackets[0]) - (text[at] == brackets[1])
        if depth == 0:
            return at
    return None


def without_tex(text: str) -> str:
    for spelling, sign in WORDS:
        text = spelling.sub(sign, text)
    text = PROSE.sub(r" \1 ", unboxed(text))
    return on_one_line(with_fractions(text))


def unboxed(text: str) -> str:
    r"""What is set by \boxed{…}, by \underset{…}{…} and others like these."""
    for _ in range(MOST_DEEP):
        match = BRACED.search(text)
        end = None if match is None else closing(text, match.end() - 1, "{}")
        if match is None or end is None:
            break
        start = match.end()
        if match["name"] in LABELLED and text[end + 1 :].lstrip().startswith("{"):
            start = text.index("{", end + 1) + 1
            end = closing(text, start - 1, "{}")
            if end is None:
                break
        inside, rest = text[start:end], text[end + 1 :]
        if match["name"].endswith("brace") and (label := LABEL.match(rest)):
            after = closing(rest, label.end() - 1, "{}")
            rest = rest if after is None else rest[after + 1 :]
        text = text[: match.start()] + f" {inside} " + rest
    return text


def with_fractions(text: str) -> str:
    r"""{3 \over 7} as \frac{3}{7}."""
    for _ in range(MOST_DEEP):
        match = OVER.search(text)
        if match is None:
            break
        start, end = opening(text, match.start()), closing(f"{{{text[match.end() :]}", 0, "{}")
        last = len(text) if end is None else match.end() + end - 1
        above, below = text[start + 1 : match.start()], text[match.end() : last]
        text = f"{text[: max(start, 0)]}\\frac{{{above}}}{{{below}}}{text[last + 1 :]}"
    return text


def opening(text: str, end: int) -> int:
    """Where the brace opens in which `end` stands; -1 where it stands in none."""
    depth = 0
    for at in range(end - 1, -1, -1):
        depth += (text[at] == "}") - (text[at] == "{")
        if depth < 0:
            return at
    return -1


def on_one_line(text: str) -> str:
    r"""The lines of an align as one, where the next goes on with a sign; else behind a comma.

    The cells and rows of a matrix stay.
    """
    in_lines = any(match["line"] for match in BREAK.finditer(text))
    lines, start, depth = [""], 0, 0
    for match in BREAK.finditer(text):
        depth += bool(match["begin"]) - bool(match["end"])
        is_last = bool(match["row"]) and not text[match.end() :].strip(" $\n")
        if match["line"] or (depth == 0 and (is_last or (in_lines and not match["end"]))):
            lines[-1] += text[start : match.start()] + " "
            start = match.end()
            if match["row"]:
                lines.append("")
    lines[-1] += text[start:]
    first, *more = [line.strip() for line in lines if line.strip()] or [""]
    return first + "".join(f" {one}" if CONTINUED.match(one) else f", {one}" for one in more)
