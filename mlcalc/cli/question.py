"""One question: `mlcalc KIND …`."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from mlcalc.cli.flags import divided
from mlcalc.cli.output import (
    Output,
    asked_by,
    check_written,
    chosen_format,
    exit_code,
    options_for,
    report,
    save,
    shown,
    write,
)
from mlcalc.files import problem
from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.faults import FAILED, FAULTS, told
from mlcalc.files.fields import Several, Switch, Words
from mlcalc.kinds import load
from mlcalc.marking.exercise import Exercise, command_of, solve_exercise
from mlcalc.maths.records import replace
from mlcalc.showing.derivation import Derivation
from mlcalc.showing.drawing import stacked_svg

CLAIMED_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:\.[^=]+)?")
"""The name of an answer, or of a part of it: gradients.W_xh."""
SECOND_NAME = re.compile(r"[^=,;{\[(]*(?:[,;]|\band\b)\s*(?:and\s+)?[^\W\d][^=,;{\[]{0,20}=(?!=)")
"""What follows mu = 3 where sigma^2 = 1 stands behind it: each is a claim."""


class Single(Output):
    """The flags of a one-off question."""

    svg = problem.optional(Words("FILE"), "write the pictures of the answer to this SVG file")
    check = problem.optional(Several("ANSWER"), "mark this answer: VALUE or NAME=VALUE")
    yaml = problem.default(Switch(), "false", "print the problem as YAML instead of solving it")


def answer(kind: str, typed: Entries) -> None:
    """Answers the question that the flags of a kind ask."""
    given, flags = divided(typed, load(kind).Problem, Single)
    wanted = Single.read(flags)
    assert isinstance(wanted, Single)
    if wanted.svg is not None and not wanted.svg.lower().endswith(".svg"):
        message = "a picture is written to a file that ends in .svg"
        raise Invalid.at(message, wanted.place_of(Single.svg))
    refuse_activation(kind, wanted)
    pairs: list[tuple[Text, Raw]] = [(text("kind"), text(kind)), (text("given"), given)]
    if wanted.yaml:
        load(kind).Problem.read(given)
        write(as_yaml(kind, given), wanted)
        return
    if wanted.check:
        pairs.append((text("expect"), claims(given, wanted.check)))
    exercise = Exercise(Entries(tuple(pairs), typed.place), is_marked=True)
    has_working = not wanted.quiet or wanted.plot or wanted.svg is not None
    name = chosen_format(wanted)
    outcome = solve_exercise(exercise, is_shown=has_working, asked=asked_by(wanted, name))
    complaints = outcome.complaints
    check_written((wanted.output, Single.output.flag), (wanted.svg, Single.svg.flag))
    is_json = name == "json"
    if is_json or outcome.derivation is not None:
        # What is wrong is said once: in JSON, or on standard error.
        bare = outcome if is_json else replace(outcome, complaints=())
        piece, outcome = shown(bare, exercise, name, options_for(wanted))
        if is_json or outcome.derivation is not None:
            write(piece, wanted)
        complaints += outcome.complaints
    if not is_json:
        report(complaints)
    code = exit_code([outcome])
    if outcome.derivation is not None:
        code = pictured(outcome.derivation, wanted, command_of(exercise)) or code
    sys.exit(code)


def refuse_activation(kind: str, wanted: Single) -> None:
    """Raises `Invalid` where --output names an activation, and no file."""
    field = load(kind).Problem.fields.get("output_activation")
    if field is None or wanted.output is None:
        return
    try:
        field.takes.read(text(wanted.output))
    except Invalid:
        return
    name = wanted.output
    message = f"this names a file: for the activation write {field.flag} {name}, or ./{name}"
    raise Invalid.at(message, wanted.place_of(Single.output))


def pictured(derivation: Derivation, wanted: Single, command: str) -> int:
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
        try:
            drawn = stacked_svg(drawings, style)
        except FAULTS as error:
            report([Complaint(told(error, command), Place(Single.svg.flag))])
            return FAILED
        save(drawn + "\n", wanted.svg, Single.svg.flag)
    return 0


def text(value: str) -> Text:
    return Text(value, Place("mlcalc"))


def claims(given: Entries, checks: Sequence[Text]) -> Entries:
    """NAME=VALUE as an entry of that name; VALUE alone is the kind's primary answer."""
    pairs: dict[str, tuple[Text, Text]] = {}
    for claim in checks:
        name, equals, value = (part.strip() for part in claim.value.partition("="))
        if not equals or not CLAIMED_NAME.fullmatch(name) or SECOND_NAME.match(value):
            name, value = "", claim.value
        if name in pairs:
            message = f"a second answer for '{name}'" if name else "a second answer without a name"
            raise Invalid.at(f"{message}: give one, or write NAME=VALUE", claim.place)
        start = len(claim.value.rstrip()) - len(value) if name else 0
        pairs[name] = Text(name, claim.place), Text(value, claim.at(start))
    return Entries(tuple(pairs.values()), given.place)


def as_yaml(kind: str, given: Entries) -> str:
    from mlcalc.files.document import plain
    from mlcalc.files.yaml_writer import write_yaml

    return write_yaml({"kind": kind, "given": plain(given)}).rstrip("\n")
