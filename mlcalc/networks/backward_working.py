"""The backward pass on the board: what each reader gives to what it reads, and the sums.

For z = W x + b and h = f(z), and with the gradient ∂L/∂h that came from above:
∂L/∂z = ∂L/∂h ⊙ f′(z), ∂L/∂W = ∂L/∂z xᵀ, ∂L/∂b = ∂L/∂z, ∂L/∂x = Wᵀ ∂L/∂z.  A vector of one entry is
written as a number, without transposes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mlcalc.maths.tree import (
    BigOp,
    Chain,
    Derivative,
    Expr,
    Indexed,
    MatMul,
    Matrix,
    Mul,
    Neg,
    Symbol,
    Transpose,
    Words,
    call,
    wrap,
)
from mlcalc.maths.vectors import (
    NamedVector,
    Product,
    Write,
    added,
    column,
    compact,
    matrix,
    product_chains,
    times,
    weighted_sum,
    worked,
)
from mlcalc.networks import arithmetic
from mlcalc.networks.activations import slope, slope_in_letters
from mlcalc.networks.arithmetic import Rows, Vector
from mlcalc.networks.backward import Backward, Part, Seed, Use
from mlcalc.networks.equations import (
    Activation,
    Affine,
    Combination,
    Concatenation,
    Equation,
    L,
    Moment,
    Reading,
    T,
    Time,
    inner,
)
from mlcalc.networks.running import Layout, Run
from mlcalc.networks.working import entrywise, factor_in_letters, scaled

MOST_USES = 12
"""A longer sum over the steps is not written out."""


# In letters.


def part(equation: Equation, index: int, run: Layout, time: int, of: Expr = L) -> Expr:
    """What the equation at that time gives to the gradient of its reading of that index."""
    network = run.network
    upstream = network.gradient(equation.target, time, of)
    is_number = run.sizes[equation.target] == 1
    match equation:
        case Affine(_, products, _):
            weight = inner(*products[index])
            is_single = is_number and run.sizes[products[index][1].vector] == 1
            return (weight if is_single else Transpose(weight)) @ upstream
        case Activation(target, word, argument):
            h, z = network.name(target, time), network.name(argument, time)
            return through_in_letters(word, upstream, z, h, is_number)
        case Combination():
            return beside(equation, index, run, upstream, time)
        case Concatenation(_, readings):
            sizes = [run.sizes[reading.vector] for reading in readings]
            first = sum(sizes[:index]) + 1
            last = first + sizes[index] - 1
            rows = f"{first}" if first == last else f"{first} to {last}"
            return Indexed(upstream, (Words(rows),))


def through_in_letters(word: str, upstream: Expr, z: Expr, h: Expr, is_number: bool) -> Expr:
    """∂L/∂h ⊙ f′(z); the Jacobian of a softmax has y_i(1 − y_i) and −y_i y_j."""
    if word == "softmax":
        return MatMul((added([call("diag", h), -MatMul((h, Transpose(h)))]), upstream))
    return entrywise([upstream, *slope_in_letters(word, z, h)], is_number)


def beside(equation: Combination, index: int, run: Layout, upstream: Expr, time: int) -> Expr:
    """The gradient times what stands beside a factor."""
    term, own = equation.term_of(index)
    named = [factor_in_letters(run, f, time) for k, f in enumerate(term.factors) if k != own]
    found = entrywise([upstream, *named], run.sizes[equation.target] == 1)
    found = scaled(term.coefficient, found)
    return Neg(found) if term.factors[own].complement else found


def readers(run: Layout, vector: Symbol) -> list[tuple[Equation, int, Reading]]:
    """Who reads a vector, what is of the same time first; what stops the gradient left out."""
    found = [
        (equation, index, reading)
        for equation in run.network.equations
        for index, reading in enumerate(equation.readings)
        if reading.vector == vector and not reading.stops
    ]
    return sorted(found, key=lambda one: abs(one[2].lag))


def use_in_letters(
    run: Layout, target: Symbol, reading: Reading | None, time: Time, of: Expr = L
) -> Expr:
    """∂L/∂z_t h_(t−1)ᵀ, what one use gives to a weight; of a bias ∂L/∂z_t alone."""
    delta = run.network.gradient(target, time, of)
    if reading is None:
        return delta
    return outer_in_letters(
        delta, run.network.read(reading, time), run.sizes[target], run.length_read(reading)
    )


def outer_in_letters(delta: Expr, x: Expr, rows: int, columns: int) -> Expr:
    if columns > 1:
        return MatMul((delta, Transpose(x)))
    return Mul((delta, x)) if rows == 1 else MatMul((delta, x))


# With numbers.


def through(
    word: str,
    target: Expr,
    upstream: NamedVector,
    z: NamedVector,
    h: NamedVector,
    values: Vector,
    write: Write,
) -> Chain:
    """target = ∂L/∂z = ∂L/∂h ⊙ f′(z), where `upstream` is ∂L/∂h and h = f(z).

    The slopes are written with h where the field does: h(1 − h) and 1 − h².
    """
    letters = through_in_letters(word, upstream.name, z.name, h.name, upstream.is_number)
    result = compact(column(values, write))
    if letters == upstream.name:
        return worked(target, letters, result)
    if word == "softmax":
        jacobian = compact(matrix(arithmetic.softmax_jacobian(h.values), write))
        vector = compact(column(upstream.values, write))
        return worked(target, letters, MatMul((jacobian, vector)), result)
    entries = [
        times(write(g), *slope(word, a, b, write))
        for g, a, b in zip(upstream.values, z.values, h.values, strict=True)
    ]
    return worked(target, letters, compact(Matrix.column(entries)), result)


def outer(target: Expr, delta: NamedVector, x: NamedVector, values: Rows, write: Write) -> Chain:
    """target = ∂L/∂W = δ xᵀ, a row for each entry of δ."""
    down, across = compact(column(delta.values, write)), tuple(map(write, x.values))
    numbers: Expr = MatMul((down, compact(Matrix((across,)))))
    if delta.is_number and x.is_number:
        numbers = times(down, across[0])
    letters = outer_in_letters(delta.name, x.name, len(delta.values), len(x.values))
    return worked(target, letters, numbers, compact(matrix(values, write)))


def turned(
    target: Expr, letters: Expr, weights: Sequence[tuple[Expr, ...]], delta: Vector, write: Write
) -> list[Chain]:
    """target = Wᵀ δ: the gradient that comes to what was multiplied by W."""
    transposed = Matrix(tuple(zip(*weights, strict=True)))
    whole = Product(letters, transposed, column(delta, write))
    return list(weighted_sum(target, [whole], None, write)[0])


def accumulated(
    target: Expr, names: Sequence[Expr], parts: Sequence[Rows], write: Write
) -> tuple[Chain, Rows]:
    """target = A_1 + A_2 + …: what each reader or each time step has put in, added up."""
    shown = [compact(matrix(part, write)) for part in parts]
    values = arithmetic.added_rows(*parts)
    result = compact(matrix(values, write))
    members = [added(shown), result] if len(parts) > 1 else [result]
    return worked(target, added(list(names)), *members), values


def accumulated_vectors(target: Expr, parts: Sequence[NamedVector], write: Write) -> Chain:
    """The same for vectors."""
    columns = [tuple((value,) for value in part.values) for part in parts]
    return accumulated(target, [part.name for part in parts], columns, write)[0]


class BackwardWriting:
    """The working of one backward pass: the gradients of its vectors."""

    def __init__(self, run: Run, backward: Backward, seeds: Mapping[Moment, Seed]) -> None:
        self.run, self.backward, self.seeds = run, backward, seeds
        self.write = run.write

    def named(self, vector: Symbol, time: int) -> NamedVector:
        name = self.run.network.gradient(vector, time, self.backward.loss)
        return NamedVector(name, self.backward.total((vector, time)))

    def chains(self, moment: Moment) -> list[Chain]:
        """∂L/∂h_t: each part, and the addition where there are several."""
        parts = self.backward.sorted_parts(moment)
        target = self.run.network.gradient(*moment, self.backward.loss)
        if len(parts) < 2:
            return [chain for each in parts for chain in self.part(each, moment, target)]
        found: list[Chain] = []
        named: list[NamedVector] = []
        for each in parts:
            chains = self.part(each, moment, None)
            found += [] if isinstance(chains[0].first, Derivative) and each.reader else chains
            named.append(NamedVector(chains[0].first, each.values))
        return [*found, accumulated_vectors(target, named, self.write)]

    def part(self, each: Part, moment: Moment, target: Expr | None) -> list[Chain]:
        """The chains of one part; without a target they begin with its letters."""
        if each.reader is None:
            return self.seed(moment, target)
        run, write = self.run, self.write
        letters = part(each.reader, each.index, run, each.time, self.backward.loss)
        upstream = self.named(each.reader.target, each.time)
        result = compact(column(each.values, write))
        match each.reader:
            case Affine(_, products, _):
                weight, reading = products[each.index]
                weights = [row[reading.below_one :] for row in run.parameters[weight].rows]
                if target is not None:
                    return turned(target, letters, weights, upstream.values, write)
                transposed = Matrix(tuple(zip(*weights, strict=True)))
                whole = Product(letters, transposed, column(upstream.values, write))
                if whole.has_one_entry:
                    return [worked(letters, whole.terms()[0][0], result)]
                return product_chains(whole, write)[0]
            case Activation(output, word, argument):
                z, h = run.named((argument, each.time)), run.named((output, each.time))
                chain = through(word, target or letters, upstream, z, h, each.values, write)
                return [begun(chain, target, letters)]
            case Combination():
                return [begun(self.combination(each, upstream), target, letters)]
            case Concatenation():
                return [begun(worked(letters, result), target, letters)]

    def seed(self, moment: Moment, target: Expr | None) -> list[Chain]:
        """How the loss enters; beside other parts it is called by the loss of its step."""
        chains = list(self.seeds[moment].chains)
        if target is not None:
            return chains
        last = chains[-1]
        if len(chains) > 1:
            return [*chains[:-1], headless(last)]
        of = Indexed(L, (wrap(moment[1]),))
        return [Chain(self.run.network.gradient(*moment, of), last.links)]

    def combination(self, each: Part, upstream: NamedVector) -> Chain:
        assert isinstance(each.reader, Combination)
        term, own = each.reader.term_of(each.index)
        others = [f for k, f in enumerate(term.factors) if k != own]
        entries: list[Expr] = []
        for row, value in enumerate(upstream.values):
            factors: list[Expr] = [self.write(value)]
            for factor in others:
                number = self.write(self.run.read(factor.reading, each.time)[row])
                factors.append(1 - number if factor.complement else number)
            if term.coefficient is not None:
                factors.insert(0, term.coefficient)
            found = times(factors[0], *factors[1:]) if len(factors) > 1 else factors[0]
            entries.append(Neg(found) if term.factors[own].complement else found)
        numbers = compact(Matrix.column(entries))
        result = compact(column(each.values, self.write))
        return worked(L, *dict.fromkeys((numbers, result)))


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


class ParameterWriting:
    """How the gradients of the parameters are gathered from one or several backward passes."""

    def __init__(self, run: Run, passes: Sequence[Backward]) -> None:
        self.run, self.passes, self.write = run, passes, run.write
        self.loss = L if run.network.is_timed else passes[0].loss

    def gradient(self, name: Symbol) -> Rows:
        """The gradient, added up over all uses and passes."""
        return arithmetic.added_rows(*(backward.parameter(name) for backward in self.passes))

    def uses(self, name: Symbol) -> list[tuple[Backward, Use]]:
        return [(b, each) for b in self.passes for each in b.uses.get(name, [])]

    def learned(self, of: Iterable[Equation] | None = None) -> list[tuple[Symbol, Use]]:
        """The parameters in the order of the equations, with how each is used."""
        return learned(self.run, self.run.network.equations if of is None else of)

    def chains(self, name: Symbol, one: Use) -> list[Chain]:
        """∂L/∂W = Σ_t ∂L/∂z_t h_(t−1)ᵀ with its numbers; `one` of its uses says how."""
        uses = self.uses(name)
        target = Derivative(self.loss, name, partial=True)
        result = compact(matrix(self.gradient(name), self.write))
        if not uses or (len(uses) > MOST_USES and len(self.passes) > 1):
            return [worked(target, result)]
        vector, reading = one.delta[0], one.reading
        if len(uses) > MOST_USES:
            body = use_in_letters(self.run, vector, reading, T)
            return [worked(target, BigOp("sum", body, T, wrap(1), wrap(self.run.steps)), result)]
        letters = [use_in_letters(self.run, vector, reading, u.time, b.loss) for b, u in uses]
        parts = [b.contribution(u) for b, u in uses]
        if reading is None:
            if len(parts[0]) > len(self.run.parameters[name].rows):
                numbers = added([self.write(row[0]) for row in parts[0]])
                return [worked(target, call("sum", letters[0]), numbers, result)]
            return [accumulated(target, letters, parts, self.write)[0]]
        if self.run.parameters[name].shape == (1, 1):
            return [self.scalar_sum(target, letters, uses, result)]
        return self.matrix_sum(target, uses, parts)

    def scalar_sum(
        self, target: Expr, letters: list[Expr], uses: list[tuple[Backward, Use]], result: Expr
    ) -> Chain:
        """∂L/∂w = δ_2·h_1 + δ_1·h_0 = numbers = each product = the sum."""
        products: list[Expr] = []
        values: list[Expr] = []
        for backward, each in uses:
            assert each.reading is not None
            (delta,) = backward.total(each.delta)
            (operand,) = self.run.read(each.reading, each.time)
            products.append(times(self.write(delta), self.write(operand)))
            values.append(self.write(backward.contribution(each)[0][0]))
        members = [added(letters), added(products)]
        if len(uses) > 1:
            members.append(added(values))
        return worked(target, *members, result)

    def matrix_sum(
        self, target: Expr, uses: list[tuple[Backward, Use]], parts: list[Rows]
    ) -> list[Chain]:
        """Each δ hᵀ in a line of its own, then their sum."""
        network, found = self.run.network, list[Chain]()
        for (backward, each), values in zip(uses, parts, strict=True):
            assert each.reading is not None
            delta = network.gradient(*each.delta, backward.loss)
            x = network.read(each.reading, each.time)
            found.append(
                outer(
                    target,
                    NamedVector(delta, backward.total(each.delta)),
                    NamedVector(x, self.run.read(each.reading, each.time)),
                    values,
                    self.write,
                )
            )
        if len(uses) == 1:
            return found
        found = list(map(headless, found))
        total, _ = accumulated(target, [chain.first for chain in found], parts, self.write)
        return [*found, total]


def learned(run: Layout, equations: Iterable[Equation]) -> list[tuple[Symbol, Use]]:
    """The parameters of equations in their order, with what a weight multiplies at t = 1."""
    found: list[tuple[Symbol, Use]] = []
    for e in equations:
        if isinstance(e, Affine):
            found += [(weight, Use(1, (e.target, 1), reading)) for weight, reading in e.products]
            if e.bias is not None and e.bias in run.parameters:
                found.append((e.bias, Use(1, (e.target, 1), None)))
    return found
