"""The kinds of problems: one file for each, whose name is the command's.

A file has a one-line summary as the first line of its docstring, perhaps with examples below it,
a `Problem` class and a `solve` function.  Files are listed without being imported, so that
`--help` stays fast.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from mlcalc.maths.near import closest, plain_name

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


@cache
def docstring(kind: str) -> tuple[str, ...]:
    """The lines of the kind's docstring, read without importing the file."""
    with open(os.path.join(FOLDER, file_of(kind) + ".py"), encoding="utf-8") as file:
        return tuple(file.read().split('"""', 2)[1].splitlines())


def summary(kind: str) -> str:
    """The first line of the kind's docstring."""
    return docstring(kind)[0]


def examples(kind: str) -> tuple[str, ...]:
    """The commands in the kind's docstring, the plainest first."""
    return tuple(line for line in docstring(kind) if line.startswith("mlcalc "))


SYNONYMS = {
    "maximumlikelihood": "mle",
    "mapestimate": "map",
    "maximumaposteriori": "map",
    "naivebayes": "nb",
    "conv": "conv-shape",
    "convolution": "conv-shape",
    "convshape": "conv-shape",
    "vcdim": "vc",
    "vcdimension": "vc",
    "shattering": "vc",
    "samplecomplexity": "pac",
    "paclearning": "pac",
    "parameters": "params",
    "countparams": "params",
}
"""Other names that mean one kind alone."""
NEAR = {
    "bayes": "nb map",
    "conv2d": "conv-shape params",
    "pool": "conv-shape",
    "maxpool": "conv-shape",
    "cnn": "params conv-shape",
    "rnn": "rnn-step",
    "lstm": "rnn-step",
    "gru": "rnn-step",
    "perceptron": "mlp",
    "ann": "mlp",
    "neuralnetwork": "mlp",
    "forward": "mlp rnn-step",
    "backpropagation": "backprop mlp",
    "gradient": "backprop",
    "shatter": "vc",
}
"""What may be meant by words that are not the name of a kind."""


@cache
def kind_named(typed: str) -> str | None:
    """The kind of that name, whatever its case, hyphens and usual synonyms."""
    plain = plain_name(typed)
    known = {plain_name(kind): kind for kind in kinds()}
    return known.get(plain) or SYNONYMS.get(plain)


def kind_meant(typed: str, others: Iterable[str] = ()) -> str:
    """`, did you mean …?` for a word that is no kind."""
    meant = " or ".join(f"'{kind}'" for kind in NEAR.get(plain_name(typed), "").split())
    return f", did you mean {meant}?" if meant else closest(typed, (*kinds(), *others))


def taken_elsewhere(field: str, spelled: Callable[[str], str] = str) -> str:
    """`; map takes prior`, where other kinds have a field of that name."""
    plain = plain_name(field)
    named = [(kind, load(kind).Problem.plain_names.get(plain)) for kind in kinds()]
    found = {kind: name for kind, name in named if name}
    # The kinds whose own word it is come before those that only know it.
    own = {kind: name for kind, name in found.items() if name in load(kind).Problem.fields}
    found = own or found
    takes = "takes" if len(found) == 1 else "take"
    *most, last = found or [""]
    listed = f"{', '.join(most)} and {last}" if most else last
    return f"; {listed} {takes} {spelled(found[last])}" if found else ""


@cache
def load(kind: str) -> Solver:
    """The module of a kind."""
    return cast(Solver, import_module(f"{__name__}.{file_of(kind)}"))


def file_of(kind: str) -> str:
    return kind.replace("-", "_")
