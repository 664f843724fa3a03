"""`mlcalc check`: marks the answers in problem files, or the submissions of a class."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from json import dumps
from shlex import quote
from typing import TypeVar

from mlcalc import __version__
from mlcalc.cli.files import expanded, loaded, watched
from mlcalc.cli.handed_back import Faults, hand_back
from mlcalc.cli.output import (
    MALFORMED,
    MAX_DIGITS,
    MAX_WIDTH,
    NO_ANSWER,
    WRONG,
    check_written,
    ending_of,
    format_of_file,
    gravest,
    report,
    save,
    terminal_width,
)
from mlcalc.cli.read_only import read_only
from mlcalc.files import problem
from mlcalc.files.display import can_show, put, visible
from mlcalc.files.document import Entries, Text
from mlcalc.files.errors import Complaint, Invalid, Place
from mlcalc.files.faults import FAILED
from mlcalc.files.fields import Count, Several, Switch, Word, Words
from mlcalc.files.reading import digest_of_read
from mlcalc.marking import as_json
from mlcalc.marking.claims import claim_of
from mlcalc.marking.classroom import Marked, Report, mark_class
from mlcalc.marking.crew import MOST_JOBS, processors
from mlcalc.marking.gradebook import LAYOUTS
from mlcalc.marking.headers import Headers, read_columns
from mlcalc.marking.key import Key, read_key
from mlcalc.marking.log import Log
from mlcalc.marking.marker import Mark, Task
from mlcalc.marking.pages import FORMS
from mlcalc.marking.review import Overrides, read_overrides, review
from mlcalc.marking.students import read_roster
from mlcalc.marking.submissions import Submission, read_submissions
from mlcalc.marking.told import Wish, summary, told_of, totals
from mlcalc.maths.printing import Style
from mlcalc.maths.records import replace
from mlcalc.showing.derivation import Verdict

T = TypeVar("T")

JOBS = 8
"""How many processes there are at most, unasked."""

MOST_REMARKS = 20


class Marking(problem.Problem):
    """The flags of `mlcalc check`."""

    paths = problem.Field[tuple[Text, ...]](
        Several("PATH"),
        "problem files that hold an `answer` beside `given`; with --key submissions: YAML, JSON, "
        "JSON lines, CSV or Excel as Google Forms, Canvas, Moodle and Gradescope export them, "
        "folders of these, or - for standard input",
        required=True, positional=True,
    )  # fmt: skip
    key = problem.optional(Words("PATH"), "the problems that were set: a file, a folder or -")
    roster = problem.optional(
        Words("FILE"), "who is in the class: one id a line, or a table that its system exports",
        aliases=("students",),
    )  # fmt: skip
    columns = problem.optional(
        Words("MAP"), "what the columns of a table answer, such as 'Response 1=q1.theta', or a file"
    )
    gradebook = problem.optional(Words("FILE"), "write the points as a table: .csv, or .xlsx")
    layout = problem.default(
        Word({layout: layout for layout in LAYOUTS}), "plain",
        "how the gradebook is laid out, so that the system imports it",
    )  # fmt: skip
    assignment = problem.optional(
        Words("NAME"), "what the gradebook calls it, such as 'Homework 1 (4711)'"
    )
    gradescope = problem.optional(
        Words("PATH"), "write Gradescope's results.json; of several students into this folder"
    )
    reports = problem.optional(
        Words("FOLDER"), "write a page for each student into this folder, and one of the class"
    )
    format = problem.default(
        Word({form: form for form in FORMS}), "html", "how the pages are written"
    )
    review = problem.optional(
        Words("FILE"), "write what is unreadable, undecided or wrong as a table to fill in"
    )
    overrides = problem.optional(
        Words("FILE"), "obey that table, filled in, for all who wrote the same"
    )
    read_only = problem.default(
        Switch(), "false", "say how ANSWER, in the place of PATH, is read, without a verdict"
    )
    id = problem.optional(Words("ID"), "the problem of --key that --read-only is about, such as q1")
    trust_expect = problem.default(
        Switch(), "false", "take `expect` for the key where mlcalc finds something else"
    )
    reveal = problem.default(Switch(), "false", "show the answers of the key")
    hints = problem.default(Switch(), "false", "show the next step of the solution instead")
    summary = problem.default(Switch(), "false", "print how the class did, not each student")
    quiet = problem.default(Switch(), "false", "print only the points, a line a student", short="q")
    json = problem.default(Switch(), "false", "print one JSON object a student, on one line")
    output = problem.optional(Words("FILE"), "write to this file, not to the screen", short="o")
    digits = problem.default(Count(1, MAX_DIGITS), "5", "significant digits of decimals")
    jobs = problem.optional(Count(1, MOST_JOBS), "how many processes share the work")
    resume = problem.optional(
        Words("FILE"), "keep the verdicts there, and go on where an interrupted run ended"
    )


def check_files(typed: Entries) -> None:
    """Marks, prints and writes what the flags ask for."""
    wanted = Marking.read(typed)
    assert isinstance(wanted, Marking)
    check_flags(wanted)
    if wanted.read_only:
        read_only(wanted)
        return
    faults = Faults(f"mlcalc check {' '.join(quote(path.value) for path in wanted.paths)}")
    if wanted.key is None:
        reports, complaints = own_answers(wanted, faults)
        is_partial = False
    else:
        found, complaints, is_partial = of_class(wanted, faults)
        reports = [found]
    check_written(
        (wanted.gradebook, Marking.gradebook.flag),
        (wanted.gradescope, Marking.gradescope.flag),
        (wanted.reports, Marking.reports.flag),
        (wanted.review, Marking.review.flag),
        (wanted.output, Marking.output.flag),
    )
    if wanted.key is not None:
        hand_back(reports[0], wanted, wish(wanted), faults)
    if not any(found.students for found in reports):
        # Nothing was handed in that could be read, which has been said.
        remark(faults.said)
        sys.exit(FAILED if faults.said else MALFORMED)
    text = shown(reports, wanted, faults)
    if wanted.output is None:
        put(text + "\n", sys.stdout)
    else:
        save(text + "\n", wanted.output, Marking.output.flag)
    faults.add(*(fault for found in reports for fault in found.faults))
    remark(faults.said)
    code = exit_code(reports)
    codes = [code or WRONG if is_partial else code]
    codes += [MALFORMED] if complaints else []
    codes += [FAILED] if faults.said else []
    sys.exit(gravest(codes))


def check_flags(wanted: Marking) -> None:
    """Raises `Invalid` for flags that do not go together."""
    if wanted.output is not None and format_of_file(wanted.output) not in ("text", "json"):
        ending = ending_of(wanted.output)
        message = f"marks are not written as {ending}: the name ends in .txt, .json or .jsonl"
        raise wanted.fault(message, Marking.output)
    if wanted.reveal and wanted.hints:
        raise wanted.fault("--reveal and --hints exclude each other: give one", Marking.hints)
    of_class = (
        Marking.roster, Marking.columns, Marking.gradebook, Marking.gradescope, Marking.reports,
        Marking.review, Marking.overrides, Marking.id, Marking.resume,
    )  # fmt: skip
    for field in of_class:
        if wanted.key is None and wanted.is_given(field):
            raise wanted.fault(f"{field.flag} goes with --key, the problems that were set", field)
    for field, with_ in (
        (Marking.id, Marking.read_only),
        (Marking.layout, Marking.gradebook),
        (Marking.assignment, Marking.gradebook),
        (Marking.format, Marking.reports),
    ):
        if wanted.is_given(field) and not wanted.is_given(with_):
            raise wanted.fault(f"{field.flag} goes with {with_.flag}: give both", field)
    if wanted.key == "-" and wanted.resume is not None:
        raise wanted.fault("the key is a file, by which a later run sees it again", Marking.resume)
    if wanted.key == "-" and any(path.value == "-" for path in wanted.paths):
        raise wanted.fault("the key and a submission cannot both be standard input", Marking.key)


def own_answers(wanted: Marking, faults: Faults) -> tuple[list[Report], bool]:
    """A report for each problem file with answers, and whether something was malformed."""
    reports, is_bad = [], False
    for path in [path for name in wanted.paths for path in expanded(name)]:
        name = "standard input" if path == "-" else path
        try:
            key = read_key(loaded(path), wanted.trust_expect, wish(wanted).style, wanted.hints)
        except Invalid as error:
            report(error.complaints)
            is_bad = True
            continue
        is_bad |= complain(key, wanted, faults)
        if not key.claims:
            message = "no problem here has an `answer`: write one beside `given`, or give --key"
            raise Invalid.at(message, Place(name))
        answers = {(id_, ""): claim_of(raw) for id_, raw in key.claims.items()}
        reports.append(marked(key, [Submission(name, answers, name)], None, wanted))
    return reports, is_bad


def of_class(wanted: Marking, faults: Faults) -> tuple[Report, bool, bool]:
    """The marks of all submissions, whether that is in doubt, and whether something was left out.

    A row that cannot be read leaves the others; it is said, and no reason to mark nobody.
    """
    assert wanted.key is not None
    place = wanted.place_of(Marking.key)
    exercises = [e for path in expanded(Text(wanted.key, place)) for e in loaded(path)]
    key = read_key(exercises, wanted.trust_expect, wish(wanted).style, wanted.hints)
    is_bad = complain(key, wanted, faults)
    shown_as = repr(wish(wanted).style)
    digest = digest_of_read(__version__, shown_as, str(wanted.trust_expect))
    roster = None if wanted.roster is None else read_roster(wanted.roster)
    mapped = {} if wanted.columns is None else read_columns(wanted.columns)
    headers = Headers(key, mapped)
    handed_in = read_submissions(wanted.paths, roster, headers)
    students = None if roster is None else roster.students
    is_partial = bool(handed_in.complaints)
    if is_partial:
        report(handed_in.complaints)
        is_bad |= not handed_in.submissions
    skipped = handed_in.complaints
    if not (handed_in.submissions or skipped or handed_in.faults or students):
        skipped = (Complaint("there is no submission here", Place(wanted.paths[0].value)),)
        report(skipped)
        is_bad = True
    remark(handed_in.remarks)
    faults.add(*handed_in.faults)
    overrides = Overrides() if wanted.overrides is None else read_overrides(wanted.overrides)
    check_written((wanted.resume, Marking.resume.flag))
    with nullcontext() if wanted.resume is None else Log(wanted.resume, digest) as log:
        found = marked(key, handed_in.submissions, students, wanted, overrides, log)
    is_partial |= bool(overrides.complaints)
    people = {} if roster is None else roster.known
    return replace(found, skipped=skipped, people=people), is_bad, is_partial


def complain(key: Key, wanted: Marking, faults: Faults) -> bool:
    """Says what is wrong with the key; whether that leaves it in doubt."""
    report((*key.malformed, *key.disagreements))
    faults.add(*(complaint.message for complaint in key.faults))
    return bool(key.malformed) or (bool(key.disagreements) and not wanted.trust_expect)


def marked(
    key: Key,
    submissions: Sequence[Submission],
    students: Sequence[str] | None,
    wanted: Marking,
    overrides: Overrides | None = None,
    log: Log | None = None,
) -> Report:
    def watch(found: Iterable[tuple[Task, Mark]], total: int) -> Iterable[tuple[Task, Mark]]:
        return watched(found, total, is_quiet=True, doing="marking")

    jobs = wanted.jobs or min(processors(), JOBS)
    found = mark_class(key, submissions, students, jobs, watch, log)
    if overrides is not None:
        found = overrides.obeyed(found)
        report(overrides.complaints)
    if wanted.review is not None:
        table = review(found, overrides or Overrides(), wish(wanted).style)
        save(table, wanted.review, Marking.review.flag)
    remark(found.remarks)
    return found


def remark(remarks: Sequence[str]) -> None:
    """Says what is remarkable, in one line each, on standard error."""
    for text in remarks[:MOST_REMARKS]:
        put(visible(text) + "\n", sys.stderr)
    if len(remarks) > MOST_REMARKS:
        put(f"and {len(remarks) - MOST_REMARKS} more of the kind\n", sys.stderr)


def wish(wanted: Marking) -> Wish:
    is_ascii = wanted.output is None and not can_show("θ̂≈⌊½✓", sys.stdout)
    width = min(terminal_width(), MAX_WIDTH)
    return Wish(width, Style(wanted.digits, ascii=is_ascii), wanted.reveal, wanted.hints)


def shown(reports: Sequence[Report], wanted: Marking, faults: Faults) -> str:
    """The marks as they are printed; a student who cannot be shown leaves the others."""
    lines: list[str] = []
    wishes = wish(wanted)
    for found in reports:
        if wanted.quiet and not is_json(wanted):
            lines.append(totals(found))
        elif not wanted.summary:
            made = as_line if is_json(wanted) else told_of
            for student in found.students:
                text = faults.kept(made, student, found, wishes)
                lines.append(text or without_answers(student, faults.said[-1], wanted))
        if wanted.summary or (len(found.students) > 1 and not (wanted.quiet or is_json(wanted))):
            made_of_all = class_as_line if is_json(wanted) else summary
            lines.append(faults.kept(made_of_all, found, wishes) or "")
    return ("\n" if is_json(wanted) or wanted.quiet else "\n\n").join(filter(None, lines))


def as_line(student: Marked, found: Report, wishes: Wish) -> str:
    return dumps(as_json.of_student(student, found, wishes), ensure_ascii=wishes.style.ascii)


def class_as_line(found: Report, wishes: Wish) -> str:
    return dumps(as_json.of_class(found), ensure_ascii=wishes.style.ascii)


def without_answers(student: Marked, message: str, wanted: Marking) -> str:
    """What is shown of a student whose answers mlcalc fails to show."""
    if is_json(wanted):
        return dumps(as_json.without_rows(student, message))
    return f"{visible(student.student)}: failed"


def is_json(wanted: Marking) -> bool:
    """Whether JSON is asked for, by its flag or by the ending of --output; it wins over --quiet."""
    return wanted.json or (wanted.output is not None and format_of_file(wanted.output) == "json")


def exit_code(reports: Sequence[Report]) -> int:
    """1 where an answer is wrong, unreadable or missing, else 3 where one is undecided, else 0."""
    verdicts = {verdict for found in reports for verdict in found.verdicts}
    if verdicts & {Verdict.WRONG, Verdict.UNREADABLE, Verdict.MISSING}:
        return WRONG
    return NO_ANSWER if Verdict.UNDECIDED in verdicts else 0
