"""A distribution as it was typed, `normal(sigma2=4)`: what is unknown, what is known.

Known parameters stand in the derivation as letters and their numbers are put in last, except
those that steer the algebra (the exponent of a Weibull density), which are put in at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches

from mlcalc.errors import Invalid, closest
from mlcalc.maths.evaluate import Value, exact, scalar
from mlcalc.maths.printing import one_line
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Call, Expr, Number, Symbol, free_symbols, shown, substitute
from mlcalc.probability.families import FAMILIES, UNIT, VARIANTS, Family, Range
from mlcalc.probability.letters import RESERVED, is_letter, is_number_or_letter, taken_letter
from mlcalc.probability.quantities import (
    DOUBTFUL,
    QUANTITIES,
    VALUE,
    WORDS,
    Quantity,
    choices,
    meant,
    version_in,
)
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


class Wanted(Record):
    """A quantity that is asked for by its word: what it is in the letters of the model."""

    name: str
    formula: Expr
    quantity: Quantity | None = None

    @property
    def is_parameter(self) -> bool:
        """Whether it is a parameter of the model itself, by whatever word."""
        return isinstance(self.formula, Symbol)


class Model(Record):
    """The density in letters, its unknown parameters in order, and the known ones' numbers."""

    family: Family
    density: Expr
    unknown: tuple[Unknown, ...]
    known: Mapping[Expr, Expr]
    wanted: tuple[Wanted, ...] = ()
    """What was asked for by its word; the unknown parameters where this is empty."""

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
        name_fault: Fault | None = None,
    ) -> Model:
        """The model of a family; `names` rename its unknown parameters, in order, or ask for some.

        `name_fault` complains about the names.
        """
        family, values = version(typed, fault)
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
        found = [meant(family, name.spelled) for name in names]
        taken = symbols_of(family, open_names, names, found, name_fault or fault)
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
        wanted: tuple[Wanted, ...] = ()
        if any(found) and list(map(spelled, names)) != open_names:
            wanted = tuple(
                Wanted(name.spelled, name) if one is None
                else Wanted(name.spelled, renamed(one[1], replacements), one[0])
                for name, one in zip(names, found, strict=True)
            )  # fmt: skip
            for one in wanted:
                if not free_symbols(one.formula) & set(taken):
                    filled = substitute(one.formula, known)
                    value = filled if free_symbols(filled) else shown(scalar(filled))
                    message = f"the {one.name} is known, {one_line(value)}: ask for another"
                    raise (name_fault or fault)(message)
        model = cls(family, density, unknown, known, wanted)
        model.check_letters(name_fault or fault)
        return model

    def check_letters(self, fault: Fault) -> None:
        """A parameter may not share its letter with anything else in the derivation."""
        taken = {*RESERVED, *self.known}
        for unknown in self.unknown:
            if unknown.symbol in taken:
                raise fault(taken_letter(unknown.symbol))
            taken.add(unknown.symbol)


def spelled(symbol: Symbol) -> str:
    return symbol.spelled


def symbols_of(
    family: Family,
    open_names: Sequence[str],
    names: Sequence[Symbol],
    found: Sequence[tuple[Quantity, Expr] | None],
    fault: Fault,
) -> tuple[Symbol, ...]:
    """The letters of the unknown parameters: a name that means nothing yet renames one.

    Raises the fault's `Invalid` for a word that means what the family does not have, or that may
    mean one thing or another, and where letters and parameters differ in number.
    """
    own = tuple(map(Symbol.named, open_names))
    for name, one in zip(names, found, strict=True):
        if one is None:
            check_word(family, name.spelled, open_names, fault)
    if all(found):
        return own
    if not open_names:
        raise fault(f"the unknowns of {family.title} keep their names: leave the parameter out")
    if len(names) != len(open_names):
        listed = ", ".join(open_names)
        raise fault(f"there are {len(open_names)} parameters to name: {listed}")
    taken = tuple(
        letter if one is not None else name
        for name, one, letter in zip(names, found, own, strict=True)
    )
    for one, other in zip(found, own, strict=True):
        uses = set() if one is None else free_symbols(one[1])
        if other not in uses and uses & set(own):
            raise fault(f"name the parameters in their order: {', '.join(open_names)}")
    return taken


def check_word(family: Family, word: str, open_names: Sequence[str], fault: Fault) -> None:
    """Refuses a word for a quantity that is not known here, or that books use for several."""
    words = [w for q in QUANTITIES.get(family.key, ()) for w in q.words]
    own = ", ".join(open_names) or "none"
    ask = f"ask for {', '.join(choices(family))}"
    other = f", or rename {own} by another letter" if len(open_names) == 1 else ""
    doubt = "" if family.word else DOUBTFUL.get(family.name, {}).get(word, "")
    if doubt:
        raise fault(f"{word} may be read as {doubt} of {family.title}: {ask}{other}")
    if word in WORDS and not is_letter(word):
        raise fault(f"{word} is no quantity of {family.title} that is known here: {ask}{other}")
    near = get_close_matches(word, words, n=1, cutoff=0.8)
    if near and not is_letter(word):
        raise fault(f"{word} is no quantity of {family.title}, did you mean '{near[0]}'?")


def version(typed: Call, fault: Fault) -> tuple[Family, dict[str, Expr]]:
    """The family in the parameterisation asked for, and the parameters that were given."""
    given = dict(typed.keywords)
    own = FAMILIES[typed.name]
    if typed.arguments:
        letters = ", ".join(a.spelled for a in typed.arguments if isinstance(a, Symbol))
        found = VARIANTS.get(f"{typed.name}({letters})")
        if found is None or given:
            raise fault(
                f"give the parameters of {typed.name} by name, such as {example(typed.name)}"
            )
        return found, {}
    if "support" in given:
        value = given.pop("support")
        chosen = f"{typed.name}(support={value.spelled if isinstance(value, Symbol) else '…'})"
        if chosen not in VARIANTS:
            listed = ", ".join(key for key in VARIANTS if key.startswith(f"{typed.name}(support"))
            raise fault(f"there is no {chosen}; there is {listed or 'no other one'}")
        own = VARIANTS[chosen]
    if "parameter" in given:
        value = given.pop("parameter")
        word = value.spelled if isinstance(value, Symbol) else "…"
        found_word = meant(own, word)
        is_own = found_word is not None and found_word[0].formula in own.parameters
        if found_word is None or not (found_word[0].inverse or is_own):
            possible = [q.words[0] for q in QUANTITIES.get(own.key, ()) if q.inverse]
            listed = ", ".join(f"{typed.name}(parameter={w})" for w in possible) or "no other one"
            raise fault(f"{typed.name} has no version parameter={word}; there is {listed}")
        if found_word[0].inverse:
            own = version_in(own, word, found_word[0])
    for other in VARIANTS.values():
        # uniform(a=0) can only mean the version that has an a.
        if other.name == own.name and given and set(given) <= set(other.parameters):
            own = other if set(given) - set(own.parameters) else own
    return own, dict(in_own(own, name, value, fault) for name, value in given.items())


def in_own(family: Family, name: str, value: Expr, fault: Fault) -> tuple[str, Expr]:
    """sigma=2 as sigma2=4, mean=0 as mu=0: a parameter by another of its words, or a function."""
    found = meant(family, name)
    known = {*family.parameters, *family.known}
    if name in known or found is None:
        return name, value
    quantity, formula = found
    if isinstance(formula, Symbol) and formula.spelled in known:
        return formula.spelled, value
    if family.word or not quantity.inverse:
        return name, value
    check_known(family, name, value, fault)
    inverse = substitute(read(quantity.inverse), {VALUE: value})
    number = exact(inverse)
    return quantity.own, inverse if number is None else Number(number)


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
