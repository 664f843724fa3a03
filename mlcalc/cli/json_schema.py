"""The JSON Schema of problem files, generated from the kinds, for an editor's YAML server."""

from __future__ import annotations

from collections.abc import Iterable

from mlcalc.files.fields import Schema
from mlcalc.kinds import load, summary
from mlcalc.marking.exercise import STATUSES, TEXTS

REFERENCE: Schema = {
    "type": "object",
    "description": "the answer of an earlier problem of the file",
    "properties": {"from": {"type": "string", "pattern": r"^.+\..+$"}},
    "required": ["from"],
    "additionalProperties": False,
}

CREDIT: Schema = {
    "type": "object",
    "additionalProperties": {"type": ["number", "string", "object"]},
    "description": "the share of the points that is left, by misconception, also by answer",
}

CONVENTIONS: Schema = {
    "type": "object",
    "additionalProperties": {"type": "string"},
    "description": "what settles two readings, such as decimal: comma or gamma: rate",
}

DESCRIPTIONS = {
    "id": "a name that is unique in the file",
    "kind": "what sort of problem it is",
    "title": "printed above the worked answer",
    "question": "the question in words",
    "note": "a remark for whoever reads the file",
    "source": "where the problem comes from",
}


def schema(kinds: Iterable[str]) -> Schema:
    """The schema of a list of problems of these kinds, one problem, or `problems` in a mapping."""
    problems = {f"problem-{kind}": problem_schema(kind) for kind in kinds}
    any_problem: Schema = {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in problems]}
    many: Schema = {"type": "array", "items": {"$ref": "#/$defs/problem"}, "minItems": 1}
    file: Schema = {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "problems": many,
            "credit": CREDIT,
            "conventions": CONVENTIONS,
        },
        "required": ["problems"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mlcalc problems",
        "anyOf": [many, {"$ref": "#/$defs/problem"}, file],
        "$defs": {"problem": any_problem, "reference": REFERENCE, **problems},
    }


def problem_schema(kind: str) -> Schema:
    """The schema of one problem of a kind."""
    texts = {key: {"type": "string", "description": DESCRIPTIONS[key]} for key in TEXTS}
    number: Schema = {"type": ["number", "string"]}
    expect: Schema = {"type": "object", "properties": {"status": {"enum": list(STATUSES)}}}
    return {
        "type": "object",
        "description": summary(kind),
        "properties": {
            **texts,
            "kind": {"const": kind, "description": DESCRIPTIONS["kind"]},
            "ask": {
                "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
                "description": "the answers that are shown, by name, or all",
            },
            "given": load(kind).Problem.schema(),
            "expect": {**expect, "description": "published answers by name, or a status"},
            "tolerance": {
                "anyOf": [number, {"type": "object", "additionalProperties": number}],
                "description": "relative, also by answer; 0.001 where it is not given",
            },
            "answer": {"description": "a student's answer, or answers by name, for check"},
            "points": {
                "anyOf": [number, {"type": "object", "additionalProperties": number}],
                "description": "what the problem is worth, or its answers by name",
            },
            "credit": CREDIT,
            "conventions": CONVENTIONS,
            "accept": {"description": "further right answers, also by answer"},
            "mistakes": {
                "type": ["array", "object"],
                "description": "known wrong answers: {answer, says, id, credit}, also by answer",
            },
        },
        "required": ["kind", "given"],
        "additionalProperties": False,
    }
