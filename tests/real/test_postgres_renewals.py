"""Renewals on a real PostgreSQL server: the list, a renewal once, and its undo."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from supporttui.clock import ManualClock
from supporttui.desk import book, contracts
from supporttui.desk.renewals import renewals
from supporttui.desk.session import Desk
from supporttui.desk.undo import undo
from supporttui.errors import Refused
from supporttui.store.session import Store
from tests.real.test_postgres import server as server
from tests.real.test_postgres import store as store


def test_a_package_is_listed_renewed_once_and_undone(store: Store) -> None:
    store.execute("TRUNCATE licence, contract, product, site RESTART IDENTITY")
    desk = Desk(store, "xnet", ManualClock(datetime(2026, 11, 16, 4, tzinfo=UTC)), "ana")
    book.add(desk, "customer", {"name": "Acme Sdn Bhd"})
    book.add(desk, "product", {"name": "Exporter"})
    period = {"customer": "Acme Sdn Bhd", "plan": "smp-1y", "number": "C-1"}
    first = book.add(desk, "contract", {**period, "start_on": "2026-01-01", "end_on": "2026-12-31"})
    book.add(
        desk,
        "licence",
        {"customer": "Acme Sdn Bhd", "product": "Exporter", "price": "MYR 999.99", "package": "C-1"},
    )
    (row,) = renewals(desk)
    assert (row.state, row.last, row.prices) == (
        "open",
        date(2026, 12, 31),
        (Decimal("150.00"), Decimal("200.00")),
    )
    made = contracts.renew(desk, first.id, "2").contract
    assert (made.start_on, made.end_on, made.price) == (
        date(2027, 1, 1),
        date(2028, 12, 31),
        Decimal("200.00"),
    )
    with pytest.raises(Refused, match="is renewed already"):
        contracts.renew(desk, first.id, "2")
    assert [one.state for one in renewals(desk, everything=True)] == ["renewed", "early"]
    undo(desk)
    assert [one.state for one in renewals(desk)] == ["open"]
