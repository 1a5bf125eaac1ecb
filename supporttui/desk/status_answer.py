"""What a customer who asks for the status of a number is told: one text for telephone, mail, web and command line.

Invariant: it is made of a fixed list of words, of instants, of what the policy publishes (names of severities,
telephone numbers), and of the text of the last public reply, which its reader has had already.  No other text of
a ticket gets in: not its subject, which an analyst may have worded, no note, no name of an analyst, a role or
another customer, no tag, no wording of a status or a deadline.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from supporttui.errors import NotFound, StoreError, UsageError
from supporttui.quickclass import dataclass
from supporttui.store import deadlines, journal, tickets
from supporttui.store.columns import fold
from supporttui.when import local_text, zone_of

from . import look
from .act import fetch
from .participants import plain as plain_address
from .reference import number_of, reference_of
from .session import Desk

if TYPE_CHECKING:
    from supporttui.policy import Policy
    from supporttui.store.records import DeadlineLine, JournalEntry, Ticket

MOST_TEXT = 2_000  # characters of the last reply that are repeated
MOST_LINES = 40
MOST_ENTRIES = 500  # of the journal, from the newest
MOST_MERGES = 20
SHORTENED = "[shortened: the whole of it is in the message that you got]"

STATES = {
    "new": "we have received it; an analyst takes it up next",
    "open": "we are working on it",
    "waiting-customer": "we are waiting for your answer",
    "waiting-vendor": "we are waiting for something that we have asked for elsewhere",
    "resolved": "solved",
    "closed": "closed",
    "joined": "it is being dealt with together with another report",
    "joined-ended": "it was dealt with together with another report, which is solved",
}
# What is owed to the customer, by kind of deadline: ahead, and late.
OWED = {
    "response": ("you get our first answer", "our first answer"),
    "promise": ("you hear from us again", "the update that we promised"),
    "update": ("you hear from us again", "our next update"),
    "workaround": ("you get a way around the problem", "a way around the problem"),
    "resolution": ("we aim to have it solved", "the solution"),
}
YOURS = "please answer our last message; we go on as soon as we have your answer"
ASK_AGAIN = "if the problem is still there or comes back, answer our message or call us with the number"
RAISED = "if it is not solved before, it goes to the next level of our management"
WORKING = "you hear from us as soon as there is news"

_READ = ("reported", "reply", "customer", "fields", "undone", "redone")
_ASKING = re.compile(
    r"\s*(?:(?:re|aw|fw|fwd|wg)\s*:\s*)*status(?:\s+of)?\s*:?\s*#?\s*([0-9A-Za-z-]{1,40})\s*\Z", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusAnswer:
    """What the customer may know of a ticket, as of `at`.

    number, reference: as the customer quotes it ("" where a store that is only read has none yet).  state: a
    key of STATES.  severity_name: the policy's.  update: the text of the last public reply, shortened, "" for
    none; update_at: when that was sent, None for none.  message_at: when the
    customer was last heard.  step: what comes next; by: until when, None where no time is owed.  late: what is overdue
    to the customer, late_by: since when.  opens_at: when the desk opens again, None while it is open.
    phone: to call meanwhile.  zone: in which `lines` tells times.
    """

    number: int
    reference: str
    state: str
    severity: int
    severity_name: str
    reported_at: datetime
    ended_at: datetime | None = None
    update: str = ""
    update_at: datetime | None = None
    message_at: datetime | None = None
    step: str = ""
    by: datetime | None = None
    late: str = ""
    late_by: datetime | None = None
    is_closed: bool = False
    opens_at: datetime | None = None
    phone: str = ""
    at: datetime
    zone: tzinfo

    def lines(self) -> tuple[str, ...]:
        """The answer in plain words, a line each.  The reply's text is as it was written: clean it at the edge."""
        name = f" ({self.severity_name})" if self.severity_name else ""
        return (
            f"Problem {self.number}" + (f", reference {self.reference}" if self.reference else ""),
            f"Status: {STATES[self.state]}{self._since(self.ended_at)}.",
            f"Severity: {self.severity}{name}.",
            f"Reported: {self._time(self.reported_at)}.",
            *self._heard(),
            *self._ahead(),
            f"As of {self._time(self.at)}.",
        )

    def text(self) -> str:
        """All lines, each ended by a newline."""
        return "".join(f"{line}\n" for line in self.lines())

    def _heard(self) -> list[str]:
        said = []
        if self.message_at is not None:
            said.append(f"Your last message: {self._time(self.message_at)}.")
        if self.update_at is None:
            return [*said, "Our last message to you: none yet."]
        said.append(f"Our last message to you: {self._time(self.update_at)}:")
        return said + [f"    {line}".rstrip() for line in self.update.split("\n")]

    def _ahead(self) -> list[str]:
        said = []
        if self.late and self.late_by is not None:
            said.append(f"Late: {self.late} was due by {self._time(self.late_by)}; we are sorry.")
        if self.step:
            by = f" by {self._time(self.by)}" if self.by is not None else ""
            said.append(f"Next: {self.step}{by}.")
        if self.is_closed:
            until = f" until {self._time(self.opens_at)}" if self.opens_at is not None else ""
            call = f"; if your system is down, call {self.phone}" if self.phone else ""
            said.append(f"The desk is closed{until}{call}.")
        return said

    def _since(self, at: datetime | None) -> str:
        return f" since {self._time(at)}" if at is not None else ""

    def _time(self, at: datetime) -> str:
        return local_text(at, self.zone)


def answer(desk: Desk, number: int, zone: tzinfo | None = None) -> StatusAnswer:
    """What the customer may know of a ticket now.

    zone: in which times are told; None for the customer's, where the book knows it, else the vendor's.
    Errors: NotFound.
    """
    with look.snapshot(desk):
        asked = fetch(desk, number)
        told = _told_of(desk, asked)
        heard = _heard_of(desk, told)
        owed = deadlines.of_ticket(desk.store, told.number)
        zone = zone or _zone_of(desk, asked)
    now = desk.now()
    state = _state(desk.policy, desk, asked, told)
    common = {
        "number": number, "reference": _reference(desk, number), "state": state, "severity": told.severity,
        "severity_name": _severity_name(desk.policy, told.severity), "reported_at": asked.reported_at,
        "at": now, "zone": zone, **_last_words(heard),
    }  # fmt: skip
    if state.startswith("joined"):
        return StatusAnswer(**common, step="" if state == "joined-ended" else WORKING)  # type: ignore[arg-type]
    if state in ("resolved", "closed"):
        ended = told.closed_at if state == "closed" else told.resolved_at
        return StatusAnswer(**common, ended_at=ended, step=ASK_AGAIN)  # type: ignore[arg-type]
    if state == "waiting-customer":
        return StatusAnswer(**common, step=YOURS)  # type: ignore[arg-type]
    return StatusAnswer(**common, **_next(owed, heard, now), **_hours(desk.policy, told.severity, now))  # type: ignore[arg-type]


def number_asked(desk: Desk, words: str) -> int:
    """The ticket that a number ("1042", "#1042") or a reference names.  For people at the desk.  Errors: NotFound."""
    text = words.strip().removeprefix("#")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else number_of(desk, text)
    if not number:
        raise NotFound(
            "that is neither a ticket's number nor a reference of this desk: write it as in 1042 or 1042-k7rq2m5x4wz3v6ta"
        )
    return fetch(desk, number).number


def asked_in(subject: str) -> str:
    """The number or reference in a subject such as "status 1042-k7rq2m5x4wz3v6ta"; "" for any other subject."""
    found = _ASKING.match(subject[:200])
    return found[1] if found and found[1][0].isdigit() else ""


def owed_to(desk: Desk, words: str, address: str) -> int:
    """The ticket whose status may be sent to this address: its contact's, or a participant's.  0 for none.

    The same is looked up whatever is on file, so that the time it takes tells nothing.
    """
    text = words.strip().removeprefix("#")
    plain = int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0
    number = number_of(desk, text) or plain
    with look.snapshot(desk):
        on_file = {plain_address(tickets.contact_email(desk.store, number)), *_participants(desk, number)} - {
            ""
        }
    return number if plain_address(address) in on_file else 0


def _participants(desk: Desk, number: int) -> list[str]:
    from supporttui.store import book
    from supporttui.store.book_criteria import equal

    return [plain_address(one.email) for one in book.select(desk.store, "participant", equal(ticket=number))]


def _reference(desk: Desk, number: int) -> str:
    """The reference; "" when its secret was never made, and this store can only be read."""
    try:
        return reference_of(desk, number)
    except StoreError:
        return ""


# -- what is told of which ticket -------------------------------------------------------------------


def _told_of(desk: Desk, asked: Ticket) -> Ticket:
    """The ticket that the answer is of: that which it was merged into, if that is the same person's; else itself."""
    last = _merged_end(desk, asked)
    same = bool(asked.contact_email) and plain_address(asked.contact_email) == plain_address(
        last.contact_email
    )
    return last if same else asked


def _merged_end(desk: Desk, ticket: Ticket) -> Ticket:
    for _ in range(MOST_MERGES):
        found = tickets.get(desk.store, ticket.merged_into) if ticket.merged_into else None
        if found is None:
            break
        ticket = found
    return ticket


def _state(policy: Policy, desk: Desk, asked: Ticket, told: Ticket) -> str:
    if told.merged_into:
        return "joined-ended" if _merged_end(desk, asked).status in policy.ended else "joined"
    if told.status in policy.ended:
        return "resolved" if told.status == "resolved" else "closed"
    waiting = next((one.waiting for one in policy.statuses if one.name == told.status), "")
    if waiting:
        return f"waiting-{waiting}"
    return "new" if told.status == "new" else "open"


def _zone_of(desk: Desk, ticket: Ticket) -> tzinfo:
    """The customer's zone; the vendor's where nobody knows one, or the book names none that there is."""
    from supporttui.store import customers

    known = customers.get(desk.store, ticket.customer) if ticket.customer else None
    try:
        return zone_of(known.zone) if known and known.zone else desk.policy.zone
    except UsageError:
        return desk.policy.zone


def _severity_name(policy: Policy, number: int) -> str:
    return next((one.name for one in policy.severities if one.number == number), "")


def _heard_of(desk: Desk, ticket: Ticket) -> list[JournalEntry]:
    """What the customer said and was told, newest first, without what was taken back.

    It ends where the ticket became this customer's: what was said before, somebody else has read.
    """
    found = journal.of_ticket(desk.store, ticket.number, kinds=_READ, newest_first=True, limit=MOST_ENTRIES)
    gone, address = look.retracted(found), ticket.contact_email
    heard: list[JournalEntry] = []
    for entry in found:
        if entry.undoes or entry.id in gone:
            continue
        if entry.kind == "fields":
            before = str(entry.data.get("set", {}).get("contact_email", (address,))[0])
            if _is_anothers(entry, before, address):
                break
            address = before
        elif entry.public:
            heard.append(entry)
    return heard


def _is_anothers(entry: JournalEntry, before: str, after: str) -> bool:
    """Whether a change gave the ticket to another customer.  before, after: the address on file.

    The same address reads on, and so does a colleague: another one of the same domain and customer.
    """
    old, new = entry.data.get("set", {}).get("customer", ("", ""))
    moved = bool(old) and fold(str(old)) != fold(str(new))
    if not before:
        return moved
    before, after = plain_address(before), plain_address(after)
    if before == after:
        return False
    return moved or before.rpartition("@")[2] != after.rpartition("@")[2]


def _last_words(heard: Sequence[JournalEntry]) -> dict[str, object]:
    reply = next((one for one in heard if one.kind == "reply"), None)
    message = next((one for one in heard if one.kind == "customer"), None)
    return {
        "update": _shortened(reply.text) if reply else "",
        "update_at": reply.at if reply else None,
        "message_at": message.at if message else None,
    }


def _shortened(text: str) -> str:
    lines = text.strip()[:MOST_TEXT].splitlines()
    kept = "\n".join(lines[:MOST_LINES])
    return kept if len(text.strip()) <= MOST_TEXT and len(lines) <= MOST_LINES else f"{kept}\n{SHORTENED}"


# -- what comes next --------------------------------------------------------------------------------


def _next(owed: Sequence[DeadlineLine], heard: Sequence[JournalEntry], now: datetime) -> dict[str, object]:
    """The step ahead with its time, and what is late."""
    due = sorted((one for one in owed if _is_owed(one, heard)), key=lambda one: one.due_at)
    late = next((one for one in due if one.due_at <= now), None)
    ahead = next((one for one in due if one.due_at > now), None)
    raised = min((one.due_at for one in owed if _is_rung(one, now)), default=None)
    found: dict[str, object] = {"step": WORKING}
    if ahead is not None:
        found = {"step": OWED[ahead.kind][0], "by": ahead.due_at}
    elif raised is not None:
        found = {"step": RAISED, "by": raised}
    return found | ({"late": OWED[late.kind][1], "late_by": late.due_at} if late is not None else {})


def _is_rung(one: DeadlineLine, now: datetime) -> bool:
    return one.kind == "escalation" and one.state == "armed" and one.due_at > now


def _is_owed(one: DeadlineLine, heard: Sequence[JournalEntry]) -> bool:
    """Whether a deadline is a promise to the customer that has not been kept, in time or late."""
    if one.kind not in OWED or one.state not in ("armed", "fired", "acknowledged"):
        return False
    if one.state == "armed" or one.kind == "resolution":
        return True
    replies = [each for each in heard if each.kind == "reply"]
    if one.kind == "workaround":
        return not any(each.data.get("workaround") for each in replies)
    return not any(each.at >= one.due_at for each in replies)


def _hours(policy: Policy, severity: int, now: datetime) -> dict[str, object]:
    from .reasoning import hours_of

    hours = hours_of(policy, severity, now)
    return {} if hours.is_open else {"is_closed": True, "opens_at": hours.until, "phone": hours.phone}
