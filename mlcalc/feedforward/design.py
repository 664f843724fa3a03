"""Weights for a purpose: a region, a union of regions, a staircase, a Boolean formula."""

from __future__ import annotations

from mlcalc.derivation import Derivation
from mlcalc.feedforward.question import NetworkQuestion


def designed(given: NetworkQuestion) -> Derivation:
    """The weights that were asked for, with the argument that they are right."""
    if given.region is not None or given.pieces is not None:
        from mlcalc.feedforward.region_working import region_derivation

        return region_derivation(given)
    raise NotImplementedError


def has_bias_column(given: NetworkQuestion) -> bool:
    """Weights are given as Θ with the biases in it, unless W and b are asked for."""
    return given.bias_column or not given.is_given(NetworkQuestion.bias_column)
