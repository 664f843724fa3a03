"""A density that was typed as a formula: its parameters, where it is not zero, its relations.

People write f(x) = … before a formula, (x == 0) for a factor that is 1 or 0, and 0 <= x <= 1 for
where the rest holds.  A relation within a formula is an indicator; one around it is a name, or a
question of another kind, which is refused.
"""

from __future__ import annotations

import re

from mlcalc.estimation.data import Estimation
from mlcalc.estimation.family import NUMBERS, Family, Support
from mlcalc.estimation.letters import CONSTANT_LETTERS, RESERVED, X, taken_letter
from mlcalc.estimation.model import Model, Unknown
from mlcalc.estimation.terms import natural_range
from mlcalc.files.document import Raw, Text
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.files.fields import Numbers, Range, entries_of, formula, is_mapping
from mlcalc.maths.evaluate import TESTS, scalar
from mlcalc.maths.functions import to_float
from mlcalc.maths.printing import one_line, source
from mlcalc.maths.records import Record
from mlcalc.maths.tree import (
    Call,
    Cases,
    Chain,
    Expr,
    Given,
    Indexed,
    Listing,
    Matrix,
    Mul,
    Shape,
    Symbol,
    free_symbols,
    joined,
    map_parts,
    walk,
)

NAMED = re.compile(r"\s*[^\W\d]\w*\s*\(\s*x\b[^()=]*\)\s*=(?!=)")
"""f(x) =, p(x | theta) = or f(x; theta) = before a formula."""

EXAMPLE = "a formula in x, such as theta*x^(theta - 1)"


class TypedDensity(Record):
    """Where a density of the user's own stands, and how long the work on it may take."""

    place: Place
    has_support: bool
    seconds: float


def own_model(given: Estimation, names: tuple[Symbol, ...]) -> Model:
    """The model of a density that was typed as a formula."""
    raw = given.density
    assert raw is not None
    if not isinstance(raw, Text):
        raise Invalid.at(f"expected {EXAMPLE}", raw.place)
    formula = formula_of(raw, names)
    letters = free_symbols(formula) - CONSTANT_LETTERS
    if X not in letters:
        raise Invalid.at("a density is a formula in x, and there is no x in this one", raw.place)
    others = letters - {X}
    if not names:
        if len(others) != 1:
            listed = ", ".join(sorted(s.spelled for s in others)) or "none"
            raise given.fault(f"'parameter' is missing: which of {listed} is to be estimated?")
        names = tuple(others)
    for name in names:
        if name not in letters:
            message = f"the parameter {name.spelled} does not occur in the density"
            raise given.fault(message, Estimation.parameter)
        if name in RESERVED:
            raise given.fault(taken_letter(name), Estimation.parameter)
    support, ends = support_of(given)
    if set().union(*map(free_symbols, ends)) & set(names):
        raise Unsolved.because(
            "the support moves with the parameter, so the score does not decide; write it as a "
            "factor of the density, such as indicator(x >= theta)",
            given.place_of(Estimation.support),
        )
    family = Family(name="own density", support=support)
    unknown = tuple(Unknown(s.spelled, s, natural_range(formula, s)) for s in names)
    return Model(family, formula, unknown, {})


FUNCTIONS = {("gamma", 1): "gamma_function", ("beta", 2): "beta_function"}
"""Names of distributions that are functions within a density, by how much they are given."""


def with_functions(expression: Expr) -> Expr:
    """The formula with Γ(a) and B(a, b) where they are written as gamma(a) and beta(a, b)."""
    found = map_parts(expression, with_functions)
    match found:
        case Call(name, arguments, ()) if (name, len(arguments)) in FUNCTIONS:
            return Call(FUNCTIONS[name, len(arguments)], arguments)
    return found


def formula_of(raw: Text, names: tuple[Symbol, ...]) -> Expr:
    """The formula, without what names it, and its relations as indicators."""
    named = NAMED.match(raw.value)
    start = 0 if named is None else named.end()
    found = formula(Text(raw.value[start:], raw.at(start)))
    match found:
        case Chain(Symbol() as name, (("=", right),)) if name not in {
            X,
            *names,
        } and name not in free_symbols(right):
            found = right
        case Chain():
            message = f"this is a relation, not a density: write the density itself, {EXAMPLE}"
            raise Invalid.at(message, raw.place)
    if any(isinstance(part, Listing | Matrix | Shape | Given) for part in walk(found)):
        raise Invalid.at(f"expected {EXAMPLE}", raw.place)
    found = with_indicators(with_functions(found))
    for part in walk(found):
        if isinstance(part, Indexed):
            message = f"a density is that of one observation, x: there is {one_line(part)} in it"
            raise Invalid.at(message, raw.place)
        relations = {relation for relation, _ in part.links} if isinstance(part, Chain) else set()
        if relations - set(TESTS):
            raise Invalid.at("only =, ≠, <, ≤, > and ≥ can be decided", raw.place)
        tests = [test for _, test in part.branches] if isinstance(part, Cases) else []
        if any(test is not None and not isinstance(test, Chain) for test in tests):
            message = "a case has a value and a relation: cases(theta, x = 0, 1 - theta, x = 1)"
            raise Invalid.at(message, raw.place)
    return found


def with_indicators(formula: Expr) -> Expr:
    """The formula with 𝟙(x = 0) for each relation in it that is multiplied or added."""
    match formula:
        case Chain(first, links):
            members = [first, *(member for _, member in links)]
            tests = [
                Call("indicator", (Chain(left, ((relation, right),)),))
                for left, (relation, right) in zip(members, links, strict=False)
            ]
            return joined(Mul, tests)
        case Call("indicator", (Chain() as relation,), ()):
            return with_indicators(relation)
        case Cases(branches):
            return Cases(tuple((with_indicators(value), test) for value, test in branches))
        case _:
            return map_parts(formula, with_indicators)


def support_of(given: Estimation) -> tuple[Support, tuple[Expr, ...]]:
    """Where a density that was typed is not zero, and its ends, or all its values."""
    raw: Raw | None = given.support
    if raw is None:
        return NUMBERS, ()
    if is_mapping(raw):
        entries = entries_of(raw, "values: [0, 1]")
        values = entries.get("values")
        if values is None or len(entries.pairs) != 1:
            raise Invalid.at("write {values: [0, 1]}, or a range such as [0, inf]", raw.place)
        found = sorted(Numbers().read(values), key=scalar)
        texts = tuple(map(source, found))
        words = f"one of {', '.join(map(one_line, found))}"
        return Support(words, texts[0], texts[-1], values=texts), tuple(found)
    low, high, strict = given.read_as(Estimation.support, Range())
    relation = "<" if strict else "<="
    words = f"numbers with {one_line(Chain(low, ((relation, X), (relation, high))))}"
    return Support(words, source(low), source(high), strict=strict), (low, high)


def typed_density(given: Estimation) -> TypedDensity | None:
    if given.density is None:
        return None
    has_support = given.is_given(Estimation.support)
    return TypedDensity(given.density.place, has_support, to_float(scalar(given.time_limit)))
