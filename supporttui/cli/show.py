"""`show`: one ticket with its deadlines and its journal."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .output import Column, record
from .parser import Parser, Verb, ticket
from .shapes import (
    deadline_due,
    deadline_json,
    deadline_title,
    deadline_word,
    entry_json,
    print_ticket,
    summary,
    ticket_json,
)

if TYPE_CHECKING:
    from supporttui.desk.known_errors import Known
    from supporttui.desk.look import TicketView
    from supporttui.store.mail_records import Attachment, Participant
    from supporttui.store.records import JournalEntry, Ticket

    from .session import Session

FIELDS = (
    ("customer", "customer"), ("site", "site"), ("contact", "contact"), ("e-mail", "contact_email"),
    ("telephone", "contact_phone"), ("product", "product"), ("release", "release"), ("system", "os"),
    ("system release", "os_release"), ("channel", "channel"), ("category", "category"),
    ("environment", "environment"), ("plan", "plan"), ("external id", "external_id"),
)  # fmt: skip
# Set with every end and reopening, which the entry's kind says already.
ENDS = frozenset({"resolved_at", "closed_at"})
MOST_FILES = 5  # that `show` names
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
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
        "participants": [
            {"email": one.email, "name": one.name} for one in _participants(session, view.ticket)
        ],
        "attachments": [record(one) for one in _attachments(session, view.ticket)],
        "entitlement": _entitlement(session, view.ticket),
        "known_errors": [
            {
                "known": one.name,
                "title": one.record.title,
                "state": one.record.state,
                "fixed_in": one.fixed_in,
            }
            for one in _known(session, view.ticket)
        ],
    }


def _participants(session: Session, ticket: Ticket) -> list[Participant]:
    """Who takes part beside the contact."""
    from supporttui.desk.participants import of

    return of(session.desk, ticket.number)


def _attachments(session: Session, ticket: Ticket) -> list[Attachment]:
    """The files of the ticket, the oldest first."""
    from supporttui.desk.attachments import listed

    return listed(session.desk, ticket.number)


def _files(session: Session, ticket: Ticket) -> str:
    """Name and size of the newest files; `attachments` lists them all."""
    from supporttui.desk.file_words import size_text

    found = _attachments(session, ticket)[::-1]
    named = [f"{one.name} ({size_text(one.size)})" for one in found[:MOST_FILES]]
    more = [f"and {len(found) - MOST_FILES} more"] if len(found) > MOST_FILES else []
    return ", ".join([*named, *more])


def _known(session: Session, ticket: Ticket) -> list[Known]:
    """The known errors that it was linked to."""
    from supporttui.store.known_errors import kept

    if not kept(session.store):
        return []
    from supporttui.desk.known_errors import of_ticket

    return of_ticket(session.desk, ticket.number)


def _entitlement(session: Session, ticket: Ticket) -> dict[str, Any] | None:
    """What is owed; null where the desk keeps no book, and so can't tell."""
    from supporttui.desk.reasoning import shown_of

    from .entitled import verdict_json

    verdict = shown_of(session.desk, ticket)
    return None if verdict is None else verdict_json(verdict)


def _owed(session: Session, ticket: Ticket) -> str:
    """What is owed, in one line; "" where the desk keeps no book."""
    from supporttui.desk.reasoning import shown_of

    from .entitled import verdict_line

    verdict = shown_of(session.desk, ticket)
    return "" if verdict is None else verdict_line(verdict)


def _print(session: Session, view: TicketView) -> None:
    out, ticket = session.out, view.ticket
    out.line(f"{ticket.number}  {ticket.subject}")
    out.line(summary(session, ticket), clipped=True)
    out.line()
    pairs = [(title, getattr(ticket, name)) for title, name in FIELDS]
    pairs += [
        ("tags", " ".join(ticket.tags)),
        ("reported", session.local(ticket.reported_at)),
        ("resolved", session.local(ticket.resolved_at)),
        ("closed", session.local(ticket.closed_at)),
        ("next update by", session.local(ticket.acknowledged_until)),
        ("snoozed until", session.local(ticket.snoozed_until)),
        ("entitlement", _owed(session, ticket)),
        ("time logged", f"{ticket.minutes_logged} min" if ticket.minutes_logged else ""),
        ("takes part", ", ".join(one.email for one in _participants(session, ticket))),
        ("files", _files(session, ticket)),
        ("linked", ", ".join(f"{number} ({kind})" for number, kind in view.links)),
        (
            "known error",
            "; ".join(
                f"{one.name} {one.record.title} ({one.record.state})" for one in _known(session, ticket)
            ),
        ),
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
    marks = "  (public)" * entry.public + "  (taken back)" * undone
    session.out.line(f"{session.local(entry.at)}  {entry.actor}: {told(session, entry)}{marks}")
    if entry.text:
        session.out.body(entry.text, "    ")


def told(session: Session, entry: JournalEntry) -> str:
    """What an entry says, in one line: its kind, and each field from what to what."""
    from supporttui.desk.call_words import called
    from supporttui.desk.letter_words import mailed
    from supporttui.desk.worked_words import charged, credited, spent

    label = entry.data.get("label") or entry.data.get("role")
    if label and entry.kind in ("escalated", "warned", "missed"):
        return f"{entry.kind}: {label}"
    if entry.kind == "effort":
        return f"worked {entry.data.get('minutes', 0)} min{charged(entry.data)}"
    if entry.kind in ("expense", "credit"):
        return spent(entry.data) if entry.kind == "expense" else credited(entry.data)
    if entry.kind == "call":
        return called(entry.data)
    if entry.kind == "reply":
        return f"{entry.kind}{mailed(entry.data)}"
    if entry.kind == "reported" and entry.data.get("callback"):
        return f"{entry.kind}, to be called back at {entry.data['callback']}"
    if entry.kind == "linked":
        gone = "no longer " if entry.data.get("removed") else ""
        return f"{gone}linked to {entry.data.get('other')} ({entry.data.get('kind')})"
    if entry.kind == "known-error":
        gone = "not about" if entry.data.get("removed") else "about"
        return f"{gone} known error K{entry.data.get('known')} ({entry.data.get('title')})"
    if entry.kind == "released":
        return str(entry.data.get("label"))
    if entry.kind in ("customer", "mail"):
        from supporttui.desk.mail_words import told as mail_told
        from supporttui.desk.mail_words import wrote

        return mail_told(entry.data) if entry.kind == "mail" else f"{entry.kind}{wrote(entry.data)}"
    if entry.kind == "file":
        from supporttui.desk.file_words import told as file_told

        return file_told(entry.data)
    changed = [
        f"{name.replace('_', ' ')} {_value(session, old)} → {_value(session, new)}"
        for name, (old, new) in entry.data.get("set", {}).items()
        if name not in ENDS
    ]
    if len(changed) == 1 and changed[0].startswith(entry.kind):
        return changed[0]
    return f"{entry.kind} ({', '.join(changed)})" if changed else entry.kind


def _value(session: Session, value: object) -> str:
    """A value of the journal in words; its instants are text ("…Z")."""
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, str) and INSTANT.fullmatch(value):
        return session.local(datetime.fromisoformat(value))
    return "none" if value in ("", None) else " ".join(str(value).split())[:60]


COMMANDS = {"show": Verb(_configure, _run)}
