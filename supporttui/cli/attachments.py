"""`attach` and `attachments`: files of tickets, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from supporttui.errors import Refused, UsageError

from .parser import Parser, Verb, text, ticket, whole

if TYPE_CHECKING:
    from supporttui.store.mail_records import Attachment

    from .session import Session

LIST = ("id", "added_at", "name", "size", "source", "added_by", "hash")


def _configure_attach(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    parser.add_argument("path", metavar="FILE", help="the file; a copy is kept")
    parser.add_argument("--name", type=text, metavar="NAME", help="what it is called in the list")


def _configure_list(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    what = parser.add_mutually_exclusive_group()
    id = whole(1, 10**15)
    what.add_argument("--view", type=id, metavar="ID", help="show the beginning of a file, escaped")
    what.add_argument("--save", type=id, metavar="ID", help="copy a file out, with --to")
    what.add_argument("--move", type=id, metavar="ID", help="give a file to another ticket, with --ticket")
    what.add_argument("--remove", type=id, metavar="ID", help="take a file away; undo brings it back")
    parser.add_argument("--to", metavar="PATH", help="where --save writes: a new file, or a folder")
    parser.add_argument("--ticket", type=ticket, metavar="NUMBER", help="the ticket that --move gives it to")


def _run_attach(session: Session) -> None:
    from supporttui.desk import attachments
    from supporttui.desk.act import fetch
    from supporttui.desk.files import filing_of, put_path

    args = session.args
    session.no_named_files("attach")
    fetch(session.desk, args.number)  # before a large file is copied for nothing
    path = Path(args.path)
    blob = put_path(session.blobs, path, most=filing_of(session.desk).most)
    name = args.name or path.name
    made = attachments.add(session.desk, args.number, blob, name, blobs=session.blobs, seen=args.seen)
    _say(session, made, f"attached to ticket {args.number}")


def _run_list(session: Session) -> None:
    from supporttui.desk import attachments

    args, desk = session.args, session.desk
    session.open_existing()
    _check(args)
    which = args.view or args.save or args.move or args.remove
    if not which:
        _list(session)
        return
    file = attachments.of_ticket(desk, args.number, which)
    if args.view:
        _view(session, file)
    elif args.save:
        _save(session, file)
    elif args.move:
        _say(session, attachments.move(desk, file, args.ticket, blobs=session.blobs),
             f"moved to ticket {args.ticket}")  # fmt: skip
    else:
        _say(session, attachments.remove(desk, file), f"taken away from ticket {args.number}")


def _check(args: Any) -> None:
    for one, other, given, needed in (
        ("--save", "--to PATH", args.save, args.to),
        ("--move", "--ticket NUMBER", args.move, args.ticket),
    ):
        if given and not needed:
            raise UsageError(f"{one} needs {other}")
        if needed and not given:
            raise UsageError(f"{other.split()[0]} goes with {one} ID")


def _list(session: Session) -> None:
    from supporttui.desk import attachments
    from supporttui.desk.act import fetch
    from supporttui.desk.file_words import SHOWN_HASH, size_text

    from .output import Column, record

    fetch(session.desk, session.args.number)
    found = attachments.listed(session.desk, session.args.number)
    out = session.out
    if out.form == "json":
        out.json([record(one) for one in found])
    elif out.form == "tsv":
        out.tsv(LIST, [[getattr(one, name) for name in LIST] for one in found])
    elif not found:
        out.line(f"ticket {session.args.number} has no files")
    else:
        columns = [Column("id", right=True), Column("added"), Column("size", right=True), Column("by"),
                   Column("SHA-256"), Column("name", flexible=True)]  # fmt: skip
        out.table(columns, [
            [str(one.id), session.local(one.added_at), size_text(one.size),
             one.added_by if one.source == attachments.CONSOLE else one.source, one.hash[:SHOWN_HASH], one.name]
            for one in found
        ])  # fmt: skip


def _view(session: Session, file: Attachment) -> None:
    """The beginning of a file; what a terminal would obey is written out."""
    from supporttui.desk.excerpts import excerpt_of

    found = excerpt_of(session.blobs, file.hash)
    out = session.out
    if out.form == "json":
        out.json({"id": file.id, "name": file.name, "size": found.size, "shown": found.shown,
                  "text": found.text, "lines": list(found.lines)})  # fmt: skip
        return
    if out.form == "tsv":
        out.tsv(["line"], [[line] for line in found.lines])
        return
    for line in found.lines:
        out.line(line)
    if not found.whole:
        session.hint(f"{file.name}: the first {found.shown:,} of {found.size:,} bytes; --save copies all")


def _save(session: Session, file: Attachment) -> None:
    from supporttui.desk.attachments import file_name
    from supporttui.desk.files import save

    session.no_named_files("--save")
    path = Path(session.args.to)
    if path.is_dir():
        path = path / file_name(file)
    if path.is_symlink():
        raise Refused(f"{path}: is a link; name a new file")
    size = save(session.blobs, file.hash, path)
    if session.form == "json":
        session.out.json({"id": file.id, "path": str(path.resolve()), "bytes": size, "hash": file.hash})
    elif session.form == "tsv":
        session.out.tsv(["path", "bytes"], [[str(path.resolve()), size]])
    else:
        session.out.line(f"{path}: {size} bytes")


def _say(session: Session, file: Attachment, did: str) -> None:
    from supporttui.desk.file_words import size_text

    from .output import record

    if session.form == "json":
        session.out.json(record(file))
    elif session.form == "tsv":
        session.out.tsv(LIST, [[getattr(file, name) for name in LIST]])
    else:
        session.out.line(f"file {file.id}, {file.name} ({size_text(file.size)}): {did}")


COMMANDS = {
    "attach": Verb(_configure_attach, _run_attach, writes=True),
    "attachments": Verb(_configure_list, _run_list),
}
