"""The distributions, a file each, which holds all that is known of it in one record, `FAMILY`.

The name of the file is the distribution's: it is listed for the reader without being loaded, and
loaded when a problem has it.  A new distribution is one more file, with a density, its parameters
and a support; the rest of its record says more, and has no other place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from mlcalc.estimation.family import Family
from mlcalc.maths.functions import OBSERVED
from mlcalc.maths.records import replace


@cache
def family(name: str) -> Family:
    """The record of a distribution, with its name."""
    folder = __name__ if name in OBSERVED else f"{__name__}.of_parameters"
    found: Family = import_module(f"{folder}.{name}").FAMILY
    return replace(found, name=name, others=tuple(replace(o, name=name) for o in found.others))


class Families(Mapping[str, Family]):
    """The distributions that data may follow, each loaded when it is asked for."""

    def __getitem__(self, name: str) -> Family:
        if name not in OBSERVED:
            raise KeyError(name)
        return family(name)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(OBSERVED))

    def __len__(self) -> int:
        return len(OBSERVED)


FAMILIES = Families()


def versions(name: str) -> tuple[Family, ...]:
    """The families of a name: one, or several that are no parameterisations of each other."""
    return (FAMILIES[name], *FAMILIES[name].others) if name in FAMILIES else ()
