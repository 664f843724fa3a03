"""A network that is given is run: forward, loss, gradients, training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlcalc.derivation import Derivation

if TYPE_CHECKING:
    from mlcalc.solvers.mlp import Problem


def run(given: Problem) -> Derivation:
    raise given.fault("this is not built yet")
