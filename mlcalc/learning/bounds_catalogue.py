"""All bounds by name, and the theorem of each of the four cases."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mlcalc.learning.bounds import Bound
from mlcalc.learning.bounds_finite import (
    CHEBYSHEV,
    FINITE_AGNOSTIC,
    FINITE_REALIZABLE,
    HOEFFDING,
    OCCAM,
    TEST_SET,
)
from mlcalc.learning.bounds_infinite import (
    BLUMER,
    CHAINING,
    DEVROYE,
    PARRONDO,
    RADEMACHER,
    VAPNIK,
)

BOUNDS: tuple[Bound, ...] = (
    FINITE_REALIZABLE, FINITE_AGNOSTIC, HOEFFDING, CHEBYSHEV, OCCAM, TEST_SET,
    BLUMER, CHAINING, VAPNIK, RADEMACHER, PARRONDO, DEVROYE,
)  # fmt: skip

FINITE: Mapping[str | None, Bound] = {
    "realizable": FINITE_REALIZABLE, "agnostic": FINITE_AGNOSTIC, None: FINITE_AGNOSTIC,
}  # fmt: skip
"""Where no setting is known, what holds in both."""

MEANINGS: Mapping[str, str] = MappingProxyType(
    {bound.name: bound.title for bound in BOUNDS} | {"all": "all that apply, compared"}
)


def bound_named(name: str, setting: str | None) -> Bound:
    """The bound of that name; `finite` is one of two, by the setting."""
    if name == "finite":
        return FINITE[setting]
    return next(bound for bound in BOUNDS if bound.name == name)


def default_bound(capacity: str, setting: str) -> Bound:
    """The theorem of the case: 1 to 4."""
    if capacity == "hypotheses":
        return bound_named("finite", setting)
    return {"realizable": BLUMER, "agnostic": CHAINING}[setting]
