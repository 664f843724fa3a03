"""Words as frameworks spell them: nn.Sigmoid(), F.relu, torch.tanh, nn.MaxPool2d."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlcalc.files.fields import Word

CALL = re.compile(r"(?:[A-Za-z_]\w*\.)*(?P<name>[A-Za-z_]\w*)\s*(?P<call>\((?P<inside>[^()]*)\))?")
SAME = re.compile(r"|inplace=(?:True|False)|(?:dim|axis)=-?\d|(?:negative_slope=)?0\.01")
"""Arguments that leave an activation what it is here."""


class CalledWord(Word):
    """A word, also with the module before it and brackets behind it."""

    def bare(self, typed: str) -> Iterator[str]:
        yield from super().bare(typed)
        found = CALL.fullmatch(typed.strip())
        # TensorFlow's and Keras's leaky ReLUs have other slopes than 0.01.
        is_other = "leaky" in typed.lower() and re.search("tf|keras|jax", typed)
        if found and not is_other and SAME.fullmatch((found["inside"] or "").replace(" ", "")):
            yield from super().bare(found["name"])
