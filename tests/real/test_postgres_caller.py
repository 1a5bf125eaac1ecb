"""A caller is found, and the form filled, on a real PostgreSQL server as on SQLite."""

from __future__ import annotations

from supporttui.clock import ManualClock
from supporttui.demo.scenarios.telephone import NIGHT, customer
from supporttui.desk import caller, reasoning
from supporttui.desk.customers import Directory
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store.session import Store
from tests.real.test_postgres import server, store

__all__ = ["server", "store"]  # fixtures

BOOK = (
    "customer",
    "contact",
    "site",
    "licence",
    "product_release",
    "os_release",
    "product",
    "host",
    "installation",
)


def test_a_caller_is_found_and_the_rest_follows(store: Store) -> None:
    store.execute(f"TRUNCATE {', '.join(BOOK)} RESTART IDENTITY CASCADE")
    desk = Desk(store, "netex", ManualClock(NIGHT), "ana")
    customer(desk)
    directory = Directory()
    directory.refresh(desk)
    for words in ("612-555-0142", "A-117", "0418", "data centre south", "lund"):
        assert [one.name for one in directory.search(desk, words)] == ["Acme Corp"], words
    known = caller.read(desk, "acme corp")
    assert known is not None
    filled = caller.filled(known, {}, "612-555-0142", desk.policy.channels)
    assert (filled["contact"], filled["site"], filled["release"], filled["channel"]) == (
        "J. Ortiz",
        "0417",
        "8.1",
        "phone",
    )
    fields = {name: filled[name] for name in ("site", "product", "release", "os", "os_release")}
    number = report(desk, NewTicket(subject="down", severity=3, customer="Acme Corp", **fields)).number
    found = reasoning.of_ticket(desk, number)
    assert found.verdict.coverage == "covered" and found.customer_zone == "America/New_York"
    assert not found.hours.is_open and found.hours.phone
    assert reasoning.keeps_a_book(desk)
