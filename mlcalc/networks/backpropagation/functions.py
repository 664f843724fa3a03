"""The functions that a graph knows, one record each: its slope as a line, and all else of it.

The lines are in z, what the function is of, and h, its value; of a vector z there are n entries,
and `ones` is a vector of its shape.  A new function is an entry of `FUNCTIONS`, once the reader
knows its name (`mlcalc.maths.functions`); an activation is one without being written here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from mlcalc.maths.activations import H, Z, entrywise
from mlcalc.maths.board import Note, line, prose
from mlcalc.maths.evaluate import evaluate, rows
from mlcalc.maths.products import OPEN_FUNCTIONS
from mlcalc.maths.records import Record
from mlcalc.maths.tree import Add, Call, Div, Expr, Mul, substitute, wrap
from mlcalc.maths.vectors import Write, added
from mlcalc.networks.activations import exponentials, in_one_line

ZERO = wrap(0)
Worked = Callable[[Sequence[Expr], Sequence[Expr], Write], Expr]
"""What is done with the entries of a vector, and those of a second one, as it is worked by hand."""


class Function(Record):
    """How gradients pass through a function, how it is drawn, and what is said of it."""

    slope: str | Expr = ""
    """f′ of one number, for a vector entry by entry."""
    of_vector: str = ""
    """The gradient of the number that it makes of the entries of a vector."""
    by: tuple[str, ...] = ()
    """The gradients of the number that it makes of two vectors, p and t, by each of them."""
    flow: str = ""
    """What it brings back of an upstream gradient `up`, where a vector becomes another one."""
    several: Callable[[tuple[Expr, ...]], Expr] | None = None
    """What it is of several values, where these are no vector."""
    relation: str = ""
    """How the one of several values that is passed on compares with the others."""
    apart: str = ""
    """The operations that it is taken apart into."""
    worked: Worked | None = None
    meaning: str = ""
    """The function that it is another name of."""
    letter: str = ""
    """The letter of its values."""
    sign: str = ""
    """What stands in its node, where that is not its name."""
    kink: str = ""
    """The slope that is taken at 0, where there is a kink."""
    note: Note | None = None
    """What is said wherever it is used."""
    instead: str = ""
    """What to write for two numbers in place of two vectors."""

    @property
    def is_flat(self) -> bool:
        """Whether the slope is 0 wherever there is one."""
        return self.slope == ZERO

    def slope_at(self, z: Expr, h: Expr) -> Expr:
        """f′(z), written with the value where that is how it is computed: σ′ = σ(1 − σ)."""
        slope = line(self.slope) if isinstance(self.slope, str) else self.slope
        return substitute(slope, {Z: z, H: h})


def variance(entries: Sequence[Expr], _: Sequence[Expr], write: Write) -> Expr:
    """((1 − 2)² + (2 − 2)² + (3 − 2)²)/3."""
    mean = write(rows(evaluate(line("s/n", s=added(entries), n=len(entries))))[0][0])
    squares = [line("d^2", d=added([entry, -mean])) for entry in entries]
    return line("s/n", s=added(squares), n=len(entries))


def entropy(entries: Sequence[Expr], targets: Sequence[Expr], _: Write) -> Expr:
    pairs = zip(targets, entries, strict=True)
    return -added([line("t*log(p)", t=target, p=entry) for target, entry in pairs])


def powers(entries: Sequence[Expr], _: Sequence[Expr], write: Write) -> Expr:
    return exponentials([rows(evaluate(entry))[0][0] for entry in entries], write)


NORMALISED = "(z - mean(z))/sqrt(mean((z - mean(z))^2) + epsilon)"
"""Gate by gate (Ioffe and Szegedy 2015; Ba et al. 2016)."""


class Functions(dict[str, Function]):
    """The functions by name; one that is left open has a slope of its own name, f′."""

    def __missing__(self, name: str) -> Function:
        if name not in OPEN_FUNCTIONS:
            raise KeyError(name)
        return Function(Call(f"{name}'", (Z,)), letter="h")


FUNCTIONS: Mapping[str, Function] = Functions({
    "exp": Function("h"),
    "log": Function("1/z"),
    "log2": Function("1/(z*log(2))"),
    "sqrt": Function("1/(2*h)"),
    "abs": Function("indicator(z > 0) - indicator(z < 0)", kink="0"),
    "sin": Function("cos(z)"),
    "cos": Function("-sin(z)"),
    "tan": Function("1 + h^2"),
    "erf": Function("2/sqrt(pi)*exp(-z^2)"),
    "ln": Function("1/z", meaning="log"),
    **{
        name: Function(
            in_one_line(one.gradient), letter="h", kink=one.kink, sign="σ" * (name == "sigmoid")
        )
        for name, one in entrywise().items()
    },
    "sum": Function(
        "1", "ones", several=Add, worked=lambda entries, *_: added(entries),
    ),
    "product": Function(several=Mul),
    "mean": Function(
        "1", "1/n*ones", several=lambda values: Div(Add(values), wrap(len(values))),
        worked=lambda entries, *_: line("s/n", s=added(entries), n=len(entries)),
    ),
    "var": Function(
        "0", "2/n*(z - mean(z))", worked=variance,
        note=Note("backprop.variance", "the variance is with 1/n"),
    ),
    "max": Function("1", "indicator(z = h)", relation=">"),
    "min": Function("1", "indicator(z = h)", relation="<"),
    "softmax": Function(
        flow="h .* (up - sum(up .* h))", worked=powers, letter="p",
        note=Note("backprop.softmax", prose(
            "the local gradient of softmax is the matrix $diag(p) - p @ p.T$; its product with an "
            "upstream gradient $G$ is $p .* (G - sum(G .* p))$"
        )),
    ),
    "batchnorm": Function(apart=NORMALISED),
    "layernorm": Function(apart=NORMALISED),
    "cross_entropy": Function(
        by=("-t/p", "-log(p)"), worked=entropy,
        instead="-t*log(p) - (1 - t)*log(1 - p)",
        note=Note("backprop.cross_entropy", "cross_entropy(p, t) is −Σ t log p, log natural"),
    ),
})  # fmt: skip

OF_VECTORS = tuple(name for name, one in FUNCTIONS.items() if one.of_vector)
"""The functions that make one number of all entries, where they are given one vector."""
