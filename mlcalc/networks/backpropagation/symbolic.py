"""The worked answer in letters: the chain rule along every path, then simplified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from mlcalc.maths.board import Note, line, prose
from mlcalc.maths.records import Later
from mlcalc.maths.tree import Expr, Listing, Shape, Symbol, substitute, walk, wrap
from mlcalc.maths.vectors import added
from mlcalc.networks.backpropagation.conventions import in_letters
from mlcalc.networks.backpropagation.drawing import Drawn, picture
from mlcalc.networks.backpropagation.graph import ComputationGraph, with_top
from mlcalc.networks.backpropagation.inference import has_vectors, inferred
from mlcalc.networks.backpropagation.notation import (
    NAMED,
    TITLE,
    downstream,
    dressed,
    has_derivative,
    listed,
    local_notation,
    local_steps,
    partial,
    shared_factors,
)
from mlcalc.networks.backpropagation.question import Question
from mlcalc.networks.backpropagation.shapes import NUMBER, Dimensions, Misfit
from mlcalc.networks.backpropagation.slopes import (
    LOCAL,
    ONE,
    UPSTREAM,
    Edge,
    edges_of,
    ones,
    product,
)
from mlcalc.networks.backpropagation.tidy import simplest, tidied
from mlcalc.showing.derivation import Answer, Derivation, Result, Step, Table, step

MOST_PATHS = 6
"""A variable that is reached on more ways gets the sum over its readers alone."""


def derivation(given: Question) -> Derivation:
    """The gradients as formulas.  Raises `Invalid` where the letters do not fit together."""
    if given.upstream is not None:
        raise given.fault("upstream needs values: give them with at", Question.upstream)
    graph = given.graph({})
    result = graph.output
    graph, top = with_top(graph, is_last=sizes_of(given, graph)[result] == NUMBER)
    return Formulas(graph, result, top, sizes_of(given, graph)).derivation()


def sizes_of(given: Question, graph: ComputationGraph) -> Mapping[Symbol, Dimensions]:
    """The shapes of all nodes."""
    if not has_vectors(graph):
        return dict.fromkeys(graph.names, NUMBER)
    try:
        return inferred(graph)
    except Misfit as error:
        raise given.fault(str(error), Question.expression) from None


class Formulas:
    """The steps of one problem in letters; `result` and `top` as in the answer with numbers."""

    def __init__(
        self,
        graph: ComputationGraph,
        result: Symbol,
        top: Symbol,
        sizes: Mapping[Symbol, Dimensions],
    ) -> None:
        self.graph, self.sizes, self.output = graph, sizes, graph.output
        self.result, self.top = result, top
        self.edges = [edge for o in graph.operations for edge in edges_of(o, sizes)]
        self.has_numbers_only = all(size == NUMBER for size in sizes.values())
        self.gradients = self.backward()

    def backward(self) -> dict[Symbol, Expr]:
        """The gradient by each node, in the names of the graph."""
        first = ONE if self.sizes[self.output] == NUMBER else ones(self.sizes[self.output])
        found: dict[Symbol, Expr] = {self.output: first}
        for name in self.graph.backwards():
            flows = [
                substitute(
                    edge.flow, {UPSTREAM: found[edge.operation.name], LOCAL: edge.local or ONE}
                )
                for edge in self.edges
                if edge.source == name
            ]
            found[name] = tidied(dressed(added(flows), self.sizes))
        return found

    def derivation(self) -> Derivation:
        answers = {name: self.formula(name) for name in self.graph.variables}
        value = dressed(self.graph.operations[-1].origin, self.sizes)
        gradients: dict[str, Result] = {n.spelled: f for n, f in answers.items()}
        lines = tuple(self.derivative(name, formula) for name, formula in answers.items())
        return Derivation(
            TITLE,
            Later(lambda: self.steps(answers)),
            (
                Answer("value", value, value, self.result),
                Answer("gradients", gradients, Listing(lines)),
            ),
            Later(lambda: self.notes(answers, self.drawn)),
            Later(lambda: [] if self.drawn.picture is None else [self.drawn.picture]),
        )

    @cached_property
    def drawn(self) -> Drawn:
        return picture(self.graph)

    def steps(self, answers: Mapping[Symbol, Expr]) -> list[Step]:
        found = [self.naming_step(self.drawn), *self.shape_steps(), *self.local_steps()]
        found += self.chain_steps() if self.has_numbers_only else self.flow_steps()
        return [*found, *self.simplify_steps(answers)]

    def formula(self, name: Symbol) -> Expr:
        """The gradient in the variables, as short as it gets."""
        expanded = self.graph.expanded(self.gradients[name])
        return simplest(expanded) if self.has_numbers_only else tidied(expanded)

    def derivative(self, name: Symbol, *members: Expr) -> Expr:
        """∂f/∂x = member = …"""
        return line("partial(f, x) = members", f=self.top, x=name, members=members)

    # The steps.

    def naming_step(self, drawn: Drawn) -> Step:
        rules = {o.name: dressed(o.rule, self.sizes) for o in self.graph.operations}
        chains = [line("a = rule", a=name, rule=rule) for name, rule in rules.items()]
        if self.result != self.output:
            chains.append(line("f = a", f=self.result, a=self.output))
        small = drawn.picture if drawn.is_small else None
        return step("name the operations", *chains, small, why=NAMED)

    def shape_steps(self) -> list[Step]:
        if self.has_numbers_only:
            return []
        rows = tuple((name, Shape(tuple(map(wrap, self.sizes[name])))) for name in self.graph.names)
        why = "a capital letter is a matrix and a small one a column vector, or a number where "
        why += "nothing makes it a vector"
        return [step("infer the shapes", Table(("name", "shape"), rows), why=why)]

    def local_steps(self) -> list[Step]:
        lines, carried = [], []
        for edge in self.edges:
            if not has_derivative(edge, self.sizes):
                carried.append((edge, downstream(edge, self.output, self.top, self.sizes)))
            elif edge.local is not None:
                local = local_notation(edge, self.sizes)(dressed(edge.local, self.sizes))
                names = {"a": edge.operation.name, "x": edge.source}
                lines.append((edge.operation, line("partial(a, x) = s", s=local, **names)))
        return local_steps(lines, self.has_numbers_only, carried)

    def chain_steps(self) -> list[Step]:
        """∂f/∂y = ∂f/∂a·∂a/∂y + ∂f/∂b·∂b/∂y = b·1 + a·𝟙(y > z)."""
        chains = []
        for name in self.graph.variables:
            paths = list(self.paths(name))
            if 0 < len(paths) <= MOST_PATHS:
                members = [self.by_factors(paths), self.by_locals(paths), self.gradients[name]]
                chains.append(self.derivative(name, *members))
                continue
            edges = [edge for edge in self.edges if edge.source == name]
            letters = [downstream(e, self.output, self.top, self.sizes) for e in edges]
            chains.append(self.derivative(name, added(letters), self.gradients[name]))
        why = "the local gradients along each path from the output to a variable are multiplied, "
        return [step("apply the chain rule", *chains, why=why + "the paths added up")]

    def paths(self, name: Symbol) -> Iterator[tuple[Edge, ...]]:
        """The paths from the output to a node; one more than is shown at most."""
        stack: list[tuple[Edge, ...]] = [(e,) for e in reversed(self.edges) if e.source == name]
        count = 0
        while stack and count <= MOST_PATHS:
            path = stack.pop()
            first = path[0].operation.name
            if first == self.output:
                count += 1
                yield path
            stack += [(e, *path) for e in reversed(self.edges) if e.source == first]

    def by_factors(self, paths: list[tuple[Edge, ...]]) -> Expr:
        """∂s/∂h · ∂h/∂z · ∂z/∂b, path by path."""
        return added([product([partial(e.operation.name, e.source) for e in p]) for p in paths])

    def by_locals(self, paths: list[tuple[Edge, ...]]) -> Expr:
        """The same with the local gradients in it, those of 1 left out."""
        return added([tidied(product([e.local or ONE for e in path])) for path in paths])

    def flow_steps(self) -> list[Step]:
        """The gradients by each node, from the output back, with vectors and matrices."""
        chains = [self.derivative(self.output, self.gradients[self.output])]
        has_sums = False
        for name in self.graph.backwards():
            edges = [edge for edge in self.edges if edge.source == name]
            has_sums |= len(edges) > 1 and name in self.graph.variables
            letters = added([downstream(e, self.output, self.top, self.sizes) for e in edges])
            paths = list(self.paths(name))
            factors = [self.by_factors(paths)] if len(paths) == 1 and len(paths[0]) > 1 else []
            members = [*factors, letters, self.gradients[name]]
            chains.append(self.derivative(name, *members))
        why = shared_factors(self.graph, self.top, has_sums)
        return [step("apply the chain rule from the output back", *chains, why=why)]

    def simplify_steps(self, answers: Mapping[Symbol, Expr]) -> list[Step]:
        chains = [
            self.derivative(name, self.gradients[name], formula)
            for name, formula in answers.items()
            if self.gradients[name] != formula
        ]
        if not chains:
            return []
        names = [o.name for o in self.graph.operations if self.is_used(o.name)]
        where = ("with ", *listed(names), " put in") if names else ""
        return [step("write the gradients in the variables", *chains, why=where)]

    def notes(self, answers: Mapping[Symbol, Expr], drawn: Drawn) -> list[Note]:
        found = list(
            in_letters(self.graph, self.sizes, [*self.gradients.values(), *answers.values()])
        )
        if self.top != self.result:
            text = "the output is no number: an upstream gradient of ones is taken, so that $L$ is "
            note = prose(text + "the sum of its entries", L=self.top)
            found.append(Note("backprop.upstream_ones", note))
        return found if drawn.note is None else [*found, drawn.note]

    def is_used(self, name: Symbol) -> bool:
        return any(name in set(walk(self.gradients[v])) for v in self.graph.variables)
