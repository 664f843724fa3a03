"""`mlcalc check --read-only`: how an answer is read, without a verdict.

Neither what is printed nor the exit code depends on the right answer, only on its sort.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from mlcalc.cli.files import expanded, loaded
from mlcalc.files.display import can_show, put, visible
from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid, MlcalcError, Place
from mlcalc.files.faults import FAULTS
from mlcalc.marking.checking.parts import fold
from mlcalc.marking.key import read_key
from mlcalc.marking.naming import At, Names
from mlcalc.marking.understood import Understood, understood
from mlcalc.maths.printing import Style

if TYPE_CHECKING:
    from mlcalc.cli.check import Marking

ID = "--id"


def read_only(wanted: Marking) -> None:
    """Says of each answer how it is read: for a problem of the key, or as what it looks like."""
    style = Style(wanted.digits, ascii=not can_show("θ̂≈⌊½✓", sys.stdout))
    names = None if wanted.key is None else names_of(wanted, wanted.key, style)
    at = ("", "") if names is None else asked(wanted, names)
    for typed in wanted.paths:
        try:
            is_read, text = read_as(typed, names, at, style)
        except MlcalcError:
            raise
        except FAULTS:
            is_read, text = False, "mlcalc fails at it"
        lead = "read as " if is_read else "cannot be read: "
        put(f"{visible(typed.value)}: {lead}{visible(text)}\n", sys.stdout)


def names_of(wanted: Marking, key: str, style: Style) -> Names:
    """The problems of the key; what is wrong with it may tell what is right, and is not said."""
    path = Text(key, wanted.place_of(type(wanted).key))
    exercises = [exercise for name in expanded(path) for exercise in loaded(name)]
    try:
        return Names(read_key(exercises, wanted.trust_expect, style, has_hints=False))
    except Invalid:
        message = "this key cannot be read: mark a submission with it to see what is wrong"
        raise Invalid.at(message, path.place) from None


def asked(wanted: Marking, names: Names) -> At:
    """The problem that --id names, and the answer to it where it is named behind a point."""
    ids = list(names.questions)
    typed = wanted.id or (ids[0] if len(ids) == 1 else "")
    if not typed:
        message = f"--id says which problem of the key it is: one of {', '.join(ids)}"
        raise wanted.fault(message, type(wanted).read_only)
    id_, dot, name = typed.rpartition(".")
    is_whole = not dot or fold(typed) in map(fold, ids)
    return (typed, "") if is_whole else (id_, name)


def read_as(typed: Text, names: Names | None, at: At, style: Style) -> Understood:
    if names is None:
        return understood(typed, None, style)
    found = names.answers(ID, {at: typed.value}, [])
    if not found:
        raise Invalid.at(names.unknown_names()[0].removeprefix(f"{ID}: "), Place(ID))
    read = []
    for (id_, name), claim in found.items():
        question = names.questions[id_]
        answer = question.answer(name)
        raw = question.claimed(claim, answer)
        is_read, text = understood(raw, answer, style, question.others)
        if not is_read:
            return False, text
        read.append(f"{name}: {text}" if len(found) > 1 else text)
    return True, "; ".join(read)
