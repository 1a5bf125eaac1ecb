"""The page of renewals: what may be renewed until when, the quote, the renewal after a yes, and its undo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from supporttui.desk import book, contracts
from supporttui.policy import load
from tests.console import driver
from tests.console.driver import Console, at_console

# The desk's START is Saturday 21 November 2026 in Kuala Lumpur.


@pytest.fixture
def xnet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "POLICY", load("xnet"))


def sold(desk: Console) -> Any:
    """Packages in their last call, in their window, lapsed, and one that users were added to."""
    raj = desk.colleague("raj")
    book.add(raj, "product", {"name": "Exporter"})
    for customer, number, last, facts in (
        ("Acme Sdn Bhd", "C-1", "2026-11-30", {"price": "MYR 999.99"}),
        ("Banco del Río", "C-2", "2027-02-19", {"price": "USD 67,990", "users_added": "3"}),
        ("Perak Works", "C-3", "2026-11-01", {"price": "MYR 10"}),
        ("Hooli", "C-4", "2027-02-20", {"price": "MYR 10"}),
        ("Globex", "C-5", "2027-01-31", {}),
    ):
        book.add(raj, "customer", {"name": customer})
        period = {"number": number, "plan": "smp-1y", "start_on": "2026-01-01", "end_on": last}
        book.add(raj, "contract", {"customer": customer, **period})
        licence = {"customer": customer, "product": "Exporter", "number": f"L{number}", "package": number}
        book.add(raj, "licence", licence | facts)
    return raj


async def test_a_desk_without_contracts_learns_how_they_come(tmp_path: Path, xnet: None) -> None:
    async with at_console(tmp_path, size=(80, 24)) as desk:
        await desk.press("$")
        desk.sees("No package ends in the next 90 days", "supporttui contract import")
        await desk.press("r")
        desk.said("move to a package to renew it")
        await desk.press("q")
        desk.sees_not("No package ends")


async def test_a_policy_without_packages_says_so(tmp_path: Path) -> None:
    async with at_console(tmp_path, size=(80, 24)) as desk:
        await desk.press("$")
        desk.sees("the policy 'netex' sells no support packages")


@pytest.mark.parametrize("size", [(80, 24), (60, 20), pytest.param((160, 48), marks=pytest.mark.slow)])
async def test_the_page_tells_state_days_and_prices(
    tmp_path: Path, xnet: None, size: tuple[int, int]
) -> None:
    async with at_console(tmp_path, size=size) as desk:
        sold(desk)
        await desk.press("$")
        desk.sees("Last call", "in 9 d  C-1", "150.00", "May be renewed", "in 71 d  C-5", "in 90 d  C-2")
        desk.sees(
            "3 users added: not final, ask sales", "no purchase price: no price", "Lapsed", "20 d ago  C-3"
        )
        desk.sees_not("C-4")


async def test_a_package_is_renewed_after_a_yes_and_undone(tmp_path: Path, xnet: None) -> None:
    async with at_console(tmp_path, size=(80, 24)) as desk:
        raj = sold(desk)
        await desk.press("$", "r")
        desk.sees("Renew C-1 of Acme Sdn Bhd by", "SMP, one year: MYR 150.00", "1 Dec 2026 to 30 Nov 2027")
        await desk.press("2")
        desk.sees("Renew C-1 by SMP, two years, 1 Dec 2026 to 30 Nov 2028?", "Yes, for MYR 200.00")
        await desk.press("enter")  # No stands first
        assert contracts.offer(raj, 1).renewed_by is None
        await desk.press("r", "2", "y")
        desk.said("renewed C-1 by SMP, two years: 2026-12-01 to 2028-11-30")
        desk.sees_not("C-1  ")
        made = contracts.offer(raj, 1).renewed_by
        assert made is not None
        assert (str(made.price), made.end_on.isoformat()) == ("200.00", "2028-11-30")
        await desk.press("u")
        desk.sees("in 9 d  C-1")
        assert contracts.offer(raj, 1).renewed_by is None


async def test_what_a_colleague_renewed_is_not_renewed_again(tmp_path: Path, xnet: None) -> None:
    async with at_console(tmp_path, size=(80, 24)) as desk:
        raj = sold(desk)
        await desk.press("$", "r", "1")
        contracts.renew(raj, 1, "2")
        await desk.press("y")
        desk.said("is renewed already: C-1 runs from 2026-12-01 to 2028-11-30")
        assert len(book.listed(raj, "contract")) == 6


async def test_what_lapsed_is_refused_with_its_dates(tmp_path: Path, xnet: None) -> None:
    async with at_console(tmp_path, size=(120, 40)) as desk:
        sold(desk)
        await desk.press("$", "G", "r")
        desk.said("lapsed: a renewal had to be ordered by 2026-11-01")


async def test_the_quote_names_what_it_rests_on_and_leads_to_the_renewal(tmp_path: Path, xnet: None) -> None:
    async with at_console(tmp_path, size=(80, 24)) as desk:
        raj = sold(desk)
        await desk.press("$", "j", "j", "j", "enter")
        desk.sees("Quote for C-2: Banco del Río", "may be renewed from 21 Nov 2026 until 19 Feb 2027")
        desk.sees("total purchase price: USD 67,990.00", "not final: 3 users were added to Exporter (LC-2)")
        await desk.press("r", "1")
        desk.sees("Yes, and leave the price open")
        await desk.press("y")
        made = contracts.offer(raj, 2).renewed_by
        assert made is not None
        assert made.price is None


async def test_the_customers_page_leads_back_to_the_same_row(tmp_path: Path, xnet: None) -> None:
    async with at_console(tmp_path, size=(120, 40)) as desk:
        sold(desk)
        await desk.press("$", "j", "j", "C")
        desk.sees("Globex", "Licences  1")
        await desk.press("q")
        desk.sees("Last call")
        await desk.press("enter")
        desk.sees("Quote for C-5: Globex", "missing: the purchase price of Exporter (LC-5)")


async def test_what_others_do_appears_on_the_page(tmp_path: Path, xnet: None) -> None:
    async with at_console(tmp_path, size=(80, 24)) as desk:
        raj = sold(desk)
        await desk.press("$")
        contracts.renew(raj, 1, "1")
        await desk.passes(seconds=15)
        await desk.beat()
        desk.sees_not("C-1  ")


async def test_foreign_text_on_the_page_is_inert(tmp_path: Path, xnet: None) -> None:
    async with at_console(tmp_path, size=(80, 24)) as desk:
        raj = desk.colleague("raj")
        bad = "Evil\x1b]52;c;AAAA\x07[red]\u202e\n"
        for kind, values in (
            ("customer", {"name": bad}),
            ("contract", {"customer": 1, "plan": "smp-1y", "number": bad, "start_on": "2026-01-01", "end_on": "2026-12-01", "package": 1}),
            ("product", {"name": bad}),
            ("licence", {"customer": 1, "product": 1, "package": 1, "price": "10", "currency": "\x1b[2J", "number": bad, "edition": bad}),
        ):  # fmt: skip
            from supporttui.store import book as stored

            stored.insert(raj.store, kind, values)
        await desk.press("$")
        desk.sees("Evil")
        await desk.press("enter")
        desk.sees("Quote for", "[red]")
        await desk.press("r")
        for word in ("\x1b", "\u202e", "\x07"):
            assert word not in desk.screen
