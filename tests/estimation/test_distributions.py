"""The records of distributions, held against each other; and a new one, known everywhere."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from fractions import Fraction
from typing import Any

import pytest

from mlcalc.estimation.distributions import FAMILIES, family
from mlcalc.estimation.family import Family, Quantity
from mlcalc.estimation.priors import VARIABLE, priors
from mlcalc.estimation.quantities import version_in, versions_of
from mlcalc.files.document import from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.exercise import solve
from mlcalc.maths.calculus import raw_derivative
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import DISTRIBUTIONS, to_float
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Expr, Symbol
from tests.conftest import ROOT
from tests.recipes import copy_of_house, run_in

X = Symbol("x")
POINT = Fraction(9, 4)

WITH_TAILS = [one for name in FAMILIES for one in versions_of(name) if one.tails]


def label(one: Family) -> str:
    return "-".join((one.name, one.variant, one.word))


def value(formula: Expr | str, one: Family, x: Fraction = POINT) -> float:
    at: dict[Symbol, Any] = {X: x}
    for name, range_ in one.parameters.items():
        at[Symbol.named(name)] = Fraction(2, 5) if range_ == ("0", "1") else Fraction(6, 5)
    at |= {Symbol.named(letter): Fraction(3, 2) for letter in one.known.values()}
    return to_float(scalar(read(formula) if isinstance(formula, str) else formula, at))


@pytest.mark.parametrize("one", WITH_TAILS, ids=label)
def test_the_distribution_function_is_the_integral_of_the_density(one: Family) -> None:
    assert one.tails is not None
    below, above = one.tails
    assert value(below, one) + value(above, one) == pytest.approx(1)
    if one.support.whole:
        three, two = (value(below, one, Fraction(x)) for x in (3, 2))
        assert three - two == pytest.approx(value(one.density, one, Fraction(3)))
    else:
        slope = raw_derivative(read(below), X)
        assert value(slope, one) == pytest.approx(value(one.density, one))


EXCHANGED = [
    (one, last[-1])
    for one in WITH_TAILS
    if not one.word and (last := [q for q in one.quantities if q.inverse])
]


@pytest.mark.parametrize(("one", "quantity"), EXCHANGED, ids=lambda v: getattr(v, "name", ""))
def test_grouped_data_give_the_same_in_every_parameter(one: Family, quantity: Quantity) -> None:
    choices = ["k=2"] * ("k" in one.known) + [one.variant] * bool(one.variant)

    def estimates(*more: str) -> dict[str, Any]:
        written = f"{one.name}({', '.join([*choices, *more])})".replace("()", "")
        given = {"distribution": written, "intervals": "1 2 3; 2 4 5; 4 7 2"}
        return {a.name: a.value for a in solve("mle", from_plain(given, Place("test"))).answers}

    own = {Symbol.named(name): value for name, value in estimates().items()}
    wanted = to_float(scalar(read(quantity.formula), {**own, Symbol("k"): Fraction(2)}))
    version = version_in(one, quantity.words[0], quantity)
    found = estimates(f"parameter={quantity.words[0]}")
    assert found[version.letter] == pytest.approx(wanted, rel=1e-6)
    assert found["log_likelihood"] == pytest.approx(own[Symbol.named("log_likelihood")])


@pytest.mark.parametrize("name", [n for n, p in priors().items() if not p.joint and p.natural])
def test_the_mode_of_a_prior_is_where_its_density_is_largest(name: str) -> None:
    prior = priors()[name]
    letters = {Symbol.named(letter): Fraction(5, 2) for letter in prior.letters.values()}
    mode = scalar(read(prior.mode), letters)
    heights = [
        to_float(scalar(read(prior.density), {**letters, VARIABLE: mode * share}))
        for share in (Fraction(99, 100), Fraction(1), Fraction(101, 100))
    ]
    assert heights[1] == max(heights)


def test_every_word_and_abbreviation_means_one_thing() -> None:
    short = [word for name in DISTRIBUTIONS for word in family(name).abbreviations]
    # Be(p) and B(n, p) are told apart by their arguments.
    assert {word for word in short if short.count(word) > 1} == {"b", "be"}
    assert not set(short) & DISTRIBUTIONS
    for name in FAMILIES:
        for one in (family(name), *family(name).others):
            words = [word for quantity in one.quantities for word in quantity.words]
            assert len(set(words)) == len(words), name
            assert not set(words) & set(one.doubtful), name


MAXWELL = '''"""The Maxwell distribution: the speed of a particle."""

from mlcalc.estimation.family import ABOVE_ZERO, POSITIVE, Family, Prior, Quantity, own

FAMILY = Family(
    density="sqrt(2/pi)*x^2/a^3*exp(-x^2/(2*a^2))",
    parameters={"a": POSITIVE},
    support=ABOVE_ZERO,
    note="a is the deviation of each of the three components",
    below="erf(x/(a*sqrt(2))) - sqrt(2/pi)*x*exp(-x^2/(2*a^2))/a",
    above="erfc(x/(a*sqrt(2))) + sqrt(2/pi)*x*exp(-x^2/(2*a^2))/a",
    quantities=(
        own("a", "scale"),
        Quantity(("mean",), "2*a*sqrt(2/pi)", "a", "t/(2*sqrt(2/pi))"),
        Quantity(("mode",), "sqrt(2)*a", "a", "t/sqrt(2)"),
    ),
    doubtful={"sigma": "the scale or the deviation"},
    orders=(("a",),),
    abbreviations=("mb",),
    heading="Maxwell",
    prior=Prior(letters={"a": "a_0"}),
)
'''
BOREL = '''"""The Borel distribution: how many descend from one."""

from mlcalc.estimation.family import UNIT, Family, Quantity, Support, own

FAMILY = Family(
    density="exp(-mu*x)*(mu*x)^(x - 1)/factorial(x)",
    parameters={"mu": UNIT},
    support=Support("whole numbers from 1", low="1", whole=True),
    quantities=(own("mu"), Quantity(("mean",), "1/(1 - mu)", "mu", "1 - 1/t", ("1", "inf"))),
    heading="Borel",
)
'''


SHIFTED = '''"""The shifted exponential distribution: nothing happens before a."""

from mlcalc.estimation.family import POSITIVE, REAL, Family, Support, own

FAMILY = Family(
    density="lambda*exp(-lambda*(x - a))",
    parameters={"a": REAL, "lambda": POSITIVE},
    support=Support("numbers from a", low="a"),
    ends=("a", "inf"),
    method="by_support",
    quantities=(own("a", "location"), own("lambda", "rate")),
)
'''
ADDED = {"maxwell": MAXWELL, "borel": BOREL, "shifted_exponential": SHIFTED}


@pytest.fixture(scope="module")
def mlcalc(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The command of a copy of the package with some distributions more, a file each."""
    folder = tmp_path_factory.mktemp("copy")
    copy_of_house(folder)
    for name, text in ADDED.items():
        path = folder.joinpath(*["mlcalc", "estimation", "distributions"], f"{name}.py")
        path.write_text(text, encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str]:
        done = run_in(folder, *arguments)
        return done.returncode, done.stdout + done.stderr

    return run


def answers(shown: tuple[int, str]) -> dict[str, Any]:
    assert shown[0] == 0, shown[1]
    found = json.loads(shown[1])
    return dict(found["answers"])


def test_a_new_distribution_is_estimated(mlcalc: Any) -> None:
    """By its closed forms: a² = Σx²/3n, and μ = 1 − 1/x̄ (Haight and Breuer 1960)."""
    found = answers(mlcalc("mle", "maxwell", "--data", "1, 2, 3", "--json"))
    assert found["a"]["value"] == pytest.approx(math.sqrt(14 / 9))
    logs = [math.log(math.sqrt(2 / math.pi) * x**2 / (14 / 9) ** 1.5) - x**2 * 9 / 28
            for x in (1, 2, 3)]  # fmt: skip
    assert found["log_likelihood"]["value"] == pytest.approx(sum(logs))
    found = answers(mlcalc("mle", "borel", "--data", "1, 2, 3", "--json"))
    assert found["mu"]["exact"] == "1/2"
    found = answers(mlcalc("mle", "shifted_exponential", "--data", "2, 3, 7", "--json"))
    assert [found[name]["value"] for name in ("a", "lambda")] == [2, 0.5]
    assert "Maximum-likelihood estimate: Maxwell" in mlcalc("mle", "maxwell")[1]


def test_a_new_distribution_has_its_words(mlcalc: Any) -> None:
    found = answers(mlcalc("mle", "maxwell", "--data", "1, 2, 3", "--parameter", "mode", "--json"))
    assert found["mode"]["value"] == pytest.approx(math.sqrt(28 / 9))
    found = answers(mlcalc("mle", "maxwell(parameter=mean)", "--data", "1, 2, 3", "--json"))
    mean = next(iter(found.values()))
    assert mean["value"] == pytest.approx(2 * math.sqrt(14 / 9) * math.sqrt(2 / math.pi))
    code, shown = mlcalc("mle", "maxwell", "--data", "1, 2", "--parameter", "sigma")
    assert (code, "sigma may be read as the scale or the deviation" in shown) == (2, True)
    code, shown = mlcalc("mle", "maxwell", "--data", "-1, 2")
    assert (code, "maxwell data are numbers above 0" in shown) == (2, True)


def test_a_new_distribution_is_in_messages(mlcalc: Any) -> None:
    assert "did you mean 'maxwell'?" in mlcalc("mle", "maxwel", "--data", "1, 2")[1]
    assert "did you mean 'maxwell'?" in mlcalc("mle", "maxwel(a=2)", "--data", "1, 2")[1]
    assert "maxwell" in mlcalc("mle", "7", "--data", "1, 2")[1]
    assert "or write maxwell" in mlcalc("mle", "maxwell(2)", "--data", "1, 2")[1]


def test_a_new_distribution_is_taken_by_the_other_kinds(mlcalc: Any) -> None:
    shown = mlcalc("mle", "maxwell", "--intervals", "0 2 5; 2 inf 5", "--json")
    assert answers(shown)["a"]["value"] == pytest.approx(2 / 1.5381722544550522)
    shown = mlcalc("map", "poisson", "--data", "1, 2", "--prior", "maxwell(a=1)", "--json")
    # 2 log λ − λ²/2 + 3 log λ − 2λ is largest where λ² + 2λ − 5 = 0.
    assert answers(shown)["lambda"]["value"] == pytest.approx(math.sqrt(6) - 1)
    likelihoods = "{a: {x: maxwell(a=1)}, b: {x: maxwell(scale=2)}}"
    code, out = mlcalc("nb", "--model", "density", "--priors", "a=1/2, b=1/2", "--likelihoods",
                       likelihoods, "--query", "x=1")  # fmt: skip
    assert code == 0, out


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [(["conv-shape", "8x8", "--kernel", "3"], 0), (["mle", "poisson", "--data", "3, 4, 1"], 1)],
)
def test_no_distribution_is_loaded_that_is_not_asked_for(arguments: list[str], loaded: int) -> None:
    code = (
        "import sys\nfrom mlcalc.cli.main import run\n"
        f"try:\n    run({arguments!r})\nexcept SystemExit:\n    pass\n"
        "print('LOADED', *(m for m in sys.modules if m.startswith('mlcalc.estimation.distr')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    names = [name.rpartition(".")[2] for name in done.stdout.split("LOADED")[1].split()]
    assert names == ["distributions", "poisson"][: 2 * loaded]
