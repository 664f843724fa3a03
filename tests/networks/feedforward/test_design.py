"""Weights by design: regions, formulas and steps, run by NumPy on points and on every input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise, product
from random import Random
from typing import Any

import numpy as np
import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.marking.exercise import solve
from mlcalc.maths.compare import same
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.functions import to_float
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Chain, Expr, Symbol
from mlcalc.networks.feedforward.boolean_reader import BooleanFormula, bit_rows, truth_table
from mlcalc.networks.feedforward.boolean_units import cover, holds, one_unit, two_layers
from mlcalc.networks.feedforward.threshold_network import ThresholdNetwork
from mlcalc.showing.derivation import Derivation, Table

Array = np.ndarray[Any, np.dtype[np.float64]]
Matrices = Sequence[Array]
Y, H = Symbol("y"), Symbol("h")


def solved(**given: Any) -> Derivation:
    return solve("mlp", from_plain(given, Place("test")))  # type: ignore[arg-type]


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    assert answer is not None
    return answer.value


def matrices(derivation: Derivation) -> list[Array]:
    return [np.array(rows, dtype=float) for rows in value(derivation, "weights")]


def step(z: Array) -> Array:
    return (z >= 0).astype(float)


def sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def forward(weights: Matrices, points: Array, *activations: Callable[[Array], Array]) -> Array:
    """The outputs of Θ with the bias in the first column, a row a point."""
    for number, theta in enumerate(weights):
        below = np.hstack([np.ones((len(points), 1)), points])
        points = activations[min(number, len(activations) - 1)](below @ theta.T)
    return points[:, 0]


def complaint(**given: Any) -> str:
    with pytest.raises(Invalid) as caught:
        solved(**given)
    (found,) = caught.value.complaints
    return found.message


# Regions.


def random_sides(random: Random, count: int) -> list[tuple[int, int, str, int]]:
    """Half-planes a·x + b·y < c or > c with small whole numbers; no two alike."""
    found: set[tuple[int, int, str, int]] = set()
    while len(found) < count:
        a, b, c = random.randint(-3, 3), random.randint(-3, 3), random.randint(-4, 6)
        if a or b:
            found.add((a, b, random.choice(["<", ">", "<=", ">="]), c))
    return sorted(found)


def typed(sides: Sequence[tuple[int, int, str, int]]) -> str:
    return ", ".join(f"{a}*x1 + {b}*x2 {sign} {c}" for a, b, sign, c in sides)


def is_inside(sides: Sequence[tuple[int, int, str, int]], points: Array) -> Array:
    """The inequalities by themselves, at points that are on no edge."""
    result = np.ones(len(points), dtype=bool)
    for a, b, sign, c in sides:
        total = a * points[:, 0] + b * points[:, 1]
        result &= total < c if "<" in sign else total > c
    return result


def grid(random: Random) -> Array:
    """Points all over a square, seldom on an edge."""
    axis = np.linspace(-7, 7, 57) + random.random() / 97
    return np.array(list(product(axis, axis + 1 / 89)))


def off_edges(pieces: Sequence[Sequence[tuple[int, int, str, int]]], points: Array) -> Array:
    keep = np.ones(len(points), dtype=bool)
    for a, b, _, c in (side for piece in pieces for side in piece):
        keep &= abs(a * points[:, 0] + b * points[:, 1] - c) > 1e-9
    return points[keep]


def test_unions_of_random_half_planes_on_a_grid() -> None:
    random = Random(1)
    regions = solved_regions = 0
    for trial in range(120):
        pieces = [random_sides(random, random.randint(2, 4)) for _ in range(1 + trial % 3)]
        points = off_edges(pieces, grid(random))
        inside = np.any([is_inside(piece, points) for piece in pieces], axis=0)
        given = (
            {"region": typed(pieces[0])}
            if len(pieces) == 1
            else {"pieces": list(map(typed, pieces))}
        )
        try:
            derivation = solved(**given)
        except Unsolved:
            continue
        solved_regions += 1
        regions += bool(inside.any())
        assert np.array_equal(forward(matrices(derivation), points, step), inside)
    assert solved_regions > 60
    assert regions > 50


def test_a_region_that_is_called_empty_has_no_point_by_linear_programming() -> None:
    linprog = pytest.importorskip("scipy.optimize").linprog
    random = Random(2)
    empty = 0
    for _ in range(60):
        sides = random_sides(random, random.randint(2, 6))
        # Largest slack t with a·x + t <= c for each side; it is positive where an inside exists.
        rows, bounds = [], []
        for a, b, sign, c in sides:
            turn = 1 if "<" in sign else -1
            rows.append([turn * a, turn * b, 1])
            bounds.append(turn * c)
        best = linprog([0, 0, -1], rows, bounds, bounds=[(None, None), (None, None), (None, 1)])
        try:
            solved(region=typed(sides))
        except Unsolved:
            assert best.x[2] <= 1e-9
            empty += 1
        else:
            assert best.x[2] >= -1e-9
    assert 5 < empty < 55


def test_closed_sides_may_meet_in_a_point() -> None:
    assert solved(region="x1 >= 2, x1 <= 2").answers
    with pytest.raises(Unsolved):
        solved(region="x1 >= 2, x1 < 2")


def test_the_table_of_points_agrees_with_the_inequalities() -> None:
    derivation = solved(region="x1 > 0, x1 < 5, x2 > 0, x2 < 2")
    (table,) = (block for block in derivation.steps[-1].blocks if isinstance(block, Table))
    parts = {"inside": "1", "on the edge": "1", "outside": "0"}
    assert {row[-1] for row in table.rows} == set(parts)
    for row in table.rows:
        assert str(row[-2].value) == parts[row[-1]]  # type: ignore[index, union-attr]


def test_equal_sides_share_a_unit() -> None:
    theta, _, _ = matrices(solved(pieces=["0 < x1 < 1, 0 < x2 < 3", "0 < x1 < 3, 0 < x2 < 1"]))
    assert len(theta) == 6


def test_weights_and_biases_apart() -> None:
    derivation = solved(region="x1 > 0, x1 < 5", bias_column=False)
    assert value(derivation, "weights") == (((1,), (-1,)), ((1, 1),))
    assert value(derivation, "biases") == ((0, 5), (Fraction(-3, 2),))


# Boolean formulas.

Truth = Callable[[dict[str, int]], int]

BY_HAND = {
    "AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "XOR": (0, 1, 1, 0), "XNOR": (1, 0, 0, 1),
    "NAND": (1, 1, 1, 0), "NOR": (1, 0, 0, 0),
}  # fmt: skip
"""The values at 00, 01, 10 and 11."""


def random_formula(random: Random, names: Sequence[str], depth: int = 3) -> tuple[str, Truth]:
    """A formula as it is typed, and the same as a function of named bits."""
    if depth == 0 or random.random() < 0.2:
        name = random.choice(names)
        return name, lambda bits: bits[name]
    word = random.choice([*BY_HAND, "NOT", "majority"])
    (one, f), (two, g), (three, h) = (random_formula(random, names, depth - 1) for _ in range(3))
    if word == "NOT":
        return f"NOT ({one})", lambda bits: 1 - f(bits)
    if word == "majority":
        return f"majority({one}, {two}, {three})", lambda bits: int(f(bits) + g(bits) + h(bits) > 1)
    return f"({one}) {word} ({two})", lambda bits: BY_HAND[word][2 * f(bits) + g(bits)]


def test_random_formulas_are_read_as_they_were_made() -> None:
    random = Random(3)
    for _ in range(200):
        text, truth = random_formula(random, ["x1", "x2", "x3", "x4"])
        formula = BooleanFormula().read(from_plain(text, Place("test")))
        names, table = truth_table(formula)
        for row, found in table.items():
            bits = {name.name + name.subscript: bit for name, bit in zip(names, row, strict=True)}
            assert found == truth(bits), text


@pytest.mark.parametrize(
    ("text", "ones"),
    [
        ("x1 AND x2 OR x3", "001 011 101 110 111"),
        ("NOT x1 OR x2", "00 01 11"),
        ("x1 OR x2 XOR x3", "001 010 100 101 110 111"),
        ("x1 XOR x2 AND x3", "011 100 101 110"),
        ("x1 XNOR x2 XNOR x3", "001 010 100 111"),
        ("a ∧ ¬b ∨ c", "001 011 100 101 111"),
        ("!a & b || a ^ a", "01"),
        ("XNOR", "00 11"),
        ("not", "0"),
        ("x10 AND NOT x9", "01"),
        ("nor(x1, x2, x3)", "000"),
    ],
)
def test_precedence_and_spellings(text: str, ones: str) -> None:
    _, table = truth_table(BooleanFormula().read(from_plain(text, Place("test"))))
    assert " ".join("".join(map(str, row)) for row, bit in table.items() if bit) == ones


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("x1 NAND x2 NAND x3", 12, "set brackets"),
        ("x1 AND (x2 OR x3", 8, "not closed"),
        ("x1 AN x2", 4, "did you mean 'AND'?"),
        ("x1 + x2", 4, "write AND, OR, NOT, XOR"),
        ("x1 AND", 7, "not the end"),
        ("AND x1", 1, "needs an input before it"),
        ("XNOR(a, b, c)", 1, "two readings"),
        ("majority(a, b)", 1, "odd number"),
        ("a b c d e f g", 3, "expected AND, OR or XOR"),
        ("a OR b OR c OR d OR e OR f OR g", 1, "6 at most"),
        ("(" * 50 + "a" + ")" * 50, 41, "40 deep"),
    ],
)
def test_what_is_wrong_with_a_formula(text: str, column: int, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        BooleanFormula().read(from_plain(text, Place("--formula", text)))
    (found,) = caught.value.complaints
    assert found.place is not None
    assert found.place.column == column
    assert words in found.message


def network_of(names: Sequence[Symbol], table: dict[tuple[int, ...], int]) -> ThresholdNetwork:
    found = one_unit(table)
    layers = ((found,),) if isinstance(found, tuple) else two_layers(table)[1]
    return ThresholdNetwork(tuple(names), layers)


def test_all_functions_of_three_inputs_and_many_of_four() -> None:
    random = Random(4)
    functions = [(3, bits) for bits in product((0, 1), repeat=8)]
    functions += [(4, tuple(random.randint(0, 1) for _ in range(16))) for _ in range(100)]
    functions += [(5, tuple(random.randint(0, 1) for _ in range(32))) for _ in range(10)]
    single = 0
    for count, bits in functions:
        rows = bit_rows(count)
        table = dict(zip(rows, bits, strict=True))
        network = network_of([Symbol("x", str(n)) for n in range(count)], table)
        single += count == 3 and len(network.layers) == 1
        weights = [np.array([list(map(float, u)) for u in layer]) for layer in network.layers]
        points = np.array(rows, dtype=float)
        assert np.array_equal(forward(weights, points, step), bits)
        assert np.abs(forward(weights, points, sigmoid) - bits).max() < 5e-5
        for layer in weights[:1]:
            assert np.abs(np.hstack([np.ones((len(rows), 1)), points]) @ layer.T).min() >= 10
    # Muroga (1971): of the 256 functions of three inputs 104 are threshold functions.
    assert single == 104


def test_the_terms_are_as_few_as_can_be() -> None:
    """All functions of three inputs, against every set of terms in the order of their number."""
    every = list(product((0, 1, None), repeat=3))
    random = Random(5)
    rows = bit_rows(3)
    reach = {term: frozenset(row for row in rows if holds(term, row)) for term in every}
    for _ in range(40):
        ones = frozenset(row for row in rows if random.random() < 0.5)
        if not ones:
            continue
        found = cover({row: int(row in ones) for row in rows})
        assert frozenset().union(*(reach[term] for term in found)) == ones
        fewer = fewest(ones, [cells for cells in reach.values() if cells <= ones])
        assert len(found) == fewer


def fewest(ones: frozenset[Any], cells: Sequence[frozenset[Any]]) -> int:
    """The least number of sets with that union, breadth first."""
    reached: set[frozenset[Any]] = {frozenset()}
    count = 0
    while ones not in reached:
        reached = {have | more for have in reached for more in cells}
        count += 1
    return count


@pytest.mark.parametrize(
    ("formula", "weights"),
    [
        ("x1 AND x2", [[[-30, 20, 20]]]),
        ("x1 OR x2", [[[-10, 20, 20]]]),
        ("NOT x1", [[[10, -20]]]),
        ("NOT x1 AND NOT x2", [[[10, -20, -20]]]),
        ("majority", [[[-30, 20, 20, 20]]]),
        ("XNOR", [[[-30, 20, 20], [10, -20, -20]], [[-10, 20, 20]]]),
    ],
)
def test_weights_as_taught(formula: str, weights: list[list[list[int]]]) -> None:
    found = matrices(solved(formula=formula))
    assert [layer.tolist() for layer in found] == weights


def test_the_proof_against_one_unit_adds_up() -> None:
    """Both sums of inequalities are the same form in b and w, for all functions of three inputs."""
    for bits in list(product((0, 1), repeat=8))[::7]:
        rows = bit_rows(3)
        terms = [
            " AND ".join(f"{'' if bit else 'NOT '}x{n}" for n, bit in enumerate(row, 1))
            for row, wanted in zip(rows, bits, strict=True)
            if wanted
        ]
        if not terms:
            continue
        derivation = solved(formula=" OR ".join(terms))
        proof = [s for s in derivation.steps if s.rule == "show that one unit is not enough"]
        for found in proof:
            above, below = (block for block in found.blocks if isinstance(block, Chain))
            assert [relation for relation, _ in (*above.links, *below.links)][1::2] == [">=", "<"]
            members = [*above.members[:2], *below.members[:2]]
            assert all(same(members[0], member) for member in members[1:])


# Steps of one variable.


def test_random_functions_in_steps() -> None:
    random = Random(6)
    for _ in range(50):
        places = sorted({random.randint(-20, 20) / 4 for _ in range(random.randint(1, 6))})
        levels = [random.randint(-9, 9) / 2 for _ in places]
        before = random.choice([None, random.randint(-3, 3)])
        rows: list[list[Any]] = [["-inf", before]] if before is not None else []
        rows += [[place, level] for place, level in zip(places, levels, strict=True)]
        weights = matrices(solved(steps=rows))
        x = np.array([*np.linspace(-6, 6, 131), *places])
        wanted = [([before or 0, *levels])[sum(place <= at for place in places)] for at in x]
        found = forward(weights, x[:, None], step, lambda z: z)
        assert np.allclose(found, wanted, atol=1e-12)


# Linear networks.


def test_random_linear_networks_against_numpy() -> None:
    random = Random(7)
    for trial in range(60):
        sizes = [random.randint(1, 3) for _ in range(random.randint(3, 5))]
        column = trial % 3 == 0
        weights = [
            [[random.randint(-9, 9) / 2 for _ in range(reads + column)] for _ in range(gives)]
            for reads, gives in pairwise(sizes)
        ]
        biases = [[random.randint(-9, 9) / 4 for _ in range(gives)] for gives in sizes[1:]]
        given: dict[str, Any] = {"weights": weights, "activation": "identity"}
        if column:
            given["bias_column"] = True
        elif trial % 3 == 1:
            given["biases"] = biases
        derivation = solved(**given)
        x = np.array([random.random() for _ in range(sizes[0])])
        out = x
        for number, matrix in enumerate(weights):
            theta = np.array(matrix)
            if column:
                out = theta[:, 0] + theta[:, 1:] @ out
            else:
                out = theta @ out + (np.array(biases[number]) if "biases" in given else 0)
        (found,) = matrices(derivation)
        if column:
            one = found[:, 0] + found[:, 1:] @ x
        else:
            bias = np.array(value(derivation, "biases")[0], float) if "biases" in given else 0
            one = found @ x + bias
        assert np.allclose(one, out, rtol=1e-12, atol=1e-9)


# Sizes and the likelihood.


@pytest.mark.parametrize(
    ("sizes", "column", "written"),
    [
        ("3, n, 1", False, "5n + 1"),
        ("3, n, 1", True, "5n + 1"),
        ("n, n, 2", False, "n·n + 3n + 2"),
        ("2n, n, 4", False, "2n·n + 5n + 4"),
    ],
)
def test_like_terms_are_counted_together(sizes: str, column: bool, written: str) -> None:
    answer = solved(sizes=sizes, bias_column=column).answer("parameter_count")
    assert answer is not None
    assert one_line(answer.maths) == written


def test_sizes_in_letters_agree_with_those_in_numbers() -> None:
    letters = solved(sizes="n*d, h, V")
    count = value(letters, "parameter_count")
    numbers = {"n": 4, "d": 100, "h": 200, "V": 10000}
    layers = [numbers["n"] * numbers["d"], numbers["h"], numbers["V"]]
    assert value(solved(sizes=layers), "parameter_count") == 400 * 200 + 200 + 200 * 10000 + 10000
    at = {Symbol(name): Fraction(number) for name, number in numbers.items()}
    assert evaluate(count, at) == 400 * 200 + 200 + 200 * 10000 + 10000


def test_the_chain_to_the_gradient_of_the_cross_entropy() -> None:
    derivation = solved(loss="binary-cross-entropy", output_activation="sigmoid")
    gradient = derivation.steps[-1].blocks[-1]
    assert isinstance(gradient, Chain)
    _, _, *members = gradient.members
    assert len(members) == 3
    assert all(same(members[0], member) for member in members[1:])


OUTPUTS: dict[str, Callable[[Array], Array]] = {
    "binary-cross-entropy": sigmoid,
    "cross-entropy": lambda z: np.exp(z) / np.exp(z).sum(),
    "half-squared-error": lambda z: z,
}


@pytest.mark.parametrize("loss", OUTPUTS)
def test_the_derived_gradient_by_differences(loss: str) -> None:
    """h − y is the slope of the answered loss in z, one example, by central differences."""
    derivation = solved(loss=loss)
    cost, deltas = value(derivation, "loss"), value(derivation, "deltas")

    def total(z: Array) -> float:
        pairs = zip(y, OUTPUTS[loss](z), strict=True)
        return sum((number(cost, t, float(h)) for t, h in pairs), 0.0)

    z, y = np.array([0.5, -1.0, 2.0]), (Fraction(0), Fraction(1), Fraction(0))
    for place, direction in enumerate(np.eye(3) * 1e-6):
        slope = (total(z + direction) - total(z - direction)) / 2e-6
        claimed = number(deltas, y[place], float(OUTPUTS[loss](z)[place]))
        assert slope == pytest.approx(claimed, abs=1e-6)


def number(formula: Expr, y: Fraction, h: float) -> float:
    found = evaluate(formula, {Y: y, H: h})
    assert not isinstance(found, tuple)
    return to_float(found)


# What has no meaning together.


def test_the_cross_entropy_of_a_sigmoid_is_derived_from_a_coin() -> None:
    plain = solved(loss="cross-entropy", output_activation="sigmoid")
    assert value(plain, "loss") == value(solved(loss="binary-cross-entropy"), "loss")
    assert value(plain, "loss") != value(solved(loss="cross-entropy"), "loss")


def test_fields_that_do_not_go_together() -> None:
    region = "x1 > 0"
    assert complaint(region=region, x=[1]) == "x has no meaning beside region"
    assert "give one of them" in complaint(region=region, formula="XOR")
    assert "sharp" in complaint(region=region, activation="sigmoid")
    assert "adds up" in complaint(steps="0 1", output_activation="sigmoid")
    assert "all step or all sigmoid" in complaint(formula="XOR", activation="relu")
    assert "beside sizes" in complaint(sizes="3, 1", loss="hinge")
    assert "without x" in complaint(weights=[[[1]], [[2]]], activation="identity", targets=[1])
    assert "comes from softmax" in complaint(loss="cross-entropy", output_activation="identity")
    assert "a likelihood leads to" in complaint(loss="hinge")
