"""Words that were probably meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

BETWEEN = re.compile(r"[\s_{}‐‑–-]+")


@lru_cache(maxsize=1024)
def plain_name(name: str) -> str:
    """What the spellings of a name have in common: W_xh, W-xh and wxh are one."""
    return BETWEEN.sub("", name.casefold())


def closest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """`, did you mean 'kernel'?` where another known word is near, else the empty text."""
    from difflib import get_close_matches

    spelled = {plain_name(name): name for name in known}
    near = get_close_matches(plain_name(word), spelled, n=1, cutoff=cutoff)
    meant = spelled[near[0]] if near else word
    return "" if meant == word else f", did you mean '{meant}'?"


def is_word_of(name: str, text: str) -> bool:
    """Whether a name stands in a text as a word, a Greek letter also as its sign."""
    spelled = {name}
    with suppress(KeyError):  # Unicode has no b in lambda
        spelled.add(unicodedata.lookup(f"GREEK SMALL LETTER {name.replace('bda', 'mda')}"))
    return name.isidentifier() and any(
        re.search(rf"(?<![\w-]){re.escape(one)}(?!\w)", text) for one in spelled
    )
