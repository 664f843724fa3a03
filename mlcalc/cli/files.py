"""Files of problems: `mlcalc solve`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from mlcalc.cli.output import (
    Output,
    check_written,
    chosen_format,
    exit_code,
    options_for,
    report,
    shown,
    unadorned,
    write,
)
from mlcalc.files import problem
from mlcalc.files.display import put, visible
from mlcalc.files.document import Entries, Text
from mlcalc.files.errors import Complaint, MlcalcError, Place
from mlcalc.files.faults import FAULTS
from mlcalc.files.fields import Several, Switch
from mlcalc.files.reading import files_of, read_bytes, read_file, standard_input
from mlcalc.marking.exercise import Exercise, failed, lost, read_exercises, solve_all
from mlcalc.maths.records import replace
from mlcalc.showing.derivation import Outcome
from mlcalc.showing.formats import Options
from mlcalc.showing.summary import Row, row, table

T = TypeVar("T")

ELSEWHERE = Complaint("the message is on standard error")

SECONDS_BEFORE_PROGRESS = 1.0


class Batch(Output):
    """The flags of `mlcalc solve`."""

    paths = problem.Field[tuple[Text, ...]](
        Several("PATH"), "YAML or JSON files, folders of them, or - for standard input",
        required=True, positional=True,
    )  # fmt: skip
    summary = problem.default(Switch(), "false", "print a table of verdicts, one line a problem")


def solve_files(typed: Entries) -> None:
    """Solves every problem of the files, and prints each or a table of verdicts."""
    wanted = Batch.read(typed)
    assert isinstance(wanted, Batch)
    files = [loaded(path) for name in wanted.paths for path in expanded(name)]
    check_written((wanted.output, Output.output.flag))
    name, options = chosen_format(wanted), options_for(wanted)
    is_json = name == "json"
    is_table = wanted.summary and not is_json
    collects = is_table or wanted.output is not None
    is_shown = not (wanted.quiet or is_table) or wanted.plot
    gap = "" if is_json or wanted.quiet else "\n"
    outcomes: list[Outcome] = []
    pieces: list[str] = []
    rows: list[Row] = []
    for exercise, found in watched(solved(files, is_shown), sum(map(len, files)), collects):
        if is_table:
            cells, outcome = in_table(found, exercise, len(outcomes) + 1)
            rows.append(cells)
        else:
            piece, outcome = in_order(found, exercise, name, options)
            pieces.append(piece)
        if not collects:
            put((gap if outcomes else "") + pieces.pop() + "\n", sys.stdout)
        outcomes.append(outcome)
        if outcome.complaints and not is_json and not outcome.foreseen:
            report(outcome.complaints)
    if is_table:
        pieces = [table(rows, outcomes, options)]
    if collects:
        write(("\n" + gap).join(pieces), wanted)
    answers = [outcome.derivation for outcome in outcomes if outcome.derivation is not None]
    if wanted.plot and answers and not any(answer.pictures for answer in answers):
        sys.exit(report([Complaint("these answers have no picture", Place(Output.plot.flag))]))
    sys.exit(exit_code(outcomes))


def expanded(name: Text) -> list[str]:
    """The problem files that a path names: itself, or all those in a folder, in order."""
    return files_of(name, (".yaml", ".yml", ".json"), ".yaml, .yml or .json file")


def loaded(path: str) -> list[Exercise]:
    """The problems of a file; a file that cannot be read is one problem that says so."""
    name = "standard input" if path == "-" else path
    try:
        raw = read_bytes(standard_input(), name) if path == "-" else read_file(path)
        return read_exercises(raw, name)
    except MlcalcError as error:
        return [Exercise(Entries((), Place(name)), name, error.complaints)]
    except FAULTS as error:
        return [lost(error, Exercise(Entries((), Place(name)), name))]


def solved(
    files: Sequence[Sequence[Exercise]], is_shown: bool
) -> Iterator[tuple[Exercise, Outcome]]:
    for exercises in files:
        yield from zip(exercises, solve_all(exercises, is_shown), strict=True)


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
