"""A history lived through again: what a live desk would have written, entry by entry.

After every step the deadlines are planned anew; each rung that fell due before the
next step is recorded as fired at the instant at which a running desk would have
told it.  So pauses, reopenings and changes of severity count as if they had
happened here.  Nobody is told anything: the entries say "replayed".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from supporttui.desk.act import new_batch, plain
from supporttui.desk.timeline import CLOCK_KINDS, FIRED_KINDS, timeline_of
from supporttui.store.records import JournalEntry, Ticket

if TYPE_CHECKING:
    from supporttui.intake.history import Step
    from supporttui.policy import Policy
    from supporttui.policy.timeline import Deadline

CLOCK_ACTOR = "clock"
FIRED_NAMES = {"escalation": "escalated", "warning": "warned"}
PUBLIC = frozenset({"reply", "customer"})
_ENDED = ("resolved", "closed")


class Replay:
    """One ticket on its way through its history.

    ticket: as it is after the steps so far.  entries: its whole journal, oldest
    first.  written: the entries that are new.  deadlines: the plan as of now.
    number, ids and versions of what is new are provisional until it is stored.
    """

    def __init__(
        self, ticket: Ticket, entries: Sequence[JournalEntry], policy: Policy, now: datetime, actor: str
    ) -> None:
        self.ticket = ticket
        self.entries = list(entries)
        self.written: list[JournalEntry] = []
        self.deadlines: tuple[Deadline, ...] = ()
        self.fired = 0
        self._policy = policy
        self._now = now
        self._actor = actor
        self._stale = True
        self._last = max((entry.at for entry in entries), default=ticket.reported_at)

    @classmethod
    def begin(
        cls, external_id: str, reported_at: datetime, first: Step, policy: Policy, now: datetime, actor: str
    ) -> Replay:
        """A ticket that this desk has not seen: its report, and the first step."""
        ticket = Ticket(
            number=0,
            external_id=external_id,
            severity=first.severity or policy.default_severity,
            status="new",
            owner=first.owner or "",
            tags=first.tags,
            reported_at=reported_at,
            created_at=reported_at,
            updated_at=reported_at,
            version=0,
            subject=external_id,
        )
        ticket = _with(ticket, first.fields)
        replay = cls(ticket, (), policy, now, actor)
        data: dict[str, Any] = {"status": "new", "severity": ticket.severity, "row": first.mark}
        if ticket.channel:
            data["channel"] = ticket.channel
        replay._write("reported", reported_at, first.actor, text=ticket.description, data=data, public=True)
        replay._apply(first, marked=True)
        return replay

    def step(self, step: Step) -> None:
        """Fire what fell due until the step, then take the step."""
        self.settle(step.at)
        self._apply(step, marked=False)

    def settle(self, until: datetime) -> None:
        """Record what a running desk would have fired up to an instant, that instant included."""
        self._plan()
        while due := [each for each in self.deadlines if each.state == "armed" and each.due_at <= until]:
            # A change can make a rung owed whose instant is over; it was told right then.
            moment = max(min(each.due_at for each in due), self._last)
            self._fire([each for each in due if each.due_at <= moment], moment)
            self._plan()

    def _plan(self) -> None:
        if self._stale:
            from supporttui.policy import plan

            self.deadlines = plan(timeline_of(self.ticket, self.entries), self._policy)
            self._stale = False

    def _fire(self, due: Sequence[Deadline], at: datetime) -> None:
        notice = list(dict.fromkeys(each.role for each in sorted(due, key=lambda each: -each.level)))
        batch = new_batch()
        for each in due:
            data = {
                "key": each.key,
                "kind": each.kind,
                "role": each.role,
                "level": each.level,
                "label": each.label,
                "due_at": plain(each.due_at),
                "late_seconds": int((at - each.due_at).total_seconds()),
                "notice": notice,
                "policy": self._policy.hash,
                "by": "clock",
                "replayed": True,
            }
            self._write(FIRED_NAMES.get(each.kind, "missed"), at, CLOCK_ACTOR, data=data, batch=batch)
            self.fired += 1

    # -- steps

    def _apply(self, step: Step, *, marked: bool) -> None:
        """Write what differs from the ticket as it is; the first entry carries the step's mark."""
        batch = new_batch()
        mark = {} if marked else {"row": step.mark}
        for kind, values, text in self._parts(step, first=marked):
            data: dict[str, Any] = {"set": self._changes(values)} if values else {}
            self._write(
                kind, step.at, step.actor, text=text, data={**data, **mark}, batch=batch, values=values
            )
            mark = {}
        if mark:
            self._write("note", step.at, step.actor, text="updated", data=mark, batch=batch)

    def _parts(self, step: Step, *, first: bool) -> Iterable[tuple[str, dict[str, Any], str]]:
        """(journal kind, new values, text) of everything that the step changes."""
        for kind, text in step.texts:
            yield kind, {}, text
        if step.severity and step.severity != self.ticket.severity:
            yield "severity", {"severity": step.severity}, ""
        if step.owner is not None and step.owner != self.ticket.owner:
            yield "owner", {"owner": step.owner}, ""
        if step.tags and not first and set(step.tags) != set(self.ticket.tags):
            yield "tags", {"tags": step.tags}, ""
        changed = {name: text for name, text in step.fields.items() if getattr(self.ticket, name) != text}
        if "subject" in changed:
            yield "subject", {"subject": changed.pop("subject")}, ""
        if changed:
            yield "fields", changed, ""
        if step.status and step.status != self.ticket.status:
            yield self._move(step.status), self._with_ends(step.status, step.at), ""

    def _move(self, status: str) -> str:
        """How the journal names a move to this status, as the verbs of the desk do."""
        if status in _ENDED:
            return status
        return "reopened" if self.ticket.status in _ENDED else "status"

    def _with_ends(self, status: str, at: datetime) -> dict[str, Any]:
        """The new status and, where they change, the instants of resolving and closing."""
        ends: dict[str, Any] = {"resolved_at": None, "closed_at": None}
        if status == "resolved":
            ends["resolved_at"] = at
        if status == "closed":
            ends = {"resolved_at": self.ticket.resolved_at or at, "closed_at": at}
        changed = {name: value for name, value in ends.items() if getattr(self.ticket, name) != value}
        return {"status": status, **changed}

    def _changes(self, values: Mapping[str, Any]) -> dict[str, list[Any]]:
        return {name: [plain(getattr(self.ticket, name)), plain(new)] for name, new in values.items()}

    def _write(
        self,
        kind: str,
        at: datetime,
        actor: str,
        *,
        text: str = "",
        data: Mapping[str, Any],
        public: bool = False,
        batch: str = "",
        values: Mapping[str, Any] | None = None,
    ) -> None:
        version = self.ticket.version + 1
        entry = JournalEntry(
            id=(self.entries[-1].id if self.entries else 0) + 1,
            ticket=self.ticket.number,
            version=version,
            at=at,
            recorded_at=self._now,
            actor=actor or self._actor,
            kind=kind,
            public=public or kind in PUBLIC,
            text=text,
            data=data,
            batch=batch or new_batch(),
        )
        self.entries.append(entry)
        self.written.append(entry)
        self.ticket = _with(self.ticket, {**(values or {}), "version": version, "updated_at": at})
        self._last = max(self._last, at)
        self._stale = self._stale or kind in CLOCK_KINDS


_NAMES = tuple(Ticket.__slots__)


def _with(ticket: Ticket, values: Mapping[str, Any]) -> Ticket:
    """`dataclasses.replace` without its checks: it is called for every entry."""
    return Ticket(**{name: values[name] if name in values else getattr(ticket, name) for name in _NAMES})


def known_marks(entries: Iterable[JournalEntry]) -> dict[str, int]:
    """How often each step was imported already."""
    found: dict[str, int] = {}
    for entry in entries:
        mark = entry.data.get("row")
        if isinstance(mark, str):
            found[mark] = found.get(mark, 0) + 1
    return found


def newest_deed(entries: Iterable[JournalEntry]) -> datetime:
    """The instant of the newest entry that the clock did not write."""
    return max(
        (entry.at for entry in entries if entry.kind not in FIRED_KINDS),
        default=datetime.min.replace(tzinfo=UTC),
    )
