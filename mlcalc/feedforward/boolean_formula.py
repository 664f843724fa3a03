"""Boolean functions: formulas over named inputs, and their truth tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlcalc.feedforward.inputs import in_order
from mlcalc.maths.tree import Symbol
from mlcalc.records import Record

GATES = ("AND", "OR", "NOT", "NAND", "NOR", "XOR", "XNOR", "MAJORITY")

Bits = tuple[int, ...]


class Formula(Record):
    """A formula over named inputs."""

    def value(self, at: Mapping[Symbol, int]) -> int:
        """1 or 0."""
        raise NotImplementedError

    def names(self) -> set[Symbol]:
        raise NotImplementedError


class Input(Formula):
    name: Symbol

    def value(self, at: Mapping[Symbol, int]) -> int:
        return at[self.name]

    def names(self) -> set[Symbol]:
        return {self.name}


class Gate(Formula):
    """One of GATES over its parts."""

    word: str
    parts: tuple[Formula, ...]

    def names(self) -> set[Symbol]:
        return {name for part in self.parts for name in part.names()}

    def value(self, at: Mapping[Symbol, int]) -> int:
        bits = [part.value(at) for part in self.parts]
        match self.word:
            case "AND":
                return int(all(bits))
            case "OR":
                return int(any(bits))
            case "NAND":
                return int(not all(bits))
            case "NOR" | "NOT":
                return int(not any(bits))
            case "XOR":
                return sum(bits) % 2
            case "XNOR":
                return int(bits[0] == bits[1])
            case "MAJORITY":
                return int(2 * sum(bits) > len(bits))
            case _:
                raise LookupError(f"no value is known of the gate {self.word}")


def truth_table(formula: Formula) -> tuple[tuple[Symbol, ...], dict[Bits, int]]:
    """The inputs in their order, and the value at each of the 2^n rows of bits."""
    names = in_order(formula.names())
    table = {row: formula.value(dict(zip(names, row, strict=True))) for row in bit_rows(len(names))}
    return names, table


def bit_rows(count: int) -> Sequence[Bits]:
    """All rows of bits, counting up: 00, 01, 10, 11."""
    return [
        tuple(number >> place & 1 for place in reversed(range(count))) for number in range(2**count)
    ]
