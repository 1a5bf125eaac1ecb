"""`notices`: what waits to be told, what nobody took, what was told about a ticket; try again, or give up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supporttui.errors import NotFound

from .parser import Parser, Verb, ticket

if TYPE_CHECKING:
    from supporttui.store.records import Notice

    from .session import Session


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "number", nargs="?", type=ticket, metavar="NUMBER", help="all notices about this ticket"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--dead", action="store_true", help="those that will not be tried again")
    which.add_argument("--retry", nargs="+", type=int, metavar="ID", help="try dead ones again")
    which.add_argument("--withdraw", nargs="+", type=int, metavar="ID", help="give waiting or dead ones up")


def _run(session: Session) -> None:
    from supporttui.store import events, notices

    args = session.args
    store = session.open_existing()
    if args.retry or args.withdraw:
        ids = args.retry or args.withdraw
        word = "are tried again" if args.retry else "are given up"
        with store.write():
            done = (
                notices.requeue(store, ids, session.now)
                if args.retry
                else notices.withdraw(store, ids, f"by {session.settings.actor}")
            )
            said = f"{done} of {len(ids)} notices {word}"
            events.append(
                store,
                at=session.now,
                actor=session.settings.actor,
                kind="notices",
                text=said,
                data={"ids": ids},
            )
        if not done:
            raise NotFound("none of these notices is waiting or dead; supporttui notices lists them")
        if session.form == "json":
            session.out.json({"changed": done})
        else:
            session.out.line(said)
        return
    found = (
        notices.of_ticket(store, args.number)
        if args.number
        else notices.dead(store) if args.dead else notices.waiting(store)
    )  # fmt: skip
    _print(session, found)


def _print(session: Session, found: list[Notice]) -> None:
    from .output import Column, record

    if session.form == "json":
        session.out.json([record(one) for one in found])
        return
    titles = ("id", "ticket", "sev", "state", "to", "tries", "next try", "about", "error")
    rows = [
        (
            str(one.id), str(one.ticket), str(one.severity), one.state + ("?" if one.doubtful else ""),
            one.address, str(one.attempts),
            session.local(one.next_at) if one.state == "queued" else "", one.label or one.role, one.error,
        )
        for one in found
    ]  # fmt: skip
    if session.form == "tsv":
        session.out.tsv(titles, rows)
    elif rows:
        session.out.table([*(Column(title) for title in titles[:-1]), Column("error", flexible=True)], rows)
    else:
        session.out.line("no notice waits" if not session.args.dead else "no notice was lost")


COMMANDS = {"notices": Verb(_configure, _run)}
