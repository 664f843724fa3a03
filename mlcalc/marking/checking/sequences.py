"""Values that have their place in their name: h1: 0.462, h2: 0.551; y_2 = 3, y_1 = 2; t=1: 5.

The numbers say the order, whatever it is written in; one that is given twice is refused, and so is
one that is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from mlcalc.files.document import Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.marking.checking.mappings import entries_of
from mlcalc.marking.checking.statements import NUMBERED, SUBSCRIPTS
from mlcalc.maths.records import replace

STEP = re.compile(
    r"\b(?P<name>t|n|step|time|unit|neuron|entry|output)\s*=?\s*(?P<number>[0-9]{1,3})\s*[:=]\s*"
    r"(?:[a-z]\s*=\s*)?(?=[-−+.0-9\\(])"
)
SIGNS = re.compile(r"\s+is\s+(?=[-−+.0-9])|\s*(?:->|→|\\to\b)\s*")
SPACES = re.compile(r"\\[,;: ]|\\q?quad\b|\$")


def in_order(claimed: Raw, size: int, is_other: Callable[[str], bool]) -> Raw:
    """The values as a list in the order of their numbers; any other claim as it is.

    `is_other` says whether a name is that of another quantity.
    """
    if not isinstance(claimed, Text):
        return claimed
    text = SIGNS.sub(" = ", SPACES.sub(" ", claimed.value))
    text = STEP.sub(lambda found: f"{found['name']}_{found['number']} = ", text)
    entries = entries_of(replace(claimed, value=text, exact=False))
    if entries is None or len(entries.pairs) < 2:
        return claimed
    found: dict[int, Raw] = {}
    names = set()
    for key, value in entries.pairs:
        match = NUMBERED.fullmatch(key.value.translate(SUBSCRIPTS))
        if match is None or int(match["number"]) in found:
            return claimed
        found[int(match["number"])] = value
        names.add(match["name"].strip(" $\\^_({["))
    numbers = sorted(found)
    if numbers == list(range(size + 1)):
        del found[0]  # h_0 is given
    elif numbers not in (list(range(1, size + 1)), list(range(size))):
        raise Invalid.at(f"{size} values are asked for, with the numbers from 1", claimed.place)
    if len(names) != 1:
        raise Invalid.at("the values have different names: write a list", claimed.place)
    if is_other(name := names.pop()):
        raise Invalid.at(f"this says what {name} is, which is not asked for", claimed.place)
    return Items(tuple(found[number] for number in sorted(found)), claimed.place)
