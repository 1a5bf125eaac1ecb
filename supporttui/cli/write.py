"""`reply` and `note`: text for the customer, and text for the desk alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .parser import Parser, Verb, text, ticket
from .shapes import print_ticket

if TYPE_CHECKING:
    from .session import Session


def _configure_note(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    parser.add_argument("text", nargs="?", metavar="TEXT|-", help="the text; - reads standard input")


def _configure_reply(parser: Parser) -> None:
    _configure_note(parser)
    parser.add_argument(
        "--status", type=text, metavar="STATUS", help="status afterwards, such as waiting-customer"
    )
    parser.add_argument("--workaround", action="store_true", help="the reply gives a workaround")


def _run_reply(session: Session) -> None:
    from supporttui.desk.write import reply

    args = session.args
    words = session.input_text(args.text, "the reply")
    changed = reply(
        session.desk, args.number, words, seen=args.seen, status=args.status, workaround=args.workaround
    )
    print_ticket(session, changed, "answered")


def _run_note(session: Session) -> None:
    from supporttui.desk.write import note

    args = session.args
    words = session.input_text(args.text, "the note")
    print_ticket(session, note(session.desk, args.number, words, seen=args.seen), "noted")


COMMANDS = {
    "reply": Verb(_configure_reply, _run_reply, writes=True),
    "note": Verb(_configure_note, _run_note, writes=True),
}
