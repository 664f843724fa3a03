"""The losses that a network may be trained on: their words, their working, their gradients.

An output y and its target t are vectors of one length; a loss adds up what each output costs.
The logarithms are natural.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from mlcalc.derivation import Note, Prose
from mlcalc.errors import Place, Unsolved
from mlcalc.fields import Word
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Chain,
    Div,
    Expr,
    Indexed,
    Matrix,
    Mul,
    Neg,
    Symbol,
    call,
    wrap,
)
from mlcalc.maths.vectors import NamedVector, Write, added, column, compact, worked
from mlcalc.networks.logits import COMBINED, from_logits, logged, needs_logits, weighed
from mlcalc.networks.loss_slopes import slope, slope_in_letters
from mlcalc.records import Record

LOSSES = {
    "squared-error": "Σ(y − t)²",
    "half-squared-error": "½Σ(y − t)²",
    "mean-squared-error": "the mean of (y − t)² over the outputs",
    "cross-entropy": "−Σ t ln y",
    "binary-cross-entropy": "−Σ (t ln y + (1 − t) ln(1 − y))",
    "hinge": "Σ max(0, 1 − t·y), with targets 1 and −1",
}
SYNONYMS = {
    "se": "squared-error", "sse": "squared-error", "mse": "mean-squared-error",
    "ce": "cross-entropy", "bce": "binary-cross-entropy", "log-loss": "binary-cross-entropy",
}  # fmt: skip

LOSS = Word(LOSSES, SYNONYMS)

NOTES: dict[str, Note] = {
    "squared-error": Note(
        "loss.factor", "the squared error is Σ(y − t)², without a factor 1/2 and without a mean"
    ),
    "half-squared-error": Note(
        "loss.factor", "the half squared error has the factor 1/2, which the derivative cancels"
    ),
    "mean-squared-error": Note(
        "loss.factor", "the mean squared error is the mean over the outputs, with no factor 1/2"
    ),
    "cross-entropy": Note("loss.natural_log", "the cross-entropy is taken with the natural log"),
    "binary-cross-entropy": Note(
        "loss.natural_log", "the binary cross-entropy is taken with the natural log"
    ),
    "hinge": Note("loss.hinge_at_kink", "the hinge loss has slope 0 where t·y = 1, at its kink"),
}

K = Symbol("k")
ZERO, ONE = Fraction(0), Fraction(1)

Term = Callable[[Expr, Expr], Expr]
"""What one output y costs with its target t, as notation."""


def both_logs(y: Expr, t: Expr) -> Expr:
    return Add((Mul((t, logged(y))), Mul((1 - t, logged(1 - y)))))


TERMS: dict[str, Term] = {
    "squared-error": lambda y, t: (y - t) ** 2,
    "half-squared-error": lambda y, t: (y - t) ** 2,
    "mean-squared-error": lambda y, t: (y - t) ** 2,
    "cross-entropy": lambda y, t: Mul((t, logged(y))),
    "binary-cross-entropy": both_logs,
    "hinge": lambda y, t: call("max", 0, 1 - Mul((t, y))),
}


class Loss(Record):
    """One of the losses; `place` is where its word stands, for what has no value."""

    word: str
    write: Write
    place: Place

    # The loss.

    def worked(
        self,
        target: Expr,
        output: NamedVector,
        wanted: NamedVector,
        activation: str = "identity",
        logits: tuple[Scalar, ...] = (),
    ) -> tuple[Chain, Scalar]:
        """target = Σ … with its numbers, and the value.

        `activation` made the output from `logits`; from these the logarithms are taken where the
        output is so near 0 or 1 that its own digits are lost.  Raises `Unsolved` where the
        logarithm of an output has no value.
        """
        letters = self.whole(self.summed(output, wanted), len(output.values))
        is_from_logits = needs_logits(self.word, activation, logits)
        if is_from_logits:
            terms = [
                term
                for logit, t in zip(logits, wanted.values, strict=True)
                for term in from_logits(self.word, logits, logit, t, self.write)
            ]
        else:
            pairs = zip(output.values, wanted.values, strict=True)
            terms = [term for y, t in pairs for term in self.terms(y, t)]
        numbers = self.whole(added(terms or [wrap(ZERO)]), len(output.values))
        value = scalar(numbers)
        return worked(target, letters, numbers, self.write(value)), value

    def summed(self, output: NamedVector, wanted: NamedVector) -> Expr:
        """What the outputs cost together, in letters."""
        term = TERMS[self.word]
        if output.is_number:
            return term(output.name, wanted.name)
        return BigOp("sum", term(entry(output.name), entry(wanted.name)), K)

    def whole(self, total: Expr, outputs: int) -> Expr:
        """The loss as the factor that the word announces, times the sum."""
        match self.word:
            case "half-squared-error":
                return Mul((Div(wrap(1), wrap(2)), total))
            case "mean-squared-error" if outputs > 1:
                return Mul((Div(wrap(1), wrap(outputs)), total))
            case "cross-entropy" | "binary-cross-entropy" if total != wrap(0):
                return Neg(total)
            case (
                "squared-error" | "mean-squared-error" | "hinge"
                | "cross-entropy" | "binary-cross-entropy"
            ):  # fmt: skip
                return total
            case _:
                raise LookupError(f"no factor is known of the loss {self.word}")

    def terms(self, y: Scalar, t: Scalar) -> list[Expr]:
        """The same for one output with its numbers; logarithms that count for nothing left out."""
        if "entropy" not in self.word:
            return [TERMS[self.word](self.write(y), self.write(t))]
        wanted = [(t, y, logged(self.write(y)))]
        if self.word == "binary-cross-entropy":
            wanted.append((1 - t, 1 - y, logged(1 - self.write(y))))
        for weight, argument, _ in wanted:
            if weight != 0 and argument <= 0:
                self.refuse_logarithm(y)
        return [weighed(weight, log, self.write) for weight, _, log in wanted if weight != 0]

    def refuse_logarithm(self, y: Scalar) -> None:
        fitting = "softmax" if self.word == "cross-entropy" else "sigmoid"
        span = "above 0" if self.word == "cross-entropy" else "between 0 and 1"
        raise Unsolved.because(
            f"{self.word} takes the logarithm of an output of {to_float(y):.5g}, and needs outputs "
            f"{span}: {fitting} as the output's activation gives them",
            self.place,
        )

    # Its gradient.

    def gradient(
        self, target: Expr, output: NamedVector, wanted: NamedVector
    ) -> tuple[Chain, tuple[Scalar, ...]]:
        """target = ∂L/∂y, entry by entry."""
        pairs = list(zip(output.values, wanted.values, strict=True))
        count = len(pairs)
        entries = [slope(self.word, y, t, count, self.write) for y, t in pairs]
        values = tuple(map(scalar, entries))
        members = [compact(Matrix.column(entries)), compact(column(values, self.write))]
        letters = self.slope_in_letters(output, wanted)
        return worked(target, *([letters] if letters else []), *distinct(members)), values

    def slope_in_letters(self, output: NamedVector, wanted: NamedVector) -> Expr | None:
        return slope_in_letters(self.word, output, wanted)

    def has_combined_rule(self, activation: str) -> bool:
        """Whether the gradient at the logits is simply y − t."""
        return (self.word, activation) in COMBINED

    def combined_gradient(
        self, target: Expr, output: NamedVector, wanted: NamedVector
    ) -> tuple[Chain, tuple[Scalar, ...]]:
        """target = ∂L/∂o = y − t, where the activation and the loss are a pair of `COMBINED`.

        Targets of a softmax that do not add up to 1 leave y·Σt − t.
        """
        total = sum(wanted.values, ZERO)
        is_weighed = self.word == "cross-entropy" and total != 1
        name: Expr = output.name
        if is_weighed:
            name = Mul((self.write(total), name))
        entries = [
            (Mul((self.write(total), self.write(y))) if is_weighed else self.write(y))
            - self.write(t)
            for y, t in zip(output.values, wanted.values, strict=True)
        ]
        values = tuple(map(scalar, entries))
        members = [compact(Matrix.column(entries)), compact(column(values, self.write))]
        return worked(target, name - wanted.name, *distinct(members)), values

    def why_combined(self, activation: str) -> Prose:
        """The because of `combined_gradient`."""
        return COMBINED[self.word, activation]

    def misfit(self, target: Scalar) -> str:
        """What is wrong with a target, in words; empty where nothing is."""
        match self.word:
            case "hinge" if abs(target) != 1:
                return "the hinge loss takes targets of 1 and −1"
            case "cross-entropy" if target < 0:
                return "the cross-entropy takes targets that are probabilities, such as 0, 1, 0"
            case "binary-cross-entropy" if not 0 <= target <= 1:
                return "the binary cross-entropy takes targets from 0 to 1"
            case _:
                return ""

    def notes(self) -> list[Note]:
        return [NOTES[self.word]]


def entry(name: Expr) -> Expr:
    """The k-th entry of a named vector: y_k, and y_(t,k) of one that has an index already."""
    if isinstance(name, Indexed):
        return Indexed(name.base, (*name.indices, K))
    return Indexed(name, (K,))


def distinct(members: Iterable[Expr]) -> list[Expr]:
    """The members of a chain, without one that repeats the one before."""
    found: list[Expr] = []
    for member in members:
        if not found or found[-1] != member:
            found.append(member)
    return found
