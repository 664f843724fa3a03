"""What a typed density integrates or sums up to, against SciPy's quadrature, and what is said."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest

from mlcalc.estimation.data import Estimation
from mlcalc.estimation.distributions import FAMILIES
from mlcalc.estimation.normalised import Mass, checked, supports, totals
from mlcalc.estimation.quantities import versions_of
from mlcalc.estimation.question import Question, question
from mlcalc.files.document import Entries, from_plain
from mlcalc.files.errors import Invalid, Place
from mlcalc.maths.board import Note
from mlcalc.maths.numerics.quadrature import integral
from mlcalc.maths.reader import read


def asked(**given: Any) -> Question:
    entries = from_plain(given, Place("test"))
    assert isinstance(entries, Entries)
    return question(Estimation.read(entries))  # type: ignore[arg-type]


def notes(**given: Any) -> list[Note]:
    return checked(asked(**given))


def test_integrals_against_scipy() -> None:
    np, integrate = pytest.importorskip("numpy"), pytest.importorskip("scipy.integrate")
    cases = [
        (lambda x: np.exp(-x * x / 2), -math.inf, math.inf),
        (lambda x: np.exp(-abs(x - 0.3)), -math.inf, math.inf),
        (lambda x: x**-0.5, 0, 1),
        (lambda x: (1 - x) ** -0.3 * x**2, 0, 1),
        (lambda x: 1 / (1 + (x - 2) ** 2), -math.inf, math.inf),
        (lambda x: x**-1.5, 1, math.inf),
        (lambda x: x * np.exp(-3 * x), 0, math.inf),
        (lambda x: 2 + np.sin(x), -3, 7),
        (lambda x: np.exp(x), -math.inf, 2),
    ]
    for function, low, high in cases:
        points = [p for p in (0.0, 0.3, 2.0) if low < p < high]
        found = integral(function, low, high, points)
        ends = [low, *points, high]
        expected = sum(integrate.quad(function, a, b)[0] for a, b in pairwise(ends))
        assert found.value == pytest.approx(expected, rel=1e-7)
        assert found.error < 1e-5


@pytest.mark.parametrize(
    ("power", "low", "high"), [(-1, 0, 1), (-1.2, 0, 1), (-1, 1, math.inf), (0, 0, math.inf)]
)
def test_an_integral_without_end(power: float, low: float, high: float) -> None:
    pytest.importorskip("numpy")
    assert integral(lambda x: x**power, low, high, ()).value == math.inf


OWN = [
    family
    for name in FAMILIES
    for family in versions_of(name)
    if family.density and family.method != "by_support" and family.word in ("", "scale", "sigma")
]


@pytest.mark.parametrize("family", OWN, ids=lambda f: "-".join((f.name, *f.parameters)))
def test_every_family_typed_as_a_density_is_one(family: Any) -> None:
    """Also without its support, where it is one of the usual ones."""
    if family.name == "pareto":
        given = {"density": "alpha/x^(alpha + 1)", "parameter": "alpha", "support": "[1, inf]"}
        assert notes(**given) == []
        return
    given = {"density": family.density, "parameter": ", ".join(family.parameters)}
    if family.name == "von_mises":
        assert notes(**given, support="[-pi, pi]") == []
        return
    support = f"[{family.support.low}, {family.support.high}]"
    assert {n.id for n in notes(**given, support=support)} <= {"density.support"}
    if family.name != "binomial":
        assert {n.id for n in notes(**given)} <= {"density.support"}


@pytest.mark.parametrize(
    ("density", "support", "values"),
    [
        ("x^(theta - 1)", "0 < x < 1", [1 / 0.7, 1 / 0.3]),
        ("exp(-x/t)", "[0, inf]", None),
        ("theta*exp(-theta*x)", "0 < x < 1", [1 - math.exp(-0.7), 1 - math.exp(-1.6)]),
        ("theta^x", {"values": [0, 1]}, [1.7, 2.6]),
        ("lambda^x/factorial(x)", "[0, inf]", [math.exp(0.7), math.exp(1.6)]),
        ("theta*exp(-theta*x)", "[-inf, inf]", None),
        ("lambda^x*exp(-lambda)", None, None),
        ("exp(theta*x)", None, None),
    ],
)
def test_what_is_no_density_is_refused(
    density: str, support: object, values: list[float] | None
) -> None:
    given = {"density": density} | ({} if support is None else {"support": support})
    with pytest.raises(Invalid, match="this is no density") as caught:
        notes(**given)
    for value in values or ():
        assert f"to {value:.5g} where" in str(caught.value)


@pytest.mark.parametrize(
    ("density", "support", "constant"),
    [
        ("3*exp(-(x - t)^2/2)", None, 3 * math.sqrt(2 * math.pi)),
        ("2*theta*x^(theta - 1)", "0 < x < 1", 2),
        ("theta^x*(1 - theta)^(1 - x)/2", {"values": [0, 1]}, 0.5),
        ("exp(-abs(x - t))", None, 2),
    ],
)
def test_a_constant_factor_is_said(density: str, support: object, constant: float) -> None:
    given = {"density": density} | ({} if support is None else {"support": support})
    question = asked(**given)
    (note,) = checked(question)
    assert note.id == "density.constant"
    masses = [Mass(s, list(totals(question, s))) for s in supports(question)]
    (mass, *_) = (m for m in masses if m.is_constant)
    assert mass.told[0][1].value == pytest.approx(constant, rel=1e-6)


def test_the_support_that_is_taken_holds_the_data() -> None:
    (note,) = notes(density="theta*x^(theta - 1)", data=[0.5])
    assert note.id == "density.support"
    assert read("0 < x < 1") in note.text
    with pytest.raises(Invalid, match="this is no density"):
        notes(density="theta*x^(theta - 1)", data=[1.5])
    with pytest.raises(Invalid, match="this is no density"):
        notes(density="theta^x*(1 - theta)^(1 - x)", data=[0.5])


def test_far_peaks_are_not_missed() -> None:
    assert notes(density="exp(-(x - 500)^2/(2*v))/sqrt(2*pi*v)") == []
    assert notes(density="exp(-(x - t)^2*5000)*sqrt(5000/pi)", data=[80, 81]) == []


def test_values_of_a_support() -> None:
    given = {"density": "theta^x*(1 - theta)^(1 - x)", "support": {"values": [0, 1]}}
    assert notes(**given, data=[0, 1, 1]) == []
    with pytest.raises(Invalid, match="one of 0, 1; 1/2 is not possible"):
        asked(**given, data=["1/2"])
