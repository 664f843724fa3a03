"""A network in one line of the short form, as it was read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlcalc.maths.printing import one_line
from mlcalc.networks.architectures.nodes import Layer, Network, Node, Parallel, Residual
from mlcalc.networks.architectures.tracing import arguments

MOST_SHOWN = 12
"""Of more layers only the first are written."""


def short_form(network: Network, typed: str) -> str | None:
    """3@224×224 > conv 64 k7 s2 p3 > relu; None where that or no more was typed on a line."""
    if network.name or network.is_listed:
        return None
    parts = [one_line(network.input), *map(short, network.body)]
    if any("(" in part for part in parts[1:]):
        return None  # combinations are written so in our form alone
    found = " > ".join(parts)
    is_line = not re.search(r"\S\s*\n\s*\S", typed)
    if is_line and plain(found) in (plain(typed), f"[{plain(typed)}]"):
        return None
    return " > ".join([*parts[: MOST_SHOWN + 1], "…"]) if len(parts) > MOST_SHOWN + 1 else found


def plain(text: str) -> str:
    """The text without what may be written in several ways."""
    return re.sub(r"\s*[>,\n]\s*", ">", text.strip().replace("×", "x"))


def short(node: Node) -> str:
    match node:
        case Layer(kind):
            word = kind.removesuffix("2d") if kind.startswith("conv") else kind
            return f"{word} {arguments(node)}".strip()
        case Residual(body):
            return f"residual({joined(body)})"
        case Parallel(branches):
            return f"parallel({' | '.join(map(joined, branches))})"
        case _:
            return f"({node.block})"


def joined(body: Sequence[Node]) -> str:
    return " > ".join(map(short, body))
