"""Several networks side by side, and what the second saves where there are two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlcalc.architectures.answers import notes
from mlcalc.architectures.drawing import picture
from mlcalc.architectures.layers import CONV, FC
from mlcalc.architectures.rows import Sums, count_cell, grouped, rows, sums
from mlcalc.architectures.tracing import Trace
from mlcalc.architectures.working import counts_steps
from mlcalc.derivation import Answer, Derivation, Prose, Result, Step, Table, count_answer
from mlcalc.maths.evaluate import exact
from mlcalc.maths.tree import Decimal, Expr, Listing, equals, shown
from mlcalc.records import replace

MOST_SHOWN_LAYERS = 24
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def compared(traces: Sequence[Trace]) -> Derivation:
    traces = with_own_names(traces)
    found = [sums(trace) for trace in traces]
    names = [trace.network.name for trace in traces]
    steps = own_steps(traces)
    steps.append(side_by_side(traces, found))
    answers = [
        named_answer("total", names, [counts.total for counts in found]),
        named_answer("conv", names, [counts.of(CONV) for counts in found]),
        named_answer("fc", names, [counts.of(FC) for counts in found]),
        named_answer("multiplications", names, [counts.multiplications for counts in found]),
    ]
    if len(traces) == 2:
        difference = list(saved(names, found))
        steps += [step for step, _ in difference]
        answers += [answer for _, answer in difference]
    return Derivation(
        f"Comparison of {', '.join(names[:-1])} and {names[-1]}",
        tuple(steps),
        tuple(answers),
        notes(traces),
        tuple(picture(trace) for trace in traces),
    )


def with_own_names(traces: Sequence[Trace]) -> list[Trace]:
    """The traces, A and B where they have no names, a repeated name with a number after it."""
    names: list[str] = []
    for position, trace in enumerate(traces):
        own = trace.network.name or LETTERS[position % len(LETTERS)]
        name, number = own, 2
        while name in names:
            name, number = f"{own}-{number}", number + 1
        names.append(name)
    return [
        replace(trace, network=replace(trace.network, name=name))
        for trace, name in zip(traces, names, strict=True)
    ]


def own_steps(traces: Sequence[Trace]) -> list[Step]:
    """The counts of each network, where all are small enough to show."""
    if any(len(trace.leaves()) > MOST_SHOWN_LAYERS for trace in traces):
        return []
    return [
        step for trace in traces for step in counts_steps(rows(trace), f" of {trace.network.name}")
    ]


def side_by_side(traces: Sequence[Trace], found: Sequence[Sums]) -> Step:
    header = ("network", "layers", "conv", "fc", "total", "multiplications")
    table: list[tuple[Prose | Expr, ...]] = []
    for trace, counts in zip(traces, found, strict=True):
        weighted = [e for _, e in trace.leaves() if exact(e.multiplications) != 0]
        parameters = map(count_cell, (counts.of(CONV), counts.of(FC), counts.total))
        products = count_cell(counts.multiplications)
        table.append((trace.network.name, shown(len(weighted)), *parameters, products))
    note = "layers are those that multiply by weights; conv, fc and total are parameters"
    return Step("set them side by side", (Table(header, tuple(table)),), note)


def saved(names: Sequence[str], found: Sequence[Sums]) -> Iterator[tuple[Step, Answer]]:
    """What the one with less saves, of parameters and of multiplications."""
    counts = {
        "parameters": [counts.total for counts in found],
        "multiplications": [counts.multiplications for counts in found],
    }
    for what, (first, second) in counts.items():
        a, b = exact(first), exact(second)
        if a is None or b is None or a == b:
            continue
        more, less = max(a, b), min(a, b)
        fewer, other = (names[1], names[0]) if a > b else (names[0], names[1])
        difference = more - less
        chain = equals(grouped(more) - grouped(less), grouped(difference))
        share = equals((grouped(more) - grouped(less)) / grouped(more), Decimal(difference / more))
        note = f"{fewer} has fewer {what} than {other}; the second line is the share that it saves"
        name = f"saved_{what}"
        yield (
            Step(f"take the difference of the {what}", (chain, share), note),
            count_answer(name, difference),
        )


def named_answer(name: str, names: Sequence[str], counts: Sequence[Expr]) -> Answer:
    values: dict[str, Result] = {}
    for network, count in zip(names, counts, strict=True):
        value = exact(count)
        values[network] = count if value is None else value
    settled = (exact(count) for count in counts)
    maths = [c if v is None else shown(v) for c, v in zip(counts, settled, strict=True)]
    return Answer(name, values, Listing(tuple(maths)), is_count=True)
