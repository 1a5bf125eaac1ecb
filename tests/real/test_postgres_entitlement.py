"""The verdict reads the same from a book on a PostgreSQL server as from one in a file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from supporttui.clock import ManualClock
from supporttui.desk.entitlement import of_report
from supporttui.desk.report import NewTicket
from supporttui.desk.session import Desk
from supporttui.policy import preset_text, read_policy
from supporttui.store import book, open_store
from supporttui.store.session import Store
from tests.real.test_postgres import server, store

__all__ = ["server", "store"]  # fixtures

NOW = datetime(2026, 11, 16, 15, 30, tzinfo=UTC)  # of the 17th in Tokyo, of the 16th in Kuala Lumpur
BOOK = ("licence", "contract", "product_release", "os_release", "product", "host", "installation", "modification", "quotation", "site")  # fmt: skip
MANY = 60


def fill(opened: Store) -> None:
    """Three customers: one with a licence of everything, one with very many, one with none."""
    with opened.write():
        few, many, none = (
            book.insert(opened, "customer", {"name": name, "key": key, "zone": "Asia/Tokyo"})
            for name, key in (("Few", "F-1"), ("Many", ""), ("None", "N-1"))
        )
        hyperip, cam, user_access = (book.insert(opened, "product", {"name": name}) for name in ("HyperIP", "CAM", "USER-Access"))  # fmt: skip
        old = book.insert(
            opened, "release", {"product": hyperip, "name": "7.2", "released_on": date(2025, 1, 1)}
        )
        book.insert(opened, "release", {"product": hyperip, "name": "7.3", "released_on": date(2026, 9, 1), "replaces": old})  # fmt: skip
        book.insert(opened, "os-release", {"os": "z/OS", "name": "3.1", "accessed_on": date(2026, 10, 1)})
        for customer, count in ((few, 1), (many, MANY)):
            rows = range(1, count + 1)
            book.insert_many(opened, "contract", [
                {"customer": customer, "plan": "smp-1y", "number": f"C{customer}-{n}", "package": customer * 1000 + n,
                 "start_on": date(2020, 1, 1), "end_on": date(2026, 11, 15 + (n == 1))} for n in rows
            ])  # fmt: skip
            book.insert_many(opened, "licence", [
                {"customer": customer, "product": hyperip, "number": f"L{customer}-{n}", "package": customer * 1000 + n,
                 "monthly_charge": Decimal(9), "charge_paid_to": date(2026, 11, 15 + (n == 1)),
                 "shipped_on": date(2020, 1, 1)} for n in rows
            ])  # fmt: skip
        book.insert(opened, "contract", {"customer": none, "plan": "smp-1y", "number": "C-0", "start_on": date(2026, 1, 1),
                    "end_on": date(2026, 12, 31), "ended_on": date(2026, 11, 16)})  # fmt: skip
        host = book.insert(opened, "host", {"customer": few, "name": "MVS1"})
        for product in (cam, user_access, hyperip):
            book.insert(opened, "installation", {"host": host, "product": product, "tcp_ip": True})
        book.insert(opened, "modification", {"customer": few, "what": "patched", "host": host, "ended_on": date(2026, 11, 17)})  # fmt: skip
        book.insert(opened, "quotation", {"customer": few, "number": "Q-1", "support_to": date(2026, 12, 1)})


def reports() -> list[NewTicket]:
    return [
        NewTicket(subject="x", severity=3, customer=customer, product=product, release=release, os="z/os", os_release="3.1")
        for customer in ("few", "F-1", "MANY", "none", "nobody", "")
        for product in ("hyperip", "cam", "")
        for release in ("7.2", "v7.3", "9")
    ]  # fmt: skip


def test_the_same_verdicts_as_from_a_file(store: Store) -> None:
    store.execute(f"TRUNCATE {', '.join(BOOK)} RESTART IDENTITY")
    with open_store(":memory:") as local:
        for opened in (store, local):
            fill(opened)
        found = {}
        elsewhere = {
            f"xnet, {days}": read_policy(preset_text("xnet").replace('days_in = "vendor"', f'days_in = "{days}"'), "x")
            for days in ("customer", "either")
        }  # fmt: skip
        for name in ("netex", "xnet", *elsewhere):
            policy = elsewhere.get(name, name)
            ours, theirs = (Desk(opened, policy, ManualClock(NOW), "ana") for opened in (local, store))
            for new in reports():
                verdict = of_report(theirs, new)
                assert verdict == of_report(ours, new)
                found[name, new.customer, new.product, new.release] = verdict.coverage
        assert found["netex", "few", "hyperip", "7.2"] == "billable"
        assert found["netex", "MANY", "hyperip", "v7.3"] == "covered"
        assert found["xnet", "MANY", "hyperip", "7.2"] == "covered"
        assert found["xnet", "none", "hyperip", "7.2"] == "covered"
        assert found["xnet, either", "none", "hyperip", "7.2"] == "covered"
        assert found["xnet, customer", "none", "hyperip", "7.2"] == "uncovered"
        assert found["xnet", "nobody", "hyperip", "7.2"] == "unclear"
