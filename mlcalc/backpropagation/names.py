"""Names for the operations, as a teacher gives them: z, h = f(z), and a, b, c."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from mlcalc.backpropagation.graph import ComputationGraph, Operation
from mlcalc.maths.activations import entrywise
from mlcalc.maths.tree import Call, MatMul, Symbol, Transpose, substitute, walk

LETTERS = "abcdgkmnqrvw"
OUTPUTS = ("f", "s", "L", "y", "g", "F")


def given_names(
    graph: ComputationGraph, used: Collection[Symbol], output: Symbol | None
) -> ComputationGraph:
    """The graph with a letter for each operation that no variable has."""
    taken = {symbol.spelled for symbol in used}
    last = output or Symbol(free(outputs_of(graph), taken))
    taken.add(last.spelled)
    kinds = {operation.name: kind_of(operation, graph) for operation in graph.operations[:-1]}
    counts = Counter(kinds.values())
    letters = {kind: series(kind, count, taken) for kind, count in sorted(counts.items())}
    names = {old: next(letters[kind]) for old, kind in kinds.items()} | {graph.output: last}
    return ComputationGraph(
        graph.variables, tuple(renamed(operation, names) for operation in graph.operations)
    )


def renamed(operation: Operation, names: Mapping[Symbol, Symbol]) -> Operation:
    return Operation(
        names[operation.name],
        substitute(operation.rule, dict(names.items())),
        tuple(names.get(name, name) for name in operation.inputs),
        operation.origin,
    )


def kind_of(operation: Operation, graph: ComputationGraph) -> str:
    """z for what an activation reads, h for what it gives, p for probabilities."""
    match operation.rule:
        case Call("softmax"):
            return "p"
        case Call(name) if name in entrywise():
            return "h"
    readers = graph.readers(operation.name)
    reads_as_sum = any(
        isinstance(reader.rule, Call) and reader.rule.name in (*entrywise(), "softmax")
        for reader in readers
    )
    return "z" if reads_as_sum else ""


def outputs_of(graph: ComputationGraph) -> tuple[str, ...]:
    """The letters for the output: L of a loss, s of a score uᵀh, else f."""
    last = graph.operations[-1].rule
    if any(isinstance(part, Call) and part.name == "cross_entropy" for part in walk(last)):
        return ("L", *OUTPUTS)
    has_matrices = any(
        isinstance(part, MatMul | Transpose) for o in graph.operations for part in walk(o.rule)
    )
    return ("s", *OUTPUTS) if has_matrices else OUTPUTS


def with_top(graph: ComputationGraph, is_last: bool) -> tuple[ComputationGraph, Symbol]:
    """The graph, and the name of what is differentiated.

    That is the output f where nothing follows it, else a loss L.  Where the last operation reads
    what others read too, its slope ∂f/∂x would not be the whole one: the operation then gets a
    letter of its own, and f is its value.
    """
    used = (*graph.variables, *(operation.name for operation in graph.operations))
    taken = {symbol.spelled for symbol in used}
    if not is_last:
        return graph, Symbol.named(free(("L", "J", "E"), taken))
    last = graph.operations[-1]
    if all(len(graph.readers(source)) == 1 for source in last.inputs):
        return graph, last.name
    own = next(series("", 1, taken))
    operations = (*graph.operations[:-1], renamed(last, {last.name: own}))
    return ComputationGraph(graph.variables, operations), last.name


def free(letters: Collection[str], taken: Collection[str]) -> str:
    numbered = (f"f_{number}" for number in range(1, len(taken) + 2))
    return next(name for name in (*letters, *numbered) if name not in taken)


def series(kind: str, count: int, taken: set[str]) -> Iterator[Symbol]:
    """So many names of a kind: h alone, h₁ and h₂, or letters from a on."""
    letters = [c for c in LETTERS if c not in taken and c not in "".join(taken)]
    if not kind and count <= len(letters):
        names = letters
    else:
        letter = kind or "q"
        single = [letter] if count == 1 else []
        numbered = [f"{letter}_{number}" for number in range(1, 2 * count + len(taken) + 2)]
        names = [name for name in (*single, *numbered) if name not in taken]
    chosen = names[:count]
    taken.update(chosen)
    return map(Symbol.named, chosen)
