"""A network of single numbers with letters in the place of some: formulas for states and gradients.

The same equations are gone through forward and backward; what is put in are the letters that were
typed.  A state keeps its name h_t in the formulas that use it, and in the answers it is written
out, so that these hold nothing but what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from mlcalc.derivation import Answer, Block, Step, typed_name
from mlcalc.errors import Unsolved
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import (
    Chain,
    Derivative,
    Expr,
    Mul,
    Neg,
    Number,
    Symbol,
    equals,
    substitute,
    wrap,
)
from mlcalc.maths.vectors import NamedVector, added, writer
from mlcalc.networks.activations import applied, refuse_flat, slope_in_letters, written_out
from mlcalc.networks.backward_writing import readers, use_in_letters
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
    at_time,
)
from mlcalc.networks.losses import LossWriting
from mlcalc.networks.running import Layout
from mlcalc.recurrence.building import Builder
from mlcalc.recurrence.objective import TARGET
from mlcalc.recurrence.question import RecurrentQuestion

MOST_STEPS = 4
"""The formulas of a longer sequence fill pages."""

ZERO, ONE = wrap(0), wrap(1)


class Symbolic:
    """The run of a network of single numbers in letters."""

    def __init__(self, given: RecurrentQuestion, builder: Builder) -> None:
        self.given, self.builder = given, builder
        network = builder.network()
        self.layout = Layout(network, builder.parameters, 1, builder.steps)
        self.network = network
        self.typed: dict[Expr, Expr] = {
            name: matrix.rows[0][0] for name, matrix in builder.parameters.items()
        }
        self.inputs = [row.rows[0][0] for row in given.x or ()]
        self.formulas: dict[Moment, Expr] = {
            (network.inputs, time): x for time, x in enumerate(self.inputs, 1)
        }
        """Every vector in nothing but what was typed."""
        self.adjoints: dict[Moment, Expr] = {}
        """Every gradient in the typed letters and the names of states."""
        for each in network.passes:
            for time in each.times(self.layout.steps):
                for equation in each.at(time):
                    self.formulas[equation.target, time] = self.forward(equation, time, self.full)

    # Values.

    def full(self, moment: Moment) -> Expr:
        """The vector in nothing but what was typed."""
        return self.formulas[moment] if moment in self.formulas else self.start(moment)

    def names(self) -> tuple[tuple[str, Expr], ...]:
        """What has a name at each time, in nothing but what was typed."""
        return tuple((typed_name(at_time(*moment)), e) for moment, e in self.formulas.items())

    def start(self, moment: Moment) -> Expr:
        parameter = self.layout.initial.get(moment[0])
        return self.typed.get(parameter, ZERO) if parameter is not None else ZERO

    def named(self, moment: Moment) -> Expr:
        """The vector by its name, inputs and initial values as they were typed."""
        if moment[0] == self.network.inputs and moment[1] <= len(self.inputs):
            return self.full(moment)
        return at_time(*moment) if moment in self.formulas else self.start(moment)

    def forward(self, equation: Equation, time: int, value: Callable[[Moment], Expr]) -> Expr:
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
                raise Unsolved.because("letters need single numbers", self.given.place)

    def term(self, term: Term, time: int, value: Callable[[Moment], Expr]) -> Expr:
        factors = [self.factor(factor, time, value) for factor in term.factors]
        return product(*([term.coefficient] if term.coefficient else []), *factors)

    def factor(self, factor: Factor, time: int, value: Callable[[Moment], Expr]) -> Expr:
        found = value(factor.reading.at(time))
        return ONE - found if factor.complement else found

    # Gradients.

    def backward(self, seeds: Mapping[Moment, Expr]) -> list[tuple[Moment, Chain]]:
        """The chain of each gradient, in the order in which they are found."""
        found: list[tuple[Moment, Chain]] = []
        for each in reversed(self.network.passes):
            for time in reversed(each.times(self.layout.steps)):
                for equation in reversed(each.at(time)):
                    found += self.adjoint((equation.target, time), seeds)
        for moment in [(vector, 0) for vector, _ in self.network.initial]:
            found += self.adjoint(moment, seeds)
        for time in range(1, len(self.inputs) + 1):
            found += self.adjoint((self.network.inputs, time), seeds)
        return found

    def adjoint(self, moment: Moment, seeds: Mapping[Moment, Expr]) -> list[tuple[Moment, Chain]]:
        vector, time = moment
        names: list[Expr] = []
        terms: list[Expr] = []
        for equation, index, reading in readers(self.layout, vector):
            target = (equation.target, time + reading.lag)
            if target in self.adjoints and self.holds(equation, target[1]):
                factor = self.local(equation, index, target[1])
                names.append(
                    product(
                        self.local_name(equation, index, target[1]), self.network.gradient(*target)
                    )
                )
                terms.append(product(factor, self.adjoints[target]))
        if moment in seeds:
            of = L if self.layout.steps == 1 or not terms else at_time(L, time)
            names.insert(0, self.network.gradient(*moment, of=of))
            terms.insert(0, seeds[moment])
        if not terms:
            return []
        self.adjoints[moment] = total(terms)
        links = [names[0]] if len(names) == 1 else [added(names)]
        chain = equals(self.network.gradient(*moment), *links, self.adjoints[moment])
        return [(moment, chain)]

    def holds(self, equation: Equation, time: int) -> bool:
        return not isinstance(equation, Combination) or time >= equation.since

    def local(self, equation: Equation, index: int, time: int) -> Expr:
        """∂target/∂reading, with the typed letters and the names of states."""
        match equation:
            case Affine(_, products, _):
                return self.typed[products[index][0]]
            case Activation():
                return self.local_name(equation, index, time)
            case Combination():
                return self.beside(equation, index, time, self.named)
            case Concatenation():
                return ONE

    def local_name(self, equation: Equation, index: int, time: int) -> Expr:
        match equation:
            case Affine(_, products, _):
                return products[index][0]
            case Activation(target, word, argument):
                z, h = at_time(argument, time), at_time(target, time)
                return product(*slope_in_letters(word, z, h))
            case Combination():
                return self.beside(equation, index, time, lambda moment: at_time(*moment))
            case Concatenation():
                return ONE

    def beside(
        self, equation: Combination, index: int, time: int, value: Callable[[Moment], Expr]
    ) -> Expr:
        for term in equation.terms:
            if index >= len(term.factors):
                index -= len(term.factors)
                continue
            others = [self.factor(f, time, value) for k, f in enumerate(term.factors) if k != index]
            found = product(*([term.coefficient] if term.coefficient else []), *others)
            return Neg(found) if term.factors[index].complement else found
        raise IndexError(index)

    def parameter(self, name: Symbol) -> tuple[Chain, Expr]:
        """∂L/∂W = Σ_t ∂L/∂z_t h_(t−1), in names and in letters."""
        names: list[Expr] = []
        terms: list[Expr] = []
        for time in range(self.layout.steps, 0, -1):
            for equation in self.network.equations:
                if not isinstance(equation, Affine) or (equation.target, time) not in self.adjoints:
                    continue
                delta = self.adjoints[equation.target, time]
                for weight, reading in equation.products:
                    if weight == name:
                        names.append(use_in_letters(self.layout, equation.target, reading, time))
                        terms.append(product(delta, self.named(reading.at(time))))
                if equation.bias == name:
                    names.append(self.network.gradient(equation.target, time))
                    terms.append(delta)
        formula = total(terms)
        return equals(Derivative(L, name, partial=True), added(names), formula), formula

    def written_out(self, formula: Expr) -> Expr:
        """The formula in nothing but what was typed."""
        names = {at_time(*m): value for m, value in self.formulas.items()}
        return substitute(written_out(formula), names)


def product(*factors: Expr) -> Expr:
    """The product as it is written: 0 where a factor is 0, without factors of 1."""
    if any(factor == ZERO for factor in factors):
        return ZERO
    found: list[Expr] = []
    for factor in factors:
        found += factor.factors if isinstance(factor, Mul) else [factor]
    kept = [factor for factor in found if factor != ONE]
    kept.sort(key=lambda factor: not isinstance(factor, Number))  # 2u, not u·2
    return Mul(tuple(kept)) if len(kept) > 1 else kept[0] if kept else ONE


def total(terms: list[Expr]) -> Expr:
    """The sum as it is written, without terms of 0."""
    kept = [term for term in terms if term != ZERO]
    return added(kept) if kept else ZERO


class Costs:
    """The loss of each step that counts, in letters."""

    def __init__(self, given: RecurrentQuestion, found: Symbolic) -> None:
        self.found, self.given = found, given
        output = found.network.output
        if output is None:
            raise given.fault("targets need an output: give W_hy", RecurrentQuestion.targets)
        if given.loss is None:
            raise given.fault("targets need a loss: give loss, such as squared-error")
        if given.loss == "hinge":
            message = "the slope of the hinge loss depends on numbers: give one for each letter"
            raise Unsolved.because(message, given.place_of(RecurrentQuestion.loss))
        for equation in found.network.equations:
            if isinstance(equation, Activation):
                refuse_flat(equation.word, given.place)
                if equation.word == "softmax":
                    message = "the slope of softmax needs numbers: give one for each letter"
                    raise Unsolved.because(message, given.place)
        self.output = output
        self.loss = LossWriting(given.loss, writer([]), given.place_of(RecurrentQuestion.loss))
        steps = found.layout.steps
        first = steps if given.loss_from is None else given.loss_from
        self.times = list(range(first, steps + 1))
        rows = given.targets or ()
        if len(rows) not in (steps, len(self.times)):
            message = f"targets has {len(rows)} rows and must have {steps}: one for each step"
            raise given.fault(message, RecurrentQuestion.targets)
        times = self.times if len(rows) == len(self.times) else range(1, steps + 1)
        self.targets = {t: row.rows[0][0] for t, row in zip(times, rows, strict=True)}

    def pair(self, time: int) -> tuple[NamedVector, NamedVector]:
        """y_t and its target, by their names."""
        one = (Fraction(0),)
        return NamedVector(at_time(self.output, time), one), NamedVector(at_time(TARGET, time), one)

    def put_in(self, formula: Expr, time: int) -> Expr:
        return substitute(formula, {at_time(TARGET, time): self.targets[time]})

    def term(self, time: int) -> Expr:
        y, t = self.pair(time)
        return self.loss.whole(self.loss.summed(y, t), 1)

    def name(self, time: int) -> Expr:
        return L if self.found.layout.steps == 1 else at_time(L, time)

    def total(self) -> Expr:
        return added([self.put_in(self.term(time), time) for time in self.times])

    def step(self) -> Step:
        blocks: list[Block] = []
        for time in self.times:
            term, typed = self.term(time), self.put_in(self.term(time), time)
            # A target that was typed as t_1 is printed as its name is.
            is_repeated = one_line(term) == one_line(typed)
            blocks.append(equals(self.name(time), term, *([] if is_repeated else [typed])))
        if self.found.layout.steps > 1:
            blocks.append(equals(L, added([self.name(time) for time in self.times])))
        return Step("write the loss", tuple(blocks))

    def answer(self) -> Answer:
        return Answer("loss", self.found.written_out(self.total()), self.total(), L)

    def seeds(self) -> dict[Moment, Expr]:
        activation = next(
            (
                e
                for e in self.found.network.equations
                if isinstance(e, Activation) and e.target == self.output
            ),
            None,
        )
        seeds: dict[Moment, Expr] = {}
        for time in self.times:
            y, t = self.pair(time)
            if activation is not None and self.loss.has_combined_rule(activation.word):
                seeds[activation.argument, time] = self.put_in(y.name - t.name, time)
            else:
                slope = self.loss.slope_in_letters(y, t)
                assert slope is not None
                seeds[self.output, time] = self.put_in(slope, time)
        return seeds
