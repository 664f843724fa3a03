"""Output size of a convolution or pooling layer, and the values it computes."""

from __future__ import annotations

from mlcalc.maths.tree import Expr
from mlcalc.networks.convolution.answers import cost_answers, cost_notes, shape_answer
from mlcalc.networks.convolution.costs import Costs
from mlcalc.networks.convolution.layer import Layer
from mlcalc.networks.convolution.question import LayerQuestion
from mlcalc.networks.convolution.tensors import Tensor
from mlcalc.networks.convolution.working import cost_steps, size_steps
from mlcalc.showing.derivation import Derivation, Picture


class Problem(LayerQuestion):
    """The fields stand with the room, which reads them."""


def solve(given: Problem) -> Derivation:
    """Sizes by ⌊(W − K + 2P)/S⌋ + 1 (Dumoulin and Visin 2016, relationship 6), then the values."""
    if given.output_shape is not None or given.solve_for is not None:
        from mlcalc.networks.convolution.unknown_size import unknown_derivation

        return unknown_derivation(given)
    layer = Layer(given)
    costs = Costs(layer)
    steps, notes, answers = size_steps(layer), layer.notes, [shape_answer(layer)]
    counted = cost_answers(costs)
    asides = [answer for answer in counted if not isinstance(answer.value, Expr)]
    if layer.is_described:
        steps, notes = [*steps, *cost_steps(costs)], [*notes, *cost_notes(layer)]
    pictures: tuple[Picture, ...] = ()
    if layer.image is not None:
        from mlcalc.networks.convolution.feature_maps import Maps
        from mlcalc.networks.convolution.value_working import ValueWorking, window_picture

        board = ValueWorking(Maps(layer, layer.image))
        steps += board.steps()
        answers += board.answers()
        notes += board.notes
        pictures = window_picture(board)
    elif given.at is not None:
        raise given.fault("'image' is missing: without it a cell has no value", Problem.at)
    elif given.weights is not None or given.flip:
        field = Problem.weights if given.weights is not None else Problem.flip
        raise given.fault("'image' is missing: the values that the kernel is laid over", field)
    elif isinstance(given.bias, Tensor):
        message = "'image' is missing: without it the values of the bias are added to nothing"
        raise given.fault(message, Problem.bias)
    if layer.is_described:
        answers, asides = [*answers, *counted], []
    return Derivation(
        given.does.title, tuple(steps), tuple(answers), tuple(notes), pictures, tuple(asides)
    )
