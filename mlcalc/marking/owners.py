"""Whose a handed-in file is: where it lies says so, not what it claims.

A folder in the folder that was named is a student, and holds what that student handed in, unless
its files are students, as those of a section are.  Names are in natural order: attempt 2 comes
before attempt 10.  What students pack into their folders is not trusted: pipes, devices, links
that lead out, deep folders and too many files are said and left out.
"""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mlcalc.files.display import visible
from mlcalc.files.document import Entries, Items, Raw, Text
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.reading import MAX_BYTES, MAX_FILES, bytes_of, decoded, read_document, reason
from mlcalc.marking.students import Roster, best, folded, roles_of
from mlcalc.maths.records import Record

DIGITS = re.compile(r"([0-9]+)")
LONGEST_NUMBER = 30
MAX_DEPTH = 12
MOST_OF_ONE = 1_000
"""How many files a student hands in; with links to others a folder never ends."""
MOST_BYTES_OF_ONE = 2 * MAX_BYTES
METADATA = ("submission_metadata.yml", "submission_metadata.yaml")
"""Gradescope's list of who handed in which folder."""
MOODLE = "_assignsubmission_"
CANVAS = re.compile(r"([^_]+)(?:_LATE)?_(\d{1,12})_(\d{1,12})_.+", re.DOTALL)
STREAMS = ("/dev/", "/proc/")
"""Where a shell puts the pipes of `<(…)`, which somebody writes into."""


class Source(Record):
    """A file and the student whose own it is; "" where it may be of many, or names its student."""

    path: str
    owner: str = ""


class Found(Record):
    """What a folder holds: the files that may be submissions, by the parts of their paths."""

    files: dict[str, tuple[str, ...]]
    complaints: list[Complaint]
    others: Counter[str]
    """The files that are none, by how their names end."""


def sources(
    name: Text, endings: Sequence[str], roster: Roster, complaints: list[Complaint],
    remarks: list[str],
) -> list[Source]:  # fmt: skip
    """The files that a path names, with whose they are.

    Raises `Invalid` for a folder that holds none, and for a path that is no file.
    """
    if name.value == "-" or not os.path.isdir(name.value):
        check_file(name.value)
        return [Source(name.value, listed(name.value, roster))]
    found = walked(name.value, endings)
    complaints += found.complaints
    if found.others:
        count = sum(found.others.values())
        ends = ", ".join(visible(ending, most=20) for ending in sorted(found.others)[:8])
        files = "1 file is" if count == 1 else f"{count} files are"
        remarks.append(f"{name.value}: {files} left out that cannot be submissions ({ends})")
    if not found.files and not found.complaints:
        what = f"submission ({', '.join(endings)})"
        raise Invalid.at(f"there is no {what} in this folder", name.place)
    within = {path: found.files[path] for path in sorted(found.files, key=natural)}
    handed_in = submitters(within, complaints)
    within = {path: parts for path, parts in within.items() if parts[-1] not in METADATA}
    are_students = bool(handed_in) or has_students(within, roster)
    return list(limited(owned(within, are_students, handed_in, roster), complaints))


def check_file(path: str) -> None:
    """Raises `Invalid` for a pipe or a device that would be waited for, or never ends."""
    if path == "-" or path.startswith(STREAMS):
        return
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return  # who opens it says why it cannot be read
    if not stat.S_ISREG(mode):
        raise Invalid.at("this is a pipe or a device, not a file: leave it out", Place(path))


def walked(root: str, endings: Sequence[str]) -> Found:
    """All files below a folder that have these endings, without what is hidden."""
    found = Found({}, [], Counter())
    seen = 0
    open_: list[tuple[str, ...]] = [()]
    while open_:
        parts = open_.pop()
        try:
            with os.scandir(os.path.join(root, *parts)) as entries:
                children = list(zip(range(MAX_FILES + 1 - seen), entries, strict=False))
        except (OSError, ValueError) as error:
            message = f"the folder cannot be read: {reason(error)}"
            found.complaints.append(Complaint(message, Place(os.path.join(root, *parts))))
            continue
        seen += len(children)
        if seen > MAX_FILES:
            message = f"this folder holds more than {MAX_FILES:,} files"
            raise Invalid.at(message, Place(root))
        for _, entry in children:
            own = (*parts, entry.name)
            if entry.name.startswith(".") or entry.name == "__MACOSX":
                continue
            if entry.is_dir(follow_symlinks=False):
                if len(own) > MAX_DEPTH:
                    message = f"folders lie more than {MAX_DEPTH} deep: they are not opened"
                    found.complaints.append(Complaint(message, Place(entry.path)))
                else:
                    open_.append(own)
            else:
                look_at(root, own, entry, endings, found)
    return found


def look_at(
    root: str, parts: tuple[str, ...], entry: os.DirEntry[str], endings: Sequence[str],
    found: Found,
) -> None:  # fmt: skip
    """Puts a file of a folder where it belongs: read, not read, or complained of."""
    if not entry.name.lower().endswith(tuple(endings)):
        found.others[Path(entry.name).suffix.lower() or entry.name] += 1
        return
    message = ""
    try:
        if entry.is_symlink() and not is_within(entry.path, os.path.join(root, *parts[:-1][:1])):
            message = "this is a link to something elsewhere"
        elif not stat.S_ISREG(entry.stat().st_mode):
            message = "this is a pipe or a device"
    except (OSError, ValueError) as error:
        message = f"the file cannot be read: {reason(error)}"
    if message:
        found.complaints.append(Complaint(f"{message}: it is left out", Place(entry.path)))
    else:
        found.files[entry.path] = parts


def is_within(path: str, folder: str) -> bool:
    real = os.path.realpath(folder)
    return os.path.commonpath([real, os.path.realpath(path)]) == real


def owned(
    within: Mapping[str, tuple[str, ...]], are_students: bool,
    handed_in: Mapping[str, Sequence[str]], roster: Roster,
) -> Iterator[Source]:  # fmt: skip
    """Each file with its owner; what a group handed in is everyone's."""
    for path, parts in within.items():
        if len(parts) > 1 and are_students:
            owners = handed_in.get(folded(parts[0]), (student_of(parts[0]),))
            yield from (Source(path, roster.match(owner) or owner) for owner in owners)
        else:
            yield Source(path, listed(path, roster))


def student_of(folder: str) -> str:
    """The student whose name a folder bears, without what Moodle puts behind it."""
    name, mark, _ = folder.partition(MOODLE)
    return name.rpartition("_")[0] or name if mark else folder


def limited(found: Iterator[Source], complaints: list[Complaint]) -> Iterator[Source]:
    """The files without those of a student who handed in too many or too large ones."""
    counts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for source in found:
        owner = source.owner
        counts[owner] += 1
        sizes[owner] += os.path.getsize(source.path) if owner else 0
        too_many = counts[owner] > MOST_OF_ONE
        if not owner or (not too_many and sizes[owner] <= MOST_BYTES_OF_ONE):
            yield source
        elif counts[owner] <= MOST_OF_ONE + 1 and sizes[owner] > 0:
            what = f"{MOST_OF_ONE:,} files" if too_many else f"{MOST_BYTES_OF_ONE:,} bytes"
            message = f"{owner} handed in more than {what}: this and what follows is not read"
            complaints.append(Complaint(message, Place(source.path)))
            counts[owner] = MOST_OF_ONE + 1


def natural(path: str) -> list[tuple[int, str]]:
    """attempt2 before attempt10: digits count as the number that they are."""
    return [
        (int(piece[:LONGEST_NUMBER]), "") if piece.isdigit() else (-1, piece.casefold())
        for piece in DIGITS.split(path)
    ]


def listed(path: str, roster: Roster) -> str:
    """The student of the roster whose name a file bears, alone or as Canvas writes it."""
    stem = Path(path).stem
    found = roster.match(stem)
    if not found and (named := CANVAS.fullmatch(stem)):
        ids = roster.by_role.get("id", {}).get(named[2], set())
        found = next(iter(ids)) if len(ids) == 1 else named[1]
    return found


def has_students(within: Mapping[str, tuple[str, ...]], roster: Roster) -> bool:
    """Whether the folders are students, and not groups of files that are."""
    files: dict[str, list[str]] = {}
    for path, parts in within.items():
        if len(parts) > 1:
            files.setdefault(parts[0], []).append(folded(Path(path).stem))
    if roster.people:
        in_list = sum(bool(roster.match(student_of(folder))) for folder in files)
        return in_list >= sum(bool(roster.match(stem)) for own in files.values() for stem in own)
    stems = [stem for own in files.values() for stem in dict.fromkeys(own)]
    kinds = [{DIGITS.sub("", stem) for stem in own} for own in files.values()]
    return (
        len(set(stems)) < len(stems)  # each has its hw1
        or all(len(own) == 1 for own in files.values())
        or all(len(own) == 1 for own in kinds)  # attempt1, attempt2
        or any(MOODLE in folder for folder in files)
    )


# Gradescope's export: folders by the number of the submission, and a file that says whose they are.


def submitters(
    within: Mapping[str, tuple[str, ...]], complaints: list[Complaint]
) -> dict[str, list[str]]:
    """Who handed in which folder, where such a file lies at the top."""
    found: dict[str, list[str]] = {}
    for path, parts in within.items():
        if len(parts) == 1 and parts[0] in METADATA:
            try:
                raw = read_document(decoded(bytes_of(path), path), path)
            except Invalid as error:
                complaints += error.complaints
            else:
                pairs = raw.pairs if isinstance(raw, Entries) else ()
                found |= {folded(key.value): people_in(value) for key, value in pairs}
    return {folder: people for folder, people in found.items() if people}


def people_in(raw: Raw) -> list[str]:
    """The ids under `:submitters:`."""
    listed = raw.get(":submitters") if isinstance(raw, Entries) else None
    people = []
    for item in listed.items if isinstance(listed, Items) else ():
        pairs = item.pairs if isinstance(item, Entries) else ()
        cells = [(key.value, value.value) for key, value in pairs if isinstance(value, Text)]
        roles = roles_of([key for key, _ in cells])
        student = best({role: cells[at][1].strip() for role, at in roles.items()})
        people += [student] if student else []
    return people
