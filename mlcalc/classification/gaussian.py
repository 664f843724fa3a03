"""Gaussian naive Bayes: each feature is normal within a class, with its own mean and variance."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from mlcalc.classification import letters
from mlcalc.classification.boundary_answer import Boundary, boundary_of
from mlcalc.classification.gaussian_fit import (
    Fit,
    count_step,
    estimate_steps,
    fitted,
    prior_step,
    variance_note,
)
from mlcalc.classification.gaussian_known import known
from mlcalc.classification.gaussian_model import (
    Classifier,
    parameter_letters,
)
from mlcalc.classification.gaussian_pictures import pictures
from mlcalc.classification.gaussian_scores import (
    Scores,
    score_answers,
    score_notes,
    score_steps,
    scored,
)
from mlcalc.classification.question import Question
from mlcalc.classification.training import number_in, queried, refuse_columns, training_of
from mlcalc.derivation import (
    Answer,
    Block,
    Derivation,
    Note,
    Prose,
    Step,
    Table,
    count_answer,
    with_decimal,
)
from mlcalc.fields import numeric
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import (
    BigOp,
    Call,
    Chain,
    Expr,
    Given,
    Listing,
    Mul,
    Number,
    Symbol,
    call,
    equals,
    wrap,
)

J = Symbol("j")
MOST_FACTORS = 3
MOST_PARAMETERS = 24
"""The likelihoods of more classes and features are an answer, but not a step in the working."""


def derivation(given: Question) -> Derivation:
    """Fitted to rows, or with the densities that are given; the query scored, the boundary."""
    refuse_others(given)
    fit = None if given.data is None else fitted(training_of(given))
    classifier = known(given) if fit is None else fit.classifier()
    scores = None if given.query is None else scores_of(given, classifier)
    boundary = boundary_of(classifier)
    count, parameter_count = count_step(classifier)
    steps = [factor_step(classifier), count]
    if fit is not None:
        steps += [prior_step(fit), *estimate_steps(fit, classifier)]
    elif classifier.is_numeric:
        steps.append(given_step(classifier))
    if scores is not None:
        steps += score_steps(scores)
    answers = [
        *([] if scores is None else score_answers(scores)),
        *boundary.answers,
        prior_answer(classifier),
        likelihood_answer(classifier),
        count_answer("parameter_count", Fraction(parameter_count)),
    ]
    return Derivation(
        "Gaussian naive Bayes",
        (*steps, *boundary.steps),
        tuple(answers),
        tuple(notes(fit, scores, boundary)),
        pictures(classifier, boundary, fit, scores),
    )


def refuse_others(given: Question) -> None:
    """What belongs to other models, and what is given twice."""
    if given.is_given(Question.smoothing) or given.is_given(Question.smooth_prior):
        field = Question.smoothing if given.is_given(Question.smoothing) else Question.smooth_prior
        message = f"{field.name} is for counts, and a normal density has none: leave it out"
        raise given.fault(message, field)
    if given.documents is not None:
        message = "documents are for the models multinomial and bernoulli; give rows as 'data'"
        raise given.fault(message, Question.documents)
    if given.support is not None:
        message = "a normal density is positive everywhere: support is for 'model: density'"
        raise given.fault(message, Question.support)
    if given.data is None:
        in_letters = given.likelihoods is None
        refuse_columns(given, Question.label, *(() if in_letters else (Question.features,)))
    for known_field in (Question.priors, Question.likelihoods):
        if given.data is not None and given.is_given(known_field):
            message = f"{known_field.name} are estimated from the data: give one or the other"
            raise given.fault(message, known_field)


def scores_of(given: Question, classifier: Classifier) -> Scores:
    """The scores of the query.  Raises `Invalid` where it does not fit."""
    if not classifier.is_numeric:
        message = "a query is scored with numbers: give numbers for all letters, or leave it out"
        raise given.fault(message, Question.query)
    at: dict[int, tuple[Expr, Fraction]] = {}
    for name, cell in queried(given, classifier.features).items():
        value = number_in(cell, name)
        found = numeric(cell)
        maths = found if isinstance(found, Number) else Number(value)
        at[classifier.features.index(name)] = maths, value
    if not at:
        raise given.fault("the query has no feature", Question.query)
    return scored(classifier, at)


def factor_step(classifier: Classifier) -> Step:
    """p(x, Y) = P(Y) ∏ p(x_j | Y), and the density of one feature."""
    symbols = classifier.symbols
    prior = Call("P", (letters.Y,))
    blocks: list[Block] = []
    if len(symbols) > MOST_FACTORS:
        factor = call("p", Given(Symbol("x", "j"), letters.Y))
        joint: Expr = call("p", Symbol("x"), letters.Y)
        body: Expr = prior * BigOp("product", factor, J, wrap(1), wrap(len(symbols)))
    else:
        joint = call("p", *symbols, letters.Y)
        body = Mul((prior, *(call("p", Given(symbol, letters.Y)) for symbol in symbols)))
    blocks.append(equals(joint, body))
    is_one = len(symbols) == 1
    x = symbols[0] if is_one else Symbol("x", "j")
    normal = parameter_letters(classifier, "y", "j")
    blocks.append(equals(letters.density(x, "y"), normal.density(x)))
    independent = "given the class the features are independent, which is what is naive; "
    note = "each is normal, with a mean and a variance for each class"
    return Step("write the factorisation", tuple(blocks), note if is_one else independent + note)


def given_step(classifier: Classifier) -> Step:
    """The priors and the densities that are given."""
    priors = Listing(
        tuple(
            equals(letters.prior(label), prior)
            for label, prior in zip(classifier.classes, classifier.priors, strict=True)
        )
    )
    rows: list[tuple[Prose | Expr, ...]] = [
        (letters.word(label), symbol, normal.mean, normal.variance)
        for label, row in zip(classifier.classes, classifier.normals, strict=True)
        for symbol, normal in zip(classifier.symbols, row, strict=True)
    ]
    table = Table(("class", "feature", Symbol("mu"), Symbol("sigma2")), tuple(rows))
    return Step("write down what is given", (priors, table))


def prior_answer(classifier: Classifier) -> Answer:
    value: dict[str, Fraction | Expr] = {}
    items: list[Expr] = []
    for label, prior in zip(classifier.classes, classifier.priors, strict=True):
        number = exact(prior)
        value[label] = prior if number is None else number
        shown = prior if number is None else with_decimal(number)
        members = shown.members if isinstance(shown, Chain) else (shown,)
        items.append(equals(letters.prior(label), *members))
    return Answer("prior", value, Listing(tuple(items)))


def likelihood_answer(classifier: Classifier) -> Answer:
    """{class: {feature: normal(mu=…, sigma2=…)}}, as it can be given."""
    value: Mapping[str, Mapping[str, Expr]] = {
        label: {f: n.named() for f, n in zip(classifier.features, row, strict=True)}
        for label, row in zip(classifier.classes, classifier.normals, strict=True)
    }
    items = tuple(
        equals(letters.density(symbol, label), normal.named())
        for label, row in zip(classifier.classes, classifier.normals, strict=True)
        for symbol, normal in zip(classifier.symbols, row, strict=True)
    )
    return Answer("likelihood", value, Listing(items[:MOST_PARAMETERS]))


def notes(fit: Fit | None, scores: Scores | None, boundary: Boundary) -> list[Note]:
    found = [] if fit is None else [variance_note(fit)]
    if scores is not None:
        found += score_notes(scores)
    return [*found, *boundary.notes]
