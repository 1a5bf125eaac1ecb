"""What must fit together in the book: one clear line says what does not, where, and what to do.

Looked at under the write lock, whoever enters the record, so that a form, the
command line and an import refuse the same things.
"""

from __future__ import annotations

from decimal import Decimal

from supporttui.desk import check
from supporttui.desk.session import Desk
from supporttui.errors import UsageError
from supporttui.store import book
from supporttui.store.book_criteria import alike, differs, equal
from supporttui.store.columns import fold

from .fields import Field, sheet_of
from .references import NAMED_BY, Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from typing import Any

KEPT = frozenset({"customer", "contact", "product"})  # whose names the store holds, removed or not
LONGEST_CHAIN = 1_000  # releases that replace each other

# kind → pairs of days that must not be the wrong way round.
ORDERED = {
    "release": (("released_on", "support_ends_on"),),
    "licence": (("purchased_on", "ended_on"), ("purchased_on", "charge_paid_to")),
    "contract": (("start_on", "end_on"), ("start_on", "ended_on")),
    "installation": (("installed_on", "removed_on"),),
    "quotation": (("support_from", "support_to"),),
}  # fmt: skip
# kind → what may stand only once: the columns that tell one record from another.
ONCE: dict[str, tuple[str, ...]] = {
    "customer": ("name",), "product": ("name",), "site": ("customer", "code"), "contact": ("customer", "name"),
    "release": ("product", "name", "edition"), "os-release": ("os", "name"), "host": ("customer", "name"),
    "quotation": ("customer", "number", "product"), "known-error": ("product", "title"), "licence": ("number",),
}  # fmt: skip


def together(desk: Desk, kind: str, record: Any, old: Any = None) -> None:
    """Refuse a record that can't be.  record: as it would be; old: as it was.  Errors: UsageError."""
    for first, last in ORDERED.get(kind, ()):
        _in_order(kind, record, first, last)
    _money(kind, record)
    if old is None or old.removed or _key(kind, record) != _key(kind, old):
        _once(desk, kind, record)
    if fits := _FITS.get(kind):
        fits(desk, record)


def _field(kind: str, name: str) -> Field:
    return next(one for one in sheet_of(kind).fields if one.name == name)


def _in_order(kind: str, record: Any, first: str, last: str) -> None:
    begins, ends = getattr(record, first), getattr(record, last)
    if begins and ends and ends < begins:
        raise UsageError(
            f"{_field(kind, last).title} {ends} lies before {_field(kind, first).title.lower()} {begins}: mend one of them"
        )


def _money(kind: str, record: Any) -> None:
    amounts = [field for field in sheet_of(kind).fields if field.type == "money"]
    from supporttui.policy.currencies import minor_digits

    for field in amounts:
        amount: Decimal | None = getattr(record, field.name)
        if amount is None:
            continue
        if not amount.is_finite() or amount < 0:
            raise UsageError(f"{field.title}: an amount can't be below 0")
        if not record.currency:
            raise UsageError(f"{field.title} {amount} has no currency: give one, such as EUR")
        digits = minor_digits(record.currency)
        if amount != round(amount, digits):
            behind = f"{digits} digits behind the point" if digits else "nothing behind the point"
            raise UsageError(f"{field.title} {amount}: {record.currency} has {behind}")


# -- what stands only once ------------------------------------------------------------------------


def _key(kind: str, record: Any) -> tuple[Any, ...]:
    return tuple(_folded(getattr(record, name)) for name in (*ONCE.get(kind, ()), *_MORE.get(kind, ())))


_MORE = {"customer": ("key",), "contract": ("number", "package", "start_on")}


def _folded(value: Any) -> Any:
    return fold(value) if isinstance(value, str) else value


def same(desk: Desk, kind: str, record: Any, *, removed: bool = False) -> list[Any]:
    """The other records that have what may stand only once, of this kind."""
    columns = ONCE.get(kind, ())
    if not columns or not getattr(record, NAMED_BY.get(kind, columns[-1])):
        return []
    return matching(desk, kind, columns, record, removed=removed)


def matching(
    desk: Desk, kind: str, columns: tuple[str, ...], record: Any, *, removed: bool = False
) -> list[Any]:
    """The other records with the same values in these columns, text without regard to case."""
    wanted = {name: getattr(record, name) for name in columns}
    found = book.select(desk.store, kind, alike(**wanted), removed=removed)
    return [one for one in found if one.id != record.id]


def _once(desk: Desk, kind: str, record: Any) -> None:
    sheet = sheet_of(kind)
    if kind == "contract":
        _contract_number(desk, record)
    others = [one for one in same(desk, kind, record, removed=kind in KEPT) if not undone(desk, kind, one)]
    if not others:
        if kind == "customer" and record.key:
            _customer_number(desk, record)
        return
    other = others[0]
    label = Names(desk).label(kind, other)
    if other.removed:
        raise UsageError(
            f"{label} was removed, its name is still kept: supporttui {sheet.command} restore '#{other.id}' brings it back"
        )
    raise UsageError(
        f"there is {label} already (#{other.id}): change that one, or write another {_named(kind)}"
    )


def undone(desk: Desk, kind: str, record: Any) -> bool:
    """Whether a record is gone because its adding was undone: then it is as if it had never been."""
    if not record.removed:
        return False
    last = book.events_of(desk.store, kind, record.id, 1)
    return bool(last) and last[0].what == "removed" and last[0].undoes != 0


def never_was(desk: Desk, kind: str, record: Any) -> Any:
    """The record whose adding was undone and whose name the store still keeps, None where there is none."""
    if kind not in KEPT:
        return None
    return next((one for one in same(desk, kind, record, removed=True) if undone(desk, kind, one)), None)


def _named(kind: str) -> str:
    return _field(kind, NAMED_BY.get(kind, "name")).title.lower()


def _customer_number(desk: Desk, record: Any) -> None:
    for other in book.numbered(desk.store, record.key):
        if other.id != record.id:
            raise UsageError(
                f"customer number {check.quoted(record.key)} is {other.name}'s already: write another one"
            )


def _contract_number(desk: Desk, record: Any) -> None:
    """Periods of one chain may share their number; anybody else's may not."""
    if not record.number:
        return
    for other in matching(desk, "contract", ("number",), record):
        if other.package != record.package or not record.package:
            raise UsageError(
                f"contract number {check.quoted(record.number)} is taken by #{other.id} of "
                f"{Names(desk).text('customer', other.customer)}: a renewal of it says renews #{other.id}"
            )


# -- what refers to each other --------------------------------------------------------------------


def _of_customer(desk: Desk, record: Any, *kinds: str) -> None:
    """The sites, hosts and contracts that a record names are of its own customer."""
    for name in kinds:
        other_kind = "contract" if name == "package" else name
        id = getattr(record, name)
        if not id or (kind_id := (other_kind, id)) == ("contract", record.id):
            continue
        other = book.get(desk.store, *kind_id)
        if other.customer != record.customer:
            names = Names(desk)
            raise UsageError(
                f"{names.label(other_kind, other)} is not {names.text('customer', record.customer)}'s: "
                f"write one of its own {sheet_of(other_kind).plural}"
            )


def _release(desk: Desk, record: Any) -> None:
    """A release does not follow itself, by whatever way round, nor one that came later."""
    names, seen = Names(desk), 0
    at = record.replaces
    while at:
        if at == record.id:
            raise UsageError(
                f"Replaces: {names.reference('release', record)} would replace itself by way of "
                f"{names.text('release', record.replaces)}: name the release that it follows"
            )
        earlier = names.record("release", at)
        at, seen = (earlier.replaces if earlier else 0), seen + 1
        if seen > LONGEST_CHAIN:
            raise UsageError(
                "Replaces: more releases replace each other than there can be: look at them one by one"
            )
    replaced = names.record("release", record.replaces)
    days = (record.released_on, replaced.released_on if replaced else None)
    if all(days) and days[0] < days[1]:
        raise UsageError(
            f"Released on {days[0]} lies before {names.reference('release', replaced)}, which it replaces, "
            f"was released ({days[1]}): mend one of them"
        )


def _contract(desk: Desk, record: Any) -> None:
    _of_customer(desk, record, "package")
    if not record.package:
        return
    for other in book.select(desk.store, "contract", equal(package=record.package), differs(id=record.id)):
        if _overlap(period(record), period(other)):
            first, last = period(other)
            raise UsageError(
                f"First day and last day: the period overlaps contract {Names(desk).reference('contract', other)} "
                f"(#{other.id}, {first} to {last}) of the same package: begin on the day after its last"
            )


def period(contract: Any) -> tuple[date | None, date | None]:
    """First and last day of a contract, ended early or not."""
    ends = [day for day in (contract.end_on, contract.ended_on) if day]
    return contract.start_on, min(ends, default=None)


def _overlap(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    if None in one or None in other:
        return False  # an unknown day is no fault
    return one[0] <= other[1] and other[0] <= one[1]  # type: ignore[operator]


def _installation(desk: Desk, record: Any) -> None:
    if not record.release:
        return
    release = book.get(desk.store, "release", record.release)
    if release.product != record.product:
        names = Names(desk)
        raise UsageError(
            f"Release: {names.reference('release', release)} is no release of {names.text('product', record.product)}"
        )


_FITS: dict[str, Callable[[Desk, Any], None]] = {
    "contact": lambda desk, record: _of_customer(desk, record, "site"),
    "host": lambda desk, record: _of_customer(desk, record, "site"),
    "licence": lambda desk, record: _of_customer(desk, record, "site", "package"),
    "modification": lambda desk, record: _of_customer(desk, record, "host"),
    "contract": _contract,
    "release": _release,
    "installation": _installation,
}
