"""Named distributions, in whichever parameters they are written: rate or scale, σ or σ²."""

from __future__ import annotations

import re
from itertools import permutations
from typing import TypeGuard

from mlcalc.estimation.distributions import family
from mlcalc.estimation.family import Family
from mlcalc.estimation.quantities import VALUE, meant
from mlcalc.estimation.spelled import names_of
from mlcalc.files.document import Raw, written
from mlcalc.files.errors import Invalid
from mlcalc.marking.checking.findings import WRONG, Finding, all_right, bound, united
from mlcalc.marking.checking.formulas import compare_formula
from mlcalc.marking.checking.numbers import Rule
from mlcalc.maths.functions import DISTRIBUTIONS, FUNCTIONS
from mlcalc.maths.printing import source
from mlcalc.maths.reader import read
from mlcalc.maths.records import replace
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Call, Chain, Expr, Symbol, free_symbols, substitute

DENSITY_OF = re.compile(r"\s*[pPf]\s*\([^()]*\)\s*=")
TYPED_NAME = re.compile(r"[A-Za-z][A-Za-z_ -]*(?=\()")


def is_distribution(expression: Expr) -> TypeGuard[Call]:
    return isinstance(expression, Call) and expression.name in DISTRIBUTIONS


def compare_distribution(claimed: Raw, value: Call, rule: Rule) -> Finding:
    """A distribution as it is typed or printed: beta(17, 185), θ | D ∼ Beta(17, 185)."""
    text = written(claimed).replace("∼", "~").replace("\\sim", "   ~")
    _, _, text = text.rpartition("~")
    if DENSITY_OF.match(text):
        text = text.partition("=")[2]
    try:
        found = read(TYPED_NAME.sub(lambda match: full_name(match[0], value.name), text))
    except Unreadable as error:
        raise Invalid.at(error.message, claimed.place) from None
    members = found.members if isinstance(found, Chain) else (found,)
    claims = members if len(members) == 1 or is_distribution(members[0]) else members[1:]
    if not all(map(is_distribution, claims)):
        raise Invalid.at("a distribution is expected, such as uniform(0, 1)", claimed.place)
    return united([compare_arguments(one, value, rule) for one in claims if is_distribution(one)])


def full_name(typed: str, wanted: str = "") -> str:
    """inverse_gamma for Inverse gamma, normal for N; a name of no distribution as it is."""
    before = typed[: len(typed) - len(typed.lstrip())]
    names = names_of(typed)
    is_function = typed.strip().casefold() in FUNCTIONS and names != (typed.strip().casefold(),)
    if is_function or len(names) > 1:
        names = tuple(name for name in names if name == wanted)
    return before + names[0] if names else typed


def compare_arguments(claimed: Call, value: Call, rule: Rule) -> Finding:
    """By the values of the arguments, in whatever parameters they are given."""
    if claimed.name != value.name:
        return WRONG
    readings = readings_of(claimed, value)
    findings = [compare_reading(reading, value, rule) for reading in readings]
    if len({finding.verdict for finding in findings}) > 1:
        first, second = (source(reading) for reading in readings[:2])
        raise Invalid.at(f"this can be read in two ways: write {first} or {second}")
    return findings[0]


def readings_of(claimed: Call, value: Call) -> list[Call]:
    """What the claim may stand for: one reading, or two where its arguments have no names."""
    orders = family(claimed.name).orders
    names = {name for name, _ in claimed.keywords}
    if claimed.arguments and not names and value.keywords:
        fitting = [order for order in orders if len(order) == len(claimed.arguments)]
        return [
            Call(claimed.name, (), tuple(zip(order, claimed.arguments, strict=True)))
            for order in fitting
        ] or [claimed]
    order = next((order for order in orders if set(order) == names), None)
    if value.arguments and not claimed.arguments and order is not None:
        theirs = dict(claimed.keywords)
        return [replace(claimed, arguments=tuple(theirs[n] for n in order), keywords=())]
    return [claimed]


def compare_reading(claimed: Call, value: Call, rule: Rule) -> Finding:
    one, theirs = version_of(value), dict(claimed.keywords)
    ours = own_values(one, value)
    formulas = {name: own_formula(one, name) for name in theirs}
    known = [set() if f is None else free_symbols(f) for f in formulas.values()]
    is_complete = len(theirs) == len(ours) and any(
        all(own in letters for own, letters in zip(order, known, strict=True))
        for order in permutations(ours)
    )
    if not is_complete or len(claimed.arguments) != len(value.arguments):
        named = ", ".join([*("…" for _ in value.arguments), *(f"{n}=…" for n, _ in value.keywords)])
        raise Invalid.at(f"write {value.name}({named})")
    pairs = [*zip(claimed.arguments, value.arguments, strict=True)]
    pairs += [(theirs[n], substitute(f, ours)) for n, f in formulas.items() if f is not None]
    names = [*(f"argument {i}" for i in range(1, len(value.arguments) + 1)), *theirs]
    return all_right(
        (name, bound(compare_formula, *pair, rule)) for name, pair in zip(names, pairs, strict=True)
    )


def version_of(value: Call) -> Family:
    """The family of the name that has all the parameters of the key."""
    one = family(value.name)
    return next(
        (v for v in (one, *one.others) if all(meant(v, name) for name, _ in value.keywords)), one
    )


def own_values(one: Family, value: Call) -> dict[Expr, Expr]:
    """The family's own parameters in a key, by their letters: a rate that is one over a scale."""
    found: dict[Expr, Expr] = {}
    for name, number in value.keywords:
        formula = own_formula(one, name)
        quantity = meant(one, name)
        if isinstance(formula, Symbol):
            found[formula] = number
        elif quantity is not None and quantity[0].inverse:
            inverse = substitute(read(quantity[0].inverse), {VALUE: number})
            found[Symbol.named(quantity[0].own)] = inverse
    return {letter: substitute(number, found) for letter, number in found.items()}


def own_formula(one: Family, name: str) -> Expr | None:
    """What a name stands for, in the letters of the family; its own word where it has none."""
    if name in one.known or name in one.parameters or not one.quantities:
        return Symbol.named(one.known.get(name, name))
    quantity = meant(one, name)
    return None if quantity is None else quantity[1]
