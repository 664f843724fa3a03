"""Designs of regions, unions, steps and formulas that students hand in: right and wrong ones."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from mlcalc.files.document import Entries, from_plain
from mlcalc.files.errors import Place, Unsolved
from mlcalc.marking.checking import check_named
from mlcalc.marking.exercise import solve
from mlcalc.showing.derivation import Checked, Derivation
from tests.conftest import Ran
from tests.marking.asking import key, one

Given = dict[str, Any]

BOX = {"region": "x1 > 0, x1 < 5, x2 > 0, x2 < 2"}
HALF = {"region": "x1 >= 0"}
THIRD = {"region": "x1 > 0, x1 < 1/3"}
POINT = {"region": "x1 >= 2, x1 <= 2"}
CUBE = {"region": "0 < x1 < 1, 0 < x2 < 1, 0 < x3 < 1"}
ELL = {"pieces": ["0 < x1 < 1, 0 < x2 < 3", "0 < x1 < 3, 0 < x2 < 1"]}
AND, XOR = {"formula": "x1 AND x2"}, {"formula": "x1 XOR x2"}
XOR_SIGMOID, XOR_STEP = XOR | {"activation": "sigmoid"}, XOR | {"activation": "step"}
STAIRS = {"steps": "0 2; 1 5; 3 0"}
APART = {"bias_column": False}

SIX = "[[0,1,0], [1,-1,0], [3,-1,0], [0,0,1], [1,0,-1], [3,0,-1]]"
"""The six sides of the L."""

CLAIMS = [
    # One half-plane; its edge belongs to it, and a unit that is turned leaves it out.
    (HALF, "[[[0, 1]]]", True),
    (HALF, "[[0, 7]]", True),
    (HALF, "[0, 0.5]", True),
    (HALF, "[[[0, -1]]]", False),
    (HALF, "[[[1/100, 1]]]", False),
    (HALF, "[[[0, -1]], [[1/2, -1]]]", False),
    (HALF, "[[[0, 0]]]", False),
    (HALF, "[[[0, 1], [0, 1]]]", False),  # two outputs
    (HALF, "[[[0, 1, 0]]]", False),  # two inputs
    ({"region": "x1 > 0"}, "[[[0, -1]], [[1/2, -1]]]", True),  # leaves out the edge, rightly
    ({"region": "x1 > 0"}, "[[[0, 1]], [[-1/2, 1]]]", True),
    ({"region": "x1 > 0"}, "[[[0, 1]], [[1/2, 1]]]", False),
    # A rectangle: reordered, scaled, more units, more layers, NOT of the other sides.
    (BOX, "[[[0,1,0], [5,-1,0], [0,0,1], [2,0,-1]], [[-3.5,1,1,1,1]]]", True),
    (BOX, "[[[0,0,1], [20,0,-10], [5,-1,0], [0,1/3,0]], [[-7,2,2,2,2]]]", True),
    (BOX, "[[[0,1,0], [5,-1,0], [0,0,1], [2,0,-1], [9,1,1]], [[-3.5,1,1,1,1,0]]]", True),
    (BOX, "[[[0,1,0], [5,-1,0], [0,0,1], [2,0,-1]], [[-1.5,1,1,0,0], [-1.5,0,0,1,1]], "
          "[[-1.5,1,1]]]", True),
    (BOX, "[[[0,-1,0], [-5,1,0], [0,0,-1], [-2,0,1]], [[0,-1,-1,-1,-1]]]", True),
    (BOX, "[[[0,1,0], [5.001,-1,0], [0,0,1], [2,0,-1]], [[-7,2,2,2,2]]]", True),  # rounded
    (BOX, "[[[0,1,0], [5.1,-1,0], [0,0,1], [2,0,-1]], [[-3.5,1,1,1,1]]]", False),
    (BOX, "[[[0,1,0], [5,-1,0], [0,0,1], [3,0,-1]], [[-3.5,1,1,1,1]]]", False),
    (BOX, "[[[0,1,0], [5,-1,0], [0,0,1], [2,0,-1]], [[-2.5,1,1,1,1]]]", False),
    (BOX, "[[[0,1,0], [5,-1,0], [0,0,1], [2,0,-1]], [[-4.5,1,1,1,1]]]", False),  # never 1
    (BOX, "[[[0,1,0], [5,-1,0], [0,0,1]], [[-2.5,1,1,1]]]", False),  # a side is missing
    (BOX, "[[[0,0,1], [5,0,-1], [0,1,0], [2,-1,0]], [[-3.5,1,1,1,1]]]", False),  # x1 for x2
    (BOX, "[[[0,1,0], [5,-1,0], [0,0,1], [2,0,-1]], [[-3.5,1,1,1]]]", False),  # do not chain
    # A point of closed sides, which a small margin would make an interval.
    (POINT, "[[[-2,1], [2,-1]], [[-2,1,1]]]", True),
    (POINT, "[[[-6,3], [2,-1]], [[-1.5,1,1]]]", True),
    (POINT, "[[[-1.99,1], [2.01,-1]], [[-2,1,1]]]", False),
    (POINT, "[[[-2,1], [2,-1]], [[-1,1,1]]]", False),
    # Numbers that cannot be written in full.
    (THIRD, "[[[1,-3], [0,1]], [[-1.5,1,1]]]", True),
    (THIRD, "[[[0.3333,-1], [0,1]], [[-1.5,1,1]]]", True),
    (THIRD, "[[[0.3,-1], [0,1]], [[-1.5,1,1]]]", False),
    # Three inputs, six sides.
    (CUBE, "[[[1,-1,0,0], [1,0,-1,0], [1,0,0,-1], [0,1,0,0], [0,0,1,0], [0,0,0,1]], "
           "[[-6,1,1,1,1,1,1]]]", True),
    (CUBE, "[[[1,-1,0,0], [1,0,-1,0], [1,0,0,-1], [0,1,0,0], [0,0,1,0], [0,0,0,1]], "
           "[[-5,1,1,1,1,1,1]]]", False),
    # An L: the union of its bars; and with one layer less, since no two of x1 > 1, x2 > 1 are on.
    (ELL, f"[{SIX}, [[-3.5,1,1,0,1,0,1], [-3.5,1,0,1,1,1,0]], [[-0.5,1,1]]]", True),
    (ELL, f"[{SIX}, [[-3.5,1,0,1,1,1,0], [-7,2,2,0,2,0,2]], [[-1,3,1]]]", True),
    (ELL, f"[{SIX}, [[-9,2,1,2,2,1,2]]]", True),
    (ELL, f"[{SIX}, [[-8,2,1,2,2,1,2]]]", False),  # the corner [1, 3] × [1, 3] too
    (ELL, f"[{SIX}, [[-3.5,1,1,0,1,0,1], [-3.5,1,0,1,1,1,0]], [[-1.5,1,1]]]", False),  # AND
    (ELL, f"[{SIX}, [[-3.5,1,1,0,1,0,1]]]", False),  # one bar
    # Formulas: as steps or as sigmoids where neither is said. At (1, 0) both hidden sigmoids are
    # 1/(1 + e⁻¹) = 0.731, and 4·0.731 − 3 < 0; with ten times the weights they are nearly 1.
    (AND, "[[[-1.5, 1, 1]]]", True),
    (AND, "[[[-2, 1, 1]]]", True),  # 0 is 1 for a step
    (AND | {"activation": "sigmoid"}, "[[[-2, 1, 1]]]", False),  # and one half for a sigmoid
    (AND, "[[[-0.5, 1, 1]]]", False),
    (XOR, "[[[-1,2,2], [3,-2,-2]], [[-3,2,2]]]", True),
    (XOR_STEP, "[[[-1,2,2], [3,-2,-2]], [[-3,2,2]]]", True),
    (XOR_SIGMOID, "[[[-1,2,2], [3,-2,-2]], [[-3,2,2]]]", False),
    (XOR_SIGMOID, "[[[-10,20,20], [30,-20,-20]], [[-30,20,20]]]", True),
    (XOR_SIGMOID, "[[[30,-20,-20], [-10,20,20]], [[-30,20,20]]]", True),
    (XOR, "[[[-10,20,20], [30,-20,-20]], [[-10,20,20]]]", False),
    # Steps: another layer between, which passes on what it gets.
    (STAIRS, "[[[-3,1], [-2,2], [0,7]], [[0,-5,3,2]]]", True),
    (STAIRS, "[[[0,1], [-1,1], [-3,1]], [[-1,1,0,0], [-1,0,1,0], [-1,0,0,1]], [[0,2,3,-5]]]", True),
    (STAIRS, "[[[0,1], [-1,1], [-3,1]], [[-1,1,0,0], [-1,0,1,0], [-1,0,0,1]], [[0,2,5,0]]]", False),
    (STAIRS, "[[[0,1], [-1,1]], [[0,2,3]]]", False),  # stays at 5
    (STAIRS, "[[[0,-1], [-1,1], [-3,1]], [[2,-2,3,-5]]]", False),  # 0 at x = 0 itself
    (STAIRS, "[[[2,1]]]", False),
    ({"steps": "1/3 1"}, "[[[-0.3333,1], [4,1]], [[0,1,0]]]", True),
    ({"steps": "1/3 1"}, "[[[-0.3,1]], [[0,1]]]", False),
]  # fmt: skip


def derived(given: Given) -> Derivation:
    return solve("mlp", from_plain(given, Place("test")))  # type: ignore[arg-type]


def checked(derivation: Derivation, **claims: Any) -> tuple[Checked, ...]:
    raw = from_plain(claims, Place("answer"))
    assert isinstance(raw, Entries)
    return check_named(raw, derivation)


@pytest.mark.parametrize(("given", "claim", "is_right"), CLAIMS)
def test_what_is_designed(given: Given, claim: str, is_right: bool) -> None:
    (found,) = checked(derived(given), weights=claim)
    assert found.verdict.value == ("right" if is_right else "wrong"), found.remark


@pytest.mark.parametrize(("given", "claim", "is_right"), CLAIMS)
def test_with_the_biases_apart(given: Given, claim: str, is_right: bool) -> None:
    """The same networks as weights and biases, whichever of the two was asked for."""
    layers = json.loads(re.sub(r"-?[0-9.]+/[0-9]+", lambda m: f'"{m[0]}"', claim))
    if not isinstance(layers[0], list) or not isinstance(layers[0][0], list):
        layers = [[layers] if not isinstance(layers[0], list) else layers]
    weights = [[row[1:] for row in rows] for rows in layers]
    biases = [[row[0] for row in rows] for rows in layers]
    for question in (given, given | APART):
        derivation = derived(question)
        two = checked(derivation, weights=weights, biases=biases)
        both = checked(derivation, weights={"weights": weights, "biases": biases})
        assert {found.verdict.value for found in two} <= ({"right"} if is_right else
                                                          {"right", "wrong"})  # fmt: skip
        assert any(found.verdict.value == "wrong" for found in two) is not is_right
        assert both[0].verdict.value == ("right" if is_right else "wrong")


APART_CLAIMS = [
    # Where only one of the two is said, what is not ours is open, unless it works with the other.
    ({"weights": "[[[1], [-1]], [[1, 1]]]"}, "right"),
    ({"biases": "[[0, 5], [-1.5]]"}, "right"),
    ({"weights": "[[[3], [-1]], [[1, 1]]]"}, "right"),  # with our biases
    ({"weights": "[[[1], [-1]], [[2, 2]]]"}, "undecided"),  # with −3 for the last
    ({"biases": "[[0, 5], [-2]]"}, "right"),  # with our weights
    ({"weights": "[[[-1], [1]], [[1, 1]]]"}, "undecided"),  # with 5 and 0 for the sides
    ({"biases": "[[5, 0], [-1.5]]"}, "undecided"),
    # In one text, as on the board, in any order; or Θ, which holds both.
    ({"weights": "W1 = [-1; 1], b1 = [5; 0], W2 = [1, 1], b2 = -2"}, "right"),
    ({"weights": "W₁ = [-1; 1], W₂ = [1, 1], b₁ = [5; 0], b₂ = -1"}, "wrong"),
    ({"biases": "b1 = [5; 0], W1 = [-1; 1], b2 = -2, W2 = [1, 1]"}, "right"),
    ({"weights": "[[[5, -1], [0, 1]], [[-1.5, 1, 1]]]"}, "right"),
    ({"weights": "[[[5, -1], [0, 1]], [[-0.5, 1, 1]]]"}, "wrong"),
    ({"weights": "[[[1], [-1]], [[1, 1, 1]]]"}, "wrong"),  # three of two units
]


@pytest.mark.parametrize(("claims", "verdict"), APART_CLAIMS)
def test_weights_or_biases_alone(claims: dict[str, str], verdict: str) -> None:
    (found,) = checked(derived({"region": "x1 > 0, x1 < 5"} | APART), **claims)
    assert found.verdict.value == verdict, found.remark


@pytest.mark.parametrize("given", [BOX, HALF, THIRD, CUBE, ELL, AND, XOR, STAIRS])
@pytest.mark.parametrize("more", [{}, APART])
def test_what_is_printed_is_right(
    given: Given, more: Given, run: Callable[..., Ran], tmp_path: Path
) -> None:
    """The answers of JSON in each of its forms, and the answer block as it stands."""
    file = tmp_path / "design.json"
    file.write_text(json.dumps({"kind": "mlp", "given": given | more}))
    found = json.loads(run("solve", str(file), "--json").out)["answers"]
    claims = [(name, form) for name, forms in found.items() for form in forms.values()]
    for style in ("text", "terminal"):
        shown = run("solve", str(file), "--format", style).out
        block = re.split(r"\n\s*(?:Notes|╰)", re.split(r"Answer.*\n", shown)[1])[0]
        for stanza in re.split(r"\n[│ ]*\n" if "⎡" in block else r"\n(?=[│ ]*biases  )", block):
            claims += [(name, stanza) for name in found if re.search(rf"\b{name}  ", stanza)]
    for line in run("solve", str(file), "--quiet").out.splitlines():
        if line.partition(":")[0] in found:
            claims.append((line.partition(":")[0], line))
    assert len(claims) > 9
    derivation = derived(given | more)
    for name, claim in claims:
        (one,) = checked(derivation, **{name: claim})
        assert one.verdict.value == "right", (name, claim, one.remark)


KEY = """
- id: interval
  kind: mlp
  given: {region: 'x1 > 0, x1 < 5', bias_column: false}
  points: {weights: 1, biases: 1}
- id: box
  kind: mlp
  given: {region: 'x1 > 0, x1 < 5, x2 > 0, x2 < 2'}
"""


def test_in_a_class_both_are_tried_together() -> None:
    swapped = [[[-1], [1]], [[1, 1]]]
    found = one(key(KEY), {"interval": {"weights": swapped, "biases": [[5, 0], [-2]]}})
    assert [found[f"interval.{n}"][0].value for n in ("weights", "biases")] == ["right"] * 2
    found = one(key(KEY), {"interval": {"weights": swapped, "biases": [[0, 5], [-1]]}})
    assert [found[f"interval.{n}"][0].value for n in ("weights", "biases")] == ["wrong"] * 2
    sides = [[[0, -1], [0, 1], [-1, 0], [1, 0]], [[1, 1, 1, 1]]]
    for last, verdict in ((-4, "right"), (-3, "wrong")):
        claim = {"weights": sides, "biases": [[2, 0, 5, 0], [last]]}
        assert one(key(KEY), {"box": claim})["box.weights"][0].value == verdict


# Random networks, against points.

Side = tuple[int, int, str, int]
WORDS = {"<": "__lt__", ">": "__gt__", "<=": "__le__", ">=": "__ge__"}


def on_side(side: Side, point: Sequence[Fraction]) -> bool:
    a, b, sign, c = side
    total = a * point[0] + b * point[1]
    return bool(getattr(total, WORDS[sign])(Fraction(c)))


def output(layers: Sequence[Sequence[Sequence[int]]], point: Sequence[Fraction]) -> bool:
    values = list(point)
    for rows in layers:
        values = [Fraction(row[0] + sum(w * x for w, x in zip(row[1:], values, strict=True)) >= 0)
                  for row in rows]  # fmt: skip
    return values == [1]


def allowed(sides: Sequence[Side], point: Sequence[Fraction]) -> set[bool]:
    """What may be said there: on the edge of a strict side either."""
    closed = [(a, b, sign[0] + "=", c) for a, b, sign, c in sides]
    return {all(on_side(side, point) for side in group) for group in (sides, closed)}


def random_design(random: Random, sides: Sequence[Side]) -> list[list[list[int]]]:
    """A unit a side, sometimes turned, moved or doubled, and an AND of them that may miss."""
    rows, top = [], []
    for a, b, sign, c in sides:
        turn = 1 if ">" in sign else -1
        row = [-turn * c, turn * a, turn * b]
        weight = 1
        if random.random() < 0.15:
            row, weight = [-entry for entry in row], -1
        if random.random() < 0.05:
            row[0] += random.choice([-1, 1])
        rows.append([random.choice([1, 3]) * entry for entry in row])
        top.append(weight)
    if random.random() < 0.3:
        rows.append([random.randint(-3, 3) for _ in range(3)])
        top.append(0)
    return [rows, [[-sum(weight > 0 for weight in top) + (random.random() < 0.1), *top]]]


def test_random_designs_of_random_regions() -> None:
    """What is called right is right on a grid, edges and all; the point of a wrong one is one."""
    random = Random(11)
    axis = [Fraction(n, 4) for n in range(-24, 25)]
    grid = list(product(axis, axis))
    counts = {"right": 0, "wrong": 0}
    for _ in range(220):
        sides = [
            (random.choice([-1, 0, 1, 2]), random.choice([-1, 1]), random.choice(list(WORDS)),
             random.randint(-3, 3))
            for _ in range(random.randint(1, 3))
        ]  # fmt: skip
        text = ", ".join(f"{a}*x1 + {b}*x2 {sign} {c}" for a, b, sign, c in sides)
        if not any(a for a, *_ in sides):
            continue  # of x2 alone
        try:
            derivation = derived({"region": text})
        except Unsolved:
            continue  # empty
        layers = random_design(random, sides)
        (found,) = checked(derivation, weights=layers)
        counts[found.verdict.value] += 1
        if found.verdict.value == "right":
            assert all(output(layers, point) in allowed(sides, point) for point in grid)
        else:
            match = re.search(r"= \((\S+), (\S+)\), this says", found.remark)
            assert match is not None, found.remark
            point = [Fraction(text.replace("−", "-")) for text in match.groups()]
            assert output(layers, point) not in allowed(sides, point)
    assert counts["right"] > 20
    assert counts["wrong"] > 20
