"""The book from the keyboard: looked up, added, edited, refused, written by two at once, undone, never lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.widgets import Input

from supporttui.console.screens import pace
from supporttui.desk import book
from supporttui.policy import load
from tests.console import driver
from tests.console.driver import Console, at_console, sev1, ticket

ACME = {"customer": "Acme Corp", "contact": "J. Ortiz", "contact_phone": "+1 612 555 0142", "product": "NETEX", "release": "7.1"}  # fmt: skip
TICKETS = (ticket("a question", severity=4, **ACME), sev1("system down", **ACME))


def stocked(desk: Console) -> Any:
    """A colleague's desk whose book has a customer, products and their releases."""
    raj = desk.colleague("raj")
    book.add(raj, "customer", {"name": "Acme Corp", "key": "C-1", "zone": "America/Chicago"})
    for product, releases in (("NETEX", ("7.0", "7.1")), ("HyperIP", ("6.3",))):
        book.add(raj, "product", {"name": product, "family": "transfer"})
        for place, level in enumerate(releases):
            book.add(
                raj, "release", {"product": product, "name": level, "released_on": f"202{4 + place}-03-10"}
            )
    book.add(raj, "licence", {"customer": "Acme Corp", "product": "NETEX", "number": "L-1", "price": "USD 100", "users": "5"})  # fmt: skip
    return raj


def kept(desk: Console, kind: str) -> list[Any]:
    return book.listed(desk.colleague("test"), kind)


async def to(desk: Console, words: str) -> None:
    """Narrow the page to a line, on which the cursor then stands."""
    await desk.press("/")
    desk.app.screen.prompt.query_one("Input").post_message(events.Paste(words))
    await desk.press("enter")


async def write(desk: Console, name: str, text: str) -> None:
    """Paste into a field of the form what it shall hold; that Tab leads there is shown by itself."""
    field = desk.app.screen.query_one(f"#{name}").focus()
    await desk.settled()
    await desk.press("end", "ctrl+u")
    if isinstance(field, Input):
        field.post_message(events.Paste(text))
        await desk.settled()
    else:
        await desk.type(text)


async def tab_to(desk: Console, name: str) -> None:
    """Go to a field by Tab alone."""
    for _ in range(40):
        if getattr(desk.app.screen.focused, "id", "") == name:
            return
        await desk.press("tab")
    raise AssertionError(f"Tab does not lead to {name}\n{desk.screen}")


async def save(desk: Console) -> None:
    await desk.press("ctrl+d", "enter")


async def test_a_licence_is_added_where_it_is_missing(tmp_path: Path, size: tuple[int, int]):
    async with at_console(tmp_path, TICKETS, size=size) as desk:
        stocked(desk)
        await desk.press("C")
        desk.sees("Acme Corp  C-1", "Licences  1", "USD 100")
        await desk.press("a", "2")
        desk.sees("New licence", "Acme Corp", "Product: which product", "1 of 2 asked for; missing: Product")
        await desk.type("hyp")
        await desk.press("tab", "tab")
        desk.sees("HyperIP", "2 of 2 asked for")
        await tab_to(desk, "users")
        await desk.type("25")
        await write(desk, "purchased_on", "15 Mar 2026")
        await write(desk, "price", "EUR 1,234.50")
        desk.sees("2026-03-15")
        await save(desk)
        desk.sees("Licences  2", "EUR 1,234.50", "2026-03-15")
        licence = kept(desk, "licence")[-1]
        assert (licence.price, licence.currency, licence.users) == (Decimal("1234.50"), "EUR", 25)
        assert licence.purchased_on == date(2026, 3, 15)


async def test_undo_takes_it_back_and_redo_brings_it_again(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        stocked(desk)
        await desk.press("C", "a", "1")
        await write(desk, "name", "Bo Dee")
        await save(desk)
        desk.sees("Bo Dee", "Contacts  2")
        await desk.press("u")
        desk.sees("Contacts  1")
        desk.said("undone")
        await desk.press("U")
        desk.sees("Bo Dee", "Contacts  2")


async def test_enter_edits_the_line_and_history_tells(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        stocked(desk)
        await desk.press("C")
        await to(desk, "L-1")
        await desk.press("enter")
        desk.sees("Edit licence L-1 of Acme Corp", "NETEX", "100")
        await write(desk, "users", "12")
        await save(desk)
        desk.said("licence L-1 of Acme Corp: changed")
        assert kept(desk, "licence")[0].users == 12
        await desk.press("escape", "G", "enter")
        desk.sees(
            "History  3",
            "ana",
            "changed licence L-1 of Acme Corp: Users 5 → 12",
            "raj",
            "added customer Acme Corp",
        )


async def test_what_cannot_be_read_is_said_below_and_stays_as_typed(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        stocked(desk)
        await desk.press("C", "a", "2")
        await desk.type("NETEX")
        await write(desk, "purchased_on", "3/4/2026")
        await desk.press("tab")
        desk.sees("Purchased on: ", "can be read in two ways", "3/4/2026")
        await write(desk, "price", "12")
        await save(desk)
        desk.sees("Purchased on: ", "3/4/2026")
        assert len(kept(desk, "licence")) == 1
        await write(desk, "purchased_on", "yesterday")
        await save(desk)
        desk.sees("has no currency")
        await write(desk, "currency", "USD")
        await save(desk)
        desk.sees("Licences  2")
        assert kept(desk, "licence")[-1].purchased_on == date(2026, 11, 19)


@pytest.mark.slow
async def test_a_new_name_is_offered_to_the_tickets_that_carry_the_old_one(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        stocked(desk)
        await desk.press("C", "e")
        await write(desk, "name", "Acme Ltd")
        await save(desk)
        desk.sees("2 tickets carry a former name of Acme Ltd")
        await desk.press("y")
        desk.said("Acme Ltd is on 2 tickets now")
        desk.sees("Customer: Acme Ltd", "Open tickets  2")
        assert {desk.ticket(1).customer, desk.ticket(2).customer} == {"Acme Ltd"}
        await desk.press("u")
        assert {desk.ticket(1).customer, desk.ticket(2).customer} == {"Acme Corp"}
        assert kept(desk, "customer")[0].name == "Acme Ltd"
        await desk.press("u")
        assert kept(desk, "customer")[0].name == "Acme Corp"
        await desk.press("e")
        await write(desk, "name", "Acme Inc")
        await save(desk)
        await desk.press("n")
        assert desk.ticket(1).customer == "Acme Corp"


async def test_an_unknown_reference_names_the_nearest(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        stocked(desk)
        await desk.press("C", "a", "2")
        await desk.type("HiperIP")
        await desk.press("tab")
        desk.sees("Product: there is no product", "HyperIP")


async def test_releases_are_offered_of_the_product_only(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        raj = stocked(desk)
        book.add(raj, "host", {"customer": "Acme Corp", "name": "mvs1"})
        await desk.press("C")
        await to(desk, "mvs1")
        await desk.press("a", "1")
        desk.sees("New installation", "mvs1")
        await write(desk, "product", "NETEX")
        await write(desk, "release", "")
        await desk.press("down")
        desk.sees("NETEX 7.0", "NETEX 7.1")
        desk.sees_not("6.3")
        await desk.press("down", "enter")
        await write(desk, "tcp_ip", "yes")
        await save(desk)
        installed = kept(desk, "installation")[0]
        assert installed.tcp_ip and installed.release == 2
        await desk.press("escape")
        await to(desk, "NETEX 7.1")
        desk.sees("TCP/IP")


async def test_somebody_was_faster(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        raj = stocked(desk)
        await desk.press("C")
        await to(desk, "L-1")
        await desk.press("enter")
        await write(desk, "users", "30")
        book.change(raj, "licence", 1, {"users": "20", "edition": "Enterprise"})
        await save(desk)
        desk.sees(
            "changed while you wrote; Save writes your Users over it",
            "raj set edition",
            "to Enterprise, users to 20",
        )
        assert desk.app.screen.query_one("#users").value == "30"
        assert desk.app.screen.query_one("#edition").value == "Enterprise"
        assert kept(desk, "licence")[0].users == 20
        await save(desk)
        licence = kept(desk, "licence")[0]
        assert (licence.users, licence.edition) == (30, "Enterprise")


async def test_removing_asks_and_comes_back(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        stocked(desk)
        await desk.press("C")
        await to(desk, "L-1")
        await desk.press("x")
        desk.sees("Remove licence L-1?", "No, leave it")
        await desk.press("escape")
        assert len(kept(desk, "licence")) == 1
        await desk.press("delete", "y")
        assert kept(desk, "licence") == []
        await desk.press("escape", "u")
        assert len(kept(desk, "licence")) == 1
        desk.sees("L-1")


@pytest.mark.slow
async def test_what_others_refer_to_stays(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        stocked(desk)
        await desk.press("C", "x", "y")
        desk.said("can't be removed: 1 licence still refers to it")
        assert len(kept(desk, "customer")) == 1
        await desk.press("x", "a")
        assert kept(desk, "customer") == [] and kept(desk, "licence") == []
        desk.sees("Customer: Acme Corp", "Open tickets  2")


async def test_esc_keeps_a_draft_and_the_drafts_page_goes_on_with_it(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        stocked(desk)
        await desk.press("C", "a", "1")
        await write(desk, "name", "Half A. Name")
        await desk.press("escape")
        desk.said("kept as a draft")
        await desk.press("q", "D")
        desk.sees("a new contact", "Half A. Name")
        await desk.press("enter")
        desk.sees("New contact", "Half A. Name", "Acme Corp")
        await save(desk)
        assert kept(desk, "contact")[0].name == "Half A. Name"
        assert not desk.app.drafts


@pytest.mark.slow
async def test_a_form_that_was_only_looked_at_keeps_nothing(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        stocked(desk)
        await desk.press("C", "a", "1", "escape")
        await desk.press("enter", "escape")
        assert not desk.app.drafts


async def test_a_dropped_line_loses_nothing(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        stocked(desk)
        await desk.press("C")
        await to(desk, "L-1")
        await desk.press("enter")
        await write(desk, "notes", "promised by phone")
        await desk.drops()
        await desk.press("C")
        await to(desk, "L-1")
        await desk.press("enter")
        desk.sees("promised by phone")
        await save(desk)
        assert kept(desk, "licence")[0].notes == "promised by phone"


async def test_a_customer_of_the_tickets_alone_is_entered_first(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        await desk.press("C", "enter")
        desk.sees("New customer", "Acme Corp")
        await write(desk, "zone", "chicago")
        await desk.press("tab")
        assert desk.app.screen.query_one("#zone").value == "America/Chicago"
        await save(desk)
        desk.sees("CST, America/Chicago")
        await desk.press("j", "j", "a")
        desk.sees("New contact", "J. Ortiz", "+1 612 555 0142")


@pytest.mark.slow
async def test_a_new_customer_from_the_look_up(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        await desk.press("C", "C")
        await desk.type("Initech")
        await desk.press("enter")
        desk.sees("New customer", "Initech")
        await save(desk)
        desk.sees("Customer: Initech", "no ticket yet")
        assert [one.name for one in kept(desk, "customer")] == ["Initech"]


async def test_products_from_a_tickets_product(tmp_path: Path, size: tuple[int, int]):
    async with at_console(tmp_path, TICKETS, size=size) as desk:
        stocked(desk)
        await desk.press("P")
        desk.sees("Products and releases", "NETEX", "HyperIP", "current 7.1")
        assert desk.app.screen.row.record == ("release", 2)
        await desk.press("enter")
        desk.sees("Edit release NETEX 7.1")
        await write(desk, "support_ends_on", "2027-06-30")
        await save(desk)
        desk.sees("support to 2027-06-30, current")
        await desk.press("a", "1")
        desk.sees("New release", "NETEX")
        await write(desk, "name", "8.0")
        await write(desk, "released_on", "2026-11-02")
        await save(desk)
        desk.sees("support to 2027-06-30, followed by 8.0", "since 2026-11-02")
        await desk.press("u")
        desk.sees("undone: adding release NETEX 8.0")
        desk.sees_not("followed by")


async def test_the_first_product_is_entered_where_the_page_says_so(tmp_path: Path):
    async with at_console(tmp_path, [], size=(80, 24)) as desk:
        await desk.press("P")
        desk.sees("no product yet; a enters one")
        await desk.press("a", "1")
        await write(desk, "name", "HyperIP")
        await save(desk)
        assert [one.name for one in kept(desk, "product")] == ["HyperIP"]


@pytest.mark.slow
async def test_a_release_of_a_system_is_entered(tmp_path: Path):
    async with at_console(tmp_path, [], size=(80, 24)) as desk:
        await desk.press("P")
        desk.sees("no product yet; a enters one", "Operating systems")
        await desk.press("a", "2")
        await desk.type("z/OS")
        await write(desk, "name", "3.2")
        await write(desk, "accessed_on", "today")
        await save(desk)
        desk.sees("z/OS 3.2", "accessed 2026-11-20")


async def test_the_filter_keeps_headings_and_esc_takes_it_away(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        stocked(desk)
        await desk.press("C")
        await to(desk, "l-1")
        desk.sees("Licences", "L-1", "/l-1; Esc shows all")
        desk.sees_not("J. Ortiz", "Quotations")
        await desk.press("escape")
        desk.sees("J. Ortiz")
        await to(desk, "none such")
        desk.sees("no line holds “none such”")
        await desk.press("escape", "escape")
        desk.sees("Escalation timers")


@pytest.mark.slow
async def test_the_form_is_usable_on_60_by_20(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(60, 20)) as desk:
        stocked(desk)
        await desk.press("C")
        await to(desk, "L-1")
        await desk.press("enter")
        await tab_to(desk, "charge_paid_to")
        await desk.type("2026-12-31")
        desk.sees("Charge paid to", "2026-12-31", "Save")
        await tab_to(desk, "menu")
        await desk.press("enter")
        assert kept(desk, "licence")[0].charge_paid_to == date(2026, 12, 31)


async def test_a_desk_that_is_read_only_shows_and_refuses(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        stocked(desk)
        desk.app.shift.sets(readonly=True)
        await desk.press("C")
        for key in ("a", "enter", "x", "u"):
            await desk.press(key)
            desk.said("the desk is read-only")
            desk.sees("Customer: Acme Corp")
        await desk.press("C")
        await desk.type("Initech")
        desk.sees_not("New: Initech")


@pytest.mark.slow
async def test_e_on_a_heading_edits_what_the_page_is_about(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        stocked(desk)
        await desk.press("C", "j", "e")
        desk.sees("Edit customer Acme Corp")
        await desk.press("escape", "q", "P", "g", "e")
        desk.sees("Edit product HyperIP")


@pytest.mark.slow
async def test_of_many_products_the_tickets_own_is_unfolded(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        raj = stocked(desk)
        for number in range(15):
            book.add(raj, "product", {"name": f"Part {number:02}"})
            book.add(raj, "release", {"product": f"Part {number:02}", "name": f"1.{number}"})
        await desk.press("P")
        desk.sees("NETEX", "7.0", "7.1", "Part 14")
        desk.sees_not("1.14")
        assert desk.app.screen.row.record == ("release", 2)


async def test_a_contract_is_renewed_from_its_customer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(driver, "POLICY", load("xnet"))
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        raj = stocked(desk)
        period = {"plan": "smp-1y", "start_on": "2025-12-01", "end_on": "2026-11-30", "number": "SMP-1"}
        book.add(raj, "contract", {"customer": "Acme Corp", **period})
        book.change(raj, "licence", 1, {"package": "SMP-1"})
        await desk.press("C", "r")
        desk.said("r renews a contract")
        desk.sees("smp-1y by SMP-1, ends in 9 days")
        await to(desk, "SMP-1")
        await desk.press("r")
        desk.sees("Renew SMP-1 of Acme Corp by", "USD 15.00")
        await desk.press("1", "y")
        desk.sees("ends in 9 days, renewed", "begins in 10 days", "2026-12-01 to 2027-11-30")
        await desk.press("u")
        desk.sees_not("renewed")


async def test_a_page_that_is_dear_to_read_is_not_read_at_every_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pace, "DEAR", 0)
    async with at_console(tmp_path, TICKETS, size=(120, 40)) as desk:
        raj = stocked(desk)
        await desk.press("C")
        for number in ("L-7", "L-8"):
            book.add(raj, "licence", {"customer": "Acme Corp", "product": "NETEX", "number": number})
            desk.arrives(ticket(f"about {number}"))
            await desk.passes(seconds=1)
            await desk.passes(seconds=1)
        desk.sees("L-7")
        desk.sees_not("L-8")
        await desk.passes(seconds=pace.REST)
        await desk.passes(seconds=1)
        desk.sees("L-8")


async def test_the_bottom_line_tells_the_keys_of_what_is_open(tmp_path: Path):
    async with at_console(tmp_path, TICKETS, size=(120, 40)) as desk:
        stocked(desk)
        await desk.press("C")
        assert "x remove" in desk.footer
        await desk.press("a", "2")
        assert "Ctrl-D to the buttons" in desk.footer and "remove" not in desk.footer
        await desk.press("escape")
        assert "x remove" in desk.footer or "draft" in desk.footer
        await desk.press("j")
        assert "x remove" in desk.footer
