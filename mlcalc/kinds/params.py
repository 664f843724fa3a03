"""Shapes, parameters and multiplications of a network, layer by layer, or of several beside it.

mlcalc params '784 > fc 100 > relu > fc 10'
mlcalc params '3@32x32 > conv 6 k5 > relu > maxpool 2 > flatten > fc 10'
mlcalc params 'nn.Sequential(nn.Linear(784, 128), nn.ReLU())'
"""

from __future__ import annotations

from mlcalc.files.document import Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.maths.records import Later
from mlcalc.networks.architectures.answers import answers, layers_answer, notes
from mlcalc.networks.architectures.drawing import picture
from mlcalc.networks.architectures.layers import Settings
from mlcalc.networks.architectures.question import Input, Question, network
from mlcalc.networks.architectures.rows import sums
from mlcalc.networks.architectures.short import short_form
from mlcalc.networks.architectures.tracing import Trace, traced
from mlcalc.networks.architectures.working import steps
from mlcalc.showing.derivation import Derivation


class Problem(Question):
    """The fields stand with the room, which reads them."""


def solve(given: Problem) -> Derivation:
    """The layers' shapes follow one another; each one's parameters follow from its shapes."""
    followed = traces(given)
    if len(followed) > 1:
        from mlcalc.networks.architectures.comparing import compared

        return compared(followed)
    trace = followed[0]
    typed = written(given.network[0]) if isinstance(given.network[0], Text) else ""
    given.show(Problem.network, short_form(trace.network, typed) if typed else None)
    counts = sums(trace)
    found, absent = answers(trace, counts)
    name = f" of {trace.network.name}" if trace.network.name else ""
    return Derivation(
        f"Shapes and parameters{name}",
        Later(lambda: steps(trace, counts)),
        tuple(found),
        Later(lambda: notes([trace])),
        Later(lambda: [] if trace.network.is_listed else [picture(trace)]),
        (*absent, layers_answer(trace)),
    ).apart("conv", "fc", "conv_share", "fc_share", "multiplications", "receptive_field")


def traces(given: Problem) -> list[Trace]:
    """The networks with their shapes, in their order."""
    settings = Settings(given.bias, given.convention or "")
    return [follow(given, raw, settings) for raw in given.network]


def follow(given: Problem, raw: Raw, settings: Settings) -> Trace:
    """The network with its shapes; where a built-in one does not fit, the input is at fault."""
    own = None if given.input is None else Input(given.input, given.place_of(Problem.input))
    found = network(raw, given_input=own)
    try:
        return traced(found, settings)
    except Invalid as error:
        if found.place.source == raw.place.source:
            raise
        message = f"{found.name} with this input: {error.complaints[0].message}"
        raise given.fault(message, Problem.input) from None
