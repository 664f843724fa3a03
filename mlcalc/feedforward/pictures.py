"""Pictures of a network that was run: its loss over the epochs."""

from __future__ import annotations

from mlcalc.derivation import Picture
from mlcalc.feedforward.totals import Total
from mlcalc.feedforward.training import Training


def pictures_of(total: Total, training: Training | None) -> tuple[Picture, ...]:
    """The loss over the epochs, where there are several."""
    if training is None or total.loss is None or len(training.epochs) < 2:
        return ()
    from mlcalc.plots import Curve, Plot

    losses = [total.loss, *(epoch.loss for epoch in training.epochs if epoch.loss is not None)]
    curve = Curve("L", tuple((float(number), float(loss)) for number, loss in enumerate(losses)))
    return (Picture(Plot((curve,), x_label="epoch", y_label="L"), "the loss over the epochs"),)
