"""A worked answer with colour and stacked maths.

Rich gives each role of the layout its look.  Lines come from the layout and already fit, so Rich
neither wraps them nor reads markup in them: it adds colour and the frame around the answers.
"""

from __future__ import annotations

from io import StringIO

from rich.box import ASCII, ROUNDED
from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.text import Text

from mlcalc.showing.derivation import Outcome
from mlcalc.showing.formats import Options
from mlcalc.showing.layout import Section, sections

STYLES = {
    "title": "bold",
    "heading": "bold",
    "label": "dim",
    "number": "bold cyan",
    "rule": "bold cyan",
    "because": "dim italic",
    "header": "bold",
    "rule-line": "dim",
    "answer": "bold",
    "note": "dim",
    "right": "bold green",
    "wrong": "bold red",
    "open": "bold yellow",
    "axis": "dim",
    "mark": "bold",
    "curve-1": "cyan",
    "curve-2": "yellow",
    "curve-3": "magenta",
    "curve-4": "green",
    "curve-5": "blue",
    "curve-6": "red",
}


def render(outcome: Outcome, options: Options) -> str:
    stream = StringIO()
    console = Console(
        file=stream,
        width=options.width,
        force_terminal=options.colour,
        no_color=not options.colour,
        color_system="auto" if options.colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for number, section in enumerate(sections(outcome, options)):
        if number and not options.quiet:
            console.print()
        # A drawing that is too wide is better wrapped by the terminal than cut off.
        console.print(renderable(section, options), crop=False)
    return "\n".join(line.rstrip() for line in stream.getvalue().rstrip("\n").split("\n"))


def renderable(section: Section, options: Options) -> RenderableType:
    body = styled(section)
    if section.role != "answer" or options.quiet:
        return body
    frame = ASCII if options.style.ascii else ROUNDED
    return Panel(
        body, title="Answer", title_align="left", box=frame, expand=False,
        border_style="green", padding=(0, 2),
    )  # fmt: skip


def styled(section: Section) -> Text:
    """All lines of a section as one text, which Rich prints as it stands."""
    text = Text(no_wrap=True, overflow="ignore")
    for number, line in enumerate(section.lines):
        if number:
            text.append("\n")
        for role, piece in line:
            text.append(piece, STYLES.get(role, ""))
    return text
