"""A ticket's facts corrected in one go, and as a small file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.desk import change, look, undo
from supporttui.desk.edit import EDITABLE, as_file, differences, edit, from_file, values_of
from supporttui.desk.report import NewTicket, report
from supporttui.errors import Conflict, UsageError


@pytest.fixture
def number(desk) -> int:
    new = NewTicket(
        subject="tunnel drops", customer="Acme Corp", product="HyperIP", release="7.1", tags=("urgent",)
    )
    return report(desk, new).number


def values(desk, number: int) -> dict[str, str]:
    return values_of(look.ticket(desk, number).ticket)


def test_everything_is_written_and_one_undo_takes_all_of_it_back(desk, number):
    before = values(desk, number)
    wanted = {**before, "subject": "tunnel drops at night", "product": "NETEX", "tags": "night urgent"}
    seen = look.ticket(desk, number).ticket.version
    edit(desk, number, wanted, seen=seen)
    assert values(desk, number) == wanted
    undo.undo(desk)
    assert values(desk, number) == before


def test_only_what_differs_is_written(desk, number):
    before = look.ticket(desk, number).ticket
    edit(desk, number, {**values_of(before), "release": " 7.1 ", "tags": " urgent"})
    assert look.ticket(desk, number).ticket.version == before.version


def test_a_field_that_is_wrong_leaves_all_of_it_unwritten(desk, number):
    before = values(desk, number)
    with pytest.raises(UsageError, match=r"environment|tag"):
        edit(desk, number, {"subject": "else", "tags": "a,b"})
    assert values(desk, number) == before
    with pytest.raises(UsageError, match="did you mean 'product'"):
        edit(desk, number, {"prodct": "x"})
    with pytest.raises(UsageError, match="subject"):
        edit(desk, number, {"subject": " ", "product": "NETEX"})
    assert values(desk, number) == before


def test_a_stale_screen_is_a_conflict(desk, number):
    seen = look.ticket(desk, number).ticket.version
    change.set_fields(desk, number, {"product": "BFX"})
    with pytest.raises(Conflict, match="product to BFX"):
        edit(desk, number, {"release": "8"}, seen=seen)
    assert values(desk, number)["release"] == "7.1"


def test_differences_ignore_blanks_and_the_order_of_tags():
    old = {"subject": "a b", "tags": "x y", "site": ""}
    assert differences(old, {"subject": " a  b", "tags": "Y x", "site": " "}) == ()
    assert differences(old, {"site": "0417", "subject": "c"}) == (
        ("subject", "a b", "c"),
        ("site", "", "0417"),
    )


def test_the_file_says_what_is_wrong_with_it_and_where():
    assert from_file("# x\n\nOs Release: 3.1\nos: z/OS: the new one\nsite:") == {
        "os_release": "3.1",
        "os": "z/OS: the new one",
        "site": "",
    }
    for text, said in (
        ("product: a\nprodct: b", "line 2: no field 'prodct'; did you mean 'product'"),
        ("hello", "line 1: write it as field: value"),
        ("os: a\nos: b", "line 2: os is there twice"),
    ):
        with pytest.raises(UsageError, match=said):
            from_file(text)


line = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\n"), max_size=20)


@settings(max_examples=80, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(EDITABLE, line)))
def test_a_file_that_is_not_changed_changes_nothing(fields: dict[str, str]):
    assert differences(fields, from_file(as_file(7, fields))) == ()
