"""Files of problems: `mlcalc solve`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from mlcalc.cli.output import (
    Output,
    asked_by,
    check_written,
    chosen_format,
    code_of,
    gravest,
    options_for,
    report,
    shown,
    unadorned,
    write,
)
from mlcalc.files import problem
from mlcalc.files.display import caret, put, visible
from mlcalc.files.document import Entries, Text
from mlcalc.files.errors import Complaint, MlcalcError, Place
from mlcalc.files.faults import FAULTS
from mlcalc.files.fields import Count, Several, Switch
from mlcalc.files.reading import files_of, read_bytes, read_file, standard_input
from mlcalc.marking.crew import MOST_JOBS, Crew, processors
from mlcalc.marking.exercise import (
    Asked,
    Exercise,
    failed,
    linked,
    lost,
    read_exercises,
    solve_exercise,
    unsolved,
)
from mlcalc.marking.references import Earlier
from mlcalc.maths.records import replace
from mlcalc.showing.derivation import Outcome
from mlcalc.showing.formats import Options
from mlcalc.showing.summary import Result, Row, result, row, table

T = TypeVar("T")

ELSEWHERE = Complaint("the message is on standard error")

SECONDS_BEFORE_PROGRESS = 1.0

ENOUGH = 400
"""Fewer problems are solved before other processes have started."""

BATCH = 16
"""How many problems a process is sent at a time."""


class Batch(Output):
    """The flags of `mlcalc solve`."""

    paths = problem.Field[tuple[Text, ...]](
        Several("PATH"), "YAML or JSON files, folders of them, or - for standard input",
        required=True, positional=True,
    )  # fmt: skip
    summary = problem.default(Switch(), "false", "print a table of verdicts, one line a problem")
    jobs = problem.optional(Count(1, MOST_JOBS), "how many processes share the work")


def solve_files(typed: Entries) -> None:
    """Solves every problem of the files, and prints each or a table of verdicts."""
    wanted = Batch.read(typed)
    assert isinstance(wanted, Batch)
    files = [loaded(path) for name in wanted.paths for path in expanded(name)]
    check_written((wanted.output, Output.output.flag))
    name, options = chosen_format(wanted), options_for(wanted)
    is_table = wanted.summary and name != "json"
    collects = is_table or wanted.output is not None
    gap = "" if name == "json" or wanted.quiet else "\n"
    pieces: list[str] = []
    rows: list[Row] = []
    results: list[Result] = []
    codes: set[int] = set()
    has_answer = has_picture = False
    solving = Solving(files, name, options, is_table, asked_by(wanted, name))
    for number, found in enumerate(watched(solving.all(wanted.jobs), solving.count, collects)):
        if is_table:
            rows.append(found.row)
            results.append(found.result)
        elif collects:
            pieces.append(found.piece)
        else:
            put((gap if number else "") + found.piece + "\n", sys.stdout)
        for text in found.said:
            put(text + "\n", sys.stderr)
        codes.add(found.code)
        has_answer |= found.has_answer
        has_picture |= found.has_picture
    if is_table:
        pieces = [table(rows, results, options)]
    if collects:
        write(("\n" + gap).join(pieces), wanted)
    if wanted.plot and has_answer and not has_picture:
        sys.exit(report([Complaint("these answers have no picture", Place(Output.plot.flag))]))
    sys.exit(gravest(codes))


def expanded(name: Text) -> list[str]:
    """The problem files that a path names: itself, or all those in a folder, in order."""
    return files_of(name, (".yaml", ".yml", ".json"), ".yaml, .yml or .json file")


def loaded(path: str) -> Sequence[Exercise]:
    """The problems of a file; a file that cannot be read is one problem that says so."""
    name = "standard input" if path == "-" else path
    try:
        raw = read_bytes(standard_input(), name) if path == "-" else read_file(path)
        return read_exercises(raw, name)
    except MlcalcError as error:
        return [Exercise(Entries((), Place(name)), name, error.complaints)]
    except FAULTS as error:
        return [lost(error, Exercise(Entries((), Place(name)), name))]


class Solved(NamedTuple):
    """What is said of a problem once it is solved, and what counts for the run as a whole."""

    id: str | None
    piece: str
    """The worked answer, or what became of the problem in its place."""
    row: Row
    """Its line in the table, where that is asked for."""
    said: tuple[str, ...]
    """What standard error says."""
    code: int
    result: Result
    has_answer: bool
    has_picture: bool


Task = tuple[int, int, bool]
"""A file and a problem in it, by number, and whether others are linked with it."""


class Solving:
    """The problems of some files solved one after another, by this process or by several.

    Those that refer to each other are solved by this one: in their order, and none of the others
    waits for them.
    """

    def __init__(
        self,
        files: Sequence[Sequence[Exercise]],
        name: str,
        options: Options,
        is_table: bool,
        asked: Asked,
    ) -> None:
        self.files, self.name, self.options, self.is_table = files, name, options, is_table
        self.asked = asked
        self.count = sum(map(len, files))
        self.starts = [0, *accumulate(map(len, files))]
        self.open, self.earlier = -1, Earlier(())

    def __reduce__(self) -> tuple[Any, ...]:
        return Solving, (self.files, self.name, self.options, self.is_table, self.asked)

    def all(self, jobs: int | None) -> Iterator[Solved]:
        """What became of each problem, in order."""
        jobs = jobs or (1 if self.count < ENOUGH else processors())
        with Crew(self, min(jobs, MOST_JOBS)) as crew:
            batches = self.batches()
            for _, found in crew.done(batches, self.count // BATCH, is_own=itemgetter(2)):
                yield found

    def batches(self) -> Iterator[list[Task]]:
        batch: list[Task] = []
        for file, exercises in enumerate(self.files):
            links = linked(exercises)
            for index in range(len(exercises)):
                is_linked = index in links.indices
                if batch and (len(batch) == BATCH or batch[0][2] != is_linked):
                    yield batch
                    batch = []
                batch.append((file, index, is_linked))
        if batch:
            yield batch

    def done(self, task: Task) -> Solved:
        file, index, is_linked = task
        exercise = self.files[file][index]
        has_working = not (self.options.quiet or self.is_table) or self.options.plot
        earlier = self.before(file) if is_linked else None
        outcome = solve_exercise(exercise, earlier, has_working, self.asked)
        if earlier is not None:
            earlier.add(outcome.id, outcome)
        return self.told(outcome, exercise, task)

    def before(self, file: int) -> Earlier:
        """The problems so far of the file that is being solved."""
        if self.open != file:
            self.open, self.earlier = file, Earlier(linked(self.files[file]).names)
        return self.earlier

    def noted(self, task: Task, result: Solved) -> None:
        file, _, is_linked = task
        if not is_linked:
            self.before(file).add(result.id)

    def lost(self, task: Task, error: BaseException) -> Solved:
        file, index, _ = task
        exercise = self.files[file][index]
        return self.told(failed(unsolved(exercise), exercise, error), exercise, task)

    def told(self, outcome: Outcome, exercise: Exercise, task: Task) -> Solved:
        """What is said of an outcome; one that cannot be shown has failed."""
        piece = ""
        cells: Row = ()
        if self.is_table:
            cells, outcome = in_table(outcome, exercise, self.starts[task[0]] + task[1] + 1)
        else:
            piece, outcome = in_order(outcome, exercise, self.name, self.options)
        is_said = outcome.complaints and self.name != "json" and not outcome.foreseen
        answer = outcome.derivation
        return Solved(
            outcome.id,
            piece,
            cells,
            tuple(map(caret, outcome.complaints)) if is_said else (),
            code_of(outcome),
            result(outcome) if self.is_table else ("", 0, 0),
            answer is not None,
            self.options.plot and answer is not None and bool(answer.pictures),
        )


def in_order(
    found: Outcome, exercise: Exercise, name: str, options: Options
) -> tuple[str, Outcome]:
    """The worked answer, or in its place what became of the problem, and the outcome.

    The message itself is said once, on standard error; JSON and what was expected hold it here.
    """
    is_said = name != "json" and not found.foreseen
    told = replace(found, complaints=(ELSEWHERE,)) if is_said and found.complaints else found
    piece, outcome = shown(told, exercise, name, options)
    if outcome is told:
        return piece, found
    return unadorned(replace(outcome, complaints=(ELSEWHERE,)), name) if is_said else piece, outcome


def in_table(outcome: Outcome, exercise: Exercise, number: int) -> tuple[Row, Outcome]:
    """The line of the table, and the outcome: one that cannot be shown has failed."""
    try:
        return row(outcome, number), outcome
    except FAULTS as error:
        name = visible(outcome.id or f"problem {number}", most=40)
        cells = (visible(outcome.file or ""), name, outcome.kind, "failed")
        return cells, failed(outcome, exercise, error)


def watched(
    outcomes: Iterable[T], total: int, is_quiet: bool, doing: str = "solving"
) -> Iterator[T]:
    """The same outcomes, with a progress bar on standard error once they take long.

    There is none where answers are being printed to the same screen, or standard error is a file.
    """
    if not sys.stderr.isatty() or (sys.stdout.isatty() and not is_quiet):
        yield from outcomes
        return
    began, bar = time.monotonic(), None
    try:
        for number, outcome in enumerate(outcomes, 1):
            if bar is None and time.monotonic() - began > SECONDS_BEFORE_PROGRESS:
                bar = progress_bar()
                task = bar.add_task(doing, total=total)
            if bar is not None:
                bar.update(task, completed=number)
            yield outcome
    finally:
        if bar is not None:
            bar.stop()


def progress_bar() -> Any:
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    bar.start()
    return bar
