"""`handover`: what one shift leaves to the next, as Markdown; accept the watch, or take that back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from supporttui.errors import UsageError

from .parser import Parser, Verb, text

if TYPE_CHECKING:
    from supporttui.desk.handover import Handover

    from .session import Session


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "--since",
        metavar="TIME",
        help="where the shift began: 12h (ago) or a time; else your last watch, or 12h",
    )
    parser.add_argument("--next", metavar="DURATION", help="how far ahead to look; the default is 8h")
    watch = parser.add_mutually_exclusive_group()
    watch.add_argument(
        "--accept",
        nargs="?",
        const="",
        type=text,
        metavar="NOTE",
        help="accept the watch, with a note if you like",
    )
    watch.add_argument("--take-back", action="store_true", help="take back that you accepted the watch")


def _run(session: Session) -> None:
    from supporttui.desk import handover

    args, desk = session.args, session.desk
    if args.accept is not None:
        handover.accept(desk, args.accept)
    elif args.take_back:
        handover.take_back(desk)
    more = {"ahead": _length(args.next, "--next")} if args.next else {}
    found = handover.report(desk, since=_since(session, args.since), **more)
    if session.form == "json":
        session.out.json(_json(found))
    elif session.form == "tsv":
        names = ["section", "ticket", "severity", "at", "what", "owner", "customer", "subject", "text"]
        session.out.tsv(names, [[row[name] for name in names] for row in _rows(found)])
    else:
        from supporttui.console.present import handover_markdown

        name = session.load_policy().vendor.name
        session.out.body(handover_markdown.text(found, session.zone, desk_name=name).rstrip("\n"))


def _since(session: Session, given: str | None) -> Any:
    """A length of time means so long ago; anything else is a time."""
    if not given:
        return None
    try:
        return session.now - _length(given, "--since")
    except UsageError:
        return session.instant(given)


def _length(given: str, option: str) -> timedelta:
    from supporttui.when import parse_duration

    try:
        return parse_duration(given)
    except UsageError as error:
        raise UsageError(f"{option}: {error}") from None


def _rows(found: Handover) -> list[dict[str, Any]]:
    return [
        {
            "section": section.id,
            "ticket": item.ticket,
            "severity": item.severity,
            "at": item.at,
            "what": item.what,
            "who": item.who,
            "owner": item.owner,
            "customer": item.customer,
            "subject": item.subject,
            "text": item.text,
        }
        for section in found.sections
        for item in section.items
    ]


def _json(found: Handover) -> dict[str, Any]:
    watch = found.watch
    return {
        "at": found.at,
        "since": found.since,
        "until": found.until,
        "watch": {"actor": watch.actor, "at": watch.at, "note": watch.note} if watch else None,
        "inbox": {"waits": found.inbox[0], "calls": found.inbox[1]},
        "totals": {section.id: section.total for section in found.sections},
        "items": _rows(found),
    }


COMMANDS = {"handover": Verb(_configure, _run)}
