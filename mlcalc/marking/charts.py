"""Pictures of a class for its page: SVG in the page's own colours, with words beside each colour.

They are drawn as wide as a phone and grow with the page, so that their letters can be read there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mlcalc.marking.elements import Element, tag
from mlcalc.showing.derivation import Verdict

WIDTH, HEIGHT = 360, 170
TOP, BOTTOM = 18, 150
"""Where the highest bar ends, and where all begin."""

STRIPE = 10


def histogram(bars: Sequence[tuple[str, int]], told: str) -> Element:
    """Bars with their labels below and their counts above; `told` is the picture in words."""
    highest = max((count for _, count in bars), default=0)
    step = WIDTH / max(1, len(bars))

    def drawn() -> Iterator[Element]:
        for number, (label, count) in enumerate(bars):
            middle = (number + 0.5) * step
            high = (BOTTOM - TOP) * count / highest if highest else 0
            if count:
                yield tag("rect", x=number * step + 2, y=BOTTOM - high, width=step - 4,
                          height=high, rx=2, class_="bar")  # fmt: skip
                yield text(str(count), middle, BOTTOM - high - 4)
            yield text(label, middle, BOTTOM + 14)
        yield tag("line", x1=0, y1=BOTTOM, x2=WIDTH, y2=BOTTOM, class_="axis")

    return picture(HEIGHT, told, drawn())


def stripe(shares: Mapping[str, float], told: str) -> Element:
    """One stripe in parts, by the name of their colour, which make up at most the whole."""

    def drawn() -> Iterator[Element]:
        yield tag("rect", x=0, y=0, width=WIDTH, height=STRIPE, class_="ground")
        left = 0.0
        for colour, share in shares.items():
            if share:
                yield tag("rect", x=left, y=0, width=share * WIDTH, height=STRIPE, class_=colour)
            left += share * WIDTH

    return picture(STRIPE, told, drawn(), class_="stripe", preserveAspectRatio="none")


def verdict_stripe(counts: Mapping[Verdict, int]) -> Element:
    """How many answers had which verdict."""
    total = max(1, sum(counts.values()))
    told = ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict)
    return stripe({verdict.value: counts[verdict] / total for verdict in Verdict}, told)


def text(words: str, x: float, y: float) -> Element:
    return tag("text", words, x=x, y=y, text_anchor="middle")


def picture(height: float, told: str, drawn: Iterator[Element], **more: str) -> Element:
    box = f"0 0 {WIDTH} {height:g}"
    return tag("svg", tag("title", told), drawn, viewBox=box, role="img", **more)
