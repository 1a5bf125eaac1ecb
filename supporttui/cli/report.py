"""`report`: a problem becomes a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supporttui.errors import PolicyError, UsageError

from .parser import Parser, Verb, text
from .shapes import print_ticket

if TYPE_CHECKING:
    from supporttui.store.records import Ticket

    from .session import Session

# Text fields of a ticket that `report` and `set` take as --field, with what they mean.
FIELDS = {
    "customer": "company that reports",
    "contact": "person who reports",
    "contact_email": "that person's e-mail address",
    "contact_phone": "that person's telephone number",
    "site": "site of the customer",
    "product": "product concerned",
    "release": "release of the product",
    "os": "host operating system",
    "os_release": "release of the operating system",
    "channel": "way in which it came: phone, email, web …",
    "category": "category of the policy",
    "environment": "environment, such as production",
    "plan": "support plan; empty takes the customer's",
}


def flag_of(name: str) -> str:
    """The option that sets a field: contact_email → --contact-email."""
    return "--" + name.replace("_", "-")


def add_fields(parser: Parser) -> None:
    """One option for each text field."""
    for name, meaning in FIELDS.items():
        parser.add_argument(flag_of(name), dest=name, type=text, metavar="TEXT", help=meaning)


def _configure(parser: Parser) -> None:
    parser.add_argument(
        "words", nargs="?", type=text, metavar="SUBJECT", help="what is wrong, in a few words"
    )
    parser.add_argument("--subject", type=text, metavar="TEXT", help="the same as an option")
    parser.add_argument(
        "--severity", type=text, metavar="N|NAME", help="severity; the policy has the default"
    )
    add_fields(parser)
    parser.add_argument("--description", metavar="TEXT|-", help="the problem in full; - reads standard input")
    parser.add_argument("--reported-at", metavar="TIME", help="when it was reported; now when left out")
    parser.add_argument(
        "--callback",
        type=text,
        default="",
        metavar="PHONE",
        help="where to call back, when it is not the contact's number",
    )
    parser.add_argument("--owner", type=text, metavar="NAME", help="who takes it; @me for yourself")
    parser.add_argument(
        "--tag", action="append", default=[], type=text, metavar="TAG", help="a tag; may be repeated"
    )
    parser.add_argument(
        "--external-id", type=text, metavar="TEXT", help="number in another system; must be unique"
    )
    parser.add_argument(
        "--reachable", choices=("yes", "no"), metavar="yes|no",
        help="whether the customer can be reached round the clock",
    )  # fmt: skip


def _run(session: Session) -> None:
    from supporttui.desk.report import NewTicket, missing, report, unlisted

    args = session.args
    if args.words is not None and args.subject is not None:
        raise UsageError("the subject is given twice; leave one of them out")
    described = (
        session.input_text(args.description, "the description") if args.description is not None else ""
    )
    new = NewTicket(
        subject=args.subject or args.words or "",
        severity=severity_number(session, args.severity) if args.severity is not None else None,
        description=described,
        owner=session.settings.actor if args.owner == "@me" else args.owner or "",
        external_id=args.external_id or "",
        tags=tuple(args.tag),
        reported_at=session.instant(args.reported_at) if args.reported_at else None,
        callback=args.callback,
        reachable={"yes": True, "no": False}.get(args.reachable),
        **{name: getattr(args, name) or "" for name in FIELDS},
    )
    ticket = report(session.desk, new)
    lacking = missing(session.desk, ticket)
    print_ticket(session, ticket, "reported", {"missing": list(lacking)})
    if lacking:
        asked = ", ".join(f"{name.replace('_', ' ')} ({flag_of(name)})" for name in lacking)
        session.hint(f"ticket {ticket.number} still lacks what the policy asks for: {asked}; add it with set")
    for line in unlisted(session.desk, ticket):
        session.hint(f"ticket {ticket.number}: {line}; kept as it was given")
    _hint_known(session, ticket)


def _hint_known(session: Session, ticket: Ticket) -> None:
    """Name the known error that it is likely about, if there is one."""
    from supporttui.store.known_errors import kept

    if not kept(session.store):
        return
    from supporttui.desk.known_hints import line_of

    if found := line_of(session.desk, ticket):
        link = f"supporttui known link {ticket.number} K{found.number}"
        session.hint(f"known error? K{found.number} {found.title} ({found.state}); {link}")


def severity_number(session: Session, word: str) -> int:
    """The number of a severity written as number or name.  Errors: UsageError."""
    digits = word.isascii() and word.isdigit() and len(word) < 6
    policy = session.desk.policy
    try:
        return policy.severity(int(word) if digits else word).number
    except PolicyError as error:
        raise UsageError(str(error)) from None


COMMANDS = {"report": Verb(_configure, _run)}
