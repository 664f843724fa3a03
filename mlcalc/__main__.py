"""`mlcalc` and `python -m mlcalc`: whoever interrupts is obeyed at once, also while this loads."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Any, NoReturn

INTERRUPTED, TERMINATED = 130, 143


class Terminated(BaseException):
    """The system ends this process, which cleans up as it does for who interrupts."""


def main() -> None:
    """Runs the command line and exits with its code."""
    can_interrupt = signal.getsignal(signal.SIGINT) is not signal.SIG_IGN

    def on_interrupt(handler: Any) -> None:
        if can_interrupt:
            signal.signal(signal.SIGINT, handler)

    # Before there is anything to clean up, and after it has been, no exception is needed.
    on_interrupt(leave)
    signal.signal(signal.SIGTERM, terminate)
    try:
        from mlcalc.cli.main import run

        on_interrupt(signal.default_int_handler)
        code = run()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Terminated:
        code = TERMINATED
    finally:
        on_interrupt(leave)
    sys.exit(code)


def leave(number: int, frame: FrameType | None) -> NoReturn:
    os._exit(INTERRUPTED)


def terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise Terminated


if __name__ == "__main__":
    main()
