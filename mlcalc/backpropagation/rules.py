"""How gradients pass through softmax, cross-entropy, products of matrices and kinks, as notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mlcalc.backpropagation.edges import edges_of
from mlcalc.backpropagation.graph import ComputationGraph
from mlcalc.backpropagation.shapes import NUMBER, Dimensions
from mlcalc.derivation import Note
from mlcalc.maths.tree import (
    Add,
    Call,
    Expr,
    Hadamard,
    MatMul,
    Mul,
    Neg,
    Symbol,
    Transpose,
    Words,
    call,
    equals,
    walk,
)

A, B, C, G, P = map(Symbol, "ABCGp")
ENTROPY = Note("backprop.cross_entropy", "cross_entropy(p, t) is −Σ t log p, log natural")
SOFTMAX = Note(
    "backprop.softmax",
    (
        "the local gradient of softmax is the matrix ",
        call("diag", P) - P @ Transpose(P),
        "; its product with an upstream gradient ",
        G,
        " is ",
        Hadamard((P, G - call("sum", Hadamard((G, P))))),
    ),
)
INDICATOR = Note(
    "backprop.indicator",
    (
        call("indicator", Words("condition")),
        " is 1 where the condition holds and 0 elsewhere: at a tie of max, and at the kink of "
        "relu, no gradient goes through",
    ),
)
TARGETS = Note(
    "backprop.p_minus_t",
    "where the targets sum to 1, as probabilities do, sum(t)·p − t is p − t",
)
PRODUCT = Note(
    "backprop.matrix_product",
    (
        "a product ",
        equals(C, A @ B),
        " passes an upstream gradient ",
        G,
        " back as ",
        G @ Transpose(B),
        " to ",
        A,
        " and as ",
        Transpose(A) @ G,
        " to ",
        B,
    ),
)


def in_letters(
    graph: ComputationGraph, sizes: Mapping[Symbol, Dimensions], formulas: Iterable[Expr]
) -> Iterator[Note]:
    """What the formulas and the operations behind them make use of."""
    parts = {part for formula in formulas for part in walk(formula)}
    rules = [operation.rule for operation in graph.operations]
    if any(isinstance(part, Call) and part.name == "indicator" for part in parts):
        yield INDICATOR
    if any(size != NUMBER for size in sizes.values()):
        yield Note("backprop.shapes", "a gradient has the shape of its variable")
    if any(isinstance(rule, Call) and rule.name == "cross_entropy" for rule in rules):
        yield ENTROPY
    if any(map(is_softmax, rules)):
        yield SOFTMAX
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
