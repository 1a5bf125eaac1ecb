"""Verbs that change a ticket by one choice or one line: severity, status, owner, tags, acknowledge, close."""

from __future__ import annotations

from datetime import datetime, timedelta

from supporttui.console.dialogs.choose import Choose
from supporttui.console.dialogs.line import AskLine
from supporttui.console.present.setting import severity_role
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Job, Target, Work
from supporttui.desk import attention, change, close, look
from supporttui.desk import undo as undoing
from supporttui.errors import UsageError
from supporttui.store.records import Ticket
from supporttui.when import local_text, parse_instant

PROMISE = timedelta(hours=1)  # what "next update by" is filled in with


async def severity(work: Work) -> None:
    targets = work.targets()
    facts, now = work.app.facts, work.screen.situation()
    options = [
        Option(
            str(number),
            name,
            key=str(number),
            note="now" if number == now.severity and len(targets) == 1 else facts.definitions.get(number, ""),
            role=severity_role(number),
        )
        for number, name in facts.severities.items()
    ]
    dialog = work.app.dialog(Choose).prepare(
        work.heading("Severity of", targets), options, index=max(0, now.severity - 1)
    )
    chosen = await work.ask(dialog)
    if chosen is not None:
        await work.tell(
            "severity",
            targets,
            lambda job: change.set_severity(
                job.desk, job.number, int(chosen), seen=job.seen, batch=job.batch
            ),
            said=f"{_named(targets)}: severity {chosen}",
        )


async def status(work: Work) -> None:
    targets = work.targets()
    now = work.screen.situation()
    statuses = now.moves if len(targets) == 1 else tuple(work.app.facts.choices.get("status", ()))
    options = [Option(name, name, key=str(at)) for at, name in enumerate(statuses, 1)]
    heading = work.heading("Status of", targets, f" ({now.status})")
    chosen = await work.ask(work.app.dialog(Choose).prepare(heading, options))
    if chosen is not None:
        await work.tell(
            "status",
            targets,
            lambda job: change.set_status(job.desk, job.number, chosen, seen=job.seen, batch=job.batch),
            said=f"{_named(targets)}: {chosen}",
        )


async def take(work: Work) -> None:
    await _own(work, work.targets(), work.app.shift.setting.actor)


async def assign(work: Work) -> None:
    targets = work.targets()
    known = await work.read(lambda desk: look.suggest(desk, "owner", "", 100)) or []
    dialog = work.app.dialog(AskLine).prepare(
        work.heading("Assign", targets),
        hint="a name; empty for nobody" + (f" (known: {', '.join(known[:6])})" if known else ""),
        known=known,
    )
    owner = await work.ask(dialog)
    if owner is not None:
        await _own(work, targets, owner.strip())


async def _own(work: Work, targets: tuple[Target, ...], owner: str) -> None:
    await work.tell(
        "owner",
        targets,
        lambda job: change.set_owner(job.desk, job.number, owner, seen=job.seen, batch=job.batch),
        said=f"{_named(targets)}: {'owner ' + owner if owner else 'nobody has it now'}",
    )


async def tag(work: Work) -> None:
    targets = work.targets()
    known = await work.read(lambda desk: look.suggest(desk, "tag", "", 100)) or []
    dialog = work.app.dialog(AskLine).prepare(
        work.heading("Tag", targets),
        hint="words to add, with a minus to remove: urgent -spam",
        check=lambda text: "" if text.split() else "write a tag, or press Esc",
        known=known,
    )
    words = await work.ask(dialog)
    if words is None:
        return
    add = [word for word in words.split() if not word.startswith("-")]
    remove = [word[1:] for word in words.split() if word.startswith("-")]
    await work.tell(
        "tags",
        targets,
        lambda job: change.tag(job.desk, job.number, add, remove, seen=job.seen, batch=job.batch),
        said=f"{_named(targets)}: tags {words.strip()}",
    )


async def acknowledge(work: Work) -> None:
    targets = work.targets()

    def until(text: str) -> datetime:
        return parse_instant(text, now=work.app.shift.now(), zone=work.app.zone)

    def check(text: str) -> str:
        if not text.strip():
            return "say by when, such as 45m or 16:00"
        try:
            at = until(text)
        except UsageError as error:
            return str(error)
        return "" if at > work.app.shift.now() else f"{local_text(at, work.app.zone)} is over already"

    dialog = work.app.dialog(AskLine).prepare(
        work.heading("Acknowledge", targets),
        hint="next update by when?  16:00, in 2h, tomorrow 9:00",
        value="in 1h",
        check=check,
    )
    text = await work.ask(dialog)
    if text is None:
        return
    at = until(text)
    await work.tell(
        "acknowledge",
        targets,
        lambda job: attention.acknowledge(job.desk, job.number, at, seen=job.seen, batch=job.batch),
        said=f"{_named(targets)}: acknowledged, next update by {local_text(at, work.app.zone)}",
    )


async def escalate(work: Work) -> None:
    targets = work.targets()
    options = (
        Option("no", "No, leave it", key="n"),
        Option("yes", "Yes, tell the next role now", key="y", role="overdue"),
    )
    heading = work.heading("Escalate", targets)
    chosen = await work.ask(
        work.app.dialog(Choose).prepare(
            heading, options, hint="this can't be undone: whoever is told is told"
        )
    )
    if chosen == "yes":
        await work.tell(
            "escalate",
            targets,
            lambda job: attention.escalate(job.desk, job.number, seen=job.seen, batch=job.batch),
            said=f"{_named(targets)}: escalated",
        )


async def close_ticket(work: Work) -> None:
    """Resolve, close or reopen, with or without a text."""
    from .write import closing_text

    targets = work.targets()
    now = work.screen.situation()
    ended = not now.open and len(targets) == 1
    one = "" if len(targets) == 1 else "write to one ticket at a time"
    options = (
        Option("no", "Nothing, leave it", key="n"),
        Option("resolve", "Resolve", key="r", why="it is over already" if ended else ""),
        Option(
            "say", "Resolve and tell the customer how…", key="t", why="it is over already" if ended else one
        ),
        Option("close", "Close", key="c", why="it is closed" if now.status == "closed" and ended else ""),
        Option("reopen", "Reopen", key="o", why="" if ended or len(targets) > 1 else "it is open"),
    )
    chosen = await work.ask(work.app.dialog(Choose).prepare(work.heading("Close", targets), options))
    acts = {"resolve": _resolve, "close": _close, "reopen": _reopen}
    if chosen == "say":
        await closing_text(work, targets[0])
    elif chosen in acts:
        ends = {"resolve": "resolved", "close": "closed", "reopen": "open again"}
        await work.tell(chosen, targets, acts[chosen], said=f"{_named(targets)}: {ends[chosen]}")


def _resolve(job: Job) -> Ticket:
    return close.resolve(job.desk, job.number, seen=job.seen, batch=job.batch)


def _close(job: Job) -> Ticket:
    return close.close(job.desk, job.number, seen=job.seen, batch=job.batch)


def _reopen(job: Job) -> Ticket:
    return close.reopen(job.desk, job.number, seen=job.seen, batch=job.batch)


async def undo(work: Work) -> None:
    await _back(work, "undo")


async def redo(work: Work) -> None:
    await _back(work, "redo")


async def _back(work: Work, which: str) -> None:
    verb = undoing.undo if which == "undo" else undoing.redo

    def both(desk: object) -> object:
        undone = verb(desk)  # type: ignore[arg-type]
        return undone, work.outcome(desk, undone.numbers)  # type: ignore[arg-type]

    result = await work.do(which, both)
    if result is not None:
        undone, outcome = result
        work.settle(outcome)
        work.app.say(undone.description, "good")


def _named(targets: tuple[Target, ...]) -> str:
    return str(targets[0].number) if len(targets) == 1 else f"{len(targets)} tickets"
