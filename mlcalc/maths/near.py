"""Words that were probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
