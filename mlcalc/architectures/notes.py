"""What was counted and what was not, said once for each convention that mattered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlcalc.architectures.tracing import Trace
from mlcalc.derivation import Note

RECURRENT = {
    "textbook": "one bias for each unit of each gate",
    "pytorch": "two biases for each unit of each gate, as torch.nn has them",
    "keras": "as Keras has it: two biases for each unit of each gate of a GRU, one elsewhere",
}


def notes(traces: Sequence[Trace]) -> tuple[Note, ...]:
    found = [note for trace in traces for note in notes_on(trace)]
    return tuple(dict.fromkeys(found))


def notes_on(trace: Trace) -> Iterator[Note]:
    leaves = [entry for _, entry in trace.leaves()]
    families = {entry.family for entry in leaves}
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
    yield Note(
        "params.multiplications",
        "multiplications are those by weights, for one example; pooling, norms, activations and "
        "the additions are not counted",
    )
    if "attention" in families:
        text = "attention: four matrices, and the products of its scores and weighted values"
        yield Note("params.attention", text)
    if "transposed-conv" in families:
        text = "a transposed convolution multiplies at each position of its input"
        yield Note("params.transposed", text)
    if "recurrent" in families:
        yield Note("params.recurrent", f"recurrent layers: {RECURRENT[settings.convention]}")
    if any(entry.kind == "batchnorm" for entry in leaves):
        text = "batch norm has a scale and a shift for each channel"
        if settings.convention == "keras":
            text += ", and its running mean and variance count too, as Keras counts"
        yield Note("params.batch_norm", text)
    if any("same" in entry.text.split() for entry in leaves):
        text = "same pads as TensorFlow does: the output has ⌈W/S⌉ entries, and where the padding "
        yield Note("params.same_padding", text + "is odd, the end has one more than the beginning")
    if any(e.family == "fc" and len(e.before.sizes) > 1 for e in leaves):
        text = "over a sequence, fc is applied to each step with the same weights; write flatten "
        yield Note("params.fc_each_step", text + "before it to connect all steps at once")
