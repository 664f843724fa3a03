"""Many answers marked by several processes: the marks are those that one process gives.

A worker is a fresh Python that is sent the questions once, and then answers in batches, pickled
on standard input and output; where one dies, the answer that it died of is lost and no other.
The standard library's pools run the program's own script anew in each worker, which not every
script is written for.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import IO, Any, Self

from mlcalc.files.faults import WorkerFault
from mlcalc.marking.marker import UNMARKED, Mark, Marker, Own, Task
from mlcalc.maths.records import replace

BATCH = 50

FEWEST_BATCHES = 8
"""Of fewer, other processes take longer to start than to help."""

READY = "ready"
"""What a worker sends when it has the questions."""

DEAD = (OSError, EOFError, pickle.UnpicklingError)
"""What happens when one talks to a process that has ended, or ends within a sentence."""

BOOT = (
    "import pickle, sys\n"
    "sys.path[:] = pickle.load(sys.stdin.buffer)\n"
    "from mlcalc.marking.crew import serve\n"
    "serve()\n"
)


class Worker:
    """One process, begun anew where it dies, and the questions it was sent."""

    def __init__(self, marker: Marker) -> None:
        self.marker = marker
        self.process: subprocess.Popen[bytes] | None = None
        self.is_over = False

    def mark(self, tasks: Sequence[Task]) -> list[Mark]:
        """The marks in the order of the tasks; an answer at which the process dies is the only
        one that is lost.  Where no process can be had, this one does the work.
        """
        if self.is_over:
            return [UNMARKED] * len(tasks)  # who interrupts waits for no mark
        if self.process is None and not self.begin():
            return [self.marker.mark(task) for task in tasks]
        try:
            self.send(tasks)
            marks: list[Mark] = self.received()
        except DEAD:
            ended = self.stop()
            if len(tasks) > 1:
                return [mark for task in tasks for mark in self.mark([task])]
            fault = self.marker.fault(WorkerFault(f"a worker ended with {ended}"), tasks[0])
            return [replace(UNMARKED, fault=fault)]
        return marks

    def begin(self) -> bool:
        """Starts the process, and sends it the questions; whether it answers."""
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-c", BOOT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self.send(sys.path)
            self.send(tuple(self.marker.questions.values()))
            return bool(self.received() == READY)
        except DEAD:
            self.stop()
            return False

    def send(self, value: Any) -> None:
        assert self.process is not None and self.process.stdin is not None
        send(value, self.process.stdin)

    def received(self) -> Any:
        assert self.process is not None and self.process.stdout is not None
        return pickle.load(self.process.stdout)

    def end(self) -> None:
        """Ends the process for good."""
        self.is_over = True
        self.stop()

    def stop(self) -> int:
        """Ends the process; its exit code."""
        process, self.process = self.process, None
        if process is None:
            return 0
        process.kill()
        with suppress(BrokenPipeError):
            process.communicate()
        return process.returncode


def send(value: Any, to: IO[bytes]) -> None:
    pickle.dump(value, to)
    to.flush()


def serve() -> None:
    """What a worker does: marks batches until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this process ends it
    given, back = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing that is printed may stand between the marks
    marker = Marker(pickle.load(given))
    send(READY, back)
    while True:
        try:
            tasks = pickle.load(given)
        except EOFError:
            return
        send([marker.mark(task) for task in tasks], back)


class Crew:
    """The processes that share the work of a marker; none are started for little work."""

    def __init__(self, marker: Marker, jobs: int) -> None:
        self.marker = marker
        self.jobs = jobs
        self.workers: list[Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Also where the user interrupts: nothing is left running.
        for worker in self.workers:
            worker.end()

    def marked(self, batches: Sequence[Sequence[Task]]) -> Iterator[tuple[Task, Mark]]:
        """Each task with its mark, in their order; the marker remembers them."""
        if self.jobs == 1 or len(batches) < FEWEST_BATCHES:
            for batch in batches:
                yield from ((task, self.marker.mark(task)) for task in batch)
            return
        while len(self.workers) < min(self.jobs, len(batches)):
            self.workers.append(Worker(self.marker))
        free: SimpleQueue[Worker] = SimpleQueue()
        for worker in self.workers:
            free.put(worker)

        def mark(batch: Sequence[Task]) -> list[Mark]:
            worker = free.get()
            try:
                return worker.mark(batch)
            finally:
                free.put(worker)

        with ThreadPoolExecutor(self.jobs) as threads:
            try:
                for batch, marks in zip(batches, threads.map(mark, batches), strict=True):
                    for task, found in zip(batch, marks, strict=True):
                        self.marker.marks[task] = found
                        yield task, found
            except BaseException:
                self.__exit__()  # before the threads are waited for
                raise


def in_batches(tasks: Iterable[Task]) -> list[list[Task]]:
    """Tasks that are solved alike together: a question is asked anew once, by one process."""
    plain: dict[str, list[Task]] = {}
    carried: dict[tuple[str, Own], list[Task]] = {}
    for task in tasks:
        id_, _, _, own = task
        if own:
            carried.setdefault((id_, own), []).append(task)
        else:
            plain.setdefault(id_, []).append(task)
    batches = [
        alike[i : i + BATCH] for alike in plain.values() for i in range(0, len(alike), BATCH)
    ]
    return batches + list(carried.values())
