"""`participant`: who takes part in a ticket beside its contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supporttui.errors import UsageError

from .parser import Parser, Verb, text, ticket

if TYPE_CHECKING:
    from .session import Session

LIST = ("ticket", "email", "name")


def _configure(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    way = parser.add_mutually_exclusive_group()
    way.add_argument(
        "--add",
        type=text,
        metavar="ADDRESS",
        help="from now on may write to it by mail, and gets its replies",
    )
    way.add_argument("--remove", type=text, metavar="ADDRESS", help="no longer")
    parser.add_argument(
        "--name", type=text, default="", metavar="NAME", help="with --add: what they are called"
    )


def _run(session: Session) -> None:
    from supporttui.desk import participants

    args = session.args
    if args.name and not args.add:
        raise UsageError("--name goes with --add ADDRESS")
    session.open_existing()
    if args.add:
        made = participants.add(session.desk, args.number, args.add, args.name)
        session.hint(f"{made.email} takes part in ticket {args.number}")
    elif args.remove:
        gone = participants.remove(session.desk, args.number, args.remove)
        session.hint(f"{gone.email} takes part in ticket {args.number} no longer")
    _list(session)


def _list(session: Session) -> None:
    from supporttui.desk import participants
    from supporttui.desk.act import fetch

    from .output import Column

    number, out = session.args.number, session.out
    ticket = fetch(session.desk, number)
    found = participants.of(session.desk, number)
    if out.form == "json":
        out.json([{name: getattr(one, name) for name in LIST} for one in found])
    elif out.form == "tsv":
        out.tsv(LIST, [[getattr(one, name) for name in LIST] for one in found])
    elif not found:
        contact = ticket.contact_email
        out.line(
            f"nobody takes part in ticket {number}" + (f" but its contact, {contact}" if contact else "")
        )
    else:
        columns = [Column("address"), Column("name", flexible=True)]
        rows = [[one.email, one.name] for one in found]
        if ticket.contact_email:
            rows.insert(0, [ticket.contact_email, f"{ticket.contact} (contact)".strip()])
        out.table(columns, rows)


COMMANDS = {"participant": Verb(_configure, _run)}
