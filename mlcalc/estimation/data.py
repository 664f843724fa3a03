"""What `mle` and `map` are given: their fields, and the data that are typed in them.

Data are observations, counts of categories, groups, or no more than their number and sum.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from mlcalc.estimation.distributions import FAMILIES
from mlcalc.estimation.family import fact
from mlcalc.estimation.first import is_own, placed, with_own
from mlcalc.estimation.letters import DATA, INDEX, X, taken_letter
from mlcalc.estimation.model import Model
from mlcalc.estimation.sample import Counts, Sample, in_order
from mlcalc.estimation.spelled import read_spelled
from mlcalc.files import problem
from mlcalc.files.columns import column_of
from mlcalc.files.document import Entries, Items, Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import (
    Anything,
    Distribution,
    MatrixOf,
    Numbers,
    Quantity,
    Structure,
    is_mapping,
    words_of,
)
from mlcalc.files.fields.observations import Observations, table_in
from mlcalc.maths.board import Note
from mlcalc.maths.calculus import simplified
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.near import plain_name
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr, Matrix, free_symbols

Elsewhere = Callable[[str], str]


def nowhere(name: str) -> str:
    return ""


class Estimation(problem.Problem):
    """The fields of `mle`, which `map` has too."""

    second = "data"

    distribution = problem.optional(
        Distribution(FAMILIES, read_spelled),
        "what each observation follows, such as normal(sigma2=4)", positional=True,
        aliases=("family", "dist", "likelihood"),
    )  # fmt: skip
    density = problem.optional(
        Anything(), "a density or mass function of your own, a formula in x", aliases=("pdf", "pmf")
    )
    parameter = problem.optional(
        Structure(),
        "a letter for it, or a word that asks for another: scale, sigma, odds, mean; or "
        "{name: theta, range: [0, 1]}, {name, values}",
    )
    support = problem.optional(
        Anything(), "where the density is not zero: 0 < x < 1, or [0, inf]; in YAML also {values}"
    )
    data = problem.optional(
        Anything(),
        "the observations: 3, 4, 1; or counts: red=3, blue=1",
        aliases=("observations", "sample", "samples", "counts"),
    )
    categories = problem.optional(Anything(), "all categories, those never seen among them")
    n = problem.optional(Quantity(least=1, whole=True), "how many observations, instead of data")
    k = problem.optional(
        Quantity(least=0, whole=True), "how many of them are 1, beside n", aliases=("successes",)
    )
    sum = problem.optional(Quantity(), "their sum, beside n")
    censored = problem.optional(Numbers(), "times after which an item was still running")
    intervals = problem.optional(MatrixOf(True), "grouped data, a row an interval: low high count")
    time_limit = problem.default(Quantity(least=1), "2", "seconds a density of your own may take")

    @classmethod
    def has_own_value(cls, name: str, typed: str) -> bool:
        """Whether it is a parameter of the distribution, --sigma 2, or what is counted: --heads."""
        return is_own(name, typed)

    @classmethod
    def read(cls, given: Entries, elsewhere: Elsewhere = nowhere) -> problem.Problem:
        """The problem, where each part of what was typed is in the field that it is for."""
        given = cls.unfolded(given)
        given = with_own(given, *cls.own_values(given), cls.plain_names)
        keys = {cls.plain_names.get(plain_name(key.value), ""): key for key, _ in given.pairs}
        names = {cls.spellings[name].name: key for name, key in keys.items() if name}
        if len(names) < len(given.pairs):
            return super().read(given, elsewhere)  # which says what is wrong
        before = {name: given.get(key.value) for name, key in names.items()}
        typed = {name: raw for name, raw in before.items() if raw is not None}
        after, notes = placed(typed)
        pairs = [
            (names.get(name, Text(name, given.place)) if typed.get(name) is raw
             else Text(name, given.place), raw)
            for name, raw in after.items()
        ]  # fmt: skip
        found = super().read(replace(given, pairs=tuple(pairs)), elsewhere)
        found.remarks = (*notes, *found.remarks)
        return found


def sample_of(given: Estimation, model: Model) -> Sample:
    """The data, or their number and sum, or nothing: then all stay letters."""
    family = model.family
    if given.data is not None:
        for field in (Estimation.n, Estimation.k, Estimation.sum):
            if given.is_given(field):
                raise given.fault(f"the data say it already: leave {field.name} out", field)
        observed = given.read_as(Estimation.data, observations_of(model))
        check_support(observed.spelled or given.data, observed.items, model)
        return Sample(observed.all, observed.size, observed.ones)
    has_k = family.total == "k"
    if given.k is not None and not has_k:
        message = f"k counts successes, which {family.title} data do not have: write sum instead"
        raise given.fault(message, Estimation.k)
    if given.k is not None and given.sum is not None:
        raise given.fault("k and sum are the same: give one", Estimation.sum)
    total = given.k if given.k is not None else given.sum
    field = Estimation.k if given.k is not None else Estimation.sum
    if (total is None) != (given.n is None):
        missing, other = ("n", field) if given.n is None else (family.total, Estimation.n)
        wanted = {"n": "how many observations there are", "k": "how many of the n are 1"}
        described = wanted.get(missing, "what the observations add up to")
        raise given.fault(f"'{missing}' is missing: {described}", other)
    check_sizes(given, model)
    if total is not None and given.n is not None:
        check_total(given, model, total, given.n, field)
    return Sample((), given.n, total)


def observations_of(model: Model) -> Observations:
    """How observations of a model are read: in words too where they are 0 and 1, or trials."""
    try:
        allowed = model.family.support.allowing(model.known_values())
    except EvaluationError:
        return Observations()
    possible = [allowed(Fraction(value, 2)) for value in range(-1, 5)]
    trials = None
    if model.family.name == "geometric":
        trials = 0 if allowed(Fraction(0)) else 1
    return Observations(possible == [False, True, False, True, False, False], trials)


def check_sizes(given: Estimation, model: Model) -> None:
    """A letter given for n, k or the sum may not be one of the derivation's."""
    taken = {X, INDEX, DATA, *(unknown.symbol for unknown in model.unknown)}
    for field in (Estimation.n, Estimation.k, Estimation.sum):
        size = given.values[field.name]
        clash = set() if size is None else free_symbols(size) & taken
        if clash:
            raise given.fault(taken_letter(min(clash, key=lambda s: s.spelled)), field)
    if given.n is not None and free_symbols(given.n):
        check_letters(given, model, given.n)


def check_letters(given: Estimation, model: Model, count: Expr) -> None:
    """Letters that cancel leave a number, which must be possible: n = a − a, k = n + 1."""
    number = exact(simplified(count))
    if number is not None and number < 1:
        message = f"there is at least 1 observation, and this is {number} whatever the letters are"
        raise given.fault(message, Estimation.n)
    field = Estimation.sum if given.k is None else Estimation.k
    total = given.values[field.name]
    if model.family.total == "k" and total is not None:
        rest = exact(simplified(count - total))
        if rest is not None and rest < 0:
            raise given.fault("of n observations at most n can be 1", field)


def refuse_sums(given: Estimation, model: Model, example: str) -> None:
    """n, k and a sum say nothing of observations that are no numbers."""
    for field in (Estimation.n, Estimation.k, Estimation.sum):
        if given.is_given(field):
            message = f"{model.family.title} data are not known by {field.name}: write {example}"
            raise given.fault(message, field)


def grouped(given: Estimation) -> Matrix | None:
    """The rows of `intervals`, which stand for the data."""
    rows = given.intervals
    if rows is None:
        return None
    if given.data is not None or given.n is not None:
        raise given.fault("the intervals are the data: leave the others out", Estimation.intervals)
    if rows.shape[1] != 3:
        raise given.fault("an interval has a low end, a high end and a count", Estimation.intervals)
    return rows


def counts_of(given: Estimation) -> Counts:
    """The counts of each category: a mapping, a list of labels, or nothing."""
    categories = () if given.categories is None else tuple(labels_of(given.categories))
    if given.data is None:
        return Counts(categories)
    typed = column_of(given.data)
    table = table_in(typed)
    if table is None:
        try:
            return Counts.of(letters_of(given, typed, categories), categories)
        except Invalid as error:
            raise given.fault(error.complaints[0].message, Estimation.data) from None
    pairs = [(key.value, value) for key, value in table.pairs]
    if not is_mapping(typed):
        listed = ", ".join(f"{name}: {written(value)}" for name, value in pairs)
        given.remarks = (*given.remarks, Note("given.counts", f"read as the counts {listed}"))
    for name, _ in pairs:
        if categories and name not in categories:
            message = f"'{name}' is not one of the categories {', '.join(categories)}"
            raise given.fault(message, Estimation.data)
    known = dict(pairs)
    names = categories or in_order(tuple(known))
    zero = Text("0", given.place)
    return Counts(names, tuple(count_of(given, known.get(name, zero)) for name in names))


def count_of(given: Estimation, raw: Raw) -> Expr:
    whole = Quantity(least=0, whole=True)
    return given.remark(whole, raw, whole.read(raw))


def letters_of(given: Estimation, raw: Raw, categories: tuple[str, ...]) -> list[str]:
    """The labels of a list; a word of capitals or digits alone is a label each: AABBC, 11326."""
    labels = labels_of(raw)
    word = labels[0] if len(labels) == 1 else ""
    is_run = len(set(word)) < len(word) and (word.isdigit() or (word.isalpha() and word.isupper()))
    if categories:
        is_run = len(word) > 1 and word not in categories and set(word) <= set(categories)
    if not is_run:
        return labels
    note = Note("given.letters", f"{word} is read as {len(word)} labels, a character each")
    given.remarks = (*given.remarks, note)
    return list(word)


def labels_of(raw: Raw) -> list[str]:
    """The words of a list: red, blue, red."""
    return [word.value for word in words_of(raw, "red, blue, red")]


def check_support(raw: Raw, items: tuple[Expr, ...], model: Model) -> None:
    """Each observation must be possible; the first that is not is pointed at."""
    known = model.known_values()
    places = [item.place for item in raw.items] if isinstance(raw, Items) else []
    checked: set[Expr] = set()
    try:
        allowed = model.family.support.allowing(known)
    except EvaluationError:
        return  # an end of the support is a letter
    for number, item in enumerate(items):
        if item in checked:
            continue
        checked.add(item)
        try:
            value = scalar(item)
            possible = allowed(value)
        except EvaluationError:
            continue  # a letter
        if not possible:
            place = places[number] if number < len(places) else raw.place
            words = model.family.support.words
            name = model.family.title
            raise Invalid.at(f"{name} data are {words}; {value} is not possible", place)


def check_total(
    given: Estimation, model: Model, total: Expr, count: Expr, field: problem.Field[object]
) -> None:
    """The sum must lie between n times the smallest and n times the largest observation."""
    value, n = exact(total), exact(count)
    if value is None or n is None:
        return
    known = model.known_values()
    support = model.family.support
    try:
        low, high = (scalar(fact(end), known) * n for end in (support.low, support.high))
    except EvaluationError:
        return
    is_broken = support.whole and value.denominator != 1
    ends = zip((low, high), support.ends, strict=True)
    is_broken = is_broken or any(value == end and mark in "()" for end, mark in ends)
    if model.family.total == "k" and value > high and not is_broken:
        raise given.fault(f"of {n} observations at most {n} can be 1, not {value}", field)
    if not low <= value <= high or is_broken:
        words = f"{model.family.title} data are {support.words}"
        raise given.fault(f"{words}; their sum cannot be {value}", field)
