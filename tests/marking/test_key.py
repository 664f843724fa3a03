"""The key: what is asked, what it is worth, and who is believed where file and mlcalc differ."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mlcalc.files.errors import Invalid
from tests.conftest import Ran
from tests.marking.asking import MISSING, RIGHT, UNDECIDED, UNREADABLE, WRONG, key, one, remark

Run = Callable[..., Ran]

CLICKS = """
- id: clicks
  kind: map
  given: {distribution: bernoulli, n: 100, k: 10, prior: "beta(7, 95)"}
"""


@pytest.mark.parametrize(
    ("more", "answers", "expected"),
    [
        ("", {}, {"clicks.theta": (MISSING, 0)}),
        ("", {"clicks": 0.08}, {"clicks.theta": (RIGHT, 1)}),
        ("", {"clicks": {"estimate": "2/25"}}, {"clicks.theta": (RIGHT, 1)}),
        ("", {"clicks": "mle = 0.1"}, {"clicks.theta": (MISSING, 0), "clicks.mle": (RIGHT, 0)}),
        ("  points: 3", {"clicks": 0.08}, {"clicks.theta": (RIGHT, 3)}),
        (
            "  expect: {theta: 0.08, mle: 0.1}\n  points: 3",
            {"clicks": {"theta": 0.08, "mle": 0.2}},
            {"clicks.theta": (RIGHT, 1.5), "clicks.mle": (WRONG, 0)},
        ),
        (
            "  points: {mle: 2, posterior-mean: 1/2}",
            {"clicks": {"mle": "0,1", "posterior_mean": "17/202"}},
            {"clicks.mle": (UNREADABLE, 0), "clicks.posterior_mean": (RIGHT, 0.5)},
        ),
        (
            "  expect: {theta: 0.08, mle: 0.1}\n  points: {theta: 5}",
            {"clicks": {"theta": 0.08, "mle": 0.1}},
            {"clicks.theta": (RIGHT, 5), "clicks.mle": (RIGHT, 0)},
        ),
        (
            "  expect: {theta: 0.08, estimate: 0.08}\n  points: 1",
            {"clicks": 0.08},
            {"clicks.theta": (RIGHT, 1)},
        ),
    ],
)
def test_what_is_asked_and_worth(more: str, answers: dict[str, object], expected: object) -> None:
    assert one(key(CLICKS + more), answers) == expected


MAILS = """
- id: mail
  kind: nb
  given:
    model: bernoulli
    priors: {spam: 1/4, ham: 3/4}
    likelihoods: {spam: {offer: 1/2}, ham: {offer: 1/6}}
    query: {offer: 1}
  points: {posterior: 2, prediction: 1}
"""


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ({"posterior": {"spam": "1/2", "ham": "1/2"}}, RIGHT),
        ({"posterior": "spam=1/2, ham=1/2"}, RIGHT),
        ({"posterior.spam": "1/2", "posterior.ham": "0.5"}, RIGHT),
        ({"posterior.spam": "1/2"}, MISSING),
        ({"posterior": {"spam": "1/2"}}, MISSING),
        ({"posterior.spam": "1/4", "posterior.ham": "3/4"}, WRONG),
    ],
)
def test_values_by_name(answers: dict[str, object], verdict: object) -> None:
    assert one(key(MAILS), {"mail": answers})["mail.posterior"][0] is verdict


def test_values_of_the_primary_answer_by_name() -> None:
    found = key("""
- {id: wheel, kind: mle, given: {distribution: categorical, data: {red: 2, blue: 6}}}
""")
    assert one(found, {"wheel": {"red": "1/4", "blue": "3/4"}})["wheel.theta"] == (RIGHT, 1)
    assert (
        one(found, {"wheel": {"theta": {"red": "1/4", "blue": "1/4"}}})["wheel.theta"][0] is WRONG
    )


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("  points: {thta: 1}", "there is no answer 'thta', did you mean 'theta'?"),
        ("  points: {theta: 1, estimate: 1}", "'estimate' is another name of 'theta': give one"),
        ("  points: -1", "expected a number from 0, not '-1'"),
        ("  points: {theta: x}", "expected a number from 0, not 'x'"),
        ("  points: 1e400", "expected points up to 1,000,000, not '1e400'"),
        ("  credit: 1/2", "'credit' holds keys and values"),
        ("  credit: {map.mode_vs_mean: 2}", "expected a share of the points from 0 to 1, not '2'"),
        ("  expect: {thta: 1}", "there is no answer 'thta'"),
        ("  given: {}", "stands a second time"),
        (CLICKS, "the id 'clicks' is taken"),
    ],
)
def test_a_malformed_key(more: str, message: str) -> None:
    with pytest.raises(Invalid, match=None) as error:
        key(CLICKS + more)
    assert message in str(error.value)


UNBOUNDED = """
- id: a
  kind: map
  given: {distribution: bernoulli, data: [0], prior: "beta(1/2, 2)"}
"""


@pytest.mark.parametrize(
    ("more", "answer", "name", "verdict"),
    [
        ("", "0", "answer", UNDECIDED),
        ("  expect: {status: unsolved}", "unsolved", "status", RIGHT),
        ("  expect: {status: unsolved}", {"status": "Unsolved"}, "status", RIGHT),
        ("  expect: {status: unsolved}", "no answer", "status", RIGHT),
        ("  expect: {status: unsolved}", "0", "status", WRONG),
    ],
)
def test_a_question_without_an_answer(
    more: str, answer: object, name: str, verdict: object
) -> None:
    assert one(key(UNBOUNDED + more), {"a": answer}) == {
        f"a.{name}": (verdict, float(verdict is RIGHT))
    }


# Where the file and mlcalc differ.

DOUBTFUL = CLICKS + "  expect: {theta: 0.084, mle: 0.1}\n"


def test_mlcalc_is_the_key() -> None:
    found = key(DOUBTFUL)
    (complaint,) = found.disagreements
    assert complaint.message == (
        "the file expects theta = 0.084, and mlcalc finds 2/25 = 0.08 (perhaps by "
        "map.mode_vs_mean, map.pseudo_counts): mlcalc's answer is the key; --trust-expect takes "
        "the file's word"
    )
    assert complaint.place is not None
    assert complaint.place.line == 5
    assert one(found, {"clicks": 0.08})["clicks.theta"][0] is RIGHT
    assert one(found, {"clicks": 0.084})["clicks.theta"][0] is WRONG


def test_the_file_is_the_key() -> None:
    found = key(DOUBTFUL, trusts_file=True)
    assert found.disagreements[0].message.endswith("map.pseudo_counts): the file's word is taken")
    assert one(found, {"clicks": 0.08})["clicks.theta"][0] is WRONG
    assert one(found, {"clicks": "21/250"})["clicks.theta"][0] is RIGHT
    assert one(found, {"clicks": {"mle": "1/10"}})["clicks.mle"][0] is RIGHT


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("{id: q, kind: conv-shape, given: {input: 4x4, kernel: 2}, expect: {shape: 4x4}}", "4,4",
         "3x3"),
        ("{id: q, kind: conv-shape, given: {input: W, kernel: 3}, expect: {shape: W - 3}}", "W-3",
         "W-2"),
        ("{id: q, kind: vc, given: {hypothesis_class: linear, points: 0 0; 1 0; 0 1}, "
         "expect: {shattered: no}}", "no", "yes"),
        ("{id: q, kind: map, given: {distribution: bernoulli, n: 2, k: 1, prior: 'beta(1, 1)'}, "
         "expect: {posterior: 'Beta(3, 3)'}}", "beta(3,3)", "beta(2, 2)"),
        ("{id: q, kind: rnn-step, given: {W_xh: 1, W_hh: 1, x: [1, 1], activation: identity}, "
         "expect: {h: [1, 3]}}", "1 3", "1, 2"),
        ("{id: q, kind: mle, given: {distribution: categorical, data: {a: 1, b: 3}}, "
         "expect: {theta: {a: 1/2, b: 1/2}}}", "a=1/2, b=1/2", "a=1/4, b=3/4"),
        ("{id: q, kind: mle, given: {distribution: categorical, data: {a: 1, b: 3}}, "
         "expect: {theta.a: 1/2}}", "50%", "1/4"),
        ("{id: q, kind: map, given: {distribution: bernoulli, data: [0], prior: 'beta(1/2, 2)'}, "
         "expect: {theta: 0}}", "0", "1/2"),
    ],
    ids=["shape", "letters", "truth", "distribution", "list", "mapping", "part", "unsolved"],
)  # fmt: skip
def test_every_sort_of_answer_can_be_trusted(text: str, right: str, wrong: str) -> None:
    found = key(f"- {text}", trusts_file=True)
    name = found.questions[0].parts[0].name
    assert one(found, {"q": {name: right}})[f"q.{name}"][0] is RIGHT
    assert one(found, {"q": {name: wrong}})[f"q.{name}"][0] is WRONG


def test_a_file_whose_word_cannot_be_read() -> None:
    with pytest.raises(Invalid, match=r"two ways"):
        key(CLICKS + "  expect: {theta: 1/2x}", trusts_file=True)


def test_a_trusted_answer_is_the_given_of_the_next_problem() -> None:
    text = (
        CLICKS
        + """  expect: {posterior: "beta(16, 184)"}
- id: next
  kind: map
  given: {distribution: bernoulli, n: 20, k: 3, prior: {from: clicks.posterior}}
"""
    )
    assert one(key(text, trusts_file=True), {"next": "9/109"})["next.theta"][0] is RIGHT
    assert one(key(text), {"next": "19/220"})["next.theta"][0] is RIGHT


@pytest.mark.parametrize(("flags", "code"), [((), 2), (("--trust-expect",), 0)])
def test_a_doubtful_key_is_said(run: Run, tmp_path: Path, flags: tuple[str], code: int) -> None:
    path, sent = tmp_path / "key.yaml", tmp_path / "anna.yaml"
    path.write_text(DOUBTFUL)
    sent.write_text("answers: {clicks: {theta: 0.084, mle: 0.1}}")
    ran = run("check", "--key", str(path), str(sent), "--quiet", *flags)
    assert ran.code == code
    assert "key.yaml:5:19: the file expects theta = 0.084, and mlcalc finds" in ran.err
    assert ran.out == f"anna: {'0.5' if code else '1'} of 1 points\n"


# Misconceptions: credit, and what is said.


@pytest.mark.parametrize(
    ("credit", "points"),
    [
        ("{}", 0),
        ("{map.mode_vs_mean: 0.5}", 1.5),
        ("{map.pseudo_counts: 1/3, map.mode_vs_mean: 10%}", 1),
    ],
)
def test_partial_credit(credit: str, points: float) -> None:
    own = key(CLICKS + f"  points: 3\n  credit: {credit}\n")
    assert one(own, {"clicks": "17/202"})["clicks.theta"] == (WRONG, points)
    body = (CLICKS + "  points: 3\n").replace("\n", "\n  ")
    of_file = key(f"credit: {credit}\nproblems:\n{body}")
    assert one(of_file, {"clicks": "17/202"})["clicks.theta"] == (WRONG, points)


def test_a_problem_gives_other_credit_than_its_file() -> None:
    body = (CLICKS + "  credit: {map.mode_vs_mean: 0}\n").replace("\n", "\n  ")
    found = key(f"credit: {{map.mode_vs_mean: 1/2}}\nproblems:\n{body}")
    assert one(found, {"clicks": "17/202"})["clicks.theta"] == (WRONG, 0)


def test_credit_for_an_unknown_misconception() -> None:
    with pytest.raises(Invalid, match=r"'map.mode_and_mean', did you mean 'map.mode_vs_mean'"):
        key(CLICKS + "  credit: {map.mode_and_mean: 0.5}")


def test_what_went_wrong_is_said_everywhere(run: Run, tmp_path: Path) -> None:
    ran = run("check", "--key", "tests/marking/key.yaml", "tests/marking/class/handed-in.csv")
    assert "  • clicks, theta: perhaps this is the mean of the posterior; the MAP" in ran.out
    assert "map.mode_vs_mean 1" in ran.out.splitlines()[-1]
    path = tmp_path / "key.yaml"
    path.write_text(DOUBTFUL)
    ran = run("solve", str(path), "--summary")
    assert "theta wrong (map.mode_vs_mean, map.pseudo_counts)" in ran.out
    one_off = ["conv-shape", "4x4", "--kernel", "2", "--check", "2x2", "--quiet"]
    assert "\n  the first position counts too" in run(*one_off).out
    assert (
        '"feedback": [{"answer": "shape", "id": "conv.plus_one_forgotten", '
        in run(*one_off, "--json").out
    )


def test_remarks_reach_the_student() -> None:
    assert "two ways" in remark(key(CLICKS), {"clicks": "0,08"}, "clicks.theta")


PARTS_ASKED = """
- id: mailbox
  kind: nb
  given:
    model: bernoulli
    priors: {spam: 3/8, ham: 5/8}
    likelihoods: {spam: {buy: 2/3, win: 1/3}, ham: {buy: 1/5, win: 4/5}}
    query: {buy: 1, win: 0}
  points: {joint.spam: 1, posterior.ham: 1}
  credit: {nb.joint_for_posterior: 1/4}
"""


@pytest.mark.parametrize(
    "answers",
    [
        {"joint": {"spam": "1/6", "ham": "0.5"}, "posterior": {"ham": "1/40"}},
        {"joint": "P(x, Y = spam) = 1/6", "posterior": "spam=1/6, ham=1/40"},
        {"joint.spam": "1/6", "posterior.ham": "0.025"},
    ],
)
def test_a_part_that_is_asked_may_be_given_within_the_whole(answers: dict[str, object]) -> None:
    """1/40 is the joint probability of ham, which earns a quarter as its posterior."""
    found = one(key(PARTS_ASKED), {"mailbox": answers})
    assert found["mailbox.joint.spam"] == (RIGHT, 1)
    assert found["mailbox.posterior.ham"] == (WRONG, 0.25)


def test_a_part_is_revealed_alone() -> None:
    (question,) = key(PARTS_ASKED).questions
    assert [part.shown for part in question.parts] == ["1/6 ≈ 0.16667", "3/23 ≈ 0.13043"]


@pytest.mark.parametrize("claim", ["9@5x6", "5x6x9", "9x5x6", "(9, 5, 6)"])
def test_a_trusted_shape_may_be_written_in_either_order(claim: str) -> None:
    found = key(
        """
- id: layer
  kind: conv-shape
  given: {input: 3@8x8, kernel: 3, filters: 9}
  expect: {shape: 9@5x6}
""",
        trusts_file=True,
    )
    assert one(found, {"layer": {"shape": claim}})["layer.shape"] == (RIGHT, 1)
    assert one(found, {"layer": {"shape": "9@6x6"}})["layer.shape"] == (WRONG, 0)


# A problem that cannot be read leaves the others.


MALFORMED_BESIDE = (
    CLICKS
    + """
- id: broken
  kind: conv-shape
  given: {input: 5x5, kernel: 9}
"""
)


def test_a_malformed_problem_of_a_key_leaves_the_others(run: Run, tmp_path: Path) -> None:
    path, sent = tmp_path / "key.yaml", tmp_path / "anna.yaml"
    path.write_text(MALFORMED_BESIDE)
    sent.write_text("answers: {clicks: {theta: 0.08}, broken: {shape: 3x3}}")
    ran = run("check", "--key", str(path), str(sent), "--quiet")
    assert (ran.code, ran.out) == (2, "anna: 1 of 2 points\n")
    assert ran.err.count("a kernel up to 5") == 1


def test_a_malformed_problem_of_a_file_leaves_the_others(run: Run, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.yaml", tmp_path / "good.yaml"
    bad.write_text(MALFORMED_BESIDE.split("\n\n")[-1] + "  answer: {shape: 3x3}\n")
    good.write_text(MALFORMED_BESIDE.replace("  kind: map", "  answer: 0.08\n  kind: map", 1))
    ran = run("check", str(bad), str(good), "--quiet")
    assert ran.code == 2
    assert "good.yaml: 1 of 2 points" in ran.out
    assert ran.err.count("a kernel up to 5") == 2


@pytest.mark.parametrize(
    ("expected", "is_said"),
    [
        ("2.5714", False), ("2.571428571", False), ("18/7", False), ("3", False), ("2.6", False),
        ("2.5715", True), ("2.5713", True), ("2.571428572", True), ("2.5", True), ("2.57142", True),
        ("257.15%", True), ("2.5715*10^0", True),
    ],
)  # fmt: skip
def test_a_published_answer_is_compared_in_its_digits(expected: str, is_said: bool) -> None:
    """18/7 = 2.571428…; the last digit is rounded, so 2.5 and 2.57142 have a typo."""
    found = key(
        "- {id: posts, kind: map, given: {distribution: poisson, data: [3, 4, 1], prior: "
        f"'gamma(shape=2, scale=2)'}}, expect: {{estimate: {expected!r}}}}}\n"
    )
    assert bool(found.disagreements) is is_said
    if is_said:
        assert expected in found.disagreements[0].message


def test_a_disagreement_is_shown_in_the_digits_in_which_it_is(run: Run, tmp_path: Path) -> None:
    """2*log(1/3) - 2 = -4.1972245773…, and -4.1972248 has a typo in its last digit."""
    text = (
        "- {id: waiting, kind: mle, given: {distribution: exponential, data: [2, 4]}, "
        "expect: {log_likelihood: -4.1972248}}\n"
    )
    assert "and mlcalc finds" in key(text).disagreements[0].message
    assert "4.1972246" in key(text).disagreements[0].message
    path = tmp_path / "key.yaml"
    path.write_text(text, encoding="utf-8")
    ran = run("solve", str(path))
    assert "log_likelihood = -4.1972248 is wrong: mlcalc finds" in ran.out
    assert ran.code == 1
