"""VC dimension, growth function, and which point sets a class shatters, with proofs.

mlcalc vc rectangles --dimension 2
mlcalc vc linear --points '(0,0), (1,0), (0,1), (1,1)'
mlcalc vc intervals --points '1; 2; 3' --labels '+ - +'
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from mlcalc.files import problem
from mlcalc.files.document import Entries
from mlcalc.files.errors import Unsolved
from mlcalc.files.fields import Quantity, as_number, whole
from mlcalc.learning.bounds.named import spread
from mlcalc.learning.class_catalogue import CLASSES
from mlcalc.learning.finite_class import (
    MOST_COLUMNS,
    as_labeling,
    labeling_answer,
    size_bound,
    table_derivation,
    truth,
)
from mlcalc.learning.hypotheses import Labels, PointSet, TableOrSize, is_one_line, is_table
from mlcalc.learning.hypothesis_class import HypothesisClass, NamedClass, space_given
from mlcalc.learning.separation import Point
from mlcalc.learning.shattering.model import Decider, Labeling, Witness
from mlcalc.learning.vc_dimension import INF, VC, is_infinite, letter_of, space_of, vc_dimension
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.letters import free_letter, letters_in
from mlcalc.maths.records import Later
from mlcalc.maths.tree import Expr, Number
from mlcalc.showing.derivation import (
    Answer,
    Derivation,
    Picture,
    Result,
    Step,
    count_answer,
    only_for,
)

if TYPE_CHECKING:
    from mlcalc.learning.labelings import Decided

MOST_QUOTED = 6
"""Numbers of a line in a message."""


class Problem(problem.Problem):
    @classmethod
    def placed(cls, given: Entries) -> Entries:
        """A size that stands in the place of a class, |H| = 100, fills the field of sizes."""
        return spread(given, cls.hypothesis_class, cls.spellings)

    hypothesis_class = problem.optional(
        NamedClass(),
        f"the class: {', '.join(CLASSES)}; sizes in brackets, as intervals(2)",
        positional=True,
        aliases=("class",),
    )
    dimension = problem.optional(
        Quantity(least=1, whole=True),
        "dimension of space, or number of Boolean attributes",
        aliases=("attributes", "dim", "d"),
    )
    hypotheses = problem.optional(
        TableOrSize(),
        "a finite class: a row of 0 and 1 a hypothesis, a column a point; or a size",
        aliases=("H",),
    )
    vc_dimension = problem.optional(
        Quantity(least=0, whole=True),
        "the VC dimension, where that is all that is known",
        aliases=("vc", "vc_dim", "d_vc"),
    )
    points = problem.optional(PointSet(), "a point set, a row a point: '0 0; 1 0; 0 1'")
    labels = problem.optional(Labels(), "labels of the points, in their order: 0, 1, 1")
    n = problem.optional(
        Quantity(least=1, whole=True), "how many points are to be shattered", aliases=("m",)
    )


def solve(given: Problem) -> Derivation:
    """The question that the fields ask: a class, a point set, a table or a VC dimension."""
    check_question(given)
    if given.hypotheses is not None:
        return solve_finite(given)
    if given.hypothesis_class is None:
        return solve_dimension(given)
    return solve_theory(given) if given.points is None else solve_points(given)


def check_question(given: Problem) -> None:
    """One class, and points where there are labels."""
    ways = (Problem.hypothesis_class, Problem.hypotheses, Problem.vc_dimension)
    known = [field for field in ways if given.is_given(field)]
    if not known:
        wanted = "a hypothesis class such as linear, or rows of hypotheses, or a vc_dimension"
        if given.is_given(Problem.dimension):
            wanted += f"; {given.called(Problem.dimension)} is the dimension of space here"
        raise given.fault(f"'hypothesis_class' is missing: {wanted}")
    if len(known) > 1:
        names = " and ".join(field.name for field in known)
        raise given.fault(f"{names} are both given: one of them says what the class is", known[1])
    if given.points is not None and given.hypothesis_class is None:
        message = f"points need a hypothesis_class: {known[0].name} says nothing of their places"
        raise given.fault(message, Problem.points)
    if given.labels is not None and given.points is None and given.hypotheses is None:
        raise given.fault("labels need points, a label for each", Problem.labels)
    for field in (Problem.dimension, Problem.n):
        if given.is_given(field) and given.hypotheses is not None:
            raise given.fault(f"{field.name} has no use with hypotheses", field)
    if given.n is not None and given.points is not None:
        raise given.fault("n has no use with points, which say how many they are", Problem.n)
    if given.dimension is not None and given.vc_dimension is not None:
        raise given.fault("dimension has no use with vc_dimension", Problem.dimension)


# A class by name.


def solve_theory(given: Problem) -> Derivation:
    from mlcalc.learning.vc_working import break_point, can_shatter_step, growth_steps, proof_steps

    named, size = class_of(given), size_of(given)
    dimension = known_dimension(given, named, size)
    answers = [dimension_answer(dimension)]
    if not is_infinite(dimension):
        answers.append(break_point(dimension))
    found = None if given.n is None else can_shatter_step(given.n, dimension)
    if found is not None:
        answers.insert(0, found[1])
    working, growth = growth_steps(named, given.n, dimension, size)

    def steps() -> Iterator[Step]:
        yield from proof_steps(named, size, dimension)
        yield from () if found is None else (found[0],)
        yield from only_for(("growth",), working)

    return Derivation(
        f"VC dimension of {named.noun}",
        Later(steps),
        (*answers, *growth),
        Later(lambda: (*conventions(named), *in_the_plane(given, named, dimension))),
    ).apart("break_point", "growth", "upper_bound")


def in_the_plane(given: Problem, named: HypothesisClass, dimension: Expr) -> Iterator[Note]:
    """What the formula in d comes to in the plane, where nobody said the dimension of space."""
    is_open = dimension_of(given) is None and space_of(named) is None
    number = exact(known_dimension(given, named, as_number(2)))
    if is_open and not named.over_attributes and number is not None and exact(dimension) is None:
        text = f"d is the dimension of space; in the plane d = 2, and the VC dimension is {number}"
        yield Note("vc.plane", f"{text} (dimension: 2)")


def class_of(given: Problem) -> HypothesisClass:
    assert given.hypothesis_class is not None
    return given.hypothesis_class.apart_from(dimension_of(given), given.n)


def size_of(given: Problem) -> Expr:
    """The dimension of space or the number of attributes; a letter where it is not given."""
    named = class_of(given)
    own = space_of(named)
    dimension = dimension_of(given)
    if dimension is None:
        return own or letter_of(named, given.n)
    if own is not None and exact(dimension) != exact(own):
        where = "on the line" if exact(own) == 1 else "in the plane"
        message = f"{named} live {where}: dimension is {exact(own)}, or is left out"
        is_typed = given.is_given(Problem.dimension)
        raise given.fault(message, Problem.dimension if is_typed else Problem.hypothesis_class)
    return dimension


def dimension_of(given: Problem) -> Expr | None:
    return space_given(given, Problem.hypothesis_class, Problem.dimension)


def known_dimension(given: Problem, named: HypothesisClass, size: Expr) -> Expr:
    found = vc_dimension(named, size)
    if found is None:
        raise Unsolved.because(
            f"no formula is known for the VC dimension of {named} in general; it is at most "
            "log2 of the size of the class: give that as hypotheses",
            given.place_of(Problem.hypothesis_class),
        )
    return found


def dimension_answer(dimension: Expr) -> Answer:
    if is_infinite(dimension):
        return Answer("vc_dimension", float("inf"), INF, VC, is_count=True)
    if isinstance(dimension, Number):
        return count_answer("vc_dimension", dimension.value, VC)
    return count_answer("vc_dimension", dimension, VC)


# A point set.


def solve_points(given: Problem) -> Derivation:
    from mlcalc.learning.labelings import labeling_step, points_step

    named = class_of(given)
    found = decider_of(given, named)
    labels = labels_of(given, len(found.points))
    if labels is None:
        return shattering(found, named)
    decision = found.decide(labels)
    return Derivation(
        f"A labeling of {len(found.points)} points by {named.noun}",
        Later(lambda: (points_step(found), labeling_step(found, labels, decision))),
        (truth("realisable", isinstance(decision, Witness)),),
        conventions(named),
        Later(lambda: pictures(found, [(labels, decision)])),
    )


def pictures(found: Decider, shown: Sequence[Decided]) -> tuple[Picture, ...]:
    from mlcalc.learning.labeling_pictures import labelings_picture

    return labelings_picture(found, shown)


def shattering(found: Decider, named: HypothesisClass) -> Derivation:
    """Every labeling, how many are realised, and the verdict."""
    from mlcalc.learning.labelings import (
        chosen,
        count_step,
        labeling_step,
        points_step,
        table_step,
        verdict,
    )

    size = len(found.points)
    dimension = vc_dimension(named, as_number(len(found.points[0])))
    result = verdict(found)
    shown = Later(lambda: chosen(found, result.missing))

    def steps() -> Iterator[Step]:
        yield points_step(found)
        if shown:
            yield table_step(found, result, shown)
        if result.missing is not None:
            decision = dict(shown).get(result.missing) or found.decide(result.missing)
            yield labeling_step(found, result.missing, decision)
        yield count_step(result, dimension)

    answers = [truth("shattered", result.is_shattered)]
    if result.dichotomies is not None:
        answers.append(count_answer("dichotomies", Fraction(result.dichotomies)))
    if result.missing is not None:
        is_missing = partial(is_not_realised, named, found.points)
        answers.append(labeling_answer(result.missing, is_missing))
    if dimension is not None:
        answers.append(dimension_answer(dimension))
    return Derivation(
        f"Are these {size} points shattered by {named.noun}?",
        Later(steps),
        tuple(answers),
        conventions(named),
        Later(lambda: pictures(found, shown)),
    )


def is_not_realised(named: HypothesisClass, points: Sequence[Point], value: Result) -> bool:
    """Whether a claimed labeling of the points is one that the class does not realise."""
    labels, found = as_labeling(value, len(points)), named.decider(points)
    assert found is not None
    return labels is not None and not isinstance(found.decide(labels), Witness)


def decider_of(given: Problem, named: HypothesisClass) -> Decider:
    points = points_of(given)
    found = named.decider(points)
    if found is None:
        has_letter = any(exact(value) is None for _, value in named.sizes)
        why = "points need numbers in place of letters" if has_letter else "by theory only"
        message = (
            f"{named}: {why}" if has_letter else f"{named.noun} are decided {why}, without points"
        )
        raise Unsolved.because(message, given.place_of(Problem.hypothesis_class))
    return found


def points_of(given: Problem) -> list[Point]:
    """The points as exact numbers, in the space of the class."""
    assert given.points is not None
    points: list[Point] = []
    for number, column in enumerate(given.points):
        values = [exact(row[0]) for row in column.rows]
        point = tuple(value for value in values if value is not None)
        if len(point) < len(values):
            message = "points are decided exactly: write whole numbers, fractions or decimals"
            raise given.fault(f"{message} (point {number + 1})", Problem.points)
        points.append(point)
    own = space_of(class_of(given))
    wanted = own if own is not None else dimension_of(given)
    if is_one_line(given.given[given.typed_name(Problem.points)]) and len(points[0]) > 1:
        points = cut_line(given, points[0], None if wanted is None else whole(wanted))
    size = len(points[0])
    if wanted is not None and exact(wanted) is not None and exact(wanted) != size:
        kind = "a number" if exact(wanted) == 1 else f"{exact(wanted)} coordinates"
        has = "one coordinate" if size == 1 else f"{size} coordinates"
        message = f"expected {kind} for each point of {class_of(given)}, but they have {has}"
        raise given.fault(message, Problem.points)
    return points


def cut_line(given: Problem, numbers: Point, size: int | None) -> list[Point]:
    """The points that one line of numbers holds, as the dimension or the labels say."""
    if size is None and given.labels is not None and len(numbers) % len(given.labels) == 0:
        size = len(numbers) // len(given.labels)
    if size is None:
        line = " ".join(map(str, numbers[:MOST_QUOTED]))
        rest = " …" if len(numbers) > MOST_QUOTED else ""
        listed = line.replace(" ", ", ") + rest.replace(" ", ", ")
        pairs = "; ".join(" ".join(map(str, numbers[i : i + 2])) for i in (0, 2) if numbers[i:])
        more = "; …" if len(numbers) > 4 else ""
        message = (
            f"this can be read in several ways: write ({listed}) for one point, {listed} for "
            f"{len(numbers)} points on a line, or a ; behind each point: {pairs}{more}"
        )
        raise given.fault(message, Problem.points)
    if len(numbers) % size:
        return [numbers]
    points = [numbers[i : i + size] for i in range(0, len(numbers), size)]
    each = "one coordinate" if size == 1 else f"{size} coordinates"
    what = f"{len(points)} points of {each}" if points[1:] else f"one point of {each}"
    given.remarks = (*given.remarks, Note("vc.one_line", f"the points in one line are {what}"))
    return points


def labels_of(given: Problem, count: int) -> Labeling | None:
    """The labels, 0 and 1, as many as there are points."""
    if given.labels is None:
        return None
    if len(given.labels) != count:
        how_many = len(given.labels)
        message = f"expected a label for each of the {count} points, but there are {how_many}"
        raise given.fault(message, Problem.labels)
    return given.labels


# A finite class, or a VC dimension alone.


def solve_finite(given: Problem) -> Derivation:
    """A table, or one number or formula, which is the size of the class."""
    assert given.hypotheses is not None
    typed = given.given[given.typed_name(Problem.hypotheses)]
    if given.hypotheses.shape == (1, 1) and not is_table(typed):
        size = given.hypotheses.rows[0][0]
        value = exact(size)
        if value is not None and (value.denominator != 1 or value < 1):
            message = "the size of a class is a whole number from 1"
            if value == 0:
                message += ": without hypotheses it has no VC dimension (some write −1)"
            raise given.fault(message, Problem.hypotheses)
        if given.labels is not None:
            message = "labels need the rows of the hypotheses, and this is how many there are"
            raise given.fault(message, Problem.labels)
        return size_bound(size)
    rows: list[Labeling] = []
    for number, row in enumerate(given.hypotheses.rows):
        values = [exact(entry) for entry in row]
        if not all(value in (0, 1) for value in values):
            message = f"expected rows of 0 and 1, but row {number + 1} has another entry"
            raise given.fault(message, Problem.hypotheses)
        rows.append(tuple(int(value) for value in values if value is not None))
    if len(rows[0]) > MOST_COLUMNS:
        message = f"at most {MOST_COLUMNS} points are searched by exhaustion, not {len(rows[0])}"
        raise Unsolved.because(message, given.place_of(Problem.hypotheses))
    return table_derivation(tuple(rows), labels_of(given, len(rows[0])))


def solve_dimension(given: Problem) -> Derivation:
    """What follows from the VC dimension alone: break point and Sauer's bound."""
    from mlcalc.learning.vc_working import break_point, can_shatter_step, unknown_growth

    dimension = given.vc_dimension
    assert dimension is not None
    steps: list[Step] = []
    answers = [break_point(dimension)]
    if given.n is not None and (found := can_shatter_step(given.n, dimension)) is not None:
        steps.append(found[0])
        answers.insert(0, found[1])
    own = free_letter(letters_in(dimension), "nN")
    letter = own if given.n is None or whole(given.n) is not None else given.n
    count = None if given.n is None else exact(given.n)
    more, growth = unknown_growth(letter, count, dimension, of_any_class=True)
    return Derivation("What a VC dimension says", (*steps, *more), (*answers, *growth))


def conventions(named: HypothesisClass) -> Sequence[Note]:
    """What the class is taken to be."""

    def notes() -> Iterator[Note]:
        yield Note("vc.class", f"{named.noun}: {named.sort.meaning}")
        if named.sort.convention:
            yield Note("vc.convention", named.sort.convention)

    return Later(notes)
