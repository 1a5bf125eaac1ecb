"""What a form of the book asks while it is filled in, and what a page of the book is read from."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from supporttui.clock import ManualClock
from supporttui.desk import book, customers, dossier
from supporttui.desk import undo as undoing
from supporttui.desk.entry import candidates, settled
from supporttui.desk.session import Desk
from supporttui.errors import NotFound, UsageError
from supporttui.store import open_store

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)  # still the 20th at the desk


@pytest.fixture
def desk() -> Desk:
    desk = Desk(open_store(":memory:"), "netex", ManualClock(NOW), "ana")
    for name, site in (("Acme Corp", "0417"), ("Globex", "0233")):
        book.add(desk, "customer", {"name": name})
        book.add(desk, "site", {"customer": name, "code": site, "name": f"{name} main"})
    for product, level in (("NETEX", "7.1"), ("NETEX", "8.0"), ("HyperIP", "6.3")):
        if not book.listed(desk, "product", words=product):
            book.add(desk, "product", {"name": product})
        book.add(desk, "release", {"product": product, "name": level})
    book.add(desk, "os-release", {"os": "z/OS", "name": "3.1", "accessed_on": "2024-01-05"})
    return desk


@pytest.mark.parametrize(
    ("kind", "name", "typed", "values", "offered"),
    [
        ("licence", "product", "ne", {}, ["NETEX"]),
        ("licence", "site", "", {"customer": "globex"}, ["0233"]),
        ("licence", "site", "", {"customer": "nobody at all"}, ["0233", "0417"]),
        ("installation", "release", "", {"product": "HyperIP"}, ["HyperIP 6.3"]),
        ("installation", "tcp_ip", "y", {}, ["yes"]),
        ("release", "kind", "m", {}, ["major", "minor"]),
        ("licence", "currency", "my", {}, ["MYR"]),
        ("licence", "shipped_on", "y", {}, ["yesterday"]),
        ("host", "os", "z", {}, ["z/OS"]),
        ("host", "os_release", "", {"os": "z/OS"}, ["3.1"]),
        ("host", "os_release", "", {"os": "AIX"}, []),
        ("customer", "zone", "kuala", {}, ["Asia/Kuala_Lumpur"]),
        ("customer", "zone", "america/new", {}, ["America/New_York"]),
        ("customer", "notes", "x", {}, []),
    ],
)
def test_what_is_offered(
    desk: Desk, kind: str, name: str, typed: str, values: dict[str, str], offered: list[str]
) -> None:
    assert candidates(desk, kind, name, typed, values) == offered


@pytest.mark.parametrize(
    ("kind", "name", "text", "shown"),
    [
        ("licence", "shipped_on", "today", "2026-11-20"),
        ("licence", "shipped_on", " 3 Jan 2026 ", "2026-01-03"),
        ("licence", "price", "1234.5", "1,234.50"),
        ("licence", "price", "EUR 12", "EUR 12"),
        ("licence", "users", "1,200", "1200"),
        ("licence", "product", "hyperip", "HyperIP"),
        ("customer", "zone", "asia/kuala lumpur", "Asia/Kuala_Lumpur"),
        ("installation", "tcp_ip", "Y", "yes"),
        ("licence", "number", "  L  1 ", "L 1"),
        ("licence", "ended_on", "  ", ""),
    ],
)
def test_a_field_that_is_left_shows_what_was_read(
    desk: Desk, kind: str, name: str, text: str, shown: str
) -> None:
    assert settled(desk, kind, name, {name: text}) == shown


def test_a_release_is_found_within_its_product_or_named_with_another(desk: Desk) -> None:
    assert settled(desk, "installation", "release", {"product": "NETEX", "release": "8.0"}) == "NETEX 8.0"
    assert (
        settled(desk, "release", "replaces", {"product": "NETEX", "replaces": "HyperIP 6.3"}) == "HyperIP 6.3"
    )
    with pytest.raises(UsageError, match=r"Release: there is no release '6\.3'"):
        settled(desk, "installation", "release", {"product": "NETEX", "release": "6.3"})


@pytest.mark.parametrize(
    ("kind", "name", "text", "said"),
    [
        ("licence", "shipped_on", "1/2/2026", "Shipped on: .*two ways"),
        ("licence", "product", "NETEXX", "Product: .*did you mean 'NETEX'"),
        ("release", "kind", "huge", "Kind: "),
        ("customer", "zone", "Chicagoo", "Time zone: "),
        ("licence", "monthly_charge", "-3", "Monthly charge: .*below 0"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_the_field_first(
    desk: Desk, kind: str, name: str, text: str, said: str
) -> None:
    with pytest.raises((UsageError, NotFound), match=said) as refused:
        settled(desk, kind, name, {name: text})
    assert "\n" not in str(refused.value)


def test_what_is_left_is_what_is_kept(desk: Desk) -> None:
    """A field that shows what was read is entered as the same value."""
    texts = {"customer": "acme corp", "product": "netex", "price": "usd 1234.5", "shipped_on": "yesterday"}
    shown = {name: settled(desk, "licence", name, texts) for name in texts}
    licence = book.add(desk, "licence", shown)
    again = book.add(desk, "licence", texts)
    assert (licence.price, licence.currency, licence.shipped_on) == (
        again.price,
        again.currency,
        again.shipped_on,
    )
    assert licence.shipped_on == date(2026, 11, 19)


def test_a_dossier_leaves_out_what_was_removed_but_tells_of_it(desk: Desk) -> None:
    acme = customers.page(desk, "Acme Corp").customer.id
    licence = book.add(desk, "licence", {"customer": "Acme Corp", "product": "NETEX", "number": "L-1"})
    book.change(desk, "licence", licence.id, {"users": "5"}, seen=licence.version)
    book.remove(desk, "licence", licence.id)
    known = dossier.of_customer(desk, acme)
    assert known.of("licence") == () and [one.code for one in known.of("site")] == ["0417"]
    assert [(one.event.what, one.changes) for one in known.history[:2]][1] == (
        "changed",
        (("Users", "", "5"),),
    )
    undoing.undo(desk)
    known = dossier.of_customer(desk, acme)
    assert known.name("licence", licence.id) == "L-1" and known.name("product", licence.product) == "NETEX"
    assert [one.undone for one in known.history[:2]] == [False, True]
    assert dossier.of_customer(desk, 0).records == {}


def test_the_page_of_a_customer_follows_its_name(desk: Desk) -> None:
    page, known = dossier.customer_page(desk, "acme corp")
    record = known.of("customer")[0]
    book.change(desk, "customer", record.id, {"name": "Acme Inc"}, seen=record.version)
    again, _ = dossier.customer_page(desk, page.customer.name, record.id)
    assert again.customer.name == "Acme Inc"
    with pytest.raises(NotFound):
        dossier.customer_page(desk, "Nobody")
