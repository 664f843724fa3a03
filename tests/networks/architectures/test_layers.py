"""A new layer is one record: its words, shape, counts, sums and notes follow from it."""

from __future__ import annotations

from pathlib import Path

from tests.recipes import printed, with_entry

FILE = "mlcalc/networks/architectures/layers.py"
SQUEEZE = """    "squeeze": LayerKind(
        fully_connected, ("units",), ("units",), synonyms=("bottleneck",), gives="[n, h]",
        parameters="2*d*h + b", biases="h", multiplications="2*n*d*h", sort="squeezing",
        note=("params.squeeze", "a squeeze goes down to its units and up again"),
    ),
"""


def test_a_layer_is_one_record(tmp_path: Path) -> None:
    house = with_entry(tmp_path, FILE, '    "rnn": with_gates(', SQUEEZE)
    out = printed(house, "params", "10, bottleneck 3, relu")
    for words in ("2·10·3 + 3 = 63", "squeezing", "goes down to its units and up again"):
        assert words in out
    assert "squeeze 3" in printed(house, "params", "10, squeeze 3, relu", "--plot")
