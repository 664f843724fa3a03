"""What goes wrong with the chain rule on a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from mlcalc.marking.misconceptions.case import Case, Misconception, Results, negated, structure
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.printing import source
from mlcalc.maths.tree import Call, Expr, Listing, Pow, Symbol, free_symbols, map_parts, shown, walk
from mlcalc.networks.backpropagation.question import Question, as_matrix
from mlcalc.showing.derivation import Result

FRESH = Symbol("c", "fixed")
"""A name for what is held fixed, which no question has."""


def question(case: Case) -> Question:
    assert isinstance(case.given, Question)
    return case.given


def expression_of(case: Case) -> Expr:
    return question(case).body.expression


def values_of(case: Case) -> dict[Symbol, Expr]:
    """The values of the variables; a list that was typed is one, not a column."""
    given = question(case)
    if not given.has_values:
        return {}
    return {
        symbol: Listing(tuple(row[0] for row in as_matrix(typed.known.written).rows))
        if typed.is_list
        else typed.known.written
        for symbol, typed in given.typed_values().items()
    }


def asked(case: Case, expression: Expr, fixed: Expr | None = None) -> Results:
    """The answers for another expression, where FRESH may have a value."""
    values = {} if fixed is None else {FRESH: fixed}
    values |= {s: v for s, v in values_of(case).items() if s in free_symbols(expression)}
    at = structure({symbol.spelled: typed(value) for symbol, value in values.items()})
    return case.again(expression=expression, at=at if values else None)


def typed(value: Expr) -> object:
    """A list as a list, so that it is read as one again."""
    return list(map(source, value.items)) if isinstance(value, Listing) else source(value)


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
    values = values_of(case)
    for variable in sorted(free_symbols(expression), key=lambda s: s.spelled):
        count = sum(part == variable for part in walk(expression))
        if count < 2 or variable not in values:
            continue
        for place in range(count):
            changed = with_fixed(expression, variable, place)
            yield variable, asked(case, changed, values[variable])


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
    numbers = {symbol: evaluate(value) for symbol, value in values_of(case).items()}
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

    results = asked(case, replaced(expression), shown(smaller))
    mixed = gradients(results)
    mixed.pop(FRESH.spelled, None)
    return {"gradients": mixed} if mixed else {}


def is_max(part: Expr) -> bool:
    return isinstance(part, Call) and part.name in ("max", "min") and len(part.arguments) == 2


def within(expression: Expr) -> tuple[Expr, Expr] | None:
    """What stands within the outermost function or power, and that function of FRESH."""
    match expression:
        case Call(name, (inside,)):
            return inside, Call(name, (FRESH,))
        case Pow(base, exponent) if not free_symbols(exponent):
            return base, Pow(FRESH, exponent)
    return None


def outer_derivative_forgotten(case: Case) -> Results:
    """The gradient of what stands within the outermost function."""
    found = within(expression_of(case))
    return {} if found is None else case.only("gradients", asked(case, found[0]))


def inner_derivative_forgotten(case: Case) -> Results:
    """f′(u) for every variable within u, whatever ∂u/∂x is."""
    found = within(expression_of(case))
    if found is None:
        return {}
    inside = asked(case, found[0]).get("value")
    if not isinstance(inside, Fraction | float) or isinstance(inside, bool):
        return {}
    slope = gradients(asked(case, found[1], shown(inside))).get(FRESH.spelled)
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
