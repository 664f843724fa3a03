"""The names that students give to problems and answers, as those of the key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from json import dumps, loads
from typing import Any

from mlcalc.files.display import visible
from mlcalc.files.document import Entries
from mlcalc.files.errors import Invalid
from mlcalc.marking.checking.answers import answer_called, own_answer, several_claims
from mlcalc.marking.checking.mappings import entries_of
from mlcalc.marking.checking.parts import fold, own_name
from mlcalc.marking.claims import Claim, Structured, by_name, claim_of, raw_of
from mlcalc.marking.expected import STATUS
from mlcalc.marking.headers import Headers
from mlcalc.marking.key import PRIMARY, Key, Question, is_primary
from mlcalc.marking.submissions import Answers
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record
from mlcalc.showing.derivation import Derivation

At = tuple[str, str]
"""The id of a problem and the name of an answer."""


class Unknown(Record):
    """A name that the key does not have: of a problem, or of an answer to the problem `of`."""

    name: str
    of: str = ""
    hint: str = ""


Named = tuple[At | Unknown, str | None, Claim]
"""An answer of the key, or why there is none; the part of it that is claimed, or None where it is
a part of what was claimed; and the claim."""


class Names:
    """What the key calls what students name; each name is looked up once."""

    def __init__(self, key: Key) -> None:
        self.questions = {question.id: question for question in key.questions}
        self.headers = Headers(key)
        self.spelled: dict[At, At] = {}
        self.known: dict[At, At | Unknown] = {}
        self.claims: dict[tuple[At, Claim], tuple[Named, ...]] = {}
        self.unknown: dict[str, dict[Unknown, dict[str, None]]] = {}
        """What the key or a problem does not have, with the students who answered it."""

    def answers(self, student: str, answers: Answers, remarks: list[str]) -> Answers:
        """The claims under the key's names; what the key does not have is said and left out."""
        found: Answers = {}
        parts: dict[At, dict[str, Any]] = {}
        for at, claim in {self.spelling(at): c for at, c in answers.items()}.items():
            for target, path, own in self.named(at, claim):
                if isinstance(target, Unknown):
                    own_kind = self.unknown.setdefault(target.of, {})
                    own_kind.setdefault(target, {})[student] = None
                elif path:
                    put(parts.setdefault(target, {}), path, own)
                else:
                    if path is not None and found.get(target, own) != own:
                        what = ".".join(target)
                        remarks.append(
                            f"{student} answered {what} under two names: the last counts"
                        )
                    found[target] = own
        return found | {at: Structured(dumps(values)) for at, values in parts.items()}

    def spelling(self, at: At) -> At:
        """The id as the key has it, if it does; an id may bring the name: q1.theta."""
        if at not in self.spelled:
            id_, name = at
            found = (id_, "") if id_ in self.questions else self.headers.exact(id_)
            is_other = found is None or (name and found[1])
            self.spelled[at] = at if is_other or found is None else (found[0], name or found[1])
        return self.spelled[at]

    def named(self, at: At, claim: Claim) -> tuple[Named, ...]:
        """What a claim answers: itself, or what its parts do; the same for all who wrote it."""
        found = self.claims.get((at, claim))
        if found is None:
            found = self.claims[at, claim] = tuple(self.name(at, claim))
        return found

    def name(self, at: At, claim: Claim) -> Iterator[Named]:
        for (id_, name), own in divided(at, claim, self.questions):
            target = self.resolved(id_, name, own)
            if isinstance(target, Unknown):
                yield target, "", own
                continue
            pieces = self.pieces(target, own)
            if pieces:
                yield from ((piece, None, value) for piece, value in pieces.items())
                continue
            whole = self.whole(target)
            path = "" if whole is None else target[1].removeprefix(whole[1] + ".")
            yield whole or target, path, own

    def unknown_names(self) -> list[str]:
        """A line for what the key has not, and one for each problem, with who wrote it."""
        lines = []
        for found in self.unknown.values():
            who = list({student: None for students in found.values() for student in students})
            more = f" and {len(who) - 1} more" if len(who) > 1 else ""
            lines.append(f"{who[0]}{more}: {self.lacking(list(found))}")
        return lines

    def lacking(self, found: Sequence[Unknown]) -> str:
        """That the key, or the one problem to which all of them are, does not have these."""
        question = self.questions.get(found[0].of)
        known = answer_names(question) if question is not None else self.questions
        owner, what = (f"'{question.id}'", "answer") if question else ("the key", "problem")
        it_has = "" if len(found) == 1 and found[0].hint else f"; it has {some(known)}"
        names = listed_names([(one.name, one.hint) for one in found])
        return f"{owner} has no {what} {names}{it_has}"

    def resolved(self, id_: str, name: str, claim: Claim) -> At | Unknown:
        """The key's id and name, or what is wrong with those that were written."""
        if not name and isinstance(claim, str):
            # `lambda = 3` names what it answers.
            question = self.questions.get(id_)
            if question is not None and question.derivation is not None:
                name = self.unnamed(claim, question, question.derivation)
        found = self.known.get((id_, name))
        if found is None:
            found = self.known[id_, name] = self.look_up(id_, name)
        return found

    def unnamed(self, claim: str, question: Question, derivation: Derivation) -> str:
        """The answer that a claim names itself, else the primary one, if it is asked for."""
        asked = [part.name for part in question.parts]
        primary = derivation.answers[0].name
        named = own_answer(raw_of(claim), derivation).name
        return named if named != primary or primary in asked else asked[0]

    def look_up(self, id_: str, name: str) -> At | Unknown:
        question = self.questions.get(id_)
        if question is None:
            return Unknown(id_, "", closest(id_, self.questions))
        parts = [part.name for part in question.parts]
        derivation = question.derivation
        if derivation is None:
            # There is one thing to name where mlcalc has no answer, or several that a file names.
            if parts == [PRIMARY]:
                return id_, PRIMARY
            wanted = name.replace("-", "_") or parts[0]
            return (id_, wanted) if wanted in parts else Unknown(name, id_, closest(name, parts))
        if STATUS in parts and name in ("", STATUS):
            return id_, STATUS
        answer = question.answer(name)
        if answer is None:
            head, dot, path = name.partition(".")
            spellings = unique([n for a in derivation.all_answers for n in (a.name, *a.aliases)])
            answer = question.answer(spellings.get(fold(head), head) + dot + path)
        if answer is None and (printed := answer_called(name, derivation)) is not None:
            answer = question.answer(printed.name)
        if answer is None:
            return Unknown(name, id_, closest(name, answer_names(question)))
        return id_, answer.name

    def pieces(self, at: At, claim: Claim) -> Answers:
        """The parts that are asked for of an answer that was given as a whole."""
        id_, name = at
        asked = [part.name for part in self.questions[id_].parts]
        answer = self.questions[id_].answer(name)
        if name in asked or not any(one.startswith(f"{name}.") for one in asked):
            return {}
        raw = raw_of(claim)
        entries = raw if isinstance(raw, Entries) else entries_of(raw)
        if entries is None or answer is None or not isinstance(answer.value, Mapping):
            return {}
        try:
            typed = {own_name(key, answer.value): part for key, part in entries.pairs}
        except Invalid:
            return {}  # the whole is looked at, and said what is wrong with it
        return {(id_, f"{name}.{part}"): claim_of(value) for part, value in typed.items()}

    def whole(self, at: At) -> At | None:
        """The answer that is asked for as a whole where `theta.red` is a part of it."""
        id_, name = at
        asked = [part.name for part in self.questions[id_].parts]
        head = name.partition(".")[0]
        return (id_, head) if "." in name and name not in asked and head in asked else None


def unique(names: Iterable[str]) -> dict[str, str]:
    """The names by what is left of them without case and dashes, if no two are alike then."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(fold(name), []).append(name)
    return {short: own[0] for short, own in found.items() if len(own) == 1}


def put(values: dict[str, Any], path: str, claim: Claim) -> None:
    """Puts a claim under its path of names: W_xh, or spam.red."""
    *heads, last = path.split(".")
    for head in heads:
        values = values.setdefault(head, {})
        if not isinstance(values, dict):
            return
    values[last] = claim if isinstance(claim, str) else loads(claim.json)


def answer_names(question: Question) -> list[str]:
    """What an answer to a problem may be called."""
    derivation = question.derivation
    answers = derivation.all_answers if derivation is not None else question.parts
    return [answer.name for answer in answers]


def listed_names(names: Sequence[tuple[str, str]], most: int = 8) -> str:
    """Names with what each was perhaps meant for."""
    shown = [f"'{visible(name, most=40)}'{hint}" for name, hint in names[:most]]
    if len(names) > 1:
        shown = [name.replace(", did", " (did") + ")" * (", did" in name) for name in shown]
    return ", ".join(shown) + (f" and {len(names) - most} more" if len(names) > most else "")


def some(names: Iterable[str], most: int = 8) -> str:
    listed = list(names)
    return ", ".join(listed[:most]) + (", …" if len(listed) > most else "")


def several_asked(claim: str, question: Question) -> tuple[Claim, ...]:
    """`shape = 3x3, parameters = 10` as two claims, where both are asked for."""
    derivation = question.derivation
    if derivation is None or len(question.parts) < 2:
        return (claim,)
    asked = {part.name for part in question.parts}
    found = several_claims(raw_of(claim), derivation)
    are_asked = all(own_answer(one, derivation).name in asked for one in found)
    return tuple(map(claim_of, found)) if are_asked else (claim,)


def divided(at: At, claim: Claim, questions: dict[str, Question]) -> Iterator[tuple[At, Claim]]:
    """The claim, or those in it: a mapping under a problem is one of answers by name.

    Unless it has none of the problem's names, and the primary answer is a mapping itself.
    """
    id_, name = at
    named = None if name or isinstance(claim, str) else by_name(claim)
    question = questions.get(id_)
    if question is not None and not name and isinstance(claim, str):
        yield from ((at, own) for own in several_asked(claim, question))
    elif named is None or (question is not None and is_primary(named, question.derivation)):
        yield at, claim
    else:
        yield from (((id_, part), value) for part, value in named.items())
