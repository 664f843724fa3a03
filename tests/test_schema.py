"""The JSON Schema that editors use, against an independent validator: `jsonschema`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from mlcalc.cli.json_schema import schema
from mlcalc.kinds import kinds, load
from tests.conftest import PROBLEMS, ROOT, Ran

jsonschema = pytest.importorskip("jsonschema")

Run = Callable[..., Ran]
EVERY_KIND = schema(kinds())


def is_valid(document: Any, kind: str | None = None) -> bool:
    wanted = EVERY_KIND if kind is None else schema([kind])
    found: bool = jsonschema.Draft202012Validator(wanted).is_valid(document)
    return found


def loaded(text: str) -> Any:
    """As an editor reads it, with YAML's own types: 4 is a number, and so is 0.5."""
    return yaml.safe_load(text)


CONV = "{kind: conv-shape, given: {input: 4x4, kernel: 2}}"


def test_the_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(EVERY_KIND)
    for kind in kinds():
        jsonschema.Draft202012Validator.check_schema(schema([kind]))


@pytest.mark.parametrize("path", PROBLEMS, ids=lambda path: path.stem)
def test_every_shipped_file_is_valid(path: Any) -> None:
    document = loaded(path.read_text(encoding="utf-8"))
    jsonschema.validate(document, EVERY_KIND)


@pytest.mark.parametrize(
    "text",
    [
        CONV,
        f"[{CONV}, {CONV}]",
        f"{{title: Two, problems: [{CONV}]}}",
        "{kind: conv-shape, given: {input: [3, 8, 8], kernel: [3, 1], stride: S, ceil_mode: yes}}",
        "{kind: conv-shape, given: {input: 8, kernel: 3, filters: 12, at: bottom-right}}",
        "{kind: conv-shape, given: {input: 8x8, operation: maxpool, kernel: 2, at: [1, 2]}}",
        "{kind: conv-shape, given: {image: [[1, 0.5], [1/3, -2]], weights: [[1]]}}",
        "{kind: conv-shape, given: {image: 1 2; 3 4, weights: 5}}",
        "{kind: map, given: {distribution: poisson, data: [3, 4, 1], prior: 'gamma(2, 2)'}}",
        "{kind: map, given: {distribution: bernoulli, n: N, k: 3, prior: 'beta(2, 2)'}, points: 3}",
        "{kind: map, given: {distribution: poisson, data: {from: a.h}, prior: {from: a.b}}}",
        "{kind: rnn-step, given: {W_hx: 1, W_rec: [[0.5]], x: [1, 0], b_h: -1, h0: [0]}}",
        "{kind: rnn-step, given: {W_xh: 1, W_hh: 1, x: [[1], [2]], output_activation: softmax}}",
        "{kind: map, given: {distribution: poisson, prior: p}, expect: {status: unsolved}}",
        "{kind: map, given: {distribution: poisson, prior: p}, expect: {theta: 1}, tolerance: 1%}",
        "{kind: conv-shape, given: {input: 4}, answer: 3x3, points: {shape: 1, zeros: 1/2}}",
        "{kind: conv-shape, given: {input: 4}, answer: {shape: 3}, credit: {conv.a: 50%}}",
        f"{{credit: {{conv.a: 0.5}}, problems: [{CONV}]}}",
        f"{{conventions: {{decimal: comma}}, problems: [{CONV}]}}",
        "{kind: conv-shape, given: {input: 4}, accept: 3x3, conventions: {gamma: rate}, "
        "tolerance: {zeros: 1%}, credit: {shape: {conv.a: 1}}, "
        "mistakes: {shape: [{answer: 3, says: no, id: a, credit: 0.5}]}}",
    ],
)
def test_what_is_read_is_valid(text: str) -> None:
    jsonschema.validate(loaded(text), EVERY_KIND)


@pytest.mark.parametrize(
    "text",
    [
        "{kind: conv-shape, given: {input: 4x4, kernal: 2}}",
        "{kind: conv-shape, given: {input: 4x4, kernel: 2, distribution: poisson}}",
        "{kind: conv-shape, givens: {input: 4x4, kernel: 2}}",
        "{kind: conv-shap, given: {input: 4x4, kernel: 2}}",
        "{kind: conv-shape}",
        "{given: {input: 4x4, kernel: 2}}",
        "{kind: conv-shape, given: {input: 4x4, kernel: 0}}",
        "{kind: conv-shape, given: {input: 4x4, kernel: 2.5}}",
        "{kind: conv-shape, given: {input: 4x4, padding: -1, kernel: 2}}",
        "{kind: conv-shape, given: {input: 4x4, kernel: 2, operation: blur}}",
        "{kind: conv-shape, given: {input: 4x4, kernel: 2, ceil_mode: 3}}",
        "{kind: conv-shape, given: {image: {a: 1}, weights: 1}}",
        "{kind: map, given: {distribution: poisson, data: [1]}}",
        "{kind: map, given: {distribution: poisson, n: 0, sum: 1, prior: p}}",
        "{kind: map, given: {distribution: poisson, data: {from: nothing}, prior: p}}",
        "{kind: map, given: {distribution: poisson, data: {from: a.b, too: c}, prior: p}}",
        "{kind: map, given: {distribution: poisson, prior: p}, expect: 3}",
        "{kind: map, given: {distribution: poisson, prior: p}, expect: {status: unsovled}}",
        "{kind: rnn-step, given: {W_xh: 1, W_hh: 1, x: [1], activation: tahn}}",
        "{titel: Two, problems: []}",
        "[]",
        "{title: Two, problems: []}",
        "conv-shape",
    ],
)
def test_what_is_refused_is_not_valid(text: str) -> None:
    assert not is_valid(loaded(text))


def test_the_command_prints_the_schema(run: Run) -> None:
    ran = run("schema")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == EVERY_KIND


@pytest.mark.parametrize("kind", kinds())
def test_the_schema_of_one_kind(run: Run, kind: str) -> None:
    found = json.loads(run("schema", kind).out)
    assert found == schema([kind])
    given = found["$defs"][f"problem-{kind}"]["properties"]["given"]
    fields = load(kind).Problem.fields.values()
    assert set(given["properties"]) == {n for f in fields for n in (f.name, *f.aliases)}
    assert all(p["description"] for p in given["properties"].values())
    for other in kinds():
        path = next(p for p in PROBLEMS if f"kind: {other}" in p.read_text(encoding="utf-8"))
        document = loaded(path.read_text(encoding="utf-8"))
        assert is_valid(document, kind) == (other == kind)


@pytest.mark.parametrize("kind", kinds())
def test_every_field_that_the_schema_knows_is_read(kind: str) -> None:
    """A default of the schema is one that the field itself reads."""
    for field in load(kind).Problem.fields.values():
        if field.default is not None:
            value = loaded(field.default)
            jsonschema.validate(value, field.schema())


def test_the_readme_says_how_an_editor_uses_it() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "mlcalc schema" in readme
