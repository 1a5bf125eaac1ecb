"""Verbs about two tickets: merge into another, link to another."""

from __future__ import annotations

from collections.abc import Sequence

from supporttui.console.dialogs.choose import Choose
from supporttui.console.dialogs.line import AskLine
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Job, Target, Work
from supporttui.desk import look, relate
from supporttui.store.records import Ticket, TicketLine

from .words import named

KINDS = {
    "related": "they belong together",
    "duplicate": "it is the same problem",
    "causes": "it is the cause of the other one",
    "blocks": "the other one waits for it",
}


async def merge(work: Work) -> None:
    """Into another ticket."""
    targets = work.targets()
    other = await _ask_number(work, targets, "Merge", "into which ticket?  its number")
    if other is not None:
        await _merge(work, targets, other)


async def merge_into(work: Work, targets: Sequence[Target], text: str) -> bool:
    """Into the ticket with this number; asks first, as the key does."""
    other = await _read(work, targets, text)
    if isinstance(other, str):
        work.app.say(other, "error")
        return False
    return await _merge(work, targets, other)


async def _merge(work: Work, targets: Sequence[Target], other: TicketLine) -> bool:
    """After both subjects have been shown."""
    options = (
        Option("no", "No, leave them" if len(targets) > 1 else "No, leave it", key="n"),
        Option("yes", f"Yes, close and merge into {other.number}", key="y", role="overdue"),
    )
    dialog = work.app.dialog(Choose).prepare(
        work.heading("Merge", targets), options, hint=f"into {other.number}: {other.subject}"
    )
    if await work.ask(dialog) != "yes":
        return False
    return await work.tell(
        "merge",
        targets,
        lambda job: relate.merge(job.desk, job.number, other.number, seen=job.seen, batch=job.batch),
        said=f"{named(targets)}: merged into {other.number}",
    )


async def link(work: Work) -> None:
    """To another ticket, with what the one is to the other; a link that is there can be taken away."""
    targets = work.targets()
    other = await _ask_number(work, targets, "Link", "to which ticket?  its number")
    if other is None:
        return
    linked = _kinds_between(work, targets, other.number)
    options = [
        Option(kind, kind, key=kind[0], note=words, why="they are linked so" if kind in linked else "")
        for kind, words in KINDS.items()
    ]
    options += [
        Option(f"-{kind}", f"no longer {kind}", key="-", note="take the link away") for kind in linked
    ]
    dialog = work.app.dialog(Choose).prepare(
        work.heading("Link", targets), options, hint=f"to {other.number}: {other.subject}"
    )
    chosen = await work.ask(dialog)
    if chosen is not None:
        await _link(work, targets, other, chosen.removeprefix("-"), remove=chosen.startswith("-"))


async def link_to(work: Work, targets: Sequence[Target], text: str) -> bool:
    """ "1042" or "1042 duplicate"."""
    number, _, kind = text.strip().partition(" ")
    other = await _read(work, targets, number)
    if isinstance(other, str):
        work.app.say(other, "error")
        return False
    return await _link(work, targets, other, kind.strip() or "related")


async def _link(
    work: Work, targets: Sequence[Target], other: TicketLine, kind: str, *, remove: bool = False
) -> bool:
    def act(job: Job) -> Ticket:
        return relate.link(
            job.desk, job.number, other.number, kind, remove=remove, seen=job.seen, batch=job.batch
        )

    done = f"no longer linked to {other.number}" if remove else f"linked to {other.number}, {kind}"
    return await work.tell("link", targets, act, said=f"{named(targets)}: {done}")


async def _ask_number(work: Work, targets: Sequence[Target], verb: str, hint: str) -> TicketLine | None:
    """Another ticket by its number; one that isn't there is said in the dialog."""
    found: list[TicketLine] = []

    async def verify(text: str) -> str:
        row = await _read(work, targets, text)
        if isinstance(row, str):
            return row
        found[:] = [row]
        return ""

    dialog = work.app.dialog(AskLine).prepare(work.heading(verb, targets), hint=hint, verify=verify)
    return found[0] if await work.ask(dialog) is not None and found else None


async def _read(work: Work, targets: Sequence[Target], text: str) -> TicketLine | str:
    """The ticket that a number names, or what is wrong with the number."""
    digits = text.strip().lstrip("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        return "a number, such as 1042"
    number = int(digits)
    if number in {target.number for target in targets}:
        return f"{number} is the ticket itself: give another one"
    rows = await work.read(lambda desk: look.lines(desk, [number]))
    return rows[0] if rows else f"there is no ticket {number}"


def _kinds_between(work: Work, targets: Sequence[Target], other: int) -> list[str]:
    """How one ticket, when the screen shows it, is linked to the other."""
    subject = work.screen.detail.subject
    if len(targets) > 1 or subject is None or subject.ticket.number != targets[0].number:
        return []
    return [kind for number, kind in subject.links if number == other and kind in KINDS]
