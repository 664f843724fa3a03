"""The decision boundary between two Gaussian classes: a polynomial, at most quadratic.

It is where the log-ratio of the two scores is zero.  The ratio has the first class above and the
other below, so the log-ratio is positive where the first is predicted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import inf

from mlcalc.classifiers import letters
from mlcalc.classifiers.gaussian import Gaussian, Normal
from mlcalc.classifiers.logged import HALF, Logged, difference, number, scaled, summed
from mlcalc.classifiers.model import Boundary, Query
from mlcalc.classifiers.pictures import gaussian_pictures
from mlcalc.classifiers.polynomial import (
    EVERYWHERE,
    NOWHERE,
    POINT,
    Polynomial,
    Region,
    changes,
    conic,
    regions,
    roots_of,
    solving_step,
    threshold_maths,
    where,
    zero_of,
)
from mlcalc.maths.board import Note, line
from mlcalc.maths.evaluate import exact
from mlcalc.maths.records import Later, Record
from mlcalc.maths.tree import Add, Decimal, Expr, Listing, Mul, Neg, Number, Symbol, Words, equals
from mlcalc.showing.derivation import Answer, Step, Table, step

MOST_FEATURES = 10
"""The polynomial of more features is not written out."""
MOST_FEATURES_IN_FULL = 3
"""In letters one feature j stands for more."""

SQUARES = {
    (1, 1): "both squares have the same sign",
    (1, -1): "the squares have opposite signs",
    (1, 0): "only one feature is squared",
    (0, 0): "no feature is squared, since the variances are equal",
}


def boundary_of(model: Gaussian, query: Query | None) -> Boundary:
    """The boundary of two classes, and pictures of one or two features; no boundary for more."""
    if not model.is_numeric:
        return in_letters(model) if len(model.classes) == 2 else Boundary()
    if len(model.classes) != 2:
        return Boundary(pictures=gaussian_pictures(model, query))
    if len(model.features) > MOST_FEATURES:
        count = len(model.features)
        text = f"the boundary is a polynomial in {count} features, which is not written out"
        return Boundary(notes=(Note("nb.boundary_omitted", text),))
    pair = Pair.of(model, own_letters=False)
    found = polynomial(model, pair)
    if not found.degree:
        told = constant_boundary(pair, found)
    elif len(model.features) == 1:
        told = with_thresholds(pair, found)
    else:
        told = with_polynomial(pair, found)

    def steps() -> Iterator[Step]:
        yield from letter_steps(pair)
        yield from number_steps(Pair.of(model, own_letters=True), found)
        yield from told.steps

    thresholds = () if len(model.features) > 1 else changes(regions_of(pair, found))
    pictures = gaussian_pictures(model, query, found, thresholds)
    return Boundary(Later(steps), told.answers, told.notes, pictures)


# The two classes.


class Pair(Record):
    """The two classes: priors, and the normals of each feature, that above in the ratio first."""

    first: str
    second: str
    symbols: tuple[Symbol, ...]
    priors: tuple[Expr, Expr]
    normals: tuple[tuple[Normal, Normal], ...]
    is_indexed: bool = False
    """Whether one feature j stands for all."""

    @classmethod
    def of(cls, model: Gaussian, own_letters: bool) -> Pair:
        """With the letters that were typed, or with μ and σ² for numbers that are put in later."""
        first, second = in_order(model.classes)
        if own_letters:
            priors = model.prior[first].result, model.prior[second].result
            pairs = zip(model.densities[first], model.densities[second], strict=True)
            return cls(first, second, model.symbols, priors, tuple(pairs))
        is_indexed = len(model.features) > MOST_FEATURES_IN_FULL
        places: Sequence[int | str] = ["j"] if is_indexed else range(len(model.features))
        symbols = (Symbol("x", "j"),) if is_indexed else model.symbols
        normals = ((model.letters_of(first, k), model.letters_of(second, k)) for k in places)
        priors = letters.prior(first), letters.prior(second)
        return cls(first, second, symbols, priors, tuple(normals), is_indexed)

    def terms(self, *texts: str) -> list[list[Expr]]:
        """The lines of each feature x: m and v are of the first class, n and w of the other."""
        return [
            [
                line(text, x=x, m=one.mean, v=one.variance, n=other.mean, w=other.variance,
                     minus=difference)
                for text in texts
            ]
            for x, (one, other) in zip(self.symbols, self.normals, strict=True)
        ]  # fmt: skip

    def over_features(self, rows: Iterable[Sequence[Expr]]) -> list[Expr]:
        """The terms of all features, written as a sum over j where one stands for all."""
        if not self.is_indexed:
            return [term for row in rows for term in row]
        return [line("sum(body, j)", body=Add(tuple(row))) for row in rows]

    @property
    def prior_ratio(self) -> Expr:
        return self.priors[0] / self.priors[1]


def in_order(classes: Sequence[str]) -> tuple[str, str]:
    """Which class is above in the ratio: the larger number, 1 of 1 and 0, else the first."""
    first, second = classes
    values = [exact(letters.word(label)) for label in classes]
    is_turned = None not in values and values[0] < values[1]  # type: ignore[operator]  # numbers
    return (second, first) if is_turned else (first, second)


# In letters: why it is at most quadratic.

SQUARES_OF = "1/(2*w) - 1/(2*v)"
LINES_OF = "minus(m/v, n/w)"
CONSTANTS_OF = ("log(w/v)/2", "n^2/(2*w)", "-(m^2/(2*v))")


def letter_steps(pair: Pair) -> list[Step]:
    """The boundary in letters, from equal posteriors to the collected polynomial."""
    return [ratio_step(pair), log_step(pair), collect_step(pair)]


def ratio_step(pair: Pair) -> Step:
    symbols = [letters.X] if pair.is_indexed else pair.symbols
    above, below = (
        Mul((letters.prior(c), *(letters.density(x, c) for x in symbols)))
        for c in (pair.first, pair.second)
    )
    return step(
        "set the two posteriors equal",
        "one = other",
        "0 = log(above / below)",
        why="on the boundary both posteriors are equal, so neither is 0; p(x) cancels, and the log "
        f"of the ratio is 0 there; it is positive where class {pair.first} is predicted",
        one=letters.posterior(pair.first),
        other=letters.posterior(pair.second),
        above=above,
        below=below,
    )


def log_step(pair: Pair) -> Step:
    rows = pair.terms("log(w/v)/2", "minus(x, n)^2/(2*w)", "-(minus(x, m)^2/(2*v))")
    return step(
        "put in the densities and take the log",
        "0 = log(ratio) + terms",
        why="√(2π) cancels; the exponents are −(x − μ)²/(2σ²), so that of the class below in the "
        "ratio comes in with a plus",
        ratio=pair.prior_ratio,
        terms=pair.over_features(rows),
    )


def names(pair: Pair, letter: str) -> list[Symbol]:
    """A₁, A₂, …; A alone where there is one feature."""
    if pair.is_indexed:
        return [Symbol(letter, "j")]
    if len(pair.symbols) == 1:
        return [Symbol(letter)]
    return [Symbol(letter, str(n)) for n in range(1, len(pair.symbols) + 1)]


def collect_step(pair: Pair) -> Step:
    """Every square is x² − 2μx + μ²; what stands before x², x and 1."""
    a, b = names(pair, "A"), names(pair, "B")
    squares: list[Expr] = [letter * x**2 for letter, x in zip(a, pair.symbols, strict=True)]
    lines: list[Expr] = [letter * x for letter, x in zip(b, pair.symbols, strict=True)]
    body = [*squares, *lines]
    if pair.is_indexed:
        body = pair.over_features([body])
    coefficients: list[Expr] = []
    for own, formulas in zip(zip(a, b, strict=True), pair.terms(SQUARES_OF, LINES_OF), strict=True):
        coefficients += map(equals, own, formulas)
    product = " and no product of two features, since they are independent within a class"
    is_one = len(pair.symbols) == 1 and not pair.is_indexed
    return step(
        "expand the squares and collect the powers",
        "0 = body + C",
        *coefficients,
        "C = log(ratio) + constants",
        why="(x − μ)² = x² − 2μx + μ²; no power is above the second"
        + ("" if is_one else product)
        + ": the boundary is at most quadratic; a square drops out where both variances are equal",
        body=body,
        ratio=pair.prior_ratio,
        constants=pair.over_features(pair.terms(*CONSTANTS_OF)),
    )


def in_letters(model: Gaussian) -> Boundary:
    """The polynomial in the letters that were typed."""
    pair = Pair.of(model, own_letters=True)
    short, root, x = letter_polynomial(pair), common_threshold(pair), pair.symbols[0]

    def steps() -> Iterator[Step]:
        yield from letter_steps(pair)
        if short != collected(pair):
            why = "what is equal in both classes cancels"
            yield step("simplify", "0 = short", why=why, short=short)
        if root is not None:
            why = "equal variances: a line, whose root is the middle of the means, moved by the "
            why += "priors"
            yield step("solve for the threshold", "x = root", why=why, x=x, root=root)

    if root is not None:
        return Boundary(Later(steps), (Answer("boundary", root, root, x),))
    answer = Answer("boundary", zero_of(short), equals(0, short))
    return Boundary(Later(steps), (answer,), (sign_note(pair),))


def collected(pair: Pair) -> Expr:
    """The polynomial with its coefficients as they come."""
    rows = pair.terms(f"({SQUARES_OF}) * x^2", f"({LINES_OF}) * x")
    squares, lines = zip(*rows, strict=True)
    constants = [term for row in pair.terms(*CONSTANTS_OF) for term in row]
    return line("terms + log(ratio) + rest", terms=[*squares, *lines], ratio=pair.prior_ratio,
                rest=constants)  # fmt: skip


def letter_polynomial(pair: Pair) -> Expr:
    """The collected polynomial in the letters that were typed, what cancels left out."""
    from mlcalc.maths.calculus import simplified

    terms: list[Expr] = []
    for text, power in ((SQUARES_OF, "x^2"), (LINES_OF, "x")):
        for coefficient, x in pair.terms(text, power):
            short = simplified(coefficient)
            if exact(short) != 0:
                terms.append(timesed(short, x))
    logs: list[Expr] = []
    if not is_one(pair.prior_ratio):
        logs.append(line("log(r)", r=simplified(pair.prior_ratio)))
    rest: list[Expr] = []
    for ratio, squares in pair.terms("w/v", "n^2/(2*w) - m^2/(2*v)"):
        if not is_one(ratio):
            logs.append(line("log(r)/2", r=simplified(ratio)))
        short = simplified(squares)
        if exact(short) != 0:
            rest.append(short)
    return summed([*terms, *logs, *rest])


def timesed(value: Expr, x: Expr) -> Expr:
    """value·x, the minus of the value taken before it."""
    if isinstance(value, Neg):
        return Neg(timesed(value.operand, x))
    return scaled(value.value, x) if isinstance(value, Number) else Mul((value, x))


def is_one(ratio: Expr) -> bool:
    from mlcalc.maths.calculus import simplified

    return exact(simplified(ratio)) == 1


def common_threshold(pair: Pair) -> Expr | None:
    """(μ₁ + μ₀)/2 − σ²/(μ₁ − μ₀)·log(P₁/P₀) for one feature with one variance."""
    if len(pair.normals) != 1:
        return None
    one, other = pair.normals[0]
    if one.variance != other.variance or one.mean == other.mean:
        return None
    text = "(m + n)/2" if is_one(pair.prior_ratio) else "(m + n)/2 - v/minus(m, n) * log(r)"
    return line(text, m=one.mean, n=other.mean, v=one.variance, minus=difference,
                r=pair.prior_ratio)  # fmt: skip


# With numbers.


def polynomial(model: Gaussian, pair: Pair) -> Polynomial:
    """The log-ratio of two classes whose parameters are numbers."""
    constant, inside = Fraction(0), Fraction(1)
    squares, lines = [], []
    rows = zip(model.densities[pair.first], model.densities[pair.second], strict=True)
    for one, other in rows:
        (m1, v1), (m0, v0) = one.numbers, other.numbers
        squares.append(1 / (2 * v0) - 1 / (2 * v1))
        lines.append(m1 / v1 - m0 / v0)
        constant += m0 * m0 / (2 * v0) - m1 * m1 / (2 * v1)
        inside *= v0 / v1
    ratio = model.prior[pair.first].value / model.prior[pair.second].value
    log = Logged(constant, HALF, ratio**2 * inside)
    return Polynomial(model.symbols, tuple(squares), tuple(lines), log)


def number_steps(pair: Pair, found: Polynomial) -> list[Step]:
    """The numbers put into A, B and C; then whole coefficients."""
    chains: list[Expr] = []
    rows = zip(names(pair, "A"), names(pair, "B"), pair.terms(SQUARES_OF, LINES_OF),
               found.squares, found.lines, strict=True)  # fmt: skip
    for a, b, (square, of_line), square_value, line_value in rows:
        chains.append(equals(a, square, number(square_value)))
        chains.append(equals(b, of_line, number(line_value)))
    value = found.constant.value
    last = line(
        "C = log(ratio) + terms = sum = decimal",
        ratio=pair.prior_ratio,
        terms=[term for row in pair.terms(*CONSTANTS_OF) for term in row],
        sum=summed(found.constant.terms()),
        decimal=Decimal(value) if isinstance(value, float) else None,
    )
    zero = zero_of(found.tree) if found.degree else None
    steps = [step("put in the numbers", *chains, last, zero)]
    factor = found.multiple
    if found.degree and factor != 1:
        whole = zero_of(found.times(factor).tree)
        why = "so that the coefficients are whole numbers"
        steps.append(step(f"multiply by {factor}", whole, why=why))
    return steps


def constant_boundary(pair: Pair, found: Polynomial) -> Boundary:
    """No feature is left: the classes differ at most in their priors."""
    if found.constant.sign == 0:
        text = "both classes have the same priors and densities: every point is a tie"
        return Boundary(notes=(Note("nb.boundary_everywhere", text),))
    return empty_boundary([], pair.first if found.constant.sign > 0 else pair.second)


def empty_boundary(steps: Sequence[Step], label: str, text: str = "") -> Boundary:
    answer = Answer("boundary", "empty", Words(f"empty: class {label} everywhere"))
    text = text or f"there is no boundary: class {label} is predicted everywhere"
    return Boundary(steps, (answer,), (Note("nb.boundary_empty", text),))


def regions_of(pair: Pair, found: Polynomial) -> tuple[Region, ...]:
    """One feature: who is predicted where, by the sign of the log-ratio."""
    roots = roots_of(found.times(found.multiple))

    def winners(place: Fraction) -> tuple[str, ...]:
        sign = found.at((place,)).sign
        return () if sign == 0 else (pair.first if sign > 0 else pair.second,)

    return regions((-inf, *roots, inf), winners)


def with_thresholds(pair: Pair, found: Polynomial) -> Boundary:
    """One feature: the boundary is the list of thresholds where the class changes."""
    parts = regions_of(pair, found)

    def steps() -> Iterator[Step]:
        solving = solving_step(found.times(found.multiple))
        yield from () if solving is None else (solving,)
        yield sign_step(pair, found, parts)

    thresholds = changes(parts)
    if not thresholds:
        return empty_boundary(Later(steps), parts[0].label)
    maths = Listing(tuple(map(threshold_maths, thresholds)))
    answer = Answer("boundary", thresholds, maths, found.symbols[0], any_order=True)
    return Boundary(Later(steps), (answer,))


def sign_step(pair: Pair, found: Polynomial, parts: Sequence[Region]) -> Step:
    """Which class is predicted where, by the sign of the log-ratio at one place of each part."""
    x, rows = found.symbols[0], []
    for part in parts:
        ratio = found.at((part.place,)).value
        relation = line("r > 0" if ratio > 0 else "r < 0", r=Decimal(ratio))
        rows.append(
            (where(x, part.low, part.high), number(part.place), relation, letters.word(part.label))
        )
    table = Table(("where", x, "log-ratio there", "class"), tuple(rows))
    why = f"the log-ratio is positive where class {pair.first} is predicted, and continuous"
    return step("look at the signs", table, why=why)


def with_polynomial(pair: Pair, found: Polynomial) -> Boundary:
    """More features: the boundary is the polynomial that is zero there."""
    zero = zero_of(found.times(found.multiple).tree)
    answer, notes = Answer("boundary", zero, zero), (sign_note(pair),)
    if len(found.symbols) != 2:
        return Boundary((), (answer,), notes)
    name = conic(found)
    if name in (NOWHERE, POINT):
        sign = sum(found.squares) if any(found.squares) else found.constant.sign
        label = pair.first if sign > 0 else pair.second
        if name == NOWHERE:
            text = f"the polynomial has no real zero: class {label} is predicted everywhere"
            return empty_boundary((), label, text)
        text = f"the polynomial is zero at a single point: class {label} is predicted elsewhere"
        return Boundary((), (answer,), (Note("nb.boundary_empty", text),))
    if name == EVERYWHERE:
        return Boundary((), (answer,), notes)
    why = f"{name}: {SQUARES[signs_of(found)]}"
    return Boundary((step("name the curve", zero, why=why),), (answer,), notes)


def signs_of(found: Polynomial) -> tuple[int, int]:
    """Of the two squares, turned so that the first that is there is positive."""
    one, other = ((a > 0) - (a < 0) for a in found.squares)
    return (1, one * other) if one and other else (abs(one or other), 0)


def sign_note(pair: Pair) -> Note:
    text = f"class {pair.first} is predicted where the polynomial is positive"
    return Note("nb.boundary_sign", text)
