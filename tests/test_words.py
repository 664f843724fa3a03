"""No table of words has a default that is a wrong answer.

A word that no table knows is refused. A word that was added to its table and nowhere else, as
whoever extends it may do, is a fault that is said, and never answered as if it were another word.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable

import pytest

from mlcalc.files.fields import Word
from mlcalc.kinds import kinds, load
from mlcalc.learning import class_catalogue
from mlcalc.learning.bounds.theorems import bound_named, default_bound
from mlcalc.maths.tree import Symbol
from mlcalc.maths.vectors import NamedVector
from mlcalc.networks.architectures import layers
from mlcalc.networks.backpropagation.slopes import reduction_gradient
from mlcalc.networks.equations import Reading
from mlcalc.networks.feedforward.boolean_reader import Gate, Input
from mlcalc.networks.recurrence.cells import recurrent
from mlcalc.networks.recurrence.parameters import weights
from tests.conftest import Ran

MLP = "mlp --weights '1 -1; 2 1' --weights '1 1' --x '1 2'"
RNN = "rnn-step --W-xh 1 --W-hh 0.5 --W-hy 1 --x '1, 2'"
GRU = (
    "rnn-step --cell gru --x '1, -1' --W-xr 1 --W-hr 1 --W-xz 1 --W-hz 1 --W-xn 1 --W-hn 1 --h0 0.5"
)
TRAINED = f"{MLP} --targets 1 --loss half-squared-error --learning-rate 0.1"
NB = "nb --priors '1=4/9, 0=5/9' --query red=1 --likelihoods '{1: {red: 3/4}, 0: {red: 1/5}}'"
FINITE = "pac --hypotheses 100 --epsilon 0.1 --delta 0.1"
INFINITE = "pac --vc-dimension 3 --epsilon 0.1 --delta 0.1"

COMMANDS = {
    "conv-shape --operation": "conv-shape 3@8x8 --kernel 2 --operation max-pool",
    "conv-shape --solve-for": "conv-shape 8x8 --kernel 2 --output-shape 4x4 --solve-for stride",
    "mlp --activation": f"{MLP} --activation relu",
    "mlp --output-activation": f"{MLP} --output-activation relu",
    "mlp --loss": f"{MLP} --targets 1 --loss squared-error",
    "mlp --optimizer": f"{TRAINED} --optimizer sgd",
    "nb --model": f"{NB} --model bernoulli",
    "nb --variance": "nb --model gaussian --data problems/cars.csv --label interested "
    "--features affordable,efficient --variance unbiased",
    "pac --setting": f"{FINITE} --setting agnostic",
    "pac --bound": f"{FINITE} --setting agnostic --bound finite",
    "pac --growth": f"{INFINITE} --bound vc --growth sauer",
    "params --convention": "params '3@8x8, conv 4 k3, batchnorm' --convention textbook",
    "rnn-step --cell": f"{RNN} --cell rnn",
    "rnn-step --activation": f"{RNN} --activation relu",
    "rnn-step --output-activation": f"{RNN} --output-activation relu",
    "rnn-step --loss": f"{RNN} --targets '1, 0' --loss squared-error",
    "rnn-step --variant": f"{GRU} --variant cho",
}


def word_fields() -> dict[str, Word]:
    return {
        f"{kind} --{name.replace('_', '-')}": field.takes
        for kind in kinds()
        for name, field in load(kind).Problem.fields.items()
        if isinstance(field.takes, Word)
    }


def test_every_field_of_words_is_here() -> None:
    assert word_fields().keys() | {"mlp --activation"} == COMMANDS.keys()


def with_word(flag: str, word: str) -> list[str]:
    return [*shlex.split(COMMANDS[flag].rpartition(" ")[0]), word]


@pytest.mark.parametrize("flag", COMMANDS)
def test_a_bogus_word_is_refused(flag: str, run: Callable[..., Ran]) -> None:
    assert run(*shlex.split(COMMANDS[flag])).code == 0
    ran = run(*with_word(flag, "swoosh"))
    assert (ran.code, ran.out) == (2, "")
    assert "swoosh" in ran.err


@pytest.mark.parametrize("flag", COMMANDS)
def test_a_word_of_its_table_alone_is_not_answered(
    flag: str, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = word_fields().get(flag) or word_fields()["mlp --output-activation"]
    monkeypatch.setitem(table.__dict__, "meanings", {**table.meanings, "swoosh": "something new"})
    ran = run(*with_word(flag, "swoosh"))
    assert ran.code != 0, ran.out


@pytest.mark.parametrize(
    "command",
    [
        "mle swoosh --data 1,2",
        "map poisson --data 1,2 --prior 'swoosh(a=1, b=2)'",
        "vc swoosh",
        "vc thresholds --points 1,2 --format swoosh",
        "vc thresholds --output never.swoosh",
        "pac swoosh --epsilon 0.1 --delta 0.1 --setting agnostic",
        "params '3@8x8, swoosh 4'",
        "params '3@8x8, parallel(conv 4 k1, conv 4 k1, swoosh)'",
        "mlp --formula 'x1 SWOOSH x2'",
        "mlp --weights 1 --weights 1 --weights 1 --x 1 --activation relu,swoosh",
        "backprop 'swoosh(x)'",
        "nb --model density --priors '1=1/2, 0=1/2' --query x=1 "
        "--likelihoods '{1: swoosh(2), 0: normal(0, 1)}'",
    ],
)
def test_a_bogus_word_of_another_table_is_refused(command: str, run: Callable[..., Ran]) -> None:
    ran = run(*shlex.split(command))
    assert (ran.code, ran.out) == (2, "")
    assert "swoosh" in ran.err.casefold()


@pytest.mark.parametrize(
    ("table", "entry", "question"),
    [
        (class_catalogue.CLASSES, class_catalogue.ClassFacts("something new"), ("vc", "swoosh")),
        (layers.KINDS, layers.LayerKind("something new"), ("params", "3@8x8, swoosh")),
    ],
    ids=["class", "layer"],
)
def test_a_class_or_layer_of_its_table_alone_is_not_answered(
    table: dict[str, object],
    entry: object,
    question: tuple[str, ...],
    run: Callable[..., Ran],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert isinstance(table, dict)
    monkeypatch.setitem(table, "swoosh", entry)
    assert run(*question).code != 0


X = Symbol("x")
Y, TARGET = NamedVector(Symbol("y"), (1.0,)), NamedVector(Symbol("t"), (0.0,))
LADDERS: dict[str, Callable[[], object]] = {
    "the equations of a cell": lambda: recurrent("swoosh", "", "tanh", Reading(X), Symbol),
    "the version of a gru": lambda: recurrent("gru", "swoosh", "tanh", Reading(X), Symbol),
    "the weights of a cell": lambda: weights("swoosh"),
    "a gate of a formula": lambda: Gate("swoosh", (Input(X),)).value({X: 1}),
    "a reduction of a vector": lambda: reduction_gradient("swoosh", Y.name, X, (2, 1)),
    "the default bound": lambda: default_bound("vc_dimension", "swoosh"),
    "the bound of a setting": lambda: bound_named("finite", "swoosh"),
}


@pytest.mark.parametrize("ladder", LADDERS)
def test_no_ladder_has_a_default(ladder: str) -> None:
    with pytest.raises(LookupError):
        LADDERS[ladder]()
