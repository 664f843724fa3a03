"""Values that are allowed and far out: each is answered rightly or refused, in little work."""

from __future__ import annotations

import subprocess
import sys
from math import comb, log

import mpmath
import pytest

resource = pytest.importorskip("resource")

PROCESSOR_SECONDS = 30
"""Far above what any takes, and far below what one that counts up to 10^100 would."""


def ran(*arguments: str) -> str:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))

    done = subprocess.run(
        [sys.executable, "-m", "mlcalc", *arguments],
        capture_output=True, encoding="utf-8", preexec_fn=limited, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 2, 3), done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("epsilon", ["1e-15", "1e-20", "1e-100"])
def test_the_smallest_sample(epsilon: str) -> None:
    """Devroye's bound holds for the N found, and not for N - 1, in 600 digits of mpmath."""
    question = ("--vc-dimension", "3", "--epsilon", epsilon, "--delta", "0.05")
    said = ran("pac", *question, "--setting", "agnostic", "--bound", "devroye", "--quiet")
    n = int(said.partition("samples = ")[2].split()[0])
    with mpmath.workdps(600):
        e = mpmath.mpf(epsilon)

        def excess(n: int) -> mpmath.mpf:
            growth = mpmath.mpf(n) ** 6 + 1
            return (4 * e * (1 + e) + mpmath.log(4 * growth / mpmath.mpf("0.05"))) / (2 * e**2) - n

        assert excess(n) <= 0 < excess(n - 1)


def test_clauses_of_more_literals_than_attributes() -> None:
    """A clause has at most n literals: (3^n - 1) clauses in all, however large k is."""
    assert sum(comb(10, i) * 2**i for i in range(1, 11)) == 3**10 - 1
    expected = -int(-((3**10 - 1) * log(2) + log(20)) // 0.1)
    question = ("--dimension", "10", "--epsilon", "0.1", "--delta", "0.05")
    said = ran("pac", "--hypothesis-class", "k-cnf(99999)", *question, "--setting", "realizable",
               "--quiet")  # fmt: skip
    assert f"samples = {expected}\n" in said


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("vc", "intervals(1e100)", "--n", "4"), "can_shatter = yes"),
        (("vc", "intervals(1e9)", "--n", "4"), "can_shatter = yes"),
        (("vc", "polynomials(degree=10^6)", "--points", "0 0; 2 0; 2 2; 0 2"), "shattered = yes"),
        (("pac", "--vc-dimension", "3", "--epsilon", "1e-400", "--delta", "0.05",
          "--setting", "agnostic", "--bound", "devroye"), "more than 250 digits"),
        (("mle", "weibull(k=1e-100)", "--data", "1,2"), "too far out to calculate with"),
        (("mle", "weibull(k=1e-9)", "--data", "1,2"), "too far out to calculate with"),
    ],
)  # fmt: skip
def test_far_out(command: tuple[str, ...], said: str) -> None:
    assert said in ran(*command, "--quiet")


@pytest.mark.parametrize("k", ["123.4567", "12.34567", "1.234567", "0.1234567", "2.5"])
def test_an_exponent_of_many_digits(k: str) -> None:
    """The scale of a Weibull density is (Σ x^k / n)^(1/k)."""
    expected = ((1 + 2 ** float(k)) / 2) ** (1 / float(k))
    said = ran("mle", f"weibull(k={k})", "--data", "1,2", "--quiet")
    assert float(said.partition("scale ≈ ")[2].split()[0]) == pytest.approx(expected, rel=1e-4)
