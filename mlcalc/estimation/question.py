"""What `mle` and `map` are asked: the fields they share, and the model and sample they mean."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.estimation.data import (
    Estimation,
    check_sizes,
    counts_of,
    grouped,
    refuse_sums,
    sample_of,
)
from mlcalc.estimation.distributions import FAMILIES
from mlcalc.estimation.letters import CONSTANT_LETTERS, is_letter, taken_letter
from mlcalc.estimation.model import Model
from mlcalc.estimation.own_density import Own, TypedDensity, own_model, typed_density
from mlcalc.estimation.quantities import is_quantity
from mlcalc.estimation.sample import Counts, Sample
from mlcalc.files.document import Items, Raw, Text
from mlcalc.files.errors import Invalid, Unsolved
from mlcalc.files.fields import MatrixOf, Numbers, entries_of, is_mapping, tree
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact, scalar_or_none
from mlcalc.maths.reader import items_of
from mlcalc.maths.records import Record, replace
from mlcalc.maths.tree import Call, Expr, Matrix, Number, Pow, Symbol, free_symbols


class Asked(Record):
    """The parameter as it was typed: its names, and where it may lie."""

    names: tuple[Symbol, ...] = ()
    limits: tuple[Expr, Expr] | None = None
    """The range that it is restricted to."""
    choices: tuple[Expr, ...] = ()
    """The values of which it is one."""


class Question(Record):
    """A model, a sample, and where the parameter may lie."""

    model: Model
    sample: Sample = Sample()  # a record cannot be changed
    limits: tuple[Expr, Expr] | None = None
    choices: tuple[Expr, ...] = ()
    typed_density: TypedDensity | None = None
    censored: tuple[Expr, ...] = ()
    """Times after which an observation was still to come."""
    intervals: Matrix | None = None
    """Grouped data: low, high and count in each row."""
    rows: Matrix | None = None
    """The observations of a multivariate distribution, one a row."""
    counts: Counts | None = None
    """Categories and how often each was seen, for a categorical distribution."""

    @property
    def has_numbers(self) -> bool:
        """Whether the size of the sample is known, or the likelihood of all of it."""
        if self.model.family.is_likelihood:
            unknown = {one.symbol for one in self.model.unknown}
            return not free_symbols(self.model.density) - CONSTANT_LETTERS - unknown
        return self.sample.size is not None and not free_symbols(self.sample.size)


def question(given: Estimation, may_be_known: bool = False) -> Question:
    """The model and the sample.  Raises `Invalid` with the field that does not fit.

    `may_be_known` allows a distribution of which nothing is unknown, such as a fair coin.
    """
    asked = parameter_of(given)
    trials = given.n if is_one_binomial(given) else None
    typed = model_of(given, asked.names, may_be_known, trials)
    model = typed.model
    limits, choices = asked.limits or typed.limits, asked.choices or typed.choices
    asked = replace(asked, limits=limits, choices=choices)
    refuse_other_fields(given, model)
    is_restricted = asked.limits is not None or asked.choices
    if is_restricted and not all(wanted.is_parameter for wanted in model.wanted):
        own = " and ".join(unknown.name for unknown in model.unknown)
        raise Unsolved.because(
            f"a range is decided for the distribution's own parameter: give it for {own}",
            given.place_of(Estimation.parameter),
        )
    if model.method == "by_vectors":
        refuse_sums(given, model, "the rows as data, such as 1 2; 3 4")
        rows = None if given.data is None else given.read_as(Estimation.data, MatrixOf())
        if rows is not None and rows.shape[0] == 1 and rows.shape[1] > 1:
            raise given.fault(
                f"one row is one observation, of {rows.shape[1]} numbers: write a row an "
                "observation, 1 3; 2 4, or a distribution of single numbers, such as normal",
                Estimation.data,
            )
        return Question(model, rows=rows)
    if model.method == "by_simplex":
        refuse_sums(given, model, "counts as data, such as red=3, blue=1")
        return Question(model, counts=counts_of(given))
    check_letters(given, model)
    if model.family.is_likelihood:
        sample = Sample()
    else:
        sample = sample_of(given, model) if trials is None else one_count(given, model)
    return Question(
        model, sample, asked.limits, asked.choices, typed_density(given, model),
        given.censored or (), grouped(given),
    )  # fmt: skip


def is_one_binomial(given: Estimation) -> bool:
    """Whether n is the number of trials, and k that of successes: binomial with n and k alone."""
    typed = given.distribution
    if typed is None or typed.name != "binomial" or given.n is None or given.k is None:
        return False
    trials = trials_of(typed)
    return trials is None or isinstance(trials, Symbol)


def trials_of(typed: Call) -> Expr | None:
    words = ("n", *FAMILIES["binomial"].synonyms)
    named = next((value for name, value in typed.keywords if name in words), None)
    return typed.arguments[0] if typed.arguments else named


def with_trials(typed: Call, trials: Expr) -> Call:
    if typed.arguments:
        return replace(typed, arguments=(trials, *typed.arguments[1:]))
    words = ("n", *FAMILIES["binomial"].synonyms)
    others = [pair for pair in typed.keywords if pair[0] not in words]
    return replace(typed, keywords=(("n", trials), *others))


def one_count(given: Estimation, model: Model) -> Sample:
    """One observation of a binomial: k successes in n trials."""
    assert given.k is not None and given.n is not None
    if given.data is not None:
        raise given.fault("the data say it already: leave k out", Estimation.k)
    check_sizes(given, model)
    trials, k = exact(given.n), exact(given.k)
    if trials is not None and k is not None and k > trials:
        raise given.fault(f"of {trials} trials at most {trials} succeed, not {k}", Estimation.k)
    text = "one observation is read here: k successes in n trials of one binomial"
    given.remarks = (*given.remarks, Note("given.trials", text))
    # Letters are left as a sum: one observation whose value is not known.
    return Sample((given.k,)) if k is not None else Sample((), Number(Fraction(1)), given.k)


def model_of(
    given: Estimation, names: tuple[Symbol, ...], may_be_known: bool, trials: Expr | None = None
) -> Own:
    if given.distribution is None:
        if given.density is None:
            message = "give a distribution, such as poisson, or a density of your own, such as "
            message += "theta*x^(theta - 1)"
            if not any(map(given.is_given, SAMPLE)):
                message += f"; and what was observed, such as {given.called(Estimation.data)} 3,4,1"
            raise given.fault(message)
        return own_model(given, names)
    if given.density is not None:
        message = "a distribution and a density of your own are given: leave one out"
        raise given.fault(message, Estimation.density)
    model = Model.read(
        given.distribution if trials is None else with_trials(given.distribution, trials),
        lambda message: given.fault(message, Estimation.distribution),
        names,
        may_be_known,
        lambda message: given.fault(message, Estimation.parameter),
    )
    return Own(model)


SAMPLE = (
    Estimation.data, Estimation.n, Estimation.k, Estimation.sum, Estimation.censored,
    Estimation.intervals,
)  # fmt: skip
"""What says what was observed."""


def refuse_other_fields(given: Estimation, model: Model) -> None:
    """What the model has no use for is refused: without a word it would seem to count."""
    title, method = model.family.title, model.method
    others = {
        Estimation.censored: method in ("by_simplex", "by_vectors"),
        Estimation.intervals: method in ("by_simplex", "by_vectors"),
        Estimation.categories: method != "by_simplex",
        Estimation.support: given.distribution is not None,
    }
    for field, is_foreign in others.items():
        if is_foreign and given.is_given(field):
            hint = "; one that is cut off is typed as a density" if field.name == "support" else ""
            message = f"{title} has no {field.name} to give: leave {field.name} out{hint}"
            raise given.fault(message, field)


TAKEN = {Estimation.censored: "rmcjS", Estimation.intervals: "abnjFP"}
"""The letters that the working from such data is written with."""


def check_letters(given: Estimation, model: Model) -> None:
    """Raises `Invalid` where a parameter was named by a letter that would mean two things."""
    taken = {
        Symbol(x) for field, letters in TAKEN.items() if given.is_given(field) for x in letters
    }
    for unknown in model.unknown:
        if unknown.symbol in taken and unknown.name != unknown.role:
            raise given.fault(taken_letter(unknown.symbol), Estimation.parameter)


def parameter_of(given: Estimation) -> Asked:
    """The names typed for the parameters, the range that one is restricted to, or its values."""
    raw = given.parameter
    if raw is None:
        return Asked()
    if is_mapping(raw):
        entries = entries_of(raw, "name: theta, range: [0, 1]")
        name, limits, values = (entries.get(key) for key in ("name", "range", "values"))
        is_foreign = any(key.value not in ("name", "range", "values") for key, _ in entries.pairs)
        if is_foreign or name is None:
            raise Invalid.at("a parameter has a name, and a range or values", raw.place)
        names = (parameter_name(name),)
        if values is not None:
            return Asked(names, choices=Numbers().read(values))
        return Asked(names, None if limits is None else range_of(limits))
    if isinstance(raw, Text):
        pieces = [Text(piece.strip(), raw.place) for piece in raw.value.strip("[]() ").split(",")]
        return Asked(tuple(map(parameter_name, pieces)))
    items = raw.items if isinstance(raw, Items) else [key for key, _ in raw.pairs]
    return Asked(tuple(map(parameter_name, items)))


def range_of(raw: Raw) -> tuple[Expr, Expr]:
    ends = items_of(tree(raw))
    numbers = [scalar_or_none(end) for end in ends]
    if len(ends) != 2 or None in numbers or numbers[0] >= numbers[1]:  # type: ignore[operator]
        raise Invalid.at("a range is two numbers, the smaller first: [0, 1]", raw.place)
    return ends[0], ends[1]


def parameter_name(raw: Raw) -> Symbol:
    """theta, log-odds, σ²: a letter, or a word for a quantity, in whatever way it is spelled."""
    if isinstance(raw, Text):
        word = "_".join(raw.value.lower().replace("-", " ").split())
        is_as_typed = word == raw.value.strip() or not is_letter(word)  # P is no p
        if is_quantity(word) and is_as_typed:
            return Symbol.named(word)
        found = tree(raw)
        if isinstance(found, Pow) and isinstance(found.base, Symbol):
            number = exact(found.exponent)
            if number == 2 and not found.base.subscript:  # σ² is written sigma2 here
                return Symbol(f"{found.base.name}2")
        if isinstance(found, Symbol):
            return found
    raise Invalid.at("expected a name such as theta", raw.place)
