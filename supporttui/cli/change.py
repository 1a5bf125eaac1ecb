"""`set` and `tag`: change fields of a ticket; several fields in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supporttui.errors import UsageError

from .parser import Parser, Verb, text, ticket
from .report import FIELDS, add_fields, severity_number
from .shapes import print_ticket

if TYPE_CHECKING:
    from supporttui.store.records import Ticket

    from .session import Session


def _configure_set(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    parser.add_argument("--severity", type=text, metavar="N|NAME", help="severity")
    parser.add_argument("--status", type=text, metavar="STATUS", help="status; the policy has the moves")
    parser.add_argument(
        "--owner", type=text, metavar="NAME", help="who has it; @me for yourself, '' for nobody"
    )
    parser.add_argument("--subject", type=text, metavar="TEXT", help="what is wrong, in a few words")
    add_fields(parser)
    parser.add_argument("--description", metavar="TEXT|-", help="the problem in full; - reads standard input")
    parser.add_argument(
        "--reason", type=text, default="", metavar="TEXT", help="why the severity or status changes"
    )


def _run_set(session: Session) -> None:
    args = session.args
    fields = {name: getattr(args, name) for name in FIELDS if getattr(args, name) is not None}
    if args.description is not None:
        fields["description"] = session.input_text(args.description, "the description")
    plain = (args.severity, args.status, args.owner, args.subject)
    if not fields and all(value is None for value in plain):
        raise UsageError("nothing to set; name a field, such as --severity 2; try supporttui set --help")
    print_ticket(session, _set(session, fields), "set")


def _set(session: Session, fields: dict[str, str]) -> Ticket:
    """All fields that were given, or none of them: the verbs share one transaction."""
    from supporttui.desk import act, change

    args, desk, number = session.args, session.desk, session.args.number
    severity = severity_number(session, args.severity) if args.severity is not None else None
    batch = act.new_batch()
    with act.transaction(desk):
        current = act.fetch(desk, number)
        if args.seen is not None:
            act.check_seen(desk, current, args.seen, act.HARMLESS)
        # The plain fields come first: they may cap the severity that follows.
        if fields:
            current = change.set_fields(desk, number, fields, batch=batch)
        if severity is not None:
            current = change.set_severity(desk, number, severity, reason=args.reason, batch=batch)
        if args.subject is not None:
            current = change.set_subject(desk, number, args.subject, batch=batch)
        if args.owner is not None:
            current = change.set_owner(desk, number, args.owner, batch=batch)
        if args.status is not None:
            current = change.set_status(desk, number, args.status, text=args.reason, batch=batch)
    return current


def _configure_tag(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    parser.add_argument(
        "tags", nargs="+", type=text, metavar="TAG", help="+tag or tag adds it, -tag takes it off"
    )


def _run_tag(session: Session) -> None:
    from supporttui.desk.change import tag

    words: list[str] = session.args.tags
    add = [word.removeprefix("+") for word in words if not word.startswith("-")]
    remove = [word[1:] for word in words if word.startswith("-")]
    changed = tag(session.desk, session.args.number, add, remove, seen=session.args.seen)
    print_ticket(session, changed, f"tagged {' '.join(changed.tags) or 'nothing'}")


COMMANDS = {
    "set": Verb(_configure_set, _run_set, writes=True),
    "tag": Verb(_configure_tag, _run_tag, writes=True, query=True),
}
