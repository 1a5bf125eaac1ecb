"""Small immutable records that are cheap to define.

`list` must answer within little more than the time that importing Peewee takes, and every
`dataclass` on its way costs half a millisecond or more before any work is done.  These two
read like dataclasses to people and to type checkers: `NamedTuple` for rows that are made by
the hundred, `frozen` for nodes whose type is part of what they mean.
"""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar, dataclass_transform
    from typing import NamedTuple as NamedTuple

    _Class = TypeVar("_Class", bound=type)

    @dataclass_transform(frozen_default=True)
    def frozen(cls: _Class) -> _Class: ...

else:

    class _RecordType(type):
        """Makes a named tuple of a class body that only annotates fields."""

        def __new__(mcls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(mcls, name, bases, body)
            made = namedtuple(name, tuple(body["__annotations__"]), module=body["__module__"])
            made.__doc__ = body.get("__doc__")
            return made

    class NamedTuple(metaclass=_RecordType):
        """What typing.NamedTuple is for fields without defaults."""

    def frozen(cls: type) -> type:
        """Give a class that annotates fields slots, an __init__, equality, a hash and a repr."""
        names = tuple(cls.__annotations__)
        defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
        body = {key: value for key, value in cls.__dict__.items() if key not in (*defaults, *_OWN)}
        body = {**_METHODS, **body}  # what the class defines itself stays
        body |= {"__slots__": names, "__match_args__": names, "_defaults": defaults}
        return type(cls.__name__, (), body)

    _OWN = ("__dict__", "__weakref__")

    def _init(self: Any, *values: Any, **named: Any) -> None:
        given = dict(zip(self.__slots__, values, strict=False))
        given.update(named)
        if len(values) > len(self.__slots__) or len(given) < len(values) + len(named):
            raise TypeError(f"{type(self).__name__}: too many values, or one given twice")
        for name in self.__slots__:
            if name not in given and name not in self._defaults:
                raise TypeError(f"{type(self).__name__}: {name} is missing")
            object.__setattr__(self, name, given.pop(name) if name in given else self._defaults[name])
        if given:
            raise TypeError(f"{type(self).__name__}: no field {', '.join(given)}")

    def _values(self: Any) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def _equal(self: Any, other: object) -> bool:
        return type(self) is type(other) and _values(self) == _values(other)

    def _repr(self: Any) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({fields})"

    def _refuse(self: Any, *_change: object) -> None:
        raise AttributeError(f"a {type(self).__name__} can't be changed")

    _METHODS = {
        "__init__": _init,
        "__eq__": _equal,
        "__hash__": lambda self: hash((type(self).__name__, _values(self))),
        "__repr__": _repr,
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__reduce__": lambda self: (type(self), _values(self)),
    }
