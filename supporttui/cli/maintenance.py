"""`maintenance`: hold notices back for a while, end that, and see what is held back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supporttui.errors import UsageError

from .parser import Parser, Verb, text, whole

if TYPE_CHECKING:
    from .session import Session

LISTED = 50


def _configure(parser: Parser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--all", action="store_true", dest="everything", help="notices about every ticket")
    what.add_argument(
        "--customer", type=text, default="", metavar="NAME", help="about this customer's tickets"
    )
    what.add_argument(
        "--product", type=text, default="", metavar="NAME", help="about tickets of this product"
    )
    what.add_argument(
        "--end", type=whole(1, 10**18), metavar="ID", help="end it now; what was held back goes out"
    )
    parser.add_argument("--until", metavar="TIME", help="until when: in 2h, 18:00")
    parser.add_argument("--reason", type=text, default="", metavar="TEXT", help="why, for the reader")


def _run(session: Session) -> None:
    from supporttui.desk import maintenance

    args = session.args
    if args.end is not None:
        if args.until or args.reason:
            raise UsageError("--end ends it now: leave --until and --reason out")
        freed = maintenance.end(session.desk, args.end)
        _said(
            session,
            {"id": args.end, "released": freed},
            f"maintenance {args.end} ended; {freed} notices go out",
        )
    elif args.everything or args.customer or args.product:
        if not args.until:
            raise UsageError("say when it ends: --until TIME")
        scope = "customer" if args.customer else "product" if args.product else "all"
        until = session.instant(args.until)
        number = maintenance.begin(session.desk, scope, args.customer or args.product, until, args.reason)
        _said(session, {"id": number, "until": until},
              f"maintenance {number}: notices wait until {session.local(until)}; --end {number} ends it")  # fmt: skip
    elif args.until or args.reason:
        raise UsageError("say what is silenced: --all, --customer NAME or --product NAME")
    else:
        _list(session)


def _said(session: Session, record: dict[str, object], line: str) -> None:
    if session.form == "json":
        session.out.json(record)
    else:
        session.out.line(line)


def _list(session: Session) -> None:
    from supporttui.store import windows

    from .output import Column, record

    found = windows.all_maintenance(session.open_existing(), LISTED)
    if session.form == "json":
        session.out.json([record(one) for one in found])
        return
    rows = [
        (
            str(one.id), one.scope if one.scope == "all" else f"{one.scope} {one.name}",
            "held" if one.start <= session.now < (one.ended_at or one.end) else "over",
            session.local(one.start), session.local(one.ended_at or one.end), one.entered_by, one.reason,
        )
        for one in found
    ]  # fmt: skip
    titles = ("id", "what", "state", "from", "until", "by", "reason")
    if session.form == "tsv":
        session.out.tsv(titles, rows)
    elif rows:
        session.out.table([*(Column(title) for title in titles[:-1]), Column("reason", flexible=True)], rows)
    else:
        session.out.line("no notice was ever held back")


COMMANDS = {"maintenance": Verb(_configure, _run)}
