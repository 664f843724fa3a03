"""The weights of gates as fields: i, f, g, o of the LSTM and r, z, n of the GRU."""

from __future__ import annotations

from mlcalc import problem
from mlcalc.fields import MatrixOf, Vector


class GateWeights(problem.Problem):
    """A matrix for the input, one for the state before and a bias, for each gate."""

    W_xi = problem.optional(
        MatrixOf(), "weights from the input to the input gate", aliases=("W_i",)
    )
    W_hi = problem.optional(
        MatrixOf(), "weights from the state to the input gate", aliases=("U_i",)
    )
    b_i = problem.optional(Vector(), "bias of the input gate")
    W_xf = problem.optional(
        MatrixOf(), "weights from the input to the forget gate", aliases=("W_f",)
    )
    W_hf = problem.optional(
        MatrixOf(), "weights from the state to the forget gate", aliases=("U_f",)
    )
    b_f = problem.optional(Vector(), "bias of the forget gate")
    W_xg = problem.optional(
        MatrixOf(), "weights from the input to the candidate of an LSTM", aliases=("W_g", "W_c")
    )
    W_hg = problem.optional(
        MatrixOf(), "weights from the state to the candidate of an LSTM", aliases=("U_g", "U_c")
    )
    b_g = problem.optional(Vector(), "bias of the candidate of an LSTM", aliases=("b_c",))
    W_xo = problem.optional(
        MatrixOf(), "weights from the input to the output gate", aliases=("W_o",)
    )
    W_ho = problem.optional(
        MatrixOf(), "weights from the state to the output gate", aliases=("U_o",)
    )
    b_o = problem.optional(Vector(), "bias of the output gate")
    W_xr = problem.optional(
        MatrixOf(), "weights from the input to the reset gate", aliases=("W_r",)
    )
    W_hr = problem.optional(
        MatrixOf(), "weights from the state to the reset gate", aliases=("U_r",)
    )
    b_r = problem.optional(Vector(), "bias of the reset gate")
    W_xz = problem.optional(
        MatrixOf(), "weights from the input to the update gate", aliases=("W_z",)
    )
    W_hz = problem.optional(
        MatrixOf(), "weights from the state to the update gate", aliases=("U_z",)
    )
    b_z = problem.optional(Vector(), "bias of the update gate")
    W_xn = problem.optional(
        MatrixOf(), "weights from the input to the candidate of a GRU", aliases=("W_n",)
    )
    W_hn = problem.optional(
        MatrixOf(), "weights from the state to the candidate of a GRU", aliases=("U_n",)
    )
    b_n = problem.optional(Vector(), "bias of the candidate of a GRU")
    b_hn = problem.optional(Vector(), "bias within r ⊙ (W_hn h + b_hn), of the variant pytorch")
