"""Reads for the screen, run on the database threads: one snapshot for everything that is shown.

What is asked says where the reader is, in keys; the answer is a page around
it.  Nothing here knows of widgets beyond the page that a list takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, TypeVar

from supporttui.desk import look, presence, reasoning
from supporttui.desk.session import Desk
from supporttui.errors import NotFound, QueryError
from supporttui.store import known_errors, mail
from supporttui.store.criteria import AllOf, Compare, Criterion, Sort
from supporttui.store.records import DeadlineLine, Ticket, TicketLine, View, Watch

from .alarm import unanswered
from .journal_window import PAGE, Pages, Which
from .present.bars import Tab
from .present.detail import Subject
from .question import Question, reads_through
from .snapshot import Ask, Place, Reading
from .widgets.keyed_state import REACH, Page

if TYPE_CHECKING:
    from supporttui.desk.known_hints import KnownLine

T = TypeVar("T")
COUNT_CAP = 1_000  # a tab says "999+" from there on; counting on would cost and tell nothing
TRIES = 40  # neighbours that are tried when the cursor's ticket is gone
TIMERS_HELD = 400
ARRIVALS_SHOWN = 100


def read_all(desk: Desk, ask: Ask) -> Reading:
    """One consistent reading.  Errors: QueryError, StoreError."""
    version = desk.store.data_version()
    return with_news(desk, replace(read_shown(desk, ask), version=version))


def searches(desk: Desk, question: Question, zone: tzinfo) -> bool:
    """Whether a question may take long.  Errors: QueryError."""
    return reads_through(question.resolved(desk.now(), desk.actor, desk.policy, zone)[0])


def read_shown(desk: Desk, ask: Ask) -> Reading:
    """The part of a reading that may take long and comes from one snapshot: without news and version."""
    where, sort = ask.question.resolved(desk.now(), desk.actor, desk.policy, ask.zone)
    with look.snapshot(desk):
        queue = around(desk, where, sort, ask.queue)
        first = queue.rows[0][0] if queue.rows else 0
        number = first if ask.detail is None else ask.detail
        return Reading(
            queue=queue,
            timers=timers(desk),
            subject=_subject(desk, number) if number else None,
            arrived=_arrived(desk, where, ask.newest) if ask.newest else (),
            rings=unanswered(desk, ask.loud),
            newest=newest(desk),
        )


def with_news(desk: Desk, found: Reading) -> Reading:
    """With what the analyst has not seen of the ticket that is open beside the list."""
    return replace(found, subject=_with_news(desk, found.subject))


def around(desk: Desk, where: Criterion, sort: Sort, place: Place) -> Page[TicketLine]:
    """The rows around where the reader is, and where the cursor's ticket went."""
    total = look.count(desk, where, None)
    anchor = _first_rank(desk, where, sort, place.top)
    start = place.first if anchor is None else anchor[1]
    page = at(desk, where, sort, max(0, start - REACH), place.height + 2 * REACH, total)
    held = {key for key, _ in page.rows}
    for key in place.cursor[:TRIES]:
        if key in held:
            return page
        found = _first_rank(desk, where, sort, (key,))
        if found:
            return Page(page.rows, page.first, page.total, {key: found[1]})
    return page


def at(desk: Desk, where: Criterion, sort: Sort, first: int, count: int, total: int) -> Page[TicketLine]:
    """Rows by their place in the list."""
    first = max(0, min(first, max(0, total - count)))
    rows = look.page(desk, where, sort, limit=count, offset=first)
    end = first + len(rows)
    known = end if len(rows) < count else max(total, end)  # a short page is the last one
    return Page(tuple((row.number, row) for row in rows), first, known)


def page(
    desk: Desk, question: Question, zone: tzinfo, first: int, count: int, total: int
) -> Page[TicketLine]:
    """A page that the list asked for while the reader moved."""
    where, sort = question.resolved(desk.now(), desk.actor, desk.policy, zone)
    return at(desk, where, sort, first, count, total)


def _first_rank(desk: Desk, where: Criterion, sort: Sort, keys: Sequence[int]) -> tuple[int, int] | None:
    """The first of the keys that is in the list, and its place."""
    for key in keys[:TRIES]:
        rank = look.rank(desk, where, sort, key)
        if rank is not None:
            return key, rank
    return None


def timers(desk: Desk) -> Page[DeadlineLine]:
    """The timers that press most; their keys are (ticket, deadline)."""
    rows = look.timers(desk, limit=TIMERS_HELD)
    return Page(tuple(((row.ticket, row.key), row) for row in rows), 0, len(rows))


def detail(desk: Desk, number: int) -> Subject | None:
    """A ticket for the detail pane; None when there is no such number."""
    return _with_news(desk, _subject(desk, number))


def _subject(desk: Desk, number: int) -> Subject | None:
    try:
        with look.snapshot(desk):
            seen = look.ticket(desk, number, journal_limit=PAGE)
            verdict = reasoning.shown_of(desk, seen.ticket)
            known = _known(desk, seen.ticket)
            files = mail.files_of(desk.store, number)
            people = mail.people_of(desk.store, number)
    except NotFound:
        return None
    return Subject(
        seen.ticket, seen.journal, seen.deadlines, seen.links, seen.undone, verdict=verdict, known=known,
        files=files, people=people,
    )  # fmt: skip


def _known(desk: Desk, ticket: Ticket) -> KnownLine | None:
    """The known error that a ticket is about, or likely about; nothing is loaded where none is kept."""
    if not known_errors.kept(desk.store):
        return None
    from supporttui.desk.known_hints import line_of

    return line_of(desk, ticket)


def _with_news(desk: Desk, subject: Subject | None) -> Subject | None:
    """With what the analyst has not seen of it; asked outside of the store's snapshot."""
    if subject is None:
        return None
    return replace(subject, news=presence.unseen_of(desk, subject.ticket.number))


def journal(desk: Desk, number: int, which: Which, anchor: int) -> Pages:
    """A page of a ticket's journal.  anchor: the entry that it goes on from, or lies around."""
    with look.snapshot(desk):
        if which == "around":
            above = look.entries(desk, number, limit=PAGE // 2, after=anchor)
            below = look.entries(desk, number, limit=PAGE // 2, before=anchor + 1)
            found, first, last = (*above, *below), len(above) < PAGE // 2, len(below) < PAGE // 2
        elif which in ("older", "newest"):
            found = look.entries(desk, number, limit=PAGE, before=anchor if which == "older" else None)
            first, last = which == "newest", len(found) < PAGE
        else:
            found = look.entries(desk, number, limit=PAGE, after=anchor if which == "newer" else 0)
            first, last = len(found) < PAGE, which == "oldest"
        # An undo is newer than what it took back: who reads on downwards has met it already.
        jumped = which in ("oldest", "around")
        return Pages(number, which, found, first, last, look.undoings(desk, number) if jumped else {})


def newest(desk: Desk) -> int:
    """The highest ticket number."""
    rows = look.page(desk, AllOf(), Sort("number", descending=True), limit=1)
    return rows[0].number if rows else 0


def _arrived(desk: Desk, where: Criterion, known: int) -> tuple[TicketLine, ...]:
    fresh = AllOf((Compare("number", ">", known), where))
    return tuple(look.page(desk, fresh, Sort("number"), limit=ARRIVALS_SHOWN))


def tab(desk: Desk, view: View, zone: tzinfo) -> Tab:
    """A view with its count; one whose query can't be read has none, and says why."""
    try:
        where, _ = Question(view.name, view.query).resolved(desk.now(), desk.actor, desk.policy, zone)
    except QueryError as error:
        return Tab(view.name, fault=f"query, {error}")
    found = look.count(desk, where, COUNT_CAP)
    return Tab(view.name, found, found >= COUNT_CAP)


def desk_state(desk: Desk, at: datetime) -> tuple[bool, datetime | None, Watch | None]:
    """Whether the vendor's desk is open, when that changes, and who has the watch."""
    return (*opening_hours(desk, at), look.watch(desk))


def opening_hours(desk: Desk, at: datetime) -> tuple[bool, datetime | None]:
    """Whether the vendor's desk is open, and the instant at which that changes (None: never)."""
    calendar = desk.policy.support_calendar
    if not desk.policy.is_desk_open(at):
        return False, _or_none(lambda: calendar.next_open(at))
    return True, _or_none(lambda: next(iter(calendar.segments(at, 1)))[1])


def _or_none(work: Callable[[], T]) -> T | None:
    """The result, or None for a calendar without an end or a beginning."""
    try:
        return work()
    except (ValueError, StopIteration, IndexError, OverflowError):
        return None
