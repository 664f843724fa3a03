"""Lists, and the matrices that lists of rows make."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.maths.tree import Expr, Listing, Matrix, Shape


def is_entry(expression: Expr) -> bool:
    """Whether something can stand in a matrix: one number or formula, not several."""
    return not isinstance(expression, Listing | Matrix | Shape)


def listed(items: Sequence[Expr]) -> Expr:
    """The matrix that rows of one length make, else a plain list."""
    rows = [as_row(item) for item in items]
    if rows and all(row is not None for row in rows) and len({len(r) for r in rows if r}) == 1:
        return Matrix(tuple(row for row in rows if row is not None))
    return Listing(tuple(items))


def as_row(item: Expr) -> tuple[Expr, ...] | None:
    """The entries of an inner list; None for anything that is no row of a matrix."""
    if isinstance(item, Listing) and item.items:
        return item.items if all(map(is_entry, item.items)) else None
    return None
