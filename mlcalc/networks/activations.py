"""The activation functions that a layer may have: their words, their working, their conventions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from mlcalc.files.errors import Place, Unsolved
from mlcalc.maths.activations import ACTIVATIONS, H, Z, function_name
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import holds
from mlcalc.maths.functions import FUNCTIONS, Scalar, plus, softmax, to_float
from mlcalc.maths.tree import (
    Call,
    Cases,
    Chain,
    Div,
    Expr,
    Matrix,
    Mul,
    call,
    map_parts,
    spread,
    substitute,
    wrap,
)
from mlcalc.maths.vectors import Write, added, column, compact, worked
from mlcalc.networks.called import ActivationWord

SYNONYMS = {synonym: word for word, one in ACTIVATIONS.items() for synonym in one.synonyms}

ACTIVATION = ActivationWord(
    {word: one.meaning for word, one in ACTIVATIONS.items()},
    SYNONYMS,
    ("activation function", "activation", "function", "unit"),
)

LARGEST_SHOWN_LOGIT = 20
"""Beyond this the largest logit is taken off first, so that no e^z overflows or fills a line."""


def applied(word: str, argument: Expr) -> Expr:
    """The activation of a symbol or vector, as notation; the identity is not written."""
    return argument if word == "identity" else call(function_name(word), argument)


def values_of(word: str, z: Sequence[Scalar]) -> tuple[Scalar, ...]:
    """The activation of a vector, entry by entry."""
    if word == "identity":
        return tuple(z)
    if word == "softmax":
        return tuple(softmax(list(z)))
    return tuple(map(FUNCTIONS[function_name(word)].compute, z))


def activated(
    word: str, target: Expr, name: Expr, z: Sequence[Scalar], write: Write
) -> tuple[Chain, tuple[Scalar, ...]]:
    """The chain target = f(name) = f(z) = …, and the values, one for each entry of z."""
    vector = column(z, write)
    if word == "identity":
        return worked(target, name, compact(vector)), tuple(z)
    values = values_of(word, z)
    members: list[Expr] = [applied(word, name), applied(word, compact(vector))]
    if word == "softmax":
        members[1:] = [applied(word, vector), exponentials(z, write)]
        return worked(target, *members, column(values, write)), values
    return worked(target, *members, compact(column(values, write))), values


def exponentials(logits: Sequence[Scalar], write: Write) -> Expr:
    """The vector of e^z over their sum; the largest z taken off from all where they are large."""
    largest: Scalar = max(logits)
    top = largest if is_shifted(logits) else Fraction(0)
    powers = [call("exp", write(plus(logit, -top))) for logit in logits]
    return Div(Matrix.column(powers), added(powers))


def is_shifted(logits: Sequence[Scalar]) -> bool:
    return any(abs(to_float(logit)) > LARGEST_SHOWN_LOGIT for logit in logits)


def conventions(words: Iterable[str]) -> list[Note]:
    """The notes on the activations that were used, each once."""
    records = [ACTIVATIONS[word] for word in dict.fromkeys(words)]
    return [Note(*one.convention) for one in records if one.convention]


def at_kinks(words: Iterable[str]) -> list[Note]:
    """What is taken for the slope of each where it has none."""
    return [
        Note(
            f"activation.{function_name(word)}_at_zero",
            f"the slope of {word} at 0 is taken as {ACTIVATIONS[word].kink}",
        )
        for word in dict.fromkeys(words)
        if ACTIVATIONS[word].kink
    ]


def refuse_flat(word: str, place: Place) -> None:
    """Raises `Unsolved` for an activation through which no gradient comes."""
    if ACTIVATIONS[word].is_flat:
        raise Unsolved.because(
            f"{word} is flat: its derivative is 0 wherever it has one, so no gradient comes "
            "through and there is nothing to learn from; sigmoid or tanh are its smooth forms",
            place,
        )


# The slope f′(z).


def derivative(word: str, argument: Expr) -> Call:
    """relu'(z), as notation."""
    return call(function_name(word) + "'", argument)


def slope_in_letters(word: str, z: Expr, h: Expr) -> list[Expr]:
    """The factors of f′(z), by the names of z and h, numbers or vectors; none where it is 1."""
    if ACTIVATIONS[word].is_in_parts:
        return [derivative(word, z)]
    return slope_factors(word, z, h)


def slope(word: str, z: Scalar, h: Scalar, write: Write) -> list[Expr]:
    """The factors of f′(z) with their numbers, where h = f(z)."""
    found = ACTIVATIONS[word].gradient
    if isinstance(found, Cases):
        found = next(v for v, where in found.branches if where is None or holds(where, {Z: z}))
    return list(spread(Mul, substitute(found, {Z: write(z), H: write(h)})))


def slope_formula(word: str, z: Expr, h: Expr) -> Expr:
    """f′(z) of a number by its name: indicators where there are several cases."""
    return substitute(in_one_line(ACTIVATIONS[word].gradient), {Z: z, H: h})


def slope_factors(word: str, z: Expr, h: Expr) -> list[Expr]:
    """The factors of that formula; none where it is 1."""
    return [factor for factor in spread(Mul, slope_formula(word, z, h)) if factor != wrap(1)]


def written_out(formula: Expr) -> Expr:
    """The formula with relu'(z) and the like by what they are."""
    if isinstance(formula, Call) and formula.name in PRIMED:
        (z,) = formula.arguments
        word = PRIMED[formula.name]
        return slope_formula(word, written_out(z), applied(word, written_out(z)))
    return map_parts(formula, written_out)


PRIMED = {f"{function_name(word)}'": word for word in ACTIVATIONS}
OTHERWISE = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}


def in_one_line(formula: Expr) -> Expr:
    """Two cases as a sum that is computed entry by entry: 1[z > 0] + 0.01·1[z ≤ 0]."""
    match formula:
        case Cases(((above, Chain(left, ((relation, right),)) as where), (below, None))):
            elsewhere = Chain(left, ((OTHERWISE[relation], right),))
            terms = [indicated(above, where), indicated(below, elsewhere)]
            return added([term for term in terms if term is not None])
        case Cases():
            raise LookupError("only two cases are written as one line")
        case _:
            return formula


def indicated(value: Expr, where: Chain) -> Expr | None:
    """The value times the indicator; None for a value of 0."""
    if value == wrap(0):
        return None
    there = call("indicator", where)
    return there if value == wrap(1) else Mul((value, there))


def slope_notes(words: Iterable[str]) -> list[Note]:
    """What the slopes are that are written as relu'(z)."""
    found: list[Note] = []
    for word in dict.fromkeys(words):
        match ACTIVATIONS[word].gradient:
            case Cases(((above, Chain() as where), (below, None))):
                one, other = (substitute(v, {H: applied(word, Z)}) for v in (above, below))
                text = (derivative(word, Z), " is ", one, " where ", where, ", and ", other)
                found.append(Note("activation.slope", (*text, " elsewhere")))
    return found
