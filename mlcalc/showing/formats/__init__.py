"""One file for each output format.  A renderer sees an Outcome and nothing else.

A format's file offers `render(outcome, options) -> str`; it is imported when it is asked for.  The
first line of its docstring is its help, and names the endings of files that are written so.
"""

from __future__ import annotations

import os
import re
from importlib import import_module
from typing import Protocol, cast

from mlcalc.maths.printing import Style
from mlcalc.maths.printing.style import DEFAULT
from mlcalc.maths.records import Record, replace
from mlcalc.showing.derivation import Outcome
from mlcalc.showing.digits import fitted
from mlcalc.showing.signs import signed

FOLDER = os.path.dirname(__file__)


def formats() -> dict[str, str]:
    """The name of each format, and the first line of its file, which is not imported for it."""
    names = (name.removesuffix(".py") for name in os.listdir(FOLDER) if name.endswith(".py"))
    return {name: summary(name) for name in sorted(names) if not name.startswith("_")}


def summary(name: str) -> str:
    with open(os.path.join(FOLDER, name + ".py"), encoding="utf-8") as file:
        return file.readline().strip('r".\n')


FORMATS = formats()
ENDINGS = {e: name for name, text in FORMATS.items() for e in re.findall(r"`(\.\w+)`", text)}
"""The format of a file by how its name ends."""


class Options(Record):
    """How much is shown, and how wide; `plot` adds the pictures of the answer."""

    width: int = 80
    style: Style = DEFAULT
    quiet: bool = False
    brief: bool = False
    colour: bool = True
    plot: bool = False


class Renderer(Protocol):
    """What the module of a format offers."""

    def render(self, outcome: Outcome, options: Options) -> str:
        """The outcome in this format, without a newline at the end."""


class Fitted:
    """A format that shows as many digits as its lines need."""

    def __init__(self, module: Renderer) -> None:
        self.module = module

    def render(self, outcome: Outcome, options: Options) -> str:
        if options.quiet:  # there is no working to follow
            return self.module.render(outcome, options)
        told, style = fitted(outcome, options.style)
        if told.derivation is not None:
            told = replace(told, derivation=signed(told.derivation, style))
        return self.module.render(told, replace(options, style=style))


def renderer(name: str) -> Renderer:
    """The format of that name."""
    return Fitted(cast(Renderer, import_module(f"{__name__}.{name}")))
