"""Hostile and odd claims against every answer of the shipped problems.

`claims(seed)` yields (problem, name of the answer, claim) for ever; run as a script it marks them
for some seconds and prints what crashed, and what took over a second:

    python -m tests.benchmarks.claims [SECONDS] [SEED]
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from mlcalc.files.document import from_plain
from mlcalc.files.errors import MlcalcError, Place
from mlcalc.files.reading import read_file
from mlcalc.marking.checking import check
from mlcalc.marking.exercise import Exercise, read_exercises, read_problem, solve_all
from mlcalc.marking.misconceptions import Explainer
from mlcalc.marking.references import resolved
from mlcalc.maths.functions import FUNCTIONS
from mlcalc.showing.derivation import Derivation, Verdict

PROBLEMS = Path(__file__).parents[2] / "problems"
SLOW = 1.0

ARGUMENTS = (
    "1", "0", "-1", "0.5", "1/0", "10^400", "1e400", "x", "n", "theta", "[1, 2]",
    "[[1, 2], [3, 4]]",
    "[]", "[[1], [2, 3]]", "1 2; 3 4", "3x4", "3@4x4", "inf", "yes", "1, 2", "(1, 2)", "-inf",
)  # fmt: skip
WHOLE = (
    "", " ", "=", "==", "= =", "<=", ">= 3", "x = y = z", "1 = 2 = 3", "1 or 2", "a or b", ";",
    "1; 2; 3", "[1; 2]", "{1, 2}", "{}", "{{1}}", "[[[[[[1]]]]]]", "(((((1)))))", "9^9^9^9",
    "1e400", "-1e400", "10^(10^10)", "100000!", "2^(2^20)", "nan", "inf", "no, yes", "1/0",
    "0/0", "0^0",
    "1 2; 3", "[[1, 2], [3]]", "3@4x5", "3x4x5x6x7x8", "x@y", "a: 1, b: 2", "a=1, a=2",
    "P(x) = 1", "P(x | y) = 1/2", "normal(0, 1)", "gamma(shape=1/0, rate=2)", "beta(1e400, 2)",
    "normal(mu=[1, 2], sigma2=1)", "dirichlet(1)", "sum(x_i, i, 1, 10^9)", "sum(sum(sum(1, i, 1, "
    "10^4), i, 1, 10^4), i, 1, 10^4)", r"\frac{1}{0}", r"\sum_i x_i",
    r"\begin{pmatrix}1&2\end{pmatrix}",
    r"\hat{\theta} = \frac{3}{7}", "$", "$$", "\\", "^", "_", "x_", "1..2", "1,2,3", "1,000,000",
    "0,5", "0,5; 0,6", "1.2.3", "−1", "½", "≈ 3", "3 ± 1", "sigma = 1, so sigma^2 = 1",
    "h(1)=1, h(2)=2",
    "[1, x, 3]", "[yes, no]", "1 2 3 4 5 6 7 8 9", "+--+", "0110", "2-4", "[2, 4)", "2 < x < 4",
    "x > y > z", "A.T", "[[1, 2], [3, 4]].T", "[[1, 2], [3, 4]] @ [[1], [2]]", "\u202e1", "\x00",
    "1\n2",
    "1\n2\n3; 4", "🙂", "ﬁ", "{from: a.b}", "spam", "not spam", "spam = ham", "[" * 60, ")" * 60,
    "1+" * 900 + "1", "x" * 2000,
)  # fmt: skip
STRUCTURES: tuple[Any, ...] = (
    [], {}, [[]], [{}], {"a": {}}, {"a": [1, 2]}, [1, [2, [3]]], [["1", "2"], ["3"]], {"": ""},
    {"1": "", "2": ""}, [{"a": 1}, {"b": 2}], ["x", "y"], [None], {"a": None}, ["softmax(1, 2)"],
    {"value": 1, "interval": [1, 2]}, [[[1, 2], [3, 4]], [[5, 6]]], ["yes", "no"], ["1e400"],
    {"x": "1 = 2", "y": "3 or 4"}, [1] * 500, {str(i): i for i in range(200)},
)  # fmt: skip

Claim = tuple[str, str, Any]
Key = tuple[Derivation, Explainer]


@cache
def keys() -> dict[str, Key]:
    """The shipped problems that have answers, solved."""
    found: dict[str, Key] = {}
    for path in sorted(PROBLEMS.glob("*.yaml")):
        found |= solved(path, read_exercises(read_file(path), str(path)))
    return found


def solved(path: Path, exercises: Sequence[Exercise]) -> dict[str, Key]:
    """Those of the problems of a file that have answers, by file and id."""
    found: dict[str, Key] = {}
    earlier = {}
    for exercise, outcome in zip(exercises, solve_all(exercises), strict=True):
        earlier[outcome.id or ""] = outcome
        if outcome.derivation is not None:
            problem = read_problem(exercise.kind, resolved(exercise.given, earlier))
            explainer = Explainer(exercise.kind, problem, outcome.derivation)
            found[f"{path.stem}/{outcome.id}"] = outcome.derivation, explainer
    return found


def claims(seed: int) -> Iterator[Claim]:
    """Problems, answers and claims in random order, without end."""
    chance = random.Random(seed)
    problems = list(keys().items())
    while True:
        problem, (derivation, _) = chance.choice(problems)
        answer = chance.choice(derivation.all_answers)
        yield problem, answer.name, claim(chance)


def claim(chance: random.Random) -> Any:
    """A call of a function of the reader, an odd text, or what YAML would make of it."""
    sort = chance.random()
    if sort < 0.15:
        return chance.choice(STRUCTURES)
    if sort < 0.5:
        return decorated(chance.choice(WHOLE), chance)
    count = chance.randrange(4)
    arguments = ", ".join(chance.choice(ARGUMENTS) for _ in range(count))
    return decorated(f"{chance.choice(sorted(FUNCTIONS))}({arguments})", chance)


def decorated(text: str, chance: random.Random) -> str:
    match chance.randrange(8):
        case 0:
            return f"{text} = {chance.choice(WHOLE)}"
        case 1:
            return f"{chance.choice(('theta', 'x', 'm', 'P(a | b)'))} = {text}"
        case 2:
            return f"[{text}, {chance.choice(WHOLE)}]"
        case 3:
            return f"{text} {chance.choice(('or', 'and', ';', '>=', '<=', '+', '/'))} {text}"
    return text


def mark(one: Claim) -> Verdict:
    """The verdict on a claim, explained where it is wrong, as a class would have it."""
    problem, name, typed = one
    return mark_with(keys()[problem], name, typed)


def mark_with(key: Key, name: str, typed: Any) -> Verdict:
    derivation, explainer = key
    answer = derivation.answer(name)
    assert answer is not None
    raw = from_plain(typed, Place("answer", str(typed)))
    found = check(raw, answer, complete=True, others=derivation.known_by_name)
    if found.verdict is Verdict.WRONG:
        explainer.explained(found, raw)
    return found.verdict


def main(seconds: float, seed: int) -> None:
    end, count = time.monotonic() + seconds, 0
    keys()
    for one in claims(seed):
        start = time.process_time()
        try:
            mark(one)
        except MlcalcError as error:
            print("not caught", *map(repr, one), error)
        except Exception as error:
            print(type(error).__name__, error, *map(repr, one), sep="  ")
        took = time.process_time() - start
        if took > SLOW:
            print(f"{took:.1f} s", *map(repr, one))
        count += 1
        if time.monotonic() > end:
            break
    print(f"{count} claims")


if __name__ == "__main__":
    main(*(float(text) for text in sys.argv[1:2] or ["60"]), *(map(int, sys.argv[2:3] or ["0"])))
