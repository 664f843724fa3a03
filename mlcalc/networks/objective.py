"""The loss of a run at a time, and where its gradient enters the network."""

from __future__ import annotations

from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import Chain, Expr
from mlcalc.maths.vectors import NamedVector
from mlcalc.networks.backward import Seed
from mlcalc.networks.equations import L
from mlcalc.networks.losses import LossWriting
from mlcalc.networks.running import Run


def loss_at(
    loss: LossWriting, run: Run, time: int, name: Expr, wanted: NamedVector
) -> tuple[Chain, Scalar]:
    """name = Σ … of the output at that time, and its value."""
    output = run.network.output
    assert output is not None
    made = run.network.activation_of(output)
    word, logits = ("identity", output) if made is None else (made.word, made.argument)
    named, at = run.named((output, time)), run.at((logits, time))
    return loss.worked(name, named, wanted, word, at)


def seed_at(loss: LossWriting, run: Run, time: int, wanted: NamedVector, of: Expr = L) -> Seed:
    """∂L/∂y; or ∂L/∂z where the output's activation goes with the loss."""
    network, output = run.network, run.network.output
    assert output is not None
    made = network.activation_of(output)
    is_combined = made is not None and loss.has_combined_rule(made.word)
    moment = (made.argument if made is not None and is_combined else output, time)
    rule = loss.combined_gradient if is_combined else loss.gradient
    chain, values = rule(network.gradient(*moment, of), run.named((output, time)), wanted)
    return Seed(moment, (chain,), values)
