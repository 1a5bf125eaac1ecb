"""Marking what is not on the screen: all that the view shows, and ranges that reach over rows that aren't held."""

from __future__ import annotations

from supporttui.console.work import Work
from supporttui.desk import look
from supporttui.desk.session import Desk
from supporttui.store.records import TicketLine

MOST_MARKED = 5_000


async def mark_all(work: Work) -> None:
    """Mark every ticket of the question, held or not; the most urgent ones when they are too many."""
    app, question = work.app, work.screen.question

    def read(desk: Desk) -> list[TicketLine]:
        where, sort = question.resolved(desk.now(), desk.actor, desk.policy, app.zone)
        return look.page(desk, where, sort, limit=MOST_MARKED)

    rows = await work.read(read)
    if rows is None or question != work.screen.question:
        return
    app.marked_versions = {row.number: row.version for row in rows}
    work.screen.queue.list.mark(lambda held: held.mark_only(row.number for row in rows))
    work.screen.paint_bars("footer")
    total = work.screen.queue.list.total
    if total > len(rows):
        app.say(f"the first {len(rows):,} of {total:,} are marked, more go in several steps", "warning")
    else:
        app.say(f"all {len(rows):,} are marked; {unmark_key(work)} takes the marks away")


async def reach(work: Work, anchor: int, number: int) -> None:
    """Mark everything between two tickets of the list, both included, though it is not held."""
    app, question = work.app, work.screen.question

    def read(desk: Desk) -> list[TicketLine]:
        where, sort = question.resolved(desk.now(), desk.actor, desk.policy, app.zone)
        ends = [look.rank(desk, where, sort, one) for one in (anchor, number)]
        places = sorted(place for place in ends if place is not None)
        if not places:
            return []
        count = min(places[-1] - places[0] + 1, MOST_MARKED)
        return look.page(desk, where, sort, limit=count, offset=places[0])

    rows = await work.read(read)
    if rows is None or question != work.screen.question:
        return
    app.marked_versions |= {row.number: row.version for row in rows}
    keys = work.screen.queue.list.held.marks.keys | {row.number for row in rows}
    work.screen.queue.list.mark(lambda held: held.mark_only(keys))
    app.say(f"{len(keys):,} are marked; {unmark_key(work)} takes the marks away")


def unmark_key(work: Work) -> str:
    """The key that takes marks away, or its word."""
    keymap = work.app.shift.keymap
    return keymap.shown(keymap.by_id("unmark"), ascii=work.app.ink.ascii) or ":unmark"
