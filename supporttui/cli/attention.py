"""`ack`, `snooze`, `escalate`: who looks at a ticket, and when."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from supporttui.errors import NotFound, UsageError

from .parser import Parser, Verb, text, ticket
from .shapes import print_ticket

if TYPE_CHECKING:
    from .session import Session

# "2h", "1.5 h", "90 minutes"; not "9am", "16:00", "2026-12-24".
LENGTH = re.compile(r"[0-9.]+\s*(?![ap]m\b)[a-z]", re.IGNORECASE)
UNTIL = "a time or how long from now: 16:00, 'tomorrow 9:00', 2h, 30m"


def _configure_ack(parser: Parser) -> None:
    parser.add_argument("number", nargs="?", type=ticket, metavar="NUMBER", help="the ticket")
    parser.add_argument("until", nargs="*", metavar="UNTIL", help=f"by when the next update comes: {UNTIL}")
    parser.add_argument("--until", dest="by", metavar="UNTIL", help="the same as an option")
    parser.add_argument("--text", type=text, default="", metavar="TEXT", help="a remark for the journal")
    parser.add_argument(
        "--token",
        type=text,
        metavar="TOKEN",
        help="the token of a notice, instead of a number; good once; - finds it in an answer on standard input",
    )


def _configure_snooze(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    parser.add_argument("until", nargs="*", metavar="UNTIL", help=UNTIL)
    parser.add_argument("--until", dest="by", metavar="UNTIL", help="the same as an option")
    parser.add_argument("--off", action="store_true", help="bring it back now")


def _configure_escalate(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    parser.add_argument(
        "role", nargs="?", type=text, default="", metavar="ROLE", help="whom; the next rung when left out"
    )
    parser.add_argument("--text", type=text, default="", metavar="TEXT", help="why, for the journal")


def ahead(session: Session, what: str) -> datetime:
    """The instant that a person wrote as a time ("16:00") or as a distance ("2h").  Errors: UsageError."""
    from supporttui.when import parse_duration

    args = session.args
    if args.until and args.by is not None:
        raise UsageError(f"{what} is given twice; leave one of them out")
    written = text(args.by) if args.by is not None else " ".join(map(text, args.until))
    if not written.strip():
        raise UsageError(f"{what} is missing: give {UNTIL}")
    if LENGTH.match(written.strip()):
        return session.now + parse_duration(written)
    return session.instant(written)


def _run_ack(session: Session) -> None:
    from supporttui.desk.attention import acknowledge

    args = session.args
    if args.token is not None:
        _by_token(session)
        return
    if args.number is None:
        raise UsageError("ack needs the NUMBER of a ticket, or --token TOKEN")
    until = ahead(session, "the time of the next update")
    changed = acknowledge(session.desk, args.number, until, seen=args.seen, text=args.text)
    print_ticket(session, changed, f"acknowledged until {session.local(changed.acknowledged_until)}")


def _by_token(session: Session) -> None:
    from supporttui.desk import tokens

    args = session.args
    if args.number is not None:
        raise UsageError("--token names its ticket itself: leave the number out")
    if args.seen is not None or args.text:
        raise UsageError("--token says whose answer it is and to what; only --until may go with it")
    until = ahead(session, "the time of the next update") if args.until or args.by is not None else None
    token = args.token
    if token == "-":
        from supporttui.intake.replies import token_in

        token = token_in(session.input_text("-", "an answer"))
        if not token:
            raise NotFound("no line of this answer says 'ack' with a token; quoted lines don't count")
    changed = tokens.acknowledge(session.desk, token, until)
    print_ticket(session, changed, f"acknowledged until {session.local(changed.acknowledged_until)}")


def _run_snooze(session: Session) -> None:
    from supporttui.desk.attention import snooze

    args = session.args
    if args.off and (args.until or args.by is not None):
        raise UsageError("give either a time or --off")
    until = None if args.off else ahead(session, "the time")
    changed = snooze(session.desk, args.number, until, seen=args.seen)
    said = "is back" if until is None else f"put aside until {session.local(changed.snoozed_until)}"
    print_ticket(session, changed, said)


def _run_escalate(session: Session) -> None:
    from supporttui.desk.attention import escalate

    args = session.args
    print_ticket(
        session, escalate(session.desk, args.number, args.role, seen=args.seen, text=args.text), "escalated"
    )


COMMANDS = {
    "ack": Verb(_configure_ack, _run_ack, writes=True),
    "snooze": Verb(_configure_snooze, _run_snooze, writes=True),
    "escalate": Verb(_configure_escalate, _run_escalate, writes=True),
}
