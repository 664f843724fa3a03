"""What other processes that work for this one need: a fresh Python is sent its work pickled."""

from __future__ import annotations

import copyreg
from types import MappingProxyType
from typing import Any


def boot(module: str) -> str:
    """The program of a worker, which sees the modules that its parent sees, and then serves."""
    return (
        "import pickle, sys\n"
        "sys.path[:] = pickle.load(sys.stdin.buffer)\n"
        f"from {module} import serve\n"
        "serve()\n"
    )


def proxy(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


# Records hold read-only mappings, which pickle does not know.
copyreg.pickle(MappingProxyType, lambda mapping: (proxy, (dict(mapping),)))
