"""The arguments of a distribution, by position or by any of their names, as its own words.

Books differ in the order of parameters and in what a letter stands for, so what was typed may have
several readings; those that come to the same are one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from types import MappingProxyType

from mlcalc.estimation.distributions import FAMILIES, versions
from mlcalc.estimation.family import SD, VARIANCE, Family, fact
from mlcalc.estimation.letters import CONSTANT_LETTERS, is_letter
from mlcalc.estimation.quantities import meant
from mlcalc.files.errors import Invalid
from mlcalc.maths.calculus import simplified
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import source
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Call, Expr, Number, Pow, Symbol, free_symbols, substitute

Fault = Callable[[str], Invalid]
CHOICES = ("support", "parameter")
"""Keywords that choose a version, and are no parameters."""


class Reading(Record):
    """A distribution whose arguments all have names, and the letters of those that are unknown."""

    call: Call
    letters: Mapping[str, Symbol] = MappingProxyType({})
    """The letter for each unknown word, where one was typed."""
    in_order: Call | None = None
    """The same without names, with a word for each letter."""


def candidates(typed: Call, one: Family) -> Iterator[Call]:
    """What was typed with words of the family for its arguments, in each way it may be meant.

    A letter without a name is a value that is that letter.
    """
    count = len(typed.arguments)
    typed = without_shift(typed, one)
    names = [name for name, _ in typed.keywords]
    whole = count + len([name for name in names if name not in CHOICES])
    orders = [order for order in one.orders if is_filled(order, count, whole, one)]
    orders = orders if count else [()]
    for order in dict.fromkeys(order[:count] for order in orders):
        for chosen in product(*(words_for(one, name) for name in names)):
            words = (*order, *chosen)
            values = (*typed.arguments, *(value for _, value in typed.keywords))
            pairs = tuple(zip(words, values, strict=True))
            is_once = len({key_of(one, word) for word in words}) == len(words)
            if is_once and not any(is_square(v) and is_sd(one, w) for w, v in pairs[:count]):
                yield Call(typed.name, (), pairs)


def is_filled(order: tuple[str, ...], count: int, whole: int, one: Family) -> bool:
    """Whether nothing but names is left out: N(4) would be a mean or a variance, Bin(10) not."""
    return count <= len(order) and (
        whole == len(order)
        or all(word in one.known and word in one.whole for word in order[:count])
    )


def without_shift(typed: Call, one: Family) -> Call:
    """A `loc` of 0 says nothing of a family that has no location."""
    kept = [(n, v) for n, v in typed.keywords if n != "loc" or meant(one, n) or exact(v) != 0]
    return replace(typed, keywords=tuple(kept))


def is_sd(one: Family, word: str) -> bool:
    """Whether a word is a deviation, which no one writes as a square: N(μ, σ²), N(0, 3²)."""
    return word in SD and key_of(one, word) != key_of(one, VARIANCE[0])


def key_of(one: Family, word: str) -> str:
    """One word for all that mean the same quantity."""
    found = meant(one, word)
    return word if found is None else found[0].words[0]


def words_for(one: Family, name: str) -> tuple[str, ...]:
    """The words of the family that a name may stand for: β is a rate or a scale."""
    if name in CHOICES or name in one.parameters or name in one.known or meant(one, name):
        return (name,)
    if name in one.synonyms:
        return (one.synonyms[name],)
    words = doubts(one, name)
    return words if words and all(is_word(one, word) for word in words) else (name,)


def doubts(one: Family, letter: str) -> tuple[str, ...]:
    """The words for what books mean by a letter, of which some may not be known here."""
    pieces = one.doubtful.get(letter, "").split(" or ") if letter in one.doubtful else []
    words = [piece.removeprefix("the ").removeprefix("a ").replace(" ", "_") for piece in pieces]
    return tuple({"deviation": "sd"}.get(word, word) for word in words)


def is_square(value: Expr) -> bool:
    return isinstance(value, Pow) and exact(value.exponent) == 2


def is_variance(one: Family, word: str, value: Expr) -> bool:
    """Whether a letter squared is the name of a variance: σ² in N(μ, σ²), not θ² in Poisson(θ²)."""
    base = value.base if isinstance(value, Pow) else None
    if not is_square(value) or not isinstance(base, Symbol) or base.subscript:
        return False
    found = meant(one, word)
    words = () if found is None or base.spelled in one.parameters else found[0].words
    return bool({VARIANCE[0], f"{base.name}2"} & {*words}) and "mean" not in words


def plain(value: Expr) -> Expr:
    """σ² as the name sigma2, 3² as 9."""
    if is_square(value):
        assert isinstance(value, Pow)
        number = exact(value)
        if number is not None:
            return Number(number)
        if isinstance(value.base, Symbol) and not value.base.subscript:
            return Symbol(f"{value.base.name}2")
    return value


def readings(typed: Call, fault: Fault, may_be_known: bool) -> list[Reading]:
    """All that the arguments of a distribution of data may mean; one where they agree.

    `may_be_known` allows one of which nothing is unknown, else a letter is for what is unknown.
    """
    count = len(typed.arguments)
    one = with_order(typed)
    check_letters(typed, one, fault)
    found: list[Reading] = []
    for call in candidates(typed, one):
        call = replace(call, keywords=tuple(without_formula(one, *pair) for pair in call.keywords))
        check_tied(call, one, fault)
        reading = reading_of(call, one, count, not may_be_known and is_all_known(call, one))
        if reading is not None:
            found.append(replace(reading, in_order=in_order(call, one, count)))
    if not found:
        raise fault(f"give the parameters of {typed.name} by name: {usage(one)}")
    return found


def with_order(typed: Call) -> Family:
    """The family of the name that has the parameters which were typed, with names or without."""
    own = FAMILIES[typed.name]
    words = [name for name, _ in typed.keywords if name not in CHOICES]
    words += own.orders[0] if own.orders and typed.arguments else ()
    found = next((o for o in versions(typed.name) if all(is_word(o, w) for w in words)), own)
    return replace(found, orders=own.orders)


def without_formula(one: Family, word: str, value: Expr) -> tuple[str, Expr]:
    """A rate of 1/θ as a scale of θ: a quantity that is such a formula of the one that is typed."""
    letters = letters_in(value)
    own = own_word(one, word)
    if len(letters) != 1 or isinstance(value, Symbol) or is_variance(one, word, value):
        return word, value
    (letter,) = letters
    for quantity in one.quantities:
        if not quantity.inverse:
            continue
        is_other = is_square(value) and letter.spelled in one.parameters
        if own == quantity.own and not is_other and is_same(quantity.inverse, "t", letter, value):
            return quantity.words[0], letter
        if word in quantity.words and is_same(quantity.formula, quantity.own, letter, value):
            return quantity.own, letter
    return word, value


def letters_in(value: Expr) -> frozenset[Symbol]:
    return free_symbols(value) - CONSTANT_LETTERS


def is_same(formula: str, argument: str, letter: Symbol, value: Expr) -> bool:
    written = substitute(fact(formula), {Symbol.named(argument): letter})
    return simplified(written) == simplified(value)


def check_tied(call: Call, one: Family, fault: Fault) -> None:
    """Refuses θ² beside θ, or where it is no variance: as a letter of its own it would be free."""
    for word, value in call.keywords:
        others = [other for name, other in call.keywords if name != word]
        is_free = is_variance(one, word, value)
        shared = free_symbols(value) & frozenset().union(*map(free_symbols, others))
        if is_square(value) and free_symbols(value) and (shared or not is_free):
            raise fault(tied(one, value, call.keywords))


def tied(one: Family, value: Expr, pairs: Sequence[tuple[str, Expr]]) -> str:
    """The complaint about a parameter that is a formula of a letter, and the density to write."""
    letters = " and ".join(sorted(letter.spelled for letter in letters_in(value)))
    known: dict[Expr, Expr] = {}
    for word, each in pairs:
        found = meant(one, word)
        name = own_word(one, word)
        if found is not None and name not in one.parameters and found[0].inverse:
            name, each = found[0].own, substitute(fact(found[0].inverse), {Symbol("t"): each})
        known[Symbol.named(one.known.get(name, name))] = each
    said = f"{source(value)} is a formula of {letters}, and not a letter of its own"
    if not one.density:
        return f"{said}: write a density of your own"
    density = substitute(fact(one.density), known)
    if one.ends is None:
        return f"{said}: write the density instead, {source(density)}"
    low, high = (source(substitute(fact(end), known)) for end in one.ends)
    return (
        f"{said}: write the density instead, {source(simplified(density))}, with the support "
        f"{low} <= x <= {high}"
    )


def check_letters(typed: Call, one: Family, fault: Fault) -> None:
    """Refuses formulas without names, and letters that may stand for what has no place there."""
    for place, argument in enumerate(map(plain, typed.arguments)):
        words = [order[place] for order in one.orders if len(order) > place]
        if any(without_formula(one, word, argument) != (word, argument) for word in words):
            continue
        if exact(argument) is None and not isinstance(argument, Symbol):
            whole = [order for order in one.orders if len(order) == len(typed.arguments)]
            if whole and not typed.keywords and free_symbols(argument):
                raise fault(tied(one, argument, tuple(zip(whole[0], typed.arguments, strict=True))))
            raise fault(
                f"{source(argument)} is neither a number nor a letter for a parameter of "
                f"{one.title}: write {usage(one)}, or a density of your own with its support"
            )
        letter = argument.spelled if isinstance(argument, Symbol) else ""
        there = {key_of(one, order[place]) for order in one.orders if len(order) > place}
        meanings = {key_of(one, word) for word in doubts(one, letter)}
        if len(meanings) > 1 and not meanings <= there:
            doubt = one.doubtful[letter]
            raise fault(
                f"{letter} may be read as {doubt} of {one.title}: write "
                f"{usage(one)} without what is unknown"
            )


def in_order(call: Call, one: Family, count: int) -> Call | None:
    """The arguments without names, a word for each letter; None where some have names."""
    if count < len(call.keywords):
        return None
    values = (
        Symbol.named(in_words(one, word)) if isinstance(value, Symbol) else value
        for word, value in call.keywords
    )
    return Call(call.name, tuple(values))


def in_words(one: Family, word: str) -> str:
    """The rate for λ: the word for a quantity that has a letter too."""
    found = meant(one, word)
    words = () if found is None else found[0].words
    return next((w for w in words if not is_letter(w)), word)


def is_word(one: Family, word: str) -> bool:
    return word in one.known or meant(one, word) is not None


def usage(one: Family) -> str:
    names = (*one.known, *one.parameters)
    return f"{one.name}({', '.join(f'{name}=…' for name in names)})"


def is_all_known(call: Call, one: Family) -> bool:
    words = {key_of(one, word) for word, _ in call.keywords}
    own = {word for word, _ in call.keywords if is_own_version(one, word)}
    return len(words | own) >= len(one.parameters) + len(one.known)


def reading_of(call: Call, one: Family, count: int, is_known: bool) -> Reading | None:
    """What a distribution is if its arguments stand for those words; None where they cannot.

    A letter is unknown that goes without a name, or stands for itself, or where nothing else is.
    """
    known: list[tuple[str, Expr]] = []
    letters: dict[str, Symbol] = {}
    version: list[tuple[str, Expr]] = []
    for place, (word, typed) in enumerate(call.keywords):
        value = plain(typed) if exact(typed) is not None or is_variance(one, word, typed) else typed
        name = own_word(one, word)
        has_letter = isinstance(value, Symbol) and word not in CHOICES
        is_bare = place < count or is_known or same_quantity(one, word, value)
        is_formula = exact(value) is None and not isinstance(value, Symbol)
        if is_formula and place < count:
            return None  # a deviation of 1/τ, where a variance of that is a precision of τ
        if not has_letter or not is_bare:
            known.append((name, value))
            continue
        assert isinstance(value, Symbol)
        if not may_be(one, word, value.spelled):
            return None
        if name in one.known:
            letter = one.known[name] if value.spelled == name else value.spelled
            known.append((name, Symbol.named(letter)))
            continue
        if name not in one.parameters:
            if version or not is_own_version(one, word):
                return None
            name = value.spelled if same_quantity(one, word, value) else word
            version.append(("parameter", Symbol.named(name)))
        letters[name] = value
    return in_version(Call(call.name, (), (*known, *version)), one, letters)


def in_version(call: Call, one: Family, letters: Mapping[str, Symbol]) -> Reading:
    """The reading in the version of the family that has what is unknown: U(0, θ), U(a, b)."""
    base, known = FAMILIES[call.name], dict(call.keywords)
    if one is not base and base.ends and one.ends and not known.keys() & CHOICES:
        (low, high), (start, end) = one.ends, base.ends
        is_from_there = low in known and exact(known[low]) == exact(fact(start))
        if is_from_there and set(known) == {low} and high in letters:
            return Reading(Call(call.name), {end: letters[high]})
        if set(letters) == {low, high}:
            return Reading(Call(call.name, (Symbol(low), Symbol(high))), letters)
    return Reading(call, letters)


def own_word(one: Family, word: str) -> str:
    """The family's own name for a parameter, where the word means one."""
    found = meant(one, word)
    formula = None if found is None else found[1]
    is_own = isinstance(formula, Symbol) and formula.spelled in one.parameters
    return formula.spelled if is_own and isinstance(formula, Symbol) else word


def is_own_version(one: Family, word: str) -> bool:
    found = meant(one, word)
    return found is not None and bool(found[0].inverse)


def same_quantity(one: Family, word: str, value: Expr) -> bool:
    """Whether a letter is one for the quantity that the word means: σ for sd, p for θ."""
    return isinstance(value, Symbol) and key_of(one, value.spelled) == key_of(one, word)


def may_be(one: Family, word: str, letter: str) -> bool:
    """Whether a letter that means something in the family may stand for that quantity."""
    own = one.synonyms.get(letter, letter)
    return not is_word(one, own) or key_of(one, word) == key_of(one, own)


def differing(found: list[Reading]) -> str:
    """How to write each of several readings."""
    by_name = [reading.call for reading in found]
    in_order = [reading.in_order for reading in found]
    names = [{name for name, _ in call.keywords if name != "parameter"} for call in by_name]
    are_named = None in in_order or any(own != names[0] for own in names)
    return " or ".join(source(way) for way in (by_name if are_named else in_order) if way)
