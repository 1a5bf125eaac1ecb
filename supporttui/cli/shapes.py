"""The shapes in which commands print tickets, deadlines and journal entries (docs/json.md describes them).

JSON has instants in UTC as "…Z", unknown text as "" and what isn't set as null.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .output import Column, plain, record

if TYPE_CHECKING:
    from supporttui.store.records import DeadlineLine, JournalEntry, Ticket, TicketLine

    from .session import Session

LINE_COLUMNS = (
    Column("no.", right=True),
    Column("sev", right=True),
    Column("status"),
    Column("due", right=True),
    Column("owner"),
    Column("customer"),
    Column("subject", flexible=True),
)
LINE_TSV = (
    "number", "severity", "status", "owner", "customer", "product", "subject", "reported_at",
    "updated_at", "next_due_at", "overdue_since", "overdue", "version",
)  # fmt: skip
DEADLINE_COLUMNS = (
    Column("ticket", right=True),
    Column("sev", right=True),
    Column("state"),
    Column("due", right=True),
    Column("at"),
    Column("deadline"),
    Column("subject", flexible=True),
)
DEADLINE_TSV = (
    "ticket", "key", "kind", "role", "level", "label", "severity", "due_at", "state", "fired_at",
    "would_fire", "remaining_seconds", "owner", "customer", "subject",
)  # fmt: skip


def ticket_json(ticket: Ticket) -> dict[str, Any]:
    """A ticket with every field of its own row."""
    return record(ticket)


def line_json(line: TicketLine, at: datetime) -> dict[str, Any]:
    """A row of a list.  overdue: a fired deadline that nobody acknowledged, or an armed one due by `at`."""
    return {**record(line), "overdue": is_overdue(line, at)}


def is_overdue(line: TicketLine, at: datetime) -> bool:
    """Whether the ticket is, or by `at` would be, overdue."""
    return line.overdue_since is not None or (line.next_due_at is not None and line.next_due_at <= at)


def line_cells(line: TicketLine, at: datetime) -> list[str]:
    """A row of a list as text."""
    return [
        str(line.number), str(line.severity), line.status, line_due(line, at), line.owner or "–",
        line.customer or "–", line.subject,
    ]  # fmt: skip


def line_due(line: TicketLine, at: datetime) -> str:
    """How long until the urgent instant of a ticket, or since."""
    from supporttui.when import countdown

    due = min((when for when in (line.overdue_since, line.next_due_at) if when), default=None)
    if due is None:
        return "paused" if line.paused else "–"
    return countdown(round((due - at).total_seconds()))


def deadline_json(line: DeadlineLine, now: datetime, at: datetime | None = None) -> dict[str, Any]:
    """A deadline as stored or, with `at`, as it will stand then if nothing else happens.

    A look ahead shows an armed deadline due by `at` as fired, with fired_at null and would_fire true.
    remaining_seconds: left on its clock, below 0 when past; null when it really fired or is void.
    """
    ahead = would_fire(line, at)
    return {
        "ticket": line.ticket,
        "key": line.key,
        "kind": line.kind,
        "role": line.role,
        "level": line.level,
        "label": line.label,
        "severity": line.severity,
        "due_at": plain(line.due_at),
        "state": "fired" if ahead else line.state,
        "fired_at": plain(line.fired_at),
        "would_fire": ahead,
        "remaining_seconds": _remaining(line, at or now),
        "clause": line.clause,
        "reason": line.reason,
        "policy_hash": line.policy_hash,
        "owner": line.owner,
        "customer": line.customer,
        "subject": line.subject,
    }


def would_fire(line: DeadlineLine, at: datetime | None) -> bool:
    """Whether an armed deadline fires by `at`."""
    return at is not None and line.state == "armed" and line.due_at <= at


def _remaining(line: DeadlineLine, at: datetime) -> int | None:
    if line.state == "armed":
        return round((line.due_at - at).total_seconds())
    return line.remaining if line.state == "paused" else None


def deadline_cells(session: Session, line: DeadlineLine, at: datetime | None) -> list[str]:
    """A deadline as a row of text."""
    return [
        str(line.ticket), str(line.severity), deadline_word(line, at), deadline_due(line, at or session.now),
        session.local(line.due_at), deadline_title(line), line.subject,
    ]  # fmt: skip


def deadline_word(line: DeadlineLine, at: datetime | None) -> str:
    """The state in a word or two, with the reason of a void one."""
    if would_fire(line, at):
        return "would fire"
    return f"{line.state} ({line.reason})" if line.reason else line.state


def deadline_due(line: DeadlineLine, at: datetime) -> str:
    """How long until a deadline, or since; what is left on a clock that stands still."""
    from supporttui.when import countdown, duration_text

    if line.state == "void":
        return "–"
    if line.state == "paused":
        return f"{duration_text(line.remaining)} left" if line.remaining and line.remaining > 0 else "paused"
    return countdown(round((line.due_at - at).total_seconds()))


def deadline_title(line: DeadlineLine) -> str:
    """What it is: a rung is named by whom it tells, the rest by kind and label."""
    if line.kind == "escalation":
        return line.label or line.role
    label = line.label or line.role
    return line.kind if label in ("", line.kind) else f"{line.kind}: {label}"


def entry_json(entry: JournalEntry, undone: bool = False) -> dict[str, Any]:
    """A journal entry; a fired rung has kind "escalated" and its key, role and due_at in data.

    undone: an undo took it back since.
    """
    return {**record(entry, leave_out=frozenset({"ticket", "inverse"})), "undone": undone}


def print_deadlines(session: Session, lines: Iterable[DeadlineLine], at: datetime | None = None) -> None:
    """Print deadlines in the form that was asked for."""
    out = session.out
    if out.form == "json":
        out.json_list(deadline_json(line, session.now, at) for line in lines)
    elif out.form == "tsv":
        found = (deadline_json(line, session.now, at) for line in lines)
        out.tsv(DEADLINE_TSV, ([one[name] for name in DEADLINE_TSV] for one in found))
    else:
        shown = list(lines)
        urgent = [line.state == "fired" or would_fire(line, at or session.now) for line in shown]
        out.table(DEADLINE_COLUMNS, [deadline_cells(session, line, at) for line in shown], urgent)


def print_ticket(
    session: Session, ticket: Ticket, said: str = "", extra: dict[str, Any] | None = None
) -> None:
    """Print a ticket after a change.  said: what was done, for people; extra: more JSON keys."""
    out = session.out
    shown = {**ticket_json(ticket), **(extra or {})}
    if out.form == "json":
        out.json(shown)
    elif out.form == "tsv":
        names = [name for name in shown if name != "description"]
        out.tsv(names, [[shown[name] for name in names]])
    else:
        out.line(f"{ticket.number} {said or 'is'}: {summary(session, ticket)}", clipped=True)


def summary(session: Session, ticket: Ticket) -> str:
    """One line about a ticket: where it stands and what comes next."""
    parts = [f"severity {ticket.severity}", ticket.status]
    if ticket.merged_into:
        parts.append(f"merged into {ticket.merged_into}")
    parts.append(f"owner {ticket.owner}" if ticket.owner else "no owner")
    if ticket.overdue_since:
        parts.append(f"overdue since {session.local(ticket.overdue_since)}")
    if ticket.next_due_at:
        role = f" ({ticket.next_due_role})" if ticket.next_due_role else ""
        parts.append(f"next due {session.local(ticket.next_due_at)}{role}")
    parts.append(f"version {ticket.version}")
    return ", ".join(parts)


def words(values: Sequence[str]) -> str:
    """Values as people list them."""
    return ", ".join(values)
