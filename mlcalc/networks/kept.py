"""What is found once of a record: the class names `_kept` among its slots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class kept(Generic[T]):  # noqa: N801  # as `property` is
    """A property that is found once; a record is told by its fields, so it stands beside them."""

    def __init__(self, find: Callable[[Any], T]) -> None:
        self.find = find

    def __get__(self, record: Any, owner: type) -> T:
        try:
            known: dict[kept[Any], Any] = record._kept
        except AttributeError:
            known = {}
            object.__setattr__(record, "_kept", known)
        if self not in known:
            known[self] = self.find(record)
        found: T = known[self]
        return found
