"""The answers about one network, and what is said of how it was counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mlcalc.maths.board import Note
from mlcalc.maths.evaluate import exact
from mlcalc.maths.printing import one_line
from mlcalc.maths.records import replace
from mlcalc.maths.tree import Listing, Mul, Words, joined, shown
from mlcalc.networks.architectures.layers import CONV, FC, KINDS
from mlcalc.networks.architectures.rows import Sums
from mlcalc.networks.architectures.tracing import Trace
from mlcalc.networks.convolution.sizes import count_value, entry_count, shape_value, sizes_of
from mlcalc.showing.derivation import Answer, Result, count_answer, number_answer


def answers(trace: Trace, counts: Sums) -> tuple[list[Answer], list[Answer]]:
    """The total, those of convolutions and fully connected layers, and their shares of it.

    Beside them those of a sort that the network does not have, which are 0.
    """
    found, absent = [count_answer("total", count_value(counts.total))], list[Answer]()
    sorts = {entry.layer.sort for _, entry in trace.leaves() if entry.layer is not None}
    whole = exact(counts.total)
    by_sort = {"conv": CONV, "fc": FC}
    for name, sort in by_sort.items():
        (found if sort in sorts else absent).append(
            count_answer(name, count_value(counts.of(sort)))
        )
    for name, sort in by_sort.items():
        value = exact(counts.of(sort))
        if whole and value is not None:
            share = number_answer(f"{name}_share", value / whole)
            (found if sort in sorts else absent).append(share)
    if counts.multiplications is None:
        return found, absent
    found.append(count_answer("multiplications", count_value(counts.multiplications)))
    field = trace.receptive_field
    if field is not None:
        is_one = len(set(field)) == 1
        value_of: Result = field[0] if is_one else field
        maths = shown(field[0]) if is_one else Listing(tuple(map(shown, field)))
        found.append(Answer("receptive_field", value_of, maths, is_count=True))
    return found, absent


def layers_answer(trace: Trace) -> Answer:
    """Every layer with its counts, for programs and for checking; the steps show them."""
    listed: tuple[Mapping[str, Result], ...] = tuple(
        {"name": name, "parameters": count_value(entry.parameters)}
        if trace.network.is_listed
        else {
            "name": name,
            "shape": shape_value(entry.after),
            "parameters": count_value(entry.parameters),
            "multiplications": count_value(entry.multiplications),
            "activations": count_value(entry_count(entry.after)),
        }
        for name, entry in trace.leaves()
    )
    return Answer("layers", listed, Words(f"{len(listed)} layers"), is_count=True)


def notes(traces: Sequence[Trace]) -> tuple[Note, ...]:
    """What was counted and what was not, once for each convention that mattered."""
    return tuple(dict.fromkeys(note for trace in traces for note in notes_on(trace)))


def notes_on(trace: Trace) -> Iterator[Note]:
    leaves = [entry for _, entry in trace.leaves()]
    settings, about = trace.settings, trace.network.about
    yield from trace.network.notes
    if "source" in about:
        yield Note(f"params.source.{trace.network.name}", about["source"])
    if "convention" in about:
        yield Note(f"params.convention.{trace.network.name}", about["convention"])
    if not settings.bias:
        yield Note("params.bias_not_counted", "biases are not counted, whatever the layers have")
    elif "source" not in about:
        is_without = any("nobias" in entry.text for entry in leaves)
        text = "biases are counted" + (", except where a layer says nobias" if is_without else "")
        yield Note("params.bias_counted", text)
    if trace.network.is_listed:
        text = "a module that is printed or defined by its parts does not say how they are joined: "
        text += "their parameters are counted, one use of each; parameters outside of layers do "
        yield Note("params.listed", f"{text}not stand there")
        return
    yield Note(
        "params.multiplications",
        "multiplications are those by weights, for one example; pooling, norms, activations and "
        "the additions are not counted",
    )
    for kind in KINDS.values():
        if kind.note[0] and any(entry.layer is kind for entry in leaves):
            own = {e.convention: None for e in leaves if e.layer is kind}
            texts = {replace(settings, convention=one).of(kind.note[1]): None for one in own}
            yield from (Note(kind.note[0], text) for text in texts)
    if any("same" in entry.text.split() for entry in leaves):
        text = "same pads as TensorFlow does: the output has ⌈W/S⌉ entries, and where the padding "
        yield Note("params.same_padding", text + "is odd, the end has one more than the beginning")
    connected = [entry.before for entry in leaves if entry.kind == "fc"]
    maps = [one for one in connected if one.channels is not None or len(one.sizes) > 2]
    if maps:
        products = [joined(Mul, sizes_of(one)) for one in maps]
        text = "a fully connected layer behind maps reads all of their numbers: they are flattened"
        for product, shape in zip(products, maps, strict=True):
            text += f", {one_line(product)} = {one_line(entry_count(shape))}"
        yield Note("params.flattened", text)
    if any(shape.channels is None and len(shape.sizes) == 2 for shape in connected):
        text = "over a sequence, fc is applied to each step with the same weights; write flatten "
        yield Note("params.fc_each_step", text + "before it to connect all steps at once")
