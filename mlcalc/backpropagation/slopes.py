"""The derivatives of entrywise operations: products, quotients, powers, and functions by name."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.backpropagation.graph import Operation
from mlcalc.maths.activations import H, Z, entrywise, line
from mlcalc.maths.tree import (
    Call,
    Chain,
    Div,
    Expr,
    Mul,
    Neg,
    Number,
    Pow,
    Symbol,
    call,
    substitute,
    wrap,
)
from mlcalc.networks.activations import in_one_line

ONE, ZERO = Number(Fraction(1)), Number(Fraction(0))


def entry_gradient(operation: Operation, position: int) -> Expr:
    """The derivative of each entry of the result by that operand's."""
    result = operation.name
    match operation.rule:
        case Mul(factors):
            return product([f for i, f in enumerate(factors) if i != position])
        case Div(numerator, denominator):
            if position == 0:
                return Div(ONE, denominator)
            return Neg(Div(numerator, Pow(denominator, wrap(2))))
        case Pow(base, exponent):
            if position == 0:
                return power_gradient(base, exponent)
            return product([result, call("log", base)])
        case Call("max" | "min" as name, arguments):
            others = [a for i, a in enumerate(arguments) if i != position]
            rival = others[0] if len(others) == 1 else call(name, *others)
            relation = ">" if name == "max" else "<"
            return call("indicator", Chain(arguments[position], ((relation, rival),)))
        case Call(name, (x,)):
            return function_gradient(name, x, result)
    raise AssertionError(f"no local gradient for {operation.rule}")


def product(factors: list[Expr]) -> Expr:
    return Mul(tuple(factors)) if len(factors) > 1 else factors[0] if factors else ONE


def power_gradient(base: Expr, exponent: Expr) -> Expr:
    """2x for x², k·x^(k − 1) for x^k."""
    if not isinstance(exponent, Number):
        return Mul((exponent, Pow(base, exponent - 1)))
    if exponent.value == 2:
        return Mul((exponent, base))
    if exponent.value == 1:
        return ONE
    return Mul((exponent, Pow(base, Number(exponent.value - 1))))


SLOPES = {
    "exp": "h", "log": "1/z", "log2": "1/(z*log(2))", "sqrt": "1/(2*h)",
    "abs": "indicator(z > 0) - indicator(z < 0)", "sin": "cos(z)", "cos": "-sin(z)",
    "tan": "1 + h^2", "erf": "2/sqrt(pi)*exp(-z^2)",
}  # fmt: skip
"""f′ of the functions that are no activations, in z and h = f(z)."""


def function_gradient(name: str, x: Expr, result: Symbol) -> Expr:
    """f′(x), written with the result where that is how it is computed: σ′ = σ(1 − σ)."""
    known = entrywise()
    slope = line(SLOPES[name]) if name in SLOPES else in_one_line(known[name].gradient)
    return substitute(slope, {Z: x, H: result})
