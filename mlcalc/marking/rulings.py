"""The teacher's hand in a key: what else is right, what is a known mistake, and what that leaves.

`accept` holds further right answers, and `mistakes` wrong ones with a sentence of their own:

    accept: {theta: 0.084}
    mistakes: {theta: [{answer: 1/10, says: this is the MLE, id: mine.mle, credit: 1/2}]}
    credit: {theta: {map.mode_vs_mean: 1/2}}
    tolerance: {theta: 1%}

Each may also stand without the answer's name: `credit` and `tolerance` are those of all answers
then, and `accept` and `mistakes` of the one that the problem asks for.  What a student wrote is
compared with all of them as it is with the right answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from mlcalc.files.document import Entries, Items, Raw, Text, written
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.marking.checking import USUAL, check, within
from mlcalc.marking.checking.numbers import Rule
from mlcalc.marking.exercise import Exercise, number
from mlcalc.marking.expected import STATUS
from mlcalc.marking.misconceptions import known, misconceptions
from mlcalc.marking.values import guessed, maths_of, standing_in
from mlcalc.maths.board import Note
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Words
from mlcalc.showing.derivation import Answer, Result, Verdict

KEYS = ("answer", "says", "id", "credit")
EXAMPLE = "{answer: 1/10, says: this is the MLE, credit: 1/2}"

Named = Sequence[tuple[str, Raw]]
"""What is said of answers, by their names."""


class Mistake(Record):
    """A wrong answer that the teacher knows, what is said to it, and the share that it leaves."""

    answer: Answer
    note: Note
    credit: Fraction | None = None


class Ruling(Record):
    """What a key says about one answer beside what it is worth."""

    tolerance: Fraction | None = None
    accepted: tuple[Answer, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    credit: Mapping[str, Fraction] = {}

    @property
    def rule(self) -> Rule:
        return within(self.tolerance)

    def accepts(self, claimed: Raw, others: Sequence[Answer] = ()) -> bool:
        """Whether it is one of the further right answers."""
        return any(
            check(claimed, one, self.rule, complete=True, others=others).verdict is Verdict.RIGHT
            for one in self.accepted
        )

    def mistake(self, claimed: Raw, others: Sequence[Answer] = ()) -> Mistake | None:
        """The mistake that it is, if the teacher knows it."""
        return next((one for one in self.mistakes if is_same(claimed, one.answer, others)), None)

    def share(self, feedback: Sequence[Note]) -> Fraction:
        """What is left of the points of a wrong answer, by the best of its explanations."""
        shares = (self.credit.get(note.id, Fraction(0)) for note in feedback)
        return max(shares, default=Fraction(0))


def is_same(claimed: Raw, answer: Answer, others: Sequence[Answer]) -> bool:
    return check(claimed, answer, USUAL, others=others).verdict is Verdict.RIGHT


class Asked(Record):
    """The answers of a problem to which a key may say more."""

    names: tuple[str, ...]
    """Those that are asked for."""
    resolve: Callable[[Text], str]
    """The key's own name for one that was typed.  Raises `Invalid` for an unknown one."""
    answer: Callable[[str], Answer | None]
    is_value: Callable[[Entries], bool]
    """Whether a mapping is the value of the answer that is asked for, and none by names."""
    others: Sequence[Answer] = ()


def rulings(exercise: Exercise, id_: str, asked: Asked) -> dict[str, Ruling]:
    """What the key says of each answer; the empty name is for those that it does not name.

    Raises `Invalid` with all that is wrong with it.
    """
    complaints: list[Complaint] = []
    reader = Reader(exercise, id_, asked, complaints)
    found = reader.read()
    if complaints:
        raise Invalid(*complaints)
    return found


class Reader:
    """Reads what a key says of the answers to one problem; what is malformed is collected."""

    def __init__(
        self, exercise: Exercise, id_: str, asked: Asked, complaints: list[Complaint]
    ) -> None:
        self.exercise, self.id, self.asked, self.complaints = exercise, id_, asked, complaints
        self.rulings: dict[str, Ruling] = {"": Ruling()}
        self.count = 0

    def read(self) -> dict[str, Ruling]:
        self.read_tolerance()
        for name, raw in self.named("accept"):
            self.kept(self.read_accepted, name, raw)
        for name, raw in self.named("mistakes"):
            for one in raw.items if isinstance(raw, Items) else (raw,):
                self.kept(self.read_mistake, name, one)
        # Last, since it may name the teacher's own mistakes.
        self.read_credit()
        return self.rulings

    def kept(self, read: Callable[..., None], *arguments: object) -> None:
        try:
            read(*arguments)
        except Invalid as error:
            self.complaints += error.complaints

    def of(self, name: str) -> Ruling:
        return self.rulings.get(name) or self.rulings[""]

    def name(self, key: Text) -> str | None:
        try:
            return self.asked.resolve(key)
        except Invalid as error:
            self.complaints += error.complaints
            return None

    def named(self, key: str) -> Iterator[tuple[str, Raw]]:
        """What stands under a key by the names of answers; without a name it is the only one's."""
        found = self.exercise.entries.get(key)
        if found is None:
            return
        is_one = isinstance(found, Entries) and bool(
            found.get("says") or found.get("credit") if key == "mistakes"
            else self.asked.is_value(found)
        )  # fmt: skip
        if isinstance(found, Entries) and not is_one:
            for typed, raw in found.pairs:
                name = self.name(typed)
                if name is not None:
                    yield name, raw
        elif len(self.asked.names) == 1:
            yield self.asked.names[0], found
        else:
            listed = " and ".join(self.asked.names)
            example = f"{key}: {{{self.asked.names[0]}: …}}"
            message = f"this problem asks for {listed}: say of which this is, as in {example}"
            self.complaints.append(Complaint(message, found.place))

    def read_tolerance(self) -> None:
        found = self.exercise.entries.get("tolerance")
        if isinstance(found, Entries):
            for key, raw in found.pairs:
                if (name := self.name(key)) is not None:
                    self.rulings[name] = replace(self.of(name), tolerance=number(raw))
        elif found is not None:
            self.rulings[""] = Ruling(number(found))

    def read_accepted(self, name: str, raw: Raw) -> None:
        answer = self.asked.answer(name)
        for one in self.alternatives(raw, answer):
            ruling = self.of(name)
            if self.is_right(one, name, ruling):
                continue  # nothing is lost by saying it again
            accepted = (*ruling.accepted, stand_in(one, answer, name))
            self.rulings[name] = replace(ruling, accepted=accepted)

    def read_mistake(self, name: str, raw: Raw) -> None:
        self.count += 1
        if not isinstance(raw, Entries):
            raise Invalid.at(f"a mistake is written as {EXAMPLE}", raw.place)
        for key, _ in raw.pairs:
            if key.value not in KEYS:
                hint = closest(key.value, KEYS) or f"; known here: {', '.join(KEYS)}"
                raise Invalid.at(f"unknown key '{key.value}'{hint}", key.place)
        claimed = raw.get("answer")
        if claimed is None:
            message = f"'answer' is missing: write the wrong answer, as in {EXAMPLE}"
            raise Invalid.at(message, raw.place)
        note, credit = self.note(raw), raw.get("credit")
        share = None if credit is None else share_of(credit)
        answer = self.asked.answer(name)
        for one in self.alternatives(claimed, answer):
            ruling = self.of(name)
            if self.is_right(one, name, ruling):
                raise Invalid.at(f"'{written(one)}' is right, and no mistake", one.place)
            mistake = Mistake(stand_in(one, answer, name), note, share)
            self.rulings[name] = replace(ruling, mistakes=(*ruling.mistakes, mistake))

    def alternatives(self, raw: Raw, answer: Answer | None) -> Iterator[Raw]:
        """The answers of a list, with what the conventions decide written out."""
        conventions = self.exercise.conventions
        for one in alternatives(raw, answer):
            if conventions is None or answer is None or is_read(one, answer):
                yield one
            else:
                from mlcalc.marking.conventions import settled

                yield settled(one, conventions, answer.is_count)

    def note(self, raw: Entries) -> Note:
        """What is said to a mistake; a known misconception brings its own sentence."""
        says, id_ = raw.get("says"), raw.get("id")
        for part, key in ((says, "says"), (id_, "id")):
            if part is not None and not (isinstance(part, Text) and part.value.strip()):
                raise Invalid.at(f"'{key}' is one line of text", part.place)
        name = f"{self.id}.mistake_{self.count}" if id_ is None else written(id_).strip()
        if says is not None:
            return Note(name, " ".join(written(says).split()))
        ours = misconceptions(self.exercise.kind)
        sentence = next((one.feedback for one in ours if one.id == name), None)
        if sentence is None:
            message = f"'says' is missing: what is told who answers this, as in {EXAMPLE}"
            raise Invalid.at(message, raw.place)
        return Note(name, sentence)

    def is_right(self, claimed: Raw, name: str, ruling: Ruling) -> bool:
        """Whether an answer is right already.  Raises `Invalid` where it cannot be read as one."""
        answer, others = self.asked.answer(name), self.asked.others
        if answer is not None:
            checked = check(claimed, answer, ruling.rule, name, complete=True, others=others)
            if checked.verdict in (Verdict.UNREADABLE, Verdict.MISSING):
                raise no_answer(claimed, checked.remark)
            if checked.verdict is Verdict.RIGHT:
                return True
        return ruling.accepts(claimed, others)

    def read_credit(self) -> None:
        """The shares for all answers, then those for one of them."""
        shares: dict[str, Fraction] = {}
        by_name: list[tuple[str, dict[str, Fraction]]] = []
        ids = [*known()]
        ids += [one.note.id for own in self.rulings.values() for one in own.mistakes]
        for key, raw in self.exercise.credit:
            if isinstance(raw, Entries):
                if (name := self.name(key)) is not None:
                    by_name.append((name, dict(self.shares(raw.pairs, ids))))
            else:
                shares |= self.shares([(key, raw)], ids)
        self.rulings = {name: replace(own, credit=shares) for name, own in self.rulings.items()}
        for name, own in by_name:
            ruling = self.of(name)
            self.rulings[name] = replace(ruling, credit={**ruling.credit, **own})

    def shares(
        self, pairs: Sequence[tuple[Text, Raw]], ids: Sequence[str]
    ) -> Iterator[tuple[str, Fraction]]:
        for key, raw in pairs:
            if key.value in ids:
                yield key.value, number(raw)
                continue
            near = closest(key.value, ids) or f"; one is {ids[0]}"
            message = f"there is no misconception '{key.value}'{near}"
            self.complaints.append(Complaint(message, key.place))


def is_read(raw: Raw, answer: Answer) -> bool:
    return check(raw, answer).verdict is not Verdict.UNREADABLE


def share_of(raw: Raw) -> Fraction:
    share = number(raw)
    if share > 1:
        message = f"a share of the points from 0 to 1 is expected, not '{written(raw)}'"
        raise Invalid.at(message, raw.place)
    return share


def alternatives(raw: Raw, answer: Answer | None) -> Sequence[Raw]:
    """The answers of a list; a list of numbers for an answer that is a list is one answer."""
    if not isinstance(raw, Items):
        return (raw,)
    if answer is None or not isinstance(answer.value, tuple):
        return raw.items
    is_whole = depth(raw) <= depth_of(answer.value) and all(map(is_number, leaves(raw)))
    return (raw,) if is_whole else raw.items


def depth(raw: Raw) -> int:
    return 1 + max(map(depth, raw.items), default=0) if isinstance(raw, Items) else 0


def depth_of(value: Result) -> int:
    if not isinstance(value, tuple):
        return 0
    return 1 + max((depth_of(part) for part in value), default=0)


def leaves(raw: Raw) -> Iterator[Raw]:
    if isinstance(raw, Items):
        for item in raw.items:
            yield from leaves(item)
    else:
        yield raw


def is_number(raw: Raw) -> bool:
    """Whether one number stands here, and not a list as text."""
    return isinstance(guessed(raw), Fraction | float)


def stand_in(raw: Raw, answer: Answer | None, name: str) -> Answer:
    """The answer that was written, as one to compare with.  Raises `Invalid` with its place."""
    if name == STATUS:
        text = written(raw).strip()
        return Answer(name, text, Words(text))
    if answer is None:
        value = guessed(raw)
        return Answer(name, value, maths_of(value))
    try:
        found = standing_in(answer, raw)
    except Invalid as error:
        raise no_answer(raw, error.complaints[0].message) from None
    except EvaluationError as error:
        raise no_answer(raw, str(error)) from None
    is_whole = True
    if isinstance(found.value, Fraction | float):
        # What leads to a count may be none: a bound that was not rounded up.
        is_whole = found.value % 1 == 0
    elif isinstance(answer.value, Fraction | float):
        raise no_answer(raw, "a number is expected")
    found = replace(found, partner="", inequalities=(), is_count=answer.is_count and is_whole)
    checked = check(raw, found, USUAL, name)
    if checked.verdict is Verdict.RIGHT:
        return found
    raise no_answer(raw, checked.remark)


def no_answer(raw: Raw, reason: str) -> Invalid:
    reason = reason or "one value is expected, of the same sort as the right one"
    return Invalid.at(f"'{written(raw)}' cannot be an answer here: {reason}", raw.place)
