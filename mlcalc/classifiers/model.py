"""A naive Bayes model: its priors, and a factor for each class and feature.

The models differ in the factor alone: what a query's value of one feature contributes to the
score of a class.  Each model is a file that says what its factor is, how it is estimated, and how
many parameters that takes; scores, posterior and prediction are the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from mlcalc.classifiers import letters
from mlcalc.classifiers.logged import Logged
from mlcalc.classifiers.question import Question
from mlcalc.classifiers.training import listed
from mlcalc.files.document import Entries, Raw, Text, written
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields import has_no_value, is_single, numeric
from mlcalc.maths.board import Note, Prose
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import Scalar, plus
from mlcalc.maths.functions import log as logarithm
from mlcalc.maths.near import closest
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Chain, Dots, Expr, Listing, Mul, Number, Words, equals, spread, wrap
from mlcalc.showing.derivation import (
    Answer,
    Picture,
    Result,
    Step,
    both_forms,
    count_answer,
    with_decimal,
)

MOST_SHOWN = 12
"""More values of one answer are not printed; all of them are in the answer, and in JSON."""


class Estimate(Record):
    """A probability, and how it came about: `members` are written one after another with =."""

    members: tuple[Expr, ...]

    @property
    def maths(self) -> Expr:
        return equals(*self.members) if len(self.members) > 1 else self.members[0]

    @property
    def result(self) -> Expr:
        """The last member, which stands for the probability in products."""
        return self.members[-1]

    @property
    def value(self) -> Fraction:
        """Its number, which a letter does not have."""
        found = exact(self.result)
        assert found is not None
        return found


def short(value: Scalar) -> Expr:
    """A number within a sum or product: exact where it is short, else rounded when printed."""
    found = with_decimal(value)
    return found.first if isinstance(found, Chain) else found


def share(count: int, total: int, outcomes: int, pseudo_count: Number) -> Estimate:
    """count/total with a pseudo-count α added for each of the outcomes: (3 + 1)/(4 + 2·1).

    That is the posterior mean of a categorical parameter under a Dirichlet(α, …, α) prior
    (Laplace 1814 for α = 1).
    """
    alpha = pseudo_count.value
    above, below = count + alpha, total + outcomes * alpha
    value = above / below
    members: list[Expr] = []
    if alpha:
        members.append((wrap(count) + pseudo_count) / (total + outcomes * pseudo_count))
    if not alpha and below != value.denominator:
        members.append(Number(above) / Number(below))
    return Estimate((*members, short(value)))


class Written(Record):
    """A factor on the board: its name, and how it is put in."""

    name: Expr
    worked: Expr
    working: Chain | None = None
    """How its value comes of a formula and the query, where it does."""
    asked: Expr | None = None
    """The query's value of that feature, where it goes into a formula."""


class Factor(Record):
    """One factor of a score: its value, and what writes it where it is shown."""

    value: Scalar
    write: Callable[[], Written]
    event: str = ""
    """The feature or word that it is the factor of; the prior has none."""
    log: Logged | None = None
    """Its logarithm exactly, but for what the factors of all classes share."""
    shared: Scalar = Fraction(0)
    """What these share."""

    @property
    def log_value(self) -> Scalar:
        return logarithm(self.value) if self.log is None else plus(self.log.value, self.shared)


class Query(Record):
    """What each feature is asked with, as the model takes it, and notes on what is left out."""

    values: Mapping[str, Any]
    notes: tuple[Note, ...] = ()


class Boundary(Record):
    """Where the predicted class changes: its steps, answers, notes and pictures."""

    steps: Sequence[Step] = ()
    answers: Sequence[Answer] = ()
    notes: Sequence[Note] = ()
    pictures: Sequence[Picture] = ()


class Model(Record):
    """What every model has.  Those that learn bring the rows or counts behind their estimates."""

    classes: tuple[str, ...]
    features: tuple[str, ...]
    prior: Mapping[str, Estimate]

    title = ""
    p = "P"
    """The letter of a likelihood: P for a probability, p for a density."""
    score_note = "its prior times the likelihood of each feature; $x$ is the query"
    """What a score is."""

    def query(self, given: Question) -> Query:
        """The query in the terms of the model.  Raises `Invalid` where it does not fit."""
        raise NotImplementedError

    def factor(self, label: str, feature: str, value: Any) -> Factor:
        """What the query's value of one feature contributes to the score of a class."""
        raise NotImplementedError

    def factors(self, label: str, asked: Mapping[str, Any]) -> list[Factor]:
        """The prior of a class, and a factor for each feature of the query."""
        return [self.prior_factor(label), *(self.factor(label, *pair) for pair in asked.items())]

    def prior_factor(self, label: str) -> Factor:
        own = self.prior[label]
        return Factor(own.value, lambda: Written(letters.prior(label), own.result))

    def steps(self, query: Query | None) -> Sequence[Step]:
        """The lines before a query is scored; a long table shows first what the query needs."""
        raise NotImplementedError

    def boundary(self, query: Query | None) -> Boundary:
        """Where the prediction changes, for models of numbers."""
        return Boundary()

    def notes(self, given: Question) -> list[Note]:
        """What the reader may know under another name, or in another form."""
        return []

    def likelihoods(self) -> tuple[Mapping[str, Result], Iterator[Expr]]:
        """By class and feature, as the field of that name, and as lines."""
        raise NotImplementedError

    @property
    def free(self) -> int | None:
        """How many of a class's likelihoods can be chosen freely; None where that is not asked."""
        return None

    @property
    def parameter_count(self) -> int:
        """The likelihoods and priors that are not fixed by adding up to 1."""
        return len(self.classes) * (self.free or 0) + len(self.classes) - 1

    def parameter_step(self, each: Expr, why: Prose) -> Step:
        """The count, from how many each class has."""
        return parameter_step(len(self.classes), self.free or 0, each, why)

    def answers(self) -> list[Answer]:
        """The prior, the likelihoods, and how many of them are free."""
        prior: dict[str, Result] = {}
        lines: list[Expr] = []
        for label, estimate in self.prior.items():
            value = exact(estimate.result)
            prior[label] = estimate.result if value is None else value
            members = (estimate.result,) if value is None else both_forms(value)
            lines.append(equals(letters.prior(label), *members))
        values, items = self.likelihoods()
        shown = [line for line, _ in zip(items, range(MOST_SHOWN), strict=False)]
        rest = [Dots()] if len(shown) == MOST_SHOWN and next(items, None) is not None else []
        found = [
            Answer("prior", prior, Listing(tuple(lines))),
            Answer("likelihood", values, Listing((*shown, *rest))),
        ]
        if self.free is not None:
            found.append(count_answer("parameter_count", Fraction(self.parameter_count)))
        return found


@lru_cache(letters.SHARED)
def parameter_step(classes: int, free: int, each: Expr, why: Prose) -> Step:
    """The count of all classes; models of one size share it."""
    k, of_priors = wrap(classes), classes - 1
    chain = equals(
        Words("parameters"),
        Mul((k, *spread(Mul, each))) + (k - 1),
        wrap(classes * free) + wrap(of_priors),
        wrap(classes * free + of_priors),
    )
    return Step("count the parameters", (chain,), why, of=("parameter_count",))


def prior_step(model: Model, why: str) -> Step:
    """The priors, each with the share that it is."""
    chains = tuple(equals(letters.prior(c), *e.members) for c, e in model.prior.items())
    return Step("estimate the priors", chains, why)


def given_priors(model: Model) -> Expr:
    return Listing(tuple(equals(letters.prior(c), e.result) for c, e in model.prior.items()))


def priors_of(
    given: Question,
    classes: Sequence[str] | None = None,
    lacking: str = "no rows or documents",
    of_densities: bool = False,
) -> dict[str, Estimate]:
    """The priors that were given, which add up to 1; in the order of the classes that are known.

    Beside densities they may be letters, and none may be 0, whose logarithm is taken.
    """
    if given.priors is None:
        names = classes or (given.likelihoods.keys() if given.likelihoods else ())
        shares = ", ".join(f"{name}={Fraction(1, len(names))}" for name in names)
        example = shares or "spam=1/3, ham=2/3"
        raise given.fault(f"'priors' is missing: the probability of each class, such as {example}")
    found: dict[str, Estimate] = {}
    complaints: list[Complaint] = []
    known = classes or (given.likelihoods.keys() if given.likelihoods else ())
    for key, raw in named_priors(given, given.priors, tuple(known)).pairs:
        if classes is not None and key.value not in classes:
            hint = closest(key.value, classes) or f"; the classes are {listed(tuple(classes))}"
            message = f"the class '{key.value}' has {lacking}{hint}"
            complaints.append(Complaint(message, key.place))
        try:
            found[key.value] = probability(raw, key.value, of_densities)
        except Invalid as error:
            complaints.extend(error.complaints)
    missing = [name for name in classes or () if name not in found]
    if missing:
        message = f"the class '{missing[0]}' has no prior: give one for each class"
        complaints.extend(given.fault(message, Question.priors).complaints)
    if complaints:
        raise Invalid(*complaints)
    values = [exact(estimate.result) for estimate in found.values()]
    numbers = [value for value in values if value is not None]
    if len(numbers) == len(values) and sum(numbers) != 1:
        message = f"the priors add up to {sum(numbers)}, and must add up to 1"
        raise given.fault(message, Question.priors)
    return {name: found[name] for name in classes or found}


def named_priors(given: Question, priors: Entries, classes: tuple[str, ...]) -> Entries:
    """Priors without names are those of the classes in their order, where there is one order."""
    if any(key.value for key, _ in priors.pairs):
        return with_rest(given, priors, classes)
    numbers = [raw for _, raw in priors.pairs]
    if len(numbers) != len(classes):
        counts = f"{len(numbers)} for {len(classes)} classes ({listed(classes)})"
        raise given.fault(f"give a prior for each class, not {counts}", Question.priors)
    # In likelihoods the classes stand in an order; of data some take that of the alphabet.
    orders = [classes] if given.likelihoods else [classes, tuple(sorted(classes))]
    readings = [dict(zip(order, map(written, numbers), strict=True)) for order in orders]
    texts = [", ".join(f"{name}={number}" for name, number in one.items()) for one in readings]
    if readings[0] != readings[-1]:
        message = f"the classes have two orders here: write {' or '.join(texts)}"
        raise given.fault(message, Question.priors)
    given.note("nb.prior_order", f"the priors are read in the order of the classes: {texts[0]}")
    keys = (Text(name, priors.place) for name in classes)
    return Entries(tuple(zip(keys, numbers, strict=True)), priors.place)


def with_rest(given: Question, priors: Entries, classes: tuple[str, ...]) -> Entries:
    """Of two classes the other one has what is left."""
    [(key, raw), *more] = priors.pairs
    rest = [name for name in classes if name != key.value]
    if more or len(classes) != 2 or len(rest) != 1:
        return priors
    value = 1 - probability(raw, key.value).value
    if not 0 < value < 1:
        return priors
    given.note("nb.prior_rest", f"the prior of {rest[0]} is what is left: 1 − {written(raw)}")
    short = f"{float(value):.12g}"
    text = short if "e" not in short and Fraction(short) == value else str(value)
    return Entries((*priors.pairs, (replace(key, value=rest[0]), Text(text, raw.place))), raw.place)


def probability(raw: Raw, name: str, of_densities: bool = False) -> Estimate:
    """A number from 0 to 1 as it was typed; beside densities above 0, or a letter."""
    found = numeric(raw) if isinstance(raw, Text) and raw.value else None
    if isinstance(found, Number) or (
        found is not None and is_single(found) and not has_no_value(found)
    ):
        value = exact(found)
        if value is None and of_densities:
            return Estimate((found,))
        if value is not None and 0 <= value <= 1 and (value or not of_densities):
            return Estimate((found if isinstance(found, Number) else Number(value),))
    typed = raw.value if isinstance(raw, Text) else "a list or mapping"
    wanted = "above 0 and at most 1" if of_densities else "from 0 to 1"
    raise Invalid.at(f"expected a probability {wanted} for '{name}', not '{typed}'", raw.place)
