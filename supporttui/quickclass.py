"""`dataclass` for a program that has to start quickly: the same classes, made in a fraction of the time.

The standard decorator writes and compiles six functions for every class; for
the hundred records of this program that is a sixth of the console's start.
Here fields, slots and order of arguments still come from the standard
decorator, but `__init__` is compiled when the first record of a class is made,
and the other functions are shared.

Invariant: a class made here behaves as one made by the standard decorator with
the same options: `fields`, `replace`, `asdict`, matching, equality, hash, copies,
pickling, frozen records.  What it can't do (InitVar, order) it refuses.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

_MISSING = dataclasses.MISSING
_set = object.__setattr__


def _dataclass(cls: type | None = None, /, **options: bool) -> Any:
    """As `dataclasses.dataclass`, with the options frozen, slots, kw_only and eq."""
    return (lambda kind: _make(kind, **options)) if cls is None else _make(cls, **options)


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass


def _make(
    cls: type, *, frozen: bool = False, slots: bool = False, kw_only: bool = False, eq: bool = True
) -> type:
    own = set(cls.__dict__)
    cls.__doc__ = cls.__doc__ or f"{cls.__name__}()"  # else the standard decorator works out a signature
    decorate: Callable[..., Any] = dataclasses.dataclass
    made: Any = decorate(cls, init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)
    names = tuple(field.name for field in dataclasses.fields(made))
    shared: dict[str, Any] = {"__init__": _init_when_needed(made, frozen), "__repr__": _repr}
    if eq:
        shared |= _comparing(made, names, frozen and "__hash__" not in own)
    if frozen:
        shared |= {"__setattr__": _no_change, "__delattr__": _no_removal}
        if slots:
            shared |= {"__getstate__": _state, "__setstate__": _take_state}
    for name, function in shared.items():
        if name not in own or (name == "__hash__" and cls.__dict__["__hash__"] is None):
            setattr(made, name, function)
    return made  # type: ignore[no-any-return]


def _comparing(made: type, names: Sequence[str], hashable: bool) -> dict[str, Any]:
    """Equality and hash over all fields, as a tuple of them would have."""
    values: Callable[[Any], Any] = attrgetter(*names) if names else lambda _record: ()

    def __eq__(self: Any, other: object) -> Any:
        if other.__class__ is self.__class__:
            return self is other or values(self) == values(other)
        return NotImplemented

    def __hash__(self: Any) -> int:
        return hash(values(self))

    return {"__eq__": __eq__, "__hash__": __hash__ if hashable else None}


def _repr(self: Any) -> str:
    shown = (
        f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr
    )
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _no_change(self: Any, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _no_removal(self: Any, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _take_state(self: Any, state: Sequence[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        _set(self, field.name, value)


def _init_when_needed(made: Any, frozen: bool) -> Callable[..., None]:
    """An `__init__` that puts the real one in its place when it is first called."""

    def __init__(self: Any, *args: Any, **values: Any) -> None:
        made.__init__ = _compiled_init(made, frozen)
        made.__init__(self, *args, **values)

    return __init__


def _compiled_init(made: Any, frozen: bool) -> Callable[..., None]:
    known: dict[str, Any] = {"_set": _set, "_MISSING": _MISSING}
    plain: list[str] = []
    by_name: list[str] = []
    body: list[str] = []
    for field in dataclasses.fields(made):
        name, value = field.name, field.name
        words = name
        if field.default_factory is not _MISSING:
            known[f"_made_{name}"] = field.default_factory
            words = f"{name}=_MISSING"
            value = f"_made_{name}() if {name} is _MISSING else {name}"
        elif field.default is not _MISSING:
            known[f"_default_{name}"] = field.default
            words = f"{name}=_default_{name}"
        if field.init:
            (by_name if field.kw_only else plain).append(words)
        elif words == name:
            continue
        else:
            value = words.partition("=")[2] if "_default_" in words else f"_made_{name}()"
        body.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(made, "__post_init__"):
        body.append("self.__post_init__()")
    arguments = ", ".join(["self", *plain, *(["*"] if by_name else []), *by_name])
    exec(f"def __init__({arguments}):\n " + "\n ".join(body or ["pass"]), known)
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return init
