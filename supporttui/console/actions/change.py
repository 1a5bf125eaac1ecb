"""Verbs that change a ticket by one choice or one line: severity, status, owner, tags, acknowledge, close.

Each is two functions: one asks and hands the answer to `work.apply`, the other
does it.  The second is also what the `:` line and `.` run, with no question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from supporttui.console.dialogs.choose import Choose
from supporttui.console.dialogs.line import AskLine
from supporttui.console.present.setting import severity_role
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Job, Outcome, Target, Work, named
from supporttui.desk import attention, change, close
from supporttui.desk import undo as undoing
from supporttui.desk.session import Desk
from supporttui.errors import UsageError
from supporttui.store.records import Ticket
from supporttui.terminal.safe import clean_line
from supporttui.when import local_text, parse_duration, parse_instant

from .known import completed
from .limits import beyond

PROMISE = "in 1h"  # what "next update by" is filled in with
NOBODY = "-"


async def severity(work: Work) -> None:
    targets = work.targets()
    facts, now = work.app.facts, work.screen.situation()
    options = [
        Option(
            str(number),
            f"{name} (now)" if number == now.severity and len(targets) == 1 else name,
            key=str(number),
            note=facts.definitions.get(number, ""),
            role=severity_role(number),
        )
        for number, name in facts.severities.items()
    ]
    dialog = work.app.dialog(Choose).prepare(
        work.heading("Severity of", targets), options, index=max(0, now.severity - 1)
    )
    chosen = await work.ask(dialog)
    if chosen is not None:
        await work.apply("severity", targets, chosen)


async def set_severity(work: Work, targets: Sequence[Target], argument: str) -> bool:
    """argument: the number of a severity."""
    number = int(argument)
    return await work.tell(
        "severity",
        targets,
        lambda job: change.set_severity(job.desk, job.number, number, seen=job.seen, batch=job.batch),
        said=f"{_named(targets)}: severity {number}",
    )


async def status(work: Work) -> None:
    targets = work.targets()
    now = work.screen.situation()
    statuses = now.moves if len(targets) == 1 else tuple(work.app.facts.choices.get("status", ()))
    options = [Option(name, name, key=str(at)) for at, name in enumerate(statuses, 1)]
    heading = work.heading("Status of", targets, f" ({now.status})")
    chosen = await work.ask(work.app.dialog(Choose).prepare(heading, options))
    if chosen is not None:
        await work.apply("status", targets, chosen)


async def set_status(work: Work, targets: Sequence[Target], argument: str) -> bool:
    """argument: the name of a status."""
    return await work.tell(
        "status",
        targets,
        lambda job: change.set_status(job.desk, job.number, argument, seen=job.seen, batch=job.batch),
        said=f"{_named(targets)}: {argument}",
    )


async def take(work: Work) -> None:
    await work.apply("take", work.targets(), "")


async def take_it(work: Work, targets: Sequence[Target], _argument: str) -> bool:
    """It needs no argument: who sits here is known."""
    return await _own(work, targets, work.app.shift.setting.actor)


async def assign(work: Work) -> None:
    targets = work.targets()
    dialog = work.app.dialog(AskLine).prepare(
        work.heading("Assign", targets),
        hint="a name, Down lists them; empty for nobody",
        source=completed(work, "owner"),
    )
    owner = await work.ask(dialog)
    if owner is not None:
        await work.apply("assign", targets, owner.strip() or NOBODY)


async def give_to(work: Work, targets: Sequence[Target], argument: str) -> bool:
    """argument: a name, "@me", or "-" for nobody."""
    me = work.app.shift.setting.actor
    return await _own(work, targets, {NOBODY: "", "@me": me}.get(argument, argument))


async def _own(work: Work, targets: Sequence[Target], owner: str) -> bool:
    return await work.tell(
        "owner",
        targets,
        lambda job: change.set_owner(job.desk, job.number, owner, seen=job.seen, batch=job.batch),
        said=f"{_named(targets)}: {'owner ' + owner if owner else 'nobody has it now'}",
    )


async def tag(work: Work) -> None:
    targets = work.targets()
    dialog = work.app.dialog(AskLine).prepare(
        work.heading("Tag", targets),
        hint="words to add, with a minus to remove: urgent -spam",
        check=lambda text: "" if text.split() else "write a tag, or press Esc",
        source=completed(work, "tags"),
        words=True,
    )
    words = await work.ask(dialog)
    if words is not None:
        await work.apply("tag", targets, words.strip())


async def set_tags(work: Work, targets: Sequence[Target], argument: str) -> bool:
    """argument: words to add, those with a minus to remove."""
    add = [word for word in argument.split() if not word.startswith("-")]
    remove = [word[1:] for word in argument.split() if word.startswith("-")]
    return await work.tell(
        "tags",
        targets,
        lambda job: change.tag(job.desk, job.number, add, remove, seen=job.seen, batch=job.batch),
        said=f"{_named(targets)}: tags {argument}",
    )


async def acknowledge(work: Work) -> None:
    targets = work.targets()

    def check(text: str) -> str:
        if not text.strip():
            return "say by when, such as 45m or 16:00"
        try:
            _promised(work, text)
        except UsageError as error:
            return str(error)
        return ""

    dialog = work.app.dialog(AskLine).prepare(
        work.heading("Acknowledge", targets),
        hint="next update by when?  16:00, in 2h, tomorrow 9:00",
        value=PROMISE,
        check=check,
        verify=lambda text: beyond(work, targets, _promised(work, text), attention.latest_promise),
    )
    text = await work.ask(dialog)
    if text is not None:
        await work.apply("acknowledge", targets, text.strip())


async def acknowledge_until(work: Work, targets: Sequence[Target], argument: str) -> bool:
    """argument: by when the next update comes, as one writes it; counted from now."""
    at = _promised(work, argument)
    return await work.tell(
        "acknowledge",
        targets,
        lambda job: attention.acknowledge(job.desk, job.number, at, seen=job.seen, batch=job.batch),
        said=f"{_named(targets)}: acknowledged, next update by {local_text(at, work.app.zone)}",
    )


def _promised(work: Work, text: str) -> datetime:
    """The instant of a promise.  Errors: UsageError when it can't be read or is over."""
    now = work.app.shift.now()
    try:
        at = now + parse_duration(text)
    except UsageError:
        at = parse_instant(text, now=now, zone=work.app.zone)
    if at <= now:
        raise UsageError(f"{local_text(at, work.app.zone)} is over already")
    return at


async def escalate(work: Work) -> None:
    """Tell the next role now; who that is stands in the question."""
    targets = work.targets()
    role = ""
    if len(targets) == 1:
        rung = await work.read(lambda desk: attention.next_rung(desk, targets[0].number))
        if rung is None:
            return
        role = clean_line(rung.label or rung.role)
    to = f" to {role}" if role else ""
    options = (
        Option("no", "No, leave it", key="n"),
        Option("yes", f"Yes, tell {role or 'the next role'} now", key="y", role="overdue"),
    )
    heading = work.heading("Escalate", targets)
    chosen = await work.ask(
        work.app.dialog(Choose).prepare(
            heading, options, hint="this can't be undone: whoever is told is told"
        )
    )
    told = work.app.keeper.told  # what is said here needs no second notice from the watch

    def act(job: Job) -> Ticket:
        rung = attention.next_rung(job.desk, job.number)
        ticket = attention.escalate(job.desk, job.number, seen=job.seen, batch=job.batch)
        told.add((job.number, rung.key))
        return ticket

    if chosen == "yes":
        await work.tell("escalate", targets, act, said=f"{_named(targets)}: escalated{to}")


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
    if chosen == "say":
        await closing_text(work, targets[0])
    elif chosen in ENDINGS:
        await _end(work, targets, chosen)


async def end_as(work: Work, targets: Sequence[Target], argument: str) -> bool:
    """argument: "resolve", "close" or "reopen"; asks, because a word is typed faster than it is meant."""
    verb = argument.capitalize()
    options = (Option("no", "No, leave it", key="n"), Option("yes", f"Yes, {argument}", key="y"))
    chosen = await work.ask(work.app.dialog(Choose).prepare(work.heading(verb, targets), options))
    return chosen == "yes" and await _end(work, targets, argument)


async def _end(work: Work, targets: Sequence[Target], how: str) -> bool:
    verb, words = ENDINGS[how]

    def act(job: Job) -> Ticket:
        return verb(job.desk, job.number, seen=job.seen, batch=job.batch)

    return await work.tell(how, targets, act, said=f"{_named(targets)}: {words}")


ENDINGS: dict[str, tuple[Callable[..., Ticket], str]] = {
    "resolve": (close.resolve, "resolved"),
    "close": (close.close, "closed"),
    "reopen": (close.reopen, "open again"),
}


async def undo(work: Work) -> None:
    await _back(work, "undo")


async def redo(work: Work) -> None:
    await _back(work, "redo")


async def _back(work: Work, which: str) -> None:
    verb = undoing.undo if which == "undo" else undoing.redo

    def both(desk: Desk) -> tuple[undoing.Undone, Outcome]:
        undone = verb(desk)
        return undone, work.outcome(desk, undone.numbers)

    result = await work.do(which, both)
    if result is not None:
        undone, outcome = result
        work.settle(outcome)
        numbers = f": {named(sorted(undone.numbers))}" if len(undone.numbers) > 1 else ""
        work.app.say(undone.description + numbers, "good")


def _named(targets: Sequence[Target]) -> str:
    return str(targets[0].number) if len(targets) == 1 else f"{len(targets)} tickets"
