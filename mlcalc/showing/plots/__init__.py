"""Curves, points and regions over two axes, as characters and as SVG; the standard library only.

A kind makes a `Plot` of what it computed and hangs it on its derivation as a `Picture`.
"""

from __future__ import annotations

from mlcalc.showing.plots.model import Curve, Mark, Panels, Plot, Points, Region, region, sampled

__all__ = ["Curve", "Mark", "Panels", "Plot", "Points", "Region", "region", "sampled"]
