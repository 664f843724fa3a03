"""Formulas: equal at points that follow from both, else SymPy is asked, else undecided."""

from __future__ import annotations

from fractions import Fraction

from mlcalc.files.document import Raw
from mlcalc.files.errors import Invalid
from mlcalc.files.fields import tree
from mlcalc.marking.checking.coefficients import has_rounded_form
from mlcalc.marking.checking.findings import RIGHT, Finding, decided, united
from mlcalc.marking.checking.meanings import meanings, with_powers_inside
from mlcalc.marking.checking.numbers import Rule, is_right
from mlcalc.marking.checking.reading import is_name, letters_of, two_ways
from mlcalc.marking.checking.second_opinion import second_opinion
from mlcalc.maths.compare import same
from mlcalc.maths.evaluate import evaluate
from mlcalc.maths.functions import EvaluationError, Unbound
from mlcalc.maths.tree import Call, Chain, Expr, Neg, Number, free_symbols, map_parts, substitute
from mlcalc.showing.derivation import Verdict


def compare_formula(claimed: Expr, value: Expr, rule: Rule) -> Finding:
    """A formula by what it is worth, in whichever usual letters; one without letters by the rule.

    Raises `Invalid` where its letters can be read in two ways, one of which is right.
    """
    readings = meanings(claimed, value, rule.of_ones)
    findings = [compare_reading(one, value, rule) for one in readings]
    verdicts = [finding.verdict for finding in findings]
    if Verdict.RIGHT in verdicts and Verdict.WRONG in verdicts:
        letters = sorted(s.spelled for s in letters_of(claimed) - letters_of(value))
        if not letters or with_powers_inside(claimed) != claimed:
            raise Invalid.at(two_ways("sum((…)^2) for a sum of squares", "(sum(…))^2"))
        raise Invalid.at(f"say what {' and '.join(letters)} stand for, such as with N = n")
    return united(findings)


def compare_reading(claimed: Expr, value: Expr, rule: Rule) -> Finding:
    """A formula in the letters of the answer."""
    if not letters_of(value):
        if letters := sorted(symbol.spelled for symbol in letters_of(claimed)):
            if same(claimed, value):
                return RIGHT  # they cancel
            raise Unbound(f"{letters[0]} has no value")
        try:
            number = evaluate(value)
        except EvaluationError:
            number = ()
        if not isinstance(number, tuple):
            return decided(is_right(claimed, number, rule))
    is_equal = same(claimed, value)
    if is_equal is False:
        if has_rounded_form(claimed, value, rule):
            return RIGHT
        refuse_other_names(claimed, value)
        if (other := without_bars(claimed)) != claimed and same(other, value):
            is_equal = None  # -log(x) is |log x| of data below 1
    if is_equal is not None:
        return decided(is_equal)
    if claimed == value or second_opinion(claimed, value):
        return RIGHT
    return Finding(Verdict.UNDECIDED, "whether the two formulas are equal is not decided")


def without_bars(claimed: Expr) -> Expr:
    """The formula with -log x for |log x|."""
    match map_parts(claimed, without_bars):
        case Call("abs", (Call("log" | "ln") as inside,), ()):
            return Neg(inside)
        case other:
            return other


def refuse_other_names(claimed: Expr, value: Expr) -> None:
    """Raises `Invalid` for N where the answer has n, and for xy where it has x and y."""
    theirs = {symbol.spelled for symbol in letters_of(claimed)}
    ours = {symbol.spelled for symbol in letters_of(value)}
    for name in sorted(theirs - ours):
        if len(name) > 1 and set(name) <= ours:
            raise Invalid.at(f"unknown name '{name}': write {'*'.join(name)} for a product")
        other = name.swapcase()
        if len(name) == 1 and other in ours - theirs:
            raise Invalid.at(f"unknown name '{name}', did you mean '{other}'?")


def compare_equation(claimed: Raw, value: Expr, rule: Rule) -> Finding:
    """A curve as left = right, or as what is zero on it; a factor that is not 0 changes nothing."""
    found = without_name(tree(claimed), value)
    if isinstance(found, Chain):
        if [relation for relation, _ in found.links] != ["="]:
            raise Invalid.at("one equation is expected, such as x^2 - 2*x = 0", claimed.place)
        found = found.first - found.members[1]
    letters = sorted(free_symbols(value) | free_symbols(found), key=lambda s: s.spelled)
    at: dict[Expr, Expr] = {
        symbol: Number(Fraction(place + 2, 7)) for place, symbol in enumerate(letters)
    }
    ours, theirs = substitute(value, at), substitute(found, at)
    if same(theirs, Number(Fraction(0))):
        return Finding(Verdict.WRONG)
    if has_rounded_form(found, value, rule, is_scaled=True):
        return RIGHT
    return compare_formula(found * ours, value * theirs, rule)


def without_name(found: Expr, value: Expr) -> Expr:
    """`boundary ≈ 2x − 1 = 0` without the name before it, which is none of its letters."""
    if not isinstance(found, Chain) or len(found.links) != 2 or found.first in letters_of(value):
        return found
    return Chain(found.links[0][1], found.links[1:]) if is_name(found.first) else found
