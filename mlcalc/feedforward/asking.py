"""Which fields go together: what says nothing beside the question that was asked is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlcalc.errors import Invalid
from mlcalc.feedforward.question import NetworkQuestion
from mlcalc.problem import Field


def refuse_others(
    given: NetworkQuestion, asked: Field[Any], beside: Sequence[Field[Any]], where: str = ""
) -> None:
    """Refuses all fields that are given but for the one that asks and those `beside` it.

    `where` says when they have no meaning, if not always.
    """
    what = f"has no meaning {where or 'beside ' + asked.name}"
    allowed = {asked.name, *(field.name for field in beside)}
    faults = [
        given.fault(f"{given.typed_name(field)} {what}", field)
        for field in given.fields.values()
        if given.is_given(field) and field.name not in allowed
    ]
    if faults:
        raise Invalid(*(complaint for fault in faults for complaint in fault.complaints))


def has_bias_column(given: NetworkQuestion) -> bool:
    """Weights are given as Θ with the biases in it, unless W and b are asked for."""
    return given.bias_column or not given.is_given(NetworkQuestion.bias_column)
