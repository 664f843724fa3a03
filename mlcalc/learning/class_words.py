"""A class of hypotheses in words: its sizes and its space as sentences say them.

Half-spaces in the plane, unions of 3 intervals, conjunctions over 5 Boolean attributes.
"""

from __future__ import annotations

import re

from mlcalc.files.fields import as_number
from mlcalc.files.fields.words import NUMERALS
from mlcalc.maths.tree import Expr, Symbol

NUMBER_WORDS = {word: str(number) for number, word in enumerate(NUMERALS[1:7], 1)}
COUNTED = (
    "disjoint|closed|intervals?|d|dims?|dimension(?:s|al)?|boolean|binary|attributes?|variables?|"
    "features?|inputs?|bits?|vertices|corners|sides|nearest"
)
NUMBER_WORD = re.compile(
    rf"\b(?:{'|'.join(NUMBER_WORDS)})\b(?=[\s-]+(?:{COUNTED})\b)"
    rf"|(?<=degree[\s-])(?:{'|'.join(NUMBER_WORDS)})\b|(?<=depth[\s-])(?:{'|'.join(NUMBER_WORDS)})\b",
    re.IGNORECASE,
)
COUNT = r"(?P<count>\d{1,18}|[a-z])"
REALS = r"(?:ℝ|R|\\mathbb\s*\{?R\}?)"
OF_SPACE = tuple(
    (re.compile(pattern, re.IGNORECASE), size)
    for pattern, size in (
        (r"\s+(?:in|on|of|over)\s+(?:real\s+|number\s+|real\s+number\s+)?line$", "1"),
        (r"\s+(?:in|on|of|over)\s+(?:euclidean\s+|real\s+)?plane$", "2"),
        (rf"\s+(?:in|on|over|of)\s+{REALS}\s*(?:\^\s*)?\{{?{COUNT}\}}?$", ""),
        (rf"\s+(?:in|on|over)\s+{REALS}$", "1"),
        (rf"\s+in\s+{COUNT}[\s-]*(?:d|dims?|dimensions?|dimensional(?:\s+\w+)?)$", ""),
        (rf"^{COUNT}[\s-]*(?:d|dimensional)\s+(?!tree|list)", ""),
        (rf"\s+(?:over|on)\s+\\?\{{\s*0\s*,\s*1\s*\\?\}}\s*\^\s*\{{?{COUNT}\}}?$", ""),
        (
            rf"\s+(?:over|on|of|in|with)\s+{COUNT}\s+(?:boolean\s+|binary\s+)?"
            r"(?:attributes?|variables?|features?|inputs?|bits?)$",
            "",
        ),
        (rf"(?<=junctions)\s+of\s+(?:up\s+to\s+|at\s+most\s+)?{COUNT}\s+boolean\s+literals$", ""),
        (r"(?<=junctions)\s+of\s+(?:up\s+to\s+|at\s+most\s+)?(?P<count>n)\s+literals$", ""),
    )
)
"""How the dimension, or the number of attributes, is said beside the name of a class."""
RULE = (
    r"(?:[hfg](?:_\w|_\{[^{}]{1,12}\})?\s*\(\s*x[\w,;{} ]{0,30}\)\s*=\s*"
    r"|x\s*(?:->|→|↦|\\mapsto)\s*|(?:y|ŷ|\\hat\s*\{?y\}?)\s*=\s*)?"
)
INDICATOR = r"(?:[1I𝟙]|\\math(?:bb|bf|ds)\s*\{?[1I]\}?|indicator)(?:_(?=[\[({]))?"
LETTER = r"(?:[a-ctθ]|theta|\\theta)"
LESS, MORE = r"\s*(?:<=?|≤|\\leq?|⩽)\s*", r"\s*(?:>=?|≥|\\geq?|⩾)\s*"
ABOVE, BETWEEN = (
    rf"(?:x{MORE}{LETTER}|{LETTER}{LESS}x)",
    rf"(?:{LETTER}{LESS}x{LESS}{LETTER}|x\s*(?:∈|in|\\in)\s*[\[(]\s*{LETTER}\s*,\s*{LETTER}\s*[\])]"
    rf"|{LETTER}{LESS}x\s+and\s+x{LESS}{LETTER})",
)


def rule_of(condition: str) -> str:
    """How people write that a hypothesis is 1 where the condition holds: 1[x > a], 1 if x > a."""
    otherwise = (
        r"(?:\s*(?:,|;|and)?\s*(?:else|otherwise)?\s*(?:0|-1|−1)(?:\s+(?:otherwise|else))?)?"
    )
    return (
        rf"{RULE}(?:{INDICATOR}\s*[\[({{|]+\s*{condition}\s*[\])}}|]+"
        rf"|\[\[\s*{condition}\s*\]\]|\+?1\s+(?:if|when|iff|for)\s+{condition}{otherwise})"
    )


TIMES, SIGN = r"\s*(?:[·⋅*.]|\\cdot)?\s*", r"\s*[+−-]\s*"
WEIGHT, BIAS = r"[wβθ]_?\{?[1-9dn]\}?", r"(?:[bcθt]|[wβθ]_?\{?0\}?|theta|\\theta)"
W_X = (
    rf"\s*(?:w\s*(?:\^?\{{?\s*(?:T|⊤|ᵀ|\\top)\s*\}}?)?{TIMES}x"
    r"|(?:⟨|<|\\langle)\s*w\s*,\s*x\s*(?:⟩|>|\\rangle))"
)
EACH = (
    rf"\s*{WEIGHT}{TIMES}x_?\{{?[1-9dn]\}}?"
    rf"(?:{SIGN}(?:{WEIGHT}{TIMES}x_?\{{?[1-9dn]\}}?|…|\.\.\.|\\[cl]?dots))*"
)
"""w₁x₁ + w₂x₂, or a + …"""
A_B = rf"\s*(?:a|{WEIGHT}){TIMES}x{SIGN}(?:b|{WEIGHT}){TIMES}y"
"""ax + by"""
WEIGHED = rf"(?:{W_X}|{EACH}|{A_B})"
AFFINE = rf"(?:{WEIGHED}{SIGN}{BIAS}|\s*{BIAS}{SIGN}{WEIGHED})\s*"
NO_LESS = r"\s*(?:>=?|≥|\\geq?(?:slant)?|⩾)\s*"
SQUARE = r"(?:\^\s*\{?2\}?|²|\*\*2)"
DISTANCE = (
    r"(?:(?:\|\|?|‖|\\\||\\lVert\s*)\s*x\s*(?:\|\|?|‖|\\\||\s*\\rVert)(?:_\{?2\}?)?"
    rf"(?:{SQUARE})?"
    rf"|x_?\{{?1\}}?{SQUARE}(?:\s*\+\s*(?:x_?\{{?[2-9dn]\}}?{SQUARE}|…|\.\.\.|\\[cl]?dots))+"
    rf"|x{SQUARE}\s*\+\s*y{SQUARE}(?:\s*\+\s*z{SQUARE})?)"
)
"""‖x‖, x₁² + x₂², x² + y²."""
BALL = r"(?:circles?|dis[ck]s?|balls?|(?:hyper)?spheres?)"
REWRITTEN = tuple(
    (re.compile(pattern, re.IGNORECASE), written)
    for pattern, written in (
        (
            rf"unions?\s+of\s+(?:at\s+most\s+|up\s+to\s+)?{COUNT}\s+(?:disjoint\s+|closed\s+)?"
            r"intervals?",
            r"intervals(\g<count>)",
        ),
        (rf"intervals?\s+of\s+length\s+{COUNT}", r"intervals(length=\g<count>)"),
        (r"quadratic\s+(?:classifiers?|polynomials?|functions?)", "polynomials(2)"),
        (r"cubic\s+(?:classifiers?|polynomials?|functions?)", "polynomials(3)"),
        (
            rf"polynomials?\s+(?:classifiers?\s+|functions?\s+|threshold\s+functions?\s+)?of\s+"
            rf"degree\s+(?:at\s+most\s+|up\s+to\s+)?{COUNT}",
            r"polynomials(\g<count>)",
        ),
        (
            rf"(?:degree[\s-]{COUNT}|(?P<other>\d{{1,18}}|[a-z])(?:nd|rd|th)?[\s-](?:degree|order))"
            r"\s+polynomials?(?:\s+(?:classifiers?|functions?|threshold\s+functions?))?",
            r"polynomials(\g<count>\g<other>)",
        ),
        (
            rf"(?:convex\s+)?polygons?\s+with\s+(?:at\s+most\s+|up\s+to\s+)?{COUNT}\s+"
            r"(?:vertices|corners|sides|edges)",
            r"polygons(\g<count>)",
        ),
        (rf"(?:convex\s+)?{COUNT}-gons?", r"polygons(\g<count>)"),
        (
            rf"decision\s+trees?\s+of\s+depth\s+(?:at\s+most\s+)?{COUNT}",
            r"decision-trees(\g<count>)",
        ),
        (r"boolean\s+(?P<kind>(?:con|dis)junctions?)", r"\g<kind>"),
        (rf"{RULE}(?:(?:sign|sgn)\s*\({AFFINE}\)|{AFFINE})", "linear"),
        (rf"{RULE}(?:(?:sign|sgn)\s*\({WEIGHED}\s*\)|{WEIGHED}\s*)", "linear-through-origin"),
        (rule_of(rf"(?:{AFFINE}{NO_LESS}0|{WEIGHED}{NO_LESS}[−-]?\s*{BIAS})"), "linear"),
        (rule_of(rf"{WEIGHED}{NO_LESS}0"), "linear-through-origin"),
        (rule_of(rf"{DISTANCE}{LESS}[rRcaθ]{SQUARE}?"), "origin-balls"),
        (
            rf"(?:origin[\s-]cent(?:er|r)ed\s+{BALL}|concentric\s+(?:circles?|dis[ck]s?|balls?)"
            rf"|{BALL}\s+(?:that\s+are\s+|which\s+are\s+)?(?:cent(?:er|r)ed\s+)?"
            r"(?:at|on|in|around|about)\s+(?:the\s+)?(?:origin|0|zero))",
            "origin-balls",
        ),
        (rule_of(ABOVE), "thresholds"),
        (rf"{RULE}(?:sign|sgn)\s*\(\s*x\s*[+−-]\s*{LETTER}\s*\)", "thresholds"),
        (rule_of(BETWEEN), "intervals"),
        (r"\[\s*a\s*,\s*b\s*\]", "intervals"),
        (rf"{RULE}(?:(?:sign|sgn)\s*\(\s*)?sin\s*\(\s*[aαωtw]\s*[·*]?\s*x\s*\)\s*\)?", "sine"),
        (rf"depth[\s-]{COUNT}\s+decision\s+trees?", r"decision-trees(\g<count>)"),
    )
)
"""Sizes that are said in words, and how mlcalc writes them."""
CLASS_OF = re.compile(
    r"(?:\\mathcal\{?\s*H\s*\}?|[HCFℋ𝓗])\s*[=:]\s*(?=\S)|hypothes[ie]s\s+class\s*(?:[=:]|of|is)\s*",
    re.IGNORECASE,
)
"""What stands before a class that is named: H = …"""
SET = re.compile(
    r"\\?\{(?P<rule>.*?)(?:\s*[:|∣]\s*[^=:|]{0,40}(?:∈|in|<|>|≤|≥|\\in)[^=:|]{0,40})?\\?\}"
)
"""The set of such rules: {1[x > a] : a ∈ R}."""
APART = re.compile(
    r"\\?\{\s*h[^{}:|]{0,9}(?:\{[^{}]{1,12}\})?\s*[:|][^{}]{1,40}\\?\}\s*(?:,|;|where|with)\s*(?=h)"
)
"""The set of rules that are told behind it: {h_a : a ∈ R}, h_a(x) = …"""
COORDINATE = re.compile(r"(?<![a-z])x_?\{?([1-9]|[dn](?![a-z]))", re.IGNORECASE)
PLANE = re.compile(r"x.{0,12}[+−-].{0,6}y")
FONTS = re.compile(r"\\(?:mathbf|boldsymbol|bm|vec)\s*(?:\{\s*([wx])\s*\}|([wx])\b)")
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
FILLERS = re.compile(r"\b(?:the|an?|all|(?:class|set|family)\s+of)\s+", re.IGNORECASE)
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹ⁿᵈ", "0123456789nd")
HALF_PLANES = re.compile(r"(?:homogeneous[\s_-]+)?half[\s_-]*planes?\b", re.IGNORECASE)
MOST_SAID = 200


def apart_from_space(typed: str) -> tuple[str, Expr | None]:
    """The words of a class without articles, in our spelling, and the dimension that they say."""
    text, space = typed.strip(), None
    if len(text) > MOST_SAID:
        return typed, None
    text = FONTS.sub(r"\1\2", without_set(text.strip("$ ")).translate(SUBSCRIPTS))
    if (rule := rewritten(text)) != text:  # its a is no article
        return rule, coordinates(text)
    text = NUMBER_WORD.sub(lambda found: NUMBER_WORDS[found[0].casefold()], text)
    text = FILLERS.sub("", text.translate(SUPERSCRIPTS).replace("$", ""))
    for pattern, size in OF_SPACE:
        found = pattern.search(text)
        if found:
            said = size or found["count"]
            space = as_number(int(said)) if said.isdigit() else Symbol(said)
            text = (text[: found.start()] + text[found.end() :]).strip()
            break
    text = rewritten(text)
    if space is None and HALF_PLANES.match(text):
        space = as_number(2)
    return text, space


def coordinates(rule: str) -> Expr | None:
    """The dimension that a rule in coordinates says: 2 for w_1 x_1 + w_2 x_2, or for ax + by."""
    found = COORDINATE.findall(rule)
    if not found:
        return as_number(2 + ("z" in rule)) if PLANE.search(rule) else None
    letters = [size for size in found if not size.isdigit()]
    return Symbol(letters[-1]) if letters else as_number(max(map(int, found)))


def rewritten(text: str) -> str:
    """A class by our name where it is said in words, or by the rule of its hypotheses."""
    for pattern, written in REWRITTEN:
        if found := pattern.fullmatch(text):
            return found.expand(written)
    return text


def without_set(text: str) -> str:
    """The rule of a class in the place of H = {the rule : a in R}."""
    text = CLASS_OF.sub("", text, count=1) if CLASS_OF.match(text) else text
    text = APART.sub("", text, count=1)
    found = SET.fullmatch(text.strip())
    return found["rule"].strip() if found else text
