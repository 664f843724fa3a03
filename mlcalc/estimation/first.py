"""What is typed in one field and is for others: a density or tosses first, n and k as data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from mlcalc.estimation.distributions import FAMILIES
from mlcalc.estimation.family import Family
from mlcalc.estimation.spelled import spelled
from mlcalc.estimation.stated import EQUALITY, head_of, is_outside
from mlcalc.files.columns import column_of
from mlcalc.files.document import Entries, Raw, Text, written
from mlcalc.files.errors import Invalid, Place
from mlcalc.files.fields.base import part_of
from mlcalc.files.fields.observations import is_value, table_in
from mlcalc.files.fields.outcomes import outcomes_of
from mlcalc.files.problem import Pairs
from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.near import plain_name
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
COUNTED = re.compile(rf"{ONES}|{ZEROS}|{TRIALS}|mean|average|avg", re.IGNORECASE)
"""What may be counted by a flag of its own: --heads 7 --tosses 10."""
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
        elif "data" not in typed and says_tosses(first):
            found |= {"distribution": replace(first, value="bernoulli"), "data": first}
            notes.append(Note("given.tosses", "tosses are data of a bernoulli distribution"))
        elif "density" not in typed and is_density(first):
            found["density"] = found.pop("distribution")
    names = names_in(found.get("distribution"))
    data = found.get("data")
    if {*names} & {*OF_CATEGORIES} and isinstance(data, Text):
        refuse_share(data)
    if "multinomial" in names:
        notes += with_total(found)
    elif isinstance(data, Text) and not {*names} & {*OF_CATEGORIES}:
        counted = one_binomial(found, data) if names == ("binomial",) else []
        notes += counted or summed(found, data, names)
    return found, tuple(notes)


def is_own(name: str, typed: str) -> bool:
    """Whether a name is a parameter of a distribution that was typed, or of what is counted."""
    families = [one for line in typed.splitlines() for one in names_in(Text(line, Place("")))]
    is_one = any(name in parameter_names(FAMILIES[one]) for one in families if one in FAMILIES)
    return is_one or COUNTED.fullmatch(name) is not None


def parameter_names(one: Family) -> set[str]:
    """What the parameters of a family are called, those of its other versions among them."""
    words = (word for quantity in one.quantities for word in quantity.words)
    return {*one.parameters, *one.known, *one.synonyms, *one.doubtful, *words}


def with_own(given: Entries, own: Pairs, rest: Pairs, plain: Mapping[str, str]) -> Entries:
    """Parameters by names of their own within the distribution, and counts as data.

    `plain` has the names of the fields.
    """
    fields = {plain.get(plain_name(key.value), ""): raw for key, raw in rest}
    first = next((raw for key, raw in rest if raw is fields.get("distribution")), None)
    families = (FAMILIES[one] for one in names_in(first) if one in FAMILIES)
    known = {name for family in families for name in parameter_names(family)}
    is_summed = "n" in fields and "data" not in fields
    parameters = [(key, raw) for key, raw in own
                  if key.value in known and not (is_summed and key.value == "mean")]  # fmt: skip
    counts = [pair for pair in own if pair not in parameters]
    pairs = list(rest)
    if parameters and isinstance(first, Text):
        pairs = [(key, with_parameters(raw, parameters) if raw is first else raw)
                 for key, raw in pairs]  # fmt: skip
    if counts and "data" not in fields:
        if "n" in fields:
            counts.append((Text("n", counts[0][0].place), fields["n"]))
            pairs = [pair for pair in pairs if pair[1] is not fields["n"]]
        said = ", ".join(f"{key.value.lower()} = {written(raw)}" for key, raw in counts)
        key = counts[0][0]
        pairs.append((replace(key, value="data"), Text(said, counts[0][1].place, exact=False)))
    elif counts:
        pairs += counts
    return replace(given, pairs=tuple(pairs))


def with_parameters(distribution: Raw, parameters: Sequence[tuple[Text, Raw]]) -> Raw:
    """normal with sigma 2 is normal(sigma=2)."""
    assert isinstance(distribution, Text)
    more = ", ".join(f"{key.value}={written(raw)}" for key, raw in parameters)
    name, bracket, inside = distribution.value.strip().removesuffix(")").partition("(")
    whole = f"{name}({inside}, {more})" if bracket and inside.strip() else f"{name}({more})"
    return replace(distribution, value=whole, exact=False)


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


def says_tosses(raw: Text) -> bool:
    """Whether a text counts heads or successes, and names no distribution: 7 heads in 10 tosses."""
    is_counted = re.match(r"\s*[0-9]", raw.value) and re.search(rf"{ONES}|{ZEROS}", raw.value)
    return bool(is_counted) and (table_in(raw) is not None or sizes_in(raw) is not None)


def refuse_share(data: Text) -> None:
    """Raises `Invalid` for 7 of 10, which says of one category alone how often it was seen."""
    if found := re.fullmatch(PART, data.value):
        rest = int(found["n"]) - int(found["k"]) if found["n"].isdigit() else 3
        message = f"this counts one category: write all, such as yes={found['k']}, no={rest}"
        raise Invalid.at(f"{message}, or bernoulli as the distribution", data.place)


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


def one_binomial(found: Typed, data: Text) -> list[Note]:
    """heads = 30, tails = 20 as data of a binomial without n: one count, 30 of 50."""
    table, distribution = table_in(column_of(data)), found["distribution"]
    assert isinstance(distribution, Text)
    calls = spelled(distribution.value).calls
    is_open = len(calls) == 1 and not calls[0].arguments and not calls[0].keywords
    if table is None or not is_open or {"n", "k", "sum"} & found.keys():
        return []
    counts = {key.value.strip(): written(raw).strip() for key, raw in table.pairs}
    outcomes = [] if any(map(is_value, counts)) else outcomes_of(tuple(counts))
    if len(outcomes) != 1 or len(counts) != 2 or not all(c.isdecimal() for c in counts.values()):
        return []
    values = outcomes[0].values
    k = next((count for word, count in counts.items() if values[word]), "")
    n = str(sum(map(int, counts.values())))
    if len(set(values.values())) != 2:
        return []
    del found["data"]
    found |= {name: replace(data, value=size, exact=False) for name, size in (("n", n), ("k", k))}
    return [Note("given.sizes", f"the data are read as n = {n} and k = {k}")]


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
