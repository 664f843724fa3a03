"""Labels of points as people write them: 0110, + - - +, [-1, 1, 1, -1], (0, 1, 1, 0)^T."""

from __future__ import annotations

import re

from mlcalc.files.document import Items, Raw, Text

LABELS = ("0", "1")
LABEL = re.compile(r"[-−–+]?1|0|[-−–+]")
AROUND = re.compile(r"\^\s*(?:T|⊤|\\top|\{\s*(?:T|\\top)\s*\})|\\?[{}]|[\[\]()\s,;$]")


BETWEEN = re.compile(
    r"\band\b|\bor\b|\bboth\b|\balso\b|\bthe\b|\bxor\s*:|\blabel(?:s|l?ings?)?\b|&|\by\b",
    re.IGNORECASE,
)
"""What may stand between labelings and before them."""


def labelings(claimed: Raw, size: int) -> list[Raw]:
    """0110 and 1001 as two lists of 0 and 1, −1 for 0; what is more than labels as it is."""
    text = claimed.value if isinstance(claimed, Text) else ""
    if isinstance(claimed, Items) and all(isinstance(item, Text) for item in claimed.items):
        text = ",".join(item.value for item in claimed.items if isinstance(item, Text))
    _, _, text = text.rpartition("=")
    bare = AROUND.sub(" ", BETWEEN.sub(" ", text))
    found = LABEL.findall(bare)
    if not found or LABEL.sub(" ", bare).strip():
        return [claimed]
    is_signed = any(one[0] in "-−–+" for one in found)
    if is_signed and "0" in found:
        return [claimed]
    labels = ["0" if one == "0" or one[0] in "-−–" else "1" for one in found]
    place = claimed.place
    if len(labels) % size:
        size = len(labels)  # a labeling of other points
    return [
        Items(tuple(Text(one, place, exact=False) for one in labels[at : at + size]), place)
        for at in range(0, len(labels), size)
    ]
