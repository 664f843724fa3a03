"""Where a loss comes from: the likelihood of the targets under the output, and minus its logarithm.

A sigmoid output is the probability of a coin, a softmax output those of a die, which leads to the
cross-entropy; a linear output is the mean of a normal, which leads to the squared error.  The
gradient at the sums before the output is h − y for all three.
"""

from __future__ import annotations

from fractions import Fraction

from mlcalc.derivation import Answer, Derivation, Step, Table
from mlcalc.feedforward.answers import SUMMED
from mlcalc.feedforward.question import NetworkQuestion, refuse_others
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
COST, THETA, PI = Symbol("J"), Symbol("Theta"), Symbol("pi")
LIKELIHOOD, TOTAL = call("L", THETA), call("J", THETA)
ONE = as_number(1)
OUTPUTS = {
    "binary-cross-entropy": "sigmoid",
    "cross-entropy": "softmax",
    "half-squared-error": "identity",
}
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
        known = ", ".join(f"{loss} (of {output} outputs)" for loss, output in OUTPUTS.items())
        message = f"{given.loss} needs weights, x and targets; a likelihood leads to {known}"
        raise given.fault(message, field.loss)
    if given.loss == "cross-entropy" and given.output_activation == "sigmoid":
        wanted = "sigmoid"  # the same loss, of one output
    if given.is_given(field.output_activation) and given.output_activation != wanted:
        message = f"{given.loss} comes from {wanted} outputs, not from {given.output_activation}"
        raise given.fault(message, field.output_activation)
    return {"sigmoid": bernoulli, "softmax": categorical, "identity": normal}[wanted]()


def likelihood_step(one: Expr, example: Expr) -> Step:
    product = equals(
        LIKELIHOOD, *(BigOp("product", factor, I, ONE, N) for factor in (one, example))
    )
    note = "the examples are independent, so that their probabilities are multiplied"
    return Step("write the likelihood", (product,), note)


def log_step(logarithm: Expr) -> Step:
    line = equals(call("log", LIKELIHOOD), logarithm)
    return Step("take the log", (line,), "a product becomes a sum, and an exponent a factor")


def cross_entropy_steps(one: Expr, example: Expr, log: Expr) -> tuple[Step, ...]:
    """Likelihood, logarithm, and the loss: the same for both sorts of labels."""
    logs = BigOp("sum", log, I, ONE, N)
    line = equals(TOTAL, -call("log", LIKELIHOOD), -logs)
    note = "the largest likelihood is where the loss is smallest; this is the cross-entropy"
    return likelihood_step(one, example), log_step(logs), Step("turn the sign", (line,), note)


def derivation(steps: tuple[Step, ...], loss: Expr, maths: Expr, delta: Chain) -> Derivation:
    """The answers: the loss, and its gradient at the sum before the output."""
    answers = (
        Answer("loss", loss, maths, TOTAL),
        Answer("deltas", H - Y, delta.links[-1][1], delta.first),
    )
    return Derivation("A loss from the likelihood of targets", steps, answers, (SUMMED,))


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
        *cross_entropy_steps(label, both, log),
        Step("differentiate at the sum before the sigmoid", gradient, ONE_EXAMPLE),
    )
    loss = -call("sum", Y * call("log", H) + (1 - Y) * call("log", 1 - H))
    return derivation(steps, loss, -BigOp("sum", log, I, ONE, N), gradient[-1])


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
    label = call("P", Given(y, x))
    of_class, is_class = Indexed(H, (I, K)), Indexed(Y, (I, K))
    power = BigOp("product", Pow(of_class, is_class), K)
    log = BigOp("sum", is_class * call("log", of_class), K)
    gradient = softmax_gradient()
    steps = (
        Step(
            "read the outputs as probabilities",
            (equals(of_class, call("P", Given(equals(is_class, 1), x))),),
            "the softmax outputs are positive and add up to 1; of the labels of an example one is "
            "1, that of its class, and the others are 0",
        ),
        Step(
            "write all cases as one",
            (equals(label, power),),
            "the exponent is 1 for the class that came and 0 for the others",
        ),
        *cross_entropy_steps(label, power, log),
        Step("differentiate at the sums before the softmax", gradient, ONE_EXAMPLE),
    )
    loss = -call("sum", Y * call("log", H))
    return derivation(steps, loss, -BigOp("sum", log, I, ONE, N), gradient[-1])


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


# A linear output: a mean.


def normal() -> Derivation:
    x, y, h = of_example(X, Y, H)
    density = call("p", Given(y, x))
    bell = ONE / call("sqrt", 2 * PI) * call("exp", -((y - h) ** 2 / 2))
    squares = Fraction(1, 2) * BigOp("sum", (y - h) ** 2, I, ONE, N)
    constant = N / 2 * call("log", 2 * PI)
    gradient = (
        equals(COST, Fraction(1, 2) * (Y - H) ** 2),
        equals(H, Z),
        equals(slope(COST, Z), -(Y - H), H - Y),
    )
    steps = (
        Step(
            "read the output as a mean",
            (equals(density, bell),),
            "the target is the output and normal noise of variance 1; another variance would only "
            "scale the loss",
        ),
        likelihood_step(density, bell),
        log_step(-squares - constant),
        Step(
            "turn the sign",
            (equals(-call("log", LIKELIHOOD), squares + constant), equals(TOTAL, squares)),
            "the largest likelihood is where the loss is smallest; what does not depend on the "
            "output is left out, which moves no minimum",
        ),
        Step("differentiate at the sum before the output", gradient, ONE_EXAMPLE),
    )
    loss = Fraction(1, 2) * call("sum", (Y - H) ** 2)
    return derivation(steps, loss, squares, gradient[-1])


def slope(of: Expr, by: Expr) -> Expr:
    return Derivative(of, by, partial=True)
