"""`customer import FILE` and its like: lines of a CSV file become records, with a preview and the rejects aside."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from supporttui.errors import NotFound, UsageError

from .importing import Progress
from .parser import Parser, text

if TYPE_CHECKING:
    from supporttui.desk.session import Desk
    from supporttui.intake.book import BookImport

    from .session import Session

INTERRUPTED = 130
TOLD = 5  # rejected lines that are told on the spot


def configure(kind: str, parser: Parser) -> None:
    """The arguments of an import."""
    from supporttui.desk.book.fields import sheet_of

    sheet = sheet_of(kind)
    parser.description = (
        f"Import {sheet.plural} from CSV or JSON lines; a second run of the same file changes nothing."
    )
    parser.epilog = (
        "The first line names the columns, by name or title of a field:\n"
        f"  {', '.join(one.name for one in sheet.fields)}\n"
        f"A line is recognised by {', '.join(sheet.known_by)}; an empty cell leaves what is there.\n\n"
        f"Example:\n  supporttui {sheet.command} import {sheet.command}s.csv --dry-run --rejects rejects.csv"
    )
    parser.add_argument("file", metavar="FILE", help="CSV or JSON lines, plain or .gz")
    parser.add_argument(
        "--column", action="append", default=[], type=text, metavar="NAME=FIELD",
        help="what a column of the file means; NAME= leaves it out; may be repeated",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="say what would happen; nothing is written")
    parser.add_argument(
        "--rejects", metavar="FILE", help="write the lines that can't be taken here, with reasons"
    )
    parser.add_argument(
        "--delimiter", type=text, default="", metavar="CHAR", help="between cells (found out)"
    )
    parser.add_argument("--encoding", type=text, default="", metavar="NAME", help="of the file (utf-8)")


def run(kind: str, session: Session) -> int:
    """Import a file; 130 when it was interrupted."""
    args = session.args
    source = session.read_file(args.file, "import")
    if args.rejects:
        session.no_named_files("--rejects FILE")
    if args.dry_run:
        result = _tried(kind, session, source)
    else:
        result = _taken(kind, session, session.desk, source, dry_run=False)
    _print(session, kind, result)
    _tell(session, kind, result)
    return INTERRUPTED if result.stopped else 0


def _tried(kind: str, session: Session, source: Path) -> BookImport:
    """On a copy, so that nobody waits meanwhile; a server has no copy, there it is taken back at the end."""
    from supporttui.desk.session import Desk
    from supporttui.store import open_store

    try:
        store = session.open_existing()
    except NotFound:
        with open_store(":memory:") as empty:
            desk = Desk(empty, session.policy_name(), session.world.clock, session.settings.actor)
            return _taken(kind, session, desk, source, dry_run=True)
    if store.dialect != "sqlite" or store.url.endswith(":memory:"):
        return _taken(kind, session, session.desk, source, dry_run=True)
    with TemporaryDirectory(prefix="supporttui-") as folder:
        path = str(Path(folder) / "copy.sqlite3")
        store.backup(path)
        with open_store(path) as copy:
            desk = Desk(copy, session.desk.policy, session.world.clock, session.desk.actor)
            result = _taken(kind, session, desk, source, dry_run=False)
    result.dry_run = True
    return result


def _taken(kind: str, session: Session, desk: Desk, source: Path, *, dry_run: bool) -> BookImport:
    from supporttui.intake import book

    args = session.args
    progress = Progress(session.world.stderr)
    try:
        return book.run(
            desk, kind, source, columns=_columns(args.column), delimiter=args.delimiter, encoding=args.encoding,
            dry_run=dry_run, rejects_path=Path(args.rejects) if args.rejects else None, progress=progress.show,
        )  # fmt: skip
    finally:
        progress.end()


def _columns(given: list[str]) -> dict[str, str]:
    columns = {}
    for one in given:
        name, equals, field = one.rpartition("=")
        if not equals or not name:
            raise UsageError(f"--column: {one[:60]!r} is not NAME=FIELD, such as 'Company=name'")
        columns[name] = field.strip()
    return columns


def _print(session: Session, kind: str, result: BookImport) -> None:
    counts = {
        "rows": result.rows, "added": result.added, "changed": result.changed, "unchanged": result.unchanged,
        "rejected": len(result.rejected),
    }  # fmt: skip
    out = session.out
    if out.form == "json":
        reasons = [{"line": line, "reason": why} for line, why in sorted(result.rejected.items())]
        out.json({**counts, "dry_run": result.dry_run, "stopped": result.stopped, "rejects": reasons})
    elif out.form == "tsv":
        out.tsv(list(counts), [list(counts.values())])
    else:
        out.pairs(
            (f"would be {name}" if _would(name, result) else name, str(count))
            for name, count in counts.items()
        )


def _would(name: str, result: BookImport) -> bool:
    return result.dry_run and name in ("added", "changed", "rejected")


def _tell(session: Session, kind: str, result: BookImport) -> None:
    """What people must know besides the counts, on standard error."""
    for line, why in sorted(result.rejected.items())[: 0 if session.args.rejects else TOLD]:
        session.hint(f"line {line}: {why}")
    if result.rejected and not session.args.rejects:
        session.hint(
            f"{len(result.rejected)} lines were not taken; --rejects FILE keeps all of them with reasons"
        )
    if result.rejected and session.args.rejects:
        session.hint(f"{len(result.rejected)} lines were not taken; see {session.args.rejects}")
    if result.stopped:
        session.hint(
            f"interrupted: {result.rows} lines are in the book; the same command goes on where it stopped"
        )
    elif result.dry_run:
        session.hint("nothing was written: this was a dry run")
