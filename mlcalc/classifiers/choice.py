"""The model that is meant where none is named: what is given often leaves only one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from mlcalc.classifiers.bernoulli import BINARY
from mlcalc.classifiers.question import Question
from mlcalc.classifiers.tally import words_in
from mlcalc.classifiers.training import listed, number_in, training_of
from mlcalc.estimation.letters import X
from mlcalc.estimation.spelled import NamedOrFormula
from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import entries_of, is_mapping, numeric
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Call, Expr, Symbol, free_symbols

DECIMAL_COMMA = re.compile(r"\s*[-+−]?[0-9]+,[0-9]+\s*")


@lru_cache(maxsize=2)
def model_name(given: Question) -> str:
    """The model that was named, or else the one that is plain, which is noted.

    Raises `Invalid`, with the models that it may be, where several are.
    """
    if given.model is not None:
        return given.model
    if given.documents is not None:
        name, why = "multinomial", "it counts each word; bernoulli asks only which of them occur"
    elif given.likelihoods is not None:
        name, why = by_likelihoods(given, given.likelihoods)
    elif given.data is not None:
        name, why = by_columns(given)
    elif given.features is not None:
        raise unclear(given, "gaussian gives the boundary in letters where nothing is known")
    else:
        return "bernoulli"  # there is nothing to learn from, and each model says so
    given.note("nb.model", f"the model is {name}: {why}")
    return name


def unclear(given: Question, why: str) -> Invalid:
    return given.fault(f"'model' is missing: {why}")


# The columns of a table.


def by_columns(given: Question) -> tuple[str, str]:
    """Numbers with decimals are measured, 0 and 1 are two outcomes, and words are values."""
    training = training_of(given)
    sorts = {
        feature: sort_of([Text(cell, given.place) for cell in cells], feature)
        for feature in training.features
        for cells in [dict.fromkeys(cell for _, cell in training.column(feature))]
    }
    found = set(sorts.values())
    if found == {"0 and 1"}:
        return "bernoulli", "every feature is 0 or 1"
    if "words" in found and found <= {"words", "0 and 1"}:
        return "categorical", "the features have words for values"
    if "decimals" in found and found <= {"decimals", "whole numbers"}:
        return "gaussian", "the features are numbers with decimals"
    said = [
        f"{listed(names, most=4)} {'has' if len(names) == 1 else 'have'} {sort}"
        for sort in dict.fromkeys(sorts.values())
        for names in [tuple(f for f, own in sorts.items() if own == sort)]
    ]
    options = ["categorical where each value stands for itself"]
    if found & {"words", "words and numbers"}:
        options.append("choose columns of one sort with features")
    else:
        options.append("gaussian for what is measured")
        options += ["multinomial for counts"] if "decimals" not in found else []
    raise unclear(given, f"{' and '.join(said)}; write {' or '.join(options)}")


def sort_of(cells: list[Text], feature: str) -> str:
    """What the different cells of a column are."""
    values = [value_of(cell, feature) for cell in cells]
    numbers = [value for value in values if value is not None]
    if not numbers:
        return "words"
    if len(numbers) < len(values):
        return "words and numbers"
    if set(numbers) <= {0, 1}:
        return "0 and 1"
    is_whole = all(number.denominator == 1 for number in numbers)
    return "whole numbers" if is_whole else "decimals"


def value_of(cell: Text, feature: str) -> Fraction | None:
    """The number in a cell, also one with a decimal comma, which no model takes for a word."""
    if DECIMAL_COMMA.fullmatch(cell.value):
        return Fraction(1, 2)
    try:
        return number_in(cell, feature)
    except Invalid:
        return None


# Likelihoods as they are given.


def by_likelihoods(given: Question, likelihoods: Entries) -> tuple[str, str]:
    """Formulas are densities, tables have several values, and numbers say how likely a 1 is."""
    stated = [
        (label.value, *pair) for label, entry in likelihoods.pairs for pair in of_class(entry)
    ]
    tables = [entries_of(raw, "{sunny: 2/9}") for _, _, raw in stated if is_mapping(raw)]
    plain = [(label, exact_in(raw)) for label, _, raw in stated if not is_mapping(raw)]
    if any(number is None for _, number in plain) or given.support is not None:
        densities = [density_in(raw) for _, _, raw in stated if not is_mapping(raw)]
        if None not in densities:
            return of_densities(given, densities, len(tables) + len(plain) > len(likelihoods.pairs))
    if tables and not all(are_two(table) for table in tables):
        return "categorical", "each feature has its values with their probabilities"
    if tables:
        return "bernoulli", "every feature is 0 or 1"
    features = tuple(dict.fromkeys(name for _, name, _ in stated))
    totals: Counter[str] = Counter()
    for label, number in plain:
        totals[label] += number or 0  # type: ignore[assignment]  # a sum of fractions
    refuse_words(given, features, list(totals.values()))  # type: ignore[arg-type]  # as above
    return "bernoulli", "the likelihoods are P(feature = 1 | class)"


def of_densities(given: Question, densities: list[Expr | None], are_many: bool) -> tuple[str, str]:
    """Normal densities of several features, or with letters, have a boundary of their own."""
    priors = [exact_in(raw) for _, raw in given.priors.pairs] if given.priors else []
    has_letters = None in priors or any(free_symbols(each) for each in densities if each)
    are_normal = all(isinstance(each, Call) and each.name == "normal" for each in densities)
    if are_normal and (are_many or has_letters):
        return "gaussian", "the likelihoods are normal densities"
    return "density", "the likelihoods are densities"


def density_in(raw: Raw) -> Expr | None:
    """The density that was typed; None for what is none, as a letter for a probability."""
    try:
        found = NamedOrFormula().read(raw)
    except Invalid:
        return None
    return None if isinstance(found, Symbol) and found != X else found


def of_class(entry: Raw) -> Iterator[tuple[str, Raw]]:
    """The features of a class with what is said of each; one without a name is x."""
    if not is_mapping(entry):
        yield "x", entry
        return
    for name, raw in entries_of(entry, "{offer: 0.6}").pairs:
        yield name.value, raw


def exact_in(raw: Raw) -> Fraction | None:
    try:
        return exact(numeric(raw))
    except Invalid:
        return None


def are_two(table: Entries) -> bool:
    """Whether what is said of a feature are the probabilities of 1 and 0, or of one of them."""
    return {BINARY.get(key.value.casefold()) for key, _ in table.pairs} <= {"1", "0"}


def refuse_words(given: Question, features: tuple[str, ...], totals: list[Fraction]) -> None:
    """Words of a text may be meant where that would give other answers.

    The probabilities of all words of a vocabulary add up to 1 in each class.
    """
    if len(features) < 2 or any(total > 1 for total in totals):
        return
    raw = given.query
    words = words_in(raw.value) if isinstance(raw, Text) and not is_mapping(raw) else ()
    is_text = any(word in features for word in words)
    is_each_once = Counter(w for w in words if w in features) == Counter(features)
    if all(total == 1 for total in totals) or (is_text and not is_each_once):
        message = (
            "write bernoulli where a feature that is 0 counts too, or multinomial where the "
            "likelihoods are the shares of all words of a class"
        )
        raise unclear(given, message)
