"""`resolve`, `close`, `reopen`: the end of a ticket, and its second beginning."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .parser import Parser, Verb, ticket
from .shapes import print_ticket

if TYPE_CHECKING:
    from .session import Session


def _configure(meaning: str) -> Callable[[Parser], None]:
    def configure(parser: Parser) -> None:
        parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
        parser.add_argument("text", nargs="?", metavar="TEXT|-", help=f"{meaning}; - reads standard input")

    return configure


def _text(session: Session) -> str:
    return "" if session.args.text is None else session.input_text(session.args.text, "the text")


def _run_resolve(session: Session) -> None:
    from supporttui.desk.close import resolve

    done = resolve(session.desk, session.args.number, _text(session), seen=session.args.seen)
    print_ticket(session, done, "resolved")


def _run_close(session: Session) -> None:
    from supporttui.desk.close import close

    print_ticket(
        session, close(session.desk, session.args.number, _text(session), seen=session.args.seen), "closed"
    )


def _run_reopen(session: Session) -> None:
    from supporttui.desk.close import reopen

    done = reopen(session.desk, session.args.number, _text(session), seen=session.args.seen)
    print_ticket(session, done, "reopened")


COMMANDS = {
    "resolve": Verb(_configure("a public reply that says how"), _run_resolve, writes=True),
    "close": Verb(_configure("an internal remark"), _run_close, writes=True),
    "reopen": Verb(_configure("why"), _run_reopen, writes=True),
}
