"""`notices`: what waits to be told, what nobody took, what was told about a ticket; try again, or give up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supporttui.errors import NotFound, UsageError

from .parser import Parser, Verb, ticket, whole

if TYPE_CHECKING:
    from supporttui.store.records import Notice

    from .session import Session


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "number", nargs="?", type=ticket, metavar="NUMBER", help="all notices about this ticket"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--dead", action="store_true", help="those that will not be tried again")
    which.add_argument("--retry", nargs="+", type=whole(1, 10**18), metavar="ID", help="try dead ones again")
    which.add_argument(
        "--withdraw", nargs="+", type=whole(1, 10**18), metavar="ID", help="give waiting or dead ones up"
    )


def _run(session: Session) -> None:
    from supporttui.store import notices, tickets

    args = session.args
    store = session.open_existing()
    if args.number and (args.dead or args.retry or args.withdraw):
        raise UsageError(
            f"{args.number}: a ticket's notices are listed whole; leave the number or the option out"
        )
    if args.retry or args.withdraw:
        _change(session, list(dict.fromkeys(args.retry or args.withdraw)))
    elif args.number:
        if tickets.get(store, args.number) is None:
            raise NotFound(f"there is no ticket {args.number}")
        _print(session, notices.of_ticket(store, args.number), "nobody was told of it")
    elif args.dead:
        _print(session, notices.dead(store), "no notice was lost")
    else:
        _print(session, notices.waiting(store), "no notice waits")


def _change(session: Session, ids: list[int]) -> None:
    """Try dead ones again, or give waiting and dead ones up; on record when it did anything."""
    from supporttui.store import events, notices

    store, now, actor = session.store, session.now, session.settings.actor
    again = bool(session.args.retry)
    with store.write():
        done = (
            notices.requeue(store, ids, now) if again else notices.withdraw(store, ids, f"by {actor}")
        )  # fmt: skip
        if not done:
            state = "dead" if again else "waiting or dead"
            raise NotFound(f"none of these notices is {state}; supporttui notices lists them")
        said = f"{done} of {len(ids)} notices are {'tried again' if again else 'given up'}"
        events.append(store, at=now, actor=actor, kind="notices", text=said, data={"ids": ids})
    if session.form == "json":
        session.out.json({"changed": done})
    else:
        session.out.line(said)


def _print(session: Session, found: list[Notice], nothing: str) -> None:
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
        session.out.line(nothing)


COMMANDS = {"notices": Verb(_configure, _run)}
