"""Canned replies while a text is written."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable

from supporttui.console.dialogs.templates import Templates
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Work
from supporttui.desk import known_hints, templates
from supporttui.store.records import Ticket

WHOSE = {"own": "your own", "shared": "the desk's", "shipped": ""}


def inserter(work: Work, ticket: Ticket, kind: str) -> Callable[[], Awaitable[str | None]]:
    """A function that has a template chosen and answers its text, filled in from the ticket."""

    async def insert() -> str | None:
        # The files are read anew each time: a colleague may just have written one.
        library = await asyncio.to_thread(templates.load, work.app.template_folders)
        setting = work.app.shift.setting
        facts = templates.facts_of(
            ticket,
            me=setting.actor,
            desk=setting.desk_name,
            severity=setting.severity(ticket.severity),
            zone=setting.zone,
        )
        known = {one.name: one for one in library.templates if one.fits(kind)}
        texts = await _workarounds(work, ticket.number) if kind != "note" else {}
        dialog = work.app.dialog(Templates).prepare(
            [
                *(Option(name, f"Workaround of {name}", note="known error") for name in texts),
                *(Option(one.name, one.title, note=WHOSE.get(one.origin, "")) for one in known.values()),
            ],
            lambda name: texts.get(name) or templates.fill(known[name], facts),
            fault=_fault(library),
        )
        name = await work.ask(dialog)
        if name in texts:
            return texts[name]
        return templates.fill(known[name], facts) if name in known else None

    return insert


async def _workarounds(work: Work, number: int) -> dict[str, str]:
    """K12 → the workaround of a known error that the ticket is about, or likely about."""
    hints = await work.read(lambda desk: known_hints.of_ticket(desk, number)) or ()
    found = {one.known.name: one.known.record.workaround.strip() for one in hints}
    return {name: text for name, text in found.items() if text}


def _fault(library: templates.Library) -> str:
    if not library.faults:
        return ""
    more = len(library.faults) - 1
    first = library.faults[0]
    return f"{os.path.basename(first.path)}{str(first).removeprefix(str(first.path))}" + (
        f" (and {more} more: supporttui templates --check)" if more else ""
    )
