"""Verbs about two tickets: merge into another, link to another."""

from __future__ import annotations

from collections.abc import Sequence

from supporttui.console.dialogs.choose import Choose
from supporttui.console.dialogs.line import AskLine
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Job, Target, Work
from supporttui.desk import look, relate
from supporttui.errors import NotFound, SupportError, UsageError
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
    return await _merge(work, targets, await _read(work, targets, text))


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
    if chosen is not None and chosen.startswith("-"):
        await _link(work, targets, other, chosen[1:], remove=True)
    elif chosen is not None:
        await work.apply("link", targets, f"{other.number} {chosen}")


async def link_to(work: Work, targets: Sequence[Target], text: str) -> bool:
    """ "1042" or "1042 duplicate"."""
    number, _, kind = text.strip().partition(" ")
    other = await _read(work, targets, number)
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
        try:
            found[:] = [await _read(work, targets, text)]
        except SupportError as error:
            return str(error)
        return ""

    dialog = work.app.dialog(AskLine).prepare(work.heading(verb, targets), hint=hint, verify=verify)
    return found[0] if await work.ask(dialog) is not None and found else None


async def _read(work: Work, targets: Sequence[Target], text: str) -> TicketLine:
    """The other ticket, by its number.  Errors: UsageError, NotFound, StoreError."""
    digits = text.strip().lstrip("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise UsageError("a number, such as 1042")
    number = int(digits)
    if number in {target.number for target in targets}:
        raise UsageError(f"{number} is the ticket itself: give another one")
    rows = await work.app.link.run(lambda desk: look.lines(desk, [number]))
    if not rows:
        raise NotFound(f"there is no ticket {number}")
    return rows[0]


def _kinds_between(work: Work, targets: Sequence[Target], other: int) -> list[str]:
    """How one ticket, when the screen shows it, is linked to the other."""
    subject = work.screen.detail.subject
    if len(targets) > 1 or subject is None or subject.ticket.number != targets[0].number:
        return []
    return [kind for number, kind in subject.links if number == other and kind in KINDS]
