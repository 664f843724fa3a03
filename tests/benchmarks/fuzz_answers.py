"""Answers that no one would type, for as long as one likes.

Whatever is typed has a verdict, and soon; no exception gets out, and nothing is compiled, executed,
opened or sent: Python itself tells.
"""

from __future__ import annotations

import difflib  # noqa: F401  what is imported later would look like an execution
import faulthandler
import os
import pickle  # noqa: F401
import random
import sys
import time
from collections import Counter

from mlcalc.files.document import Raw, Text, from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.checking import MAX_LENGTH, check
from mlcalc.maths.reader import read
from mlcalc.maths.scanner import Unreadable
from mlcalc.showing.derivation import Answer, Verdict
from tests.marking.checking.pairs import formula, plain, tex
from tests.marking.checking.test_answers import ROWS, answer_of, typed

MOST_SECONDS = 5.0
"""Of one verdict, in processor time: the budget of its evaluations is about a second, alone."""
HANGS = 60.0
"""After so many seconds on the clock a verdict is given up, and the traceback says where it was."""
MOST_TO_READ = 0.5
"""Of one reading: ten times the 50 ms that it may take, on a machine that is busy."""

FORBIDDEN = ("exec", "compile", "os.system", "os.exec", "os.fork", "socket.connect", "open")
PIECES = (
    *"0123456789.,;:+-*/^!%|()[]{}<>=~ \t\n_xknθλσ½²⁻₁√×·−≈≤∞'\"\\$&@#?`",
    "\\frac", "\\sqrt", "\\sum", "\\hat", "\\ln", "\\left(", "\\right)", "\\begin{pmatrix}",
    "\\end{pmatrix}", "\\\\", "\\text{", "\\times", "{,}", "9^9^9", "e400", "1/2x", "0,08", "1 1/2",
    "sum(", "gamma(shape=", "rate=", "beta(", "cases(", "log(", ".T", " x 10^", "\0", "\u202e",
    "\u200b", "\ud800", "𝟐", "２", "__import__('os')", "i, 1, 99999)", "theta", "28", "mean(x)",
)  # fmt: skip

events: list[str] = []
is_armed = False


def watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and (isinstance(arguments[0], int) or arguments[0] == os.devnull):
        return  # the pipes of the process in which SymPy is asked
    if is_armed and event.startswith(FORBIDDEN):
        events.append(f"{event} {arguments!r:.100}")


def text(chance: random.Random) -> str:
    """A row of the table with some changes, random pieces, or a formula with a typo."""
    match chance.randrange(4):
        case 0:
            found = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 40)))
        case 1:
            found = chance.choice(PIECES) * chance.randint(1, 2 * MAX_LENGTH)
            found = found[: chance.choice((50, 500, MAX_LENGTH, 2 * MAX_LENGTH))]
        case 2:
            found = chance.choice((plain, tex))(formula(chance, chance.randint(1, 12)))
        case _:
            found = typed(chance.choice(ROWS)[0]).value[: 2 * MAX_LENGTH]
    for _ in range(chance.choice((0, 1, 1, 2, 5))):
        at = chance.randint(0, len(found))
        found = found[:at] + chance.choice(PIECES) + found[at + chance.randint(0, 3) :]
    return found


def claim(chance: random.Random) -> Raw:
    """A text as a rule, else a list or a mapping of some."""
    if chance.random() < 0.9:
        found = text(chance)
        return Text(found, Place("--check", found))
    parts = [text(chance)[:200] for _ in range(chance.randint(0, 4))]
    if chance.random() < 0.5:
        return from_plain(parts, Place("answers"))
    names = ("spam", "ham", "1", "x")
    return from_plain(dict(zip(names, parts, strict=False)), Place("answers"))


def spent(start: float) -> float:
    return time.process_time() - start


def fuzz(seconds: float, seed: int) -> int:
    """Answers for as long as that; 1 where a verdict or a reading took too long."""
    global is_armed
    chance = random.Random(seed)
    answers: list[Answer] = [answer_of(key) for key in {row[1] for row in ROWS}]
    for row in ROWS[::7]:  # what is loaded when it is needed is loaded now
        check(typed(row[0]), answer_of(row[1]))
    # SymPy's calculus loads more of itself where powers of e are large.
    check(typed("exp(1000)*x"), answer_of("formula: exp(500)^2*x"))
    check(typed("exp(x*exp(6))"), answer_of("formula: exp(500)^2*x"))
    sys.addaudithook(watch)
    verdicts: Counter[Verdict] = Counter()
    slowest, slowest_reading = (0.0, ""), (0.0, "")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        claimed, answer = claim(chance), chance.choice(answers)
        is_armed = True
        start = time.process_time()
        faulthandler.dump_traceback_later(HANGS, exit=True)
        found = check(claimed, answer)
        faulthandler.cancel_dump_traceback_later()
        slowest = max(slowest, (spent(start), found.claimed[:80]))
        is_inside = True
        if isinstance(claimed, Text) and len(claimed.value) <= MAX_LENGTH:
            start = time.process_time()
            try:
                read(claimed.value)
            except Unreadable as error:
                is_inside = 0 <= error.position <= len(claimed.value)
            slowest_reading = max(slowest_reading, (spent(start), found.claimed[:80]))
        is_armed = False
        verdicts[found.verdict] += 1
        says_why = found.verdict not in (Verdict.UNREADABLE, Verdict.UNDECIDED) or found.remark
        assert says_why and is_inside and not events, (seed, claimed, answer, events)
    print(", ".join(f"{count} {verdict.value}" for verdict, count in verdicts.items()))
    print(f"the slowest verdict took {slowest[0]:.3f} s: {slowest[1]!r}")
    print(f"the slowest reading took {slowest_reading[0]:.3f} s: {slowest_reading[1]!r}")
    return 1 if slowest[0] > MOST_SECONDS or slowest_reading[0] > MOST_TO_READ else 0
