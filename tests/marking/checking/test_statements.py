"""What a claim says in all: chains, alternatives, names, inequalities, several statements.

The keys were worked out by hand, or are those of textbooks: Mazur's network of 2015, the corners
of a square that no line tells apart.  A row is a question, an answer of it, a claim, a verdict.
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
    "coin": ("mle", {"distribution": "bernoulli", "n": 7, "k": 3}),
    "heights": ("mle", {"distribution": "normal", "data": [2, 4, 4, 5, 6]}),
    "whole": ("mle", {"distribution": "normal", "data": [1, 3]}),
    "zero": ("mle", {"distribution": "normal", "data": [-1, 1]}),
    "coins": ("mle", {"distribution": "bernoulli"}),
    "geometric": ("mle", {"distribution": "geometric"}),
    "letters": ("map", {"distribution": "bernoulli", "prior": "beta(alpha, beta)"}),
    "clicks": ("map", {"distribution": "bernoulli", "n": 100, "k": 10, "prior": "beta(7, 95)"}),
    "median": ("mle", {"distribution": "laplace(b=1)", "data": [1, 2, 4, 9]}),
    "conjunctions": (
        "pac",
        {"hypothesis_class": "conjunctions", "dimension": 10, "epsilon": 0.01, "delta": 0.02,
         "setting": "realizable"},
    ),
    "accuracy": (
        "pac", {"hypotheses": 1000, "samples": 500, "delta": 0.05, "setting": "realizable"},
    ),
    "bounded": ("vc", {"vc_dimension": 3, "n": 11}),
    "lines": ("vc", {"hypothesis_class": "linear", "dimension": 2, "n": 4}),
    "square": ("vc", {"hypothesis_class": "linear", "points": [[0, 0], [1, 0], [0, 1], [1, 1]]}),
    "spam": (
        "nb",
        {"model": "bernoulli", "priors": {"spam": "1/2", "ham": "1/2"},
         "likelihoods": {"spam": {"win": 0.8}, "ham": {"win": 0.2}}, "query": {"win": 1}},
    ),
    "tie": (
        "nb",
        {"model": "bernoulli", "priors": {"spam": "1/2", "ham": "1/2"},
         "likelihoods": {"spam": {"win": 0.2}, "ham": {"win": 0.2}}, "query": {"win": 1}},
    ),
    "normal tie": (
        "nb",
        {"model": "gaussian", "data": [{"x": 0, "y": "a"}, {"x": 2, "y": "a"}, {"x": 4, "y": "b"},
                                       {"x": 6, "y": "b"}],
         "label": "y", "query": {"x": 3}},
    ),
    "density tie": (
        "nb",
        {"model": "density", "priors": {"a": 0.5, "b": 0.5},
         "likelihoods": {"a": {"x": "uniform(0, 1)"}, "b": {"x": "uniform(0, 1)"}},
         "query": {"x": 0.5}},
    ),
    "layer": ("conv-shape", {"input": "3@32x32", "kernel": 5, "filters": 8}),
    "network": (
        "mlp",
        {"weights": [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]],
         "biases": [[0.35, 0.35], [0.60, 0.60]], "x": [0.05, 0.10], "activation": "sigmoid",
         "output_activation": "sigmoid", "targets": [0.01, 0.99], "loss": "half-squared-error",
         "update_biases": False,
         "learning_rate": 0.5},
    ),
    "graph": ("backprop", {"expression": "(x + y)*max(y, z)", "at": {"x": 1, "y": 2, "z": 0}}),
    "neuron": ("backprop", {"expression": "0.5*(sigmoid(w*x) - t)^2", "at": {}}),
}  # fmt: skip

ROWS = [
    # Each member of a chain is claimed.
    ("coin", "theta", "3/7 = 0.43", R),
    ("coin", "theta", "3/7 = 0.4", R),
    ("coin", "theta", "theta = 3/7 = 0.428", R),
    ("coin", "theta", "k/n = 3/7 = 0.4286", R),
    ("coin", "theta", "3/7 = 0.5", U),
    ("coin", "theta", "3/7 = 0.428 = 0.5", U),
    ("coin", "theta", "0.4 = 0.43", U),
    ("coin", "theta", "3/7 = 4/7", U),
    ("coin", "theta", "1/2 = 0.5", W),
    ("coin", "theta", "2*theta = 3/7", U),
    ("geometric", "theta", "n/sum = 1/mean", R),
    ("geometric", "theta", "n/sum = 1/n", U),
    ("geometric", "theta", "1/n = n", W),
    ("coins", "theta", "mean", R),
    ("coins", "theta", r"\bar{x}", R),
    ("coins", "theta", "sum/n = k/n = mean", R),
    ("coins", "theta", "mean = k/n", R),
    ("coins", "theta", "1 - mean", W),
    ("letters", "theta", r"\bar{x}", W),
    ("letters", "theta", "(k+alpha-1)/(n+alpha+beta-2) = k/n", U),
    ("letters", "theta", "(k+alpha-1)/(n+alpha+beta-2) = (alpha+k-1)/(alpha+beta+n-2)", R),
    ("letters", "theta", r"\hat\theta = \frac{k+\alpha-1}{n+\alpha+\beta-2} = \frac{k}{n}", U),
    ("network", "output", "[0.7514, 0.7729] = [5, 7]", U),
    ("network", "output", "output = [0.7514, 0.7729]", R),
    ("network", "output", "[5, 7] = [6, 8]", W),
    ("median", "mu", "[2, 4]", R),
    ("median", "mu", "[2, 4] = [1, 9]", U),
    ("median", "mu", "3 = 3.5", U),
    ("median", "mu", "mu = 3", R),
    ("median", "mu", "[2; 4]", R),
    ("median", "mu", "2-4", U),
    ("clicks", "posterior", "Beta(17,185) = Beta(16,184)", U),
    ("clicks", "posterior", "posterior = Beta(17,185)", R),
    ("layer", "shape", "8x28x28 = 8x14x14", U),
    ("layer", "shape", "(32 - 5)/1 + 1 = 28", W),
    ("graph", "gradients", "x: 2 = 3, y: 5, z: 0", U),
    ("graph", "gradients", "x: 2, y: 5, z: 0", R),
    # Alternatives.
    ("coin", "theta", "3/7 or 0.4286", R),
    ("coin", "theta", "3/7; 0.4286", R),
    ("coin", "theta", "3/7 or 4/7", U),
    ("coin", "theta", "1/2 or 4/7", W),
    ("coin", "theta", "0.4286 (or 0.5714)", U),
    ("coin", "theta", "0.43 ± 0.01", U),
    ("conjunctions", "samples", "1489 or 1490", U),
    ("layer", "shape", "8x28x28 or 8x14x14", U),
    ("spam", "prediction", "spam or ham", U),
    # A name is believed.
    ("heights", "sigma2", "sigma^2 = 1.76", R),
    ("heights", "sigma2", "sigma = 1.76", W),
    ("heights", "sigma2", "sigma = 1.3266", W),
    ("heights", "sigma2", "sd = 1.76", W),
    ("heights", "sigma2", "variance = 1.76", R),
    ("heights", "sigma2", "sigma = 1.3266, so sigma^2 = 1.76", R),
    ("heights", "sigma2", "sigma = 1.3266 => sigma^2 = 1.76", R),
    ("heights", "sigma2", "mu = 4.2, sigma^2 = 1.76", R),
    ("heights", "sigma2", "mu = 4.2, sigma^2 = 2.2", W),
    ("heights", "mu", "sigma2 = 4.2", W),
    ("heights", "mu", r"\hat{\mu} = 4.2", R),
    ("heights", "mu", "m = 4.2", R),
    ("clicks", "theta", "mle = 0.08", W),
    ("clicks", "mle", "theta = 0.1", R),
    ("clicks", "posterior_mean", "theta = 17/202", R),
    ("lines", "vc_dimension", "break_point = 3", W),
    ("lines", "vc_dimension", "d_VC = 3", R),
    ("network", "loss_after", "loss = 0.291027924", R),
    ("coin", "theta", "k=10, theta=3/7", U),
    # Inequalities.
    ("conjunctions", "samples", "N >= 1490", R),
    ("conjunctions", "samples", "≥ 1490", R),
    ("conjunctions", "samples", "1490 <= N", R),
    ("conjunctions", "samples", r"m \ge 1490", R),
    ("conjunctions", "samples", "N >= 1489.81 = 1490", R),
    ("conjunctions", "samples", "N <= 1490", W),
    ("conjunctions", "samples", r"N \leq 1490", W),
    ("conjunctions", "samples", "1490 >= N", W),
    ("conjunctions", "samples", "N >= 1489", W),
    ("accuracy", "epsilon", "epsilon <= 0.0198", R),
    ("coin", "theta", "theta >= 3/7", U),
    ("lines", "vc_dimension", "d >= 3", U),
    # With the VC dimension alone Sauer's 1 + 11 + 55 + 165 is the most, and 2³ the least.
    ("bounded", "growth", "m_H(11) <= 232", R),
    ("bounded", "growth", "≤ 232", R),
    ("bounded", "growth", "232", R),
    ("bounded", "growth", "200", Verdict.UNDECIDED),
    ("bounded", "growth", "m_H(11) >= 232", W),
    ("bounded", "growth", "233", W),
    ("bounded", "growth", "7", W),
    ("bounded", "growth", "100.5", W),
    # Counts are exact, measures rounded or cut.
    ("conjunctions", "samples", "1489.9999", W),
    ("conjunctions", "samples", "1490.0", R),
    ("lines", "growth", "14.001", W),
    ("whole", "mu", "1.9996", R),
    ("whole", "mu", "2.000000000000001", R),
    ("whole", "mu", "1.99", W),
    ("zero", "mu", "1e-12", R),
    ("zero", "mu", "0.001", W),
    ("coin", "theta", "0.428", R),
    ("coin", "theta", "0.4285", R),
    ("coin", "theta", "0.4287", R),
    ("coin", "theta", "0.427", W),
    # Vectors keep their order, and a set is none.
    ("network", "output", "{0.7514, 0.7729}", R),
    ("network", "output", "{0.7729, 0.7514}", W),
    ("network", "output", "0.7514 and 0.7729", R),
    ("network", "output", "o1 = 0.7514, o2 = 0.7729", R),
    ("network", "output", "o1 = 0.7729, o2 = 0.7514", W),
    ("network", "output", "o2 = 0.7729, o1 = 0.7514", R),
    ("square", "missing", "0110", R),
    ("square", "missing", "+--+", R),
    ("square", "missing", "[-1, 1, 1, -1]", R),
    ("square", "missing", "0011", W),
    # Words.
    ("spam", "prediction", "spam", R),
    ("spam", "prediction", "y = spam", R),
    ("spam", "prediction", "the class is spam", R),
    ("spam", "prediction", "spam, since 0.8 > 0.2", R),
    ("spam", "prediction", "spam, not ham", R),
    ("spam", "prediction", "ham", W),
    ("spam", "prediction", "ham = spam", U),
    ("spam", "prediction", "not spam", U),
    ("spam", "prediction", "junk", U),
    ("tie", "prediction", "spam", R),
    ("tie", "prediction", "ham", R),
    ("tie", "prediction", "ham or spam", R),
    ("tie", "prediction", "junk", U),
    ("normal tie", "prediction", "a", R),
    ("normal tie", "prediction", "b", R),
    ("density tie", "prediction", "b", R),
    ("conjunctions", "case", "realizable, finite", R),
    ("conjunctions", "case", "agnostic = realizable, finite", U),
    ("conjunctions", "case", "agnostic", W),
    ("lines", "can_shatter", "no", R),
    ("lines", "can_shatter", "No, the XOR labeling is missing", R),
    ("lines", "can_shatter", "yes, they can", W),
    ("lines", "can_shatter", "No, actually yes", U),
    ("lines", "can_shatter", "yes, no", U),
    ("lines", "can_shatter", "Yes, they cannot", U),
    ("lines", "can_shatter", "yes = no", U),
]


@cache
def question(name: str) -> Derivation:
    return derivation_of(*QUESTIONS[name])


@pytest.mark.parametrize(("name", "answer", "claim", "verdict"), ROWS)
def test_a_claim(name: str, answer: str, claim: str, verdict: Verdict) -> None:
    place = Place("--check", claim)
    claims = Entries(((Text(answer, place), Text(claim, place)),), place)
    (found,) = check_named(claims, question(name))
    assert found.verdict is verdict, found.remark


def test_the_table_is_large() -> None:
    assert len(ROWS) >= 80 == len(set(ROWS[:80]))
    assert {verdict for *_, verdict in ROWS} == {R, W, U, Verdict.UNDECIDED}
