"""The fields of a naive Bayes problem, which each model reads in its own way."""

from __future__ import annotations

from mlcalc import problem
from mlcalc.document import Entries, Items, Raw, Text
from mlcalc.errors import Invalid
from mlcalc.fields import Quantity, Structure, Switch, Word, Words

MODELS = {
    "bernoulli": "each feature is 0 or 1",
    "categorical": "each feature has one of a few values",
    "multinomial": "each feature is a count, such as how often a word occurs",
    "gaussian": "each feature is a number, normal within a class",
    "density": "the densities are given as formulas",
    "all": "multinomial and bernoulli side by side on the same documents",
}


class Question(problem.Problem):
    """What every model may be given; `data` or `documents`, or `priors` and `likelihoods`."""

    model = problem.required(
        Word(MODELS, {"normal": "gaussian"}), "how the features of a class are distributed"
    )
    data = problem.optional(Structure(), "rows, as mappings in YAML or as the path of a CSV file")
    label = problem.optional(Words("COLUMN"), "the column of the data that holds the class")
    features = problem.optional(Structure(), "the columns that count; all others unless given")
    documents = problem.optional(Structure(), "texts with classes: [{label: spam, text: ...}]")
    priors = problem.optional(Structure(), "the probability of each class: spam=1/3, ham=2/3")
    likelihoods = problem.optional(
        Structure(), "what is known of each class: {spam: {offer: 0.6}}, P(feature = 1 | class)"
    )
    support = problem.optional(
        Structure(), "where densities of your own are not zero: 0 < x < 1; also one for each class"
    )
    query = problem.optional(Structure(), "what to classify: red=1, affordable=0, or a text")
    smoothing = problem.default(
        Quantity(least=0), "0", "the pseudo-count that is added to every count of a likelihood"
    )
    smooth_prior = problem.default(
        Switch(), "false", "add the pseudo-count to the counts of the classes too"
    )


def pairs_of(raw: Raw, example: str) -> list[tuple[Text, Raw]]:
    """The names and values of a mapping, `red=1, affordable=0` or as in YAML; no name twice.

    Raises `Invalid` with the example of what to write.
    """
    if isinstance(raw, Entries):
        return list(raw.pairs)
    if not isinstance(raw, Text):
        raise Invalid.at(f"expected names and values such as {example}", raw.place)
    pairs: dict[str, tuple[Text, Raw]] = {}
    for piece in pieces_of(raw):
        name, equals, value = piece.value.partition("=")
        if not equals or not name.strip() or not value.strip():
            message = f"expected names and values such as {example}, not '{piece.value}'"
            raise Invalid.at(message, piece.place)
        key = stripped(name, piece, 0)
        if key.value in pairs:
            raise Invalid.at(f"'{key.value}' is given twice: give it once", key.place)
        pairs[key.value] = key, stripped(value, piece, len(name) + 1)
    return list(pairs.values())


def words_of(raw: Raw, example: str) -> list[Text]:
    """The words of a list, `red, affordable` or as in YAML."""
    if isinstance(raw, Text):
        return pieces_of(raw)
    items = raw.items if isinstance(raw, Items) else ()
    words = [item for item in items if isinstance(item, Text)]
    if not words or len(words) < len(items):
        raise Invalid.at(f"expected a list of words such as {example}", raw.place)
    return words


def pieces_of(raw: Text) -> list[Text]:
    """What stands between the commas, each with its place."""
    found, offset = [], 0
    for piece in raw.value.split(","):
        found.append(stripped(piece, raw, offset))
        offset += len(piece) + 1
    return found


def stripped(piece: str, whole: Text, offset: int) -> Text:
    """The piece without spaces around it, at its place in the whole."""
    start = offset + len(piece) - len(piece.lstrip())
    return Text(piece.strip(), whole.at(start), exact=whole.exact)
