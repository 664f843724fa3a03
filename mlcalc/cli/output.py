"""What all commands share: how answers are shown and written, and what the exit codes say."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from errno import ELOOP
from pathlib import Path

from mlcalc.files import problem
from mlcalc.files.display import can_show, caret, put, visible
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.faults import FAILED, FAULTS
from mlcalc.files.fields import Anything, Count, Switch, Word, Words
from mlcalc.files.reading import reason, was_read
from mlcalc.marking.exercise import Asked, Exercise, failed
from mlcalc.maths.printing import Style
from mlcalc.maths.records import replace
from mlcalc.showing.derivation import Outcome, Verdict
from mlcalc.showing.formats import ENDINGS, FORMATS, Options, renderer

WRONG, MALFORMED, NO_ANSWER = 1, 2, 3

MIN_WIDTH, MAX_WIDTH = 40, 120

COLUMNS = re.compile("[0-9]{1,9}")

MAX_DIGITS = 50


class Named(Anything):
    metavar = "NAME,…"


class Output(problem.Problem):
    """How answers are shown: the flags that every command has."""

    format = problem.optional(Word(FORMATS), "output format", short="f")
    json = problem.default(Switch(), "false", "the same as --format json")
    quiet = problem.default(Switch(), "false", "print only the answers", short="q")
    ask = problem.optional(
        Named(), "show these answers, and the steps to them; all shows what there is"
    )
    brief = problem.default(Switch(), "false", "print the main lines only")
    digits = problem.default(Count(1, MAX_DIGITS), "5", "significant digits of decimals")
    output = problem.optional(Words("FILE"), "write to this file, not to the screen", short="o")
    plot = problem.default(Switch(), "false", "draw the picture of the answer, if it has one")


def asked_by(wanted: Output, name: str) -> Asked:
    """Which answers are shown: JSON, made for programs, holds all unless it is told which."""
    return Asked(wanted.ask, has_all=name == "json")


def chosen_format(wanted: Output) -> str:
    """The format asked for, by name, by the ending of --output, or by where it is shown."""
    if wanted.json:
        return "json"
    if wanted.format is not None:
        return wanted.format
    if wanted.output is not None:
        found = format_of_file(wanted.output)
        if found is None:
            known = ", ".join(ENDINGS)
            message = f"nothing is written as {ending_of(wanted.output)}: the name ends in one of "
            message += f"{known}, or --format is given too"
            raise Invalid.at(message, Place(Output.output.flag))
        return found
    return "terminal" if sys.stdout.isatty() else "text"


def ending_of(name: str) -> str:
    return Path(name).suffix.lower()


def format_of_file(name: str) -> str | None:
    """The format that the ending of a file's name chooses; None for one that nothing has."""
    ending = ending_of(name)
    return ENDINGS.get(ending) if ending else "text"


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
    if COLUMNS.fullmatch(columns) and int(columns) > 0:
        return max(int(columns), MIN_WIDTH)
    try:
        return max(os.get_terminal_size(sys.__stdout__.fileno()).columns, MIN_WIDTH)  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return 80


def shown(outcome: Outcome, exercise: Exercise, name: str, options: Options) -> tuple[str, Outcome]:
    """The outcome in a format, and as it is then: one that cannot be shown has failed."""
    try:
        return renderer(name).render(outcome, options), outcome
    except FAULTS as error:
        bare = failed(replace(outcome, derivation=None, checked=()), exercise, error)
        return unadorned(bare, name), bare


def unadorned(outcome: Outcome, name: str) -> str:
    """What failed, without a renderer, which may be what failed."""
    if name == "json":
        from mlcalc.showing.formats.json import without_answer

        return without_answer(outcome)
    title = outcome.title or outcome.id or outcome.kind
    return "\n\n".join([visible(title), *(visible(c.message) for c in outcome.complaints)])


def write(text: str, wanted: Output) -> None:
    """Writes to the screen, or whole to the file that --output names."""
    if wanted.output is None:
        put(text + "\n", sys.stdout)
        return
    save(text + "\n", wanted.output, Output.output.flag)


def check_written(*files: tuple[str | None, str]) -> None:
    """Raises `Invalid` where what one flag writes would replace what is read, or what another does.

    Each is the name of a file, if there is one, and its flag.  To be called with all of them
    before the first is written.
    """
    flags: dict[str, str] = {}
    for name, flag in files:
        if name is None or "\0" in name:
            continue
        if was_read(name):
            message = f"'{name}' is read here and would be lost: write to another file"
            raise Invalid.at(message, Place(flag))
        other = flags.setdefault(os.path.realpath(name), flag)
        if other != flag and (os.path.isfile(name) or not os.path.exists(name)):
            raise Invalid.at(f"{other} writes '{name}' too: name two files", Place(flag))


def save(text: str | bytes, name: str, flag: str) -> None:
    """Writes the file that a flag names, whole or not at all; - is standard output for texts."""
    if name == "-" and isinstance(text, str):
        put(text, sys.stdout)
        return
    check_written((name, flag))
    try:
        write_whole(name, text.encode() if isinstance(text, str) else text)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        message = f"cannot write '{name}': {reason(error)}"
        raise Invalid.at(message, Place(flag)) from None


def write_whole(path: str, data: bytes) -> None:
    """Writes the file wholly or, where that fails, leaves what was there before."""
    if os.path.exists(path) and not os.path.isfile(path):  # a device must stay one
        with open(path, "wb") as device:
            device.write(data)
        return
    # Where it is a link, the file behind it is written; of links in a circle one is left.
    path = os.path.realpath(path)
    if os.path.islink(path):
        raise OSError(ELOOP, os.strerror(ELOOP))
    folder, name = os.path.split(path)
    partial = os.path.join(folder, f".{name}.{os.getpid()}.partial")
    try:
        with open(partial, "wb") as file:
            file.write(data)
        os.replace(partial, path)
    except BaseException:
        with suppress(OSError, ValueError):
            os.unlink(partial)
        raise


def report(complaints: Sequence[Complaint]) -> int:
    """Prints what is wrong to standard error; the exit code for it."""
    for complaint in complaints:
        put(caret(complaint) + "\n", sys.stderr)
    return MALFORMED


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """The gravest of the problems' codes."""
    return gravest(code_of(outcome) for outcome in outcomes)


def gravest(codes: Iterable[int]) -> int:
    """70 where mlcalc is at fault, else 2 malformed, else 3 without an answer, else 1 wrong."""
    found = set(codes)
    return next((code for code in (FAILED, MALFORMED, NO_ANSWER, WRONG) if code in found), 0)


def code_of(outcome: Outcome) -> int:
    if outcome.status == "failed":
        return FAILED
    if outcome.status != "solved":
        if outcome.foreseen:
            return 0
        return MALFORMED if outcome.status == "invalid" else NO_ANSWER
    verdicts = {checked.verdict for checked in outcome.checked}
    if verdicts & {Verdict.WRONG, Verdict.UNREADABLE, Verdict.MISSING}:
        return WRONG
    return NO_ANSWER if Verdict.UNDECIDED in verdicts else 0
