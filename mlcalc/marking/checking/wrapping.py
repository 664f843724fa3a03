"""The readings of a claim: as it stands, and with what people put around an answer taken off.

`The MLE is 3/7 (or about 0.43)` claims θ = 3/7 ≈ 0.43: sentences become notation, which the readers
of values, formulas and shapes then read as if it had been typed.  Taken off is what is known to
say nothing (`wordings`); where another word is left, there is no such reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from mlcalc.files.document import Text
from mlcalc.marking.checking.left_sides import is_name
from mlcalc.marking.checking.markup import cleaned
from mlcalc.marking.checking.pieces import as_name, has_words, is_a_name, is_label, is_own_name
from mlcalc.marking.checking.reading import is_statement, letters_of
from mlcalc.marking.checking.statements import depths
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
    WEAK_VERB,
)
from mlcalc.marking.checking.worked import without_working
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr
from mlcalc.showing.derivation import Answer

MOST_WORDS = 8
"""So many things are taken off one end of a value."""
LONGEST = 600
"""Characters of a claim in which words are looked for."""

SEPARATOR = re.compile(
    r"(\s*(?:(?<![<>!=~])=(?!=)|≈|≤|≥|<=|>=|~|∼|\\(?:approx|sim(?:eq)?|[lg]eq?)(?![A-Za-z])"
    r"|\s(?:or|OR)\s(?!so\b)|(?<!\\)[,;](?=\s))\s*)"
)
EQUAL = ("=", "≈", "\\approx")
DASHED = re.compile(
    r"(?P<name>[^\W\d][^=≈:\d]{0,80}?)\s+[-–]{1,2}\s+(?P<value>[0-9.\\].*)", re.DOTALL
)
"""MLE - 3/7, where the dash may be a sign."""
ARGMAX = re.compile(r"\s*\\?(?:operatorname\*?\{)?arg\s*[,;]?\s*\\?(?:max|min)(?![A-Za-z])")
"""What is sought, before it is found."""
SPACES = re.compile(r"\s+")
DELIMITER = re.compile(r"(?:\s*(?:\$|\\[()\[\]]))+\s*")
HATTED = re.compile(r"(?<=[A-Za-zα-ω])(\b)[-\s](hat|bar|tilde)(?![A-Za-z])")
SQUARED = re.compile(r"(?<=[A-Za-zα-ω])\s+squared(?![A-Za-z])")
GROUPED = re.compile(r"(?<![\w.,/])(?<![0-9] )[1-9][0-9]{0,2}(?: [0-9]{3}){1,5}(?![\w.,/]| [0-9])")
TEX_GROUPED = re.compile(r"(?<![\w.,/}])[1-9][0-9]{0,2}(?:\{,\}[0-9]{3}){1,5}(?![\w.,{/])")
SUFFIX = re.compile(
    r"(?P<part>[0-9]+\.(?:[0-9]{3}(?=\s?[kt])|[0-9]{6}(?=\s?[Mm])))"
    r"\s?(?:(?P<k>k|thousand)|M|million)(?![A-Za-z])"
)
"""2.480k and 0.405050M for a count: with fewer digits it may be rounded, and is not read."""
PARENTHESIS = re.compile(r"\(([A-Za-z\s.'-]*)\)")
BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))
LONG = re.compile(r"[A-Za-z]{3,}")
DECIMAL = re.compile(r"[./%]|frac")


def as_it_stands(claimed: Text) -> Text:
    """The claim without markup."""
    text = cleaned(claimed.value)
    return claimed if text == claimed.value else replace(claimed, value=text, exact=False)


def unwrapped(claimed: Text, answer: Answer, others: Sequence[Answer] = ()) -> Iterator[Text]:
    """What else a claim without markup says, in notation; mostly nothing, or one text."""
    text = SPACES.sub(lambda match: "\n" if "\n" in match[0] else " ", claimed.value)
    if len(text) > LONGEST or isinstance(answer.value, bool | str):
        return
    found = [in_notation(one, answer, others) for one in (text, *otherwise(text))]
    for one in dict.fromkeys(filter(None, found)):
        if one.strip() != text.strip():
            yield replace(claimed, value=one, exact=False)


def otherwise(text: str) -> Iterator[str]:
    """What a text may be as well: - 3/7 in a list, MLE - 3/7 with a dash, 3/7! in joy."""
    if match := BULLET.match(text):
        yield text[match.end() :]
    if match := DASHED.fullmatch(text):
        yield f"{match['name']}: {match['value']}"
        yield f"{match['name']}: -{match['value']}"
    if text.rstrip().endswith("!"):
        yield text.rstrip(" !")


def in_notation(text: str, answer: Answer, others: Sequence[Answer]) -> str | None:
    """The claim with its words taken off; None where one is left that may say something."""
    if DENIAL.search(text) or "?" in text:
        return None
    if match := ENUMERATED.match(text):
        text = text[match.end() :]
    had_dollars = "$" in text and "\\" not in text
    text = SQUARED.sub("^2", HATTED.sub(r"\1_\2", DELIMITER.sub(" ", text)))
    text = with_numerals(text, answer)
    is_number = isinstance(answer.value, Fraction | float)
    if is_number:
        text = without_working(with_sign(opened(plain(text))), answer, others)
    else:
        text = with_sign(opened(text))
    found = without_words(text, answer, others, is_number)
    return f"${found}$" if found and had_dollars and isinstance(answer.value, Expr) else found


def without_words(
    text: str, answer: Answer, others: Sequence[Answer], is_number: bool
) -> str | None:
    """The members of a claim without the words around each, and without the answer's own name."""

    def is_named(piece: str) -> bool:
        is_own = is_number and is_name(piece) and is_own_name(piece.strip(), answer, others)
        return is_own or is_label(piece)

    pieces, signs = taken_apart(text, is_named)
    has_letters = isinstance(answer.value, Expr) and bool(letters_of(answer.value))
    bare = [plain(piece, has_letters) for piece in pieces]
    is_listed = any(sign.strip() in (",", ";") for sign in signs)
    if is_number and is_listed and bare != [piece.strip() for piece in pieces]:
        return None  # several things are counted: 44 weights, 5 biases
    is_about = bool(signs) and signs[0].strip() in EQUAL and is_a_name(as_name(bare[0]))
    if any(has_words(piece, answer) for piece in bare[is_about:]):
        return None
    if is_about:
        bare[0] = as_name(bare[0])
    is_alone = is_number or not any(sign.strip() in EQUAL for sign in signs[1:])
    is_whole = is_alone and not isinstance(answer.value, Mapping)
    if is_about and is_whole and is_own_name(bare[0], answer, others):
        del bare[0], signs[0]
    return "".join(part for pair in zip(bare, [*signs, ""], strict=True) for part in pair).strip()


def taken_apart(text: str, is_name_of: Callable[[str], bool]) -> tuple[list[str], list[str]]:
    """The members of a chain or a list and the signs between them, without those that only say
    what is sought: the median, 3; θ = argmax L(θ) = 3/7.
    """
    inside = depths(text)
    found = [match for match in SEPARATOR.finditer(text) if inside[match.start()] == 0]
    signs = [match[0] for match in found]
    starts, ends = [0, *(m.end() for m in found)], [*(m.start() for m in found), len(text)]
    pieces = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    for _ in range(len(pieces) - 1):
        at = next((i for i, one in enumerate(pieces[:-1]) if ARGMAX.match(one)), None)
        if at is None and is_name_of(pieces[0]) and signs[0].strip() == ",":
            at = 0
        if at is None:
            break
        del pieces[at], signs[at]
    while signs and is_name_of(pieces[-1]) and signs[-1].strip() == ",":
        del pieces[-1], signs[-1]
    return pieces, signs


# Numbers in words.


def with_numerals(text: str, answer: Answer) -> str:
    """Three sevenths, minus 22, 3 out of 7 and 42.9 percent in digits and signs."""
    if isinstance(answer.value, Fraction | float):
        text = GROUPED.sub(lambda m: m[0].replace(" ", ""), text)
    if answer.is_count:
        text = TEX_GROUPED.sub(lambda m: m[0].replace("{,}", ""), text)
        text = SUFFIX.sub(lambda m: f"{m['part']}e{3 if m['k'] else 6}", text)
    text = FRACTION_WORD.sub(fraction, text)
    text = NUMBER_WORD.sub(numeral, text)
    text = PERCENT.sub("%", MINUS.sub("-", OVER.sub("/", text)))
    text = OUT_OF.sub(lambda match: share(match, answer), text)
    text = OR_MORE.sub(lambda m: f"{'≥' if m['least'] else '≤'} {m['value']}", text)
    text = FIGURES_BEHIND.sub("", NOTE.sub("", text))
    text = PARENTHESIS.sub(lambda m: "" if m[1].strip() and is_label(m[1]) else m[0], text)
    text = LINK.sub(" ≈ ", AGAIN.sub(both, text))
    return AT_MOST.sub("≤ ", AT_LEAST.sub("≥ ", text))


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
    """14 of 16: a count is the first, out of so many labelings, and a measure the share."""
    whole = int(match["whole"]) if match["whole"].isdigit() else 0
    is_of_labelings = whole > 0 and whole & (whole - 1) == 0
    is_counted = answer.is_count and is_of_labelings
    return match["part"] if is_counted else f"{match['part']}/{match['whole']}"


def both(match: re.Match[str]) -> str:
    is_same = match["first"] == match["second"]
    if not match["sign"] and not is_same and not DECIMAL.search(match["first"] + match["second"]):
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
    for match in (VERB.search(text), WEAK_VERB.search(text)):
        if match is None:
            continue
        before, after = text[: match.start()].strip(), text[match.end() :].strip()
        is_inside = any(before.count(one) != before.count(other) for one, other in BRACKETS)
        if not after or not before or "=" in before or is_inside:
            continue
        if is_a_name(as_name(before)) and not is_statement(before):
            return f"{as_name(before)} = {after.removeprefix('=').lstrip()}"
        if is_a_name(after):
            return f"{after} = {before}"
    return text


def plain(piece: str, has_letters: bool = False) -> str:
    """A value without the words around it; the m behind a formula may be one of its letters."""
    for _ in range(MOST_WORDS):
        shorter = LEAD.sub("", piece, 1) if LEAD.match(piece) else piece
        behind = TRAIL.search(shorter)
        if behind is not None and not (has_letters and not LONG.search(behind[0])):
            shorter = shorter[: behind.start()]
        if shorter.strip() == piece or not shorter.strip():
            break
        piece = shorter.strip()
    return piece
