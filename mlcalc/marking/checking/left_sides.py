"""What stands before the sign of a claim: the quantity that the claim is about.

A name is believed: `E(λ | D) = 0.79` is about the mean of the posterior also where its mode was
asked for.  A formula on the left is working, and a name that the problem does not have says that
the claim is about something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import cast

from mlcalc.files.document import Text
from mlcalc.files.errors import Invalid
from mlcalc.marking.checking.parts import part_named
from mlcalc.marking.checking.reading import outer
from mlcalc.marking.checking.spellings import (
    TEX_GROUP,
    called,
    canonical,
    forms,
    plain_letters,
    usual_names,
)
from mlcalc.marking.checking.truth import YES
from mlcalc.maths.evaluate import CONSTANTS, Value, evaluate, shape_of
from mlcalc.maths.functions import FUNCTIONS
from mlcalc.maths.printing import one_line
from mlcalc.maths.tree import Call, Expr, Indexed, Number, free_symbols
from mlcalc.showing.derivation import Answer, OnTheWay

SIGNS = re.compile(
    r"(?<![<>!=~])[=≈](?![=>])|[<>]=|[≤≥⩽⩾∼~]|"
    r"\\(?:approx|sim(?:eq)?|[lg](?:eq?|eqslant))(?![A-Za-z])|:(?=\s)"
)
NAME = re.compile(
    r"(?P<letter>[A-Za-z]+)[0-9]*'*(?:\([^()]*\))?(?:\([^()]*\))?|"
    r"[A-Za-z]+[0-9]+(?:,[0-9]+)+|[A-Za-z]+\|[A-Za-z]+|\|[A-Za-z]+\||"
    r"d[A-Za-z0-9()]*/d[A-Za-z0-9()]+|P\([^()]*\)/P\([^()]*\)"
)
"""What names a quantity, in its canonical spelling."""

FILLERS = frozenset(
    [
        *("a", "all", "an", "and", "are", "as", "by", "for", "i", "is", "it", "my", "of", "our"),
        *("that", "the", "therefore", "this", "thus", "we", "with", "find", "found", "get"),
        *("gives", "have", "need", "needed", "answer", "ans", "result", "solution", "sought"),
        *("bound", "class", "correct", "count", "estimate", "estimated", "estimator", "final"),
        *("likelihood", "map", "maximum", "ml", "mle", "number", "output", "total", "value"),
    ]
)
"""Words that may stand around the name of what is asked for."""

LETTERS = re.compile(r"(?:log|ln)L|(?:[A-Za-z]|log|ln)\((?:[^()]|\([^()]*\))*\)")
CORNERS = (
    {"top": False, "upper": False, "bottom": True, "lower": True},
    {"left": False, "right": True},
)
"""Which end of the rows and columns a word means: the last, or the first."""
CELLS = frozenset({"cell", "corner", "element", "entry", "hand", "pixel", "at", "in"})

STATISTICS = frozenset({"max", "mean", "median", "min", "mode", "std", "var"})
"""Functions that name a quantity where nothing stands behind them; log(L) is worked out."""

ESTIMATES = frozenset({"maximum", "mle", "ml", "map", "estimate", "estimated", "estimator"})
"""Words with which a likelihood names an estimate, and not itself."""

SQUARE, ROOT = "sigma2", "sigma"
SPREADS = {
    SQUARE: ("sigma2", "variance", "var"),
    ROOT: ("sigma", "sd", "std", "standard_deviation"),
}
"""σ² and σ, of which either tells the other."""


def left_side(text: str) -> str | None:
    """The name of what a claim is about: before the first sign, or behind it as in 300 ≤ N."""
    sides = parts(text)
    if len(sides) < 2:
        return None
    if is_name(sides[0]):
        return sides[0]
    has_value = not any(character.isalpha() for character in sides[0])
    return sides[-1] if has_value and is_name(sides[-1]) else None


def parts(text: str) -> list[str]:
    """What stands between the signs outside of brackets."""
    places = set(outer(text, "=≈<>≤≥⩽⩾∼~\\:"))
    found, start = [], 0
    for match in SIGNS.finditer(text):
        if match.start() in places:
            found.append(text[start : match.start()].strip())
            start = match.end()
    return [*found, text[start:].strip()]


def is_name(text: str) -> bool:
    """Whether a text names something, and is neither a value nor a formula to be worked out."""
    match = NAME.fullmatch(canonical(text))
    return match is not None and not (
        match["letter"] in CONSTANTS
        or (match["letter"] in FUNCTIONS and ("(" in text or text.strip() not in STATISTICS))
        or text.strip().casefold() in YES
    )


def is_notation(text: str) -> bool:
    """Whether what is named is a function's value: P(tails), log L."""
    return LETTERS.fullmatch(canonical(left_side(text) or "")) is not None


def about(claimed: Text, answer: Answer, others: Sequence[Answer]) -> Answer | None:
    """The other quantity that the claim is about; None where it is about the answer itself.

    Raises `Invalid` for a name that the problem does not have, where its answers are known.
    """
    left = left_side(claimed.value)
    if left is None:
        return None
    name = canonical(left)
    answers = [
        answer,
        *(o for o in others if not isinstance(o, OnTheWay) and o.name != answer.name),
    ]
    paths = called(name, answers)
    if answer.name in paths or is_own(left, name, answer):
        return None
    paths = paths or called_in_words(left, answers)
    if answer.name in paths:
        return None
    if paths:
        part = part_named(paths[0], answers)
        assert part is not None
        return part.answer
    found = spread_called(left, answers)
    if name in STATISTICS and answer.name not in SPREADS:
        return None  # the max of the data is how the answer was found
    if is_corner(left, answer, others):
        return None
    if found is None and others and not is_member(name, answer):
        raise Invalid.at(unknown(left, others), claimed.place)
    return found


def is_own(left: str, name: str, answer: Answer) -> bool:
    """Whether a name may stand for the answer where that is what was asked for."""
    last = answer.name.rpartition(".")[2]
    letters = plain_letters(answer)
    own = letters | {canonical(word) for word in (*answer.name.split("_"), last)}
    plain = re.sub(r"[0-9]+'*(?=$|\()|'+$", "", name)
    bare = plain.partition("(")[0] if "P(" not in name and "|" not in name else plain
    if isinstance(answer.symbol, Indexed):
        return is_cell(name, answer.symbol)
    return any(form in own for one in (name, plain, bare) for form in forms(one)) or (
        "." in answer.name and any(form.endswith((f"/d{canonical(last)}",)) for form in forms(name))
    )


def estimator_named(said: set[str], answers: Sequence[Answer]) -> str | None:
    """The MLE where the MAP estimate is asked for, and the other way round."""
    known = {one.name: one for one in answers}
    if "mle" not in known:
        return None
    if "mle" in said or "ml" in said:
        return "mle"
    is_map = "map" in said and answers[0].name == "mle"
    return next((one.name for one in answers if is_map and "estimate" in one.aliases), None)


def is_cell(name: str, symbol: Indexed) -> bool:
    """Whether o_33 is the cell Y[3, 3] under another letter."""
    own = "".join(re.findall("[0-9]+", one_line(symbol)))
    return re.fullmatch(r"[A-Za-z]+[(\[]?[0-9,]+[)\]]?", name) is not None and own == "".join(
        re.findall("[0-9]+", name)
    )


def is_corner(left: str, answer: Answer, others: Sequence[Answer]) -> bool:
    """Whether `bottom right` is the cell that is asked for."""
    words = set(re.findall("[a-z]+", left.casefold()))
    rows, columns = words & CORNERS[0].keys(), words & CORNERS[1].keys()
    output = next((one.value for one in others if one.name == "output"), None)
    if not isinstance(answer.symbol, Indexed) or not isinstance(output, tuple):
        return False
    if len(rows) != 1 or len(columns) != 1 or words - rows - columns - FILLERS - CELLS:
        return False
    sizes = shape_of(cast("Value", output))[-2:]
    ends = (CORNERS[0][rows.pop()], CORNERS[1][columns.pop()])
    wanted = [str(size if end else 1) for size, end in zip(sizes, ends, strict=True)]
    return re.findall("[0-9]+", one_line(answer.symbol))[-2:] == wanted


def called_in_words(left: str, answers: Sequence[Answer]) -> list[str]:
    """The answer whose name is among words: the number of parameters, the posterior mean."""
    said = {canonical(word).casefold() for word in TEX_GROUP.sub(r"\1", left).split()}
    if said <= FILLERS and (said & ESTIMATES or "likelihood" not in said):
        return [estimator_named(said, answers) or answers[0].name]
    singular = {word.removesuffix("s") for word in said}
    best: dict[str, int] = {}
    for one in answers:
        usual = (name for name in usual_names(one) if len(name) > 1)
        for name in (one.name, *one.aliases, *usual):
            words = {word.casefold() for word in re.split(r"[_.\s]", name)}
            if words <= said | singular and said - words - {f"{one}s" for one in words} <= FILLERS:
                best[one.name] = max(best.get(one.name, 0), len(words))
    own = {word.casefold() for word in re.split(r"[_.\s]", answers[0].name)}
    if not best and said & own and said - own <= FILLERS:
        return [answers[0].name]
    return sorted(best, key=lambda name: -best[name])[:1]


def is_member(name: str, answer: Answer) -> bool:
    """Whether a name is a letter of the formula that is asked for, and so a value in a chain."""
    value = answer.value
    letters = free_symbols(value) if isinstance(value, Expr) else ()
    return name in {canonical(symbol.spelled) for symbol in letters} or name in {
        canonical(choice) for choice in answer.choices
    }


def unknown(left: str, others: Sequence[Answer]) -> str:
    names = [one.name for one in others if not isinstance(one, OnTheWay)]
    return f"'{left}' is no name of an answer; this problem answers {', '.join(names)}"


def spread_called(left: str, answers: Sequence[Answer]) -> Answer | None:
    """σ where σ² is an answer, and σ² where σ is one."""
    spelled = forms(canonical(left))
    return next((one for one in spreads(answers) if canonical(one.name) in spelled), None)


def spreads(answers: Sequence[Answer]) -> Iterator[Answer]:
    """σ from σ² and σ² from σ, in the words for them."""
    known = {answer.name: answer.value for answer in answers}
    for own, other in ((SQUARE, ROOT), (ROOT, SQUARE)):
        value = known.get(own)
        if other in known or not isinstance(value, Fraction | float | Expr):
            continue
        tree = value if isinstance(value, Expr) else Number(Fraction(value))
        made = Call("sqrt", (tree,)) if own == SQUARE else tree ** Number(Fraction(2))
        found = made if isinstance(value, Expr) else evaluate(made)
        for name in SPREADS[other]:
            yield Answer(name, found, made)
