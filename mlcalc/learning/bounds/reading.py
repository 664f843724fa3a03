"""What a pac problem asks: its case, its theorem, and which of N, ε, δ and |H| is missing."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields import has_no_value, is_single
from mlcalc.learning.bounds.question import SampleQuestion
from mlcalc.learning.bounds.theorems import (
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
from mlcalc.learning.bounds.working import Asked
from mlcalc.learning.hypothesis_class import space_given
from mlcalc.learning.sizes import Counted, Limits, counted, described, given_list
from mlcalc.learning.vc_dimension import space_of, vc_dimension
from mlcalc.maths.board import Note, prose
from mlcalc.maths.evaluate import exact
from mlcalc.maths.letters import free_letter, letters_in
from mlcalc.maths.numerics.intervals import is_whole_power
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Expr, Listing, Matrix, Number, Symbol, equals, free_symbols

if TYPE_CHECKING:
    from mlcalc.learning.consistent import Decision

FOR_ONE = ("hoeffding", "chebyshev")
"""Bounds that are for one hypothesis where no class is given."""
UNUSED = {
    "hypotheses": ("vc_dimension",),
    "vc_dimension": ("hypotheses", "description_length", "grid", "weights", "repeats"),
    "one": ("vc_dimension",),
}
"""What says nothing to a bound that measures a class by its size, by its dimension, or not."""

INF = Symbol("inf")
ONE = Number(Fraction(1))
HALF = Fraction(1, 2)


MEANINGS = {N: "the number of examples", EPSILON: "the accuracy", DELTA: "the failure probability"}


QUANTITIES = (
    SampleQuestion.samples, SampleQuestion.epsilon, SampleQuestion.delta,
    SampleQuestion.hypotheses, SampleQuestion.vc_dimension, SampleQuestion.dimension,
    SampleQuestion.description_length, SampleQuestion.grid,
)  # fmt: skip


COMPLEMENTS = (
    (SampleQuestion.accuracy, SampleQuestion.epsilon),
    (SampleQuestion.confidence, SampleQuestion.delta),
)


def in_failures(given: SampleQuestion) -> SampleQuestion:
    """The question with ε for 1 − accuracy and δ for 1 − confidence.

    Some call ε the accuracy, and δ the confidence; so what is below 1/2 is refused.
    """
    changes: dict[str, Expr | None] = {}
    for field, of in COMPLEMENTS:
        name = of.name
        typed: Expr | None = given.values[field.name]
        if typed is None:
            continue
        if given.is_given(of):
            message = f"{given.called(of)} and {given.called(field)} say the same: give one"
            raise given.fault(message, field)
        value, shown = exact(typed), one_line(typed)
        own, other = given.called(field), given.called(of)
        if value is None:
            raise given.fault(f"{own} is a number: write {other} for a letter", field)
        if not 0 < value < 1:
            raise given.fault(no_probability(own, typed), field)
        rest = as_decimal(1 - value)
        if value < HALF:
            raise given.fault(
                f"{own} {shown} may be {name} itself: write {other} {shown} for that, or "
                f"{other} {one_line(rest)} for its complement",
                field,
            )
        changes |= {of.name: rest, field.name: None}
        letter = UNKNOWNS[of.name]
        text = prose("$rest$ is 1 minus the " + field.name, rest=equals(letter, rest))
        note = Note("given.complement", (text,) if isinstance(text, str) else text)
        if note not in given.remarks:
            given.remarks = (*given.remarks, note)
    return given.with_values(**changes) if changes else given


def no_probability(name: str, value: Expr) -> str:
    """What is wrong with 90 or −1 there, and what to write for 90 %."""
    number, shown = exact(value), one_line(value)
    percent = f": {shown} % is written {shown}%" if number is not None and 1 < number < 100 else ""
    return f"{name} lies between 0 and 1, not {shown}{percent}"


def as_decimal(value: Fraction) -> Number:
    """The number, which is printed as the decimal that it is, where it is a short one."""
    short = f"{float(value):.12g}"
    is_plain = "e" not in short and Fraction(short) == value
    return Number(value, short if is_plain else None)


def without_percent(value: Expr | None) -> Expr | None:
    """10% as 0.1, which stands in a formula where the sign would not be read."""
    is_percent = isinstance(value, Number) and one_line(value).endswith("%")
    return as_decimal(value.value) if is_percent and isinstance(value, Number) else value


def point_out_confidence(given: SampleQuestion) -> None:
    """Notes a δ above 1/2, which may be the confidence."""
    value = None if given.delta is None else exact(given.delta)
    if value is None or not HALF < value < 1 or not given.is_given(SampleQuestion.delta):
        return
    typed, rest = (one_line(as_decimal(each)) for each in (value, 1 - value))
    text = f"δ = {typed} is the probability of failure: a confidence of {typed} is δ = {rest}"
    given.remarks = (*given.remarks, Note("given.delta", text))


class Question:
    """The givens of a problem, checked against each other."""

    def __init__(self, given: SampleQuestion) -> None:
        point_out_confidence(given)
        self.given = in_failures(given)
        self.check_letters_of_flags()
        self.check_probabilities()
        self.check_class()
        self.check_sizes()
        self.check_letters()
        named = given.hypothesis_class
        self.named = named and named.apart_from(self.space_given())
        self.size = self.class_size()
        self.decision = self.decide()
        # Agnostic may always be said: it assumes less.
        found = self.decision.setting if self.decision else None
        self.setting: str | None = given.setting or found
        self.dimension = self.vc_dimension()
        self.unknown = self.missing()

    # What is given must make sense.

    def check_letters_of_flags(self) -> None:
        """Letters that may mean one thing or another where a class is named."""
        given = self.given
        if given.hypothesis_class is None or given.dimension is not None:
            return
        for field, letter, other in (
            (SampleQuestion.samples, "N", "the number of attributes"),
            (SampleQuestion.vc_dimension, "d", "the dimension of space"),
        ):
            if given.typed_name(field) == letter and given.hypothesis_class.space is None:
                clear = (given.called(one, one.name) for one in (field, SampleQuestion.dimension))
                typed, one = given.called(field), field.description
                message = f"{typed} may be the {one}, or {other}: write {' or '.join(clear)}"
                raise given.fault(message, field)

    def check_probabilities(self) -> None:
        complaints: list[Complaint] = []
        for field in (SampleQuestion.epsilon, SampleQuestion.delta):
            value: Expr | None = self.given.values[field.name]
            number = None if value is None else exact(value)
            is_open = value is None or (number is None and free_symbols(value))
            if value is None or is_open or (number is not None and 0 < number < 1):
                continue
            message = no_probability(self.given.called(field), value)
            complaints.append(Complaint(message, self.given.place_of(field)))
        if complaints:
            raise Invalid(*complaints)

    def check_class(self) -> None:
        """The class is described once, and the fields that describe it belong to it."""
        given = self.given
        if given.hypotheses is not None:
            value = given.hypotheses
            number = exact(value)
            if isinstance(value, Listing | Matrix):
                pass
            elif number is None and is_whole_power(value):
                pass  # too large to be written out, which only its logarithm is needed for
            elif not is_single(value) or has_no_value(value) or (number is not None and number < 1):
                message = f"a class has at least 1 hypothesis, not {one_line(value)}"
                raise given.fault(message, SampleQuestion.hypotheses)
            elif number is not None and number.denominator != 1:
                message = f"a class has a whole number of hypotheses, not {one_line(value)}"
                raise given.fault(message, SampleQuestion.hypotheses)
            if given.hypothesis_class is not None:
                raise given.fault(
                    "the class gives its own size: leave hypotheses out", SampleQuestion.hypotheses
                )
        named = given.hypothesis_class
        for field, wanted in (
            (SampleQuestion.grid, "rectangles"), (SampleQuestion.weights, "linear"),
            (SampleQuestion.repeats, "decision-trees"),
        ):  # fmt: skip
            if given.is_given(field) and (named is None or named.name != wanted):
                raise given.fault(f"{field.name} goes with the class {wanted}", field)

    def check_sizes(self) -> None:
        """What says how large the class is, is said once; `all` compares size and dimension."""
        given = self.given
        sizes = [SampleQuestion.hypotheses, SampleQuestion.description_length]
        if given.hypothesis_class is None and given.bound != "all":
            sizes.append(SampleQuestion.vc_dimension)
        known = [field.name for field in sizes if given.is_given(field)]
        if len(known) > 1:
            message = f"{listed(known)} are given: one of them says how large the class is"
            if SampleQuestion.vc_dimension.name in known:
                message += "; the bound 'all' compares by size and by VC dimension"
            raise given.fault(message, SampleQuestion.fields[known[-1]])
        named = given.hypothesis_class
        if named is not None and given.description_length is not None:
            message = "the class gives its own size: leave description_length out"
            raise given.fault(message, SampleQuestion.description_length)
        if named is None and given.dimension is not None:
            message = "dimension belongs to a hypothesis_class: the number of its attributes"
            raise given.fault(message, SampleQuestion.dimension)

    def check_letters(self) -> None:
        """N, ε and δ mean one thing each: no other quantity is given in terms of them."""
        given = self.given
        named = given.hypothesis_class
        own = Listing(tuple(named.letters)) if named else None
        pairs = [(field, given.values[field.name]) for field in QUANTITIES]
        for field, value in (*pairs, (SampleQuestion.hypothesis_class, own)):
            letters = letters_in(value)
            for letter, what in MEANINGS.items():
                is_itself = value == letter and UNKNOWNS.get(field.name) == letter
                if letter in letters and not is_itself:
                    message = f"{one_line(letter)} is {what} here: give yours another name"
                    raise given.fault(message, field)

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
        weights = tuple(self.whole_weight(w, i) for i, w in enumerate(given.weights or ()))
        assert self.named is not None
        return counted(self.named, self.space(), Limits(given.grid, weights, given.repeats))

    def whole_weight(self, item: Expr, number: int) -> int:
        value = exact(item)
        if value is None or value.denominator != 1:
            raise self.given.fault(
                f"expected whole numbers as weights, not {one_line(item)}",
                SampleQuestion.weights, number,
            )  # fmt: skip
        return int(value)

    def space(self) -> Expr | None:
        """The number of attributes or coordinates: as given, or that of the data."""
        given = self.given
        known = self.space_given()
        if known is not None or given.data is None:
            return known
        from mlcalc.learning.consistent import read_rows

        return Number(Fraction(len(read_rows(given).features)))

    def space_given(self) -> Expr | None:
        """As the dimension was typed, or said in the words of the class."""
        return space_given(self.given, SampleQuestion.hypothesis_class, SampleQuestion.dimension)

    @property
    def is_finite(self) -> bool | None:
        if self.size is not None:
            return True
        given = self.given
        if given.hypothesis_class is not None:
            return given.hypothesis_class.name == "nearest-neighbours" and given.data is not None
        return False if given.vc_dimension is not None else None

    def space_or_letter(self) -> Expr | None:
        """The dimension of space as given, or n; None for classes of the line or the plane."""
        if self.named is None or space_of(self.named) is not None:
            return None
        return self.space() or free_letter(self.named.letters, "nd")

    def vc_dimension(self) -> Expr | None:
        given = self.given
        if self.named is None:
            return given.vc_dimension
        known = vc_dimension(self.named, self.space_or_letter())
        if given.vc_dimension is None or known is None:
            return given.vc_dimension or known
        ours, theirs = exact(known), exact(given.vc_dimension)
        if known == INF or (ours is not None and theirs is not None and ours != theirs):
            message = (
                f"the VC dimension of {given.hypothesis_class} is {one_line(known)}, not "
                f"{one_line(given.vc_dimension)}: leave vc_dimension out"
            )
            raise given.fault(message, SampleQuestion.vc_dimension)
        return given.vc_dimension

    def decide(self) -> Decision | None:
        """Realizable or agnostic, from the data."""
        given = self.given
        if given.data is None:
            if given.label is not None:
                raise given.fault("'data' is missing: the rows that the label belongs to")
            return None
        if given.hypothesis_class is None:
            message = "'hypothesis_class' is missing: the class that is to fit the data"
            raise given.fault(message, SampleQuestion.data)
        from mlcalc.learning.consistent import decided

        decision = decided(given)
        if given.setting == "realizable" and decision.setting == "agnostic":
            message = f"the data say agnostic: {decision.summary}"
            raise given.fault(message, SampleQuestion.setting)
        return decision

    # What is missing.

    def missing(self) -> str | None:
        """The one unknown; "" where nothing is missing, None where only the case is asked."""
        given = self.given
        absent = [name for name in ("samples", "epsilon", "delta") if given.values[name] is None]
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
            message = (
                f"{listed(names)} are missing: only one of samples, epsilon, delta and the "
                "class (hypotheses, hypothesis_class or vc_dimension) can be solved for"
            )
            if self.setting is None and given.bound is None and given.description_length is None:
                message += "; the setting, realizable or agnostic, is missing too"
            raise given.fault(message)
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
        given = self.given
        name = given.bound
        if name is None and given.description_length is not None:
            name = "occam"
        by_size = self.is_finite or self.unknown == "hypotheses"
        if name == "mitchell" and by_size:
            name = {"realizable": "finite", "agnostic": "occam"}.get(self.setting or "", "finite")
        if name in (None, "finite") and self.setting is None:
            raise self.setting_is_missing()
        if name is None:
            assert self.setting is not None
            found = default_bound("hypotheses" if by_size else "vc_dimension", self.setting)
            self.check_use(found)
            return found
        found = bound_named(name, self.setting)
        if found.setting and self.setting not in (None, found.setting):
            message = (
                f"{name} holds in the {found.setting} setting alone, and this is {self.setting}"
            )
            raise given.fault(message, SampleQuestion.bound)
        self.check_capacity(found)
        self.check_use(found)
        return found

    def check_use(self, bound: Bound) -> None:
        """Refuses what the bound does not look at."""
        given = self.given
        unused = [SampleQuestion.fields[name] for name in UNUSED[bound.capacity]]
        # Without a name the bounds by VC dimension are compared, some of which hold m_H.
        is_one_bound = given.bound is not None or bound.capacity != "vc_dimension"
        if is_one_bound and not bound.uses_growth:
            unused.append(SampleQuestion.growth)
        for field in unused:
            if given.is_given(field):
                message = f"{bound.title} has no use for {field.name}: leave it out"
                raise given.fault(message, field)

    def setting_is_missing(self) -> Invalid:
        realizable, agnostic = (
            f"setting: {word}" if self.given.place.is_file else f"--setting {word}"
            for word in ("realizable", "agnostic")
        )
        return self.given.fault(
            f"'setting' is missing: write {realizable} (the target is in the class) or {agnostic} "
            "(it may not be), or give data and label to decide it from"
        )

    def check_capacity(self, bound: Bound) -> None:
        given = self.given
        if bound.capacity == "hypotheses" and self.is_finite is False:
            message = f"{bound.name} needs a finite class: give hypotheses, or choose another bound"
            raise given.fault(message, SampleQuestion.bound)
        if bound.capacity == "vc_dimension" and self.dimension is None:
            raise given.fault(
                f"{bound.name} needs the VC dimension: give vc_dimension", SampleQuestion.bound
            )
        is_one = self.size is not None and exact(self.size.size) == 1
        has_class = self.size is not None or self.named is not None
        if bound.capacity == "one" and has_class and not is_one:
            message = "the test-set bound is for one hypothesis: leave the class out"
            raise given.fault(message, SampleQuestion.bound)
        if self.unknown == "hypotheses" and "hypotheses" not in bound.solutions:
            raise given.fault(
                f"{bound.name} does not hold a number of hypotheses", SampleQuestion.bound
            )

    def asked(self, unknown: str) -> Asked:
        given = self.given
        values: dict[Expr, Expr] = {}
        for name in ("samples", "epsilon", "delta"):
            symbol, value = UNKNOWNS[name], without_percent(given.values[name])
            if name != unknown and value not in (None, symbol):
                values[symbol] = value
        if unknown != "hypotheses":
            values[CLASS_SIZE] = ONE if self.size is None else self.size.size
        if self.dimension is not None and self.dimension != DIMENSION:
            values[DIMENSION] = self.dimension
        return Asked(unknown, values, given.growth)


def listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def items_of(found: Expr) -> tuple[Expr, ...]:
    from mlcalc.maths import reader

    return reader.items_of(found)
