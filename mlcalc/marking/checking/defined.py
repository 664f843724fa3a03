"""Letters that a claim itself explains: (p − t)x where p = σ(wx), and conditions behind a formula.

What a letter stands for is put in for it; what only says when the formula holds, as α, β > 1, is
taken off.  A letter that the answer has, or that names an answer, cannot be given another meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from mlcalc.files.document import Text
from mlcalc.marking.checking.reading import letters_of, outer
from mlcalc.marking.checking.spellings import canonical, labels
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr
from mlcalc.showing.derivation import Answer

BETWEEN = re.compile(
    r"\s*[,;]\s*(?:\\text\{\s*)?(?:(?:and|where|with|for|if|when|here|assuming)\b)?(?:\s*\})?\s*|"
    r"\s+(?:and|where|with|for|if|when|assuming|using)\s+|"
    r"\s*\\(?:text|mbox|quad)\s*\{\s*(?:where|with|for|if|when)\s*\}\s*"
)
"""What may stand before an explanation."""
LETTER = (
    r"(?:\\?[A-Za-zα-ωΑ-Ω][\u0302-\u0305]?(?:\\?_?\{?[A-Za-z0-9]{1,3}\}?)?|"
    r"\\(?:hat|bar|tilde)\s*\{?\\?[A-Za-z]+\}?|\\?[A-Za-z]{1,7})"
)
DEFINITION = re.compile(rf"\s*(?P<letter>{LETTER})\s*(?::=|=|≡)\s*(?P<value>[^=<>≈]+)")
BOUND = r"(?:[<>≤≥≠]|[<>]=|!=|\\(?:[gl](?:eq?|t)|neq?)(?![A-Za-z]))"
CONDITION = re.compile(
    rf"\s*(?:[01]\s*{BOUND}\s*)?{LETTER}\s*(?:{BOUND}\s*[01](?:\.0)?|"
    r"(?:∈|\\in)\s*[\[(]\s*0\s*,\s*1\s*[\])])[\s.$]*"
)
"""What holds of a letter: it is above 0 or 1, or between them."""
IN_BRACKETS = re.compile(
    r"(?:\s|\\q?quad|\\[,;:])+(?:\\text\s*\{\s*)?\((?:for|if|when|with|assuming)?\s*"
    r"(?P<inside>[^()=]*[<>≤≥][^()=]*)\)\s*\}?\s*$"
)
"""Conditions in brackets behind a formula: (α, β > 1)."""
ALONE = re.compile(rf"\s*{LETTER}\s*")
MOST = 6
"""So many letters are explained by one claim."""
LONGEST = 600


def explained(claimed: Text, answer: Answer, others: Sequence[Answer]) -> Text:
    """The formula of a claim, its own letters put in and conditions taken off; mostly the claim."""
    text = claimed.value
    if not isinstance(answer.value, Expr) or len(text) > LONGEST:
        return claimed
    text = IN_BRACKETS.sub(r", \g<inside>", text)
    pieces = split(text)
    if not 1 < len(pieces) <= MOST:
        return claimed
    taken = {canonical(s.spelled) for s in letters_of(answer.value)} | labels(
        [answer, *others]
    ).keys()
    conditions = {at for at, piece in enumerate(pieces) if CONDITION.fullmatch(piece)}
    for at in range(len(pieces) - 1, 0, -1):
        if at in conditions and ALONE.fullmatch(pieces[at - 1]):
            conditions.add(at - 1)  # α, β > 1
    rest = [piece for at, piece in enumerate(pieces) if at not in conditions]
    given = {}
    for piece in rest:
        match = DEFINITION.fullmatch(piece)
        if match is not None and canonical(match["letter"]) not in taken:
            given[piece] = match
    formulas = [piece for piece in rest if piece not in given]
    if len(formulas) != 1:
        return claimed
    found = formulas[0]
    for _ in range(MOST):
        before = found
        for match in given.values():
            found = put_in(found, match["letter"].strip(), match["value"].strip(" .$"))
        if found == before:
            return replace(claimed, value=found.strip(), exact=False)
        if len(found) > LONGEST:
            break
    return claimed


def split(text: str) -> list[str]:
    """The pieces between separators that stand outside of all brackets."""
    inside = set(outer(text, "".join(set(text))))
    found = [m for m in BETWEEN.finditer(text) if m.start() in inside or m.end() - 1 in inside]
    places = [(0, 0), *(m.span() for m in found), (len(text), len(text))]
    return [text[a[1] : b[0]] for a, b in pairwise(places)]


def put_in(formula: str, letter: str, value: str) -> str:
    """The formula with a value in brackets wherever the letter stands by itself."""
    behind = "" if letter.endswith("}") else r"(?![A-Za-z0-9_{\u0302-\u0305])"
    return re.sub(rf"(?<![A-Za-z_\\]){re.escape(letter)}{behind}", lambda _: f"({value})", formula)
