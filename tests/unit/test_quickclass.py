"""Classes of the quick decorator behave as those of the standard one."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import asdict, field, fields, replace
from typing import Any

import pytest

from supporttui.quickclass import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """Two numbers."""

    x: int
    y: int = 2
    tags: list[str] = field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True)
class Standard:
    """The same by the standard decorator."""

    x: int
    y: int = 2
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    first: int = 1
    second: str


@dataclass(slots=True)
class Counter:
    count: int = 0
    double: int = field(init=False)

    def __post_init__(self) -> None:
        self.double = 2 * self.count


@dataclass(frozen=True, slots=True)
class Empty:
    pass


@dataclass(frozen=True, slots=True)
class Far(Point):
    z: int = 0


@dataclass(frozen=True)
class Own:
    word: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Own) and self.word.lower() == other.word.lower()

    def __hash__(self) -> int:
        return hash(self.word.lower())


@pytest.mark.parametrize("arguments", [(1,), (1, 3), (1, 3, ["a"])])
def test_made_as_by_the_standard_decorator(arguments: tuple[Any, ...]) -> None:
    ours, theirs = Point(*arguments), Standard(*arguments)
    assert asdict(ours) == asdict(theirs)
    assert repr(ours) == repr(theirs).replace("Standard", "Point")
    assert [one.name for one in fields(ours)] == [one.name for one in fields(theirs)]
    assert Point.__match_args__ == Standard.__match_args__
    assert Point.__slots__ == Standard.__slots__  # type: ignore[attr-defined]


def test_defaults_are_not_shared() -> None:
    assert Point(1).tags is not Point(1).tags


@pytest.mark.parametrize("wrong", [(), (1, 2, [], 4)])
def test_wrong_arguments_are_refused(wrong: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError):
        Point(*wrong)
    with pytest.raises(TypeError):
        Point(1, other=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Named(1, "a")  # type: ignore[misc]


def test_frozen() -> None:
    point: Any = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del point.x
    with pytest.raises((AttributeError, TypeError)):
        object.__setattr__(point, "other", 1)


def test_equal_by_value_and_class() -> None:
    assert Point(1, tags=[]) == Point(1)
    assert Point(1) != Point(2)
    assert Point(1) != Standard(1)
    assert Far(1) != Point(1)
    assert Named(second="a") == Named(first=1, second="a")
    assert hash(Named(second="a")) == hash(Named(second="a"))
    assert Empty() == Empty()
    assert len({Empty(), Empty()}) == 1


def test_what_can_change_has_no_hash() -> None:
    counter = Counter(3)
    assert counter.double == 6
    counter.count = 4
    with pytest.raises(TypeError):
        hash(counter)


def test_replaced_copied_pickled() -> None:
    point = Point(1, 5, ["a"])
    assert replace(point, y=6) == Point(1, 6, ["a"])
    for again in (copy.copy(point), copy.deepcopy(point), pickle.loads(pickle.dumps(point))):
        assert again == point
        assert type(again) is Point


def test_a_subclass_has_the_fields_of_both() -> None:
    assert Far(1, 2, [], 3) == Far(x=1, z=3)
    assert [one.name for one in fields(Far)] == ["x", "y", "tags", "z"]


def test_methods_of_its_own_stay() -> None:
    assert Own("A") == Own("a")
    assert len({Own("A"), Own("a")}) == 1


def test_matching() -> None:
    match Point(1, 7):
        case Point(x, y):
            assert (x, y) == (1, 7)


def test_order_and_init_only_are_refused() -> None:
    with pytest.raises(TypeError):
        dataclass(order=True)(type("Ordered", (), {}))
