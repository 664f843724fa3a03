"""Where a loss comes from: the likelihood of the targets under the output, and minus its logarithm.

A sigmoid output is the probability of a coin, a softmax output those of a die; the loss is the
cross-entropy, and its gradient at the sums before them is h − y for both.
"""

from __future__ import annotations

from mlcalc.derivation import Answer, Derivation, Step, Table
from mlcalc.feedforward.asking import refuse_others
from mlcalc.feedforward.notes import SUMMED
from mlcalc.feedforward.question import NetworkQuestion
from mlcalc.fields import as_number
from mlcalc.maths.tree import (
    BigOp,
    Cases,
    Chain,
    Derivative,
    Expr,
    Given,
    Indexed,
    Mul,
    Pow,
    Symbol,
    call,
    equals,
)

H, X, Y, Z, I, J, K, N = map(Symbol, "hxyzijkn")  # noqa: E741  # I is the index i
COST, THETA = Symbol("J"), Symbol("Theta")
ONE = as_number(1)
OUTPUTS = {"binary-cross-entropy": "sigmoid", "cross-entropy": "softmax"}
"""The output whose likelihood leads to the loss."""

ONE_EXAMPLE = "for one example, whose number is left out; the loss of all is the sum"


def of_example(*letters: Symbol) -> list[Expr]:
    return [Indexed(letter, (I,)) for letter in letters]


def likelihood_derivation(given: NetworkQuestion) -> Derivation:
    """The loss as minus the log-likelihood, in letters."""
    assert given.loss is not None
    field = NetworkQuestion
    refuse_others(given, field.loss, (field.output_activation,))
    wanted = OUTPUTS.get(given.loss)
    if wanted is None:
        known = " and ".join(f"{loss} (from {output})" for loss, output in OUTPUTS.items())
        message = f"the likelihood leads to {known}; for {given.loss} give weights, x and targets"
        raise given.fault(message, field.loss)
    if given.is_given(field.output_activation) and given.output_activation != wanted:
        message = f"{given.loss} comes from {wanted} outputs, not from {given.output_activation}"
        raise given.fault(message, field.output_activation)
    return bernoulli() if wanted == "sigmoid" else categorical()


def from_likelihood(example: Expr, log: Expr) -> tuple[Step, ...]:
    """Likelihood, logarithm, and the loss: the same for each sort of output."""
    x, y = of_example(X, Y)
    likelihood = call("L", THETA)
    each = BigOp("product", call("P", Given(y, x)), I, ONE, N)
    logs = BigOp("sum", log, I, ONE, N)
    return (
        Step(
            "write the likelihood",
            (equals(likelihood, each, BigOp("product", example, I, ONE, N)),),
            "the examples are independent, so that their probabilities are multiplied",
        ),
        Step(
            "take the log",
            (equals(call("log", likelihood), logs),),
            "a product becomes a sum, and an exponent a factor",
        ),
        Step(
            "turn the sign",
            (equals(call("J", THETA), -call("log", likelihood), -logs),),
            "the largest likelihood is where the loss is smallest; this is the cross-entropy",
        ),
    )


def derivation(steps: tuple[Step, ...], log: Expr, body: Expr, delta: Chain) -> Derivation:
    """The answers: the loss, and its gradient at the sum before the output."""
    loss = Answer("loss", -call("sum", body), -BigOp("sum", log, I, ONE, N), call("J", THETA))
    deltas = Answer("deltas", H - Y, delta.links[-1][1], delta.first)
    title = "Cross-entropy from the likelihood of labels"
    return Derivation(title, steps, (loss, deltas), (SUMMED,))


# A sigmoid output: a coin.


def bernoulli() -> Derivation:
    x, y, h = of_example(X, Y, H)
    label = call("P", Given(y, x))
    cases = Cases(((h, equals(y, 1)), (1 - h, equals(y, 0))))
    both = Pow(h, y) * Pow(1 - h, 1 - y)
    log = y * call("log", h) + (1 - y) * call("log", 1 - h)
    put_in = tuple(
        (equals(y, bit), equals(Pow(h, as_number(bit)) * Pow(1 - h, as_number(1 - bit)), value))
        for bit, value in ((1, h), (0, 1 - h))
    )
    gradient = sigmoid_gradient()
    steps = (
        Step(
            "read the output as a probability",
            (equals(h, call("P", Given(equals(y, 1), x))), equals(label, cases)),
            "a sigmoid lies between 0 and 1; the labels are 0 and 1 (where a book has −1 and 1, "
            "its −1 is the 0 here)",
        ),
        Step(
            "write both cases as one",
            (equals(label, both), Table(("label", "the product is"), put_in)),
            "one of the exponents is 1, the other 0",
        ),
        *from_likelihood(both, log),
        Step("differentiate at the sum before the sigmoid", gradient, ONE_EXAMPLE),
    )
    body = Y * call("log", H) + (1 - Y) * call("log", 1 - H)
    return derivation(steps, log, body, gradient[-1])


def sigmoid_gradient() -> tuple[Chain, ...]:
    """∂J/∂z = ∂J/∂h · ∂h/∂z = h − y."""
    of_h, of_z = slope(COST, H), slope(H, Z)
    first = -(Y / H) + (1 - Y) / (1 - H)
    second = H * (1 - H)
    return (
        equals(COST, -(Y * call("log", H)) - (1 - Y) * call("log", 1 - H)),
        equals(of_h, first),
        equals(of_z, second),
        equals(slope(COST, Z), of_h * of_z, Mul((first, H, 1 - H)),
               -(Y * (1 - H)) + (1 - Y) * H, H - Y),
    )  # fmt: skip


# A softmax output: a die.


def categorical() -> Derivation:
    x, y = of_example(X, Y)
    of_class, label = Indexed(H, (I, K)), Indexed(Y, (I, K))
    power = BigOp("product", Pow(of_class, label), K)
    log = BigOp("sum", label * call("log", of_class), K)
    gradient = softmax_gradient()
    steps = (
        Step(
            "read the outputs as probabilities",
            (equals(of_class, call("P", Given(equals(label, 1), x))),),
            "the softmax outputs are positive and add up to 1; of the labels of an example one is "
            "1, that of its class, and the others are 0",
        ),
        Step(
            "write all cases as one",
            (equals(call("P", Given(y, x)), power),),
            "the exponent is 1 for the class that came and 0 for the others",
        ),
        *from_likelihood(power, log),
        Step("differentiate at the sums before the softmax", gradient, ONE_EXAMPLE),
    )
    return derivation(steps, log, Y * call("log", H), gradient[-1])


def softmax_gradient() -> tuple[Chain, ...]:
    """∂J/∂z_k = h_k − y_k, since log h_k = z_k − log Σ e^(z_j)."""
    y, h, z = (Indexed(letter, (K,)) for letter in (Y, H, Z))
    total = BigOp("sum", call("exp", Indexed(Z, (J,))), J)
    labels = BigOp("sum", y, K)
    loss = -BigOp("sum", y * call("log", h), K)
    return (
        equals(call("log", h), call("log", call("exp", z) / total), z - call("log", total)),
        equals(COST, loss, -BigOp("sum", y * z, K) + labels * call("log", total)),
        equals(labels, 1),
        equals(slope(COST, z), -y + call("exp", z) / total, -y + h, h - y),
    )


def slope(of: Expr, by: Expr) -> Expr:
    return Derivative(of, by, partial=True)
