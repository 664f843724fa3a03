"""Class-conditional densities that are given: thresholds, regions, posterior, the Bayes error."""

from __future__ import annotations

from mlcalc.classification import letters
from mlcalc.classification.boundary_roots import where
from mlcalc.classification.density_classes import EXAMPLE, Classes, read_classes
from mlcalc.classification.density_decisions import decided, finite
from mlcalc.classification.density_scores import listing, queried_steps
from mlcalc.classification.question import Question
from mlcalc.classification.training import refuse_columns
from mlcalc.derivation import Answer, Derivation, Note, Picture, Prose, Step, Table
from mlcalc.maths.tree import Expr, Listing, equals


def derivation(given: Question) -> Derivation:
    """One feature: crossings, regions, Bayes error; more features: the scores of a query."""
    refuse_others(given)
    classes = read_classes(given)
    steps = [given_step(classes)]
    answers: list[Answer] = []
    notes: list[Note] = []
    pictures: tuple[Picture, ...] = ()
    if given.query is not None:
        found = queried_steps(given, classes)
        steps += found[0]
        answers += found[1]
    if len(classes.features) == 1:
        more = decided(classes)
        steps += more.steps
        answers += more.answers
        notes += more.notes
        pictures = more.pictures
    elif given.query is None:
        raise given.fault("densities of several features are scored at a query: give one")
    answers += closing_answers(classes)
    return Derivation("Classes with known densities", tuple(steps), tuple(answers), tuple(notes),
                      pictures)  # fmt: skip


def refuse_others(given: Question) -> None:
    fields = (Question.data, Question.documents, Question.smoothing, Question.smooth_prior)
    for field in fields:
        if given.is_given(field):
            message = f"{field.name} is for models that learn; 'density' takes priors and "
            raise given.fault(message + "likelihoods", field)
    refuse_columns(given, Question.label, Question.features)
    if given.likelihoods is None:
        raise given.fault(f"'likelihoods' is missing: the density of each class, such as {EXAMPLE}")


def given_step(classes: Classes) -> Step:
    priors = tuple(
        equals(letters.prior(label), prior)
        for label, prior in zip(classes.labels, classes.priors, strict=True)
    )
    rows: list[tuple[Prose | Expr, ...]] = [
        (
            letters.density(density.x, label),
            density.written,
            where(density.x, finite(density.pieces[0].low), finite(density.pieces[-1].high)),
        )
        for label, own in zip(classes.labels, classes.densities, strict=True)
        for density in own
    ]
    note = "each density is nowhere negative and integrates to 1; it is 0 elsewhere"
    table = Table(("density", "formula", "where"), tuple(rows))
    return Step("write down what is given", (Listing(priors), table), note)


def closing_answers(classes: Classes) -> list[Answer]:
    priors = {label: classes.prior(n) for n, label in enumerate(classes.labels)}
    value = {
        label: {f: d.written for f, d in zip(classes.features, row, strict=True)}
        for label, row in zip(classes.labels, classes.densities, strict=True)
    }
    items = tuple(
        equals(letters.density(density.x, label), density.written)
        for label, row in zip(classes.labels, classes.densities, strict=True)
        for density in row
    )
    return [
        Answer("prior", priors, listing(letters.prior, dict(priors))),
        Answer("likelihood", value, Listing(items)),
    ]
