"""What a pac problem asks: its case, its theorem, and which of N, ε, δ and |H| is missing."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mlcalc.derivation import Answer, Derivation, Note, Step
from mlcalc.errors import Complaint, Invalid, Unsolved
from mlcalc.fields import has_no_value, is_single
from mlcalc.learning.bounds import (
    CLASS_SIZE,
    DELTA,
    DIMENSION,
    EPSILON,
    UNKNOWNS,
    Bound,
    N,
    bound_named,
    default_bound,
)
from mlcalc.learning.bounds_numbers import at_most
from mlcalc.learning.bounds_picture import bound_picture
from mlcalc.learning.bounds_working import Asked, Solved, convention_notes, solved
from mlcalc.learning.sizes import Counted, counted, described, given_list
from mlcalc.maths.evaluate import exact
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr, Listing, Matrix, Number, Symbol, Words, equals, free_symbols

if TYPE_CHECKING:
    from mlcalc.learning.consistent import Decision
    from mlcalc.solvers.pac import Problem

SETTINGS = {
    "realizable": "the target is in the class: some hypothesis makes no error",
    "agnostic": "the target may lie outside the class",
}
THEOREMS = {
    ("realizable", "finite"): "theorem 1", ("agnostic", "finite"): "theorem 2",
    ("realizable", "infinite"): "theorem 3", ("agnostic", "infinite"): "theorem 4",
}  # fmt: skip
FOR_ONE = ("hoeffding", "chebyshev")
"""Bounds that are for one hypothesis where no class is given."""
INF = Symbol("inf")
ONE = Number(Fraction(1))


def answered(given: Problem) -> Derivation:
    return Question(given).derivation()


class Question:
    """The givens of a problem, checked against each other."""

    def __init__(self, given: Problem) -> None:
        self.given = given
        self.check_probabilities()
        self.check_class()
        self.size = self.class_size()
        self.decision = self.decide()
        # Agnostic may always be said: it assumes less.
        found = self.decision.setting if self.decision else None
        self.setting: str | None = given.setting or found
        self.dimension = self.vc_dimension()
        self.unknown = self.missing()

    # What is given must make sense.

    def check_probabilities(self) -> None:
        fields = type(self.given)
        complaints: list[Complaint] = []
        for field, value in (
            (fields.epsilon, self.given.epsilon),
            (fields.delta, self.given.delta),
        ):
            number = None if value is None else exact(value)
            if value is None or (number is None and free_symbols(value)):
                continue
            if number is None or not 0 < number < 1:
                name = self.given.typed_name(field)
                message = f"{name} lies between 0 and 1, not {one_line(value)}"
                if number is not None and 1 < number < 100:
                    message += f": {one_line(value)} % is written {one_line(value)}%"
                complaints.append(Complaint(message, self.given.place_of(field)))
        if complaints:
            raise Invalid(*complaints)

    def check_class(self) -> None:
        """The class is described once, and the fields that describe it belong to it."""
        given, fields = self.given, type(self.given)
        if given.hypotheses is not None:
            value = given.hypotheses
            number = exact(value)
            if isinstance(value, Listing | Matrix):
                pass
            elif not is_single(value) or has_no_value(value) or (number is not None and number < 1):
                message = f"a class has at least 1 hypothesis, not {one_line(value)}"
                raise given.fault(message, fields.hypotheses)
            elif number is not None and number.denominator != 1:
                message = f"a class has a whole number of hypotheses, not {one_line(value)}"
                raise given.fault(message, fields.hypotheses)
            if given.hypothesis_class is not None:
                raise given.fault(
                    "the class gives its own size: leave hypotheses out", fields.hypotheses
                )
        named = given.hypothesis_class
        for field, wanted in (
            (fields.grid, "rectangles"), (fields.weights, "linear"),
            (fields.repeats, "decision-trees"),
        ):  # fmt: skip
            if given.is_given(field) and (named is None or named.name != wanted):
                raise given.fault(f"{field.name} goes with the class {wanted}", field)

    # The class.

    def class_size(self) -> Counted | None:
        """|H| where the class is finite and given."""
        given = self.given
        if given.hypotheses is not None:
            if isinstance(given.hypotheses, Listing | Matrix):
                return given_list(len(items_of(given.hypotheses)))
            return Counted(given.hypotheses, "", given.hypotheses)
        if given.description_length is not None:
            return described(given.description_length)
        if given.hypothesis_class is None:
            return None
        weights = [self.whole_weight(item, i) for i, item in enumerate(given.weights or ())]
        return counted(given.hypothesis_class, self.space(), given.grid, weights, given.repeats)

    def whole_weight(self, item: Expr, number: int) -> int:
        value = exact(item)
        if value is None or value.denominator != 1:
            raise self.given.fault(
                f"expected whole numbers as weights, not {one_line(item)}",
                type(self.given).weights, number,
            )  # fmt: skip
        return int(value)

    def space(self) -> Expr | None:
        """The number of attributes or coordinates: as given, or that of the data."""
        given = self.given
        if given.dimension is not None or given.data is None:
            return given.dimension
        from mlcalc.learning.consistent_rows import read_rows

        return Number(Fraction(len(read_rows(given).features)))

    @property
    def is_finite(self) -> bool | None:
        if self.size is not None:
            return True
        given = self.given
        if given.hypothesis_class is not None:
            return given.hypothesis_class.name == "nearest-neighbours" and given.data is not None
        return False if given.vc_dimension is not None else None

    def vc_dimension(self) -> Expr | None:
        given = self.given
        if given.vc_dimension is not None or given.hypothesis_class is None:
            return given.vc_dimension
        from mlcalc.learning.vc_dimension import space_of, vc_dimension

        space = self.space() or space_of(given.hypothesis_class) or Symbol("n")
        return vc_dimension(given.hypothesis_class, space)

    def decide(self) -> Decision | None:
        """Realizable or agnostic, from the data."""
        given, fields = self.given, type(self.given)
        if given.data is None:
            if given.label is not None:
                raise given.fault("'data' is missing: the rows that the label belongs to")
            return None
        if given.hypothesis_class is None:
            message = "'hypothesis_class' is missing: the class that is to fit the data"
            raise given.fault(message, fields.data)
        from mlcalc.learning.consistent import decided

        decision = decided(given)
        if given.setting == "realizable" and decision.setting == "agnostic":
            message = f"the data say agnostic: {decision.summary}"
            raise given.fault(message, fields.setting)
        return decision

    # What is missing.

    def missing(self) -> str | None:
        """The one unknown; "" where nothing is missing, None where only the case is asked."""
        given = self.given
        known = {
            "samples": given.samples is not None,
            "epsilon": given.epsilon is not None,
            "delta": given.delta is not None,
        }
        absent = [name for name, is_known in known.items() if not is_known]
        is_one = given.bound == "test-set" or (given.bound in FOR_ONE and absent)
        has_class = self.is_finite is not None or bool(is_one)
        if len(absent) == 3:
            if self.is_finite is None:
                raise given.fault(
                    "give the class (hypotheses, hypothesis_class or vc_dimension) and two of "
                    "samples, epsilon and delta"
                )
            return None
        if len(absent) + (not has_class) > 1:
            names = absent if has_class else [*absent, "the class"]
            raise given.fault(
                f"{listed(names)} are missing: only one of samples, epsilon, delta and the "
                "class (hypotheses, hypothesis_class or vc_dimension) can be solved for"
            )
        if not has_class:
            return "hypotheses"
        return absent[0] if absent else ""

    @property
    def case(self) -> str | None:
        """Such as "realizable, finite"."""
        if self.setting is None:
            return None
        is_finite = self.is_finite if self.is_finite is not None else self.unknown == "hypotheses"
        return f"{self.setting}, {'finite' if is_finite else 'infinite'}"

    # The theorem.

    def bound(self) -> Bound:
        given, fields = self.given, type(self.given)
        name = given.bound
        if name is None and given.description_length is not None:
            name = "occam"
        if name in (None, "finite") and self.setting is None:
            raise given.fault(
                "'setting' is missing: realizable (the target is in the class) or agnostic (it may "
                "not be), or data and label to decide it from"
            )
        if name is None:
            assert self.setting is not None
            by_size = self.is_finite or self.unknown == "hypotheses"
            return default_bound("hypotheses" if by_size else "vc_dimension", self.setting)
        found = bound_named(name, self.setting)
        if found.setting and self.setting not in (None, found.setting):
            message = (
                f"{name} holds in the {found.setting} setting alone, and this is {self.setting}"
            )
            raise given.fault(message, fields.bound)
        self.check_capacity(found)
        return found

    def check_capacity(self, bound: Bound) -> None:
        given, fields = self.given, type(self.given)
        if bound.capacity == "hypotheses" and self.is_finite is False:
            message = f"{bound.name} needs a finite class: give hypotheses, or choose another bound"
            raise given.fault(message, fields.bound)
        if bound.capacity == "vc_dimension" and self.dimension is None:
            raise given.fault(f"{bound.name} needs vc_dimension, which is missing", fields.bound)
        if bound.capacity == "one" and self.size is not None and exact(self.size.size) != 1:
            message = "the test-set bound is for one hypothesis: leave the class out"
            raise given.fault(message, fields.bound)
        if self.unknown == "hypotheses" and "hypotheses" not in bound.solutions:
            raise given.fault(f"{bound.name} does not hold a number of hypotheses", fields.bound)

    def asked(self, unknown: str) -> Asked:
        given = self.given
        values: dict[Expr, Expr] = {}
        pairs: tuple[tuple[str, Expr, Expr | None], ...] = (
            ("samples", N, given.samples), ("epsilon", EPSILON, given.epsilon),
            ("delta", DELTA, given.delta),
        )  # fmt: skip
        for name, symbol, value in pairs:
            if name != unknown and value is not None and value != symbol:
                values[symbol] = value
        if unknown != "hypotheses":
            values[CLASS_SIZE] = ONE if self.size is None else self.size.size
        if self.dimension is not None and self.dimension != DIMENSION:
            values[DIMENSION] = self.dimension
        return Asked(unknown, values, given.growth)

    # The answer.

    def derivation(self) -> Derivation:
        if self.given.bound == "all":
            from mlcalc.learning.bounds_compared import compared

            return compared(self)
        if self.unknown is None:
            return self.case_alone()
        bound = self.bound()
        self.check_finite_dimension(bound)
        unknown = self.unknown or "samples"
        found = self.solved(bound, unknown)
        steps = [*self.class_steps(bound), *found.steps]
        answers = [self.answer(found)]
        notes = [
            *self.class_notes(bound),
            *convention_notes(bound, self.asked(unknown)),
            *found.notes,
        ]
        if not self.unknown:
            notes.insert(0, self.verified(found))
        return Derivation(
            f"Sample complexity: {bound.title}",
            tuple(steps),
            (*answers, *self.case_answers(bound)),
            tuple(notes),
            bound_picture(bound, self.asked(unknown), found.value),
        )

    def solved(self, bound: Bound, unknown: str) -> Solved:
        try:
            return solved(bound, self.asked(unknown))
        except EvaluationError as error:
            raise Unsolved.because(f"{bound.name}: {error}", self.given.place) from None

    def check_finite_dimension(self, bound: Bound) -> None:
        if bound.capacity == "vc_dimension" and self.dimension == INF:
            message = "the VC dimension is infinite: no number of examples is enough"
            raise Unsolved.because(message, self.given.place)

    def verified(self, found: Solved) -> Note:
        """All four are given: N must be enough."""
        given, fields = self.given, type(self.given)
        assert given.samples is not None
        if not isinstance(found.value, Fraction) or exact(given.samples) is None:
            return Note("pac.verified", "all of N, ε, δ and the class are given; N is worked out")
        needed = Number(found.value)
        if not at_most(needed, given.samples):
            raise given.fault(
                f"the givens contradict each other: {one_line(given.samples)} examples are not "
                f"enough, {one_line(needed)} are needed; leave one of samples, epsilon, delta and "
                "the class out to solve for it",
                fields.samples,
            )
        text = ("all four are given, and they agree: ", equals(N, given.samples), " is enough")
        return Note("pac.verified", text)

    def answer(self, found: Solved) -> Answer:
        return Answer(found.unknown, found.value, found.maths, UNKNOWNS[found.unknown])

    def class_steps(self, bound: Bound | None) -> list[Step]:
        steps: list[Step] = []
        if self.decision is not None:
            steps += self.decision.steps
        by_size = bound is None or bound.capacity == "hypotheses"
        if self.size is not None and self.size.reason and by_size:
            steps.append(self.size.step())
        by_dimension = bound is not None and bound.capacity == "vc_dimension"
        if self.dimension_is_derived and (by_dimension or not self.is_finite):
            assert self.dimension is not None
            steps.append(
                Step("find the VC dimension", (equals(DIMENSION, self.dimension),), self.why())
            )
        return steps

    @property
    def dimension_is_derived(self) -> bool:
        named = self.given.hypothesis_class
        return named is not None and self.dimension is not None

    def why(self) -> str:
        assert self.given.hypothesis_class is not None
        from mlcalc.learning.vc_dimension import space_of

        assert self.given.hypothesis_class is not None
        space = self.space() or (None if space_of(self.given.hypothesis_class) else Symbol("n"))
        where = "" if space is None else f" in dimension {one_line(space)}"
        return f"of the class {self.given.hypothesis_class}{where}; `mlcalc vc` gives the proof"

    def class_notes(self, bound: Bound | None) -> list[Note]:
        notes = list(self.decision.notes) if self.decision else []
        if self.size is not None and (bound is None or bound.capacity == "hypotheses"):
            notes += self.size.notes()
        return notes

    def case_answers(self, bound: Bound | None) -> list[Answer]:
        answers: list[Answer] = []
        by_size = bound is None or bound.capacity == "hypotheses"
        is_counted = self.size is not None and bool(self.size.reason)
        if self.size is not None and is_counted and by_size:
            size = self.size.size
            value = exact(size)
            maths = equals(size, self.size.number) if self.size.number else size
            answers.append(
                Answer("hypotheses", size if value is None else value, maths, CLASS_SIZE)
            )
        if self.case is not None:
            answers.append(Answer("case", self.case, Words(self.case)))
        if self.decision is not None and self.decision.hypothesis is not None:
            answers.append(self.decision.hypothesis)
        return answers

    def case_alone(self) -> Derivation:
        """Only the case is asked: which of the four theorems holds."""
        if self.case is None:
            self.bound()  # says that the setting is missing
        assert self.setting is not None
        kind = "finite" if self.is_finite else "infinite"
        theorem = THEOREMS[self.setting, kind]
        steps = self.class_steps(None)
        notes = self.class_notes(None)
        bound = default_bound("hypotheses" if self.is_finite else "vc_dimension", self.setting)
        steps.append(self.case_step(kind, theorem))
        if not (self.is_finite and self.size is None):
            found = solved(bound, Asked("samples", {}, self.given.growth))
            steps += found.steps
            notes += convention_notes(bound, Asked("samples", {}))
        answers = self.case_answers(None)
        answers.sort(key=lambda answer: answer.name != "case")
        return Derivation(
            "Which case of sample complexity", tuple(steps), tuple(answers), tuple(notes)
        )

    def case_step(self, kind: str, theorem: str) -> Step:
        assert self.setting is not None
        finite = "the class is " + ("finite" if kind == "finite" else "infinite")
        note = f"{SETTINGS[self.setting]}; {finite}"
        return Step("name the case", (Words(f"{self.setting}, {kind}: {theorem}"),), note)


def listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def items_of(found: Expr) -> tuple[Expr, ...]:
    from mlcalc.maths import reader

    return reader.items_of(found)
