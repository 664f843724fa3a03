"""Words as frameworks spell them: nn.Sigmoid(), F.relu, torch.tanh, nn.MaxPool2d.

An activation may be its formula too: np.maximum(0, z), 1/(1 + exp(-z)).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlcalc.files.fields import Word

CALL = re.compile(r"(?:[A-Za-z_]\w*\.)*(?P<name>[A-Za-z_]\w*)\s*(?P<call>\((?P<inside>[^()]*)\))?")
SAME = re.compile(r"|inplace=(?:True|False)|(?:dim|axis)=-?\d|(?:negative_slope=)?0\.01")
"""Arguments that leave an activation what it is here."""
MODULE = re.compile(
    r"(?<![\w.])(?:(?:np|numpy|torch|tf|jnp|nn|F|math|functional|keras|activations)\.)+(?!max\()"
)
"""What may stand before a function; np.max(z, 0) is the largest along an axis."""
SIGMOID = re.compile(r"1\.?/\(1\.?\+(?:exp\(-(.+)\)|e\^\(?-(.+?)\)?)\)")
RELU = re.compile(
    r"(?:(?:np|torch)\.)?max(?:imum)?\(0(?:\.0*)?,(.+)\)|max(?:imum)?\((.+),0(?:\.0*)?\)"
)


class CalledWord(Word):
    """A word, also with the module before it and brackets behind it."""

    def bare(self, typed: str) -> Iterator[str]:
        yield from super().bare(typed)
        found = CALL.fullmatch(typed.strip())
        if found is None or has_other_slope(typed):
            return
        if SAME.fullmatch((found["inside"] or "").replace(" ", "")):
            yield from super().bare(found["name"])


class ActivationWord(CalledWord):
    """An activation by its word or by its formula, of any letter."""

    def bare(self, typed: str) -> Iterator[str]:
        yield from super().bare(typed)
        word, argument = by_formula(re.sub(r"\s", "", MODULE.sub("", typed)))
        if argument.isidentifier():
            yield word


def by_formula(text: str) -> tuple[str, str]:
    """The activation that a formula is, without spaces and modules, and what it is of."""
    for word, formula in (("sigmoid", SIGMOID), ("relu", RELU)):
        if found := formula.fullmatch(text):
            return word, found[1] or found[2]
    return "", ""


def has_other_slope(typed: str) -> bool:
    """Whether it is TensorFlow's or Keras's leaky ReLU, whose slope is not 0.01."""
    return "leaky" in typed.lower() and re.search("tf|keras|jax", typed) is not None
