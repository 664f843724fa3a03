"""Words for two outcomes of which one is 1: heads and tails, yes and no, success and failure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields.base import part_of
from mlcalc.maths.board import Note
from mlcalc.maths.records import Record

WORDS = (
    ("heads head h", "tails tail t"),
    ("successes success succ s", "failures failure fails fail f"),
    ("yes y", "no n"),
    ("true t", "false f"),
    ("passes pass passed p", "fails fail failed f"),
    ("wins win won w", "losses loss lose lost l"),
    ("positive pos p +", "negative neg n - − –"),
    ("correct right", "incorrect wrong"),
    ("hits hit", "misses miss"),
    ("on", "off"),
    ("1 +1", "-1 −1 –1"),
    ("1", "0"),
)
"""The words for 1 and for 0, each pair in the spellings that go with one another."""

PAIRS = tuple((tuple(one.split()), tuple(zero.split())) for one, zero in WORDS)
LETTERS = frozenset(w for pair in PAIRS for side in pair for w in side if len(w) == 1)
PIECE = re.compile(r"[^\s,;|\[\](){}]+")
COUNT_OF = re.compile(r"^(?:#\s*|[nk]_\{?\s*|(?:the\s+)?(?:number|no\.)\s+of\s+)(?=\w)")
"""What makes an outcome's name that of its count: N_H, #heads, number of tails."""
MOST_SHOWN = 12


class Outcomes(Record):
    """Each word that was typed with its value, and what there is to say of it."""

    values: dict[str, int]
    notes: tuple[Note, ...] = ()


def outcomes_of(words: Sequence[str]) -> list[Outcomes]:
    """The ways in which words are the outcomes of one pair, those that agree as one.

    A word may be the name of a count: N_H for heads.
    """
    folded = {word: COUNT_OF.sub("", word.casefold().strip("{} ")) for word in words}
    found: list[Outcomes] = []
    for ones, zeros in PAIRS:
        if all(word in ones or word in zeros for word in folded.values()):
            values = {word: int(plain in ones) for word, plain in folded.items()}
            if all(values != other.values for other in found):
                found.append(Outcomes(values, notes_on(values)))
    return found


def notes_on(values: dict[str, int]) -> tuple[Note, ...]:
    """Which word is 1 and which is 0, where they are words."""
    by_value = sorted(values.items(), key=lambda pair: -pair[1])
    spelled = [f"{word} is {value}" for word, value in by_value if word != str(value)]
    return (Note("given.outcomes", ", ".join(spelled)),) if spelled else ()


def opposite(word: str) -> str | None:
    """The word for the other outcome: tails for heads, failures for successes."""
    plain = word.casefold()
    sides = (side for pair in PAIRS for side in (pair, pair[::-1]))
    return next((other[0] for own, other in sides if plain in own), None)


def the_outcomes(words: Sequence[str], raw: Text, counts: Sequence[str] = ()) -> Outcomes:
    """The one way in which words are outcomes.

    Raises `Invalid` with what to write for each where they may be in several, or where it is not
    known which of two is 1.
    """
    known = dict.fromkeys(words)
    found = outcomes_of(tuple(known))
    if len(found) == 1:
        return found[0]
    if not found and len(known) == 2:
        found = [Outcomes(dict(zip(known, values, strict=True))) for values in ((1, 0), (0, 1))]
    if not found:
        raise Invalid.at(
            "expected two outcomes such as 1 0 1, heads tails heads, or heads=7, tails=3", raw.place
        )
    written = " or ".join(as_numbers(words, one, counts) for one in found)
    names = " and ".join(f"'{word}'" for word in known)
    which = f"which of {names} is 1" if len(known) > 1 else f"what {names} is"
    raise Invalid.at(f"it is not plain {which}: write {written}", raw.place)


def as_numbers(words: Sequence[str], found: Outcomes, counts: Sequence[str]) -> str:
    """What to write for these words, and which of them is 1."""
    values = [str(found.values[word]) for word in words]
    pairs = [f"{value}={count}" for value, count in zip(values, counts, strict=False)]
    shown = pairs[:MOST_SHOWN] if pairs else values[:MOST_SHOWN]
    rest = " …" if len(values) > MOST_SHOWN else ""
    one = [word for word, value in found.values.items() if value]
    meaning = f"where {one[0]} is 1" if one else f"where {words[0]} is 0"
    return f"'{', '.join(shown) if pairs else ' '.join(shown)}{rest}' {meaning}"


def pieces_of(raw: Text) -> list[Text]:
    """The words of a text; a word of letters that are outcomes themselves is a letter each."""
    words = [part_of(raw, *found.span()) for found in PIECE.finditer(raw.value)]
    folded = [word.value.casefold() for word in words]
    if outcomes_of(folded) or not all(set(word) <= LETTERS for word in folded):
        return words
    letters = {letter for word in folded for letter in word}
    if not outcomes_of(tuple(letters)):
        return words
    return [part_of(w, i, i + 1) for w in words for i in range(len(w.value))]
