"""The query scored class by class: densities with the numbers in, logarithms, the posterior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.classification import letters
from mlcalc.classification.gaussian_model import (
    Classifier,
    Logged,
    number,
    summed,
)
from mlcalc.classification.letters import Y_HAT
from mlcalc.classification.predicted import predicted, prediction_answer
from mlcalc.derivation import Answer, Block, Note, Step, Table
from mlcalc.maths.evaluate import CONSTANTS
from mlcalc.maths.functions import Scalar, exp, over, plus, times, total
from mlcalc.maths.functions import log as logarithm
from mlcalc.maths.tree import (
    Chain,
    Decimal,
    Dots,
    Expr,
    Listing,
    Mul,
    Symbol,
    call,
    equals,
)
from mlcalc.records import Record

MOST_FACTORS = 4
FIRST_ROWS, LAST_ROWS = 5, 2
LEAST = 1e-290
"""A product below this is kept as its logarithm."""

LOG_2_PI = logarithm(times(Fraction(2), CONSTANTS["pi"]))

X = Symbol("x")


class Scores(Record):
    """The log of prior times likelihood of each class, less (d/2)·log 2π, which all share."""

    classifier: Classifier
    at: Mapping[int, tuple[Expr, Fraction]]
    """The values of the query by the number of their feature, as typed and as numbers."""
    shared: tuple[Logged, ...]

    def log_joint(self, number: int) -> Scalar:
        constant = times(Fraction(-len(self.at), 2), LOG_2_PI)
        return plus(self.shared[number].value, constant)

    def joint(self, number: int) -> Scalar:
        return exp(self.log_joint(number))

    def posterior(self) -> tuple[Fraction | float, ...]:
        """Normalised by log-sum-exp; exact where all scores are one."""
        if len(set(self.shared)) == 1:
            return (Fraction(1, len(self.shared)),) * len(self.shared)
        logs = [score.value for score in self.shared]
        top = max(logs)
        weights = [exp(plus(log, -top)) for log in logs]
        whole = total(*weights)
        return tuple(over(weight, whole) for weight in weights)

    def winners(self) -> list[str]:
        """The class with the highest score, or all that share it: equal only if exactly so."""
        digits = [score.digits() for score in self.shared]
        top = self.shared[max(range(len(digits)), key=digits.__getitem__)]
        pairs = zip(self.classifier.classes, self.shared, strict=True)
        return [label for label, score in pairs if score == top]


def scored(classifier: Classifier, at: Mapping[int, tuple[Expr, Fraction]]) -> Scores:
    """log P(Y = c) − ½ Σ log σ² − Σ (x − μ)²/(2σ²) of each class."""
    return Scores(
        classifier, at, tuple(score(classifier, at, n) for n in range(len(classifier.classes)))
    )


def score(classifier: Classifier, at: Mapping[int, tuple[Expr, Fraction]], label: int) -> Logged:
    inside, exponent = classifier.prior_value(label) ** 2, Fraction(0)
    below = 1
    for place, (_, value) in at.items():
        mean, variance = classifier.normals[label][place].numbers
        inside *= variance.denominator
        below *= variance.numerator
        exponent -= (value - mean) ** 2 / (2 * variance)
    return Logged(exponent, Fraction(1, 2), inside / below)


def score_steps(scores: Scores) -> list[Step]:
    """Densities, products, their sum, the posterior."""
    if len(scores.at) <= MOST_FACTORS:
        return [density_step(scores), product_step(scores), *closing_steps(scores)]
    return [log_step(scores), *closing_steps(scores)]


def density_step(scores: Scores) -> Step:
    chains: list[Block] = []
    model = scores.classifier
    for label, normals in zip(model.classes, model.normals, strict=True):
        for place, (typed, _) in scores.at.items():
            left = letters.density(equals(model.symbols[place], typed), label)
            value = Decimal(log_density(scores, label, place)[1])
            chains.append(equals(left, normals[place].density(typed), value))
    return Step("put the query into the densities", tuple(chains))


def log_density(scores: Scores, label: str, place: int) -> tuple[Scalar, Scalar]:
    """log p(x | c) and p(x | c) of one feature."""
    model = scores.classifier
    mean, variance = model.normals[model.classes.index(label)][place].numbers
    exponent = -((scores.at[place][1] - mean) ** 2) / (2 * variance)
    constant = times(Fraction(-1, 2), plus(LOG_2_PI, logarithm(variance)))
    log = plus(exponent, constant)
    return log, exp(log)


def product_step(scores: Scores) -> Step:
    chains: list[Block] = []
    model = scores.classifier
    for place, (label, prior) in enumerate(zip(model.classes, model.priors, strict=True)):
        names = [letters.density(model.symbols[n], label) for n in scores.at]
        values = [Decimal(log_density(scores, label, n)[1]) for n in scores.at]
        chains.append(
            equals(
                letters.joint_density(label),
                Mul((letters.prior(label), *names)),
                Mul((prior, *values)),
                Decimal(scores.joint(place)),
            )
        )
        logs = [call("log", prior), *(call("log", value) for value in values)]
        chains.append(log_chain(scores, place, logs))
    return Step(
        "multiply prior and densities",
        tuple(chains),
        "the score of each class; its logarithm is a sum, which is what a program adds up",
    )


def log_chain(scores: Scores, place: int, logs: Sequence[Expr]) -> Chain:
    """The log score; where a product is too small for a float, without its factors."""
    label, value = scores.classifier.classes[place], Decimal(scores.log_joint(place))
    if scores.joint(place) < LEAST:
        return equals(call("log", letters.joint_density(label)), value)
    return equals(call("log", letters.joint_density(label)), summed(logs), value)


def log_step(scores: Scores) -> Step:
    """Many features: the sum of the logs, of which the first and last are shown."""
    model = scores.classifier
    symbols = model.symbols
    logs = (call("log", letters.density(X, label)) for label in model.classes)
    header: tuple[str | Expr, ...] = ("feature", X, *logs)
    rows: list[tuple[Expr, ...]] = [
        (
            symbols[place],
            typed,
            *(Decimal(log_density(scores, label, place)[0]) for label in model.classes),
        )
        for place, (typed, _) in scores.at.items()
    ]
    if len(rows) > FIRST_ROWS + LAST_ROWS:
        dots: tuple[Expr, ...] = (Dots(),) * len(header)
        rows = [*rows[:FIRST_ROWS], dots, *rows[-LAST_ROWS:]]
    chains: list[Block] = []
    for place, (label, prior) in enumerate(zip(model.classes, model.priors, strict=True)):
        sums = total(*(log_density(scores, label, n)[0] for n in scores.at))
        right = call("log", prior) + Decimal(sums)
        left = call("log", letters.joint_density(label))
        chains.append(equals(left, right, Decimal(scores.log_joint(place))))
    note = f"a product of {len(scores.at)} densities is small, so their logarithms are added"
    return Step("add the log densities", (Table(header, tuple(rows)), *chains), note)


def closing_steps(scores: Scores) -> list[Step]:
    model, posterior = scores.classifier, scores.posterior()
    joints = [scores.joint(n) for n in range(len(model.classes))]
    chains: list[Block] = []
    if min(joints) >= LEAST:
        evidence = total(*joints)
        chains.append(equals(call("p", X), summed(map(Decimal, joints)), Decimal(evidence)))
        note = "divided by their sum, the scores add up to 1"
        for label, joint, value in zip(model.classes, joints, posterior, strict=True):
            right = Decimal(joint) / Decimal(evidence)
            chains.append(equals(letters.posterior(label), right, shown_number(value)))
    else:
        logs = [scores.log_joint(n) for n in range(len(model.classes))]
        top = max(logs)
        note = "the largest log score is taken off first, so that no power is too small"
        weights = [call("exp", Decimal(log) - Decimal(top)) for log in logs]
        whole: Expr = summed(weights)
        for label, weight, value in zip(model.classes, weights, posterior, strict=True):
            chains.append(equals(letters.posterior(label), weight / whole, shown_number(value)))
    return [Step("normalise", tuple(chains), note), prediction_step(scores)]


def shown_number(value: Fraction | float) -> Expr:
    return number(value) if isinstance(value, Fraction) else Decimal(value)


def prediction_step(scores: Scores) -> Step:
    winners = scores.winners()
    hat = equals(Y_HAT, predicted(winners))
    if len(winners) > 1:
        listed = " and ".join(winners)
        note = f"a tie: {listed} have exactly the same score"
        return Step("predict the class", (hat,), note)
    return Step("predict the class", (hat,), "the class with the largest posterior")


def score_answers(scores: Scores) -> list[Answer]:
    model, winners = scores.classifier, scores.winners()
    posterior = dict(zip(model.classes, scores.posterior(), strict=True))
    joints = {label: joint_value(scores, n) for n, label in enumerate(model.classes)}
    pairs = zip(model.classes, joints.values(), strict=True)
    return [
        prediction_answer(winners, model.classes),
        Answer(
            "joint",
            joints,
            Listing(
                tuple(
                    equals(letters.joint_density(c), joint_shown(scores, n, value))
                    for n, (c, value) in enumerate(pairs)
                )
            ),
        ),
        Answer(
            "posterior",
            posterior,
            Listing(
                tuple(equals(letters.posterior(c), shown_number(v)) for c, v in posterior.items())
            ),
        ),
    ]


def joint_value(scores: Scores, number: int) -> Scalar | Expr:
    """Prior times densities; e to its logarithm where a float would lose it."""
    value = scores.joint(number)
    return value if value >= LEAST else call("exp", Decimal(scores.log_joint(number)))


def joint_shown(scores: Scores, number: int, value: Scalar | Expr) -> Expr:
    """The number, which decimals hold where a float does not; else the power of e."""
    joint = scores.joint(number)
    return value if isinstance(value, Expr) and not joint else Decimal(joint)


def score_notes(scores: Scores) -> list[Note]:
    left_out = [f for n, f in enumerate(scores.classifier.features) if n not in scores.at]
    found = []
    if left_out:
        listed = ", ".join(left_out[:5]) + (", …" if len(left_out) > 5 else "")
        text = f"the query has no value for {listed}: integrated over, that factor is 1"
        found.append(Note("nb.left_out", text))
    if min(scores.joint(n) for n in range(len(scores.shared))) < LEAST:
        text = "the scores are too small for a floating-point number, so their logarithms are shown"
        found.append(Note("nb.log_space", text))
    return found
