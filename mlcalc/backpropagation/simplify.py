"""A gradient as short as it gets: with SymPy, or as the chain rule leaves it if that is shorter."""

from __future__ import annotations

from mlcalc.backpropagation.tidy import tidied
from mlcalc.maths.compare import same
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.printing import columns, one_line
from mlcalc.maths.tree import Call, Expr, Number, Pow, Symbol, map_parts, substitute, walk

MOST_PARTS = 90
LARGEST_EXPONENT = 8
"""SymPy multiplies powers out; beyond these bounds that takes longer than it helps."""


def simplest(expression: Expr) -> Expr:
    """The same value in fewer signs."""
    plain = tidied(expression)
    if not is_small(plain):
        return plain
    from mlcalc.calculus import SYMPY_FUNCTIONS, simplified

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


def is_small(expression: Expr) -> bool:
    parts = list(walk(expression))
    exponents = [
        p.exponent.value for p in parts if isinstance(p, Pow) and isinstance(p.exponent, Number)
    ]
    return len(parts) <= MOST_PARTS and all(abs(e) <= LARGEST_EXPONENT for e in exponents)
