"""The worked answer of a naive Bayes question: the model, the query's scores, the boundary."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mlcalc.classifiers.bernoulli import Bernoulli
from mlcalc.classifiers.categorical import Categorical
from mlcalc.classifiers.choice import model_name
from mlcalc.classifiers.counting_model import ADD_ONE, Counted, counted_model
from mlcalc.classifiers.model import Model, Query
from mlcalc.classifiers.multinomial import Multinomial
from mlcalc.classifiers.question import Question
from mlcalc.classifiers.scores import Scores, query_steps, score_answers, score_notes, scored
from mlcalc.classifiers.tally import Event
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Later
from mlcalc.maths.tree import equals, wrap
from mlcalc.showing.derivation import Derivation, Step, only_for, step

COUNTED: dict[str, type[Counted]] = {
    "bernoulli": Bernoulli,
    "categorical": Categorical,
    "multinomial": Multinomial,
}
MOST_ZEROS = 6


def model_of(given: Question, name: str) -> Model:
    """The model of that name, learned or given.  Raises `Invalid` where what it needs is amiss."""
    if name == "gaussian":
        from mlcalc.classifiers.gaussian import gaussian_model

        return gaussian_model(given)
    given.refuse("{} is for normal densities: leave it out, or take model: gaussian",
                 Question.variance)  # fmt: skip
    if name == "density":
        from mlcalc.classifiers.density import density_model

        return density_model(given)
    return counted_model(given, COUNTED[name])


def derivation(given: Question) -> Derivation:
    """The model, and the query if there is one.  Raises `Unsolved` where every score is 0."""
    name = model_name(given)
    if name != "all":
        return worked(given, model_of(given, name))
    from mlcalc.classifiers import side_by_side

    if given.documents is None:
        message = "all compares multinomial and bernoulli on documents: give documents"
        raise given.fault(message, Question.model)
    models = {name: model_of(given, name) for name in ("multinomial", "bernoulli")}
    return side_by_side.derivation(
        given, {name: worked(given, model) for name, model in models.items()}, models
    )


def worked(given: Question, model: Model) -> Derivation:
    """The worked answer of one model."""
    if given.query is None:
        boundary = model.boundary(None)
        return Derivation(
            model.title,
            Later(lambda: (*model.steps(None), *boundary.steps)),
            (*boundary.answers, *model.answers()),
            Later(lambda: (*model.notes(given), *boundary.notes)),
            boundary.pictures,
        ).apart("parameter_count")
    query = model.query(given)
    scores = scored(model, query.values)
    second = smoothed(scores, query)
    refuse_all_zero(given, scores, second)
    boundary = model.boundary(query)

    def steps() -> Iterator[Step]:
        yield from model.steps(query)
        yield from query_steps(scores)
        if isinstance(model, Counted):
            yield from zero_step(scores, second, model.needed(query.values))
        yield from only_for(("boundary",), boundary.steps)

    def notes() -> Iterator[Note]:
        yield from (*model.notes(given), *query.notes, *score_notes(scores))
        yield from only_for(("boundary",), boundary.notes)

    return Derivation(
        model.title,
        Later(steps),
        tuple(score_answers(scores)),
        Later(notes),
        boundary.pictures,
        (*boundary.answers, *model.answers()),
    ).apart("joint")


def smoothed(scores: Scores, query: Query) -> Scores | None:
    """What one more of every count makes of scores that are 0 for lack of counts."""
    model = scores.model
    if not isinstance(model, Counted) or model.smoothing.count.value or all(scores.joint.values()):
        return None
    other = model.again(ADD_ONE)
    return None if other is None else scored(other, query.values)


def zero_step(scores: Scores, second: Scores | None, events: Collection[Event]) -> list[Step]:
    """The factors that are 0, and the scores that add-one smoothing gives in their place."""
    zeros = [factor for label in scores.joint for factor in scores.zeros(label)]
    if not zeros:
        return []
    written = [factor.write() for factor in zeros[:MOST_ZEROS]]
    chains = [equals(one.name, one.worked, wrap(0)) for one in written]
    why = "one factor of 0 makes the whole product 0, whatever the other features say"
    if second is None:
        return [step("look at the zeros", *chains, why=why)]
    why = f"never seen together in the data, though not impossible: {why}"
    again = smoothed_step(scores, second, events)
    return [step("look at the zero counts", *chains, why=why, substeps=(again,))]


def smoothed_step(scores: Scores, second: Scores, events: Collection[Event]) -> Step:
    """The query again where one is added to every count of the likelihoods."""
    same = second.prediction == scores.prediction
    verdict = "the prediction stays" if same else "the prediction changes to"
    why = (
        f"as if every outcome had been seen once more in each class; {verdict} "
        f"{second.prediction}; smoothing: 1 makes this the answer"
    )
    assert isinstance(second.model, Counted)
    steps = [second.model.likelihood_step(events), *query_steps(second)]
    return step("add one to every count", why=why, substeps=steps)


def refuse_all_zero(given: Question, scores: Scores, second: Scores | None) -> None:
    """Where every score is 0 there is no posterior.  Raises `Unsolved` with the reasons."""
    if scores.logs or scores.evidence:
        return
    zeros = {label: scores.zeros(label)[0] for label in scores.joint}
    reasons = " and ".join(f"{one_line(zero.write().name)} = 0" for zero in zeros.values())
    message = f"every class has the score 0 ({reasons}), so 0/0 would be the posterior"
    if scores.model.p == "p":
        message = "every class has the density 0 there, so no class is possible"
    if second is not None and second.evidence:
        message += f"; with smoothing: 1 the prediction is {second.prediction}"
    raise Unsolved.because(message, given.place_of(Question.query))
