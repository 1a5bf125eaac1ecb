"""Verbs about two tickets: merge one into another, link them."""

from __future__ import annotations

from supporttui.errors import Refused, UsageError
from supporttui.store import links
from supporttui.store.records import Ticket

from . import check
from .act import NOTHING, Change, Entry, change, fetch, new_batch, plain, transaction
from .session import Desk

LINK_KINDS = ("related", "duplicate", "causes", "blocks")


def merge(desk: Desk, number: int, into: int, *, seen: int | None = None, batch: str = "") -> Ticket:
    """Merge a ticket into another: it stops escalating and points to its target.

    Returns the merged ticket.  Nothing is copied; the target's journal names it.
    """
    if number == into:
        raise UsageError(f"ticket {number} can't be merged into itself")
    batch = batch or new_batch()

    def decide(ticket: Ticket) -> Change:
        now = desk.now()
        values = {
            "merged_into": into, "status": "closed",
            "closed_at": ticket.closed_at or now, "resolved_at": ticket.resolved_at or now,
        }  # fmt: skip
        # All four, changed or not: a redo must see that the ticket was opened meanwhile.
        changed = {name: [plain(getattr(ticket, name)), plain(new)] for name, new in values.items()}
        inverse = {name: old for name, (old, _new) in changed.items()}
        return Change(values, (Entry("merged", data={"set": changed, "into": into}, inverse=inverse),))

    with transaction(desk):
        target = fetch(desk, into)
        if target.merged_into:
            raise Refused(
                f"ticket {into} was itself merged into {target.merged_into}: merge into {target.merged_into}"
            )
        if target.closed_at or target.resolved_at:
            raise Refused(
                f"ticket {into} is {target.status}: reopen it first, or nobody is left with the problem"
            )
        merged = change(desk, number, decide, seen=seen, batch=batch)
        note = Entry("merged-from", data={"from": number}, inverse={"nothing": True})
        change(desk, into, lambda _ticket: Change(entries=(note,)), batch=batch)
        return merged


def link(
    desk: Desk,
    number: int,
    other: int,
    kind: str = "related",
    *,
    remove: bool = False,
    seen: int | None = None,
    batch: str = "",
) -> Ticket:
    """Link two tickets ("related", "duplicate", "causes", "blocks"), or remove that link."""
    if number == other:
        raise UsageError(f"ticket {number} can't be linked to itself")
    kind = check.one_of("kind of link", kind, LINK_KINDS)

    def decide(_ticket: Ticket) -> Change:
        fetch(desk, other)
        exists = (other, kind) in links.of_ticket(desk.store, number)
        if exists is not remove:
            return NOTHING
        (links.remove if remove else links.add)(desk.store, number, other, kind)
        data = {"other": other, "kind": kind, "removed": remove}
        inverse = {"link": [other, kind, "add" if remove else "remove"]}
        return Change(entries=(Entry("linked", data=data, inverse=inverse),))

    return change(desk, number, decide, seen=seen, batch=batch)
