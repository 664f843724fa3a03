"""Shapes, parameters and multiplications of a network, layer by layer, or of several beside it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from mlcalc import problem
from mlcalc.architectures.counted import Settings
from mlcalc.architectures.drawing import picture
from mlcalc.architectures.notes import notes
from mlcalc.architectures.reading import Input, Networks, network
from mlcalc.architectures.receptive_field import receptive_field, receptive_step
from mlcalc.architectures.rows import Sums, sums
from mlcalc.architectures.shapes import entry_count, sizes_of
from mlcalc.architectures.tracing import Trace, traced
from mlcalc.architectures.working import steps
from mlcalc.derivation import Answer, Derivation, Result, count_answer, number_answer
from mlcalc.document import Raw
from mlcalc.errors import Invalid
from mlcalc.fields import Switch, TensorShape, Word
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Expr, Listing, Shape, Words, shown

CONVENTIONS = {
    "textbook": "one bias a gate",
    "pytorch": "two biases a gate, as torch.nn counts them",
    "keras": "two biases a gate in the GRU; batch norm with its running mean and variance",
}


class Problem(problem.Problem):
    network = problem.required(
        Networks(),
        "the layers, '784, fc 100, relu, fc 10', or a name such as vgg16; several to compare; "
        "with > between layers keep the quotes, or the shell writes files",
        positional=True,
    )
    input = problem.optional(TensorShape(), "another input size, such as 3@32x32")
    bias = problem.default(Switch(), "true", "whether biases count")
    convention = problem.default(
        Word(CONVENTIONS), "textbook", "whose parameters of recurrent layers and batch norm"
    )


def solve(given: Problem) -> Derivation:
    """The layers' shapes follow one another; each one's parameters follow from its shapes."""
    found = traces(given)
    if len(found) > 1:
        from mlcalc.architectures.comparing import compared

        return compared(found)
    trace = found[0]
    counts = sums(trace)
    field = receptive_step(trace)
    name = f" of {trace.network.name}" if trace.network.name else ""
    return Derivation(
        f"Shapes and parameters{name}",
        (*steps(trace, counts), *([field] if field else [])),
        tuple(answers(trace, counts)),
        notes([trace]),
        (picture(trace),),
        (layers_answer(trace),),
    )


def traces(given: Problem) -> list[Trace]:
    """The networks with their shapes, in their order."""
    settings = Settings(given.bias, given.convention)
    return [follow(given, raw, settings) for raw in given.network]


def follow(given: Problem, raw: Raw, settings: Settings) -> Trace:
    """The network with its shapes; where a built-in one does not fit, the input is at fault."""
    own = None if given.input is None else Input(given.input, given.place_of(Problem.input))
    found = network(raw, given_input=own)
    try:
        return traced(found, settings)
    except Invalid as error:
        if found.place.source == raw.place.source:
            raise
        message = f"{found.name} with this input: {error.complaints[0].message}"
        raise given.fault(message, Problem.input) from None


def answers(trace: Trace, counts: Sums) -> list[Answer]:
    found = [counted("total", counts.total)]
    whole = exact(counts.total)
    for family in ("conv", "fc"):
        found.append(counted(family, counts.of(family)))
    for family in ("conv", "fc"):
        value = exact(counts.of(family))
        if whole and value is not None:
            found.append(number_answer(f"{family}_share", value / whole))
    found.append(counted("multiplications", counts.multiplications))
    field = receptive_field(trace)
    if field is not None:
        sizes = field[:1] if len(set(field)) == 1 else field
        value_of: Result = sizes[0] if len(sizes) == 1 else sizes
        maths = shown(sizes[0]) if len(sizes) == 1 else Listing(tuple(map(shown, sizes)))
        found.append(Answer("receptive_field", value_of, maths, is_count=True))
    return found


def counted(name: str, count: Expr) -> Answer:
    return count_answer(name, count_value(count))


def layers_answer(trace: Trace) -> Answer:
    """Every layer with its counts, for programs and for checking; the steps show them."""
    listed: tuple[Mapping[str, Result], ...] = tuple(
        {
            "name": name,
            "shape": shape_value(entry.after),
            "parameters": count_value(entry.parameters),
            "multiplications": count_value(entry.multiplications),
            "activations": count_value(entry_count(entry.after)),
        }
        for name, entry in trace.leaves()
    )
    return Answer("layers", listed, Words(f"{len(listed)} layers"), is_count=True)


def shape_value(shape: Shape) -> Result:
    """The sizes, channels first; the shape itself where letters are left."""
    values = [exact(size) for size in sizes_of(shape)]
    return shape if None in values else tuple(value for value in values if value is not None)


def count_value(count: Expr) -> Fraction | Expr:
    value = exact(count)
    return count if value is None else value
