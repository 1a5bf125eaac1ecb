"""The ticket's facts corrected in one go: subject, plain fields and tags, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from supporttui.errors import UsageError
from supporttui.store.records import Ticket

from . import check
from .act import HARMLESS, check_seen, fetch, new_batch, transaction
from .change import FIELDS, set_fields, set_subject, tag
from .session import Desk

# What an analyst may correct, in the order of the form.
EDITABLE = (
    "subject", "customer", "contact", "contact_email", "contact_phone", "site", "product", "release",
    "os", "os_release", "category", "environment", "plan", "tags",
)  # fmt: skip


class Difference(NamedTuple):
    """One field as it is and as it is to be."""

    field: str
    old: str
    new: str


def values_of(ticket: Ticket) -> dict[str, str]:
    """The editable fields as text; tags with blanks between them."""
    return {
        name: " ".join(ticket.tags) if name == "tags" else str(getattr(ticket, name)) for name in EDITABLE
    }


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Difference, ...]:
    """The fields whose text differs by more than blanks, in the order of the form."""
    found = []
    for name in EDITABLE:
        before, after = _line(name, old.get(name, "")), _line(name, new.get(name, old.get(name, "")))
        if before != after:
            found.append(Difference(name, before, after))
    return tuple(found)


def _line(name: str, value: str) -> str:
    words = value.split()
    return " ".join(sorted({word.casefold() for word in words}) if name == "tags" else words)


def edit(
    desk: Desk, number: int, values: Mapping[str, str], *, seen: int | None = None, batch: str = ""
) -> Ticket:
    """Write what differs, in one transaction that one undo takes back.

    values: fields of EDITABLE; tags are words with blanks between them.  Errors: UsageError
    for a field, Conflict, Refused, NotFound, StoreError.
    """
    for name in values:
        if name not in EDITABLE:
            raise UsageError(f"no field '{name}'{check.nearest(name, EDITABLE)}")
    batch = batch or new_batch()
    with transaction(desk):
        ticket = fetch(desk, number)
        check_seen(desk, ticket, seen, HARMLESS)
        changed = {one.field: one.new for one in differences(values_of(ticket), values)}
        if "subject" in changed:
            ticket = set_subject(desk, number, changed["subject"], batch=batch)
        plain = {name: value for name, value in changed.items() if name in FIELDS}
        if plain:
            ticket = set_fields(desk, number, plain, batch=batch)
        if "tags" in changed:
            kept = check.tags(changed["tags"].split())
            gone = [one for one in ticket.tags if one not in kept]
            ticket = tag(desk, number, kept, gone, batch=batch)
        return ticket


# -- as a small file ----------------------------------------------------------------------------


def as_file(number: int, values: Mapping[str, str], labels: Mapping[str, str] | None = None) -> str:
    """The fields as "name: value" lines, under a line that says what they are."""
    names = labels or {}
    width = max(len(names.get(name, name)) for name in EDITABLE) + 1
    lines = [f"# Ticket {number}. One field a line; lines that begin with # are left out."]
    for name in EDITABLE:
        label = f"{names.get(name, name)}:"
        lines.append(f"{label:<{width}} {values.get(name, '')}".rstrip())
    return "\n".join(lines) + "\n"


def from_file(text: str) -> dict[str, str]:
    """The fields that a file like `as_file` holds.  Errors: UsageError with the line.

    A field that was deleted stays as it is; one that was left empty is emptied.
    """
    found: dict[str, str] = {}
    for place, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        name, colon, value = line.partition(":")
        name = "_".join(name.casefold().replace("-", " ").split())
        if not colon:
            raise UsageError(f"line {place}: write it as field: value")
        if name not in EDITABLE:
            raise UsageError(f"line {place}: no field '{name}'{check.nearest(name, EDITABLE)}")
        if name in found:
            raise UsageError(f"line {place}: {name} is there twice")
        found[name] = " ".join(value.split())
    return found
