"""The real incident log, imported with the mapping that the repository ships, against an independent count."""

from __future__ import annotations

import runpy
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supporttui.clock import ManualClock
from supporttui.desk.act import derive
from supporttui.desk.query import parse, resolve
from supporttui.desk.session import Desk
from supporttui.intake import importer
from supporttui.policy import preset_text, read_policy
from supporttui.store import deadlines, journal, open_store, tickets
from supporttui.store.criteria import AllOf, Sort
from supporttui.watch.tick import tick

ROOT = Path(__file__).resolve().parents[3]
LOG = ROOT.parent / "shared" / "data" / "uci_incidents.csv.gz"
MAPPING = ROOT / "docs" / "examples" / "servicenow-incidents.toml"
INDEPENDENT = runpy.run_path(str(Path(__file__).with_name("count_incidents.py")))
TODAY = datetime(2026, 11, 20, tzinfo=UTC)
BUSY_DAY = datetime(2016, 3, 10, 12, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not LOG.exists(), reason="the incident log is not here")


def counted(until: datetime, standing: tuple[str, ...] = ()) -> dict[str, dict]:
    return INDEPENDENT["count"](LOG, until, standing)


def desk_at(now: datetime, policy="netex") -> Desk:
    return Desk(open_store(":memory:"), policy, ManualClock(now), "importer")


@pytest.fixture(scope="module")
def whole():
    """The desk after the whole log, and what the import said."""
    desk = desk_at(TODAY)
    result = importer.run(desk, LOG, MAPPING)
    yield desk, result
    desk.store.close()


def lived(desk: Desk, case: str) -> dict:
    """What the store says of a case, in the terms of the independent count."""
    number = tickets.find_external(desk.store, case)
    ticket = tickets.get(desk.store, number)
    entries = journal.of_ticket(desk.store, number)
    moves = [(e.at, e.data["set"]["status"][1]) for e in entries if "status" in e.data.get("set", {})]
    ends = [*(at for at, _ in moves[1:]), desk.now()]
    spans = [(at, end, status) for (at, status), end in zip(moves, ends, strict=False)]
    waiting = sum(
        int((end - at).total_seconds()) for at, end, status in spans if status.startswith("waiting")
    )
    fired = [e for e in entries if e.kind == "escalated"]
    assert len({e.data["role"] for e in fired}) == len(fired)
    return {
        "reported": ticket.reported_at,
        "events": sum("row" in e.data for e in entries),
        "reopened": sum(e.kind == "reopened" for e in entries),
        "waiting": waiting,
        "status": ticket.status,
        "severity": ticket.severity,
        "told": {e.data["role"]: e.at for e in fired},
        "overdue": ticket.overdue_since is not None,
        "open": ticket.resolved_at is None,
    }


def test_every_incident_is_as_counted(whole):
    desk, result = whole
    expected = counted(TODAY)
    assert (result.tickets_new, result.events, result.rejected, result.rows) == (890, 5998, 0, 5998)
    assert len(expected) == 890
    assert result.fired == sum(len(case["told"]) for case in expected.values()) > 400
    assert sum(case["reopened"] for case in expected.values()) == 12
    assert {case: lived(desk, case) for case in expected} == expected


def test_what_is_stored_is_what_the_journal_gives(whole):
    """Deadlines written through the driver are those that every verb would derive."""
    desk, _ = whole
    for line in tickets.page(desk.store, AllOf(), Sort("number"), limit=1000):
        planned = derive(desk, tickets.get(desk.store, line.number))
        stored = deadlines.of_ticket(desk.store, line.number)
        assert {(d.key, d.due_at, d.state, d.fired_at, d.reason) for d in planned} == {
            (d.key, d.due_at, d.state, d.fired_at, d.reason) for d in stored
        }


def test_a_second_run_changes_nothing(whole):
    desk, _ = whole
    before = journal.latest_id(desk.store)
    seen = []
    again = importer.run(desk, LOG, MAPPING, progress=lambda done, total: seen.append((done, total)))
    assert (again.tickets_new, again.tickets_unchanged, again.tickets_extended) == (0, 890, 0)
    assert (again.events, again.fired, again.rejected) == (0, 0, 0)
    assert journal.latest_id(desk.store) == before
    assert seen == sorted(seen)
    assert seen[-1] == (5998, 5998)


def test_a_desk_opened_in_the_middle_stands_as_it_stood_and_can_go_on(whole):
    desk = desk_at(BUSY_DAY)
    expected = counted(BUSY_DAY)
    result = importer.run(desk, LOG, MAPPING, until=BUSY_DAY)
    assert result.events == sum(case["events"] for case in expected.values())
    assert {case: lived(desk, case) for case in expected} == expected
    criterion, _ = resolve(parse("overdue"), now=BUSY_DAY, me="")
    overdue = sum(case["overdue"] for case in expected.values())
    assert tickets.count(desk.store, criterion) == overdue > 10
    criterion, _ = resolve(parse("open"), now=BUSY_DAY, me="")
    assert tickets.count(desk.store, criterion) == sum(case["open"] for case in expected.values()) > 200
    # A tick at that moment finds nothing that the replay should have fired.
    assert tick(desk).fired == ()
    # The rest of the log appends to it, and the desk ends like the one that took all of it at once.
    desk.clock.set(TODAY)
    rest = importer.run(desk, LOG, MAPPING)
    assert (rest.tickets_new, rest.rejected) == (0, 0)
    assert rest.events == 5998 - result.events
    assert {case: lived(desk, case) for case in expected} == counted(TODAY)
    assert state_of(desk) == state_of(whole[0])
    desk.store.close()


def state_of(desk: Desk) -> list[tuple]:
    """Every ticket's columns and deadlines, in which no trace of the way they came may be left."""
    found = []
    for line in tickets.page(desk.store, AllOf(), Sort("number"), limit=1000):
        ticket = tickets.get(desk.store, line.number)
        values = [getattr(ticket, name) for name in type(ticket).__slots__ if name != "version"]
        rungs = [
            (d.key, d.due_at, d.state, d.fired_at, d.reason)
            for d in deadlines.of_ticket(desk.store, line.number)
        ]
        found.append((values, rungs))
    return found


@pytest.mark.parametrize("until", [TODAY, BUSY_DAY])
def test_pauses_of_a_policy_that_has_them_count(until):
    """NetEx's ladder never pauses; the same ladder with a pause must fire later by exactly the waiting time."""
    text = preset_text("netex").replace(
        "escalation = []", 'escalation = ["waiting-customer", "waiting-vendor"]'
    )
    assert text != preset_text("netex")
    desk = desk_at(until, read_policy(text, "paused.toml"))
    importer.run(desk, LOG, MAPPING, until=None if until == TODAY else until)
    expected = counted(until, standing=("waiting-customer", "waiting-vendor"))
    told = {case: each["told"] for case, each in expected.items()}
    assert {case: lived(desk, case)["told"] for case in expected} == told
    assert told != {case: each["told"] for case, each in counted(until).items()}
    desk.store.close()
