"""Products and sums of local gradients without their ones and zeros."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.maths.tree import (
    Add,
    Call,
    Expr,
    Hadamard,
    MatMul,
    Mul,
    Neg,
    Number,
    Transpose,
    map_parts,
)

ONE, ZERO = Number(Fraction(1)), Number(Fraction(0))


def tidied(expression: Expr) -> Expr:
    """1·x as x, x + 0 as x, 0·x as 0; nothing else is changed."""
    match map_parts(expression, tidied):
        case Mul(factors):
            return product(factors)
        case Hadamard(factors):
            return hadamard(factors)
        case Add(terms):
            return total(terms)
        case Neg(Neg(inner)):
            return inner
        case Neg(Number(value)) if value == 0:
            return ZERO
        case Transpose(Transpose(inner)):
            return inner
        case MatMul(factors):
            return matrix_product(factors)
        case found:
            return found


def product(factors: tuple[Expr, ...]) -> Expr:
    """Factors of 1 left out, signs taken to the front."""
    flat = [f for factor in factors for f in (factor.factors if is_product(factor) else (factor,))]
    if ZERO in flat:
        return ZERO
    is_negative = sum(isinstance(f, Neg) for f in flat) % 2 == 1
    kept = [f.operand if isinstance(f, Neg) else f for f in flat]
    kept = [f for f in kept if f != ONE]
    kept = [f for f in kept if isinstance(f, Number)] + [
        f for f in kept if not isinstance(f, Number)
    ]
    found = Mul(tuple(kept)) if len(kept) > 1 else kept[0] if kept else ONE
    return Neg(found) if is_negative else found


def is_product(factor: Expr) -> bool:
    return isinstance(factor, Mul)


def hadamard(factors: tuple[Expr, ...]) -> Expr:
    """A vector of ones left out where another stands beside it."""
    flat = [g for f in factors for g in (f.factors if isinstance(f, Hadamard) else (f,))]
    kept = [f for f in flat if not is_ones(f)] or flat[:1]
    return Hadamard(tuple(kept)) if len(kept) > 1 else kept[0]


def is_ones(factor: Expr) -> bool:
    return isinstance(factor, Call) and factor.name == "ones"


def total(terms: tuple[Expr, ...]) -> Expr:
    kept = [t for t in terms if t not in (ZERO, Neg(ZERO))]
    return Add(tuple(kept)) if len(kept) > 1 else kept[0] if kept else ZERO


def matrix_product(factors: tuple[Expr, ...]) -> Expr:
    flat = [g for f in factors for g in (f.factors if isinstance(f, MatMul) else (f,))]
    return MatMul(tuple(flat))
