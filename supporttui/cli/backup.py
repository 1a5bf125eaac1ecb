"""`backup`: a consistent copy of the store while others work in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from supporttui.errors import Refused

from .parser import Parser, Verb

if TYPE_CHECKING:
    from .session import Session


def _configure(parser: Parser) -> None:
    parser.add_argument("path", metavar="PATH", help="the file to write; it must not exist")


def _run(session: Session) -> None:
    session.no_named_files("backup")
    path = Path(session.args.path)
    if path.exists():
        raise Refused(f"{path}: exists already; a backup never overwrites")
    session.open_existing().backup(str(path))
    size = path.stat().st_size
    out = session.out
    if out.form == "json":
        out.json({"path": str(path.resolve()), "bytes": size})
    elif out.form == "tsv":
        out.tsv(["path", "bytes"], [[str(path.resolve()), size]])
    else:
        out.line(f"{path}: {size} bytes")


COMMANDS = {"backup": Verb(_configure, _run)}
