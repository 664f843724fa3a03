"""Functions far out, where they are nearly 0 or 1: never "=", and as near as is said."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

from mlcalc.maths.functions import FUNCTIONS, EvaluationError, exp, log, softmax, times
from mlcalc.maths.numerics.real import Real
from mlcalc.maths.printing import Style, one_line
from mlcalc.maths.tree import Decimal, Symbol, equals

WITNESSES = {
    "sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)),
    "tanh": mpmath.tanh,
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
}
FAR = (10, 40, 41, 66, 70, 700, 4500)
FURTHER = (10**5, 10**9 + 1, 10**99, 10**400)


@pytest.fixture(autouse=True)
def _many_digits() -> None:
    mpmath.mp.dps = 2100


@pytest.mark.parametrize("name", WITNESSES)
@pytest.mark.parametrize("z", [sign * z for z in FAR for sign in (1, -1)])
def test_a_value_is_within_the_error_that_it_carries(name: str, z: int) -> None:
    found = FUNCTIONS[name].compute(Fraction(z))
    assert isinstance(found, Real)
    off = abs(mpmath.mpf(str(found.digits)) - WITNESSES[name](mpmath.mpf(z)))
    assert off <= mpmath.mpf(str(found.error))
    assert 0 < found.error < 1e-45


@pytest.mark.parametrize("name", WITNESSES)
@pytest.mark.parametrize("z", [sign * z for z in (*FAR, *FURTHER) for sign in (1, -1)])
def test_what_is_rounded_is_not_written_as_equal(name: str, z: int) -> None:
    found = FUNCTIONS[name].compute(Fraction(z))
    line = one_line(equals(Symbol("f"), Decimal(found)), Style())
    assert line.startswith("f ≈ ")


@pytest.mark.parametrize(("z", "shown"), [
    (40, "1 − 4.2484·10⁻¹⁸"), (-40, "4.2484·10⁻¹⁸"), (-(10**5), "3.5629·10⁻⁴³⁴³⁰"),
    (10**5, "1"), (-(10**99), "0"),
])  # fmt: skip
def test_the_nearest_digits_are_shown(z: int, shown: str) -> None:
    found = FUNCTIONS["sigmoid"].compute(Fraction(z))
    assert one_line(equals(Symbol("f"), Decimal(found)), Style()) == f"f ≈ {shown}"


def test_what_is_nearly_0_or_1_stays_so() -> None:
    """None of these is the number itself: e^0, log 1, 0·2, two equal entries of a softmax."""
    nearly_one = FUNCTIONS["sigmoid"].compute(Fraction(10**5))
    nearly_nothing = exp(Fraction(-(10**10)))
    found = (
        exp(nearly_nothing),
        log(nearly_one),
        times(nearly_nothing, Fraction(2)),
        *softmax([nearly_one, FUNCTIONS["sigmoid"].compute(Fraction(10**6))]),
    )
    assert all(isinstance(value, float) for value in found)


@pytest.mark.parametrize("z", [10**5, 10**99])
def test_the_logarithm_of_what_is_nearly_0_is_not_called_undefined(z: int) -> None:
    with pytest.raises(EvaluationError, match="too near to 0"):
        log(1 - FUNCTIONS["sigmoid"].compute(Fraction(z)))
