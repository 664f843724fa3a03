"""A distribution as it was typed, `normal(sigma2=4)`: what is unknown, what is known.

Known parameters stand in the derivation as letters and their numbers are put in last, except
those that steer the algebra (the exponent of a Weibull density), which are put in at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlcalc.errors import Invalid, closest
from mlcalc.maths.evaluate import Value, exact, scalar
from mlcalc.maths.tree import Call, Expr, Symbol, free_symbols
from mlcalc.probability.families import FAMILIES, UNIT, VERSIONS, Family, Range
from mlcalc.probability.letters import RESERVED, is_number_or_letter, taken_letter
from mlcalc.probability.terms import ONE, renamed
from mlcalc.records import Record

Fault = Callable[[str], Invalid]


class Unknown(Record):
    """A parameter to be estimated: its answer's name, its letter, its closed range.

    `role` is the family's own name for it, which stays where it is given another.
    """

    name: str
    symbol: Symbol
    range: Range
    role: str = ""

    @property
    def hat(self) -> Symbol:
        return Symbol(self.symbol.name, self.symbol.subscript, "hat")


class Model(Record):
    """The density in letters, its unknown parameters in order, and the known ones' numbers."""

    family: Family
    density: Expr
    unknown: tuple[Unknown, ...]
    known: Mapping[Expr, Expr]

    def known_values(self) -> dict[Symbol, Value]:
        """The numbers of the known parameters, those that are letters left out."""
        return {
            letter: scalar(value)
            for letter, value in self.known.items()
            if isinstance(letter, Symbol) and not free_symbols(value)
        }

    @property
    def method(self) -> str:
        """A family's own method is for its first parameter; the score does for the others.

        Both ends of a uniform range are found by its own.
        """
        first = next(iter(self.family.parameters), None)
        own = not self.unknown or any(unknown.role == first for unknown in self.unknown)
        own = own or self.family.name == "uniform"
        return self.family.method if own else "score"

    @classmethod
    def read(
        cls,
        typed: Call,
        fault: Fault,
        names: tuple[Symbol, ...] = (),
        may_be_known: bool = False,
    ) -> Model:
        """The model of a family; `names` are other names for its unknown parameters, in order."""
        family, given = version(typed, fault)
        values = {**given}
        for name in family.known:
            if name not in values:
                raise fault(f"{family.name} needs {name}: write {family.name}({name}=…)")
        known_names = {*family.parameters, *family.known}
        for name, value in values.items():
            if name not in known_names:
                hint = (
                    closest(name, known_names) or f"; known here: {', '.join(sorted(known_names))}"
                )
                raise fault(f"{family.name} has no parameter '{name}'{hint}")
            check_known(family, name, value, fault)
        open_names = [name for name in family.parameters if name not in values]
        if not open_names and family.parameters and not may_be_known:
            leave = "every parameter is given: leave out the one to be estimated"
            raise fault(f"{leave}, or write {family.name}")
        symbols = [Symbol.named(name) for name in open_names]
        if names and len(names) != len(symbols):
            listed = ", ".join(open_names)
            raise fault(f"there are {len(symbols)} parameters to name: {listed}")
        taken = names or tuple(symbols)
        replacements: dict[str, Expr] = dict(zip(open_names, taken, strict=True))
        known: dict[Expr, Expr] = {}
        for name, value in values.items():
            letter = Symbol.named(family.known.get(name, name))
            if isinstance(value, Symbol) or name in family.fill_in:
                replacements[letter.spelled] = value
            else:
                known[letter] = value
        unknown = tuple(
            Unknown(symbol.spelled, symbol, family.parameters[name], name)
            for name, symbol in zip(open_names, taken, strict=True)
        )
        density = renamed(family.formula, replacements) if family.density else ONE
        model = cls(family, density, unknown, known)
        model.check_letters(fault)
        return model

    def check_letters(self, fault: Fault) -> None:
        """A parameter may not share its letter with anything else in the derivation."""
        taken = {*RESERVED, *self.known}
        for unknown in self.unknown:
            if unknown.symbol in taken:
                raise fault(taken_letter(unknown.symbol))
            taken.add(unknown.symbol)


def version(typed: Call, fault: Fault) -> tuple[Family, dict[str, Expr]]:
    """The family in the parameterisation asked for, and the parameters that were given."""
    given = dict(typed.keywords)
    if typed.arguments:
        spelled = ", ".join(a.spelled for a in typed.arguments if isinstance(a, Symbol))
        found = VERSIONS.get((typed.name, spelled))
        if found is None or given:
            raise fault(
                f"give the parameters of {typed.name} by name, such as {example(typed.name)}"
            )
        return found, {}
    for key in ("parameter", "support"):
        if key in given:
            value = given.pop(key)
            word = value.spelled if isinstance(value, Symbol) else "…"
            own = FAMILIES[typed.name]
            if key == "parameter" and word in own.parameters:
                return own, given
            found = VERSIONS.get((typed.name, f"{key}={word}"))
            if found is None:
                choices = [
                    choice for name, choice in VERSIONS if name == typed.name and "=" in choice
                ]
                listed = ", ".join(f"{typed.name}({c})" for c in choices) or "no other one"
                raise fault(f"{typed.name} has no version {key}={word}; there is {listed}")
            return found, given
    for (name, choice), found in VERSIONS.items():
        # gamma(scale=2) can only mean the version that has a scale.
        if (
            name == typed.name
            and given
            and set(given) - set(FAMILIES[name].parameters)
            and (set(given) <= {*found.parameters, *found.known} and choice)
        ):
            return found, given
    return FAMILIES[typed.name], given


def example(name: str) -> str:
    family = FAMILIES[name]
    key = next(iter((*family.known, *family.parameters)), "x")
    return f"{name}({key}=2)"


def check_known(family: Family, name: str, value: Expr, fault: Fault) -> None:
    number = exact(value)
    if not is_number_or_letter(value):
        raise fault(f"{name} must be a number or a letter")
    if number is None:
        return
    range_ = family.parameters.get(name, ("0", "inf"))
    if range_ == UNIT:
        if not 0 <= number <= 1:
            raise fault(f"{name} must lie between 0 and 1, not at {number}")
    elif range_[0] == "0" and number <= 0:
        raise fault(f"{name} must be above 0, not {number}")
    if name in ("n", "r") and number.denominator != 1:
        raise fault(f"{name} must be a whole number, not {number}")
