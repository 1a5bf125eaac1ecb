"""Who takes part in a ticket beside its contact: who may write to it by mail, and gets its replies."""

from __future__ import annotations

from collections.abc import Sequence

from supporttui.console.dialogs.line import AskLine
from supporttui.console.work import Job, Target, Work
from supporttui.desk import participants
from supporttui.desk.act import fetch, transaction
from supporttui.errors import UsageError
from supporttui.store.records import Ticket

SHOWN = 3  # addresses in the line above the field
OFFERED = 50  # in the list below it


async def people(work: Work) -> None:
    target = work.target()
    found = await work.read(lambda desk: [one.email for one in participants.of(desk, target.number)])
    if found is None:
        return
    dialog = work.app.dialog(AskLine).prepare(
        work.heading("Who takes part in", (target,)),
        hint=f"now {_there(found)}; an address adds, -address removes",
        check=_wrong,
        known=found[:OFFERED],
        words=True,
    )
    words = await work.ask(dialog)
    if words is not None:
        await work.apply("people", (target,), words.strip())


def _there(found: Sequence[str]) -> str:
    """ "nobody", "x@y.example", "3: x@y.example, …"."""
    if len(found) < 2:
        return found[0] if found else "nobody"
    return f"{len(found)}: {', '.join(found[:SHOWN])}{', …' if len(found) > SHOWN else ''}"


def _wrong(text: str) -> str:
    """Why nothing can be done with what is typed, "" when it can."""
    if not text.split():
        return "an address adds, -address removes; Esc leaves"
    try:
        for word in text.split():
            participants.address_of(word.removeprefix("-"))
    except UsageError as error:
        return str(error)
    return ""


async def set_people(work: Work, targets: Sequence[Target], argument: str) -> bool:
    """argument: addresses to add, those with a minus to remove."""
    if wrong := _wrong(argument):
        raise UsageError(wrong)

    def act(job: Job) -> Ticket:
        with transaction(job.desk):
            for word in argument.split():
                if word.startswith("-"):
                    participants.remove(job.desk, job.number, word[1:], batch=job.batch)
                else:
                    participants.add(job.desk, job.number, word, batch=job.batch)
            return fetch(job.desk, job.number)

    number = targets[0].number
    return await work.tell("people", targets[:1], act, said=f"{number}: takes part {argument}")
