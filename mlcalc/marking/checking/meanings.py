"""What the letters of a formula mean that the answer writes otherwise: N for n, h for k, xᵢ for x.

The answer is in the number n of the data, their sum, functions of all x, and the letters of a
prior; of data that are 0 or 1 it has k of the n.  What people write for these is put into those,
in each way that is possible.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from itertools import islice, product

from mlcalc.marking.checking.reading import letters_of
from mlcalc.maths.compare import DATA, MEAN, SUM, X_BAR, is_of_data
from mlcalc.maths.functions import FUNCTIONS
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Div,
    Expr,
    Indexed,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
    free_symbols,
    map_parts,
    substitute,
    walk,
)

N, K = Symbol("n"), Symbol("k")
ZERO, ONE, TWO = (Number(Fraction(number)) for number in range(3))

OF_DATA = tuple("xyzt")
"""What data are called."""
INDICES = tuple("ijkt")
"""What they are counted by."""
OF_ONE = (*INDICES, "n", "1", "2", "(n)", "(1)")
"""What stands below the letter of the data."""
HOW_MANY = frozenset({"N", "m", "M", "T", "n"})
COUNTED = ("N", "m", "k", "M")
"""What people call the number of those in a class, n_c."""
ONES = frozenset(
    {
        *("h", "H", "s", "S", "K", "m", "r", "x", "y", "heads", "successes", "ones"),
        *("n_1", "N_1", "n1", "N1", "k_1", "m_1", "n_h", "n_H", "N_h", "N_H", "N_heads", "n_heads"),
        *("n_s", "n_S", "N_S", "N_k", "n_k", "n_+", "a_1", "h_n"),
    }
)
"""What people call the number of successes."""
NOUGHTS = frozenset(
    {
        *("t", "T", "f", "F", "tails", "failures", "zeros", "l"),
        *("n_0", "N_0", "n0", "N0", "k_0", "m_0", "n_t", "n_T", "N_t", "N_T", "N_tails", "n_tails"),
        *("n_f", "n_F", "N_F"),
    }
)
FIRST = frozenset({"a", "alpha", "A", "alpha_H", "alpha_h", "a_0", "alpha_0", "a_1", "alpha_1"})
SECOND = frozenset({"b", "beta", "B", "alpha_T", "alpha_t", "b_0", "beta_0", "a_2", "alpha_2"})
NUMBERED = {"alpha_0": "alpha_1", "a_0": "a_1"}
"""Of two letters of a prior that are numbered from 0, the one of the failures and its partner."""
MOST = 16
"""So many ways to read the letters of one formula are looked at."""


def meanings(claimed: Expr, value: Expr, of_ones: bool) -> tuple[Expr, ...]:
    """The readings of a formula in the letters of the answer, one where nothing is foreign.

    `of_ones` where k of the data are 1 and the others 0.
    """
    own = letters_of(value)
    has_data = is_in_data(value)
    is_binary = of_ones and not has_data and K in own
    if not (has_data or is_binary):
        return (without_places(claimed, own),)
    found = with_squares(over_data(claimed, own), own)
    taken = letters_of(found) & {*own, N}
    if is_binary:
        found = in_ones(found)
    known = own | {SUM, MEAN, N} | (set() if is_binary else {DATA})
    foreign = sorted_by_name(letters_of(found) - known)
    candidates = [list(targets(one, foreign, own, taken, is_binary)) for one in foreign]
    read = [(one, there) for one, there in zip(foreign, candidates, strict=True) if there]
    ways = islice(product(*(there for _, there in read)), MOST)
    readings = [
        substitute(found, dict(zip((one for one, _ in read), way, strict=True)))
        for way in ways
        if len(set(way)) == len(way)
    ]
    both = [way for one in readings or [found] for way in (one, with_powers_inside(one))]
    return tuple(dict.fromkeys(both))


def with_powers_inside(claimed: Expr) -> Expr:
    """The sum of squares for sum(x_i - m)^2, which is rarely meant as the square of the sum."""
    match map_parts(claimed, with_powers_inside):
        case Pow(Call("sum" | "mean" as kind, (Add() as of,), ()), power):
            return Call(kind, (Pow(of, power),))
        case other:
            return other


def without_places(claimed: Expr, own: Collection[Symbol]) -> Expr:
    """h − y for hₖ − yₖ, where the answer says it of each entry without an index."""
    foreign = letters_of(claimed) - set(own)
    indices = {symbol.subscript for symbol in foreign}
    at: dict[Expr, Expr] = {s: Symbol(s.name, "", s.accent) for s in foreign}
    is_one = len(indices) == 1 and all(len(i) == 1 and i.isalpha() for i in indices)
    return substitute(claimed, at) if is_one and set(at.values()) <= set(own) else claimed


def is_in_data(value: Expr) -> bool:
    """Whether an answer has a sum, a mean or another function of all x, or counts in classes."""
    own = letters_of(value)
    has_counts = N in own and any(s.name == "n" and s.subscript for s in own)
    return has_counts or bool({SUM, MEAN, X_BAR} & own) or any(map(is_of_data, walk(value)))


def targets(
    one: Symbol,
    foreign: Collection[Symbol],
    own: Collection[Symbol],
    taken: Collection[Symbol],
    is_binary: bool,
) -> Iterator[Expr]:
    """What a foreign letter may stand for: letters of the answer that do not stand there."""
    name = one.spelled
    if name in HOW_MANY and N not in taken:
        yield N
    if is_binary and name in ONES and K not in taken:
        yield K
    if is_binary and name in NOUGHTS:
        yield N - K
    others = {symbol.spelled for symbol in foreign}
    is_failure = name in NUMBERED and NUMBERED[name] in others
    for letters in (SECOND,) if is_failure else (FIRST, SECOND):
        if name in letters or (is_failure and letters is SECOND):
            yield from (s for s in sorted_by_name(own) if s.spelled in letters and s not in taken)
    for symbol in sorted_by_name(own):
        if symbol not in taken and symbol != one and are_called_alike(symbol, one):
            yield symbol


def are_called_alike(own: Symbol, other: Symbol) -> bool:
    """Whether two letters are spelled alike, or as μ0 and μ_0, or n_c and N_k."""
    name = "n" if other.name in COUNTED else other.name
    is_entry = len(own.subscript) == 1 == len(other.subscript) and own.name == name
    return squashed(own) == squashed(other) or is_entry


def sorted_by_name(symbols: Collection[Symbol]) -> list[Symbol]:
    return sorted(symbols, key=lambda symbol: symbol.spelled)


def squashed(symbol: Symbol) -> str:
    """mu0 for μ_0, which some write as μ0."""
    return symbol.spelled.replace("_", "")


def over_data(claimed: Expr, own: Collection[Symbol]) -> Expr:
    """The formula with its sums, means and largest values as functions of all x."""
    letter = letter_of_data(claimed, own)
    names = (letter, letter.swapcase())

    def is_data(node: Expr) -> bool:
        return isinstance(node, Symbol) and node.name in names and not node.subscript

    def entry(node: Expr, indices: Collection[str]) -> Expr:
        """x for xᵢ, x[i] and x⁽ⁱ⁾."""
        match node:
            case Symbol(name, subscript, "") if name in names and subscript in indices:
                return DATA
            case Symbol(name, "", "") if (
                len(name) == 2 and name[0] in names and (name[1] in indices and node not in own)
            ):
                return DATA
            case Symbol(name, "", "") if name in names and node not in own:
                return DATA
            case Indexed(Symbol() as base, (Symbol(index),)) if is_data(base) and index in indices:
                return DATA
            case Pow(Symbol() as base, Symbol(index) as power) if (
                is_data(base) and index in indices and power not in own
            ):
                return DATA
            case Call(name, (_,), ()) if is_reducing(name):
                return node
        return map_parts(node, lambda part: entry(part, indices))

    def rewritten(node: Expr) -> Expr:
        match map_parts(node, rewritten):
            case Symbol(name, "" | "n" | "N" | "m", "bar") if name in names:
                return Call("mean", (DATA,))
            case Symbol(name, "", "") if len(name) > 1 and name[0] in names and name[1:] == "bar":
                return Call("mean", (DATA,))
            case Symbol(name, "(n)" | "(N)", "") if name in names:
                return Call("max", (DATA,))
            case Symbol(name, "(1)", "") if name in names:
                return Call("min", (DATA,))
            case Call(name, (argument,), ()) if is_reducing(name):
                of = entry(argument, indices_in(argument, names, own))
                return N if name == "len" and of == DATA else Call(name, (of,))
            case BigOp(kind, body, index, low, high) as big if runs_over_all(low, high, own):
                of = entry(body, (index.name,))
                return Call(kind, (of,)) if DATA in free_symbols(of) else big
            case other:
                return other

    return rewritten(claimed)


def is_reducing(name: str) -> bool:
    return name in FUNCTIONS and FUNCTIONS[name].over_list


def indices_in(argument: Expr, names: Collection[str], own: Collection[Symbol]) -> tuple[str, ...]:
    """By what the data are counted in a sum without limits: i, or n where there is no i."""
    found = {s.subscript for s in free_symbols(argument) if s.name in names and s.subscript}
    found |= {s.name[1] for s in free_symbols(argument) if len(s.name) == 2 and s.name[0] in names}
    usual = [index for index in INDICES if Symbol(index) not in own]
    return ("n",) if "n" in found and not found & set(usual) else tuple(usual)


def runs_over_all(low: Expr | None, high: Expr | None, own: Collection[Symbol]) -> bool:
    """Whether an index runs from 1 to n, or from 0 to n − 1."""
    match high:
        case Symbol() if is_how_many(high, own):
            return low == ONE
        case Add((Symbol() as number, Neg(one))) if is_how_many(number, own):
            return low == ZERO and one == ONE
    return False


def is_how_many(letter: Symbol, own: Collection[Symbol]) -> bool:
    return letter == N or (letter.spelled in HOW_MANY and letter not in own)


def letter_of_data(claimed: Expr, own: Collection[Symbol]) -> str:
    """The one letter that has an index or a bar, or of all of which there is a function."""
    found = set()
    for node in walk(claimed):
        match node:
            case Symbol(name, subscript, accent) if accent == "bar" or subscript in OF_ONE:
                found.add(name)
            case Indexed(Symbol(name), _):
                found.add(name)
            case Call(name, (Symbol(letter, "", ""),), ()) if is_reducing(name):
                found.add(letter)
    letters = {name.lower() for name in found if Symbol(name) not in own} & set(OF_DATA)
    return letters.pop() if len(letters) == 1 and DATA not in free_symbols(claimed) else "x"


def with_squares(claimed: Expr, own: Collection[Symbol]) -> Expr:
    """σ² as the answer has it: one letter sigma2, or the square of σ."""
    squares = {s: Symbol(f"{s.name}2", s.subscript) for s in free_symbols(claimed) if s not in own}
    swap: dict[Expr, Expr] = {Pow(s, TWO): two for s, two in squares.items() if two in own}
    for symbol in free_symbols(claimed) - set(own):
        root = Symbol(symbol.name[:-1], symbol.subscript)
        if symbol.name.endswith("2") and root in own:
            swap[symbol] = Pow(root, TWO)
    return substitute(claimed, swap) if swap else claimed


def in_ones(claimed: Expr) -> Expr:
    """Functions of all x where each is 0 or 1, by the k that are 1 and the n − k that are 0."""

    def rewritten(node: Expr) -> Expr:
        match map_parts(node, rewritten):
            case Call("sum" | "mean" | "product" as kind, (of,), ()) if DATA in free_symbols(of):
                one, nought = (substitute(of, {DATA: number}) for number in (ONE, ZERO))
                if kind == "product":
                    return Mul((Pow(one, K), Pow(nought, N - K)))
                whole = Add((Mul((K, one)), Mul((N - K, nought))))
                return Div(whole, N) if kind == "mean" else whole
            case Symbol() as symbol if symbol == SUM:
                return K
            case Symbol() as symbol if symbol == MEAN:
                return Div(K, N)
            case other:
                return other

    return rewritten(claimed)
