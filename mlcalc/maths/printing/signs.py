"""How one notation spells the signs between things: plain data, one instance a printer."""

from __future__ import annotations

from collections.abc import Mapping

from mlcalc.maths.printing.joints import Joint
from mlcalc.maths.records import Record


class Signs(Record):
    """How a notation spells the signs that stand between things."""

    plus: str
    minus: str
    negative: str
    joints: Mapping[Joint, str]
    matrix_joints: Mapping[Joint, str]
    hadamard: str
    relations: Mapping[str, str]
    bar: str
    dots: str
    equals: str = " = "
