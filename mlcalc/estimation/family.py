"""What is known of a distribution, as data: the record that a file of `distributions` holds.

Formulas are written as textbooks write them, in x and the parameters, and read by the one reader.
The engine takes the logarithm of the density and its maximum; the reader takes the names, help and
hints the words, the checker the orders and abbreviations in which people write it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from mlcalc.maths.evaluate import Value, scalar
from mlcalc.maths.functions import Scalar
from mlcalc.maths.reader import read
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Expr, Symbol

fact = lru_cache(maxsize=2048)(read)
"""A formula of the house; each is read once."""

Range = tuple[str, str]
Words = Mapping[str, str]

POSITIVE: Range = ("0", "inf")
REAL: Range = ("-inf", "inf")
UNIT: Range = ("0", "1")
NONE: Words = MappingProxyType({})


class Support(Record):
    """Which observations are possible: from `low` to `high`, whole numbers or all between.

    `words` says it in a message.  The ends may name parameters that are known.
    """

    words: str
    low: str = "-inf"
    high: str = "inf"
    whole: bool = False
    ends: str = "[]"
    """Brackets: round ones where the end itself is impossible."""
    values: tuple[str, ...] = ()
    """All that is possible, where it is a few values."""

    def allowing(self, known: Mapping[Symbol, Value]) -> Callable[[Scalar], bool]:
        """The test of an observation, its ends read once: there may be many observations."""
        if self.values:
            values = [scalar(fact(value), known) for value in self.values]
            return lambda observation: observation in values
        low, high = (scalar(fact(end), known) for end in (self.low, self.high))

        def allowed(observation: Scalar) -> bool:
            above = low < observation if self.ends[0] == "(" else low <= observation
            below = observation < high if self.ends[1] == ")" else observation <= high
            return above and below and not (self.whole and observation % 1 != 0)

        return allowed


COUNTS = Support("whole numbers from 0", low="0", whole=True)
ABOVE_ZERO = Support("numbers above 0", low="0", ends="(]")
FROM_ZERO = Support("numbers from 0", low="0")
NUMBERS = Support("numbers")


class Quantity(Record):
    """A number that a family has: its words, and its formula in the family's own letters.

    `--parameter WORD` asks for one by invariance, `exponential(parameter=scale)` writes the
    density in it.
    """

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
    """The density in it as books write it, where substituting does not give that, ..."""
    above: str = ""
    below: str = ""
    """... and so the survival function and the distribution function."""


SD = ("sd", "sigma", "std", "standard_deviation", "std_dev", "stdev", "stddev")
VARIANCE = ("variance", "var", "sigma2")


def own(name: str, *synonyms: str) -> Quantity:
    """A parameter of the family's own, and what else it is called."""
    return Quantity((name, *synonyms), name)


def spread(variance: str, deviation: str) -> tuple[Quantity, Quantity]:
    return Quantity(VARIANCE, variance), Quantity(SD, deviation)


def chance(*synonyms: str) -> tuple[Quantity, ...]:
    """A probability θ, its odds and their logarithm."""
    return (
        own("theta", "probability", "p", "prob", "success_probability", *synonyms),
        Quantity(("odds",), "theta/(1 - theta)", "theta", "t/(1 + t)"),
        Quantity(("log_odds", "logit"), "log(theta/(1 - theta))", "theta", "1/(1 + exp(-t))", REAL),
        Quantity(("failure_probability",), "1 - theta", "theta", "1 - t", UNIT),
    )


class Prior(Record):
    """How a distribution serves as the prior of a parameter, for which t stands.

    Its density, domain and moments are those of the family unless they are given here.
    """

    letters: Words
    """The hyperparameters, and the letters that they are written with."""
    natural: tuple[str, ...] = ()
    """The log-density is Σ cᵢ·functionᵢ of t and a constant, in this order: a posterior whose
    logarithm has these functions is a member of the family."""
    from_natural: Words = NONE
    """Each hyperparameter from the coefficients c1, c2, …"""
    mode: str = ""
    normaliser: str = ""
    """The integral of exp(Σ cᵢ·functionᵢ)."""
    in_order: bool = False
    """Whether the arguments may go without names, and are printed so."""
    spellings: Mapping[tuple[str, ...], Words] = MappingProxyType({})
    """Other parameters that may be given: a scale, and the rate by it."""
    inside: tuple[str, ...] = ()
    """What must be from 0 for the mode to be a root of the score whatever the data are."""
    counts: tuple[str, ...] = ()
    """What the prior is worth in data: formulas and words in turn."""
    joint: bool = False
    """Whether it is a density of two parameters, t and v."""
    note: tuple[str, str] | None = None
    """What books differ on, with the id of the note."""
    name: str = ""
    heading: str = ""
    density: str = ""
    domain: Range = REAL
    mean: str = ""
    variance: str = ""
    finite: Words = NONE
    """What must be above 0 for the mean, and for the variance, to be finite."""
    positive: frozenset[str] = frozenset()
    """The hyperparameters that must be above 0, in whatever spelling."""


class Family(Record):
    """What one observation follows, in one parameterisation.

    `parameters` are estimated in their order, each with the closed range that it may lie in;
    `known` ones must be given, and stand in formulas as the letters they map to.
    """

    density: str = ""
    parameters: Mapping[str, Range] = MappingProxyType({})
    support: Support = NUMBERS
    ends: Range | None = None
    """Where the density is not zero, if a parameter is an end of that; method by_support."""
    known: Words = NONE
    total: str = "sum"
    """The letter for Σ xᵢ: k where it counts successes."""
    method: str = "by_score"
    """The file of this room that finds the maximum."""
    note: str = ""
    """How the parameterisation is to be understood, where books differ."""
    whole: tuple[str, ...] = ()
    """Known parameters that count something."""
    fill_in: tuple[str, ...] = ()
    """Known parameters whose number is put in at once: exponents, which steer the algebra."""
    above: str = ""
    """The survival function P(X > x); 1 − F would lose every digit in the upper tail."""
    below: str = ""
    """The distribution function P(X ≤ x), where it is not written 1 − the other."""
    normal_in: str = ""
    """The function of x whose mean and variance the parameters are: where a search begins."""
    quantities: tuple[Quantity, ...] = ()
    """What a problem may name, ask for or be written in, its own parameters first."""
    doubtful: Words = NONE
    """Letters and words that books use for several quantities, or for one not asked."""
    orders: tuple[tuple[str, ...], ...] = ()
    """What arguments without names may stand for: books differ."""
    synonyms: Words = NONE
    """Other words for what must be known."""
    abbreviations: tuple[str, ...] = ()
    """What people write for it, beside its name."""
    heading: str = ""
    """The name in a title, where a person's is in it."""
    prior: Prior | None = None
    is_likelihood: bool = False
    """Whether the density is the likelihood of all the data, as it was given."""
    others: tuple[Family, ...] = ()
    """The families of the same name that are no other parameterisation of this one."""
    variant: str = ""
    """What is written in brackets to choose one of those."""
    name: str = ""
    word: str = ""
    """The quantity that a parameter was exchanged for, its letter in this version, ..."""
    letter: str = ""
    inverse: Words = NONE
    """... and that parameter by it."""

    @property
    def formula(self) -> Expr:
        return fact(self.density)

    @property
    def title(self) -> str:
        return self.name.replace("_", " ")

    @property
    def proper(self) -> str:
        """The name as a heading writes it: Poisson, von Mises, inverse gamma."""
        return self.heading or self.title

    @property
    def tails(self) -> tuple[str, str] | None:
        """F(x) and S(x), where they are known."""
        return (self.below or f"1 - {self.above}", self.above) if self.above else None
