"""Yes or no, class labels, and other answers that are a word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.files.document import Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.marking.checking.distributions import compare_distribution, is_distribution
from mlcalc.marking.checking.findings import RIGHT, WRONG, Finding, decided, united
from mlcalc.marking.checking.labelings import LABELS
from mlcalc.marking.checking.numbers import Rule
from mlcalc.marking.checking.parts import TEX_WORD
from mlcalc.marking.checking.truth import REASON, YES, is_yes
from mlcalc.marking.checking.wordings import NUMBER_WORD
from mlcalc.marking.checking.wordings import words as listed_words
from mlcalc.marking.checking.wrapping import numeral
from mlcalc.maths import reader
from mlcalc.maths.evaluate import exact
from mlcalc.maths.records import replace
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Expr
from mlcalc.showing.derivation import Answer

DOUBTS = {"actually", "wait", "sorry", "correction", "rather", "or", "maybe", "perhaps", "unsure"}
"""Words behind a word that take it back."""

BEFORE_TRUTHS_REASON = re.compile(rf"[.,;:!]\s|\s[-–—]\s|\s\(|(?<=\s)(?:{REASON.pattern})")
NEGATION = re.compile(
    r"\b(?:not|no|neither|nor|never|except|but|hardly|barely|unlikely|improbable|doubt(?:ful)?"
    r"|wrong(?:ly)?|false(?:ly)?|mis(?:taken(?:ly)?|classified|labell?ed)|opposite|complement|other"
    r"|instead|rather|less|least|cannot|could|might|may|un(?=-))\b|\w+n['’]t\b",
    re.IGNORECASE,
)
NEGATED = re.compile(rf"(?:{NEGATION.pattern})\s+\S+", re.IGNORECASE)
AFTER_CHOICE = re.compile(r"[,;:(]|\.\s|\s[-–—]\s|\b(?:because|since|as|with|by)\b")
EXPLAINED = re.compile(r"[:(≈]")
"""What may stand behind a word: `devroye ≈ 0.215`, `empty: class wide everywhere`."""
BEFORE_REASON = re.compile(r"[,;]|\.\s|\b(?:because|since|as|with|by)\b")
BINARY = {"yes": "1", "true": "1", "positive": "1", "+1": "1",
          "no": "0", "false": "0", "negative": "0", "-1": "0"}  # fmt: skip
"""What people call the classes 1 and 0."""

SENTENCE = re.compile(
    r"(?:it\s+is|it['’]s|this\s+is|(?:i\s+)?(?:predict(?:ed)?|answer)|(?:the\s+)?"
    r"(?:(?:predicted|most\s+likely|final)\s+)?(?:class|label|prediction|answer|category))"
    r"\s*(?:is|:)?\s+",
    re.IGNORECASE,
)
"""What may stand before a word: the class is spam."""
LEADING = re.compile(
    r"\s*(?:(?:so|hence|thus|therefore|then)\b|[-=]>|→|⇒|∴)?[\s,]*"
    r"(?:(?:i|we)(?:\s+would|['’]d|\s+will)?\s+(?:predict|choose|say|pick|guess)(?:\s+that)?\s+"
    r"|arg\s*max[^=]*=\s*|(?:the\s+)?most\s+(?:likely|probable)\s+(?=class|label))?",
    re.IGNORECASE,
)
"""What says that a class follows, and who predicts it."""
AROUND_CHOICE = frozenset(
    listed_words(
        "a an the this that it its it's is are be as in to of for so hence thus therefore then we"
        " i my our answer prediction predicted predict predicts class category label labeled"
        " labelled classified classify most more much likely probable probably higher highest"
        " larger largest greater greatest bigger biggest max maximum has have probability"
        " posterior score joint value belongs new mail email message document text person here"
        " clearly obviously definitely certainly surely wins win chosen choose choice result"
        " output final decision should would will must map argmax bayes naive because"
    )
)
"""What may stand beside a class without saying another thing of it."""
SUBJECT = re.compile(
    r".*(?:\b(?:is|are|be|was|gets|becomes|predict(?:s|ed)|says|gives|chooses|returns)\b"
    r"|[-=]>|→|⇒|\\(?:to|[rR]ightarrow)\b)",
    re.DOTALL,
)
"""What the class is said of."""
SHARE = re.compile(r"[0-9]*\.[0-9]+%?|[0-9]+%")
BESIDE_CHOICE = re.compile(rf"{SHARE.pattern}|\\?[^\W\d_]+(?:'[a-z]+)?|[^\s\"“”‘’'`«».*_{{}}$)]")
TAKEN_BACK = re.compile(
    r"\s*(?:but\s+)?(?:no|not|never)(?:\s+(?:really|so|quite|sure|at\s+all|true|exactly"
    r"|(?P<what>\S+?)))?[\s.!)]*",
    re.IGNORECASE,
)
"""A denial behind a class that says no other: not really, but no, not spam."""
CLASS_AROUND = re.compile(r"^(?:the|a)\s+|\s+class$", re.IGNORECASE)
PROBABILITY = re.compile(r"[pP]r?\([^()]*\)")
NAME_BEFORE = re.compile(r"^[^=]*=\s*(?=\S)")
QUOTES = "\"'`“”‘’«»"

OTHER_RELATION = re.compile(
    r"[<>≤≥≠~¬?]|!=|!\s*\w|\\(?:ne|neq|not|neg|lnot|lt|gt|leq?|geq?|sim)(?![A-Za-z])"
    r"|\bnon[-‐–\s]",
    re.IGNORECASE,
)
"""What makes a word another statement than that it is the one: Y ≠ spam, non-spam, 1?"""

DASH = re.compile(r"(?<=\w)-(?=\w)")
NUMERAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?")
CALCULATED = re.compile(r"[0-9+*/^%\\√{}|]")
"""What shows that a number is part of a calculation, and not the name of a class."""
NAME_OF_CLASS = re.compile(
    r"(?:[a-zŷĉ][*'′̂]?|[a-z]_?(?:hat|pred|new|star|nb|map)|\\hat\s*\{?\s*[a-z]\s*\}?"
    r"|(?:the\s+)?(?:predicted\s+|most\s+likely\s+)?(?:class|label|category|prediction|answer)"
    r"|arg\s*max.*)",
    re.IGNORECASE | re.DOTALL,
)
"""What the class is called before `=`; another name is that of another quantity."""


def compare_truth(claimed: Raw, value: bool) -> Finding:
    text = bare(written(claimed)).lower()
    refuse_relations(BEFORE_TRUTHS_REASON.split(text)[0], "yes or no is", claimed)
    *names, last = sides(text, BEFORE_TRUTHS_REASON)
    said = [is_yes(one, claimed) for one in names if one.strip() in YES or one is not names[0]]
    return united([decided(one is value) for one in (*said, is_yes(last, claimed))])


def sides(text: str, end: re.Pattern[str]) -> list[str]:
    """What stands between equality signs, up to where the reasons begin, which stay at the last."""
    reason = end.search(text)
    start = len(text) if reason is None else reason.start()
    *before, last = text[:start].split("=")
    return [*before, last + text[start:]]


def refuse_relations(text: str, wanted: str, claimed: Raw) -> None:
    """Raises `Invalid` where a word is said to be anything but equal."""
    if OTHER_RELATION.search(text):
        raise Invalid.at(f"{wanted} expected, without a sign before it", claimed.place)


def bare(text: str) -> str:
    """A word without LaTeX, quotes, and the full stop or exclamation mark behind it."""
    text = TEX_WORD.sub(r"\1", text).replace("$", "").strip()
    return text.rstrip(".!").strip().strip(QUOTES).strip()


def said(claimed: Text) -> Text:
    """A class without the words that lead to it: so I would predict Y = 1."""
    start = LEADING.match(claimed.value)
    return claimed if start is None else replace(claimed, value=claimed.value[start.end() :])


def is_label(claimed: Text, choices: Sequence[str], others: Sequence[Answer]) -> bool:
    """Whether a claim begins with a name that may be that of the label: interested = 1."""
    name = re.match(r"\s*([A-Za-z][A-Za-z_ -]{2,40}?)\s*=", claimed.value)
    if name is None:
        return False
    word = folded(name[1])
    known = {folded(one) for one in (*choices, *(other.name for other in others))}
    likelihood = next((one.value for one in others if one.name == "likelihood"), None)
    if not isinstance(likelihood, Mapping):
        return False
    for part in likelihood.values():
        known |= {folded(key) for key in part} if isinstance(part, Mapping) else set()
    return word not in known and not any(re.match(rf"{re.escape(word)}\b", one) for one in known)


def compare_words(claimed: Raw, value: str, rule: Rule) -> Finding:
    """Words alike but for case and spaces; a named distribution by the values of its arguments."""
    typed = bare(written(claimed))
    if rule.choices:
        return compare_choice(typed, value, rule.choices, claimed)
    unnamed = NAME_BEFORE.sub("", typed)
    candidates = (typed, unnamed, SENTENCE.sub("", typed, 1), EXPLAINED.split(unnamed)[0])
    for text in map(bare, candidates):
        if folded(text) == folded(value):
            return RIGHT
    try:
        ours = reader.read(value)
    except Unreadable:
        return WRONG
    if is_distribution(ours):
        return compare_distribution(claimed, ours, rule)
    return decided(is_number(ours, NAME_BEFORE.sub("", typed)))


def compare_choice(typed: str, value: str, choices: Sequence[str], claimed: Raw) -> Finding:
    """One of some words, also within a sentence; at a tie, `a or b`, each of them.

    Raises `Invalid` where none of them is named, or several.
    """
    if len({choice.count(",") for choice in choices}) == 1 and "," in choices[0]:
        from mlcalc.marking.checking.facets import compare_facets

        return compare_facets(typed, value, choices, claimed)
    listed = ", ".join(choices)
    refuse_relations(AFTER_CHOICE.split(typed, maxsplit=1)[0], f"one of {listed} is", claimed)
    if all(NUMERAL.fullmatch(choice) for choice in choices):
        typed = NUMBER_WORD.sub(numeral, typed)
    first, *more = sides(typed, BEFORE_REASON)
    values = [first, *more]
    if more and any(NUMERAL.fullmatch(choice) for choice in choices):
        # A number on the left is that of anything: P(0) = 1, or red = 1.
        if NAME_OF_CLASS.fullmatch(first.strip()):
            values = more
        elif not any(is_alike(first, choice) for choice in choices):
            raise Invalid.at(f"this is about {first.strip()}: the class is asked for")
    elif more and not chosen(first, choices):
        values = more
    best = {value} if value in choices else set(value.split(" or "))
    findings = []
    for one in values:
        named = chosen(one, choices)
        if not named or (len(named) > 1 and set(named) & best and set(named) != best):
            raise Invalid.at(f"one of these is expected: {listed}", claimed.place)
        findings.append(decided(set(named) <= best))
    return united(findings)


def chosen(text: str, choices: Sequence[str]) -> list[str]:
    """The choices that a text may mean: the one that it is, else those that it mentions."""
    text = bare(text)
    for one in (text, bare(SENTENCE.sub("", text, 1))):
        alike = [choice for choice in choices if is_alike(one, choice)]
        if alike:
            return alike
    label = BINARY.get(CLASS_AROUND.sub("", text).casefold())
    if set(choices) == set(LABELS) and label is not None:
        return [label]
    parts = set(folded(text).split(", "))
    wider = [choice for choice in choices if parts < set(folded(choice).split(", "))]
    return wider or mentioned(text, choices)


def mentioned(text: str, choices: Sequence[str]) -> list[str]:
    """The choices that stand in a sentence, before its reasons; none where it says what is not."""
    start, *reasons = AFTER_CHOICE.split(text, maxsplit=1)
    head, found = start, []
    for choice in sorted(choices, key=len, reverse=True):
        if is_mentioned(choice, head):
            found.append(choice)
            # `interested` is not said by `not interested`, nor is this one denied by its own not.
            head = folded(head).replace(folded(choice), " ")
    if len(found) == 1 and not is_plain(start, found[0]):
        return []
    for reason in reasons:
        reason = PROBABILITY.sub(" ", reason)
        found += [choice for choice in choices if is_alike(reason, choice)]
        found += [choice for choice in choices if is_mentioned(choice, affirmed(reason))]
        behind = TAKEN_BACK.fullmatch(reason)
        is_denied = behind is not None and behind["what"] in (None, *found)
        is_denied = is_denied or NEGATION.search(NEGATED.sub("", reason)) is not None
        if is_denied or DOUBTS & set(re.findall("[a-z]+", reason.casefold())):
            return []
    return [] if NEGATION.search(head) else list(dict.fromkeys(found))


def is_plain(head: str, choice: str) -> bool:
    """Whether nothing stands beside a class that says another thing: un-spam, spam-free, half 1."""
    spread = r"[\s_-]+".join(map(re.escape, re.split(r"[\s_-]+", choice.casefold())))
    match = re.search(rf"(?<![\w.+-]){spread}(?![\w.]*\w)", head.casefold().replace("_", " "))
    if match is None:
        return False
    before = SUBJECT.sub(" ", match.string[: match.start()], count=1)
    beside = BESIDE_CHOICE.findall(f"{before} {match.string[match.end() :]}")
    return all(
        one in AROUND_CHOICE or (len(one) == 1 and one.isalpha()) or SHARE.fullmatch(one)
        for one in beside
    )


def affirmed(reason: str) -> str:
    """A reason without its numbers, and without the word that stands behind a `not`."""
    return re.sub(r"[0-9]+(?!\w)", "", NEGATED.sub("", reason))


def is_alike(text: str, choice: str) -> bool:
    if folded(text) == folded(choice):
        return True
    try:
        return is_number(reader.read(choice), text)
    except Unreadable:
        return False


def is_mentioned(choice: str, text: str) -> bool:
    """Whether a word stands in a text by itself: the 1 of `class 1`, not of 0.1 or of 1 + 1."""
    if NUMERAL.fullmatch(choice) and CALCULATED.search(text.replace(choice, "", 1)):
        return False
    return bool(re.search(rf"(?<![\w.+-]){re.escape(folded(choice))}(?![\w.]*\w)", folded(text)))


def is_number(label: Expr, text: str) -> bool:
    """Whether a class that is a number is named by that number: 1.0 for the class 1."""
    own = exact(label)
    numeral = NUMERAL.fullmatch(text.strip().replace("−", "-"))
    return own is not None and numeral is not None and Fraction(numeral[0]) == own


def folded(text: str) -> str:
    """Case, spaces and dashes mean nothing, nor does the order of words between commas."""
    spaced = DASH.sub(" ", text.casefold().replace("_", " ")).replace("isable", "izable")
    return ", ".join(sorted(" ".join(part.split()) for part in spaced.split(",")))
