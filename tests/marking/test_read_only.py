"""`mlcalc check --read-only`: how an answer is read, which tells nothing of what is right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mlcalc.files.document import Raw, Text, from_plain
from mlcalc.files.errors import Place
from mlcalc.marking.understood import understood
from mlcalc.maths.printing import Style
from tests.conftest import Ran
from tests.marking.asking import key

Run = Callable[..., Ran]

KEY = """
- id: clicks
  kind: map
  given: {distribution: bernoulli, n: 100, k: K, prior: "beta(7, 95)"}
  points: {theta: 1, posterior: 1}
- id: trials
  kind: map
  given: {distribution: bernoulli, n: 100, k: 10, prior: "beta(7, 95)"}
  points: {theta: 1, posterior: 1}
- id: rate
  kind: map
  given: {distribution: poisson, data: [3, 4, 1], prior: "gamma(shape=2, scale=2)"}
  points: {posterior: 1}
- id: layer
  kind: conv-shape
  given: {input: 3@64x64, kernel: 17, filters: 12}
  points: {shape: 1, parameters: 1}
- id: mail
  kind: nb
  given:
    model: bernoulli
    priors: {spam: 1/4, ham: 3/4}
    likelihoods: {spam: {offer: 1/2}, ham: {offer: 1/6}}
    query: {offer: 1}
  points: {posterior: 2, prediction: 1}
- id: dots
  kind: vc
  given: {hypothesis_class: thresholds, points: "1; 2"}
  points: {shattered: 1}
"""


def read(at: str, claim: object, text: str = KEY) -> tuple[bool, str]:
    id_, _, name = at.partition(".")
    (question,) = (one for one in key(text).questions if one.id == id_)
    raw: Raw = from_plain(claim, Place("answer", claim if isinstance(claim, str) else ""))
    return understood(raw, question.answer(name), Style(5))


@pytest.mark.parametrize(
    ("at", "claim", "shown"),
    [
        ("trials.theta", "0.0800", "0.0800"),
        ("trials.theta", "17/202", "17/202 ≈ 0.084158"),
        ("trials.theta", "$\\theta = \\frac{1}{2}$", "1/2 = 0.5"),
        ("trials.theta", "8%", "8% = 0.08"),
        ("trials.theta", "about 0.43 (2 d.p.)", "0.43"),
        ("trials.theta", "log(2)/3", "log(2)/3 ≈ 0.23105"),
        ("clicks.theta", "(K+6)/200", "(K + 6)/200"),
        ("trials.posterior", "Beta(3, 4)", "Beta(3, 4)"),
        ("rate.posterior", "gamma(shape=1, rate=2)", "Gamma(shape = 1, rate = 2)"),
        ("layer.shape", "5@7x9", "5@7×9"),
        ("layer.parameters", "10416", "10416"),
        ("layer.parameters", "10416 parameters", "10416"),
        ("trials.theta", "k/n = 1/10 = 0.1", "1/10 = 0.1"),
        ("trials.theta", "0.14286 = 1/7", "1/7 ≈ 0.14286"),
        ("mail.prediction", "the class is spam", "spam"),
        ("dots.shattered", "No, they are not", "no"),
        ("mail.prediction", "ham", "ham"),
        ("mail.posterior", {"spam": "1/3"}, "spam = 1/3 = 0.33333"),
        ("dots.shattered", "yes", "yes"),
    ],
)
def test_what_was_read(at: str, claim: object, shown: str) -> None:
    is_read, text = read(at, claim)
    assert is_read
    assert text.replace("≈ 0.33333", "= 0.33333") == shown


@pytest.mark.parametrize(
    ("at", "claim", "reason"),
    [
        ("trials.theta", "", "nothing is written"),
        ("trials.theta", "0,08", "two ways"),
        ("trials.theta", "0.08 or 0.5", "two"),
        ("trials.theta", "0.5 or 0.6", "two"),
        ("clicks.theta", "(k + 6)/200", "unknown name 'k', did you mean 'K'?"),
        ("rate.posterior", "gamma(10, 3.5)", "two ways"),
        ("rate.posterior", "gamma(5, 4)", "two ways"),
        ("trials.posterior", "3/7", "a distribution is expected"),
        ("trials.theta", "x = ((", ""),
        ("mail.posterior", "1/2", "names and values are expected"),
    ],
)
def test_what_cannot_be_read(at: str, claim: object, reason: str) -> None:
    is_read, text = read(at, claim)
    assert not is_read
    assert reason in text


PAIRS = [
    ("2/25", "3/25"), ("0.08", "0.09"), ("0.08 or 0.5", "0.07 or 0.5"), ("0,08", "0,09"),
    ("0.08 = 2/25", "0.09 = 9/100"), ("theta = 0.08", "theta = 0.09"), ("± 0.08", "± 0.09"),
    ("0.08, 0.5", "0.09, 0.5"), ("<= 0.08", "<= 0.09"), ("8%", "9%"), ("8", "9"),
    ("0.08 (8%)", "0.09 (9%)"), ("mle = 0.1, theta = 0.08", "mle = 0.3, theta = 0.09"),
]  # fmt: skip
"""Answers of which the first is or holds the right one, and others that are written alike."""


@pytest.mark.parametrize(("right", "other"), PAIRS)
def test_it_does_not_tell_which_is_right(right: str, other: str) -> None:
    found = [read("trials.theta", claim) for claim in (right, other)]
    assert found[0][0] == found[1][0]
    shape = ["".join("#" if c.isdigit() else c for c in text) for _, text in found]
    assert shape[0].replace("#", "") == shape[1].replace("#", "")


def test_a_part_that_was_not_typed_is_not_shown() -> None:
    is_read, text = read("mail.posterior", "spam = 1/3")
    assert is_read
    assert "ham" not in text


def test_conventions_are_those_of_the_key() -> None:
    problems = KEY.replace("\n", "\n  ")
    text = f"conventions: {{gamma: scale, decimal: comma}}\nproblems:{problems}"
    assert read_settled("trials", "theta", "0,08", text) == (True, "0.08")
    is_read, shown = read_settled("rate", "posterior", "gamma(2, 3)", text)
    assert is_read
    assert "scale = 3" in shown


def read_settled(id_: str, name: str, claim: str, text: str) -> tuple[bool, str]:
    (question,) = (one for one in key(text).questions if one.id == id_)
    answer = question.answer(name)
    return understood(question.claimed(claim, answer), answer, Style(5))


@pytest.mark.parametrize(
    ("claim", "shown"),
    [
        ("3/7", "3/7 ≈ 0.42857, a number"),
        ("8@16x16", "8@16×16, a shape"),
        ("[1, 2, 3]", "1, 2, 3, a list"),
        ("N(0, 1)", "Normal(0, 1), a distribution"),
        ("k/n", "k/n, a formula"),
        ("Yes", "yes, to a question of yes or no"),
        ("spam", "spam, in words"),
    ],
)
def test_without_a_key_it_is_read_as_what_it_looks_like(claim: str, shown: str) -> None:
    assert understood(Text(claim, Place("a", claim)), None, Style(5)) == (True, shown)


def test_the_command_prints_a_line_an_answer_and_ends_with_0(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "key.yaml"
    path.write_text(KEY, encoding="utf-8")
    flags = ["--key", str(path), "--id", "trials"]
    ran = run("check", "--read-only", "2/25", "0.5", "x = ((", "= 1/2", *flags)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "2/25: read as 2/25 = 0.08"
    assert lines[1] == "0.5: read as 0.5"
    assert lines[2].startswith("x = ((: cannot be read: ")
    assert not any(word in ran.out for word in ("right", "wrong", "✓", "✗"))
    ran = run("check", "--read-only", "Beta(3, 4)", *flags[:2], "--id", "TRIALS.posterior")
    assert ran.out == "Beta(3, 4): read as Beta(3, 4)\n"
    ran = run("check", "--read-only", "posterior = Beta(3, 4)", *flags)
    assert ran.out == "posterior = Beta(3, 4): read as Beta(3, 4)\n"
    assert run("check", "--read-only", "3/7").out == "3/7: read as 3/7 ≈ 0.42857, a number\n"


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "--id says which problem of the key it is: one of clicks, trials"),
        (["--id", "trails"], "the key has no problem 'trails', did you mean 'trials'?"),
        (["--id", "trials.thta"], "'trials' has no answer 'thta', did you mean 'theta'?"),
    ],
)
def test_which_answer_it_is_must_be_known(
    run: Run, tmp_path: Path, flags: list[str], message: str
) -> None:
    path = tmp_path / "key.yaml"
    path.write_text(KEY, encoding="utf-8")
    ran = run("check", "--read-only", "1", "--key", str(path), *flags)
    assert ran.code == 2
    assert message in ran.err


def test_a_key_that_is_malformed_tells_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "key.yaml"
    path.write_text(KEY + "  accept: {shattered: maybe}\n", encoding="utf-8")
    ran = run("check", "--read-only", "1", "--key", str(path), "--id", "trials")
    assert ran.code == 2
    assert "maybe" not in ran.err
