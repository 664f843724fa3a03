r"""A distribution as people write it: X ~ Poisson(λ), \mathcal{N}(μ, σ²), Unif[0, θ], a Beta prior.

What stands around the name is passed over, the name is one of `distributions` without regard to
case, and what is in its brackets goes to the one reader.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from unicodedata import normalize

from mlcalc.estimation.distributions import family
from mlcalc.estimation.family import Family
from mlcalc.estimation.priors import priors
from mlcalc.estimation.quantities import meant
from mlcalc.files.document import Raw
from mlcalc.files.fields import FieldType, formula
from mlcalc.maths.functions import DISTRIBUTIONS
from mlcalc.maths.near import plain_name
from mlcalc.maths.reader import read
from mlcalc.maths.records import Record
from mlcalc.maths.scanner import WIDE, Unreadable
from mlcalc.maths.tree import Call, Expr, Listing, Symbol, free_symbols

TEX_SIGNS = re.compile(
    r"\$|\\(?:left|right|displaystyle|quad|,|;|!|:|\s)|"
    r"\\(?:overset|stackrel)\s*\{[^{}]*(?:\{[^{}]*\}[^{}]*)?\}\s*(?=\{?\s*\\sim)"
)
TEX_FONT = re.compile(
    r"\\(?:math(?:cal|rm|sf|bb|it|bf|scr|frak)|text(?:rm|sf|it|bf)?|operatorname\*?|mbox)\s*"
    r"(?:\{([^{}\\]*)\}|([A-Za-z])(?![A-Za-z]))"
)
TEX_NAME = re.compile(r"\\([A-Za-z]+)")
TEX_TILDE = re.compile(r"\{?\s*\\sim(?![A-Za-z])\s*\}?")
INDEPENDENT = re.compile(
    r"[\s,]*\(?(?<![A-Za-z])i\.?\s?i\.?\s?d\.?\)?\s*$|^\s*i\.?\s?i\.?\s?d\.?(?=\s)"
)
NAMED = r"[^\W\d_](?:_?\{?\w*\}?)[′'’]*"
MANY = r"(?:\.{3}|…|\\[lc]?dots|and|,)"
SUBJECT = re.compile(
    rf"\s*({NAMED})(?:\s*{MANY}\s*(?:{NAMED})?)*(?:\s*(?:\||\\mid\b)[^~|]*)?\s*,?\s*(?:iid)?\s*"
)
DENSITY_OF = re.compile(rf"\s*[pPfπ]\s*(?:_\w+)?\(\s*({NAMED})\s*(?:[|;][^()]*)?\)\s*=(?!=)")
NAME = re.compile(
    r"\s*(?:(?:an?|the)\s+)?(?P<program>(?:[A-Za-z_]\w*\.)*)(?P<name>[A-Za-z][A-Za-z'’_ ‐‑–-]*?)\s*"
    r"(?P<rest>[(\[].*)?",
    re.DOTALL,
)
GIVEN = re.compile(rf"\s*{NAMED}\s*(?:[|;]|\\mid\b)")
NOUNS = re.compile(
    r"(?:[\s_-]*(?:distribution|distributed|prior|random[\s_-]?variables?|rv|law|pdf|pmf|likelihood))+$",
    re.I,
)
STANDARD = {
    "standardnormal": Call("normal", (), (("mu", read("0")), ("sigma2", read("1")))),
    "standarduniform": Call("uniform", (), (("a", read("0")), ("b", read("1")))),
    "unituniform": Call("uniform", (), (("a", read("0")), ("b", read("1")))),
    "standardgaussian": Call("normal", (), (("mu", read("0")), ("sigma2", read("1")))),
    "flat": Call("uniform"),
}
"""Names that say their parameters."""


PROGRAMS = frozenset({"expon", "lognorm", "weibullmin"})
"""Names that only programs write, ..."""
ALIKE = frozenset({"normal", "bernoulli", "binomial", "poisson", "beta", "laplace"})
"""... and the distributions whose arguments without names all of them take alike; a first number
of SciPy's is often a shift."""


OF_R = {
    "dnorm": ("normal", ("mean", "sd")),
    "dbeta": ("beta", ("alpha", "beta")),
    "dgamma": ("gamma", ("shape", "rate")),
    "dexp": ("exponential", ("rate",)),
    "dunif": ("uniform", ("low", "high")),
    "dbinom": ("binomial", ("n", "p")),
    "dbern": ("bernoulli", ("p",)),
    "dpois": ("poisson", ("lambda",)),
}
"""The densities of R, dbeta(x, 2, 2), and the names of what stands behind the x."""
SENTENCE = re.compile(
    r"\s*(?:(?:an?|the)\s+)?(?P<name>[A-Za-z][A-Za-z -]*?)(?:\s+distribution)?"
    r"\s*(?:,|\bwith)\s*(?P<rest>[^()]*)"
)
SAID = re.compile(
    r"\s*(?:(?P<open>(?:an\s+)?unknown)\s+)?(?:(?:an?|the|known|its)\s+)*"
    r"(?P<word>[^\W\d_][\w²^]*(?:\s+deviation|\s+parameter)?)(?P<behind>\s+unknown)?"
    r"(?:\s+[^\W\d_][\w²^]*(?=\s*=))?"
    r"(?:\s*(?:=|:|\bof\b|\bis\b|\s)\s*(?P<value>[^\s=:]+))?\s*"
)
FIRST_OF = re.compile(r"(σ|sigma|μ|mu)_?(?:\{0\}|0|₀)(?=(?:²|\^2)?\s*=)")
"""σ₀² = 4: the letter of what is known."""
BARE_LETTER = re.compile(rf"\s*({NAMED}(?:²|\^2)?)\s*")


class Spelled(Record):
    """What was typed: the distributions that it may be, and the letter it is said of, if any."""

    calls: tuple[Call, ...] = ()
    subject: str = ""
    is_function: bool = False
    """Whether it may be the function exp of something instead."""


@cache
def names_by_spelling() -> dict[str, tuple[str, ...]]:
    """The distributions of each name and abbreviation, folded."""
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(DISTRIBUTIONS):
        for spelling in {plain_name(name), *map(plain_name, family(name).abbreviations)}:
            found[spelling] = (*found.get(spelling, ()), name)
    return found


def names_of(word: str) -> tuple[str, ...]:
    """The distributions that a name may mean; the others' files are not loaded for a full name."""
    plain = "_".join(re.split(r"[\s_‐‑–-]+", word.strip().casefold()))
    return (plain,) if plain in DISTRIBUTIONS else names_by_spelling().get(plain_name(word), ())


@lru_cache(maxsize=64)
def spelled(text: str, is_formula: bool = False) -> Spelled:
    """The distribution that a text spells; nothing where it spells none.

    A letter alone is none in what may be a formula.  Raises `Unreadable` for one whose arguments
    are none.
    """
    kept = padded(text)
    if (said := sentence(kept)) is not None:
        return spelled(said, is_formula)
    start, subject = 0, ""
    before, tilde, _ = kept.rpartition("~")
    if tilde:
        found = SUBJECT.fullmatch(TEX_NAME.sub(r" \1", before))
        if found is None:
            message = "a distribution is read for a name such as X, not for a function of it"
            raise Unreadable(message, 0)
        start, subject = len(before) + 1, found[1]
    elif found := DENSITY_OF.match(kept):
        start, subject = found.end(), found[1]
    kept = INDEPENDENT.sub(lambda match: " " * len(match[0]), kept[start:])
    bracket = kept.rfind(")") + 1
    kept = kept[:bracket] + (NOUNS.sub("", kept[bracket:]) if bracket else kept)
    head = NAME.fullmatch(kept.rstrip())
    if head is None:
        return Spelled()
    word = NOUNS.sub("", head["name"])
    if word in OF_R and head["rest"]:
        return Spelled((of_r(word, arguments_of(head["rest"], text, start + head.start("rest"))),))
    if (known := STANDARD.get(plain_name(word))) and not head["rest"]:
        return Spelled((known,), subject)
    names = names_of(word)
    if not names or (is_formula and len(word) == 1 and not head["rest"]):
        return Spelled()
    try:
        call = arguments_of(head["rest"] or "()", text, start + head.start("rest"))
    except Unreadable:
        if is_formula and word == "exp":  # exp(−μ²/2)/√(2π)
            return Spelled()
        raise
    is_program = bool(head["program"]) or plain_name(word) in PROGRAMS
    if is_program and call.arguments and not ALIKE.issuperset(names):
        message = f"programs differ in what these numbers are: give them by name, {names[0]}(…=…)"
        raise Unreadable(message, 0)
    return Spelled(
        tuple(Call(name, call.arguments, call.keywords) for name in fitting(names, call)),
        subject, word == "exp" and not call.keywords,
    )  # fmt: skip


def sentence(text: str) -> str | None:
    """Exponential(mean=θ) for: exponential with mean θ; None for what is no such sentence."""
    found = SENTENCE.fullmatch(text.replace("~", " "))
    name = "" if found is None else NOUNS.sub("", found["name"])
    if found is None or "~" in text or not names_of(name):
        return None
    arguments: list[str] = []
    for piece in re.split(r",|\band\b", found["rest"]):
        said = SAID.fullmatch(piece)
        if said is None:
            return None
        word = "_".join(said["word"].split())
        is_open = said["open"] or said["behind"] or said["value"] == "unknown"
        value = None if said["value"] == "unknown" else said["value"]
        if word == "parameter":
            arguments += [value] if value else []
        elif is_open:
            arguments.append(f"{word}={value or word}")
        else:
            arguments.append(f"{word.lower()}={value}")
        if value is None and not is_open:
            return None
    return f"{name}({', '.join(arguments)})"


def of_r(word: str, call: Call) -> Call:
    """What R's dbeta(x, 2, 2) is; θ ~ dbeta(2, 2) of other programs, where they agree."""
    name, names = OF_R[word]
    values = call.arguments
    if len(values) == len(names) + 1 and isinstance(values[0], Symbol) and not call.keywords:
        return Call(name, (), tuple(zip(names, values[1:], strict=True)))
    if len(values) == len(names) and not call.keywords and name not in ("normal", "binomial"):
        return Call(name, (), tuple(zip(names, values, strict=True)))
    listed = ", ".join(f"{each}=…" for each in names)
    raise Unreadable(f"programs differ in what these numbers are: write {name}({listed})", 0)


def with_letters_named(inner: str) -> str:
    """n=5, p as n=5, p=p: a letter behind a value with a name stands for itself."""
    pieces = inner.split(",")
    first = next((i for i, piece in enumerate(pieces) if "=" in piece), len(pieces))
    behind = (BARE_LETTER.sub(r" \1=\1", piece) if BARE_LETTER.fullmatch(piece) else piece
              for piece in pieces[first:])  # fmt: skip
    return ",".join((*pieces[:first], *behind))


def padded(text: str) -> str:
    r"""The text with the signs of LaTeX that mean nothing here as spaces, \sim as ~."""

    def blank(match: re.Match[str]) -> str:
        return " " * len(match[0])

    def word(match: re.Match[str]) -> str:
        return (match[1] or match[2] or "").rjust(len(match[0]))

    found = TEX_FONT.sub(word, TEX_SIGNS.sub(blank, text)) if "\\" in text or "$" in text else text
    found = TEX_TILDE.sub(lambda match: "~".rjust(len(match[0])), found)
    found = found.replace("\\mid", "   |")
    return WIDE.sub(lambda match: normalize("NFKC", match[0])[0], found.replace("∼", "~"))


def named_alike(match: re.Match[str]) -> str:
    return match[1].ljust(len(match[0]))


def arguments_of(rest: str, text: str, offset: int) -> Call:
    """What stands in the brackets, which may be those of an interval: [0, θ]."""
    inside = rest.strip()
    if inside[-1] not in ")]":
        message = "this bracket is not closed by ')'"
        if inside.count(")") + inside.count("]") >= inside.count("(") + inside.count("["):
            message = "one distribution is expected, with its numbers in the brackets"
        raise Unreadable(message, max(0, offset))
    inner = inside[1:-1]
    if given := GIVEN.match(inner):  # N(x | μ, σ²)
        inner = " " * len(given[0]) + inner[given.end() :]
    stripped = inner.strip()
    if stripped[:1] == "[" and stripped[-1:] in ("]", ")") and stripped.count("[") == 1:
        inner = inner.replace("[", " ").replace("]", " ")
    opened = "normal("  # any name whose arguments may have names
    try:
        found = read(f"{opened}{with_letters_named(FIRST_OF.sub(named_alike, inner))})")
    except Unreadable as error:
        place = error.position - len(opened) + 1 + rest.index(inside[0])
        raise Unreadable(error.message, min(len(text), max(0, offset + place))) from None
    if not isinstance(found, Call) or found.name != "normal":
        raise Unreadable("one distribution is expected", max(0, offset))
    arguments, keywords = found.arguments, found.keywords
    if not arguments and [isinstance(value, Listing) for _, value in keywords] == [True]:
        arguments, keywords = (keywords[0][1],), ()  # Dirichlet(alpha=[1, 1, 1])
    if len(arguments) == 1 and isinstance(arguments[0], Listing):  # Dir([1, 1, 1])
        arguments = arguments[0].items
    return Call("", arguments, keywords)


def fitting(names: tuple[str, ...], call: Call) -> tuple[str, ...]:
    """Those of several distributions that have so many parameters, or use those letters."""
    if len(names) == 1:
        return names
    count = len(call.arguments) + len(call.keywords)
    fit = [n for n in names if any(len(order) == count for order in family(n).orders)]
    usual = [n for n in fit if any(is_usual(family(n), a) for a in call.arguments)]
    return tuple(usual or fit or names)


def is_usual(one: Family, argument: Expr) -> bool:
    """Whether an argument is a letter that the family is written with."""
    letter = argument.spelled if isinstance(argument, Symbol) else ""
    return bool(letter) and (letter in one.known or meant(one, letter) is not None)


def read_named_or_formula(text: str) -> Expr:
    """A distribution as it is spelled, one that parameters follow if it may be, or a formula."""
    found = spelled(text, is_formula=True)
    calls = found.calls
    if len(calls) > 1:
        calls = tuple(c for c in calls if c.name in (*priors(), "dirichlet")) or calls
    has_letters = any(map(free_symbols, calls[0].arguments)) if calls else False
    if not calls or (found.is_function and has_letters):
        return read(text)
    if len(calls) > 1:
        listed = " or ".join(call.name for call in calls)
        raise Unreadable(f"this can be read in several ways: write {listed}", 0)
    return calls[0]


class NamedOrFormula(FieldType[Expr]):
    """A density by the name of its distribution, or as a formula."""

    def read(self, raw: Raw) -> Expr:
        return formula(raw, "a density", read_named_or_formula)

    def shown(self, value: Expr) -> Expr:
        return value


def read_spelled(text: str) -> Expr:
    """The distribution that a text spells, or whatever else it is."""
    found = spelled(text)
    if len(found.calls) > 1:
        listed = " or ".join(call.name for call in found.calls)
        raise Unreadable(f"this can be read in several ways: write {listed}", 0)
    if found.calls:
        return found.calls[0]
    try:
        return read(text)
    except Unreadable:
        words = text.split()
        if len(words) > 1 and all(map(str.isalpha, words)):
            return Call("_".join(words))  # no distribution, for which there is a message
        raise
