"""`show`: one ticket with its deadlines and its journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .output import Column
from .parser import Parser, Verb, ticket
from .shapes import (
    deadline_due,
    deadline_json,
    deadline_title,
    deadline_word,
    entry_json,
    print_ticket,
    ticket_json,
)

if TYPE_CHECKING:
    from supporttui.desk.look import TicketView
    from supporttui.store.records import JournalEntry

    from .session import Session

FIELDS = (
    ("customer", "customer"), ("site", "site"), ("contact", "contact"), ("e-mail", "contact_email"),
    ("telephone", "contact_phone"), ("product", "product"), ("release", "release"), ("system", "os"),
    ("system release", "os_release"), ("channel", "channel"), ("category", "category"),
    ("environment", "environment"), ("plan", "plan"), ("external id", "external_id"),
)  # fmt: skip
COLUMNS = (
    Column("due", right=True),
    Column("at"),
    Column("state"),
    Column("deadline"),
    Column("rule", flexible=True),
)


def _configure(parser: Parser) -> None:
    parser.add_argument("number", type=ticket, metavar="NUMBER", help="the ticket")
    parser.add_argument(
        "--void", action="store_true", help="deadlines that no longer count too (JSON has them always)"
    )


def _run(session: Session) -> None:
    from supporttui.desk import look

    view = look.ticket(session.desk, session.args.number)
    if session.form == "json":
        session.out.json(view_json(session, view))
    elif session.form == "tsv":
        print_ticket(session, view.ticket)
    else:
        _print(session, view)


def view_json(session: Session, view: TicketView) -> dict[str, Any]:
    """A ticket with deadlines, journal (oldest first) and links."""
    return {
        **ticket_json(view.ticket),
        "deadlines": [deadline_json(line, session.now) for line in view.deadlines],
        "journal": [entry_json(entry, entry.id in view.undone) for entry in reversed(view.journal)],
        "links": [{"ticket": number, "kind": kind} for number, kind in view.links],
    }


def _print(session: Session, view: TicketView) -> None:
    out, ticket = session.out, view.ticket
    out.line(f"{ticket.number}  {ticket.subject}")
    print_ticket(session, ticket)
    out.line()
    pairs = [(title, getattr(ticket, name)) for title, name in FIELDS]
    pairs += [
        ("tags", " ".join(ticket.tags)),
        ("reported", session.local(ticket.reported_at)),
        ("resolved", session.local(ticket.resolved_at)),
        ("closed", session.local(ticket.closed_at)),
        ("next update by", session.local(ticket.acknowledged_until)),
        ("snoozed until", session.local(ticket.snoozed_until)),
        ("time logged", f"{ticket.minutes_logged} min" if ticket.minutes_logged else ""),
        ("linked", ", ".join(f"{number} ({kind})" for number, kind in view.links)),
    ]
    out.pairs(pairs)
    _print_deadlines(session, view)
    out.line()
    out.line("Journal")
    for entry in reversed(view.journal):
        _print_entry(session, entry, entry.id in view.undone)


def _print_deadlines(session: Session, view: TicketView) -> None:
    shown = [line for line in view.deadlines if session.args.void or line.state != "void"]
    session.out.line()
    session.out.line("Deadlines" if shown else "No deadline runs.")
    rows = [
        [
            deadline_due(line, session.now), session.local(line.due_at), deadline_word(line, None),
            deadline_title(line), line.clause,
        ]
        for line in shown
    ]  # fmt: skip
    if rows:
        session.out.table(COLUMNS, rows)


def _print_entry(session: Session, entry: JournalEntry, undone: bool) -> None:
    from supporttui.desk.act import describe

    who = describe(entry) if entry.data.get("set") else f"{entry.actor}: {_told(entry)}"
    marks = "  (public)" * entry.public + "  (taken back)" * undone
    session.out.line(f"{session.local(entry.at)}  {who}{marks}")
    if entry.text:
        session.out.body(entry.text, "    ")


def _told(entry: JournalEntry) -> str:
    label = entry.data.get("label") or entry.data.get("role")
    return f"{entry.kind} to {label}" if entry.kind == "escalated" and label else entry.kind


COMMANDS = {"show": Verb(_configure, _run)}
