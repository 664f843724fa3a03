"""≈ where a number is shown rounded: in sentences, and at the heads of columns."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mlcalc.maths.board import Prose
from mlcalc.maths.printing.rules import Form
from mlcalc.maths.tree import Decimal, Expr, Matrix, Number, Symbol, call, equals
from mlcalc.showing.derivation import Table
from mlcalc.showing.signs import block_signed, prose_signed

THIRD, HALF, X = Decimal(Fraction(1, 3)), Decimal(Fraction(1, 2)), Symbol("x")
FORM = Form(5)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("it is so", "it is so"),
        (("w = ", THIRD), ("w ≈ ", THIRD)),
        (("w = ", HALF), ("w = ", HALF)),
        (("it is ", THIRD, " degrees"), ("it is ≈ ", THIRD, " degrees")),
        (("about ≈ ", THIRD), ("about ≈ ", THIRD)),
        ((THIRD, " of all"), ("≈ ", THIRD, " of all")),
        (("f = ", call("exp", THIRD)), ("f = ", call("exp", THIRD))),
        (("as ", equals(X, THIRD)), ("as ", equals(X, THIRD))),
    ],
)
def test_in_a_sentence_the_sign_stands_before_the_number(given: Prose, told: Prose) -> None:
    assert prose_signed(given, FORM) == told


@pytest.mark.parametrize(
    ("head", "cells", "told"),
    [
        ("= downstream", (THIRD, Number(Fraction(1))), "≈ downstream"),
        ("= downstream", (HALF, Number(Fraction(1))), "= downstream"),
        (X, (THIRD,), ("≈ ", X)),
        (("at ", X), (Matrix(((THIRD, HALF),)),), ("≈ ", "at ", X)),
        ("share", ((THIRD, " %"),), "≈ share"),
        ("local", (equals(X, THIRD),), "local"),
    ],
)
def test_in_a_table_it_stands_at_the_head(
    head: Prose | Expr, cells: tuple[Prose | Expr, ...], told: Prose | Expr
) -> None:
    table = Table((head,), tuple((cell,) for cell in cells))
    assert block_signed(table, FORM) == Table((told,), table.rows)
