"""What goes wrong with recurrent networks, forward and back through time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from mlcalc.marking.misconceptions.case import Case, Misconception, Results, multiplied, negated
from mlcalc.marking.misconceptions.outputs import (
    gradient_transposed,
    other_logarithm,
    softmax_without_exp,
)
from mlcalc.marking.misconceptions.through_time import derivative_forgotten
from mlcalc.maths.tree import Matrix, Number
from mlcalc.showing.derivation import Result

FORWARD = "h y loss"
ALL = "h y loss gradients"


def matrix(case: Case, field: str) -> Matrix | None:
    """A matrix as it was read."""
    found = case.given.values.get(field)
    return found if isinstance(found, Matrix) else None


def recurrence_forgotten(case: Case) -> Results:
    """W_hh = 0: each step from its input alone."""
    found = matrix(case, "W_hh")
    if found is None:
        return {}
    rows, columns = found.shape
    zeros = Matrix(((Number(Fraction(0)),) * columns,) * rows)
    return case.only(FORWARD, case.again(W_hh=zeros))


def transposed(field: str) -> Callable[[Case], Results]:
    """A square matrix read by columns."""

    def wrong(case: Case) -> Results:
        found = matrix(case, field)
        if found is None or found.shape[0] != found.shape[1] or found.shape[0] == 1:
            return {}
        return case.only(FORWARD, case.again(**{field: found.turned}))

    return wrong


def bias_forgotten(case: Case) -> Results:
    given = {name: None for name in ("b_h", "b_y") if case.is_given(name)}
    return case.only(FORWARD, case.again(**given)) if given else {}


def activation_forgotten(case: Case) -> Results:
    if case.given.values["activation"] == "identity":
        return {}
    return case.only(FORWARD, case.again(activation="identity"))


def output_activation_forgotten(case: Case) -> Results:
    if case.given.values["output_activation"] == "identity":
        return {}
    return case.only("y", case.again(output_activation="identity", targets=None, loss=None))


def state_for_output(case: Case) -> Results:
    value = case.value("h")
    return {"y": value} if value is not None and "y" in case.answers else {}


def initial_state_forgotten(case: Case) -> Results:
    if not case.is_given("h0"):
        return {}
    return case.only(FORWARD, case.again(h0=None))


def future_forgotten(case: Case) -> Results:
    """Each step's gradient from its own output alone."""
    if "gradients" not in case.answers or case.is_given("truncate"):
        return {}
    return case.only("gradients", case.again(truncate=1))


def half_forgotten(case: Case) -> Results:
    """The loss with another factor: without the one half, or with it."""
    other = {"squared-error": "half-squared-error", "half-squared-error": "squared-error"}
    loss = other.get(case.given.values["loss"])
    return {} if loss is None else case.only("loss gradients", case.again(loss=loss))


def mean_over_steps(case: Case) -> Results:
    loss, states = case.number("loss"), case.value("h")
    is_weighted = case.is_given("loss_from", "loss_weights")
    if loss is None or is_weighted or not isinstance(states, tuple) or len(states) < 2:
        return {}
    found: dict[str, Result] = {"loss": loss / len(states)}
    if "gradients" in case.answers:
        found["gradients"] = multiplied(case.answers["gradients"], Fraction(1, len(states)))
    return found


def other_activation(case: Case) -> Results:
    """The sigmoid for tanh, or tanh for the sigmoid."""
    other = {"tanh": "sigmoid", "sigmoid": "tanh"}.get(case.given.values["activation"])
    return {} if other is None else case.only(FORWARD, case.again(activation=other))


def sign_forgotten(case: Case) -> Results:
    """t − y where y − t is right."""
    gradients = case.value("gradients")
    return {"gradients": negated(gradients)} if isinstance(gradients, Mapping) else {}


MISCONCEPTIONS = (
    Misconception(
        "rnn.recurrent_term_forgotten",
        "the state before is a part of the sum: W_hh h of the step before has been left out",
        recurrence_forgotten,
    ),
    Misconception(
        "rnn.transpose",
        "this multiplies by the transpose: a row of the matrix belongs to one unit",
        transposed("W_hh"),
    ),
    Misconception(
        "rnn.input_transpose",
        "this multiplies the input by the transpose: a row of the matrix belongs to one unit",
        transposed("W_xh"),
    ),
    Misconception(
        "rnn.output_transpose",
        "this reads the output out by the transpose: a row of W_hy belongs to one output",
        transposed("W_hy"),
    ),
    Misconception("rnn.bias_forgotten", "the bias has been left out", bias_forgotten),
    Misconception(
        "rnn.activation_forgotten",
        "this is the sum before the activation, carried on as if it were the state",
        activation_forgotten,
    ),
    Misconception(
        "rnn.output_activation_forgotten",
        "this is the output before its activation",
        output_activation_forgotten,
    ),
    Misconception(
        "rnn.state_for_output",
        "this is the state, and the output is read out of it",
        state_for_output,
    ),
    Misconception(
        "rnn.initial_state_forgotten",
        "the network does not begin at zero: its initial state is given",
        initial_state_forgotten,
    ),
    Misconception(
        "rnn.future_forgotten",
        "a state acts on all later steps: the gradient that comes from the future is missing",
        future_forgotten,
    ),
    Misconception(
        "rnn.loss_factor",
        "the factor of the loss is another: mind whether it has the one half",
        half_forgotten,
    ),
    Misconception(
        "rnn.softmax_without_exp",
        "the softmax divides exponentials by their sum, and not the numbers themselves",
        lambda case: softmax_without_exp(case, "y"),
    ),
    Misconception(
        "rnn.log_base",
        "this takes the logarithm to base 10 or 2; the cross-entropy has the natural one",
        other_logarithm,
    ),
    Misconception(
        "rnn.gradient_transposed",
        "a gradient has the shape of its weights, a row for each unit: this is the transpose",
        gradient_transposed,
    ),
    Misconception(
        "rnn.mean_over_steps",
        "this is the mean over the steps; the losses of all steps are added up",
        mean_over_steps,
    ),
    Misconception(
        "rnn.other_activation",
        "this squashes by another function: mind which one the state has",
        other_activation,
    ),
    Misconception(
        "rnn.derivative_forgotten",
        "what comes back into a state has still to pass the activation: its derivative is missing",
        derivative_forgotten,
    ),
    Misconception(
        "rnn.sign",
        "the sign is the other way round: what comes back from an output is y − t, and not t − y",
        sign_forgotten,
    ),
)
