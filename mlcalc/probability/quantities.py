"""What else than its own parameters a family may be asked for: the scale of a rate, odds, a mean.

Each quantity is data: the words that mean it, its formula in the family's own letters, and, where
it can take a parameter's place, that parameter by it.  `--parameter WORD` asks for one by
invariance, `exponential(parameter=scale)` writes the density in it.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.calculus import simplified
from mlcalc.maths.printing import one_line, source
from mlcalc.maths.reader import read
from mlcalc.maths.tree import Add, Expr, Symbol, equals, free_symbols, map_parts, substitute
from mlcalc.probability.families import FAMILIES, POSITIVE, REAL, UNIT, VARIANTS, Family, Range
from mlcalc.probability.letters import RESERVED, X
from mlcalc.probability.terms import neat
from mlcalc.records import Record, replace

VALUE = Symbol("t")
"""Stands for the quantity in the formula of the parameter whose place it takes."""


class Quantity(Record):
    """A number that a family has: its words, and its formula in the family's own letters."""

    words: tuple[str, ...]
    formula: str
    own: str = ""
    """The parameter whose place it can take, ..."""
    inverse: str = ""
    """... by the quantity, t."""
    range: Range = POSITIVE
    finite: str = ""
    """What must be above 0, since the quantity is infinite or undefined elsewhere."""
    density: str = ""
    """The density in it as books write it, where substituting does not give that."""


SD = ("sd", "sigma", "std", "standard_deviation")
VARIANCE = ("variance", "var", "sigma2")


def own(name: str, *synonyms: str) -> Quantity:
    """A parameter of the family's own, and what else it is called."""
    return Quantity((name, *synonyms), name)


def spread(variance: str, deviation: str) -> tuple[Quantity, Quantity]:
    return Quantity(VARIANCE, variance), Quantity(SD, deviation)


def chance(*synonyms: str) -> tuple[Quantity, ...]:
    """A probability θ, its odds and their logarithm."""
    return (
        own("theta", "probability", *synonyms),
        Quantity(("odds",), "theta/(1 - theta)", "theta", "t/(1 + t)"),
        Quantity(("log_odds", "logit"), "log(theta/(1 - theta))", "theta", "1/(1 + exp(-t))", REAL),
        Quantity(("failure_probability",), "1 - theta", "theta", "1 - t", UNIT),
    )


ROOT_OF_PI = "sqrt(pi/2)"

QUANTITIES: Mapping[str, tuple[Quantity, ...]] = {
    "bernoulli": (*chance("mean"), *spread("theta*(1 - theta)", "sqrt(theta*(1 - theta))")),
    "binomial": (
        *chance(),
        Quantity(("mean",), "m*theta", "theta", "t/m", ("0", "m")),
        *spread("m*theta*(1 - theta)", "sqrt(m*theta*(1 - theta))"),
    ),
    "geometric": (
        *chance(),
        Quantity(("mean",), "1/theta", "theta", "1/t", ("1", "inf")),
        *spread("(1 - theta)/theta^2", "sqrt(1 - theta)/theta"),
    ),
    "geometric(support=failures)": (
        *chance(),
        Quantity(("mean",), "(1 - theta)/theta", "theta", "1/(1 + t)"),
        *spread("(1 - theta)/theta^2", "sqrt(1 - theta)/theta"),
    ),
    "negative_binomial": (
        *chance(),
        Quantity(("mean",), "r*(1 - theta)/theta", "theta", "r/(r + t)"),
        *spread("r*(1 - theta)/theta^2", "sqrt(r*(1 - theta))/theta"),
    ),
    "poisson": (
        own("lambda", "rate", "mean", *VARIANCE),
        Quantity(SD, "sqrt(lambda)", "lambda", "t^2"),
    ),
    "exponential": (
        own("lambda", "rate"),
        Quantity(("scale", "mean", *SD), "1/lambda", "lambda", "1/t", density="exp(-x/t)/t"),
        Quantity(("median",), "log(2)/lambda", "lambda", "log(2)/t"),
        Quantity(VARIANCE, "1/lambda^2", "lambda", "1/sqrt(t)"),
    ),
    "normal": (
        own("mu", "mean", "location", "median", "mode"),
        own("sigma2", "variance", "var"),
        Quantity(
            SD, "sqrt(sigma2)", "sigma2", "t^2", density="exp(-(x - mu)^2/(2*t^2))/(t*sqrt(2*pi))"
        ),
        Quantity(
            ("precision",), "1/sigma2", "sigma2", "1/t",
            density="sqrt(t)*exp(-t*(x - mu)^2/2)/sqrt(2*pi)",
        ),
    ),
    "lognormal": (
        own("mu", "log_mean"),
        own("sigma2", "log_variance"),
        Quantity(("sigma", "log_sd"), "sqrt(sigma2)", "sigma2", "t^2"),
        Quantity(("precision",), "1/sigma2", "sigma2", "1/t"),
        Quantity(("mean",), "exp(mu + sigma2/2)"),
        Quantity(("median",), "exp(mu)", "mu", "log(t)"),
        Quantity(("mode",), "exp(mu - sigma2)"),
    ),
    "laplace": (
        own("mu", "location", "mean", "median", "mode"),
        own("b", "scale"),
        Quantity(("rate",), "1/b", "b", "1/t"),
        Quantity(("variance", "var"), "2*b^2", "b", "sqrt(t/2)"),
        Quantity(("sd", "std", "standard_deviation"), "sqrt(2)*b", "b", "t/sqrt(2)"),
    ),
    "gamma": (
        own("shape"),
        own("rate"),
        Quantity(
            ("scale",), "1/rate", "rate", "1/t",
            density="x^(shape - 1)*exp(-x/t)/(gamma_function(shape)*t^shape)",
        ),
        Quantity(("mean",), "shape/rate", "rate", "shape/t"),
        *spread("shape/rate^2", "sqrt(shape)/rate"),
    ),
    "beta": (
        own("alpha"),
        own("beta"),
        Quantity(("mean",), "alpha/(alpha + beta)", range=UNIT),
        *spread("alpha*beta/((alpha + beta)^2*(alpha + beta + 1))",
                "sqrt(alpha*beta/(alpha + beta + 1))/(alpha + beta)"),
    ),
    "pareto": (
        own("x_m", "scale", "minimum"),
        own("alpha", "shape", "index"),
        Quantity(("mean",), "alpha*x_m/(alpha - 1)", finite="alpha - 1"),
        Quantity(("median",), "x_m*2^(1/alpha)"),
    ),
    "rayleigh": (
        own("sigma", "scale", "mode"),
        Quantity(("sigma2",), "sigma^2", "sigma", "sqrt(t)", density="x/t*exp(-x^2/(2*t))"),
        Quantity(("mean",), f"sigma*{ROOT_OF_PI}", "sigma", f"t/{ROOT_OF_PI}"),
        Quantity(("median",), "sigma*sqrt(2*log(2))", "sigma", "t/sqrt(2*log(2))"),
        Quantity(("variance", "var"), "(2 - pi/2)*sigma^2", "sigma", "sqrt(t/(2 - pi/2))"),
        Quantity(("sd", "std", "standard_deviation"), "sqrt(2 - pi/2)*sigma", "sigma",
                 "t/sqrt(2 - pi/2)"),
    ),
    "weibull": (
        own("scale"),
        Quantity(("mean",), "scale*gamma_function(1 + 1/k)", "scale", "t/gamma_function(1 + 1/k)"),
        Quantity(("median",), "scale*log(2)^(1/k)", "scale", "t/log(2)^(1/k)"),
    ),
    "inverse_gamma": (
        own("scale"),
        Quantity(("mean",), "scale/(shape - 1)", finite="shape - 1"),
        Quantity(("mode",), "scale/(shape + 1)", "scale", "t*(shape + 1)"),
        Quantity(("variance", "var"), "scale^2/((shape - 1)^2*(shape - 2))", finite="shape - 2"),
    ),
    "uniform": (
        own("theta", "maximum", "upper", "high"),
        Quantity(("mean", "median"), "theta/2"),
        *spread("theta^2/12", "theta/sqrt(12)"),
    ),
    "uniform(a, b)": (
        own("a", "minimum", "lower", "low"),
        own("b", "maximum", "upper", "high"),
        Quantity(("mean", "median"), "(a + b)/2", range=REAL),
        Quantity(("width", "length"), "b - a"),
        *spread("(b - a)^2/12", "(b - a)/sqrt(12)"),
    ),
    "cauchy": (own("mu", "location", "median", "mode"),),
    "von_mises": (own("mu", "mean", "location", "direction"),),
}  # fmt: skip
"""The quantities of each family, its own parameters first."""

DOUBTFUL: Mapping[str, Mapping[str, str]] = {
    "exponential": {
        "mu": "the mean or the rate",
        "tau": "the scale",
        "beta": "a scale or the rate",
        "eta": "the natural parameter",
    },
    "bernoulli": {"q": "the probability of failure", "eta": "the log-odds"},
    "binomial": {"q": "the probability of failure", "mu": "the mean", "eta": "the log-odds"},
    "geometric": {"q": "the probability of failure", "mu": "the mean"},
    "negative_binomial": {"q": "the probability of failure", "mu": "the mean"},
    "poisson": {"eta": "the natural parameter"},
    "normal": {
        "tau": "the precision or the deviation",
        "beta": "the precision",
        "lambda": "the precision",
        "s": "the deviation",
    },
    "lognormal": {
        "sd": "the deviation of x or that of its logarithm",
        "std": "the deviation of x or that of its logarithm",
        "variance": "the variance of x or that of its logarithm",
        "tau": "the precision or the deviation",
        "beta": "the precision",
        "lambda": "the precision",
        "s": "the deviation",
    },
    "laplace": {
        "sigma": "the scale or the deviation",
        "beta": "the scale or the rate",
        "lambda": "the rate",
        "tau": "the scale or the rate",
    },
    "gamma": {
        "beta": "the rate or the scale",
        "b": "the rate or the scale",
        "theta": "the scale",
        "mu": "the mean",
        "tau": "the scale or the rate",
    },
    "beta": {"mu": "the mean"},
    "pareto": {"mu": "the mean"},
    "rayleigh": {"mu": "the mean"},
    "weibull": {
        "lambda": "the scale or a rate",
        "rate": "one over the scale, or that to the power of k",
        "eta": "the scale",
        "mu": "the mean",
        "beta": "the shape",
        "alpha": "the scale or the shape",
        "shape": "k",
    },
    "inverse_gamma": {"rate": "the scale or one over it", "mu": "the mean", "alpha": "the shape"},
    "uniform": {"mu": "the mean"},
    "cauchy": {
        "mean": "a mean, which a cauchy density does not have",
        "gamma": "the scale, which is 1 here",
        "sigma": "the scale, which is 1 here",
    },
    "von_mises": {"kappa": "the concentration"},
}
"""Letters and words that books use for several quantities of a family, or for one not asked."""

LETTER_OF = {
    "mean": "mu", "sd": "sigma", "std": "sigma", "standard_deviation": "sigma",
    "variance": "sigma2", "var": "sigma2", "log_odds": "logit",
}  # fmt: skip
"""What a word is written as, where the family's own letters leave that free."""

WORDS = frozenset(
    word for quantities in QUANTITIES.values() for each in quantities for word in each.words
)


def letter_for(word: str, taken: set[Symbol]) -> Symbol:
    """σ for sd, and the word itself where its usual letter means something else."""
    usual = Symbol.named(LETTER_OF.get(word, word))
    own_word = Symbol(word.replace("_", "-") if "_" in word and word not in ("x_m",) else word)
    for letter in (usual, own_word, Symbol(f"the {word}")):
        if letter not in taken and letter not in RESERVED:
            return letter
    raise AssertionError(word)  # no family has a letter that is spelled "the mean"


def quantities_of(family: Family) -> list[tuple[Quantity, Expr]]:
    """The quantities of a family with their formulas in the letters of its version."""
    found = []
    back: dict[Expr, Expr] = {Symbol.named(n): read(text) for n, text in family.inverse.items()}
    for quantity in QUANTITIES.get(family.key, ()):
        formula = read(quantity.formula)
        if family.word in quantity.words:
            formula = Symbol.named(family.letter)
        elif free_symbols(formula) & set(back):
            formula = simplified(substitute(formula, back))
        found.append((quantity, formula))
    return found


def meant(family: Family, word: str) -> tuple[Quantity, Expr] | None:
    """The quantity that a word means in a family, with its formula."""
    return next((pair for pair in quantities_of(family) if word in pair[0].words), None)


def synonyms(family: Family, role: str) -> tuple[str, ...]:
    """The other words for a parameter: the mean of a Bernoulli is θ.

    `variance` is not among them, which as an answer is that of the estimator.
    """
    return tuple(
        word
        for quantity, formula in quantities_of(family)
        for word in quantity.words
        if formula == Symbol.named(role) and word not in {role, "variance", "var"}
    )


def choices(family: Family) -> list[str]:
    """The first word of each quantity."""
    return [quantity.words[0] for quantity in QUANTITIES.get(family.key, ())]


def versions_of(name: str) -> list[Family]:
    """The families of that name, in each parameter that their density can be written in."""
    families = [f for f in (*FAMILIES.values(), *VARIANTS.values()) if f.name == name]
    return families + [
        version_in(family, word, quantity)
        for family in families
        for quantity in QUANTITIES.get(family.key, ())
        if quantity.inverse
        for word in quantity.words
    ]


def version_in(family: Family, word: str, quantity: Quantity) -> Family:
    """The family with the quantity in the place of the parameter that it follows from."""
    place = Symbol.named(quantity.own)
    taken = {Symbol.named(name) for name in (*family.parameters, *family.known.values())} | {X}
    letter = letter_for(word, taken - {place})
    inverse = substitute(read(quantity.inverse), {VALUE: letter})
    if quantity.density:
        density = substitute(read(quantity.density), {VALUE: letter})
    else:
        density = neat(tidied(substitute(family.formula, {place: inverse}), letter))
    parameters = {
        (letter.spelled if name == quantity.own else name): (
            quantity.range if name == quantity.own else range_
        )
        for name, range_ in family.parameters.items()
    }
    meaning = one_line(equals(letter, read(quantity.formula)))
    note = f"{family.note}; " * bool(family.variant or family.known) + meaning
    return replace(
        family, density=source(density), parameters=parameters, word=word, letter=letter.spelled,
        inverse={quantity.own: source(inverse)}, note=f"{note}, with the usual {one_line(place)}",
    )  # fmt: skip


def tidied(formula: Expr, letter: Symbol) -> Expr:
    """1 − t/(1 + t) as 1/(1 + t): each sum with the new letter on one bar."""
    found = free_symbols(formula)
    if isinstance(formula, Add) and letter in found and X not in found:
        return simplified(formula)
    return map_parts(formula, lambda part: tidied(part, letter))
