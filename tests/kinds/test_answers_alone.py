"""Answers alone cost no working: no step is written where none is shown."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from mlcalc.files.reading import read_document
from mlcalc.marking.exercise import read_exercises, solve_exercise

QUESTIONS = [
    "nb, given: {model: bernoulli, priors: {a: 1/3, b: 2/3}, likelihoods: {a: {x: 0.2}, "
    "b: {x: 0.7}}, query: {x: 1}}",
    "nb, given: {model: gaussian, priors: {0: 1/2, 1: 1/2}, likelihoods: "
    "{0: {x: 'normal(mu=0, sigma2=1)'}, 1: {x: 'normal(mu=1, sigma2=4)'}}, query: {x: 1}}",
    "pac, given: {hypotheses: 2^12, epsilon: 0.1, delta: 0.05, setting: agnostic}",
    "pac, given: {vc_dimension: 3, epsilon: 0.1, delta: 0.05, bound: vc}",
    "pac, given: {vc_dimension: 3, epsilon: 0.1, delta: 0.05, bound: all}",
    "vc, given: {hypothesis_class: linear, points: [[0, 0], [1, 0], [0, 1], [1, 1]]}",
    "vc, given: {hypothesis_class: linear, dimension: 2}",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_step_is_written_where_answers_alone_are_wanted(question: str) -> None:
    document = read_document(f"- {{kind: {question}}}", "yaml")
    (exercise,) = read_exercises(document, None)
    written: list[str] = []

    def watch(frame: FrameType, event: str, _: object) -> None:
        name = frame.f_code.co_name
        if event == "call" and (name == "step" or name.endswith(("_step", "_steps", "_picture"))):
            written.append(name)

    sys.setprofile(watch)
    try:
        outcome = solve_exercise(exercise, is_shown=False)
    finally:
        sys.setprofile(None)
    assert outcome.status == "solved"
    assert [name for name in written if name != "growth_steps"] == []
