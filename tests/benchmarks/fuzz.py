"""Whatever is typed ends in an answer or a message: questions, claims, files, tables and classes.

Run: python -m tests.benchmarks.fuzz --seconds 60.  A seed is a day's, so that each run of a day is
the same and the next day's another.  What counts as a fault: an exit code outside the contract
(70 is one), a traceback, a warning of Python's, a case that takes more than ten seconds of the
processor, JSON that is none, a refusal without a word, YAML that does not read back.  Each is
printed once, with the command that shows it in an empty folder; `--only MAKER:NUMBER` runs one.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import io
import json
import os
import pickle
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, NamedTuple, NoReturn

from mlcalc.cli.main import run
from mlcalc.estimation import worker
from mlcalc.files.errors import Unsolved
from tests.benchmarks import fuzz_answers
from tests.benchmarks.cases import MAKERS, Case
from tests.conftest import ROOT

MOST_SECONDS = 10
"""Of one case, in the processor's time, beside work that has a limit of its own."""

MOST_WORK = 3.0
"""Of such work, which a user may give longer."""

HANGS = 180.0
"""Seconds on the clock, after which a case is given up where no signal reaches it."""

MOST_MEMORY = 4 * 2**30
CODES = {0, 1, 2, 3}
MOST_TURNS = 1_000_000
"""Of one maker on one day."""

SHARE_OF_ANSWERS = 0.25
MOST_LENGTH = 3000


class Hang(BaseException):
    """A case has used up its time."""


class Ended(NamedTuple):
    """What came of a case."""

    code: object
    out: str
    err: str


def at_once(seconds: float, what: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """The work of a worker in this process, which need not start another for it."""
    left, _ = signal.setitimer(signal.ITIMER_PROF, min(seconds, MOST_WORK))
    try:
        found = pickle.dumps(worker.computed(function, arguments))
    except Hang:
        raise Unsolved.because(f"{what} did not finish") from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, left)
    return worker.outcome(found, what)


def hang(number: int, frame: FrameType | None) -> NoReturn:
    where = frame
    while where is not None and "mlcalc" not in where.f_code.co_filename:
        where = where.f_back
    place = "" if where is None else f" in {where.f_code.co_filename}, line {where.f_lineno}"
    raise Hang(f"more than {MOST_SECONDS} s{place}")


def ran(arguments: list[str], typed: str = "") -> Ended:
    """The program in this process, as it would end in one of its own."""
    out, err = io.StringIO(), io.StringIO()
    given = io.TextIOWrapper(io.BytesIO(typed.encode("utf-8", "surrogatepass")))
    code: object
    before, sys.stdin = sys.stdin, given
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    faulthandler.dump_traceback_later(HANGS, exit=True)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(arguments)
    except SystemExit as stop:
        code = stop.code
    except (Hang, Exception) as error:
        code = f"{type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()
        sys.stdin = before
    return Ended(code, out.getvalue(), err.getvalue())


def faults(case: Case, ended: Ended) -> Iterator[str]:
    """What is wrong with the way in which a case ended, in a few words that tell its sort."""
    arguments = case.arguments
    wants_json = "--json" in arguments or "--format=json" in arguments
    if ended.code == 70:
        said = [
            line for line in (ended.err + ended.out).splitlines() if "itself is at fault" in line
        ]
        for line in said or ["exit code 70 without a word"]:
            yield re.sub(r".*?(mlcalc itself is at fault: .*?); please.*", r"\1", line)
    elif ended.code not in CODES:
        yield f"exit code {ended.code}"
    if "Traceback" in ended.err:
        yield "a traceback: " + ended.err.strip().splitlines()[-1][:200]
    elif "Warning: " in ended.err:
        yield re.sub(r"(?s).*?(\w+Warning: [^\n]*).*", r"\1", ended.err)[:200]
    is_shown = not any(word.startswith(("--output", "-o", "--yaml")) for word in arguments)
    if ended.code in (2, 3) and is_shown and not ended.err.strip() and not ended.out.strip():
        yield f"exit code {ended.code} without a word"
    if wants_json and is_shown and ended.out:
        try:
            for line in ended.out.splitlines():
                json.loads(line, parse_constant=no_constant)
        except ValueError as error:
            yield f"JSON that is none: {error}"
    if "--yaml" in arguments and ended.code == 0 and ended.out:
        yield from read_back(case, ended.out)


def no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def read_back(case: Case, printed: str) -> Iterator[str]:
    """What --yaml prints asks the same as what was typed."""
    Path("again.yaml").write_text(printed, encoding="utf-8", errors="surrogatepass")
    words = [
        word for word in case.arguments if word not in ("--yaml", "--json", "--quiet", "--plot")
    ]
    kept = [word for word in words if not word.startswith(("--format", "--digits", "--svg"))]
    asked = ran([*kept, "--json"])
    again = ran(["solve", "again.yaml", "--json"])
    if asked.code in CODES and again.code != asked.code:
        yield f"--yaml that does not read back: exit code {again.code} for {asked.code}"


def tried(case: Case, folder: str) -> list[str]:
    """The faults of a case, in an empty folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    os.chdir(folder)
    os.symlink(ROOT / "problems", "problems")
    for name, text in case.files.items():
        Path(name).write_bytes(text.encode("utf-8", "surrogatepass"))
    return list(faults(case, ran(case.arguments, case.typed)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=date.today().toordinal(), help="of the day")
    parser.add_argument("--only", help="one case, such as claim:17, or the cases of a maker")
    wanted = parser.parse_args()
    warnings.simplefilter("always")
    signal.signal(signal.SIGPROF, hang)
    worker.within = at_once
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    os.environ.pop("MLCALC_DEBUG", None)
    os.environ["COLUMNS"] = "80"
    # Questions have the most to try.  A day begins where no other does.
    makers = [name for other in MAKERS if other != "question" for name in ("question", other)]
    turns = Counter(dict.fromkeys(MAKERS, wanted.seed * MOST_TURNS))
    if wanted.only:
        name, _, number = wanted.only.partition(":")
        makers, turns[name] = [name], int(number or turns[name])
    answers = 0.0 if wanted.only else SHARE_OF_ANSWERS * wanted.seconds
    end = time.monotonic() + wanted.seconds - answers
    seen: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    slowest = (0.0, "")
    begun = os.getcwd()
    with tempfile.TemporaryDirectory() as room:
        while time.monotonic() < end:
            for name in makers:
                turn = turns[name]
                turns[name] += 1
                case = MAKERS[name](Random(f"{name} {turn}"), turn)
                start = time.process_time()
                found = tried(case, os.path.join(room, "empty"))
                slowest = max(slowest, (time.process_time() - start, f"{name}:{turn}"))
                codes[name] += 1
                for fault in found:
                    seen[fault] += 1
                    if seen[fault] == 1:
                        print(f"{name}:{turn}: {fault}\n  {case.command[:MOST_LENGTH]}", flush=True)
            if wanted.only and ":" in wanted.only:
                break
        os.chdir(begun)
    print(f"seed {wanted.seed}: " + ", ".join(f"{n} of {name}" for name, n in codes.items()))
    print(f"the slowest took {slowest[0]:.1f} s: {slowest[1]}")
    for fault, count in seen.most_common():
        print(f"{count} times: {fault}")
    failed = fuzz_answers.fuzz(answers, wanted.seed) if answers else 0
    return 1 if seen or failed else 0


if __name__ == "__main__":
    sys.exit(main())
