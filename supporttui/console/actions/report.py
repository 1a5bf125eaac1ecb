"""A new ticket, by the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from supporttui.console import editor
from supporttui.console.dialogs.form import Form
from supporttui.console.dialogs.report import FIELDS, Aside, ReportForm
from supporttui.console.work import Work
from supporttui.desk import known_hints, reasoning
from supporttui.desk import report as reporting
from supporttui.desk.session import Desk
from supporttui.errors import SupportError, UsageError
from supporttui.store.records import Ticket
from supporttui.when import parse_instant

from .caller import COMPLETED, LISTING, TELLING, Caller

if TYPE_CHECKING:
    from supporttui.console.present.verdict import Closed
    from supporttui.desk.known_hints import KnownLine
    from supporttui.policy.verdict import Verdict


async def report(work: Work) -> None:
    """The form for a new ticket, with what was left in it; what happened may be written in the editor."""
    draft = work.draft(0, "report")
    values: Mapping[str, str] = dict(draft.data) if draft else {}
    dialog, error = work.app.dialog(ReportForm), ""

    async def enter(filled: Mapping[str, str]) -> str:
        return await _enter(work, filled)

    while True:
        answer = await work.ask(dialog.prepare(_form(work, values, error), enter, _aside(work)))
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


def _aside(work: Work) -> Aside:
    """What is owed, and whether anybody works on it now."""

    async def judge(values: Mapping[str, str]) -> Verdict | None:
        return await _judged(work, values)

    def closed(severity: str) -> tuple[int, Closed | None]:
        number = _number(work, severity)
        return number, work.app.shift.closed(number) if number else None

    return Aside(asked=work.app.facts.asked, judge=judge, closed=closed, known=partial(_known, work))


async def _known(work: Work, values: Mapping[str, str]) -> KnownLine | None:
    """The known error that a report may be about, None where none fits or none is kept."""
    product, subject, description = (values.get(name, "") for name in ("product", "subject", "description"))
    if not product or not (subject or description):
        return None
    try:
        return await work.app.link.run(
            lambda desk: known_hints.line_for(
                desk,
                product=product,
                release=values.get("release", ""),
                subject=subject,
                description=description,
            )
        )
    except SupportError:
        return None


async def _judged(work: Work, values: Mapping[str, str]) -> Verdict | None:
    """The verdict on what is in the form, None where nobody could tell: neither customer nor product is named."""
    if not (values.get("customer") or values.get("product")):
        return None
    fields: dict[str, Any] = {name: values.get(name, "") for name in reporting.SHORT_FIELDS}
    new = reporting.NewTicket(
        subject=values.get("subject", ""),
        severity=_number(work, values.get("severity", "")) or None,
        **fields,
    )
    try:
        return await work.app.link.run(lambda desk: reasoning.shown_for(desk, new))
    except SupportError:
        return None


def _form(work: Work, values: Mapping[str, str], error: str) -> Form:
    caller = Caller(work)
    return Form(
        values=values,
        required=work.app.facts.required,
        completes=COMPLETED | {"contact_phone"},
        ask=caller.ask,
        knows=TELLING,
        tell=caller.tell,
        remark=_remark,
        wrong=partial(_wrong, work),
        listing=LISTING,
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


def _wrong(work: Work, name: str, value: str) -> str:
    """Why a text can't stand in a field, "" where it can; the policy's words and the clock's, nothing of the store."""
    facts = work.app.facts
    if name == "severity" and not _number(work, value):
        return f"there is no severity '{value[:20]}'"
    if name == "environment" and facts.choices.get(name) and not _listed(value, facts.choices[name]):
        return f"the policy has no {name} '{value[:20]}'"
    if name == "reported_at":
        try:
            parse_instant(value, now=work.app.shift.now(), zone=work.app.zone)
        except UsageError as error:
            return str(error)
    return ""


def _listed(value: str, words: Sequence[str]) -> bool:
    return value.casefold() in (word.casefold() for word in words)


def _number(work: Work, written: str) -> int:
    """The number of a severity as it is written ("2", "2 System highly impacted", a name), 0 when it is none."""
    first, whole = written.split(" ")[0], " ".join(written.split()).casefold()
    for number, name in work.app.facts.severities.items():
        meant = first == str(number) and f"{number} {name}".casefold().startswith(whole)
        if meant or whole == name.casefold():
            return number
    return 0


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
    number = _number(work, severity) or None
    if severity and number is None:
        return f"there is no severity '{severity[:20]}'"
    now, zone = work.app.shift.now(), work.app.zone

    def enter(desk: Desk) -> Ticket | str:
        try:
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
    lacks = await work.read(lambda desk: reporting.missing(desk, ticket)) or ()
    labels = {one.name: one.label for one in (*FIELDS, ReportForm.TEXT)}
    still = f"; still missing: {', '.join(labels.get(one, one) for one in lacks)}" if lacks else ""
    work.app.say(
        f"{ticket.number} reported, severity {ticket.severity}{still}; # {ticket.number} goes there", "good"
    )
    return ""
