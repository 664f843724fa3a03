"""Numbers, lists, matrices and sets: entry by entry, and which entries are wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from mlcalc.files.document import Raw, Text, written
from mlcalc.files.errors import Invalid
from mlcalc.marking.checking.findings import (
    RIGHT,
    WRONG,
    Finding,
    all_right,
    bound,
    decided,
    united,
    wrong,
)
from mlcalc.marking.checking.matrices import laid_out, turned
from mlcalc.marking.checking.numbers import LEAST_DIGITS, Rule, is_on_the_way, is_right
from mlcalc.marking.checking.reading import (
    as_set,
    read_lists,
    read_numbers,
    read_values,
    two_ways,
    with_points,
)
from mlcalc.maths.compare import same_number
from mlcalc.maths.evaluate import TooMuchWork, Value, Work, as_tree, evaluate, flattened, shape_of
from mlcalc.maths.functions import EvaluationError, Scalar
from mlcalc.maths.records import replace
from mlcalc.maths.tree import BigOp, Call, Expr, Listing, Matrix, Neg, Pow, Shape, Symbol, walk
from mlcalc.showing.derivation import Result, Verdict

INFINITY = Symbol("inf")
AND = re.compile(r"(?<=[0-9%)\]])\s*,?\s+(?:and|then)\b(?=\s+[-−+.0-9(\[])")

THOUSANDS = re.compile(r"(?<![\w.,])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![\w.,])")
GROUPED_BY_POINTS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
OPERATION = re.compile(r"[-−+/^()]")
TIMES = re.compile(r"(?<=[0-9])[x×X](?=[0-9])")

Compare: TypeAlias = "Callable[[Raw, Result, Rule], Finding]"


def compare_number(claimed: Raw, value: Scalar, rule: Rule) -> Finding:
    members_of_set = as_set(claimed)
    if members_of_set is not None:
        return compare_values(read_values(members_of_set), value, rule)
    if rule.is_count and isinstance(claimed, Text):
        claimed = replace(claimed, value=THOUSANDS.sub(ungrouped, claimed.value))
        refuse_points(claimed, value)
    return agreed(read_numbers(with_times(claimed)), value, rule)


def refuse_points(claimed: Text, value: Scalar) -> None:
    """Raises `Invalid` for 2.120 where 2120 are counted, which half of Europe writes so."""
    text = claimed.value.strip()
    whole = text.replace(".", "")
    if GROUPED_BY_POINTS.fullmatch(text) and value == int(whole):
        raise Invalid.at(two_ways(f"{whole} without a point", f"{text}0 for the decimal"))


def ungrouped(match: re.Match[str]) -> str:
    """2,120 as the 2120 that it is where something is counted; the text keeps its length."""
    return match[0].replace(",", "").rjust(len(match[0]))


def with_times(claimed: Raw) -> Raw:
    """5x5x3x8 + 8 with the signs of a product, where a number is asked for."""
    if not isinstance(claimed, Text) or not OPERATION.search(claimed.value):
        return claimed  # 4x7 alone may be a shape
    return replace(claimed, value=TIMES.sub("*", claimed.value))


def agreed(chain: tuple[Expr, ...], value: Value, rule: Rule) -> Finding:
    """The finding on values that are claimed to be equal: each of them must be right.

    Raises `Invalid` where some are right and others are not: 16/200 = 0.8.
    """
    if isinstance(value, float) and math.isinf(value):
        refuse_arithmetic(chain)
    findings = [compare_values(one, value, rule) for one in chain]
    if len({finding.verdict for finding in findings}) > 1 and not isinstance(value, tuple):
        findings = [compare_member(one, chain, value, rule) for one in chain]
    return united(findings)


def refuse_arithmetic(chain: tuple[Expr, ...]) -> None:
    """Raises `Invalid` where something is done with infinity, as in ∞/2."""
    for one in chain:
        own = one.operand if isinstance(one, Neg) else one
        if own != INFINITY and INFINITY in walk(own):
            raise Invalid.at("infinity is no number to calculate with: write it alone")


def compare_member(one: Expr, chain: tuple[Expr, ...], value: Scalar, rule: Rule) -> Finding:
    """One of several numbers: 0.3 beside 1/3 is rounded, and 1398.2 leads to the count 1399."""
    if rule.is_count:
        return decided(is_right(one, value, rule) or is_on_the_way(one, value))
    is_exact = any(is_same(other, value) for other in chain)
    # 0.08 is not rounded to 0.1, having no digit more.
    is_rounded = is_exact and not same_number(Fraction(f"{float(value):.{LEAST_DIGITS}g}"), value)
    return compare_values(one, value, replace(rule, least_digits=1) if is_rounded else rule)


def is_same(claimed: Expr, value: Scalar) -> bool:
    found = evaluate(claimed)
    return not isinstance(found, tuple) and same_number(found, value)


def compare_numbers(
    claimed: Raw, value: tuple[Value, ...], rule: Rule, any_order: bool = False
) -> Finding:
    """A list or a matrix, in any order only where the order means nothing."""
    read_from, is_turned = laid_out(as_set(claimed) or with_commas(claimed))
    chain = read_lists(read_from)
    if is_turned:
        chain = tuple(map(turned, chain))
    for found in chain:
        refuse_much_work(found)
    compare = compare_sets if any_order else compare_values
    findings = [compare(found, value, rule) for found in chain]
    rows = rows_by_slashes(read_from)
    if rows is not None and count(rows) == len(flattened(value)) != count(chain[0]):
        findings = [compare(rows, value, rule)]
    finding = united(findings)
    decimals = with_points(read_from)
    if finding.verdict is Verdict.WRONG and decimals is not None:
        refuse_decimal_commas(read_from, chain[0], decimals, value)
    return finding


def with_commas(claimed: Raw) -> Raw:
    """0.75 and 0.77 with a comma."""
    if not isinstance(claimed, Text) or not AND.search(claimed.value):
        return claimed
    return replace(claimed, value=AND.sub(",    ", claimed.value))


def rows_by_slashes(claimed: Raw) -> Expr | None:
    """[1 2 / 3 4] as the matrix that is meant, if it is one."""
    if not isinstance(claimed, Text) or " / " not in claimed.value or ";" in claimed.value:
        return None
    text = claimed.value.replace(" / ", " ; ").strip().removeprefix("[").removesuffix("]")
    try:
        return read_values(replace(claimed, value=text, exact=False))
    except Invalid:
        return None


def refuse_much_work(claimed: Expr) -> None:
    """Raises `TooMuchWork` where the entries together cost more than one number may."""
    work = Work()
    if not any(isinstance(node, BigOp | Call | Pow) for node in walk(claimed)):
        return
    for entry in members(claimed) or ():
        try:
            evaluate(entry, work=work)
        except TooMuchWork:
            raise
        except EvaluationError:
            continue


def refuse_decimal_commas(claimed: Raw, found: Expr, decimals: Text, value: Value) -> None:
    """Raises `Invalid` where 0,5; 1,5 has the size that is asked for with points alone."""
    try:
        other = read_values(decimals)
    except Invalid:
        return
    size = len(flattened(value))
    if count(other) == size != count(found):
        shown = written(claimed).strip()
        raise Invalid.at(
            two_ways(f"{decimals.value.strip()} with points", f"{shown.replace(',', ', ')}"),
            claimed.place,
        )


def count(claimed: Expr) -> int:
    parts = members(claimed)
    return 1 if parts is None else sum(map(count, parts))


def compare_values(claimed: Expr, value: Value, rule: Rule, path: tuple[int, ...] = ()) -> Finding:
    """Number by number: a list against a row or a column of the same length is accepted."""
    while isinstance(value, tuple) and len(value) == 1 and members(claimed) is None:
        value = value[0]  # a number stands for a 1-vector
    if not isinstance(value, tuple):
        while (items := members(claimed)) is not None:
            if len(items) != 1:
                if words := [one for one in items if isinstance(one, Symbol) and len(one.name) > 1]:
                    raise Invalid.at(f"one value is expected, without '{words[0].name}'")
                return wrong("one value is asked for")
            claimed = items[0]  # a list of one number stands for it
        return decided(is_right(claimed, value, rule))
    while isinstance(claimed, Listing) and len(claimed.items) == 1 != len(value):
        claimed = claimed.items[0]  # a matrix in brackets of its own
    parts = members(claimed)
    if parts is None and isinstance(found := evaluate(claimed), tuple):
        parts = members(as_tree(found))  # a transposed matrix, or a product of matrices
    if parts is None:
        parts = (claimed,)  # a number stands for a 1×1 matrix, and for a row of one entry
    is_line = not isinstance(value[0], tuple) or min(shape_of(value)) == 1
    if isinstance(claimed, Matrix) and 1 in claimed.shape and is_line:
        parts = tuple(entry for row in claimed.rows for entry in row)  # a row for a column
    if len(parts) != len(value):
        flat = flattened(value)
        if min(shape_of(value)) != 1 or len(parts) != len(flat):
            return wrong(f"{sized(claimed)} is not the size that is asked for")
        value = tuple(flat)
    return all_right(
        (place_named((*path, i), value), bound(compare_values, part, number, rule, (*path, i)))
        for i, (part, number) in enumerate(zip(parts, value, strict=True), 1)
    )


def place_named(path: tuple[int, ...], value: tuple[Value, ...]) -> str:
    """Which entry that is, in words: row 1, column 2; the whole name is put together by parts."""
    depth = len(shape_of(value))
    if depth == 2:
        return f"row {path[-1]}"
    if depth == 1 and len(path) > 1:
        return f"column {path[-1]}"
    return f"entry {path[-1]}"


def sized(claimed: Expr) -> str:
    if isinstance(claimed, Matrix):
        rows, columns = claimed.shape
        return f"a {rows}×{columns} matrix"
    parts = members(claimed)
    return "one value" if parts is None or len(parts) == 1 else f"a list of {len(parts)}"


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


def compare_sets(claimed: Expr, value: Value, rule: Rule) -> Finding:
    """Numbers in any order: each of the claimed is one of ours, and none of ours is left."""
    if not isinstance(value, tuple) or any(isinstance(part, tuple) for part in value):
        return compare_values(claimed, value, rule)
    parts = members(claimed)
    theirs = list(dict.fromkeys((claimed,) if parts is None else parts))
    left = list(dict.fromkeys(value))
    for part in theirs:
        found = [
            number
            for number in left
            if not isinstance(number, tuple) and is_right(part, number, rule)
        ]
        if not found:
            return WRONG
        left.remove(found[0])
    return wrong("something is missing from the set") if left else RIGHT
