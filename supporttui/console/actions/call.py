"""On the telephone: a call goes on record, and what the customer may know is there to be read out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from supporttui.console.dialogs.call import CallForm
from supporttui.console.dialogs.form import Filled, Form
from supporttui.console.widgets.drop_list import Candidate
from supporttui.console.work import Job, Target, Work
from supporttui.desk import caller, calls, known, status_answer
from supporttui.desk import look as looking
from supporttui.desk.customers import digits_of
from supporttui.desk.session import Desk
from supporttui.desk.status_answer import StatusAnswer
from supporttui.errors import SupportError, UsageError
from supporttui.store.records import Ticket
from supporttui.when import parse_instant

KIND = "call"
LEAST_DIGITS = 3


async def call(work: Work) -> None:
    await call_on(work, work.target())


class _Known(NamedTuple):
    ticket: Ticket
    phone: str
    person: str


def _known(desk: Desk, number: int) -> _Known:
    ticket = looking.ticket(desk, number, journal_limit=1).ticket
    return _Known(ticket, *calls.call_back(desk, number))


async def call_on(work: Work, target: Target) -> bool:
    """The form for a call about a ticket, with what was left in it; whether it was written."""
    number = target.number
    found = await work.read(lambda desk: _known(desk, number))
    if found is None:
        return False
    draft = work.draft(number, KIND)
    filled = {"person": found.person, "phone": found.phone, "at": _minute(work)}
    values = {name: str(value) for name, value in draft.data.items()} if draft else filled

    async def enter(button: str, given: Mapping[str, str]) -> str:
        return await _enter(work, number, button, given)

    dialog = work.app.dialog(CallForm)
    answer = await work.ask(
        dialog.prepare(
            work.heading("A call about", (target,)),
            _form(work, found.ticket, values),
            enter,
            ticket=number,
            known={} if draft else filled,
        )
    )
    if answer == "sent":
        await work.drop_draft(number, KIND)
        return True
    if answer == "left":
        left = dialog.to_keep()
        await work.keep_draft(number, KIND, "", left)
        if left:
            work.app.say(f"{number}: the call is kept as a draft; the same key or D goes on with it")
    return False


def _minute(work: Work) -> str:
    """The time at which the telephone was picked up, as one reads it the next day too."""
    return f"{work.app.shift.now().astimezone(work.app.zone):%Y-%m-%d %H:%M}"


async def _enter(work: Work, number: int, button: str, given: Mapping[str, str]) -> str:
    """Write the call; what went wrong, "" for success.

    A call was made whatever the ticket has become meanwhile, so no version is compared.
    """
    now, zone = work.app.shift.now(), work.app.zone
    try:
        at = parse_instant(given["at"], now=now, zone=zone) if given.get("at") else None
    except UsageError as error:
        return str(error)

    def act(job: Job) -> Ticket:
        return calls.call(
            job.desk,
            job.number,
            given.get("text", ""),
            way="in" if button == "in" else "out",
            phone=given.get("phone", ""),
            person=given.get("person", ""),
            reached=button != "none",
            at=at,
            batch=job.batch,
        )

    return await work.write("the call", (Target(number, None),), act, said=f"{number}: call written")


# -- who it is ------------------------------------------------------------------------------------


def _form(work: Work, ticket: Ticket, values: Mapping[str, str]) -> Form:
    customer = ticket.customer

    async def ask(name: str, typed: str, _values: Mapping[str, str]) -> Sequence[Candidate]:
        try:
            return await work.app.link.run(lambda desk: _candidates(desk, name, typed, customer))
        except SupportError:
            return ()

    async def tell(name: str, filled: Mapping[str, str]) -> Filled:
        try:
            return Filled(await work.app.link.run(lambda desk: _told(desk, name, filled, ticket)))
        except SupportError:
            return Filled()

    names = frozenset({"person", "phone"})
    return Form(values=values, completes=names, listing=names, ask=ask, knows=names, tell=tell)


def _candidates(desk: Desk, name: str, typed: str, customer: str) -> list[Candidate]:
    """Contacts of the customer: by their name, or by the digits that are typed, in whatever form."""
    if name == "person":
        return [Candidate(one) for one in known.candidates(desk, "contact", typed, customer=customer)]
    dossier, digits = caller.read(desk, customer) if customer else None, digits_of(typed)
    if dossier is None or 0 < len(digits) < LEAST_DIGITS:
        return []
    return [
        Candidate(one.phone, one.name)
        for one in dossier.contacts
        if one.phone and digits in digits_of(one.phone)
    ]


def _told(desk: Desk, name: str, filled: Mapping[str, str], ticket: Ticket) -> dict[str, str]:
    """The number of who is named, or whose number it is."""
    if name == "phone":
        return {"person": calls.known_by(desk, ticket, filled.get("phone", ""))}
    person = known.about_contact(desk, ticket.customer, filled.get("person", ""))
    return {"phone": person.phone if person else ""}


# -- what the customer may know -------------------------------------------------------------------


async def answer(work: Work) -> None:
    """The page to read out, until somebody leaves it; from there the call goes on record."""
    from supporttui.console.screens.answer import CALL, AnswerPage

    target = work.target()
    served = work.app.reader.served
    found = await work.read(lambda desk: _told_to(desk, target.number))
    if found is None:
        return
    page = work.app.dialog(AnswerPage).prepare(found[0], served, found[1])
    if await work.ask(page) == CALL:
        await call_on(work, target)


def _told_to(desk: Desk, number: int) -> tuple[StatusAnswer, str]:
    """The answer, and whom it is for: who calls is asked before it is read out."""
    ticket = looking.ticket(desk, number, journal_limit=1).ticket
    return status_answer.answer(desk, number), ", ".join(filter(None, (ticket.contact, ticket.customer)))
