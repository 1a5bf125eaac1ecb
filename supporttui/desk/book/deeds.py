"""Adding, changing, removing and bringing back records of the book.

Invariant: a record and its line in the book's journal are written in one
transaction, and that line holds what takes it back.  Nothing is ever deleted.
"""

from __future__ import annotations

from dataclasses import replace

from supporttui.desk.act import new_batch, transaction
from supporttui.desk.session import Desk
from supporttui.errors import Conflict, Refused
from supporttui.store import book
from supporttui.store.book import KINDS
from supporttui.store.book_criteria import differs, equal

from . import checking, terms
from .entering import Entering, entered
from .fields import SHEETS, Field, sheet_of
from .references import Names
from .values import kept, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from supporttui.store.book_records import BookEvent

MOST_EVENTS = 100_000  # lines of the journal that are looked through for what went along with a record
TOLD = 4  # as many changes does the line of a conflict name
# What goes first when a record goes with all that is part of it.
_ORDER = ("installation", "modification", "contact", "known-error", "licence", "quotation", "contract", "host",
          "site", "release", "os-release", "product", "customer")  # fmt: skip


def add(desk: Desk, kind: str, values: Mapping[str, Any], *, batch: str = "") -> Any:
    """Write a new record and return it.

    values: by name or title of a field; text is read, what is typed already is taken as it is.
    batch: joins several deeds into one that is undone as one.  Errors: UsageError, NotFound, StoreError.
    """
    with transaction(desk):
        return insert(desk, kind, entered(desk, kind, values), batch=batch)


def insert(desk: Desk, kind: str, row: Mapping[str, Any], *, batch: str = "") -> Any:
    """Like `add`, for columns that `entering` has read; the caller holds the transaction."""
    row = _ruled(desk, kind, None, row)
    record = KINDS[kind].record(**row)
    checking.together(desk, kind, record)
    if (before := checking.never_was(desk, kind, record)) is not None:
        return _again(desk, kind, before, record, batch or new_batch())
    id = book.insert(desk.store, kind, row)
    record = replace(record, id=id)
    if kind == "contract" and not record.package:
        book.begin_chain(desk.store, id)
        record = replace(record, package=id)
    filled = {name: [None, kept(value)] for name, value in row.items() if value not in (None, "", 0, False)}
    batch = batch or new_batch()
    write_event(desk, kind, record, "added", data={"set": filled}, inverse={"removed": True}, batch=batch)
    _begin_package(desk, kind, record, batch)
    return record


def _again(desk: Desk, kind: str, before: Any, record: Any, batch: str) -> Any:
    """Write a new record over one whose adding was undone: the store keeps its name, and it is nobody's work."""
    whole = {
        name: getattr(record, name)
        for name in KINDS[kind].columns
        if name not in ("id", "version", "removed")
    }
    return set_removed(desk, kind, update(desk, kind, before, whole, batch=batch), False, batch=batch)


def change(
    desk: Desk, kind: str, id: int, values: Mapping[str, Any], *, seen: int | None = None, batch: str = ""
) -> Any:
    """Change fields of a record and return it as it is then; what stays as it was isn't journalled.

    seen: the version that the caller's screen showed.  Errors: UsageError, NotFound, Conflict, Refused.
    """
    with transaction(desk):
        old = fetch(desk, kind, id)
        check_seen(desk, kind, old, seen)
        if old.removed:
            raise Refused(f"{Names(desk).label(kind, old)} was removed: restore it first")
        return update(desk, kind, old, Entering(desk, kind).take(values, old), batch=batch)


def update(
    desk: Desk, kind: str, old: Any, row: Mapping[str, Any], *, batch: str = "", undoes: int = 0
) -> Any:
    """Like `change`, for columns that `entering` has read; the caller holds the transaction."""
    if kind == "contract" and "package" in row and not row["package"]:
        row = {**row, "package": old.id}
    row = {name: value for name, value in row.items() if getattr(old, name) != value}
    if not row:
        return old
    if not undoes:  # what once stood may stand again
        row = _ruled(desk, kind, old, row)
    record = replace(old, **row, version=old.version + 1)
    checking.together(desk, kind, record, old)
    pairs = {name: [kept(getattr(old, name)), kept(value)] for name, value in row.items()}
    inverse = {name: pair[0] for name, pair in pairs.items()}
    _store(desk, kind, old, row)
    batch = batch or new_batch()
    write_event(
        desk, kind, record, "changed", data={"set": pairs}, inverse=inverse, batch=batch, undoes=undoes
    )
    if not undoes and row.keys() & {"package", "purchased_on"}:
        _begin_package(desk, kind, record, batch)
    return record


def _begin_package(desk: Desk, kind: str, record: Any, batch: str) -> None:
    """A package whose first day nobody entered begins on the day on which its licence was purchased."""
    if kind == "licence" and (contract := terms.begun_by(desk, record)) is not None:
        update(desk, "contract", contract, {"start_on": record.purchased_on}, batch=batch)


def _ruled(desk: Desk, kind: str, old: Any, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row with what follows from it, where a kind has a workflow.  Errors: Refused, UsageError."""
    if kind == "contract":
        return {**row, **terms.last_day(desk, old, row)}
    if kind != "known-error":
        return row
    from supporttui.desk.known_errors import checked

    return checked(desk, old, row)


def _store(desk: Desk, kind: str, old: Any, row: Mapping[str, Any]) -> None:
    if not book.update(desk.store, kind, old.id, old.version, row):
        raise _conflict(desk, kind, old, old.version, old.version + 1, ())


def remove(
    desk: Desk, kind: str, id: int, *, seen: int | None = None, batch: str = "", parts: bool = False
) -> Any:
    """Take a record out of the book; it stays in the store, and `restore` or an undo brings it back.

    parts: and with it what can't be without it (a customer's sites, licences, hosts …); what only names it
    stays and names it no more.
    Errors: Refused while other records refer to it, NotFound, Conflict.
    """
    with transaction(desk):
        old = fetch(desk, kind, id)
        check_seen(desk, kind, old, seen)
        if old.removed:
            return old
        batch = batch or new_batch()
        if parts:
            for other_kind, other in [*_parts(desk, kind, old), (kind, old)]:
                _unname(desk, other_kind, other.id, batch)
                if other is not old:
                    other = fetch(desk, other_kind, other.id)
                    set_removed(desk, other_kind, other, True, batch=batch)
        return set_removed(desk, kind, old, True, batch=batch)


def restore(
    desk: Desk, kind: str, id: int, *, seen: int | None = None, batch: str = "", parts: bool = False
) -> Any:
    """Bring a removed record back.

    parts: and with it what was removed along with it, as far as nobody touched that since.
    Errors: Refused while what it refers to is removed, UsageError, NotFound.
    """
    with transaction(desk):
        old = fetch(desk, kind, id)
        check_seen(desk, kind, old, seen)
        batch = batch or new_batch()
        record = set_removed(desk, kind, old, False, batch=batch) if old.removed else old
        for other_kind, other in gone_with(desk, kind, id) if parts else ():
            set_removed(desk, other_kind, other, False, batch=batch)
        return record


def gone_with(desk: Desk, kind: str, id: int) -> list[tuple[str, Any]]:
    """Kind and record of what was removed along with a record and is still as that left it, owners first."""
    removal = next(
        (one for one in book.events_of(desk.store, kind, id, MOST_EVENTS) if one.what == "removed"), None
    )
    if removal is None:
        return []
    along = book.removed_with(desk.store, removal, MOST_EVENTS)
    found = [(one.kind, fetch(desk, one.kind, one.record), one.version) for one in along]
    return [(name, record) for name, record, version in found if record.removed and record.version == version]


def set_removed(desk: Desk, kind: str, old: Any, removed: bool, *, batch: str = "", undoes: int = 0) -> Any:
    """Mark a record as removed, or no longer, and write it down; the caller holds the transaction."""
    record = replace(old, removed=removed, version=old.version + 1)
    if removed:
        _unneeded(desk, kind, old)
    else:
        _grounded(desk, kind, old)
        checking.together(desk, kind, record, old)
    _store(desk, kind, old, {"removed": removed})
    what = "removed" if removed else "restored"
    data = {"set": {"removed": [old.removed, removed]}}
    write_event(
        desk, kind, record, what, data=data, inverse={"removed": old.removed}, batch=batch, undoes=undoes
    )
    return record


def write_event(
    desk: Desk, kind: str, record: Any, what: str, *, data: Mapping[str, Any], inverse: Mapping[str, Any],
    batch: str = "", undoes: int = 0,
) -> None:  # fmt: skip
    """One line of the book's journal about a record as it is now, and what follows from it."""
    batch = batch or new_batch()
    book.append_event(
        desk.store, at=desk.now(), actor=desk.actor, kind=kind, record=record.id, version=record.version, what=what,
        text=Names(desk).label(kind, record), data=data, inverse=inverse, undoes=undoes, batch=batch,
    )  # fmt: skip
    if kind in ("release", "known-error"):
        from supporttui.desk.releasing import follow

        follow(desk, kind, record, data.get("set", {}), batch=batch, undoing=bool(undoes))


# -- what is looked at before ---------------------------------------------------------------------


def fetch(desk: Desk, kind: str, id: int) -> Any:
    """The record of this id, a removed one too.  Errors: NotFound, UsageError."""
    sheet_of(kind)
    return book.get(desk.store, kind, id if 0 < id < 2**63 else 0)


def check_seen(desk: Desk, kind: str, record: Any, seen: int | None) -> None:
    """Raise Conflict when the record changed after version `seen`, saying who changed what."""
    if seen is None or seen == record.version:
        return
    since = [one for one in reversed(book.events_of(desk.store, kind, record.id)) if one.version > seen]
    raise _conflict(desk, kind, record, seen, record.version, tuple(describe(desk, one) for one in since))


def _conflict(
    desk: Desk, kind: str, record: Any, seen: int, current: int, changes: tuple[str, ...]
) -> Conflict:
    label = Names(desk).label(kind, record)
    before = len(changes) - TOLD
    told = (
        "; ".join(changes[-TOLD:]) if before <= 0 else f"{before} changes, then {'; '.join(changes[-TOLD:])}"
    )
    said = f"{label} changed while you looked" + (f": {told}" if told else "")
    if seen > current:
        said = f"{label} is at version {current}, not {seen}"
    return Conflict(
        f"{said}: look again, then repeat", number=record.id, seen=seen, current=current, changes=changes
    )


def describe(desk: Desk, event: BookEvent) -> str:
    """One line that says who did what: "raj set plan to gold"."""
    changed = event.data.get("set", {})
    if event.what != "changed" or not isinstance(changed, dict):
        return f"{event.actor} {event.what} it"
    names = Names(desk)
    said = [f"{title.lower()} to {new or 'nothing'}" for title, _old, new in changes_of(names, event)]
    return f"{event.actor} set {', '.join(said)}"


def changes_of(names: Names, event: BookEvent) -> list[tuple[str, str, str]]:
    """What an event set: (title of the field, before, after), as people read it."""
    from .values import unkept

    changed = event.data.get("set", {})
    if not isinstance(changed, dict):
        return []
    rows = []
    for field in SHEETS[event.kind].fields:
        if field.name not in changed:
            continue
        pair = [unkept(field.name, value) for value in changed[field.name]]
        if field.type == "reference":
            old, new = (names.text(field.reference, int(value or 0)) for value in pair)
        else:
            old, new = (shown(field, value) for value in pair)
        rows.append((field.title, old, new))
    return rows


def dependants(desk: Desk, kind: str, id: int, *, required: bool = False) -> list[tuple[str, Any]]:
    """The records that refer to one: (kind, record).  required: only those that can't be without it."""
    found = []
    for sheet in SHEETS.values():
        for field in sheet.fields:
            if field.reference != kind or field.narrows or (required and not field.required):
                continue
            found += [
                (sheet.kind, one)
                for one in _naming(desk, sheet.kind, field, id)
                if (sheet.kind, one.id) != (kind, id)
            ]
    return found


def _naming(desk: Desk, kind: str, field: Field, id: int) -> list[Any]:
    # Said twice for the indexes that leave the zeros out.
    return book.select(desk.store, kind, equal(**{field.name: id}), differs(**{field.name: 0}))


def _unname(desk: Desk, kind: str, id: int, batch: str) -> None:
    """Clear what names a record and can be without it; a chain of contracts keeps its first."""
    for sheet in SHEETS.values():
        for field in sheet.fields:
            if field.reference != kind or field.narrows or field.required or sheet.kind == kind == "contract":
                continue
            for other in _naming(desk, sheet.kind, field, id):
                update(desk, sheet.kind, other, {field.name: 0}, batch=batch)


def _unneeded(desk: Desk, kind: str, record: Any) -> None:
    others = dependants(desk, kind, record.id)
    if not others:
        return
    counts: dict[str, int] = {}
    for other_kind, _one in others:
        counts[other_kind] = counts.get(other_kind, 0) + 1
    said = ", ".join(
        f"{count} {SHEETS[other].title if count == 1 else SHEETS[other].plural}"
        for other, count in counts.items()
    )
    verb = "refers" if len(others) == 1 else "refer"
    names = Names(desk)
    raise Refused(
        f"{names.label(kind, record)} can't be removed: {said} still {verb} to it "
        f"({names.label(*others[0])}): remove those first"
        + ("" if kind == others[0][0] else ", or all with it (--with-parts)")
    )


def _grounded(desk: Desk, kind: str, record: Any) -> None:
    for field in sheet_of(kind).fields:
        id = getattr(record, field.name, 0) if field.type == "reference" else 0
        if not id or field.narrows or (field.reference, id) == (kind, record.id):
            continue
        if book.get(desk.store, field.reference, id).removed:
            names = Names(desk)
            raise Refused(
                f"{names.label(kind, record)} can't come back: "
                f"{names.label(field.reference, names.record(field.reference, id))} was removed: restore that first"
            )


def _parts(desk: Desk, kind: str, record: Any) -> list[tuple[str, Any]]:
    """What can't be without a record, and what can't be without that: in the order in which it may go."""
    found: dict[tuple[str, int], Any] = {}
    waiting = [(kind, record)]
    while waiting:
        one_kind, one = waiting.pop()
        for other_kind, other in dependants(desk, one_kind, one.id, required=True):
            if (other_kind, other.id) not in found:
                found[other_kind, other.id] = other
                waiting.append((other_kind, other))
    ordered = sorted(found, key=lambda key: (_ORDER.index(key[0]), _last_first(found[key])))
    return [(other_kind, found[other_kind, id]) for other_kind, id in ordered]


def _last_first(record: Any) -> tuple[bool, int]:
    """Renewals go before the first of their chain, later releases before those that they replace."""
    return getattr(record, "package", 0) == record.id, -record.id


__all__ = [
    "add",
    "change",
    "changes_of",
    "dependants",
    "describe",
    "fetch",
    "remove",
    "restore",
]
