"""Records that are cheap to define behave as records do."""

import copy
import pickle

import pytest

from supporttui.store.criteria import AllOf, AnyOf, Compare, Flag, Not, Sort, Words
from supporttui.store.line import TicketLine


def test_nodes_are_values():
    assert Flag("open") == Flag(field="open") and hash(Flag("open")) == hash(Flag("open"))
    assert Flag("open") != Flag("paused") and AllOf() != AnyOf() and Flag("x") != "x"
    assert Words("a") == Words("a", False) != Words("a", phrase=True)
    assert repr(Compare("owner", "=", None)) == "Compare(field='owner', operator='=', value=None)"
    assert Sort() == Sort("due", descending=False)
    assert (
        copy.deepcopy(Not(Flag("open"))) == pickle.loads(pickle.dumps(Not(Flag("open")))) == Not(Flag("open"))
    )


@pytest.mark.parametrize("make", [lambda: Flag(), lambda: Flag("a", "b"), lambda: Flag("a", field="b"), lambda: Flag(name="a")])  # fmt: skip
def test_nodes_want_exactly_their_fields(make):
    with pytest.raises(TypeError, match="Flag"):
        make()


def test_nodes_can_not_be_changed():
    node = Sort()
    for change in (
        lambda: setattr(node, "key", "x"),
        lambda: delattr(node, "key"),
        lambda: setattr(node, "z", 1),
    ):
        with pytest.raises(AttributeError, match="can't be changed"):
            change()


def test_nodes_match():
    match Compare("owner", "=", "ana"):
        case Compare(field, "=", value):
            assert (field, value) == ("owner", "ana")
        case _:
            raise AssertionError


def test_a_line_is_made_by_name_and_can_not_be_changed():
    values = dict.fromkeys(TicketLine._fields)
    line = TicketLine(**{**values, "number": 7})
    assert line.number == 7 and TicketLine.__doc__
    with pytest.raises(AttributeError):
        line.number = 8
