"""`export`: tickets as files, for another desk (JSON lines) or for a spreadsheet (CSV).

JSON keeps every character, written as \\uXXXX where a terminal would obey it; in
CSV such characters are shown as marks, since people look at it with `cat`.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

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
    parser.add_argument("-o", "--output", metavar="FILE", help="write here instead of standard output")
    parser.add_argument("--force", action="store_true", help="overwrite FILE")


def _run(session: Session) -> None:
    args = session.args
    if args.output is None:
        _write(session, session.world.stdout)
        return
    from .files import output_file

    with output_file(session, args.output, "export -o FILE", force=args.force) as file:
        number = _write(session, file)
    session.hint(f"{args.output}: {number} tickets written")


def _write(session: Session, stream: IO[str]) -> int:
    from supporttui.desk import export
    from supporttui.terminal.stream import InertWriter

    session.open_existing()
    where, _sort = criterion(session, session.now, every=True)
    inert = InertWriter(stream) if session.args.format == "csv" else stream  # type: ignore[arg-type]
    return export.write(session.desk, where, inert, session.args.format)  # type: ignore[arg-type]


COMMANDS = {"export": Verb(_configure, _run, prints=False, query=True)}
