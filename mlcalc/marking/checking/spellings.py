"""One spelling for each way in which a quantity is named: λ̂_MLE, \\hat{\\lambda}_{MLE}, lambda_hat.

What stands before `=` names an answer by its name, by an alias, by what the page prints before its
value, or by what courses call it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from unicodedata import normalize

from mlcalc.maths.printing import one_line
from mlcalc.maths.scanner import GREEK
from mlcalc.maths.tree import Chain, Listing, Pow, Symbol, free_symbols
from mlcalc.showing.derivation import Answer

USUAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "samples": ("N", "n", "m", "mmin", "Nmin", "nmin", "sample_size", "sample_complexity"),
    "vc_dimension": (
        "d",
        "h",
        "VC",
        "dVC",
        "VCdim",
        "VCdimension",
        "VC(H)",
        "dVC(H)",
        "VCdim(H)",
        "dimVC",
        "VCD",
    ),
    "break_point": ("k",),
    "growth": ("mH", "m", "Pi", "PiH", "S", "growth_function"),
    "hypotheses": ("|H|", "M", "H"),
    "evidence": ("P(D)", "P(x)"),
    "theta": (
        "p",
        "q",
        "pi",
        "phi",
        "P(heads)",
        "P(head)",
        "P(H)",
        "P(success)",
        "P(1)",
        "P(x=1)",
        "P(X=1)",
        "probability_heads",
        "probability_success",
    ),
    "mu": ("m", "mean", "xbar", "average", "sample_mean"),
    "sigma2": ("variance", "var", "s2", "v", "sample_variance"),
    "lambda": ("rate",),
    "mle": ("ML",),
    "estimate": ("mode", "posterior_mode"),
    "output": ("y", "yhat", "o", "a"),
    "loss": ("L", "J", "E", "C", "cost", "error", "Etotal", "Etot", "Ltotal"),
    "boundary": ("x", "t", "threshold", "decision_boundary", "decision_threshold", "cutoff"),
    "total": ("P", "parameters", "params"),
    "value": ("f",),
    "prediction": ("y", "c", "class", "label", "decision", "category", "argmax"),
    "parameters": ("P", "params", "weights"),
    "parameter_count": ("parameters", "P", "params"),
    "shape": ("size", "output", "out", "dim"),
    "receptive_field": ("RF", "r", "R"),
}
"""What courses call an answer beside what the page prints."""

TEX_GROUP = re.compile(
    r"\\(?:text|textrm|mathrm|textbf|mathbf|boldsymbol|mathit|mathcal|mathbb|operatorname)"
    r"\s*\{([^{}]*)\}"
)
TEX_ACCENT = re.compile(r"\\(?:wide)?(hat|bar|tilde)\s*(?:\{([^{}]*)\}|(\\?[A-Za-z]+))")
TEX_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\s*\{([^{}]*"
                          r"(?:\{[^{}]*\}[^{}]*)*)\}")  # fmt: skip
TEX_SPACE = re.compile(r"\\(?:left|right|displaystyle|big|Big)(?![A-Za-z])|\\[,;:! ]|[$`]")
CONDITION = re.compile(r"\\(?:mid|vert|[lr]vert)(?![A-Za-z])|\\\|")
DATA = re.compile(r"\|(?:x|X|y|data|Data)(?=\)|$)")
CLASS = re.compile(r"(?<=[(,|])[YyCc]=")
ACCENTS = str.maketrans({"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde", "∂": "d", "−": "-",
                         "∣": "|", "[": "(", "]": ")", **GREEK})  # fmt: skip
HYPHEN = re.compile(
    r"(?<=[A-Za-zα-ωϑϕ])-(?=(?:hat|bar|tilde|MLE?|MAP|mle|map|dim|dimension)(?![a-z]))"
)
"""theta-hat is no difference."""
ESTIMATOR = re.compile(r"(?:MLE|ML|MAP|mle|ml|map)$")


def canonical(text: str) -> str:
    """The spelling by which names are compared."""
    text = HYPHEN.sub("", TEX_SPACE.sub("", text))
    text = CONDITION.sub("|", TEX_GROUP.sub(r"\1", text)).replace("\\partial", "d")
    text = TEX_ACCENT.sub(lambda m: (m[2] or m[3]) + m[1], text)
    text = TEX_FRACTION.sub(r"\1/\2", text)
    text = normalize("NFKD", text.translate(ACCENTS)).translate(ACCENTS)
    text = re.sub(r"[\s_^{}\\]", "", text)
    text = re.sub(r"(?<![A-Za-z])(?:p|Pr)(?=\()", "P", text)
    return CLASS.sub("", DATA.sub("|D", text))


def forms(text: str) -> tuple[str, ...]:
    """A canonical name and looser ones: without its hat, whatever its case, under any condition."""
    plain = text.replace("hat", "")
    found = [text, plain, plain.casefold()]
    if plain.startswith("P(") and "|" in plain:
        found.append(plain.partition("|")[0] + "|")
    return tuple(dict.fromkeys(found))


def without_estimator(text: str) -> str:
    """theta of theta_MLE; the name itself where it is MLE."""
    return ESTIMATOR.sub("", text) or text


def names_of(answer: Answer) -> Iterator[str]:
    """The canonical names of an answer as a whole."""
    yield from map(canonical, (answer.name, *answer.aliases))
    if answer.symbol is not None:
        yield canonical(one_line(answer.symbol))
    yield from usual_names(answer)


def usual_names(answer: Answer) -> Iterator[str]:
    """What courses call it, or what one of its other names means to them."""
    for name in (answer.name, *answer.aliases):
        yield from USUAL_NAMES.get(name, ())


def printed_parts(answer: Answer) -> Iterator[tuple[str, str]]:
    """The canonical names that the page gives to the parts of an answer, and their paths."""
    value, maths = answer.value, answer.maths
    if not isinstance(value, Mapping) or not isinstance(maths, Listing):
        return
    chains = [one.first for one in maths.items if isinstance(one, Chain)]
    is_alike = len(chains) == len(maths.items) == len(value)
    for place, first in enumerate(chains):
        label = canonical(one_line(first))
        ends = label.rpartition("/d")[2]
        own = [name for name in value if canonical(name) == ends]
        path = own[0] if own else list(value)[place] if is_alike else ""
        yield label, f"{answer.name}.{path}" if path else answer.name


def of_posterior(answers: Sequence[Answer]) -> Iterator[tuple[str, str]]:
    """p(θ | D) and θ | D, which name the posterior."""
    for one in answers:
        if one.name == "posterior" and one.symbol is None:
            for name in (name for other in answers for name in names_of(other)):
                yield from ((f"P({name}|D)", one.name), (f"{name}|D", one.name))


def labels(answers: Sequence[Answer]) -> dict[str, list[str]]:
    """The answers, or parts of them, by every form of their names."""
    found: dict[str, list[str]] = {}
    named = [(name, one.name) for one in answers for name in names_of(one)]
    named += [pair for one in answers for pair in printed_parts(one)]
    named += of_posterior(answers)
    for label, path in named:
        for form in forms(label):
            if path not in found.setdefault(form, []):
                found[form].append(path)
    return found


def called(name: str, answers: Sequence[Answer]) -> list[str]:
    """The answers, or parts of them, that a canonical name names, those of its strictest form."""
    found = labels(answers)
    ml = f"{name}E" if name.endswith("ML") else f"{name}e" if name.endswith("ml") else ""
    tried = [*forms(name), *(forms(ml) if ml else ()), *forms(without_estimator(name))]
    return next((found[form] for form in tried if form in found), [])


def plain_letters(answer: Answer) -> set[str]:
    """The letters in the printed name of an answer, and that without MLE or MAP behind it.

    That is the θ of E[θ | D], but not the σ of σ².
    """
    found = {without_estimator(form) for name in names_of(answer) for form in forms(name)}
    if answer.symbol is not None and not isinstance(answer.symbol, Pow):
        for symbol in free_symbols(answer.symbol):
            for one in (symbol, Symbol(symbol.name), Symbol(symbol.name, accent="hat")):
                found.add(canonical(one.spelled))
    return found
