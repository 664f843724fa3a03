"""What happens where mlcalc itself is wrong: it is said with what to report, and the rest goes on.

Whatever one problem or one answer does, the others are solved and marked.  A guard stands where
one of them ends and the next begins: it catches `FAULTS` and keeps what `told` says of it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from mlcalc.files.display import put, visible

FAULTS = (Exception, SystemExit)
"""Whatever may get out of our own code; only who interrupts is obeyed."""

FAILED = 70
"""The exit code of a run in which mlcalc was at fault."""

LONGEST_COMMAND = 2000

PACKAGE = Path(__file__).parent.parent


class WorkerFault(RuntimeError):
    """A fault in another process: its sort, its place in mlcalc, and its traceback."""

    def __init__(self, sort: str, where: str = "", trace: str = "") -> None:
        super().__init__(sort, where, trace)
        self.sort, self.where, self.trace = sort, where, trace


def told(error: BaseException, command: str) -> str:
    """One line for whoever reports a fault: its sort, its place, the command that shows it.

    With MLCALC_DEBUG in the environment the traceback is printed as well.
    """
    if os.environ.get("MLCALC_DEBUG"):
        put(trace_of(error), sys.stderr)
    sort, where = sort_and_place(error)
    shown = visible(command, most=LONGEST_COMMAND)
    return f"mlcalc itself is at fault: {sort}{where}; please report it with {shown}"


def sort_and_place(error: BaseException) -> tuple[str, str]:
    """The type of an exception, and the innermost place in mlcalc that it passed."""
    if isinstance(error, WorkerFault):
        return error.sort, error.where
    if isinstance(error, RuntimeError) and isinstance(error.__cause__, StopIteration):
        error = error.__cause__  # what a generator makes of it
    found = ""
    trace = error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(PACKAGE):
            found = f" in {path.relative_to(PACKAGE).as_posix()}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return type(error).__name__, found


def trace_of(error: BaseException) -> str:
    import traceback

    own = "".join(traceback.format_exception(error))
    return f"{error.trace}\n{own}" if isinstance(error, WorkerFault) else own
