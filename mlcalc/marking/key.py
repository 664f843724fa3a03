"""The key: problems that mlcalc solves itself, what is asked of each, and what it is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.faults import FAULTS
from mlcalc.marking.claims import Claim, raw_of
from mlcalc.marking.exercise import Exercise, failed, placed, solve_exercise
from mlcalc.marking.expected import STATUS, answer_named, disagreeing, trusting
from mlcalc.marking.hints import hint
from mlcalc.marking.references import references, resolved
from mlcalc.marking.rulings import Asked, Ruling, rulings
from mlcalc.maths.near import closest
from mlcalc.maths.printing import Style, one_line
from mlcalc.maths.records import Record, replace
from mlcalc.showing.derivation import Answer, Derivation, Outcome
from mlcalc.showing.prose import harmless

if TYPE_CHECKING:
    from mlcalc.marking.conventions import Conventions

PRIMARY = "answer"
"""The name of what is asked where mlcalc has no answer, and so no name for it."""


class Part(Record):
    """One answer that is asked for; `shown` and `hint` are for who may see them."""

    name: str
    points: Fraction
    shown: str = ""
    hint: str = ""


class Question(Record):
    """One problem of the key, solved."""

    id: str
    number: int
    kind: str
    given: Entries
    """As the file has it, with references to earlier problems."""
    outcome: Outcome
    parts: tuple[Part, ...]
    rulings: Mapping[str, Ruling]
    """What the key says of single answers; the empty name is for all others."""
    conventions: Conventions | None
    earlier: tuple[tuple[str, str], ...]
    """The answers, as id and name, that it is given from earlier problems."""

    @property
    def derivation(self) -> Derivation | None:
        return self.outcome.derivation

    @property
    def others(self) -> tuple[Answer, ...]:
        """What a claimed formula may hold by name."""
        return () if self.derivation is None else self.derivation.known_by_name

    def ruling(self, name: str) -> Ruling:
        return self.rulings.get(name) or self.rulings[""]

    def claimed(self, claim: Claim, answer: Answer | None) -> Raw:
        """What a student wrote, with what the key's conventions decide written out."""
        raw = raw_of(claim)
        if self.conventions is None:
            return raw
        from mlcalc.marking.conventions import settled

        return settled(raw, self.conventions, answer is not None and answer.is_count)

    def answer(self, name: str) -> Answer | None:
        """The answer of that name; the primary one for the empty name."""
        if self.derivation is None:
            return None
        return answer_named(self.derivation, name) if name else self.derivation.answers[0]


class Key(Record):
    """The questions in their order, and what the file says that mlcalc does not find."""

    questions: tuple[Question, ...]
    disagreements: tuple[Complaint, ...] = ()
    claims: Mapping[str, Raw] = {}
    """The `answer` of each problem that has one, by its id."""
    faults: tuple[Complaint, ...] = ()
    """Where mlcalc itself fails at a problem."""
    malformed: tuple[Complaint, ...] = ()
    """What is wrong with problems that cannot be read; what is answered to them is undecided."""


def read_key(
    exercises: Sequence[Exercise], trusts_file: bool, style: Style, has_hints: bool = True
) -> Key:
    """Solves the key, once.

    A problem that is malformed leaves the others.  Raises `Invalid` where none is left, and with
    all that is malformed in what the answers are worth.  Where the file's `expect` is not what
    mlcalc finds, mlcalc's answer is the key; with `trusts_file` the file's is.
    """
    complaints: list[Complaint] = []
    malformed: list[Complaint] = []
    disagreements: list[Complaint] = []
    faults: list[Complaint] = []
    outcomes: dict[str, Outcome] = {}
    questions: list[Question] = []
    claims: dict[str, Raw] = {}
    for index, exercise in enumerate(exercises, 1):
        outcome = solve_exercise(exercise, outcomes, is_shown=False)
        if outcome.status == "invalid" and not outcome.foreseen:
            malformed += outcome.complaints
        id_ = exercise.text("id") or str(index)
        if id_ in {question.id for question in questions}:
            message = f"the id '{id_}' is taken by an earlier problem of the key: choose another"
            complaints.append(exercise.fault("id", message))
        try:
            disagreements += disagreeing(exercise, outcome, trusts_file, style)
            if trusts_file:
                outcome = trusting(exercise, outcome, complaints)
            question = question_of(exercise, outcome, id_, index, style, has_hints)
        except Invalid as error:
            complaints += (placed(complaint, exercise) for complaint in error.complaints)
            continue
        except FAULTS as error:
            # Without its answer it can still be asked, and is told undecided.
            outcome = failed(replace(outcome, derivation=None, checked=()), exercise, error)
            question = question_of(exercise, outcome, id_, index, style, has_hints)
        finally:
            outcomes[id_] = outcome
        questions.append(question)
        if outcome.status == "failed":
            faults += outcome.complaints
        claimed = exercise.entries.get("answer")
        if claimed is not None:
            claims[id_] = claimed
    is_none_left = all(question.outcome.status == "invalid" for question in questions)
    if complaints or (malformed and is_none_left):
        raise Invalid(*dict.fromkeys((*malformed, *complaints)))
    said = tuple(dict.fromkeys(malformed))  # what a file says for all is said once
    return Key(tuple(questions), tuple(disagreements), claims, tuple(faults), said)


def question_of(
    exercise: Exercise, outcome: Outcome, id_: str, index: int, style: Style, has_hints: bool
) -> Question:
    parts = parts_of(exercise, outcome, style, has_hints)
    derivation = outcome.derivation
    asked = Asked(
        tuple(part.name for part in parts),
        lambda key: name_of(key, parts, derivation),
        lambda name: None if derivation is None else answer_named(derivation, name),
        lambda found: is_primary(found.keys(), derivation),
        () if derivation is None else derivation.known_by_name,
    )
    # What mlcalc fails at may be the reading of these; its answers are told undecided.
    is_lost = derivation is None and outcome.status == "failed"
    return Question(
        id_,
        index,
        exercise.kind,
        exercise.given,
        outcome,
        parts,
        {"": Ruling()} if is_lost else rulings(exercise, id_, asked),
        None if is_lost else exercise.conventions,
        tuple(references(exercise.given)),
    )


def parts_of(
    exercise: Exercise, outcome: Outcome, style: Style, has_hints: bool
) -> tuple[Part, ...]:
    """What is asked for, each part with its points; those of the problem are shared equally."""
    points, derivation = exercise.points, outcome.derivation
    worth: dict[str, Fraction] = {}
    for key in asked(exercise, derivation):
        answer = named(key, derivation) if derivation is not None else None
        name = answer.name if answer is not None else key.value.replace("-", "_")
        if isinstance(points, dict) and name in worth:
            raise Invalid.at(f"'{key.value}' is another name of '{name}': give one", key.place)
        worth[name] = points[key.value] if isinstance(points, dict) else points
    if not worth:
        worth[STATUS if outcome.foreseen else PRIMARY] = Fraction(1)
    if not isinstance(points, dict):
        worth = {name: points / len(worth) for name in worth}
    return tuple(
        Part(name, each, *told(outcome, name, style, has_hints)) for name, each in worth.items()
    )


def asked(exercise: Exercise, derivation: Derivation | None) -> list[Text]:
    """The names of the answers that have points, else of those under `expect`, else of those given.

    Without any it is the primary answer.
    """
    for key in ("points", "expect", "answer"):
        found = exercise.entries.get(key)
        if not isinstance(found, Entries) or (
            key == "answer" and is_primary(found.keys(), derivation)
        ):
            continue
        names = [name for name, _ in found.pairs if name.value != STATUS]
        if names:
            return names
    place = exercise.entries.place
    return [] if derivation is None else [Text(derivation.answers[0].name, place)]


def is_primary(names: Iterable[str], derivation: Derivation | None) -> bool:
    """Whether a mapping is the value of the primary answer, and not one of answers by name."""
    if derivation is None or not isinstance(derivation.answers[0].value, Mapping):
        return False
    return not any(answer_named(derivation, name) for name in names)


def named(key: Text, derivation: Derivation) -> Answer:
    answer = answer_named(derivation, key.value)
    if answer is None:
        known = [a.name for a in derivation.all_answers]
        near = closest(key.value, known) or f"; this problem answers {', '.join(known)}"
        raise Invalid.at(f"there is no answer '{key.value}'{near}", key.place)
    return answer


def name_of(key: Text, parts: Sequence[Part], derivation: Derivation | None) -> str:
    """The name of an answer as it was typed in the key; of what is asked where mlcalc has none."""
    if derivation is not None:
        return named(key, derivation).name
    known = [part.name for part in parts]
    if key.value.replace("-", "_") not in known:
        near = closest(key.value, known) or f"; this problem asks for {', '.join(known)}"
        raise Invalid.at(f"there is no answer '{key.value}'{near}", key.place)
    return key.value.replace("-", "_")


def told(outcome: Outcome, name: str, style: Style, has_hints: bool) -> tuple[str, str]:
    """The answer in words, and the hint, for which the working must be written."""
    answer = answer_named(outcome.derivation, name) if outcome.derivation is not None else None
    if outcome.derivation is None or answer is None:
        return (outcome.status if outcome.foreseen else "", "")
    unit = f" {answer.unit}" if answer.unit else ""
    shown = one_line(harmless(answer.maths), style) + unit
    return shown, hint(outcome.derivation, answer, style) if has_hints else ""


def given_of(question: Question, outcomes: Mapping[str, Outcome]) -> Entries:
    """The givens with the answers of earlier problems put in."""
    return resolved(question.given, outcomes)
