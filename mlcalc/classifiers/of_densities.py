"""What the models of numbers share: a density for each class and feature, as it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self

from mlcalc.classifiers import letters
from mlcalc.classifiers.logged import Logged
from mlcalc.classifiers.model import Factor, Model, Query, given_priors, priors_of
from mlcalc.classifiers.question import Question
from mlcalc.classifiers.training import number_in, read_query
from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import entries_of, is_mapping, numeric
from mlcalc.maths.board import Note, Prose
from mlcalc.maths.near import closest
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Expr, Number, Symbol, equals
from mlcalc.showing.derivation import Result, Step, Table, step


class OfDensities(Model):
    """For each class the densities in the order of the features; `written` is how each is given."""

    densities: Mapping[str, tuple[Any, ...]]

    p = "p"

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        return tuple(map(letters.feature_symbol, self.features))

    def each(self) -> Iterator[tuple[str, Symbol, Any]]:
        """Class, feature and density, class by class."""
        for label, row in self.densities.items():
            for symbol, density in zip(self.symbols, row, strict=True):
                yield label, symbol, density

    def prior_factor(self, label: str) -> Factor:
        return replace(super().prior_factor(label), log=Logged.of(self.prior[label].value))

    def query(self, given: Question) -> Query:
        """Numbers as they were typed."""
        values: dict[str, Expr] = {}
        for name, cell in read_query(given, self.features).items():
            value, found = number_in(cell, name), numeric(cell)
            values[name] = found if isinstance(found, Number) else Number(value)
        if not values:
            raise given.fault("the query has no feature", Question.query)
        missing = [name for name in self.features if name not in values]
        names = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")
        text = f"the query has no value for {names}: integrated over, that factor is 1"
        return Query(values, (Note("nb.left_out", text),) if missing else ())

    def likelihoods(self) -> tuple[Mapping[str, Result], Iterator[Expr]]:
        """{class: {feature: density}}, as it can be given."""
        values: dict[str, Result] = {
            label: {f: density.written for f, density in zip(self.features, row, strict=True)}
            for label, row in self.densities.items()
        }
        items = (equals(letters.density(x, label), d.written) for label, x, d in self.each())
        return values, items

    def given_step(
        self,
        header: Sequence[Prose | Expr],
        row: Callable[[str, Symbol, Any], Sequence[Prose | Expr]],
        why: str = "",
    ) -> Step:
        """The priors and the densities that are given."""
        table = Table(tuple(header), tuple(tuple(row(*each)) for each in self.each()))
        return step("write down what is given", given_priors(self), table, why=why)

    @classmethod
    def given(cls, given: Question, read: Callable[[Text, Text, Raw], Any]) -> Self:
        """The model of the priors and likelihoods, whose densities are read one by one."""
        assert given.likelihoods is not None
        rows = class_entries(given, given.likelihoods)
        classes = tuple(label.value for label, _ in rows)
        features = tuple(name.value for name, _ in rows[0][1])
        prior = priors_of(given, classes, "no likelihoods", of_densities=True)
        densities: dict[str, tuple[Any, ...]] = {}
        for label, pairs in rows:
            own = {name.value: read(label, name, raw) for name, raw in pairs}
            densities[label.value] = tuple(own[name] for name in features)
        return cls(classes, features, prior, densities)


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
