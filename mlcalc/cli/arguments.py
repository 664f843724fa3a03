"""What was typed on the command line, split into flags and values by Typer and left as text.

Typer's own conversion imports pydantic as soon as there is a value; the readers of
`mlcalc.files.fields` convert instead, so that flags and files give the same messages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import typer
from typer.core import TyperCommand

from mlcalc.cli.words import OWN, Value, WordFault, Words, takes_several
from mlcalc.files.display import Unwritable
from mlcalc.files.problem import Field

# Typer carries its own copy of click, whose names it does not export.
Command: Any = TyperCommand.__mro__[1]
UsageError: Any = typer.BadParameter.__mro__[1]


class RawArguments(Command):  # type: ignore[misc]  # its class is known at run time only
    """What stands before a command, split by Typer's parser and not converted."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if ctx.resilient_parsing:  # the shell asks for completions
            return list(super().parse_args(ctx, args))
        try:
            values, rest, _ = self.make_parser(ctx).parse_args(args=list(args))
        except UsageError as error:
            error.ctx = ctx  # whose command, and so whose help, the message names
            raise
        for parameter in self.get_params(ctx):
            if parameter.is_eager and parameter.name in values:
                run_eager(ctx, parameter, values)
        ctx.params = {name: value for name, value in values.items() if isinstance(value, bool)}
        ctx.args = rest
        return list(rest)


class RawCommand(TyperCommand):
    """A command whose callback gets the texts as they were typed."""

    fields: Mapping[str, Field[Any]]
    """The fields by the names of the parameters that they are."""
    own_field: Callable[[str, str], Field[Any] | None]
    """What takes a name that no field has."""
    second: str
    """The field that a second value without a flag is for."""
    own: Mapping[str, Value]
    """What was typed by such names."""
    meant: Callable[[str], str]
    """What an unknown flag was meant for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if ctx.resilient_parsing:
            return list(super().parse_args(ctx, args))
        parameters = self.get_params(ctx)
        print_asked(ctx, parameters, args)
        words = Words(parameters, self.fields, self.own_field, self.second)
        try:
            words.read(args)
        except WordFault as fault:
            ctx.fail(str(fault))
        if words.unknown:
            ctx.fail("\n".join(f"there is no flag '{n}'{self.meant(n)}" for n in words.unknown))
        for parameter, count in Counter(words.order).items():
            if count > 1 and not takes_several(parameter):
                ctx.fail(f"{parameter.opts[0]} is given {count} times: give it once")
        # Typer knows the parameters of the callback alone.
        self.own = {name: value for name, value in words.values.items() if name.startswith(OWN)}
        ctx.params = {name: v for name, v in words.values.items() if name not in self.own}
        ctx.args = []
        return []

    def get_params(self, ctx: Any) -> Any:
        found = super().get_params(ctx)
        for parameter in found:
            if parameter.param_type_name == "argument":
                # Typer shows the type of an argument beside its metavar, which says it all.
                parameter.__dict__["display_type_rich"] = lambda ctx: None
        return found


def print_asked(ctx: Any, parameters: list[Any], args: list[str]) -> None:
    """Prints the help where it is asked for, whatever else is typed."""
    asked = args[: args.index("--")] if "--" in args else args
    for parameter in parameters:
        if parameter.is_eager and set(parameter.opts) & set(asked):
            run_eager(ctx, parameter, {parameter.name: True})


def run_eager(ctx: Any, parameter: Any, values: Mapping[str, Any]) -> None:
    try:
        parameter.handle_parse_result(ctx, values, [])
    except OSError as error:  # they print: the help, the version
        raise Unwritable from error
