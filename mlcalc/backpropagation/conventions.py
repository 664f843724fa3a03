"""The conventions that were used: kinks, ties, shapes, what is taken where nothing is given."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from mlcalc.backpropagation.graph import ComputationGraph, Operation
from mlcalc.backpropagation.passes import Forward, Known
from mlcalc.backpropagation.question import Typed
from mlcalc.backpropagation.rules import ENTROPY, PRODUCT, SOFTMAX, has_products, is_softmax
from mlcalc.backpropagation.shapes import NUMBER
from mlcalc.derivation import Note
from mlcalc.maths.activations import entrywise
from mlcalc.maths.tree import Call, Expr, Symbol


def conventions(
    graph: ComputationGraph,
    known: Forward,
    typed: Mapping[Symbol, Typed],
    has_ones: bool,
    result: Symbol,
    top: Symbol,
) -> list[Note]:
    """Each once, in the order of the operations."""
    found = list(of_shapes(graph, known, typed, has_ones, result, top))
    softmaxes = [o.name for o in graph.operations if is_softmax(o.rule)]
    for operation in graph.operations:
        found += of_operation(operation, known, softmaxes)
    if has_products(graph, known.sizes):
        found.append(PRODUCT)
    if known.is_shortened:
        text = "exact numbers that grow too long are carried on in floating point"
        found.append(Note("rounding.floats", text))
    return list(dict.fromkeys(found))


def of_shapes(
    graph: ComputationGraph,
    known: Forward,
    typed: Mapping[Symbol, Typed],
    has_ones: bool,
    result: Symbol,
    top: Symbol,
) -> Iterator[Note]:
    if any(k.size != NUMBER for k in known.values.values()):
        text = "a gradient has the shape of its variable"
        if any(t.is_list for t in typed.values()):
            text += ", and a list is a column vector"
        yield Note("backprop.shapes", text)
    if top != result and has_ones:
        yield Note(
            "backprop.upstream_ones",
            (
                "the output is no number, so that an upstream gradient of ones is taken: ",
                top,
                " is the sum of its entries; give another as upstream",
            ),
        )
    elif top != result:
        after = (top, " is what comes after ", result, ": the upstream gradient is given")
        yield Note("backprop.upstream", after)


def of_operation(
    operation: Operation, known: Forward, softmaxes: Collection[Symbol]
) -> Iterator[Note]:
    match operation.rule:
        case Call("max" | "min" as name, (x,)) if ties_in(x, operation.name, known) > 1:
            yield tie(name)
        case Call("max" | "min" as name, arguments) if has_tie(arguments, operation, known):
            yield tie(name)
        case Call(name, (x,)) if name in kinks() and has_zero(x, known):
            function, slope = name.replace("_", " "), kinks()[name]
            text = f"at the kink of {function} in 0 its slope is taken as {slope}, as in PyTorch"
            yield Note(f"backprop.{name}_at_zero", text)
        case Call(name, _) if name in entrywise() and entrywise()[name].is_flat:
            text = f"{name} is flat on both sides of 0: its slope is taken as 0 everywhere"
            yield Note("backprop.flat", text)
        case Call("var", _):
            yield Note("backprop.variance", "the variance is with 1/n")
        case Call("cross_entropy", (Symbol() as p, Symbol() as t)) if sums_to_one(t, known):
            yield ENTROPY
            behind = " by its input is p − t, since the targets sum to 1"
            if p in softmaxes:
                yield Note("backprop.p_minus_t", "behind softmax the gradient" + behind)
        case Call("cross_entropy", _):
            yield ENTROPY
        case Call("softmax", _):
            yield SOFTMAX


def kinks() -> dict[str, str]:
    """The slope that is taken at 0, by function."""
    return {"abs": "0", **{name: one.kink for name, one in entrywise().items() if one.kink}}


def sums_to_one(targets: Symbol, known: Forward) -> bool:
    return sum(number for row in known.values[targets].rows for number in row) == 1


def tie(name: str) -> Note:
    return Note(
        f"backprop.tie_of_{name}",
        f"at a tie of {name} neither argument gets a gradient, since neither alone is the {name}; "
        "PyTorch would share it among them in equal parts",
    )


def rows_of(argument: Expr, known: Forward) -> Known | None:
    return known.values.get(argument) if isinstance(argument, Symbol) else None


def ties_in(x: Expr, result: Symbol, known: Forward) -> int:
    """How many entries of a vector are its largest or smallest."""
    vector, extreme = rows_of(x, known), known.values[result].rows[0][0]
    if vector is None or vector.size == NUMBER:
        return 0
    return sum(number == extreme for row in vector.rows for number in row)


def has_zero(x: Expr, known: Forward) -> bool:
    found = rows_of(x, known)
    return found is not None and any(number == 0 for row in found.rows for number in row)


def has_tie(arguments: tuple[Expr, ...], operation: Operation, known: Forward) -> bool:
    """Whether two of the arguments are the largest or smallest, in any entry."""
    from mlcalc.maths.evaluate import evaluate, rows

    values = {name: k.rows for name, k in known.values.items()}
    results = known.values[operation.name].rows
    flat = [number for row in results for number in row]
    hits = [0] * len(flat)
    for argument in arguments:
        own = [number for row in rows(evaluate(argument, values)) for number in row]
        for place, number in enumerate(flat):
            hits[place] += (own[place] if len(own) > 1 else own[0]) == number
    return len(arguments) > 1 and max(hits) > 1
