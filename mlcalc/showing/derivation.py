"""A worked answer as data: what a solver returns and all that a renderer sees.

Words and maths stand with the rule that made them, and no renderer knows a kind of problem.
A step holds trees of `mlcalc.maths`, tables and pictures, which are laid out by who shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from enum import Enum
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

from mlcalc.files.document import Raw
from mlcalc.files.errors import Complaint
from mlcalc.maths.board import Fill, Note, Prose, line, prose
from mlcalc.maths.evaluate import Value
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Later, Record, kept, replace
from mlcalc.maths.tree import Chain, Decimal, Expr, Indexed, Number, Symbol, Words, decimals, equals
from mlcalc.showing.drawing import Drawing, Written

Result: TypeAlias = (
    "Value | bool | str | Expr | Mapping[str, Result] | tuple[Mapping[str, Result], ...]"
)
"""What an answer is: numbers, matrices, a word, a formula, any of these by name, or records."""


LONGEST_FRACTION = 15
"""A denominator of more digits says less than the decimal does."""


class Table(Record):
    """Rows of cells below a header; a cell is words or maths.

    `along` are chains that are worked out along the rows, as upstream × local = downstream: they
    are not printed, and must be true of what is.
    """

    header: tuple[Prose | Expr, ...]
    rows: tuple[tuple[Prose | Expr, ...], ...]
    caption: Prose = ""
    along: tuple[Expr, ...] = ()


class Picture(Record):
    """A drawing, or the ready-made `lines` of one, with what it shows in words."""

    drawing: Drawing
    caption: Prose = ""

    def __init__(
        self, drawing: Drawing | None = None, caption: Prose = "", *, lines: Sequence[str] = ()
    ) -> None:
        super().__init__(Written(tuple(lines)) if drawing is None else drawing, caption)


Block: TypeAlias = Expr | Table | Picture


class Step(Record):
    """One move on the board.

    `rule` is a short imperative phrase, stable in JSON ("take the log"); `note` is the because.
    """

    rule: str
    blocks: Sequence[Block] = ()
    note: Prose = ""
    substeps: tuple[Step, ...] = ()
    of: tuple[str, ...] = ()
    """The answers that need it, where not all do; also a word of its own, such as bias."""

    @kept
    def is_in_letters(self) -> bool:
        """Whether nothing in the step depends on the digits that are shown."""
        if not all(isinstance(block, Expr) for block in self.blocks):
            return False
        shown = [*self.blocks, *(self.note if isinstance(self.note, tuple) else ())]
        if any(isinstance(each, Expr) and decimals(each) for each in shown):
            return False
        return all(step.is_in_letters for step in self.substeps)

    @kept
    def objects(self) -> dict[object, dict[str, Any]]:
        """What a step in letters is in JSON: many problems share it."""
        return {}


class Apart(Record):
    """A step, if there is one, that only some answers need: made where one of them is asked for."""

    of: tuple[str, ...]
    make: Callable[[], Step | None]

    def __reduce__(self) -> tuple[Any, ...]:
        # Another process cannot be sent what makes it.
        return Apart, (self.of, partial(itself, self.make()))


def itself(made: Step | None) -> Step | None:
    return made


def step(
    rule: str,
    *lines: str | Block | None,
    why: Prose = "",
    substeps: Sequence[Step] = (),
    of: tuple[str, ...] = (),
    **names: Fill,
) -> Step:
    """A step whose lines are written as text, with its reason: `mlcalc.maths.board` reads both.

    The lines are read where they are shown.  None leaves one out; `names` fill the holes.
    """
    written = [each for each in lines if each is not None]
    blocks: Sequence[Block] = [each for each in written if not isinstance(each, str)]
    if len(blocks) < len(written):
        blocks = Later(lambda: (line(e, **names) if isinstance(e, str) else e for e in written))
    note = prose(why, **names) if isinstance(why, str) else why
    blocks = blocks if isinstance(blocks, Later) else tuple(blocks)
    return Step(rule, blocks, note, tuple(substeps), of)


Part = TypeVar("Part", Step, Note)


def only_for(names: tuple[str, ...], parts: Iterable[Part]) -> Iterator[Part]:
    """The steps or notes as those that only these answers need."""
    return (replace(each, of=names) for each in parts)


class Answer(Record):
    """A named result: `value` is what is checked, `maths` what is printed after `symbol`."""

    name: str
    value: Result
    maths: Expr
    symbol: Expr | None = None
    unit: str = ""
    aliases: tuple[str, ...] = ()
    interval: tuple[Fraction | float, Fraction | float] | None = None
    """The ends, where every value between them is an answer as good as `value`, the midpoint."""
    accepts: Callable[..., bool | str | None] | None = None
    """Where one answer of many is asked for, whether a value is one; None where that is open.

    A text says what is wrong with it.  It must be picklable: a function of a module or a `partial`
    of one."""
    partner: str = ""
    """The answer with which this one is tried, as weights are with biases: `accepts` takes what
    was claimed for that one as `beside`."""
    any_order: bool = False
    """Whether the order of a list means nothing, as of all sizes that fit."""
    is_count: bool = False
    """Whether it counts something and must be exact; a measure may be rounded, also a whole one."""
    choices: tuple[str, ...] = ()
    """The words of which a textual answer is one, such as the classes: another is unreadable."""
    inequalities: tuple[str, ...] = ()
    """The inequalities that claim it as well: >= for the least number of samples."""


class OnTheWay(Answer):
    """What has a name in the working: a claimed formula may hold it, and it is no answer."""


class Derivation(Record):
    """The worked answer; `pictures` are shown where they are asked for.

    Steps, notes and pictures may be `Later`: answers alone are often all that is wanted.
    `answers` are those of the kind's usual question.  `asides` can be checked as well, and are
    shown where they are asked for, with the steps that are `of` them.  `names` say what the names
    of the working stand for, such as h_1 = tanh(w x_1): a claimed answer may be written in them.
    """

    title: str
    steps: Sequence[Step | Apart]
    answers: tuple[Answer, ...]
    notes: Sequence[Note] = ()
    pictures: Sequence[Picture] = ()
    asides: tuple[Answer, ...] = ()
    names: tuple[tuple[str, Expr], ...] = ()
    others: Sequence[str] = ()
    """What else could be asked for, once it is known what is."""

    @property
    def all_answers(self) -> tuple[Answer, ...]:
        return self.answers + self.asides

    @property
    def known_by_name(self) -> tuple[Answer, ...]:
        """The answers, and what has a name on the way to them."""
        return self.all_answers + tuple(OnTheWay(name, e, e) for name, e in self.names)

    @property
    def words(self) -> tuple[str, ...]:
        """The words by which steps are asked for."""
        return tuple(dict.fromkeys(word for each in self.steps for word in words_of(each)))

    @property
    def shown_steps(self) -> tuple[Step, ...]:
        """The steps, all of which are made once it is known what is asked."""
        return tuple(each for each in self.steps if isinstance(each, Step))

    def asked(self, names: Collection[str] | None) -> Derivation:
        """The same with these as its answers, all others as asides, and what is of these alone.

        The names are those of answers, their aliases or words of steps; None asks for all.
        """
        every = self.all_answers
        chosen = [one for one in every if names is None or {one.name, *one.aliases} & set(names)]
        wanted = None if names is None else {*names, *(one.name for one in chosen)}
        left = tuple(one for one in every if one not in chosen)

        def others() -> Iterator[str]:
            if wanted is not None:
                said = dict.fromkeys((*(one.name for one in left), *self.words))
                yield from (name for name in said if name not in wanted)

        steps = Later(lambda: (one for each in self.steps for one in for_some(each, wanted)))
        notes = Later(lambda: (one for one in self.notes if is_for_some(one, wanted)))
        return replace(
            self, steps=steps, notes=notes, answers=tuple(chosen), asides=left, others=Later(others)
        )

    def apart(self, *names: str) -> Derivation:
        """The same with these answers as asides: the kind's usual question asks for none."""
        usual = tuple(one for one in self.answers if one.name not in names)
        asides = tuple(one for one in self.answers if one.name in names)
        return replace(self, answers=usual, asides=asides + self.asides) if usual else self

    def written(self) -> Derivation:
        """The same, with all made that is to be shown; raises what solving raises."""
        steps, notes, pictures = map(tuple, (self.steps, self.notes, self.pictures))
        return replace(self, steps=steps, notes=notes, pictures=pictures)

    def answer(self, name: str) -> Answer | None:
        """The answer of that name or alias."""
        return answer_named(name, self.all_answers)


def words_of(each: Step | Apart) -> Iterator[str]:
    """The words by which a step, or one in it, is asked for."""
    yield from each.of
    if isinstance(each, Step):
        yield from (word for substep in each.substeps for word in words_of(substep))


def is_for_some(part: Step | Apart | Note, wanted: Set[str] | None) -> bool:
    """Whether one of these answers needs it; None needs all."""
    return wanted is None or not part.of or bool(wanted & set(part.of))


def for_some(each: Step | Apart, wanted: Set[str] | None) -> Iterator[Step]:
    """The step, if these answers need it, without the substeps that they do not; None needs all."""
    if not is_for_some(each, wanted):
        return
    found = each.make() if isinstance(each, Apart) else each
    if found is not None:
        substeps = tuple(one for step in found.substeps for one in for_some(step, wanted))
        yield found if substeps == found.substeps else replace(found, substeps=substeps)


def answer_named(name: str, answers: Sequence[Answer]) -> Answer | None:
    """The one of these answers that has that name or alias."""
    return next((one for one in answers if name == one.name or name in one.aliases), None)


class Verdict(Enum):
    """What became of an answer that was compared."""

    RIGHT = "right"
    WRONG = "wrong"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    UNDECIDED = "undecided"


class Checked(Record):
    """One compared answer: its name, what was claimed, the verdict, and a remark for the reader.

    `feedback` are the misconceptions that lead to a wrong answer, with their ids.
    """

    name: str
    claimed: str
    verdict: Verdict
    remark: str = ""
    feedback: tuple[Note, ...] = ()


class Outcome(Record):
    """A problem with its derivation, or with what is wrong with it, and the verdicts.

    `status` is "solved", "invalid" (the question is malformed), "unsolved" (it has no answer) or
    "failed" (mlcalc is at fault; what was found before that is there all the same).
    """

    kind: str
    status: str
    given: Mapping[str, Raw] = MappingProxyType({})
    derivation: Derivation | None = None
    complaints: tuple[Complaint, ...] = ()
    checked: tuple[Checked, ...] = ()
    file: str | None = None
    id: str | None = None
    title: str | None = None
    question: str | None = None
    remarks: Sequence[str] = ()
    read: Mapping[str, Expr | str] = MappingProxyType({})
    """Those of the givens that are shown as they were read, in standard notation."""

    @property
    def heading(self) -> str:
        own = self.derivation.title if self.derivation else None
        return self.title or own or self.id or self.kind or self.file or ""

    @property
    def foreseen(self) -> bool:
        """Whether `expect` said that this problem has this status."""
        return any(c.name == "status" and c.verdict is Verdict.RIGHT for c in self.checked)


def typed_name(name: Expr) -> str:
    """The name of something on the way as it is typed: h_1, also where it is h at the time 1."""
    match name:
        case Symbol():
            return name.spelled
        case Indexed(Symbol() as base, indices):
            return "_".join([base.spelled, *map(one_line, indices)])
    return one_line(name)


def number_answer(
    name: str, value: Fraction | float, symbol: Expr | None = None, aliases: tuple[str, ...] = ()
) -> Answer:
    """An answer that is one number: printed exact, with its decimal beside it where that helps."""
    return Answer(name, value, with_decimal(value), symbol, aliases=aliases)


def count_answer(name: str, count: Fraction | Expr, symbol: Expr | None = None) -> Answer:
    """An answer that counts something: a whole number, or a formula where letters are left."""
    maths = Number(count) if isinstance(count, Fraction) else count
    return Answer(name, count, maths, symbol, is_count=True)


def with_decimal(value: Fraction | float) -> Expr:
    """18/7 ≈ 2.5714; a whole number alone, a fraction that is too long to read as a decimal."""
    if isinstance(value, float) or value.denominator >= 10**LONGEST_FRACTION:
        return Decimal(value)
    if value.denominator == 1:
        return Number(value)
    return Chain(Number(value), (("=", Decimal(value)),))


def both_forms(value: Fraction | float) -> tuple[Expr, ...]:
    """The same as members of a chain: the exact value, and its decimal where that helps."""
    found = with_decimal(value)
    return found.members if isinstance(found, Chain) else (found,)


def answer_line(answer: Answer) -> Expr:
    """symbol = maths, as one chain."""
    symbol = answer.symbol or Words(answer.name)
    tail = answer.maths
    if isinstance(tail, Chain):
        return Chain(symbol, (("=", tail.first), *tail.links))
    return equals(symbol, tail) if symbol != tail else symbol
