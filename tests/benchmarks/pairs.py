"""A hundred thousand answers that are equal to their keys, and as many that are not.

Run: python -m tests.benchmarks.pairs.  None may have a wrong verdict; few may be undecided.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from multiprocessing import Pool

from tests.marking.checking.judging import judged
from tests.marking.checking.pairs import Pair, pairs

EACH = 1000
MOST_UNDECIDED = 0.01


def compared(seed: int) -> tuple[Counter[tuple[bool, str]], list[Pair]]:
    """The verdicts on a thousand pairs of each sort, and the pairs whose verdict is wrong."""
    verdicts: Counter[tuple[bool, str]] = Counter()
    wrong = []
    for pair in pairs(seed, EACH):
        verdict = judged(pair)
        verdicts[pair.are_equal, verdict] += 1
        if verdict not in ("right" if pair.are_equal else "wrong", "undecided"):
            wrong.append(pair)
    return verdicts, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many pairs of each sort")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    began = time.monotonic()
    verdicts: Counter[tuple[bool, str]] = Counter()
    wrong: list[Pair] = []
    seeds = range(wanted.seed, wanted.seed + wanted.count // EACH)
    with Pool() as pool:
        for found, more in pool.imap_unordered(compared, seeds):
            verdicts += found
            wrong += more
    for (are_equal, verdict), count in sorted(verdicts.items()):
        print(f"{'equal' if are_equal else 'unequal'}: {count} {verdict}")
    for pair in wrong[:20]:
        print(pair)
    print(f"{sum(verdicts.values())} pairs in {time.monotonic() - began:.0f} s")
    undecided = sum(count for (_, verdict), count in verdicts.items() if verdict == "undecided")
    return 1 if wrong or undecided > MOST_UNDECIDED * sum(verdicts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
