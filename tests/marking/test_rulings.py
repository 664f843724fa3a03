"""The teacher's hand in a key: accept, mistakes, credit, tolerance and conventions."""

from __future__ import annotations

import pytest

from mlcalc.files.errors import Invalid
from tests.marking.asking import (
    MISSING,
    RIGHT,
    UNDECIDED,
    UNREADABLE,
    WRONG,
    key,
    marked,
    one,
    submission,
)

CLICKS = """
- id: clicks
  kind: map
  given: {distribution: bernoulli, n: 100, k: 10, prior: "beta(7, 95)"}
  points: {theta: 4, mle: 1}
"""
"""The mode is (10 + 7 - 1)/(100 + 7 + 95 - 2) = 0.08, the mean 17/202."""


@pytest.mark.parametrize(
    ("more", "claim", "expected"),
    [
        ("", "17/202", (WRONG, 0)),
        ("  accept: {theta: 17/202}", "17/202", (RIGHT, 4)),
        ("  accept: {theta: 17/202}", "0.0842", (RIGHT, 4)),  # as near as to the answer itself
        ("  accept: {theta: 17/202}", r"$\theta = \frac{17}{202}$", (RIGHT, 4)),
        ("  accept: {theta: 17/202}", "0.0849", (WRONG, 0)),
        ("  accept: {theta: [17/202, 0.5]}", "1/2", (RIGHT, 4)),
        ("  accept: {theta: 2/25}", "0.08", (RIGHT, 4)),  # which is right anyway
        ("  accept: {estimate: 0.5}", "0.5", (RIGHT, 4)),
        ("  tolerance: {theta: 5%}", "0.083", (RIGHT, 4)),
        ("  tolerance: {mle: 5%}", "0.083", (WRONG, 0)),
        ("  credit: {map.mode_vs_mean: 1/2}", "17/202", (WRONG, 2)),
        ("  credit: {theta: {map.mode_vs_mean: 1/4}}", "17/202", (WRONG, 1)),
        ("  credit: {mle: {map.mode_vs_mean: 1/4}}", "17/202", (WRONG, 0)),
        ("  credit: {map.mode_vs_mean: 1/2, theta: {map.mode_vs_mean: 1/4}}", "17/202", (WRONG, 1)),
        ("  mistakes: {theta: {answer: 0.5, says: no, credit: 1/4}}", "1/2", (WRONG, 1)),
        ("  mistakes: {theta: [{answer: [0.5, 0.6], says: no, credit: 1}]}", "3/5", (WRONG, 4)),
        ("  mistakes: {theta: [{answer: 0.5, says: no}]}", "0.5", (WRONG, 0)),
        (
            "  mistakes: {theta: [{answer: 0.5, says: no, id: half}]}\n  credit: {half: 3/4}",
            "0.5",
            (WRONG, 3),
        ),
        (
            "  mistakes: {theta: [{answer: 0.5, id: map.mode_vs_mean}]}\n"
            "  credit: {map.mode_vs_mean: 1/2}",
            "0.5",
            (WRONG, 2),
        ),
        ("  accept: {theta: 0.5}", "0.08 or 0.5", (UNREADABLE, 0)),  # which one is not for us
        ("  accept: {theta: 0.5}", "", (MISSING, 0)),
    ],
)
def test_points(more: str, claim: str, expected: object) -> None:
    assert one(key(CLICKS + more), {"clicks": {"theta": claim}})["clicks.theta"] == expected


def test_a_mistake_says_its_own_sentence_alone() -> None:
    found = key(CLICKS + "  mistakes: {theta: {answer: 17/202, says: the  mean, id: mine.mean}}")
    (student,) = marked(found, submission("anna", {"clicks": "0.08416"})).students
    (note,) = student.rows[0].mark.feedback
    assert (note.id, note.text) == ("mine.mean", "the mean")


@pytest.mark.parametrize(
    ("problem", "accept", "claims"),
    [
        (
            "{kind: conv-shape, given: {input: 3@64x64, kernel: 17, filters: 12}}",
            "[12@24x24, '12@96x96']",
            {"12x96x96": RIGHT, "(12, 24, 24)": RIGHT, "12x48x48": RIGHT, "12x24x96": WRONG},
        ),
        (
            "{kind: rnn-step, given: {W_xh: 1, W_hh: 0, x: [1, 2], activation: identity}}",
            "[3, 4]",  # one list, and not two numbers
            {"3, 4": RIGHT, "[3 4]": RIGHT, "1, 2": RIGHT, "3, 3": WRONG},
        ),
        (
            "{kind: rnn-step, given: {W_xh: 1, W_hh: 0, x: [1, 2], activation: identity}}",
            "[[3, 4], '5 6']",
            {"3, 4": RIGHT, "5, 6": RIGHT, "3, 6": WRONG},
        ),
        (
            "{kind: mle, given: {distribution: bernoulli}}",
            "(k + 1)/(n + 2)",
            {"(1 + k)/(2 + n)": RIGHT, "k/n": RIGHT, "(k + 1)/n": WRONG},
        ),
        (
            "{kind: map, given: {distribution: bernoulli, n: 3, k: 3, prior: 'beta(1, 1)'}, "
            "points: {posterior: 1}}",
            "'beta(5, 2)'",
            {"Beta(5, 2)": RIGHT, "beta(4, 1)": RIGHT, "beta(2, 5)": WRONG},
        ),
        (
            "{kind: mle, given: {distribution: normal, data: [1]}, expect: {status: unsolved}}",
            "[it explodes, no maximum]",
            {"It explodes": RIGHT, "unsolved": RIGHT, "no maximum": RIGHT, "it is 0": WRONG},
        ),
    ],
)
def test_answers_of_every_sort(problem: str, accept: str, claims: dict[str, object]) -> None:
    text = f"- {problem[:-1]}, id: q, accept: {accept}}}\n"
    found = {claim: one(key(text), {"q": claim}) for claim in claims}
    assert {claim: next(iter(own.values()))[0] for claim, own in found.items()} == claims


def test_what_mlcalc_cannot_solve_has_the_answers_that_are_accepted() -> None:
    text = (
        "- {id: q, kind: mle, given: {distribution: normal, data: [1]}, "
        "accept: 3/4, mistakes: {answer: 1/4, says: no}}\n"
    )
    found = {c: one(key(text), {"q": c})["q.answer"][0] for c in ("0.75", "0.25", "0.5")}
    assert found == {"0.75": RIGHT, "0.25": WRONG, "0.5": UNDECIDED}


@pytest.mark.parametrize(
    ("more", "place", "message"),
    [
        ("accept: {thta: 1}", 6, "there is no answer 'thta', did you mean 'theta'?"),
        ("accept: 0.5", 6, "this problem asks for theta and mle: say of which this is, as in "
         "accept: {theta: …}"),
        ("accept: {theta: '0.5 or so or 0.6'}", 6, "'0.5 or so or 0.6' cannot be an answer"),
        ("accept: {theta: [0.5, 'a, b']}", 6, "'a, b' cannot be an answer here"),
        ("mistakes: {theta: {answer: 2/25, says: no}}", 6, "'2/25' is right, and no mistake"),
        ("accept: {theta: 0.5}\n  mistakes: {theta: {answer: 1/2, says: no}}", 7,
         "'1/2' is right, and no mistake"),
        ("mistakes: {theta: {answer: 1/2}}", 6, "'says' is missing"),
        ("mistakes: {theta: {says: no}}", 6, "'answer' is missing"),
        ("mistakes: {theta: {answer: 1/2, says: no, credits: 1}}", 6,
         "unknown key 'credits', did you mean 'credit'?"),
        ("mistakes: {theta: {answer: 1/2, says: no, credit: 2}}", 6, "a share of the points"),
        ("mistakes: {theta: [0.5]}", 6, "a mistake is written as {answer: 1/10"),
        ("credit: {map.mod_vs_mean: 1}", 6, "did you mean 'map.mode_vs_mean'?"),
        ("credit: {thta: {map.mode_vs_mean: 1}}", 6, "there is no answer 'thta'"),
        ("tolerance: {thta: 1%}", 6, "there is no answer 'thta', did you mean 'theta'?"),
    ],
)  # fmt: skip
def test_what_is_malformed_is_said_with_its_place(more: str, place: int, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        key(CLICKS + "  " + more)
    (complaint,) = caught.value.complaints
    assert message in complaint.message
    assert complaint.place is not None
    assert complaint.place.line == place


def test_what_has_no_name_is_the_answer_that_is_asked_for() -> None:
    text = CLICKS.replace("points: {theta: 4, mle: 1}", "points: {posterior_mean: 4}")
    assert one(key(text), {"clicks": "17/202"}) == {"clicks.posterior_mean": (RIGHT, 4)}
    found = one(key(text), {"clicks": "theta = 17/202"})
    assert found["clicks.posterior_mean"] == (RIGHT, 4)


# Conventions.

GAMMA = """
- id: rate
  kind: map
  given: {distribution: poisson, data: [3, 4, 1], prior: "gamma(shape=2, scale=2)"}
  points: {posterior: 1}
- id: mean
  kind: mle
  given: {distribution: exponential, data: [2, 3]}
- id: count
  kind: conv-shape
  given: {input: 3@64x64, kernel: 17, filters: 12}
  points: {parameters: 1}
- id: list
  kind: rnn-step
  given: {W_xh: 1, W_hh: 0, x: [1, 2], activation: identity}
- id: sd
  kind: map
  given: {distribution: "normal(sigma2=4)", data: [1, 3], prior: "normal(mu=0, sigma2=2)"}
  points: {posterior: 1}
"""
"""Posterior gamma(shape=10, rate=3.5), whose scale is 2/7; λ = 0.4; 12*(3*17^2 + 1) = 10416
parameters; normal with mean 1 and variance 1."""


@pytest.mark.parametrize(
    ("conventions", "id_", "claim", "verdict"),
    [
        ("", "rate", "gamma(10, 3.5)", UNREADABLE),
        ("gamma: rate", "rate", "gamma(10, 3.5)", RIGHT),
        ("gamma: scale", "rate", "gamma(10, 3.5)", WRONG),
        ("gamma: scale", "rate", "Gamma(10, 2/7)", RIGHT),
        ("gamma: scale", "rate", "gamma(shape=10, rate=3.5)", RIGHT),
        ("decimal: comma", "mean", "0,4", RIGHT),
        ("decimal: comma", "mean", "0,400", RIGHT),
        ("decimal: comma", "mean", "0.4", RIGHT),
        ("decimal: comma", "mean", "0,5", WRONG),
        ("", "mean", "0,4", UNREADABLE),
        ("decimal: comma", "rate", "gamma(shape=10, rate=3,5)", RIGHT),
        ("{decimal: comma, gamma: rate}", "rate", "gamma(10; 3,5)", UNREADABLE),
        ("{decimal: comma, gamma: rate}", "rate", "gamma(10, 3,5)", RIGHT),
        ("decimal: comma", "count", "10.416", RIGHT),
        ("decimal: comma", "count", "10416", RIGHT),
        ("decimal: comma", "count", "10,416", RIGHT),
        ("decimal: comma", "list", "1,2", RIGHT),
        ("decimal: comma", "list", "1,0; 2,0", RIGHT),
        ("decimal: comma", "list", "[1,0, 2,0]", RIGHT),
        ("decimal: comma", "list", "[1,5, 2,0]", WRONG),
        ("normal: variance", "sd", "normal(1, 1)", RIGHT),
        ("normal: variance", "sd", "N(1, 2)", WRONG),
        ("normal: sd", "sd", "N(1, 1^2)", RIGHT),
    ],
)
def test_conventions_settle_what_has_two_readings(
    conventions: str, id_: str, claim: str, verdict: object
) -> None:
    said = f"conventions: {conventions if '{' in conventions else '{' + conventions + '}'}\n"
    problems = "problems:" + GAMMA.replace("\n", "\n  ") + "\n"
    found = one(key(said * bool(conventions) + problems), {id_: claim})
    (own,) = (own for at, (own, _) in found.items() if at.startswith(f"{id_}."))
    assert own == verdict


def test_conventions_hold_for_the_key_itself_and_a_problem_has_its_own() -> None:
    text = """
conventions: {normal: sd, decimal: comma}
problems:
- id: sd
  kind: map
  given: {distribution: "normal(sigma2=4)", data: [1, 3], prior: "normal(0, 2)"}
  expect: {mu: "1,333"}
- id: variance
  kind: map
  given: {distribution: "normal(sigma2=4)", data: [1, 3], prior: "normal(0, 2)"}
  conventions: {normal: variance}
  expect: {mu: 1}
"""
    # The precisions are 2/4 of the data, and 1/4 or 1/2 of the prior; 1,333 is no list of two.
    found = key(text)
    assert not found.disagreements
    assert one(found, {"sd": "4/3", "variance": "1"}) == {
        "sd.mu": (RIGHT, 1),
        "variance.mu": (RIGHT, 1),
    }


@pytest.mark.parametrize(
    ("conventions", "message"),
    [
        ("gama: rate", "there is no convention 'gama', did you mean 'gamma'?"),
        ("gamma: both", "expected rate or scale, not 'both'"),
        ("decimal: dot", "expected point or comma, not 'dot'"),
    ],
)
def test_conventions_that_there_are_not(conventions: str, message: str) -> None:
    with pytest.raises(Invalid, match=message.replace("?", r"\?")):
        key(f"{CLICKS}  conventions: {{{conventions}}}")


def test_the_key_is_written_by_its_conventions_and_its_lists_stay_lists() -> None:
    text = """
conventions: {decimal: comma}
problems:
- id: cell
  kind: params
  given: {network: "784 > fc 100", batch: 2}
- id: steps
  kind: rnn-step
  given: {W_xh: 1, W_hh: 0, x: "1,2", activation: identity}
  accept: "1,5; 2,5"
  mistakes: {answer: [3, 4], says: no}
  expect: {h: "1,2"}
- id: rate
  kind: mle
  given: {distribution: exponential, data: "2,3"}
  accept: "0,35"
  mistakes: {answer: "2,5", says: this is the mean}
  expect: {lambda: "0,4"}
"""
    found = key(text)
    assert not found.disagreements
    claims = {"1,2": RIGHT, "[1,5, 2,5]": RIGHT, "3,4": WRONG}
    assert {c: one(found, {"steps": c})["steps.h"][0] for c in claims} == claims
    claims = {"0,40": RIGHT, "0.4": RIGHT, "0,35": RIGHT, "2,5": WRONG}
    assert {c: one(found, {"rate": c})["rate.lambda"][0] for c in claims} == claims
