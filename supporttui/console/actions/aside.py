"""Putting a ticket aside until later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from supporttui.console.dialogs.line import AskLine
from supporttui.console.work import Target, Work
from supporttui.desk import attention
from supporttui.errors import UsageError
from supporttui.when import local_text, parse_instant

from .limits import beyond
from .words import named


async def snooze(work: Work) -> None:
    """Aside until an instant; an empty line brings it back."""
    targets = work.targets()
    until = _snoozed_until(work, targets[0].number) if len(targets) == 1 else None
    aside = f"aside until {local_text(until, work.app.zone)}; " if until else ""

    def check(text: str) -> str:
        try:
            _instant(work, text)
        except UsageError as error:
            return str(error)
        return ""

    dialog = work.app.dialog(AskLine).prepare(
        work.heading("Put aside", targets),
        hint=f"{aside}until when?  in 4h"
        + ("; empty brings it back" if aside else ", tomorrow 8:00, mon 9:00"),
        value="" if aside else "tomorrow 8:00",
        check=check,
        verify=lambda text: beyond(work, targets, _instant(work, text), attention.latest_snooze),
    )
    text = await work.ask(dialog)
    if text is not None:
        await work.apply("snooze", targets, text)


async def snooze_until(work: Work, targets: Sequence[Target], text: str) -> bool:
    """Until the instant that a line says; an empty one brings the tickets back."""
    at = _instant(work, text)
    said = f"aside until {local_text(at, work.app.zone)}, clocks go on" if at else "back in the working views"
    return await work.tell(
        "snooze",
        targets,
        lambda job: attention.snooze(job.desk, job.number, at, seen=job.seen, batch=job.batch),
        said=f"{named(targets)}: {said}",
    )


def _instant(work: Work, text: str) -> datetime | None:
    """The instant ahead that a line says, None for an empty one.  Errors: UsageError."""
    if not text.strip():
        return None
    now, zone = work.app.shift.now(), work.app.zone
    at = parse_instant(text, now=now, zone=zone)
    if at <= now:
        raise UsageError(f"{local_text(at, zone)} is over already")
    return at


def _snoozed_until(work: Work, number: int) -> datetime | None:
    """Until when the ticket is aside, as far as the screen knows it; None when it isn't."""
    subject = work.screen.detail.subject
    until = subject.ticket.snoozed_until if subject and subject.ticket.number == number else None
    return until if until is not None and until > work.app.shift.now() else None
