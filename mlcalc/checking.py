"""One claimed answer against one `Answer`.

A decimal is right when it is the exact value rounded to the digits that were written, at least
two, or within 0.1 % of it; a whole number must be exact; formulas are right when they are equal.
What cannot be read is unreadable, never wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import cast

from mlcalc.derivation import Answer, Checked, Derivation, Result, Verdict
from mlcalc.document import Entries, Raw, Text, plain
from mlcalc.errors import Invalid, closest
from mlcalc.fields import tree
from mlcalc.maths import reader
from mlcalc.maths.compare import same, same_number
from mlcalc.maths.evaluate import evaluate, flattened
from mlcalc.maths.functions import EvaluationError
from mlcalc.maths.scanner import Unreadable
from mlcalc.maths.tree import Call, Chain, Decimal, Expr, Listing, Matrix, Number, Shape, Symbol

RELATIVE_TOLERANCE = Fraction(1, 1000)
YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def check(
    claimed: Raw, answer: Answer, tolerance: Fraction = RELATIVE_TOLERANCE, name: str | None = None
) -> Checked:
    """The verdict on what was claimed for that answer."""
    text = written(claimed)
    name = name or answer.name
    if isinstance(claimed, Text) and not claimed.value.strip():
        return Checked(name, text, Verdict.MISSING)
    try:
        verdict = compare(claimed, answer.value, tolerance)
    except Invalid as error:
        return Checked(name, text, Verdict.UNREADABLE, error.complaints[0].message)
    except EvaluationError as error:
        return Checked(name, text, Verdict.UNDECIDED, str(error))
    return Checked(name, text, verdict)


def check_named(
    claims: Entries, derivation: Derivation, tolerance: Fraction = RELATIVE_TOLERANCE
) -> tuple[Checked, ...]:
    """The verdicts on a mapping of answer names to claims; an unknown name is `Invalid`.

    A claim without a name is one for the primary answer, which is the first.
    """
    checked = []
    for key, claimed in claims.pairs:
        name = key.value.replace("-", "_") or derivation.answers[0].name
        answer = derivation.answer(name)
        if answer is None:
            known = [a.name for a in derivation.answers]
            hint = closest(key.value, known) or f"; this problem answers {', '.join(known)}"
            raise Invalid.at(f"there is no answer '{key.value}'{hint}", key.place)
        checked.append(check(claimed, answer, tolerance, name))
    return tuple(checked)


def written(claimed: Raw) -> str:
    """The claim as one line of text."""
    return claimed.value if isinstance(claimed, Text) else str(plain(claimed)).replace("'", "")


def compare(claimed: Raw, value: Result, tolerance: Fraction) -> Verdict:
    match value:
        case bool():
            word = written(claimed).strip().lower()
            if word not in YES:
                raise Invalid.at("yes or no is expected", claimed.place)
            return verdict(YES[word] is value)
        case str():
            return compare_words(claimed, value)
        case Mapping():
            return compare_mapping(claimed, value, tolerance)
        case Shape():
            return compare_shape(claimed, value, tolerance)
        case Expr():
            return compare_formula(last_member(tree(claimed)), value)
        case _:
            return compare_values(tree_of_numbers(claimed, value), value, tolerance)


def verdict(is_right: bool | None) -> Verdict:
    if is_right is None:
        return Verdict.UNDECIDED
    return Verdict.RIGHT if is_right else Verdict.WRONG


def last_member(expression: Expr) -> Expr:
    """What is claimed by `theta = 9/3.5 ≈ 2.571`: the first value after the name."""
    if isinstance(expression, Chain):
        members = expression.members
        return members[1] if isinstance(members[0], Symbol) else members[0]
    return expression


def tree_of_numbers(claimed: Raw, value: Result) -> Expr:
    """The claim as notation; a matrix is also read in the `1 2; 3 4` spelling."""
    if isinstance(claimed, Text) and isinstance(value, tuple):
        is_rows = "[" not in claimed.value and "," not in claimed.value and "x" not in claimed.value
        return last_member(tree(claimed, reader.read_matrix if is_rows else reader.read))
    return last_member(tree(claimed))


def compare_values(claimed: Expr, value: Result, tolerance: Fraction) -> Verdict:
    """Number by number: a list against a row or a column of the same length is accepted."""
    while isinstance(value, tuple) and len(value) == 1 and members(claimed) is None:
        value = value[0]  # a number stands for a 1-vector
    if not isinstance(value, tuple):
        if isinstance(claimed, Listing | Matrix | Shape):
            claimed_items = flattened(evaluate(claimed))
            if len(claimed_items) != 1:
                return Verdict.WRONG
            claimed = Number(Fraction(claimed_items[0]))
        return verdict(is_right(claimed, cast("Fraction | float", value), tolerance))
    parts = members(claimed)
    if parts is None:
        parts = (claimed,)  # a number stands for a 1×1 matrix, and for a row of one entry
    if len(parts) != len(value):
        flat = flattened(value)
        is_vector = min(shape_of(value)) == 1 if shape_of(value) else False
        if not is_vector or len(parts) != len(flat):
            return Verdict.WRONG
        return all_right(
            [compare_values(p, v, tolerance) for p, v in zip(parts, flat, strict=True)]
        )
    return all_right([compare_values(p, v, tolerance) for p, v in zip(parts, value, strict=True)])


def shape_of(value: Result) -> tuple[int, ...]:
    if not isinstance(value, tuple):
        return ()
    return (len(value), *(shape_of(value[0]) if value else ()))


def members(claimed: Expr) -> tuple[Expr, ...] | None:
    """The items of a list, the rows of a matrix, the sizes of a shape, channels first."""
    match claimed:
        case Listing(items):
            return items
        case Matrix(rows):
            one_column = rows and len(rows[0]) == 1
            return tuple(row[0] for row in rows) if one_column else tuple(map(Listing, rows))
        case Shape(sizes, channels):
            return sizes if channels is None else (channels, *sizes)
        case _:
            return None


def all_right(verdicts: list[Verdict]) -> Verdict:
    for worst in (Verdict.WRONG, Verdict.UNDECIDED):
        if worst in verdicts:
            return worst
    return Verdict.RIGHT


def is_right(claimed: Expr, value: Fraction | float, tolerance: Fraction) -> bool:
    """The rule for one number."""
    found = evaluate(claimed)
    if isinstance(found, tuple):
        return False
    if same_number(found, value):
        return True
    is_whole = isinstance(value, Fraction) and value.denominator == 1
    if is_whole or not isinstance(claimed, Number | Decimal) or not isinstance(found, Fraction):
        return False
    if not math.isfinite(value):
        return False
    target = Fraction(value)
    if abs(found - target) <= tolerance * abs(target):
        return True
    text = claimed.written if isinstance(claimed, Number) and claimed.written else str(found)
    return significant_digits(text) >= 2 and abs(found - target) <= last_place(text) / 2


def significant_digits(text: str) -> int:
    """How many digits of a decimal were written: 0.080 has two, 2.57 three."""
    digits = "".join(c for c in text.lower().partition("e")[0] if c.isdigit())
    return len(digits.lstrip("0"))


def last_place(text: str) -> Fraction:
    """The value of one unit in the last digit that was written: 1/100 for 2.57."""
    mantissa, _, exponent = text.lower().rstrip("%").partition("e")
    places = len(mantissa.partition(".")[2])
    unit = Fraction(10) ** (int(exponent or 0) - places)
    return unit / 100 if text.endswith("%") else unit


def compare_words(claimed: Raw, value: str) -> Verdict:
    """Words alike but for case and spaces; a named distribution by the values of its arguments."""
    text = written(claimed)
    if folded(text) == folded(value):
        return Verdict.RIGHT
    try:
        ours, theirs = reader.read(value), tree(claimed)
    except (Unreadable, Invalid):
        return Verdict.WRONG
    if isinstance(ours, Call) and isinstance(theirs, Call):
        return compare_formula(theirs, ours)
    return Verdict.WRONG


def folded(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())


def compare_formula(claimed: Expr, value: Expr) -> Verdict:
    if isinstance(claimed, Call) and isinstance(value, Call) and value.keywords:
        pairs = dict(claimed.keywords), dict(value.keywords)
        alike = claimed.name == value.name and pairs[0].keys() == pairs[1].keys()
        if not alike or len(claimed.arguments) != len(value.arguments):
            return Verdict.WRONG
        return all_right([compare_formula(pairs[0][k], pairs[1][k]) for k in pairs[1]])
    if isinstance(claimed, Call) and isinstance(value, Call) and claimed.name == value.name:
        if len(claimed.arguments) == len(value.arguments):
            each: Callable[[Expr, Expr], Verdict] = compare_formula
            return all_right(list(map(each, claimed.arguments, value.arguments)))
    if type(claimed) is Call and claimed == value:
        return Verdict.RIGHT
    return verdict(same(claimed, value))


def compare_shape(claimed: Raw, value: Shape, tolerance: Fraction) -> Verdict:
    found = tree(claimed, reader.read_shape_or_value)
    found = last_member(found)
    theirs, ours = members(found) or (found,), members(value) or (value,)
    if len(theirs) != len(ours):
        return Verdict.WRONG
    return all_right(list(map(compare_formula, theirs, ours)))


def compare_mapping(claimed: Raw, value: Mapping[str, Result], tolerance: Fraction) -> Verdict:
    if not isinstance(claimed, Entries):
        raise Invalid.at(f"names and values are expected: {', '.join(value)}", claimed.place)
    unknown = [key for key in claimed.keys() if key not in value]
    if unknown:
        hint = closest(unknown[0], value) or f"; known here: {', '.join(value)}"
        raise Invalid.at(f"'{unknown[0]}' is not a part of this answer{hint}", claimed.place)
    return all_right([compare(raw, value[key.value], tolerance) for key, raw in claimed.pairs])
