"""Known errors in the console: beside the ticket, in the report form, as pages, and what is done from there."""

from __future__ import annotations

from pathlib import Path

import pytest

from supporttui.desk import book, change, known_errors
from supporttui.store import book as rows
from tests.console.driver import Console, at_console, ticket

HOSTILE = "\x1b]0;owned\x07[bold]NETEX abends at start[/] \u202egnihtemos"


def shelf(desk: Console) -> int:
    """NETEX with a release to come and one known error that has a workaround."""
    other = desk.colleague("mei")
    book.add(other, "product", {"name": "NETEX"})
    book.add(other, "release", {"product": "NETEX", "name": "7.3"})
    values = {"product": "NETEX", "title": "NETEX abends at start", "symptom": "S0C4 in NTXINIT",
              "workaround": "Start it twice.", "state": "workaround", "found_in": "7.1, 7.2"}  # fmt: skip
    return known_errors.add(other, values).id


ABEND = ticket("NETEX abended when starting", product="NETEX", release="7.1")


async def begin(desk: Console) -> int:
    known = shelf(desk)
    await desk.press("R")
    if desk.app.triage.number and desk.app.size.width < 100:
        await desk.press("enter")  # there is no room for it beside the list
    return known


async def test_a_likely_one_stands_beside_the_ticket_until_it_is_linked(
    tmp_path: Path, size: tuple[int, int]
):
    async with at_console(tmp_path, (ABEND,), size=size) as desk:
        await begin(desk)
        desk.sees("known error? K1 NETEX abends at start: workaround")
        await desk.press("K")
        desk.sees(
            "Known error K1 for 1", "likely: both say abend, start", "S0C4 in NTXINIT", "Start it twice."
        )
        await desk.press("l")
        desk.sees("the ticket is about it", "1 from 1 customer, 1 open: 1")
        await desk.press("q")
        desk.sees("known error K1 NETEX abends at start: workaround")
        desk.sees_not("known error?")
        await desk.press("u")
        desk.sees("known error? K1")
        assert rows.known_of(desk.colleague().store, 1) == []


async def test_the_workaround_goes_into_a_reply(tmp_path: Path):
    async with at_console(tmp_path, (ABEND,), size=(80, 24)) as desk:
        await begin(desk)
        await desk.press("K", "w")
        desk.sees("Reply to the customer, 1", "Start it twice.", "Send workaround")
        await desk.press("tab", "right", "right", "enter")
        entry = next(one for one in desk.journal(1) if one.kind == "reply")
        assert (entry.text, entry.data.get("workaround")) == ("Start it twice.", True)
        assert rows.known_of(desk.colleague().store, 1) == [1], (
            "who sends it says that the ticket is about it"
        )


async def test_a_workaround_that_is_not_sent_links_nothing(tmp_path: Path):
    async with at_console(tmp_path, (ABEND,), size=(80, 24)) as desk:
        await begin(desk)
        await desk.press("K", "w", "escape")
        desk.said("reply kept as a draft")
        assert rows.known_of(desk.colleague().store, 1) == []


async def test_it_is_offered_among_the_canned_replies(tmp_path: Path):
    async with at_console(tmp_path, (ABEND,), size=(80, 24)) as desk:
        await begin(desk)
        await desk.press("r", "ctrl+t")
        desk.sees("Workaround of K1")
        await desk.press("enter")
        desk.sees("Start it twice.")


async def test_nothing_is_said_where_nothing_fits(tmp_path: Path):
    async with at_console(
        tmp_path, (ticket("printer is out of paper", product="NETEX"),), size=(80, 24)
    ) as desk:
        await begin(desk)
        desk.sees_not("known error")
        await desk.press("K")
        desk.sees("Known errors, for 1", "K1 workaround", "Make one from 1")


async def test_one_is_made_from_the_ticket_and_linked_to_it(tmp_path: Path):
    async with at_console(
        tmp_path, (ticket("Spool fills up overnight", product="NETEX"),), size=(80, 24)
    ) as desk:
        await begin(desk)
        await desk.press("K")
        await desk.type("spool")
        await desk.press("enter")
        desk.sees("New known error", "Spool fills up overn", "reported")
        await desk.press("ctrl+d", "enter")
        desk.sees("Known error K2 for 1", "the ticket is about it")
        await desk.press("q", "escape")
        desk.sees("known error K2 Spool fills up overnight: only reported")


async def test_all_of_them_are_narrowed_by_typing_and_read(tmp_path: Path, size: tuple[int, int]):
    async with at_console(tmp_path, (), size=size) as desk:
        await begin(desk)
        await desk.verb("known")
        desk.sees("Known errors", "1 known", "K1 workaround")
        await desk.type("ntxinit")
        desk.sees("K1 workaround")
        await desk.press("enter")
        desk.sees("Known error K1", "Found in", "7.1, 7.2")
        desk.sees_not("likely", "not linked")
        await desk.press("q")
        desk.sees("Known errors")
        await desk.press("escape")
        desk.sees_not("Known errors")


async def test_it_is_corrected_from_the_page(tmp_path: Path):
    async with at_console(tmp_path, (), size=(80, 24)) as desk:
        known = await begin(desk)
        await desk.verb("known")
        await desk.press("enter", "e")
        desk.sees("Edit", "NETEX abends at start")
        await desk.press("escape")
        other = desk.colleague()
        known_errors.set_values(other, known, {"fixed_in": "7.3"})
        await desk.press("e")
        desk.sees("planned", "7.3")


async def test_the_report_form_names_a_likely_one_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from supporttui.console.dialogs import report

    monkeypatch.setattr(report, "REST", 0.002)
    async with at_console(tmp_path, (), size=(80, 24)) as desk:
        await begin(desk)
        await desk.press("n")
        await desk.type("abends again at start")
        desk.sees_not("known error?")
        form = desk.app.screen
        field = form.query_one("#product")
        field.focus()
        await desk.settled()
        await desk.type("NETEX")
        await desk.press("tab")
        await until_known(desk)
        desk.sees("known error? K1 NETEX abends at start: workaround")


async def until_known(desk: Console) -> None:
    """The typing rests, then the store is asked: wait for the answer."""
    import asyncio
    import time

    limit = time.monotonic() + 10
    while "known error?" not in desk.screen and time.monotonic() < limit:
        await asyncio.sleep(0.01)
        await desk.settled()


async def test_what_it_says_is_inert(tmp_path: Path):
    async with at_console(tmp_path, (ABEND,), size=(80, 24)) as desk:
        known = await begin(desk)
        other = desk.colleague()
        known_errors.set_values(other, known, {"title": HOSTILE, "symptom": HOSTILE, "workaround": HOSTILE})
        known_errors.link(other, 1, known)
        await desk.press("R")
        desk.sees("known error K1")
        await desk.press("K")
        assert "\x1b" not in desk.screen and "\u202e" not in desk.screen
        desk.sees("[bold]NETEX abends at start[/]")
        await desk.press("/")
        assert "\x1b" not in desk.screen and "\u202e" not in desk.screen


async def test_what_a_colleague_changes_comes_onto_the_page(tmp_path: Path):
    async with at_console(tmp_path, (ABEND,), size=(80, 24)) as desk:
        known = await begin(desk)
        await desk.press("K")
        desk.sees("Start it twice.")
        known_errors.set_values(
            desk.colleague(), known, {"workaround": "Start it thrice.", "fixed_in": "7.3"}
        )
        await desk.beat()
        await desk.beat()
        desk.sees("Start it thrice.", "planned", "NETEX 7.3")


async def test_the_owner_hears_at_the_console_that_the_correction_is_out(tmp_path: Path):
    async with at_console(tmp_path, (ABEND,), size=(80, 24)) as desk:
        known = await begin(desk)
        other = desk.colleague()
        change.set_owner(other, 1, "ana")
        known_errors.link(other, 1, known)
        known_errors.set_values(other, known, {"fixed_in": "7.3"})
        book.change(other, "release", book.find(other, "release", "NETEX 7.3").id, {"released_on": "today"})
        await desk.beat()
        await desk.beat()
        desk.said("1 NETEX 7.3 is out: corrects K1")
        await desk.press("R")
        desk.sees("known error K1 NETEX abends at start: fixed in 7.3", "NETEX 7.3 is out: corrects K1")
