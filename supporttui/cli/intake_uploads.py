"""`intake uploads`: take what the site's FTP or SFTP daemon put into a folder, for ever or once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supporttui.errors import PolicyError, Refused, StoreBusy, UsageError

from .parser import Parser, text, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from supporttui.intake.settings import UploadsTable
    from supporttui.intake.uploads import Look, Uploads

    from .session import Session

ACTOR = "uploads"  # as the journal names who attached what came by itself


def configure(parser: Parser) -> None:
    parser.add_argument(
        "folder", nargs="?", type=text, metavar="DIR", help="the folder; empty: that of the intake settings"
    )
    parser.add_argument("--once", action="store_true", help="take what stands still now, and the end")
    parser.add_argument("--every", type=whole(1, 86_400), metavar="SECONDS", help="between two looks")
    parser.add_argument("--quiet", action="store_true", help="print nothing of files that were taken")


def run(session: Session) -> int:
    if session.settings.switch("restricted"):
        raise Refused("intake uploads reads a folder that is named: not allowed in restricted mode")
    table = _table(session)
    uploads = make(session, table)
    try:
        return _once(session, uploads) if session.args.once else _for_ever(session, uploads)
    finally:
        uploads.close()


def _table(session: Session) -> UploadsTable:
    """The settings, with what the command line says otherwise.  Errors: UsageError, PolicyError."""
    from msgspec.structs import replace

    from supporttui.intake.settings import UploadsTable

    args, table = session.args, session.intake.uploads
    if table is None and not args.folder:
        raise UsageError('name the folder, or write [uploads] folder = "…" into the intake settings')
    table = table or UploadsTable(folder=args.folder)
    return replace(table, folder=args.folder or table.folder, every=args.every or table.every)


def make(session: Session, table: UploadsTable) -> Uploads:
    """The folder on the session's store.  Errors: PolicyError for owners that aren't there."""
    from supporttui.intake.uploads import Uploads

    try:
        return Uploads(session.new_desk(ACTOR), table, session.blobs)
    except PolicyError as error:
        raise PolicyError(f"{session.settings.path('intake')}: {error}") from None


def _once(session: Session, uploads: Uploads) -> int:
    """As many looks as it takes to see what stands still."""
    from dataclasses import replace

    from supporttui.watch import service

    told = Told()
    with service.Signals().heard() as signals:
        for number in range(uploads.table.looks):
            if number:
                signals.wait(uploads.table.every)
            if signals.ending:
                return 0
            look = uploads.look(lambda: signals.ending)
            # The error that ends it says the trouble to people; programs get a record.
            in_words = session.form == "text"
            news = told.news(look)
            tell(session, replace(news, trouble="") if in_words else news, quiet=session.args.quiet)
            if look.trouble:
                raise StoreBusy(look.trouble)
    return 0


def _for_ever(session: Session, uploads: Uploads) -> int:
    from supporttui.watch import service

    told = Told()
    with service.Signals().heard() as signals:
        while not signals.ending:
            tell(session, told.news(uploads.look(lambda: signals.ending)), quiet=session.args.quiet)
            signals.wait(uploads.table.every)
    return 0


class Told:
    """What was said of files that stay and of trouble, so that a log doesn't repeat it every half minute."""

    def __init__(self) -> None:
        self._left: set[Any] = set()
        self._trouble = ""

    def news(self, look: Look) -> Look:
        from dataclasses import replace

        left = tuple(one for one in look.left if one not in self._left)
        trouble = look.trouble if look.trouble != self._trouble else ""
        self._left, self._trouble = set(look.left), look.trouble
        return replace(look, left=left, trouble=trouble)


def tell(
    session: Session,
    look: Look,
    *,
    quiet: bool = False,
    log: Callable[[Session, Any, str], None] | None = None,
) -> None:
    """What a look did, as log lines.  quiet: without what went well."""
    log = log or _log
    for one in look.taken if not quiet else ():
        where = f"ticket {one.ticket}" if one.ticket else "waits for a decision"
        name = "/".join(one.key)
        log(session, {"event": "uploaded", "file": name, "ticket": one.ticket, "why": one.why, "hash": one.hash,
                      "bytes": one.size, "attachment": one.attachment, "again": one.again},
            f"{name}: {where} ({one.why})")  # fmt: skip
    for left in look.left:
        name = "/".join(left.key)
        log(session, {"event": "left", "file": name, "why": left.why}, f"{name}: left: {left.why}")
    if look.trouble:
        log(session, {"event": "trouble", "why": look.trouble}, look.trouble)


def _log(session: Session, record: dict[str, Any], line: str) -> None:
    if session.form == "json":
        session.out.json_line(record)
    elif session.form == "tsv":
        session.out.tsv(list(record), [list(record.values())])
    else:
        session.out.line(line)
    session.out.flush()
