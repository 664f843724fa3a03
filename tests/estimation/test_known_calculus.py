"""Named distributions need no SymPy: what it would answer is shipped, and is what it answers.

`pytest --update-snapshots` writes the file anew.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from mlcalc.estimation import worker
from mlcalc.files.reading import read_document, read_file
from mlcalc.marking.exercise import Exercise, read_exercises, solve_exercise
from mlcalc.maths import calculus, known_calculus
from tests.conftest import PROBLEMS, ROOT

T = TypeVar("T")

LIKELIHOODS = """
bernoulli 1,0,1 | 0,0 | 1,1
binomial(n=10) 3,4,5 | 0,0 | 10,10
geometric 1,3,2 | 1,1
geometric(support=0) 0,2,1 | 0,0
negative_binomial(r=3) 1,2,4 | 0,0
poisson 3,4,1 | 0,0
exponential 1,2,4
exponential(parameter=scale) 1,2,4
exponential(parameter=mean) 1,2,4
normal 1,2,4 | 2,2
normal(sigma2=4) 1,2,4
normal(sigma=2) 1,2,4
normal(mu=0) 1,2,-4 | 0,0
normal(parameter=sd) 1,2,4
normal(mu=0, parameter=sd) 1,2,4
normal(mu=0, parameter=precision) 1,2,4
gamma(shape=2) 1,2,4
gamma(shape=2, parameter=scale) 1,2,4
gamma(rate=1) 1,2,4
gamma 1,2,4
inverse_gamma(shape=2) 1,2,4
lognormal 1,2,4
lognormal(sigma2=1) 1,2,4
lognormal(mu=0) 1,2,4
laplace 1,2,4
laplace(b=1) 1,2,4
laplace(mu=0) 1,-2,4
rayleigh 1,2,4
weibull(shape=2) 1,2,4
pareto(x_m=1) 1,2,4
pareto 1,2,4
uniform 1,2,4
uniform(a=0) 1,2,4
beta(beta=1) 0.2,0.5
beta(alpha=1) 0.2,0.5
"""
"""Distributions with data that have a maximum within the range, and at its ends."""

POSTERIORS = """
bernoulli | beta(7, 95) | beta(1/2, 2) | beta(1, 1) | beta(alpha, beta) | beta(a, b)
binomial(n=10) | beta(2, 3) | beta(a, b)
geometric | beta(2, 3) | beta(a, b)
geometric(support=0) | beta(2, 3)
negative_binomial(r=3) | beta(2, 3)
poisson | gamma(shape=2, scale=2) | gamma(shape=2, rate=3) | gamma(shape=a, rate=b)
poisson | exponential(rate=2) | gamma(shape=1, rate=1)
exponential | gamma(shape=2, scale=2) | gamma(shape=a, rate=b) | exponential(rate=2)
exponential(parameter=scale) | inverse_gamma(shape=3, scale=2)
normal(sigma2=4) | normal(mu=0, sigma2=1) | normal(mu=m, sigma2=s) | laplace(mu=0, b=1)
normal(mu=0) | inverse_gamma(shape=3, scale=2) | inverse_gamma(shape=a, scale=b)
normal(mu=0, parameter=precision) | gamma(shape=2, rate=1)
normal | normal_inverse_gamma(mu=0, kappa=1, shape=3, scale=2)
gamma(shape=2) | gamma(shape=2, rate=1)
inverse_gamma(shape=2) | gamma(shape=2, rate=1)
lognormal(sigma2=1) | normal(mu=0, sigma2=2)
laplace(mu=0) | inverse_gamma(shape=3, scale=2)
rayleigh | inverse_gamma(shape=3, scale=2)
pareto(x_m=1) | gamma(shape=2, rate=1)
weibull(shape=2) | inverse_gamma(shape=3, scale=2)
"""


DENSITIES = """
theta*x^(theta-1) | 0.2,0.5,0.7
(theta+1)*x^theta | 0.2,0.5,0.7
theta*(1-x)^(theta-1) | 0.2,0.5,0.7
theta*exp(-theta*x) | 1,2,4
theta^2*x*exp(-theta*x) | 1,2,4
2*theta*x*exp(-theta*x^2) | 1,2,4
exp(-x/theta)/theta | 1,2,4
x/theta^2*exp(-x/theta) | 1,2,4
theta/x^(theta+1) | 1.5,2,4
theta^x*(1-theta)^(1-x) | 1,0,1
"""
"""What exams write instead of a name."""


def cases() -> Iterator[dict[str, object]]:
    """The questions about named distributions that need no SymPy."""
    samples: dict[str, list[str]] = {}
    for line in LIKELIHOODS.split("\n")[1:-1]:
        words, *more = line.split(" | ")
        distribution, _, first = words.rpartition(" ")
        samples[distribution] = [first, *more]
        yield {"kind": "mle", "given": {"distribution": distribution}}
        for data in samples[distribution]:
            yield {"kind": "mle", "given": {"distribution": distribution, "data": data}}
    for line in POSTERIORS.split("\n")[1:-1]:
        distribution, *priors = line.split(" | ")
        for prior in priors:
            given = {"distribution": distribution, "prior": prior}
            yield {"kind": "map", "given": given}
            yield from ({"kind": "map", "given": {**given, "data": data}}
                        for data in samples[distribution])  # fmt: skip
    for line in DENSITIES.split("\n")[1:-1]:
        density, data = line.split(" | ")
        for more in ({}, {"data": data}):
            yield {"kind": "mle", "given": {"density": density, "parameter": "theta", **more}}


def document() -> str:
    """The cases, and the commands of the README, as a file of problems."""
    found = list(cases())
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in re.findall(r"^\$ mlcalc ((?:map|mle) .*)$", readme, re.MULTILINE):
        kind, *words = shlex.split(command)
        given = {} if words[0].startswith("--") else {"distribution": words.pop(0)}
        fields = ("data", "n", "k", "prior", "parameter", "density")
        given |= {n: words[words.index(f"--{n}") + 1] for n in fields if f"--{n}" in words}
        found.append({"kind": kind, "given": given})
    return "\n".join(f"- {json.dumps(each)}" for each in found)


def exercises() -> Iterator[Exercise]:
    """The cases and the shipped problems."""
    yield from read_exercises(read_document(document(), "cases.yaml"), "cases.yaml")
    for path in PROBLEMS:
        for exercise in read_exercises(read_file(path), str(path)):
            if exercise.kind in ("mle", "map"):
                yield exercise


def here(seconds: float, what: str, function: Callable[..., T], *arguments: object) -> T:
    """What a worker does, in this process."""
    return function(*arguments)


def forget() -> None:
    """Lets all be derived anew."""
    for name, module in list(sys.modules.items()):
        if name.startswith("mlcalc."):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()


def test_what_is_shipped_is_what_sympy_answers(
    monkeypatch: pytest.MonkeyPatch, update_snapshots: bool
) -> None:
    asked: dict[str, tuple[str, tuple[object, ...]]] = {}
    question = known_calculus.question

    def noted(name: str, arguments: tuple[object, ...]) -> str:
        text = question(name, arguments)
        asked[text] = name, arguments
        return text

    forget()
    monkeypatch.setattr(worker, "within", here)
    monkeypatch.setattr(known_calculus, "answers", dict)
    monkeypatch.setattr(known_calculus, "question", noted)
    for exercise in exercises():
        assert solve_exercise(exercise).status in ("solved", "unsolved", "invalid")
    lines = []
    for text, (name, arguments) in sorted(asked.items()):
        try:
            found = getattr(calculus, name)(*arguments)
        except calculus.NotPolynomial as error:
            found = error
        written = known_calculus.written(found)
        if not isinstance(found, Exception):
            assert known_calculus.answer(written) == found, text
        lines.append(f"{text}{known_calculus.ARROW}{written}\n")
    forget()
    if update_snapshots:
        known_calculus.FILE.write_text("".join(lines), encoding="utf-8")
    assert known_calculus.FILE.read_text(encoding="utf-8") == "".join(lines)


def test_named_distributions_and_usual_densities_do_not_load_sympy() -> None:
    program = (
        "import sys; from tests.estimation.test_known_calculus import *; worker.within = here;"
        "loaded = lambda e: [solve_exercise(e), 'sympy' in sys.modules][1];"
        "print(next((e.text('id') or e.given for e in exercises() if loaded(e)), 'NONE'))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert ran.stdout.strip() == "NONE", ran.stdout
