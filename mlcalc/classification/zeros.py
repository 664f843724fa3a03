"""What a count of zero does to a score, and the same query with one added to every count."""

from __future__ import annotations

from collections.abc import Collection

from mlcalc.classification.counts import Event
from mlcalc.classification.estimates import ADD_ONE
from mlcalc.classification.question import Question
from mlcalc.classification.scores import Scores, query_steps
from mlcalc.classification.working import likelihood_step
from mlcalc.derivation import Step
from mlcalc.errors import Unsolved
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import equals, wrap

MOST_SHOWN = 6


def zero_step(scores: Scores, second: Scores | None, events: Collection[Event]) -> list[Step]:
    """The factors that are 0, and the scores that add-one smoothing gives in their place."""
    zeros = [factor for label in scores.joint for factor in scores.zeros(label)]
    if not zeros:
        return []
    blocks = tuple(equals(factor.name, factor.worked, wrap(0)) for factor in zeros[:MOST_SHOWN])
    if second is None:
        note = "one factor of 0 makes the whole product 0, whatever the other features say"
        return [Step("look at the zeros", blocks, note)]
    note = (
        "never seen together in the data, though not impossible: one factor of 0 makes the whole "
        "product 0, whatever the other features say"
    )
    return [Step("look at the zero counts", blocks, note, (smoothed_step(scores, second, events),))]


def smoothed_step(scores: Scores, second: Scores, events: Collection[Event]) -> Step:
    """The query again where one is added to every count of the likelihoods."""
    same = second.prediction == scores.prediction
    verdict = "the prediction stays" if same else "the prediction changes to"
    note = (
        f"as if every outcome had been seen once more in each class; {verdict} "
        f"{second.prediction}; smoothing: 1 makes this the answer"
    )
    steps = [likelihood_step(second.model, ADD_ONE, events), *query_steps(second)]
    return Step("add one to every count", (), note, tuple(steps))


def refuse_all_zero(given: Question, scores: Scores, second: Scores | None) -> None:
    """Where every score is 0 there is no posterior.  Raises `Unsolved` with the reasons."""
    if scores.evidence:
        return
    reasons = " and ".join(f"{one_line(scores.zeros(label)[0].name)} = 0" for label in scores.joint)
    message = f"every class has the score 0 ({reasons}), so 0/0 would be the posterior"
    if second is not None and second.evidence:
        message += f"; with smoothing: 1 the prediction is {second.prediction}"
    raise Unsolved.because(message, given.place_of(Question.query))
