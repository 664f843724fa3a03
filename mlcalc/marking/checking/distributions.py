"""Named distributions, in whichever parameters they are written: rate or scale, σ or σ²."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations, product
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
OF_LETTER = re.compile(r"(?<=\()\s*\\?[^\W\d]\w*\s*(?:;|\||\\mid(?![A-Za-z])|\\vert(?![A-Za-z]))")
"""The letter in Beta(θ | 10, 4)."""
QUANTITY = (
    r"mean|variance|var|sd|std|standard deviation|precision|shape|rate|scale|alpha|beta|mu|sigma"
)
WORD_AND_VALUE = re.compile(rf"(?<=[(,])\s*(?:and\s+)?(?P<word>{QUANTITY})\s+(?:of\s+)?(?=[-+.\d])")
"""Gamma(10, rate 3.5)."""
IN_WORDS = re.compile(
    r"\s*(?:an?\s+|the\s+)?(?P<name>[A-Za-z]+(?:[- ][Gg]amma)?)"
    r"(?:\s+(?:distribution|distributed|posterior))?(?:,?\s+(?:with|having)\s+|\s*[,:]\s+)"
    r"(?:(?:the\s+)?parameters\s+)?(?P<of>[^()]+?)[\s.]*"
)
"""Normal with mean 1.5 and variance 0.5."""
AND = re.compile(r",?\s+and\s+")
AROUND = re.compile(r"^\s*(?:an?|the)\s+(?=[A-Za-z])|\s+(?:distribution|posterior)[\s.]*$")
NAMES_IN_TEX = (("\\Gamma", "gamma"), ("\\mathcal{B}", "beta"), ("\\Beta", "beta"),
                ("Γ", "gamma"), ("Be", "beta"))  # fmt: skip
IN_BRACKETS = re.compile(r"\s*([A-Za-z]+?)(?:Distribution)?\s*\[([^\[\]]*)\]\s*")
"""Beta[17, 185]"""
PROGRAM = re.compile(r"^\s*(?:scipy\.)?stats\.(?=[a-z]+\s*\()")
ONE_PARAMETER = r"(?:[A-Za-z]+|[α-ω])[′']?[²2]?\s*=\s*[-−+.\d/]+"
ONLY_PARAMETERS = re.compile(
    rf"\s*{ONE_PARAMETER}(?:\s*(?:[,;]|,?\s+and)\s*{ONE_PARAMETER})+[\s.]*"
)
"""a = 17, b = 185"""
TYPED_NAME = re.compile(r"[A-Za-z][A-Za-z_ -]*(?=\()")


def is_distribution(expression: Expr) -> TypeGuard[Call]:
    return isinstance(expression, Call) and expression.name in DISTRIBUTIONS


def compare_distribution(claimed: Raw, value: Call, rule: Rule) -> Finding:
    """A distribution as it is typed or printed: beta(17, 185), θ | D ∼ Beta(17, 185)."""
    text = written(claimed).replace("∼", "~").replace("\\sim", "   ~")
    _, _, text = text.rpartition("~")
    if DENSITY_OF.match(text):
        text = text.partition("=")[2]
    text = in_notation(text, value.name)
    try:
        found = read(TYPED_NAME.sub(lambda match: full_name(match[0], value.name), text))
    except Unreadable as error:
        raise Invalid.at(error.message, claimed.place) from None
    members = found.members if isinstance(found, Chain) else (found,)
    claims = members if len(members) == 1 or is_distribution(members[0]) else members[1:]
    if not all(map(is_distribution, claims)):
        raise Invalid.at("a distribution is expected, such as uniform(0, 1)", claimed.place)
    return united([compare_arguments(one, value, rule) for one in claims if is_distribution(one)])


def says_which(text: str, value: Call) -> bool:
    """Whether a claim says the distribution itself, and its signs are about no other quantity."""
    behind = re.split("[~∼]|\\\\sim(?![A-Za-z])", text)[-1]
    plain = in_notation(behind, value.name)
    typed = TYPED_NAME.match(plain.strip())
    return typed is not None and full_name(typed[0], value.name) in DISTRIBUTIONS


def in_notation(text: str, wanted: str) -> str:
    """Beta(10, 4) for Beta(θ | 10, 4) and for a beta distribution with parameters 10 and 4."""
    for typed, name in NAMES_IN_TEX:
        if name == wanted:
            text = re.sub(rf"{re.escape(typed)}(?=\s*(?:\\left\s*)?\()", name, text)
    text = IN_BRACKETS.sub(r"\1(\2)", PROGRAM.sub("", text))
    text = re.sub(r"(?<=\d)\s*;\s*(?=[-+.\d])", ", ", text)
    worded = WORD_AND_VALUE.sub(lambda m: f"{m['word'].replace(' ', '_')}=", f",{text}")[1:]
    if ONLY_PARAMETERS.fullmatch(worded):
        text = f"{wanted}({AND.sub(', ', worded)})"
    if match := IN_WORDS.fullmatch(text):
        text = f"{match['name']}({AND.sub(', ', match['of'])})"
    text = OF_LETTER.sub("", AROUND.sub("", text))
    return WORD_AND_VALUE.sub(lambda m: f" {m['word'].replace(' ', '_')}=", text)


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
    readings = [one for way in in_known_words(claimed) for one in readings_of(way, value)]
    findings = [compare_reading(reading, value, rule) for reading in readings]
    if len({finding.verdict for finding in findings}) > 1:
        first, second = (source(reading) for reading in readings[:2])
        raise Invalid.at(f"this can be read in two ways: write {first} or {second}")
    return findings[0]


def in_known_words(claimed: Call) -> Iterator[Call]:
    """The scale for θ, and both the rate and the scale for β, on which books differ."""
    own = family(claimed.name)
    ways = [
        [(word.removeprefix("the "), number) for word in own.doubtful[name].split(" or ")]
        if name in own.doubtful and meant(own, name) is None
        else [(name, number)]
        for name, number in claimed.keywords
    ]
    for way in product(*ways):
        yield replace(claimed, keywords=way)


def readings_of(claimed: Call, value: Call) -> list[Call]:
    """What the claim may stand for: one reading, or two where its arguments have no names."""
    orders = family(claimed.name).orders
    names = {name for name, _ in claimed.keywords}
    if claimed.arguments and names and value.keywords:
        return [with_names(claimed, family(claimed.name).quantities[0].words[0])]
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


def with_names(claimed: Call, first: str) -> Call:
    """N(1.5, σ²=0.5), the first of whose arguments has no name, and no other."""
    if len(claimed.arguments) > 1:
        return claimed
    return Call(claimed.name, (), ((first, claimed.arguments[0]), *claimed.keywords))


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
