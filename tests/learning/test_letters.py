"""Letters of our own never meet those that were typed: formulas against the answers in numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.exercise import solve
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Expr, Symbol, free_symbols, substitute, wrap
from mlcalc.showing.derivation import Derivation

OURS = ("d", "n", "N", "k", "i", "j", "m", "H", "VC", "a")
"""Letters that formulas of ours use, and some that they do not."""

SIZED = ("intervals", "polynomials", "polygons", "nearest-neighbours")
"""Classes whose VC dimension is known for a size in letters."""

SPACED = (
    "linear", "linear-through-origin", "polynomials", "rectangles", "circles", "rings",
    "nearest-neighbours", "conjunctions", "monotone-conjunctions", "disjunctions",
    "decision-lists", "parities", "boolean-functions",
)  # fmt: skip
"""Classes of any dimension, whose VC dimension is known for one in letters."""

SIZE, SPACE, POINTS = 3, 4, 7


def solved(**given: Any) -> Derivation:
    return solve("vc", from_plain(given, Place("test")))  # type: ignore[arg-type]


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    return None if answer is None else answer.value


def numbers(formula: Any, typed: dict[str, int], *own: int) -> Any:
    """The formula with the typed letters at their numbers and the others, of which none is a
    typed one and as many as are asked for, at theirs."""
    if not isinstance(formula, Expr):
        return formula
    others = sorted(free_symbols(formula) - set(map(Symbol, typed)), key=str)
    assert len(others) <= len(own), f"{others} are more letters than {own} needs"
    values: dict[Expr, Expr] = {Symbol(name): wrap(number) for name, number in typed.items()}
    values |= dict(zip(others, map(wrap, own), strict=False))
    return exact(substitute(formula, values))


@pytest.mark.parametrize("letter", OURS)
@pytest.mark.parametrize("name", SIZED)
def test_a_size_in_letters(name: str, letter: str) -> None:
    in_letters = solved(hypothesis_class=f"{name}({letter})")
    dimension = value(in_letters, "vc_dimension")
    typed = {letter: SIZE}
    for space in (SPACE, 2) if name == "polynomials" else (None,):
        known = {} if space is None else {"dimension": str(space)}
        there = solved(hypothesis_class=f"{name}({SIZE})", **known, n=str(POINTS))
        assert numbers(dimension, typed, space or 0) == value(there, "vc_dimension")
        with_points = solved(hypothesis_class=f"{name}({letter})", **known, n=str(POINTS))
        growth = value(with_points, "growth")
        if growth is not None:
            assert numbers(growth, typed) == value(there, "growth"), with_points


@pytest.mark.parametrize("letter", OURS)
@pytest.mark.parametrize("name", SPACED)
def test_a_dimension_in_letters(name: str, letter: str) -> None:
    """Also where the class has a size that nobody named: it is not that letter."""
    in_letters = solved(hypothesis_class=name, dimension=letter)
    has_size = name == "polynomials"
    sized = f"{name}({SIZE})" if has_size else name
    there = solved(hypothesis_class=sized, dimension=str(SPACE), n=str(POINTS))
    found = numbers(value(in_letters, "vc_dimension"), {letter: SPACE}, *[SIZE] * has_size)
    assert found == value(there, "vc_dimension")
    with_points = solved(hypothesis_class=sized, dimension=letter, n=str(POINTS))
    growth = value(with_points, "growth")
    if isinstance(growth, Expr):
        assert numbers(growth, {letter: SPACE}) == value(there, "growth")


@pytest.mark.parametrize("letter", OURS)
def test_a_number_of_points_in_letters(letter: str) -> None:
    """The index of Sauer's sum is not the letter of the points: 2·Σ C(6, i) up to 4 = 114."""
    growth = value(solved(hypothesis_class="linear", dimension="4", n=letter), "growth")
    assert numbers(growth, {letter: POINTS}) == 2 * (1 + 6 + 15 + 20 + 15)
    bound = value(solved(vc_dimension=letter, n=str(POINTS)), "growth")
    assert numbers(bound, {letter: 2}) == 1 + 7 + 21
    free = value(solved(vc_dimension=letter), "growth")
    assert numbers(free, {letter: 2}, POINTS) == Fraction(1 + 7 + 21)


def test_the_letter_of_the_issue() -> None:
    """C(n + d, d): n is the dimension of space, since d is the degree."""
    found = value(solved(hypothesis_class="polynomials(degree=d)"), "vc_dimension")
    assert {str(s.name) for s in free_symbols(found)} == {"n", "d"}
