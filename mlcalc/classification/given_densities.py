"""The likelihoods of classes whose features have densities, as they were typed."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.classification.model import Query
from mlcalc.classification.question import Question
from mlcalc.classification.training import number_in, queried
from mlcalc.derivation import Note
from mlcalc.document import Entries, Raw, Text
from mlcalc.errors import Invalid, closest
from mlcalc.fields import entries_of, is_mapping, numeric
from mlcalc.maths.tree import Expr, Number


def class_entries(
    given: Question, likelihoods: Entries
) -> list[tuple[Text, list[tuple[Text, Raw]]]]:
    """{class: {feature: value}} as pairs; at least two classes, each with a feature."""
    found: list[tuple[Text, list[tuple[Text, Raw]]]] = []
    for label, value in likelihoods.pairs:
        if isinstance(value, Text) and value.value and not is_mapping(value):
            # One feature, which is x where it has no name.
            found.append((label, [(Text("x", value.place), value)]))
            continue
        example = f"{{feature: density}} for class {label.value}"
        found.append((label, list(entries_of(value, example).pairs)))
    if len(found) < 2:
        raise given.fault("give the densities of two classes or more", Question.likelihoods)
    features = [name.value for name, _ in found[0][1]]
    for label, pairs in found:
        check_features(label, [name for name, _ in pairs], features)
    return found


def check_features(label: Text, names: Sequence[Text], features: Sequence[str]) -> None:
    """Every class has the features of the first."""
    for name in names:
        if name.value not in features:
            hint = closest(name.value, features) or f"; the first class has {', '.join(features)}"
            raise Invalid.at(f"'{name.value}' is no feature of the first class{hint}", name.place)
    missing = [name for name in features if name not in {n.value for n in names}]
    if missing:
        message = f"class {label.value} has no density for '{missing[0]}', as the first class has"
        raise Invalid.at(message, label.place)


def number_query(given: Question, features: tuple[str, ...]) -> Query:
    """Numbers as they were typed.  Raises `Invalid` where one is none, or no feature is there."""
    values: dict[str, Expr] = {}
    for name, cell in queried(given, features).items():
        value, found = number_in(cell, name), numeric(cell)
        values[name] = found if isinstance(found, Number) else Number(value)
    if not values:
        raise given.fault("the query has no feature", Question.query)
    missing = [name for name in features if name not in values]
    names = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")
    text = f"the query has no value for {names}: integrated over, that factor is 1"
    return Query(values, (Note("nb.left_out", text),) if missing else ())
