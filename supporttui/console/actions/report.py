"""A new ticket, by the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from supporttui.console import editor
from supporttui.console.dialogs.form import Form
from supporttui.console.dialogs.report import ReportForm
from supporttui.console.work import Work
from supporttui.desk import report as reporting
from supporttui.desk.session import Desk
from supporttui.errors import SupportError, UsageError
from supporttui.store.records import Ticket
from supporttui.when import parse_instant

from .known import COMPLETED, TELLING, asker, teller


async def report(work: Work) -> None:
    """The form for a new ticket, with what was left in it; what happened may be written in the editor."""
    draft = work.draft(0, "report")
    values: Mapping[str, str] = dict(draft.data) if draft else {}
    dialog, error = work.app.dialog(ReportForm), ""

    async def enter(filled: Mapping[str, str]) -> str:
        return await _enter(work, filled)

    while True:
        answer = await work.ask(dialog.prepare(_form(work, values, error), enter))
        if answer != "editor":
            break
        values, error = await _elsewhere(work, dialog.values())
    if answer == "sent":
        await work.drop_draft(0, "report")
    elif answer == "left":
        left = dialog.values()
        await work.keep_draft(0, "report", "", left)
        if left:
            work.app.say("the report is kept as a draft: n goes on with it")


def _form(work: Work, values: Mapping[str, str], error: str) -> Form:
    return Form(
        values=values,
        required=work.app.facts.required,
        completes=COMPLETED,
        ask=asker(work),
        knows=TELLING,
        tell=teller(work),
        remark=_remark,
        error=error,
    )


async def _elsewhere(work: Work, values: Mapping[str, str]) -> tuple[Mapping[str, str], str]:
    """The form's fields with what happened as the editor left it, and what went wrong there."""
    await work.keep_draft(0, "report", "", values)

    def keep(text: str) -> tuple[int, str, str, dict[str, str]] | None:
        data = {**values, "description": text}
        return (0, "report", "", {name: value for name, value in data.items() if value.strip()})

    try:
        edited = await editor.edit(work.app, values.get("description", ""), "report", keep)
    except UsageError as error:
        return values, str(error)
    if edited.text is None:
        return values, edited.why
    return {**values, "description": edited.text}, ""


def _remark(values: Mapping[str, str]) -> str:
    """Nothing that is missing stops a report, a Severity 1 least of all."""
    number = values.get("severity", "").split(" ")[0]
    return (
        "a Severity 1 may be sent with what there is"
        if number == "1"
        else "it may be sent with what there is"
    )


async def _enter(work: Work, values: Mapping[str, str]) -> str:
    """Write the report; returns what is wrong with it, "" for success."""
    fields: dict[str, Any] = dict(values)
    severity, called = fields.pop("severity", ""), fields.pop("reported_at", "")
    if not fields.get("subject"):
        return "the subject is missing: say in one line what is wrong"
    now, zone = work.app.shift.now(), work.app.zone

    def enter(desk: Desk) -> Ticket | str:
        try:
            number = _severity(desk, severity)
            at = parse_instant(called, now=now, zone=zone) if called else None
            return reporting.report(desk, reporting.NewTicket(severity=number, reported_at=at, **fields))
        except SupportError as error:
            return str(error)

    said = len(work.app.shift.said)
    ticket = await work.do("the report", enter)
    if ticket is None:
        why = [notice.text for notice in tuple(work.app.shift.said)[said:]]
        return why[-1] if why else "it could not be saved: send again"
    if isinstance(ticket, str):
        return ticket
    work.app.reader.reported(ticket.number)
    work.app.reader.stale()
    work.app.say(
        f"{ticket.number} reported, severity {ticket.severity}; # {ticket.number} goes there", "good"
    )
    return ""


def _severity(desk: Desk, written: str) -> int | None:
    """The number of what was written: "2", "2 System highly impacted" or a name; None for nothing."""
    first = written.split(" ")[0]
    if not written:
        return None
    return desk.policy.severity(int(first) if first.isascii() and first.isdigit() else written).number
