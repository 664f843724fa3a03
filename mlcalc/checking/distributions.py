"""Named distributions, in whichever parameters they are written: rate or scale, σ or σ²."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeGuard

from mlcalc.checking.findings import WRONG, Finding, all_right, bound, united
from mlcalc.checking.formulas import compare_formula
from mlcalc.checking.numbers import Rule
from mlcalc.document import Raw, written
from mlcalc.errors import Invalid
from mlcalc.maths import reader
from mlcalc.maths.functions import DISTRIBUTIONS
from mlcalc.maths.printing import source
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Call, Chain, Expr
from mlcalc.records import replace

DENSITY_OF = re.compile(r"\s*[pPf]\s*\([^()]*\)\s*=")
TYPED_NAME = re.compile(r"[A-Za-z][A-Za-z_ -]*(?=\()")
ABBREVIATED = {
    "n": "normal", "gaussian": "normal", "ga": "gamma", "be": "beta", "dir": "dirichlet",
    "exp": "exponential", "bern": "bernoulli", "ber": "bernoulli", "bin": "binomial",
    "pois": "poisson", "poi": "poisson", "unif": "uniform", "u": "uniform", "geom": "geometric",
    "inv_gamma": "inverse_gamma", "invgamma": "inverse_gamma", "ig": "inverse_gamma",
    "inversegamma": "inverse_gamma", "cat": "categorical",
}  # fmt: skip

Parameters = Mapping[str, Expr]
Formula = Callable[[Parameters], Expr]


def own(name: str) -> Formula:
    return lambda parameters: parameters[name]


def inverse(name: str) -> Formula:
    return lambda parameters: 1 / parameters[name]


def root(name: str) -> Formula:
    return lambda parameters: Call("sqrt", (parameters[name],))


RATE_OR_SCALE: Mapping[str, tuple[str, Formula]] = {
    "rate": ("rate", own("rate")), "scale": ("rate", inverse("rate")),
}  # fmt: skip
CENTRE: Mapping[str, tuple[str, Formula]] = {"mu": ("mu", own("mu")), "mean": ("mu", own("mu"))}
SPREAD: Mapping[str, tuple[str, Formula]] = {
    "sigma2": ("sigma2", own("sigma2")), "variance": ("sigma2", own("sigma2")),
    "var": ("sigma2", own("sigma2")), "sigma": ("sigma2", root("sigma2")),
    "sd": ("sigma2", root("sigma2")), "std": ("sigma2", root("sigma2")),
    "precision": ("sigma2", inverse("sigma2")),
}  # fmt: skip
SPELLINGS: Mapping[str, Mapping[str, tuple[str, Formula]]] = {
    "gamma": {
        **RATE_OR_SCALE,
        "shape": ("shape", own("shape")),
        "mean": ("shape", lambda p: p["shape"] / p["rate"]),
        "variance": ("rate", lambda p: p["shape"] / p["rate"] ** 2),
    },
    "exponential": {**RATE_OR_SCALE, "mean": ("rate", inverse("rate"))},
    "normal": {**CENTRE, **SPREAD},
    "lognormal": {"mu": CENTRE["mu"], "sigma2": SPREAD["sigma2"], "sigma": SPREAD["sigma"]},
    "laplace": {**CENTRE, "b": ("b", own("b")), "scale": ("b", own("b"))},
}
"""How a parameter may be spelled, for which of our own it stands, and its value by ours."""

POSITIONAL = {
    "gamma": (("shape", "rate"), ("shape", "scale")),
    "exponential": (("rate",), ("scale",)),
    "normal": (("mu", "sigma2"), ("mu", "sigma")),
    "laplace": (("mu", "b"),),
    "inverse_gamma": (("shape", "scale"),),
}
"""What arguments without names may stand for: books differ."""

NAMED_ARGUMENTS = {
    "beta": (("a", "b"), ("alpha", "beta")),
    "uniform": (("a", "b"), ("low", "high")),
}


def is_distribution(expression: Expr) -> TypeGuard[Call]:
    return isinstance(expression, Call) and expression.name in DISTRIBUTIONS


def compare_distribution(claimed: Raw, value: Call, rule: Rule) -> Finding:
    """A distribution as it is typed or printed: beta(17, 185), θ | D ∼ Beta(17, 185)."""
    text = written(claimed).replace("∼", "~").replace("\\sim", "   ~")
    _, _, text = text.rpartition("~")
    if DENSITY_OF.match(text):
        text = text.partition("=")[2]
    try:
        found = reader.read(TYPED_NAME.sub(lambda match: full_name(match[0], value.name), text))
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
    name = "_".join(typed.casefold().replace("-", " ").split())
    if name != "exp" or wanted == "exponential":  # else it is the function
        name = ABBREVIATED.get(name, name)
    return before + name if name in DISTRIBUTIONS else typed


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
    if claimed.arguments and not claimed.keywords and value.keywords:
        orders = POSITIONAL.get(claimed.name, ())
        fitting = [order for order in orders if len(order) == len(claimed.arguments)]
        if fitting:
            return [
                Call(claimed.name, (), tuple(zip(order, claimed.arguments, strict=True)))
                for order in fitting
            ]
    names = tuple(name for name, _ in claimed.keywords)
    if (
        value.arguments
        and not claimed.arguments
        and set(names) in map(set, NAMED_ARGUMENTS.get(claimed.name, ()))
    ):
        order = next(o for o in NAMED_ARGUMENTS[claimed.name] if set(o) == set(names))
        theirs = dict(claimed.keywords)
        return [replace(claimed, arguments=tuple(theirs[n] for n in order), keywords=())]
    return [claimed]


def compare_reading(claimed: Call, value: Call, rule: Rule) -> Finding:
    ours, theirs = with_rate(value), dict(claimed.keywords)
    spellings = SPELLINGS.get(value.name) or {name: (name, own(name)) for name in ours}
    stand_for = [spellings[name][0] for name in theirs if name in spellings]
    is_complete = len(theirs) == len(ours) == len(set(stand_for)) == len(stand_for)
    if not is_complete or len(claimed.arguments) != len(value.arguments):
        keys = dict(value.keywords)
        named = ", ".join([*("…" for _ in value.arguments), *(f"{key}=…" for key in keys)])
        raise Invalid.at(f"write {value.name}({named})")
    expected = {name: spellings[name][1](ours) for name in theirs}
    pairs = [*zip(claimed.arguments, value.arguments, strict=True)]
    pairs += [(theirs[name], expected[name]) for name in theirs]
    names = [*(f"argument {i}" for i in range(1, len(value.arguments) + 1)), *theirs]
    return all_right(
        (name, bound(compare_formula, *pair, rule)) for name, pair in zip(names, pairs, strict=True)
    )


def with_rate(value: Call) -> dict[str, Expr]:
    """The parameters of the key, a scale as the rate that it is one over."""
    ours = dict(value.keywords)
    if value.name in ("gamma", "exponential") and "scale" in ours:
        scale = ours.pop("scale")
        ours["rate"] = 1 / scale
    if value.name in ("normal", "lognormal") and "sigma" in ours:
        ours["sigma2"] = ours.pop("sigma") ** 2
    return ours
