"""One walk over the tree for all printers.

`Printer` says in which order the parts of a node come, which brackets they need and what sign
stands between them; a subclass says how each thing looks, as text or as a box of lines.  So
two notations cannot disagree about what is meant.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeAlias, TypeVar

from mlcalc.maths.printing import joints, rules
from mlcalc.maths.printing.joints import Joint
from mlcalc.maths.printing.numerals import Numeral
from mlcalc.maths.printing.rules import Form, Place
from mlcalc.maths.printing.signs import Signs
from mlcalc.maths.tree import (
    Add,
    BigOp,
    Call,
    Cases,
    Chain,
    Decimal,
    Derivative,
    Div,
    Dots,
    Expr,
    Given,
    Hadamard,
    Indexed,
    Listing,
    Marked,
    MatMul,
    Matrix,
    Mul,
    Neg,
    Number,
    Pow,
    Shape,
    Symbol,
    Transpose,
    Words,
    decimals,
    known,
)

T = TypeVar("T")

# A part of a long line: the sign before it, and what is shown.  A line may break before it.
Pieces: TypeAlias = Sequence[tuple[str, T]]
Part: TypeAlias = tuple[str, Expr, Place]
Render: TypeAlias = Callable[[Expr, Place], T]


def printed_once(expr: Expr, notation: object, print_it: Callable[[], T]) -> T:
    """What is printed for a node, which keeps it where no number in it depends on the style."""
    if decimals(expr):
        return print_it()
    try:
        texts: dict[object, T] = expr._texts  # type: ignore[attr-defined]  # a slot
    except AttributeError:
        texts = known(expr, "_texts", {})
    if notation not in texts:
        texts[notation] = print_it()
    return texts[notation]


class Printer(ABC, Generic[T]):
    """Spells a tree as a T; see the module's docstring."""

    signs: Signs
    fences: Mapping[str, str] = {"floor": "⌊⌋", "ceil": "⌈⌉", "abs": "||", "norm": "‖‖"}

    def __init__(self, form: Form) -> None:
        self.form = form

    def render(self, expr: Expr, place: Place = rules.WHOLE) -> T:
        """The node as it stands at `place`, in brackets where it needs them there."""
        kind = type(expr)
        if kind is Number or kind is Decimal:
            shown = self.form.numeral(expr)  # type: ignore[arg-type]  # by the line above
            if place is not rules.WHOLE and rules.is_number_bracketed(shown, place, self.form):
                return self.fence(self.numeral(shown), "()")
            return self.numeral(shown)
        if place is not rules.WHOLE and rules.needs_brackets(expr, place, self.form):
            return self.fence(self.show(expr, rules.WHOLE), self.bracket_of(expr))
        return self.show(expr, place)

    def bracket_of(self, expr: Expr) -> str:
        return "()"

    def show(self, expr: Expr, place: Place) -> T:
        """The node without brackets around it."""
        kind = type(expr)
        if kind in SHOWN:
            return SHOWN[kind](self, expr)  # type: ignore[no-any-return]
        match expr:
            case Add() | Mul() | MatMul() | Hadamard() | Chain():
                return self.joined(self.pieces(expr, place))
            case Neg(operand):
                inner = rules.NEGATED if place.open else rules.CLOSED_NEGATED
                return self.joined([(self.signs.negative, self.render(operand, inner))])
            case Call():
                return self.call(expr, place)
        raise TypeError(f"no notation for {kind.__name__}")

    def quotient(self, expr: Div) -> T:
        return self.fraction(
            self.render(expr.numerator, self._inside(rules.NUMERATOR)),
            self.render(expr.denominator, self._inside(rules.DENOMINATOR)),
        )

    def given(self, expr: Given) -> T:
        left, right = self.render(expr.left, rules.SIDE), self.render(expr.right, rules.SIDE)
        return self.joined([("", left), (self.signs.bar, right)])

    def _inside(self, place: Place) -> Place:
        """A place that a drawn fraction or a raised exponent makes a whole of its own."""
        return rules.WHOLE if self.form.fractions_close else place

    def pieces(self, expr: Expr, place: Place, render: Render[T] | None = None) -> Pieces[T]:
        """The parts of a chain, sum or product, each with the sign before it.

        `render` replaces the printer's own where a part has to fit somewhere.
        """
        spell = render or self.render
        if type(expr) is Add:
            parts = [self._term(term, i) for i, term in enumerate(expr.terms)]
        elif type(expr) is Chain:
            signed = [(self.relation(sign, right), right) for sign, right in expr.links]
            parts = [(sign, e, rules.MEMBER) for sign, e in [("", expr.first), *signed]]
        elif isinstance(expr, Mul | MatMul | Hadamard):
            parts = self._factors(expr, expr.factors, place)
        else:
            parts = []
        return [(sign, spell(part, where)) for sign, part, where in parts]

    def _term(self, term: Expr, index: int) -> Part:
        if not index:
            return "", term, rules.FIRST_TERM
        if isinstance(term, Neg):
            return self.signs.minus, term.operand, rules.NEGATED
        return self.signs.plus, term, rules.TERM

    def _factors(self, product: Expr, factors: tuple[Expr, ...], place: Place) -> list[Part]:
        found: list[Part] = []
        sign = ""
        for i, factor in enumerate(factors):
            where = rules.factor_place(i, len(factors), place)
            following = ""
            if i + 1 < len(factors):
                joint = self._joint(product, factor, factors[i + 1])
                following = joint if isinstance(joint, str) else self.signs.joints[joint]
                if joint is Joint.JUXTAPOSED:
                    where = rules.FACTOR  # (7/2)θ: a fraction in a line needs its brackets
            found.append((sign, factor, where))
            sign = following
        return found

    def _joint(self, product: Expr, left: Expr, right: Expr) -> Joint | str:
        if isinstance(product, Mul):
            return joints.joint(left, right, self.form)
        if isinstance(product, Hadamard):
            return self.signs.hadamard
        return self.signs.matrix_joints[joints.matrix_joint(left, right)]

    def relation(self, relation: str, right: Expr) -> str:
        """The sign of a chain's link, with its spaces."""
        shown = joints.relation_shown(relation, right, self.form)
        return f" {self.signs.relations[shown]} "

    def call(self, call: Call, place: Place) -> T:
        """A function in the notation that it has, else name(arguments)."""
        match call:
            case Call("floor" | "ceil" | "abs" | "norm", (x,), ()) if call.name in self.fences:
                return self.fence(self.render(x), self.fences[call.name])
            case Call("sqrt", (x,), ()):
                return self.root(x)
            case Call("exp", (x,), ()):
                return self.power(Symbol("e"), x)
            case Call("binomial", (n, k), ()):
                return self.binomial(n, k)
        return self.plain_call(call, place)

    def plain_call(self, call: Call, place: Place) -> T:
        match call:
            case Call("factorial", (x,), ()):
                return self.joined([("", self.render(x, rules.OPERAND)), ("!", self.text(""))])
            case Call(_, (x,), ()) if rules.is_bare(call, place, self.form):
                name = self.function_name(call)
                return self.joined([("", name), (" ", self.render(x))])
        return printed_once(call, type(self), lambda: self.applied_call(call))

    def applied_call(self, call: Call) -> T:
        return self.applied(self.function_name(call), self.fence(self.arguments(call), "()"))

    def arguments(self, call: Call) -> T:
        alone = len(call.arguments) == 1 and not call.keywords and not self.form.source
        place = rules.WHOLE if alone else rules.ARGUMENT
        shown = [self.render(argument, place) for argument in call.arguments]
        for keyword, value in call.keywords:
            right = self.render(value, rules.ARGUMENT)
            is_rounded = self.form.drops_digits(value) and not self.form.source
            sign = self.relation("~=", value) if is_rounded else self.signs.equals
            shown.append(self.joined([("", self.keyword(keyword)), (sign, right)]))
        return self.listed(shown)

    def keyword(self, name: str) -> T:
        return self.symbol(Symbol.named(name))

    def applied(self, name: T, arguments: T) -> T:
        return self.joined([("", name), ("", arguments)])

    def marked(self, name: Expr, mark: str) -> T:
        return self.power(name, Words(mark))

    @abstractmethod
    def text(self, text: str) -> T: ...
    @abstractmethod
    def joined(self, pieces: Pieces[T]) -> T: ...
    @abstractmethod
    def fence(self, inner: T, kind: str) -> T: ...
    @abstractmethod
    def numeral(self, shown: Numeral) -> T: ...
    @abstractmethod
    def symbol(self, symbol: Symbol) -> T: ...
    @abstractmethod
    def indexed(self, indexed: Indexed) -> T: ...
    @abstractmethod
    def words(self, text: str) -> T: ...
    @abstractmethod
    def fraction(self, numerator: T, denominator: T) -> T: ...
    @abstractmethod
    def power(self, base: Expr, exponent: Expr) -> T: ...
    @abstractmethod
    def root(self, radicand: Expr) -> T: ...
    @abstractmethod
    def transpose(self, operand: T) -> T: ...
    @abstractmethod
    def function_name(self, call: Call) -> T: ...
    @abstractmethod
    def binomial(self, n: Expr, k: Expr) -> T: ...
    @abstractmethod
    def listed(self, items: Sequence[T]) -> T: ...
    @abstractmethod
    def matrix(self, rows: tuple[tuple[Expr, ...], ...]) -> T: ...
    @abstractmethod
    def shape(self, shape: Shape) -> T: ...
    @abstractmethod
    def cases(self, cases: Cases) -> T: ...
    @abstractmethod
    def big(self, big: BigOp) -> T: ...
    @abstractmethod
    def derivative(self, derivative: Derivative) -> T: ...


SHOWN: Mapping[type[Expr], Callable[[Any, Any], Any]] = {
    Symbol: lambda printer, e: printer.symbol(e),
    Indexed: lambda printer, e: printer.indexed(e),
    Div: lambda printer, e: printer.quotient(e),
    Pow: lambda printer, e: printer.power(e.base, e.exponent),
    Marked: lambda printer, e: printer.marked(e.name, e.mark),
    Transpose: lambda printer, e: printer.transpose(printer.render(e.operand, rules.OPERAND)),
    BigOp: lambda printer, e: printer.big(e),
    Cases: lambda printer, e: printer.cases(e),
    Matrix: lambda printer, e: printer.matrix(e.rows),
    Listing: lambda printer, e: printer.listed(
        [printer.render(item, rules.ARGUMENT) for item in e.items]
    ),
    Shape: lambda printer, e: printer.shape(e),
    Derivative: lambda printer, e: printer.derivative(e),
    Given: lambda printer, e: printer.given(e),
    Words: lambda printer, e: printer.words(e.text),
    Dots: lambda printer, e: printer.text(printer.signs.dots),
}
"""How a printer shows what looks the same wherever it stands: found by its class, at once."""
