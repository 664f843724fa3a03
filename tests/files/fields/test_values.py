"""What is typed for a field, and what it is read as: a row a spelling, for flags and YAML alike.

What is expected was written down by hand.  A row ends in the value, in the reader's own notation,
or in a piece of the refusal behind `✗`; a note that must be given stands behind `#`.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from mlcalc.files.document import Entries, Items, Raw, Text, written
from mlcalc.files.errors import Invalid, Place
from mlcalc.files.fields import FieldType
from mlcalc.files.reading import read_document
from mlcalc.files.yaml_writer import write_yaml
from mlcalc.kinds import load
from mlcalc.maths.printing import source
from mlcalc.maths.tree import Expr
from mlcalc.networks.convolution.tensors import Padding, Tensor

ROWS = r"""
# Matrices: rows end with a new line, a semicolon or a bracket.
mlp x             | 1 2; 3 4                    | [[1, 2], [3, 4]]
mlp x             | 1 2\n3 4                    | [[1, 2], [3, 4]]
mlp x             | 1 2\n3 4\n                  | [[1, 2], [3, 4]]
mlp x             | \n\n1\t2\n\n3\t4\n\n        | [[1, 2], [3, 4]]
mlp x             | 1 2\r\n3 4\r\n              | [[1, 2], [3, 4]]
mlp x             | 1 2;\n3 4;                  | [[1, 2], [3, 4]]
mlp x             | 1, 2\n3, 4                  | [[1, 2], [3, 4]]
mlp x             | 1, 2,\n3, 4                 | ✗ two ways
mlp x             | [[1, 2], [3, 4]]            | [[1, 2], [3, 4]]
mlp x             | [[1, 2],\n [3, 4]]          | [[1, 2], [3, 4]]
mlp x             | [[1. 2.]\n [3. 4.]]         | [[1, 2], [3, 4]]
mlp x             | [1 2; 3 4]                  | [[1, 2], [3, 4]]
mlp x             | [1 2\n 3 4]                 | [[1, 2], [3, 4]]
mlp x             | [1, 2]\n[3, 4]              | [[1, 2], [3, 4]]
mlp x             | [1, 2], [3, 4]              | [[1, 2], [3, 4]]
mlp x             | (1, 2), (3, 4)              | [[1, 2], [3, 4]]
mlp x             | (1,2) (3,4)                 | [[1, 2], [3, 4]]
mlp x             | array([[1., 2.],\n       [3., 4.]], dtype=float32) | [[1, 2], [3, 4]]
mlp x             | np.array([[1, 2], [3, 4]])  | [[1, 2], [3, 4]]
mlp x             | tensor([1, 2])              | [[1, 2]]
mlp x             | 1 -2\n-3 4                  | [[1, -2], [-3, 4]]
mlp x             | 1\n-2\n3                    | [[1], [-2], [3]]
mlp x             | 1 − 2; 3 4                  | ✗ two ways
mlp x             | 1 −2; 3 4                   | [[1, -2], [3, 4]]
mlp x             | 1 2\n3                      | ✗ row 2 has 1 entry and row 1 has 2
mlp x             | [[1, 2], [3]]               | ✗ row 2 has 1 entry and row 1 has 2
mlp x             | (1, 2), (3)                 | ✗
mlp x             | 1 000 2 500                 | ✗ write 1000, 2500 or 1, 0, 2, 500
mlp x             | 1,000; 2,500                | ✗ write 1000, 2500 or 1, 0, 2, 500
mlp x             | 1 120; 2 150                | [[1, 120], [2, 150]]
mlp x             | 1,000                       | [[1, 0]] # given.list
mlp x             | 0,5 0,7                     | ✗ write 0.5, 0.7
mlp x             | nan                         | ✗ not the word 'nan'
mlp x             | 1, null                     | ✗ not the word 'null'
mlp x             | inf                         | ✗ not the word 'inf'
mlp x             | 1e400                       | ✗ between
mlp x             | 1e-400 1                    | ✗ between
mlp x             | 2^(2^20)                    | ✗ between
mlp x             | 0x1F 2                      | ✗ write 31
mlp x             | 1/3 0.(3)                   | [[1/3, 1/3]]
mlp x             | １ ２                        | [[1, 2]]
mlp x             | a b; c d                    | [[a, b], [c, d]]
mlp targets       | 0\n1\n                      | [[0], [1]]
mlp weights       | 1 2\n3 4                    | ([[1, 2], [3, 4]])
mlp weights       | [[[1, 2]], [[3]]]           | ([[1, 2]], [[3]])
mlp weights       | 1 yes                       | ✗ not the word 'yes'
mlp biases        | 1, 2                        | (1, 2)
mlp biases        | 1 2                         | (1, 2)
mlp biases        | nan                         | ✗ not the word 'nan'
mlp steps         | 0 2\n1 5\n3 0               | 0: 0→2 1→5 3→0
mlp steps         | -inf 1; 0 2                 | 1: 0→2
mlp region        | a < x1 < b, c < x2 < d      | ✗ 'a' is no coordinate beside x1
mlp region        | x > 0, a*x < 5              | ✗
mlp region        | x > 0, y > 0, x + y < c     | ✗ 'c' is no coordinate beside x
mlp sizes         | 3, 3, 1                     | (3, 3, 1)
mlp sizes         | 3 3 1                       | (3, 3, 1)
mlp sizes         | 3, true                     | ✗ not the word 'true'
mlp learning_rate | 0.1                         | (0.1)
mlp learning_rate | 0,1                         | (0, 1)
mlp learning_rate | 0,05                        | ✗ write 0.05 or 0, 5
mlp momentum      | 0,9                         | ✗ write 0.9 for a decimal comma
mlp momentum      | off                         | ✗ not the word 'off'
mlp momentum      | .5                          | 0.5
mlp momentum      | 5.                          | 5
mlp momentum      | +3                          | 3
mlp momentum      | 8 %                         | 8%
mlp momentum      | 8%                          | 8%
mlp momentum      | ９                           | 9
mlp momentum      | 0.(3)                       | 1/3
mlp momentum      | 1.2(34)                     | 611/495
mlp momentum      | ½                           | 1/2
mlp momentum      | 1e400                       | ✗ between
mlp momentum      | 1e-400                      | ✗ between
mlp epochs        | 1,000                       | 1000 # given.thousands
mlp epochs        | 1 000                       | 1000 # given.thousands
mlp epochs        | 1_000                       | 1000
mlp epochs        | 0b11                        | ✗ write 3
mlp epochs        | true                        | ✗ not the word 'true'
mlp epochs        | 1,5                         | ✗ write 1.5 for a decimal comma
# Sequences of vectors and points.
rnn-step x        | 1 0; 0 1                    | ([[1], [0]], [[0], [1]])
rnn-step x        | 1 0\n0 1\n                  | ([[1], [0]], [[0], [1]])
rnn-step x        | 1, 0, 1                     | ([[1]], [[0]], [[1]])
rnn-step x        | [1, 0, 1]                   | ([[1]], [[0]], [[1]])
rnn-step x        | 1\n0\n1                     | ([[1]], [[0]], [[1]])
rnn-step x        | (1,0), (0,1)                | ([[1], [0]], [[0], [1]])
rnn-step x        | 1, nan                      | ✗ not the word 'nan'
rnn-step W_xh     | 1 2\n3 4                    | [[1, 2], [3, 4]]
rnn-step b_h      | 1\n2                        | [[1], [2]]
rnn-step b_h      | 1, 2                        | [[1], [2]]
rnn-step b_h      | 1 2; 3 4                    | ✗ a vector
rnn-step h0       | none                        | ✗ not the word 'none'
rnn-step sizes    | 3, 4, 2                     | 3x4x2
rnn-step decay    | 0,5                         | ✗ write 0.5
rnn-step backward | W_xh=1, W_hh=2              | {W_xh: 1, W_hh: 2}
rnn-step backward | {W_xh: 1, W_hh: 2}          | {W_xh: 1, W_hh: 2}
rnn-step layers   | [{W_xh: 1, W_hh: 2}]        | [{W_xh: 1, W_hh: 2}]
vc points         | 0 0\n1 0\n0 1               | ([[0], [0]], [[1], [0]], [[0], [1]])
vc points         | (0,0), (1,0)                | ([[0], [0]], [[1], [0]])
vc points         | [[0, 0], [1, 0]]            | ([[0], [0]], [[1], [0]])
vc points         | {(0, 0), (1, 0)}            | ([[0], [0]], [[1], [0]])
vc points         | {0, 1, 2}                   | ([[0]], [[1]], [[2]])
vc points         | (0, 0, 1)                   | ([[0], [0], [1]])
vc points         | (0, 0), (1, 0, 1)           | ✗ row 2 has 3 entries
vc labels         | 0 1 1                       | (0, 1, 1)
vc labels         | 0\n1\n1\n                   | (0, 1, 1)
vc labels         | yes, no                     | (1, 0)
vc hypotheses     | 1,000,000                   | [[1000000]] # given.thousands
vc hypotheses     | 0 1\n1 0                    | [[0, 1], [1, 0]]
vc n              | 0x10                        | ✗ write 16
pac hypotheses    | 1,000,000                   | 1000000 # given.thousands
pac hypotheses    | 1 000 000                   | 1000000 # given.thousands
pac hypotheses    | 1.000.000                   | ✗ write 1000000
pac hypotheses    | 3^10                        | 3^10
pac hypotheses    | 2^(2^20)                    | 2^(2^20)
pac hypotheses    | null                        | ✗ not the word 'null'
pac delta         | 0,05                        | ✗ write 0.05 for a decimal comma
pac delta         | 5 %                         | 5%
pac samples       | 10,000                      | 10000 # given.thousands
pac samples       | 1,00,000                    | ✗
pac samples       | 10.000,5                    | ✗ write 10000.5
pac weights       | -1 0 1                      | (-1, 0, 1)
pac weights       | −1, 0, 1                    | (-1, 0, 1)
# Lists, counts and mappings.
mle censored      | 3, 4, 1                     | (3, 4, 1)
mle censored      | 3 4 1                       | (3, 4, 1)
mle censored      | 3, 4, 1,                    | (3, 4, 1)
mle censored      | [3 4 1]                     | (3, 4, 1)
mle censored      | (3, 4, 1)                   | (3, 4, 1)
mle censored      | {3, 4, 1}                   | (3, 4, 1)
mle censored      | c(3, 4, 1)                  | (3, 4, 1)
mle censored      | 3; 4; 1                     | (3, 4, 1)
mle censored      | 3\n4\n1\n                   | (3, 4, 1)
mle censored      | 3, 4,\n1                    | (3, 4, 1)
mle censored      | 3\n-4                       | (3, -4)
mle censored      | 1,000                       | (1, 0) # given.list
mle censored      | 1 000 2 500                 | ✗ write 1000, 2500 or 1, 0, 2, 500
mle censored      | 1 500 2 500                 | ✗ write 1500, 2500 or 1, 500, 2, 500
mle censored      | 1,000, 2,500                | ✗ write 1000, 2500 or 1, 0, 2, 500
mle censored      | 98 102 110 95               | (98, 102, 110, 95)
mle censored      | 150 160 170                 | (150, 160, 170)
mle censored      | 0,08                        | ✗ write 0.08 or 0, 8
mle censored      | 1,5 2,5                     | ✗ write 1.5, 2.5 or 1, 5, 2, 5
mle censored      | 1.5 2.5                     | (1.5, 2.5)
mle censored      | 1_000 2_500                 | (1000, 2500)
mle censored      | 1e400, 2                    | ✗ between
mle censored      | 3, inf                      | ✗ not the word 'inf'
mle censored      | 3, , 4                      | ✗
mle censored      | 3 four                      | ✗
mle intervals     | 0 1 5\n1 2 3                | [[0, 1, 5], [1, 2, 3]]
mle intervals     | 0 1 5; 1 inf 3              | [[0, 1, 5], [1, inf, 3]]
mle n             | 10                          | 10
mle n             | N                           | N
mle n             | 0o10                        | ✗ write 8
mle n             | NaN                         | ✗ not the word 'NaN'
mle n             | 1,000,000                   | 1000000 # given.thousands
mle n             | 2,5                         | ✗ write 2.5
mle distribution  | normal(sigma2=1e400)        | ✗ between
backprop at       | x=1, y=2                    | {x: 1, y: 2}
backprop at       | x: 1, y: 2                  | {x: 1, y: 2}
backprop at       | {x: 1, y: 2}                | {x: 1, y: 2}
backprop at       | {x=1, y=2}                  | {x: 1, y: 2}
backprop at       | x=1; y=2                    | {x: 1, y: 2}
backprop at       | x=1\ny=2\n                  | {x: 1, y: 2}
backprop at       | x=1 y=2                     | {x: 1, y: 2}
backprop at       | x := 1, y := 2              | {x: 1, y: 2}
backprop at       | x=1,000,y=2                 | {x: 1,000, y: 2} # given.thousands
backprop at       | x=[1, 2], W=[[1, 2], [3, 4]] | {x: [1, 2], W: [[1, 2], [3, 4]]}
backprop at       | x=1;2, y=3                  | {x: 1;2, y: 3}
backprop at       | x=1, x=2                    | ✗ 'x' is given twice
backprop at       | x                           | ✗ expected names and values such as
backprop at       | x=                          | ✗ expected names and values such as
nb priors         | spam=1/3, ham=2/3           | {spam: 1/3, ham: 2/3}
nb priors         | spam: 1/3; ham: 2/3         | {spam: 1/3, ham: 2/3}
nb priors         | {spam: 1/3, ham: 2/3}       | {spam: 1/3, ham: 2/3}
nb priors         | spam=1/3, spam=2/3          | ✗ 'spam' is given twice
nb priors         | "very odd": 1, b: 0         | {very odd: 1, b: 0}
nb smoothing      | 0,5                         | ✗ write 0.5
nb smoothing      | nan                         | ✗ not the word 'nan'
# Layers.
conv-shape image  | 1 2 3\n4 5 6\n7 8 9         | 3×3: 1 2 3 4 5 6 7 8 9
conv-shape image  | [[1 2]\n [3 4]]             | 2×2: 1 2 3 4
conv-shape image  | [[[1, 2]], [[3, 4]]]        | 2×1×2: 1 2 3 4
conv-shape image  | 1 true                      | ✗ not the word 'true'
conv-shape image  | 1 1e400                     | ✗ between
conv-shape kernel | 3                           | 3
conv-shape kernel | true                        | ✗ not the word 'true'
conv-shape kernel | null                        | ✗ not the word 'null'
conv-shape padding | 0 1\n1 0                   | 0-1 1-0
conv-shape padding | yes                        | ✗ not the word 'yes'
conv-shape filters | 1,000                      | 1000 # given.thousands
conv-shape groups | none                        | ✗ not the word 'none'
conv-shape at     | 2 2                         | (2, 2)
"""


def rows() -> Iterable[tuple[str, str, str, str]]:
    """Kind, field, text and what is expected of it."""
    for line in ROWS.strip().splitlines():
        if not line.startswith("#"):
            name, text, expected = (part.strip() for part in line.split(" | "))
            kind, field = name.split()
            for sign, meant in ((r"\n", "\n"), (r"\t", "\t"), (r"\r", "\r")):
                text = text.replace(sign, meant)
            yield kind, field, text, expected


def shown(value: object) -> str:
    """A value that was read, in one line."""
    match value:
        case Expr():
            return source(value)
        case Tensor(sizes, entries):
            return f"{'×'.join(map(str, sizes))}: {' '.join(map(str, entries))}"
        case Padding(sides):
            return " ".join(f"{source(before)}-{source(after)}" for before, after in sides)
        case tuple():
            return f"({', '.join(map(shown, value))})"
        case Text() | Items() | Entries():
            return written(value)
    steps = getattr(value, "steps", None)
    if steps is not None:
        levels = " ".join(f"{place}→{level}" for place, level in steps)
        return f"{value.before}: {levels}"  # type: ignore[attr-defined]
    return str(value)


def outcome(takes: FieldType[object], raw: Raw) -> tuple[str, tuple[str, ...]]:
    """The value that is read and the ids of its notes, or what is refused."""
    try:
        value = takes.read(raw)
    except Invalid as error:
        return f"✗ {error.complaints[0].message}", ()
    return shown(value), tuple(note.id for note in takes.remarks(raw, value))


def typed_in_yaml(text: str) -> Raw:
    document = read_document(write_yaml({"field": text}), "a.yaml")
    assert isinstance(document, Entries)
    found = document.get("field")
    assert isinstance(found, Text)
    return found


@pytest.mark.parametrize(
    ("kind", "field", "text", "expected"),
    list(rows()),
    ids=[f"{r[0]}-{r[1]}-{r[2]!r}" for r in rows()],
)
def test_a_value_is_read(kind: str, field: str, text: str, expected: str) -> None:
    takes = load(kind).Problem.fields[field].takes
    flag = outcome(takes, Text(text, Place("--" + field, text)))
    if expected.startswith("✗"):
        assert flag[0].startswith("✗")
        assert expected.removeprefix("✗").strip() in flag[0]
    else:
        value, _, note = expected.partition(" # ")
        assert flag == (value, (note,) if note else ())
    assert outcome(takes, typed_in_yaml(text)) == flag


def test_the_table_is_long_enough() -> None:
    assert len(list(rows())) >= 120
