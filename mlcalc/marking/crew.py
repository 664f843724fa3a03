"""Many answers marked by several processes: the marks are those that one process gives.

A worker is a fresh Python that is sent the questions once, and then answers in batches, pickled
on standard input and output.  The standard library's pools run the program's own script anew in
each worker, which not every script is written for.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import IO, Any, Self

from mlcalc.marking.marker import Mark, Marker, Own, Task

BATCH = 50

FEWEST_BATCHES = 8
"""Of fewer, other processes take longer to start than to help."""

BOOT = (
    "import pickle, sys\n"
    "sys.path[:] = pickle.load(sys.stdin.buffer)\n"
    "from mlcalc.marking.crew import serve\n"
    "serve()\n"
)


class Worker:
    """One process, and the questions it was sent."""

    def __init__(self, marker: Marker) -> None:
        self.marker = marker
        self.process = subprocess.Popen(
            [sys.executable, "-c", BOOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.is_ready = False

    def mark(self, tasks: Sequence[Task]) -> list[Mark]:
        """The marks in the order of the tasks; by this process where the other one has ended."""
        to, from_ = self.process.stdin, self.process.stdout
        assert to is not None and from_ is not None
        try:
            if not self.is_ready:
                send(sys.path, to)
                send(tuple(self.marker.questions.values()), to)
                self.is_ready = True
            send(tasks, to)
            marks: list[Mark] = pickle.load(from_)
        except (OSError, EOFError, pickle.UnpicklingError):
            return [self.marker.mark(task) for task in tasks]
        return marks

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


def send(value: Any, to: IO[bytes]) -> None:
    pickle.dump(value, to)
    to.flush()


def serve() -> None:
    """What a worker does: marks batches until there are no more."""
    given, back = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing that is printed may stand between the marks
    marker = Marker(pickle.load(given))
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
            worker.stop()

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
            for batch, marks in zip(batches, threads.map(mark, batches), strict=True):
                for task, found in zip(batch, marks, strict=True):
                    self.marker.marks[task] = found
                    yield task, found


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
