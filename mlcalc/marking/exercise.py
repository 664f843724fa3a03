"""A problem as it stands in a file: a kind and its givens, with a title, an id, a published answer.

Reading keeps going where one problem is malformed, and solving where mlcalc itself fails at one:
it becomes an `Outcome` that says so, and the others are solved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, cast, overload

from mlcalc.files.document import Entries, Items, Raw, Text, written
from mlcalc.files.errors import Complaint, Invalid, MlcalcError, Unsolved
from mlcalc.files.faults import FAULTS, told
from mlcalc.files.fields import Quantity, tree
from mlcalc.files.fields.words import words_of
from mlcalc.files.frozen import that_hold, under
from mlcalc.files.problem import Problem
from mlcalc.kinds import kind_meant, kind_named, kinds, load, taken_elsewhere
from mlcalc.marking.references import Earlier, references, resolved
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.near import closest, plain_name
from mlcalc.maths.records import Later, Record, replace
from mlcalc.showing.derivation import Checked, Derivation, Outcome, Verdict

if TYPE_CHECKING:
    from mlcalc.marking.conventions import Conventions
    from mlcalc.marking.misconceptions import Explainer

TEXTS = ("id", "kind", "title", "question", "note", "source")
KEYS = (
    *TEXTS, "ask", "given", "expect", "answer", "tolerance", "points", "credit", "accept",
    "mistakes", "conventions",
)  # fmt: skip
FILE_KEYS = ("title", "problems", "credit", "conventions")
MOST_POINTS = 1_000_000
STATUSES = ("solved", "unsolved", "invalid")
EXAMPLES = {
    "given": "input: 4x4", "expect": "theta: 1/2", "credit": "map.mode_vs_mean: 0.5",
    "conventions": "decimal: comma",
}  # fmt: skip


class Exercise(Record):
    """One problem of a file, as it was typed."""

    entries: Entries
    file: str | None = None
    complaints: tuple[Complaint, ...] = ()
    file_credit: tuple[tuple[Text, Raw], ...] = ()
    """What the file says under `credit`, beside its problems."""
    file_conventions: tuple[tuple[Text, Raw], ...] = ()
    """And under `conventions`."""
    is_lost: bool = False
    """Whether mlcalc itself failed to read it, which the complaint says."""
    is_marked: bool = False
    """Whether `expect` holds answers to be marked, as --check gives them, not published ones."""

    def text(self, key: str) -> str | None:
        found = self.entries.get(key)
        return found.value if isinstance(found, Text) and found.value else None

    @property
    def kind(self) -> str:
        typed = self.text("kind") or ""
        return kind_named(typed) or typed

    @property
    def given(self) -> Entries:
        found = self.settled("given")
        return Entries((), self.entries.place) if found is None else found

    @property
    def expect(self) -> Entries | None:
        return self.settled("expect")

    def settled(self, key: str) -> Entries | None:
        """What stands under a key, with what the conventions say of distributions written out."""
        found = self.entries.get(key)
        if not isinstance(found, Entries):
            return None
        conventions = self.conventions
        if conventions is None:
            return found
        from mlcalc.marking.conventions import settled

        # Commas stand between the members of our own lists.
        return cast("Entries", settled(found, replace(conventions, has_decimal_comma=False)))

    @property
    def conventions(self) -> Conventions | None:
        """How what can be read in two ways is meant: the file's word, and the problem's own."""
        own = self.entries.get("conventions")
        pairs = (*self.file_conventions, *(own.pairs if isinstance(own, Entries) else ()))
        if not pairs:
            return None
        from mlcalc.marking.conventions import read_conventions

        return read_conventions(pairs)

    def tolerance_of(self, name: str) -> Fraction | None:
        """How far off an answer may be, relative to its size, if the problem says so."""
        found = self.entries.get("tolerance")
        if isinstance(found, Entries):
            own = (raw for key, raw in found.pairs if plain_name(key.value) == plain_name(name))
            found = next(own, None)
        return None if found is None else number(found)

    @property
    def points(self) -> Fraction | dict[str, Fraction]:
        """What the problem is worth, or its answers by name: 1 where nothing is said."""
        found = self.entries.get("points")
        if isinstance(found, Entries):
            return {key.value: number(value) for key, value in found.pairs}
        return Fraction(1) if found is None else number(found)

    @property
    def credit(self) -> tuple[tuple[Text, Raw], ...]:
        """The share of the points by misconception: the file's, then the problem's own."""
        own = self.entries.get("credit")
        return self.file_credit + (own.pairs if isinstance(own, Entries) else ())

    def fault(self, key: str, message: str) -> Complaint:
        """A complaint about one of the keys, or about the problem where it does not have it."""
        found = self.entries.get(key)
        return Complaint(message, self.entries.place if found is None else found.place)


class Exercises(Sequence[Exercise]):
    """The problems of a file; one of many is read where it is asked for."""

    def __init__(
        self,
        items: Sequence[Raw],
        file: str | None,
        credit: tuple[tuple[Text, Raw], ...],
        conventions: tuple[tuple[Text, Raw], ...],
    ) -> None:
        self.items, self.file, self.credit, self.conventions = items, file, credit, conventions
        lines: dict[str, int] = {}
        self.taken: dict[int, int] = {}
        """The line of the first problem with the same id, by the index of each other one."""
        for index, name, line in under("id", items):
            if name in lines:
                self.taken[index] = lines[name]
            elif name:
                lines[name] = line

    @overload
    def __getitem__(self, index: int) -> Exercise: ...
    @overload
    def __getitem__(self, index: slice) -> list[Exercise]: ...
    def __getitem__(self, index: int | slice) -> Exercise | list[Exercise]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        found = kept(self.items[index], self.file, self.taken.get(index))
        if not (self.credit or self.conventions):
            return found
        return replace(found, file_credit=self.credit, file_conventions=self.conventions)

    def __len__(self) -> int:
        return len(self.items)


class Linked(NamedTuple):
    """The problems, by index, that refer to others or are referred to, and the ids of these."""

    indices: set[int]
    names: set[str]


def linked(exercises: Sequence[Exercise]) -> Linked:
    """What refers to what in a file."""
    found = Linked(set(), set())
    if not isinstance(exercises, Exercises):
        return found  # a file that cannot be read
    for index in that_hold("from", exercises.items):
        names = [name for name, _ in references(exercises[index].given)]
        if names:
            found.indices.add(index)
            found.names.update(names)
    if found.names:
        known = under("id", exercises.items)
        found.indices.update(index for index, name, _ in known if name in found.names)
    return found


def read_exercises(document: Raw, file: str | None) -> Exercises:
    """The problems of a file: a list, one problem, or a mapping with `problems`.

    Raises `Invalid` where the file as a whole is not one of these.
    """
    said: dict[str, tuple[tuple[Text, Raw], ...]] = {"credit": (), "conventions": ()}
    if isinstance(document, Entries) and document.get("problems") is not None:
        complaints = [
            unknown_key(key, FILE_KEYS) for key, _ in document.pairs if key.value not in FILE_KEYS
        ]
        for key in said:
            found = document.get(key)
            complaints += [] if found is None else complaints_of_key(key, found)
            said[key] = found.pairs if isinstance(found, Entries) else ()
        if complaints:
            raise Invalid(*complaints)
        document = document.get("problems") or document
    items = document.items if isinstance(document, Items) else (document,)
    if not items or (isinstance(document, Text) and not document.value):
        message = "there is no problem here: write one with `kind` and `given`"
        raise Invalid.at(message, document.place)
    return Exercises(items, file, **said)


def kept(item: Raw, file: str | None, taken: int | None) -> Exercise:
    """One problem; where mlcalc fails to read it, a problem that says so."""
    try:
        return read_exercise(item, file, taken)
    except FAULTS as error:
        pairs = item.pairs if isinstance(item, Entries) else ()
        named = tuple(pair for pair in pairs if pair[0].value in TEXTS)
        return lost(error, Exercise(Entries(named, item.place), file))


def lost(error: BaseException, exercise: Exercise) -> Exercise:
    """The problem that mlcalc fails to read, with what there is to report."""
    complaint = Complaint(told(error, command_of(exercise)), exercise.entries.place)
    return replace(exercise, complaints=(complaint,), is_lost=True)


def read_exercise(item: Raw, file: str | None, taken: int | None) -> Exercise:
    """One problem with all complaints about its keys; its id may be `taken` in an earlier line."""
    if not isinstance(item, Entries):
        message = "expected a problem with `kind` and `given` here"
        return Exercise(Entries((), item.place), file, (Complaint(message, item.place),))
    complaints = [unknown_key(key, KEYS) for key, _ in item.pairs if key.value not in KEYS]
    for key, value in item.pairs:
        complaints.extend(complaints_of_key(key.value, value))
    exercise = Exercise(item, file)
    kind = item.get("kind")
    if not isinstance(kind, Text) or not kind.value:
        complaints.append(Complaint(f"'kind' is missing: one of {', '.join(kinds())}", item.place))
    elif exercise.kind not in kinds():
        hint = kind_meant(kind.value) or f": one of {', '.join(kinds())}"
        complaints.append(Complaint(f"unknown kind '{kind.value}'{hint}", kind.place))
    if item.get("given") is None and not complaints:
        complaints.append(exercise.fault("given", "'given' is missing: write the fields under it"))
    if exercise.expect is not None:
        complaints.extend(complaints_of_status(exercise.expect))
    if taken is not None:
        name = exercise.text("id")
        message = f"the id '{name}' is taken by the problem in line {taken}: choose another"
        complaints.append(exercise.fault("id", message))
    return replace(exercise, complaints=in_order(complaints)) if complaints else exercise


def complaints_of_key(key: str, value: Raw) -> Iterator[Complaint]:
    """What is wrong with the value of one key, whatever the others are."""
    if key in TEXTS and not isinstance(value, Text):
        yield Complaint(f"'{key}' is one line of text", value.place)
    if key in EXAMPLES and not isinstance(value, Entries):
        message = f"'{key}' holds keys and values, such as {EXAMPLES[key]}"
        yield Complaint(message, value.place)
    elif key == "conventions" and isinstance(value, Entries):
        from mlcalc.marking.conventions import complaints_of

        yield from complaints_of(value)
    elif key in ("tolerance", "points", "credit"):
        for part in numbers_under(key, value):
            try:
                amount = number(part)
                if key == "credit" and amount > 1:
                    raise Quantity().refused(part, "a share of the points from 0 to 1")
                if key == "points" and amount > MOST_POINTS:
                    raise Quantity().refused(part, f"points up to {MOST_POINTS:,}")
            except Invalid as error:
                yield from error.complaints


def numbers_under(key: str, value: Raw) -> Iterator[Raw]:
    """The value itself, those by name, and for `credit` also those by answer and name."""
    if not isinstance(value, Entries):
        yield value
        return
    for _, part in value.pairs:
        if key == "credit" and isinstance(part, Entries):
            yield from (share for _, share in part.pairs)
        else:
            yield part


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


class Asked(Record):
    """Which answers are shown: those named, which go before those that a file names.

    Where neither names any, all of them or those of the kind's usual question.
    """

    names: Raw | None = None
    has_all: bool = True


EVERYTHING = Asked()
ALL = "all"


def solve_all(exercises: Sequence[Exercise]) -> Iterator[Outcome]:
    """The outcomes in order, with the working; problems may use the answers of earlier ones."""
    earlier = Earlier(linked(exercises).names)
    for exercise in exercises:
        outcome = solve_exercise(exercise, earlier)
        earlier.add(outcome.id, outcome)
        yield outcome


def solve_exercise(
    exercise: Exercise,
    earlier: Mapping[str, Outcome] | None = None,
    is_shown: bool = True,
    asked: Asked = EVERYTHING,
) -> Outcome:
    """Solves one problem and compares it with what its file expects.

    The working is written only where it is shown; answers and verdicts need none.  Of the answers
    those are shown that are `asked`, also in its file, those that are compared or worth points, and
    else the kind's usual ones.
    """
    blank = unsolved(exercise)
    if exercise.complaints:
        return blank
    try:
        problem = read_problem(exercise.kind, resolved(exercise.given, earlier or {}))
        derivation = work_out(exercise.kind, problem)
        outcome = replace(blank, status="solved", derivation=derivation)
        outcome = compared(exercise, outcome, problem)
        return finished(exercise, outcome, problem, asked, is_shown)
    except MlcalcError as error:
        status = "unsolved" if isinstance(error, Unsolved) else "invalid"
        complaints = in_order(placed(complaint, exercise) for complaint in error.complaints)
        return compared(exercise, replace(blank, status=status, complaints=complaints))
    except FAULTS as error:
        return failed(blank, exercise, error)


def finished(
    exercise: Exercise, outcome: Outcome, problem: Problem, asked: Asked, is_shown: bool
) -> Outcome:
    """The outcome with the answers that are asked for, and with their working where it is shown."""
    derivation = outcome.derivation
    if derivation is None:
        return outcome
    try:
        derivation = derivation.asked(names_asked(exercise, outcome, derivation, asked))
        if not is_shown:
            return replace(outcome, derivation=derivation)
        return replace(outcome, derivation=derivation.written(), read=problem.as_read())
    except EvaluationError as error:
        raise Unsolved.because(str(error), problem.place) from error


def names_asked(
    exercise: Exercise, outcome: Outcome, derivation: Derivation, asked: Asked
) -> set[str] | None:
    """The names of what is shown; None for all.  Raises `Invalid` for one that is not there."""
    raw = asked.names or exercise.entries.get("ask")
    if raw is None and asked.has_all:
        return None
    # A flag is for all problems of a file, and not every one has what it names.
    is_for_all = raw is asked.names and exercise.file is not None
    names: list[str] = []
    for word in () if raw is None else words_of(raw, "theta, evidence"):
        name = word.value.strip().partition(".")[0].replace("-", "_")
        if name == ALL:
            return None
        if derivation.answer(name) is not None or name in derivation.words:
            names.append(name)
        elif not is_for_all:
            known = [*(one.name for one in derivation.all_answers), *derivation.words, ALL]
            hint = closest(name, known) or f": one of {', '.join(dict.fromkeys(known))}"
            raise Invalid.at(f"nothing here is called '{word.value}'{hint}", word.place)
    names = names or [one.name for one in derivation.answers]
    points = exercise.points
    worth = points if isinstance(points, dict) else {}
    compared = (one.name for one in outcome.checked)
    return {*names, *(name.partition(".")[0] for name in (*compared, *worth))}


def unsolved(exercise: Exercise) -> Outcome:
    """The problem with all that is known of it before it is solved."""
    return Outcome(
        kind=exercise.kind,
        status="failed" if exercise.is_lost else "invalid",
        given={key.value: raw for key, raw in exercise.given.pairs},
        complaints=exercise.complaints,
        file=exercise.file,
        id=exercise.text("id"),
        title=exercise.text("title"),
        question=exercise.text("question"),
    )


def failed(outcome: Outcome, exercise: Exercise, error: BaseException) -> Outcome:
    """The outcome with a fault of mlcalc, which is said beside what was found before it."""
    complaint = placed(Complaint(told(error, command_of(exercise))), exercise)
    return replace(outcome, status="failed", complaints=(*outcome.complaints, complaint))


def command_of(exercise: Exercise) -> str:
    """The command that asks the same again."""
    from shlex import quote

    if exercise.file is not None:
        id_ = exercise.text("id")
        return f"mlcalc solve {quote(exercise.file)}" + (f" (the problem {id_})" if id_ else "")
    claims = () if exercise.expect is None else exercise.expect.pairs
    return command(exercise.kind, exercise.given, ((key.value, raw) for key, raw in claims))


def command(kind: str, given: Entries, claims: Iterable[tuple[str, Raw]] = ()) -> str:
    """The givens and claims as they are typed at a shell."""
    from shlex import join

    words = ["mlcalc", kind]
    for key, raw in given.pairs:
        flag = "--" + key.value.replace("_", "-")
        words += (
            f"{flag}={written(part)}" for part in (raw.items if isinstance(raw, Items) else (raw,))
        )
    words += (f"--check={f'{name}=' * bool(name)}{written(raw)}" for name, raw in claims)
    return join(words)


def placed(complaint: Complaint, exercise: Exercise) -> Complaint:
    """The complaint with the problem's place in its file, where it has none of its own.

    At a shell the fields are named as the flags that they are.
    """
    start = exercise.entries.place
    if not start.is_file and exercise.kind in kinds():
        message = load(exercise.kind).Problem.in_flags(complaint.message)
        return replace(complaint, message=message)
    return replace(complaint, place=start) if complaint.place is None else complaint


def solve(kind: str, given: Entries) -> Derivation:
    """Reads the givens and solves, with the working.  Raises `Invalid` or `Unsolved`."""
    return work_out(kind, read_problem(kind, given)).asked(None).written()


def read_problem(kind: str, given: Entries) -> Problem:
    """The givens as the kind reads them.  Raises `Invalid`."""
    return load(kind).Problem.read(given, taken_elsewhere)


def work_out(kind: str, problem: Problem) -> Derivation:
    """The worked answer, its working not yet written.  Raises `Invalid` or `Unsolved`."""
    try:
        found = load(kind).solve(problem)
    except EvaluationError as error:
        raise Unsolved.because(str(error), problem.place) from error
    # Solvers may read further values, so what there is to say of reading is known only now.
    return replace(found, notes=Later(lambda: (*problem.remarks, *found.notes)))


def compared(exercise: Exercise, outcome: Outcome, problem: Problem | None = None) -> Outcome:
    """The outcome with the verdicts on the published answers; `status` may be one of them.

    Raises `Invalid` for a name that no answer has.  A comparison that fails loses no other.
    """
    if exercise.expect is None:
        return outcome
    status = exercise.expect.get("status")
    wanted = "solved" if status is None else written(status)
    checked: tuple[Checked, ...] = ()
    if status is not None or outcome.status != wanted:
        is_right = wanted == outcome.status
        remark = "" if is_right else f"it is {outcome.status}"
        verdict = Verdict.RIGHT if is_right else Verdict.WRONG
        checked = (Checked("status", wanted, verdict, remark),)
    derivation = outcome.derivation
    if derivation is None or problem is None or wanted != "solved":
        return replace(outcome, checked=checked)
    # Loaded for wrong answers alone: there are more misconceptions than one question needs.
    explainer: Explainer | None = None
    for key, claimed in claims_of(exercise.expect, derivation):
        try:
            one = verdict_on(key, claimed, derivation, exercise)
        except MlcalcError:
            raise
        except FAULTS as error:
            outcome = failed(outcome, exercise, error)
            one = Checked(key.value, written(claimed), Verdict.UNDECIDED, "the comparison failed")
        if one.verdict is Verdict.WRONG:
            try:
                from mlcalc.marking.misconceptions import Explainer

                explainer = explainer or Explainer(exercise.kind, problem, derivation)
                one = explainer.explained(one, claimed)
            except FAULTS as error:
                outcome = failed(outcome, exercise, error)
        checked += (one,)
    return replace(outcome, checked=checked)


def claims_of(expect: Entries, derivation: Derivation) -> Iterator[tuple[Text, Raw]]:
    """The claims that are compared with answers; one without a name may make several."""
    for key, claimed in expect.pairs:
        if key.value == "status":
            continue
        if key.value:
            yield key, claimed
            continue
        from mlcalc.marking.checking import several_claims

        yield from ((key, one) for one in several_claims(claimed, derivation))


def verdict_on(key: Text, claimed: Raw, derivation: Derivation, exercise: Exercise) -> Checked:
    # The checker knows many spellings, and a question without an answer needs none of them.
    from mlcalc.marking.checking import AS_WRITTEN, USUAL, check_named, within

    rule = USUAL if exercise.is_marked else AS_WRITTEN
    claim = Entries(((key, claimed),), exercise.entries.place)
    named = [] if exercise.expect is None else exercise.expect.pairs
    beside = {name.value.replace("-", "_"): raw for name, raw in named}
    (checked,) = check_named(claim, derivation, rule, beside)
    conventions = exercise.conventions
    if conventions is not None and checked.verdict is Verdict.UNREADABLE:
        from mlcalc.marking.conventions import settled

        claim = cast("Entries", settled(claim, conventions))
        (checked,) = check_named(claim, derivation, rule, beside)
    tolerance = exercise.tolerance_of(checked.name)
    if checked.verdict is not Verdict.WRONG:
        return checked
    if tolerance is None:
        return checked if exercise.is_marked else with_digits(checked, derivation)
    (tolerated,) = check_named(claim, derivation, within(tolerance, rule), beside)
    if tolerated.verdict is not Verdict.RIGHT:
        return with_digits(checked, derivation)
    return replace(tolerated, remark="within the tolerance, but not in the digits as written")


def with_digits(checked: Checked, derivation: Derivation) -> Checked:
    """What mlcalc finds, where a published answer has more digits than the page shows."""
    from mlcalc.marking.expected import answer_named, as_precise, most_digits
    from mlcalc.maths.printing import Style

    style = Style()

    answer = answer_named(derivation, checked.name)
    if answer is None or most_digits(checked.claimed) <= style.digits:
        return checked
    found = f"mlcalc finds {as_precise(checked.claimed, answer, style)}"
    return replace(checked, remark="; ".join(filter(None, (checked.remark, found))))
