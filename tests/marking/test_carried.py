"""Errors carried forward: a later answer that follows from the student's own earlier one."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mlcalc.showing.derivation import Verdict
from tests.marking.asking import MISSING, RIGHT, WRONG, key, marked, one, remark, submission

LAYERS = key("""
- {id: one, kind: conv-shape, given: {input: 3@64x64, kernel: 17, filters: 12}}
- {id: two, kind: conv-shape,
   given: {input: {from: one.shape}, operation: max-pool, kernel: 3}}
- {id: three, kind: conv-shape,
   given: {input: {from: two.shape}, kernel: 5, filters: 6}, points: {shape: 1, parameters: 1}}
""")


@pytest.mark.parametrize(
    ("answers", "verdicts", "said"),
    [
        # ⌊64/3⌋ = 21, 21 − 5 + 1 = 17; 48/3 = 16, 16 − 5 + 1 = 12.
        (("12@64x64", "12@21x21", "6@17x17"), (WRONG, RIGHT, RIGHT), "two.shape"),
        (("12@64x64", None, "6@17x17"), (WRONG, MISSING, RIGHT), "one.shape"),
        (("12@64x64", "12@16x16", "6@12x12"), (WRONG, RIGHT, RIGHT), ""),
        (("12@64x64", "12@20x20", "6@16x16"), (WRONG, WRONG, RIGHT), "two.shape"),
        (("12@64x64", "12@20x20", "6@17x17"), (WRONG, WRONG, WRONG), ""),
        (("12@48x48", "12@16x16", "6@17x17"), (RIGHT, RIGHT, WRONG), ""),
        (("64x64", "21x21", "6@17x17"), (WRONG, WRONG, WRONG), ""),  # not what the next part takes
        (("12@4x4", "12@1x1", "6@1x1"), (WRONG, RIGHT, WRONG), ""),  # 5×5 does not fit on 1×1
        (("12@0x0", "12@0x0", "6@12x12"), (WRONG, WRONG, RIGHT), ""),
        (("twelve", "12@16x16", "6@12x12"), (None, RIGHT, RIGHT), ""),
    ],
)
def test_three_parts(
    answers: tuple[str | None, ...], verdicts: tuple[Verdict | None, ...], said: str
) -> None:
    typed = {id_: a for id_, a in zip(("one", "two", "three"), answers, strict=True) if a}
    found = one(LAYERS, typed)
    names = ("one.shape", "two.shape", "three.shape")
    for name, verdict in zip(names, verdicts, strict=True):
        if verdict is not None:
            assert found[name][0] is verdict, name
            assert found[name][1] == (verdict is RIGHT)
    expected = f"right with your own value of {said}" if said else ""
    if "three" in typed and found["three.shape"][0] is RIGHT:
        assert remark(LAYERS, typed, "three.shape") == expected


def test_the_parameters_follow_too() -> None:
    # 6·(13·5·5 + 1) with the 13 channels of the student's own.
    answers = {"two": "13@16x16", "three": {"parameters": 6 * (13 * 25 + 1)}}
    assert one(LAYERS, answers)["three.parameters"] == (RIGHT, 1)


NUMBERS = key("""
- {id: share, kind: mle, given: {distribution: bernoulli, n: 300, k: 100}}
- id: scaled
  kind: map
  given: {distribution: normal(sigma2=1), data: [{from: share.theta}],
          prior: "normal(mu=0, sigma2=1)", parameter: mu}
""")


@pytest.mark.parametrize(
    ("share", "scaled", "verdict", "said"),
    [
        ("1/3", "1/6", RIGHT, False),
        ("1/4", "1/8", RIGHT, True),
        ("25%", "0.125", RIGHT, True),
        ("theta = 0.3", "3/20", RIGHT, True),
        ("0.4", "1/8", WRONG, False),
        ("0.32", "0.16", RIGHT, True),
        ("0.33", "33/200", RIGHT, True),  # right as rounded, and so is what follows from it
        ("1/2x", "1/6", RIGHT, False),
        ("1/2x", "1/4", WRONG, False),
        ("yes", "1/4", WRONG, False),
        ("[1/4]", "1/8", RIGHT, True),
        ("1000000", "500000", WRONG, False),  # too far off to be solved with
        ("1/0", "1/8", WRONG, False),
        ("inf", "inf", WRONG, False),
        ("0." + "3" * 80, "1/8", WRONG, False),
        ("9^9^9^9", "1/8", WRONG, False),
    ],
)
def test_a_number_carried(share: str, scaled: str, verdict: Verdict, said: bool) -> None:
    answers = {"share": share, "scaled": scaled}
    assert one(NUMBERS, answers)["scaled.mu"][0] is verdict
    told = remark(NUMBERS, answers, "scaled.mu") == "right with your own value of share.theta"
    assert told == said


def test_two_values_of_ones_own() -> None:
    found = key("""
- {id: height, kind: mle, given: {distribution: bernoulli, n: 4, k: 2}}
- {id: width, kind: mle, given: {distribution: bernoulli, n: 4, k: 1}}
- id: both
  kind: mle
  given: {distribution: normal(sigma2=1), data: [{from: height.theta}, {from: width.theta}]}
""")
    answers = {"height": "1/3", "width": "1/6", "both": "1/4"}
    assert one(found, answers)["both.mu"] == (RIGHT, 1)
    assert remark(found, answers, "both.mu") == (
        "right with your own values of height.theta and width.theta"
    )
    assert one(found, {"height": "1/3", "both": str(Fraction(7, 24))})["both.mu"] == (RIGHT, 1)


def test_a_whole_class_with_own_values_is_solved_once_for_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from mlcalc.marking import marker

    solved: list[str] = []
    work_out = marker.work_out

    def counted(kind, problem):  # type: ignore[no-untyped-def]
        solved.append(kind)
        return work_out(kind, problem)

    monkeypatch.setattr(marker, "work_out", counted)
    sent = [
        submission(f"s{i}", {"share": f"1/{4 + i % 3}", "scaled": f"1/{8 + i}"}) for i in range(60)
    ]
    report = marked(NUMBERS, *sent)
    assert len(solved) == 3
    right = [s.student for s in report.students if s.rows[1].mark.verdict is RIGHT]
    assert right == ["s0"]  # 1/4 gives 1/8; 1/5 gives 1/10, and s1 has 1/9


@pytest.mark.parametrize(
    "hostile", ["9" * 4000, "(" * 3000, "1e999999", "sum(1, i, 1, 10^9)", "[[[[1]]]]", "𝟙", "\0"]
)
def test_a_hostile_value_is_not_carried_far(hostile: str) -> None:
    found = one(NUMBERS, {"share": hostile, "scaled": "1/8"})
    assert found["scaled.mu"][0] is WRONG
