"""What mlcalc prints for the parts of an answer, read back: ∂L/∂W = [1 2], ∂L/∂b = 3.

A claim is read so only where each of its pieces begins with the printed name of a part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.fields.base import part_of
from mlcalc.marking.checking.left_sides import SIGNS
from mlcalc.marking.checking.letters import letters_in
from mlcalc.marking.checking.reading import outer, pieces
from mlcalc.marking.checking.spellings import canonical, printed_parts
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Chain, Listing
from mlcalc.showing.derivation import Answer, Result

SEPARATORS = ",;\n"
LISTS = {"weights": ("W", "Theta"), "biases": ("b",)}
"""The letters of what is listed layer by layer under one name."""

GIVEN_CLASS = re.compile(r"[Pp]\((?P<event>.+?)(?: = (?P<value>.+))? \| Y = (?P<label>.+)\)")
"""P(red = 1 | Y = spam)."""

OTHERS_WROTE = re.compile(r"\$|\\q?quad|\band\b")
"""What we do not print between parts, and other readers know."""

TIMES = re.compile(r"\s*\\times(?![A-Za-z])\s*")

Path = tuple[str, ...]


def as_printed(claimed: Raw, answer: Answer) -> Raw:
    """The parts by their names, or in their order; any other claim as it is."""
    if not isinstance(claimed, Text):
        return claimed
    if answer.is_count and "\\times" in claimed.value:
        # Sizes, and no product.
        claimed = replace(claimed, value=TIMES.sub("×", claimed.value), exact=False)
    if any(letters_in(answer.value)) or OTHERS_WROTE.search(claimed.value):
        return claimed  # letters may stand for what the working has
    paths = paths_of(answer)
    found = by_label(claimed, paths) if paths else None
    if found is None:
        return claimed
    if not isinstance(answer.value, Mapping):
        is_whole = len(found) == len(paths)
        return Items(tuple(found[i] for i in paths), claimed.place) if is_whole else claimed
    return in_entries([(paths[label], value) for label, value in found.items()], claimed)


def in_entries(pairs: Sequence[tuple[Path, Raw]], claimed: Text) -> Raw:
    """The values by the first name of their paths, and those under one name by the rest."""
    if not pairs[0][0]:
        return pairs[0][1]
    under: dict[str, list[tuple[Path, Raw]]] = {}
    for (first, *rest), value in pairs:
        under.setdefault(first, []).append((tuple(rest), value))
    if LISTED in under:
        return Items(tuple(in_entries([one], claimed) for one in under[LISTED]), claimed.place)
    return Entries(
        tuple(
            (Text(key, claimed.place, exact=False), in_entries(values, claimed))
            for key, values in under.items()
        ),
        claimed.place,
    )


LISTED = "[]"
"""The name of what has its place in a list."""


def paths_of(answer: Answer) -> dict[str, Path]:
    """The printed names, in canonical spelling, and the ways to the parts that they name."""
    items = answer.maths.items if isinstance(answer.maths, Listing) else ()
    named = [one.first for one in items if isinstance(one, Chain)]
    if len(named) < len(items):
        return {}
    value = answer.value
    found: dict[str, Path] = {}
    if isinstance(value, Mapping):
        parts = dict(printed_parts(answer))
        for first in named:
            label = canonical(one_line(first))
            key = parts[label].partition(".")[2]
            own = (key,) if key else ()
            found[label] = listed(label, value) or given(one_line(first), value) or own
    elif isinstance(value, tuple) and len(value) == len(named):
        found = {canonical(one_line(first)): (str(place),) for place, first in enumerate(named)}
    is_known = all(found.values()) and len(found) == len(named)
    return found if is_known else {}


def listed(label: str, value: Mapping[str, Result]) -> Path:
    """weights of dL/dW2: the list in which the numbered parameter stands."""
    bare = label.rpartition("/d")[2].rstrip("0123456789()")
    keys = (key for key, letters in LISTS.items() if key in value and bare in letters)
    return next(((key, LISTED) for key in keys), ())


def given(label: str, value: Mapping[str, Result]) -> Path:
    """The class and the feature of P(red = 1 | Y = spam), and its value where several are kept."""
    match = GIVEN_CLASS.fullmatch(label)
    features = value.get(match["label"]) if match else None
    if match is None or not isinstance(features, Mapping) or match["event"] not in features:
        return ()
    path = match["label"], match["event"]
    own = features[match["event"]]
    if not isinstance(own, Mapping):
        return path
    return (*path, match["value"]) if match["value"] in own else ()


def by_label(claimed: Text, labels: Mapping[str, Path]) -> dict[str, Raw] | None:
    """The text behind each name; None where something else stands before, or one stands twice."""
    starts: dict[str, tuple[int, int]] = {}
    signs = set(outer(claimed.value, "=≈\\"))
    ends: list[int] = []
    for start, end in pieces(claimed.value, signs=SEPARATORS):
        found = SIGNS.finditer(claimed.value, start, end)
        match = next((one for one in found if one.start() in signs), None)
        label = canonical(claimed.value[start : match.start()]) if match else ""
        if match is not None and label not in labels:
            return None  # it is about something else
        if match is None:
            if not starts:
                return None
            ends[-1] = end
            continue
        if label in starts:
            return None
        starts[label] = match.end(), end
        ends.append(end)
    spans = zip(starts.items(), ends, strict=True)
    return {label: part_of(claimed, at, end) for (label, (at, _)), end in spans}
