"""One claimed answer against one `Answer`.

A decimal is right when it is the exact value rounded to the digits that were written, at least
two, or within 0.1 % of it; a whole number must be exact; formulas are right when they are equal.
What cannot be read is unreadable, never wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeGuard, cast

from mlcalc.derivation import Answer, Checked, Derivation, Result, Verdict
from mlcalc.document import Entries, Items, Raw, Text, plain, written
from mlcalc.errors import Invalid, closest
from mlcalc.fields import tree
from mlcalc.maths import reader
from mlcalc.maths.compare import same, same_number
from mlcalc.maths.evaluate import Value, evaluate, flattened, shape_of
from mlcalc.maths.functions import DISTRIBUTIONS, EvaluationError, Undefined
from mlcalc.maths.scanner import MAX_DIGITS, Unreadable
from mlcalc.maths.tree import (
    Call,
    Chain,
    Decimal,
    Expr,
    Listing,
    Matrix,
    Mul,
    Neg,
    Number,
    Pow,
    Shape,
    Symbol,
    free_symbols,
    substitute,
)

RELATIVE_TOLERANCE = Fraction(1, 1000)
CLAIMS = {"=", "~=", "<=", ">="}
"""How a value may be claimed: theta = 1/3, m ≥ 300."""
COMMA = re.compile(r"([-−]?[0-9]+),([0-9]+)")
TYPED_NAME = re.compile(r"[A-Za-z][A-Za-z_ ]*(?=\()")
YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def check(
    claimed: Raw, answer: Answer, tolerance: Fraction = RELATIVE_TOLERANCE, name: str | None = None
) -> Checked:
    """The verdict on what was claimed for that answer."""
    text = written(claimed)
    name = name or answer.name
    if not (text.strip() if isinstance(claimed, Text) else plain(claimed)):
        return Checked(name, text, Verdict.MISSING)
    try:
        verdict = compare(claimed, answer.value, tolerance)
    except Invalid as error:
        return Checked(name, text, Verdict.UNREADABLE, error.complaints[0].message)
    except Undefined as error:
        return Checked(name, text, Verdict.WRONG, str(error))
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
            known = [a.name for a in derivation.all_answers]
            hint = closest(key.value, known) or f"; this problem answers {', '.join(known)}"
            raise Invalid.at(f"there is no answer '{key.value}'{hint}", key.place)
        checked.append(check(claimed, answer, tolerance, name))
    return tuple(checked)


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
        case tuple() if any(isinstance(part, Mapping) for part in value):
            return compare_records(claimed, value, tolerance)
        case Shape():
            return compare_shape(claimed, value, tolerance)
        case Call() if is_distribution(value):
            return compare_distribution(claimed, value)
        case Chain(zero_there, (("=", Number(Fraction(numerator=0))),)):
            return compare_equation(claimed, zero_there)
        case Expr():
            return compare_formula(claimed_member(claimed, tree(claimed)), value)
        case _:
            number = cast("Value", value)
            return compare_values(tree_of_numbers(claimed, number), number, tolerance)


def verdict(is_right: bool | None) -> Verdict:
    if is_right is None:
        return Verdict.UNDECIDED
    return Verdict.RIGHT if is_right else Verdict.WRONG


def claimed_member(claimed: Raw, found: Expr) -> Expr:
    """What is claimed by `theta = 9/3.5 ≈ 2.571`: the first value after the name."""
    if not isinstance(found, Chain):
        return found
    if not {relation for relation, _ in found.links} <= CLAIMS:
        raise Invalid.at("one value is expected, such as 1/3 or theta = 1/3", claimed.place)
    return found.members[1] if isinstance(found.first, Symbol) else found.first


def tree_of_numbers(claimed: Raw, value: Value) -> Expr:
    """The claim as notation; lists and matrices also in the `1 2; 3 4` spelling."""
    if isinstance(claimed, Text) and isinstance(value, tuple):
        if not re.search(r"[\[,x×=]", claimed.value):
            found = tree(claimed, reader.read_matrix)
            # `1 2` is a list, and may stand for a row as for a column.
            return found if ";" in claimed.value else Listing(reader.items_of(found))
    elif isinstance(claimed, Text) and (found_comma := COMMA.fullmatch(claimed.value.strip())):
        whole, part = found_comma.groups()
        message = f"write {whole}.{part} with a point"
        if len(part) == 3 and whole.strip("-−0"):
            message += f", or {whole}{part} without a comma"
        raise Invalid.at(message, claimed.place)
    return claimed_member(claimed, tree(claimed))


def compare_values(claimed: Expr, value: Value, tolerance: Fraction) -> Verdict:
    """Number by number: a list against a row or a column of the same length is accepted."""
    while isinstance(value, tuple) and len(value) == 1 and members(claimed) is None:
        value = value[0]  # a number stands for a 1-vector
    if not isinstance(value, tuple):
        while (items := members(claimed)) is not None:
            if len(items) != 1:
                return Verdict.WRONG
            claimed = items[0]  # a list of one number stands for it
        return verdict(is_right(claimed, value, tolerance))
    parts = members(claimed)
    if parts is None:
        parts = (claimed,)  # a number stands for a 1×1 matrix, and for a row of one entry
    if len(parts) != len(value):
        flat = flattened(value)
        if min(shape_of(value)) != 1 or len(parts) != len(flat):
            return Verdict.WRONG
        value = tuple(flat)
    pairs = [(part, number, tolerance) for part, number in zip(parts, value, strict=True)]
    return all_right(compare_values, pairs)


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


def all_right(compare: Callable[..., Verdict], parts: Iterable[tuple[Any, ...]]) -> Verdict:
    """The verdict on all parts: one that is wrong decides, also beside one without a value."""
    verdicts = []
    doubt: EvaluationError | None = None
    for part in parts:
        try:
            verdicts.append(compare(*part))
        except EvaluationError as error:
            doubt = error if doubt is None or isinstance(error, Undefined) else doubt
    if doubt is not None and Verdict.WRONG not in verdicts:
        raise doubt
    for worst in (Verdict.WRONG, Verdict.UNDECIDED):
        if worst in verdicts:
            return worst
    return Verdict.RIGHT


def is_right(claimed: Expr, value: Fraction | float, tolerance: Fraction) -> bool:
    """The rule for one number."""
    claimed = as_decimal(claimed)
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


def as_decimal(claimed: Expr) -> Expr:
    """1.2·10⁻⁴ as the decimal 1.2e-4 that it is."""
    match claimed:
        case Neg(operand):
            found = as_decimal(operand)
            if isinstance(found, Number) and found is not operand:
                return Number(-found.value, f"-{found.written}")
        case Mul((Number(value) as first, Pow(Number(Fraction(numerator=10)), Number(power)))):
            is_short = power.denominator == 1 and abs(power) <= MAX_DIGITS
            if is_short and "%" not in (mantissa := first.written or str(value)):
                before, _, exponent = mantissa.lower().partition("e")
                places = int(exponent or 0) + int(power)
                return Number(value * Fraction(10) ** int(power), f"{before}e{places}")
    return claimed


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
        ours = reader.read(value)
    except Unreadable:
        return Verdict.WRONG
    return compare_distribution(claimed, ours) if is_distribution(ours) else Verdict.WRONG


def is_distribution(expression: Expr) -> TypeGuard[Call]:
    return isinstance(expression, Call) and expression.name in DISTRIBUTIONS


def compare_distribution(claimed: Raw, value: Call) -> Verdict:
    """A distribution as it is typed or printed: beta(17, 185), θ | D ∼ Beta(17, 185)."""
    _, _, text = written(claimed).replace("∼", "~").rpartition("~")
    try:
        found = reader.read(TYPED_NAME.sub(lambda m: m[0].casefold().replace(" ", "_"), text))
    except Unreadable as error:
        raise Invalid.at(error.message, claimed.place) from None
    if isinstance(found, Chain):
        found = found.links[0][1]
    return compare_arguments(found, value) if is_distribution(found) else Verdict.WRONG


def folded(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())


def compare_formula(claimed: Expr, value: Expr) -> Verdict:
    is_equal = same(claimed, value)
    return Verdict.RIGHT if is_equal is None and claimed == value else verdict(is_equal)


def compare_equation(claimed: Raw, value: Expr) -> Verdict:
    """A curve as left = right, or as what is zero on it; a factor that is not 0 changes nothing."""
    found = tree(claimed)
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
        return verdict(False)
    return compare_formula(found * ours, value * theirs)


def compare_arguments(claimed: Call, value: Call) -> Verdict:
    """By name and the values of the arguments; 1/scale is the rate of a gamma distribution."""
    if claimed.name != value.name:
        return Verdict.WRONG
    ours, theirs = dict(value.keywords), dict(claimed.keywords)
    if claimed.name in ("gamma", "exponential") and "rate" in ours and "scale" in theirs:
        theirs["rate"] = 1 / theirs.pop("scale")
    if theirs.keys() != ours.keys() or len(claimed.arguments) != len(value.arguments):
        named = ", ".join([*("…" for _ in value.arguments), *(f"{key}=…" for key in ours)])
        raise Invalid.at(f"write {value.name}({named})")
    pairs = [*zip(claimed.arguments, value.arguments, strict=True)]
    return all_right(compare_formula, pairs + [(theirs[key], ours[key]) for key in ours])


def compare_shape(claimed: Raw, value: Shape, tolerance: Fraction) -> Verdict:
    found = tree(claimed, reader.read_shape_or_value)
    found = claimed_member(claimed, found)
    theirs, ours = members(found) or (found,), members(value) or (value,)
    if len(theirs) != len(ours):
        return Verdict.WRONG
    return all_right(compare_formula, zip(theirs, ours, strict=True))


def compare_records(claimed: Raw, value: Sequence[Result], tolerance: Fraction) -> Verdict:
    """A list of mappings, in its order; each may leave names out."""
    if not isinstance(claimed, Items):
        raise Invalid.at("a list of names and values is expected", claimed.place)
    if len(claimed.items) != len(value):
        return Verdict.WRONG
    pairs = zip(claimed.items, value, strict=True)
    return all_right(compare, [(item, part, tolerance) for item, part in pairs])


def compare_mapping(claimed: Raw, value: Mapping[str, Result], tolerance: Fraction) -> Verdict:
    if not isinstance(claimed, Entries):
        raise Invalid.at(f"names and values are expected: {', '.join(value)}", claimed.place)
    unknown = [key for key, _ in claimed.pairs if key.value not in value]
    if unknown:
        wrong = unknown[0].value
        hint = closest(wrong, value) or f"; known here: {', '.join(value)}"
        raise Invalid.at(f"'{wrong}' is not a part of this answer{hint}", unknown[0].place)
    return all_right(compare, [(raw, value[key.value], tolerance) for key, raw in claimed.pairs])
