"""`log`: the time that was worked on a ticket.  `expense`: what was spent on it."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING, Any

from supporttui.errors import UsageError

from .parser import Parser, Verb, text, ticket
from .shapes import print_ticket

if TYPE_CHECKING:
    from supporttui.desk.worked import Said
    from supporttui.store.records import Ticket
    from supporttui.store.worked import Worked

    from .session import Session


def minutes(word: str) -> int:
    """Whole minutes from "45", "45m", "1h30m", or as the console takes them: "1h30", "1:30"."""
    from supporttui.desk.effort import EXAMPLES, minutes_in
    from supporttui.when import parse_duration

    word = text(word)
    if (worked := minutes_in(word)) is not None:
        return worked
    try:
        seconds = int(parse_duration(word).total_seconds())
    except UsageError:
        raise ArgumentTypeError(
            f"{word!r} is no time that was worked; write for example {EXAMPLES}"
        ) from None
    if seconds % 60:
        raise ArgumentTypeError(f"{word!r} is not in whole minutes")
    return seconds // 60


def add_billable(parser: Parser, *, rate: bool = True) -> None:
    """--billable, --not-billable, --reason and --rate."""
    whether = parser.add_mutually_exclusive_group()
    whether.add_argument(
        "--billable", action="store_true", default=None, help="charge it; against the verdict with a reason"
    )
    whether.add_argument(
        "--not-billable",
        dest="billable",
        action="store_false",
        help="don't; against the verdict with a reason",
    )
    parser.add_argument("--reason", type=text, default="", metavar="TEXT", help="why, against the verdict")
    if rate:
        parser.add_argument(
            "--rate", type=text, default="", metavar="NAME", help="a rate of the policy; else it chooses"
        )


def said_of(session: Session) -> Said:
    """What these options say."""
    from supporttui.desk.worked import Said

    args = session.args
    return Said(billable=args.billable, reason=args.reason, rate=getattr(args, "rate", ""))


def _configure(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    parser.add_argument(
        "minutes", type=minutes, metavar="TIME", help="minutes, or a time such as 1h30, 1:30 or 1h30m"
    )
    parser.add_argument("text", nargs="?", metavar="TEXT|-", help="what was done; - reads standard input")
    worked = parser.add_mutually_exclusive_group()
    worked.add_argument("--started", metavar="TIME", help="when the work began; else it ends now")
    worked.add_argument("--at", metavar="TIME", help="when the work ended")
    add_billable(parser)


def _run(session: Session) -> None:
    from supporttui.desk.effort import log_time

    args = session.args
    changed = log_time(
        session.desk,
        args.number,
        args.minutes,
        remark(session),
        started=session.instant(args.started) if args.started else None,
        ended=session.instant(args.at) if args.at else None,
        said=said_of(session),
        seen=args.seen,
    )
    print_worked(session, changed, f"has {changed.minutes_logged} min logged")


def remark(session: Session) -> str:
    """The text after the time, "" for none."""
    given = session.args.text
    return "" if given is None else session.input_text(given, "the remark")


def print_worked(session: Session, ticket: Ticket, said: str) -> None:
    """The ticket, and what the newest time or expense of the actor on it is."""
    from supporttui.desk.billing import late_for
    from supporttui.store import worked

    rows = worked.of_ticket(session.store, ticket.number)
    row = next(one for one in reversed(rows) if one.actor == session.desk.actor)
    print_ticket(session, ticket, f"{said} ({billable_words(row)})", {"worked": worked_json(row)})
    month, billed_with = late_for(session.desk, row.started_at)
    if month:
        session.hint(f"{month} is frozen: this is billed with {billed_with}")


def billable_words(row: Worked) -> str:
    """ "billable: …" or "not billable: …", with the clause, or the analyst's reason against it."""
    word = "billable" if row.billable else "not billable"
    from supporttui.desk.worked import short

    verdict = "" if row.verdict == word else row.verdict
    why = row.reason or ", ".join(part for part in (verdict, short(row.clause)) if part)
    return f"{word}: {why}" if why else word


def worked_json(row: Worked) -> dict[str, Any]:
    """Time or an expense as JSON has it."""
    from .output import record

    hidden = frozenset({"ticket", "entry", "removed"})
    return {**record(row, leave_out=hidden), "amount": None if row.amount is None else f"{row.amount:f}"}


def _configure_expense(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    parser.add_argument(
        "kind", type=text, metavar="KIND", help="its kind: travel, material … as the policy says"
    )
    parser.add_argument("amount", type=text, metavar="AMOUNT", help='such as "120.50 USD"')
    parser.add_argument("text", nargs="?", metavar="TEXT|-", help="what for; - reads standard input")
    parser.add_argument(
        "--receipt", type=text, default="", metavar="TEXT", help="number or place of the receipt"
    )
    parser.add_argument("--at", metavar="TIME", help="when it was spent; else now")
    add_billable(parser, rate=False)


def _run_expense(session: Session) -> None:
    from supporttui.desk.worked import read_money, spend

    args = session.args
    amount, currency = read_money(session.desk, args.amount)
    changed = spend(
        session.desk,
        args.number,
        args.kind,
        amount,
        currency,
        remark(session),
        receipt=args.receipt,
        spent_at=session.instant(args.at) if args.at else None,
        said=said_of(session),
        seen=args.seen,
    )
    print_worked(session, changed, f"has an expense of {currency} {amount:f}")


COMMANDS = {
    "log": Verb(_configure, _run, writes=True),
    "expense": Verb(_configure_expense, _run_expense, writes=True),
}
