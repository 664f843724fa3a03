"""Names that stand for numbers in pasted code: num_classes = 10, and Dense(num_classes) behind it.

A name that nothing defines is refused; a letter, as in fc n, or with an index, d_model, is a size
that stays open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from mlcalc.files.document import Text
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields.base import NO_NUMBERS
from mlcalc.maths.records import replace
from mlcalc.networks.architectures.layers import COMBINATIONS, KINDS, meant

NUMBERS = r"[\[(]?\s*\d[\d_]*(?:\s*[,*]\s*\d[\d_]*)*\s*,?\s*[\])]?"
DEFINED = re.compile(
    rf"(?:^|(?<=[\n;]))[ \t]*([A-Za-z_]\w*)[ \t]*=[ \t]*({NUMBERS})[ \t]*(?:#[^\n]*)?(?:;|(?=\n|$))"
)
NAME = re.compile(r"(?<![\w.])[A-Za-z]\w*(?![\w.(])")
LETTER = re.compile(r"[A-Za-z](?:_?\d+|_\w+)?|[A-Za-z][a-z]?")
INPUT = ("input", "inputs", "image")


def with_numbers(text: Text) -> Text:
    """The text with the numbers for the names that it defines and uses.

    Raises `Invalid` for a name that has several numbers.
    """
    if "=" not in text.value:
        return text
    value, found = text.value, dict[str, str]()
    for line in DEFINED.finditer(text.value):
        name, numbers = line.groups()
        if meant(name) in (*KINDS, *COMBINATIONS, *INPUT):
            continue
        if found.setdefault(name, numbers) != numbers:
            message = f"{name} is {found[name]} and {numbers} in turn: write the numbers instead"
            raise Invalid.at(message, text.at(line.start(1)))
    rest = DEFINED.sub(lambda line: " " * len(line[0]), value)
    used = {name for name in found if used_as(name).search(rest)}
    if not used:
        return text
    value = DEFINED.sub(lambda line: " " * len(line[0]) if line[1] in used else line[0], value)
    for name in used:
        value = used_as(name).sub(found[name].replace("_", ""), value)
    return replace(text, value=value, exact=False)


@cache
def used_as(name: str) -> re.Pattern[str]:
    """The name as a value, and not as the keyword before one."""
    return re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w|\s*=(?!=)|\()")


def names_in(value: Text) -> Iterator[Complaint]:
    """What is said of the names in a size."""
    for found in NAME.finditer(value.value):
        is_word = found[0].lower() in NO_NUMBERS or re.fullmatch(r"[xX×]\w*", found[0])
        if not LETTER.fullmatch(found[0]) and not is_word:
            message = f"the name '{found[0]}' has no numbers: write them in its place, or "
            message += f"'{found[0]} = …' before the layers"
            yield Complaint(message, value.at(found.start()))
