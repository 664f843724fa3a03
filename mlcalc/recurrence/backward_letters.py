"""The gradients of a network in letters: what each reader gives to what it reads."""

from __future__ import annotations

from mlcalc.maths.tree import (
    Derivative,
    Expr,
    Indexed,
    MatMul,
    Mul,
    Neg,
    Symbol,
    Transpose,
    Words,
    call,
)
from mlcalc.maths.vectors import added
from mlcalc.networks.activations import slope_in_letters
from mlcalc.networks.equations import (
    Activation,
    Affine,
    Combination,
    Concatenation,
    Equation,
    Reading,
    at_time,
)
from mlcalc.networks.running import Layout
from mlcalc.recurrence.writing import entrywise, factor_in_letters, scaled

L = Symbol("L")
Time = int | Symbol


def gradient(vector: Symbol, time: Time, of: Expr = L) -> Derivative:
    """∂L/∂h_t."""
    return Derivative(of, at_time(vector, time), partial=True)


def part(equation: Equation, index: int, run: Layout, time: int, of: Expr = L) -> Expr:
    """What the equation at that time gives to the gradient of its reading of that index."""
    upstream = gradient(equation.target, time, of)
    is_number = run.sizes[equation.target] == 1
    match equation:
        case Affine(_, products, _):
            weight = products[index][0]
            turned = weight if run.parameters[weight].shape == (1, 1) else Transpose(weight)
            return turned @ upstream
        case Activation(target, word, argument):
            h, z = at_time(target, time), at_time(argument, time)
            return through(word, upstream, z, h, is_number)
        case Combination():
            return beside(equation, index, upstream, time, is_number)
        case Concatenation(_, readings):
            sizes = [run.sizes[reading.vector] for reading in readings]
            first = sum(sizes[:index]) + 1
            last = first + sizes[index] - 1
            rows = f"{first}" if first == last else f"{first} to {last}"
            return Indexed(upstream, (Words(rows),))


def through(word: str, upstream: Expr, z: Expr, h: Expr, is_number: bool) -> Expr:
    """∂L/∂h ⊙ f′(z)."""
    if word == "softmax":
        return MatMul((added([call("diag", h), -MatMul((h, Transpose(h)))]), upstream))
    return entrywise([upstream, *slope_in_letters(word, z, h)], is_number)


def beside(equation: Combination, index: int, upstream: Expr, time: int, is_number: bool) -> Expr:
    """The gradient times what stands beside a factor."""
    for term in equation.terms:
        if index >= len(term.factors):
            index -= len(term.factors)
            continue
        named = [factor_in_letters(f, time) for k, f in enumerate(term.factors) if k != index]
        product = entrywise([upstream, *named], is_number)
        product = scaled(term.coefficient, product)
        return Neg(product) if term.factors[index].complement else product
    raise IndexError(index)


def readers(run: Layout, vector: Symbol) -> list[tuple[Equation, int, Reading]]:
    """Who reads a vector, what is of the same time first; what stops the gradient left out."""
    found = [
        (equation, index, reading)
        for equation in run.network.equations
        for index, reading in enumerate(equation.readings)
        if reading.vector == vector and not reading.stops
    ]
    return sorted(found, key=lambda one: abs(one[2].lag))


def use(run: Layout, target: Symbol, reading: Reading | None, time: Time, of: Expr = L) -> Expr:
    """∂L/∂z_t h_(t−1)ᵀ, what one use gives to a weight; of a bias ∂L/∂z_t alone."""
    delta = gradient(target, time, of=of)
    if reading is None:
        return delta
    operand = reading.named(time)
    if run.sizes[reading.vector] > 1:
        return MatMul((delta, Transpose(operand)))
    return Mul((delta, operand)) if run.sizes[target] == 1 else MatMul((delta, operand))
