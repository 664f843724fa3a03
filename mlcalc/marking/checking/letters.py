"""The letters of a formula, and what those stand for that the answer itself does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from mlcalc.files.document import Raw
from mlcalc.files.errors import Invalid
from mlcalc.marking.checking.findings import RIGHT, Finding, united
from mlcalc.marking.checking.formulas import compare_formula
from mlcalc.marking.checking.numbers import Rule
from mlcalc.marking.checking.reading import letters_of, read_chain
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Chain, Expr, Number, Symbol, substitute
from mlcalc.showing.derivation import Answer, Result, Verdict

ESTIMATED = ("", "mle", "ml", "map")
"""What may stand below a letter with a hat."""


def compare_chain(claimed: Raw, answer: Answer, others: Sequence[Answer], rule: Rule) -> Finding:
    """One formula, or several that are claimed to be equal, each of which must be right."""
    own = answer.value
    assert isinstance(own, Expr)
    findings = []
    for typed in read_chain(claimed):
        finding = compare_formula(typed, own, rule)
        if finding.verdict is Verdict.WRONG:
            finding = compare_with_others(typed, own, answer.name, others, rule) or finding
        findings.append(finding)
    return united(findings)


def compare_with_others(
    typed: Expr, own: Expr, name: str, others: Sequence[Answer], rule: Rule
) -> Finding | None:
    """A formula that is wrong as it stands, with the other answers put in for their names.

    The μ of σ̂² = Σ(xᵢ − μ)²/n is the answer mu where the problem has one.  None where that
    makes it no better; `Invalid` where it has letters that no answer of the problem has.
    """
    at = standing_for(typed, own, [one for one in others if one.name != name])
    formula = substitute(typed, at)
    if at and compare_formula(formula, own, rule).verdict is Verdict.RIGHT:
        *names, last = sorted(symbol.spelled for symbol in at if isinstance(symbol, Symbol))
        listed = f"{', '.join(names)} and {last}" if names else last
        return replace(RIGHT, remark=f"with {listed} as the working has it")
    if others and (unknown := unknown_letters(formula, others)):
        raise Invalid.at(f"no answer to this problem has the letter '{unknown[0]}'")
    return None


def standing_for(typed: Expr, own: Expr, others: Sequence[Answer]) -> dict[Expr, Expr]:
    """The other answers by the letters with which they are named, if our own has none of these."""
    known = {one.name: one.value for one in others}
    at: dict[Expr, Expr] = {}
    for symbol in letters_of(typed) - letters_of(own):
        is_estimate = symbol.accent == "hat" and symbol.subscript.lower() in ESTIMATED
        value = known.get(symbol.name if is_estimate else symbol.spelled)
        if isinstance(value, Fraction):
            at[symbol] = Number(value)
        elif isinstance(value, Expr) and not isinstance(value, Chain):
            at[symbol] = value
    return at


def unknown_letters(claimed: Expr, answers: Sequence[Answer]) -> list[str]:
    """The letters that no answer of the problem has; the mean of one that it has is known."""
    known = {symbol for one in answers for symbol in letters_in(one.value)}
    names = {symbol.spelled for symbol in known} | {symbol.name for symbol in known}
    names |= {one.name for one in answers} | {"mean"}
    extra = (s for s in letters_of(claimed) if s.spelled not in names)
    return sorted(s.spelled for s in extra if s.accent != "bar" or s.name not in names)


def letters_in(value: Result) -> Iterator[Symbol]:
    match value:
        case Expr():
            yield from letters_of(value)
        case Mapping():
            for part in value.values():
                yield from letters_in(part)
        case tuple():
            for part in value:
                yield from letters_in(part)
