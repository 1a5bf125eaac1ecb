"""`backup`: a consistent copy of the store while others work in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from supporttui.errors import DataError, Refused

from .parser import Parser, Verb

if TYPE_CHECKING:
    from .session import Session


def _configure(parser: Parser) -> None:
    parser.add_argument("path", metavar="PATH", help="the file to write; it must not exist")
    parser.add_argument(
        "--files", metavar="DIR", help="copy attachments and mails too: what this folder doesn't hold yet"
    )


def _run(session: Session) -> None:
    session.no_named_files("backup")
    path = Path(session.args.path)
    if path.exists():
        raise Refused(f"{path}: exists already; a backup never overwrites")
    session.open_existing().backup(str(path))
    size = path.stat().st_size
    out = session.out
    copied = _copy_files(session)
    if out.form == "json":
        out.json({"path": str(path.resolve()), "bytes": size, **copied})
    elif out.form == "tsv":
        out.tsv(["path", "bytes", *copied], [[str(path.resolve()), size, *copied.values()]])
    else:
        out.line(f"{path}: {size} bytes")
        if copied:
            out.line(f"{session.args.files}: {copied['files_copied']} files, {copied['file_bytes']} bytes;"
                     f" {copied['files_there']} were there")  # fmt: skip


def _copy_files(session: Session) -> dict[str, int]:
    """The files, after the store that names them; without a folder for them it is said that they are left out."""
    from supporttui.desk.files import blobs_of, copy_all, kept_in

    blobs = blobs_of(session.store, session.intake)
    if not session.args.files:
        if left := kept_in(blobs.folder).files:
            which = f"{left} files in {blobs.folder} are" if left > 1 else f"1 file in {blobs.folder} is"
            session.hint(f"{which} not in it: --files DIR copies them too")
        return {}
    done = copy_all(blobs, Path(session.args.files))
    if done.damaged:
        which = (
            f"{len(done.damaged)} files are damaged, such as" if done.damaged[1:] else "1 file is damaged,"
        )
        raise DataError(f"{blobs.folder}: {which} {done.damaged[0]}: restore it from an older backup")
    return {"files_copied": done.files, "file_bytes": done.bytes, "files_there": done.there}


COMMANDS = {"backup": Verb(_configure, _run)}
