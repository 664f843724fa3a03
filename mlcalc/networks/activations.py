"""The activation functions that a layer may have: their words, their working, their conventions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from mlcalc.derivation import Note
from mlcalc.fields import Word
from mlcalc.maths.evaluate import evaluate, flattened
from mlcalc.maths.functions import Scalar, plus, to_float
from mlcalc.maths.tree import Call, Chain, Div, Expr, Matrix, call
from mlcalc.maths.vectors import Write, added, column, compact, worked

ACTIVATIONS = {
    "identity": "f(z) = z",
    "step": "1 where z ≥ 0, else 0",
    "sign": "1 where z ≥ 0, else −1",
    "sigmoid": "1/(1 + e^(−z))",
    "tanh": "hyperbolic tangent",
    "relu": "max(0, z)",
    "leaky-relu": "z where z > 0, else 0.01 z",
    "softmax": "e^(z_i) over the sum of all e^(z_j)",
}
SYNONYMS = {
    "linear": "identity", "none": "identity", "threshold": "step", "heaviside": "step",
    "logistic": "sigmoid", "hyperbolic-tangent": "tanh", "ReLU": "relu", "leakyrelu": "leaky-relu",
}  # fmt: skip

ACTIVATION = Word(ACTIVATIONS, SYNONYMS)

LARGEST_SHOWN_LOGIT = 20
"""Beyond this the largest logit is taken off first, so that no e^z overflows or fills a line."""

CONVENTIONS = {
    "step": Note("activation.step_at_zero", "the step function is 1 at 0"),
    "sign": Note("activation.sign_at_zero", "the sign function is 1 at 0"),
    "leaky-relu": Note("activation.leaky_slope", "the leaky ReLU's slope below 0 is 0.01"),
}


def applied(word: str, argument: Expr) -> Call:
    """The activation of a symbol or vector, as notation."""
    return call(word.replace("-", "_"), argument)


def activated(
    word: str, target: Expr, name: Expr, z: Sequence[Scalar], write: Write
) -> tuple[Chain, tuple[Scalar, ...]]:
    """The chain target = f(name) = f(z) = …, and the values, one for each entry of z."""
    vector = column(z, write)
    values = tuple(flattened(evaluate(applied(word, vector))))
    members: list[Expr] = [applied(word, name), applied(word, compact(vector))]
    if word == "softmax":
        members[1:] = [applied(word, vector), exponentials(z, write)]
        return worked(target, *members, column(values, write)), values
    return worked(target, *members, compact(column(values, write))), values


def exponentials(logits: Sequence[Scalar], write: Write) -> Expr:
    """The vector of e^z over their sum; the largest z taken off from all where they are large."""
    largest: Scalar = max(logits)
    top = largest if is_shifted(logits) else Fraction(0)
    powers = [call("exp", write(plus(logit, -top))) for logit in logits]
    return Div(Matrix.column(powers), added(powers))


def is_shifted(logits: Sequence[Scalar]) -> bool:
    return any(abs(to_float(logit)) > LARGEST_SHOWN_LOGIT for logit in logits)


def conventions(words: Iterable[str]) -> list[Note]:
    """The notes on the activations that were used, each once."""
    return [CONVENTIONS[word] for word in dict.fromkeys(words) if word in CONVENTIONS]
