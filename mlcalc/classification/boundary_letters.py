"""The boundary between two Gaussian classes in letters: why it is at most quadratic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from mlcalc.classification import letters
from mlcalc.classification.gaussian_model import (
    Classifier,
    Normal,
    difference,
    parameter_letters,
    scaled,
    summed,
)
from mlcalc.derivation import Block, Step
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Add, Chain, Expr, Given, Mul, Neg, Number, Symbol, call, equals, wrap
from mlcalc.records import Record

X, J = Symbol("x"), "j"

A, B, C = Symbol("A"), Symbol("B"), Symbol("C")

HALF = Fraction(1, 2)

MOST_FEATURES_IN_FULL = 3


def order(classes: Sequence[str]) -> tuple[int, int]:
    """Which class is above in the ratio: the larger number, 1 of 1 and 0, else the first."""
    first, second = (exact_label(label) for label in classes)
    is_turned = first is not None and second is not None and first < second
    return (1, 0) if is_turned else (0, 1)


def exact_label(label: str) -> Fraction | None:
    try:
        return Fraction(label)
    except (ValueError, ZeroDivisionError):
        return None


class Pair(Record):
    """The two classes in letters: priors, and the normals of each feature, first above."""

    first: str
    second: str
    symbols: tuple[Symbol, ...]
    priors: tuple[Expr, Expr]
    normals: tuple[tuple[Normal, Normal], ...]

    @classmethod
    def of(cls, classifier: Classifier, own_letters: bool) -> Pair:
        """With the letters that were typed, or with μ and σ² for numbers that are put in later."""
        above, below = order(classifier.classes)
        first, second = classifier.classes[above], classifier.classes[below]
        if own_letters:
            priors = classifier.priors[above], classifier.priors[below]
            pairs = zip(classifier.normals[above], classifier.normals[below], strict=True)
            return cls(first, second, classifier.symbols, priors, tuple(pairs))
        places: Sequence[int | str] = range(len(classifier.features))
        symbols = classifier.symbols
        if len(places) > MOST_FEATURES_IN_FULL:
            places, symbols = [J], (Symbol("x", J),)
        normals = tuple(
            (
                parameter_letters(classifier, first, place),
                parameter_letters(classifier, second, place),
            )
            for place in places
        )
        return cls(first, second, symbols, (letters.prior(first), letters.prior(second)), normals)

    @property
    def is_indexed(self) -> bool:
        """Whether one feature j stands for all."""
        return self.symbols == (Symbol("x", J),)


def letter_steps(pair: Pair) -> list[Step]:
    """The boundary in letters, from equal posteriors to the collected polynomial."""
    return [ratio_step(pair), log_step(pair), collect_step(pair)]


def ratio_step(pair: Pair) -> Step:
    one, other = (call("P", Given(letters.is_class(c), X)) for c in (pair.first, pair.second))
    tops = [letters.density(x, pair.first) for x in pair.symbols]
    bottoms = [letters.density(x, pair.second) for x in pair.symbols]
    if pair.is_indexed:
        tops, bottoms = [letters.density(X, pair.first)], [letters.density(X, pair.second)]
    above, below = (
        Mul((letters.prior(c), *d)) for c, d in ((pair.first, tops), (pair.second, bottoms))
    )
    chain = equals(0, call("log", above / below))
    note = (
        "on the boundary both posteriors are equal, so neither is 0; p(x) cancels, and the log of "
        f"the ratio is 0 there; it is positive where class {pair.first} is predicted"
    )
    return Step("set the two posteriors equal", (equals(one, other), chain), note)


def log_step(pair: Pair) -> Step:
    terms: list[Expr] = [call("log", pair.priors[0] / pair.priors[1])]
    for x, (one, other) in zip(pair.symbols, pair.normals, strict=True):
        inner: list[Expr] = [
            call("log", other.variance / one.variance) / 2,
            difference(x, other.mean) ** 2 / (2 * other.variance),
            Neg(difference(x, one.mean) ** 2 / (2 * one.variance)),
        ]
        terms += [over_features(Add(tuple(inner)))] if pair.is_indexed else inner
    chain = equals(0, Add(tuple(terms)))
    note = (
        "√(2π) cancels; the exponents are −(x − μ)²/(2σ²), so that of the class below in the ratio "
        "comes in with a plus"
    )
    return Step("put in the densities and take the log", (chain,), note)


def over_features(term: Expr) -> Expr:
    from mlcalc.maths.tree import BigOp

    return BigOp("sum", term, Symbol(J))


def names(pair: Pair, letter: Symbol) -> list[Symbol]:
    """A₁, A₂, …; A alone where there is one feature."""
    if pair.is_indexed:
        return [Symbol(letter.name, J)]
    if len(pair.symbols) == 1:
        return [letter]
    return [Symbol(letter.name, str(n)) for n in range(1, len(pair.symbols) + 1)]


def collect_step(pair: Pair) -> Step:
    """Every square is x² − 2μx + μ²; what stands before x², x and 1."""
    a, b = names(pair, A), names(pair, B)
    squares: list[Expr] = [letter * x**2 for letter, x in zip(a, pair.symbols, strict=True)]
    lines: list[Expr] = [letter * x for letter, x in zip(b, pair.symbols, strict=True)]
    if pair.is_indexed:
        body: list[Expr] = [over_features(squares[0] + lines[0])]
    else:
        body = squares + lines
    blocks: list[Block] = [equals(0, Add((*body, C)))]
    formulas = coefficients(pair)
    for number_, (letter_a, letter_b) in enumerate(zip(a, b, strict=True)):
        blocks.append(equals(letter_a, formulas.squares[number_]))
        blocks.append(equals(letter_b, formulas.lines[number_]))
    constant = formulas.constants
    if pair.is_indexed:
        constant = [constant[0], over_features(Add(tuple(constant[1:])))]
    blocks.append(equals(C, Add(tuple(constant))))
    product = " and no product of two features, since they are independent within a class"
    note = (
        "(x − μ)² = x² − 2μx + μ²; no power is above the second"
        + (product if pair.is_indexed or len(pair.symbols) > 1 else "")
        + ": the boundary is at most quadratic; a square drops out where both variances are equal"
    )
    return Step("expand the squares and collect the powers", tuple(blocks), note)


class Coefficients(Record):
    """What stands before each x², each x, and the terms of the constant."""

    squares: list[Expr]
    lines: list[Expr]
    constants: list[Expr]


def coefficients(pair: Pair) -> Coefficients:
    squares: list[Expr] = []
    lines: list[Expr] = []
    constants: list[Expr] = [call("log", pair.priors[0] / pair.priors[1])]
    for one, other in pair.normals:
        squares.append(wrap(1) / (2 * other.variance) - wrap(1) / (2 * one.variance))
        lines.append(difference(one.mean / one.variance, other.mean / other.variance))
        constants += [
            call("log", other.variance / one.variance) / 2,
            other.mean**2 / (2 * other.variance),
            Neg(one.mean**2 / (2 * one.variance)),
        ]
    return Coefficients(squares, lines, constants)


def zero_of(expression: Expr) -> Chain:
    """expression = 0."""
    return Chain(expression, (("=", wrap(0)),))


def collected(pair: Pair) -> Expr:
    """The polynomial with its coefficients as they come."""
    formulas = coefficients(pair)
    squares = [a * x**2 for a, x in zip(formulas.squares, pair.symbols, strict=True)]
    lines = [b * x for b, x in zip(formulas.lines, pair.symbols, strict=True)]
    return Add((*squares, *lines, *formulas.constants))


def letter_polynomial(pair: Pair) -> Expr:
    """The collected polynomial in the letters that were typed, what cancels left out."""
    from mlcalc.calculus import simplified

    formulas = coefficients(pair)
    terms: list[Expr] = []
    for power, values in ((2, formulas.squares), (1, formulas.lines)):
        for x, value in zip(pair.symbols, values, strict=True):
            short = simplified(value)
            if exact(short) == 0:
                continue
            terms.append(timesed(short, x**2 if power == 2 else x))
    ratios = [pair.priors[0] / pair.priors[1]]
    logs: list[Expr] = [] if is_one(ratios[0]) else [call("log", simplified(ratios[0]))]
    rest: list[Expr] = []
    for one, other in pair.normals:
        ratio = other.variance / one.variance
        if not is_one(ratio):
            logs.append(call("log", simplified(ratio)) / 2)
        squares = other.mean**2 / (2 * other.variance) - one.mean**2 / (2 * one.variance)
        short = simplified(squares)
        if exact(short) != 0:
            rest.append(short)
    return summed([*terms, *logs, *rest])


def timesed(value: Expr, x: Expr) -> Expr:
    """value·x, the minus of the value taken before it."""
    if isinstance(value, Neg):
        return Neg(timesed(value.operand, x))
    if isinstance(value, Number):
        return scaled(value.value, x)
    return Mul((value, x))


def is_one(ratio: Expr) -> bool:
    from mlcalc.calculus import simplified

    return exact(simplified(ratio)) == 1
