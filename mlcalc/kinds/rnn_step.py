"""Recurrent networks: the forward pass, the loss, and back through time, step by step."""

from __future__ import annotations

from mlcalc.networks.recurrence.answers import solved
from mlcalc.networks.recurrence.question import RecurrentQuestion
from mlcalc.showing.derivation import Derivation


class Problem(RecurrentQuestion):
    """A recurrent network, and what is asked of it."""


def solve(given: Problem) -> Derivation:
    """h_t = f(W_xh x_t + W_hh h_(t−1) + b_h) (Elman 1990), y_t = g(W_hy h_t + b_y), t = 1, 2, …"""
    return solved(given)
