"""Backpropagation against PyTorch's autograd and central differences, and what it refuses."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from mlcalc.files.document import from_plain
from mlcalc.files.errors import Invalid, Place, Unsolved
from mlcalc.marking.exercise import solve
from mlcalc.maths.board import Prose
from mlcalc.maths.compare import same
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.printing import Style, one_line
from mlcalc.maths.reader import read
from mlcalc.maths.records import Record
from mlcalc.maths.tree import (
    Call,
    Chain,
    Derivative,
    Expr,
    Matrix,
    Number,
    Shape,
    Symbol,
    substitute,
    walk,
    wrap,
)
from mlcalc.networks.backpropagation.conventions import of_operation
from mlcalc.networks.backpropagation.definitions import Body
from mlcalc.networks.backpropagation.fold import constants_within, folded
from mlcalc.networks.backpropagation.inference import inferred
from mlcalc.networks.backpropagation.passes import Known, backward, forward
from mlcalc.networks.backpropagation.shapes import NoValue
from mlcalc.showing.derivation import Block, Derivation, Picture, Step, Table
from mlcalc.showing.drawing import label_text
from mlcalc.showing.graphs import Graph
from tests.chains import carries_floats, closed_links, expressions, is_true

RANDOM_SCALARS = 1000
RANDOM_MATRICES = 200


def solved(expression: str, at: Mapping[str, Any] | None = None, **more: Any) -> Derivation:
    given = {"expression": expression, **more} | ({} if at is None else {"at": at})
    return solve("backprop", from_plain(given, Place("test")))  # type: ignore[arg-type]


def value(derivation: Derivation, name: str) -> Any:
    answer = derivation.answer(name)
    assert answer is not None
    return answer.value


def lines(derivation: Derivation) -> list[str]:
    def of(step: Step) -> list[str]:
        return [one_line(block) for block in step.blocks if isinstance(block, Expr)]

    return [line for step in derivation.steps for line in of(step)]


def rows_of(block: Block) -> tuple[tuple[Prose | Expr, ...], ...]:
    return block.rows if isinstance(block, Table) else ()


def note_ids(derivation: Derivation) -> set[str]:
    return {note.id for note in derivation.notes}


def complaints(expression: str, at: Mapping[str, Any] | None = None, **more: Any) -> list[str]:
    with pytest.raises(Invalid) as caught:
        solved(expression, at, **more)
    return [complaint.message for complaint in caught.value.complaints]


# Random expressions in numbers.


class Scalars:
    """Random expressions without kinks near the point, and what PyTorch calls their parts."""

    FUNCTIONS = (
        "exp", "log", "sqrt", "abs", "sin", "cos", "tanh", "sigmoid", "relu", "leaky_relu"
    )  # fmt: skip

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def tree(self, depth: int) -> str:
        pick = self.random.random()
        if depth == 0 or pick < 0.12:
            is_letter = self.random.random() < 0.8
            return self.random.choice("xyzw") if is_letter else f"({self.number()})"
        if pick < 0.5:
            sign = self.random.choice("+-**/")
            return f"({self.tree(depth - 1)} {sign} {self.tree(depth - 1)})"
        if pick < 0.62:
            return f"({self.tree(depth - 1)})^{self.random.choice([2, 3, '(-1)'])}"
        if pick < 0.75:
            several = [self.tree(depth - 1) for _ in range(self.random.choice([2, 2, 3]))]
            return f"{self.random.choice(['max', 'min'])}({', '.join(several)})"
        return f"{self.random.choice(self.FUNCTIONS)}({self.tree(depth - 1)})"

    def number(self) -> Fraction:
        return Fraction(self.random.randint(-30, 30), 10)

    def point(self) -> dict[str, str]:
        return {name: str(float(self.number()) + 0.05) for name in "xyzw"}


def torch_functions(torch: Any) -> dict[str, Any]:
    """What the words of the expressions mean in PyTorch."""

    def extreme(pair: Callable[..., Any]) -> Callable[..., Any]:
        def of(*several: Any) -> Any:
            first, *others = (torch.as_tensor(s, dtype=torch.float64) for s in several)
            for other in others:
                first = pair(first, other)
            return first

        return of

    def lifted(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda x: function(torch.as_tensor(x, dtype=torch.float64))

    functional = torch.nn.functional
    words = {name: getattr(torch, name) for name in Scalars.FUNCTIONS if hasattr(torch, name)}
    words |= {
        "relu": functional.relu,
        "leaky_relu": functional.leaky_relu,
        "softmax": lambda z: functional.softmax(z, dim=0),
        "var": lambda z: z.var(unbiased=False),
        "mean": torch.mean,
        "sum": torch.sum,
        "erf": torch.erf,
        "cross_entropy": lambda p, t: -(t * torch.log(p)).sum(),
        "layernorm": lambda z: (z - z.mean()) / torch.sqrt(z.var(unbiased=False)),
        "batchnorm": lambda z, e: (z - z.mean()) / torch.sqrt(z.var(unbiased=False) + e),
    }
    lifted_words = {name: lifted(f) for name, f in words.items() if name in Scalars.FUNCTIONS}
    return words | lifted_words | {"max": extreme(torch.maximum), "min": extreme(torch.minimum)}


def autograd(expression: str, at: Mapping[str, Any], torch: Any) -> tuple[Any, dict[str, Any]]:
    """The value and the gradients by PyTorch, of an expression that this file made."""
    leaves = {
        name: torch.tensor(plain(v), dtype=torch.float64, requires_grad=True)
        for name, v in at.items()
    }
    columns = {n: v.reshape(-1, 1) if v.dim() == 1 else v for n, v in leaves.items()}
    result = eval(expression.replace("^", "**"), {**torch_functions(torch), **columns})
    result.sum().backward()
    zeros = {name: torch.zeros_like(v) for name, v in leaves.items()}
    found = {n: zeros[n] if v.grad is None else v.grad for n, v in leaves.items()}
    return result.detach().numpy(), {name: g.numpy() for name, g in found.items()}


def plain(found: Any) -> Any:
    return [plain(item) for item in found] if isinstance(found, list | tuple) else float(found)


def kept(expression: str, at: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the variables that occur."""
    names = {s.spelled for s in walk(read(expression)) if isinstance(s, Symbol)}
    return {name: v for name, v in at.items() if name in names}


class Passes(Record):
    """A random expression at a point, and what both passes find, not written out."""

    expression: str
    tree: Expr
    at: dict[str, str]
    value: float
    gradients: dict[str, float]
    has_kink: bool


def passes(expression: str, at: dict[str, str]) -> Passes:
    """Raises `NoValue`."""
    tree = read(expression)
    graph = folded(Body(None, tree), constants_within(()))
    inputs = {name: Known(((number,),), Number(number)) for name, number in exact(at).items()}
    known = forward(graph, inputs, wrap)
    found = backward(graph, known, Known(((Fraction(1),),), Number(Fraction(1))), wrap)
    slopes = {g.name.spelled: float(g.value.rows[0][0]) for g in found}
    ids = [note.id for o in graph.operations for note in of_operation(o, known, ())]
    return Passes(
        expression,
        tree,
        at,
        float(known.values[graph.output].rows[0][0]),
        {name: slopes[name] for name in at},
        any("tie" in name or "at_zero" in name for name in ids),
    )


@pytest.fixture(scope="module")
def scalars() -> list[Passes]:
    found: list[Passes] = []
    seed = 0
    while len(found) < RANDOM_SCALARS:
        seed += 1
        maker = Scalars(seed)
        expression = maker.tree(4)
        at = kept(expression, maker.point())
        try:
            one = passes(expression, at) if at else None
        except NoValue:
            continue  # log of a negative number, a quotient of zero
        if one is not None and abs(one.value) <= 1e6:
            found.append(one)
    return found


def exact(at: Mapping[str, str]) -> dict[Symbol, Fraction]:
    return {Symbol(name): Fraction(text) for name, text in at.items()}


def test_random_expressions_agree_with_autograd(scalars: list[Passes]) -> None:
    torch = pytest.importorskip("torch")
    compared = 0
    for one in scalars:
        if one.has_kink:
            continue
        result, gradients = autograd(one.expression, one.at, torch)
        assert math.isclose(one.value, result, rel_tol=1e-9, abs_tol=1e-9)
        for name, ours in one.gradients.items():
            theirs = float(gradients[name])
            assert math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9), (one, name)
        compared += 1
    assert compared > 0.9 * RANDOM_SCALARS


def test_random_expressions_agree_with_central_differences(scalars: list[Passes]) -> None:
    """(f(x + h) − f(x − h))/2h; two steps tell where a kink is too near."""
    compared = 0
    for one in scalars:
        if one.has_kink:
            continue
        point = {name: float(number) for name, number in exact(one.at).items()}
        for name, ours in one.gradients.items():
            try:
                slopes = [slope(one.tree, point, Symbol(name), h) for h in (1e-5, 3e-6)]
            except EvaluationError:
                continue
            size = max(1.0, abs(slopes[0]), abs(one.value))
            if abs(slopes[0] - slopes[1]) > 1e-6 * size:
                continue
            assert abs(slopes[1] - ours) <= 1e-5 * size, (one, name)
            compared += 1
    assert compared > 2 * RANDOM_SCALARS


def slope(tree: Expr, at: Mapping[Symbol, float], name: Symbol, h: float) -> float:
    ends = [evaluate(tree, {**at, name: at[name] + step}) for step in (h, -h)]
    return (float(ends[0]) - float(ends[1])) / (2 * h)  # type: ignore[arg-type]


def test_every_line_of_random_answers_is_true(scalars: list[Passes]) -> None:
    """A tenth of the expressions, written out."""
    checked = 0
    for one in scalars[::10]:
        expression, derivation = one.expression, solved(one.expression, one.at)
        assert value(derivation, "gradients") == pytest.approx(one.gradients, rel=1e-12)
        for line in expressions(derivation):
            for left, relation, right, a, b in closed_links(line):
                rounded = carries_floats(left) or carries_floats(right)
                assert is_true(a, relation, b, rounded), (expression, one_line(line))
                checked += 1
    assert checked > RANDOM_SCALARS


MATRICES = [
    "u.T @ relu(W @ x + b)",
    "sum(tanh(W @ x + b) * u)",
    "sum((A @ W).T @ b)",
    "x.T @ x * c + sum(x)",
    "x.T @ A @ x",
    "sum(sigmoid(W @ x) - t)^2",
    "cross_entropy(softmax(W @ x + b), t)",
    "mean((W @ x - u)^2)",
    "var(W @ x) * c",
    "sum(batchnorm(x, 0.1) * x)",
    "sum(layernorm(W @ x) * u)",
    "sum(c * x / (1 + x^2))",
    "sum(exp(-W) * W)",
    "sum(A @ A @ W @ x)",
    "sum(abs(W @ x) + leaky_relu(b) + c)",
    "sum(u @ x.T * W)",
    "u.T @ (W @ x + b) + c * u.T @ (W @ x + b)",
    "sum(softmax(c * u) * t)",
    "sum(W.T @ u - x) + sum(erf(x))",
    "W @ x + b",
    "sigmoid(W @ x)",
    "sum(max(u, b) * min(W @ x, c))",
]


def random_at(draw: random.Random) -> dict[str, Any]:
    """u, b, t of 3, x of 2, W of 3×2, A of 2×2 or 3×3 as it fits, c a number."""

    def numbers(count: int) -> list[str]:
        return [str(draw.randint(-25, 25) / 10 + 0.01 * draw.randint(1, 9)) for _ in range(count)]

    at: dict[str, Any] = {name: numbers(3) for name in ("u", "b")}
    at |= {"x": numbers(2), "W": [numbers(2) for _ in range(3)], "c": numbers(1)[0]}
    at["t"] = ["0", "1", "0"]
    return at


def test_random_matrices_agree_with_autograd() -> None:
    torch = pytest.importorskip("torch")
    draw = random.Random(7)
    for number in range(RANDOM_MATRICES):
        expression = MATRICES[number % len(MATRICES)]
        at = random_at(draw)
        size = 2 if "x.T @ A" in expression else 3
        at["A"] = [[str(draw.randint(-9, 9) / 4) for _ in range(size)] for _ in range(size)]
        at = kept(expression, at)
        derivation = solved(expression, at)
        result, gradients = autograd(expression, at, torch)
        ours = np.array(value(derivation, "value"), dtype=float)
        assert np.allclose(ours.ravel(), result.ravel(), rtol=1e-9, atol=1e-12), expression
        for name, found in value(derivation, "gradients").items():
            gradient = np.array(found, dtype=float)
            assert gradient.shape == gradients[name].shape, (expression, name)
            assert np.allclose(gradient, gradients[name], rtol=1e-9, atol=1e-11), (expression, name)
        for line in expressions(derivation) if number < 2 * len(MATRICES) else ():
            for left, relation, right, a, b in closed_links(line):
                rounded = carries_floats(left) or carries_floats(right)
                assert is_true(a, relation, b, rounded), (expression, one_line(line))


UNCLEAR = {e for e in MATRICES if "A" in e or e.endswith("+ c)") or "c * u)" in e}
"""Without values A is no square matrix, and c may be a vector."""

# Formulas.

FORMULAS = {
    "(x + y)*max(y, z)": {"x": "max(y, z)", "z": "(x + y)*indicator(z > y)"},
    "sigmoid(w*x + b)": {"b": "sigmoid(w*x + b)*(1 - sigmoid(w*x + b))"},
    "x*y + x^2*sin(y)": {"x": "y + 2*x*sin(y)", "y": "x + x^2*cos(y)"},
    "1/(1 + exp(-x))": {"x": "exp(-x)/(1 + exp(-x))^2"},
    "x^y": {"x": "y*x^(y - 1)", "y": "x^y*log(x)"},
    "x*x*x": {"x": "3*x^2"},
    "log(exp(a) + exp(b))": {"a": "exp(a)/(exp(a) + exp(b))"},
    "sqrt(x^2 + y^2)": {"x": "x/sqrt(x^2 + y^2)"},
    "tanh(v*tanh(w*x))": {"w": "(1 - tanh(v*tanh(w*x))^2)*v*(1 - tanh(w*x)^2)*x"},
    "sum(w_i*i, i, 1, 3)": {"w_i": "6"},
}


@pytest.mark.parametrize("expression", FORMULAS)
def test_formulas(expression: str) -> None:
    gradients = value(solved(expression), "gradients")
    for name, formula in FORMULAS[expression].items():
        assert same(gradients[name], read(formula)) is True, name


def test_formulas_agree_with_the_numbers() -> None:
    """What the chain rule gives in letters has the value that the backward pass computes."""
    compared = 0
    for seed in range(60):
        maker = Scalars(seed)
        expression = maker.tree(3)
        at = kept(expression, maker.point())
        try:
            numbers = value(solved(expression, at), "gradients") if at else {}
        except Unsolved:
            continue
        formulas = value(solved(expression), "gradients") if numbers else {}
        for name, number in numbers.items():
            found = evaluate(formulas[name], exact(at))
            assert isinstance(found, Fraction | float)
            assert math.isclose(found, number, rel_tol=1e-9, abs_tol=1e-9), (expression, name)
            compared += 1
    assert compared > 40


def test_every_member_of_a_symbolic_chain_is_equal() -> None:
    derivation = solved("(x + y)*max(y, z)")
    names = {Symbol("a"): read("x + y"), Symbol("b"): read("max(y, z)")}
    compared = 0
    for line in expressions(derivation):
        chains = [p for p in walk(line) if isinstance(p, Chain) and p.links[0][0] == "="]
        for chain in chains:
            members = [
                substitute(member, dict(names))
                for member in chain.members
                if not any(isinstance(p, Derivative) or p == Symbol("f") for p in walk(member))
            ]
            for member in members[1:]:
                assert same(members[0], member) is True, one_line(chain)
                compared += 1
    assert compared >= 5


@pytest.mark.parametrize("expression", [e for e in MATRICES if e not in UNCLEAR])
def test_matrix_formulas_agree_with_the_numbers(expression: str) -> None:
    """The formulas in matrices, at values, against the backward pass in numbers."""
    at = kept(expression, random_at(random.Random(expression)))
    numbers = value(solved(expression, at), "gradients")
    values = {Symbol(name): as_column(plain(typed)) for name, typed in at.items()}
    graph = folded(Body(None, read(expression)), constants_within(()))
    for name, (height, width) in inferred(graph).items():
        if name in values:
            found = values[name] if isinstance(values[name], tuple) else ((values[name],),)
            values |= {d: len(found) for d in [height] if isinstance(d, Symbol)}
            values |= {d: len(found[0]) for d in [width] if isinstance(d, Symbol)}
    for name, formula in value(solved(expression), "gradients").items():
        tree = with_ones(formula, values)
        ours = np.broadcast_to(
            np.array(evaluate(tree, values), dtype=float), np.array(as_rows(numbers[name])).shape
        )
        assert np.allclose(ours, np.array(as_rows(numbers[name]), dtype=float)), (expression, name)


def as_column(found: Any) -> Any:
    """A list as a column, a matrix as its rows, of tuples."""
    if not isinstance(found, list):
        return found
    return tuple(tuple(row) if isinstance(row, list) else (row,) for row in found)


def as_rows(found: Any) -> Any:
    if not isinstance(found, tuple):
        return ((found,),)
    return tuple(row if isinstance(row, tuple) else (row,) for row in found)


def with_ones(formula: Expr, values: Mapping[Symbol, Any]) -> Expr:
    """The formula with each ones(m×n) as a matrix."""
    ones: dict[Expr, Expr] = {}
    for part in walk(formula):
        match part:
            case Call("ones", (Shape((height, width)),)):
                sizes = [int(evaluate(side, values)) for side in (height, width)]  # type: ignore[arg-type]
                ones[part] = Matrix(((Number(Fraction(1)),) * sizes[1],) * sizes[0])
    return substitute(formula, ones)


# The worked answer.


def test_equal_parts_are_one_node_and_fan_out_is_a_sum() -> None:
    graph = folded(Body(None, read("(x + y)*(y + x) + sin(x + y)")), constants_within(()))
    assert [one_line(o.rule) for o in graph.operations] == ["x + y", "a·a", "sin a", "b + c"]
    text = lines(solved("(x + y)*max(y, z)", {"x": "1", "y": "2", "z": "0"}))
    assert "∂f/∂y = ∂f/∂a · ∂a/∂y + ∂f/∂b · ∂b/∂y = 2·1 + 3·1 = 2 + 3 = 5" in text


def test_names_do_not_clash_with_variables() -> None:
    graph = folded(Body(None, read("(a + b)*(c + f)*relu(z)")), constants_within(()))
    names = [o.name.spelled for o in graph.operations]
    assert not set(names) & {"a", "b", "c", "f", "z"}
    assert len(set(names)) == len(names)


def test_the_name_of_the_output_may_be_typed() -> None:
    assert lines(solved("J = x*y", {"x": "2", "y": "3"}))[0] == "J = x·y = 2·3 = 6"


@pytest.mark.parametrize(
    ("expression", "at", "expected", "note"),
    [
        ("max(x, y)", {"x": "2", "y": "2"}, {"x": 0, "y": 0}, "backprop.tie_of_max"),
        ("min(x, y)", {"x": "2", "y": "2"}, {"x": 0, "y": 0}, "backprop.tie_of_min"),
        ("max(x, y, 1)", {"x": "2", "y": "2"}, {"x": 0, "y": 0}, "backprop.tie_of_max"),
        ("max(x)", {"x": ["1", "3", "3"]}, {"x": (0, 0, 0)}, "backprop.tie_of_max"),
        ("relu(x)", {"x": "0"}, {"x": 0}, "backprop.relu_at_zero"),
        ("abs(x)", {"x": "0"}, {"x": 0}, "backprop.abs_at_zero"),
        ("leaky_relu(x)", {"x": "0"}, {"x": Fraction(1, 100)}, "backprop.leaky_relu_at_zero"),
        ("x*step(y)", {"x": "3", "y": "2"}, {"x": 1, "y": 0}, "backprop.flat"),
    ],
)
def test_kinks_and_ties(
    expression: str, at: dict[str, Any], expected: dict[str, Any], note: str
) -> None:
    derivation = solved(expression, at)
    assert value(derivation, "gradients") == expected
    assert note in note_ids(derivation)


def test_what_pytorch_does_at_ties_and_kinks_is_as_the_notes_say() -> None:
    torch = pytest.importorskip("torch")
    assert autograd("max(x, y)", {"x": 2, "y": 2}, torch)[1] == {"x": 0.5, "y": 0.5}
    for function, slope_at_zero in (("relu", 0.0), ("abs", 0.0), ("leaky_relu", 0.01)):
        found = autograd(f"{function}(x)", {"x": 0}, torch)[1]["x"]
        assert math.isclose(float(found), slope_at_zero)


def test_a_vector_output_takes_ones_or_the_upstream_gradient() -> None:
    at = {"W": [["1", "2"], ["0", "1"]], "x": ["1", "-1"]}
    ones = solved("W @ x", at)
    assert value(ones, "gradients")["x"] == (1, 3)
    assert "backprop.upstream_ones" in note_ids(ones)
    given = solved("W @ x", at, upstream=["2", "-1"])
    assert value(given, "gradients")["x"] == (2, 3)
    assert "backprop.upstream" in note_ids(given)


def test_cross_entropy_behind_softmax_gives_p_minus_t() -> None:
    at = {"z": ["1", "2", "0.5"], "t": ["0", "0", "1"]}
    weights = np.exp([1, 2, 0.5])
    wanted = weights / weights.sum() - np.array([0, 0, 1])
    found = value(solved("cross_entropy(softmax(z), t)", at), "gradients")["z"]
    assert np.allclose(np.array(found, dtype=float), wanted)
    assert "backprop.p_minus_t" in note_ids(solved("cross_entropy(softmax(z), t)", at))


def test_a_large_graph_has_its_tables_and_no_picture() -> None:
    expression = " + ".join(f"x_{i}*y_{i}" for i in range(20))
    at = {f"{letter}_{i}": "1" for letter in "xy" for i in range(20)}
    derivation = solved(expression, at)
    assert not derivation.pictures
    assert "backprop.graph_not_drawn" in note_ids(derivation)
    edges = [row for step in derivation.steps for b in step.blocks for row in rows_of(b)]
    assert sum(len(row) == 4 for row in edges) == 60


def test_a_small_graph_is_drawn_within_the_answer() -> None:
    derivation = solved("(x + y)*max(y, z)", {"x": "1", "y": "2", "z": "0"})
    drawn = [b for step in derivation.steps for b in step.blocks if isinstance(b, Picture)]
    assert drawn == list(derivation.pictures)


def labels(expression: str) -> list[str]:
    (picture,) = solved(expression).pictures
    assert isinstance(picture.drawing, Graph)
    return [label_text(node.label, Style()) for node in picture.drawing.nodes]


@pytest.mark.parametrize(
    ("expression", "gates"),
    [
        ("1/(1 + exp(-x))", ["x", "a: −", "b: exp", "c: + 1", "f: 1/c"]),
        ("2 - x/3", ["x", "a: ÷ 3", "f: 2 − a"]),
        ("3*(x - 1)", ["x", "a: − 1", "f: × 3"]),
        ("max(0, x)^2", ["x", "a: max(0, x)", "f: ^2"]),
        ("x - y", ["x", "y", "f: −"]),
        ("x + 1 + 2", ["x", "1", "2", "f: +"]),
    ],
)
def test_a_single_constant_is_part_of_its_gate(expression: str, gates: list[str]) -> None:
    assert labels(expression) == gates


def test_what_is_too_wide_to_draw_within_the_answer_is_a_table() -> None:
    at = {"W": [["1.111", "2.222"]] * 3, "x": ["1.5", "-1.5"], "b": ["0.11111"] * 3, "t": ["1"] * 3}
    derivation = solved("cross_entropy(softmax(W @ x + b), t)", at)
    blocks = [block for step in derivation.steps for block in step.blocks]
    assert not any(isinstance(block, Picture) for block in blocks)
    edges, nodes = (len(block.rows) for block in blocks if isinstance(block, Table))
    assert (edges, nodes) == (3, 8)  # W and x of the product, and what softmax reads
    assert derivation.pictures


def test_softmax_with_cross_entropy_gives_p_minus_t_in_letters() -> None:
    derivation = solved("cross_entropy(softmax(z), t)")
    assert one_line(value(derivation, "gradients")["z"]) == "sum(t)·softmax(z) − t"
    assert "backprop.p_minus_t" in note_ids(derivation)


def test_a_transposed_product_is_turned_factor_by_factor() -> None:
    assert one_line(value(solved("u.T @ W @ v"), "gradients")["v"]) == "Wᵀ u"


# What is refused.


@pytest.mark.parametrize(
    ("expression", "at", "message"),
    [
        ("x*y", {"x": "1"}, "y has no value"),
        ("x*zeta", {"x": "1", "zetta": "2"}, "did you mean 'zeta'?"),
        ("x", {"x": "1", "q": "2"}, "'q' is not in the expression; it has x"),
        ("W @ x", {"W": [["1", "2"]], "x": ["1", "2", "3"]}, "W is 1×2 and x is 3×1"),
        ("x + y", {"x": ["1", "2"], "y": ["1", "2", "3"]}, "x is 2×1 and y is 3×1"),
        ("u @ v", {"u": ["1", "2"], "v": ["1", "2"]}, "did you mean u.T @ v?"),
        ("x[3]", {"x": ["1", "2"]}, "there is no entry 3"),
        ("A^2", {"A": [["1", "2"], ["3", "4"]]}, "write A @ A"),
        ("x", {"x": "a"}, "the value of x has the letter a"),
        ("sum(x)", {"x": []}, "the value of x is empty"),
        ("cross_entropy(x, y)", {"x": "1", "y": "1"}, "for one output write"),
        ("softmax(A)", {"A": [["1", "2"], ["3", "4"]]}, "softmax takes a vector"),
    ],
)
def test_values_that_do_not_fit(expression: str, at: dict[str, Any], message: str) -> None:
    assert any(message in found for found in complaints(expression, at))


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("3 + 4", "no variable"),
        ("floor(x)", "floor is no function with a gradient here"),
        ("x = y = z", "expected an expression such as"),
        ("x[1]*x[2]", "entries such as x₁ need values"),
        ("u @ v", "the shapes of u v do not chain"),
        ("sum(x, i, 1, n)", "whole numbers"),
        ("*".join(f"(x + {i})" for i in range(400)), "more than 300 operations"),
    ],
)
def test_expressions_that_are_no_graph(expression: str, message: str) -> None:
    assert any(message in found for found in complaints(expression))


@pytest.mark.parametrize(
    ("expression", "at", "message"),
    [
        ("y*log(x - 1)", {"x": "1", "y": "2"}, "log(x − 1) = log 0: log is not defined at 0"),
        ("1/(x - y)", {"x": "1", "y": "1"}, "division by zero"),
        ("sqrt(x)", {"x": "0"}, "the slope of √x in x has no value there"),
        ("x^y", {"x": "-1", "y": "2"}, "log is not defined at -1"),
        ("exp(x)", {"x": "1000"}, "too large"),
    ],
)
def test_what_is_not_defined_there(expression: str, at: dict[str, str], message: str) -> None:
    with pytest.raises(Unsolved, match=r".") as caught:
        solved(expression, at)
    assert message in str(caught.value)


def test_the_base_of_a_constant_power_may_be_negative() -> None:
    assert value(solved("x^3", {"x": "-2"}), "gradients") == {"x": 12}


def test_large_numbers_stay_exact_up_to_a_limit_that_is_named() -> None:
    gradients = value(solved("x*y*z*w*v", dict.fromkeys("xyzwv", "1e90")), "gradients")
    assert gradients == dict.fromkeys("xyzwv", Fraction(10) ** 360)
    with pytest.raises(Invalid, match=re.escape("between 10^-100 and 10^100")):
        solved("x*y", {"x": "1e400", "y": "2"})


def test_a_long_fraction_is_carried_on_as_a_float() -> None:
    derivation = solved("(x^9)^9", {"x": "1/7"})
    assert "rounding.floats" in note_ids(derivation)
    assert math.isclose(value(derivation, "gradients")["x"], 81 / 7.0**80)
