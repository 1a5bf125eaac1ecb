"""A write that was refused because the ticket had changed: show both, and write what the analyst chooses.

Hooked into `Work.tell`: a verb that sets fields need know nothing of it.  What
is chosen is written against the version that was shown; if somebody is faster
again, it is asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from supporttui.desk import collide
from supporttui.desk import look as looking
from supporttui.desk.collide import Comparison
from supporttui.desk.session import Desk
from supporttui.errors import Conflict
from supporttui.store.records import JournalEntry, Ticket

from .present import collision
from .present.journal import Look
from .present.spans import Line

if TYPE_CHECKING:
    from .work import Job, Target, Work

MOST_TIMES = 20  # that one is asked again before it is simply said


async def settle(work: Work, what: str, target: Target, act: Callable[[Job], Ticket], said: str) -> bool:
    """Have the analyst choose and write that; True when something was written.  All else is said."""
    for _ in range(MOST_TIMES):
        conflict = work.conflict
        if conflict is None:
            return False
        found = await work.read(lambda desk: _compared(desk, target, act, conflict))  # noqa: B023
        if found is None:
            return False
        compared, ticket = found
        if not compared.acts:
            work.app.say(f"{target.number}: {what} is so already; {_who(compared)}", "warning")
            return False
        chosen = await _ask(work, what, compared, ticket)
        if chosen is None:
            work.app.say(f"{target.number}: left as it is; {_who(compared)}", "warning")
            return False
        wrong = await _write(work, what, compared, act, chosen, said)
        if not wrong:
            return True
        if work.conflict is None:
            work.app.say(wrong, "error")
            return False
    return False


def _compared(
    desk: Desk, target: Target, act: Callable[[Job], Ticket], conflict: Conflict
) -> tuple[Comparison, Ticket]:
    from .work import Job

    def trial(seen: int | None) -> Ticket:
        return act(Job(desk, target.number, seen, "trial"))

    compared = collide.compare(
        desk, target.number, conflict.seen if target.seen is None else target.seen, trial
    )
    return compared, looking.ticket(desk, target.number, journal_limit=1).ticket


async def _ask(work: Work, what: str, compared: Comparison, ticket: Ticket) -> frozenset[str] | None:
    from .dialogs.conflict import Conflict as Dialog

    setting, now = work.app.shift.setting, work.app.shift.now()

    def page(width: int) -> Sequence[Line]:
        return collision.lines(compared, ticket, Look(width, setting, now))

    heading = f"{what[:1].upper()}{what[1:]} of {ticket.number}: {ticket.subject}"
    return await work.ask(work.app.dialog(Dialog).prepare(heading, compared, setting, page, verb=what))


async def _write(
    work: Work,
    what: str,
    compared: Comparison,
    act: Callable[[Job], Ticket],
    chosen: frozenset[str],
    said: str,
) -> str:
    """The whole change as it was meant, or some fields of it."""
    from .work import Target

    names = {one.field for one in compared.fields}

    def some(job: Job) -> Ticket:
        return collide.write_some(job.desk, compared, chosen, batch=job.batch)

    whole = chosen == names
    words = said if whole else f"{compared.number}: {', '.join(map(collision.name, sorted(chosen)))} written"
    return await work.write(
        what, (Target(compared.number, compared.version),), act if whole else some, said=words
    )


def _who(compared: Comparison) -> str:
    """ "raj changed it"."""
    names = list(dict.fromkeys(entry.actor for entry in reversed(compared.since)))
    return f"{' and '.join(names[:3]) or 'somebody'} changed it"


def meanwhile(work: Work, since: Sequence[JournalEntry], ticket: Ticket) -> Callable[[int], Sequence[Line]]:
    """Lays out what others wrote while one was writing, for the dialog of a text."""
    setting, now = work.app.shift.setting, work.app.shift.now()
    return lambda width: list(collision.meanwhile(since, ticket, Look(width, setting, now)))
