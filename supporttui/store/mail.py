"""Mails as they came and went, and how often something happened lately.

A mail that came in is there once, by its Message-ID and the hash of its bytes.
"""

from __future__ import annotations

from supporttui.store.columns import from_json, instant, seconds, storable, to_json
from supporttui.store.mail_records import Mail

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from typing import Any

    from supporttui.store.session import Store

_COLUMNS = (
    "direction, ticket, entry, kind, message_id, in_reply_to, sender, sender_name, recipients, subject, raw_hash, "
    "size, at, auth, token, data"
)
_SELECT = f"SELECT id, {_COLUMNS} FROM message "


LONGEST_INDEXED = 500  # characters: 2,000 bytes at the most; a row of an index takes 2,700 on PostgreSQL


def indexed(text: str) -> str:
    """A text as columns keep it that are looked up by it: one that is too long ends in its hash."""
    text = storable(text)
    if len(text) <= LONGEST_INDEXED:
        return text
    import hashlib

    return text[: LONGEST_INDEXED - 65] + "…" + hashlib.sha256(text.encode()).hexdigest()


def insert(store: Store, mail: Mail) -> int:
    """Write a mail down; its id, or 0 when the same one came in before.  Joins the open transaction."""
    with store.writing():
        found = store.execute(
            f"INSERT INTO message ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING RETURNING id",
            (
                mail.direction, mail.ticket, mail.entry, mail.kind, indexed(mail.message_id),
                storable(mail.in_reply_to), indexed(mail.sender), storable(mail.sender_name),
                to_json({"to": list(mail.recipients)}), storable(mail.subject), mail.raw_hash, mail.size,
                seconds(mail.at), mail.auth, mail.token, to_json(mail.data),
            ),
        )  # fmt: skip
        return int(found[0][0]) if found else 0


def place(store: Store, id: int, *, ticket: int, entry: int = 0, kind: str = "") -> None:
    """Say which ticket and which line of its journal a mail belongs to; kind: "" leaves it."""
    with store.writing():
        store.execute(
            "UPDATE message SET ticket = ?, entry = ?, kind = CASE WHEN ? = '' THEN kind ELSE ? END WHERE id = ?",
            (ticket, entry, kind, kind, id),
        )


def remember(store: Store, id: int, **facts: Any) -> None:
    """Add facts to a mail's data, over those of the same name."""
    with store.writing():
        found = store.execute("SELECT data FROM message WHERE id = ?", (id,))
        if found:
            data = to_json({**from_json(found[0][0]), **facts})
            store.execute("UPDATE message SET data = ? WHERE id = ?", (data, id))


def newest_from(store: Store, sender: str, kind: str, since: datetime) -> Mail | None:
    """The newest mail of a kind that came from a sender since an instant and belongs to a ticket."""
    found = store.execute(
        f"{_SELECT}WHERE direction = 'in' AND sender = ? AND at >= ? AND kind = ? AND ticket <> 0 "
        "ORDER BY id DESC LIMIT 1",
        (indexed(sender), seconds(since), kind),
    )
    return _mail(found[0]) if found else None


def get(store: Store, id: int) -> Mail | None:
    return next(iter(of_ids(store, [id])), None)


def of_ids(store: Store, ids: Sequence[int]) -> list[Mail]:
    if not ids:
        return []
    marks = ", ".join("?" for _ in ids)
    return [_mail(row) for row in store.execute(f"{_SELECT}WHERE id IN ({marks}) ORDER BY id", list(ids))]


def came_before(store: Store, message_id: str, raw_hash: str) -> Mail | None:
    """The mail of this Message-ID and hash that came in before."""
    found = store.execute(
        f"{_SELECT}WHERE direction = 'in' AND message_id = ? AND raw_hash = ?",
        (indexed(message_id), raw_hash),
    )
    return _mail(found[0]) if found else None


def of_message_ids(store: Store, message_ids: Iterable[str], limit: int = 50) -> list[Mail]:
    """Mails, in or out, that carry one of these Message-IDs, the newest first."""
    wanted = [indexed(one) for one in message_ids if one][:limit]
    if not wanted:
        return []
    marks = ", ".join("?" for _ in wanted)
    found = store.execute(
        f"{_SELECT}WHERE message_id IN ({marks}) ORDER BY id DESC LIMIT ?", [*wanted, limit]
    )
    return [_mail(row) for row in found]


def of_ticket(store: Store, ticket: int, limit: int = 1000) -> list[Mail]:
    """A ticket's mails, the oldest first."""
    found = store.execute(f"{_SELECT}WHERE ticket = ? ORDER BY id LIMIT ?", (ticket, limit))
    return [_mail(row) for row in found]


def newest_of_ticket(store: Store, ticket: int, limit: int) -> list[Mail]:
    """The last of a ticket's mails, the oldest of them first."""
    found = store.execute(f"{_SELECT}WHERE ticket = ? ORDER BY id DESC LIMIT ?", (ticket, limit))
    return [_mail(row) for row in reversed(found)]


def count_from(store: Store, sender: str, since: datetime) -> int:
    """How many mails came from a sender since an instant."""
    found = store.execute(
        "SELECT count(*) FROM message WHERE direction = 'in' AND sender = ? AND at >= ?",
        (indexed(sender), seconds(since)),
    )
    return int(found[0][0])


# -- what waits -----------------------------------------------------------------------------------


def waiting(store: Store) -> tuple[int, int]:
    """How much of what came in waits for somebody's decision, and how much of that asks for a telephone call."""
    found = store.execute(
        "SELECT count(*), coalesce(sum(CASE kind WHEN 'call' THEN 1 ELSE 0 END), 0) FROM intake_item "
        "WHERE state = 'waiting' AND removed = 0"
    )
    return int(found[0][0]), int(found[0][1])


def files_of(store: Store, ticket: int) -> list[tuple[str, int]]:
    """Name and size of a ticket's files, the oldest first."""
    found = store.execute(
        "SELECT name, size FROM attachment WHERE ticket = ? AND ticket <> 0 AND removed = 0 ORDER BY id",
        (ticket,),
    )
    return [(str(name), int(size)) for name, size in found]


def people_of(store: Store, ticket: int) -> list[str]:
    """The addresses of those who take part in a ticket beside its contact, in the order in which they were added."""
    found = store.execute(
        "SELECT email FROM participant WHERE ticket = ? AND removed = 0 ORDER BY id", (ticket,)
    )
    return [str(email) for (email,) in found]


# -- how often ------------------------------------------------------------------------------------


def tally(store: Store, key: str, at: datetime, stretch: int) -> int:
    """Count one more of `key` in the stretch of so many seconds that `at` lies in; how many that makes.

    Joins the open transaction.
    """
    begins = seconds(at) // stretch * stretch
    with store.writing():
        found = store.execute(
            "INSERT INTO tally (key, stretch, count) VALUES (?, ?, 1) "
            "ON CONFLICT (key, stretch) DO UPDATE SET count = tally.count + 1 RETURNING count",
            (indexed(key), begins),
        )
        return int(found[0][0])


def tallied(store: Store, key: str, since: datetime) -> int:
    """How many of `key` were counted in the stretches that began at or after an instant."""
    found = store.execute(
        "SELECT coalesce(sum(count), 0) FROM tally WHERE key = ? AND stretch >= ?",
        (indexed(key), seconds(since)),
    )
    return int(found[0][0])


def forget_tallies(store: Store, before: datetime) -> None:
    """Drop the counts of stretches that began before an instant."""
    with store.writing():
        store.execute("DELETE FROM tally WHERE stretch < ?", (seconds(before),))


def _mail(row: tuple[Any, ...]) -> Mail:
    return Mail(
        id=row[0], direction=row[1], ticket=row[2], entry=row[3], kind=row[4], message_id=row[5], in_reply_to=row[6],
        sender=row[7], sender_name=row[8], recipients=tuple(from_json(row[9]).get("to", ())), subject=row[10],
        raw_hash=row[11], size=row[12], at=instant(row[13]), auth=row[14], token=row[15], data=from_json(row[16]),
    )  # fmt: skip
