"""The handover: what a shift leaves to the next, and who has the watch."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from supporttui.clock import ManualClock
from supporttui.console.present.handover_markdown import inert, text
from supporttui.desk import attention, change, handover, kept, look, write
from supporttui.desk.handover import Handover, Section
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.errors import Refused, StoreError, UsageError
from supporttui.store import open_store, watches
from supporttui.watch.tick import tick

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path):
    tmp_path.chmod(0o700)
    store = open_store(tmp_path / "desk.sqlite3")
    yield Desk(store, "netex", ManualClock(START), "ana")
    store.close()


def later(desk: Desk, by: timedelta) -> None:
    desk.clock.advance(seconds=by.total_seconds())  # type: ignore[attr-defined]


def section(found: Handover, name: str) -> Section:
    return next(one for one in found.sections if one.id == name)


def numbers(found: Handover, name: str) -> list[int]:
    return [item.ticket for item in section(found, name).items]


def a_ticket(desk: Desk, subject: str = "down", severity: int = 1, **more: object) -> int:
    return report(desk, NewTicket(subject=subject, severity=severity, channel="phone", **more)).number  # type: ignore[arg-type]


def test_what_fires_and_to_whom(desk: Desk):
    severe, minor = a_ticket(desk), a_ticket(desk, severity=4)
    found = handover.report(desk)
    assert numbers(found, "coming") == [severe]
    (item,) = section(found, "coming").items
    assert (item.what, item.at) == ("Director of Customer Services", START + 8 * HOUR)
    assert numbers(handover.report(desk, ahead=24 * HOUR), "coming") == [severe, severe]
    assert minor not in numbers(handover.report(desk, ahead=24 * HOUR), "coming")


def test_what_fired_stays_until_somebody_acknowledges(desk: Desk):
    number = a_ticket(desk)
    later(desk, 8 * HOUR)
    tick(desk)
    assert numbers(handover.report(desk), "unanswered") == [number]
    attention.acknowledge(desk, number, desk.now() + HOUR)
    found = handover.report(desk)
    assert numbers(found, "unanswered") == []
    assert numbers(found, "promises") == [number]


def test_changes_come_to_one_line_a_ticket(desk: Desk):
    number = a_ticket(desk, severity=3)
    later(desk, 13 * HOUR)
    change.set_severity(desk, number, 2)
    change.set_owner(desk, number, "raj")
    change.set_owner(desk, number, "mei")
    write.reply(desk, number, "We look at it.")
    found = handover.report(desk)
    (item,) = section(found, "changed").items
    assert "severity 3 → 2" in item.what and "owner none → mei" in item.what and "1 reply" in item.what
    assert item.what.endswith("by ana") and not item.what.startswith("new")
    later(desk, 13 * HOUR)
    assert numbers(handover.report(desk), "changed") == []


def test_what_was_taken_back_is_no_change(desk: Desk):
    from supporttui.desk import undo

    number = a_ticket(desk, severity=3)
    later(desk, 13 * HOUR)
    change.set_severity(desk, number, 2)
    undo.undo(desk)
    assert numbers(handover.report(desk), "changed") == []


def test_notes_for_the_next_shift_by_word_and_by_tag(desk: Desk):
    one, other, third = a_ticket(desk), a_ticket(desk), a_ticket(desk)
    write.note(desk, one, "Handover: the dump is on the\nupload server")
    write.note(desk, other, "nothing to hand over: all is well")
    change.tag(desk, third, ["handover"], [])
    items = section(handover.report(desk), "notes").items
    assert [(item.ticket, item.what) for item in items] == [(one, "note"), (third, "#handover")]
    assert items[0].text.startswith("the dump is on the") and items[0].who == "ana"


def test_queues_new_waiting_unowned_waking(desk: Desk):
    mine = a_ticket(desk, severity=2)
    change.set_owner(desk, mine, "ana")
    change.set_status(desk, mine, "waiting-customer")
    asleep = a_ticket(desk, severity=3)
    attention.snooze(desk, asleep, START + 5 * HOUR)
    loose = a_ticket(desk, severity=4)
    found = handover.report(desk)
    assert numbers(found, "severe") == [mine]
    assert numbers(found, "waiting") == [mine]
    assert section(found, "waiting").items[0].what == "waiting for customer"
    assert numbers(found, "unowned") == [loose]
    assert numbers(found, "waking") == [asleep]
    assert numbers(handover.report(desk, ahead=4 * HOUR), "waking") == []


def test_a_long_section_counts_what_it_leaves_out(desk: Desk):
    for at in range(handover.MOST + 5):
        a_ticket(desk, f"question {at}", severity=4)
    unowned = section(handover.report(desk), "unowned")
    assert (len(unowned.items), unowned.total) == (handover.MOST, handover.MOST + 5)


def test_a_shift_begins_where_one_last_accepted_the_watch(desk: Desk):
    assert handover.report(desk).since == START - handover.SHIFT
    handover.accept(desk, "calm night")
    later(desk, 3 * HOUR)
    found = handover.report(desk)
    assert found.since == START and found.watch is not None
    assert (found.watch.actor, found.watch.note) == ("ana", "calm night")
    other = Desk(desk.store, "netex", desk.clock, "raj")
    assert handover.report(other).since == desk.now() - handover.SHIFT


def test_accepting_can_be_taken_back_until_somebody_else_accepts(desk: Desk):
    other = Desk(desk.store, "netex", desk.clock, "raj")
    handover.accept(other)
    handover.accept(desk)
    back = handover.take_back(desk)
    assert back is not None and back.actor == "raj"
    with pytest.raises(Refused, match="raj has accepted"):
        handover.take_back(desk)
    handover.take_back(other)
    assert look.watch(desk) is None
    with pytest.raises(Refused, match="nobody"):
        handover.take_back(desk)
    assert len(watches.recent(desk.store)) == 4


def test_the_record_of_watches_cannot_be_changed(desk: Desk):
    handover.accept(desk)
    for sql in (
        "UPDATE watch SET actor = 'x'",
        "DELETE FROM watch",
        "REPLACE INTO watch (id, at, actor) VALUES (1, 2, 'x')",
    ):
        with pytest.raises(StoreError, match="append-only"), desk.store.write():
            desk.store.execute(sql)


def test_times_that_make_no_sense(desk: Desk):
    with pytest.raises(UsageError, match="future"):
        handover.report(desk, since=START + HOUR)
    with pytest.raises(UsageError, match="ahead"):
        handover.report(desk, ahead=timedelta(0))
    with pytest.raises(UsageError, match="at most"):
        handover.accept(desk, "x" * 501)


HOSTILE = [
    "](javascript:alert(1)) ![x](http://evil.example/a.png)",
    "**bold** _it_ `code` <script>alert(1)</script> &lt; #1 | a |",
    "www.evil.example http://evil.example mail@evil.example",
    "a\x1b]52;c;QQ==\x07b\u202egnp",
    "line\n# heading\n- item\n> quote",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_in_markdown_stays_text(desk: Desk, words: str):
    number = a_ticket(desk, words.replace("\n", " "), customer=words.replace("\n", " "))
    write.note(desk, number, "handover: " + words)
    page = text(handover.report(desk), UTC)
    assert "\x1b" not in page and "\u202e" not in page and "\x07" not in page
    shown = inert(words)
    assert "\n" not in shown
    assert not re.search(r"(?i)https?://|\bwww\.|(?<!\\)@", shown)
    (inline,) = [token for token in MarkdownIt().parse(shown) if token.type == "inline"]
    assert {child.type for child in inline.children or []} <= {"text", "text_special"}
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert len(headings) == 1 + len(handover.TITLES)


def test_what_waits_for_a_decision_is_told_to_the_next_shift(desk):
    assert "Inbox" not in text(handover.report(desk), UTC)
    for kind in ("unknown", "call"):
        kept.insert(desk, "intake-item", {"kind": kind, "at": desk.now()})
    found = handover.report(desk)
    assert found.inbox == (2, 1)
    assert "Inbox: 2 items wait for a decision, 1 of them for a telephone call." in text(found, UTC)
