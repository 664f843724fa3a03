"""Answers that are equal to their keys are never wrong, and others never right."""

from __future__ import annotations

from collections import Counter

from tests.marking.checking.judging import judged
from tests.marking.checking.pairs import pairs

COUNT = 1000
SEED = 9


def test_no_generated_pair_has_a_wrong_verdict() -> None:
    """A hundred thousand of each are compared by `tests/benchmarks/pairs.py`."""
    verdicts: Counter[tuple[bool, str]] = Counter()
    for pair in pairs(SEED, COUNT):
        verdict = judged(pair)
        verdicts[pair.are_equal, verdict] += 1
        assert verdict in ("right" if pair.are_equal else "wrong", "undecided"), pair
    undecided = sum(count for (_, verdict), count in verdicts.items() if verdict == "undecided")
    assert undecided <= COUNT // 50
