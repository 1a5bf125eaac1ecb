"""`import`: tickets and histories from other systems, with progress, resumable."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

from .output import record
from .parser import Parser, Verb

if TYPE_CHECKING:
    from supporttui.intake.importer import ImportResult

    from .session import Session


NATIVE = "native"


def _configure(parser: Parser) -> None:
    parser.add_argument("file", metavar="FILE", help="JSONL or CSV; one ticket or one event a row")
    parser.add_argument(
        "--mapping",
        required=True,
        metavar="MAPPING",
        help="a TOML file that says which column is what; native: what export --format native wrote",
    )
    parser.add_argument("--until", metavar="TIME", help="leave out what happened later")
    parser.add_argument(
        "--rejects", metavar="FILE", help="write the rows that can't be taken here, with reasons"
    )


def _run(session: Session) -> None:
    from supporttui.intake import importer

    args = session.args
    source = session.read_file(args.file, "import")
    mapping = NATIVE if args.mapping == NATIVE else session.read_file(args.mapping, "import")
    until = session.instant(args.until) if args.until else None
    progress = Progress(session.world.stderr)
    try:
        result = importer.run(
            session.desk,
            source,
            mapping,
            until=until,
            rejects_path=Path(args.rejects) if args.rejects else None,
            progress=progress.show,
        )
    finally:
        progress.end()
    _print(session, result)
    if result.rejected:
        where = f"see {args.rejects}" if args.rejects else "give --rejects FILE to see which and why"
        session.hint(f"{result.rejected} rows were not taken; {where}")


class Progress:
    """A line on standard error that tells how far the import is; silent where nobody looks."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._visible = bool(stream.isatty())
        self._width = 0

    def show(self, done: int, total: int) -> None:
        """Called by the importer after each batch with the rows done and the rows in all."""
        if not self._visible:
            return
        share = f" ({done * 100 // total} %)" if total else ""
        line = f"import: {done} of {total or '?'} rows{share}"
        self._stream.write("\r" + line.ljust(self._width))
        self._stream.flush()
        self._width = len(line)

    def end(self) -> None:
        """Take the line away."""
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()


def _print(session: Session, result: ImportResult) -> None:
    """What came in."""
    counts = record(result)
    out = session.out
    if out.form == "json":
        out.json(counts)
    elif out.form == "tsv":
        out.tsv(list(counts), [list(counts.values())])
    else:
        out.pairs((name.replace("_", " "), str(value)) for name, value in counts.items())


COMMANDS = {"import": Verb(_configure, _run)}
