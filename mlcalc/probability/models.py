"""Several models of the same data, compared by their evidence and averaged.

P(M | D) ∝ P(M)·p(D | M), where p(D | M) is the likelihood averaged over the prior of the model's
parameter, or the likelihood itself where nothing is unknown (MacKay, Information Theory,
Inference, and Learning Algorithms, 2003, chapter 28).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from mlcalc.derivation import (
    Answer,
    Derivation,
    Note,
    Prose,
    Step,
    Table,
    answer_line,
    number_answer,
    with_decimal,
)
from mlcalc.errors import Unsolved
from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Chain,
    Expr,
    Given,
    Listing,
    Mul,
    Number,
    Symbol,
    call,
    equals,
    shown,
    wrap,
)
from mlcalc.probability.letters import DATA
from mlcalc.probability.maximum import worked_out
from mlcalc.records import Record

M, ANY = Symbol("M"), Symbol("m")


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
    return call("p", Given(DATA, letter(place)))


def posterior_of(place: int) -> Expr:
    return call("P", Given(letter(place), DATA))


def predictive_of(new: Expr, place: int) -> Expr:
    """p(x_new = 1 | D, M₁), the event of a prediction under one model."""
    return call("p", Given(seen(new), Listing((DATA, letter(place)))))


def seen(new: Expr) -> Expr:
    return equals(Symbol("x", "new"), new)


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
            Step(f"find the evidence of model {place}", c.evidence.lines, c.evidence.note)
            for place, c in enumerate(contenders, 1)
        ),
        posterior_step(contenders, products, whole, posterior),
        odds_step(contenders, products),
    ]
    answers = [
        listed("evidence", [c.evidence.value for c in contenders],
               [evidence_of(place) for place in range(len(contenders))]),
        listed("model_posterior", posterior, [posterior_of(p) for p in range(len(contenders))]),
        odds_answer(products),
    ]  # fmt: skip
    notes = [*asked.notes, best_note(posterior)]
    if asked.was_equal:
        text = "no probabilities of the models are given, so all are taken to be equally probable"
        notes.insert(0, Note("models.equal_prior", text))
    if asked.new is not None:
        steps.append(averaging_step(contenders, posterior, asked.new))
        value = mixed(contenders, posterior)
        event = call("p", Given(seen(asked.new), DATA))
        answers.append(number_answer("predictive", value, event))
    return Derivation("Comparison of models by their evidence", tuple(steps), tuple(answers),
                      tuple(notes))  # fmt: skip


def models_step(contenders: Sequence[Contender]) -> Step:
    rows = tuple(
        (letter(place), shown(c.probability), c.distribution,
         "nothing is unknown" if c.prior is None else c.prior)
        for place, c in enumerate(contenders)
    )  # fmt: skip
    table = Table(("model", call("P", M), "distribution", "prior of the parameter"), rows)
    return Step("write the models", (table,), ("P(M) is what is believed of a model before"))


def posterior_step(
    contenders: Sequence[Contender],
    products: Sequence[Scalar],
    whole: Scalar,
    posterior: Sequence[Scalar],
) -> Step:
    """P(M_m | D) = P(M_m)·p(D | M_m)/Σ over the models."""
    one = Symbol("M", ANY.name)
    product = Mul((call("P", one), call("p", Given(DATA, one))))
    general = equals(call("P", Given(one, DATA)), product / call("p", DATA))
    total = equals(
        call("p", DATA),
        BigOp("sum", product, ANY, wrap(1), wrap(len(contenders))),
        Add(tuple(map(shown, products))),
        *worked_out(shown(whole)),
    )
    rows = tuple(
        (letter(place), shown(c.probability), short(c.evidence.value), short(products[place]),
         with_decimal(posterior[place]))
        for place, c in enumerate(contenders)
    )  # fmt: skip
    header = (
        "model",
        call("P", M),
        call("p", Given(DATA, M)),
        "product",
        call("P", Given(M, DATA)),
    )
    note = "Bayes' rule over the models; p(D) is the sum of the products"
    rule = "multiply by the prior probabilities and normalise"
    return Step(rule, (general, total, Table(header, rows)), note)


def odds_step(contenders: Sequence[Contender], products: Sequence[Scalar]) -> Step:
    """The odds of the first model over each other one: prior odds times the Bayes factor."""
    lines: list[Expr] = []
    first = contenders[0]
    for place, other in enumerate(contenders[1:], 1):
        name = posterior_of(0) / posterior_of(place)
        general = Mul((call("P", letter(0)) / call("P", letter(place)),
                       evidence_of(0) / evidence_of(place)))  # fmt: skip
        value = odds_of(products, place)
        if math.isinf(value) or other.probability == 0 or other.evidence.value == 0:
            lines.append(equals(name, shown(value)))
            continue
        filled = Mul((shown(first.probability / other.probability),
                      shown(first.evidence.value / other.evidence.value)))  # fmt: skip
        lines.append(equals(name, general, filled, *worked_out(shown(value))))
    note = "posterior odds are prior odds times the Bayes factor, the quotient of the evidences"
    return Step("compare the models", tuple(lines), note)


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


def averaging_step(contenders: Sequence[Contender], posterior: Sequence[Scalar], new: Expr) -> Step:
    """p(x_new | D) = Σ P(M | D)·p(x_new | D, M)."""
    one = Symbol("M", ANY.name)
    general = BigOp(
        "sum",
        Mul((call("P", Given(one, DATA)), call("p", Given(seen(new), Listing((DATA, one)))))),
        ANY, wrap(1), wrap(len(contenders)),
    )  # fmt: skip
    terms = [
        Mul((shown(p), shown(predicted(c)))) for p, c in zip(posterior, contenders, strict=True)
    ]
    value = mixed(contenders, posterior)
    lines = [line for c in contenders for line in c.evidence.prediction]
    event = call("p", Given(seen(new), DATA))
    lines.append(equals(event, general, Add(tuple(terms)), *worked_out(shown(value))))
    return Step("average the predictions", tuple(lines), "each model weighs as much as it is "
                "believed after the data")  # fmt: skip


def mixed(contenders: Sequence[Contender], posterior: Sequence[Scalar]) -> Scalar:
    pairs = zip(posterior, contenders, strict=True)
    return sum((p * predicted(c) for p, c in pairs), Fraction(0))


def predicted(contender: Contender) -> Scalar:
    value = contender.evidence.predictive
    assert value is not None
    return value


def best_note(posterior: Sequence[Scalar]) -> Note:
    """Which model is believed most, or that several are believed alike."""
    top = max(posterior)
    best = [place for place, value in enumerate(posterior) if math.isclose(value, top)]
    if len(best) == 1:
        chain = equals(posterior_of(best[0]), short(top))
        return Note("models.best", (letter(best[0]), " is the most probable model, with ", chain))
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
