"""What goes wrong with counting the parameters of a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import prod

from mlcalc.kinds.params import Problem, traces
from mlcalc.marking.misconceptions.case import Case, Misconception, Results, sizes_of
from mlcalc.maths.evaluate import exact
from mlcalc.showing.derivation import Result

TOTALS = "total conv fc conv_share fc_share"


class Row:
    """One layer of the answer `layers`."""

    def __init__(self, layer: Mapping[str, Result], before: Row | None) -> None:
        self.name = str(layer.get("name", ""))
        self.shape = sizes_of(layer.get("shape"))
        count = layer.get("parameters")
        self.parameters = count if isinstance(count, Fraction) else Fraction(0)
        activations = layer.get("activations")
        self.activations = activations if isinstance(activations, Fraction) else Fraction(0)
        self.before = before

    @property
    def is_convolution(self) -> bool:
        return self.name.startswith("conv") and len(self.shape) > 2 and self.parameters > 0


def rows(case: Case) -> list[Row]:
    """The layers in order; none where the network has letters or branches."""
    layers = case.value("layers")
    found: list[Row] = []
    for layer in layers if isinstance(layers, tuple) else ():
        if isinstance(layer, Mapping):
            found.append(Row(layer, found[-1] if found else None))
    return found


def has_bias(case: Case) -> bool:
    return question(case).bias


def question(case: Case) -> Problem:
    assert isinstance(case.given, Problem)
    return case.given


def bias_forgotten(case: Case) -> Results:
    return case.only(TOTALS, case.again(bias=False)) if has_bias(case) else {}


def bias_counted(case: Case) -> Results:
    return {} if has_bias(case) else case.only(TOTALS, case.again(bias=True))


def added(case: Case, extra: Fraction) -> Results:
    """So many parameters more in the convolutions, and in all."""
    found: dict[str, Result] = {}
    for name in ("conv", "total"):
        count = case.number(name)
        if count is not None:
            found[name] = count + extra
    return found if extra else {}


def bias_at_each_pixel(case: Case) -> Results:
    """A bias for each entry of a feature map, where a filter has one."""
    if not has_bias(case):
        return {}
    extra = sum(
        (row.shape[0] * (prod(row.shape[1:]) - 1) for row in rows(case) if row.is_convolution),
        Fraction(0),
    )
    return added(case, extra)


def channels_forgotten(case: Case) -> Sequence[Results]:
    """Filters of one layer, whatever the channels before them; also without their biases."""
    extra = Fraction(0)
    (first, *others) = traces(question(case))
    if others:
        return ()
    own = first.network.input.channels
    for row in rows(case):
        if not row.is_convolution:
            continue
        channels = row.before.shape[0] if row.before and len(row.before.shape) > 2 else None
        if row.before is None and own is not None:
            channels = exact(own)
        if channels is None:
            return ()
        biases = row.shape[0] if has_bias(case) else Fraction(0)
        extra += (row.parameters - biases) / channels + biases - row.parameters
    own_biases = sum((row.shape[0] for row in rows(case) if row.is_convolution), Fraction(0))
    weights = case.only("conv", added(case, extra - own_biases)) if has_bias(case) else {}
    return (added(case, extra), weights)


def convolutions_alone(case: Case) -> Results:
    """The parameters of the convolutions for all of them."""
    count = case.number("conv")
    return {"total": count} if count else {}


def fully_connected_alone(case: Case) -> Results:
    count = case.number("fc")
    return {"total": count} if count else {}


def shares_exchanged(case: Case) -> Results:
    conv, fc = case.number("conv_share"), case.number("fc_share")
    return {"conv_share": fc, "fc_share": conv} if conv and fc else {}


def share_of_the_other(case: Case) -> Results:
    """conv/fc, where the total belongs below."""
    conv, fc = case.number("conv"), case.number("fc")
    return {"conv_share": conv / fc, "fc_share": fc / conv} if conv and fc else {}


def activations_for_parameters(case: Case) -> Results:
    total = sum((row.activations for row in rows(case)), Fraction(0))
    return {"total": total} if total else {}


def weights_for_multiplications(case: Case) -> Results:
    """Each weight once, although a filter is used at every position."""
    found = case.again(bias=False).get("total")
    return {"multiplications": found} if found is not None else {}


MISCONCEPTIONS = (
    Misconception("params.bias_forgotten", "the biases have been left out", bias_forgotten),
    Misconception(
        "params.bias_counted", "this counts biases, which these layers do not have", bias_counted
    ),
    Misconception(
        "params.bias_per_pixel",
        "a filter has one bias, which all positions of its map share",
        bias_at_each_pixel,
    ),
    Misconception(
        "params.channels_forgotten",
        "a filter has weights for every channel of what it reads",
        channels_forgotten,
    ),
    Misconception(
        "params.convolutions_alone",
        "these are the parameters of the convolutions alone",
        convolutions_alone,
    ),
    Misconception(
        "params.fully_connected_alone",
        "these are the parameters of the fully connected layers alone",
        fully_connected_alone,
    ),
    Misconception("params.shares_exchanged", "the two shares are exchanged", shares_exchanged),
    Misconception(
        "params.share_of_the_other",
        "a share is a part of all the parameters, not of the others",
        share_of_the_other,
    ),
    Misconception(
        "params.activations",
        "these are the activations, the entries of all outputs, and not the weights",
        activations_for_parameters,
    ),
    Misconception(
        "params.weights_once",
        "a weight of a filter is multiplied at every position",
        weights_for_multiplications,
    ),
)
