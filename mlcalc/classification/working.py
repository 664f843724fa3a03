"""The lines before a query: the factorisation, the parameters, the counts and the estimates."""

from __future__ import annotations

from collections.abc import Callable, Collection
from fractions import Fraction
from typing import TypeAlias

from mlcalc.classification import letters
from mlcalc.classification.counts import Event, Tally
from mlcalc.classification.estimates import Smoothing
from mlcalc.classification.letters import X, Y
from mlcalc.classification.model import Bernoulli, Categorical, Model, Multinomial
from mlcalc.derivation import Prose, Step, Table
from mlcalc.maths.tree import (
    BigOp,
    Call,
    Chain,
    Dots,
    Expr,
    Given,
    Indexed,
    Mul,
    Number,
    Symbol,
    Words,
    equals,
    wrap,
)
from mlcalc.maths.vectors import added

Cells: TypeAlias = "tuple[Prose | Expr, ...]"

MOST_NAMES = 5
"""Products over more features than this are written with ∏."""
MOST_ROWS = 16
"""A longer table shows the events of the query first, and says how many there are besides."""


def factorisation_step(model: Model) -> Step:
    """What the assumption buys: one small table a feature in place of one over all of them."""
    note = "the naive assumption: within a class the features are independent of each other"
    features = tuple(map(Words, model.features))
    own = Call("P", (Y,))
    i, n = Symbol("i"), Symbol("n")
    if isinstance(model, Multinomial):
        each = Call("P", (Given(Indexed(Symbol("w"), (i,)), Y),))
        note = "the naive assumption: within a class each word is drawn independently of the others"
        product: Expr = BigOp("product", each, i, wrap(1), n)
        return factorised(X, own, (product,), f"{note}; a text has n of them")
    if len(features) > MOST_NAMES:
        each = Call("P", (Given(Indexed(X, (i,)), Y),))
        product = BigOp("product", each, i, wrap(1), wrap(len(features)))
        return factorised(X, own, (product,), note)
    products = tuple(Call("P", (Given(name, Y),)) for name in features)
    if len(features) == 1:
        return factorised(features[0], own, products, "Bayes' rule; with one feature there is "
                          "nothing to assume")  # fmt: skip
    together = Call("P", (*features[:-1], Given(features[-1], Y)))
    first = Call("P", (Given(Y, features[0]), *features[1:]))
    links = (("propto", Mul((own, together))), ("=", Mul((own, *products))))
    return Step("factorise", (Chain(first, links),), note)


def factorised(of: Expr, own: Expr, products: tuple[Expr, ...], note: str) -> Step:
    first = Call("P", (Given(Y, of),))
    links = [("propto", Mul((own, Call("P", (Given(of, Y),)))))]
    if Mul((own, *products)) != links[0][1]:
        links.append(("=", Mul((own, *products))))
    return Step("factorise", (Chain(first, tuple(links)),), note)


def parameter_count(model: Model) -> int:
    """The likelihoods and priors that are not fixed by adding up to 1."""
    return len(model.classes) * model.free + len(model.classes) - 1


def parameter_step(model: Model) -> Step:
    classes = len(model.classes)
    prior = wrap(classes) - 1
    sums = f"the {classes} priors add up to 1" if classes > 1 else "the only prior is 1"
    note: Prose
    match model:
        case Bernoulli():
            inner: Expr = wrap(model.free)
            note = f"one probability for each class and feature; {sums}"
        case Multinomial():
            inner = wrap(len(model.values)) - 1
            note = f"the probabilities of the {len(model.values)} words add up to 1 in each class; "
            note += f"{sums}"
        case _:
            terms = [wrap(len(values)) - 1 for values in model.values.values()]
            inner = added([*terms[:3], Dots(), terms[-1]] if len(terms) > MOST_NAMES else terms)
            note = f"the probabilities of a feature's values add up to 1 in each class; {sums}"
    chain = equals(
        Words("parameters"),
        wrap(classes) * inner + prior,
        wrap(classes * model.free) + wrap(classes - 1),
        wrap(parameter_count(model)),
    )
    return Step("count the parameters", (chain,), joint_note(model, note))


def joint_note(model: Model, note: str) -> Prose:
    """What the same would cost without the assumption, where all combinations can be counted."""
    if isinstance(model, Multinomial) or len(model.values) == 1:
        return note
    sizes = [2 if isinstance(model, Bernoulli) else len(v) for v in model.values.values()]
    if len(sizes) > MOST_NAMES and not isinstance(model, Bernoulli):
        return note
    combinations: Expr = Mul(tuple(map(wrap, sizes)))
    if isinstance(model, Bernoulli):
        combinations = wrap(2) ** wrap(len(sizes))
    total = 1
    for size in sizes if len(sizes) <= 20 else ():
        total *= size
    count = equals(combinations - 1, wrap(total - 1)) if total > 1 else combinations - 1
    return (f"{note}; without the assumption each class would need ", count)


def count_step(tally: Tally, model: Model, first: Collection[Event]) -> Step:
    """How many rows or documents each class has, and how often each event occurs in them."""
    is_words = isinstance(model, Multinomial)
    sizes: Cells = (tally.unit, *(number(tally.sizes[label]) for label in tally.classes))
    body = event_rows(model, first, lambda label, event: number(tally.counts[label][event]))
    rows = [sizes, *body]
    if is_words:
        rows.append(("all words", *(number(tally.totals[label]) for label in tally.classes)))
        note = f"how often each word occurs in all {tally.unit} of a class"
    else:
        note = f"how many {tally.unit} of each class have each feature"
        if isinstance(model, Categorical):
            note = f"how many {tally.unit} of each class have each value"
    header: Cells = ("", *map(letters.is_class, tally.classes))
    return Step("count", (Table(header, tuple(rows)),), note)


def number(value: int) -> Number:
    return Number(Fraction(value))


def event_rows(
    model: Model, first: Collection[Event], cell: Callable[[str, Event], Prose | Expr]
) -> list[Cells]:
    """A row an event, those of the query before all others where there are too many."""
    events = model.events
    shown = events
    if len(events) > MOST_ROWS:
        chosen = set(first)
        others = (event for event in events if event not in chosen)
        ordered = [*(e for e in events if e in chosen), *others][: MOST_ROWS - 1]
        shown = tuple(ordered)
    rows: list[Cells] = [
        (model.event(event), *(cell(label, event) for label in model.classes)) for event in shown
    ]
    if len(shown) < len(events):
        left = f"… {len(events) - len(shown)} more"
        rows.append((left, *("…" for _ in model.classes)))
    return rows


def prior_step(model: Model, smoothing: Smoothing, are_given: bool) -> Step:
    chains = tuple(equals(letters.prior(c), *e.members) for c, e in model.prior.items())
    if are_given:
        return Step("take the priors", chains, "they are given, not counted")
    note = "the share of each class"
    if smoothing.of_prior:
        note += "; the pseudo-count is added to each of the classes"
    return Step("estimate the priors", chains, note)


def likelihood_step(model: Model, smoothing: Smoothing, first: Collection[Event]) -> Step:
    """Each likelihood as the share that the counts make it."""
    tally = model.tally
    header: Cells = ("P( … | Y)", *map(letters.is_class, model.classes))
    rows = event_rows(model, first, lambda label, event: model.likelihood[label][event].maths)
    table = Table(header, tuple(rows))
    if tally is None:
        return Step("take the likelihoods", (table,), "they are given, not counted")
    what = "words" if isinstance(model, Multinomial) else tally.unit
    if not smoothing.value:
        note: Prose = f"each count is divided by the {what} of its class"
        if any(not e.value for own in model.likelihood.values() for e in own.values()):
            note = f"{note}; what a class was never seen with gets 0, and so does its score then"
        return Step("estimate the likelihoods", (table,), note)
    alpha = smoothing.count
    outcomes = {
        Bernoulli: "the 2 values of a feature",
        Multinomial: f"the {len(model.values)} words of the vocabulary",
    }.get(type(model), "the values of a feature")
    note = ("smoothing: ", alpha, f" is added to the count of each of {outcomes}")
    return Step("estimate the likelihoods", (table,), note)
