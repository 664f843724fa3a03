"""The losses that a network may be trained on: one record each, and how they are worked out.

An output y and its target t are vectors of one length; a loss adds up what each output costs.
The logarithms are natural.  A new loss is an entry of `LOSSES`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import NoReturn, TypeAlias

from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.files.problem import Problem
from mlcalc.maths.board import Note, Prose, line
from mlcalc.maths.evaluate import holds, scalar
from mlcalc.maths.functions import Scalar, plus, to_float
from mlcalc.maths.records import Later, Record
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Cases,
    Chain,
    Expr,
    Hadamard,
    Indexed,
    Matrix,
    Mul,
    Neg,
    Symbol,
    spread,
    substitute,
    walk,
    wrap,
)
from mlcalc.maths.vectors import NamedVector, Write, added, column, compact, worked
from mlcalc.networks.activations import is_shifted
from mlcalc.networks.arithmetic import Vector
from mlcalc.networks.loss_words import LossWord, is_formula, unfit_for

PROBABILITIES = ("softmax", "sigmoid")
"""The activations whose outputs a loss takes the logarithm of."""

Y, T, K = Symbol("y"), Symbol("t"), Symbol("k")

SATURATED = 9
"""Beyond this logit 1 − y of a sigmoid has lost too many digits to take its logarithm."""


class Loss(Record):
    """What a loss is, as lines of the board: the cost of one output y with its target t."""

    meaning: str
    term: str
    slope: str
    """The derivative in y, of n outputs."""
    note: tuple[str, str]
    """The id of the note on its factor, its logarithm or its kink, and its words."""
    factor: str = ""
    """What the sum of the terms is multiplied by."""
    output: str = ""
    """The activation whose slope cancels that of the loss, so that y − t is left."""
    combined: str = ""
    """Why it does."""
    span: str = ""
    """Where an output must lie for its logarithm."""
    targets: str = ""
    """What a target must fulfil, and what is said where it does not."""
    misfit: str = ""
    synonyms: tuple[str, ...] = ()


LOSSES = {
    "squared-error": Loss(
        "Σ(y − t)²", "(y - t)^2", "2*(y - t)",
        synonyms=("se", "sse", "sum-of-squared-errors", "sum-of-squares"),
        note=("loss.factor",
              "the squared error is Σ(y − t)², without a factor 1/2 and without a mean"),
    ),
    "half-squared-error": Loss(
        "½Σ(y − t)²", "(y - t)^2", "y - t", factor="1/2",
        note=("loss.factor",
              "the half squared error has the factor 1/2, which the derivative cancels"),
    ),
    "mean-squared-error": Loss(
        "the mean of (y − t)² over the outputs", "(y - t)^2", "2/n*(y - t)", factor="1/n",
        synonyms=("mse-loss", "mse",),
        note=("loss.factor",
              "the mean squared error is the mean over the outputs, with no factor 1/2"),
    ),
    "cross-entropy": Loss(
        "−Σ t ln y", "t*ln(y)", "-(t/y)", factor="-1", synonyms=("ce", "categorical-cross-entropy"),
        output="softmax", span="above 0",
        combined="softmax and cross-entropy together have the gradient y − t: "
        "the 1/y of the logarithm cancels against the y of the softmax",
        targets="t >= 0",
        misfit="the cross-entropy takes targets that are probabilities, such as 0, 1, 0",
        note=("loss.natural_log", "the cross-entropy is taken with the natural log"),
    ),
    "binary-cross-entropy": Loss(
        "−Σ (t ln y + (1 − t) ln(1 − y))", "t*ln(y) + (1 - t)*ln(1 - y)", "(y - t)/(y*(1 - y))",
        factor="-1", synonyms=("bce", "log-loss"), output="sigmoid", span="between 0 and 1",
        combined="sigmoid and binary cross-entropy together have the gradient y − t: the y(1 − y) "
        "of the sigmoid cancels against that of the logarithms",
        targets="0 <= t <= 1",
        misfit="the binary cross-entropy takes targets from 0 to 1",
        note=("loss.natural_log", "the binary cross-entropy is taken with the natural log"),
    ),
    "hinge": Loss(
        "Σ max(0, 1 − t·y), with targets 1 and −1", "max(0, 1 - t*y)", "cases(-t if t*y < 1, 0)",
        targets="t^2 = 1", misfit="the hinge loss takes targets of 1 and −1",
        note=("loss.hinge_at_kink", "the hinge loss has slope 0 where t·y = 1, at its kink"),
    ),
}  # fmt: skip

LOSS = LossWord(
    {word: one.meaning for word, one in LOSSES.items()},
    {synonym: word for word, one in LOSSES.items() for synonym in one.synonyms},
    ("loss function", "loss", "cost", "error"),
)


Gradient: TypeAlias = tuple[Sequence[Chain], Vector]
"""The line of a gradient, and its values."""


class LossWriting(Record):
    """The working of one of the losses; `place` is where its word stands."""

    word: str
    write: Write
    place: Place
    is_mean: bool = False
    """Whether the loss of several examples is their mean, as PyTorch and Keras have it."""
    is_open: bool = False
    """Whether nobody said which activation the output has."""
    is_renamed: bool = False
    """Whether a cross-entropy was asked for, and is the binary one of a single output."""

    @property
    def loss(self) -> Loss:
        return LOSSES[self.word]

    # The loss.

    def numbers(self, output: Vector, wanted: Vector, activation: str, logits: Vector) -> Expr:
        """Σ … with its numbers, whose value the loss is.

        `activation` made the output from `logits`; from these the logarithms are taken where the
        output is so near 0 or 1 that its own digits are lost.  Raises `Unsolved` where the
        logarithm of an output has no value, and `Invalid` where it is a raw score.
        """
        self.refuse_scores(output)
        if self.has_combined_rule(activation) and is_saturated(activation, logits):
            pairs = zip(logits, wanted, strict=True)
            terms = [e for o, t in pairs for e in self.from_logits(logits, o, t)]
        else:
            terms = [e for y, t in zip(output, wanted, strict=True) for e in self.terms(y, t)]
        return self.whole(added(terms or [wrap(0)]), len(output))

    def refuse_scores(self, output: Vector) -> None:
        """Raises `Invalid` for outputs that are no probabilities though the loss is of some."""
        if not self.is_open or self.loss.output not in PROBABILITIES:
            return
        values = [to_float(value) for value in output]
        is_whole = self.loss.output == "sigmoid" or math.isclose(sum(values), 1, abs_tol=1e-3)
        if is_whole and all(0 < value < 1 for value in values):
            return
        numbers = ", ".join(f"{value:.5g}" for value in values)
        self.refuse_open(len(output), f" {numbers}")

    def refuse_letters(self, outputs: int) -> None:
        """The same for outputs in letters, which may be anything."""
        if self.is_open and self.loss.output in PROBABILITIES:
            self.refuse_open(outputs)

    def refuse_open(self, outputs: int, numbers: str = "") -> NoReturn:
        """Raises `Invalid` with both readings of outputs that are scores."""
        activation = "sigmoid" if outputs == 1 else self.loss.output
        what = "output is no probability" if outputs == 1 else "outputs are no probabilities"
        if outputs > 1 and activation == "softmax":
            what = "outputs are no distribution"
        what = what.replace(" ", f"{numbers} ", 1)
        message = f"the {what}, of which the {self.word} is taken: write output_activation "
        message += f"{activation} for scores that go through it first, as in PyTorch, or "
        message += "output_activation identity for the logarithms of what stands there"
        raise Invalid.at(message, self.place)

    def worked(
        self, target: Expr, output: NamedVector, wanted: NamedVector, numbers: Expr, value: Scalar
    ) -> Chain:
        """target = Σ … = the numbers = the value."""
        letters = self.whole(self.summed(output, wanted), len(output.values))
        return worked(target, letters, numbers, self.write(value))

    def term(self, y: Expr, t: Expr) -> Expr:
        """What one output costs."""
        return line(self.loss.term, y=y, t=t)

    def summed(self, output: NamedVector, wanted: NamedVector) -> Expr:
        """What the outputs cost together, in letters."""
        if output.is_number:
            return self.term(output.name, wanted.name)
        return BigOp("sum", self.term(entry(output.name), entry(wanted.name)), K)

    def whole(self, total: Expr, outputs: int) -> Expr:
        """The sum times the factor of the loss."""
        factor = line(self.loss.factor or "1", n=outputs)
        match scalar(factor):
            case 1:
                return total
            case -1:
                return total if total == wrap(0) else Neg(total)
            case _:
                return Mul((factor, total))

    def terms(self, y: Scalar, t: Scalar) -> list[Expr]:
        """The same for one output with its numbers; logarithms that count for nothing left out."""
        term = line(self.loss.term)
        found: list[Expr] = []
        for part in spread(Add, term):
            match part:
                case Mul((weight, Call("ln", (argument,)))):
                    share, inside = scalar(weight, {T: t}), scalar(argument, {Y: y})
                    # Of two outcomes, what counts for nothing must be a probability too.
                    is_none = inside < 0 and self.loss.output == "sigmoid"
                    if is_none or (share != 0 and inside <= 0):
                        raise self.no_logarithm(y)
                    log = Call("ln", (substitute(argument, {Y: self.write(y)}),))
                    found += self.weighed(share, log)
                case _:
                    found.append(substitute(part, {Y: self.write(y), T: self.write(t)}))
        return found

    def weighed(self, weight: Scalar, log: Expr) -> list[Expr]:
        """t·ln y; nothing where t is 0, and the factor 1 is not written."""
        if weight == 0:
            return []
        return [log if weight == 1 else Mul((self.write(weight), log))]

    def no_logarithm(self, y: Scalar) -> Unsolved:
        return Unsolved.because(
            f"{self.word} takes the logarithm of an output of {to_float(y):.5g}, and needs outputs "
            f"{self.loss.span}: {self.loss.output} as the output's activation gives them",
            self.place,
        )

    def from_logits(self, logits: tuple[Scalar, ...], logit: Scalar, t: Scalar) -> list[Expr]:
        """t ln y by the logits o: ln y_k = o_k − m − ln Σ e^(o_j − m), m the largest.

        Of a sigmoid: ln y = min(o, 0) − ln(1 + e^(−|o|)), and ln(1 − y) the same of −o.
        """
        write = self.write
        if self.loss.output == "softmax":
            largest: Scalar = max(logits)
            powers = added([line("exp(o)", o=write(plus(o, -largest))) for o in logits])
            logs = [(t, plus(logit, -largest))]
        else:
            powers = line("1 + exp(o)", o=write(min(logit, -1 * logit)))
            positive: Scalar = max(logit, Fraction(0))
            logs = [(t, plus(logit, -positive)), (1 - t, -1 * positive)]
        rest = Neg(line("ln(powers)", powers=powers))
        return [e for share, o in logs for e in self.weighed(share, added([write(o), rest]))]

    # Its gradient.

    def gradient(self, target: Expr, output: NamedVector, wanted: NamedVector) -> Gradient:
        """target = ∂L/∂y, entry by entry."""
        pairs = zip(output.values, wanted.values, strict=True)
        entries = [self.slope(y, t, len(output.values)) for y, t in pairs]
        return self.entry_by_entry(target, lambda: self.slope_in_letters(output, wanted), entries)

    def entry_by_entry(
        self, target: Expr, letters: Callable[[], Expr | None], entries: Sequence[Expr]
    ) -> Gradient:
        values = tuple(map(scalar, entries))

        def chains() -> Iterator[Chain]:
            found = letters()
            members = [compact(Matrix.column(entries)), compact(column(values, self.write))]
            first = [] if found is None else [found]
            yield worked(target, *first, *dict.fromkeys(members))

        return Later(chains), values

    def slope(self, y: Scalar, t: Scalar, outputs: int) -> Expr:
        """The derivative in one of the outputs, with its numbers."""
        if t == 0 and self.loss.output == "softmax":
            return wrap(0)  # an output that is not wanted counts for nothing, though it be 0
        slope = self.slope_of(self.write(y), self.write(t), outputs)
        if isinstance(slope, Cases):
            return self.write(
                scalar(next(v for v, where in slope.branches if where is None or holds(where)))
            )
        return slope

    def slope_of(self, y: Expr, t: Expr, outputs: int) -> Expr:
        one = self.loss.slope.replace("2/n", "2") if outputs == 1 else self.loss.slope
        return line(one, y=y, t=t, n=outputs)

    def slope_in_letters(self, output: NamedVector, wanted: NamedVector) -> Expr | None:
        """The same by the names of the vectors; None of a hinge loss of several outputs."""
        slope = self.slope_of(Y, T, len(output.values))
        if not output.is_number:
            if isinstance(slope, Cases):
                return None
            products: dict[Expr, Expr] = {e: Hadamard(e.factors) for e in walk(slope)
                        if isinstance(e, Mul) and all(Y in walk(f) for f in e.factors)}  # fmt: skip
            slope = substitute(slope, products)
        return substitute(slope, {Y: output.name, T: wanted.name})

    def has_combined_rule(self, activation: str) -> bool:
        """Whether the gradient at the logits is simply y − t."""
        return activation == self.loss.output

    def combined_gradient(self, target: Expr, output: NamedVector, wanted: NamedVector) -> Gradient:
        """target = ∂L/∂o = y − t, where the activation is the one that goes with the loss.

        Targets of a softmax that do not add up to 1 leave y·Σt − t.
        """
        total = sum(wanted.values, Fraction(0))
        weight = self.write(total) if self.loss.output == "softmax" and total != 1 else None
        entries = [
            line("(w * y) - t", w=weight, y=self.write(y), t=self.write(t))
            for y, t in zip(output.values, wanted.values, strict=True)
        ]
        return self.entry_by_entry(
            target, lambda: line("(w * y) - t", w=weight, y=output.name, t=wanted.name), entries
        )

    def misfit(self, target: Scalar) -> str:
        """What is wrong with a target, in words; empty where nothing is."""
        wanted = self.loss.targets
        return "" if not wanted or holds(line(wanted), {T: target}) else self.loss.misfit

    def why_combined(self) -> Prose:
        return self.loss.combined

    def notes(self) -> list[Note]:
        return [Note(*self.loss.note), *([ONE_OUTPUT] if self.is_renamed else [])]


ONE_OUTPUT = Note(
    "loss.one_output",
    "a single sigmoid output is the probability of one class of two, so that "
    "the cross-entropy is the binary one",
)


def asked_loss(
    given: Problem, activation: str, outputs: int, write: Write, is_open: bool = True
) -> LossWriting:
    """The loss of so many outputs; raises `Invalid` where it cannot be theirs.

    A single sigmoid is the probability of one of two classes: its cross-entropy is binary, but
    where the loss is typed as its formula.
    """
    field, output = given.fields["loss"], given.fields["output_activation"]
    raw, typed = given.given.get(given.typed_name(field)), given.values["loss"]
    if message := unfit_for(raw, outputs):
        raise given.fault(message, field)
    is_renamed = (typed, activation, outputs) == ("cross-entropy", "sigmoid", 1)
    is_renamed = is_renamed and not is_formula(raw)
    return LossWriting(
        "binary-cross-entropy" if is_renamed else typed,
        write,
        given.place_of(field),
        is_open=is_open and not given.is_given(output),
        is_renamed=is_renamed,
    )


def is_saturated(activation: str, logits: tuple[Scalar, ...]) -> bool:
    if activation == "softmax":
        return is_shifted(logits)
    return any(abs(to_float(logit)) > SATURATED for logit in logits)


def entry(name: Expr) -> Expr:
    """The k-th entry of a named vector: y_k, and y_(t,k) of one that has an index already."""
    if isinstance(name, Indexed):
        return Indexed(name.base, (*name.indices, K))
    return Indexed(name, (K,))
