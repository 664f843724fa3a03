"""What was typed on the command line, split into flags and values by Typer and left as text.

Typer's own conversion imports pydantic as soon as there is a value; the readers of
`mlcalc.files.fields` convert instead, so that flags and files give the same messages.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import typer
from typer.core import TyperCommand

from mlcalc.files.display import Unwritable

# Typer carries its own copy of click, whose names it does not export.
Command: Any = TyperCommand.__mro__[1]
UsageError: Any = typer.BadParameter.__mro__[1]


class RawArguments(Command):  # type: ignore[misc]  # its class is known at run time only
    """What was typed, split by Typer's parser and not converted: conversion imports pydantic."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if ctx.resilient_parsing:  # the shell asks for completions
            return list(super().parse_args(ctx, args))
        try:
            values, rest, order = self.make_parser(ctx).parse_args(args=list(args))
        except UsageError as error:
            error.ctx = ctx  # whose command, and so whose help, the message names
            raise
        for parameter in self.get_params(ctx):
            if parameter.is_eager and parameter.name in values:
                try:
                    parameter.handle_parse_result(ctx, values, rest)
                except OSError as error:  # they print: the help, the version
                    raise Unwritable from error
        if rest and not ctx.allow_extra_args:
            ctx.fail(f"unexpected argument '{' '.join(map(str, rest))}': {hint_for(rest, order)}")
        for parameter, count in Counter(order).items():
            if count > 1 and parameter.name in values and not takes_several(parameter):
                ctx.fail(f"{parameter.opts[0]} is given {count} times: give it once")
        ctx.params = {
            name: value
            for name, value in values.items()
            if isinstance(value, str | bool) or (isinstance(value, list | tuple) and value)
        }
        ctx.args = rest
        return list(rest)


def hint_for(rest: list[str], order: list[Any]) -> str:
    """What was probably meant by words that no flag takes."""
    switches = [parameter.opts[0] for parameter in order if getattr(parameter, "is_flag", False)]
    if switches and {word.lower() for word in rest} <= {"true", "false", "yes", "no", "1", "0"}:
        return f"{switches[0]} stands by itself, without a value"
    return "put a value that holds spaces in quotes"


class RawCommand(TyperCommand, RawArguments):
    """A command whose callback gets the texts as they were typed."""

    def get_params(self, ctx: Any) -> Any:
        found = super().get_params(ctx)
        for parameter in found:
            if parameter.param_type_name == "argument":
                # Typer shows the type of an argument beside its metavar, which says it all.
                parameter.__dict__["display_type_rich"] = lambda ctx: None
        return found


def takes_several(parameter: Any) -> bool:
    return bool(getattr(parameter, "multiple", False)) or parameter.nargs == -1
