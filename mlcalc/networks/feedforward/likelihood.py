"""Where a loss comes from: the likelihood of the targets under the output, and minus its logarithm.

A sigmoid output is the probability of a coin, a softmax output those of a die, which leads to the
cross-entropy; a linear output is the mean of a normal, which leads to the squared error.  The
gradient at the sums before the output is h − y for all three.
"""

from __future__ import annotations

from mlcalc.maths.board import line
from mlcalc.networks.feedforward.answers import noted
from mlcalc.networks.feedforward.question import NetworkQuestion, refuse_others
from mlcalc.showing.derivation import Answer, Derivation, Step, Table, step

OUTPUTS = {
    "binary-cross-entropy": "sigmoid",
    "cross-entropy": "softmax",
    "half-squared-error": "identity",
}
"""The output whose likelihood leads to the loss."""

ONE_EXAMPLE = "for one example, whose number is left out; the loss of all is the sum"


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


def likelihood_step(label: str, example: str) -> Step:
    return step(
        "write the likelihood",
        f"L(Theta) = product({label}, i, 1, n) = product({example}, i, 1, n)",
        why="the examples are independent, so that their probabilities are multiplied",
    )


def log_step(logarithm: str) -> Step:
    why = "a product becomes a sum, and an exponent a factor"
    return step("take the log", f"log(L(Theta)) = {logarithm}", why=why)


def cross_entropy_steps(label: str, example: str, log: str) -> tuple[Step, ...]:
    """Likelihood, logarithm, and the loss: the same for both sorts of labels."""
    turned = step(
        "turn the sign",
        f"J(Theta) = -log(L(Theta)) = -sum({log}, i, 1, n)",
        why="the largest likelihood is where the loss is smallest; this is the cross-entropy",
    )
    return likelihood_step(label, example), log_step(f"sum({log}, i, 1, n)"), turned


def derivation(steps: tuple[Step, ...], loss: str, maths: str, index: str = "") -> Derivation:
    """The answers: the loss, and its gradient at the sum before the output."""
    answers = (
        Answer("loss", line(loss), line(maths), line("J(Theta)")),
        Answer(
            "deltas", line("h - y"), line(f"h{index} - y{index}"), line(f"partial(J, z{index})")
        ),
    )
    return Derivation(
        "A loss from the likelihood of targets",
        steps,
        answers,
        tuple(noted("loss.sum_over_examples")),
    )


# A sigmoid output: a coin.


def bernoulli() -> Derivation:
    label, both = "P(y[i] | x[i])", "h[i]^y[i] * (1 - h[i])^(1 - y[i])"
    log = "y[i] * log(h[i]) + (1 - y[i]) * log(1 - h[i])"
    put_in = Table(
        ("label", "the product is"),
        (
            (line("y[i] = 1"), line("h[i]^1 * (1 - h[i])^0 = h[i]")),
            (line("y[i] = 0"), line("h[i]^0 * (1 - h[i])^1 = 1 - h[i]")),
        ),
    )
    steps = (
        step(
            "read the output as a probability",
            "h[i] = P(y[i] = 1 | x[i])",
            f"{label} = cases(h[i] if y[i] = 1, 1 - h[i] if y[i] = 0)",
            why="a sigmoid lies between 0 and 1; the labels are 0 and 1 (where a book has −1 and "
            "1, its −1 is the 0 here)",
        ),
        step(
            "write both cases as one",
            f"{label} = {both}",
            put_in,
            why="one of the exponents is 1, the other 0",
        ),
        *cross_entropy_steps(label, both, log),
        step(
            "differentiate at the sum before the sigmoid",
            "J = -(y * log(h)) - (1 - y) * log(1 - h)",
            "partial(J, h) = -(y / h) + (1 - y) / (1 - h)",
            "partial(h, z) = h * (1 - h)",
            "partial(J, z) = partial(J, h) * partial(h, z) = (-(y / h) + (1 - y) / (1 - h)) "
            "* h * (1 - h) = -(y * (1 - h)) + (1 - y) * h = h - y",
            why=ONE_EXAMPLE,
        ),
    )
    loss = "-sum(y * log(h) + (1 - y) * log(1 - h))"
    return derivation(steps, loss, f"-sum({log}, i, 1, n)")


# A softmax output: a die.


def categorical() -> Derivation:
    label, power = "P(y[i] | x[i])", "product(h[i, k]^y[i, k], k)"
    log = "sum(y[i, k] * log(h[i, k]), k)"
    steps = (
        step(
            "read the outputs as probabilities",
            "h[i, k] = P(y[i, k] = 1 | x[i])",
            why="the softmax outputs are positive and add up to 1; of the labels of an example one "
            "is 1, that of its class, and the others are 0",
        ),
        step(
            "write all cases as one",
            f"{label} = {power}",
            why="the exponent is 1 for the class that came and 0 for the others",
        ),
        *cross_entropy_steps(label, power, log),
        step(
            "differentiate at the sums before the softmax",
            "log(h[k]) = log(exp(z[k]) / sum(exp(z[j]), j)) = z[k] - log(sum(exp(z[j]), j))",
            "J = -sum(y[k] * log(h[k]), k) "
            "= -sum(y[k] * z[k], k) + sum(y[k], k) * log(sum(exp(z[j]), j))",
            "sum(y[k], k) = 1",
            "partial(J, z[k]) = -y[k] + exp(z[k]) / sum(exp(z[j]), j) = -y[k] + h[k] = h[k] - y[k]",
            why=ONE_EXAMPLE,
        ),
    )
    loss = "-sum(y * log(h))"
    return derivation(steps, loss, f"-sum({log}, i, 1, n)", "[k]")


# A linear output: a mean.


def normal() -> Derivation:
    label, bell = "p(y[i] | x[i])", "1 / sqrt(2 * pi) * exp(-((y[i] - h[i])^2 / 2))"
    squares, constant = "1/2 * sum((y[i] - h[i])^2, i, 1, n)", "n / 2 * log(2 * pi)"
    steps = (
        step(
            "read the output as a mean",
            f"{label} = {bell}",
            why="the target is the output and normal noise of variance 1; another variance would "
            "only scale the loss",
        ),
        likelihood_step(label, bell),
        log_step(f"-({squares}) - {constant}"),
        step(
            "turn the sign",
            f"-log(L(Theta)) = {squares} + {constant}",
            f"J(Theta) = {squares}",
            why="the largest likelihood is where the loss is smallest; what does not depend on the "
            "output is left out, which moves no minimum",
        ),
        step(
            "differentiate at the sum before the output",
            "J = 1/2 * (y - h)^2",
            "h = z",
            "partial(J, z) = -(y - h) = h - y",
            why=ONE_EXAMPLE,
        ),
    )
    return derivation(steps, "1/2 * sum((y - h)^2)", squares)
