"""How the weights of a Boolean formula are found, and checked on every input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import lcm

from mlcalc.files.fields import as_number
from mlcalc.learning.separation import Coefficients, CommonPoint
from mlcalc.maths.board import Note, Prose
from mlcalc.maths.functions import FUNCTIONS, Scalar
from mlcalc.maths.tree import Chain, Expr, Matrix, Number, Symbol, call, equals, shown, wrap
from mlcalc.maths.vectors import added
from mlcalc.networks.feedforward.boolean_reader import Bits, Formula, truth_table
from mlcalc.networks.feedforward.boolean_units import MARGIN, Term, one_unit, two_layers
from mlcalc.networks.feedforward.question import NetworkQuestion, has_bias_column
from mlcalc.networks.feedforward.threshold_network import (
    ThresholdNetwork,
    weighted,
    weights_answers,
    written,
)
from mlcalc.networks.feedforward.tried import gives_table
from mlcalc.showing.derivation import Answer, Block, Derivation, Step, Table

ASK = NetworkQuestion
B, Y, Z = map(Symbol, "byz")
MOST_INEQUALITIES = 16
MOST_COLUMNS = 4
"""The sums of more hidden units are not shown one by one."""

SIGMOID = Note(
    "design.sigmoid_margin",
    "a sigmoid is never quite 0 or 1: it is within 0.00005 where its sum is 10 away from 0",
)


def boolean_derivation(given: NetworkQuestion, formula: Formula, activation: str) -> Derivation:
    """Weights of step or sigmoid units for a Boolean formula."""
    names, table = truth_table(formula)
    column = has_bias_column(given)
    found = one_unit(table)
    steps = [asked_step(names, table)]
    if not isinstance(found, CommonPoint):
        network = ThresholdNetwork(names, ((found,),), column)
        steps.append(unit_step(network))
    else:
        terms, layers = two_layers(table)
        network = ThresholdNetwork(names, layers, column)
        steps.append(impossible_step(list(table), found))
        steps += [ands_step(network, terms), or_step(network)]
    steps.append(checking_step(network, table, activation))
    rows = tuple(tuple(map(Fraction, (*row, value))) for row, value in table.items())
    maths = Matrix(tuple(tuple(map(Number, row)) for row in rows))
    is_open = not given.is_given(ASK.activation) and not given.is_given(ASK.output_activation)
    words = ("step", "sigmoid") if is_open else (activation,)
    answers, asides = weights_answers(network, partial(gives_table, table, words))
    return Derivation(
        "Weights for a Boolean formula",
        tuple(steps),
        answers,
        (SIGMOID,) if activation == "sigmoid" else (),
        asides=(Answer("table", rows, maths), *asides),
    )


def bits(row: Bits) -> str:
    return " ".join(map(str, row))


def spaced(names: Sequence[Expr]) -> Prose:
    """x₁ x₂, above a column of bits."""
    pieces: list[str | Expr] = [names[0]]
    for name in names[1:]:
        pieces += [" ", name]
    return tuple(pieces)


def demand(row: Bits) -> Expr:
    """The sum of one unit at a row: b + w₁ + w₃."""
    weights = [Symbol("w", f"{place}") for place, bit in enumerate(row, 1) if bit]
    return added([B, *weights])


def asked_step(names: Sequence[Symbol], table: Mapping[Bits, int]) -> Step:
    """The truth table, with what it asks of a single unit."""
    small = len(table) <= MOST_INEQUALITIES
    rows: list[tuple[Prose | Expr, ...]] = []
    for row, value in table.items():
        cells: list[Prose | Expr] = [bits(row), as_number(value)]
        if small:
            cells.append(Chain(demand(row), ((">=" if value else "<", wrap(0)),)))
        rows.append(tuple(cells))
    header = (spaced(names), Y, "of one unit")[: len(rows[0])]
    what = "what the formula says of each input"
    more = (", and what that asks of one unit with the sum ", weighted_letters(names))
    note = (what, *more) if small else what
    return Step("write the truth table", (Table(header, tuple(rows)),), note)


def weighted_letters(names: Sequence[Symbol]) -> Expr:
    """b + w₁x₁ + w₂x₂."""
    return added([B, *(Symbol("w", f"{n}") * name for n, name in enumerate(names, 1))])


def unit_step(network: ThresholdNetwork) -> Step:
    """One unit is enough."""
    (unit,) = network.layers[0]
    total = equals(Z, weighted(unit, network.names))
    blocks: list[Block] = [total, *network.matrices(1)]
    if not any(unit[1:]):
        return Step("set the bias alone", tuple(blocks), "the formula is the same for all inputs")
    note = (
        "small whole weights keep the ones apart from the zeros; the bias lies halfway, and all "
        "is taken times 20, so that no sum is nearer to 0 than 10"
    )
    return Step("set the weights of one unit", tuple(blocks), note)


def impossible_step(rows: Sequence[Bits], found: CommonPoint) -> Step:
    """Inequalities of the truth table that contradict each other."""
    scale = lcm(*(share.denominator for _, share in (*found.positive, *found.negative)))
    blocks: list[Block] = []
    sides: tuple[tuple[Coefficients, str], ...] = ((found.positive, ">="), (found.negative, "<"))
    for shares, sign in sides:
        counts = [(rows[number], int(share * scale)) for number, share in shares]
        blocks.append(Chain(summed(counts), (("=", collected(counts)), (sign, wrap(0)))))
    note = (
        "the rows above with a 1 and those with a 0 add up to the same sum, which cannot be both "
        "at least 0 and below 0: no plane separates them"
    )
    return Step("show that one unit is not enough", tuple(blocks), note)


def summed(counts: Sequence[tuple[Bits, int]]) -> Expr:
    """(b + w₁) + (b + w₂)."""
    return added([demand(row) if n == 1 else as_number(n) * demand(row) for row, n in counts])


def collected(counts: Sequence[tuple[Bits, int]]) -> Expr:
    """2b + w₁ + w₂."""
    total = sum(n for _, n in counts)
    each = [sum(n for row, n in counts if row[place]) for place in range(len(counts[0][0]))]
    letters = [(total, B), *((n, Symbol("w", f"{place}")) for place, n in enumerate(each, 1))]
    return added([name if n == 1 else as_number(n) * name for n, name in letters if n])


def ands_step(network: ThresholdNetwork, terms: Sequence[Term]) -> Step:
    """The hidden layer: an AND for each term."""
    rows: list[tuple[Prose | Expr, ...]] = [
        (Symbol("a", f"{number}"), spelled(term, network.names), weighted(unit, network.names))
        for number, (term, unit) in enumerate(zip(terms, network.layers[0], strict=True), 1)
    ]
    table = Table(("unit", "is 1 for", "sum"), tuple(rows))
    note = (
        "an input that has to be 1 gets the weight 20, one that has to be 0 gets −20; with the "
        "bias 10, less 20 for each input that has to be 1, the sum is 10 where all are as wanted "
        "and −10 or less elsewhere"
    )
    blocks: tuple[Block, ...] = (table, *network.matrices(1))
    return Step("write the formula as an OR of ANDs", blocks, note)


def spelled(term: Term, names: Sequence[Symbol]) -> Prose:
    """x₁ AND NOT x₂."""
    pieces: list[str | Expr] = []
    for wanted, name in zip(term, names, strict=True):
        if wanted is not None:
            joint = " AND " if pieces else ""
            pieces += [joint + ("" if wanted else "NOT "), name]
    return tuple(piece for piece in pieces if piece != "")


def or_step(network: ThresholdNetwork) -> Step:
    note = "no unit on leaves −10; one of them makes it 10, and more only add to it"
    blocks = (equals(Z, network.last("a")), *network.matrices(2))
    return Step("join them with OR", blocks, note)


def checking_step(network: ThresholdNetwork, table: Mapping[Bits, int], activation: str) -> Step:
    """Every input put through the network."""
    hidden = network.layers[0] if len(network.layers) > 1 else ()
    each = len(hidden) <= MOST_COLUMNS
    rows: list[tuple[Prose | Expr, ...]] = []
    for row, wanted in table.items():
        first, *_ = totals = network.run(tuple(map(Fraction, row)), activation)
        (total,) = totals[-1]
        output = FUNCTIONS[activation].compute(total)
        cells: list[Prose | Expr] = [bits(row)]
        if hidden:
            cells += [written(Fraction(z)) for z in first] if each else []
            cells.append(on(first))
        rows.append((*cells, shown(total), shown(output), as_number(wanted)))
    sums = [Symbol("z", f"{number}") for number in range(1, len(hidden) + 1)] if each else []
    header = (spaced(network.names), *sums, *(("units on",) if hidden else ()), Z, "output", Y)
    note = "in each row the output is y"
    blocks: list[Block] = []
    if activation == "sigmoid":
        note = "rounded, the output is y in each row"
        if hidden:
            note += "; a unit that is on gives nearly 1, and one that is off nearly 0"
            blocks += [
                equals(call("sigmoid", z), shown(FUNCTIONS["sigmoid"].compute(Fraction(z))))
                for z in (MARGIN, -MARGIN)
            ]
    return Step("check every input", (*blocks, Table(header, tuple(rows))), note)


def on(sums: Sequence[Scalar]) -> str:
    """The names of the units whose sum is positive."""
    return ", ".join(str(number) for number, z in enumerate(sums, 1) if z > 0) or "none"
