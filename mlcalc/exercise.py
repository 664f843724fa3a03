"""A problem as it stands in a file: a kind and its givens, with a title, an id, a published answer.

Reading keeps going where one problem is malformed: it becomes an `Outcome` that says so, and the
others are solved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import cast

from mlcalc.checking import RELATIVE_TOLERANCE, check_named
from mlcalc.derivation import Checked, Derivation, Outcome, Result, Verdict
from mlcalc.document import Entries, Items, Raw, Text, written
from mlcalc.errors import Complaint, Invalid, MlcalcError, Unsolved, closest
from mlcalc.fields import Quantity, tree
from mlcalc.maths.evaluate import Value, as_tree, exact
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.printing import source
from mlcalc.maths.tree import Expr
from mlcalc.records import Record, replace
from mlcalc.solvers import kinds, load

TEXTS = ("id", "kind", "title", "question", "note", "source")
KEYS = (*TEXTS, "given", "expect", "tolerance", "points")
FILE_KEYS = ("title", "problems")
STATUSES = ("solved", "unsolved", "invalid")
EXAMPLES = {"given": "input: 4x4", "expect": "theta: 1/2"}


class Exercise(Record):
    """One problem of a file, as it was typed."""

    entries: Entries
    file: str | None = None
    complaints: tuple[Complaint, ...] = ()

    def text(self, key: str) -> str | None:
        found = self.entries.get(key)
        return found.value if isinstance(found, Text) and found.value else None

    @property
    def kind(self) -> str:
        return (self.text("kind") or "").replace("_", "-")

    @property
    def given(self) -> Entries:
        found = self.entries.get("given")
        return found if isinstance(found, Entries) else Entries((), self.entries.place)

    @property
    def expect(self) -> Entries | None:
        found = self.entries.get("expect")
        return found if isinstance(found, Entries) else None

    @property
    def tolerance(self) -> Fraction:
        found = self.entries.get("tolerance")
        return RELATIVE_TOLERANCE if found is None else number(found)

    def fault(self, key: str, message: str) -> Complaint:
        """A complaint about one of the keys, or about the problem where it does not have it."""
        found = self.entries.get(key)
        return Complaint(message, self.entries.place if found is None else found.place)


def read_exercises(document: Raw, file: str | None) -> list[Exercise]:
    """The problems of a file: a list, one problem, or a mapping with `problems`.

    Raises `Invalid` where the file as a whole is not one of these.
    """
    if isinstance(document, Entries) and document.get("problems") is not None:
        unknown = [key for key, _ in document.pairs if key.value not in FILE_KEYS]
        if unknown:
            raise Invalid(*(unknown_key(key, FILE_KEYS) for key in unknown))
        document = document.get("problems") or document
    items = document.items if isinstance(document, Items) else (document,)
    if not items or (isinstance(document, Text) and not document.value):
        message = "there is no problem here: write one with `kind` and `given`"
        raise Invalid.at(message, document.place)
    seen: dict[str, int] = {}
    return [read_exercise(item, file, seen) for item in items]


def read_exercise(item: Raw, file: str | None, seen: dict[str, int]) -> Exercise:
    """One problem with all complaints about its keys; `seen` holds the ids so far by line."""
    if not isinstance(item, Entries):
        message = "expected a problem with `kind` and `given` here"
        return Exercise(Entries((), item.place), file, (Complaint(message, item.place),))
    complaints = [unknown_key(key, KEYS) for key, _ in item.pairs if key.value not in KEYS]
    for key, value in item.pairs:
        if key.value in TEXTS and not isinstance(value, Text):
            complaints.append(Complaint(f"'{key.value}' is one line of text", value.place))
        if key.value in EXAMPLES and not isinstance(value, Entries):
            message = f"'{key.value}' holds keys and values, such as {EXAMPLES[key.value]}"
            complaints.append(Complaint(message, value.place))
        if key.value in ("tolerance", "points"):
            try:
                number(value)
            except Invalid as error:
                complaints.extend(error.complaints)
    exercise = Exercise(item, file)
    kind = item.get("kind")
    if not isinstance(kind, Text) or not kind.value:
        complaints.append(Complaint(f"'kind' is missing: one of {', '.join(kinds())}", item.place))
    elif exercise.kind not in kinds():
        hint = closest(kind.value, kinds()) or f": one of {', '.join(kinds())}"
        complaints.append(Complaint(f"unknown kind '{kind.value}'{hint}", kind.place))
    if item.get("given") is None and not complaints:
        complaints.append(exercise.fault("given", "'given' is missing: write the fields under it"))
    if exercise.expect is not None:
        complaints.extend(complaints_of_status(exercise.expect))
    name = exercise.text("id")
    if name in seen:
        message = f"the id '{name}' is taken by the problem in line {seen[name]}: choose another"
        complaints.append(exercise.fault("id", message))
    elif name is not None:
        seen[name] = item.place.line
    return replace(exercise, complaints=in_order(complaints))


def complaints_of_status(expect: Entries) -> Iterator[Complaint]:
    """What is wrong with the status that is expected, if one is."""
    status = expect.get("status")
    if status is not None and written(status) not in STATUSES:
        hint = closest(written(status), STATUSES)
        message = f"expected one of {', '.join(STATUSES)}, not '{written(status)}'{hint}"
        yield Complaint(message, status.place)


def number(raw: Raw) -> Fraction:
    """A number from 0 under a key that takes no letters."""
    value = exact(tree(raw))
    if value is None or value < 0:
        raise Quantity().refused(raw, "a number from 0")
    return value


def in_order(complaints: Iterable[Complaint]) -> tuple[Complaint, ...]:
    """The complaints as they stand in the file, from top to bottom."""

    def position(complaint: Complaint) -> tuple[int, int]:
        place = complaint.place
        return (place.line, place.column) if place is not None and place.is_file else (0, 0)

    return tuple(sorted(complaints, key=position))


def unknown_key(key: Text, known: tuple[str, ...]) -> Complaint:
    hint = closest(key.value, known) or f"; known here: {', '.join(known)}"
    return Complaint(f"unknown key '{key.value}'{hint}", key.place)


def solve_all(exercises: Iterable[Exercise]) -> Iterator[Outcome]:
    """The outcomes in order; later problems may use the answers of earlier ones."""
    earlier: dict[str, Outcome] = {}
    for exercise in exercises:
        outcome = solve_exercise(exercise, earlier)
        if outcome.id is not None:
            earlier[outcome.id] = outcome
        yield outcome


def solve_exercise(exercise: Exercise, earlier: Mapping[str, Outcome] | None = None) -> Outcome:
    """Solves one problem and compares it with what its file expects."""
    blank = Outcome(
        kind=exercise.kind,
        status="invalid",
        given={key.value: raw for key, raw in exercise.given.pairs},
        complaints=exercise.complaints,
        file=exercise.file,
        id=exercise.text("id"),
        title=exercise.text("title"),
        question=exercise.text("question"),
    )
    if exercise.complaints:
        return blank
    try:
        given = resolved(exercise.given, earlier or {})
        derivation = solve(exercise.kind, given)
        outcome = replace(blank, status="solved", derivation=derivation)
        return replace(outcome, checked=compared(exercise, outcome))
    except MlcalcError as error:
        status = "unsolved" if isinstance(error, Unsolved) else "invalid"
        complaints = in_order(placed(complaint, exercise) for complaint in error.complaints)
        outcome = replace(blank, status=status, complaints=complaints)
        return replace(outcome, checked=compared(exercise, outcome))


def placed(complaint: Complaint, exercise: Exercise) -> Complaint:
    """The complaint with the problem's place in its file, where it has none of its own."""
    start = exercise.entries.place
    if complaint.place is None and start.is_file:
        return replace(complaint, place=start)
    return complaint


def solve(kind: str, given: Entries) -> Derivation:
    """Reads the givens and solves.  Raises `Invalid` or `Unsolved`."""
    solver = load(kind)
    problem = solver.Problem.read(given)
    try:
        return solver.solve(problem)
    except EvaluationError as error:
        raise Unsolved.because(str(error), given.place) from error


def compared(exercise: Exercise, outcome: Outcome) -> tuple[Checked, ...]:
    """The verdicts on the published answers; `status` may be one of them."""
    if exercise.expect is None:
        return ()
    status = exercise.expect.get("status")
    wanted = "solved" if status is None else written(status)
    checked: tuple[Checked, ...] = ()
    if status is not None or outcome.status != wanted:
        is_right = wanted == outcome.status
        remark = "" if is_right else f"it is {outcome.status}"
        verdict = Verdict.RIGHT if is_right else Verdict.WRONG
        checked = (Checked("status", wanted, verdict, remark),)
    if outcome.derivation is None or wanted != "solved":
        return checked
    claims = tuple(pair for pair in exercise.expect.pairs if pair[0].value != "status")
    answers = Entries(claims, exercise.expect.place)
    return checked + check_named(answers, outcome.derivation, exercise.tolerance)


def resolved(raw: Entries, earlier: Mapping[str, Outcome]) -> Entries:
    """The givens with each `{from: earlier-id.name}` replaced by that answer."""
    return Entries(tuple((k, resolved_value(v, earlier)) for k, v in raw.pairs), raw.place)


def resolved_value(raw: Raw, earlier: Mapping[str, Outcome]) -> Raw:
    match raw:
        case Entries(((Text("from"), Text() as reference),)):
            return referenced(reference, earlier)
        case Entries(pairs):
            return Entries(tuple((k, resolved_value(v, earlier)) for k, v in pairs), raw.place)
        case Items(items):
            return Items(tuple(resolved_value(i, earlier) for i in items), raw.place)
        case _:
            return raw


def referenced(reference: Text, earlier: Mapping[str, Outcome]) -> Raw:
    """The earlier answer as text, standing where the reference stands."""
    name, dot, answer_name = reference.value.rpartition(".")
    outcome = earlier.get(name)
    if not dot:
        message = "write {from: id.answer}, the id of a problem above and the name of its answer"
        raise Invalid.at(message, reference.place)
    if outcome is None:
        hint = closest(name, earlier) or "; write {from: id.answer} with the id of a problem above"
        raise Invalid.at(f"there is no earlier problem '{name}'{hint}", reference.place)
    derivation = outcome.derivation
    if derivation is None:
        raise Invalid.at(f"the problem '{name}' has no answer to use", reference.place)
    answer = derivation.answer(answer_name)
    if answer is None:
        known = [a.name for a in derivation.all_answers]
        hint = closest(answer_name, known) or f"; it answers {', '.join(known)}"
        raise Invalid.at(f"'{name}' has no answer '{answer_name}'{hint}", reference.place)
    if isinstance(answer.value, Mapping):
        listed = ", ".join(answer.value)
        raise Invalid.at(f"'{answer_name}' is not one value but {listed}", reference.place)
    if is_listing_of_records(answer.value):
        raise Invalid.at(f"'{answer_name}' is not one value but a list of several", reference.place)
    return Text(as_source(answer.value), reference.place, exact=False)


def is_listing_of_records(value: Result) -> bool:
    return isinstance(value, tuple) and any(isinstance(part, Mapping) for part in value)


def as_source(value: Result) -> str:
    """The value as text that the reader reads back."""
    assert not isinstance(value, Mapping)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Expr):
        return source(value)
    return source(as_tree(cast("Value", value)))
