"""Weights for a purpose: a region, a union of regions, a staircase, a Boolean formula."""

from __future__ import annotations

from typing import Any

from mlcalc.files.problem import Field
from mlcalc.networks.feedforward.question import NetworkQuestion, refuse_others
from mlcalc.showing.derivation import Derivation

ASK = NetworkQuestion
PURPOSES = (ASK.region, ASK.pieces, ASK.steps, ASK.formula)
BESIDE = (ASK.bias_column, ASK.activation, ASK.output_activation)


def designed(given: NetworkQuestion) -> Derivation:
    """The weights that were asked for, with the argument that they are right."""
    asked = [field for field in PURPOSES if given.is_given(field)]
    if len(asked) > 1:
        names = " and ".join(field.name for field in asked)
        raise given.fault(f"{names} ask for different weights: give one of them", asked[-1])
    if given.formula is not None:
        from mlcalc.networks.feedforward.boolean_working import boolean_derivation

        # The truth table is always a part of the answer.
        refuse_others(given, ASK.formula, (*BESIDE, ASK.truth_table))
        return boolean_derivation(given, given.formula, unit_activation(given))
    refuse_others(given, asked[0], BESIDE)
    if given.steps is not None:
        from mlcalc.networks.feedforward.staircase_working import staircase_derivation

        only(given, ASK.activation, "step", "a step of the function is a jump")
        only(given, ASK.output_activation, "identity", "the output adds up the jumps")
        return staircase_derivation(given, given.steps)
    from mlcalc.networks.feedforward.region_working import region_derivation

    for field in (ASK.activation, ASK.output_activation):
        only(given, field, "step", "the edge of a region is sharp")
    return region_derivation(given)


def unit_activation(given: NetworkQuestion) -> str:
    """The activation of all units, step or sigmoid, whichever field names it."""
    typed: list[tuple[str, Field[Any]]] = []
    if given.is_given(ASK.activation):
        typed += [(word, ASK.activation) for word in given.activation]
    if given.is_given(ASK.output_activation):
        typed.append((given.output_activation, ASK.output_activation))
    for word, field in typed:
        if word not in ("step", "sigmoid") or word != typed[0][0]:
            message = "the units of a formula are all step or all sigmoid units"
            raise given.fault(f"{message}, not {word}", field)
    return typed[0][0] if typed else given.activation[0]


def only(given: NetworkQuestion, field: Field[Any], wanted: str, why: str) -> None:
    """Refuses an activation other than that one."""
    typed = given.values[field.name]
    words = {typed} if isinstance(typed, str) else set(typed)
    if given.is_given(field) and words != {wanted}:
        raise given.fault(f"{why}: {field.name} is {wanted} here", field)
