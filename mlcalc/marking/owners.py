"""Whose a handed-in file is: where it lies says so, not what it claims.

A folder in the folder that was named is a student, and holds what that student handed in, unless
its files are students, as those of a section are.  Names are in natural order: attempt 2 comes
before attempt 10.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from mlcalc.files.document import Text
from mlcalc.files.reading import files_of
from mlcalc.marking.students import folded
from mlcalc.maths.records import Record

DIGITS = re.compile(r"([0-9]+)")


class Source(Record):
    """A file and the student whose own it is; "" where it may be of many, or names its student."""

    path: str
    owner: str = ""


def sources(
    name: Text, endings: Sequence[str], what: str, students: Collection[str]
) -> list[Source]:
    """The files that a path names, with whose they are.  Raises `Invalid`."""
    paths = sorted(files_of(name, endings, what), key=natural)
    if name.value == "-" or not os.path.isdir(name.value):
        return [Source(path, listed(path, students)) for path in paths]
    within = {path: Path(os.path.relpath(path, name.value)).parts for path in paths}
    by_folder = {parts[0] for parts in within.values() if len(parts) > 1}
    are_students = has_students(within, students)
    return [
        Source(path, parts[0] if are_students and parts[0] in by_folder else listed(path, students))
        for path, parts in within.items()
    ]


def natural(path: str) -> list[tuple[int, str]]:
    """attempt2 before attempt10: digits count as the number that they are."""
    return [
        (int(piece), "") if piece.isdigit() else (-1, piece.casefold())
        for piece in DIGITS.split(path)
    ]


def listed(path: str, students: Collection[str]) -> str:
    """The student of the list whose name a file bears."""
    stem = folded(Path(path).stem)
    return next((one for one in students if folded(one) == stem), "")


def has_students(within: dict[str, tuple[str, ...]], students: Collection[str]) -> bool:
    """Whether the folders are students, and not groups of files that are."""
    files: dict[str, list[str]] = {}
    for path, parts in within.items():
        if len(parts) > 1:
            files.setdefault(parts[0], []).append(folded(Path(path).stem))
    known = {folded(one) for one in students}
    if known:
        in_list = sum(folded(folder) in known for folder in files)
        return in_list >= sum(stem in known for stems in files.values() for stem in stems)
    stems = [stem for own in files.values() for stem in dict.fromkeys(own)]
    kinds = [{DIGITS.sub("", stem) for stem in own} for own in files.values()]
    return (
        len(set(stems)) < len(stems)  # each has its hw1
        or all(len(own) == 1 for own in files.values())
        or all(len(own) == 1 for own in kinds)  # attempt1, attempt2
    )
