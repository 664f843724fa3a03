"""How long `mlcalc check` takes for a class: 10,000 students, 10 answers each, 1,000 distinct.

    python tests/benchmarks/check.py [csv|jsonl]

The bound is 10 s on two cores, with the reading, the gradebook and all start-up; `next-month` is
solved anew with each posterior that a student wrote.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

STUDENTS, DISTINCT = 10_000, 100

KEY = """
- id: clicks
  kind: map
  given: {distribution: bernoulli, n: 100, k: 10, prior: "beta(7, 95)"}
  points: {theta: 1, mle: 1, posterior_mean: 1, posterior: 1}
- id: next-month
  kind: map
  given: {distribution: bernoulli, n: 20, k: 3, prior: {from: clicks.posterior}}
- id: layer
  kind: conv-shape
  given: {input: 3@64x64, kernel: 17, filters: 12}
  points: {shape: 1, parameters: 1, multiplications: 1}
- id: letters
  kind: map
  given: {distribution: bernoulli, prior: "beta(alpha, beta)"}
- id: samples
  kind: pac
  given: {vc_dimension: 3, epsilon: 0.1, delta: 0.1, bound: vc}
"""


def typed(random: Random, right: str) -> list[str]:
    """A hundred texts that students might write for one answer, some of them right."""
    if right == "formula":
        return [f"(k + alpha - {i})/(n + alpha + beta - {i % 10})" for i in range(DISTINCT)]
    if right == "beta":
        return [f"beta(17, {135 + i})" for i in range(DISTINCT)]
    if right == "shape":
        return [f"{12 + i % 3}@{40 + i}x{40 + i}" for i in range(DISTINCT)]
    return [right, *(f"{random.uniform(0, 2):.{2 + i % 4}f}{i:02d}" for i in range(DISTINCT - 1))]


def main() -> None:
    ending = sys.argv[1] if len(sys.argv) > 1 else "csv"
    random = Random(9)
    asked = [
        ("clicks", "theta", "0.08"), ("clicks", "mle", "0.1"),
        ("clicks", "posterior_mean", "17/202"),
        ("clicks", "posterior", "beta"), ("next-month", "theta", "19/220"),
        ("layer", "shape", "shape"), ("layer", "parameters", "10416"),
        ("layer", "multiplications", "23970816"), ("letters", "theta", "formula"),
        ("samples", "samples", "1490"),
    ]  # fmt: skip
    texts = {(id_, name): typed(random, right) for id_, name, right in asked}
    with tempfile.TemporaryDirectory() as folder:
        key, answers = Path(folder, "key.yaml"), Path(folder, f"class.{ending}")
        key.write_text(KEY)
        with answers.open("w", newline="") as file:
            rows = csv.writer(file)
            if ending == "csv":
                rows.writerow(["student", "id", "name", "answer"])
            for student in range(STUDENTS):
                for (id_, name), choice in texts.items():
                    text = random.choice(choice)
                    row = {"student": f"s{student:05d}", "id": id_, "name": name, "answer": text}
                    if ending == "csv":
                        rows.writerow(row.values())
                    else:
                        file.write(json.dumps(row) + "\n")
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "mlcalc", "check", "--key", str(key), str(answers), "--summary",
             "--gradebook", str(Path(folder, "grades.csv")), *sys.argv[2:]],
            check=False,
        )  # fmt: skip
        taken = time.perf_counter() - started
    print(f"{taken:.1f} s for {STUDENTS * len(asked):,} answers (exit {done.returncode})")


if __name__ == "__main__":
    main()
