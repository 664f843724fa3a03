"""Naive Bayes for features that are counted: Bernoulli, categorical and multinomial."""

from __future__ import annotations

from mlcalc.classification import counts, letters
from mlcalc.classification.answers import model_answers, query_answers
from mlcalc.classification.asking import Query, query_of
from mlcalc.classification.counts import Event, Tally
from mlcalc.classification.documents import Documents, documents_of
from mlcalc.classification.estimates import ADD_ONE, Estimate, Smoothing
from mlcalc.classification.known import known_model, priors_of
from mlcalc.classification.model import Bernoulli, Categorical, Model, Multinomial, learned
from mlcalc.classification.question import Question
from mlcalc.classification.scores import query_steps, scored
from mlcalc.classification.training import refuse_columns, training_of
from mlcalc.classification.working import (
    count_step,
    factorisation_step,
    likelihood_step,
    parameter_step,
    prior_step,
)
from mlcalc.classification.zeros import refuse_all_zero, zero_step
from mlcalc.derivation import Derivation, Note, Step
from mlcalc.errors import Unsolved
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Number
from mlcalc.records import Record

KINDS: dict[str, type[Model]] = {
    "bernoulli": Bernoulli,
    "categorical": Categorical,
    "multinomial": Multinomial,
}


class Learner(Record):
    """How a model comes from what was given: by counting, with any smoothing, or as it is."""

    kind: type[Model]
    tally: Tally | None
    smoothing: Smoothing
    priors: dict[str, Estimate] | None
    given: Question

    def model(self, smoothing: Smoothing | None = None) -> Model:
        if self.tally is None:
            return known_model(self.given, self.kind)
        return learned(self.kind, self.tally, smoothing or self.smoothing, self.priors)


def derivation(given: Question) -> Derivation:
    """The model, and the query if there is one.  Raises `Unsolved` where every score is 0."""
    if given.model == "all":
        return of_both(given)
    return worked(learner_of(given, KINDS[given.model]))


def of_both(given: Question) -> Derivation:
    """Multinomial and Bernoulli side by side, which can both be learned from documents."""
    from mlcalc.classification import side_by_side

    if given.documents is None:
        message = "all compares multinomial and bernoulli on documents: give documents"
        raise given.fault(message, Question.model)
    learners = {name: learner_of(given, KINDS[name]) for name in ("multinomial", "bernoulli")}
    found = {name: worked(learner) for name, learner in learners.items()}
    models = {name: learner.model() for name, learner in learners.items()}
    return side_by_side.derivation(given, found, models)


def worked(learner: Learner) -> Derivation:
    """The worked answer of one model."""
    given, model = learner.given, learner.model()
    query = None if given.query is None else query_of(given, model)
    steps = model_steps(learner, model, query)
    notes = [*conventions(learner, model), *(query.notes if query else ())]
    answers = model_answers(model)
    if query is not None:
        scores = scored(model, query.values)
        other = None if learner.tally is None or learner.smoothing.value else smoothed(learner)
        second = None if other is None else scored(other, query.values)
        refuse_all_zero(given, scores, second)
        steps += query_steps(scores)
        steps += zero_step(scores, second, events_of(model, query))
        answers = (*query_answers(scores), *answers)
    return Derivation(model.title, tuple(steps), answers, tuple(notes))


def smoothed(learner: Learner) -> Model:
    """The model of the same counts with one added to each, for comparison."""
    return learner.model(ADD_ONE)


def model_steps(learner: Learner, model: Model, query: Query | None) -> list[Step]:
    """The lines that do not depend on the query, but for what a long table shows first."""
    first = events_of(model, query)
    steps = [factorisation_step(model), parameter_step(model)]
    if learner.tally is not None:
        steps.append(count_step(learner.tally, model, first))
    steps.append(prior_step(model, learner.smoothing, learner.given.priors is not None))
    steps.append(likelihood_step(model, learner.smoothing, first))
    return steps


def events_of(model: Model, query: Query | None) -> frozenset[Event]:
    """The events whose likelihoods the query needs."""
    values = {} if query is None else query.values
    if isinstance(model, Categorical):
        return frozenset(values.items())
    if isinstance(model, Bernoulli):
        return frozenset((name, "1") for name, value in values.items() if value == "1")
    return frozenset((name, "") for name in values)


def conventions(learner: Learner, model: Model) -> list[Note]:
    """What the reader may know under another name, or in another form."""
    notes = []
    if isinstance(model, Categorical):
        text = "some lectures call a feature with several values multinomial; here that word is "
        notes.append(Note("nb.categorical", text + "kept for counts, as of words"))
    if isinstance(model, Multinomial):
        text = "the multinomial coefficient is left out: it is the same for every class"
        notes.append(Note("nb.coefficient", text))
    if learner.given.label is not None:
        column = f" is the class, the column {learner.given.label}"
        notes.append(Note("nb.class", (letters.Y, column)))
    if learner.given.documents is not None:
        text = "a word is a run of letters and digits, and upper and lower case are one"
        notes.append(Note("nb.words", text))
    return notes


def learner_of(given: Question, kind: type[Model]) -> Learner:
    """What the model learns from.  Raises `Invalid` where that is missing, or given twice."""
    smoothing = smoothing_of(given)
    refuse_two_sources(given)
    if given.likelihoods is not None:
        return Learner(kind, None, smoothing, None, given)
    tally = tally_of(given, kind)
    refuse_no_words(given, tally, smoothing)
    priors = None if given.priors is None else priors_of(given, tally.classes)
    return Learner(kind, tally, smoothing, priors, given)


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
        refuse_columns(given, Question.label, Question.features)
    if given.support is not None:
        raise given.fault("support is for the model density: leave it out", Question.support)
    if given.likelihoods is not None and given.is_given(Question.smoothing):
        message = "there are no counts to smooth: leave smoothing out"
        raise given.fault(message, Question.smoothing)


def tally_of(given: Question, kind: type[Model]) -> Tally:
    """The counts of the rows or documents."""
    if given.documents is None:
        training = training_of(given)
        if kind is Bernoulli:
            return counts.of_ones(training)
        return counts.of_values(training) if kind is Categorical else counts.of_counts(training)
    documents: Documents = documents_of(given)
    if kind is Categorical:
        message = "documents have words to count, no values: choose multinomial or bernoulli"
        raise given.fault(message, Question.model)
    return counts.of_presence(documents) if kind is Bernoulli else counts.of_words(documents)


def refuse_no_words(given: Question, tally: Tally, smoothing: Smoothing) -> None:
    """A class without words has the shares 0/0 until something is added."""
    empty = [label for label in tally.classes if not tally.totals[label]]
    if empty and not smoothing.value:
        raise Unsolved.because(
            f"the class {empty[0]} has no words, so its likelihoods are 0/0; smoothing: 1 gives "
            "every word the same probability there",
            given.place_of(Question.documents if given.data is None else Question.data),
        )


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
