"""Published answers beside mlcalc's own: where they differ, and taking the file's word for them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlcalc.files.errors import Complaint, Invalid
from mlcalc.marking.checking.numbers import significant_digits
from mlcalc.marking.checking.parts import part_named
from mlcalc.marking.exercise import Exercise
from mlcalc.marking.values import guessed, maths_of, standing_in
from mlcalc.maths.printing import Style, one_line
from mlcalc.maths.records import replace
from mlcalc.showing.derivation import Answer, Checked, Derivation, Outcome, Verdict
from mlcalc.showing.prose import harmless

STATUS = "status"
NUMERAL = re.compile(r"[0-9]+(?:[.][0-9]+)?")
MOST_DIGITS = 15
"""A double has no more."""


def disagreeing(
    exercise: Exercise, outcome: Outcome, trusts_file: bool, style: Style
) -> Iterator[Complaint]:
    """What the file expects and mlcalc does not find."""
    for checked in outcome.checked:
        if checked.verdict is Verdict.RIGHT:
            continue
        raw = exercise.expect.get(checked.name) if exercise.expect else None
        place = exercise.fault("expect", "").place if raw is None else raw.place
        yield Complaint(disagreement(checked, outcome, trusts_file, style), place)


def disagreement(checked: Checked, outcome: Outcome, trusts_file: bool, style: Style) -> str:
    name, claimed = checked.name, checked.claimed
    if checked.verdict is Verdict.UNREADABLE:
        return f"the {name} that is expected cannot be read: {checked.remark}"
    answer = answer_named(outcome.derivation, name) if outcome.derivation else None
    found = outcome.status if answer is None else as_precise(claimed, answer, style)
    if checked.verdict is Verdict.UNDECIDED:
        what = f"the file expects {name} = {claimed}, and mlcalc cannot tell whether it is {found}"
    else:
        what = f"the file expects {name} = {claimed}, and mlcalc finds {found}"
    if checked.feedback:
        what += f" (perhaps by {', '.join(note.id for note in checked.feedback)})"
    if trusts_file:
        return f"{what}: the file's word is taken"
    return f"{what}: mlcalc's answer is the key; --trust-expect takes the file's word"


def as_precise(claimed: str, answer: Answer, style: Style) -> str:
    """An answer in as many digits as were written: the difference may be in the last of them."""
    digits = max(style.digits, most_digits(claimed))
    return one_line(harmless(answer.maths), replace(style, digits=digits))


def most_digits(text: str) -> int:
    """The significant digits of the longest number in a text, if they can be shown."""
    longest = max((significant_digits(match[0]) for match in NUMERAL.finditer(text)), default=0)
    return min(longest, MOST_DIGITS)


def trusting(exercise: Exercise, outcome: Outcome, complaints: list[Complaint]) -> Outcome:
    """The outcome with the file's answers in the place of mlcalc's."""
    expected = [] if exercise.expect is None else exercise.expect.pairs
    pairs = [(key, raw) for key, raw in expected if key.value != STATUS]
    derivation = outcome.derivation
    if derivation is None:
        if not pairs:
            return outcome
        values = [(key.value, guessed(raw)) for key, raw in pairs]
        answers = tuple(Answer(name, value, maths_of(value)) for name, value in values)
        trusted = Derivation(outcome.heading, (), answers)
        return replace(outcome, status="solved", derivation=trusted, complaints=())
    wrong = {c.name for c in outcome.checked if c.verdict is not Verdict.RIGHT}
    for key, raw in pairs:
        answer = answer_named(derivation, key.value)
        if answer is None or not {answer.name, key.value.replace("-", "_")} & wrong:
            continue
        try:
            derivation = with_answer(derivation, standing_in(answer, raw))
        except Invalid as error:
            complaints += error.complaints
    return replace(outcome, derivation=derivation)


def answer_named(derivation: Derivation, name: str) -> Answer | None:
    """The answer of that name, or the part of one that `theta.red` names."""
    try:
        found = part_named(name, derivation.all_answers)
    except Invalid:
        return None
    if found is None:
        return None
    if not found.keys:
        return found.whole
    return replace(found.answer, maths=maths_of(found.answer.value))


def with_answer(derivation: Derivation, answer: Answer) -> Derivation:
    """The derivation with that answer in the place of its own of the same name, or of its part."""
    part = part_named(answer.name, derivation.all_answers)
    if part is not None and part.keys:
        value = part.whole_with(answer.value)
        answer = replace(part.whole, value=value, maths=maths_of(value), accepts=None)

    def changed(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
        return tuple(answer if own.name == answer.name else own for own in answers)

    return replace(
        derivation, answers=changed(derivation.answers), asides=changed(derivation.asides)
    )
