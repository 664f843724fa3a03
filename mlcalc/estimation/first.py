"""What is typed in one field and is for others: a density or tosses first, n and k as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from mlcalc.estimation.spelled import spelled
from mlcalc.estimation.stated import EQUALITY, head_of, is_outside
from mlcalc.files.columns import column_of
from mlcalc.files.document import Raw, Text
from mlcalc.files.errors import Invalid
from mlcalc.files.fields.base import part_of
from mlcalc.files.fields.observations import table_in
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.reader import read
from mlcalc.maths.records import replace
from mlcalc.maths.scanner import Unreadable

Typed = dict[str, Raw]
"""The raw value of each field that was typed, by its name."""

TOSSES = re.compile(r"\s*[HT](?:[\s,]*[HT])+\s*")
CALLED = re.compile(r"\s*(?!cases|piecewise)[A-Za-z][\w .]*\(.*\)\s*", re.IGNORECASE | re.DOTALL)
IN_X = re.compile(r"(?<![^\W\d_])x(?![^\W\d_])")
NUMBER = r"(?P<{}>[0-9]+(?:[.][0-9]+)?(?:/[0-9]+)?)"
TRIALS = (
    r"(?:coin\s+)?(?:tosses|flips|trials|throws|observations|experiments|draws|samples|attempts)"
)
ONES, ZEROS = r"(?:heads|successes)", r"(?:tails|failures)"
OF_X = r"\s*(?:\(?\s*x(?:_?\{?i\}?|ᵢ)?\s*\)?)?"
PIECES = (
    rf"(?:n|{TRIALS})\s*[=:]\s*{NUMBER.format('n')}|{NUMBER.format('n2')}\s*{TRIALS}",
    rf"(?:k|{ONES})\s*[=:]\s*{NUMBER.format('k')}|{NUMBER.format('k2')}\s*{ONES}",
    rf"{ZEROS}\s*[=:]\s*{NUMBER.format('zeros')}|{NUMBER.format('zeros2')}\s*{ZEROS}",
    rf"(?:Σ|∑|sum|total|\\sum(?:_\{{?[^{{}}\s]*\}}?)?)(?:\s+of)?{OF_X}\s*[=:]\s*"
    + NUMBER.format("sum"),
    r"(?:x̄|x̅|x[_\s]?bar|\\(?:bar|overline)\s*\{?x\}?|(?:sample\s+)?mean|average|avg)\s*[=:]\s*"
    + NUMBER.format("mean"),
)
PART = (
    rf"\s*{NUMBER.format('k')}\s*{ONES}?\s*(?:out\s+of|of|from)\s*{NUMBER.format('n')}"
    rf"\s*(?:{TRIALS}|{ONES})?\s*"
)
ONE = r"\s*[xXyY](?:_?1|₁)?\s*=\s*(?P<value>[-−]?[0-9.]+)\s*"
ALONE = (
    rf"\s*(?:(?P<k>[0-9]+)\s*(?P<word>{ONES}|{ZEROS})"
    rf"|(?P<key>{ONES}|{ZEROS})\s*[=:]\s*(?P<ones>[0-9]+))\s*"
)
"""How sizes are written; compiled for the first data that have a letter."""
OF_CATEGORIES = ("categorical", "multinomial", "multivariate_normal")


def placed(typed: Typed) -> tuple[Typed, tuple[Note, ...]]:
    """What was typed with each part in the field that it is for, and what is to be said of that."""
    first = typed.get("distribution")
    notes: list[Note] = []
    found = dict(typed)
    if isinstance(first, Text):
        if "data" not in typed and TOSSES.fullmatch(first.value):
            found |= {"distribution": replace(first, value="bernoulli"), "data": first}
            notes.append(Note("given.tosses", "coin tosses are data of a bernoulli distribution"))
        elif "density" not in typed and is_density(first):
            found["density"] = found.pop("distribution")
    names = names_in(found.get("distribution"))
    data = found.get("data")
    if "multinomial" in names:
        notes += with_total(found)
    elif isinstance(data, Text) and not {*names} & {*OF_CATEGORIES}:
        notes += summed(found, data, names)
    return found, tuple(notes)


def names_in(raw: Raw | None) -> tuple[str, ...]:
    """The distributions that a text names."""
    try:
        calls = spelled(raw.value).calls if isinstance(raw, Text) else ()
    except Unreadable:
        return ()
    return tuple(call.name for call in calls)


def is_density(raw: Text) -> bool:
    """Whether a text is f(x|θ) = …, or a formula in x, and names no distribution."""
    if "~" in raw.value or "∼" in raw.value or names_in(raw):
        return False
    side = head_of(raw)
    if side is not None:
        return bool(side[0].of)
    is_equation = any(is_outside(raw.value, m.start()) for m in EQUALITY.finditer(raw.value))
    is_formula = bool(IN_X.search(raw.value)) and bool(re.search(r"[*/^+\-−()]", raw.value))
    return is_formula and not is_equation and CALLED.fullmatch(raw.value) is None


def with_total(found: Typed) -> list[Note]:
    """A multinomial without n: its counts say how many draws there were."""
    distribution, data = found["distribution"], found.get("data")
    table = None if data is None else table_in(column_of(data))
    try:
        calls = spelled(distribution.value).calls if isinstance(distribution, Text) else ()
        if table is None or len(calls) != 1 or calls[0].arguments or calls[0].keywords:
            return []
        counts = [exact(read(v.value)) for _, v in table.pairs if isinstance(v, Text)]
    except Unreadable:
        return []
    total = sum(count for count in counts if count is not None)
    if None in counts or len(counts) != len(table.pairs) or total < 1:
        return []
    assert isinstance(distribution, Text)
    found["distribution"] = replace(distribution, value=f"multinomial(n={total})")
    return [Note("given.total", f"n is {total}, the sum of the counts")]


def summed(found: Typed, data: Text, names: tuple[str, ...]) -> list[Note]:
    """n with k, a sum or a mean, typed as the data."""
    if not re.search(r"[^\W\d_]", data.value):
        return []
    one = re.fullmatch(ONE, data.value)
    if one is not None:
        found["data"] = part_of(data, *one.span("value"))
        return [Note("given.one", "one observation is read")]
    alone = re.fullmatch(ALONE, data.value)
    if alone is not None and "bernoulli" in names and not {"n", "k", "sum"} & found.keys():
        word = alone["word"] or alone["key"]
        other = "tails" if word in ("heads", "tails") else "failures"
        other = other if re.fullmatch(ONES, word) else {"tails": "heads"}.get(word, "successes")
        raise Invalid.at(
            f"of how many? write the {other} too, such as {alone['k'] or alone['ones']} {word}, "
            f"3 {other}",
            data.place,
        )
    sizes = sizes_in(data)
    if sizes is None or {"n", "k", "sum"} & found.keys():
        return []
    del found["data"]
    found |= {name: replace(data, value=value, exact=False) for name, value in sizes.items()}
    listed = " and ".join(f"{name} = {value}" for name, value in sizes.items())
    return [Note("given.sizes", f"the data are read as {listed}")]


def sizes_in(data: Text) -> Mapping[str, str] | None:
    """The numbers of n and of k or the sum in a text; None where it says something else."""
    part = re.fullmatch(PART, data.value)
    if part is not None:
        return {"n": part["n"], "k": part["k"]}
    said: dict[str, Fraction] = {}
    for piece in re.split(r"[,;\n]|\band\b|\bwith\b", data.value.strip(" {}()")):
        matches = (re.fullmatch(pattern, piece.strip(), re.IGNORECASE) for pattern in PIECES)
        found = next(filter(None, matches), None)
        if found is None:
            return None
        name = str(found.lastgroup).rstrip("2")
        value = exact(read(found[str(found.lastgroup)]))
        if name in said or value is None:  # 1/0
            return None
        said[name] = value
    n = said.pop("n", None)
    if n is None or len(said) != 1:
        return None
    ((name, value),) = said.items()
    values = {"zeros": ("k", n - value), "mean": ("sum", n * value)}
    name, value = values.get(name, (name, value))
    return {"n": str(n), name: str(value)}
