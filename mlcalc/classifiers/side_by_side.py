"""Multinomial and Bernoulli on the same documents, and why they may disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlcalc.classifiers import letters
from mlcalc.classifiers.counting_model import MOST_ROWS, Cells
from mlcalc.classifiers.model import Model
from mlcalc.classifiers.question import Question
from mlcalc.classifiers.scores import Scores, scored
from mlcalc.maths.board import Note, Prose
from mlcalc.maths.functions import Scalar, over
from mlcalc.maths.records import Later
from mlcalc.maths.tree import Expr, Listing, Words, equals, shown
from mlcalc.showing.derivation import Answer, Derivation, Result, Step, Table, both_forms


def derivation(
    given: Question, worked: Mapping[str, Derivation], models: Mapping[str, Model]
) -> Derivation:
    """Both derivations, folded into a step each, and the comparison where there is a query."""

    def steps() -> Iterator[Step]:
        for name, own in worked.items():
            yield Step(f"work out the {name} model", (), "", own.asked(None).shown_steps)
        if given.query is not None:
            yield compare_step(
                {name: scored(m, m.query(given).values) for name, m in models.items()}
            )

    notes: dict[str, Note] = {note.id: note for own in worked.values() for note in own.notes}
    first = next(iter(worked.values()))
    names = [one.name for one in first.all_answers if one.name != "prior"]
    prior = first.answer("prior")
    assert prior is not None
    title = "Multinomial and Bernoulli naive Bayes on the same documents"
    answers = (*(both(worked, name) for name in names), prior)
    found = Derivation(title, Later(steps), answers, tuple(notes.values()))
    return found.apart(*(one.name for one in first.asides))


def both(worked: Mapping[str, Derivation], name: str) -> Answer:
    """An answer of both models, by the model's name."""
    values: dict[str, Result] = {}
    lines: list[Expr] = []
    choices: tuple[str, ...] = ()
    for model, own in worked.items():
        answer = own.answer(name)
        assert answer is not None
        choices = answer.choices
        values[model] = answer.value
        if isinstance(answer.maths, Listing):
            lines += [Words(f"{model}:"), *answer.maths.items]
        else:
            lines.append(equals(Words(model), answer.maths))
    return Answer(name, values, Listing(tuple(lines)), choices=choices)


def compare_step(scores: Mapping[str, Scores]) -> Step:
    """The posteriors beside each other, and what each word contributes in each model."""
    multinomial, bernoulli = scores.values()
    header = ("", *scores)
    rows: list[Cells] = [
        (
            letters.posterior(label),
            *(both_forms(own.posterior[label])[-1] for own in scores.values()),
        )
        for label in multinomial.joint
    ]
    rows.append(("prediction", *(own.prediction for own in scores.values())))
    agree = multinomial.prediction == bernoulli.prediction
    note = (
        f"the models {'agree' if agree else 'disagree'}; multinomial takes a word as often as it "
        "occurs and passes over words that do not occur; bernoulli takes it once, and multiplies "
        "by P(word = 0 | Y) for each word of the vocabulary that is missing"
    )
    blocks = [Table(header, tuple(rows))]
    if len(multinomial.joint) > 1:
        blocks.append(contributions(multinomial, bernoulli))
    return Step("compare", tuple(blocks), note)


def contributions(multinomial: Scores, bernoulli: Scores) -> Table:
    """What each word does for one class against another: the quotient of its factors."""
    first, second = contenders(multinomial, bernoulli)
    found = [by_word(scores, first, second) for scores in (multinomial, bernoulli)]
    words = list(dict.fromkeys([*found[0], *found[1]]))
    rows: list[Cells] = [
        (word or "prior", *(own.get(word, "not used") for own in found))
        for word in words[:MOST_ROWS]
    ]
    if len(words) > MOST_ROWS:
        rows.append((f"… {len(words) - MOST_ROWS} more", "…", "…"))
    caption = ("each factor for ", letters.is_class(first), " over that for ",
               letters.is_class(second), ": above 1 it speaks for the former")  # fmt: skip
    return Table(("", "multinomial", "bernoulli"), tuple(rows), caption)


def contenders(multinomial: Scores, bernoulli: Scores) -> tuple[str, str]:
    """The two predictions, or the predicted class and the next where they agree."""
    first = multinomial.best[0]
    others = [label for label in (*bernoulli.best, *ranked(multinomial)) if label != first]
    return first, others[0]


def ranked(scores: Scores) -> list[str]:
    return sorted(scores.joint, key=lambda label: -scores.joint[label])


def by_word(scores: Scores, first: str, second: str) -> dict[str, Prose | Expr]:
    """The quotient of the factors of each word; of the prior under the empty word."""
    pairs = zip(scores.factors[first], scores.factors[second], strict=True)
    return {above.event: quotient(above.value, below.value) for above, below in pairs}


def quotient(above: Scalar, below: Scalar) -> Prose | Expr:
    return shown(over(above, below)) if below else (shown(above), " : 0")
