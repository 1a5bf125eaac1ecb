"""`who`: which console is on which ticket now, and whether somebody writes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .output import Column
from .parser import Parser, Verb, ticket

if TYPE_CHECKING:
    from supporttui.desk.presence import Here

    from .session import Session

COLUMNS = (
    Column("who"),
    Column("ticket", right=True),
    Column("does"),
    Column("for"),
    Column("subject", flexible=True),
)
FIELDS = ("actor", "ticket", "doing", "seconds", "subject")
DOING = {
    "": "reads",
    "reply": "writes a reply",
    "note": "writes a note",
    "call": "is on the telephone",
    "resolve": "resolves it",
}


def _configure(parser: Parser) -> None:
    parser.add_argument("number", nargs="?", type=ticket, metavar="NUMBER", help="only who is on this ticket")


def _run(session: Session) -> None:
    from supporttui.desk import look, presence

    session.open_existing()
    wanted = session.args.number
    here = [one for one in presence.now_here(session.desk) if wanted in (None, one.ticket)]
    subjects = {
        row.number: row.subject for row in look.lines(session.desk, sorted({one.ticket for one in here}))
    }
    _print(session, here, subjects)


def _print(session: Session, here: list[Here], subjects: dict[int, str]) -> None:
    out = session.out
    rows = [
        (one.actor, one.ticket, one.doing or "read", one.seconds, subjects.get(one.ticket, ""))
        for one in here
    ]
    if out.form == "json":
        out.json_list(dict(zip(FIELDS, row, strict=True)) for row in rows)
    elif out.form == "tsv":
        out.tsv(FIELDS, rows)
    elif not rows:
        out.line("nobody is on a ticket now")
    else:
        from supporttui.when import duration_text

        out.table(
            COLUMNS,
            [
                (one.actor, str(one.ticket), DOING.get(one.doing, "changes it"), duration_text(one.seconds),
                 subjects.get(one.ticket, ""))
                for one in here
            ],
        )  # fmt: skip


COMMANDS = {"who": Verb(_configure, _run)}
