"""Recurrent networks: the forward pass, the loss, and back through time, step by step.

mlcalc rnn-step --W_xh 0.5 --W_hh 0.8 --W_hy 2 --x '1, 2, -1'
mlcalc rnn-step --cell lstm --sizes '10, 20'
mlcalc rnn-step --W_xh '1 0; 0 1' --W_hh '0 1; 1 0' --x '1 0; 0 1'
"""

from __future__ import annotations

from mlcalc.networks.recurrence.answers import solved
from mlcalc.networks.recurrence.question import RecurrentQuestion
from mlcalc.showing.derivation import Derivation


class Problem(RecurrentQuestion):
    """A recurrent network, and what is asked of it."""


def solve(given: Problem) -> Derivation:
    """h_t = f(W_xh x_t + W_hh h_(t−1) + b_h) (Elman 1990), y_t = g(W_hy h_t + b_y), t = 1, 2, …"""
    return solved(given)
