"""A file for each student, who may have chosen an id such as `../../grades` or `CON`."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import quote

LONGEST_NAME = 150

RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{k}" for d in ("com", "lpt") for k in range(1, 10))}
"""What Windows takes for devices, whatever their ending."""


def file_names(students: Iterable[str], ending: str, taken: Iterable[str] = ()) -> dict[str, str]:
    """A name for each student's file: different ones, also where capitals do not count.

    None is in another folder, hidden, too long, or one of those that are `taken`.
    """
    found: dict[str, str] = {}
    used = {name.casefold() for name in taken}
    for student in students:
        name = file_name(student, ending)
        if name.casefold() in used:
            name = marked(name.removesuffix(ending), student) + ending
        used.add(name.casefold())
        found[student] = name
    return found


def file_name(student: str, ending: str) -> str:
    """The id with whatever a file system may not like as %2F, in the manner of addresses."""
    name = quote(student, safe="@")
    if len(name) > LONGEST_NAME:
        name = marked(name, student)
    if name.startswith(".") or name.split(".")[0].casefold() in RESERVED:
        name = f"%{ord(name[0]):02X}{name[1:]}"
    return name + ending


def marked(name: str, student: str) -> str:
    """The name, cut, with a mark that no other student has."""
    return f"{name[:LONGEST_NAME]}-{sha256(student.encode()).hexdigest()[:16]}"
