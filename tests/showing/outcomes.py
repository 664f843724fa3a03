"""Outcomes built by hand: every kind of block and answer, and texts that mean harm."""

from __future__ import annotations

import math
from fractions import Fraction

from mlcalc.files.document import Raw, from_plain
from mlcalc.files.errors import Complaint, Place
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import as_tree
from mlcalc.maths.tree import (
    BigOp,
    Cases,
    Chain,
    Decimal,
    Indexed,
    Listing,
    Matrix,
    Number,
    Shape,
    Symbol,
    Words,
    call,
    equals,
    shown,
)
from mlcalc.showing.derivation import (
    Answer,
    Checked,
    Derivation,
    Outcome,
    Picture,
    Step,
    Table,
    Verdict,
    number_answer,
)

HOSTILE = (
    r"\input{/etc/passwd}", "$x$", "$$", "<script>alert(1)</script>", "a|b", "[bold]red[/bold]",
    "`rm -rf`", "```", r"\end{verbatim}\immediate\write18{ls}", "\x1b[31mred", "\u202egnp.exe",
    "100% & # _ ^ ~ {", "}", "1. item", "- item", "# heading", "*[x]", "^^5cinput x", "θ̂ ≈ ½",
    "&lt;b&gt;", "![i](http://e.org/x.png)", "---", "\\", "é ñ ŷ", "😀", "\n\n", "%",
)  # fmt: skip

THETA = Symbol("theta", accent="hat")
N, K = Symbol("n"), Symbol("k")


def given(**typed: object) -> dict[str, Raw]:
    return {key: from_plain(value, Place("test")) for key, value in typed.items()}


def hostile(text: str) -> Outcome:
    """A solved problem with the same text in every place that a user's text can reach."""
    words = Words(text)
    step = Step(
        text,
        (
            equals(words, Number(Fraction(1))),
            words,
            Table((text, (text, words)), ((words, text),), caption=text),
            Picture(lines=(text, f"| {text}"), caption=text),
        ),
        note=(text, words),
        substeps=(Step(text, (equals(N, words),), note=text),),
    )
    answers = (
        Answer("prediction", text, words),
        Answer("posterior", {text: Fraction(1, 3)}, Listing((shown(Fraction(1, 3)),))),
    )
    notes = (Note("test.note", (text, words)),)
    return Outcome(
        kind="nb", status="solved", given=given(query=text, rows=[{text: text}]),
        derivation=Derivation(text, (step,), answers, notes), title=text, question=text,
        checked=(Checked("prediction", text, Verdict.WRONG, text),), id=text, file=text,
    )  # fmt: skip


def complete() -> Outcome:
    """A solved problem with every kind of block, answer, note and verdict."""
    likelihood = BigOp("product", Indexed(Symbol("p"), (Symbol("i"),)), Symbol("i"), shown(1), N)
    steps = (
        Step(
            "write the likelihood",
            (
                equals(call("L", Symbol("theta")), likelihood, Symbol("theta") ** K),
                Chain(Symbol("L"), (("propto", Symbol("theta")), ("<=", shown(1)))),
            ),
            note=("the data are independent given ", Symbol("theta"), " ≥ 0"),
            substeps=(
                Step("take the log", (equals(call("log", Symbol("L")), K * call("log", N)),)),
                Step("differentiate", (), note="term by term"),
            ),
        ),
        Step(
            "tabulate",
            (
                Table(
                    ("class", ("P(", Symbol("c"), ")"), "words"),
                    (("spam", shown(Fraction(1, 3)), "free | win"), ("ham", N / K, "hello")),
                    caption="counts",
                ),
                Matrix(((shown(1), shown(-2)), (N, Decimal(0.123456789)))),
            ),
        ),
        Step("draw", (Picture(lines=("┌─┐ θ", "│●│", "└─┘"), caption="a unit"),)),
        Step(
            "say when",
            (Cases(((N, Chain(K, ((">", shown(0)),))), (shown(0), None))),),
            note="otherwise nothing",
        ),
    )
    output = ((Fraction(1), Fraction(-2)), (Fraction(1, 2), Fraction(4)))
    gradients = {"W": ((Fraction(1), Fraction(1, 2)),), "b": 0.5}
    answers = (
        number_answer("theta", Fraction(18, 7), THETA, aliases=("estimate",)),
        Answer("output", output, as_tree(output), Symbol("Y")),
        Answer("formula", K / N, K / N),
        Answer("shape", Shape((N, shown(3)), K), Shape((N, shown(3)), K)),
        Answer(
            "gradients",
            gradients,
            Listing(
                (
                    equals(Symbol("W"), Matrix(((shown(1), shown(Fraction(1, 2))),))),
                    equals(Symbol("b"), Decimal(0.5)),
                )
            ),
        ),
        Answer("prediction", "spam", Words("spam")),
        Answer("can_shatter", True, Words("yes")),
        Answer("vc_dimension", math.inf, Decimal(math.inf)),
        Answer("growth", Fraction(2**70), Number(Fraction(2**70)), unit="labelings"),
    )
    notes = (Note("mle.natural_log", ("log is the natural log, ", call("log", N))),)
    return Outcome(
        kind="mle", status="solved", given=given(data=["3", "4"], n=2, prior={"a": "1"}),
        derivation=Derivation("Maximum likelihood", steps, answers, notes),
        question="What is θ?\n\nUse the data.", id="one", file="a.yaml",
        checked=(Checked("theta", "18/7", Verdict.RIGHT),),
    )  # fmt: skip


def unsolved(status: str = "unsolved", foreseen: bool = False) -> Outcome:
    """A problem that has no derivation."""
    place = Place("a.yaml", "  n: -1", 4, 6, is_file=True)
    checked = (Checked("status", status, Verdict.RIGHT),) if foreseen else ()
    return Outcome(
        kind="mle", status=status, given=given(n=-1), checked=checked,
        complaints=(Complaint("n is below 0\nwrite 1 or more", place), Complaint("no data")),
    )  # fmt: skip
