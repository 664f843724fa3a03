"""Yes and no in words: cannot be shattered, impossible, No because of the XOR labeling.

A clause of known words has a side: how many of its words deny decides it, and two of them say
nothing that a marker would take for an answer.  All clauses that have a side must agree.
"""

from __future__ import annotations

import re

from mlcalc.files.document import Raw
from mlcalc.files.errors import Invalid
from mlcalc.marking.checking.wordings import words as listed

YES = {
    "yes": True, "true": True, "y": True, "1": True, "no": False, "false": False, "n": False,
    "0": False,
}  # fmt: skip
ANSWERS = {**YES, "yep": True, "yeah": True, "yup": True, "sure": True, "certainly": True,
           "nope": False, "nah": False, "none": False}  # fmt: skip
ABLE = frozenset(
    listed(
        "can could possible shatter shatters shattered shatterable does do is are it's"
        " they're true feasible able realizable realisable achievable"
    )
)
DENYING = frozenset(
    listed(
        "not cannot can't couldn't isn't aren't doesn't don't won't wouldn't never no"
        " none nope neither nor"
    )
)
UNABLE = frozenset(listed("impossible false unshatterable infeasible unable"))
FILLERS = frozenset(
    listed(
        "a all always any answer be been being but by done every for four h hence in"
        " indeed it line lines of points point set sets so such that the them therefore"
        " these they this those three thus to two we will you your labelings labellings"
        " labeling labelling dichotomies here then and realized realised by"
    )
)
DOUBTS = {"actually", "wait", "sorry", "correction", "rather", "or", "maybe", "perhaps", "unsure",
          "if", "unless", "otherwise", "depends", "sometimes", "probably", "possibly"}  # fmt: skip
"""Words that take back a yes or a no."""
REASON = re.compile(r"\b(?:because|since|as|due\s+to|for|by|with|via|given|thanks\s+to)\b|\(")
CLAUSE = re.compile(r"[.,;:!]+(?:\s|$)|\s[-–—]+\s|\(")
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[0-9]+|[^\sa-z0-9)]")
NO_LINE = re.compile(
    r"\bno\s+(?:(?:straight\s+|single\s+|one\s+)?lines?\s+(?:pass|go|run|contain)\w*"
    r"|(?:two|three|[0-9]+)\s+(?:of|points?|are|lie)\b)"
)
"""What says that points are in general position."""
NO_SET = re.compile(r"\bno\s+(?=(?:set|subset|choice|configuration|arrangement|such|[0-9]+)\b)")
SAME = (("’", "'"), ("can not", "cannot"), ("of course", "sure"))
LABEL = re.compile(r"\s*(?:can[ _]?)?(?:be[ _])?(?:shatter(?:ed|able)?|possible|answer)\s*[:=]\s*")
TWO_SIDES = "this says yes and no: write the one that is meant"


def is_yes(text: str, claimed: Raw) -> bool:
    """Yes or no, also with a reason behind it.  Raises `Invalid` for what says neither or both."""
    for typed, usual in SAME:
        text = text.replace(typed, usual)
    text = LABEL.sub("", text, count=1)
    first, *more = CLAUSE.split(text)
    more = [NO_LINE.sub("", one) for one in more]
    head, *reasons = REASON.split(first, maxsplit=1)
    found = side(head)
    if found is None or set(WORD.findall(head)) & DOUBTS:
        raise Invalid.at("yes or no is expected", claimed.place)
    rest = [one for one in (*reasons, *more) if one.strip()]
    if any(is_taken_back(one, found) for one in rest):
        raise Invalid.at(TWO_SIDES, claimed.place)
    return found


def is_taken_back(clause: str, found: bool) -> bool:
    """Whether what stands behind a yes or a no says the other, or doubts it."""
    words = set(WORD.findall(clause))
    other = {word for word, is_one in ANSWERS.items() if is_one is not found and len(word) > 1}
    if words & (DOUBTS | other):
        return True
    if found and words & {"cannot", "can't", "impossible", "never"}:
        return True
    return side_of_clause(WORD.findall(clause)) is (not found)


def side(head: str) -> bool | None:
    """What the words of a clause say; None where they say nothing, or one is not known."""
    words = WORD.findall(NO_SET.sub("not ", head))
    if not words or words[0] not in ANSWERS:
        return side_of_clause(words)
    answer = ANSWERS[words[0]]
    behind = words[1:]
    if not behind:
        return answer
    clause = side_of_clause(behind)
    return answer if clause is answer else None


def side_of_clause(words: list[str]) -> bool | None:
    known = ABLE | DENYING | UNABLE | FILLERS
    if any(word not in known and not word.isdigit() for word in words):
        return None
    denying = sum(word in DENYING for word in words)
    unable = sum(word in UNABLE for word in words)
    if denying + unable > 1:
        return None
    if denying + unable == 1:
        return False
    return True if any(word in ABLE for word in words) else None
