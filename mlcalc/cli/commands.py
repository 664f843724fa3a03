"""What the commands do, a file each; a command is built when it is asked for."""

from __future__ import annotations

from typing import Any

from mlcalc.cli.flags import command


def build(name: str) -> Any:
    """The click command of that name."""
    if name == "solve":
        from mlcalc.cli.files import Batch, solve_files

        return command(name, "Solve the problems of files and folders.", [Batch], solve_files)
    if name == "check":
        from mlcalc.cli.check import Marking, check_files

        return command(name, "Mark answers, or the submissions of a class.", [Marking], check_files)
    if name == "schema":
        from mlcalc.cli.schema import Wanted, print_schema

        return command(name, "Print the JSON Schema of problem files.", [Wanted], print_schema)
    from mlcalc.cli.question import Single, answer
    from mlcalc.kinds import examples, load, summary

    fields = load(name).Problem
    lines = "\n".join(("\b", *examples(name)))  # \b: lines are left as they are
    text = f"{summary(name)}\n\n{lines}"
    return command(name, text, [fields, Single], lambda typed: answer(name, typed))
