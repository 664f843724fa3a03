"""Several models of the same data, compared by their evidence and averaged.

P(M | D) ∝ P(M)·p(D | M), where p(D | M) is the likelihood averaged over the prior of the model's
parameter, or the likelihood itself where nothing is unknown (MacKay, Information Theory,
Inference, and Learning Algorithms, 2003, chapter 28).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from mlcalc.estimation.maximum import worked_out
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note, Prose, line, prose
from mlcalc.maths.functions import Scalar
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Add, Chain, Expr, Listing, Mul, Number, Symbol, shown
from mlcalc.showing.derivation import (
    Answer,
    Derivation,
    Step,
    Table,
    answer_line,
    number_answer,
    step,
    with_decimal,
)


class Evidence(Record):
    """p(D | M), the lines that lead to it and what is to be said of them."""

    value: Scalar
    lines: tuple[Expr, ...]
    note: Prose
    predictive: Scalar | None = None
    """p(x_new | D, M), where a new value is asked for."""
    prediction: tuple[Expr, ...] = ()


class Contender(Record):
    """A model with its prior probability, as it was typed, and its evidence."""

    probability: Fraction
    distribution: Expr
    prior: Expr | None
    evidence: Evidence


class Comparison(Record):
    """The models in their order; `was_equal` where no prior probabilities were given."""

    contenders: tuple[Contender, ...]
    was_equal: bool
    new: Expr | None = None
    notes: tuple[Note, ...] = ()


def letter(place: int) -> Symbol:
    """M₁ for the first model, which stands at place 0."""
    return Symbol("M", str(place + 1))


def evidence_of(place: int) -> Expr:
    return line("p(D | M)", M=letter(place))


def posterior_of(place: int) -> Expr:
    return line("P(M | D)", M=letter(place))


def compared(asked: Comparison) -> Derivation:
    """Raises `Unsolved` where the data are impossible under every model."""
    contenders = asked.contenders
    products = [c.probability * c.evidence.value for c in contenders]
    whole = sum(products, Fraction(0))
    if whole == 0:
        raise Unsolved.because("the data are impossible under every one of the models")
    posterior = [product / whole for product in products]
    steps = [
        models_step(contenders),
        *(
            step(f"find the evidence of model {place}", *c.evidence.lines, why=c.evidence.note)
            for place, c in enumerate(contenders, 1)
        ),
        posterior_step(contenders, products, whole, posterior),
        odds_step(contenders, products),
    ]
    places = range(len(contenders))
    evidences = [c.evidence.value for c in contenders]
    answers = [
        listed("evidence", evidences, [evidence_of(place) for place in places]),
        listed("model_posterior", posterior, [posterior_of(place) for place in places]),
        odds_answer(products),
    ]
    notes = [*asked.notes, best_note(posterior)]
    if asked.was_equal:
        text = "no probabilities of the models are given, so all are taken to be equally probable"
        notes.insert(0, Note("models.equal_prior", text))
    if asked.new is not None:
        predicted = [c.evidence.predictive or Fraction(0) for c in contenders]
        pairs = list(zip(posterior, predicted, strict=True))
        value = sum((p * q for p, q in pairs), Fraction(0))
        steps.append(
            step(
                "average the predictions",
                *(each for c in contenders for each in c.evidence.prediction),
                "p(x_new = new | D) = sum(P(M_m | D)*p(x_new = new | D, M_m), m, 1, K) = terms "
                "= value",
                why="each model weighs as much as it is believed after the data",
                new=asked.new, K=len(contenders), value=worked_out(shown(value)),
                terms=Add(tuple(Mul((shown(p), shown(q))) for p, q in pairs)),
            )
        )  # fmt: skip
        event = line("p(x_new = new | D)", new=asked.new)
        answers.append(number_answer("predictive", value, event))
    title = "Comparison of models by their evidence"
    return Derivation(title, tuple(steps), tuple(answers), tuple(notes))


def models_step(contenders: Sequence[Contender]) -> Step:
    rows = tuple(
        (
            letter(place),
            shown(c.probability),
            c.distribution,
            "nothing is unknown" if c.prior is None else c.prior,
        )
        for place, c in enumerate(contenders)
    )
    table = Table(("model", line("P(M)"), "distribution", "prior of the parameter"), rows)
    return step("write the models", table, why="P(M) is what is believed of a model before")


def posterior_step(
    contenders: Sequence[Contender],
    products: Sequence[Scalar],
    whole: Scalar,
    posterior: Sequence[Scalar],
) -> Step:
    """P(M_m | D) = P(M_m)·p(D | M_m)/Σ over the models."""
    rows = tuple(
        (
            letter(place),
            shown(c.probability),
            short(c.evidence.value),
            short(products[place]),
            with_decimal(posterior[place]),
        )
        for place, c in enumerate(contenders)
    )
    header = ("model", line("P(M)"), line("p(D | M)"), "product", line("P(M | D)"))
    return step(
        "multiply by the prior probabilities and normalise",
        "P(M_m | D) = P(M_m)*p(D | M_m)/p(D)",
        "p(D) = sum(P(M_m)*p(D | M_m), m, 1, K) = total = whole",
        Table(header, rows),
        why="Bayes' rule over the models; p(D) is the sum of the products",
        K=len(contenders),
        total=Add(tuple(map(shown, products))),
        whole=worked_out(shown(whole)),
    )


def odds_step(contenders: Sequence[Contender], products: Sequence[Scalar]) -> Step:
    """The odds of the first model over each other one: prior odds times the Bayes factor."""
    lines = []
    first = contenders[0]
    for place, other in enumerate(contenders[1:], 1):
        value = odds_of(products, place)
        is_known = not (math.isinf(value) or other.probability == 0 or other.evidence.value == 0)
        names = {"A": letter(0), "B": letter(place)}
        if not is_known:
            lines.append(line("P(A | D)/P(B | D) = value", **names, value=shown(value)))
            continue
        lines.append(
            line(
                "P(A | D)/P(B | D) = P(A)/P(B)*(p(D | A)/p(D | B)) = prior*bayes = value",
                **names,
                prior=shown(first.probability / other.probability),
                bayes=shown(first.evidence.value / other.evidence.value),
                value=worked_out(shown(value)),
            )
        )
    why = "posterior odds are prior odds times the Bayes factor, the quotient of the evidences"
    return step("compare the models", *lines, why=why)


def odds_of(products: Sequence[Scalar], place: int) -> Scalar:
    """P(M₁ | D)/P(M | D); ∞ where the other model is impossible."""
    if products[place] == 0:
        return math.nan if products[0] == 0 else math.inf
    return products[0] / products[place]


def odds_answer(products: Sequence[Scalar]) -> Answer:
    """One number for two models, a list where the first is set against several."""
    values = [odds_of(products, place) for place in range(1, len(products))]
    names = [posterior_of(0) / posterior_of(place) for place in range(1, len(products))]
    if len(values) == 1:
        return number_answer("odds", values[0], names[0])
    return listed("odds", values, names)


def best_note(posterior: Sequence[Scalar]) -> Note:
    """Which model is believed most, or that several are believed alike."""
    top = max(posterior)
    best = [place for place, value in enumerate(posterior) if math.isclose(value, top)]
    if len(best) == 1:
        text = "$M$ is the most probable model, with $P(M | D) = top$"
        return Note("models.best", prose(text, M=letter(best[0]), top=short(top)))
    named = Listing(tuple(map(letter, best)))
    return Note("models.best", (f"{len(best)} models are equally probable: ", named))


def listed(name: str, values: Sequence[Scalar], symbols: Sequence[Expr]) -> Answer:
    """An answer that is a list, printed with a line for each number."""
    lines = [
        answer_line(Answer(name, value, with_decimal(value), symbol))
        for value, symbol in zip(values, symbols, strict=True)
    ]
    return Answer(name, tuple(values), Listing(tuple(lines)))


LONG = 12


def short(value: Scalar) -> Expr:
    """A fraction where it is a short one, else the decimal."""
    maths = with_decimal(value)
    if isinstance(maths, Chain):
        is_long = isinstance(maths.first, Number) and len(str(maths.first.value)) > LONG
        return maths.links[0][1] if is_long else maths.first
    return maths
