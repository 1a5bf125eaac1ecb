"""`log`: the time that was worked on a ticket."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

from supporttui.errors import UsageError

from .parser import Parser, Verb, text, ticket
from .shapes import print_ticket

if TYPE_CHECKING:
    from .session import Session


def minutes(word: str) -> int:
    """Whole minutes from "45", "45m" or "1h30m"."""
    from supporttui.when import parse_duration

    word = text(word)
    if word.isascii() and word.isdigit() and len(word) < 10:
        return int(word)
    try:
        seconds = int(parse_duration(word).total_seconds())
    except UsageError as error:
        raise ArgumentTypeError(str(error)) from None
    if seconds % 60:
        raise ArgumentTypeError(f"{word!r} is not in whole minutes")
    return seconds // 60


def _configure(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    parser.add_argument("minutes", type=minutes, metavar="TIME", help="minutes, or a time such as 1h30m")
    parser.add_argument("text", nargs="?", metavar="TEXT|-", help="what was done; - reads standard input")


def _run(session: Session) -> None:
    from supporttui.desk.effort import log_time

    args = session.args
    said = "" if args.text is None else session.input_text(args.text, "the remark")
    changed = log_time(session.desk, args.number, args.minutes, said, seen=args.seen)
    print_ticket(session, changed, f"has {changed.minutes_logged} min logged")


COMMANDS = {"log": Verb(_configure, _run, writes=True)}
