"""Any claim for any shipped problem gets a verdict: a seeded sample of what the fuzzer marks."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from mlcalc.files.problem import Problem
from mlcalc.files.reading import read_file
from mlcalc.kinds import load
from mlcalc.marking.exercise import read_exercises, read_problem
from mlcalc.marking.misconceptions import Explainer
from mlcalc.marking.references import references
from mlcalc.maths.tree import Number
from mlcalc.showing.derivation import Answer, Derivation, Verdict
from tests.benchmarks import claims

EACH_FILE, CLAIMS, SEED = 2, 5, 14
LONG = "xor-learned"
"""Solving it takes longer than all others together; it has a test of its own below."""


def sample(chance: Random) -> dict[str, claims.Key]:
    """Some problems of each shipped file, solved."""
    found: dict[str, claims.Key] = {}
    for path in sorted(claims.PROBLEMS.glob("*.yaml")):
        exercises = [
            exercise
            for exercise in read_exercises(read_file(path), str(path))
            if exercise.text("id") != LONG and not list(references(exercise.given))
        ]
        found |= claims.solved(path, chance.sample(exercises, min(len(exercises), EACH_FILE)))
    return found


def test_a_sample_of_claims_has_verdicts() -> None:
    """A claim at which the checker or a misconception fails raises here."""
    chance = Random(SEED)
    keys = sample(chance)
    assert len(keys) > 20
    seen = {
        claims.mark_with(key, chance.choice(key[0].all_answers).name, claims.claim(chance))
        for key in keys.values()
        for _ in range(CLAIMS)
    }
    assert seen >= {Verdict.WRONG, Verdict.UNREADABLE}


def long_training() -> Problem:
    path = claims.PROBLEMS / "multilayer.yaml"
    exercises = read_exercises(read_file(path), str(path))
    (found,) = (exercise for exercise in exercises if exercise.text("id") == LONG)
    return read_problem(found.kind, found.given)


def test_a_long_training_is_not_repeated_for_a_wrong_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """300 epochs of 4 examples and 9 parameters: 300·4·(9 + 20); what is asked otherwise of them
    is asked without the training, or not at all."""
    problem = long_training()
    assert problem.work == 34_800
    asked: list[int] = []
    solve = load("mlp").solve
    monkeypatch.setattr(
        load("mlp"), "solve", lambda given: asked.append(given.work) or solve(given)
    )
    answers = [Answer(name, Fraction(1), Number(Fraction(1))) for name in ("loss", "loss_after")]
    explainer = Explainer("mlp", problem, Derivation("", (), tuple(answers)))
    assert any(suspect.answer == "loss" for suspect in explainer.suspects)
    assert asked
    assert max(asked) == 0
