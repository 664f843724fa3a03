"""Reals against mpmath: fifty digits, near 1 and far from it, and what is only rounding."""

from __future__ import annotations

import pickle
from fractions import Fraction

import mpmath
import pytest

from mlcalc.maths.activations import ACTIVATIONS
from mlcalc.maths.evaluate import evaluate, flattened
from mlcalc.maths.functions import Scalar, TooLarge, exp, over, sigmoid, tanh
from mlcalc.maths.numerics.real import Real
from mlcalc.maths.printing import Style, one_line
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Decimal, Symbol, equals

PLACES = (1, 5, 18, 20, 30, 36, 40, 100, 700, 800)


@pytest.fixture(autouse=True)
def _many_digits() -> None:
    mpmath.mp.dps = 900


def is_near(found: Scalar, wanted: mpmath.mpf) -> bool:
    assert isinstance(found, Real)
    return bool(abs(mpmath.mpf(str(found.digits)) - wanted) <= abs(wanted) * mpmath.mpf(10) ** -45)


@pytest.mark.parametrize("z", [sign * place for place in PLACES for sign in (1, -1)])
def test_activations_and_their_slopes_have_all_their_digits(z: int) -> None:
    at, exact = Fraction(z), mpmath.mpf(z)
    s, t = 1 / (1 + mpmath.exp(-exact)), mpmath.tanh(exact)
    assert is_near(sigmoid(at), s)
    assert is_near(tanh(at), t)
    assert is_near(ACTIVATIONS["sigmoid"].slope_at(at, sigmoid(at)), s * (1 - s))
    assert is_near(ACTIVATIONS["tanh"].slope_at(at, tanh(at)), 1 - t * t)


@pytest.mark.parametrize("z", [18.0, 30.0, -30.0, 100.0])
def test_slopes_of_floats_do_not_cancel(z: float) -> None:
    s, t = 1 / (1 + mpmath.exp(-mpmath.mpf(z))), mpmath.tanh(mpmath.mpf(z))
    found = ACTIVATIONS["sigmoid"].slope_at(z, sigmoid(z))
    assert found == pytest.approx(float(s * (1 - s)), rel=1e-12)
    found = ACTIVATIONS["tanh"].slope_at(z, tanh(z))
    assert found == pytest.approx(float(1 - t * t), rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("sqrt(2)", lambda: mpmath.sqrt(2)),
        ("exp(1/3)", lambda: mpmath.exp(mpmath.mpf(1) / 3)),
        ("exp(10^(-30)) - 1", lambda: mpmath.expm1(mpmath.mpf(10) ** -30)),
        ("log(1 + 10^(-30))", lambda: mpmath.log1p(mpmath.mpf(10) ** -30)),
        ("log(10^400)", lambda: 400 * mpmath.log(10)),
        ("2^(1/3)", lambda: mpmath.cbrt(2)),
        ("log(sigmoid(50))", lambda: -mpmath.log1p(mpmath.exp(-50))),
        ("log2(3)", lambda: mpmath.log(3, 2)),
        ("pi*e", lambda: mpmath.pi * mpmath.e),
        ("sin(3)", lambda: mpmath.sin(3)),
        ("sin(-355)", lambda: mpmath.sin(-355)),
        ("cos(1/7)", lambda: mpmath.cos(mpmath.mpf(1) / 7)),
        ("cos(11)", lambda: mpmath.cos(11)),
        ("tan(10^5)", lambda: mpmath.tan(10**5)),
        ("sin(10^(-20))", lambda: mpmath.sin(mpmath.mpf(10) ** -20)),
        ("erf(1/3)", lambda: mpmath.erf(mpmath.mpf(1) / 3)),
        ("erf(10^(-20))", lambda: mpmath.erf(mpmath.mpf(10) ** -20)),
        ("erfc(7)", lambda: mpmath.erfc(7)),
        ("erfc(sqrt(500))", lambda: mpmath.erfc(mpmath.sqrt(500))),
        ("2 - erfc(-20)", lambda: mpmath.erfc(20)),
        ("sqrt(2)^(-3)", lambda: mpmath.sqrt(2) ** -3),
    ],
)
def test_formulas_have_fifty_digits(formula: str, wanted: object) -> None:
    found = evaluate(read(formula))
    assert not isinstance(found, tuple)
    assert callable(wanted)
    assert is_near(found, wanted())


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("sqrt(2) - 2^0.5", 0),
        ("exp(log(3))", 3),
        ("sum(softmax([1, 2, 3]))", 1),
        ("sum(batchnorm([1, 2, 4], 0.1))", 0),
        ("sum(layernorm([1, 2, 4.5], 0))", 0),
        ("log(2) + log(3) - log(6)", 0),
        ("sqrt(2)*sqrt(3) - sqrt(6)", 0),
        ("sin(pi)", 0),
        ("cos(pi/3) - 1/2", 0),
        ("sin(1)^2 + cos(1)^2", 1),
    ],
)
def test_what_is_only_rounding_is_found_out(formula: str, value: int) -> None:
    found = evaluate(read(formula))
    assert isinstance(found, Fraction)
    assert found == value


@pytest.mark.parametrize(
    "formula", ["sigmoid(40)", "sigmoid(800)", "tanh(18)", "softmax([0, 90])", "erf(9)"]
)
def test_what_is_not_1_is_neither_equal_to_1_nor_shown_so(formula: str) -> None:
    found = flattened(evaluate(read(formula)))[-1]
    assert found != 1
    assert found < 1
    assert one_line(Decimal(found)).startswith("1 − ")


def test_a_term_that_was_swallowed_is_not_taken_for_nothing() -> None:
    found = evaluate(read("exp(1)/(exp(1) + exp(-200))"))
    assert not isinstance(found, Fraction)
    assert one_line(equals(Symbol("p"), Decimal(found))) == "p ≈ 1"


def test_digits_beyond_those_that_are_known_are_not_invented() -> None:
    assert one_line(Decimal(0.1), Style(digits=40)) == "0.100000000000000"
    assert one_line(Decimal(Fraction(1, 3)), Style(digits=40)) == "0." + "3" * 40
    root = evaluate(read("sqrt(2)"))
    assert isinstance(root, Real)
    wanted = mpmath.nstr(mpmath.sqrt(2), 40, strip_zeros=False)
    assert one_line(Decimal(root), Style(digits=40)) == wanted


def test_a_float_over_a_real_that_no_float_holds_is_too_large() -> None:
    tiny = exp(Fraction(-2000))
    assert tiny != 0
    with pytest.raises(TooLarge):
        over(0.5, tiny)


def test_a_real_goes_to_another_process() -> None:
    root = evaluate(read("sqrt(2)"))
    assert isinstance(root, Real)
    again = pickle.loads(pickle.dumps(root))
    assert (again.digits, again.error, again.blurred) == (root.digits, root.error, False)
