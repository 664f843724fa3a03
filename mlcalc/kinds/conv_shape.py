"""Output size of a convolution or pooling layer, and the values it computes.

mlcalc conv-shape 3@224x224 --kernel 7 --stride 2 --padding 3 --filters 64
mlcalc conv-shape 3@224x224 --layer 'Conv2d(3, 64, 7, stride=2, padding=3)'
mlcalc conv-shape --image '1 2 0; 0 1 3; 2 1 1' --weights '1 0; 0 -1'
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlcalc.maths.board import Note
from mlcalc.maths.records import Later
from mlcalc.maths.tree import Expr
from mlcalc.networks.convolution.answers import cost_answers, cost_notes, shape_answer
from mlcalc.networks.convolution.costs import Costs
from mlcalc.networks.convolution.layer import Layer
from mlcalc.networks.convolution.question import LayerQuestion
from mlcalc.networks.convolution.tensors import Tensor
from mlcalc.networks.convolution.working import cost_steps, size_steps
from mlcalc.showing.derivation import Derivation, Step

if TYPE_CHECKING:
    from mlcalc.networks.convolution.value_working import ValueWorking


class Problem(LayerQuestion):
    """The fields stand with the room, which reads them."""


def solve(given: Problem) -> Derivation:
    """Sizes by ⌊(W − K + 2P)/S⌋ + 1 (Dumoulin and Visin 2016, relationship 6), then the values."""
    if given.output_shape is not None or given.solve_for is not None:
        from mlcalc.networks.convolution.unknown_size import unknown_derivation

        return unknown_derivation(given)
    layer = Layer(given)
    costs, values = Costs(layer), worked_values(layer)
    counted = cost_answers(costs)

    def steps() -> Iterator[Step]:
        yield from size_steps(layer)
        yield from cost_steps(costs) if layer.is_described else ()
        yield from values.steps() if values else ()

    def notes() -> Iterator[Note]:
        yield from layer.notes
        yield from cost_notes(layer) if layer.is_described else ()
        yield from values.notes if values else ()

    answers = [shape_answer(layer), *(values.answers() if values else ())]
    asides = [one for one in counted if layer.is_described or not isinstance(one.value, Expr)]
    return Derivation(
        given.does.title, Later(steps), tuple(answers), Later(notes),
        Later(values.pictures) if values else (), tuple(asides),
    ).apart("output" if given.at is not None else "")  # fmt: skip


def worked_values(layer: Layer) -> ValueWorking | None:
    """The values where an image is given; what needs one is refused without it."""
    given = layer.given
    if layer.image is not None:
        from mlcalc.networks.convolution.feature_maps import Maps
        from mlcalc.networks.convolution.value_working import ValueWorking

        return ValueWorking(Maps(layer, layer.image))
    if given.at is not None:
        raise given.fault("'image' is missing: without it a cell has no value", Problem.at)
    if given.weights is not None or given.flip:
        field = Problem.weights if given.weights is not None else Problem.flip
        raise given.fault("'image' is missing: the values that the kernel is laid over", field)
    if isinstance(given.bias, Tensor):
        message = "'image' is missing: without it the values of the bias are added to nothing"
        raise given.fault(message, Problem.bias)
    return None
