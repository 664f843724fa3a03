"""Why the evidence of a model is not found, said."""

from __future__ import annotations

from mlcalc.errors import Unsolved
from mlcalc.probability.inference import Inference


def in_letters(one: Inference) -> Unsolved:
    message = "the models are compared in numbers: give every letter a value"
    return Unsolved.because(message, one.place)


def needs_data(one: Inference) -> Unsolved:
    message = "the evidence of this model depends on more than n and the sum: give the data"
    return Unsolved.because(message, one.place)


def too_small(one: Inference) -> Unsolved:
    return Unsolved.because("the evidence is too small for a double", one.place)


def no_closed_form(one: Inference) -> Unsolved:
    message = (
        "the evidence of this model has no closed form here: it has one in numbers for conjugate "
        "priors, such as beta for bernoulli and gamma for poisson, and for all the data"
    )
    return Unsolved.because(message, one.place)
