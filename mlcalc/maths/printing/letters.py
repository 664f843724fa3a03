"""How letters are spelled: Greek by name, small raised and lowered characters, ASCII.

These are tables of Unicode and nothing else; which node is raised or lowered is decided by
the printers.
"""

from __future__ import annotations

from functools import lru_cache

from mlcalc.maths.tree import Add, Expr, Neg, Number, Symbol, Words

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ϵ",
    "zeta": "ζ", "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "varrho": "ϱ",
    "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "ϕ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω",
}  # fmt: skip
GREEK_NAMES = {letter: name for name, letter in GREEK.items()}

COMBINING = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}

_RAISED = dict(zip("0123456789−nkijmt()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿᵏⁱʲᵐᵗ⁽⁾", strict=True))
_LOWERED = dict(zip("0123456789+−ijkntmxh", "₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₙₜₘₓₕ", strict=True))

_ASCII = {
    "−": "-", "·": "*", "×": "x", "…": "...", "≈": "~=", "≤": "<=", "≥": ">=", "≠": "!=",
    "∞": "inf", "→": "->", "–": "-", "—": "-", "’": "'", "∈": " in ", "∼": "~", "∝": " propto ",
    "⇔": "<=>", "⇒": "=>", "∂": "d", "Σ": "Sigma", "ᵀ": "^T",
}  # fmt: skip


def ascii_text(text: str) -> str:
    """The text in ASCII; what has no spelling of its own is shown by its code, not dropped."""
    if text.isascii():
        return text
    spelled = (_ASCII.get(c) or GREEK_NAMES.get(c) or c for c in text)
    return "".join(spelled).encode("ascii", "backslashreplace").decode("ascii")


def plain_name(name: str) -> str:
    """The name by which a letter is looked up: θ is theta."""
    return GREEK_NAMES.get(name, name)


def letter(name: str) -> str:
    """The Unicode letter for a name, or the name itself."""
    return "∞" if name == "inf" else GREEK.get(name, name)


def letter_below(subscript: str) -> str:
    """The same for a subscript, in which xi is x and i: W_xi takes x to the gate i."""
    return subscript if subscript == "xi" else letter(subscript)


def variance_root(name: str) -> str | None:
    """sigma for sigma2, the one-word name of the variance σ²; else None."""
    return "sigma" if name == "sigma2" else None


@lru_cache(maxsize=4096)
def spelled(symbol: Symbol) -> str:
    """A symbol in one line of Unicode: θ̂, W_xh, x₁."""
    root, subscript = variance_root(symbol.name), symbol.subscript
    if subscript:
        subscript = lowered_text(subscript) or f"_{letter_below(subscript)}"
    accent = COMBINING.get(symbol.accent, symbol.accent)
    return letter(root or symbol.name) + accent + ("²" if root else "") + subscript


def raised(exponent: Expr) -> str | None:
    """The exponent in superscript characters, where they exist: θ², x⁻¹, xⁿ."""
    return _small(exponent, _RAISED)


def lowered(index: Expr) -> str | None:
    """The index in subscript characters, where they exist: xᵢ, hₜ₋₁."""
    if isinstance(index, Add):
        pieces = [_small(term, _LOWERED) for term in index.terms]
        if pieces[0] is None or any(piece is None for piece in pieces):
            return None
        return pieces[0] + "".join(
            piece if piece.startswith("₋") else f"₊{piece}" for piece in pieces[1:] if piece
        )
    return _small(index, _LOWERED)


def lowered_text(subscript: str) -> str | None:
    """A symbol's subscript in subscript characters: digits, or one letter that exists."""
    if (subscript.isascii() and subscript.isdigit()) or len(subscript) == 1:
        return _mapped(subscript, _LOWERED)
    return None


def raised_integer(value: int) -> str:
    return "".join(_RAISED[c] for c in str(value).replace("-", "−"))


def _small(expression: Expr, table: dict[str, str]) -> str | None:
    match expression:
        case Number(value, written) if value.denominator == 1 and abs(value) < 10**9:
            typed = written is None or written.lstrip("-−").isdigit()
            return _mapped(str(value.numerator).replace("-", "−"), table) if typed else None
        case Symbol(name, "", ""):
            return _mapped(name, table) if len(name) == 1 else None
        case Neg(Symbol() | Number() as operand):
            small = _small(operand, table)
            return None if small is None or small[0] in "⁻₋" else table["−"] + small
        case Words(text):
            return _mapped(text, table)
    return None


def _mapped(text: str, table: dict[str, str]) -> str | None:
    mapped = [table.get(c) for c in text]
    return "".join(c for c in mapped if c) if all(mapped) else None
