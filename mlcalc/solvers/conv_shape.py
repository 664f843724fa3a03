"""Output size of a convolution or pooling layer, and the values it computes."""

from __future__ import annotations

from mlcalc.convolution.costs import cost_answers, shape_value
from mlcalc.convolution.layer import Layer
from mlcalc.convolution.layer_question import TITLES, LayerQuestion
from mlcalc.convolution.size_steps import size_steps
from mlcalc.convolution.tensors import Tensor
from mlcalc.derivation import Answer, Derivation, Picture


class Problem(LayerQuestion):
    pass


def solve(given: Problem) -> Derivation:
    """Sizes by ⌊(W − K + 2P)/S⌋ + 1 (Dumoulin and Visin 2016, relationship 6), then the values."""
    if given.output_shape is not None or given.solve_for is not None:
        from mlcalc.convolution.unknown_size import unknown_derivation

        return unknown_derivation(given)
    layer = Layer(given)
    shape = layer.output_shape
    is_one_size = len(shape.sizes) == 1 and shape.channels is None
    maths = shape.sizes[0] if is_one_size else shape
    answers = [Answer("shape", shape_value(shape), maths, is_count=True)]
    cost_steps, costs, asides, cost_notes = cost_answers(layer)
    steps, notes = [*size_steps(layer), *cost_steps], [*layer.notes, *cost_notes]
    pictures: tuple[Picture, ...] = ()
    if layer.image is not None:
        from mlcalc.convolution.feature_maps import Maps
        from mlcalc.convolution.value_steps import Board
        from mlcalc.convolution.window_picture import window_picture

        board = Board(Maps(layer, layer.image))
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
    return Derivation(
        TITLES[given.operation], tuple(steps), (*answers, *costs), tuple(notes), pictures,
        tuple(asides),
    )  # fmt: skip
