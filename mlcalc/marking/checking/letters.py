"""The letters of a formula, and what those stand for that the answer itself does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import partial

from mlcalc.files.document import Raw
from mlcalc.files.errors import Invalid
from mlcalc.files.fields.base import TreeReader
from mlcalc.marking.checking.findings import RIGHT, Finding, united
from mlcalc.marking.checking.formulas import compare_formula
from mlcalc.marking.checking.meanings import OF_ONE, N, is_in_data, meanings
from mlcalc.marking.checking.numbers import Rule
from mlcalc.marking.checking.reading import letters_of, read_chain
from mlcalc.maths import reader
from mlcalc.maths.compare import DATA, MEAN, SUM
from mlcalc.maths.reader import BINDINGS
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Call, Chain, Expr, MatMul, Number, Symbol, Transpose, substitute, walk
from mlcalc.showing.derivation import Answer, Result, Verdict

SIGMOID = ("sigma", "sig")
"""What people call it where the problem has one."""
ESTIMATED = ("", "mle", "ml", "map")
"""What may stand below a letter with a hat."""


def compare_chain(claimed: Raw, answer: Answer, others: Sequence[Answer], rule: Rule) -> Finding:
    """One formula, or several that are claimed to be equal, each of which must be right."""
    own = answer.value
    assert isinstance(own, Expr)
    chains = read_chains(claimed, own, others)
    findings = [compare_members(chain, answer, others, rule) for chain in chains]
    if len({finding.verdict for finding in findings}) > 1:
        read_chain(claimed, reader_for(own, others))  # which says what the two readings are
    return united(findings)


def compare_members(
    chain: Sequence[Expr], answer: Answer, others: Sequence[Answer], rule: Rule
) -> Finding:
    """Formulas that are claimed to be equal, each of which must be right."""
    own = answer.value
    assert isinstance(own, Expr)
    findings = []
    for typed in chain:
        finding = compare_formula(typed, own, rule)
        if finding.verdict is Verdict.WRONG:
            finding = compare_with_others(typed, own, answer.name, others, rule) or finding
        findings.append(finding)
    return united(findings)


def read_chains(claimed: Raw, own: Expr, others: Sequence[Answer]) -> list[tuple[Expr, ...]]:
    """The readings of a chain: one, or several as of 1/2x.  Raises `Invalid`."""
    try:
        return [read_chain(claimed, reader_for(own, others))]
    except Invalid:
        found: list[tuple[Expr, ...]] = []
        for binding in BINDINGS:
            with suppress(Invalid):
                found.append(read_chain(claimed, reader_for(own, others, binding)))
        if not found:
            raise
        return list(dict.fromkeys(found))


def reader_for(own: Expr, others: Sequence[Answer], binding: str = "") -> TreeReader:
    """The reader that knows the names of the problem: wx is w·x, and σ(z) its sigmoid."""
    values = [own, *(one.value for one in others if isinstance(one.value, Expr))]
    letters = {symbol.spelled for value in values for symbol in letters_of(value)}
    has_sigmoid = any(isinstance(n, Call) and n.name == "sigmoid" for v in values for n in walk(v))
    functions = {n: "sigmoid" for n in SIGMOID if has_sigmoid and n not in letters}
    # xi and xn are data, and no products.
    has_data = is_in_data(own)
    is_word = {DATA, SUM, MEAN} if has_data else set[Symbol]()
    known = {symbol.spelled for symbol in letters_of(own) - is_word} | (
        {"N"} if has_data else set()
    )
    is_plain = not any(isinstance(node, MatMul | Transpose) for node in walk(own))
    return partial(
        reader.read, known=known if is_plain else (), functions=functions, binding=binding
    )


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
    if others and (unknown := unknown_letters(meanings(formula, own, rule.of_ones)[0], others)):
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
    known = {symbol for one in answers for symbol in letters_in(one.value)} | {DATA, N}
    names = {symbol.spelled for symbol in known} | {symbol.name for symbol in known}
    names |= {one.name for one in answers} | {"mean"}
    extra = (s for s in letters_of(claimed) if s.spelled not in names)
    return sorted(s.spelled for s in extra if not is_datum(s) or s.name not in names)


def is_datum(letter: Symbol) -> bool:
    """Whether a letter is an entry of the data, or their mean, by its bar or subscript."""
    return letter.accent == "bar" or letter.subscript in OF_ONE


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
