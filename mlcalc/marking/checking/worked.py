"""A claim that shows how it was found: the statement that concludes it, without its working.

3/θ - 4/(1-θ) = 0, so θ = 3/7      claims      θ = 3/7
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlcalc.files.document import Text
from mlcalc.marking.checking.left_sides import FILLERS, STATISTICS, is_name, left_side
from mlcalc.marking.checking.pieces import LABEL, has_words, is_a_name, is_own_name
from mlcalc.marking.checking.wordings import VALUE, words
from mlcalc.maths.records import replace
from mlcalc.showing.derivation import Answer

LONGEST = 200
"""Characters of a number with what is said of it."""
PAIRS = {")": "(", "]": "["}
RELATION = re.compile(r"(?<![<>!=~])[=≈](?![=>])|(?<=[A-Za-z]):\s")
WORKING = re.compile(
    r"[0-9\s.()+*/^·×−-]*[0-9)\s][+*/^·×−-][0-9\s.()+*/^·×−-]*|\s*[0-9.]+[*^·×][0-9.]+"
)
ENDED = re.compile(r"[0-9%}\])]\s*$")
COMPLETE = re.compile(rf"(?:[^=≈()\[\]]{{1,40}}[=≈]\s*)?{VALUE}\s+", re.IGNORECASE)
"""A value with a space behind it: who multiplies writes none."""

AND_SO = re.compile(
    r"(?<=[0-9])\s*[,;]?\s*(?:so|hence|thus|therefore|then|⇒|=>|→|->|i\.e\.)\s*"
    r"(?P<name>[A-Za-z]{1,8})\s*(?:=|≈|>=|≥)\s*(?=[0-9])"
)
"""The name that comes again before the last value: m ≥ 2119.3, so m = 2120."""
UNSIGNED = re.compile(
    rf"(?P<name>[^\W\d][\w\s^{{}}]{{0,60}}?)\s+(?P<value>{VALUE})\s*", re.IGNORECASE
)
"""The MLE 3/7."""
CONCLUSION = re.compile(
    r"\s*(?:,|;|\n|\s)\s*(?:so|hence|thus|therefore|then|giving|which\s+gives)(?:\s+that)?[\s,:]+"
    r"|\s*(?:⇒|=>|→|->|∴|\n)\s*|\s*[,;]\s+",
    re.IGNORECASE,
)
REASON = re.compile(
    r"(?<=[0-9})%])\s*[,(]?\s*(?:because|since|where|using|by|from)\b(?P<reason>[^?]{1,80})$",
    re.IGNORECASE,
)
GIVEN = re.compile(rf"(?<=[0-9}})%])\s*\((?:\s*[A-Za-z]\s*=\s*{VALUE}\s*[,;]?)+\)")
"""(k = 3, n = 7) behind a value."""
REASONS = frozenset(
    words("heads tosses flips successes data trials log derivative zero differentiating setting")
)
LETTER = re.compile(
    r"(?<![A-Za-z])(?:[A-Za-z]|[α-ωΑ-Ω])(?![A-Za-z])|\\[a-z]+|theta|lambda|sigma|mu"
)


def restated(claimed: Text, answer: Answer, others: Sequence[Answer]) -> Text:
    """A number with what its last bracket says of it: 3 (=2) as 3 = 2, 0.5 (mean = 2) as 0.5.

    A bracket with a relation is no factor, and neither is working behind a space: 8 (7 + 1).
    """
    text = claimed.value.rstrip()
    start = last_bracket(text)
    if start is None or len(text) > LONGEST or not ENDED.search(text[:start]):
        return claimed
    before, inside = text[:start], text[start + 1 : -1].strip()
    if RELATION.search(inside):
        said = of_itself(inside, answer, others)
    elif COMPLETE.fullmatch(before) and WORKING.fullmatch(inside):
        said = f"= {inside}"
    else:
        return claimed
    return replace(claimed, value=f"{before.rstrip()} {said}".rstrip(), exact=False)


def of_itself(inside: str, answer: Answer, others: Sequence[Answer]) -> str:
    """What a bracket with a relation says of the value before it; nothing where of another."""
    if inside[0] in "=≈":
        return inside
    if inside[0] in "+*/·×":
        return f"= {inside}"  # 600 (+ 8 = 608) goes on, and is left to be refused
    left = left_side(inside)
    if left is None or left in STATISTICS or not is_own_name(left, answer, others):
        return ""
    return inside[inside.index(left) + len(left) :].lstrip()


def last_bracket(text: str) -> int | None:
    """Where the bracket begins with which a text ends."""
    if not text or text[-1] not in PAIRS:
        return None
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] in PAIRS) - (text[at] in PAIRS.values())
        if depth == 0:
            return at if at and text[at] == PAIRS[text[-1]] else None
    return None


def without_working(text: str, answer: Answer, others: Sequence[Answer]) -> str:
    """The last of several statements, where it names the answer and the others are working.

    That is θ = 3/7 of 3/θ - 4/(1-θ) = 0, so θ = 3/7.
    """
    text = REASON.sub(lambda m: "" if is_reason(m["reason"]) else m[0], GIVEN.sub("", text))
    if unsigned := UNSIGNED.fullmatch(text):
        name = unsigned["name"].strip()
        if is_a_name(name) and is_own_name(name, answer, others):
            return unsigned["value"]
    text = AND_SO.sub(lambda match: again(match, text), text)
    *working, last = CONCLUSION.split(text)
    sides = [one.partition("=")[0].strip() for one in (*working, last)]
    is_concluded = "=" in last and is_name(sides[-1]) and is_own_name(sides[-1], answer, others)
    if not working or not is_concluded:
        return text
    is_all = all(is_working(one, answer, others) for one in working if one.strip())
    return last if is_all else text


def is_working(text: str, answer: Answer, others: Sequence[Answer]) -> bool:
    """Whether a statement is an equation in letters, and none about the answer."""
    left, sign, right = text.partition("=")
    if not sign or has_words(text, answer):
        return False
    if is_name(left):
        return not is_own_name(left.strip(), answer, others) and bool(LETTER.search(right))
    return bool(LETTER.search(left))


def is_reason(text: str) -> bool:
    """Whether words behind a value only name what it was made of: since k/n, by the derivative."""
    found = re.findall("[A-Za-z]{2,}", text)
    return all(word.lower() in FILLERS | LABEL | REASONS for word in found)


def again(match: re.Match[str], text: str) -> str:
    """A sign for the name with which the claim begins as well."""
    is_first = re.match(rf"\s*{match['name']}(?![A-Za-z])", text) is not None
    return " ≈ " if is_first else match[0]
