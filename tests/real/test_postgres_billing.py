"""Time, stopwatches and bills on a server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from supporttui.clock import ManualClock
from supporttui.desk import billing, stopwatch
from supporttui.desk.effort import log_time
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.desk.undo import redo, undo
from supporttui.desk.worked import Said
from supporttui.errors import Refused
from supporttui.store import open_store, worked
from supporttui.store.session import Store
from tests.real.test_postgres import server, store

__all__ = ["server", "store"]  # fixtures


def test_a_month_is_worked_frozen_and_credited(store: Store, server: str) -> None:
    with store.write():
        store.execute("DELETE FROM worked")
        store.execute("DELETE FROM billed_month")
        store.execute("DELETE FROM stopwatch")
    clock = ManualClock(datetime(2026, 11, 20, 15, tzinfo=UTC))
    desk = Desk(store, "netex", clock, "ana")
    number = report(desk, NewTicket(subject="it drops", customer="Acme")).number
    stopwatch.start(desk, number)
    clock.advance(minutes=20)
    with open_store(server) as other:
        (watch,) = stopwatch.watches(Desk(other, "netex", clock, "ana"))
        assert (watch.ticket, watch.seconds(clock.now())) == (number, 1200)
    log_time(desk, number, 20, said=Said(billable=True, reason="agreed"), ends_watch=True)
    undo(desk)
    assert billing.bill(desk, "2026-11").lines == ()
    redo(desk)
    assert stopwatch.watches(desk) == []
    clock.set(datetime(2026, 12, 2, 15, tzinfo=UTC))
    frozen = billing.freeze(desk, "2026-11")
    assert [(one.worked, one.billed) for one in frozen.lines] == [(20, 30)] and frozen.intact
    with pytest.raises(Refused, match="frozen"):
        undo(desk)
    log_time(desk, number, 5, started=clock.now() - timedelta(days=10))
    billing.credit(desk, "2026-11", 1, "wrong ticket")
    assert billing.bill(desk, "2026-11").later == 1
    assert [(one.kind, one.late) for one in billing.bill(desk, "2026-12").lines] == [
        ("time", "2026-11"), ("credit", ""),
    ]  # fmt: skip
    assert [row.billed for row in worked.of_ticket(store, number)] == ["2026-11", "", ""]
