"""The equations of a network as they are written: in letters, and worked out with numbers."""

from __future__ import annotations

from collections.abc import Sequence

from mlcalc.maths.tree import Cases, Chain, Expr, Hadamard, Matrix, Mul, equals, wrap
from mlcalc.maths.vectors import Product, added, compact, has_float, times, weighted_sum, worked
from mlcalc.networks.activations import activated, applied
from mlcalc.networks.equations import (
    Activation,
    Affine,
    Combination,
    Concatenation,
    Equation,
    Factor,
    T,
    Term,
    Time,
)
from mlcalc.networks.running import Layout, Run


def letters(equation: Equation, run: Layout, time: Time = T) -> Expr:
    """What the equation's target is, in letters."""
    match equation:
        case Affine(_, products, bias):
            terms: list[Expr] = [w @ run.network.read(r, time) for w, r in products]
            return added([*terms, bias] if bias in run.parameters and bias else terms)
        case Activation(_, word, argument):
            return applied(word, run.network.name(argument, time))
        case Combination(_, terms_):
            return added([term_in_letters(term, time, run) for term in terms_])
        case Concatenation(_, readings):
            return Matrix.column([run.network.read(reading, time) for reading in readings])


def term_in_letters(term: Term, time: Time, run: Layout) -> Expr:
    named = [factor_in_letters(run, factor, time) for factor in term.factors]
    is_number = run.sizes[term.factors[0].reading.vector] == 1
    return scaled(term.coefficient, entrywise(named, is_number))


def factor_in_letters(run: Layout, factor: Factor, time: Time) -> Expr:
    name = run.network.read(factor.reading, time)
    return 1 - name if factor.complement else name


def scaled(coefficient: Expr | None, product: Expr) -> Expr:
    return product if coefficient is None else Mul((coefficient, product))


def entrywise(factors: Sequence[Expr], is_number: bool) -> Expr:
    """A product of vectors entry by entry; of numbers a plain product."""
    if len(factors) == 1:
        return factors[0]
    return Mul(tuple(factors)) if is_number else Hadamard(tuple(factors))


def equation_in_letters(equation: Equation, run: Layout) -> Chain:
    """h_t = …; of what holds only from a time on, with that condition."""
    found = letters(equation, run)
    if isinstance(equation, Combination) and equation.since > 1:
        found = Cases(((found, Chain(T, ((">", wrap(equation.since - 1)),))),))
    return equals(run.network.name(equation.target, T), found)


# With numbers.


def worked_out(equation: Equation, run: Run, time: int) -> list[Chain]:
    """The chains that work out the equation at a time."""
    target = run.network.name(equation.target, time)
    match equation:
        case Affine(_, products, bias):
            factors = [
                Product(w @ run.network.read(r, time), run.parameters[w], run.written(r, time))
                for w, r in products
            ]
            entries = run.column(bias, run.sizes[equation.target])
            shift = None if bias is None or entries is None else (bias, entries)
            chains, _ = weighted_sum(target, factors, shift, run.write)
        case Activation(_, word, argument):
            z = run.named((argument, time))
            chains = [activated(word, target, z.name, z.values, run.write)[0]]
        case Combination(_, terms):
            sums = [
                added([term_in_numbers(term, run, time, entry) for term in terms])
                for entry in range(run.sizes[equation.target])
            ]
            result = compact(run.shown((equation.target, time)))
            numbers = compact(Matrix.column(sums))
            members = [numbers] if numbers == result else [numbers, result]
            chains = [worked(target, letters(equation, run, time), *members)]
        case Concatenation():
            result = compact(run.shown((equation.target, time)))
            chains = [worked(target, letters(equation, run, time), result)]
    return [*chains[:-1], carried_on(chains[-1], equation, run, time)]


def carried_on(chain: Chain, equation: Equation, run: Run, time: int) -> Chain:
    """The chain with its result as it is carried on, where it was too long to stay exact."""
    last = chain.links[-1][1]
    result = compact(run.shown((equation.target, time)))
    if last == result or not has_float(result):
        return chain
    return Chain(chain.first, (*chain.links[:-1], ("~=", result)))


def term_in_numbers(term: Term, run: Run, time: int, entry: int) -> Expr:
    """One entry of a term."""
    factors: list[Expr] = []
    for factor in term.factors:
        number = run.written(factor.reading, time).rows[entry][0]
        factors.append(1 - number if factor.complement else number)
    if term.coefficient is not None:
        factors.insert(0, term.coefficient)
    return factors[0] if len(factors) == 1 else times(factors[0], *factors[1:])
