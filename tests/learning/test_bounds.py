"""A bound is one record: its name, its statement, its inequality for each unknown."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT

ADDED = """
from mlcalc.learning.bounds.theorems import BOUNDS, Bound, both
BOUNDS.append(Bound(
    name="markov",
    synonyms=("markoff",),
    title="Markov's inequality, say",
    source="Markov 1884",
    capacity="hypotheses",
    event="some hypothesis misleads",
    reason="so it is said",
    failure="abs(H)/(N*epsilon)",
    solutions={"samples": "abs(H)/(epsilon*delta)", "epsilon": "abs(H)/(N*delta)"},
    lines=both("N*epsilon >= abs(H)/delta"),
))
from mlcalc.cli import main as cli
cli.run(["pac", "--hypotheses", "3", "--epsilon", "0.5", "--delta", "0.5", *BOUND])
"""


def told(*arguments: str) -> str:
    """What is printed where one record was added to the table."""
    code = f"BOUND = {list(arguments)}\n{ADDED}"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=ROOT, check=False
    )
    return ran.stdout + ran.stderr


def test_a_bound_is_one_record() -> None:
    one = told("--bound", "markoff")
    assert "Sample complexity: Markov's inequality, say" in one
    assert "N·ε ≥ ───" in one
    assert "N = 12" in one
    assert "markov = 12" in told("--bound", "all", "--quiet")
