"""`mlcalc schema`."""

from __future__ import annotations

import sys

from mlcalc.files import problem
from mlcalc.files.display import put
from mlcalc.files.document import Entries
from mlcalc.files.fields import Words
from mlcalc.kinds import kind_meant, kind_named, kinds


class Wanted(problem.Problem):
    """The argument of `mlcalc schema`."""

    kind = problem.optional(
        Words("KIND"), "one kind, such as map; all kinds without it", positional=True
    )


def print_schema(typed: Entries) -> None:
    """Prints the schema of one kind's problems, or of all."""
    from json import dumps

    from mlcalc.cli.json_schema import schema

    wanted = Wanted.read(typed)
    assert isinstance(wanted, Wanted)
    kind = wanted.kind
    if kind is not None and kind_named(kind) is None:
        hint = kind_meant(kind) or f": one of {', '.join(kinds())}"
        raise wanted.fault(f"unknown kind '{kind}'{hint}", Wanted.kind)
    put(dumps(schema([kind_named(kind) or kind] if kind else kinds()), indent=2) + "\n", sys.stdout)
