"""Immutable records, as frozen dataclasses are, but made in a hundredth of the time.

`dataclass` writes and compiles source text for each class: with seventy classes that alone is
20 ms, a quarter of what a one-off question may take.  The annotated names of a subclass are its
fields, in order, after those of its base; type checkers treat it as a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from types import CodeType, FunctionType
from typing import Any, ClassVar, Generic, Self, TypeVar, dataclass_transform, overload


@dataclass_transform(frozen_default=True)
class Record:
    """A value with named fields, equal to another of its class whose fields are equal."""

    # Beside the fields, which stand in __dict__: trees are looked up by their hash very often.
    __slots__ = ("__dict__", "__weakref__", "_hash", "_kept")

    __match_args__: tuple[str, ...] = ()
    _defaults: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        own = [
            name
            # `inspect.get_annotations` does the same for what is not a class, and costs an import.
            for name, annotation in cls.__dict__.get("__annotations__", {}).items()  # noqa: RUF063
            if not str(annotation).startswith("ClassVar")
        ]
        cls.__match_args__ = (*cls.__match_args__, *own)  # type: ignore[misc]
        cls._defaults = cls._defaults | {n: cls.__dict__[n] for n in own if n in cls.__dict__}
        if own and "__init__" not in cls.__dict__:
            cls.__init__ = Record.__init__  # type: ignore[method-assign]

    def __init__(self, *values: Any, **named: Any) -> None:
        cls = type(self)
        own = constructor(cls.__match_args__, cls._defaults)
        if cls.__init__ is Record.__init__:
            cls.__init__ = own  # type: ignore[method-assign]  # from the second record on
        own(self, *values, **named)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        return self is other or (type(self) is type(other) and self.__dict__ == other.__dict__)

    def __hash__(self) -> int:
        try:
            known: int = self._hash  # type: ignore[attr-defined]  # a slot
        except AttributeError:
            known = hash((type(self).__name__, *self.__dict__.values()))
            object.__setattr__(self, "_hash", known)
        return known

    def __getstate__(self) -> dict[str, Any]:
        # Another process has other hashes for texts.
        return self.__dict__

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({inside})"

    def __replace__(self, **changes: Any) -> Self:
        return type(self)(**{**self.__dict__, **changes})


def constructor(names: Sequence[str], defaults: Mapping[str, Any]) -> Callable[..., None]:
    """An `__init__` with these parameters, made of that of another record with as many fields."""
    own = dict(zip(map("field_{}".format, range(len(names))), names, strict=True))
    code = template(len(names))
    code = code.replace(
        co_varnames=tuple(own.get(name, name) for name in code.co_varnames),
        co_consts=tuple(own.get(each, each) for each in code.co_consts),
    )
    optional = tuple(defaults[name] for name in names if name in defaults)
    return FunctionType(code, {}, "__init__", optional)


@cache
def template(count: int) -> CodeType:
    """The code of an `__init__` that sets so many fields: field_0, field_1 and so on."""
    fields = [f"field_{number}" for number in range(count)]
    lines = [
        f"def __init__({', '.join(['self', *fields])}):",
        " state = self.__dict__",
        *(f" state['{field}'] = {field}" for field in fields),
    ]
    made: dict[str, Any] = {}
    exec("\n".join(lines), made)  # the text above, and nothing else
    code: CodeType = made["__init__"].__code__
    return code


R = TypeVar("R", bound=Record)


def replace(record: R, **changes: Any) -> R:
    """The record with some fields changed."""
    return record.__replace__(**changes)


T = TypeVar("T")


class kept(Generic[T]):  # noqa: N801  # as `property` is
    """A property that is found once.  A record is told by its fields, so it stands beside them."""

    def __init__(self, find: Callable[[Any], T]) -> None:
        self.find = find

    def __get__(self, record: Any, owner: type) -> T:
        try:
            known: dict[object, Any] = record._kept
        except AttributeError:
            known = {}
            object.__setattr__(record, "_kept", known)
        if self not in known:
            known[self] = self.find(record)
        found: T = known[self]
        return found


class Later(Sequence[T], Generic[T]):
    """What is made where it is read: of the lines of a training few are ever shown."""

    def __init__(self, make: Callable[[], Iterable[T]]) -> None:
        self.make = make

    @cached_property
    def made(self) -> tuple[T, ...]:
        return tuple(self.make())

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return self.made[index]

    def __len__(self) -> int:
        return len(self.made)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self.made == tuple(other)

    def __hash__(self) -> int:
        return hash(self.made)

    def __reduce__(self) -> tuple[Any, ...]:
        # Another process cannot be sent what makes them.
        return tuple, (self.made,)
