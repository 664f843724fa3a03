"""What a field of a problem may hold: one small class for each sort of value.

A value arrives as it was typed, from a flag or from YAML, and the same class reads it, describes
it in messages, in `--help` and in the JSON Schema.  Letters may stand where numbers do.
"""

from mlcalc.fields.base import NUMBER_OR_TEXT, FieldType, Schema, tree
from mlcalc.fields.matrices import MatrixOf, Vector, Vectors, refuse_ragged
from mlcalc.fields.notation import Anything, Distribution, Notation, Range, Structure
from mlcalc.fields.numbers import (
    Count,
    Numbers,
    Quantity,
    as_number,
    has_no_value,
    is_single,
    whole,
)
from mlcalc.fields.shapes import Cell, Sizes, TensorShape
from mlcalc.fields.words import Name, Several, Switch, Word, Words

__all__ = [
    "NUMBER_OR_TEXT",
    "Anything",
    "Cell",
    "Count",
    "Distribution",
    "FieldType",
    "MatrixOf",
    "Name",
    "Notation",
    "Numbers",
    "Quantity",
    "Range",
    "Schema",
    "Several",
    "Sizes",
    "Structure",
    "Switch",
    "TensorShape",
    "Vector",
    "Vectors",
    "Word",
    "Words",
    "as_number",
    "has_no_value",
    "is_single",
    "refuse_ragged",
    "tree",
    "whole",
]
