"""How fast files of problems, one-off questions, a class and large inputs are, in processor time.

    python -m tests.benchmarks.throughput [--commit 6e659a2] [--seed 1] [--count 100] [PART ...]

A PART is `kinds` (a problem's time in the commit and in the working tree, both compiled, the start
taken off), `start` (beside one import of typer and rich.console), `class` (beside reading the same
rows by Python's csv module) or `sizes` (time against size, up to what is refused); else all.
"""

from __future__ import annotations

import argparse
import compileall
import csv
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import exp, log
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

HERE = Path(__file__).parents[2]
REPEATS = 5
LONGEST = 60.0
"""Seconds that a size may take before larger ones are left out."""

random_ = random.Random()
r = random_.randint


def d() -> str:
    """A decimal between 0 and 1 with three digits."""
    return f"0.{r(1, 999):03}"


def row(count: int, make: Callable[[], object]) -> str:
    return f"[{', '.join(str(make()) for _ in range(count))}]"


KINDS = {
    "conv-shape": "input: '<1-64>@<20-400>x<20-400>', kernel: <1-7>, stride: <1-3>, "
    "padding: <0-3>, filters: <1-128>",
    "map": "distribution: bernoulli, n: <20-900>, k: <1-19>, prior: 'beta(<2-99>, <2-99>)'",
    "mle": f"distribution: poisson, data: [{', '.join(['<0-30>'] * 8)}]",
    "nb": "model: bernoulli, priors: {a: 1/3, b: 2/3}, query: {x: 1, y: 0}, "
    "likelihoods: {a: {x: <>, y: <>}, b: {x: <>, y: <>}}",
    "pac": "hypotheses: <2-9>^<2-60>, epsilon: <>, delta: <>, setting: realizable",
    "vc": "hypothesis_class: linear, points: [[0, 0], [1, <0-99>], [<0-99>, 1], [<1-99>, <1-99>]]",
    "params": "network: '3@128x128 > maxpool 2 > conv <1-256> k<1-17> > maxpool 3 > flatten > "
    "fc <10-999> > relu > fc 10 > softmax'",
    "mlp": "weights: [[[<>, <>], [<>, <>]], [[<>, <>], [<>, <>]]], biases: [<>, <>], x: [<>, <>], "
    "activation: sigmoid, targets: [0.01, 0.99], loss: half-squared-error, learning_rate: 0.5",
    "backprop": "expression: '(x + <1-9>*y)*max(y, <1-9>*z)', at: {x: <1-99>, y: <1-99>, z: 3}",
    "rnn-step": "W_xh: <>, W_hh: <>, W_hy: <>, x: [<>, <>], targets: [1, 0], "
    "loss: half-squared-error",
}
"""A problem of each kind in a spelling that every version reads.

A number stands for <1-9>, and a decimal of three digits for <>.
"""

SIZES: dict[str, Callable[[int], str]] = {
    "conv-shape (pixels)": lambda n: f"image: {table(round(n**0.5), round(n**0.5))}, kernel: 3, "
    "weights: [[1, 0, -1], [2, 0, -2], [1, 0, -1]]",
    "map (data)": lambda n: f"distribution: poisson, data: {row(n, lambda: r(0, 30))}, "
    "prior: 'gamma(shape=2, scale=2)'",
    "mle (data)": lambda n: f"distribution: normal, data: {row(n, lambda: r(0, 99))}",
    "nb (rows)": lambda n: "model: categorical, query: {x: a}, data: "
    + row(n, lambda: f"{{x: {random_.choice('abc')}, class: {random_.choice('yn')}}}"),
    "pac (digits)": lambda n: f"hypotheses: 2^{n}, epsilon: 0.1, delta: 0.05, setting: realizable",
    "vc (points)": lambda n: f"hypothesis_class: thresholds, points: {row(n, lambda: r(0, n * n))}",
    "params (layers)": lambda n: f"network: '100{' > fc 100 > relu' * (n // 2)}'",
    "mlp (weights)": lambda n: f"weights: [{table(round((n / 2) ** 0.5), round((n / 2) ** 0.5))}, "
    f"{table(1, round((n / 2) ** 0.5))}], x: {row(round((n / 2) ** 0.5), d)}, activation: relu",
    "backprop (terms)": lambda n: f"expression: '{'x*y + ' * (n - 1)}x', at: {{x: 2, y: 3}}",
    "rnn-step (steps)": lambda n: f"W_xh: 0.5, W_hh: 0.9, W_hy: 1, x: {row(n, d)}",
}  # fmt: skip

EXAM = {
    "conv-shape": "32x32 --kernel 5 --stride 2",
    "map": "poisson --data 3,4,1 --prior gamma(shape=2,rate=2)",
    "mle": "normal --data 2,4,4,5,6", "backprop": "(x+y)*max(y,z) --at x=1,y=2,z=0",
    "nb": "--model bernoulli --priors a=1/3,b=2/3 --likelihoods a:{x:0.8},b:{x:0.1} --query x=1",
    "pac": "--hypotheses 3^10 --epsilon 0.1 --delta 0.05 --setting realizable",
    "vc": "linear --points 0,0;1,0;0,1", "params": "'10 > fc 3 > relu'",
    "mlp": "--weights 1,2;3,4 --weights 1,1 --x 1,2 --activation relu",
    "rnn-step": "--W-xh 0.5 --W-hh 0.9 --W-hy 1 --x 1,0",
}  # fmt: skip


def filled(found: re.Match[str]) -> str:
    return str(r(int(found[1]), int(found[2]))) if found[1] else d()


def table(rows: int, columns: int) -> str:
    return row(rows, lambda: row(columns, lambda: r(-9, 9)))


def problems(kind: str, count: int) -> list[str]:
    """So many problems of a kind, no two alike, a line each."""
    seen: dict[str, None] = {}
    while len(seen) < count:
        seen[re.sub("<(?:([0-9]+)-([0-9]+))?>", filled, KINDS[kind])] = None
    return [f"- {{id: c{i}, kind: {kind}, given: {{{text}}}}}\n" for i, text in enumerate(seen)]


def seconds(command: list[str], tree: Path | None = None) -> tuple[float, int]:
    """Processor seconds of a command and of what it starts, and its exit code."""
    variables = os.environ | ({} if tree is None else {"PYTHONPATH": str(tree)})
    before = getrusage(RUSAGE_CHILDREN)
    done = subprocess.run(
        command, env=variables, cwd=tempfile.gettempdir(), check=False,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    after = getrusage(RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, done.returncode


def mlcalc(tree: Path, *arguments: object) -> float:
    return seconds([sys.executable, "-m", "mlcalc", *map(str, arguments)], tree)[0]


@contextmanager
def older(commit: str) -> Iterator[Path]:
    """The commit in a worktree of its own."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "older"
        git = ["git", "-C", str(HERE), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), commit], check=True)
        try:
            compileall.compile_dir(tree / "mlcalc", quiet=2)
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def mean(ratios: list[float]) -> float:
    """The geometric one."""
    return exp(sum(map(log, ratios)) / len(ratios))


def kinds(commit: str, count: int, folder: Path) -> None:
    ratios: dict[str, list[float]] = {"--json": [], "--quiet": []}
    print(f"milliseconds a problem, {commit} and now, and how many times as fast")
    with older(commit) as tree:
        for kind in KINDS:
            lines, one, all_ = problems(kind, count), folder / "one.yaml", folder / "all.yaml"
            one.write_text(lines[0])
            all_.write_text("".join(lines))
            cells = []
            for mode, found in ratios.items():
                both = []
                for each in (tree, HERE):
                    start = min(mlcalc(each, "solve", mode, one) for _ in range(2))
                    used = min(mlcalc(each, "solve", mode, all_) for _ in range(2)) - start
                    both.append(max(used, 1e-6) / (count - 1) * 1e3)
                found.append(both[0] / both[1])
                cells.append(f"{mode} {both[0]:8.2f} {both[1]:7.3f} {found[-1]:7.1f}×")
            print(f"{kind:12}", "   ".join(cells), flush=True)
        density = "mle", "--density", "theta*x^(theta-1)"
        before, now = (min(mlcalc(each, *density) for _ in range(3)) for each in (tree, HERE))
    for mode, found in ratios.items():
        print(f"{mode}: {mean(found):.1f} times in the geometric mean, {min(found):.1f} at least")
    print(f"{' '.join(density)}: {before:.2f} s and {now:.2f} s, {before / now:.1f} times as fast")


def start() -> None:
    import_ = [sys.executable, "-c", "import typer, rich.console"]
    commands = {"--help": ["--help"]} | {k: [k, *shlex.split(text)] for k, text in EXAM.items()}
    measured: dict[str, list[float]] = {name: [] for name in ("import", *commands)}
    for _ in range(REPEATS):
        measured["import"].append(seconds(import_)[0])
        for name, words in commands.items():
            measured[name].append(mlcalc(HERE, *words))
    least = {name: min(found) for name, found in measured.items()}
    print("start beside one import of typer and rich.console")
    for name in commands:
        print(f"{name:12} {least[name] / least['import']:5.2f}")


def class_(students: int, folder: Path) -> None:
    """Ten answers of each student, of which a thousand are different, in ten files."""
    key, names = folder / "key.yaml", [folder / f"class{i}.csv" for i in range(10)]
    given = [f"distribution: bernoulli, n: {n}, k: 3" for n in range(7, 17)]
    lines = [f"- {{id: q{i}, kind: mle, given: {{{text}}}}}\n" for i, text in enumerate(given)]
    key.write_text("".join(lines))
    claims = [[f"0.{number:03}" for number in range(100, 200)] for _ in given]
    for part, name in enumerate(names):
        with open(name, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("student", "id", "answer"))
            for student in range(part, students, len(names)):
                for i, known in enumerate(claims):
                    writer.writerow((f"s{student}", f"q{i}", random_.choice(known)))
    read = f"import csv\nfor name in {[str(name) for name in names]}:\n"
    read += "    with open(name, newline='') as file: sum(1 for _ in csv.reader(file))\n"
    reading = seconds([sys.executable, "-c", read])[0] - seconds([sys.executable, "-c", ""])[0]
    marking = mlcalc(HERE, "check", "--key", key, *names, "--quiet")
    size = getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{students} students: csv {reading:.2f} s, check {marking:.2f} s, "
          f"{marking / reading:.0f} times; at most {size:.0f} MB so far")  # fmt: skip


def sizes(folder: Path) -> None:
    print("processor seconds of `solve --json` at 10, 100, …")
    path = folder / "size.yaml"
    for name, make in SIZES.items():
        cells = []
        for power in range(1, 7):
            path.write_text(f"kind: {name.split()[0]}\ngiven: {{{make(10**power)}}}\n")
            used, code = seconds([sys.executable, "-m", "mlcalc", "solve", "--json", path], HERE)
            cells.append(f"{used:7.2f}" if code == 0 else f" refused ({code})")
            if code or used > LONGEST:
                break
        print(f"{name:20}", *cells, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--commit", default="6e659a2")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    wanted = parser.parse_args()
    random_.seed(wanted.seed)
    compileall.compile_dir(HERE / "mlcalc", quiet=2)
    with tempfile.TemporaryDirectory() as name:
        parts: dict[str, Callable[[], None]] = {
            "class": lambda: class_(100_000, Path(name)),
            "kinds": lambda: kinds(wanted.commit, wanted.count, Path(name)),
            "start": start,
            "sizes": lambda: sizes(Path(name)),
        }
        for part in wanted.parts or parts:
            parts[part]()


if __name__ == "__main__":
    main()
