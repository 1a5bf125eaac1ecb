"""`export`: tickets as files for other programs, and everything for another desk.

JSON keeps every character (written as \\uXXXX where a terminal would obey it).
CSV is for people with spreadsheets: control characters are shown as marks, and a
cell that a spreadsheet would compute is prefixed with an apostrophe.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TextIO

from .listing import MOST, add_query, criterion, lines
from .parser import Parser, Verb, whole
from .shapes import ticket_json

if TYPE_CHECKING:
    from supporttui.desk.look import TicketView

    from .session import Session

FORMATS = ("jsonl", "csv", "native")
# What a spreadsheet takes for a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _configure(parser: Parser) -> None:
    add_query(parser)
    parser.add_argument(
        "--format", choices=FORMATS, default="jsonl", metavar="FORMAT", help="jsonl, csv or native"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="write here instead of standard output")
    parser.add_argument("--force", action="store_true", help="overwrite FILE")
    parser.add_argument("--limit", type=whole(1, MOST), metavar="N", help="at most N tickets")


def _run(session: Session) -> None:
    args = session.args
    write: Callable[[Session, TextIO], int] = {"jsonl": _jsonl, "csv": _csv, "native": _native}[args.format]
    if args.output is None:
        write(session, session.world.stdout)  # type: ignore[arg-type]
        return
    from .files import output_file

    with output_file(session, args.output, "export -o FILE", force=args.force) as file:
        number = write(session, file)
    session.hint(f"{args.output}: {number} tickets written")


def _numbers(session: Session) -> Iterator[int]:
    """Numbers of the tickets that the query asks for; without one, of all."""
    args = session.args
    where, sort = criterion(session, session.now, every=True)
    for line in lines(session, where, sort, args.limit or MOST):
        yield line.number


def _views(session: Session) -> Iterator[TicketView]:
    from supporttui.desk import look

    for number in _numbers(session):
        yield look.ticket(session.desk, number)


def _tickets(session: Session) -> Iterator[dict[str, Any]]:
    from supporttui.store import tickets

    for number in _numbers(session):
        with session.store.read():
            found = tickets.get(session.store, number)
        if found is not None:
            yield ticket_json(found)


def _jsonl(session: Session, sink: TextIO) -> int:
    count = 0
    for count, one in enumerate(_tickets(session), 1):  # noqa: B007
        sink.write(json.dumps(one, ensure_ascii=True) + "\n")
    return count


def _native(session: Session, sink: TextIO) -> int:
    """A first line that says what it is, then one line for each ticket with all that belongs to it."""
    from supporttui import __version__

    from .show import view_json

    head = {"format": "supporttui", "version": 1, "program": __version__, "exported_at": session.now}
    sink.write(json.dumps(head, ensure_ascii=True, default=_instant) + "\n")
    count = 0
    for count, view in enumerate(_views(session), 1):  # noqa: B007
        sink.write(json.dumps(view_json(session, view), ensure_ascii=True) + "\n")
    return count


def _instant(value: Any) -> str:
    from supporttui.when import iso_z

    return iso_z(value)


def _csv(session: Session, sink: TextIO) -> int:
    import csv

    from supporttui.store.records import Ticket

    writer = csv.writer(sink, lineterminator="\n")
    names = list(Ticket.__dataclass_fields__)
    writer.writerow(names)
    count = 0
    for count, one in enumerate(_tickets(session), 1):  # noqa: B007
        writer.writerow([cell(one[name]) for name in names])
    return count


def cell(value: Any) -> str:
    """A value as a CSV cell that no spreadsheet computes and no terminal obeys."""
    from supporttui.terminal.safe import clean

    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    text = clean(" ".join(value) if isinstance(value, list) else str(value), newlines=True)
    return f"'{text}" if text.startswith(FORMULA) else text


COMMANDS = {"export": Verb(_configure, _run, prints=False, query=True)}
