"""`list`: one page of tickets, fast.

This module is on the path that must start quickly: no policy, no console, and
the query language only when a query was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from supporttui.errors import QueryError
from supporttui.store.criteria import AllOf, Criterion, Flag, Sort

from .parser import Parser, Verb, query_text, whole
from .shapes import LINE_COLUMNS, LINE_TSV, is_overdue, line_cells, line_json

if TYPE_CHECKING:
    from supporttui.store.records import TicketLine

    from .session import Session

SORTS = ("due", "number", "severity", "reported", "updated", "status", "owner", "customer", "subject")
MACHINE_PAGE = 1000  # rows of JSON and TSV unless --limit or --all says otherwise
STEP = 500  # rows read from the store at a time
MOST = 2**31


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "query", nargs="*", metavar="QUERY", help="such as sev:1,2 owner:@me due:<30m -tag:spam"
    )
    parser.add_argument("--sort", choices=SORTS, metavar="KEY", help=f"order: {', '.join(SORTS)}")
    parser.add_argument("--reverse", action="store_true", help="the other way round")
    parser.add_argument("--limit", type=whole(1, MOST), metavar="N", help="at most N rows")
    parser.add_argument(
        "--all", action="store_true", help="every row, and without a query closed tickets too"
    )
    parser.add_argument("--count", action="store_true", help="only how many there are")
    parser.add_argument("--at", metavar="TIME", help="as it will stand then, without changing anything")


def _run(session: Session) -> None:
    args = session.args
    at = session.instant(args.at) if args.at else session.now
    where, sort = criterion(session, at, every=args.all)
    sort = Sort(args.sort) if args.sort else sort
    sort = Sort(sort.key, sort.descending != args.reverse)
    if args.count:
        return _print_count(session, where, at)
    limit = args.limit or (MOST if args.all else _page(session))
    found = Cut(_refusing_slips(session, lines(session, where, sort, limit + 1), at), limit)
    _print(session, found, at)
    if found.was_cut and not args.limit:
        session.hint(f"the first {limit} tickets are shown; --all shows every one, --limit N more")
    return None


class Cut:
    """The first `limit` of the lines; `was_cut` tells afterwards whether there was one more.

    A page must not pass for the whole.
    """

    def __init__(self, found: Iterator[TicketLine], limit: int) -> None:
        self._found = found
        self._limit = limit
        self.was_cut = False

    def __iter__(self) -> Iterator[TicketLine]:
        for place, line in enumerate(self._found):
            if place == self._limit:
                self.was_cut = True
                return
            yield line


def _page(session: Session) -> int:
    return session.settings.number("page") if session.form == "text" else MACHINE_PAGE


def criterion(session: Session, at: datetime, *, every: bool) -> tuple[Criterion, Sort]:
    """What the query words ask for; none ask for the open tickets, or with `every` for all."""
    args = session.args
    where: Criterion = AllOf() if every else Flag("open")
    sort = Sort()
    if args.query:
        where, sort = _asked(session, at)
    return where, sort


def _asked(session: Session, at: datetime) -> tuple[Criterion, Sort]:
    from supporttui.desk.query import parse, resolve

    query = parse(query_text(session.args.query))
    try:
        return resolve(query, now=at, me=session.settings.actor, zone=session.zone)
    except QueryError:
        # Severities by name need the policy, which a plain list does without.
        return resolve(
            query, now=at, me=session.settings.actor, zone=session.zone, policy=session.load_policy()
        )


def _refusing_slips(session: Session, found: Iterator[TicketLine], at: datetime) -> Iterator[TicketLine]:
    """The same lines; when there is none, a slip in the query is an error and not an empty answer."""
    first = next(found, None)
    if first is not None:
        return chain([first], found)
    check_words(session, at)
    return iter(())


def check_words(session: Session, at: datetime) -> None:
    """After a query found nothing: refuse a status that the policy doesn't have.  Errors: QueryError."""
    if not session.args.query:
        return
    from supporttui.desk.query import parse, resolve

    query = parse(query_text(session.args.query))
    resolve(query, now=at, me=session.settings.actor, zone=session.zone, policy=session.load_policy())


def lines(session: Session, where: Criterion, sort: Sort, limit: int) -> Iterator[TicketLine]:
    """The tickets in order, read page by page so that any number of them fits."""
    from supporttui.store import tickets

    after: TicketLine | None = None
    while limit > 0:
        with session.store.read():
            page = tickets.page(session.store, where, sort, limit=min(limit, STEP), after=after)
        yield from page
        if len(page) < min(limit, STEP):
            return
        limit -= len(page)
        after = page[-1]


def _print(session: Session, found: Iterable[TicketLine], at: datetime) -> None:
    out = session.out
    if out.form == "json":
        out.json_list(line_json(line, at) for line in found)
    elif out.form == "tsv":
        rows = (line_json(line, at) for line in found)
        out.tsv(LINE_TSV, ([row[name] for name in LINE_TSV] for row in rows))
    else:
        shown = list(found)
        urgent = [is_overdue(line, at) for line in shown]
        if not shown:
            return out.line("no ticket matches")
        out.table(LINE_COLUMNS, [line_cells(line, at) for line in shown], urgent)
    return None


def _print_count(session: Session, where: Criterion, at: datetime) -> None:
    from supporttui.store import tickets

    with session.store.read():
        number = tickets.count(session.store, where)
    if not number:
        check_words(session, at)
    out = session.out
    if out.form == "json":
        out.json({"count": number})
    elif out.form == "tsv":
        out.tsv(["count"], [[number]])
    else:
        out.line(str(number))


COMMANDS = {"list": Verb(_configure, _run, query=True)}
