"""What `mle` and `map` are asked: the fields they share, and the model and sample they mean."""

from __future__ import annotations

from mlcalc import problem
from mlcalc.document import Entries, Items, Raw, Text
from mlcalc.errors import Invalid, Place, Unsolved
from mlcalc.fields import (
    Anything,
    Distribution,
    MatrixOf,
    Name,
    Numbers,
    Quantity,
    Range,
    Structure,
    tree,
)
from mlcalc.maths.evaluate import exact, scalar
from mlcalc.maths.functions import EvaluationError, to_float
from mlcalc.maths.printing import one_line, source
from mlcalc.maths.reader import items_of, read
from mlcalc.maths.tree import Chain, Expr, Matrix, Symbol, free_symbols
from mlcalc.probability.by_simplex import Counts
from mlcalc.probability.families import FAMILIES, NUMBERS, Family, Support
from mlcalc.probability.letters import DATA, INDEX, RESERVED, X, taken_letter
from mlcalc.probability.model import Model, Unknown
from mlcalc.probability.sample import Sample
from mlcalc.probability.terms import natural_range
from mlcalc.records import Record


class Estimation(problem.Problem):
    """The fields of `mle`, which `map` has too."""

    distribution = problem.optional(
        Distribution(FAMILIES), "what each observation follows, such as normal(sigma2=4)",
        positional=True,
    )  # fmt: skip
    density = problem.optional(Anything(), "a density or mass function of your own, a formula in x")
    parameter = problem.optional(
        Structure(), "the parameter's name, or {name: theta, range: [0, 1]}, or {name, values}"
    )
    support = problem.optional(
        Anything(),
        "where the density is not zero: 0 < x < 1, or [0, inf]; in YAML also {values}",
    )
    data = problem.optional(Anything(), "the observations: 3, 4, 1; or counts: red=3, blue=1")
    categories = problem.optional(Anything(), "all categories, those never seen among them")
    n = problem.optional(Quantity(least=1, whole=True), "how many observations, instead of data")
    k = problem.optional(Quantity(least=0, whole=True), "how many of them are 1, beside n")
    sum = problem.optional(Quantity(), "their sum, beside n")
    censored = problem.optional(Numbers(), "times after which an item was still running")
    intervals = problem.optional(MatrixOf(), "grouped data, a row an interval: low high count")
    time_limit = problem.default(Quantity(least=1), "2", "seconds a density of your own may take")


class TypedDensity(Record):
    """Where a density of the user's own stands, and how long the work on it may take."""

    place: Place
    has_support: bool
    seconds: float


class Question(Record):
    """A model, a sample, and where the parameter may lie."""

    model: Model
    sample: Sample
    low: Expr | None = None
    high: Expr | None = None
    choices: tuple[Expr, ...] = ()

    @property
    def limits(self) -> tuple[Expr, Expr] | None:
        """The range that the parameter is restricted to."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    typed_density: TypedDensity | None = None
    censored: tuple[Expr, ...] = ()
    """Times after which an observation was still to come."""
    intervals: Matrix | None = None
    """Grouped data: low, high and count in each row."""
    rows: Matrix | None = None
    """The observations of a multivariate distribution, one a row."""
    counts: Counts | None = None
    """Categories and how often each was seen, for a categorical distribution."""


def question(given: Estimation, may_be_known: bool = False) -> Question:
    """The model and the sample.  Raises `Invalid` with the field that does not fit.

    `may_be_known` allows a distribution of which nothing is unknown, such as a fair coin.
    """
    names, low, high, choices = parameter_of(given)
    if given.distribution is not None and given.density is not None:
        message = "a distribution and a density of your own are given: leave one out"
        raise given.fault(message, Estimation.density)
    if given.distribution is not None:
        model = Model.read(
            given.distribution,
            lambda m: given.fault(m, Estimation.distribution),
            names,
            may_be_known,
        )
    elif given.density is not None:
        model = own_model(given, names)
    else:
        message = "give a distribution, such as poisson, or a density of your own, such as "
        raise given.fault(message + "theta*x^(theta - 1)")
    if model.method == "vectors":
        rows = None if given.data is None else given.read_as(Estimation.data, MatrixOf())
        return Question(model, Sample(), rows=rows)
    if model.method == "categories":
        return Question(model, Sample(), counts=counts_of(given))
    return Question(
        model,
        sample_of(given, model),
        low,
        high,
        choices,
        typed_density(given),
        given.censored or (),
        grouped(given),
    )


def parameter_of(
    given: Estimation,
) -> tuple[tuple[Symbol, ...], Expr | None, Expr | None, tuple[Expr, ...]]:
    """The names typed for the parameters, the range that one is restricted to, or its values."""
    raw = given.parameter
    if raw is None:
        return (), None, None, ()
    if isinstance(raw, Entries):
        unknown = [key for key, _ in raw.pairs if key.value not in ("name", "range", "values")]
        name = raw.get("name")
        if unknown or name is None:
            raise Invalid.at("a parameter has a name, and a range or values", raw.place)
        symbol = Name().read(name)
        limits, values = raw.get("range"), raw.get("values")
        if values is not None:
            return (symbol,), None, None, Numbers().read(values)
        if limits is None:
            return (symbol,), None, None, ()
        ends = items_of(tree(limits))
        numbers = [number_or_none(end) for end in ends]
        if len(ends) != 2 or None in numbers or numbers[0] >= numbers[1]:  # type: ignore[operator]
            raise Invalid.at("a range is two numbers, the smaller first: [0, 1]", limits.place)
        return (symbol,), ends[0], ends[1], ()
    names = tuple(items_of(tree(raw)))
    if not all(isinstance(name, Symbol) for name in names):
        raise Invalid.at("expected a name such as theta", raw.place)
    return tuple(name for name in names if isinstance(name, Symbol)), None, None, ()


def number_or_none(expression: Expr) -> object:
    try:
        return scalar(expression)
    except EvaluationError:
        return None


# A density of the user's own.


def own_model(given: Estimation, names: tuple[Symbol, ...]) -> Model:
    """The model of a density that was typed as a formula."""
    raw = given.density
    assert raw is not None
    if not isinstance(raw, Text):
        raise Invalid.at("expected a formula in x, such as theta*x^(theta - 1)", raw.place)
    formula = tree(raw)
    letters = free_symbols(formula) - {Symbol("e"), Symbol("pi")}
    if X not in letters:
        raise Invalid.at("a density is a formula in x, and there is no x in this one", raw.place)
    others = letters - {X}
    if not names:
        if len(others) != 1:
            listed = ", ".join(sorted(s.spelled for s in others)) or "none"
            raise given.fault(f"'parameter' is missing: which of {listed} is to be estimated?")
        names = tuple(others)
    for name in names:
        if name not in letters:
            message = f"the parameter {name.spelled} does not occur in the density"
            raise given.fault(message, Estimation.parameter)
        if name in RESERVED:
            raise given.fault(taken_letter(name), Estimation.parameter)
    support, ends = support_of(given)
    if set().union(*map(free_symbols, ends)) & set(names):
        raise Unsolved.because(
            "the support moves with the parameter, so the score does not decide; for a uniform "
            "density write uniform or uniform(a, b)",
            given.place_of(Estimation.support),
        )
    family = Family("own density", "", {}, support)
    unknown = tuple(Unknown(s.spelled, s, natural_range(formula, s)) for s in names)
    return Model(family, formula, unknown, {})


def support_of(given: Estimation) -> tuple[Support, tuple[Expr, ...]]:
    """Where a density that was typed is not zero, and its ends, or all its values."""
    raw = given.support
    if raw is None:
        return NUMBERS, ()
    if isinstance(raw, Entries):
        values = raw.get("values")
        if values is None or len(raw.pairs) != 1:
            raise Invalid.at("write {values: [0, 1]}, or a range such as [0, inf]", raw.place)
        found = sorted(Numbers().read(values), key=scalar)
        texts = tuple(map(source, found))
        words = f"one of {', '.join(map(one_line, found))}"
        return Support(words, texts[0], texts[-1], values=texts), tuple(found)
    low, high, strict = given.read_as(Estimation.support, Range())
    relation = "<" if strict else "<="
    words = f"numbers with {one_line(Chain(low, ((relation, X), (relation, high))))}"
    return Support(words, source(low), source(high), strict=strict), (low, high)


def typed_density(given: Estimation) -> TypedDensity | None:
    if given.density is None:
        return None
    has_support = given.is_given(Estimation.support)
    return TypedDensity(given.density.place, has_support, to_float(scalar(given.time_limit)))


# The sample.


def sample_of(given: Estimation, model: Model) -> Sample:
    """The data, or their number and sum, or nothing: then all stay letters."""
    family = model.family
    if given.data is not None:
        for field in (Estimation.n, Estimation.k, Estimation.sum):
            if given.is_given(field):
                raise given.fault(f"the data say it already: leave {field.name} out", field)
        items = given.read_as(Estimation.data, Numbers())
        check_support(given.data, items, model)
        return Sample(items)
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


def check_sizes(given: Estimation, model: Model) -> None:
    """A letter given for n, k or the sum may not be one of the derivation's."""
    taken = {X, INDEX, DATA, *(unknown.symbol for unknown in model.unknown)}
    for field in (Estimation.n, Estimation.k, Estimation.sum):
        size = given.values[field.name]
        clash = set() if size is None else free_symbols(size) & taken
        if clash:
            raise given.fault(taken_letter(min(clash, key=lambda s: s.spelled)), field)


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
    pairs = mapping_of(given.data)
    if pairs is None:
        try:
            return Counts.of(labels_of(given.data), categories)
        except Invalid as error:
            raise given.fault(error.complaints[0].message, Estimation.data) from None
    for name, _ in pairs:
        if categories and name not in categories:
            message = f"'{name}' is not one of the categories {', '.join(categories)}"
            raise given.fault(message, Estimation.data)
    known = dict(pairs)
    names = categories or tuple(known)
    whole = Quantity(least=0, whole=True)
    zero = Text("0", given.place)
    return Counts(names, tuple(whole.read(known.get(name, zero)) for name in names))


def mapping_of(raw: Raw) -> list[tuple[str, Raw]] | None:
    """`red=3, blue=1` or a YAML mapping; None for a list."""
    if isinstance(raw, Entries):
        return [(key.value, value) for key, value in raw.pairs]
    if not isinstance(raw, Text) or "=" not in raw.value:
        return None
    pairs: list[tuple[str, Raw]] = []
    offset = 0
    for piece in raw.value.split(","):
        name, equals, value = piece.partition("=")
        if not equals or not name.strip():
            raise Invalid.at("expected counts such as red=3, blue=1", raw.at(offset))
        pairs.append((name.strip(), Text(value.strip(), raw.at(offset + len(name) + 1))))
        offset += len(piece) + 1
    return pairs


def labels_of(raw: Raw) -> list[str]:
    """The words of a list: red, blue, red."""
    if isinstance(raw, Items) and all(isinstance(item, Text) for item in raw.items):
        return [item.value for item in raw.items if isinstance(item, Text)]
    if isinstance(raw, Text):
        return [word.strip() for word in raw.value.split(",") if word.strip()]
    raise Invalid.at("expected a list of words such as red, blue, red", raw.place)


def check_support(raw: Raw, items: tuple[Expr, ...], model: Model) -> None:
    """Each observation must be possible; the first that is not is pointed at."""
    known = model.known_values()
    places = [item.place for item in raw.items] if isinstance(raw, Items) else []
    for number, item in enumerate(items):
        try:
            value = scalar(item)
            possible = model.family.support.allows(value, known)
        except EvaluationError:
            continue  # an end of the support is a letter
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
        low, high = (scalar(read(end), known) * n for end in (support.low, support.high))
    except EvaluationError:
        return
    is_broken = support.whole and value.denominator != 1
    if model.family.total == "k" and value > high and not is_broken:
        raise given.fault(f"of {n} observations at most {n} can be 1, not {value}", field)
    if not low <= value <= high or is_broken:
        words = f"{model.family.title} data are {support.words}"
        raise given.fault(f"{words}; their sum cannot be {value}", field)
