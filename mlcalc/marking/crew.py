"""Work shared by several processes: what comes of it is what one process gives, in order.

A worker is a fresh Python that is sent the job once, and then does its tasks in batches, pickled
on standard input and output; where one dies, the task that it died of is lost and no other.
The standard library's pools run the program's own script anew in each worker, which not every
script is written for.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from mlcalc.files.faults import WorkerFault
from mlcalc.files.processes import boot

if TYPE_CHECKING:
    import subprocess
    from concurrent.futures import Future

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)
R = TypeVar("R")

MOST_JOBS = 64

FEWEST_BATCHES = 8
"""Of fewer, other processes take longer to start than to help."""

AHEAD = 4
"""How many batches are waiting for each worker, or have been done before their turn."""

READY = "ready"
"""What a worker sends when it has the job."""

DEAD = (OSError, EOFError, pickle.UnpicklingError)
"""What happens when one talks to a process that has ended, or ends within a sentence."""

BOOT = boot("mlcalc.marking.crew")


class Job(Protocol[T_contra, R]):
    """What is to be done with each task; it is pickled, and so are tasks and results."""

    def done(self, task: T_contra) -> R:
        """What comes of a task, faults of mlcalc included."""

    def lost(self, task: T_contra, error: WorkerFault) -> R:
        """What stands for a task at which a worker died."""

    def noted(self, task: T_contra, result: R) -> None:
        """Takes down what came of a task, whoever found it, in the order of the tasks."""


def processors() -> int:
    """How many processes can work at a time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Worker(Generic[T, R]):
    """One process, begun anew where it dies."""

    def __init__(self, job: Job[T, R]) -> None:
        self.job = job
        self.process: subprocess.Popen[bytes] | None = None
        self.is_over = False

    def done(self, tasks: Sequence[T]) -> list[R]:
        """The results in the order of the tasks; one at which the process dies is the only one
        that is lost.  Where no process can be had, this one does the work.
        """
        if self.is_over:
            return []  # who interrupts waits for nothing
        if self.process is None and not self.begin():
            return [] if self.is_over else [self.job.done(task) for task in tasks]
        try:
            self.send(tasks)
            results: list[R] = self.received()
        except DEAD:
            ended = self.stop()
            if len(tasks) > 1:
                return [result for task in tasks for result in self.done([task])]
            return [self.job.lost(tasks[0], WorkerFault(f"a worker ended with {ended}"))]
        return results

    def begin(self) -> bool:
        """Starts the process, and sends it the job; whether it answers."""
        import subprocess

        try:
            self.process = subprocess.Popen(
                [sys.executable, "-c", BOOT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if os.environ.get("MLCALC_DEBUG") else subprocess.DEVNULL,
                start_new_session=True,
            )
            if self.is_over:
                self.stop()
                return False
            self.send(sys.path)
            self.send(self.job)
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
        """Ends the process and those that it started; its exit code."""
        process, self.process = self.process, None
        if process is None:
            return 0
        if hasattr(os, "killpg"):
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        with suppress(BrokenPipeError):
            process.communicate()
        return process.returncode


def send(value: Any, to: IO[bytes]) -> None:
    pickle.dump(value, to)
    to.flush()


def serve() -> None:
    """What a worker does: batches until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this process ends it
    given, back = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing that is printed may stand between the results
    job = pickle.load(given)
    send(READY, back)
    while True:
        try:
            tasks = pickle.load(given)
        except EOFError:
            return
        send([job.done(task) for task in tasks], back)


class Crew(Generic[T, R]):
    """The processes that share a job; none are started for little work."""

    def __init__(self, job: Job[T, R], jobs: int) -> None:
        self.job = job
        self.jobs = jobs
        self.workers: list[Worker[T, R]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Also where the user interrupts: nothing is left running.
        for worker in self.workers:
            worker.end()

    def done(
        self,
        batches: Iterable[Sequence[T]],
        count: int,
        is_own: Callable[[T], bool] = lambda task: False,
    ) -> Iterator[tuple[T, R]]:
        """Each task of so many batches with its result, in their order.

        A batch whose first task is this process's own is done here, when its turn comes.
        """
        if self.jobs == 1 or count < FEWEST_BATCHES:
            for batch in batches:
                yield from self.results(batch, None)
            return
        # Most files are short, and need none of these.
        from concurrent.futures import ThreadPoolExecutor
        from queue import SimpleQueue

        while len(self.workers) < min(self.jobs, count):
            self.workers.append(Worker(self.job))
        free: SimpleQueue[Worker[T, R]] = SimpleQueue()
        for worker in self.workers:
            free.put(worker)

        def done(batch: Sequence[T]) -> list[R]:
            worker = free.get()
            try:
                return worker.done(batch)
            finally:
                free.put(worker)

        waiting: deque[tuple[Sequence[T], Future[list[R]] | None]] = deque()
        with ThreadPoolExecutor(self.jobs) as threads:
            try:
                for batch in batches:
                    waiting.append(
                        (batch, None if is_own(batch[0]) else threads.submit(done, batch))
                    )
                    if len(waiting) > AHEAD * self.jobs:
                        yield from self.results(*waiting.popleft())
                while waiting:
                    yield from self.results(*waiting.popleft())
            except BaseException:
                for _, future in waiting:
                    if future is not None:
                        future.cancel()
                self.__exit__()  # before the threads are waited for
                raise

    def results(self, batch: Sequence[T], future: Future[list[R]] | None) -> Iterator[tuple[T, R]]:
        found = map(self.job.done, batch) if future is None else future.result()
        for task, result in zip(batch, found, strict=True):
            self.job.noted(task, result)
            yield task, result
