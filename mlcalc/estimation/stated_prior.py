"""A prior as it stands in a question: p(θ) = 6θ(1 − θ), 2 − 2θ for 0 ≤ θ ≤ 1, θ ~ beta(2, 2)."""

from __future__ import annotations

import re
from contextlib import suppress

from mlcalc.estimation.letters import CONSTANT_LETTERS
from mlcalc.estimation.regions import Region, region
from mlcalc.estimation.spelled import NamedOrFormula, spelled
from mlcalc.estimation.stated import statement, symbols
from mlcalc.files.document import Items, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import FieldType
from mlcalc.maths.functions import DISTRIBUTIONS
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Record, replace
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Call, Expr, Symbol, free_symbols, substitute


class TypedPrior(Record):
    """What was typed: a distribution or a formula, the letter it is of, where that lies."""

    formula: Expr
    letter: Symbol | None = None
    where: Region | None = None

    @property
    def name(self) -> str:
        found = self.formula
        return found.name if isinstance(found, Call) else getattr(found, "spelled", "")

    def of(self, parameter: Symbol) -> TypedPrior:
        """The prior in the letter of the model's parameter."""
        free = free_symbols(self.formula)
        if self.letter in (None, parameter) or parameter in free or self.letter not in free:
            return self
        assert self.letter is not None
        return replace(self, formula=substitute(self.formula, {self.letter: parameter}))


class StatedPrior(FieldType[TypedPrior]):
    """A prior by name or as a formula, with what stands around it."""

    expected = "a prior such as beta(2, 2), or a formula such as 6*theta*(1 - theta)"

    def shown(self, value: TypedPrior) -> Expr:
        return value.formula

    def read(self, raw: Raw) -> TypedPrior:
        if not isinstance(raw, Text):
            raise self.refused(raw)
        if is_distribution(raw):
            return TypedPrior(NamedOrFormula().read(raw))
        stated = statement(raw)
        if len(stated.branches) != 1:
            raise Invalid.at("a prior is one formula, and the range in which it holds", raw.place)
        head = stated.head
        letter = next(iter(symbols(() if head is None else head.of)), None)
        found = NamedOrFormula().read(stated.formula)
        free = free_symbols(found) - CONSTANT_LETTERS
        where: Region | None = None
        for condition in stated.branches[0].conditions:
            said = region(condition, sorted(free | ({letter} if letter else set()), key=one_line))
            where = said if where is None else where.within(said)
        if where is not None and (where.whole or where.values):
            raise Invalid.at("the range of a prior is one of all numbers in it", raw.place)
        if letter is None and where is not None and isinstance(where.letter, Symbol):
            letter = where.letter
        if where is not None and is_flat(found):
            found, where = Call("uniform", (where.low, where.high)), None
        if where is not None and isinstance(found, Call) and found.name in DISTRIBUTIONS:
            where = None if where.texts in (("0", "1"), ("0", "inf")) else where
            if where is not None:
                raise Invalid.at(
                    f"a {found.name} prior that is cut off is not decided here: leave the range "
                    "out, or write the prior as a formula",
                    raw.place,
                )
        return TypedPrior(found, letter, where)


def is_distribution(raw: Text) -> bool:
    """Whether a text is a distribution by name, and nothing stands behind it."""
    try:
        return bool(spelled(raw.value, is_formula=True).calls)
    except Unreadable:
        return False  # what is wrong with it is said where it is read


def is_flat(found: Expr) -> bool:
    """Whether a prior with a range is the uniform one."""
    return found == Call("uniform") or not free_symbols(found) - CONSTANT_LETTERS


VALUE = re.compile(r"x = ([-−]?[0-9./]+)")
EQUAL = re.compile(r"((?:^|[,;{\n])\s*[-−]?[0-9./]+\s*)=")
"""0.3=20%, a value and its probability."""


def few_values(raw: Raw) -> list[tuple[Text, Text]]:
    """The values and their probabilities, where the prior is a table of these."""
    if isinstance(raw, Text):
        raw = replace(raw, value=EQUAL.sub(r"\1:", raw.value))
    if isinstance(raw, Items):
        return []
    with suppress(Invalid):
        branches = statement(raw).branches
        found = [VALUE.fullmatch(b.conditions[0].value) for b in branches if b.conditions]
        if len(branches) > 1 and len(found) == len(branches) and all(found):
            return [(replace(b.conditions[0], value=m[1]), b.value)
                    for b, m in zip(branches, found, strict=True) if m]  # fmt: skip
    return []
