"""The picture of densities over one feature: each times its prior, the thresholds marked."""

from __future__ import annotations

import math

from mlcalc.classification.density_crossings import Weighed
from mlcalc.drawing import Lazy
from mlcalc.maths.functions import Scalar, to_float
from mlcalc.maths.tree import Decimal, equals
from mlcalc.plots import Mark, Plot, sampled

SEEN = 0.01
"""A tail below this part of the highest value is not shown."""

MARGIN = 0.1
STEPS = 60


class Weighted(Lazy):
    """Prior times density of each class."""

    model: Weighed
    thresholds: tuple[Scalar, ...]

    def plot(self) -> Plot:
        model = self.model
        low, high = self.shown_range()
        ends = [to_float(end) for end in model.ends() if math.isfinite(end)]
        beside = [end + side * (high - low) * 1e-9 for end in ends for side in (-1, 1)]
        curves = tuple(
            sampled(
                f"class {label}",
                lambda t, n=n: to_float(model.values(t)[n]),  # type: ignore[misc]  # bound here
                low,
                high,
                beside,
            )
            for n, label in enumerate(model.classes)
        )
        marks = tuple(Mark(equals(model.x, Decimal(t)), to_float(t)) for t in self.thresholds)
        return Plot(curves, marks=marks, x_range=(low, high), x_label=model.x)

    def shown_range(self) -> tuple[float, float]:
        """All finite ends, and the tails as far as they are seen."""
        ends = [to_float(end) for end in self.model.ends()]
        inner = [end for end in (*ends, *map(to_float, self.thresholds)) if math.isfinite(end)]
        centre = sum(inner) / len(inner) if inner else 0.0
        places = [centre + side * 2 ** (n / 4 - 10) for n in range(STEPS + 20) for side in (-1, 1)]
        heights = {x: max(map(to_float, self.model.values(x))) for x in places}
        top = max((h for h in heights.values() if math.isfinite(h)), default=1.0)
        seen = [x for x, h in heights.items() if h >= SEEN * top]
        spread = [*inner, *(x for x in seen)] or [-1.0, 1.0]
        low, high = min(spread), max(spread)
        margin = MARGIN * ((high - low) or 1.0)
        return low - margin, high + margin
