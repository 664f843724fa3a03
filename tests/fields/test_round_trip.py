"""What `--yaml` prints is the same question: as given values, and in its answers."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from mlcalc.document import Entries, Items, Raw, Text, plain, read_document, read_file, write_yaml
from mlcalc.document import written as in_one_line
from mlcalc.errors import MlcalcError, Place
from mlcalc.solvers import load
from tests.conftest import PROBLEMS, Ran

COMMANDS = r"""
mle poisson --data '3 4 1'
mle poisson --data $'3\n4\n1\n'
mle categorical --data 'red=3, blue=1'
mle categorical --data '{red: 3, blue: 1}'
mle categorical --data '{red=3, blue=1}'
mle categorical --data 'red: 3; blue: 1'
mle categorical --data 'red, blue, red'
mle categorical --data 'red, blue' --categories '[red, blue, green]'
mle multinomial(n=2) --data '{a: 1, b: 3}'
mle exponential --data '1, 2' --censored '[3, 4]'
mle exponential --intervals $'0 1 5\n1 2 3\n2 4 1'
mle normal --parameter 'mu, sigma2' --data '1, 2, 4'
mle bernoulli --parameter '{name: p, range: [0, 1/2]}' --n 5 --k 4
mle bernoulli --parameter 'name=p, range=[0, 1/2]' --n 5 --k 4
mle bernoulli --n 1,000 --k 7
map --n 10 --k 3 --models '[{probability: 1/2, distribution: bernoulli(theta=1/2)}, {probability: 1/2, distribution: bernoulli, prior: "beta(1, 1)"}]'
map --n 10 --k 3 --models '[{distribution: bernoulli(theta=1/2)}, {distribution: bernoulli, prior: beta(1, 1)}]'
map poisson --data 3,4,1 --prior 'gamma(shape=2, scale=2)'
map categorical --data 'a=1, b=2' --prior 'dirichlet(2, 2)' --new a
nb --model multinomial --documents '[{label: spam, text: "win: win hi"}, {label: ham, text: hi you}]' --smoothing 1 --query 'win=2, hi=1'
nb --model multinomial --documents '[{label: spam, text: win win}, {label: ham, text: hi you}]' --smoothing 1 --query '{win: 2, hi: 1}'
nb --model multinomial --documents '[{label: spam, text: win win}, {label: ham, text: hi you}]' --smoothing 1 --query '[hi] win # win'
nb --model bernoulli --priors 'spam=1/3, ham=2/3' --likelihoods '{spam: {offer: 0.6}, ham: {offer: 0.1}}' --query offer=1
nb --model bernoulli --priors '{spam: 1/3, ham: 2/3}' --likelihoods 'spam: {offer: 0.6}; ham: {offer: 0.1}' --query '{offer: 1}'
nb --model categorical --priors 'a=1/2, b=1/2' --likelihoods '{a: {sky: {sun: 0.6, rain: 0.4}}, b: {sky: {sun: 0.1, rain: 0.9}}}' --query 'sky: sun'
nb --model categorical --data '[{sky: sun, play: yes}, {sky: rain, play: no}]' --label play --query sky=sun --smoothing 1
nb --model gaussian --data '[{x: 1, y: a}, {x: 2, y: a}, {x: 4, y: b}, {x: 6, y: b}]' --label y --query x=3
nb --model density --priors 'a=1/2, b=1/2' --likelihoods '{a: "2*x", b: "2*(1-x)"}' --support '0 < x < 1'
pac --hypotheses 1,000,000 --epsilon 0.1 --delta 5% --setting realizable
pac --data '[{x: 1, y: 1, label: 1}, {x: 0, y: 1, label: 0}]' --label label --hypothesis-class conjunctions --epsilon 0.1 --delta 0.05
vc linear --points $'0 0\n1 0\n0 1'
vc linear --points '{(0, 0), (1, 0)}'
vc intervals --points '1 2 3' --labels '1 0 1'
vc linear --points '0 0 1 0 0 1' --labels 0,1,1
conv-shape --image $'1 2 3\n4 5 6\n7 8 9' --weights '[[1 0] [0 1]]'
conv-shape --image '[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]' --weights '[[[[1]], [[2]]]]'
conv-shape --image '1 2; 3 4' --image '5 6; 7 8' --weights '[[[[1]], [[2]]]]' --bias 1
conv-shape 3@8x8 --kernel 3 --filters 4 --padding $'0 1\n1 0'
params '784 > fc 100 > relu > fc 10'
params $'3@32x32\n> conv 8 k3\n> flatten > fc 10'
rnn-step --x $'1 0\n0 1' --W-xh '1 2' --W-hh 1 --backward 'W_xh=1 1, W_hh=2'
rnn-step --x '1, 2' --layers '[{W_xh: 1, W_hh: 2}, {W_xh: 1, W_hh: [[1]]}]'
mlp --weights $'1 2\n3 4' --weights '1 1' --biases '1, 2' --biases 0 --x '1, 2' --activation relu
mlp --weights '[[[1, 2], [3, 4]], [[1, 1]]]' --biases '[[1, 2], 0]' --x '1, 2'
mlp --region 'x1 > 0, x1 < 5, x2 > 0, x2 < 2'
mlp --steps $'0 2\n1 5\n3 0'
backprop 'x*y' --at '{x: 3, y: 4}'
backprop 'x*y' --at $'x=3\ny=4'
backprop 'x*y' --at 'x=1,000,y=2'
backprop 'u.T @ x' --at 'u=[1, 2]; x=3;4'
"""

Run = Callable[..., Ran]


def arguments_of(line: str) -> list[str]:
    """The words of a shell line, `$'…'` with its escapes read."""
    words = shlex.split(line.replace("$'", "'\x00"))
    return [
        word[1:].encode().decode("unicode_escape") if word.startswith("\x00") else word
        for word in words
    ]


@pytest.mark.parametrize("line", COMMANDS.strip().splitlines())
def test_the_yaml_of_a_command_has_its_answers(line: str, run: Run, tmp_path: Path) -> None:
    arguments = arguments_of(line)
    as_typed = run(*arguments, "--json")
    assert as_typed.code == 0, as_typed.err
    (tmp_path / "a.yaml").write_text(run(*arguments, "--yaml").out, encoding="utf-8")
    as_written = run("solve", str(tmp_path / "a.yaml"), "--json")
    assert as_written.code == 0, as_written.err
    first, second = json.loads(as_typed.out), json.loads(as_written.out)
    assert second["answers"] == first["answers"]
    assert second["notes"] == first["notes"]


def problems() -> list[tuple[str, str, Entries]]:
    """The name, kind and givens of all problems that stand alone."""
    found = []
    for path in PROBLEMS:
        document = read_file(path)
        items = document.get("problems") if isinstance(document, Entries) else document
        assert isinstance(items, Items)
        for number, item in enumerate(items.items):
            assert isinstance(item, Entries)
            kind, given = item.get("kind"), item.get("given")
            if isinstance(kind, Text) and isinstance(given, Entries):
                found.append((f"{path.stem}-{number}", kind.value.replace("_", "-"), given))
    return [row for row in found if "from:" not in in_one_line(row[2])]


def values_or_refusal(kind: str, given: Raw | None) -> object:
    assert isinstance(given, Entries)
    try:
        found = load(kind).Problem.read(given).values
    except MlcalcError as error:
        return [complaint.message.rpartition(": ")[2] for complaint in error.complaints]
    return {name: without_places(value) for name, value in found.items()}


def without_places(value: object) -> object:
    match value:
        case Text() | Items() | Entries():
            return in_one_line(value)
        case tuple():
            return tuple(map(without_places, value))
    return value


@pytest.mark.parametrize("row", problems(), ids=lambda row: row[0])
def test_the_givens_of_a_problem_survive_as_flags(row: tuple[str, str, Entries]) -> None:
    _, kind, given = row
    place = Place("--flag")
    pairs = [(key, Text(in_one_line(value), place, exact=False)) for key, value in given.pairs]
    flags = Entries(tuple(pairs), place)
    document = read_document(write_yaml({"given": plain(flags)}), "a.yaml")
    assert isinstance(document, Entries)
    typed = values_or_refusal(kind, flags)
    assert values_or_refusal(kind, document.get("given")) == typed
