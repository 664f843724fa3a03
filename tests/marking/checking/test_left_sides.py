"""What stands before the sign of a claim is believed, in any spelling of what the page prints.

The values were worked out by hand: a Gamma(1.7, 0.9) prior and three waits of 5.04 in sum give a
Gamma(4.7, 5.94) posterior, with mode 3.7/5.94, mean 4.7/5.94 and variance 4.7/5.94².
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from mlcalc.files.document import Entries, Text
from mlcalc.files.errors import Place
from mlcalc.marking.checking import check_named
from mlcalc.showing.derivation import Derivation, Verdict
from tests.marking.checking.judging import derivation_of

R, W, U = Verdict.RIGHT, Verdict.WRONG, Verdict.UNREADABLE

QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "waits": (
        "map",
        {"distribution": "exponential", "data": [1.7, 0.43, 2.91], "new": 1.3,
         "prior": "gamma(shape=1.7, rate=0.9)"},
    ),
    "graph": ("backprop", {"expression": "(x + y)*max(y, z)", "at": {"x": 1, "y": 2, "z": 0}}),
    "lines": ("vc", {"hypothesis_class": "linear", "dimension": 2, "n": 4}),
    "conjunctions": (
        "pac",
        {"hypothesis_class": "conjunctions", "dimension": 7, "epsilon": 0.1, "delta": 0.05,
         "setting": "realizable"},
    ),
    "heights": ("mle", {"distribution": "normal", "data": [2, 4, 4, 5, 6]}),
    "colours": ("mle", {"distribution": "categorical", "data": {"red": 3, "blue": 1}}),
}  # fmt: skip

ROWS = [
    # question, the name by which it is claimed, the claim, what it is about, the verdict
    ("waits", "", "E(λ | D) = 0.6229", "posterior_mean", W),
    ("waits", "", "E(λ | D) = 0.79125", "posterior_mean", R),
    ("waits", "", "E[lambda|D] = 0.79125", "posterior_mean", R),
    ("waits", "", r"\mathbb{E}[\lambda \mid D] = 0.79125", "posterior_mean", R),
    ("waits", "", "posterior mean = 0.79125", "posterior_mean", R),
    ("waits", "", "p(D) = 0.6229", "evidence", W),
    ("waits", "", "Var(λ | D) = 0.6229", "posterior_variance", W),
    ("waits", "", "Var(λ | D) = 0.13321", "posterior_variance", R),
    ("waits", "", "λ̂_MLE = 0.6229", "mle", W),
    ("waits", "", "λ̂_MLE = 0.59524", "mle", R),
    ("waits", "", "lambda_ML = 0.59524", "mle", R),
    ("waits", "", r"\hat{\lambda}_{\mathrm{MLE}} = 0.59524", "mle", R),
    ("waits", "lambda_MLE", "0.59524", "mle", R),
    ("waits", "", "lambda_hat = 0.6229", "lambda", R),
    ("waits", "", "λ_MAP ≈ 0.6229", "lambda", R),
    ("waits", "", "p(λ | D) = Gamma(shape=4.7, rate=5.94)", "posterior", R),
    ("waits", "", "banana = 0.6229", "lambda", U),
    ("waits", "", "α = 0.6229", "lambda", U),
    ("waits", "", "the answer = 0.6229", "lambda", R),
    ("waits", "", "0.6229", "lambda", R),
    ("waits", "mle", "banana = 0.59524", "mle", U),
    ("waits", "mle", "λ = 0.59524", "mle", R),
    ("waits", "mle", "λ̂ = 0.59524", "mle", R),
    ("waits", "mle", "E(λ | D) = 0.59524", "mle", W),
    ("waits", "lambda", "λ̂_MLE = 0.6229", "lambda", W),
    ("waits", "posterior_mean", "p(D) = 0.79125", "posterior_mean", W),
    ("graph", "", "∂f/∂x = 2", "gradients.x", R),
    ("graph", "", "df/dy = 5", "gradients.y", R),
    ("graph", "", "df/dy = 6", "gradients.y", W),
    ("graph", "", r"\frac{\partial f}{\partial x} = 2", "gradients.x", R),
    ("graph", "", "∂g/∂x = 6", "value", U),
    ("graph", "", "f = 6", "value", R),
    ("graph", "gradients.x", "∂f/∂x = 2", "gradients.x", R),
    ("graph", "gradients.x", "∂f/∂y = 2", "gradients.x", W),
    ("lines", "d_VC", "3", "vc_dimension", R),
    ("lines", "", "VCdim(H) = 3", "vc_dimension", R),
    ("lines", "", "m_H(4) = 14", "growth", R),
    ("conjunctions", "N", "107", "samples", R),
    ("conjunctions", "", "N ≥ 107", "samples", R),
    ("conjunctions", "", "banana ≥ 107", "samples", U),
    ("conjunctions", "", "|H| = 2187", "hypotheses", R),
    ("conjunctions", "", "|H| = 107", "hypotheses", W),
    ("conjunctions", "samples", "|H| = 107", "samples", W),
    ("conjunctions", "samples", "the number of samples = 107", "samples", R),
    ("heights", "sigma2", r"\hat\sigma^2 = 1.76", "sigma2", R),
    ("heights", "mu", "σ̂² = 4.2", "mu", W),
    ("heights", "mu", "median = 4.2", "mu", R),
    ("colours", "", "θ̂_red = 3/4", "theta.red", R),
    ("colours", "theta.red", "theta_blue = 3/4", "theta.red", W),
]


@cache
def question(name: str) -> Derivation:
    return derivation_of(*QUESTIONS[name])


@pytest.mark.parametrize(("name", "key", "claim", "about", "verdict"), ROWS)
def test_a_name_is_believed(name: str, key: str, claim: str, about: str, verdict: Verdict) -> None:
    place = Place("--check", claim)
    claims = Entries(((Text(key, place), Text(claim, place)),), place)
    (found,) = check_named(claims, question(name))
    assert (found.name, found.verdict) == (about, verdict), found.remark


def test_a_claim_about_nothing_known_is_told_what_there_is() -> None:
    place = Place("--check", "banana = 1")
    claims = Entries(((Text("", place), Text("banana = 1", place)),), place)
    (found,) = check_named(claims, question("lines"))
    assert "'banana' is no name of an answer" in found.remark
    assert "vc_dimension" in found.remark
