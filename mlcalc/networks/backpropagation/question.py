"""What is asked: the expression as a graph, and the values of its variables."""

from __future__ import annotations

import re
from collections.abc import Mapping as Named
from contextlib import suppress
from functools import cached_property, lru_cache

from mlcalc.files import problem
from mlcalc.files.document import Entries, Raw, Text
from mlcalc.files.errors import Complaint, Invalid
from mlcalc.files.fields import Anything, Mapping, entries_of, numeric, refuse_ragged
from mlcalc.maths import reader
from mlcalc.maths.digit_groups import written_in_groups
from mlcalc.maths.evaluate import evaluate, rows
from mlcalc.maths.functions import EvaluationError, Unbound, is_finite
from mlcalc.maths.near import closest, is_word_of, plain_name
from mlcalc.maths.products import OPEN_FUNCTIONS
from mlcalc.maths.records import Record, replace
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Chain, Expr, Listing, Matrix, Symbol, free_symbols
from mlcalc.maths.vectors import compact
from mlcalc.networks.backpropagation.definitions import (
    Body,
    Definition,
    Definitions,
    Letters,
    calls_in,
    definitions_of,
)
from mlcalc.networks.backpropagation.fold import constants_within, folded
from mlcalc.networks.backpropagation.graph import ComputationGraph, NotAGraph
from mlcalc.networks.backpropagation.passes import Known


class Formula(Anything):
    metavar = "EXPRESSION"


class Typed(Record):
    """The value of a variable, and whether it was typed as a list."""

    known: Known
    is_list: bool

    @property
    def is_column(self) -> bool:
        return self.is_list or (self.known.size[0] > 1 and self.known.size[1] == 1)

    @property
    def is_number(self) -> bool:
        return not self.is_list and self.known.size == (1, 1)


AT = ("at", "values", "point")


class Question(problem.Problem):
    expression = problem.required(
        Formula(),
        "what is differentiated: '(x + y)*max(y, z)', 'uᵀ relu(W x + b)', "
        "'a = x + y; b = max(y, z); f = a*b'",
        True,
        aliases=("function",),
    )
    at = problem.optional(
        Mapping(has_lists=True),
        "values of all variables: 'x=1, W=[[1, 2], [3, 4]]', a list being a column vector; "
        "without them the gradients are formulas",
        aliases=AT[1:],
    )
    upstream = problem.optional(
        Anything(), "gradient that arrives at the output [1, or ones of the output's shape]"
    )

    @classmethod
    def has_own_value(cls, name: str, typed: str) -> bool:
        """Whether it is a variable, whose value has a flag of its own: --x 2."""
        return is_word_of(name, typed)

    @classmethod
    def placed(cls, given: Entries) -> Entries:
        """Values by the names of variables are those of `at`."""
        own, rest = cls.own_values(given)
        if not own:
            return given
        at = [pair for pair in rest if plain_name(pair[0].value) in AT]
        before = [each for _, raw in at for each in entries_of(raw, "x=1, y=2").pairs]
        values = Entries((*before, *own), own[0][0].place)
        others = (pair for pair in rest if pair not in at)
        return replace(given, pairs=(*others, (Text("at", values.place), values)))

    @property
    def has_values(self) -> bool:
        return self.at is not None or bool(self.defined)

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """The expression as it was cut; nothing of one that was not typed."""
        return () if isinstance(self.expression, Expr) else definitions_of(self.expression)

    @cached_property
    def defined(self) -> dict[Definition, Typed]:
        """The names that stand for a number or a list in a program: x = -2; f = x^2."""
        found: dict[Definition, Typed] = {}
        for one in self.definitions if len(self.definitions) > 1 else ():
            name, right = one
            with suppress(Invalid):
                if name is not None:
                    found[one] = value_of(right, name.spelled)
        return found

    @cached_property
    def body(self) -> Body:
        """The expression, and the names of it and its parts.  Raises `Invalid`."""
        if isinstance(self.expression, Expr):
            return Body(None, self.expression)
        letters = Letters(
            frozenset(name.spelled for name in self.values_given),
            frozenset(name.spelled for name, one in self.values_given.items() if not one.is_number),
            frozenset(name.spelled for name, one in self.values_given.items() if one.is_column),
        )
        formulas = [one for one in self.definitions if one not in self.defined]
        values = {name for name, _ in self.defined}
        for name, right in formulas:
            if name is not None and name in values:
                message = f"'{name.spelled}' is defined twice: define it once"
                raise Invalid.at(
                    f"{message}, and call what it becomes by another name", right.place
                )
        return self.read_as(Question.expression, Definitions(letters, formulas))

    def graph(self, values: Named[Symbol, Typed]) -> ComputationGraph:
        """The expression as a graph."""
        constants = constants_within(tuple(values))
        if free_symbols(self.body.expression) <= constants:
            message = "the expression has no variable to differentiate by"
            raise self.fault(message, Question.expression)
        unknown = sorted(name for name in calls_in(self.body.expression) if name in OPEN_FUNCTIONS)
        if values and unknown:
            name = unknown[0]
            message = f"{name} has no values: write the function that it is, such as tanh"
            raise self.fault(message, Question.expression)
        try:
            return folded(self.body, constants)
        except NotAGraph as error:
            raise self.fault(str(error), Question.expression) from None

    @cached_property
    def valued(self) -> list[tuple[Text, Typed | Raw]]:
        """All names that have a value, with it: those of a program are read already."""
        own = [
            (replace(right, value=name.spelled), value)
            for (name, right), value in self.defined.items()
            if name is not None
        ]
        return [*own, *(() if self.at is None else self.at.pairs)]

    @cached_property
    def values_given(self) -> dict[Symbol, Typed]:
        """The values that were typed, by name.  Raises `Invalid`."""
        found: dict[Symbol, Typed] = {}
        complaints: list[Complaint] = []
        for key, value in self.valued:
            try:
                name = name_of(key)
                if name in found:
                    raise Invalid.at(f"'{key.value}' is given twice: give it once", key.place)
                found[name] = value if isinstance(value, Typed) else value_of(value, key.value)
            except Invalid as error:
                complaints += error.complaints
        if complaints:
            raise Invalid(*complaints)
        pairs = (Chain(name, (("=", one.known.written),)) for name, one in found.items())
        self.show(Question.at, Listing(tuple(pairs)))
        return found

    def typed_values(self) -> dict[Symbol, Typed]:
        """The values by variable: all are there, and each belongs to one."""
        keys = (key for key, _ in self.valued)
        complaints = self.mismatches(list(zip(self.values_given, keys, strict=True)))
        if complaints:
            raise Invalid(*complaints)
        return self.values_given

    def mismatches(self, places: list[tuple[Symbol, Text]]) -> list[Complaint]:
        """Values without a variable, and variables without a value."""
        right = self.body.expression
        known = tuple(symbol for symbol, _ in places)
        wanted = sorted(s.spelled for s in free_symbols(right) - constants_within(known))
        complaints = []
        extra = [(symbol, key) for symbol, key in places if symbol.spelled not in wanted]
        missing = [name for name in wanted if Symbol.named(name) not in known]
        listing = f"; it has {', '.join(wanted)}"
        for _, key in extra:
            hint = closest(key.value, missing)
            missing = [name for name in missing if f"'{name}'" not in hint]
            message = f"'{key.value}' is not in the expression{hint or listing}"
            complaints.append(Complaint(message, key.place))
        for name in missing:
            message = (
                f"{name} has no value: add {name}=… here, or leave all values out for formulas"
            )
            complaints.append(Complaint(message, self.place_of(Question.at)))
        return complaints


def name_of(key: Text) -> Symbol:
    """The variable that a key names: theta and θ are one."""
    try:
        found = read_name(key.value)
    except Unreadable as error:
        raise Invalid.at(error.message, key.at(error.position)) from None
    if not isinstance(found, Symbol):
        raise Invalid.at(f"expected the name of a variable, not '{key.value}'", key.place)
    return found


read_name = lru_cache(maxsize=128)(reader.read)
"""A file of problems has few names."""


def value_of(raw: Raw, name: str) -> Typed:
    """A number, a list or a matrix of numbers."""
    refuse_ragged(raw)
    found = numeric(raw, read_value, f"numbers as the value of {name}")
    is_list = isinstance(found, Listing)
    if found == Listing(()):
        raise Invalid.at(f"the value of {name} is empty: give at least one number", raw.place)
    matrix = as_matrix(found)
    try:
        value = rows(evaluate(matrix))
    except Unbound:
        letter = min(symbol.spelled for symbol in free_symbols(found))
        message = f"the value of {name} has the letter {letter}: give a number for it"
        raise Invalid.at(message, raw.place) from None
    except EvaluationError as error:
        raise Invalid.at(f"the value of {name}: {error}", raw.place) from None
    if not all(is_finite(number) for row in value for number in row):
        raise Invalid.at(f"the value of {name} must be finite", raw.place)
    return Typed(Known(value, compact(matrix)), is_list)


ONE_ROW = re.compile(r"\s*\[?[^\[\];&\r\n]*\]?\s*")


def read_value(text: str) -> Expr:
    """A number, also in groups; a list, whether commas or spaces separate it, or rows."""
    is_number = any(typed == text.strip() for typed, _ in written_in_groups(text))
    is_rows = "[" not in text and "," not in text and re.search(r"\S\s+\S|;", text)
    found = reader.read_matrix(text) if is_rows and not is_number else reader.read_number(text)
    if isinstance(found, Matrix) and found.shape[0] == 1 and ONE_ROW.fullmatch(text):
        return Listing(found.rows[0])
    return found


def as_matrix(found: Expr) -> Matrix:
    match found:
        case Matrix():
            return found
        case Listing(items):
            return Matrix.column(items)
    return Matrix(((found,),))
