"""The Typer app: a command for each kind of problem, and `solve`, `check` and `schema`.

Commands are listed from file names and built when they are run, so `--help` imports no solver.
Exit codes: 0 solved and all compared answers right, 1 some answer wrong, 2 malformed, 3 no
answer, 70 a fault of mlcalc, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from shlex import join
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from mlcalc import __version__
from mlcalc.cli.arguments import RawArguments, UsageError
from mlcalc.files.display import Unwritable, caret, put, visible
from mlcalc.files.errors import MlcalcError
from mlcalc.files.faults import FAILED, told
from mlcalc.maths.near import closest

ClickException: Any = UsageError.__mro__[1]

MALFORMED, INTERRUPTED = 2, 130

OTHER_COMMANDS = {
    "solve": "Solve the problems of files and folders, and compare with their published answers.",
    "check": "Mark answers against a key: one's own, or the submissions of a class.",
    "schema": "Print the JSON Schema of problem files, for editors.",
}


def command_names() -> list[str]:
    from mlcalc.kinds import kinds

    return [*kinds(), *OTHER_COMMANDS]


class Commands(TyperGroup, RawArguments):
    """The commands by name, built when one is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return command_names()

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        from mlcalc.kinds import kind_named

        name = cmd_name.lower()
        name = name if name in OTHER_COMMANDS else kind_named(cmd_name) or ""
        if not name:
            return None
        from mlcalc.cli.commands import build

        # It is asked for twice on the way: whether it is there, and to be run.
        command = f"mlcalc.command.{name}"
        if command not in ctx.meta:
            ctx.meta[command] = build(name)
        return ctx.meta[command]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        from mlcalc.kinds import examples, kinds, summary

        with formatter.section("Kinds of problems"):
            formatter.write_dl([(kind, summary(kind)) for kind in kinds()])
        with formatter.section("Other commands"):
            formatter.write_dl(list(OTHER_COMMANDS.items()))
        with formatter.section("Examples"):
            for kind in kinds():
                for example in examples(kind)[:1]:
                    formatter.write(f"  {example}\n")

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and self.get_command(ctx, args[0]) is None:
            from mlcalc.kinds import kind_meant

            ctx.fail(f"there is no command '{args[0]}'{kind_meant(args[0], OTHER_COMMANDS)}")
        return super().resolve_command(ctx, args)


def print_version(wanted: bool) -> None:
    if wanted:
        put(f"mlcalc {__version__}\n", sys.stdout)
        raise typer.Exit


app = typer.Typer(
    cls=Commands,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
)


@app.callback()
def mlcalc(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=print_version, is_eager=True),
    ] = False,
) -> None:
    """Solve exam-style machine-learning problems, and show the working line by line.

    Exit codes: 0 solved, or all answers right; 1 some answer is wrong; 2 the question is malformed;
    3 it has no answer; 70 a fault of mlcalc, to be reported; 130 interrupted.
    """


def run(arguments: list[str] | None = None) -> int:
    """Runs the command line and returns its exit code."""
    open_streams()
    try:
        command = get_command(app)
        code = command.main(args=arguments, prog_name="mlcalc", standalone_mode=False)
    except ClickException as error:
        return report_usage(error)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except MlcalcError as error:
        for complaint in error.complaints:
            put(caret(complaint) + "\n", sys.stderr)
        return MALFORMED
    except Unwritable as error:
        return report_unwritable(error.__cause__)
    except Exception as error:
        typed = join(["mlcalc", *(sys.argv[1:] if arguments is None else arguments)])
        put(told(error, typed) + "\n", sys.stderr)
        return FAILED
    return code if isinstance(code, int) else 0


def open_streams() -> None:
    """Puts something in the place of streams that the shell has closed.

    Reading from the null device gives nothing, and what is open for reading alone refuses to be
    written to; without it the next file that is opened would take the stream's number.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  streams stay open
    if sys.stdout is None:
        sys.stdout = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def report_unwritable(cause: BaseException | None) -> int:
    """The exit code where standard output takes no more; why, unless its reader has seen enough."""
    # What is left in the buffer is written once more when Python ends, and may not fail again.
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(cause, BrokenPipeError):
        return 0
    reason = str(getattr(cause, "strerror", None) or "it is closed").lower()
    put(f"cannot write to standard output: {reason}\n", sys.stderr)
    return MALFORMED


def report_usage(error: Any) -> int:
    """Prints what is wrong with the command line, in one line and a hint."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        put(error.format_message() + "\n", sys.stderr)
        return 2
    path = context.command_path if context is not None else "mlcalc"
    message = error.format_message()
    option = getattr(error, "option_name", None)
    if type(error).__name__ == "NoSuchOption":
        known = [o for p in context.command.get_params(context) for o in p.opts] if context else []
        message = f"there is no flag '{option}'{closest(str(option), known)}"
    message = visible(message[:1].lower() + message[1:].rstrip("."), lines=True)
    put(f"{path}: {message}\nsee {path} --help\n", sys.stderr)
    return 2
