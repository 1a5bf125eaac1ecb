"""Decisions on what came in, on a real PostgreSQL server: each taken back by one undo, and made once by two at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from supporttui.clock import ManualClock
from supporttui.demo.arrivals import file_comes, mail_comes
from supporttui.desk import attachments, deciding, inbox, look, participants, senders
from supporttui.desk.files import Filing
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.undo import redo, undo
from supporttui.errors import Conflict
from supporttui.store import open_store
from supporttui.store.session import Store
from tests.real.test_postgres import server as server
from tests.real.test_postgres import store as store

NOW = datetime(2026, 11, 16, 4, tzinfo=UTC)
TABLES = "intake_item, attachment, participant, sender_rule, message, contact, customer"
HOME, SPAM = "mara@home.example", "sales@bulk.example"


def at_desk(store: Store, folder, actor: str) -> Desk:
    return Desk(store, "netex", ManualClock(NOW), actor, filing=lambda: Filing(str(folder), 10**6))


def test_what_came_in_is_decided_and_taken_back(store: Store, tmp_path) -> None:
    store.execute(f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE")
    door, ana = at_desk(store, tmp_path, "mail"), at_desk(store, tmp_path, "ana")
    number = report(door, NewTicket(subject="Tunnel drops", contact_email="mara@globex.example")).number
    mail_comes(door, HOME, "Tunnel drops", "It is me.", name="Mara", about=number)
    mail_comes(door, SPAM, "Leads", "Buy.")
    mail_comes(door, SPAM, "More leads", "Buy now.")
    file_comes(door, "dump.bin", b"SVC DUMP")
    assert inbox.count(ana) == (4, 0)
    held, first, _second, file = (one.item.id for one in inbox.board(ana).rows)
    deciding.accept(ana, held, participant=True)
    deciding.block(ana, first, domain=True)
    deciding.attach(ana, file, number)
    assert inbox.count(ana) == (0, 0)
    assert [one.email for one in participants.of(ana, number)] == [HOME]
    assert [one.name for one in attachments.listed(ana, number)] == ["dump.bin"]
    assert senders.blocked_by(ana, "ANYBODY@bulk.example") is not None
    for waiting in (1, 3, 4):
        undo(ana)
        assert inbox.count(ana) == (waiting, 0)
    assert not participants.of(ana, number) and senders.blocked(ana) == []
    assert look.ticket(ana, number).ticket.status == "new"
    redo(ana)
    assert inbox.count(ana) == (3, 0)


def test_of_two_at_the_same_moment_one_decides(store: Store, tmp_path) -> None:
    store.execute(f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE")
    door = at_desk(store, tmp_path, "mail")
    number = report(door, NewTicket(subject="Tunnel drops", contact_email="mara@globex.example")).number
    for place in range(8):
        mail_comes(door, HOME, "Tunnel drops", f"Message {place}.", about=number)
    items = [one.item for one in inbox.board(door).rows]

    def decides(actor: str) -> int:
        mine = at_desk(open_store(store.url, create=False), tmp_path, actor)
        done = 0
        try:
            for item in items:
                try:
                    deciding.accept(mine, item.id, seen=item.version)
                    done += 1
                except Conflict:
                    continue
        finally:
            mine.store.close()
        return done

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(decides, ("ana", "raj")))
    assert sum(done) == len(items)
    said = [one.text for one in look.ticket(door, number).journal if one.kind == "customer"]
    assert sorted(said) == [f"Message {place}." for place in range(8)]
