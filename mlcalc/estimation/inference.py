"""What `map` is asked beside `mle`: the prior, a new value, or several models to compare."""

from __future__ import annotations

from collections.abc import Callable

from mlcalc.estimation.data import Estimation, check_support
from mlcalc.estimation.family import UNIT, fact
from mlcalc.estimation.letters import DATA, INDEX, THETA, N, X, is_number_or_letter, taken_letter
from mlcalc.estimation.priors import Belief, priors
from mlcalc.estimation.quantities import meant
from mlcalc.estimation.question import SAMPLE, Question
from mlcalc.estimation.sample import Counts
from mlcalc.estimation.spelled import spelled
from mlcalc.estimation.stated_prior import StatedPrior, few_values
from mlcalc.files import problem
from mlcalc.files.document import Text, written
from mlcalc.files.errors import Invalid, Unsolved
from mlcalc.files.fields import Anything, Quantity, Schema, Structure
from mlcalc.maths.evaluate import exact
from mlcalc.maths.near import closest
from mlcalc.maths.printing import one_line
from mlcalc.maths.scanner import plain_name
from mlcalc.maths.tree import Call, Expr, Symbol, free_symbols


class Inference(Estimation):
    """The fields of `map`."""

    other_words = dict.fromkeys(
        ("alpha", "beta"), "the numbers of the prior stand in it: write prior beta(2, 2)"
    )

    prior = problem.optional(
        Anything(),
        "what is believed before: beta(7, 95), gamma(shape=2, scale=2), 6*theta*(1-theta)",
    )
    models = problem.optional(
        Structure(),
        "models to compare, instead: [{probability: 1/2, distribution: bernoulli(theta=1/2)}, "
        "{probability: 1/2, distribution: bernoulli, prior: 'beta(1, 1)'}]",
    )
    new = problem.optional(Anything(), "a new value, whose predictive probability is asked")

    @classmethod
    def schema(cls) -> Schema:
        """A prior or models are needed."""
        either: list[Schema] = [{"required": [field.name]} for field in (cls.prior, cls.models)]
        return {**super().schema(), "anyOf": either}


def require_prior(given: Inference) -> None:
    if given.prior is None:
        message = f"'prior' is missing: {Inference.prior.description}"
        if given.distribution is None and given.density is None:
            message += "; and a distribution, such as bernoulli"
        if not any(map(given.is_given, SAMPLE)):
            message += f"; and what was observed, such as {given.called(Inference.data)} HHTHT"
        raise given.fault(message)


def prior_values(given: Inference) -> list[tuple[Text, Text]]:
    """The values and their probabilities, where a prior over a few of them was typed."""
    if given.prior is None or Inference.prior.name in given.changed:
        return []
    return few_values(given.prior)


def alphas_of(given: Inference, asked: Question, counts: Counts) -> tuple[Expr, ...]:
    """The α of a Dirichlet prior, one a category; a letter alone stands for all of them."""
    found = given.read_as(Inference.prior, StatedPrior()).formula
    title, size = asked.model.family.title, len(counts.labels) or 3
    example = f"dirichlet({', '.join(['2'] * size)})"
    if found == Call("uniform"):  # over all probabilities of the categories
        found = Call("dirichlet", (fact("1"),) * size)
    if not isinstance(found, Call) or found.name != "dirichlet":
        name = found.name if isinstance(found, Call) else one_line(found)
        message = f"{name} is no prior for the probabilities of {title}: write {example}"
        if name == "dirichlet":
            message = f"dirichlet needs a number a category: {example}"
        raise given.fault(message, Inference.prior)
    alphas = found.arguments
    if found.keywords or not alphas or not all(map(is_number_or_letter, alphas)):
        raise given.fault(f"give one number or letter a category: {example}", Inference.prior)
    taken = {s for alpha in alphas for s in free_symbols(alpha)} & {N, DATA, THETA, INDEX}
    for letter in sorted(taken, key=lambda s: s.spelled):
        raise given.fault(taken_letter(letter), Inference.prior)
    if counts.labels and len(alphas) != len(counts.labels):
        raise given.fault(
            f"{counted(len(alphas), 'number')} for {counted(len(counts.labels), 'category')} "
            f"({', '.join(counts.labels)}): give one a category, such as {example}",
            Inference.prior,
        )
    for alpha in alphas:
        value = exact(alpha)
        if value is not None and value <= 0:
            raise given.fault(f"the numbers of dirichlet are above 0, not {value}", Inference.prior)
    return alphas


def counted(number: int, noun: str) -> str:
    plural = {"category": "categories"}.get(noun, f"{noun}s")
    return f"{number} {noun if number == 1 else plural}"


def new_category(given: Inference, counts: Counts) -> str | None:
    """The category that `new` names."""
    if given.new is None:
        return None
    found, labels = written(given.new).strip(), counts.labels
    if not labels:
        raise given.fault("name the categories first, with data or categories", Inference.new)
    if found not in labels:
        hint = closest(found, labels) or f": one of {', '.join(labels)}"
        raise given.fault(f"'{found}' is no category{hint}", Inference.new)
    return found


def refuse_undecided(given: Inference, asked: Question) -> None:
    """Refuses what `mle` answers but no prior is worked out for, before it gives a wrong answer."""
    for field in (Estimation.censored, Estimation.intervals):
        if given.is_given(field):
            message = f"{field.name} data are not decided under a prior; mle takes them"
            raise Unsolved.because(message, given.place_of(field))
    if asked.choices:
        message = (
            "a parameter with a few values has a probability for each: compare them as models, "
            "[{probability: 1/2, distribution: bernoulli(theta=0.2)}, …]"
        )
        raise Unsolved.because(message, given.place_of(Estimation.parameter))
    if asked.limits is not None:
        refuse_range(given, asked)
    if not asked.model.unknown or asked.model.method in ("by_support", "by_direction"):
        message = f"a prior for {asked.model.family.title} is not decided here; mle takes the data"
        raise Unsolved.because(message, given.place_of(Inference.prior))


def refuse_range(given: Inference, asked: Question) -> None:
    """A range is decided for one parameter, with all the data in numbers."""
    sample, place = asked.sample, given.place_of(Estimation.parameter)
    if len(asked.model.unknown) != 1:
        raise Unsolved.because("a range is decided here for one unknown parameter", place)
    known = [e for e in (sample.size, sample.total, *sample.data) if e is not None]
    if not asked.has_numbers or any(map(free_symbols, known)):
        message = "give data: whether the estimate lies in the range depends on them"
        raise Unsolved.because(message, place)


def new_value(given: Inference, asked: Question) -> Expr | None:
    """The new value as a number or a letter.  Raises `Invalid` where it is not possible."""
    if given.new is None:
        return None
    found = given.read_as(Inference.new, Quantity())
    check_support(given.new, (found,), asked.model)
    return found


def belief_of(given: Inference, asked: Question) -> Belief:
    """The prior, by name or as a formula in the parameter."""

    def fault(message: str) -> Invalid:
        return given.fault(message, Inference.prior)

    unknown = asked.model.unknown
    typed = given.read_as(Inference.prior, StatedPrior())
    typed = typed.of(unknown[0].symbol) if len(unknown) == 1 else typed
    found = typed.formula
    if isinstance(found, Call) and found.name == "dirichlet":
        raise fault(
            "dirichlet is a prior for the probabilities of categorical and multinomial data, not "
            f"for {asked.model.family.title}"
        )
    check_subject(given, asked, fault)
    if found == Call("uniform"):
        found = over_the_range(asked, fault)
    if isinstance(found, Call) and found.name in priors():
        belief = Belief.read(found, fault)
        check_count(belief, asked, fault)
    elif len(unknown) != 1:
        raise fault(ONE_PARAMETER)
    elif isinstance(found, Symbol | Call) and unknown[0].symbol not in free_symbols(found):
        name = found.name if isinstance(found, Call) else found.spelled
        names = sorted((*priors(), "dirichlet"))
        hint = closest(name, names) or f": one of {', '.join(names)}"
        raise fault(f"{name} is no prior{hint}, or a formula in {unknown[0].name}")
    else:
        belief = Belief.own(found, unknown[0].symbol, fault, typed.where)
    belief = belief.apart_from(letters_of(asked))
    check_letters(given, asked, belief)
    check_range(given, asked, belief)
    if asked.limits is not None and any(map(free_symbols, belief.typed.values())):
        message = "give the prior's numbers: whether the estimate lies in the range depends on them"
        raise Unsolved.because(message, given.place_of(Inference.prior))
    return belief


def check_subject(given: Inference, asked: Question, fault: Callable[[str], Invalid]) -> None:
    """A prior that is said of a letter, μ ~ N(0, 1), is one for the unknown parameter."""
    subject = (
        spelled(given.prior.value, is_formula=True).subject if isinstance(given.prior, Text) else ""
    )
    model = asked.model
    names = {name for one in model.unknown for name in (one.name, one.role, one.symbol.spelled)}
    if not subject or plain_name(subject) in names:
        return
    found = meant(model.family, plain_name(subject))
    is_other = found is not None and found[1] not in [one.symbol for one in model.unknown]
    if is_other or plain_name(subject) in model.family.doubtful or len(model.unknown) > 1:
        listed = " and ".join(one.name for one in model.unknown)
        raise fault(f"{subject} may not be what is unknown here: write the prior of {listed} alone")


def over_the_range(asked: Question, fault: Callable[[str], Invalid]) -> Call:
    """A uniform prior whose ends go without saying, since they are those of a probability."""
    unknown = asked.model.unknown
    if len(unknown) == 1 and unknown[0].range == UNIT:
        return Call("uniform", tuple(map(fact, UNIT)))
    raise fault(
        "the ends of a uniform prior are needed here: write uniform(0, 10), say; mle gives the "
        "estimate without a prior, which is that of a flat one"
    )


def letters_of(asked: Question) -> frozenset[Symbol]:
    """The letters that the model itself writes, but for parameters that were named by hand."""
    model = asked.model
    named = {unknown.symbol for unknown in model.unknown if unknown.name != unknown.role}
    known = {letter for letter in model.known if isinstance(letter, Symbol)}
    return (free_symbols(model.density) | known) - named


def check_letters(given: Inference, asked: Question, belief: Belief) -> None:
    """One letter may not stand for two things; those of the derivation are taken."""
    parameters = {unknown.symbol for unknown in asked.model.unknown}
    typed = {s for value in belief.typed.values() for s in free_symbols(value)}
    taken = {X, N, INDEX, DATA, Symbol(asked.model.family.total), *parameters}
    for letter in sorted(typed & taken, key=lambda s: s.spelled):
        raise given.fault(taken_letter(letter), Inference.prior)
    for letter in sorted(parameters & belief.letters, key=lambda s: s.spelled):
        raise given.fault(taken_letter(letter), Estimation.parameter)


def check_range(given: Inference, asked: Question, belief: Belief) -> None:
    """A prior on the wrong numbers is no malformed question, but none that is decided here."""
    own = asked.model.unknown[0].range
    if not belief.family.natural or belief.family.domain in (own, ("-inf", "inf")):
        return
    low, high = map(fact, own)
    fitting = [prior.name for prior in priors().values() if prior.natural and prior.domain == own]
    raise Unsolved.because(
        f"the parameter of {asked.model.family.title} lies between {one_line(low)} and "
        f"{one_line(high)}, where a {belief.title} prior does not fit: write a "
        f"{' or '.join(fitting)} prior",
        given.place_of(Inference.prior),
    )


ONE_PARAMETER = "a prior is for one parameter: give the others, such as normal(sigma2=4)"


def check_count(belief: Belief, asked: Question, fault: Callable[[str], Invalid]) -> None:
    """A prior is for as many parameters as are unknown."""
    unknown = asked.model.unknown
    if belief.family.joint and [u.name for u in unknown] != ["mu", "sigma2"]:
        raise fault(f"{belief.title} is a prior for both parameters of normal, mu and sigma2")
    if not belief.family.joint and len(unknown) != 1:
        raise fault(ONE_PARAMETER)
