"""The decision boundary of two Gaussian classes: its steps, its answer, and notes on it."""

from __future__ import annotations

from mlcalc.classification import boundary, boundary_letters
from mlcalc.classification.boundary import Polynomial
from mlcalc.classification.boundary_conic import EVERYWHERE, NOWHERE, conic
from mlcalc.classification.boundary_letters import Pair, zero_of
from mlcalc.classification.boundary_roots import Thresholds, threshold_maths, thresholds
from mlcalc.classification.gaussian_model import Classifier, difference
from mlcalc.derivation import Answer, Note, Step
from mlcalc.maths.tree import Expr, Listing, Words, call, equals
from mlcalc.records import Record

MOST_FEATURES = 10
"""The polynomial of more features is not written out."""

SQUARES = {
    (1, 1): "both squares have the same sign",
    (1, -1): "the squares have opposite signs",
    (1, 0): "only one feature is squared",
    (0, 0): "no feature is squared, since the variances are equal",
}


class Boundary(Record):
    """What is shown of the boundary."""

    steps: tuple[Step, ...]
    answers: tuple[Answer, ...]
    notes: tuple[Note, ...] = ()
    polynomial: Polynomial | None = None
    roots: Thresholds | None = None


def boundary_of(classifier: Classifier) -> Boundary:
    """The boundary of two classes; nothing for more classes."""
    if len(classifier.classes) != 2:
        return Boundary((), ())
    if len(classifier.features) > MOST_FEATURES:
        count = len(classifier.features)
        text = f"the boundary is a polynomial in {count} features, which is not written out"
        return Boundary((), (), (Note("nb.boundary_omitted", text),))
    if not classifier.is_numeric:
        return in_letters(classifier)
    found = boundary.polynomial(classifier)
    pair = Pair.of(classifier, own_letters=False)
    steps = [*boundary_letters.letter_steps(pair), *boundary.number_steps(classifier, found)]
    if not found.degree:
        return constant_boundary(found, steps)
    if len(classifier.features) == 1:
        return with_thresholds(found, steps)
    return with_polynomial(found, steps)


def constant_boundary(found: Polynomial, steps: list[Step]) -> Boundary:
    """No feature is left: the classes differ at most in their priors."""
    sign = found.constant.sign
    if sign == 0:
        text = "both classes have the same priors and densities: every point is a tie"
        return Boundary(tuple(steps), (), (Note("nb.boundary_everywhere", text),), found)
    label = found.first if sign > 0 else found.second
    return Boundary(tuple(steps), (empty_answer(label),), (empty_note(label),), found)


def empty_answer(label: str) -> Answer:
    return Answer("boundary", "empty", Words(f"empty: class {label} everywhere"))


def empty_note(label: str) -> Note:
    text = f"there is no boundary: class {label} is predicted everywhere"
    return Note("nb.boundary_empty", text)


def with_thresholds(found: Polynomial, steps: list[Step]) -> Boundary:
    """One feature: the boundary is the list of thresholds where the class changes."""
    roots = thresholds(found)
    steps = [*steps, *roots.steps]
    changes = [part.low for part in roots.intervals if part.low is not None]
    if not changes:
        label = roots.intervals[0].label
        return Boundary(tuple(steps), (empty_answer(label),), (empty_note(label),), found, roots)
    maths = Listing(tuple(map(threshold_maths, changes)))
    symbol = found.symbols[0]
    answer = Answer("boundary", tuple(changes), maths, symbol, any_order=True)
    return Boundary(tuple(steps), (answer,), (), found, roots)


def with_polynomial(found: Polynomial, steps: list[Step]) -> Boundary:
    """More features: the boundary is the polynomial that is zero there."""
    whole = found.times(found.multiple)
    answer = Answer("boundary", zero_of(whole.tree), zero_of(whole.tree))
    notes = [sign_note(found)]
    if len(found.symbols) == 2:
        name = conic(found)
        if name in (NOWHERE, "a single point"):
            label = found.first if whole.squares[0] + whole.squares[1] > 0 else found.second
            if not any(whole.squares):
                label = found.first if found.constant.sign > 0 else found.second
            notes = [Note("nb.boundary_empty", emptiness(name, label))]
            if name == NOWHERE:
                return Boundary(tuple(steps), (empty_answer(label),), tuple(notes), found)
        elif name != EVERYWHERE:
            text = f"{name}: {SQUARES[signs_of(found)]}"
            steps = [*steps, Step("name the curve", (zero_of(whole.tree),), text)]
    return Boundary(tuple(steps), (answer,), tuple(notes), found)


def signs_of(found: Polynomial) -> tuple[int, int]:
    """Of the two squares, turned so that the first that is there is positive."""
    one, other = ((a > 0) - (a < 0) for a in found.squares)
    if not one or not other:
        return abs(one or other), 0
    return 1, one * other


def emptiness(name: str, label: str) -> str:
    if name == NOWHERE:
        return f"the polynomial has no real zero: class {label} is predicted everywhere"
    return f"the polynomial is zero at a single point: class {label} is predicted elsewhere"


def sign_note(found: Polynomial) -> Note:
    text = f"class {found.first} is predicted where the polynomial is positive"
    return Note("nb.boundary_sign", text)


def in_letters(classifier: Classifier) -> Boundary:
    """The polynomial in the letters that were typed."""
    pair = Pair.of(classifier, own_letters=True)
    steps = boundary_letters.letter_steps(pair)
    short = boundary_letters.letter_polynomial(pair)
    raw = boundary_letters.collected(pair)
    if short != raw:
        note = "what is equal in both classes cancels"
        steps.append(Step("simplify", (equals(0, short),), note))
    root = common_threshold(pair)
    if root is not None:
        note = "equal variances: a line, whose root is the middle of the means, moved by the priors"
        steps.append(Step("solve for the threshold", (equals(pair.symbols[0], root),), note))
        return Boundary(tuple(steps), (Answer("boundary", root, root, pair.symbols[0]),))
    answer = Answer("boundary", zero_of(short), equals(0, short))
    text = f"class {pair.first} is predicted where the polynomial is positive"
    return Boundary(tuple(steps), (answer,), (Note("nb.boundary_sign", text),))


def common_threshold(pair: Pair) -> Expr | None:
    """(μ₁ + μ₀)/2 − σ²/(μ₁ − μ₀)·log(P₁/P₀) for one feature with one variance."""
    if len(pair.normals) != 1:
        return None
    (one, other), (first, second) = pair.normals[0], pair.priors
    if one.variance != other.variance or one.mean == other.mean:
        return None
    middle = (one.mean + other.mean) / 2
    if boundary_letters.is_one(first / second):
        return middle
    return middle - one.variance / difference(one.mean, other.mean) * call("log", first / second)
