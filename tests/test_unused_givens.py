"""Nothing that is given is passed over: it changes the page, is refused, or is spoken of.

Beside each of a few shipped problems stands one more field, with a value that another problem of
the kind has, or one of those below.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from mlcalc.files.document import Entries, Raw, Text, written
from mlcalc.files.errors import MlcalcError, Place
from mlcalc.files.reading import read_file
from mlcalc.kinds import kinds, load
from mlcalc.marking.exercise import Exercise, read_exercises, solve
from mlcalc.showing.derivation import Outcome
from mlcalc.showing.formats import Options, renderer
from tests.conftest import PROBLEMS

BESIDE = 1
VALUES = 2
"""How many problems a field is set beside, and how many values it has there."""

HERE = Place("test")

MORE: dict[str, dict[str, str]] = {
    "backprop": {"upstream": "2"},
    "conv-shape": {"shared": "false", "flip": "true"},
    "map": {"support": "0 < x < 1", "categories": "red, blue", "sum": "3", "censored": "4, 5",
            "intervals": "0 1 3; 1 2 4", "density": "theta*exp(-theta*x)"},
    "mle": {"sum": "3", "intervals": "0 1 3; 1 2 4"},
    "mlp": {"beta1": "0.8", "beta2": "0.9", "adam_epsilon": "0.1"},
    "nb": {"smooth_prior": "true"},
    "pac": {"description_length": "17", "grid": "10", "weights": "-1, 0, 1", "repeats": "true",
            "growth": "sauer"},
    "params": {"input": "3@32x32"},
}  # fmt: skip
"""Values of fields that no shipped problem has."""

SAID_AGAIN = {
    ("conv-shape", "kernel"): "the weights say it, and another size is refused",
    ("map", "parameter"): "the family's own letter",
    ("mle", "parameter"): "the family's own letter",
    ("pac", "setting"): "the data decide it, and another one is refused",
    ("pac", "dimension"): "nearest neighbours shatter any points, in a space of any dimension",
    ("pac", "repeats"): "what is said of trees without a depth is said of both",
    ("conv-shape", "shared"): "without filters no weights are counted",
    ("mlp", "bias_column"): "a design has the biases in its first column anyway",
    ("mlp", "truth_table"): "a formula is shown with its table anyway",
    ("mlp", "output_activation"): "a design is of step units anyway",
    ("mlp", "batch_size"): "there is one example, or each makes a step anyway",
    ("rnn-step", "steps"): "the sequence says it, and another number is refused",
    ("vc", "dimension"): "the class lives there, and another one is refused",
    ("conv-shape", "operation"): "its kinds differ in values, and sizes are asked",
    ("conv-shape", "stride"): "what it is for pooling where it is not given",
    ("rnn-step", "output_activation"): "it has no parameters, where those are counted",
}
"""What may stand beside a problem and change nothing, and why."""


def exercises(kind: str) -> list[Exercise]:
    found = (one for path in PROBLEMS for one in read_exercises(read_file(path), str(path)))
    return [one for one in found if one.kind == kind]


def page_of(kind: str, given: Entries) -> str | None:
    """All that is told of a problem but its givens; None where it is refused."""
    try:
        outcome = Outcome(kind, "solved", {}, solve(kind, given))
    except MlcalcError:
        return None
    return renderer("json").render(outcome, Options(colour=False, width=100))


def names(given: Entries) -> set[str]:
    return {key.value.replace("-", "_") for key, _ in given.pairs}


def values_of(kind: str, name: str, among: list[Exercise]) -> list[Raw]:
    found = {
        written(value): value
        for one in among
        for key, value in one.given.pairs
        if key.value.replace("-", "_") == name
    }
    if name in MORE.get(kind, {}):
        text = MORE[kind][name]
        found[text] = Text(text, HERE)
    return [found[text] for text in sorted(found)]


def passed_over(kind: str) -> Iterator[str]:
    """Each field, value and problem that make the same page as the problem without them."""
    chance = random.Random(5)
    among = exercises(kind)
    reads = load(kind).Problem
    for name in reads.fields:
        values = values_of(kind, name, among)
        others = [one for one in among if name not in names(one.given)]
        for one in chance.sample(others, min(BESIDE, len(others))):
            page = page_of(kind, one.given)
            for value in chance.sample(values, min(VALUES, len(values))):
                pairs = (*one.given.pairs, (Text(name, HERE), value))
                more = Entries(pairs, one.given.place)
                if page is None or page_of(kind, more) != page:
                    continue
                before, after = reads.read(one.given), reads.read(more)
                if before.values[name] != after.values[name]:
                    yield f"{name}: {written(value)} beside {one.text('id')}"


@pytest.mark.parametrize("kind", kinds())
def test_no_given_is_passed_over(kind: str) -> None:
    found = [each for each in passed_over(kind) if (kind, each.split(":")[0]) not in SAID_AGAIN]
    assert not found


def test_every_exception_names_a_field() -> None:
    assert all(name in load(kind).Problem.fields for kind, name in SAID_AGAIN)
