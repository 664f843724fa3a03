"""Several networks side by side, and what the second saves where there are two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlcalc.maths.board import Prose
from mlcalc.maths.evaluate import exact
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Decimal, Expr, Listing, shown
from mlcalc.networks.architectures.answers import notes
from mlcalc.networks.architectures.drawing import picture
from mlcalc.networks.architectures.layers import CONV, FC
from mlcalc.networks.architectures.rows import Sums, count_cell, grouped, rows, sums
from mlcalc.networks.architectures.tracing import Trace
from mlcalc.networks.architectures.working import counts_steps
from mlcalc.networks.convolution.sizes import count_value
from mlcalc.showing.derivation import Answer, Derivation, Result, Step, Table, count_answer, step

MOST_SHOWN_LAYERS = 24
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def compared(traces: Sequence[Trace]) -> Derivation:
    traces = with_own_names(traces)
    found = [sums(trace) for trace in traces]
    names = [trace.network.name for trace in traces]
    steps: list[Step] = []
    if all(len(trace.leaves()) <= MOST_SHOWN_LAYERS for trace in traces):
        for trace in traces:
            whose, is_listed = f" of {trace.network.name}", trace.network.is_listed
            steps += counts_steps(rows(trace), whose, is_listed)
    steps.append(side_by_side(traces, found))
    answers = [
        named_answer("total", names, [counts.total for counts in found]),
        named_answer("conv", names, [counts.of(CONV) for counts in found]),
        named_answer("fc", names, [counts.of(FC) for counts in found]),
    ]
    products = [one for counts in found if (one := counts.multiplications) is not None]
    if len(products) == len(found):
        answers.append(named_answer("multiplications", names, products))
    for saving, answer in saved(names, found) if len(traces) == 2 else ():
        steps.append(saving)
        answers.append(answer)
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


def side_by_side(traces: Sequence[Trace], found: Sequence[Sums]) -> Step:
    header = ("network", "layers", "conv", "fc", "total", "multiplications")
    table: list[tuple[Prose | Expr, ...]] = []
    for trace, counts in zip(traces, found, strict=True):
        weighted = [e for _, e in trace.leaves() if exact(e.multiplications) != 0]
        parameters = map(count_cell, (counts.of(CONV), counts.of(FC), counts.total))
        products = counts.multiplications
        cell: Prose | Expr = "" if products is None else count_cell(products)
        table.append((trace.network.name, shown(len(weighted)), *parameters, cell))
    why = "layers are those that multiply by weights; conv, fc and total are parameters"
    return step("set them side by side", Table(header, tuple(table)), why=why)


def saved(names: Sequence[str], found: Sequence[Sums]) -> Iterator[tuple[Step, Answer]]:
    """What the one with less saves, of parameters and of multiplications."""
    counts: dict[str, list[Expr | None]] = {
        "parameters": [counts.total for counts in found],
        "multiplications": [counts.multiplications for counts in found],
    }
    for what, both in counts.items():
        a, b = (None if one is None else exact(one) for one in both)
        if a is None or b is None or a == b:
            continue
        more, less = max(a, b), min(a, b)
        fewer, other = (names[1], names[0]) if a > b else (names[0], names[1])
        yield (
            step(
                f"take the difference of the {what}",
                "more - less = difference",
                "(more - less)/more = share",
                why=f"{fewer} has fewer {what} than {other}; the second line is the share that it "
                "saves",
                more=grouped(more), less=grouped(less), difference=grouped(more - less),
                share=Decimal((more - less) / more),
            ),
            count_answer(f"saved_{what}", more - less),
        )  # fmt: skip


def named_answer(name: str, names: Sequence[str], counts: Sequence[Expr]) -> Answer:
    values = list(map(count_value, counts))
    maths = tuple(value if isinstance(value, Expr) else shown(value) for value in values)
    by_name: dict[str, Result] = dict(zip(names, values, strict=True))
    return Answer(name, by_name, Listing(maths), is_count=True)
