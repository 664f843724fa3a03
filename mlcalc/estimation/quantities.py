"""What else than its own parameters a family may be asked for: the scale of a rate, odds, a mean.

A word means one quantity of a family, or none; where a quantity can take a parameter's place, the
family has a version that is written in it.
"""

from __future__ import annotations

from mlcalc.estimation.distributions import FAMILIES, versions
from mlcalc.estimation.family import Family, Quantity, fact
from mlcalc.estimation.letters import RESERVED, X
from mlcalc.estimation.terms import neat
from mlcalc.maths.calculus import simplified
from mlcalc.maths.printing import one_line, source
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Add, Expr, Symbol, equals, free_symbols, map_parts, substitute

VALUE = Symbol("t")
"""Stands for the quantity in the formula of the parameter whose place it takes."""

LETTER_OF = {
    "mean": "mu", "sd": "sigma", "std": "sigma", "standard_deviation": "sigma",
    "variance": "sigma2", "var": "sigma2", "log_odds": "logit",
}  # fmt: skip
"""What a word is written as, where the family's own letters leave that free."""


def is_quantity(word: str) -> bool:
    """Whether a word means a quantity of some family."""
    return any(
        word in quantity.words
        for name in FAMILIES
        for family in versions(name)
        for quantity in family.quantities
    )


def letter_for(word: str, taken: set[Symbol]) -> Symbol:
    """σ for sd, and the word itself where its usual letter means something else."""
    usual = Symbol.named(LETTER_OF.get(word, word))
    own_word = Symbol(word.replace("_", "-") if "_" in word and word not in ("x_m",) else word)
    for letter in (usual, own_word, Symbol(f"the {word}")):
        if letter not in taken and letter not in RESERVED:
            return letter
    raise AssertionError(word)  # no family has a letter that is spelled "the mean"


def quantities_of(family: Family) -> list[tuple[Quantity, Expr]]:
    """The quantities of a family with their formulas in the letters of its version."""
    return [(quantity, formula_of(family, quantity)) for quantity in family.quantities]


def formula_of(family: Family, quantity: Quantity) -> Expr:
    if family.word in quantity.words:
        return Symbol.named(family.letter)
    formula = fact(quantity.formula)
    back: dict[Expr, Expr] = {Symbol.named(n): fact(text) for n, text in family.inverse.items()}
    return simplified(substitute(formula, back)) if free_symbols(formula) & set(back) else formula


def meant(family: Family, word: str) -> tuple[Quantity, Expr] | None:
    """The quantity that a word means in a family, with its formula."""
    found = next((quantity for quantity in family.quantities if word in quantity.words), None)
    return None if found is None else (found, formula_of(family, found))


def synonyms(family: Family, role: str) -> tuple[str, ...]:
    """The other words for a parameter: the mean of a Bernoulli is θ.

    `variance` is not among them, which as an answer is that of the estimator.
    """
    return tuple(
        word
        for quantity, formula in quantities_of(family)
        for word in quantity.words
        if formula == Symbol.named(role) and word not in {role, "variance", "var"}
    )


def choices(family: Family) -> list[str]:
    """The first word of each quantity."""
    return [quantity.words[0] for quantity in family.quantities]


def versions_of(name: str) -> list[Family]:
    """The families of that name, in each parameter that their density can be written in."""
    return [
        *versions(name),
        *(
            version_in(family, word, quantity)
            for family in versions(name)
            for quantity in family.quantities
            if quantity.inverse
            for word in quantity.words
        ),
    ]


def version_in(family: Family, word: str, quantity: Quantity) -> Family:
    """The family with the quantity in the place of the parameter that it follows from."""
    place = Symbol.named(quantity.own)
    taken = {Symbol.named(name) for name in (*family.parameters, *family.known.values())} | {X}
    letter = letter_for(word, taken - {place})
    inverse = substitute(fact(quantity.inverse), {VALUE: letter})

    def there(own: str, usual: str) -> str:
        """A formula as books write it in the quantity, or with the quantity put in."""
        if own or not usual:
            return source(substitute(fact(own), {VALUE: letter})) if own else ""
        return source(neat(tidied(substitute(fact(usual), {place: inverse}), letter)))

    parameters = {
        (letter.spelled if name == quantity.own else name): (
            quantity.range if name == quantity.own else range_
        )
        for name, range_ in family.parameters.items()
    }
    meaning = one_line(equals(letter, fact(quantity.formula)))
    note = f"{family.note}; " * bool(family.variant or family.known) + meaning
    return replace(
        family, density=there(quantity.density, family.density), parameters=parameters,
        above=there(quantity.above, family.above), below=there(quantity.below, family.below),
        word=word, letter=letter.spelled, inverse={quantity.own: source(inverse)},
        note=f"{note}, with the usual {one_line(place)}",
    )  # fmt: skip


def tidied(formula: Expr, letter: Symbol) -> Expr:
    """1 − t/(1 + t) as 1/(1 + t): each sum with the new letter on one bar."""
    found = free_symbols(formula)
    if isinstance(formula, Add) and letter in found and X not in found:
        return simplified(formula)
    return map_parts(formula, lambda part: tidied(part, letter))
