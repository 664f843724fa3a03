"""What a claim says, before it is compared: how many statements it makes, and about what.

A name before the sign is believed: `sigma = 1.76` is about σ also where σ² was asked for.  What
stands on both sides of an `or` are two answers, and an inequality claims what the answer says it
does, the least number of samples as N ≥ 1490.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from mlcalc.files.document import Items, Text
from mlcalc.files.errors import Invalid
from mlcalc.marking.checking.findings import Finding, wrong
from mlcalc.marking.checking.reading import is_statement, outer
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Chain, Expr, Words
from mlcalc.showing.derivation import Answer, Result

EQUALS = re.compile(r"(?<![<>!=~])[=≈](?![=>])")
BETWEEN = re.compile(
    r"\s*[,;]\s*(?:(?:and|so|hence|thus|therefore|then)\b\s*)?|"
    r"\s+(?:and|so|hence|thus|therefore|then|i\.e\.)\s+|"
    r"\s*(?:=>|⇒|→|->|∴|\\(?:Rightarrow|implies|to|therefore)(?![A-Za-z]))\s*"
)
"""What may stand between two statements: sigma = 1.3266, so sigma^2 = 1.76."""

ONE = re.compile(r"[A-Za-zα-ω][\w{}^]{0,12}\s*[=≈]\s*[-−]?[0-9][0-9./e%-]*")
SPACED = re.compile(rf"\s*{ONE.pattern}(?:\s+{ONE.pattern})+\s*")
"""o1 = 0.75 o2 = 0.77"""

OR = re.compile(r"\s+or\s+|\s*\\text\{\s*or\s*\}\s*|\s+i\.e\.,?\s+|\s*;\s*")
INEQUALITY = re.compile(r"[<>]=|[≤≥⩽⩾]|\\[lg](?:eq?|eqslant)(?![A-Za-z])")
BELOW = re.compile(r"_\{[^{}]*\}")
TURNED = {"<=": ">=", ">=": "<="}
NUMBERED = re.compile(r"(?P<name>.*?)[_({\[\s]*(?P<number>[0-9]+)[)}\]\s]*")

SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


# Several statements.


def statements(claimed: Text) -> list[Text]:
    """The statements `name = value` of a claim that is nothing else; the claim where it is one."""
    if SPACED.fullmatch(claimed.value):
        starts = [match.start() for match in ONE.finditer(claimed.value)]
        ends = [*starts[1:], len(claimed.value)]
        return [piece(claimed, start, end) for start, end in zip(starts, ends, strict=True)]
    found = list(divided(claimed, BETWEEN))
    is_all = len(found) > 1 and all(
        (name := name_before(one)) is not None and not is_statement(name) for one in found
    )
    return found if is_all else [claimed]


def alternatives(claimed: Text) -> list[Text]:
    """3/7 and 0.4286 of `3/7 or 0.4286`."""
    return [one for one in divided(claimed, OR) if one.value] or [claimed]


def divided(claimed: Text, separator: re.Pattern[str]) -> Iterator[Text]:
    """The pieces between separators that stand outside of all brackets."""
    inside = depths(claimed.value)
    start = 0
    for match in separator.finditer(claimed.value):
        if inside[match.start()] == 0 and match.start() >= start:
            yield piece(claimed, start, match.start())
            start = match.end()
    yield piece(claimed, start, len(claimed.value))


def depths(text: str) -> list[int]:
    """In how many brackets each character stands."""
    found, depth = [], 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        found.append(depth)
    return found


def piece(claimed: Text, start: int, end: int) -> Text:
    text = claimed.value[start:end]
    start += len(text) - len(text.lstrip())
    return replace(claimed, value=text.strip(), place=claimed.at(start))


def in_numbers(found: Sequence[Text], any_order: bool) -> Items:
    """`h(1) = 0.462, h(2) = 0.551` as a list.  Raises `Invalid` where the names are no sequence."""
    matches = [NUMBERED.fullmatch((name_before(one) or "").translate(SUBSCRIPTS)) for one in found]
    numbers = [(match["name"], int(match["number"])) for match in matches if match is not None]
    is_sequence = all(matches) and all(b == (a[0], a[1] + 1) for a, b in pairwise(numbers))
    if not (any_order or is_sequence):
        raise Invalid.at("write the values as a list, in their order", found[0].place)
    return Items(tuple(value_behind(one) for one in found), found[0].place)


def name_before(claimed: Text) -> str | None:
    """What stands before the first sign outside of brackets."""
    at = sign_of(claimed.value)
    return None if at is None else claimed.value[:at]


def value_behind(claimed: Text) -> Text:
    at = sign_of(claimed.value)
    return claimed if at is None else piece(claimed, at + 1, len(claimed.value))


def sign_of(text: str) -> int | None:
    places = set(outer(text, "=≈"))
    return next((m.start() for m in EQUALS.finditer(text) if m.start() in places), None)


# Inequalities.


def compare_direction(claimed: Text, answer: Answer) -> Finding | None:
    """What an inequality by itself decides; None where there is none, or one that is fitting.

    Raises `Invalid` for one where a value is asked for.
    """
    if sort_of(answer.value) != "number" and not answer.inequalities:
        return None
    # max_{1 ≤ i ≤ n} says what an index runs over.
    signs = list(INEQUALITY.finditer(BELOW.sub(lambda m: " " * len(m[0]), claimed.value)))
    if not signs or answer.interval is not None:
        return None
    if len(signs) > 1 or not answer.inequalities:
        raise Invalid.at("one value is asked for, and this is an inequality", claimed.place)
    sign = "<=" if signs[0][0][:2] in ("<=", "≤", "⩽", "\\l") else ">="
    *_, said = divided(piece(claimed, 0, signs[0].start()), BETWEEN)
    before = said.value
    if before.strip() and is_statement(before):
        sign = TURNED[sign]
    return None if sign in answer.inequalities else wrong("the inequality points the wrong way")


def sort_of(value: Result) -> str | None:
    match value:
        case bool() | str():
            return type(value).__name__
        case Chain() | Words():
            return None
        case Fraction() | float() | Expr():
            return "number"
    return None
