"""The customer look-up: found by anything, read as a page, its tickets and numbers at hand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from supporttui.clock import ManualClock
from supporttui.desk import close
from supporttui.desk.customers import Directory, digits_of
from supporttui.desk.session import Desk
from supporttui.store import customers, open_store
from tests.console.driver import PATIENCE, START, Console, at_console, sev1, ticket

ACME = {"customer": "Acme Corp", "contact": "J. Ortiz", "contact_email": "j.ortiz@acme.example", "contact_phone": "+1 (612) 555-0142", "site": "0417"}  # fmt: skip
GLOBEX = {
    "customer": "Globex",
    "contact": "Mara Lindqvist",
    "contact_phone": "+46 8 555 010 77",
    "site": "0233",
}
TICKETS = (
    ticket("old question", severity=4, product="BFX", release="5.4", **ACME),
    ticket("tunnel drops", severity=2, product="HyperIP", release="6.3", **GLOBEX),
    sev1("system down", product="NETEX", release="7.1", **ACME),
)


async def until(desk: Console, holds: Callable[[], bool]) -> None:
    """What is typed is looked for once the typing rests: wait for what the search shows."""
    limit = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < limit, desk.screen
        await asyncio.sleep(0.01)
        await desk.settled()


async def test_from_a_ticket_its_customer_opens(tmp_path: Path, size: tuple[int, int]):
    async with at_console(tmp_path, TICKETS, size=size) as desk:
        close.resolve(desk.colleague(), 1)
        await desk.beat()
        await desk.beat()
        await desk.press("C")
        desk.sees("Customer: Acme Corp", "J. Ortiz", "+1 (612) 555-0142", "j.ortiz@acme.example", "0417")
        desk.sees(
            "Open tickets  1",
            "system down",
            "Severity 1: 1 of 1",
            "4: 0 of 1",
            "Ended last  1",
            "old question",
        )
        desk.sees_not("tunnel drops")
        await desk.press("q")
        desk.sees("Escalation timers")


async def test_enter_on_a_ticket_goes_there(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        await desk.press("C", "j", "j", "j", "j", "j", "enter")
        desk.sees("system down", "1 System down")
        desk.sees_not("Customer: Acme")


async def test_f_shows_the_customer_in_the_queue(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(120, 40)) as desk:
        await desk.press("C", "f")
        desk.sees('f customer:"Acme Corp"')
        desk.queue.shows("system down", "old question")
        desk.queue.shows_not("tunnel drops")


async def test_searching_by_anything(tmp_path: Path, size: tuple[int, int]):
    async with at_console(tmp_path, TICKETS, size=size) as desk:
        await desk.press("C", "C")
        desk.sees("Customers", "Acme Corp", "Globex")
        for words, found, other in (
            ("glo", "Globex", "Acme"),
            ("lindq", "Globex", "Acme"),
            ("612555", "Acme Corp", "Globex"),
            ("0046 8 555", "Globex", "Acme"),
            ("acme.example", "Acme Corp", "Globex"),
            ("site 0233", "Globex", "Acme"),
        ):
            await desk.press("ctrl+u")
            await desk.type(words)
            await until(desk, lambda: found in desk.screen and other not in desk.screen)  # noqa: B023
        await desk.press("enter")
        desk.sees("Customer: Globex", "tunnel drops")
        await desk.press("C", "escape")
        desk.sees("Escalation timers")


async def test_enter_before_the_typing_rests_takes_the_best(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        await desk.press("C", "C")
        for key in ("g", "l", "o", "enter"):
            await desk.pilot.press(key)
        await until(desk, lambda: "Customer: Globex" in desk.screen)


async def test_y_sends_what_the_row_shows(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        await desk.press("C", "y")
        desk.said("move to one")
        await desk.press("j", "j", "y")
        desk.said("telephone number: sent to the terminal")
        await desk.press("j", "y")
        desk.said("e-mail: sent to the terminal")


async def test_the_book_of_customers_knows_zone_and_plan(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        store = desk.colleague().store
        customers.ensure(
            store, "Acme Corp", key="A-17", plan="gold", zone="Asia/Tokyo", notes="calls at night"
        )
        customers.add_contact(store, "acme corp", "Bo Dee", email="bo@acme.example")
        await desk.press("C")
        desk.sees(
            "A-17", "Sat 21 Nov 2026 05:46 JST, Asia/Tokyo", "gold", "calls at night", "Bo Dee", "J. Ortiz"
        )


async def test_without_a_ticket_the_search_opens(tmp_path: Path):
    async with at_console(tmp_path, [], size=(80, 24)) as desk:
        customers.ensure(desk.colleague().store, "Initech")
        await desk.press("C")
        desk.sees("1 known", "Initech", "none open")
        await desk.press("enter")
        desk.sees("Customer: Initech", "no ticket yet", "no contact is known", "none: nothing is open")


def test_telephone_numbers_in_any_form():
    assert digits_of("+1 (612) 555-0142") == "16125550142"
    assert digits_of("0044 (0)20 7946 0301") == "442079460301"
    assert digits_of("020 7946 0301") in digits_of("+44 20 7946 0301")


def test_ten_thousand_customers_are_searched_in_no_time(tmp_path: Path):
    tmp_path.chmod(0o700)
    with open_store(tmp_path / "desk.sqlite3") as store:
        with store.write():
            store.execute_many(
                "INSERT INTO customer (name, name_key) VALUES (?, ?)",
                [(f"Customer {at}", f"customer {at}") for at in range(10_000)],
            )
        desk = Desk(store, "netex", ManualClock(START), "ana")
        directory = Directory()
        directory.refresh(desk)
        assert len(directory) == 10_000
        began = time.process_time()
        for words in ("customer 77", "77", "7777", "nobody at all"):
            directory.search(desk, words)
        assert time.process_time() - began < 1.0
        assert directory.search(desk, "customer 9999")[0].name == "Customer 9999"
        customers.ensure(store, "Brand New")
        directory.refresh(desk)
        assert directory.search(desk, "brand")[0].name == "Brand New"
