"""`import`: tickets and histories from other systems, with progress, resumable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .output import record
from .parser import Parser, Verb

if TYPE_CHECKING:
    from supporttui.intake.importer import ImportResult

    from .session import Session


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "file", metavar="FILE", help="JSONL or CSV, plain or .gz; one ticket or one event a row"
    )
    parser.add_argument(
        "--mapping", required=True, metavar="MAPPING", help="a TOML file that says which column is what"
    )
    parser.add_argument("--until", metavar="TIME", help="leave out what happened later")
    parser.add_argument(
        "--rejects", metavar="FILE", help="write the rows that can't be taken here, with reasons"
    )


def _run(session: Session) -> int:
    from supporttui.intake import importer

    args = session.args
    source = session.read_file(args.file, "import")
    mapping = session.read_file(args.mapping, "import")
    until = session.instant(args.until) if args.until else None
    progress = Progress(session)
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
    return _print(session, result)


class Progress:
    """A line on standard error that tells how far the import is; silent where nobody looks."""

    def __init__(self, session: Session) -> None:
        self._stream = session.world.stderr
        self._visible = bool(self._stream.isatty())
        self._width = 0

    def show(self, *told: Any) -> None:
        """Called by the importer with what it has to tell, numbers or words."""
        if not self._visible:
            return
        from supporttui.terminal.safe import clean

        line = clean("import: " + " ".join(map(str, told)), ascii=True)[:78]
        self._stream.write("\r" + line.ljust(self._width))
        self._stream.flush()
        self._width = len(line)

    def end(self) -> None:
        """Take the line away."""
        if self._visible and self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()


def _print(session: Session, result: ImportResult) -> int:
    """What came in."""
    counts = record(result)
    out = session.out
    if out.form == "json":
        out.json(counts)
    elif out.form == "tsv":
        out.tsv(list(counts), [list(counts.values())])
    else:
        out.pairs((name.replace("_", " "), str(value)) for name, value in counts.items())
    return 0


COMMANDS = {"import": Verb(_configure, _run)}
