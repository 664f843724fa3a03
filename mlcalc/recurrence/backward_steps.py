"""Back through time on the board: each gradient with its parts, and what each step adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlcalc.derivation import Prose, Step
from mlcalc.fields import as_number
from mlcalc.maths.tree import Chain, Derivative, Expr, Indexed, Matrix, Neg, Symbol
from mlcalc.maths.vectors import (
    NamedVector,
    Product,
    column,
    compact,
    product_chains,
    times,
    weighted_sum,
    worked,
)
from mlcalc.networks import gradients
from mlcalc.networks.backward import Backward, Part
from mlcalc.networks.equations import (
    Activation,
    Affine,
    Combination,
    Concatenation,
    Moment,
    Pass,
    at_time,
)
from mlcalc.networks.running import Run
from mlcalc.recurrence.backward_letters import L, gradient, part
from mlcalc.recurrence.forward_steps import is_in_full
from mlcalc.recurrence.objective import Seed


class BackwardWriting:
    """The working of one backward pass."""

    def __init__(self, run: Run, backward: Backward, seeds: Mapping[Moment, Seed]) -> None:
        self.run, self.backward, self.seeds = run, backward, seeds
        self.write = run.write

    # The gradients of vectors.

    def gradient(self, moment: Moment) -> Expr:
        return gradient(*moment, of=self.backward.loss)

    def chains(self, moment: Moment) -> list[Chain]:
        """∂L/∂h_t: each part, and the addition where there are several."""
        parts = self.backward.sorted_parts(moment)
        target = self.gradient(moment)
        if len(parts) == 1:
            return self.part(parts[0], moment, target)
        found: list[Chain] = []
        named: list[NamedVector] = []
        for each in parts:
            chains = self.part(each, moment, None)
            found += [] if isinstance(chains[0].first, Derivative) and each.reader else chains
            named.append(NamedVector(chains[0].first, each.values))
        total, _ = gradients.accumulated_vectors(target, named, self.write)
        return [*found, total]

    def part(self, each: Part, moment: Moment, target: Expr | None) -> list[Chain]:
        """The chains of one part; without a target they begin with its letters."""
        if each.reader is None:
            return self.seed(moment, target)
        letters = part(each.reader, each.index, self.run, each.time, of=self.backward.loss)
        run, write = self.run, self.write
        upstream = self.named(each.reader.target, each.time)
        match each.reader:
            case Affine(_, products, _):
                weights = run.parameters[products[each.index][0]]
                turned = Matrix(tuple(zip(*weights.rows, strict=True)))
                product = Product(letters, turned, column(upstream.values, write))
                if target is None and product.has_one_entry:
                    numbers = product.terms()[0][0]
                    return [worked(letters, numbers, compact(column(each.values, write)))]
                if target is None:
                    return product_chains(product, write)[0]
                return list(weighted_sum(target, [product], None, write)[0])
            case Activation(output, word, argument):
                z, h = run.named((argument, each.time)), run.named((output, each.time))
                chains, _ = gradients.through(word, target or letters, upstream, z, h, write)
                return [begun(chains[0], target, letters)]
            case Combination():
                return [begun(self.combination(each, upstream), target, letters)]
            case Concatenation():
                return [
                    begun(worked(letters, compact(column(each.values, write))), target, letters)
                ]

    def seed(self, moment: Moment, target: Expr | None) -> list[Chain]:
        """How the loss enters; beside other parts it is called by the loss of its step."""
        chains = list(self.seeds[moment].chains)
        last = chains[-1]
        if target is not None:
            return chains
        if len(chains) > 1:
            return [*chains[:-1], headless(last)]
        of = Indexed(L, (as_number(moment[1]),))
        return [Chain(gradient(*moment, of=of), last.links)]

    def named(self, vector: Symbol, time: int) -> NamedVector:
        return NamedVector(self.gradient((vector, time)), self.backward.total((vector, time)))

    def combination(self, each: Part, upstream: NamedVector) -> Chain:
        assert isinstance(each.reader, Combination)
        index = each.index
        for term in each.reader.terms:
            if index >= len(term.factors):
                index -= len(term.factors)
                continue
            others = [f for k, f in enumerate(term.factors) if k != index]
            entries: list[Expr] = []
            for row, value in enumerate(upstream.values):
                factors: list[Expr] = [self.write(value)]
                for factor in others:
                    number = self.write(self.run.read(factor.reading, each.time)[row])
                    factors.append(1 - number if factor.complement else number)
                if term.coefficient is not None:
                    factors.insert(0, term.coefficient)
                product = times(factors[0], *factors[1:]) if len(factors) > 1 else factors[0]
                entries.append(Neg(product) if term.factors[index].complement else product)
            numbers = compact(Matrix.column(entries))
            result = compact(column(each.values, self.write))
            return worked(L, *([numbers] if numbers != result else []), result)
        raise IndexError(each.index)

    # The steps.

    def steps(self, name: str = "") -> list[Step]:
        """One step for each time, from the last to the first; `name` is put before their rules."""
        run = self.run
        found: list[Step] = []
        for each in reversed(run.network.passes):
            way = self.way(each)
            for time in reversed(each.times(run.steps)):
                if run.is_large or not is_in_full(time, run.steps):
                    continue
                chains = [
                    chain
                    for equation, moment in self.backward.order
                    if moment == time and equation in each.equations
                    for chain in self.chains((equation.target, time))
                ]
                if chains:
                    found.append(
                        Step(f"{name}{way}, t = {time}", tuple(chains), self.why(each, time))
                    )
        return found

    def way(self, each: Pass) -> str:
        """How the gradient runs through a pass; a pass that no state runs through has no way."""
        if each.is_reversed:
            return "go forward through the layer from the end"
        has_past = any(reading.lag for equation in each.equations for reading in equation.readings)
        return "go back" if has_past else "go back through the output"

    def why(self, each: Pass, time: int) -> Prose:
        """That parts are added, at the first step where there are several."""
        for state, _ in self.run.network.initial:
            parts = self.backward.parts.get((state, time), [])
            is_here = any(equation.target == state for equation in each.equations)
            if is_here and len({part.time for part in parts}) > 1 and self.is_first(each, time):
                which = "before" if each.is_reversed else "after"
                return (
                    at_time(state, time),
                    " is read by its own step and by the step ",
                    f"{which} it: both parts are added",
                )
        return ""

    def is_first(self, each: Pass, time: int) -> bool:
        """Whether it is the step after the one that the pass begins with."""
        times = list(reversed(each.times(self.run.steps)))
        begun_at = next(t for t in times if any(m == t for _, m in self.backward.order))
        return times.index(time) == times.index(begun_at) + 1

    def leaves(self) -> Step | None:
        """The gradients of the initial states and of the inputs."""
        moments = self.leaf_moments()
        return leaves_step(moments, [c for moment in moments for c in self.chains(moment)])

    def leaf_moments(self) -> list[Moment]:
        """The initial states and the inputs that a gradient reaches; none of a large network."""
        run, found = self.run, self.backward.parts
        if run.is_large:
            return []
        starts = [vector for vector, _ in run.network.initial]
        outside = [m for v in starts for m in found if m[0] == v and not 1 <= m[1] <= run.steps]
        inputs = [(run.network.inputs, time) for time in range(1, run.steps + 1)]
        return outside + [
            moment
            for moment in inputs
            if moment in found and self.is_given(moment[1]) and is_in_full(moment[1], run.steps)
        ]

    def is_given(self, time: int) -> bool:
        """Whether the input of that step was typed, and is no output that is fed back."""
        network = self.run.network
        return not any(
            e.target == network.inputs and isinstance(e, Combination) and e.since <= time
            for e in network.equations
        )


def leaves_step(moments: Sequence[Moment], chains: Sequence[Chain]) -> Step | None:
    if not moments:
        return None
    if all(time >= 1 for _, time in moments):
        return Step("go on to the inputs", tuple(chains), "they are reached by the same rule")
    note = "the state before the first step and the inputs are reached by the same rule"
    return Step("go on to the initial state and the inputs", tuple(chains), note)


def summed_leaves(writings: Sequence[BackwardWriting]) -> Step | None:
    """The same of several passes, each of one loss, whose gradients are added up."""
    inputs = writings[0].run.network.inputs
    reached = {moment for writing in writings for moment in writing.leaf_moments()}
    moments = sorted(reached, key=lambda m: (m[0] == inputs, m[0].spelled, m[1]))
    chains: list[Chain] = []
    for moment in moments:
        own = [writing for writing in writings if moment in writing.leaf_moments()]
        chains += [chain for writing in own for chain in writing.chains(moment)]
        if len(own) > 1 or own[0].backward.loss != L:
            parts = [writing.named(*moment) for writing in own]
            target = gradient(*moment)
            chains.append(gradients.accumulated_vectors(target, parts, own[0].write)[0])
    return leaves_step(moments, chains)


def begun(chain: Chain, target: Expr | None, letters: Expr) -> Chain:
    """The chain as target = letters = …, or letters = … where there is no target."""
    links = chain.links
    if links and links[0][1] == letters:
        links = links[1:]
    if target is None:
        return Chain(letters, links)
    return Chain(target, (("=", letters), *links))


def headless(chain: Chain) -> Chain:
    """b = c of a = b = c."""
    return Chain(chain.links[0][1], chain.links[1:])
