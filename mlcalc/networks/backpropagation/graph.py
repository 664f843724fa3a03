"""A computational graph as data: variables, and operations in the order of computing.

Operations get names as a teacher gives them: z, h = f(z), and a, b, c.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from mlcalc.maths.records import Record
from mlcalc.maths.tree import Call, Expr, MatMul, Symbol, Transpose, substitute, walk
from mlcalc.networks.backpropagation.functions import FUNCTIONS


class Operation(Record):
    """One node: its name, and what it does to the names that it reads, `a = x + y`.

    `inputs` are the names that are read, each once; `origin` is the part of the expression that
    the node stands for, in the variables.
    """

    name: Symbol
    rule: Expr
    inputs: tuple[Symbol, ...]
    origin: Expr


class NotAGraph(Exception):
    """Part of the expression is no operation with a gradient; the message says which."""


class ComputationGraph(Record):
    """Operations that read variables and each other; the last one is the output."""

    variables: tuple[Symbol, ...]
    operations: tuple[Operation, ...]

    @property
    def output(self) -> Symbol:
        return self.operations[-1].name

    @property
    def names(self) -> tuple[Symbol, ...]:
        """Of all nodes, variables first."""
        return (*self.variables, *(operation.name for operation in self.operations))

    def backwards(self) -> tuple[Symbol, ...]:
        """The nodes from behind the output back, the variables last."""
        return (*(o.name for o in reversed(self.operations[:-1])), *self.variables)

    def readers(self, name: Symbol) -> tuple[Operation, ...]:
        return tuple(o for o in self.operations if name in o.inputs)

    def expanded(self, expression: Expr) -> Expr:
        """An expression in the names of operations, written in the variables."""
        return substitute(expression, {o.name: o.origin for o in self.operations})


# Names.

LETTERS = "abcdgkmnqrvw"
OUTPUTS = ("f", "s", "L", "y", "g", "F")


def given_names(
    graph: ComputationGraph,
    used: Collection[Symbol],
    output: Symbol | None,
    parts: Mapping[Expr, Symbol],
) -> ComputationGraph:
    """The graph with a letter for each operation that no variable has.

    `parts` are the names that were given to parts of the expression.
    """
    own = {o.name: parts[o.origin] for o in graph.operations[:-1] if o.origin in parts}
    taken = {symbol.spelled for symbol in (*used, *own.values())}
    last = output or Symbol(free(outputs_of(graph), taken))
    taken.add(last.spelled)
    unnamed = [operation for operation in graph.operations[:-1] if operation.name not in own]
    kinds = {operation.name: kind_of(operation, graph) for operation in unnamed}
    counts = Counter(kinds.values())
    letters = {kind: series(kind, count, taken) for kind, count in sorted(counts.items())}
    names = {old: next(letters[kind]) for old, kind in kinds.items()} | own
    names[graph.output] = last
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
    readers = (reader.rule for reader in graph.readers(operation.name))
    return letter_of(operation.rule) or ("z" if any(map(letter_of, readers)) else "")


def letter_of(rule: Expr) -> str:
    return FUNCTIONS[rule.name].letter if isinstance(rule, Call) else ""


def outputs_of(graph: ComputationGraph) -> tuple[str, ...]:
    """The letters for the output: L of a loss, s of a score uᵀh, else f."""
    last = graph.operations[-1].rule
    if any(isinstance(part, Call) and FUNCTIONS[part.name].by for part in walk(last)):
        return ("L", *OUTPUTS)
    rules = [part for operation in graph.operations for part in walk(operation.rule)]
    has_matrices = any(isinstance(part, MatMul | Transpose) for part in rules)
    return ("s", *OUTPUTS) if has_matrices else OUTPUTS


@lru_cache(maxsize=128)
def with_top(graph: ComputationGraph, is_last: bool) -> tuple[ComputationGraph, Symbol]:
    """The graph, and the name of what is differentiated.

    That is the output f where nothing follows it, else a loss L.  Where the last operation reads
    what others read too, its slope ∂f/∂x would not be the whole one: the operation then gets a
    letter of its own, and f is its value.
    """
    taken = {symbol.spelled for symbol in graph.names}
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
