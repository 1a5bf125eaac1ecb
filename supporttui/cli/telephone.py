"""`status`: what the customer may know, to read out or to send.  `call`: a telephone call goes on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supporttui.errors import UsageError

from .output import record
from .parser import Parser, Verb, text, ticket
from .shapes import print_ticket

if TYPE_CHECKING:
    from .session import Session


def _configure_status(parser: Parser) -> None:
    parser.add_argument(
        "which", type=text, metavar="REF|NUMBER", help="the customer's reference, or the ticket's number"
    )


def _run_status(session: Session) -> None:
    from supporttui.desk.status_answer import answer, number_asked

    desk = session.desk
    wanted = session.zone if session.settings.origin("zone") == "--zone" else None
    found = answer(desk, number_asked(desk, session.args.which), wanted)
    if session.form == "text":
        session.out.body(found.text().rstrip("\n"))
        return
    shown = {**record(found, leave_out=frozenset({"zone"})), "text": found.text()}
    if session.form == "json":
        session.out.json(shown)
    else:
        session.out.tsv(list(shown), [list(shown.values())])


def _configure_call(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    parser.add_argument("text", nargs="?", metavar="TEXT|-", help="what was said; - reads standard input")
    way = parser.add_mutually_exclusive_group()
    way.add_argument(
        "--from", dest="caller", type=text, metavar="PHONE",
        help="they called; the number to call back, or '' when it is not known",
    )  # fmt: skip
    way.add_argument(
        "--to", dest="called", type=text, metavar="PHONE",
        help="you called this number; '' is the last one that they left",
    )  # fmt: skip
    parser.add_argument("--with", dest="person", type=text, default="", metavar="NAME", help="who it was")
    parser.add_argument("--no-answer", action="store_true", help="with --to: nobody answered")
    parser.add_argument("--at", metavar="TIME", help="when; now when left out")


def _run_call(session: Session) -> None:
    from supporttui.desk.calls import call, call_back

    args = session.args
    if args.caller is None and args.called is None:
        raise UsageError("who called? give --from PHONE when they did, --to PHONE when you did")
    way, phone, person = (
        ("in", args.caller, args.person) if args.called is None else ("out", args.called, args.person)
    )
    if way == "out" and not phone:
        phone, last = call_back(session.desk, args.number)
        person = person or last
    words = "" if args.text is None and args.no_answer else session.input_text(args.text, "what was said")
    changed = call(
        session.desk, args.number, words, way="in" if way == "in" else "out", phone=phone, person=person,
        reached=not args.no_answer, at=session.instant(args.at) if args.at else None, seen=args.seen,
    )  # fmt: skip
    print_ticket(session, changed, "called")


COMMANDS = {
    "status": Verb(_configure_status, _run_status),
    "call": Verb(_configure_call, _run_call, writes=True),
}
