"""What a field of a problem may hold: one small class for each sort of value.

A value arrives as it was typed, from a flag or from YAML, and the same class reads it, describes
it in messages, in `--help` and in the JSON Schema.  Letters may stand where numbers do.
"""

from mlcalc.files.fields.base import NUMBER_OR_TEXT, FieldType, Schema, formula, numeric, tree
from mlcalc.files.fields.mappings import Mapping, entries_of, is_mapping
from mlcalc.files.fields.matrices import MatrixOf, Vector, Vectors, refuse_ragged
from mlcalc.files.fields.notation import Anything, Distribution, Notation, Structure
from mlcalc.files.fields.numbers import (
    Count,
    Numbers,
    Quantity,
    as_number,
    has_no_value,
    is_single,
    list_notes,
    number_notes,
    whole,
)
from mlcalc.files.fields.shapes import (
    MOST,
    Amount,
    Arranged,
    Cell,
    Sizes,
    TensorShape,
    arranged,
    is_word,
    without_batch,
)
from mlcalc.files.fields.words import Name, Several, Switch, Word, Words, words_of

__all__ = [
    "MOST",
    "NUMBER_OR_TEXT",
    "Amount",
    "Anything",
    "Arranged",
    "Cell",
    "Count",
    "Distribution",
    "FieldType",
    "Mapping",
    "MatrixOf",
    "Name",
    "Notation",
    "Numbers",
    "Quantity",
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
    "arranged",
    "as_number",
    "entries_of",
    "formula",
    "has_no_value",
    "is_mapping",
    "is_single",
    "is_word",
    "list_notes",
    "number_notes",
    "numeric",
    "refuse_ragged",
    "tree",
    "whole",
    "without_batch",
    "words_of",
]
