"""The kinds of problems: one file for each, whose name is the command's.

A file has a one-line summary as the first line of its docstring, a `Problem` class and a
`solve` function.  Files are listed without being imported, so that `--help` stays fast.
"""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from mlcalc.files.problem import Problem
    from mlcalc.showing.derivation import Derivation

FOLDER = os.path.dirname(__file__)


class Solver(Protocol):
    """What the module of a kind offers."""

    @property
    def Problem(self) -> type[Problem]:  # noqa: N802  # it is a class
        """The fields of the kind."""

    def solve(self, given: Any) -> Derivation:
        """The worked answer to an instance of `Problem`.  Raises `Invalid` or `Unsolved`."""


@cache
def kinds() -> tuple[str, ...]:
    """The names of all kinds, as commands."""
    names = (name.removesuffix(".py") for name in os.listdir(FOLDER) if name.endswith(".py"))
    return tuple(sorted(name.replace("_", "-") for name in names if not name.startswith("_")))


def summary(kind: str) -> str:
    """The first line of the kind's docstring, read without importing the file."""
    with open(os.path.join(FOLDER, file_of(kind) + ".py"), encoding="utf-8") as file:
        return file.readline().strip('"\n ')


@cache
def load(kind: str) -> Solver:
    """The module of a kind."""
    return cast(Solver, import_module(f"{__name__}.{file_of(kind)}"))


def file_of(kind: str) -> str:
    return kind.replace("-", "_")
