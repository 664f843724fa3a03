"""The models that `map` compares: read one by one, each with the evidence of the same data."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.calculus import NotPolynomial
from mlcalc.derivation import Note, Prose
from mlcalc.document import Entries, Items, Text
from mlcalc.errors import Complaint, Invalid, Unsolved, closest
from mlcalc.fields import Notation, Quantity, entries_of, is_mapping
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Chain, Expr, Given, Listing, Words, call, equals, substitute
from mlcalc.probability.by_score import ByScore
from mlcalc.probability.dirichlet import Dirichlet
from mlcalc.probability.estimation import Estimation
from mlcalc.probability.evidence import Integral, constant_factor, evidence, predictive
from mlcalc.probability.inference import (
    Inference,
    alphas_of,
    belief_of,
    new_category,
    new_value,
    refuse_undecided,
    require_prior,
)
from mlcalc.probability.known_models import known
from mlcalc.probability.letters import DATA
from mlcalc.probability.models import (
    Comparison,
    Contender,
    Evidence,
    evidence_of,
    letter,
    predictive_of,
)
from mlcalc.probability.posterior import Named, recognised
from mlcalc.probability.priors import Belief
from mlcalc.probability.question import Question, question
from mlcalc.probability.terms import ONE, collected, in_parameter
from mlcalc.probability.unsolved_models import no_closed_form

KEYS = ("probability", "distribution", "prior")

SHARED = (Estimation.data, Estimation.n, Estimation.k, Estimation.sum, Estimation.categories,
          Inference.new)  # fmt: skip

EXAMPLE = "{probability: 1/2, distribution: bernoulli(theta=1/2)}"

AVERAGED = "the evidence is the likelihood averaged over the prior"


def models_of(given: Inference) -> Comparison:
    """The models with their evidence.

    Raises `Invalid` for models that are no list of them or whose probabilities do not add up to 1,
    `Unsolved` where an evidence has no closed form.
    """
    refuse_others(given)
    entries = typed_models(given)
    probabilities = probabilities_of(given, entries)
    contenders = []
    for place, entry in enumerate(entries):
        one = inner(given, entry)
        asked = question(one, may_be_known=True)
        distribution = typed_name(one)
        is_known = asked.counts is None and not asked.model.unknown
        found = known(one, asked, place) if is_known else averaged(one, asked, place)
        prior = None if is_known else one.read_as(Inference.prior, Notation())
        probability = probabilities[place] if probabilities else Fraction(1, len(entries))
        contenders.append(Contender(probability, distribution, prior, found))
    return Comparison(tuple(contenders), not probabilities, new_of(given), sequence_notes(given))


def typed_name(one: Inference) -> Expr:
    """The distribution as it was typed: a name alone has no brackets."""
    found = one.distribution
    assert found is not None
    is_alone = not found.arguments and not found.keywords
    return Words(found.name.replace("_", " ").capitalize()) if is_alone else found


def refuse_others(given: Inference) -> None:
    for field in Inference.fields.values():
        allowed = {shared.name for shared in (*SHARED, Inference.models)}
        if given.is_given(field) and field.name not in allowed:
            message = f"each of the models says it: leave {field.name} out here"
            raise given.fault(message, field)
    if given.data is None and given.n is None:
        raise given.fault("'data' is missing: the models are compared on the same observations")


def typed_models(given: Inference) -> list[Entries]:
    """The models as they were typed.  Raises `Invalid` with all that is wrong with their keys."""
    raw = given.models
    items = raw.items if isinstance(raw, Items) else ()
    entries = [entries_of(item, EXAMPLE) for item in items if is_mapping(item)]
    if len(entries) < 2 or len(entries) != len(items):
        message = f"expected a list of two models or more, each such as {EXAMPLE}"
        raise given.fault(message, Inference.models)
    complaints = []
    for entry in entries:
        for key, _ in entry.pairs:
            if key.value not in KEYS:
                hint = closest(key.value, KEYS) or f"; a model has {', '.join(KEYS)}"
                complaints.append(Complaint(f"unknown key '{key.value}'{hint}", key.place))
        if entry.get("distribution") is None:
            message = f"'distribution' is missing: a model is such as {EXAMPLE}"
            complaints.append(Complaint(message, entry.place))
    if complaints:
        raise Invalid(*complaints)
    return entries


def probabilities_of(given: Inference, entries: list[Entries]) -> list[Fraction]:
    """The prior probabilities of the models; none where none is given."""
    found: list[Fraction] = []
    typed = [entry.get("probability") for entry in entries]
    if not any(typed):
        return []
    for entry, raw in zip(entries, typed, strict=True):
        if raw is None:
            message = "'probability' is missing: give one to every model, or to none"
            raise Invalid.at(message, entry.place)
        value = exact(Quantity().read(raw))
        if value is None or not 0 <= value <= 1:
            raise Invalid.at("a probability is a number from 0 to 1, such as 1/2", raw.place)
        found.append(value)
    whole = sum(found, Fraction(0))
    if whole != 1:
        hint = f", such as {found[0] / whole} instead of {found[0]}" if whole else ""
        message = f"the probabilities of the models add up to {whole}, not to 1: change them{hint}"
        raise given.fault(message, Inference.models)
    return found


def inner(given: Inference, entry: Entries) -> Inference:
    """One model as a question of its own, about the data of all."""
    pairs = [pair for pair in entry.pairs if pair[0].value != "probability"]
    for field in SHARED:
        if given.is_given(field):
            name = given.typed_name(field)
            pairs.append((Text(name, given.place_of(field)), given.given[name]))
    found = Inference.read(Entries(tuple(pairs), entry.place))
    assert isinstance(found, Inference)
    return found


def new_of(given: Inference) -> Expr | None:
    """The new value as it is printed: a number, or the word of a category."""
    if given.new is None:
        return None
    try:
        return given.read_as(Inference.new, Quantity())
    except Invalid:
        assert isinstance(given.new, Text)
        return Words(given.new.value.strip())


def sequence_notes(given: Inference) -> tuple[Note, ...]:
    """What the evidence is the probability of, where only the number of successes is known."""
    if given.k is None:
        return ()
    text = ("the evidence is that of the successes in one order; the probability of k in any order "
            "has the factor n over k more, under every model")  # fmt: skip
    return (Note("models.sequence", text),)


def averaged(one: Inference, asked: Question, place: int) -> Evidence:
    """The likelihood integrated over the prior."""
    require_prior(one)
    if asked.counts is not None:
        label = new_category(one, asked.counts)
        model = Dirichlet(asked.model, asked.counts, alphas_of(one, asked, asked.counts), label)
        found = model.evidence(evidence_of(place))
        next_one = model.predictive(None if label is None else predictive_of(Words(label), place))
        return joined(one, found, next_one, (), label is not None)
    refuse_undecided(one, asked)
    belief = belief_of(one, asked)
    engine = ByScore(asked.model, asked.sample, belief)
    named = name_of(engine, belief)
    if named is None:
        raise no_closed_form(one)
    new = new_value(one, asked)
    found = evidence(engine, named, evidence_of(place), letter(place))
    next_one = None
    if new is not None:
        next_one = predictive(engine, named, new, predictive_of(new, place), letter(place))
    parameter = asked.model.unknown[0].symbol
    lines: list[Expr] = []
    kernel = engine.kernel(engine.log_terms)
    if kernel is not None:
        relation = "=" if constant_factor(engine) == ONE else "propto"
        given_both = Given(DATA, Listing((parameter, letter(place))))
        lines.append(Chain(call("p", given_both), ((relation, engine.statistics.shown(kernel)),)))
    prior = substitute(belief.density(parameter), belief.numbers())
    lines.append(equals(call("p", Given(parameter, letter(place))), prior))
    after = named.settled(engine.numbers, ())
    lines.append(Chain(Given(parameter, Listing((DATA, letter(place)))), (("~", after.call),)))
    return joined(one, found, next_one, tuple(lines), new is not None)


def name_of(engine: ByScore, belief: Belief) -> Named | None:
    """The family of the posterior; None where it has no name, or is cut off by its prior."""
    unknown = engine.model.unknown[0]
    try:
        spread = in_parameter(
            (*engine.log_terms, *engine.prior_terms),
            engine.statistics.letters,
            unknown.symbol,
            engine.statistics.letter,
        )
    except NotPolynomial:
        return None
    found = recognised(collected(spread, unknown.symbol), unknown.symbol, engine.first)
    if found is None:
        return None
    whole = [scalar(read(end)) for end in found.family.domain]
    low, high = (read(end) for end in unknown.range)
    kept = [scalar(end) for end in belief.narrowed(low, high)]
    return found if kept == whole else None


def joined(
    one: Inference,
    found: Integral | None,
    next_one: Integral | None,
    lines: tuple[Expr, ...],
    asks_new: bool,
) -> Evidence:
    """The evidence of a model with its lines.  Raises `Unsolved` where it has no closed form."""
    if found is None or (asks_new and next_one is None):
        raise no_closed_form(one)
    blocks = tuple(block for block in found.step.blocks if isinstance(block, Expr))
    said = found.step.note
    note: Prose = (f"{AVERAGED}; ", *([said] if isinstance(said, str) else said))
    if next_one is None:
        return Evidence(number(found), (*lines, *blocks), note)
    prediction = tuple(block for block in next_one.step.blocks if isinstance(block, Expr))
    return Evidence(number(found), (*lines, *blocks), note, number(next_one), prediction)


def number(found: Integral) -> Scalar:
    value = found.answer.value
    if not isinstance(value, Fraction | float):
        raise Unsolved.because("the models are compared in numbers: give all of them")
    return value
