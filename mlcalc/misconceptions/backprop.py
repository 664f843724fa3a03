"""What goes wrong with the chain rule on a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from mlcalc.derivation import Result
from mlcalc.document import Entries, Raw, Text
from mlcalc.maths.evaluate import Value, evaluate
from mlcalc.maths.printing import source
from mlcalc.maths.tree import (
    Call,
    Chain,
    Expr,
    Symbol,
    free_symbols,
    map_parts,
    shown,
    walk,
)
from mlcalc.misconceptions.case import NOWHERE, Case, Misconception, Results, negated

FRESH = Symbol("c", "fixed")
"""A name for what is held fixed, which no question has."""


def expression_of(case: Case) -> Expr:
    found = case.given.values["expression"]
    assert isinstance(found, Expr)
    return found.links[0][1] if isinstance(found, Chain) else found


def values_of(case: Case) -> list[tuple[Text, Raw]]:
    at = case.given.values.get("at")
    return [] if at is None else list(at.pairs)


def asked(case: Case, expression: Expr, **more: str) -> Results:
    """The answers for another expression; more variables have values there."""
    names = {symbol.spelled for symbol in free_symbols(expression)}
    pairs = [pair for pair in values_of(case) if pair[0].value in names]
    pairs += [(Text(key, NOWHERE), Text(text, NOWHERE)) for key, text in more.items()]
    at = Entries(tuple(pairs), NOWHERE) if pairs else None
    return case.again(expression=source(expression), at=at)


def gradients(results: Results) -> dict[str, Result]:
    found = results.get("gradients")
    return dict(found) if isinstance(found, Mapping) else {}


def path_forgotten(case: Case) -> Sequence[Results]:
    """The gradient of a variable that is read more than once, with one of its readings fixed."""
    right = gradients(case.answers)
    return tuple(
        {"gradients": right | {variable.spelled: gradients(results)[variable.spelled]}}
        for variable, results in one_reading_fixed(case)
        if variable.spelled in gradients(results)
    )


def one_reading_fixed(case: Case) -> Iterator[tuple[Symbol, Results]]:
    expression = expression_of(case)
    values = {key.value: raw for key, raw in values_of(case)}
    for variable in sorted(free_symbols(expression), key=lambda s: s.spelled):
        count = sum(part == variable for part in walk(expression))
        raw = values.get(variable.spelled)
        if count < 2 or not isinstance(raw, Text):
            continue
        for place in range(count):
            changed = with_fixed(expression, variable, place)
            yield variable, asked(case, changed, **{FRESH.spelled: raw.value})


def with_fixed(expression: Expr, variable: Symbol, place: int) -> Expr:
    """The expression with its occurrence of the variable at that place given another name."""
    seen = -1

    def renamed(part: Expr) -> Expr:
        nonlocal seen
        if part == variable:
            seen += 1
            return FRESH if seen == place else part
        return map_parts(part, renamed)

    return renamed(expression)


def both_of_max(case: Case) -> Results:
    """max(a, b) as a + b less the smaller one, held fixed: the gradient goes to both."""
    expression = expression_of(case)
    at = {Symbol.named(key.value): raw for key, raw in values_of(case)}
    numbers: dict[Symbol, Value] = {}
    for symbol, raw in at.items():
        if isinstance(raw, Text):
            numbers[symbol] = evaluate(read(raw))
    found = [part for part in walk(expression) if is_max(part)]
    if len(found) != 1:
        return {}
    (one,) = found
    assert isinstance(one, Call)
    values = [evaluate(argument, numbers) for argument in one.arguments]
    if any(isinstance(value, tuple) for value in values):
        return {}
    smaller = min(value for value in values if not isinstance(value, tuple))
    instead = one.arguments[0] + one.arguments[1] - FRESH

    def replaced(part: Expr) -> Expr:
        return instead if part == one else map_parts(part, replaced)

    results = asked(case, replaced(expression), **{FRESH.spelled: source(shown(smaller))})
    mixed = gradients(results)
    mixed.pop(FRESH.spelled, None)
    return {"gradients": mixed} if mixed else {}


def is_max(part: Expr) -> bool:
    return isinstance(part, Call) and part.name in ("max", "min") and len(part.arguments) == 2


def read(raw: Text) -> Expr:
    from mlcalc.fields import tree

    return tree(raw)


def outer_derivative_forgotten(case: Case) -> Results:
    """The gradient of what stands within the outermost function."""
    expression = expression_of(case)
    if not isinstance(expression, Call) or len(expression.arguments) != 1:
        return {}
    return case.only("gradients", asked(case, expression.arguments[0]))


def inner_derivative_forgotten(case: Case) -> Results:
    """f′(u) for every variable within u, whatever ∂u/∂x is."""
    expression = expression_of(case)
    if not isinstance(expression, Call) or len(expression.arguments) != 1:
        return {}
    inside = asked(case, expression.arguments[0]).get("value")
    if not isinstance(inside, Fraction | float) or isinstance(inside, bool):
        return {}
    outer = asked(case, Call(expression.name, (FRESH,)), **{FRESH.spelled: source(shown(inside))})
    slope = gradients(outer).get(FRESH.spelled)
    if slope is None:
        return {}
    return {"gradients": dict.fromkeys(gradients(case.answers), slope)}


def sign(case: Case) -> Results:
    found = case.value("gradients")
    return {} if found is None else {"gradients": negated(found)}


MISCONCEPTIONS = (
    Misconception(
        "backprop.path_forgotten",
        "a variable that is read more than once has a gradient for every reading, and they are "
        "added up: one is missing",
        path_forgotten,
    ),
    Misconception(
        "backprop.both_of_max",
        "the gradient of max or min goes to the argument that was chosen, and not to both",
        both_of_max,
    ),
    Misconception(
        "backprop.outer_derivative_forgotten",
        "this is the gradient of what stands within the outermost function: its own derivative "
        "is a factor too",
        outer_derivative_forgotten,
    ),
    Misconception(
        "backprop.inner_derivative_forgotten",
        "this is the derivative of the outermost function alone: what stands within it has one too",
        inner_derivative_forgotten,
    ),
    Misconception("backprop.sign", "the sign is the other way round", sign),
)
