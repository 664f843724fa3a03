"""Work that may not end, in a process of its own that is killed when its time is used up.

Its time is the processor's where the system can limit that: on a busy machine the same work takes
longer on the clock, and is not given up for it.  No signal stops SymPy inside a long computation,
on Windows there is none, and a thread cannot be killed; so a function runs in a fresh Python that
gets it pickled on standard input and gives the result back on standard output.  The parent imports
nothing but the standard library for this, and the worker what the function needs.
"""

from __future__ import annotations

import math
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from mlcalc.files.errors import Complaint, Invalid, MlcalcError, Unsolved
from mlcalc.files.faults import FAULTS, WorkerFault, sort_and_place, trace_of
from mlcalc.files.processes import boot
from mlcalc.maths.functions import EvaluationError

T = TypeVar("T")


BOOT = boot("mlcalc.estimation.worker")

HAS_LIMITS = hasattr(signal, "SIGXCPU")
OUT_OF_TIME = {-signal.SIGXCPU, -signal.SIGKILL} if HAS_LIMITS else set()
"""How a process ends at its limit, by the system that it runs on."""

START_UP = 1.0
"""Seconds on top for Python and SymPy to start: 0.4 as a rule."""

PATIENCE = 8
"""How many times as long the clock may run, where the processor's time is what is limited."""


def within(seconds: float, what: str, function: Callable[..., T], *arguments: Any) -> T:
    """function(*arguments), computed in a worker that is killed after that many seconds.

    The function must be a module's own, not a lambda; it, its arguments and its result are
    pickled.  Start-up does not count: it has START_UP.  An `Invalid` or `Unsolved` of the
    function is raised here as it was; `Unsolved` too where it does not finish, `what` saying what
    that was: "the derivation of your density".
    """
    limit = seconds + START_UP
    given = pickle.dumps(sys.path) + pickle.dumps((limit, function, arguments))
    worker = subprocess.Popen(
        [sys.executable, "-c", BOOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        out, _ = worker.communicate(given, timeout=limit * (PATIENCE if HAS_LIMITS else 1))
    except subprocess.TimeoutExpired:
        out = None
    finally:
        # Also where the user interrupts: nothing is left running.
        worker.kill()
        worker.communicate()
    if out is None or worker.returncode in OUT_OF_TIME:
        raise Unsolved.because(
            f"{what} did not finish within {seconds:g} s; give it longer with --time-limit, or "
            "write it more simply"
        )
    result: T = outcome(out, what)
    return result


def outcome(out: bytes, what: str) -> Any:
    """What the worker sent back, or the error that it ended with."""
    try:
        kind, value = pickle.loads(out)
    except (EOFError, pickle.UnpicklingError):
        raise WorkerFault("a worker ended without a result") from None
    if kind == "done":
        return value
    errors: dict[str, type[MlcalcError]] = {"invalid": Invalid, "unsolved": Unsolved}
    if kind in errors:
        raise errors[kind](*value)
    if kind == "crashed":
        raise WorkerFault(*value)
    raise Unsolved.because(f"{what} failed: {value}")


def serve() -> None:
    """The worker's side: one function, one result."""
    limit, function, arguments = pickle.load(sys.stdin.buffer)
    limit_processor_time(limit)
    # What a library prints must not stand among the bytes of the result.
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with answer:
        answer.write(pickle.dumps(computed(function, arguments)))


def limit_processor_time(seconds: float) -> None:
    """Has the system end this process when it has computed that long; whole seconds are known."""
    if HAS_LIMITS:
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds),) * 2)


def computed(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "done", function(*arguments)
    except MlcalcError as error:
        complaints: tuple[Complaint, ...] = error.complaints
        return "invalid" if isinstance(error, Invalid) else "unsolved", complaints
    except EvaluationError as error:
        return "unsolved", (Complaint(f"this is not decided here: {error}"),)
    except RecursionError:
        return "failed", "it is nested too deeply"
    except MemoryError:
        return "failed", "it needs too much memory"
    except FAULTS as error:
        return "crashed", (*sort_and_place(error), trace_of(error))
