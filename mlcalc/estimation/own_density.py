"""A density that was typed as a formula: its parameters, where it is not zero, its relations.

People write f(x) = … before a formula and 0 < x < 1 behind it (`stated` takes these apart), and
(x == 0) for a factor that is 1 or 0.  A formula of the parameter alone is a likelihood as given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce

from mlcalc.estimation.data import Estimation
from mlcalc.estimation.family import NUMBERS, Family, Support
from mlcalc.estimation.letters import CONSTANT_LETTERS, INDEX, RESERVED, N, X, taken_letter
from mlcalc.estimation.model import Fault, Model, Unknown
from mlcalc.estimation.regions import EXPECTED, Region, region
from mlcalc.estimation.stated import Branch, Head, Statement, statement, symbols
from mlcalc.estimation.terms import natural_range
from mlcalc.files.document import Raw, Text, written
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.files.fields import FieldType, entries_of, formula, is_mapping
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import TESTS, scalar
from mlcalc.maths.functions import to_float
from mlcalc.maths.printing import one_line, source
from mlcalc.maths.printing.letters import GREEK
from mlcalc.maths.reader import read, readings
from mlcalc.maths.records import Record, replace
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import (
    BigOp,
    Call,
    Cases,
    Chain,
    Expr,
    Given,
    Indexed,
    Listing,
    Matrix,
    Mul,
    Neg,
    Pow,
    Shape,
    Symbol,
    free_symbols,
    joined,
    map_parts,
    substitute,
    walk,
)

EXAMPLE = "a formula in x, such as theta*x^(theta - 1)"
LOGS = ("ℓ", "l", "ll", "LL", "loglik", "logLik", "loglikelihood")
LIKELIHOODS = (*LOGS, "L", "Lik", "lik", "likelihood", "Likelihood")
"""What a likelihood is called left of its formula, and its logarithm."""
INFINITY = Symbol("inf")


class TypedDensity(Record):
    """Where a density of the user's own stands, and how long the work on it may take."""

    place: Place
    has_support: bool
    seconds: float


class Own(Record):
    """What was typed: the model, and where its parameter may lie."""

    model: Model
    limits: tuple[Expr, Expr] | None = None
    choices: tuple[Expr, ...] = ()


def own_model(given: Estimation, names: tuple[Symbol, ...]) -> Own:
    """The model of a density, or of a likelihood, that was typed as a formula."""
    assert given.density is not None
    stated = statement(given.density)
    return decided(given, stated, names) or Typed(given, stated, names).own()


def decided(given: Estimation, stated: Statement, names: tuple[Symbol, ...]) -> Own | None:
    """Of two readings of a formula, 1/θ e^(−x/θ), the one that is a density if one alone is."""
    from mlcalc.estimation.normalised import is_density

    try:
        both = readings(stated.formula.value)
    except Unreadable:
        return None
    if len(both) < 2 or len(stated.branches) > 1:
        return None
    before, found = given.remarks, []
    for one in both:
        given.remarks = before
        own = Typed(given, stated, names, one).own()
        if not own.model.family.is_likelihood and is_density(own.model, own.limits):
            found.append((one, own, given.remarks))
    given.remarks = before
    if len(found) != 1:
        return None
    chosen, own, remarks = found[0]
    said = f"of two readings only {one_line(chosen)} is a density: this one is taken"
    given.remarks = (*remarks, Note("given.reading", said))
    return own


class Typed:
    """One statement on its way to a model: which letter is x, which are the parameters."""

    def __init__(
        self,
        given: Estimation,
        stated: Statement,
        names: tuple[Symbol, ...],
        reading: Expr | None = None,
    ) -> None:
        """`reading` is what is taken for the one formula, where it has several readings."""
        self.given, self.stated, self.asked = given, stated, names
        self.place = given.place_of(Estimation.density)
        self.head = stated.head or Head("")
        self.of, self.behind = symbols(self.head.of), symbols(self.head.given)
        self.values = [formula_of(branch.value, reading) for branch in stated.branches]
        if self.head.is_log or self.head.name in LOGS:
            self.values = [Call("exp", (value,)) for value in self.values]
        self.letters = letters_in(self.values)
        self.conditions = [text for branch in stated.branches for text in branch.conditions]
        about = [letters_of(condition) for condition in self.conditions]
        self.said: frozenset[Symbol] = frozenset().union(*about)
        self.variable = self.letter_of_x()
        # θ is in 0 < x < θ where the formula has none; of c > 0 it is not known what c is.
        self.said = frozenset().union(*(each for each in about if self.variable in each))
        if isinstance(given.support, Text):
            self.said |= letters_of(given.support)
        if self.variable not in (None, X):
            self.rename(self.variable)

    def own(self) -> Own:
        return self.likelihood() if self.variable is None else self.density()

    def fault(self, message: str) -> Invalid:
        return Invalid.at(message, self.place)

    def note(self, name: str, text: str) -> None:
        self.given.remarks = (*self.given.remarks, Note(name, text))

    def letter_of_x(self) -> Symbol | None:
        """The letter that plays x; None where there is none, as in a likelihood."""
        is_table = len(self.stated.branches) > 1
        if self.head.name in LIKELIHOODS:
            if X in self.letters or is_table:
                raise self.fault(
                    f"{self.head.typed} is the likelihood of all the data: write f(x) = … for the "
                    "density of one observation, or the likelihood with the data put in"
                )
            return None
        about = self.letters | self.said
        first = self.of[0] if self.of else X
        is_of_another = first != X and first in about and first not in self.asked
        if is_of_another and (self.behind or self.asked or about - {first}):
            return first
        support = self.given.support
        is_of_x = isinstance(support, Text) and bool(letters_of(support))
        return X if X in about or is_table or is_of_x else None

    def rename(self, variable: Symbol | None) -> None:
        """Writes x for the letter that plays it."""
        assert variable is not None
        if X in self.letters:
            raise self.fault(
                f"{self.head.typed} is a density of {variable.spelled}, and there is an x in it: "
                "write another letter for that"
            )
        self.values = [substitute(value, {variable: X}) for value in self.values]
        self.letters = letters_in(self.values)
        self.note("given.variable", f"x stands for the {variable.spelled} of {self.head.typed}")

    def parameters(self, candidates: Sequence[Symbol] = ()) -> tuple[Symbol, ...]:
        """Those asked for, those that the left side names, or the only letter beside x."""
        own = (self.letters | self.said) - {X, self.variable}
        if self.asked:
            names = self.asked
        elif own.intersection(candidates):
            names = tuple(dict.fromkeys(name for name in candidates if name in own))
        elif len(own) == 1:
            names = tuple(own)
        else:
            listed = ", ".join(sorted(s.spelled for s in own)) or "none"
            raise self.given.fault(f"'parameter' is missing: which of {listed} is to be estimated?")
        for name in names:
            if name not in own:
                message = f"the parameter {name.spelled} does not occur in the density"
                field = Estimation.parameter if self.asked else Estimation.density
                raise self.given.fault(message, field)
            if name in RESERVED - (COUNTS if self.variable is None else set()):
                raise self.given.fault(taken_letter(name), Estimation.parameter)
        return names

    # A density.

    def density(self) -> Own:
        below = (
            symbols((Text(self.head.below, self.place, exact=False),)) if self.head.below else ()
        )
        names = self.parameters((*self.behind, *below))
        regions = [self.regions(branch, names) for branch in self.stated.branches]
        about_x = [region_of_x for region_of_x, _ in regions]
        limits = merged([said for _, each in regions for said in each], self.fault)
        density, own = self.whole(about_x)
        typed = self.typed_support()
        if typed is not None and own is not None and typed.texts != own.texts:
            message = (
                f"the support is given twice: {own.words} behind the density, and {typed.words}"
            )
            raise self.given.fault(message, Estimation.support)
        found = typed or own
        if found is not None and len(names) > 1 and is_moving(found, names):
            raise Unsolved.because(
                "a support that moves with one of several parameters is not decided for a density "
                "of your own; mlcalc knows uniform(a, b) by name",
                self.place,
            )
        density, support = support_of(density, found, names)
        if found is not None and is_open_at(found, names):
            self.note("given.end", END_COUNTS)
        family = Family(name="own density", support=support)
        return self.owned(family, density, names, limits)

    def owned(
        self, family: Family, density: Expr, names: tuple[Symbol, ...], said: dict[Expr, Region]
    ) -> Own:
        unknown = tuple(Unknown(s.spelled, s, natural_range(density, s)) for s in names)
        limits: tuple[Expr, Expr] | None = None
        choices: tuple[Expr, ...] = ()
        for one in unknown:
            found = said.get(one.symbol)
            if found is None:
                continue
            if found.whole:
                raise self.fault(f"{one.name} is estimated among all numbers, not whole ones alone")
            if found.values:
                choices = found.values
            elif is_narrower(found, one, self.fault):
                limits = found.low, found.high
        return Own(Model(family, density, unknown, {}), limits, choices)

    def regions(
        self, branch: Branch, names: Sequence[Symbol]
    ) -> tuple[Region | None, list[tuple[Expr, Region]]]:
        """Where x lies for a branch, and what its conditions say of other letters."""
        own = self.variable or X
        found: list[Region] = []
        others: list[tuple[Expr, Region]] = []
        for text in branch.conditions:
            said = region(text, (own, *names))
            if said.letter in (own, None) or is_observation(said.letter, own):
                found.append(said)
            elif said.letter in self.letters | self.said:
                others.append((said.letter, said))
            elif said.letter != INDEX:
                name = one_line(said.letter)
                raise Invalid.at(f"there is no {name} in the density: what is it?", text.place)
        try:
            return (reduce(Region.within, found) if found else None), others
        except ValueError:
            listed = " and ".join(one.words for one in found)
            raise self.fault(f"x cannot be {listed}: write where the density holds") from None

    def whole(self, where: Sequence[Region | None]) -> tuple[Expr, Region | None]:
        """One formula of all the branches, and where x lies."""
        if len(self.values) == 1:
            return self.values[0], where[0]
        known = [one for one in where if one is not None]
        if len(known) == len(where) and all(one.values for one in known):
            pairs = [(v, x) for v, one in zip(self.values, known, strict=True) for x in one.values]
            numbers = tuple(x for _, x in pairs)
            if len(set(map(scalar, numbers))) < len(numbers):
                raise self.fault("a value of x has two probabilities here")
            factors = [Pow(p, Call("indicator", (Chain(X, (("=", x),)),))) for p, x in pairs]
            ordered = tuple(sorted(numbers, key=scalar))
            return joined(Mul, factors), Region(X, ordered[0], ordered[-1], values=ordered)
        for branch, one in zip(self.stated.branches, where, strict=True):
            if one is None and branch is not self.stated.branches[-1]:
                message = "a case has a value and a relation: cases(theta, x = 0, 1 - theta, x = 1)"
                raise Invalid.at(message, branch.value.place)
        tests = [None if one is None else test_of(one) for one in where]
        return Cases(tuple(zip(self.values, tests, strict=True))), None

    def typed_support(self) -> Region | None:
        if self.given.support is None:
            return None
        return self.given.read_as(Estimation.support, SupportOf((self.variable or X,)))

    # A likelihood.

    def likelihood(self) -> Own:
        """The likelihood of all the data as it is given, a function of the parameter."""
        if self.given.support is not None:
            raise self.given.fault(
                "there is no x in the density, whose support this could be", Estimation.support
            )
        known = self.sizes()
        self.values = [substitute(self.values[0], known)]
        self.letters = letters_in(self.values)
        head = self.behind or self.of
        greek = [name for name in self.letters if name.spelled in GREEK]
        names = self.parameters(head or (greek if len(greek) == 1 else ()))
        if self.stated.head is None:
            self.refuse_density_of_another(names)
        said = [self.about(text, names) for text in self.conditions]
        self.note(
            "given.likelihood",
            "there is no x in the formula, so it is read as the likelihood of all the data",
        )
        family = Family(name="likelihood", heading="a likelihood as given", is_likelihood=True)
        return self.owned(family, self.values[0], names, merged(said, self.fault))

    def about(self, text: Text, names: Sequence[Symbol]) -> tuple[Expr, Region]:
        found = region(text, names)
        if found.letter is None and len(names) == 1:
            return names[0], found
        if found.letter not in self.letters:
            raise Invalid.at("there is no such letter in the likelihood", text.place)
        return found.letter, found

    def sizes(self) -> dict[Expr, Expr]:
        """The numbers of n, k and the sum, for their letters in the formula."""
        given = self.given
        known: dict[Expr, Expr] = {}
        if given.data is not None:
            raise given.fault(
                "there is no x in the density: as a likelihood it has the data in it already, so "
                "leave data out, or write the density of one observation in x",
                Estimation.data,
            )
        for field in (Estimation.n, Estimation.k, Estimation.sum):
            value = given.values[field.name]
            if value is None:
                continue
            letter = next((s for s in map(Symbol, (field.name, field.name.upper()))
                           if s in self.letters), None)  # fmt: skip
            if letter is None:
                raise given.fault(f"there is no {field.name} in the likelihood", field)
            known[letter] = value
        return known

    def refuse_density_of_another(self, names: Sequence[Symbol]) -> None:
        """λe^(−λt) is a density of t: a formula without x and left side may be meant as one."""
        from mlcalc.estimation.normalised import is_density_of

        for letter in sorted(self.letters - set(names), key=lambda s: s.spelled):
            if is_density_of(self.values[0], letter, names[0]):
                raise self.fault(
                    f"this can be read in two ways: write f({letter.spelled}) = … before it for "
                    f"the density of an observation {letter.spelled}, or "
                    f"L({names[0].spelled}) = … for a likelihood"
                )


COUNTS = {N, Symbol("k"), Symbol("sum"), Symbol("mean")}


class SupportOf(FieldType[Region]):
    """Where a density is not zero."""

    letters: Sequence[Symbol] = (X,)
    expected = EXPECTED

    def read(self, raw: Raw) -> Region:
        if is_mapping(raw) and not isinstance(raw, Text):
            entries = entries_of(raw, "values: [0, 1]")
            values = entries.get("values")
            if values is None or len(entries.pairs) != 1:
                raise Invalid.at("write {values: [0, 1]}, or a range such as [0, inf]", raw.place)
            return region(Text("{" + written(values).strip("[]{} ") + "}", raw.place, exact=False))
        text = raw if isinstance(raw, Text) else Text(written(raw), raw.place, exact=False)
        mapping = re.fullmatch(r"\s*\{\s*values\s*:\s*\[?([^\]]*)\]?\s*\}\s*", text.value)
        if mapping is not None:
            text = Text("{" + mapping[1] + "}", raw.place, exact=False)
        return region(text, self.letters)


def letters_in(values: Sequence[Expr]) -> frozenset[Symbol]:
    found: frozenset[Symbol] = frozenset().union(*map(free_symbols, values))
    return found - CONSTANT_LETTERS


def letters_of(condition: Text) -> frozenset[Symbol]:
    """The letters that a condition is about; none where it is not read."""
    try:
        found = region(condition, ())
    except Invalid:
        return frozenset()
    parts = (found.low, found.high, *([] if found.letter is None else [found.letter]))
    return letters_in(parts) - {INFINITY}


def is_observation(letter: Expr | None, x: Symbol) -> bool:
    """Whether x_i is written for x."""
    is_indexed = isinstance(letter, Indexed) and letter.base == x
    return is_indexed or (isinstance(letter, Symbol) and letter.name == x.name)


def merged(said: Sequence[tuple[Expr, Region]], fault: Fault) -> dict[Expr, Region]:
    found: dict[Expr, Region] = {}
    for letter, one in said:
        try:
            found[letter] = one if letter not in found else found[letter].within(one)
        except ValueError:
            raise fault(f"two ranges of {one_line(letter)} do not fit together") from None
    return found


def is_narrower(found: Region, unknown: Unknown, fault: Fault) -> bool:
    """Whether a range says more than that the logarithms in the density have a value."""
    low, high = found.limits
    if low is None or high is None:
        raise fault(f"the range of {unknown.name} is two numbers, such as [0, 1]")
    own = [scalar(read(end)) for end in unknown.range]
    return low > own[0] or high < own[1]


END_COUNTS = (
    "an end of the support that moves with the parameter is taken to be inside: with < there the "
    "likelihood has no maximum, but comes as near as one likes to the one that is given"
)


def is_moving(found: Region, names: Sequence[Symbol]) -> bool:
    return bool((free_symbols(found.low) | free_symbols(found.high)) & set(names))


def is_open_at(found: Region, names: Sequence[Symbol]) -> bool:
    """Whether an end that moves with a parameter is outside."""
    sides = zip((found.low, found.high), found.ends, strict=True)
    return any(free_symbols(end) & set(names) and mark in "()" for end, mark in sides)


def test_of(where: Region) -> Expr:
    if len(where.values) == 1:
        return Chain(X, (("=", where.values[0]),))
    return where.chain(X)


def support_of(
    density: Expr, found: Region | None, names: Sequence[Symbol]
) -> tuple[Expr, Support]:
    """The density and its support; an end that moves with a parameter is a factor 𝟙(x ≤ θ)."""
    if found is None:
        return density, NUMBERS
    if found.values:
        texts = tuple(map(source, found.values))
        return density, Support(found.words, texts[0], texts[-1], values=texts)
    low, high = found.low, found.high
    factors = []
    if free_symbols(low) & set(names):
        factors.append(Chain(X, ((">=", low),)))
        low = Neg(INFINITY)
    if free_symbols(high) & set(names):
        factors.append(Chain(X, (("<=", high),)))
        high = INFINITY
    if factors:
        found = replace(found, low=low, high=high)
        tests = [Call("indicator", (factor,)) for factor in factors]
        density = joined(Mul, [density, *tests])
    support = Support(found.words, *found.texts, whole=found.whole, ends=found.ends)
    return density, support


FUNCTIONS = {("gamma", 1): "gamma_function", ("beta", 2): "beta_function"}
"""Names of distributions that are functions within a density, by how much they are given."""


def with_functions(expression: Expr) -> Expr:
    """The formula with Γ(a) and B(a, b) where they are written as gamma(a) and beta(a, b)."""
    found = map_parts(expression, with_functions)
    match found:
        case Call(name, arguments, ()) if (name, len(arguments)) in FUNCTIONS:
            return Call(FUNCTIONS[name, len(arguments)], arguments)
    return found


def of_one(found: Expr) -> Expr:
    """The density of one observation, x, of the product ∏ᵢ of those of all."""
    if isinstance(found, BigOp) and found.kind == "product":
        observation = Indexed(X, (found.index,))
        return substitute(found.body, {observation: X})
    return found


def formula_of(raw: Text, reading: Expr | None = None) -> Expr:
    """The formula with its relations as indicators."""
    found = formula(raw) if reading is None else reading
    if isinstance(found, Chain):
        message = f"this is a relation, not a density: write the density itself, {EXAMPLE}"
        raise Invalid.at(message, raw.place)
    if any(isinstance(part, Listing | Matrix | Shape | Given) for part in walk(found)):
        raise Invalid.at(f"expected {EXAMPLE}", raw.place)
    found = with_indicators(with_functions(of_one(found)))
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


def typed_density(given: Estimation, model: Model) -> TypedDensity | None:
    if given.density is None:
        return None
    has_support = model.family.support != NUMBERS
    return TypedDensity(given.density.place, has_support, to_float(scalar(given.time_limit)))
