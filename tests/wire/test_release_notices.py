"""A release is out: its owners hear of it once, through the real tick and sender, and what is taken back in time never."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from supporttui.desk import book, change, close, known_errors, look, relate, releasing, undo
from supporttui.store import book as rows
from supporttui.store import notices
from supporttui.store.book_criteria import equal
from tests.wire.sinks import MailSink, mail_sink, web_sink
from tests.wire.test_watch_harness import POLICY, Harness

OWNER = "page ana"


@pytest.fixture(scope="module")
def mail() -> Iterator[MailSink]:
    with mail_sink() as sink:
        yield sink


@pytest.fixture
def at(tmp_path: Path, mail: MailSink) -> Iterator[Harness]:
    folder = tmp_path / "desk"
    folder.mkdir(mode=0o700)
    with web_sink(folder) as web:
        harness = Harness(folder, mail, web, POLICY)
        book.add(harness.desk, "product", {"name": "NETEX"})
        book.add(harness.desk, "release", {"product": "NETEX", "name": "7.3"})
        yield harness
        try:
            assert harness.arrived() == [], "a notice that nobody expected"
        finally:
            harness.close()


def ticket(at: Harness, owner: str = "ana") -> int:
    number = at.new(severity=4, product="NETEX")
    if owner:
        change.set_owner(at.desk, number, owner)
    return number


def known(at: Harness, *tickets: int, title: str = "NETEX abends at start") -> int:
    one = known_errors.add(at.desk, {"product": "NETEX", "title": title, "fixed_in": "7.3"})
    for number in tickets:
        known_errors.link(at.desk, number, one.id)
    return one.id


def release(at: Harness, day: str) -> None:
    found = rows.select(at.store, "release", equal(name="7.3"))[0]
    book.change(at.desk, "release", found.id, {"released_on": day})


def state(at: Harness, number: int) -> str:
    return str(known_errors.find(at.desk, number).state)


def told(at: Harness, number: int) -> list[str]:
    """What the journal of a ticket says of releases and stands, the oldest first."""
    view = look.ticket(at.desk, number)
    kept = [one for one in view.journal if one.kind == "released" and one.id not in view.undone]
    return [one.data["label"] for one in reversed(kept)]


def test_the_owners_of_open_tickets_are_told_once(at: Harness) -> None:
    first, second, ended = ticket(at), ticket(at), ticket(at)
    close.resolve(at.desk, ended)
    one = known(at, first, second, ended)
    at.passes(seconds=1)
    at.expects()
    release(at, "today")
    assert releasing.news(at.desk) == [
        f"NETEX 7.3 is out: corrects K{one}; told about open tickets {first}, {second}: ana"
    ]
    at.passes(seconds=1)
    at.expects((OWNER, first), (OWNER, second))
    assert state(at, one) == "fixed"
    assert told(at, first) == [f"NETEX 7.3 is out: corrects K{one}"]
    assert told(at, ended) == []
    at.passes(days=1)
    release(at, "yesterday")
    at.passes(days=1)


def test_nobody_owns_it_so_the_desk_is_told(at: Harness) -> None:
    number = ticket(at, owner="")
    known(at, number)
    release(at, "today")
    at.passes(seconds=1)
    assert [(one.address, one.label) for one in notices.of_ticket(at.store, number)] == [
        ("desk", "NETEX 7.3 is out: corrects K1")
    ]


def test_a_merged_ticket_is_told_of_on_the_one_that_goes_on(at: Harness) -> None:
    first, second = ticket(at), ticket(at)
    known(at, first)
    relate.merge(at.desk, first, second)
    release(at, "today")
    at.passes(seconds=1)
    at.expects((OWNER, second))


def test_what_is_undone_before_it_went_out_is_never_told(at: Harness) -> None:
    number = ticket(at)
    one = known(at, number)
    release(at, "today")
    releasing.news(at.desk)
    said = undo.undo(at.desk).description
    assert said.endswith(f"; K{one} is not corrected after all: 1 notice was withdrawn in time")
    assert state(at, one) == "planned"
    assert told(at, number) == []
    at.passes(seconds=1)
    at.expects()
    undo.redo(at.desk)
    assert state(at, one) == "fixed"
    assert told(at, number)
    at.passes(seconds=1)
    at.expects((OWNER, number))


def test_what_has_gone_out_is_said_and_not_told_again(at: Harness) -> None:
    number = ticket(at)
    one = known(at, number)
    release(at, "today")
    at.passes(seconds=1)
    at.expects((OWNER, number))
    releasing.news(at.desk)
    said = undo.undo(at.desk).description
    assert said.endswith(
        f"; K{one} is not corrected after all, but ana had been told already (ticket {number})"
    )
    undo.redo(at.desk)
    at.passes(seconds=1)
    at.expects()


def test_a_day_that_is_taken_back_by_hand_plans_it_again(at: Harness) -> None:
    number = ticket(at)
    one = known(at, number)
    release(at, "today")
    release(at, "")
    assert state(at, one) == "planned"
    assert told(at, number)[-1] == f"K{one} is not corrected after all"
    at.passes(seconds=1)
    at.expects()


def test_a_day_ahead_is_told_when_it_comes(at: Harness) -> None:
    number = ticket(at)
    one = known(at, number)
    release(at, (at.clock.now() + timedelta(days=2)).date().isoformat())
    at.passes(days=1)
    at.expects()
    assert state(at, one) == "planned"
    at.passes(days=1)
    at.expects((OWNER, number))
    assert state(at, one) == "fixed"


def test_two_errors_of_one_ticket_come_in_one_message(at: Harness) -> None:
    number = ticket(at)
    first, second = known(at, number), known(at, number, title="Wrong byte count")
    release(at, "today")
    at.passes(seconds=1)
    at.expects((OWNER, number))
    assert len(notices.of_ticket(at.store, number)) == 2
    assert {state(at, first), state(at, second)} == {"fixed"}
