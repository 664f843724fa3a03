"""Labels of points as people write them: 0110, + - - +, [-1, 1, 1, -1], (0, 1, 1, 0)^T."""

from __future__ import annotations

import re

from mlcalc.files.document import Items, Raw, Text

LABELS = ("0", "1")
LABEL = re.compile(r"[-−–+]?1|0|[-−–+]")
AROUND = re.compile(r"\^\s*(?:T|⊤|\\top|\{\s*(?:T|\\top)\s*\})|\\?[{}]|[\[\]()\s,;$]")


def as_labels(claimed: Raw, size: int) -> Raw:
    """The claim as a list of 0 and 1, −1 for 0, where it is nothing but labels of all points."""
    if isinstance(claimed, Items) and all(isinstance(item, Text) for item in claimed.items):
        text = ",".join(item.value for item in claimed.items if isinstance(item, Text))
    elif isinstance(claimed, Text):
        text = claimed.value
    else:
        return claimed
    _, _, text = text.rpartition("=")
    bare = AROUND.sub(" ", text)
    found = LABEL.findall(bare)
    if len(found) != size or LABEL.sub(" ", bare).strip():
        return claimed
    is_signed = any(one[0] in "-−–+" for one in found)
    if is_signed and "0" in found:
        return claimed
    labels = ("0" if one == "0" or one[0] in "-−–" else "1" for one in found)
    return Items(tuple(Text(one, claimed.place, exact=False) for one in labels), claimed.place)
