"""Keys do the same however fast they come: a row of keys in one packet ends as it does with a rest after each.

Over a slow line, or from fast hands, the next key is there before the dialog, the list or the ticket
that it was typed for.  One that is lost, or that goes to what was there before, makes those behind it
act on another ticket.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from supporttui.demo.arrivals import file_comes, mail_comes
from supporttui.desk import attachments, book, participants
from supporttui.desk.book.fields import fields_of
from supporttui.desk.files import blobs_of
from supporttui.policy import load
from tests.console import driver
from tests.console.driver import Console, at_console, sev1, ticket

TICKETS = (
    ticket("wrong byte count in the log", severity=4),
    ticket("transfers restart several times", severity=2, customer="Initech"),
    ticket("HyperIP tunnel drops", owner="raj", customer="Globex"),
    sev1("NETEX crashes z/OS when starting", contact="J. Ortiz"),
)

# One for each way in which a key can be late for what it is for.
WALKS: dict[str, tuple[str, ...]] = {
    "a list that is narrowed": ("/", *"trans", "enter", "x", "3"),
    "a list that is asked for": ("f", *"sev:4", "enter", "x", "3"),
    "another view": ("]", "]", "j", "x", "3"),
    "a number": ("#", "2", "enter", "x", "3"),
    "the line": (":", *"severity 2", "enter", "j", "x", "3"),
    "a dialog of the line": (":", *"note", "enter", *"close it", "tab", "enter", "j", "x", "3"),
    "the palette": ("p", *"note", "enter", *"jjj x", "tab", "enter", "j", "x", "3"),
    "a second dialog": ("c", "r", *"it was the tape", "tab", "enter", "j", "x", "3"),
    "a dialog over a text": ("r", "ctrl+t", "escape", *"words", "tab", "enter", "j", "x", "3"),
    "an answer that is looked up": ("L", "2", "enter", "enter", "j", "x", "3"),
}
LONG: dict[str, tuple[str, ...]] = {
    "a note": ("i", *"close, escalate", "tab", "enter", "j", "x", "3"),
    "a reply that waits": ("r", *"we see it", "tab", "right", "enter", "j"),
    "a note that is left and gone on with": ("i", *"one", "escape", "i", *" two", "tab", "enter"),
    "a dialog that is left": ("x", "escape", "j", "x", "3"),
    "an owner": ("O", *"raj", "enter", "j", "j", "x", "3"),
    "the page of keys": ("?", *"severity", "enter", "2", "j", "x", "3"),
    "panes": ("2", "j", "1", "j", "tab", "j", "x", "3"),
    "a ticket opened and left": ("enter", "j", "j", "q", "j", "x", "3"),
    "marks": ("space", "j", "space", "x", "3"),
    "marks and a question": ("space", "j", "space", "o", "y", "j"),
    "an acknowledgement": ("a", "ctrl+u", *"in 2h", "enter", "j", "x", "3"),
    "a tag": ("t", *"urgent", "enter", "j", "x", "3"),
    "a report": ("n", *"tape drive", "tab", "ctrl+d", "enter"),
    "a report and what follows": ("n", *"tape drive", "tab", "ctrl+d", "enter", "j", "x", "3"),
    "fields by Enter": ("n", *"tape drive", "enter", *"3", "ctrl+d", "enter"),
    "fields of a ticket": ("e", "ctrl+u", *"new words", "ctrl+d", "enter", "enter"),
    "an escalation": ("E", "y", "j", "x", "3"),
    "effort": ("T", *"1h", "enter", "j", "x", "3"),
    "the handover": ("H", "j", "q", "j", "x", "3"),
    "the wall": ("w", "q", "j", "x", "3"),
    "messages": ("m", "q", "j", "x", "3"),
    "a customer": ("C", "q", "j", "x", "3"),
    "a merge": ("M", "2", "enter", "enter", "j"),
    "a draft": ("i", *"half", "escape", "D", "enter", *" more", "tab", "enter"),
    "what was said before": ("r", "ctrl+o", "j", "ctrl+o", *"words", "tab", "enter"),
    "a copy that is left": ("y", "escape", "j", "x", "3"),
    "once more": ("x", "3", "j", "."),
}


# The same for what is looked up in the book and written there, and for known errors and worked time.
BOOK: dict[str, tuple[str, ...]] = {
    "a record that is added": ("C", "a", "2", *"NETEX", "tab", *"L-9", "ctrl+d", "enter", "q", "j", "x", "1"),
    "a record that is removed": ("C", "/", *"l-1", "enter", "x", "y", "j", "q", "j", "x", "1"),
    "a page that is narrowed": ("C", "/", *"hyp", "enter", "enter", "escape", "q", "j", "x", "1"),
    "a product": ("P", "j", "a", "1", *"9.9", "ctrl+d", "enter", "q", "j", "x", "1"),
    "a known error": ("K", *"tape", "enter", "l", "q", "j", "x", "1"),
    "the stopwatch": ("S", "j", "S", "j", "x", "1"),
    "time against the verdict": (
        "T",
        *"1h reading",
        "tab",
        "down",
        "enter",
        *"it was ours",
        "enter",
        "j",
        "x",
        "1",
    ),
}
BOOK_LONG: dict[str, tuple[str, ...]] = {
    "another customer, one row down": ("C", "C", *"0", "down", "enter", "q", "j", "x", "1"),
    "another customer": ("C", "C", *"init", "enter", "q", "j", "x", "1"),
    "a new customer": ("C", "C", *"Umbrella", "down", "enter", "ctrl+d", "enter", "q", "j", "x", "1"),
    "a record that is edited": ("C", "/", *"l-1", "enter", "enter", "tab", "tab", "ctrl+u", *"L-7", "ctrl+d", "enter", "u", "q", "j", "x", "1"),
    "a record that is left and forgotten": ("C", "a", "2", *"NET", "ctrl+d", "right", "right", "enter", "j", "q", "j", "x", "1"),
    "a record that is kept as a draft": ("C", "a", "2", *"NET", "escape", "q", "D", "enter", *"EX", "ctrl+d", "enter", "j", "x", "1"),
    "a record that can't be saved": ("C", "a", "2", *"none", "ctrl+d", "enter", "escape", "q", "j", "x", "1"),
    "undo on a page": ("C", "/", *"l-1", "enter", "x", "y", "u", "U", "u", "q", "j", "x", "1"),
    "a copy from a page": ("C", "j", "y", "j", "q", "j", "x", "1"),
    "products from a customer": ("C", "P", "j", "j", "q", "j", "q", "j", "x", "1"),
    "a product that is edited": ("P", "e", "ctrl+u", *"BFX", "ctrl+d", "enter", "q", "j", "x", "1"),
    "who pays": ("W", "j", "j", "q", "j", "x", "1"),
    "who pays, and the customer": ("W", "C", "j", "q", "q", "j", "x", "1"),
    "renewals": ("$", "j", "enter", "q", "q", "j", "x", "1"),
    "a renewal": ("$", "r", "1", "y", "q", "j", "x", "1"),
    "a renewal that is left": ("$", "r", "escape", "q", "j", "x", "1"),
    "the customer of a renewal": ("$", "C", "j", "q", "q", "j", "x", "1"),
    "a renewal on the customer's page": ("C", "/", *"smp", "enter", "r", "1", "y", "q", "j", "x", "1"),
    "known errors by their name": (":", *"known", "enter", *"tape", "enter", "q", "escape", "j", "x", "1"),
    "a workaround": ("K", *"tape", "enter", "w", "tab", "enter", "j", "x", "1"),
    "a known error that is edited": ("K", *"tape", "enter", "e", "tab", "ctrl+u", *"stuck tape", "ctrl+d", "enter", "q", "escape", "j", "x", "1"),
    "a new known error": ("K", "down", "enter", "ctrl+d", "enter", "q", "escape", "j", "x", "1"),
    "the stopwatch logged": ("S", "T", *" tape", "enter", "j", "x", "1"),
    "the stopwatch on the line": ("S", ":", *"timer discard", "enter", "j", "x", "1"),
    "a reason that is left": ("T", *"1h", "tab", "down", "enter", "escape", "enter", "j", "x", "1"),
    "a caller by telephone": ("n", *"tape drive", "enter", *"3", "enter", *"0142", "enter", "ctrl+d", "enter"),
}  # fmt: skip


# The same for what came in, and for what is told on the telephone.
INTAKE: dict[str, tuple[str, ...]] = {
    "items that are accepted": ("I", "a", "j", "a", "q", "j", "x", "1"),
    "an item that is read": ("I", "j", "enter", "x", "u", "j", "x", "q", "j", "x", "1"),
    "an item for another ticket": ("I", "t", "ctrl+u", "2", "enter", "j", "x", "q", "j", "x", "1"),
    "a file for another ticket": ("A", "j", "M", "2", "enter", "x", "y", "u", "q", "j", "x", "1"),
    "a call": ("l", *"it is worse", "tab", "enter", "j", "x", "1"),
    "who takes part": (":", *"people", "enter", *"x@y.example", "enter", "j", "x", "1"),
}
INTAKE_LONG: dict[str, tuple[str, ...]] = {
    "a sender who takes part": ("I", "A", "y", "x", "u", "q", "j", "x", "1"),
    "a sender who is blocked": ("I", "j", "j", "B", "y", "x", "q", "j", "x", "1"),
    "a block that is left": ("I", "j", "j", "B", "n", "x", "q", "j", "x", "1"),
    "an item that is merged": ("I", "j", "M", "ctrl+u", "3", "enter", "x", "u", "u", "q", "j", "x", "1"),
    "a number that there is not": ("I", "t", "ctrl+u", *"99", "enter", "escape", "x", "q", "j", "x", "1"),
    "undo and redo in the inbox": ("I", "x", "x", "u", "u", "U", "a", "q", "j", "x", "1"),
    "an item that is read and attached": ("I", "enter", "t", "ctrl+u", "2", "enter", "j", "x", "q", "j", "x", "1"),
    "an item and its ticket": ("I", "j", "o", "x", "1", "q", "j", "x", "1"),
    "an item that is read, and its ticket": ("I", "j", "enter", "o", "x", "1", "q", "j", "x", "1"),
    "folded": ("I", "-", "j", "enter", "j", "x", "+", "j", "x", "q", "j", "x", "1"),
    "all that waits": ("I", *"xxxxxxxx", "q", "j", "x", "1"),
    "a file that is read": ("A", "enter", "j", "q", "j", "x", "y", "q", "j", "x", "1"),
    "a file that is not saved": ("A", "s", "escape", "j", "x", "y", "u", "U", "q", "j", "x", "1"),
    "a file that is read and not saved": ("A", "enter", "s", "escape", "x", "y", "q", "j", "x", "1"),
    "a file that stays": ("A", "x", "n", "j", "x", "y", "q", "j", "x", "1"),
    "a file that is not there": ("A", "a", *"/no-such", "enter", "escape", "x", "y", "q", "j", "x", "1"),
    "a call that was made": ("l", *"it is worse", "tab", "right", "enter", "j", "x", "1"),
    "a call that is left and gone on with": ("l", *"one", "escape", "l", *" two", "tab", "enter", "j", "x", "1"),
    "a call by its fields": ("l", "shift+tab", "ctrl+u", *"14:05", "ctrl+d", "enter", "j", "x", "1"),
    "the status, and the call": ("Y", "j", "l", *"told them", "tab", "enter", "j", "x", "1"),
    "the status that is left": ("Y", "j", "q", "j", "x", "1"),
    "the status that is copied": ("Y", "y", "q", "j", "x", "1"),
    "nobody takes part any more": (":", *"people -pat@acme.example", "enter", "u", "j", "x", "1"),
    "who calls": ("n", *"down", "enter", "1", *("tab",) * 12, *"555 0199", "ctrl+d", "enter"),
    "once more for what came in": ("I", "x", "q", "x", "1", "j", "."),
}  # fmt: skip


def came_in(desk: Console) -> None:
    """Mails that wait, files that came, somebody who takes part."""
    door, acme = desk.colleague("mail"), "pat@acme.example"
    mail_comes(door, "mallory@elsewhere.example", "crashes", "Send me the dump.", about=4)
    mail_comes(door, "mara@globex.example", "Re: [3] tunnel", "It is down again.")
    mail_comes(door, "sales@bulk.example", "5000 leads", "Buy now.")
    file_comes(door, "dump.bin", b"SVC DUMP", place="globex")
    blobs = blobs_of(door)
    for number in (1, 2, 3, 4):
        for name in ("one.log", "two.log", "three.log"):
            attachments.add(door, number, blobs.put_bytes(name.encode()), name, blobs=blobs, source="upload")
        participants.add(door, number, acme)


def of_what_came_in(desk: Console) -> dict[str, Any]:
    """What was decided on, whose the files are, and who takes part."""
    from supporttui.store import book as store

    raj = desk.colleague("test")
    found = {
        kind: store.select(raj.store, kind)
        for kind in ("intake-item", "attachment", "participant", "sender-rule")
    }
    return {
        "items": [(one.kind, one.state, one.decided_by, one.ticket) for one in found["intake-item"]],
        "files": [(one.name, one.ticket, one.state) for one in found["attachment"]],
        "people": [(one.ticket, one.email) for one in found["participant"]],
        "blocked": [one.address for one in found["sender-rule"]],
    }  # fmt: skip


def stocked(desk: Console) -> None:
    """A customer with a licence and a package, products and a known error; a stopwatch that nobody started."""
    raj = desk.colleague("raj")
    for customer in ("Acme Corp", "Initech", "Globex"):
        book.add(raj, "customer", {"name": customer, "zone": "America/Chicago"})
    for product in ("NETEX", "HyperIP"):
        book.add(raj, "product", {"name": product})
        book.add(raj, "release", {"product": product, "name": "7.1", "released_on": "2026-03-10"})
    for customer in ("Acme Corp", "Initech", "Globex"):
        at = f"SMP-{customer[0]}"
        book.add(raj, "contract", {"customer": customer, "number": at, "plan": "smp-1y", "start_on": "2025-12-01", "end_on": "2026-11-30"})  # fmt: skip
        book.add(raj, "licence", {"customer": customer, "product": "HyperIP", "number": f"L-1{customer[0]}", "price": "USD 100", "package": at})  # fmt: skip
    book.add(raj, "known-error", {"product": "HyperIP", "title": "tape waits", "symptom": "a tape", "workaround": "restart it"})  # fmt: skip


def in_the_book(desk: Console) -> dict[str, Any]:
    """Every record as it is, the known errors of each ticket, and what is worked."""
    raj = desk.colleague("test")
    from supporttui.store import book as store
    from supporttui.store import worked

    kinds = ("customer", "product", "release", "licence", "contract", "known-error", "contact")
    found: dict[str, Any] = {
        kind: [
            {one.name: str(getattr(record, one.name)) for one in fields_of(kind)}
            for record in book.listed(raj, kind)
        ]
        for kind in kinds
    }
    found["of tickets"] = {number: store.known_of(raj.store, number) for number in desk.numbers()}
    found["watches"] = [(one.ticket, one.running) for one in worked.stopwatches(raj.store, "ana")]
    return found


async def after(
    folder: Path, keys: tuple[str, ...], *, at_once: bool, kept: bool = False, came: bool = False
) -> dict[str, Any]:
    """What the store and the screen hold when these keys were pressed."""
    folder.mkdir(mode=0o700)
    tickets = [replace(one, severity=min(one.severity or 3, 3)) if kept else one for one in TICKETS]
    async with at_console(folder, tickets, size=(120, 40)) as desk:
        if kept:
            stocked(desk)
            await desk.press("R")
        if came:
            came_in(desk)
            await desk.press("R", "g")
        await (desk.rushes if at_once else desk.press)(*keys)
        return {
            **(in_the_book(desk) if kept else {}),
            **(of_what_came_in(desk) if came else {}),
            "journals": {number: entries(desk, number) for number in desk.numbers()},
            "cursor": desk.queue.cursor,
            "screen": type(desk.app.screen).__name__,
            "said": [notice.text for notice in desk.app.shift.said] if kept or came else [],
            "drafts": sorted(desk.app.drafts),
        }


def entries(desk: Console, number: int) -> list[tuple[str, str, str]]:
    return [(entry.kind, entry.text, str(entry.data)) for entry in desk.journal(number)]


@pytest.mark.parametrize(
    "keys",
    [
        *(pytest.param(keys, id=name) for name, keys in WALKS.items()),
        *(pytest.param(keys, id=name, marks=pytest.mark.slow) for name, keys in LONG.items()),
    ],
)
async def test_keys_in_one_packet_do_what_they_do_one_by_one(tmp_path: Path, keys: tuple[str, ...]) -> None:
    slowly = await after(tmp_path / "slowly", keys, at_once=False)
    assert await after(tmp_path / "at once", keys, at_once=True) == slowly


@pytest.mark.parametrize(
    "keys",
    [
        *(pytest.param(keys, id=name) for name, keys in BOOK.items()),
        *(pytest.param(keys, id=name, marks=pytest.mark.slow) for name, keys in BOOK_LONG.items()),
    ],
)
async def test_keys_in_one_packet_do_the_same_in_the_book(
    tmp_path: Path, keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "POLICY", load("xnet"))  # it sells packages
    slowly = await after(tmp_path / "slowly", keys, at_once=False, kept=True)
    assert await after(tmp_path / "at once", keys, at_once=True, kept=True) == slowly


@pytest.mark.parametrize(
    "keys",
    [
        *(pytest.param(keys, id=name) for name, keys in INTAKE.items()),
        *(pytest.param(keys, id=name, marks=pytest.mark.slow) for name, keys in INTAKE_LONG.items()),
    ],
)
async def test_keys_in_one_packet_do_the_same_with_what_came_in(
    tmp_path: Path, keys: tuple[str, ...]
) -> None:
    slowly = await after(tmp_path / "slowly", keys, at_once=False, came=True)
    assert await after(tmp_path / "at once", keys, at_once=True, came=True) == slowly


async def test_esc_forgets_what_waits_for_a_list(tmp_path: Path) -> None:
    async with at_console(tmp_path, TICKETS, size=(80, 24)) as desk:
        desk.app.reader.awaited = True  # as while a search takes its time
        await desk.press("x")
        assert desk.app.performer.waiting is not None
        await desk.press("3", "escape")
        desk.app.reader.awaited = False
        desk.sees_not("Severity of")
        await desk.press("x")
        desk.sees("Severity of 4")
    assert desk.ticket(4).severity == 1
