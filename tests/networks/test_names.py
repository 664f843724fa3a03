"""One name means one thing: no symbol of a derivation stands for two values."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Place, Unsolved
from mlcalc.marking.exercise import solve
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Chain, Derivative, Expr, Symbol, walk
from mlcalc.showing.derivation import Derivation, Table
from tests.chains import expressions, is_true, meanings, twofold
from tests.kinds.test_backprop import MATRICES, Scalars, random_at
from tests.kinds.test_backprop import kept as named

SHARED = (
    "x*sigmoid(x)", "x + tanh(x)", "x*y + x", "max(x, x*y)", "x^2/(1 + x)", "x*exp(x)*y",
    "f = x*sigmoid(x)", "a*sigmoid(a)*f", "(x*y)*(x*y + x) + x", "x/(x + y)",
)  # fmt: skip
"""The last operation reads a variable that others read too."""

SHARED_MATRICES = ("u.T @ relu(u)", "u.T @ u", "x.T @ tanh(c * x)", "sum(x) * mean(x)")


POINT = {"x": 0.7, "y": -0.4, "z": 1.3, "w": 0.9, "f": 2.0, "a": 0.6}


def solved(kind: str, **given: Any) -> Derivation:
    return solve(kind, from_plain(given, Place("test")))  # type: ignore[arg-type]


def in_numbers() -> Iterator[tuple[str, dict[str, Any]]]:
    """What is written above, and 200 random expressions, each with values for its variables."""
    for expression in (*SHARED, *SHARED_MATRICES, *(e for e in MATRICES if "A" not in e)):
        values = {"f": "3", "a": "1/2", "x": "2", "y": "-0.5"}
        is_matrix = expression not in SHARED
        at = random_at(random.Random(expression)) if is_matrix else values
        yield expression, named(expression.split(" = ")[-1], at)
    for seed in range(200):
        maker = Scalars(seed)
        yield (expression := f"x*({maker.tree(3)})"), named(expression, maker.point())


def test_a_derivative_in_numbers_has_one_value() -> None:
    compared = 0
    for expression, at in in_numbers():
        try:
            derivation = solved("backprop", expression=expression, at=at)
        except Unsolved:
            continue  # log of a negative number, a quotient of zero
        assert twofold(derivation) == [], (expression, at)
        compared += sum(isinstance(name, Derivative) for name in meanings(derivation))
    assert compared > 1000


def test_a_derivative_in_letters_has_one_value() -> None:
    """Each formula for ∂f/∂x at random numbers, the names of the operations put in."""
    compared = 0
    letters = (*SHARED, *(f"x*({Scalars(seed).tree(2)})" for seed in range(60)))
    for expression in letters:
        derivation = solved("backprop", expression=expression)
        gradients = derivation.answer("gradients")
        assert gradients is not None and isinstance(gradients.value, dict)
        point: dict[Expr, Any] = {Symbol(name): POINT[name] for name in gradients.value}
        try:
            compared += compare(expression, chains(derivation), point)
        except EvaluationError:
            continue  # a root of a negative number
    assert compared > 300


def compare(expression: str, found: list[Chain], point: dict[Expr, Any]) -> int:
    """How many derivatives were compared with the first of their name."""
    values: dict[Expr, Any] = {}
    compared = 0
    for chain in found:
        if isinstance(chain.first, Symbol) and chain.first not in point:
            point[chain.first] = at(chain.members[-1], point)
    for chain in found:
        if isinstance(chain.first, Derivative):
            value = at(chain.members[-1], point)
            before = values.setdefault(chain.first, value)
            assert is_true(before, "=", value, is_rounded=True), (expression, one_line(chain))
            compared += 1
    return compared


def at(formula: Expr, point: dict[Expr, Any]) -> Any:
    return evaluate(formula, point)  # type: ignore[arg-type]


def chains(derivation: Derivation) -> list[Chain]:
    return [
        part
        for expression in expressions(derivation)
        for part in walk(expression)
        if isinstance(part, Chain) and part.links[0][0] == "="
    ]


@pytest.mark.parametrize("expression", SHARED_MATRICES)
def test_locals_in_letters_have_names_of_their_own(expression: str) -> None:
    """With matrices: what stands in the table of local gradients is said again, or not at all."""
    derivation = solved("backprop", expression=expression)
    local = next(step for step in derivation.steps if "local" in step.rule)
    names = {c.first: c.members[-1] for c in local.blocks if isinstance(c, Chain)}
    for step in derivation.steps:
        for block in step.blocks if step is not local else ():
            if isinstance(block, Chain) and block.first in names:
                shown = {one_line(member) for member in block.members[1:]}
                assert one_line(names[block.first]) in shown, (expression, one_line(block))


def test_of_matrices_what_comes_back_is_written_for_each_edge() -> None:
    """The derivative of a matrix by a matrix has four axes, and is no diagonal matrix."""
    at = "W=[[1,2],[3,-4]]; x=[[1,0],[0,1]]; b=[[0,1],[1,0]]"
    derivation = solved("backprop", expression="z = Wx + b; h = relu(z); L = sum(h)", at=at)
    local = next(step for step in derivation.steps if "local" in step.rule)
    shown = [one_line(block) for block in local.blocks if isinstance(block, Chain)]
    assert not any("diag" in line or "= I" in line for line in shown)
    (table,) = (block for block in local.blocks if isinstance(block, Table))
    brought = {"".join(map(str_of, row[0])): str_of(row[1]) for row in table.rows}
    assert brought["a to W"] == "∂L/∂a xᵀ"
    assert brought["a to x"] == "Wᵀ ∂L/∂a"
    assert brought["h to z"] == "∂L/∂h ⊙ 𝟙(z > 0)"


def str_of(part: Any) -> str:
    return part if isinstance(part, str) else one_line(part)
