"""A store in which strangers wrote every field, past every check at the doors.

The desk's own verbs refuse or tidy some of this.  A store may hold it all the same, from mail, from
an import or from an older program, so here it is written below the verbs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from supporttui.clock import ManualClock
from supporttui.desk.act import derive
from supporttui.desk.report import NewTicket, report
from supporttui.desk.session import Desk
from supporttui.store import (
    book,
    customers,
    deadlines,
    drafts,
    journal,
    links,
    mail,
    open_store,
    tickets,
    views,
)
from supporttui.store.mail_records import Mail
from supporttui.store.records import Draft, View
from supporttui.store.session import Store

TEXT_FIELDS = (
    "subject", "description", "owner", "customer", "contact", "contact_email", "contact_phone", "site", "product",
    "release", "os", "os_release", "channel", "category", "environment", "plan", "external_id",
)  # fmt: skip
INBOX = ("call", "held", "unverified", "unknown", "file", "fallback", "storm", "unheard-of")
KINDS = ("note", "reply", "customer", "change", "escalated", "fired", "unheard-of", "mail", "file", "call")
# What an entry tells of a mail, of a file, of a call; each of them a stranger's words.
TOLD = (
    "from", "name", "held", "mail", "storm", "place", "hash", "moved", "phone", "person", "callback", "not_sent", "way",
    "reached", "source",
)  # fmt: skip


def build(
    path: Path,
    payloads: Mapping[str, str],
    now: datetime,
    *,
    actor: str = "ana",
    kinds: tuple[str, ...] = KINDS,
) -> dict[str, int]:
    """Write one ticket for each payload, all its texts hostile; returns the tickets' numbers by name.

    kinds: of the journal entries that are forged.
    """
    store = open_store(path)
    desk = Desk(store, "netex", ManualClock(now), actor)
    numbers: dict[str, int] = {}
    try:
        with store.writing():
            for at, (name, text) in enumerate(payloads.items()):
                reported = now - timedelta(hours=1 + at % 40)
                new = NewTicket(subject="harmless", severity=1 + at % 4, reported_at=reported)
                numbers[name] = report(desk, new).number
                _poison(desk, numbers[name], name, text, now, kinds)
                _came_in(desk, numbers[name], at, text, now - timedelta(minutes=at))
            _relate(desk, list(numbers.values()))
    finally:
        store.close()
    return numbers


def _poison(desk: Desk, number: int, name: str, text: str, now: datetime, kinds: tuple[str, ...]) -> None:
    store = desk.store
    ticket = tickets.get(store, number)
    assert ticket is not None
    planned = derive(desk, ticket)
    values = dict.fromkeys(TEXT_FIELDS, text)
    values["external_id"] = f"{name} {text}"
    assert tickets.update(store, number, ticket.version, values)
    tickets.set_tags(store, number, [text[:200], f"{name} {text[:50]}"])
    for step, kind in enumerate(kinds):
        at = now - timedelta(minutes=30 - step)
        changed = {"set": {"subject": [text, text], "owner": [text, text]}, "reason": text, text[:40]: text}
        changed |= {
            **dict.fromkeys(TOLD, text),
            "to": [text, text],
            "attachments": [{"name": text, "size": 5}, text],
        }
        journal.append(
            store, ticket=number, version=ticket.version + 1, at=at, recorded_at=at, actor=text[:200], kind=kind,
            public=step % 2 == 0, text=text, data=changed, inverse={"subject": text},
        )  # fmt: skip
    hostile = [replace(one, label=text[:300], reason=text, clause=text[:100]) for one in planned]
    deadlines.replace(store, number, hostile, desk.policy.hash)
    customer = customers.ensure(store, text[:200], key=text[:50], zone=text[:40], notes=text)
    _known(desk, number, name, text)
    _bought(desk, customer, text)
    customers.add_contact(store, text[:200], text[:100], email=text[:100], phone=text[:100])
    views.save(store, View(name=f"{name} {text[:60]}", query="open", owner=""))
    drafts.save(
        store,
        Draft(actor=desk.actor, ticket=number, kind="reply", body=text, data={"x": text}, updated_at=now),
    )


def _came_in(desk: Desk, number: int, at: int, text: str, when: datetime) -> None:
    """A mail, a file, a participant, a blocked sender, and something to decide on: every text of theirs a stranger's."""
    store, hash = desk.store, f"{at:064x}"
    message = mail.insert(store, Mail(
        direction="in", ticket=number, kind="held", message_id=f"<{at}> {text[:100]}", sender=text[:200],
        sender_name=text[:200], recipients=(text[:100], text[:100]), subject=text, raw_hash=hash, at=when, auth="fail",
        token="bad", data={"text": text},
    ))  # fmt: skip
    file = book.insert(store, "attachment", {
        "ticket": number, "message": message, "hash": hash, "name": text[:200], "type": text[:100], "size": 17,
        "source": "mail", "place": text[:100], "added_at": when, "added_by": text[:100], "state": "quarantined",
    })  # fmt: skip
    book.insert(store, "participant", {"ticket": number, "email": text[:100], "name": text[:100]})
    book.insert(store, "sender-rule", {"address": f"{at} {text[:100]}", "reason": text})
    item = {
        "at": when, "ticket": number, "about": number, "message": message, "attachment": file, "sender": text[:200],
        "subject": text, "text": text, "decided_by": text[:100],
    }  # fmt: skip
    book.insert(store, "intake-item", {"kind": INBOX[at % len(INBOX)], **item})
    if at < 5:
        book.insert(store, "intake-item", {"kind": INBOX[at], "state": "rejected", **item})


def _bought(desk: Desk, customer: int, text: str) -> None:
    """A record of every kind that a customer can have, all its texts a stranger's, and what was done to it."""
    store = desk.store
    product = book.select(store, "product", order=("-id",), limit=1)[0].id
    release = book.select(store, "release", order=("-id",), limit=1)[0].id
    ids = {"customer": customer, "product": product, "release": release}
    days = {name: date(2026, 11, 20) for name in book.DATES}
    for kind in (
        "site",
        "os-release",
        "contract",
        "licence",
        "host",
        "installation",
        "modification",
        "quotation",
    ):
        made = book.KINDS[kind].record
        row = {}
        for name, written in made.__annotations__.items():
            if name in ids or name in ("host", "site", "package"):
                row[name] = ids.get(name, ids.get("contract", 0) if name == "package" else 0)
            elif "str" in str(written):
                row[name] = text
            elif name in days:
                row[name] = days[name]
        ids[kind] = book.insert(
            store, kind, {name: value for name, value in row.items() if name not in ("id", "version")}
        )
        book.append_event(
            store, at=desk.now(), actor=text[:100], kind=kind, record=ids[kind], version=2, what="changed", text=text,
            data={"set": {name: ["", text] for name, value in row.items() if value == text}},
        )  # fmt: skip


def _known(desk: Desk, number: int, name: str, text: str) -> None:
    """A product, a release and a known error of a stranger's words, to which the ticket is linked."""
    product = book.insert(desk.store, "product", {"name": f"{name} {text[:60]}"})
    release = book.insert(desk.store, "release", {"product": product, "name": text[:60]})
    texts = dict.fromkeys(("title", "symptom", "workaround", "found_in", "notes"), text)
    known = book.insert(
        desk.store, "known-error", {"product": product, **texts, "state": "planned", "fixed_in": release}
    )
    book.tie(desk.store, known, number)


def _sell(store: Store, customer: int, name: str, text: str, now: datetime) -> None:
    """A product, a package that ends in ten days and its licence, all their texts hostile."""
    last = (now + timedelta(days=10)).date()
    product = book.insert(
        store, "product", {"name": f"{name} {text[:200]}", "family": text[:200], "notes": text}
    )
    package = book.insert(store, "contract", {
        "customer": customer, "number": text[:200], "plan": text[:200], "start_on": last - timedelta(days=364),
        "end_on": last, "currency": text[:3], "notes": text,
    })  # fmt: skip
    book.update(store, "contract", package, 1, {"package": package})
    book.insert(store, "licence", {
        "customer": customer, "product": product, "number": f"{name} {text[:200]}", "edition": text[:200], "price": "1000",
        "currency": text[:3] if len(name) % 2 else "MYR", "package": package, "notes": text,
    })  # fmt: skip


def _relate(desk: Desk, numbers: list[int]) -> None:
    for one, other in pairwise(numbers):
        links.add(desk.store, one, other, "related")
