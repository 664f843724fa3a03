"""Models of features that are counted: Bernoulli, categorical and multinomial.

They differ in what an event is, in what is counted of it, and in how many outcomes share the
probability of a class; each has a file that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar, Self, TypeAlias

from mlcalc.classifiers import letters
from mlcalc.classifiers.model import (
    Estimate,
    Factor,
    Model,
    Query,
    Written,
    prior_step,
    priors_of,
    probability,
    share,
)
from mlcalc.classifiers.presence import refuse_signs
from mlcalc.classifiers.question import Question
from mlcalc.classifiers.tally import Event, Tally, documents_of, of_documents, of_rows, words_in
from mlcalc.classifiers.training import listed, read_query, training_of
from mlcalc.files.document import Raw, Text
from mlcalc.files.errors import Complaint, Invalid, Unsolved
from mlcalc.files.fields import entries_of, is_mapping, numeric
from mlcalc.maths.board import Note, Prose, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Expr, Number, Words, equals, wrap
from mlcalc.showing.derivation import Result, Step, Table, step

Cells: TypeAlias = "tuple[Prose | Expr, ...]"

MOST_NAMES = 5
"""Products over more features than this are written with ∏."""
MOST_ROWS = 16
"""A longer table shows the events of the query first, and says how many there are besides."""


class Smoothing(Record):
    """The pseudo-count as it was typed, and whether the classes' own counts get it too."""

    count: Number = Number(Fraction(0))
    of_prior: bool = False


ADD_ONE = Smoothing(Number(Fraction(1)))


class Counted(Model):
    """`likelihood` holds P(event | class) by class, `values` the counted values by feature."""

    values: Mapping[str, tuple[str, ...]]
    likelihood: Mapping[str, Mapping[Event, Estimate]]
    smoothing: Smoothing = Smoothing()
    has_given_prior: bool = True
    tally: Tally | None = None
    """The counts behind the estimates, where the model was learned."""

    kept: ClassVar[str | None] = None
    """The value whose probability is kept of each feature; None where those of all are."""
    counted_words: ClassVar[Callable[[tuple[str, ...]], Iterable[str]] | None] = None
    """Which words of a document count; None where documents have nothing that does."""
    assumption = "the naive assumption: within a class the features are independent of each other"
    smoothed = "the values of a feature"
    """What the pseudo-count is added to."""
    absent_hint: ClassVar[str] = ""
    """What is said of a word that a query does not have."""
    divided_by: ClassVar[str] = ""
    """What a count is divided by; the rows or documents where nothing is said."""

    # What each model says of itself.

    @staticmethod
    def outcomes(values: Mapping[str, tuple[str, ...]], feature: str) -> int:
        """How many outcomes share the probability that a class's likelihoods divide up."""
        raise NotImplementedError

    @staticmethod
    def read(cell: Text, feature: str) -> tuple[str, int]:
        """The value of a cell, and how often it counts.  Raises `Invalid`."""
        raise NotImplementedError

    def value(self, feature: str, typed: Text) -> str:
        """The value of one feature of a query."""
        raise NotImplementedError

    def query_of_words(self, words: tuple[str, ...]) -> dict[str, str]:
        """What a text says of each word; only models of words read texts."""
        raise NotImplementedError

    def needed(self, values: Mapping[str, str]) -> Collection[Event]:
        """The events whose likelihoods a query needs."""
        return frozenset((name, self.kept or "") for name in values)

    def count_note(self, unit: str) -> str:
        return f"how many {unit} of each class have each feature"

    def parameters(self) -> tuple[Expr, str]:
        """How many likelihoods a class has, and why."""
        raise NotImplementedError

    def cells(self) -> tuple[Expr, int | None] | None:
        """How many combinations of values there are, where they can be counted."""
        return None

    @classmethod
    def known_feature(cls, label: str, name: str, raw: Raw) -> dict[str, Estimate]:
        """The probabilities of a feature's values in a class, as they were given."""
        return {cls.kept or "": probability(raw, name)}

    @classmethod
    def check_known(cls, label: str, estimates: Mapping[Event, Estimate], entry: Raw) -> None:
        """Refuses what is no model of this kind."""

    # What is the same for all.

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple((name, value) for name, values in self.values.items() for value in values)

    def event(self, event: Event) -> Expr:
        """The event as it stands in P(… | Y = c)."""
        return letters.event(*event)

    def factor(self, label: str, feature: str, value: Any) -> Factor:
        estimate = self.likelihood[label][feature, value]

        def write() -> Written:
            name = letters.likelihood(self.event((feature, value)), label)
            return Written(name, estimate.result)

        return Factor(estimate.value, write, feature)

    @classmethod
    def learned(
        cls, tally: Tally, smoothing: Smoothing, priors: Mapping[str, Estimate] | None
    ) -> Self:
        """The maximum-likelihood estimates, or their smoothed versions.

        Without smoothing, no total may be 0.
        """
        alpha, values = smoothing.count, tally.values
        outcomes = {feature: cls.outcomes(values, feature) for feature in values}
        likelihood = {
            label: {
                event: share(tally.counts[label][event], total, outcomes[event[0]], alpha)
                for event in tally.events
            }
            for label, total in tally.totals.items()
        }
        # The classes' own counts are smoothed only where that is asked for.
        own = alpha if smoothing.of_prior else Smoothing().count
        rows = sum(tally.sizes.values())
        shares = {c: share(tally.sizes[c], rows, len(tally.classes), own) for c in tally.classes}
        return cls(
            tally.classes, tuple(values), priors or shares, values, likelihood, smoothing,
            priors is not None, tally,
        )  # fmt: skip

    def again(self, smoothing: Smoothing) -> Self | None:
        """The model of the same counts with another pseudo-count."""
        if self.tally is None:
            return None
        prior = self.prior if self.has_given_prior else None
        return self.learned(self.tally, smoothing, prior)

    def query(self, given: Question) -> Query:
        raw = given.query
        assert raw is not None
        typed = read_query(given, self.features)
        complaints: list[Complaint] = []
        values: dict[str, str] = {}
        for name, text in typed.items():
            try:
                values[name] = self.value(name, text)
            except Invalid as error:
                complaints.extend(error.complaints)
        if complaints:
            raise Invalid(*complaints)
        return Query(values, left_out([n for n in self.features if n not in values]))

    def query_of_text(self, given: Question) -> Query | None:
        """A query that is a text, not counts such as win=2, hi=1."""
        raw = given.query
        if not isinstance(raw, Text) or given.data is not None:
            return None
        if is_counts(raw, given.documents is not None):
            return None
        words = words_in(raw.value)
        if given.documents is None and not any(word in self.values for word in words):
            return None  # values in the order of the features, or nothing that is known
        hint = f"leave it out, {self.absent_hint}"
        refuse_signs(raw, tuple(self.values), hint, given.documents is not None)
        unknown = [word for word in words if word not in self.values]
        return Query(self.query_of_words(words), dropped(unknown, given.documents is not None))

    def likelihoods(self) -> tuple[Mapping[str, Result], Iterator[Expr]]:
        values: dict[str, Result] = {
            label: {feature: self.shown_value(own, feature) for feature in self.values}
            for label, own in self.likelihood.items()
        }
        items = (
            equals(letters.likelihood(self.event(event), c), self.likelihood[c][event].result)
            for event in self.events
            for c in self.classes
        )
        return values, items

    def shown_value(self, own: Mapping[Event, Estimate], feature: str) -> Result:
        return own[feature, self.kept or ""].value

    def notes(self, given: Question) -> list[Note]:
        found = []
        if given.label is not None:
            column = f" is the class, the column {given.label}"
            found.append(Note("nb.class", (letters.Y, column)))
        if given.documents is not None:
            text = "a word is a run of letters and digits, and upper and lower case are one"
            found.append(Note("nb.words", text))
        return found

    # The working.

    def steps(self, query: Query | None) -> list[Step]:
        first = self.needed({} if query is None else query.values)
        inner, why = self.parameters()
        sums = f"the {len(self.classes)} priors add up to 1"
        why = f"{why}; {sums if len(self.classes) > 1 else 'the only prior is 1'}"
        found = [self.factorisation_step(), self.parameter_step(inner, self.joint_note(why))]
        if self.tally is not None:
            found.append(self.count_step(self.tally, first))
        if self.has_given_prior:
            chains = (equals(letters.prior(c), e.result) for c, e in self.prior.items())
            found.append(step("take the priors", *chains, why="they are given, not counted"))
        else:
            more = "; the pseudo-count is added to each of the classes"
            smoothed = more if self.smoothing.of_prior else ""
            found.append(prior_step(self, f"the share of each class{smoothed}"))
        return [*found, self.likelihood_step(first)]

    def factorisation_step(self) -> Step:
        """What the assumption buys: one small table a feature in place of one over all of them."""
        if len(self.features) <= MOST_NAMES:
            return factorised(self.features, self.assumption)
        return step(
            "factorise",
            "P(Y | x) propto P(Y) * P(x | Y) = P(Y) * product(P(x[i] | Y), i, 1, n)",
            why=self.assumption,
            n=len(self.features),
        )

    def joint_note(self, why: str) -> Prose:
        """What the same would cost without the assumption, where that can be counted."""
        cells = self.cells()
        if cells is None or len(self.values) == 1:
            return why
        count = cells[0] - 1 if cells[1] is None else equals(cells[0] - 1, wrap(cells[1] - 1))
        return (f"{why}; without the assumption each class would need ", count)

    def count_step(self, tally: Tally, first: Collection[Event]) -> Step:
        """How many rows or documents each class has, and how often each event occurs in them."""
        rows: list[Cells] = [(tally.unit, *(wrap(tally.sizes[c]) for c in self.classes))]
        rows += self.event_rows(first, lambda label, event: wrap(tally.counts[label][event]))
        if self.divided_by:
            totals = (wrap(tally.totals[label]) for label in self.classes)
            rows.append((f"all {self.divided_by}", *totals))
        table = Table(("", *map(letters.is_class, tally.classes)), tuple(rows))
        return step("count", table, why=self.count_note(tally.unit))

    def likelihood_step(self, first: Collection[Event]) -> Step:
        """Each likelihood as the share that the counts make it."""
        rows = self.event_rows(first, lambda label, event: self.likelihood[label][event].maths)
        table = Table(("P( … | Y)", *map(letters.is_class, self.classes)), tuple(rows))
        if self.tally is None:
            return step("take the likelihoods", table, why="they are given, not counted")
        alpha = self.smoothing.count
        if alpha.value:
            note: Prose = ("smoothing: ", alpha, " is added to the count of each of "
                           + self.smoothed.format(len(self.values)))  # fmt: skip
            return Step("estimate the likelihoods", (table,), note)
        why = f"each count is divided by the {self.divided_by or self.tally.unit} of its class"
        if any(not e.value for own in self.likelihood.values() for e in own.values()):
            why += "; what a class was never seen with gets 0, and so does its score then"
        return step("estimate the likelihoods", table, why=why)

    def event_rows(
        self, first: Collection[Event], cell: Callable[[str, Event], Prose | Expr]
    ) -> list[Cells]:
        """A row an event, those of the query before all others where there are too many."""
        shown: tuple[Event, ...] = self.events
        if len(shown) > MOST_ROWS:
            ordered = sorted(shown, key=lambda event: event not in first)
            shown = tuple(ordered[: MOST_ROWS - 1])
        rows: list[Cells] = [
            (self.event(event), *(cell(label, event) for label in self.classes)) for event in shown
        ]
        if len(shown) < len(self.events):
            left = f"… {len(self.events) - len(shown)} more"
            rows.append((left, *("…" for _ in self.classes)))
        return rows


@lru_cache(letters.SHARED)
def factorised(names: tuple[str, ...], assumption: str) -> Step:
    """The factors of few features by their names, which many problems have in common."""
    features = [Words(name) for name in names]
    if len(features) == 1:
        why = "Bayes' rule; with one feature there is nothing to assume"
        return step("factorise", "P(Y | x) propto P(Y) * P(x | Y)", why=why, x=features)
    return step(
        "factorise",
        "P(Y | x) propto P(Y) * P(x | Y) = P(Y) * factors",
        why=assumption,
        x=features,
        factors=[line("P(x | Y)", x=name) for name in features],
    )


# What is said of a query.


def is_counts(raw: Text, has_documents: bool) -> bool:
    """Whether a query is win=2, hi=1 and not a text, which may have such signs too."""
    if not is_mapping(raw):
        return False
    try:
        pairs = entries_of(raw, "win=2, hi=1").pairs
        counts = [exact(numeric(value)) for _, value in pairs]
    except Invalid:
        return not has_documents
    return not has_documents or None not in counts


def dropped(unknown: list[str], has_documents: bool) -> tuple[Note, ...]:
    names = tuple(f"“{word}”" for word in dict.fromkeys(unknown))
    if not names:
        return ()
    where = "in no document" if has_documents else "no word with a likelihood"
    are = "is" if len(names) == 1 else "are"
    text = f"{listed(names)} {are} {where} and {are} dropped from the query"
    return (Note("nb.unknown_words", text),)


def left_out(missing: list[str]) -> tuple[Note, ...]:
    """A feature that is not known is summed over, and its probabilities add up to 1."""
    if not missing:
        return ()
    what = "is" if len(missing) == 1 else "are"
    text = f"{listed(tuple(missing))} {what} not in the query: summed over all values, a feature "
    text += "drops out, since its probabilities add up to 1; give its value if it is known"
    return (Note("nb.marginalised", text),)


# What a model comes from.


def counted_model(given: Question, kind: type[Counted]) -> Counted:
    """Learned from what was given, or as it is.  Raises `Invalid` where that does not fit."""
    smoothing = smoothing_of(given)
    refuse_two_sources(given)
    if given.likelihoods is not None:
        return replace(known_model(given, kind), smoothing=smoothing)
    tally = tally_of(given, kind)
    empty = [label for label in tally.classes if not tally.totals[label]]
    if empty and not smoothing.count.value:
        raise Unsolved.because(
            f"the class {empty[0]} has no words, so its likelihoods are 0/0; smoothing: 1 gives "
            "every word the same probability there",
            given.place_of(Question.documents if given.data is None else Question.data),
        )
    priors = None if given.priors is None else priors_of(given, tally.classes)
    return kind.learned(tally, smoothing, priors)


def refuse_two_sources(given: Question) -> None:
    """Rows, documents and likelihoods say the same thing; one of them is given."""
    fields = (Question.data, Question.documents, Question.likelihoods)
    found = [field for field in fields if given.is_given(field)]
    if len(found) > 1:
        first, second = (field.name for field in found[:2])
        raise given.fault(f"give {first} or {second}, not both", found[1])
    if not found:
        message = "there is nothing to learn from: give data, documents, or priors and likelihoods"
        raise given.fault(message)
    if given.data is None:
        given.refuse_columns(Question.label, Question.features)
    given.refuse("{} is for the model density: leave it out", Question.support)
    if given.likelihoods is not None:
        given.refuse("there are no counts to smooth: leave {} out", Question.smoothing)


def tally_of(given: Question, kind: type[Counted]) -> Tally:
    """The counts of the rows or documents."""
    by_word = bool(kind.divided_by)
    if given.documents is None:
        return of_rows(training_of(given), kind.read, kind.kept, by_word)
    documents = documents_of(given)
    if kind.counted_words is None:
        message = "documents have words to count, no values: choose multinomial or bernoulli"
        raise given.fault(message, Question.model)
    return of_documents(documents, kind.counted_words, kind.kept or "", by_word)


def smoothing_of(given: Question) -> Smoothing:
    """The pseudo-count, a number."""
    value = exact(given.smoothing)
    if value is None:
        message = "smoothing is not decided for letters: give a number, such as 1"
        raise Unsolved.because(message, given.place_of(Question.smoothing))
    if given.smooth_prior and not value:
        message = "smooth_prior adds the pseudo-count, which is 0: give smoothing: 1 beside it"
        raise given.fault(message, Question.smooth_prior)
    if given.smooth_prior and given.priors is not None:
        raise given.fault("the priors are given, not counted: leave one out", Question.smooth_prior)
    typed = given.smoothing if isinstance(given.smoothing, Number) else Number(value)
    return Smoothing(typed, given.smooth_prior)


class Known(Record):
    """What one class was said to have: its estimates by event, and the values by feature."""

    values: dict[str, tuple[str, ...]]
    estimates: dict[Event, Estimate]


def known_model(given: Question, kind: type[Counted]) -> Counted:
    """The model of the given priors and likelihoods.  Raises `Invalid` where they do not fit."""
    assert given.likelihoods is not None
    raw = given.likelihoods
    prior = priors_of(given)
    own: dict[str, Known] = {}
    complaints: list[Complaint] = []
    for key, entry in raw.pairs:
        if key.value not in prior:
            hint = closest(key.value, prior) or f"; the classes are {listed(tuple(prior))}"
            complaints.append(Complaint(f"the class '{key.value}' has no prior{hint}", key.place))
            continue
        try:
            own[key.value] = known_class(key.value, entry, kind)
        except Invalid as error:
            complaints.extend(error.complaints)
    for name in prior:
        if raw.get(name) is None:
            message = f"the class '{name}' has a prior and no likelihoods"
            complaints.append(Complaint(message, raw.place))
    if complaints:
        raise Invalid(*complaints)
    leader = next(iter(prior))
    for key, entry in raw.pairs:
        refuse_other_features(key.value, entry, own[key.value], leader, own[leader])
    likelihood = {name: own[name].estimates for name in prior}
    values = own[leader].values
    return kind(tuple(prior), tuple(values), prior, values, likelihood)


def known_class(label: str, entry: Raw, kind: type[Counted]) -> Known:
    """The likelihoods of one class, whose sums the model knows."""
    if not is_mapping(entry):
        raise Invalid.at(f"expected the features of the class '{label}' by name", entry.place)
    values: dict[str, tuple[str, ...]] = {}
    estimates: dict[Event, Estimate] = {}
    for key, raw in entries_of(entry, "{offer: 0.6}").pairs:
        own = kind.known_feature(label, key.value, raw)
        values[key.value] = tuple(own)
        estimates |= {(key.value, value): estimate for value, estimate in own.items()}
    kind.check_known(label, estimates, entry)
    return Known(values, estimates)


def refuse_other_features(label: str, entry: Raw, own: Known, first: str, other: Known) -> None:
    """Every class has the same features, with the same values."""
    for feature, value in sorted(other.estimates.keys() ^ own.estimates.keys()):
        lacking = label if (feature, value) in other.estimates else first
        what = f"'{feature}'" if value in ("", "1") else f"the value '{value}' of '{feature}'"
        message = f"the class '{lacking}' says nothing of {what}, and the other classes do"
        raise Invalid.at(message, entry.place)
