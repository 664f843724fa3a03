"""A prior as it was typed, `gamma(shape=2, scale=2)`, with its hyperparameters by their letters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from functools import cache
from itertools import accumulate
from math import gcd
from types import MappingProxyType

from mlcalc.estimation.arguments import candidates, key_of, may_be, words_for
from mlcalc.estimation.distributions import family
from mlcalc.estimation.family import REAL, Family, Prior, Range, fact
from mlcalc.estimation.letters import CONSTANT_LETTERS, X, is_number_or_letter, taken_letter
from mlcalc.estimation.regions import Region
from mlcalc.estimation.terms import natural_range, renamed
from mlcalc.files.errors import Invalid
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import DISTRIBUTIONS, in_whole_numbers
from mlcalc.maths.near import closest
from mlcalc.maths.numerics.polynomials import polynomial
from mlcalc.maths.printing import source
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import (
    Add,
    Call,
    Expr,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
    free_symbols,
    joined,
    substitute,
)

Fault = Callable[[str], Invalid]
VARIABLE, SECOND = Symbol("t"), Symbol("v")
"""Stand for the parameters in the formulas of the priors."""


def as_prior(family: Family) -> Prior | None:
    """How a family serves as a prior: its density and moments with t for x and its own letters."""
    one = next((one for one in (family, *family.others) if one.prior), None)
    if one is None or one.prior is None:
        return None
    prior = replace(one.prior, name=family.name, heading=family.proper)
    if prior.density:
        return prior
    words = {q.formula: q for q in one.quantities if q.formula in one.parameters}

    def own(name: str) -> str:
        """The family's own parameter that a hyperparameter is: λ for a rate."""
        return next((n for n, q in words.items() if name in q.words), name)

    def above_zero(name: str) -> bool:
        found = next((q for q in one.quantities if name in q.words), None)
        range_ = ("0",) if found is None else one.parameters.get(found.formula, found.range)
        return range_[0] == "0"

    letters: dict[str, Expr] = {own(n): Symbol.named(s) for n, s in prior.letters.items()}

    def written(formula: str) -> str:
        return source(renamed(fact(formula), {**letters, X.name: VARIABLE}))

    moments = {q: quantity.formula for quantity in one.quantities for q in quantity.words}
    named = {*prior.letters, *(name for spelling in prior.spellings for name in spelling)}
    return replace(
        prior,
        density=written(one.density),
        domain=(one.support.low, one.support.high) if prior.domain == REAL else prior.domain,
        mean=written(moments["mean"]) if "mean" in moments else "",
        variance=written(moments["variance"]) if "variance" in moments else "",
        finite={
            word: written(quantity.finite)
            for quantity in one.quantities
            for word in quantity.words
            if quantity.finite
        },
        positive=frozenset(filter(above_zero, named)),
    )


@cache
def priors() -> dict[str, Prior]:
    """The distributions that a parameter may follow, by their names."""
    found = {name: as_prior(family(name)) for name in sorted(DISTRIBUTIONS)}
    return {name: prior for name, prior in found.items() if prior is not None}


class Belief(Record):
    """A prior of a family.

    `values` holds the canonical hyperparameters (a rate, not a scale) that were given as numbers
    or formulas, and `conversions` how they follow from what was typed.
    """

    family: Prior
    typed: Mapping[str, Expr]
    values: Mapping[str, Expr]
    others: Mapping[str, str] = MappingProxyType({})
    """Letters that stand for the family's own, which mean something else in the model."""

    @classmethod
    def read(cls, typed: Call, fault: Fault) -> Belief:
        """Raises the fault's `Invalid` for missing, unknown, ambiguous or impossible arguments."""
        family, one = priors()[typed.name], as_typed(typed.name)
        found: list[Belief] = []
        for call in candidates(typed, one):
            belief = cls.of_words(family, one, call, fault)
            if belief is not None and not any(map(belief.is_like, found)):
                found.append(belief)
        if len(found) == 1:
            return found[0]
        if found:
            listed = " or ".join(source(belief.as_call) for belief in found)
            raise fault(f"books differ on what this means: write {listed}")
        known = {name for spelling in spellings_of(family) for name in spelling}
        keys = {key_of(one, name) for name in known}
        for name, _ in typed.keywords:
            if not {key_of(one, word) for word in words_for(one, name)} & keys:
                hint = closest(name, known) or f"; known here: {', '.join(sorted(known))}"
                raise fault(f"{family.name} has no parameter '{name}'{hint}")
        raise fault(cls.usage(family))

    @classmethod
    def of_words(cls, family: Prior, one: Family, call: Call, fault: Fault) -> Belief | None:
        """The prior whose arguments stand for those words; None where it has no such spelling."""
        mine = {key_of(one, word): value for word, value in call.keywords}
        if not all(fits_letter(one, word, value) for word, value in call.keywords):
            return None
        for names, formulas in spellings_of(family).items():
            if {key_of(one, name) for name in names} != set(mine):
                continue
            given = {name: mine[key_of(one, name)] for name in names}
            for name, value in given.items():
                if not is_number_or_letter(value):
                    raise fault(f"expected numbers or letters as parameters of {family.name}")
                number = exact(value)
                if name in family.positive and number is not None and number <= 0:
                    raise fault(f"{name} must be positive, not {number}")
            values = {n: computed(renamed(fact(f), given)) for n, f in formulas.items()}
            return cls(family, given, values)
        return None

    def is_like(self, other: Belief) -> bool:
        """Whether two readings are one prior: rate=1 and scale=1."""
        return all(
            one == other.values[name]
            or (exact(one) is not None and exact(one) == exact(other.values[name]))
            for name, one in self.values.items()
        )

    @property
    def as_call(self) -> Call:
        """The prior as it can be given, by the words of its family."""
        name, words = self.family.name, tuple(self.typed.items())
        if self.family.in_order and tuple(self.typed) == tuple(self.family.letters):
            return Call(name, tuple(self.typed.values()))
        return Call(name, (), words)

    @staticmethod
    def usage(family: Prior) -> str:
        """How to write the prior."""
        spellings = spellings_of(family)
        written = [f"{family.name}({', '.join(f'{n}=…' for n in names)})" for names in spellings]
        if family.in_order:
            written.append(f"{family.name}({', '.join('…' for _ in family.letters)})")
        return f"write {' or '.join(written)}"

    @classmethod
    def own(
        cls, formula: Expr, parameter: Symbol, fault: Fault, where: Region | None = None
    ) -> Belief:
        """A density that was typed as a formula in the parameter, normalised or not.

        It is 0 outside of `where`, if that was typed.
        """
        if parameter not in free_symbols(formula):
            raise fault(f"the parameter {parameter.spelled} does not occur in the prior")
        for letter in (free_symbols(formula) - {parameter}) & {VARIABLE, SECOND}:
            raise fault(taken_letter(letter))
        formula = factored(formula, parameter)
        density = source(substitute(formula, {parameter: VARIABLE}))
        low, high = natural_range(formula, parameter)
        if where is not None:
            ends = where.limits
            if None in ends:
                raise fault("the range of a prior that is a formula has numbers as its ends")
            low = max(low, where.texts[0], key=lambda end: scalar(fact(end)))
            high = min(high, where.texts[1], key=lambda end: scalar(fact(end)))
        domain = low, high
        return cls(own_prior(density, domain), {}, {})

    def density(self, *parameters: Symbol) -> Expr:
        """The density of the parameter, or of both where the prior is a joint one."""
        formula = self.formula(self.family.density, parameters[0])
        return renamed(formula, {SECOND.name: parameters[1]}) if self.family.joint else formula

    @property
    def ends(self) -> tuple[Expr, Expr]:
        """Where the prior is not zero; letters where they were typed."""
        low, high = map(self.end, self.family.domain)
        return low, high

    def end(self, text: str) -> Expr:
        own = fact(text)
        if not is_open(own):
            return own
        return substitute(self.formula(text, VARIABLE), self.numbers())

    def narrowed(self, low: Expr, high: Expr) -> tuple[Expr, Expr]:
        """The part of a range in which the prior is not zero, as far as it is known in numbers."""
        own = self.ends
        return (
            low if is_open(own[0]) else max(low, own[0], key=scalar),
            high if is_open(own[1]) else min(high, own[1], key=scalar),
        )

    def symbol(self, hyperparameter: str) -> Expr:
        """The letter it is written with: its own where a letter was typed, else the family's."""
        value = self.values[hyperparameter]
        return value if isinstance(value, Symbol) else self.letter(hyperparameter)

    def letter(self, hyperparameter: str) -> Symbol:
        own = self.family.letters[hyperparameter]
        return Symbol.named(self.others.get(own, own))

    def apart_from(self, taken: Collection[Symbol]) -> Belief:
        """The prior with α₀ for α where the model has an α of its own."""
        clashes = [own for own in self.family.letters.values() if Symbol.named(own) in taken]
        return replace(self, others={own: f"{own}_0" for own in clashes}) if clashes else self

    @property
    def title(self) -> str:
        return self.family.name.replace("_", " ")

    @property
    def letters(self) -> set[Symbol]:
        found = {self.letter(name) for name in self.family.letters}
        typed = {s for value in self.typed.values() for s in free_symbols(value)}
        return found | typed

    def numbers(self) -> dict[Expr, Expr]:
        """Each letter with what is to be put in for it."""
        return {
            self.symbol(name): value
            for name, value in self.values.items()
            if self.symbol(name) != value
        }

    def formula(self, text: str, parameter: Expr) -> Expr:
        """A formula of the family with the letters in use and the parameter for t."""
        own = {letter: self.symbol(name) for name, letter in self.family.letters.items()}
        return renamed(fact(text), {**own, VARIABLE.name: parameter})


def factored(formula: Expr, parameter: Symbol) -> Expr:
    """2 − 2θ as 2(1 − θ), 2θ + 4θ² as 2θ(1 + 2θ): a density by name shows itself as a product."""
    if isinstance(formula, Mul):
        return joined(Mul, [factored(factor, parameter) for factor in formula.factors])
    powers = polynomial(formula, parameter) if isinstance(formula, Add) else None
    if powers is None or not any(powers[1:]):
        return formula
    low = next(place for place, power in enumerate(powers) if power)
    rest, high = list(powers[low:]), 0
    while len(rest) > 1 and sum(rest) == 0:  # divided by 1 − θ
        rest, high = list(accumulate(rest))[:-1], high + 1
    if len(rest) == 1 and high:
        scale, other = rest[0], Number(Fraction(1)) - parameter
    elif len(rest) == 2 and not high:
        whole, below = in_whole_numbers(rest)
        scale, high = Fraction(gcd(*whole), below), 1
        other = linear(rest[0] / scale, rest[1] / scale, parameter)
        if scale == 1 and not low:
            return formula
    else:
        return formula
    raised = [base**power if power > 1 else base
              for base, power in ((parameter, low), (other, high)) if power]  # fmt: skip
    return joined(Mul, [*([] if scale == 1 else [Number(scale)]), *raised])


def linear(constant: Fraction, slope: Fraction, parameter: Symbol) -> Expr:
    """1 − 2θ, without a 1 before θ."""
    moved = parameter if abs(slope) == 1 else Number(abs(slope)) * parameter
    return Add((Number(constant), Neg(moved) if slope < 0 else moved))


def own_prior(density: str, domain: Range) -> Prior:
    """A density in t that is no member of a family."""
    return Prior({}, name="own density", heading="own density", density=density, domain=domain)


def as_typed(name: str) -> Family:
    """The family that serves as the prior of that name, with the orders of its arguments."""
    own = family(name)
    one = next(one for one in (own, *own.others) if one.prior)
    prior = priors()[name]
    return replace(one, orders=own.orders or (tuple(prior.letters),))


def spellings_of(prior: Prior) -> dict[tuple[str, ...], Mapping[str, str]]:
    """The words that a prior may be given in, and the hyperparameters by them."""
    return {tuple(prior.letters): {name: name for name in prior.letters}, **prior.spellings}


def fits_letter(one: Family, word: str, value: Expr) -> bool:
    """Whether a letter that means something may stand there: σ is no variance."""
    return not isinstance(value, Symbol) or may_be(one, word, value.spelled)


def computed(formula: Expr) -> Expr:
    """What was typed, 3² as 9."""
    number = exact(formula) if isinstance(formula, Pow) else None
    return formula if number is None else Number(number)


def is_open(end: Expr) -> bool:
    """Whether an end of a range is a letter."""
    return bool(free_symbols(end) - CONSTANT_LETTERS)
