"""The readings of a claim: as it stands, and with what people put around an answer taken off.

`The MLE is 3/7 (or about 0.43)` claims θ = 3/7 ≈ 0.43: sentences become notation, which the readers
of values, formulas and shapes then read as if it had been typed.  Taken off is what is known to
say nothing (`wordings`); where another word is left, there is no such reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from mlcalc.files.document import Text
from mlcalc.marking.checking.left_sides import FILLERS, is_name
from mlcalc.marking.checking.markup import cleaned
from mlcalc.marking.checking.reading import is_statement
from mlcalc.marking.checking.spellings import TEX_GROUP
from mlcalc.marking.checking.wordings import (
    AGAIN,
    AT_LEAST,
    AT_MOST,
    BULLET,
    DENIAL,
    DENOMINATORS,
    ENUMERATED,
    FIGURES_BEHIND,
    FRACTION_WORD,
    LEAD,
    LINK,
    MINUS,
    NOTE,
    NUMBER_WORD,
    NUMBERS,
    OPENING,
    OR_MORE,
    OUT_OF,
    OVER,
    PERCENT,
    TRAIL,
    VERB,
    words,
)
from mlcalc.maths.evaluate import CONSTANTS
from mlcalc.maths.functions import KNOWN_CALLS
from mlcalc.maths.records import replace
from mlcalc.maths.scanner import GREEK_NAMES
from mlcalc.showing.derivation import Answer

MOST_WORDS = 8
"""So many things are taken off one end of a value."""
LONGEST = 600
"""Characters of a claim in which words are looked for."""

SEPARATOR = re.compile(
    r"(\s*(?:(?<![<>!=~])=(?!=)|≈|≤|≥|<=|>=|~|∼|\\(?:approx|sim(?:eq)?|[lg]eq?)(?![A-Za-z])"
    r"|\s(?:or|OR)\s(?!so\b)|[,;](?=\s))\s*)"
)
WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}(?:['’-][A-Za-z]+)*")
PARENTHESIS = re.compile(r"\(([A-Za-z\s.'-]*)\)")
LABEL = frozenset({"mean", "median", "mode", "any", "biased", "units", "so"})
BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))
SMALL_WORDS = frozenset(
    words(
        "an and are as at be but by for from had has he if in is it its me my no of off on or our"
        " out own so than the to too up us was we who why yes you"
    )
)
DECIMAL = re.compile(r"[./%]|frac")
NOT_A_LETTER = re.compile(r"[a-z]{3,}")


def as_it_stands(claimed: Text) -> Text:
    """The claim without markup."""
    text = cleaned(claimed.value)
    return claimed if text == claimed.value else replace(claimed, value=text, exact=False)


def unwrapped(claimed: Text, answer: Answer) -> Iterator[Text]:
    """What else a claim without markup says, in notation; mostly nothing, or one text."""
    text = claimed.value
    if len(text) > LONGEST or isinstance(answer.value, bool | str):
        return
    found = dict.fromkeys(one for one in (in_notation(text, answer), unlisted(text, answer)) if one)
    for one in found:
        if one.strip() != text.strip():
            yield replace(claimed, value=one, exact=False)


def unlisted(text: str, answer: Answer) -> str | None:
    """- 3/7 as the member of a list that it may be."""
    match = BULLET.match(text)
    return None if match is None else in_notation(text[match.end() :], answer)


def in_notation(text: str, answer: Answer) -> str | None:
    """The claim with its words taken off; None where one is left that may say something."""
    if DENIAL.search(text) or "?" in text:
        return None
    if match := ENUMERATED.match(text):
        text = text[match.end() :]
    text = with_numerals(text, answer)
    text = opened(text)
    text = with_sign(text)
    pieces = SEPARATOR.split(text)
    taken = [plain(piece) for piece in pieces[::2]]
    signs = pieces[1::2]
    while len(taken) > 1 and is_label(taken[0]) and signs[0].strip() == ",":
        del taken[0], signs[0]  # the median, 3
    while len(taken) > 1 and is_label(taken[-1]) and signs[-1].strip() == ",":
        del taken[-1], signs[-1]
    named = len(taken) > 1 and signs[0].strip() in ("=", "≈", "\\approx") and is_a_name(taken[0])
    if any(has_words(piece, answer) for piece in taken[named:]):
        return None
    return "".join(part for pair in zip(taken, [*signs, ""], strict=True) for part in pair).strip()


def is_a_name(piece: str) -> bool:
    return is_name(piece) or is_label(piece)


def is_label(piece: str) -> bool:
    """Whether words only say that this is the answer: the median, (MLE)."""
    found = re.findall(r"[A-Za-z]+|[^A-Za-z\s]", TEX_GROUP.sub(r"\1", piece))
    return bool(found) and all(word.lower() in FILLERS | LABEL for word in found)


# Numbers in words.


def with_numerals(text: str, answer: Answer) -> str:
    """Three sevenths, minus 22, 3 out of 7 and 42.9 percent in digits and signs."""
    text = FRACTION_WORD.sub(fraction, text)
    text = NUMBER_WORD.sub(numeral, text)
    text = PERCENT.sub("%", MINUS.sub("-", OVER.sub("/", text)))
    text = OUT_OF.sub(lambda match: share(match, answer), text)
    text = OR_MORE.sub(lambda m: f"{'≥' if m['way'] == 'more' else '≤'} {m['value']}", text)
    text = AT_MOST.sub("≤ ", AT_LEAST.sub("≥ ", text))
    text = FIGURES_BEHIND.sub("", NOTE.sub("", text))
    text = PARENTHESIS.sub(lambda m: "" if m[1].strip() and is_label(m[1]) else m[0], text)
    return LINK.sub(" ≈ ", AGAIN.sub(both, text))


def numeral(match: re.Match[str]) -> str:
    if match["one"]:
        return str(NUMBERS[match["one"].lower()])
    return str(NUMBERS[match["tens"].lower()] + NUMBERS[match["unit"].lower()])


def fraction(match: re.Match[str]) -> str:
    """Three sevenths as 3/7; a third stands by itself, and seventh is no number."""
    above, below = (match["above"] or "").lower(), match["below"].lower()
    if not above and below != "half":
        return match[0]
    number = 1 if above in ("", "a") else NUMBERS[above] if above in NUMBERS else int(above)
    return f"{number}/{DENOMINATORS[below]}"


def share(match: re.Match[str], answer: Answer) -> str:
    """14 of 16: a count is the first, and a measure the share."""
    return match["part"] if answer.is_count else f"{match['part']}/{match['whole']}"


def both(match: re.Match[str]) -> str:
    if not match["sign"] and not DECIMAL.search(match["first"] + match["second"]):
        return match[0]  # 2 (3) may be a product
    sign = "or" if (match["sign"] or "").lower() == "or" else "≈"
    return f"{match['first']} {sign} {match['second']}"


# Words around values.


def opened(text: str) -> str:
    """A claim without what it begins with: so, I got, my answer is."""
    for _ in range(MOST_WORDS):
        match = OPENING.match(text)
        if match is None or not text[match.end() :].strip():
            break
        text = text[match.end() :]
    return text


def with_sign(text: str) -> str:
    """`The MLE is 3/7` with the sign of equality: the first verb after a name, or before one."""
    match = VERB.search(text)
    if match is None:
        return text
    before, after = text[: match.start()].strip(), text[match.end() :].strip()
    name = re.sub(r"(?<=[A-Za-z]{2})-(?=[A-Za-z]{2})", " ", before)
    is_inside = any(before.count(one) != before.count(other) for one, other in BRACKETS)
    if not after or not before or "=" in before or is_inside:
        return text
    if is_a_name(name) and not is_statement(before):
        after = after.removeprefix("=").lstrip() if after.startswith("=") else after
        return f"{name} = {after}"
    return f"{after} = {before}" if is_a_name(after) else text


def plain(piece: str) -> str:
    """A value without the words around it."""
    for _ in range(MOST_WORDS):
        shorter = TRAIL.sub("", LEAD.sub("", piece, 1) if LEAD.match(piece) else piece).strip()
        if shorter == piece or not shorter:
            break
        piece = shorter
    return piece


def has_words(piece: str, answer: Answer) -> bool:
    """Whether something is left in a value that is neither notation nor a letter."""
    known = KNOWN_CALLS | CONSTANTS.keys() | set(GREEK_NAMES)
    left = [word for word in WORD.findall(TEX_GROUP.sub(r" \1 ", piece)) if word not in known]
    if isinstance(answer.value, Fraction | float):
        return bool(left)
    return any(word.lower() in SMALL_WORDS or NOT_A_LETTER.fullmatch(word) for word in left)
