"""The conventions that were used: kinks, ties, shapes, what is taken where nothing is given."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from mlcalc.maths.board import Note, prose
from mlcalc.maths.evaluate import evaluate, rows
from mlcalc.maths.functions import Scalar
from mlcalc.maths.tree import Add, Call, Expr, MatMul, Mul, Neg, Symbol, walk
from mlcalc.networks.backpropagation.functions import FUNCTIONS
from mlcalc.networks.backpropagation.graph import ComputationGraph, Operation
from mlcalc.networks.backpropagation.passes import Forward, Passes
from mlcalc.networks.backpropagation.question import Typed
from mlcalc.networks.backpropagation.shapes import NUMBER, Dimensions
from mlcalc.networks.backpropagation.slopes import edges_of

INDICATOR = Note(
    "backprop.indicator",
    prose(
        '$indicator("condition")$ is 1 where the condition holds and 0 elsewhere: at a tie of max, '
        "and at the kink of relu, no gradient goes through"
    ),
)
TARGETS = Note(
    "backprop.p_minus_t", "where the targets sum to 1, as probabilities do, sum(t)·p − t is p − t"
)
BEHIND_SOFTMAX = Note(
    "backprop.p_minus_t",
    "behind softmax the gradient by its input is p − t, since the targets sum to 1",
)
PRODUCT = Note(
    "backprop.matrix_product",
    prose(
        "a product $C = A @ B$ passes an upstream gradient $G$ back as $G @ B.T$ to $A$ and as "
        "$A.T @ G$ to $B$"
    ),
)


def conventions(passes: Passes, typed: Mapping[Symbol, Typed], has_ones: bool) -> list[Note]:
    """Each once, in the order of the operations."""
    graph, known = passes.graph, passes.forward
    found = list(of_shapes(passes, typed, has_ones))
    softmaxes = [o.name for o in graph.operations if is_softmax(o.rule)]
    for operation in graph.operations:
        found += of_operation(operation, known, softmaxes)
    if has_products(graph, known.sizes):
        found.append(PRODUCT)
    if known.is_shortened:
        text = "exact numbers that grow too long are carried on in floating point"
        found.append(Note("rounding.floats", text))
    return list(dict.fromkeys(found))


def of_shapes(passes: Passes, typed: Mapping[Symbol, Typed], has_ones: bool) -> Iterator[Note]:
    result, top = passes.result, passes.top
    if any(size != NUMBER for size in passes.forward.sizes.values()):
        text = "a gradient has the shape of its variable"
        if any(t.is_list for t in typed.values()):
            text += ", and a list is a column vector"
        yield Note("backprop.shapes", text)
    if top != result and has_ones:
        text = "the output is no number, so that an upstream gradient of ones is taken: $L$ is the "
        text += "sum of its entries; give another as upstream"
        yield Note("backprop.upstream_ones", prose(text, L=top))
    elif top != result:
        text = "$L$ is what comes after $f$: the upstream gradient is given"
        yield Note("backprop.upstream", prose(text, L=top, f=result))


def of_operation(
    operation: Operation, known: Forward, softmaxes: Collection[Symbol]
) -> Iterator[Note]:
    match operation.rule:
        case Call(name, arguments):
            own = FUNCTIONS[name]
        case _:
            return
    x = arguments[0]
    if own.relation and has_tie(arguments, operation.name, known):
        yield Note(
            f"backprop.tie_of_{name}",
            f"at a tie of {name} neither argument gets a gradient, since neither alone is the "
            f"{name}; PyTorch would share it among them in equal parts",
        )
    if own.kink and any(number == 0 for number in entries(x, known)):
        function = name.replace("_", " ")
        text = f"at the kink of {function} in 0 its slope is taken as {own.kink}, as in PyTorch"
        yield Note(f"backprop.{name}_at_zero", text)
    if own.is_flat:
        text = f"{name} is flat on both sides of 0: its slope is taken as 0 everywhere"
        yield Note("backprop.flat", text)
    if own.note is not None:
        yield own.note
    if own.by and x in softmaxes and sum(entries(arguments[-1], known)) == 1:
        yield BEHIND_SOFTMAX


def entries(argument: Expr, known: Forward) -> list[Scalar]:
    """The numbers that an operation reads; none of a part without variables."""
    found = known.values.get(argument) if isinstance(argument, Symbol) else None
    return [] if found is None else [number for row in found.rows for number in row]


def has_tie(arguments: tuple[Expr, ...], result: Symbol, known: Forward) -> bool:
    """Whether two of the arguments, or of the entries of one, are the largest or smallest."""
    flat = [number for row in known.values[result].rows for number in row]
    if len(arguments) == 1:
        return len(flat) == 1 and entries(arguments[0], known).count(flat[0]) > 1
    values = {name: k.rows for name, k in known.values.items()}
    hits = [0] * len(flat)
    for argument in arguments:
        own = [number for row in rows(evaluate(argument, values)) for number in row]
        for place, number in enumerate(flat):
            hits[place] += (own[place] if len(own) > 1 else own[0]) == number
    return max(hits) > 1


# In letters.


def in_letters(
    graph: ComputationGraph, sizes: Mapping[Symbol, Dimensions], formulas: Iterable[Expr]
) -> Iterator[Note]:
    """What the formulas and the operations behind them make use of."""
    parts = {part for formula in formulas for part in walk(formula)}
    if any(isinstance(part, Call) and part.name == "indicator" for part in parts):
        yield INDICATOR
    if any(size != NUMBER for size in sizes.values()):
        yield Note("backprop.shapes", "a gradient has the shape of its variable")
    used = {o.rule.name for o in graph.operations if isinstance(o.rule, Call)}
    for name, function in FUNCTIONS.items():
        if name in used and function.note is not None:
            yield function.note
    if any(map(is_of_targets, parts)):
        yield TARGETS
    if has_products(graph, sizes):
        yield PRODUCT


def is_of_targets(part: Expr) -> bool:
    """sum(t) p − t."""
    match part:
        case Add((Mul((Call("sum", (t,)), _)), Neg(same))):
            return t == same
    return False


def has_products(graph: ComputationGraph, sizes: Mapping[Symbol, Dimensions]) -> bool:
    """Whether a gradient goes back through a product of matrices, as one itself."""
    edges = (edge for operation in graph.operations for edge in edges_of(operation, sizes))
    return any(isinstance(edge.flow, MatMul) for edge in edges)


def is_softmax(rule: Expr) -> bool:
    return isinstance(rule, Call) and rule.name == "softmax"
