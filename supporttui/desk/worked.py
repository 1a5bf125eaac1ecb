"""What is worked and spent on a ticket: kept as it was, billable as the verdict says or with a reason.

The ticket's journal stays the source ("effort", "expense", "credit"); the row beside it is written in
the same transaction and is what the bill is made of.  Nothing is rounded here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from supporttui.errors import Refused, UsageError
from supporttui.policy.currencies import minor_digits
from supporttui.quickclass import dataclass
from supporttui.store import journal, worked
from supporttui.store.records import JournalEntry, Ticket
from supporttui.store.worked import Worked

from . import check
from .act import HARMLESS, Change, Entry, change, fetch, plain, transaction
from .session import Desk
from .timeline import facts_of

MOST_MINUTES = 24 * 60
FUTURE_ALLOWED = timedelta(minutes=5)
BEFORE_REPORT = timedelta(
    days=92
)  # that work may have begun before the report: what is earlier is a wrong year
KINDS = ("effort", "expense", "credit")  # of journal entries that have a row beside them
BILLED = ("discretion", "billable", "consulting")  # verdicts; "uncovered" where the policy says how
HARMLESS_HERE = HARMLESS | {"reply", "customer", *KINDS}

_MONEY = re.compile(
    r"(?:(?P<before>[A-Za-z]{3})\s*)?(?P<amount>[0-9]{1,12}(?:\.[0-9]{1,4})?)(?:\s*(?P<after>[A-Za-z]{3}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What work on a ticket would be at an instant.

    coverage, title, clause: the verdict's.  billable: it is charged, as the verdict says.  unclear: a fact
    that decides isn't on file.  rate: the name of the policy's rate for it, "" for none.
    """

    coverage: str
    title: str
    clause: str
    billable: bool
    rate: str

    @property
    def unclear(self) -> bool:
        return self.coverage == "unclear"


def short(clause: str) -> str:
    """A clause's name, where it is one with its wording behind it ("Warranty: products do …")."""
    return clause.partition(": ")[0]


def outlook(desk: Desk, ticket: Ticket, at: datetime) -> Outlook:
    """The verdict's say on work that begins at `at`."""
    from .entitlement import of_ticket

    verdict = of_ticket(desk, ticket, at)
    billable = verdict.coverage in BILLED or (verdict.coverage == "uncovered" and bool(verdict.billed))
    rate = desk.policy.billing.rate_for(facts_of(ticket), verdict.coverage)
    return Outlook(
        coverage=verdict.coverage,
        title=verdict.title,
        clause=verdict.ground.clause,
        billable=billable,
        rate=rate.name if rate else "",
    )


def outlook_of(desk: Desk, number: int, at: datetime | None = None) -> Outlook:
    """`outlook` of a ticket by its number, now or at an instant."""
    return outlook(desk, fetch(desk, number), at or desk.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the analyst says of the bill.  billable: None is as the verdict says; else with a reason, where
    that differs.  rate: a rate's name, "" for the policy's choice."""

    billable: bool | None = None
    reason: str = ""
    rate: str = ""


AS_DECIDED = Said()


def log(
    desk: Desk,
    number: int,
    minutes: int,
    text: str = "",
    *,
    started: datetime | None = None,
    ended: datetime | None = None,
    said: Said = AS_DECIDED,
    ends_watch: bool = False,
    seen: int | None = None,
    batch: str = "",
) -> Ticket:
    """Add whole minutes of work (1 to 1,440) to a ticket.  An undo takes them off again.

    started, ended: when it was worked, one of them; without either it ends now.  ends_watch: the
    actor's stopwatch on the ticket is done with.  Errors: UsageError, Refused, Conflict, NotFound.
    """
    if not 1 <= minutes <= MOST_MINUTES:
        raise UsageError(f"{minutes} minutes can't be logged at once; 1 to {MOST_MINUTES} can")
    begun = _begun(desk, minutes, started, ended)
    row = Worked(
        ticket=number,
        actor=desk.actor,
        started_at=begun,
        minutes=minutes,
        text=check.long_text("the remark", text),
    )

    def decide(ticket: Ticket, row: Worked) -> Change:
        if begun < ticket.reported_at - BEFORE_REPORT:
            raise UsageError(
                f"the work would begin on {begun:%Y-%m-%d}, long before {number} was reported"
                f" ({ticket.reported_at:%Y-%m-%d}): look at its day"
            )
        data = {"minutes": minutes, "started_at": plain(begun), **_told(row)}
        entry = Entry("effort", row.text, data, {"minutes": minutes})
        return Change(fields={"minutes_logged": ticket.minutes_logged + minutes}, entries=(entry,))

    with transaction(desk):
        ticket = _record(desk, row, said, decide, seen, batch)
        if ends_watch and not worked.drop_stopwatch(desk.store, desk.actor, number):
            raise Refused(
                f"your stopwatch on {number} was ended elsewhere: look whether the time is logged already"
            )
        return ticket


def _begun(desk: Desk, minutes: int, started: datetime | None, ended: datetime | None) -> datetime:
    """When work began.  Errors: UsageError where it would end ahead."""
    if started is not None and ended is not None:
        raise UsageError("say when the work began or when it ended, not both")
    length, now = timedelta(minutes=minutes), desk.now()
    begun = started or (ended or now) - length
    if begun + length > now + FUTURE_ALLOWED:
        raise UsageError("the work would end in the future: say when it began, or log less")
    return begun


def spend(
    desk: Desk,
    number: int,
    what: str,
    amount: Decimal,
    currency: str,
    text: str = "",
    *,
    receipt: str = "",
    spent_at: datetime | None = None,
    said: Said = AS_DECIDED,
    seen: int | None = None,
    batch: str = "",
) -> Ticket:
    """Enter an expense on a ticket.  An undo takes it off again.

    what: its kind, one of the policy's where that names any.  receipt: where the paper is.
    """
    now = desk.now()
    at = spent_at or now
    if at > now + FUTURE_ALLOWED:
        raise UsageError("an expense can't be from the future")
    row = Worked(
        ticket=number,
        kind="expense",
        what=_kind(desk, what),
        actor=desk.actor,
        started_at=at,
        amount=_amount(amount, currency),
        currency=currency,
        text=check.long_text("the text", text),
        receipt=check.long_text("the receipt", receipt)[:500],
    )

    def decide(_ticket: Ticket, row: Worked) -> Change:
        told = {"kind": row.what, "amount": f"{row.amount:f}", "currency": currency, "receipt": row.receipt}
        data = {**{name: value for name, value in told.items() if value}, **_told(row)}
        return Change(entries=(Entry("expense", row.text, data, {"retract": True}),))

    with transaction(desk):
        return _record(desk, row, said, decide, seen, batch)


def _kind(desk: Desk, what: str) -> str:
    word = " ".join(what.split())
    if not word:
        raise UsageError("say what kind of expense it is")
    known = desk.policy.billing.expenses
    if known and word.casefold() not in (one.casefold() for one in known):
        raise UsageError(f"no kind of expense {check.quoted(word)}; it may be {', '.join(known)}")
    return check.one_of("kind of expense", word[:100], known)


def read_money(desk: Desk, text: str) -> tuple[Decimal, str]:
    """Amount and currency from "120.50 USD", "USD 120.50" or, where the policy names a currency, "120.50"."""
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{check.quoted(text)} is no amount; write 120.50 USD")
    written = found["before"] or found["after"]
    if (found["before"] and found["after"]) or not (written or desk.policy.billing.currency):
        raise UsageError(f"say one currency: {found['amount']} USD")
    from .book.values import currency as known

    currency = known(written) if written else desk.policy.billing.currency.upper()
    return _amount(Decimal(found["amount"]), currency), currency


def _amount(amount: Decimal, currency: str) -> Decimal:
    digits = minor_digits(currency)
    if not amount.is_finite() or amount <= 0:
        raise UsageError("an expense must be more than nothing")
    if -int(amount.normalize().as_tuple().exponent) > digits:
        raise UsageError(f"{amount:f} is finer than {currency} is: at most {digits} digits behind the point")
    return amount


# -- one entry, one row ---------------------------------------------------------------------------


def _record(desk: Desk, row: Worked, said: Said, decide: Any, seen: int | None, batch: str) -> Ticket:
    """Write entry and row; the caller holds the transaction.  decide: from ticket and row to the change."""
    made: list[Worked] = []

    def decided(ticket: Ticket) -> Change:
        made.append(_judged(desk, ticket, row, said))
        return decide(ticket, made[-1])  # type: ignore[no-any-return]

    ticket = change(desk, row.ticket, decided, seen=seen, harmless=HARMLESS_HERE, batch=batch)
    newest = journal.of_ticket(desk.store, row.ticket, kinds=KINDS, newest_first=True, limit=1)[0]
    worked.insert(desk.store, _with(made[-1], entry=newest.id))
    return ticket


def _judged(desk: Desk, ticket: Ticket, row: Worked, said: Said) -> Worked:
    """The row with the verdict of its instant, and with what the analyst says against it."""
    view = outlook(desk, ticket, row.started_at)
    reason = " ".join(check.long_text("the reason", said.reason).split())
    billable = view.billable if said.billable is None else said.billable
    differs = billable is not view.billable
    if differs and not reason:
        verdict = ", ".join(part for part in (view.coverage, short(view.clause)) if part)
        raise UsageError(f"say why it is {'' if billable else 'not '}billable; the verdict is {verdict}")
    if reason and not differs:
        raise UsageError(
            f"no reason is needed: it is {'' if billable else 'not '}billable as the verdict says"
        )
    rate = view.rate
    if said.rate:
        rate = check.one_of("rate", said.rate, [one.name for one in desk.policy.billing.rates])
    return _with(
        row, rate=rate if billable and row.kind == "time" else "", billable=billable, verdict=view.coverage,
        clause=view.clause, reason=reason,
    )  # fmt: skip


def _with(row: Worked, **values: Any) -> Worked:
    from dataclasses import replace

    return replace(row, **values)


def _told(row: Worked) -> Mapping[str, Any]:
    """What a journal entry keeps of its row, so that the journal alone tells it all."""
    told = {"verdict": row.verdict, "clause": row.clause, "reason": row.reason, "rate": row.rate}
    return {"billable": row.billable, **{name: value for name, value in told.items() if value}}


# -- undo -----------------------------------------------------------------------------------------


def take_off(desk: Desk, entry: JournalEntry) -> None:
    """The row beside an entry goes with it; the caller holds the transaction.  Errors: Refused when billed."""
    _remove(desk, entry, True)


def put_back(desk: Desk, entry: JournalEntry) -> None:
    """The row beside an entry is back; the caller holds the transaction."""
    _remove(desk, entry, False)


def _remove(desk: Desk, entry: JournalEntry, removed: bool) -> None:
    if entry.kind not in KINDS:
        return
    row = worked.of_entry(desk.store, entry.id)
    if row is not None and not worked.set_removed(desk.store, row.id, removed):
        raise Refused(
            f"this was billed with {row.billed}, which is frozen: supporttui billing credit takes it back on the next bill"
        )


def record_credit(desk: Desk, row: Worked, made: Change) -> None:
    """Write a credit's entry and row; the caller holds the transaction.  Merged tickets may have one too."""
    change(desk, row.ticket, lambda _ticket: made, merged_too=True)
    newest = journal.of_ticket(desk.store, row.ticket, kinds=KINDS, newest_first=True, limit=1)[0]
    worked.insert(desk.store, _with(row, entry=newest.id))
