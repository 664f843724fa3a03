"""Names and values in words: spam 0.9, ham 0.1; 0.9 for class 1 and 0.1 for class 0; Y=1: 0.9.

Each piece of the claim must be one name that is known and one value, in either order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.errors import Invalid, Place
from mlcalc.marking.checking.parts import own_name
from mlcalc.marking.checking.statements import divided
from mlcalc.maths.records import replace
from mlcalc.showing.derivation import Result

LONGEST = 600
"""Characters of a claim in which names are looked for."""

SPACES = re.compile(r"\\[,;: ]|\\q?quad(?![A-Za-z])|\$|[`*]")
BARS = re.compile(r"^\s*\|?\s*([^|\n]+?)\s*\|\s*([^|\n]+?)\s*\|?\s*$", re.MULTILINE)
BULLET = re.compile(r"^\s*[-*•]\s+(?=[A-Za-z])", re.MULTILINE)
BETWEEN = re.compile(r"\s*[,;\n]\s*(?:and\s+)?|\s+(?:and|vs\.?|/|&)\s+")
VALUE = (
    r"[-−+]?(?:[0-9.]+|\\[dt]?frac\s*\{[0-9.]+\}\s*\{[0-9.]+\})"
    r"(?:e[-+]?[0-9]+)?(?:\s*/\s*[0-9.]+)?(?:\s*\\?%)?"
)
DICT = re.compile(r"\s*dict\(\s*([A-Za-z_].*?)\s*\)\s*", re.DOTALL)
SEVERAL = re.compile(
    rf"(?<![\w.])(?P<names>[A-Za-z_]\w*(?:\s*(?:[,=&]|\band\b)\s*(?!and\b)[A-Za-z_]\w*){{1,20}})\s*[:=]\s*"
    rf"(?P<value>{VALUE})(?=\s*(?:$|[,;\n]|and\b))"
)
"""x and y: 4, or x = y = 4: one value for several names."""
SIGN = r"(?:[=:≈~]|->|→|\\(?:to|approx)\b|\b(?:is|are|has|gets|with|at)\b)"
OF = r"(?:a\s+|the\s+)?(?:probability|prob\.?|posterior|chance|share|value)(?:\s+of)?"
NAME_FIRST = re.compile(
    rf"(?P<name>.*[^\s=:≈~])\s*(?:{SIGN}|\s|\()\s*(?:{OF}\s*)?[=:≈~]?\s*\(?(?P<value>{VALUE})\)?"
)
VALUE_FIRST = re.compile(
    rf"(?:{OF}\s*)?(?P<value>{VALUE})\s*(?:for|of|on|in|to|→|->|\()?\s*(?P<name>[^\s].*?)\)?"
)
AROUND = re.compile(
    r"^(?:(?:the|a|of|for|class|label|category|probability|prob\.?|posterior|chance|gradient|grad"
    r"|w\.?r\.?t\.?|with|respect|to|is|that|it|[YyCc]\s*=)\s*(?=\S))*",
    re.IGNORECASE,
)
NOWHERE = Place("answer")
BEHIND = re.compile(rf"(?:\s*(?:{SIGN}|(?<![A-Za-z]){OF}))*\s*$")
DERIVED = re.compile(
    r"d[A-Za-z]/?d(\w+)|(?:d|∂|[A-Za-z]_)(\w+)|(\w+)\.grad|[fpP](\w)|\\partial_\{?(\w)\}?\s*[A-Za-z]"
)


def with_each(claimed: Raw, names: Mapping[str, Result]) -> Raw:
    """A claim with a value behind each name: dict(x=4, y=4), and x and y: 4 as x: 4, y: 4."""
    if not isinstance(claimed, Text) or len(claimed.value) > LONGEST:
        return claimed

    def each(match: re.Match[str]) -> str:
        found = re.split(r"\s*(?:[,=&]|\band\b)\s*", match["names"])
        if any(known(name, names) is None for name in found):
            return match[0]
        return ", ".join(f"{name}: {match['value']}" for name in found)

    text = SEVERAL.sub(each, DICT.sub(r"\1", claimed.value))
    return claimed if text == claimed.value else replace(claimed, value=text, exact=False)


def in_words(claimed: Raw, names: Mapping[str, Result]) -> Entries | None:
    """The names and values that a claim holds in words; None of what is none or says more."""
    if not isinstance(claimed, Text) or len(claimed.value) > LONGEST:
        return None
    text = BULLET.sub("", SPACES.sub(" ", claimed.value)).strip()
    if BARS.search(text) and all(map(BARS.fullmatch, text.split("\n"))):
        text = BARS.sub(r"\1: \2", text)
    pieces = [one for one in divided(Text(text, claimed.place), BETWEEN) if one.value]
    pairs = [pair_of(one, names) for one in pieces]
    if not pairs or None in pairs:
        return None
    found = [pair for pair in pairs if pair is not None]
    if len({name for name, _ in found}) < len(found):
        raise Invalid.at("a name is given twice: give it once", claimed.place)
    place = claimed.place
    return Entries(
        tuple((Text(n, place, exact=False), Text(v, place, exact=False)) for n, v in found), place
    )


def pair_of(piece: Text, names: Mapping[str, Result]) -> tuple[str, str] | None:
    """A name and its value; None where there is none, or where there are two ways to read it."""
    found = set()
    for pattern in (NAME_FIRST, VALUE_FIRST):
        match = pattern.fullmatch(piece.value)
        name = None if match is None else known(match["name"], names)
        if match is not None and name is not None:
            found.add((name, match["value"]))
    return found.pop() if len(found) == 1 else None


def known(text: str, names: Mapping[str, Result]) -> str | None:
    """The part that some words name."""
    bare = AROUND.sub("", BEHIND.sub("", text.strip()))
    tried = [text.strip(), bare.strip("'\"() ")]
    if match := DERIVED.fullmatch(tried[-1]):
        tried += [group for group in match.groups() if group]
    for one in tried:
        try:
            return own_name(Text(one, NOWHERE), names)
        except Invalid:
            continue
    return None
