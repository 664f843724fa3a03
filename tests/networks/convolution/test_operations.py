"""A new operation is one record: its words, fields, sizes, values and lines follow from it."""

from __future__ import annotations

from pathlib import Path

from tests.recipes import printed, with_entry

FILE = "mlcalc/networks/convolution/question.py"
MIN_POOL = """    "min-pool": Operation(
        "min pooling: the smallest entry of each window", "Output of min pooling", ("minpool",),
        pool=lambda seen, _: min(seen), pooled="min(x)", cell="the smallest entry of the window",
    ),
"""


def test_an_operation_is_one_record(tmp_path: Path) -> None:
    house = with_entry(tmp_path, FILE, '    "pad": Operation(', MIN_POOL)
    out = printed(
        house, "conv-shape", "--image", "5 3; 4 2", "--kernel", "2", "--operation", "minpool"
    )
    for words in ("Output of min pooling", "min(5, 3, 4, 2) = 2", "the smallest entry of the"):
        assert words in out
