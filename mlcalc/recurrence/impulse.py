"""One input that acts for ever: the impulse response of a linear unit that reads itself.

With zeros after the first input, h_t = w h_(t−1) has the solution w^(t−1) h_1, so the size of w
alone says whether the past fades, stays or takes over; ∂h_t/∂h_1 is the same power.
"""

from __future__ import annotations

import math
from fractions import Fraction

from mlcalc.derivation import Block, Prose, Step
from mlcalc.maths.evaluate import scalar
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.tree import (
    Chain,
    Decimal,
    Derivative,
    Div,
    Expr,
    Indexed,
    Mul,
    Number,
    Pow,
    Symbol,
    call,
    equals,
    wrap,
)
from mlcalc.maths.vectors import Write

T, N = Symbol("t"), Symbol("n")
FADED = Number(Fraction(1, 100), "0.01")
HUNDREDFOLD = Number(Fraction(100))
LONGEST_POWER = 1000


def impulse_response(state: Symbol, weight: Symbol, w: Scalar, first: Scalar, write: Write) -> Step:
    """What becomes of h_1 = `first` in a linear unit with the recurrent weight w and no input."""
    h_t, h_1 = Indexed(state, (T,)), Indexed(state, (wrap(1),))
    power, value = Pow(weight, T - 1), Pow(write(w), T - 1)
    blocks: list[Block] = [
        equals(
            h_t, weight @ Indexed(state, (T - 1,)), Mul((power, h_1)), Mul((value, write(first)))
        ),
        equals(Derivative(h_t, h_1, partial=True), power, value),
    ]
    at_rest = "no input comes after the first; "
    size: Scalar = max(w, -w)
    name = call("abs", weight)
    turning = ", with a sign that changes at every step" if w < 0 else ""
    note: Prose
    if size == 0:
        note = (
            at_rest,
            equals(weight, wrap(0)),
            ": the unit forgets at once, and its response is finite",
        )
    elif size == 1:
        note = (
            at_rest,
            equals(name, wrap(1)),
            f": the input stays as large as it came{turning}, for ever",
        )
    else:
        fades = size < 1
        relation = "<" if fades else ">"
        threshold = FADED if fades else HUNDREDFOLD
        power_of_size = Chain(Pow(name, N), ((relation, threshold),))
        blocks += [power_of_size, until(threshold, write(size))]
        count = first_beyond(size, threshold.value)
        after = f" after {count} {'step' if count == 1 else 'steps'}"
        what = (
            f": the response fades{turning}, but it never ends; less than 1 % is left{after}"
            if fades
            else f": the response grows{turning}, without bound; it is a hundredfold{after}"
        )
        note = (at_rest, Chain(name, ((relation, wrap(1)),)), what)
    return Step("read off the impulse response", tuple(blocks), note)


def until(threshold: Number, size: Expr) -> Expr:
    """n > ln 0.01 / ln |w|, which is what |w|^n < 0.01 asks where ln |w| is negative."""
    quotient = Div(call("ln", threshold), call("ln", size))
    return Chain(N, ((">", quotient), ("~=", Decimal(to_float(scalar(quotient))))))


def first_beyond(size: Scalar, threshold: Fraction) -> int:
    """The smallest n whose size^n is beyond the threshold: below it where the powers fall.

    The logarithms give it up to their rounding; the powers around it decide, where they are short.
    """
    near = math.log(to_float(threshold)) / math.log(to_float(size))
    if near > LONGEST_POWER:
        return math.floor(near) + 1
    n = max(1, math.floor(near) - 1)
    while not (size**n < threshold if size < 1 else size**n > threshold):
        n += 1
    return n
