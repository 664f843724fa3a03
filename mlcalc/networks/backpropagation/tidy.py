"""A gradient as short as it gets: without ones and zeros, and with SymPy where that is shorter."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from mlcalc.maths.compare import same
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.printing import columns, one_line
from mlcalc.maths.tree import (
    Add,
    Call,
    Div,
    Expr,
    Hadamard,
    MatMul,
    Mul,
    Neg,
    Number,
    Pow,
    Shape,
    Symbol,
    Transpose,
    call,
    joined,
    map_parts,
    spread,
    substitute,
    walk,
)
from mlcalc.networks.backpropagation.slopes import ONE, ZERO


def tidied(expression: Expr) -> Expr:
    """1·x as x, 0·x as 0, x + x as 2x, numbers and signs at the front of products."""
    match map_parts(expression, tidied):
        case Mul(factors):
            return product(factors)
        case Hadamard((p, Add((Neg(Div(t, below)), Neg(Call("sum", (Neg(same),))))))) if (
            below == p and same == t
        ):
            # Softmax and cross-entropy: p ⊙ (−t/p + sum(t)).
            return total((product((call("sum", t), p)), Neg(t)))
        case Hadamard(factors):
            return hadamard(cancelled(factors))
        case Add(terms):
            return total(terms)
        case Neg(Neg(inner)):
            return inner
        case Neg(Number(value)) if value == 0:
            return ZERO
        case Transpose(Transpose(inner)):
            return inner
        case Transpose(Call("ones", (Shape((height, width)),))):
            return call("ones", Shape((width, height)))
        case Transpose(MatMul(factors)):
            turned = tuple(tidied(Transpose(factor)) for factor in reversed(factors))
            return matrix_product(turned)
        case MatMul(factors):
            return matrix_product(factors)
        case found:
            return found


def product(factors: tuple[Expr, ...]) -> Expr:
    """Factors of 1 left out, numbers multiplied and signs taken to the front."""
    flat = spread(Mul, *factors)
    if ZERO in flat:
        return ZERO
    is_negative = sum(isinstance(f, Neg) for f in flat) % 2 == 1
    kept = [f.operand if isinstance(f, Neg) else f for f in flat]
    found = joined(Mul, with_one_number(kept) or (ONE,))
    return Neg(found) if is_negative else found


def with_one_number(factors: Sequence[Expr]) -> tuple[Expr, ...]:
    """2·(1/m)·x as (2/m)·x; a single number as it was typed."""
    numbers = [f for f in factors if isinstance(f, Number) and f != ONE]
    others = [f for f in factors if not isinstance(f, Number)]
    quotient = next((f for f in others if is_bare_quotient(f)), None)
    if quotient is None and len(numbers) < 2:
        return (*numbers, *others)
    whole = math.prod((number.value for number in numbers), start=Fraction(1))
    if isinstance(quotient, Div) and isinstance(quotient.numerator, Number):
        others.remove(quotient)
        whole *= quotient.numerator.value
        if not isinstance(quotient.denominator, Number):
            return (Div(Number(whole), quotient.denominator), *others)
        whole /= quotient.denominator.value
    return (Number(whole), *others) if whole != 1 else tuple(others)


def is_bare_quotient(factor: Expr) -> bool:
    return isinstance(factor, Div) and isinstance(factor.numerator, Number)


def cancelled(factors: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """−t/p ⊙ p as −t."""
    match factors:
        case (Neg(Div(above, below)), other) if below == other:
            return (Neg(above),)
        case (Div(above, below), other) if below == other:
            return (above,)
    return factors


def hadamard(factors: tuple[Expr, ...]) -> Expr:
    """A vector of ones left out where another stands beside it; numbers and signs in front."""
    numbers, vectors = all_apart(spread(Hadamard, *factors))
    whole = joined(Hadamard, [v for v in vectors if not is_ones(v)] or vectors[:1])
    return product((*numbers, whole)) if numbers else whole


def matrix_product(factors: tuple[Expr, ...]) -> Expr:
    """A B C without brackets, numbers and signs in front."""
    numbers, matrices = all_apart(spread(MatMul, *factors))
    whole = MatMul(spread(MatMul, *matrices))
    return product((*numbers, whole)) if numbers else whole


def all_apart(factors: Sequence[Expr]) -> tuple[list[Expr], list[Expr]]:
    """The numbers at the front of vectors and matrices, and these without them."""
    pairs = [apart(factor) for factor in factors]
    return [number for front, _ in pairs for number in front], [vector for _, vector in pairs]


def apart(factor: Expr) -> tuple[list[Expr], Expr]:
    """What is a number for sure at the front of a vector, and the vector."""
    match factor:
        case Neg(inner):
            front, vector = apart(inner)
            return [Neg(ONE), *front], vector
        case Mul((*front, vector)) if is_ones(vector) or all(isinstance(f, Number) for f in front):
            return front, vector
    return [], factor


def is_ones(factor: Expr) -> bool:
    return isinstance(factor, Call) and factor.name == "ones"


def total(terms: tuple[Expr, ...]) -> Expr:
    """Zeros left out, and x + x as 2x."""
    counts = Counter(t for t in spread(Add, *terms) if t not in (ZERO, Neg(ZERO)))
    kept = [t if n == 1 else product((Number(Fraction(n)), t)) for t, n in counts.items()]
    return joined(Add, kept or (ZERO,))


# With SymPy.

MOST_MONOMIALS = 1000
"""SymPy multiplies everything out; what becomes longer than this takes seconds."""


def simplest(expression: Expr) -> Expr:
    """The same value in fewer signs."""
    plain = tidied(expression)
    if monomials(plain) > MOST_MONOMIALS:
        return plain
    from mlcalc.maths.calculus import SYMPY_FUNCTIONS, simplified

    opaque: dict[Expr, Expr] = {}

    def covered(part: Expr) -> Expr:
        """The part with a letter for each function that SymPy is not told of."""
        if isinstance(part, Call) and part.name not in SYMPY_FUNCTIONS:
            return opaque.setdefault(part, Symbol("opaque", str(len(opaque))))
        return map_parts(part, covered)

    inside = covered(plain)
    try:
        found = simplified(inside)
    except (EvaluationError, TypeError):
        return plain
    shorter = substitute(found, {letter: part for part, letter in opaque.items()})
    is_shorter = columns(one_line(shorter)) < columns(one_line(plain))
    return shorter if is_shorter and same(shorter, plain) is not False else plain


def monomials(expression: Expr) -> int:
    """How many terms the expression may have as one fraction, multiplied out."""
    letters = {part for part in walk(expression) if isinstance(part, Symbol | Call)}
    degree = max(degrees(expression))
    return math.comb(degree + len(letters), len(letters))


def degrees(expression: Expr) -> tuple[int, int]:
    """At most the degrees of numerator and denominator; a function counts as a letter."""
    match expression:
        case Number():
            return 0, 0
        case Neg(operand):
            return degrees(operand)
        case Add(terms):
            parts = [degrees(term) for term in terms]
            below = sum(denominator for _, denominator in parts)
            return max(above + below - own for above, own in parts), below
        case Mul(factors):
            return added_up(map(degrees, factors))
        case Div(numerator, denominator):
            (top, under_top), (bottom, under_bottom) = degrees(numerator), degrees(denominator)
            return top + under_bottom, under_top + bottom
        case Pow(base, Number(exponent)) if exponent.denominator == 1:
            size = abs(exponent.numerator)
            up, down = (size * degree for degree in degrees(base))
            return (up, down) if exponent > 0 else (down, up)
    return 1, 0


def added_up(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    above, below = zip(*pairs, strict=True)
    return sum(above), sum(below)
