"""The kinds of records in the book: their tables, and how their columns are stored.

Columns that end in `_key` hold the folded form of a text and follow it.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal

from supporttui.quickclass import dataclass
from supporttui.store import book_records as records
from supporttui.store import mail_records as mail
from supporttui.store.columns import seconds, storable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DATES = frozenset({
    "released_on", "support_ends_on", "accessed_on", "purchased_on", "shipped_on", "ended_on", "charge_paid_to",
    "ordered_on", "start_on", "end_on", "installed_on", "removed_on", "noted_on", "quoted_on", "support_from",
    "support_to",
})  # fmt: skip
MONEY = frozenset({"price", "monthly_charge"})
INSTANTS = frozenset({"at", "added_at"})
FLAGS = frozenset({"removed", "tcp_ip", "authorised", "reproducible", "material"})


@dataclass(frozen=True, slots=True)
class Kind:
    """name: as events and people call it.  folded: text columns that have a `_key` beside them."""

    name: str
    table: str
    record: type[Any]
    folded: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The record's fields, which are the table's columns."""
        known = _COLUMNS.get(self.name)
        if known is None:
            known = _COLUMNS[self.name] = tuple(one.name for one in fields(self.record))
        return known


_COLUMNS: dict[str, tuple[str, ...]] = {}  # worked out once: every statement asks


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("customer", "customer", records.CustomerRecord, ("name",)),
        Kind("contact", "contact", records.ContactRecord, ("name",)),
        Kind("site", "site", records.Site, ("code",)),
        Kind("product", "product", records.Product, ("name",)),
        Kind("release", "product_release", records.Release, ("name",)),
        Kind("os-release", "os_release", records.OsRelease, ("os", "name")),
        Kind("licence", "licence", records.Licence, ("number",)),
        Kind("contract", "contract", records.Contract, ("number",)),
        Kind("host", "host", records.Host, ("name",)),
        Kind("installation", "installation", records.Installation),
        Kind("modification", "modification", records.Modification),
        Kind("quotation", "quotation", records.Quotation, ("number",)),
        Kind("known-error", "known_error", records.KnownError, ("title",)),
        # What came in: no pages of the book, but kept, journalled and undone as its records are (`desk.kept`).
        Kind("attachment", "attachment", mail.Attachment),
        Kind("participant", "participant", mail.Participant),
        Kind("sender-rule", "sender_rule", mail.SenderRule),
        Kind("intake-item", "intake_item", mail.IntakeItem),
    )
}


def stored(value: Any) -> Any:
    """A value of a record as its column keeps it; None is ""."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return seconds(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return storable(value) if isinstance(value, str) else value
