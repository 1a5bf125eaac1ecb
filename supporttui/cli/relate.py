"""`merge` and `link`: two tickets about one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .parser import Parser, Verb, text, ticket
from .shapes import print_ticket

if TYPE_CHECKING:
    from .session import Session


def _configure_merge(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket that ends")
    parser.add_argument("into", type=ticket, metavar="INTO", help="the ticket that goes on")


def _configure_link(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    parser.add_argument("other", type=ticket, metavar="OTHER", help="the other ticket")
    parser.add_argument(
        "--kind", type=text, default="related", metavar="KIND", help="related, duplicate, causes or blocks"
    )
    parser.add_argument("--remove", action="store_true", help="take the link away")


def _run_merge(session: Session) -> None:
    from supporttui.desk.relate import merge

    args = session.args
    print_ticket(
        session, merge(session.desk, args.number, args.into, seen=args.seen), f"merged into {args.into}"
    )


def _run_link(session: Session) -> None:
    from supporttui.desk.relate import link

    args = session.args
    changed = link(session.desk, args.number, args.other, args.kind, remove=args.remove, seen=args.seen)
    print_ticket(
        session, changed, f"{'no longer linked' if args.remove else 'linked'} to {args.other} ({args.kind})"
    )


COMMANDS = {
    "merge": Verb(_configure_merge, _run_merge, writes=True),
    "link": Verb(_configure_link, _run_link, writes=True),
}
