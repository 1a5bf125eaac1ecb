"""Keys do the same however fast they come: a row of keys in one packet ends as it does with a rest after each.

Over a slow line, or from fast hands, the next key is there before the dialog, the list or the ticket
that it was typed for.  One that is lost, or that goes to what was there before, makes those behind it
act on another ticket.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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


async def after(folder: Path, keys: tuple[str, ...], *, at_once: bool) -> dict[str, Any]:
    """What the store and the screen hold when these keys were pressed."""
    folder.mkdir(mode=0o700)
    async with at_console(folder, TICKETS, size=(120, 40)) as desk:
        await (desk.rushes if at_once else desk.press)(*keys)
        return {
            "journals": {number: entries(desk, number) for number in desk.numbers()},
            "cursor": desk.queue.cursor,
            "screen": type(desk.app.screen).__name__,
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
