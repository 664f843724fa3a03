"""The estimate of a function of the parameters: that function of their estimates.

If θ̂ maximises the likelihood, g(θ̂) maximises it as a function of g(θ), whatever g is (Zehna,
1966, "Invariance of maximum likelihood estimators").  It does not hold for the mode of a density.
"""

from __future__ import annotations

from mlcalc.estimation.compact import compact
from mlcalc.estimation.estimate import Estimate, Working
from mlcalc.estimation.family import fact
from mlcalc.estimation.letters import X
from mlcalc.estimation.maximum import worked_out
from mlcalc.estimation.model import Model, Wanted
from mlcalc.estimation.quantities import letter_for
from mlcalc.files.errors import Unsolved
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import scalar, scalar_or_none
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import Later, replace
from mlcalc.maths.tree import Expr, Symbol, equals, free_symbols, shown, substitute
from mlcalc.showing.derivation import Answer, Derivation, number_answer, step

WHY = "a function of the parameter is estimated by that function of its estimate"
NOTE = Note("mle.invariance", f"by invariance, {WHY}")


def carried(model: Model, working: Working, found: Derivation) -> Derivation:
    """The derivation with the answers to what is wanted in the place of the estimates.

    Raises `Unsolved` where a quantity is infinite.
    """
    by_letter = {estimate.unknown.symbol: estimate for estimate in working.estimates}
    answers: list[Answer] = []
    lines: list[Expr] = []
    for wanted in model.wanted:
        if isinstance(wanted.formula, Symbol):
            estimate = by_letter[wanted.formula]
            answers.append(estimate.answer(estimate.unknown.hat, wanted.name))
            continue
        used = {s: e for s, e in by_letter.items() if s in free_symbols(wanted.formula)}
        answer, more = function_of(model, wanted, used)
        answers.append(answer)
        lines += more
    if len(answers) == 1:
        answers[0] = replace(answers[0], aliases=("estimate",))
    rest = found.answers[len(working.estimates) :]
    found = replace(found, answers=(*answers, *rest))
    if not lines:
        return found
    last = step("carry the estimate over", *lines, why=f"by invariance, {WHY}")
    steps = Later(lambda: (*found.steps, last))
    return replace(found, steps=steps, notes=(*found.notes, NOTE))


def function_of(
    model: Model, wanted: Wanted, used: dict[Symbol, Estimate]
) -> tuple[Answer, list[Expr]]:
    """One quantity by the estimates of the parameters that it depends on."""
    taken = {X, *(unknown.symbol for unknown in model.unknown)}
    taken |= {s for s in (*model.known, *free_symbols(model.density)) if isinstance(s, Symbol)}
    letter = letter_for(wanted.name, taken)
    hat = Symbol(letter.name, letter.subscript, "hat")
    with_hats = substitute(wanted.formula, {s: e.unknown.hat for s, e in used.items()})
    lines: list[Expr] = [equals(letter, wanted.formula)]
    numbers: dict[Expr, Expr] = dict(model.known)
    numbers |= {s: shown(e.value) for s, e in used.items() if e.value is not None}
    check_finite(wanted, used, numbers)
    if any(estimate.value is None for estimate in used.values()):
        claimed, printed = dict(numbers), dict(numbers)
        claimed |= {s: e.claimed for s, e in used.items() if e.claimed is not None}
        printed |= claimed | {s: e.shown for s, e in used.items() if e.shown is not None}
        first, second = (compact(substitute(wanted.formula, each)) for each in (claimed, printed))
        lines.append(equals(hat, with_hats, second))
        return Answer(wanted.name, first, second, hat), lines
    if any(estimate.interval is not None for estimate in used.values()):
        own = ", ".join(symbol.spelled for symbol in used)
        raise Unsolved.because(f"a whole interval of {own} is a maximiser: ask for {own}")
    filled = substitute(wanted.formula, numbers)
    if free_symbols(filled) - {Symbol("pi")}:
        filled = compact(filled)
        lines.append(equals(hat, with_hats, filled))
        return Answer(wanted.name, filled, filled, hat), lines
    try:
        value = scalar(filled)
    except EvaluationError:
        raise infinite(wanted, used) from None
    lines.append(equals(hat, with_hats, *worked_out(filled)))
    return number_answer(wanted.name, value, hat), lines


def check_finite(wanted: Wanted, used: dict[Symbol, Estimate], numbers: dict[Expr, Expr]) -> None:
    """A mean that is infinite for these values is no estimate."""
    if wanted.quantity is None or not wanted.quantity.finite:
        return
    value = scalar_or_none(substitute(fact(wanted.quantity.finite), numbers))
    if value is not None and value <= 0:
        raise infinite(wanted, used)


def infinite(wanted: Wanted, used: dict[Symbol, Estimate]) -> Unsolved:
    at = ", ".join(one_line(equals(e.unknown.hat, shown(e.value))) for e in used.values()
                   if e.value is not None)  # fmt: skip
    return Unsolved.because(
        f"the {wanted.name.replace('_', ' ')} has no finite estimate: it is "
        f"{one_line(wanted.formula)}" + (f", and {at}" if at else "")
    )
