"""`export`: tickets as files, for another desk (JSON lines) or for a spreadsheet (CSV).

JSON keeps every character, written as \\uXXXX where a terminal would obey it; in
CSV such characters are shown as marks, since people look at it with `cat`.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from supporttui.errors import UsageError

from .listing import criterion
from .parser import Parser, Verb

if TYPE_CHECKING:
    from .session import Session

FORMATS = ("jsonl", "csv", "native")


def _configure(parser: Parser) -> None:
    parser.add_argument("query", nargs="*", metavar="QUERY", help="which tickets; all of them when left out")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="jsonl",
        metavar="FORMAT",
        help="jsonl or native: complete, with journals, for import; csv: one row a ticket",
    )
    parser.add_argument(
        "--everything", action="store_true", help="the whole desk, the book too, as native lines for import"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="write here instead of standard output")
    parser.add_argument("--force", action="store_true", help="overwrite FILE")


def _run(session: Session) -> None:
    args = session.args
    if args.output is None:
        _write(session, session.world.stdout)
        return
    from .files import output_file

    with output_file(session, args.output, "export -o FILE", force=args.force) as file:
        number, rows = _write(session, file)
    more = f" and {rows} rows of the book" if args.everything else ""
    session.hint(f"{args.output}: {number} tickets{more} written")


def _write(session: Session, stream: IO[str]) -> tuple[int, int]:
    """Tickets and rows of the book that were written."""
    from supporttui.desk import export
    from supporttui.terminal.stream import InertWriter

    args = session.args
    if args.everything and (args.query or args.format == "csv"):
        raise UsageError("--everything is the whole desk as native lines: leave QUERY and --format csv out")
    session.open_existing()
    if args.everything:
        return export.write_everything(session.desk, stream)
    where, _sort = criterion(session, session.now, every=True)
    inert = InertWriter(stream) if args.format == "csv" else stream  # type: ignore[arg-type]
    return export.write(session.desk, where, inert, args.format), 0  # type: ignore[arg-type]


COMMANDS = {"export": Verb(_configure, _run, prints=False, query=True)}
