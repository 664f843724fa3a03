"""Which answer a column holds: its header is a question's id, has one in it, or is in a list.

People write `Q1`, `q1.theta`, `Q 1: theta`, `1. What is θ? (q1)`; a question is meant where exactly
one fits.  Ids of one letter or number count only where an id stands: at the start, in brackets,
behind the word question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from mlcalc.files.display import in_ascii, visible
from mlcalc.files.document import LINE_BREAK, Entries, Raw, Text
from mlcalc.files.errors import Invalid, Place
from mlcalc.files.reading import bytes_of, read_file
from mlcalc.files.sheet import records, separator_of
from mlcalc.files.tables import decoded_table
from mlcalc.marking.key import Key, Question
from mlcalc.marking.students import HEADERS, words_of
from mlcalc.maths.records import Record

At = tuple[str, str]
"""The id of a problem and the name of an answer."""

LONGEST_HEADER = 2_000
TOKENS = re.compile(r"[^\W\d_]+|\d+")
GREEK = {ord(letter): in_ascii(letter) for letter in map(chr, range(0x391, 0x3CA))}
NUMBERED = frozenset({
    "answer", "aufgabe", "ex", "exercise", "frage", "item", "no", "nr", "number", "problem", "q",
    "question", "response", "task",
})  # fmt: skip
"""Words that stand before the number of a question, and mean no other question."""
OF_CANVAS = re.compile(r"\d{2,}:\s")
"""Canvas puts the number of a question before its text."""
TIMES = (
    "completed", "completion time", "finished", "finished at", "submitted", "submitted at",
    "submission time", "timestamp", "time", "date", "last modified", "start time", "started on",
    "started", "zeitstempel",
)  # fmt: skip
"""When an answer was given; the best first."""
ATTEMPTS = ("attempt", "attempt number", "attempts")
OTHERS = frozenset({
    *TIMES, *ATTEMPTS, "consent", "course", "department", "duration", "grade", "institution", "ip",
    "ip address", "lateness h m s", "max points", "n correct", "n incorrect", "points", "role",
    "score", "state", "status", "submission count", "submission id", "time taken", "total points",
    "total score", "verdict", "view count", "punkte", "quiz feedback",
    "grade posted time", "language", "assignment", "course id", "quiz id",
})  # fmt: skip
"""What stands beside the answers in what systems export."""
EXTRA = re.compile(
    r"[\d.,\s/%]*|right answer\s*\d*|(?:grade|points|score|q\.?\s*\d+)\s*/.*"
    r"|(?:points|feedback)\s+-\s.*"
    r"|.*(?:\[(?:score|feedback)\]|[-:]\s*(?:score|max points)|\(read only\))",
    re.IGNORECASE | re.DOTALL,
)
"""Numbers, and what was earned."""
NOTHING = "-"
"""What a column is mapped to that is to be left out."""


MEANINGS = frozenset({*HEADERS, "time", NOTHING})
"""What a column may be mapped to beside an answer."""


class Columns(Record):
    """What the columns of a table are: answers by column, and what else is left out."""

    targets: dict[int, At]
    roles: dict[str, int]
    """What the list of columns says of people and times."""
    left_out: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Columns that may be answers to questions which no one can tell."""
    twice: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    """Which column was taken for which answer, where its header is not simply an id."""


Span = tuple[int, int]
"""From the first token to the one behind the last."""


class Headers:
    """The answers that a key asks for, as columns name them.

    Raises `Invalid` where the list of columns names what the key has not.
    """

    def __init__(self, key: Key, mapped: Mapping[str, str] | None = None) -> None:
        self.questions = {question.id: question for question in key.questions}
        self.ids = {id_: tokens(id_) for id_ in self.questions}
        numbers: dict[str, list[str]] = {}
        for id_, own in self.ids.items():
            if own and own[-1].isdigit() and own[:-1] in ([], ["p"], *([w] for w in NUMBERED)):
                numbers.setdefault(own[-1].lstrip("0"), []).append(id_)
        self.by_number = {number: ids[0] for number, ids in numbers.items() if len(ids) == 1}
        self.mapped = dict(mapped or {})
        self.met: set[str] = set()
        for target in self.mapped.values():
            if target not in MEANINGS:
                self.named(target)

    def of(self, columns: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> Columns:
        """What each column is."""
        mapped, asked = self.listed(columns), texts_of(columns, rows)
        found: dict[int, tuple[At, bool]] = {}
        roles: dict[str, int] = {}
        left_out, unknown, told = [], [], []
        has_responses = any(tokens(column)[:1] == ["response"] for column in columns)
        for number, column in enumerate(columns):
            header = column[:LONGEST_HEADER]
            meant = self.meant(header, asked.get(number))
            if number in mapped:
                target = mapped[number]
                if target not in MEANINGS:
                    found[number] = self.named(target), True
                elif target != NOTHING:
                    roles[target] = number
            elif has_responses and tokens(header)[:1] == ["question"]:
                left_out.append(header)
            elif (exact := self.exact(header)) is not None and number not in asked:
                found[number] = exact, True
            elif is_extra(header):
                left_out.append(header)
            elif words_of(header) in PEOPLE:
                continue
            elif meant is not None:
                found[number] = meant
                told.append(f"'{visible(header, most=40)}' is {'.'.join(filter(None, meant[0]))}")
            else:
                unknown.append(header)
        targets, twice = sole(found, columns)
        return Columns(targets, roles, tuple(left_out), tuple(unknown), twice, tuple(told))

    def meant(self, header: str, asked: str | None) -> tuple[At, bool] | None:
        """The answer that a column is, by its header or by the text of the question, if it has one.

        That is empty where students were asked different questions: then it is no one's.
        """
        if asked is None:
            return self.within(header)
        by_number = self.exact(header) if asked else None
        return self.within(asked) or (by_number and (by_number, True))

    def listed(self, columns: Sequence[str]) -> dict[int, str]:
        """What the list says of columns: of the one that is spelled so, else of the like."""
        found = {}
        for header, target in self.mapped.items():
            exact = [n for n, column in enumerate(columns) if plain(column) == plain(header)]
            like = [n for n, column in enumerate(columns) if tokens(column) == tokens(header)]
            for number in exact or like:
                found[number] = target
                self.met.add(header)
        return found

    def unmet(self) -> list[str]:
        """The headers of the list that no table has."""
        return [header for header in self.mapped if header not in self.met]

    def exact(self, header: str) -> At | None:
        """The answer whose id, or id and name, a header is."""
        own = tokens(header)
        for id_, wanted in self.ids.items():
            rest = own[len(wanted) :]
            if not wanted or own[: len(wanted)] != wanted:
                continue
            name = self.names(id_).get(tuple(rest)) if rest else ""
            if name is not None:
                return id_, name
        if len(own) == 2 and own[0] in NUMBERED and own[1].lstrip("0") in self.by_number:
            return self.by_number[own[1].lstrip("0")], ""
        return None

    def within(self, header: str) -> tuple[At, bool] | None:
        """The answer that is named somewhere in a header, and whether it is where ids stand."""
        text = OF_CANVAS.sub("", header, count=1).translate(GREEK)
        places = list(TOKENS.finditer(text.casefold()))
        own = [place[0] for place in places]
        there = set(own)
        named = [id_ for id_, wanted in self.ids.items() if there.issuperset(wanted)]
        spans = [(id_, span) for id_ in named for span in spans_of(self.ids[id_], own)]
        spans += [(id_, span) for id_, span in self.numbered(own, text, places)]
        spans = outermost(spans)
        strong = [(id_, span) for id_, span in spans if stands_out(text, places, span)]
        weak = [
            (id_, span)
            for id_, span in spans
            if span[1] - span[0] > 1 or not is_weak(self.ids[id_])
        ]
        for kept, is_strong in ((strong, True), (weak, False)):
            ids = {id_ for id_, _ in kept}
            if len(ids) == 1:
                id_, (start, end) = kept[0]
                rest = [*own[:start], "·", *own[end:]]
                return (id_, self.name_in(id_, rest)), is_strong
            if ids:
                return None
        return None

    def numbered(
        self, own: list[str], text: str, places: Sequence[re.Match[str]]
    ) -> Iterator[tuple[str, Span]]:
        """The questions meant by `Question 2` or a `2.` at the start."""
        for at, token in enumerate(own):
            id_ = self.by_number.get(token.lstrip("0")) if token.isdigit() else None
            if id_ is None:
                continue
            behind = text[places[at].end() :]
            if at and own[at - 1] in NUMBERED and not re.match(r"\.\d", behind):
                yield id_, (at - 1, at + 1)
            elif at == 0 and re.match(r"\s*[.):](?!\d)", behind):
                yield id_, (0, 1)

    def name_in(self, id_: str, rest: list[str]) -> str:
        """The name of the answer that the rest of a header names, if it is one."""
        whole = self.names(id_).get(tuple(token for token in rest if token != "·"))
        if whole is not None:
            return whole
        parts = {part.name: tokens(part.name) for part in self.questions[id_].parts}
        found = [(name, span) for name, own in parts.items() for span in spans_of(own, rest)]
        names = {name for name, _ in outermost(found)}
        return names.pop() if len(names) == 1 else ""

    @cache  # noqa: B019  # there is one for each run
    def names(self, id_: str) -> dict[tuple[str, ...], str]:
        """The answers of a question by the words of their names."""
        return {tuple(tokens(name)): name for name in reversed(answer_names(self.questions[id_]))}

    def named(self, target: str) -> At:
        """What a list of columns names: `q1`, `q1.theta`.  Raises `Invalid` where there is none."""
        found = self.exact(target)
        if found is None:
            known = ", ".join(list(self.questions)[:8])
            message = f"the key has no answer '{target}': write one as id.name; it has {known}"
            raise Invalid.at(message, Place("--columns"))
        return found


def texts_of(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """What was asked in each column `Response 2`, where Moodle has the text as `Question 2`.

    It is empty where students were asked different questions there.
    """
    headers = [" ".join(tokens(column)) for column in columns]
    found = {}
    for number, header in enumerate(headers):
        question = header.replace("response", "question")
        if header.startswith("response ") and question in headers:
            at = headers.index(question)
            texts = {row[at] for row in rows if row[at]}
            found[number] = texts.pop()[:LONGEST_HEADER] if len(texts) == 1 else ""
    return found


def answer_names(question: Question) -> list[str]:
    derivation = question.derivation
    answers = derivation.all_answers if derivation is not None else ()
    parts = [part.name for part in question.parts]
    return [*parts, *(name for answer in answers for name in (answer.name, *answer.aliases))]


PEOPLE = frozenset(header for headers in HEADERS.values() for header in headers)


def is_extra(header: str) -> bool:
    """Whether a column is beside the answers: what was earned, when, from where."""
    return words_of(header) in OTHERS or EXTRA.fullmatch(header.strip()) is not None


def tokens(text: str) -> list[str]:
    """Runs of letters and of digits, small, with Greek letters spelled."""
    return TOKENS.findall(text.translate(GREEK).casefold())


def plain(header: str) -> str:
    return " ".join(header.casefold().split())


def spans_of(wanted: Sequence[str], own: Sequence[str]) -> Iterator[Span]:
    """Where the tokens stand among others."""
    width = len(wanted)
    for start in range(len(own) - width + 1):
        if width and list(own[start : start + width]) == list(wanted):
            yield start, start + width


def outermost(spans: Sequence[tuple[str, Span]]) -> list[tuple[str, Span]]:
    """Those that are not within a longer one: `first-layer` is not `layer`."""
    return [
        one
        for one in spans
        if not any(
            other[1] != one[1] and other[1][0] <= one[1][0] and one[1][1] <= other[1][1]
            for other in spans
        )
    ]


def is_weak(wanted: Sequence[str]) -> bool:
    """Whether an id may stand in any sentence: 1, a."""
    return len(wanted) == 1 and (wanted[0].isdigit() or len(wanted[0]) == 1)


def stands_out(text: str, places: Sequence[re.Match[str]], span: Span) -> bool:
    """Whether what stands there is set off as an id is: `q1: …`, `… (q1)`, `question q1`."""
    start, end = places[span[0]].start(), places[span[1] - 1].end()
    before, behind = text[:start].rstrip(), text[end:].lstrip()
    if before.endswith(("(", "[", "{")) and behind.startswith((")", "]", "}", ".", ":", ",")):
        return True
    if span[0] and places[span[0] - 1][0].casefold() in NUMBERED:
        return True
    return not before and (not behind or behind[0] in ".:)]–—-[(")


def sole(
    found: Mapping[int, tuple[At, bool]], columns: Sequence[str]
) -> tuple[dict[int, At], tuple[str, ...]]:
    """One column for each answer, and those of which several are for one."""
    by_target: dict[At, list[int]] = {}
    for column, (at, _) in found.items():
        by_target.setdefault(at, []).append(column)
    targets, twice = {}, []
    for at, own in by_target.items():
        best = [column for column in own if found[column][1]] or own
        if len(best) == 1:
            targets[best[0]] = at
        else:
            twice += [visible(columns[column], most=60) for column in best]
    return targets, tuple(twice)


# The list of columns: `Q1=q1.theta, Q2=q2`, or a file.


def read_columns(typed: str) -> dict[str, str]:
    """The answers by the header of their column, from a list or a file of YAML, JSON or CSV.

    Raises `Invalid` where it is neither.
    """
    place = Place("--columns", typed)
    ending = Path(typed).suffix.lower()
    if ending in (".yaml", ".yml", ".json"):
        raw = read_file(typed)
        if not isinstance(raw, Entries):
            message = "expected headers and answers, such as 'Question 1: q1.theta'"
            raise Invalid.at(message, raw.place)
        return {key.value: target_of(value) for key, value in raw.pairs}
    if ending in (".csv", ".tsv"):
        lines = LINE_BREAK.split(decoded_table(bytes_of(typed), typed, []))
        rows = [row for _, row in records(lines, separator_of(lines[0]), typed, [])]
        return {row[0]: ".".join(filter(None, row[1:3])) for row in rows if len(row) > 1 and row[0]}
    pieces = re.split(r"\s*[,;\n]\s*(?=[^,;\n=]+=)", typed.strip())
    found = {}
    for piece in pieces:
        header, equals, target = piece.rpartition("=")
        if not equals or not header.strip() or not target.strip():
            message = "expected headers and answers, such as 'Question 1=q1.theta', or a file"
            raise Invalid.at(message, place)
        found[header.strip()] = target.strip()
    return found


def target_of(raw: Raw) -> str:
    if isinstance(raw, Text):
        return raw.value.strip()
    pairs = [raw.get("id"), raw.get("name")] if isinstance(raw, Entries) else []
    found = ".".join(each.value for each in pairs if isinstance(each, Text))
    if not found:
        raise Invalid.at("expected an answer of the key, such as q1.theta", raw.place)
    return found
