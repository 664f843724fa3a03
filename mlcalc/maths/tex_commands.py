r"""The commands of LaTeX that are read, a closed list, and what each stands for."""

from __future__ import annotations

import re

from mlcalc.maths.functions import DISTRIBUTIONS, FUNCTIONS, VECTOR_FUNCTIONS
from mlcalc.maths.scanner import DOTS, GREEK_NAMES

COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
SKIPPED = re.compile(
    r"(?:\s|\$|\\[,;:! ]|\\(?:left|right)\s*\.|\\[()\[\]]|"
    r"\\(?:quad|qquad|displaystyle|textstyle|limits|left|right|[Bb]igg?[lr]?|mathstrut)"
    r"(?![A-Za-z]))+"
)
DELIMITED = re.compile(r"\s*\{([^{}\\$]*)\}")
GROUPED_DIGITS = re.compile(r"(?:\{,\}[0-9]+)+")

WORDS = frozenset({"text", "textrm", "mathrm", "operatorname", "mathsf", "mathcal", "mathbb",
                   "mathit", "texttt", "mbox"})  # fmt: skip
FONTS = frozenset({"mathbf", "boldsymbol", "bm", "vec", "mathnormal", "underline"})
ACCENTS = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde",
           "widetilde": "tilde"}  # fmt: skip
SIGNS = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "le": "<=", "leq": "<=", "leqslant": "<=",
    "ge": ">=", "geq": ">=", "geqslant": ">=", "lt": "<", "gt": ">", "ne": "!=", "neq": "!=",
    "approx": "~=", "simeq": "~=", "sim": "~", "equiv": "=", "lbrace": "(", "rbrace": ")",
    "{": "(", "}": ")", "%": "%", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|",
    "|": "‖", "lVert": "‖", "rVert": "‖", "Vert": "‖",
    "lbrack": "[", "rbrack": "]",
}  # fmt: skip
ROUNDED = {"lfloor": "floor", "lceil": "ceil"}
ENDS = frozenset({"rfloor", "rceil"})
FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac"})
MATRICES = frozenset({"pmatrix", "bmatrix", "matrix", "smallmatrix", "array", "Bmatrix"})
GREEK = frozenset(GREEK_NAMES)
LETTERS = {"dots": DOTS, "ldots": DOTS, "cdots": DOTS, "dotsb": DOTS, "dotsc": DOTS, "dotsm": DOTS,
           "varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varsigma": "sigma",
           "varrho": "rho", "infty": "inf", "ell": "l"}  # fmt: skip
KNOWN = frozenset({*FUNCTIONS, *VECTOR_FUNCTIONS, *DISTRIBUTIONS, "cases", "hadamard"})
NAMES = frozenset({*FUNCTIONS, "arg", "softmax"})
TRANSPOSED = re.compile(
    r"\^\s*(?:\\(?:top|intercal)(?![A-Za-z])|\{\s*(?:\\(?:top|intercal)|"
    r"\\(?:mathsf|mathrm|text)\s*\{?T\}?|\\rm\s+T)\s*\})"
)
TRANSPOSED_MATRIX = re.compile(r"\^\s*(?:T(?![A-Za-z_])|\{\s*T\s*\})")

STOPS = ("+", "-", "=", "<", ">", "<=", ">=", "~=", "!=", ",", ";", "&")
RAISED_SIGN = re.compile(r"[-−+]\s*(?=[0-9])")
SEVERAL_DIGITS = re.compile("[0-9]{2,}")
LIMITS = re.compile(
    r"\{\s*(?:1\s*(?:<=?|\\leq?|≤)\s*)?(?P<index>[A-Za-z])\s*"
    r"(?:(?:\\in|∈|in)(?![A-Za-z])(?:[^{}]|\{[^{}]*\})*|(?:<=?|\\leq?|≤)\s*(?P<high>[A-Za-z]|[0-9]+)|"
    r"=\s*1\s*,\s*(?:\\[lc]?dots|…|\.\.\.)\s*,\s*(?P<last>[A-Za-z]|[0-9]+))\s*\}"
)
"""Below a sum: {1 ≤ i ≤ n}, {i = 1, …, n}, {i ∈ D}."""
SLOPPY = re.compile(r"\s*=\s*[01](?=\s*\^)")
"""The rest of what is below a sum without braces: sum_i=1^n."""
BARE = re.compile(r"(?<![A-Za-z0-9_\\])(?:ln|log|exp)(?=\s+[^\W_]|\s*[\\|]|[0-9])")
"""A function without a backslash and without a bracket: ln x."""
OF_DATA = re.compile(r"\s*(?:_\{?\s*[ijt](?![A-Za-z])|\(?\s*[xyXY]_|\\?(?:ln|log)(?![A-Za-z]))")
"""Behind \\Sigma, which is a matrix elsewhere."""
NUMBER_BEFORE = re.compile(r"[0-9.]+(?=\s*$)")
