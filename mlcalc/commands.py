"""What the commands do: answer one problem, solve files, print the schema.

Marking stands in `marking_command`.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from mlcalc import problem
from mlcalc.derivation import Derivation, Outcome, Verdict
from mlcalc.display import can_show, caret, put
from mlcalc.document import Entries, Raw, Text, read_bytes, read_file
from mlcalc.drawing import stacked_svg
from mlcalc.errors import Complaint, Invalid, MlcalcError, Place, closest
from mlcalc.exercise import Exercise, read_exercises, solve_all, solve_exercise
from mlcalc.fields import Count, Several, Switch, Word, Words
from mlcalc.flags import command, divided
from mlcalc.maths.printing import Style
from mlcalc.records import replace
from mlcalc.render import FORMATS, Options, renderer
from mlcalc.solvers import kinds, load, summary

T = TypeVar("T")

WRONG, MALFORMED, NO_ANSWER = 1, 2, 3
MIN_WIDTH, MAX_WIDTH = 40, 120
MAX_DIGITS = 50
SECONDS_BEFORE_PROGRESS = 1.0
FORMAT_OF_ENDING = {
    ".json": "json", ".jsonl": "json", ".tex": "latex", ".md": "markdown", ".txt": "text"
}  # fmt: skip


CLAIMED_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:\.[^=]+)?")
"""The name of an answer, or of a part of it: gradients.W_xh."""


class Output(problem.Problem):
    """How answers are shown: the flags that every command has."""

    format = problem.optional(Word(FORMATS), "output format", short="f")
    json = problem.default(Switch(), "false", "the same as --format json")
    quiet = problem.default(Switch(), "false", "print only the answers", short="q")
    brief = problem.default(Switch(), "false", "print the main lines only")
    digits = problem.default(Count(1, MAX_DIGITS), "5", "significant digits of decimals")
    output = problem.optional(Words("FILE"), "write to this file, not to the screen", short="o")
    plot = problem.default(Switch(), "false", "draw the picture of the answer, if it has one")


class Single(Output):
    """The flags of a one-off question."""

    svg = problem.optional(Words("FILE"), "write the pictures of the answer to this SVG file")
    check = problem.optional(Several("ANSWER"), "mark this answer: VALUE or NAME=VALUE")
    yaml = problem.default(Switch(), "false", "print the problem as YAML instead of solving it")


class Batch(Output):
    """The flags of `mlcalc solve`."""

    paths = problem.Field[tuple[Text, ...]](
        Several("PATH"), "YAML or JSON files, folders of them, or - for standard input",
        required=True, positional=True,
    )  # fmt: skip
    summary = problem.default(Switch(), "false", "print a table of verdicts, one line a problem")


class Wanted(problem.Problem):
    """The argument of `mlcalc schema`."""

    kind = problem.optional(
        Words("KIND"), "one kind, such as map; all kinds without it", positional=True
    )


def build(name: str) -> Any:
    """The click command of that name."""
    if name == "solve":
        return command(name, "Solve the problems of files and folders.", [Batch], solve_files)
    if name == "check":
        from mlcalc.marking_command import Marking, check_files

        return command(name, "Mark answers, or the submissions of a class.", [Marking], check_files)
    if name == "schema":
        return command(name, "Print the JSON Schema of problem files.", [Wanted], print_schema)
    fields = load(name).Problem
    return command(name, summary(name), [fields, Single], lambda typed: answer(name, typed))


# One problem.


def answer(kind: str, typed: Entries) -> None:
    """Answers the question that the flags of a kind ask."""
    given, flags = divided(typed, [load(kind).Problem, Single])
    try:
        wanted = Single.read(flags)
        assert isinstance(wanted, Single)
        pairs: list[tuple[Text, Raw]] = [(text("kind"), text(kind)), (text("given"), given)]
        if wanted.yaml:
            load(kind).Problem.read(given)
            write(as_yaml(kind, given), wanted)
            return
        if wanted.check:
            pairs.append((text("expect"), claims(given, wanted.check)))
        outcome = solve_exercise(Exercise(Entries(tuple(pairs), typed.place)))
    except MlcalcError as error:
        sys.exit(report(error.complaints))
    if outcome.status != "solved" and chosen_format(wanted) != "json":
        report(outcome.complaints)
    else:
        write(shown(outcome, wanted), wanted)
    code = exit_code([outcome])
    if outcome.derivation is not None:
        code = pictured(outcome.derivation, wanted) or code
    sys.exit(code)


def pictured(derivation: Derivation, wanted: Single) -> int:
    """Writes the pictures that --svg asks for; the exit code where there is none to show.

    Whether an answer has a picture is known when it is there, so it is printed all the same.
    """
    if (wanted.plot or wanted.svg is not None) and not derivation.pictures:
        flag = Single.svg.flag if wanted.svg is not None else Single.plot.flag
        return report([Complaint("this answer has no picture", Place(flag))])
    if wanted.svg is not None:
        drawings = [picture.drawing for picture in derivation.pictures]
        # A file has all letters, whatever the screen has.
        style = replace(options_for(wanted).style, ascii=False)
        save(stacked_svg(drawings, style) + "\n", wanted.svg, Single.svg.flag)
    return 0


def text(value: str) -> Text:
    return Text(value, Place("mlcalc"))


def claims(given: Entries, checks: Sequence[Text]) -> Entries:
    """NAME=VALUE as an entry of that name; VALUE alone is the kind's primary answer."""
    pairs: dict[str, tuple[Text, Text]] = {}
    for claim in checks:
        name, equals, value = (part.strip() for part in claim.value.partition("="))
        if not equals or not CLAIMED_NAME.fullmatch(name):
            name, value = "", claim.value
        if name in pairs:
            message = f"a second answer for '{name}'" if name else "a second answer without a name"
            raise Invalid.at(f"{message}: give one, or write NAME=VALUE", claim.place)
        start = len(claim.value.rstrip()) - len(value) if name else 0
        pairs[name] = Text(name, claim.place), Text(value, claim.at(start))
    return Entries(tuple(pairs.values()), given.place)


def as_yaml(kind: str, given: Entries) -> str:
    from mlcalc.document import plain, write_yaml

    return write_yaml({"kind": kind, "given": plain(given)}).rstrip("\n")


# Files of problems.


def solve_files(typed: Entries) -> None:
    """Solves every problem of the files, and prints each or a table of verdicts."""
    try:
        wanted = Batch.read(typed)
        assert isinstance(wanted, Batch)
        files = [loaded(path) for name in wanted.paths for path in expanded(name)]
    except MlcalcError as error:
        sys.exit(report(error.complaints))
    is_json = chosen_format(wanted) == "json"
    is_table = wanted.summary and not is_json
    collects = is_table or wanted.output is not None
    gap = "" if is_json or wanted.quiet else "\n"
    outcomes: list[Outcome] = []
    pieces: list[str] = []
    for outcome in watched(solved(files), sum(map(len, files)), collects):
        outcomes.append(outcome)
        if not is_table:
            pieces.append(shown(outcome, wanted))
        if not collects:
            put((gap if len(outcomes) > 1 else "") + pieces.pop() + "\n", sys.stdout)
        if outcome.complaints and not is_json and not outcome.foreseen:
            report(outcome.complaints)
    if is_table:
        from mlcalc.render.summary import render

        pieces = [render(outcomes, options_for(wanted))]
    if collects:
        write(("\n" + gap).join(pieces), wanted)
    answers = [outcome.derivation for outcome in outcomes if outcome.derivation is not None]
    if wanted.plot and answers and not any(answer.pictures for answer in answers):
        sys.exit(report([Complaint("these answers have no picture", Place(Output.plot.flag))]))
    sys.exit(exit_code(outcomes))


def expanded(name: Text) -> list[str]:
    """The problem files that a path names: itself, or all those in a folder, in order."""
    path = Path(name.value)
    if name.value == "-" or not path.is_dir():
        return [name.value]
    found = sorted(str(p) for p in path.rglob("*") if p.suffix in (".yaml", ".yml", ".json"))
    if not found:
        raise Invalid.at("there is no .yaml, .yml or .json file in this folder", name.place)
    return found


def loaded(path: str) -> list[Exercise]:
    """The problems of a file; a file that cannot be read is one problem that says so."""
    name = "standard input" if path == "-" else path
    try:
        raw = read_bytes(sys.stdin.buffer.read(), name) if path == "-" else read_file(path)
        return read_exercises(raw, name)
    except MlcalcError as error:
        return [Exercise(Entries((), Place(name)), name, error.complaints)]


def solved(files: Sequence[Sequence[Exercise]]) -> Iterator[Outcome]:
    for exercises in files:
        yield from solve_all(exercises)


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


# The schema.


def print_schema(typed: Entries) -> None:
    """Prints the schema of one kind's problems, or of all."""
    from json import dumps

    from mlcalc.schema import schema

    try:
        wanted = Wanted.read(typed)
        assert isinstance(wanted, Wanted)
        kind = wanted.kind
        if kind is not None and kind not in kinds():
            hint = closest(kind, kinds()) or f": one of {', '.join(kinds())}"
            raise wanted.fault(f"unknown kind '{kind}'{hint}", Wanted.kind)
    except MlcalcError as error:
        sys.exit(report(error.complaints))
    put(dumps(schema([kind] if kind else kinds()), indent=2) + "\n", sys.stdout)


# What is printed, and where.


def chosen_format(wanted: Output) -> str:
    """The format asked for, by name, by the ending of --output, or by where it is shown."""
    if wanted.json:
        return "json"
    if wanted.format is not None:
        return wanted.format
    if wanted.output is not None:
        return FORMAT_OF_ENDING.get(Path(wanted.output).suffix, "text")
    return "terminal" if sys.stdout.isatty() else "text"


def options_for(wanted: Output) -> Options:
    goes_to_file = wanted.output is not None
    return Options(
        width=min(terminal_width(), MAX_WIDTH),
        style=Style(wanted.digits, ascii=not goes_to_file and not can_show("θ̂≈⌊½", sys.stdout)),
        quiet=wanted.quiet,
        brief=wanted.brief,
        colour=not goes_to_file and sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
        plot=wanted.plot,
    )


def terminal_width() -> int:
    """The columns of the screen: COLUMNS, else the terminal's, else 80."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns) > 0:
        return max(int(columns), MIN_WIDTH)
    try:
        return max(os.get_terminal_size(sys.__stdout__.fileno()).columns, MIN_WIDTH)  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return 80


def shown(outcome: Outcome, wanted: Output) -> str:
    return renderer(chosen_format(wanted)).render(outcome, options_for(wanted))


def write(text: str, wanted: Output) -> None:
    """Writes to the screen, or whole to the file that --output names."""
    if wanted.output is None:
        put(text + "\n", sys.stdout)
        return
    save(text + "\n", wanted.output, Output.output.flag)


def save(text: str, name: str, flag: str) -> None:
    """Writes the file that a flag names, whole or not at all."""
    try:
        write_whole(Path(name), text)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        sys.exit(report([Complaint(f"cannot write '{name}': {reason}", Place(flag))]))


def write_whole(path: Path, text: str) -> None:
    """Writes the file wholly or, where that fails, leaves what was there before."""
    if path.exists() and not path.is_file():  # a device such as /dev/stdout must stay one
        path.write_text(text, encoding="utf-8")
        return
    path = path.resolve()  # where it is a link, the file behind it is written
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text(text, encoding="utf-8", newline="\n")
        os.replace(partial, path)
    except BaseException:
        with suppress(OSError):
            partial.unlink()
        raise


def report(complaints: Sequence[Complaint]) -> int:
    """Prints what is wrong to standard error; the exit code for it."""
    for complaint in complaints:
        put(caret(complaint) + "\n", sys.stderr)
    return MALFORMED


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """2 if any problem is malformed, else 3 if any has no answer, else 1 if any is wrong."""
    codes = {code_of(outcome) for outcome in outcomes}
    return next((code for code in (MALFORMED, NO_ANSWER, WRONG) if code in codes), 0)


def code_of(outcome: Outcome) -> int:
    if outcome.status != "solved":
        if outcome.foreseen:
            return 0
        return MALFORMED if outcome.status == "invalid" else NO_ANSWER
    verdicts = {checked.verdict for checked in outcome.checked}
    if verdicts & {Verdict.WRONG, Verdict.UNREADABLE, Verdict.MISSING}:
        return WRONG
    return NO_ANSWER if Verdict.UNDECIDED in verdicts else 0
