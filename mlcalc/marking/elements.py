"""Elements of an HTML page: whatever stands in one is escaped, and each is closed."""

from __future__ import annotations

from collections.abc import Iterable

from mlcalc.showing.drawing import escaped


class Element(str):
    """HTML that is written already, which is not escaped again."""

    __slots__ = ()


Inner = str | Iterable["Inner"]


def tag(name: str, *inner: Inner, **attributes: str | float) -> Element:
    """An element; `class_` is the attribute class, and `stroke_width` stroke-width."""
    return Element(f"<{name}{written(attributes)}>{joined(inner)}</{name}>")


def joined(inner: Inner) -> Element:
    """What stands in an element; text that is no element is escaped."""
    if isinstance(inner, str):
        return inner if isinstance(inner, Element) else Element(escaped(inner))
    return Element("".join(map(joined, inner)))


def written(attributes: dict[str, str | float]) -> str:
    pairs = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    return "".join(
        f' {key}="{escaped(value) if isinstance(value, str) else f"{value:g}"}"'
        for key, value in pairs
    )
