"""What a form asks while a record of the book is written: what may be meant, and whether one field can be read.

Everything here only reads.  The whole record is looked at when it is saved;
this tells early, field by field, what would be refused then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from supporttui.errors import SupportError, UsageError
from supporttui.store import book
from supporttui.store.book_criteria import equal
from supporttui.store.columns import fold

from . import check
from .book import values as reading
from .book.entering import today
from .book.fields import Field, sheet_of
from .book.references import Names, find, named_records
from .look import snapshot
from .session import Desk

MOST = 50


def candidates(desk: Desk, kind: str, name: str, typed: str, values: Mapping[str, str]) -> list[str]:
    """What may be meant by what is typed into a field, best first; [] for a field of free text.

    values: the other fields of the form as they are, which say whose a site or a release must be.
    """
    field = sheet_of(kind).field(name)
    low = fold(typed)
    with snapshot(desk):
        if field.type == "reference":
            customer, product = whose(desk, field, values)
            return list(named_records(desk, field.reference, typed, MOST, customer, product))
        if field.type == "zone":
            return _zones(low)
        words = _words(desk, kind, field, values)
    return [one for one in words if fold(one).startswith(low)][:MOST]


def _words(desk: Desk, kind: str, field: Field, values: Mapping[str, str]) -> Sequence[str]:
    listed = field.policy or field.suggests
    if field.choices or field.type == "yes":
        return field.choices or ("yes", "no")
    if listed:
        return tuple(getattr(desk.policy, listed))
    if field.type == "currency":
        return sorted(reading.CURRENCIES)
    if field.type == "day":
        return ("today", "yesterday", "tomorrow")
    if kind == "host" and field.name == "os":
        return list(dict.fromkeys(one.os for one in book.select(desk.store, "os-release", order=("os",))))
    if kind == "host" and field.name == "os_release":
        of = equal(os=values.get("os", ""))
        return [one.name for one in book.select(desk.store, "os-release", of, order=("name",))]
    return ()


def _zones(low: str) -> list[str]:
    """Zones that begin so, then those whose city does."""
    known = sorted(available_timezones())
    begins = [one for one in known if one.casefold().startswith(low)]
    cities = [one for one in known if one.casefold().rpartition("/")[2].startswith(low.replace(" ", "_"))]
    return list(dict.fromkeys([*begins, *cities]))[:MOST]


def whose(desk: Desk, field: Field, values: Mapping[str, str]) -> tuple[int, int]:
    """(customer, product) that the other fields of the form name, 0 for nobody's."""
    found = {"customer": 0, "product": 0}
    for name in field.within:
        text = values.get(name, "").strip()
        if text and name in found:
            try:
                found[name] = int(find(desk, name, text).id)
            except SupportError:
                continue
    return found["customer"], found["product"]


def settled(desk: Desk, kind: str, name: str, values: Mapping[str, str]) -> str:
    """A field's text as the book would show it again, "" for nothing.

    Errors: UsageError, NotFound, one line with the field's title first.
    """
    field = sheet_of(kind).field(name)
    text = " ".join(values.get(name, "").split()) if field.type != "long" else values.get(name, "").strip()
    if not text:
        return ""
    with snapshot(desk):
        if field.type == "reference":
            return _titled(field, lambda: _referred(desk, field, text, values))
        if field.type == "choice" and field.policy:
            words = getattr(desk.policy, field.policy)
            return _titled(field, lambda: check.one_of(field.title.lower(), text, words))
        value = reading.read(field, text, today=today(desk))
    if field.type == "money" and reading.money(text)[1]:
        return text  # the currency stands beside it, and counts
    return reading.shown(field, value)


def _referred(desk: Desk, field: Field, text: str, values: Mapping[str, str]) -> str:
    customer, product = whose(desk, field, values)
    found: Any = None
    try:
        found = find(desk, field.reference, text, customer=customer, product=product)
    except SupportError:
        if field.reference != "release" or not product or " " not in text:
            raise
        found = find(desk, field.reference, text)
    return Names(desk).reference(field.reference, found)


def _titled(field: Field, read: Callable[[], str]) -> str:
    try:
        return read()
    except SupportError as error:
        raise UsageError(f"{field.title}: {error}") from None
