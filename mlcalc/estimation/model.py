"""A distribution as it was typed, `normal(sigma2=4)`: what is unknown, what is known.

Known parameters stand in the derivation as letters and their numbers are put in last, except
those that steer the algebra (the exponent of a Weibull density), which are put in at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType

from mlcalc.estimation.arguments import Reading, differing, own_word, readings, tied
from mlcalc.estimation.distributions import FAMILIES
from mlcalc.estimation.family import UNIT, Family, Quantity, Range, fact
from mlcalc.estimation.letters import RESERVED, is_letter, is_number_or_letter, taken_letter
from mlcalc.estimation.quantities import VALUE, choices, is_quantity, meant, version_in
from mlcalc.estimation.terms import ONE, numbers_in, renamed
from mlcalc.files.errors import Invalid
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.near import closest
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Call, Expr, Number, Symbol, free_symbols, shown, substitute

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
    names: Mapping[str, Expr] = MappingProxyType({})
    """What stands in the density for letters of the family: other letters, exponents."""

    def known_values(self) -> dict[Symbol, Scalar]:
        """The numbers of the known parameters, those that are letters left out."""
        return numbers_in(self.known)

    @property
    def method(self) -> str:
        """A family's own method is for its first parameter, or for the ends of its support.

        The score does for the others.
        """
        own = self.family.ends or tuple(self.family.parameters)[:1]
        is_own = not self.unknown or any(unknown.role in own for unknown in self.unknown)
        return self.family.method if is_own else "by_score"

    @property
    def ends(self) -> tuple[Expr, Expr]:
        """Where the density is not zero, in the letters of the model."""
        support = self.family.support
        low, high = self.family.ends or (support.low, support.high)
        return renamed(fact(low), self.names), renamed(fact(high), self.names)

    @property
    def tails(self) -> tuple[Expr, Expr] | None:
        """F(x) and S(x) in the letters of the model; None where they are not known."""
        if self.family.tails is None:
            return None
        below, above = (renamed(fact(text), self.names) for text in self.family.tails)
        return below, above

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
        name_fault = name_fault or fault
        family, values, typed_letters = read_alike(typed, fault, may_be_known)
        check_given(family, values, fault)
        open_names = [name for name in family.parameters if name not in values]
        if not open_names and family.parameters and not may_be_known:
            leave = "every parameter is given: leave out the one to be estimated"
            raise fault(f"{leave}, or write {family.name}")
        renamed_as = {letter: name for name, letter in typed_letters.items()}
        found = [meaning(family, name, open_names, renamed_as, len(names)) for name in names]
        taken = symbols_of(family, open_names, names, found, name_fault)
        taken = tuple(
            typed_letters.get(name, letter) if letter.spelled == name else letter
            for name, letter in zip(open_names, taken, strict=True)
        )
        letters: dict[str, Expr] = dict(zip(open_names, taken, strict=True))
        known: dict[Expr, Expr] = {}
        for name, value in values.items():
            letter = Symbol.named(family.known.get(name, name))
            if isinstance(value, Symbol) or name in family.fill_in:
                letters[letter.spelled] = value
            else:
                known[letter] = value
        unknown = tuple(
            Unknown(symbol.spelled, symbol, family.parameters[name], name)
            for name, symbol in zip(open_names, taken, strict=True)
        )
        symbols = {one.symbol for one in unknown}
        for value in values.values():
            if free_symbols(value) & symbols:
                own = {name: letter for name, letter in letters.items() if name in open_names}
                raise fault(tied(family, value, tuple({**own, **values}.items())))
        density = renamed(family.formula, letters) if family.density else ONE
        wanted: tuple[Wanted, ...] = ()
        if any(found) and [name.spelled for name in names] != open_names:
            wanted = tuple(
                Wanted(name.spelled, name) if one is None
                else Wanted(name.spelled, renamed(one[1], letters), one[0])
                for name, one in zip(names, found, strict=True)
            )  # fmt: skip
        model = cls(family, density, unknown, known, wanted, letters)
        model.check_wanted(name_fault)
        model.check_letters(name_fault)
        return model

    def check_wanted(self, fault: Fault) -> None:
        """What is asked for must depend on what is unknown."""
        letters = {unknown.symbol for unknown in self.unknown}
        for one in self.wanted:
            if not free_symbols(one.formula) & letters:
                filled = substitute(one.formula, self.known)
                value = filled if free_symbols(filled) else shown(scalar(filled))
                raise fault(f"the {one.name} is known, {one_line(value)}: ask for another")

    def check_letters(self, fault: Fault) -> None:
        """A parameter may not share its letter with anything else in the derivation."""
        taken = {*RESERVED, *self.known}
        for unknown in self.unknown:
            if unknown.symbol in taken:
                raise fault(taken_letter(unknown.symbol))
            taken.add(unknown.symbol)


def meaning(
    family: Family,
    name: Symbol,
    open_names: Sequence[str],
    renamed_as: Mapping[Symbol, str],
    count: int,
) -> tuple[Quantity, Expr] | None:
    """What a name for an unknown parameter means; none where it is no more than a letter for it."""
    found = meant(family, renamed_as.get(name, name.spelled))
    is_own = found is not None and found[1] in [Symbol.named(name) for name in open_names]
    is_letter_for_it = is_own and is_letter(name.spelled) and name.spelled not in open_names
    return None if is_letter_for_it and count == len(open_names) else found


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
    words = [w for q in family.quantities for w in q.words]
    own = ", ".join(open_names) or "none"
    ask = f"ask for {', '.join(choices(family))}"
    other = f", or rename {own} by another letter" if len(open_names) == 1 else ""
    doubt = "" if family.word else family.doubtful.get(word, "")
    if doubt:
        raise fault(f"{word} may be read as {doubt} of {family.title}: {ask}{other}")
    if is_quantity(word) and not is_letter(word):
        raise fault(f"{word} is no quantity of {family.title} that is known here: {ask}{other}")
    near = get_close_matches(word, words, n=1, cutoff=0.8)
    if near and not is_letter(word):
        raise fault(f"{word} is no quantity of {family.title}, did you mean '{near[0]}'?")


Version = tuple[Family, dict[str, Expr], dict[str, Symbol]]
"""A family, the parameters that were given, and letters for those that were not."""


def read_alike(typed: Call, fault: Fault, may_be_known: bool = False) -> Version:
    """The one thing that what was typed may mean; refused where it may mean several."""
    found: list[Version] = []
    kept: list[Reading] = []
    for reading in readings(typed, fault, may_be_known):
        family, values = version(reading.call, fault)
        letters = {own_word(family, word): letter for word, letter in reading.letters.items()}
        letters = {  # normal(mean, sd) names no letter for the mean
            name: letter for name, letter in letters.items()
            if name != letter.spelled and (letter not in RESERVED or is_letter(letter.spelled))
        }  # fmt: skip
        if (one := (family, values, letters)) not in found:
            found.append(one)
            kept.append(reading)
    if len(found) > 1:
        raise fault(f"books differ on what this means: write {differing(kept)}")
    return found[0]


def with_names(typed: Call, fault: Fault) -> Call:
    """A distribution of which all is given, N(0, 1), by the family's own words.

    Raises the fault's `Invalid` where what was typed has several meanings.
    """
    _, values, letters = read_alike(typed, fault, may_be_known=True)
    return Call(typed.name, (), tuple({**letters, **values}.items()))


def version(typed: Call, fault: Fault) -> tuple[Family, dict[str, Expr]]:
    """The family in the parameterisation asked for, and the parameters that were given."""
    given = dict(typed.keywords)
    own = FAMILIES[typed.name]
    others = {other.variant: other for other in own.others}
    if typed.arguments:
        letters = ", ".join(a.spelled for a in typed.arguments if isinstance(a, Symbol))
        if letters not in others or given:
            key = next(iter((*own.known, *own.parameters)), "x")
            message = f"give the parameters of {own.name} by name, such as {own.name}({key}=2)"
            raise fault(message)
        return others[letters], {}
    if "support" in given:
        value = given.pop("support")
        chosen = f"support={value.spelled if isinstance(value, Symbol) else '…'}"
        if chosen not in others:
            known = (f"{own.name}({v})" for v in others if v.startswith("support"))
            listed = ", ".join(known) or "no other one"
            raise fault(f"there is no {own.name}({chosen}); there is {listed}")
        own = others[chosen]
    if "parameter" in given:
        value = given.pop("parameter")
        word = value.spelled if isinstance(value, Symbol) else "…"
        found = next((q for q in own.quantities if word in q.words), None)
        if found is None or not (found.inverse or found.formula in own.parameters):
            possible = [q.words[0] for q in own.quantities if q.inverse]
            listed = ", ".join(f"{own.name}(parameter={w})" for w in possible) or "no other one"
            raise fault(f"{own.name} has no version parameter={word}; there is {listed}")
        if found.inverse:
            own = version_in(own, word, found)
    for other in others.values():
        # uniform(a=0) can only mean the version that has an a.
        if given and set(given) <= set(other.parameters) and set(given) - set(own.parameters):
            own = other
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
    inverse = substitute(fact(quantity.inverse), {VALUE: value})
    number = exact(inverse)
    return quantity.own, inverse if number is None else Number(number)


def check_given(family: Family, values: Mapping[str, Expr], fault: Fault) -> None:
    """All that must be known is given, and nothing that the family does not have."""
    for name in family.known:
        if name not in values:
            raise fault(f"{family.name} needs {name}: write {family.name}({name}=…)")
    names = sorted({*family.parameters, *family.known})
    for name, value in values.items():
        if name not in names:
            hint = closest(name, names) or f"; known here: {', '.join(names)}"
            raise fault(f"{family.name} has no parameter '{name}'{hint}")
        check_known(family, name, value, fault)


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
    if name in family.whole and number.denominator != 1:
        raise fault(f"{name} must be a whole number, not {number}")
