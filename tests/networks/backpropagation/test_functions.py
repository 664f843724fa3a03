"""A new function with a gradient is one record: both answers, its node and its notes follow."""

from __future__ import annotations

from pathlib import Path

from tests.recipes import printed, with_entry

FILE = "mlcalc/networks/backpropagation/functions.py"
# The reader knows both; a graph did not.
ERFC = """    "erfc": Function("-2/sqrt(pi)*exp(-z^2)", sign="Q"),
    "median": Function(
        "1", "indicator(z = h)", note=Note("backprop.median", "of an odd number of entries"),
    ),
"""


def test_a_function_is_one_record(tmp_path: Path) -> None:
    house = with_entry(tmp_path, FILE, '    "ln": Function(', ERFC)
    letters = printed(house, "backprop", "erfc(x)*x")
    assert "∂a/∂x = −2/√π" in letters
    numbers = printed(
        house, "backprop", "erfc(x)*x", "--at", "x=0", "--digits", "6", "--ask", "all"
    )
    assert "a: Q" in numbers
    assert "∂f/∂x = 1" in numbers
    of_list = printed(house, "backprop", "median(v)^2", "--at", "v=[1, 5, 3]", "--ask", "all")
    assert "of an odd number of entries" in of_list
    assert "[0; 0; 6]" in of_list
