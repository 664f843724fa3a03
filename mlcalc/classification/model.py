"""A naive Bayes model over countable features: its probabilities, and the factors of a score.

The three models differ in what an event is and in which factors a query multiplies:
- Bernoulli: P(feature = 1 | class), and 1 minus it where the query has 0;
- categorical: P(feature = value | class) for the query's value;
- multinomial: P(word | class) once for each occurrence (McCallum and Nigam 1998).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from mlcalc.classification import letters
from mlcalc.classification.counts import Event, Tally
from mlcalc.classification.estimates import Estimate, Smoothing, share
from mlcalc.maths.functions import power
from mlcalc.maths.tree import Expr, Number, Words
from mlcalc.records import Record

Asked = Mapping[str, str]
"""The query: each feature's value, or how often the word occurs."""


class Factor(Record):
    """One factor of a score: its name, how it is put in, and its value."""

    name: Expr
    worked: Expr
    value: Fraction
    event: str = ""
    """The feature or word that it is the factor of; the prior has none."""


class Model(Record):
    """`likelihood` holds P(event | class) by class, `values` the counted values by feature."""

    classes: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]
    prior: Mapping[str, Estimate]
    likelihood: Mapping[str, Mapping[Event, Estimate]]
    tally: Tally | None = None
    """The counts behind the estimates, where the model was learned."""

    title = ""

    @property
    def features(self) -> tuple[str, ...]:
        return tuple(self.values)

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple((name, value) for name, values in self.values.items() for value in values)

    @property
    def free(self) -> int:
        """How many of a class's likelihoods can be chosen freely."""
        raise NotImplementedError

    @staticmethod
    def outcomes(tally: Tally, feature: str) -> int:
        """How many outcomes share the probability that a class's likelihoods divide up."""
        raise NotImplementedError

    def event(self, event: Event) -> Expr:
        """The event as it stands in P(… | Y = c)."""
        return letters.has_value(*event)

    def factor(self, label: str, feature: str, value: str) -> Factor:
        """What the query's value of one feature contributes to the score of a class."""
        estimate = self.likelihood[label][feature, value]
        name = letters.likelihood(self.event((feature, value)), label)
        return Factor(name, estimate.result, estimate.value, feature)

    def factors(self, label: str, asked: Asked) -> list[Factor]:
        """The prior of a class, and a factor for each feature of the query."""
        own = self.prior[label]
        first = Factor(letters.prior(label), own.result, own.value)
        return [first, *(self.factor(label, *pair) for pair in asked.items())]


class Bernoulli(Model):
    """Binary features; only P(feature = 1 | class) is kept."""

    title = "Bernoulli naive Bayes"

    @property
    def free(self) -> int:
        return len(self.values)

    @staticmethod
    def outcomes(tally: Tally, feature: str) -> int:
        return 2

    def factor(self, label: str, feature: str, value: str) -> Factor:
        if value == "1":
            return super().factor(label, feature, value)
        estimate = self.likelihood[label][feature, "1"]
        name = letters.likelihood(self.event((feature, value)), label)
        return Factor(name, 1 - estimate.result, 1 - estimate.value, feature)


class Categorical(Model):
    """Features with a few values each."""

    title = "Categorical naive Bayes"

    @property
    def free(self) -> int:
        return sum(len(values) - 1 for values in self.values.values())

    @staticmethod
    def outcomes(tally: Tally, feature: str) -> int:
        return len(tally.values[feature])


class Multinomial(Model):
    """Words, or other things that are counted; the probabilities of a class add up to 1."""

    title = "Multinomial naive Bayes"

    @property
    def free(self) -> int:
        return len(self.values) - 1

    @staticmethod
    def outcomes(tally: Tally, feature: str) -> int:
        return len(tally.values)

    def event(self, event: Event) -> Expr:
        return Words(event[0])

    def factor(self, label: str, feature: str, value: str) -> Factor:
        once = super().factor(label, feature, "")
        count = int(value)
        if count == 1:
            return once
        value_of_all = power(once.value, Fraction(count))
        assert isinstance(value_of_all, Fraction)
        return Factor(once.name**count, once.worked**count, value_of_all, feature)


def learned(
    kind: type[Model],
    tally: Tally,
    smoothing: Smoothing,
    priors: Mapping[str, Estimate] | None = None,
) -> Model:
    """The maximum-likelihood estimates, or their smoothed versions.

    Without smoothing, no total may be 0.
    """
    alpha = smoothing.count
    outcomes = {feature: kind.outcomes(tally, feature) for feature in tally.values}
    likelihood = {
        label: {
            event: share(tally.counts[label][event], tally.totals[label], outcomes[event[0]], alpha)
            for event in tally.events
        }
        for label in tally.classes
    }
    prior = priors or prior_of(tally, smoothing)
    return kind(tally.classes, tally.values, prior, likelihood, tally)


def prior_of(tally: Tally, smoothing: Smoothing) -> dict[str, Estimate]:
    """The share of each class among the examples; smoothed only where that is asked for."""
    alpha = smoothing.count if smoothing.of_prior else Number(Fraction(0))
    total = sum(tally.sizes.values())
    return {
        label: share(tally.sizes[label], total, len(tally.classes), alpha)
        for label in tally.classes
    }
