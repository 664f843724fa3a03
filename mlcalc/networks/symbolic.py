"""A network of single numbers with letters in the place of some: formulas for values and gradients.

The same equations are gone through forward and backward; what is put in are the letters that were
typed.  A vector keeps its name h_t in the formulas that use it, and in the answers it is written
out, so that these hold nothing but what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from mlcalc.files.errors import Unsolved
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import (
    Chain,
    Derivative,
    Expr,
    Mul,
    Neg,
    Symbol,
    equals,
    spread,
    substitute,
    wrap,
)
from mlcalc.maths.vectors import added, times
from mlcalc.networks.activations import applied, slope_in_letters, written_out
from mlcalc.networks.backward_working import readers, use_in_letters
from mlcalc.networks.equations import (
    Activation,
    Affine,
    Combination,
    Concatenation,
    Equation,
    Factor,
    L,
    Moment,
    Term,
)
from mlcalc.networks.running import Layout

ZERO, ONE = wrap(0), wrap(1)
Value = Callable[[Moment], Expr]


class Symbolic:
    """The run of a network of single numbers in letters.

    `nameless` vectors are written out where they are read, as the sums of units are; `slopes` gives
    the factors of an activation's slope.
    """

    def __init__(
        self,
        layout: Layout,
        inputs: Mapping[Moment, Expr],
        nameless: Collection[Symbol] = (),
        slopes: Callable[[str, Expr, Expr], list[Expr]] = slope_in_letters,
    ) -> None:
        self.layout, self.network, self.inputs = layout, layout.network, dict(inputs)
        self.nameless, self.slopes = nameless, slopes
        self.typed = {name: matrix.rows[0][0] for name, matrix in layout.parameters.items()}
        self.right: dict[Moment, Expr] = {}
        """What each equation makes, in the names of vectors."""
        self.formulas = dict(inputs)
        """Every vector in nothing but what was typed."""
        self.names: dict[Expr, Expr] = {}
        """What a name of the working stands for, in nothing but what was typed."""
        self.adjoints: dict[Moment, Expr] = {}
        """Every gradient in the typed letters and the names of vectors."""
        for each in self.network.passes:
            for time in each.times(layout.steps):
                for equation in each.at(time):
                    moment = equation.target, time
                    self.right[moment] = self.forward(equation, time, self.named)
                    self.formulas[moment] = self.forward(equation, time, self.full)
                    if equation.target not in nameless:
                        self.names[self.network.name(*moment)] = self.formulas[moment]

    # Values.

    def full(self, moment: Moment) -> Expr:
        """The vector in nothing but what was typed."""
        return self.formulas[moment] if moment in self.formulas else self.start(moment)

    def start(self, moment: Moment) -> Expr:
        parameter = self.layout.initial.get(moment[0])
        return ZERO if parameter is None else self.typed.get(parameter, ZERO)

    def named(self, moment: Moment) -> Expr:
        """The vector by its name, inputs and initial values as they were typed."""
        if moment in self.inputs or moment not in self.formulas:
            return self.full(moment)
        return self.right[moment] if moment[0] in self.nameless else self.network.name(*moment)

    def forward(self, equation: Equation, time: int, value: Value) -> Expr:
        """The right side of an equation, with the typed letters and the given values put in."""
        match equation:
            case Affine(_, products, bias):
                terms = [product(self.typed[w], value(r.at(time))) for w, r in products]
                return total([*terms, *([self.typed[bias]] if bias in self.typed and bias else [])])
            case Activation(_, word, argument):
                return applied(word, value((argument, time)))
            case Combination(_, terms_):
                return total([self.term(term, time, value) for term in terms_])
            case Concatenation():
                raise Unsolved.because("letters need single numbers")

    def term(self, term: Term, time: int, value: Value, but: int | None = None) -> Expr:
        """The term, without one of its factors."""
        factors = [self.factor(f, time, value) for k, f in enumerate(term.factors) if k != but]
        return product(*([term.coefficient] if term.coefficient else []), *factors)

    def factor(self, factor: Factor, time: int, value: Value) -> Expr:
        found = value(factor.reading.at(time))
        return ONE - found if factor.complement else found

    # Gradients.

    def backward(self, seeds: Mapping[Moment, Expr]) -> list[tuple[Moment, Chain]]:
        """The chain of each gradient, in the order in which they are found."""
        order: list[Moment] = []
        for each in reversed(self.network.passes):
            for time in reversed(each.times(self.layout.steps)):
                order += [(equation.target, time) for equation in reversed(each.at(time))]
        order += [(vector, 0) for vector, _ in self.network.initial]
        found = [(moment, self.adjoint(moment, seeds)) for moment in (*order, *self.inputs)]
        return [(moment, chain) for moment, chain in found if chain is not None]

    def adjoint(self, moment: Moment, seeds: Mapping[Moment, Expr]) -> Chain | None:
        """∂L/∂h_t = what each reader gives, by names = the same in letters."""
        vector, time = moment
        names: list[Expr] = []
        terms: list[Expr] = []
        for equation, index, reading in readers(self.layout, vector):
            target = (equation.target, time + reading.lag)
            if target in self.adjoints and self.holds(equation, target[1]):
                upstream = self.network.gradient(*target)
                at = target[1]
                names.append(self.given_to(equation, index, at, upstream, self.network.name))
                terms.append(self.given_to(equation, index, at, self.known(target)))
        if moment in seeds:
            of = L if self.layout.steps == 1 or not terms else self.network.name(L, time)
            names.insert(0, self.network.gradient(*moment, of=of))
            terms.insert(0, seeds[moment])
        if not terms:
            return None
        self.adjoints[moment] = total(terms)
        name = self.network.gradient(*moment)
        if self.known(moment) == name:
            self.names[name] = substitute(self.adjoints[moment], self.names)
        return equals(name, added(names), self.adjoints[moment])

    def known(self, moment: Moment) -> Expr:
        """The gradient by a name of its own, or in letters."""
        return dict(self.network.deltas).get(moment[0]) or self.adjoints[moment]

    def holds(self, equation: Equation, time: int) -> bool:
        return not isinstance(equation, Combination) or time >= equation.since

    def given_to(
        self,
        equation: Equation,
        index: int,
        time: int,
        upstream: Expr,
        name: Callable[[Symbol, int], Expr] | None = None,
    ) -> Expr:
        """What an equation gives to a reading: by the names alone, or with the typed letters."""

        def value(moment: Moment) -> Expr:
            return self.named(moment) if name is None else name(*moment)

        match equation:
            case Affine(_, products, _):
                weight = products[index][0]
                return product(self.typed[weight] if name is None else weight, upstream)
            case Activation(target, word, argument):
                z, h = (argument, time), (target, time)
                return product(upstream, *self.slopes(word, self.summed(z), value(h)))
            case Combination():
                term, own = equation.term_of(index)
                found = product(upstream, self.term(term, time, value, but=own))
                return Neg(found) if term.factors[own].complement else found
            case Concatenation():
                return upstream

    def summed(self, moment: Moment) -> Expr:
        """The argument of an activation by its name; written out where it has none."""
        is_nameless = moment[0] in self.nameless
        return self.right[moment] if is_nameless else self.network.name(*moment)

    def parameter(self, name: Symbol) -> tuple[Chain, Expr]:
        """∂L/∂W = Σ_t ∂L/∂z_t h_(t−1), in names and in letters."""
        names: list[Expr] = []
        terms: list[Expr] = []
        for time in range(self.layout.steps, 0, -1):
            for equation in self.network.equations:
                moment = equation.target, time
                if not isinstance(equation, Affine) or moment not in self.adjoints:
                    continue
                for weight, reading in equation.products:
                    if weight == name:
                        names.append(use_in_letters(self.layout, equation.target, reading, time))
                        terms.append(product(self.known(moment), self.named(reading.at(time))))
                if equation.bias == name:
                    names.append(self.network.gradient(*moment))
                    terms.append(self.known(moment))
        formula = total(terms)
        return equals(Derivative(L, name, partial=True), added(names), formula), formula

    def written_out(self, formula: Expr) -> Expr:
        """The formula in nothing but what was typed."""
        return substitute(written_out(formula), self.names)


def product(*factors: Expr) -> Expr:
    """The product as it is written: 0 where a factor is 0, without factors of 1, numbers first."""
    found = spread(Mul, *factors)
    values = [exact(factor) for factor in found]
    if 0 in values:
        return ZERO
    numbers = [f for f, value in zip(found, values, strict=True) if value not in (None, 1)]
    letters = [f for f, value in zip(found, values, strict=True) if value is None]
    if not numbers and not letters:
        return ONE
    first, *rest = *numbers, *letters  # 2u, not u·2
    if rest and exact(first) == -1:
        return -product(*rest)
    return times(first, *rest) if rest else first


def total(terms: Sequence[Expr]) -> Expr:
    """The sum as it is written, without terms of 0."""
    kept = [term for term in terms if exact(term) != 0]
    return added(kept) if kept else ZERO


def weighed(weights: Sequence[Expr], bias: Expr | None, reads: Sequence[Expr]) -> Expr:
    """The sum of a unit: b + w₁·x₁ + …"""
    terms = [product(weight, name) for weight, name in zip(weights, reads, strict=True)]
    return total([*([] if bias is None else [bias]), *terms])
