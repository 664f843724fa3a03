"""Weights for a purpose: a region, a union of regions, a staircase, a Boolean formula."""

from __future__ import annotations

from typing import Any

from mlcalc.derivation import Derivation
from mlcalc.feedforward.asking import refuse_others
from mlcalc.feedforward.question import NetworkQuestion
from mlcalc.problem import Field

PURPOSES = (
    NetworkQuestion.region, NetworkQuestion.pieces, NetworkQuestion.steps, NetworkQuestion.formula
)  # fmt: skip
BESIDE = (
    NetworkQuestion.bias_column, NetworkQuestion.activation, NetworkQuestion.output_activation
)  # fmt: skip


def designed(given: NetworkQuestion) -> Derivation:
    """The weights that were asked for, with the argument that they are right."""
    asked = [field for field in PURPOSES if given.is_given(field)]
    if len(asked) > 1:
        names = " and ".join(field.name for field in asked)
        raise given.fault(f"{names} ask for different weights: give one of them", asked[-1])
    refuse_others(given, asked[0], BESIDE)
    if given.formula is not None:
        from mlcalc.feedforward.boolean_working import boolean_derivation

        return boolean_derivation(given, given.formula, unit_activation(given))
    if given.steps is not None:
        from mlcalc.feedforward.staircase_working import staircase_derivation

        only(given, NetworkQuestion.activation, "step", "a step of the function is a jump")
        only(given, NetworkQuestion.output_activation, "identity", "the output adds up the jumps")
        return staircase_derivation(given, given.steps)
    from mlcalc.feedforward.region_working import region_derivation

    for field in (NetworkQuestion.activation, NetworkQuestion.output_activation):
        only(given, field, "step", "the edge of a region is sharp")
    return region_derivation(given)


def unit_activation(given: NetworkQuestion) -> str:
    """The activation of all units, step or sigmoid."""
    words = list(given.activation)
    field = NetworkQuestion.activation
    if given.is_given(NetworkQuestion.output_activation):
        words.append(given.output_activation)
    for word in words:
        if word not in ("step", "sigmoid") or word != words[0]:
            message = "the units of a formula are all step or all sigmoid units"
            raise given.fault(f"{message}, not {word}", field)
    return words[0]


def only(given: NetworkQuestion, field: Field[Any], wanted: str, why: str) -> None:
    """Refuses an activation other than that one."""
    typed = given.values[field.name]
    words = {typed} if isinstance(typed, str) else set(typed)
    if given.is_given(field) and words != {wanted}:
        raise given.fault(f"{why}: {field.name} is {wanted} here", field)


def has_bias_column(given: NetworkQuestion) -> bool:
    """Weights are given as Θ with the biases in it, unless W and b are asked for."""
    return given.bias_column or not given.is_given(NetworkQuestion.bias_column)
