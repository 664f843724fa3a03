"""Many answers marked by several processes: the marks are those that one process gives.

A fresh process is the same on every system, and has none of this one's threads; it is sent the
questions once, and answers in batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Self

from mlcalc.marking.key import Question
from mlcalc.marking.marker import Mark, Marker, Own, Task

BATCH = 50

FEWEST_BATCHES = 8
"""Of fewer, other processes take longer to start than to help."""


class Crew:
    """The processes that share the work of a marker; none are started for little work."""

    def __init__(self, marker: Marker, jobs: int) -> None:
        self.marker = marker
        self.jobs = jobs
        self.pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)

    def marked(self, batches: Sequence[Sequence[Task]]) -> Iterator[tuple[Task, Mark]]:
        """Each task with its mark, in their order; the marker remembers them."""
        if self.jobs == 1 or len(batches) < FEWEST_BATCHES:
            for batch in batches:
                yield from ((task, self.marker.mark(task)) for task in batch)
            return
        if self.pool is None:
            questions = tuple(self.marker.questions.values())
            self.pool = ProcessPoolExecutor(self.jobs, get_context("spawn"), start, (questions,))
        for batch, marks in zip(batches, self.pool.map(mark_batch, batches), strict=True):
            for task, mark in zip(batch, marks, strict=True):
                self.marker.marks[task] = mark
                yield task, mark


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


_own: list[Marker] = []
"""The marker of a worker process."""


def start(questions: Sequence[Question]) -> None:
    _own[:] = [Marker(questions)]


def mark_batch(tasks: Sequence[Task]) -> list[Mark]:
    return [_own[0].mark(task) for task in tasks]
