"""A Problem class as a Typer command: its fields become flags, and nothing is said twice.

Typer splits the arguments, prints the help and completes them in the shell.  What was typed goes
on as raw text to the one reader that YAML uses too, so flags and files give the same messages
and Typer's own conversion, which imports pydantic, never runs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer
from typer.main import get_command

from mlcalc.cli.arguments import RawCommand
from mlcalc.cli.words import OWN
from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Place
from mlcalc.files.problem import NAMED, Field, Problem, flag_of
from mlcalc.files.reading import forget_files
from mlcalc.maths.near import closest, plain_name

Run = Callable[[Entries], None]
HELP_NAMES = {"help_option_names": ["-h", "--help"]}


def command(title: str, help_text: str, classes: Sequence[type[Problem]], run: Run) -> Any:
    """The click command whose flags are the fields of the classes."""
    fields = [field for cls in classes for field in cls.fields.values()]
    named = {parameter_name(n): (n, f) for f in fields for n in names_of(f)}

    def callback(**typed: Any) -> None:
        forget_files()
        given = [(*named[key], value) for key, value in typed.items() if value is not None]
        given += [(key.removeprefix(OWN), NAMED, value) for key, value in made.own.items()]
        run(Entries(tuple(entry(*each) for each in given), place))

    place = Place(f"mlcalc {title}")
    ordered = sorted(named.values(), key=lambda pair: not pair[1].positional)
    parameters = [parameter(*pair) for pair in ordered]
    for field in (f for f in fields if f.positional):
        # What stands first may be named too, as it is in a file.
        for name in (field.name, *field.aliases):
            spelled = spelled_out(name)
            named[spelled] = name, replace(field, positional=False)
            parameters.append(parameter(*named[spelled], spelled, hidden=True))
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(title, cls=RawCommand, help=help_text, context_settings=HELP_NAMES)(callback)
    made: Any = get_command(app)
    made.fields = {parameter: field for parameter, (_, field) in named.items()}
    hints = {word: cls.in_flags(hint) for cls in classes for word, hint in cls.other_words.items()}
    made.own_field, made.second = classes[0].own_field, classes[0].second
    made.meant = lambda flag: meant(flag, fields, hints)
    return made


def meant(flag: str, fields: Iterable[Field[Any]], hints: Mapping[str, str]) -> str:
    """What an unknown flag was meant for, and how a value that begins so is given."""
    from mlcalc.kinds import taken_elsewhere

    name = flag.lstrip("-")
    if hint := hints.get(plain_name(name)):
        return f"; {hint}"
    known = [flag_of(spelled) for field in fields for spelled in (field.name, *field.aliases)]
    elsewhere = taken_elsewhere(name, flag_of)
    hint = closest(flag, known, 0.8) or elsewhere or closest(flag, known)
    first = [flag_of(field.name) for field in fields if field.positional]
    if first and not flag.startswith("--"):
        hint += f"; to start a value with a minus, write {first[0]}='{flag}…'"
    return hint


def names_of(field: Field[Any]) -> tuple[str, ...]:
    """The names that have a parameter of their own in the help; what stands first has one."""
    return (field.name,) if field.positional else (field.name, *field.aliases)


def parameter_name(name: str) -> str:
    return f"field_{name}"


def spelled_out(name: str) -> str:
    return f"flag_{name}"


def parameter(
    name: str, field: Field[Any], spelled: str = "", hidden: bool = False
) -> inspect.Parameter:
    """The parameter of the generated function that stands for a field, under one of its names."""
    words = field.takes.words()
    options: dict[str, Any] = {"help": help_of(field), "show_default": False}
    options["hidden"] = hidden or field.hidden or name in field.aliases
    if words:
        options["autocompletion"] = lambda incomplete: [
            w for w in words if w.startswith(incomplete)
        ]
    annotation: Any = (list[str] if field.takes.repeats else str) | None
    flag = flag_of(name)
    letter = field.short or (name if len(name) == 1 and name != "h" else "")
    short = [f"-{letter}"] if letter else []
    if field.positional:
        info = typer.Argument(metavar=field.takes.metavar, **options)
    elif field.takes.is_switch:
        both = f"{flag}/--no-{flag[2:]}" if field.default == "true" else flag
        info, annotation = typer.Option(both, *short, **options), bool | None
    else:
        info = typer.Option(flag, *short, metavar=field.takes.metavar, **options)
    return inspect.Parameter(
        spelled or parameter_name(name),
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[annotation, info],
    )


def help_of(field: Field[Any]) -> str:
    words = field.takes.words()
    listed = f" ({', '.join(words)})" if words and len(words) < 12 else ""
    default = "" if field.default is None or field.takes.is_switch else f" [{field.default}]"
    others = ", ".join(map(flag_of, field.aliases))
    return field.description + listed + default + (f"; also {others}" if others else "")


def entry(name: str, field: Field[Any], value: Any) -> tuple[Text, Raw]:
    """The key and the raw value of a field that was typed, marked with its flag."""
    label = name if field.positional else flag_of(name)
    key = Text(name, Place(label))
    if isinstance(value, bool):
        return key, Text("true" if value else "false", Place(label))
    if isinstance(value, str):
        return key, Text(value, Place(label, value))
    texts = tuple(Text(item, Place(label, item)) for item in value)
    return key, texts[0] if len(texts) == 1 else Items(texts, Place(label))


def divided(entries: Entries, first: type[Problem], other: type[Problem]) -> list[Entries]:
    """The entries of each class apart, so that each reads its own; the first has unknown ones."""
    is_own = [p[0].value in first.spellings or p[0].value not in other.spellings
              for p in entries.pairs]  # fmt: skip
    both = [tuple(p for p, own in zip(entries.pairs, is_own, strict=True) if own is which)
            for which in (True, False)]  # fmt: skip
    return [Entries(pairs, entries.place) for pairs in both]
