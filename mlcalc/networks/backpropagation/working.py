"""The worked answer with numbers: forward, local gradients, backward, and the graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note, Prose, line
from mlcalc.maths.records import Later
from mlcalc.maths.tree import Chain, Expr, Matrix, Shape, Symbol, substitute, wrap
from mlcalc.maths.vectors import Write, added, writer
from mlcalc.networks.backpropagation.answers import answers
from mlcalc.networks.backpropagation.conventions import conventions
from mlcalc.networks.backpropagation.drawing import Drawn, picture
from mlcalc.networks.backpropagation.graph import Operation, with_top
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
    worked_line,
    written_out,
)
from mlcalc.networks.backpropagation.passes import (
    Contribution,
    Gradient,
    Known,
    Passes,
    backward,
    forward,
    literal,
)
from mlcalc.networks.backpropagation.question import Question, Typed, value_of
from mlcalc.networks.backpropagation.shapes import NUMBER, Misfit, NoValue, named
from mlcalc.networks.backpropagation.slopes import Edge
from mlcalc.showing.derivation import Apart, Block, Derivation, Picture, Step, Table, step


def derivation(given: Question) -> Derivation:
    """Both passes.  Raises `Invalid` for shapes, `Unsolved` where something is not defined."""
    typed = given.typed_values()
    graph = given.graph(typed)
    matrices = [Matrix(((t.known.written,),)) for t in typed.values()]
    write = writer(matrices)
    place = given.place_of(Question.at)
    try:
        known = forward(graph, {name: t.known for name, t in typed.items()}, write)
        upstream = upstream_of(given, known.values[graph.output], write)
        is_last = given.upstream is None and known.values[graph.output].size == NUMBER
        result, (graph, top) = graph.output, with_top(graph, is_last)
        known = known.renamed(result, graph.output)
        gradients = backward(graph, known, upstream, write)
    except Misfit as error:
        raise given.fault(str(error), Question.expression) from None
    except NoValue as error:
        raise Unsolved.because(str(error), place) from None
    passes = Passes(graph, known, upstream, gradients, result, top)
    return Working(given, typed, passes, write).derivation()


def upstream_of(given: Question, output: Known, write: Write) -> Known:
    """The gradient at the output: 1, ones of its shape, or what is given."""
    if given.upstream is None:
        height, width = output.size
        ones = tuple((Fraction(1),) * width for _ in range(height))
        return Known(ones, write=write)
    found = value_of(given.upstream, "upstream").known
    if found.size != output.size:
        sizes = f"it is {named(found.size)} and the output is {named(output.size)}"
        message = f"upstream must have the shape of the output: {sizes}"
        raise given.fault(message, Question.upstream)
    return found


class Working:
    """The steps of one problem."""

    def __init__(
        self, given: Question, typed: Mapping[Symbol, Typed], passes: Passes, write: Write
    ) -> None:
        self.given, self.typed, self.passes, self.write = given, typed, passes, write
        self.graph, self.known, self.gradients = passes.graph, passes.forward, passes.gradients
        self.output, self.result, self.top = self.graph.output, passes.result, passes.top
        self.sizes, self.slopes = self.known.sizes, passes.slopes
        self.has_numbers_only = all(size == NUMBER for size in self.sizes.values())

    def derivation(self) -> Derivation:
        return Derivation(
            TITLE, Later(self.steps), answers(self.passes, self.typed), Later(self.notes),
            Later(self.pictures),
        )  # fmt: skip

    @cached_property
    def drawn(self) -> Drawn:
        return picture(self.graph, self.passes)

    def pictures(self) -> list[Picture]:
        return [] if self.drawn.picture is None else [self.drawn.picture]

    def notes(self) -> list[Note]:
        found = conventions(self.passes, self.typed, self.given.upstream is None)
        return [*found, *([] if self.drawn.note is None else [self.drawn.note])]

    def steps(self) -> list[Step | Apart]:
        found = [self.forward_step(), *self.local_steps(), self.backward_step()]
        return [*found, Apart(("graph",), self.graph_step)]

    # The steps.

    def forward_step(self) -> Step:
        chains: list[Expr] = []
        for operation in self.graph.operations:
            known = self.known.values[operation.name]
            letters = dressed(operation.rule, self.sizes)
            numbers = literal(substitute(letters, self.known.trees))
            members = (numbers, *written_out(numbers, self.write))
            chains.append(worked_line(operation.name, letters, *members, known.written))
        if self.result != self.output:
            chains.append(line("f = a", f=self.result, a=self.output))
        return step("run the forward pass", *chains, why=self.shared_parts())

    def shared_parts(self) -> Prose:
        """What is read more than once is one node all the same."""
        several = [name for name in self.graph.names if len(self.graph.readers(name)) > 1]
        if not several:
            return NAMED
        verb = "is" if len(several) == 1 else "are"
        return (f"{NAMED}; ", *listed(several), f" {verb} read more than once")

    def local_steps(self) -> list[Step]:
        parts = self.parts_in_order(self.graph.operations)
        own = [part for part in parts if has_derivative(part.edge, self.sizes)]
        lines = [(part.edge.operation, self.local_line(part)) for part in own]
        edges = [p.edge for p in parts if not has_derivative(p.edge, self.sizes)]
        return local_steps(lines, self.has_numbers_only, [(e, self.brought(e)) for e in edges])

    def brought(self, edge: Edge) -> Expr:
        return downstream(edge, self.output, self.top, self.sizes)

    def local_line(self, part: Contribution) -> Chain:
        edge = part.edge
        assert edge.local is not None and part.local is not None
        letters = dressed(edge.local, self.sizes)
        numbers = literal(substitute(letters, self.known.trees))
        members = (letters, numbers, part.local.written)
        notation = local_notation(edge, self.sizes)
        left = partial(edge.operation.name, edge.source)
        return worked_line(left, *map(notation, members))

    def parts_in_order(self, operations: Sequence[Operation]) -> list[Contribution]:
        """What all edges bring back, in that order of the operations and of what they read."""
        parts = [part for gradient in self.gradients for part in gradient.contributions]
        edges = [(o.name, source) for o in operations for source in o.inputs]
        places = {edge: place for place, edge in enumerate(edges)}
        return sorted(parts, key=lambda part: places[part.edge.operation.name, part.edge.source])

    def backward_step(self) -> Step:
        """Between numbers a table of the edges and the sums, else a line for each node."""
        first = worked_line(partial(self.top, self.output), self.passes.upstream.written)
        several = [found for found in self.gradients if len(found.contributions) > 1]
        blocks: tuple[Block, ...] = (first, *map(self.gradient_line, self.gradients))
        if self.has_numbers_only:
            blocks = (self.edge_table(), *map(self.gradient_line, several))
        why = shared_factors(self.graph, self.top, bool(several))
        return step("run the backward pass", *blocks, why=why)

    def gradient_line(self, gradient: Gradient) -> Chain:
        """∂f/∂y = ∂f/∂a·∂a/∂y + ∂f/∂b·∂b/∂y = 2·1 + 3·1 = 2 + 3 = 5."""
        parts = gradient.contributions
        letters = added([self.brought(part.edge) for part in parts])
        lines = [self.with_shown(p) for p in parts]
        members = [letters, added(lines)]
        if len(parts) > 1:
            members.append(added([part.value.written for part in parts]))
        left = partial(self.top, gradient.name)
        return worked_line(left, *members, gradient.value.written)

    def with_shown(self, part: Contribution) -> Expr:
        is_first = part.edge.operation.name == self.output == self.top
        if is_first and part.local is not None and self.passes.upstream.rows == ((1,),):
            return part.local.written
        return part.line

    def graph_step(self) -> Step | None:
        """Both passes at a glance: drawn where the graph is small, else as a table."""
        if self.drawn.is_small and self.drawn.picture is not None:
            return step("write both passes on the graph", self.drawn.picture)
        if self.has_numbers_only:
            return None  # the table of the edges has them
        return step("read the graph node by node", self.node_table())

    def node_table(self) -> Table:
        """A row for each node, matrices in one line."""
        rows: list[tuple[Prose | Expr, ...]] = []
        for name in (self.output, *self.graph.backwards()):
            known = self.known.values[name]
            shape = Shape(tuple(map(wrap, known.size)))
            rows.append((name, shape, known.written, self.slopes[name].written))
        return Table(("node", "shape", "value", "gradient"), tuple(rows))

    def edge_table(self) -> Table:
        """What each wire brings back, from the output on."""
        rows: list[tuple[Prose | Expr, ...]] = []
        products: list[Expr] = []
        for part in self.parts_in_order(self.graph.operations[::-1]):
            name, source, value = part.edge.operation.name, part.edge.source, part.value.written
            local = part.value if part.local is None else part.local
            products.append(line("product = value", product=part.line, value=value))
            names = {"f": self.top, "a": name, "x": source}
            rows.append(
                (
                    (name, " to ", source),
                    line("partial(f, a) = value", value=self.slopes[name].written, **names),
                    line("partial(a, x) = value", value=local.written, **names),
                    value,
                )
            )
        header = ("back from", "upstream", "× local", "= downstream")
        return Table(header, tuple(rows), along=tuple(products))
