"""From what somebody entered to the columns of a record: each value read, each reference found.

Text is read; what is typed already (a date, a Decimal, an id) is taken as it is
after a look at its type.  Nothing here writes.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from supporttui.desk import check
from supporttui.desk.session import Desk
from supporttui.errors import NotFound, UsageError
from supporttui.store import book
from supporttui.store.book_criteria import equal

from . import values as reading
from .fields import Field, Sheet, sheet_of
from .references import find

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

MOST_HINTS = 50  # of an import
_KINDS_OF_VALUE: dict[str, tuple[type, ...]] = {
    "day": (date,), "money": (Decimal, int), "yes": (bool,), "number": (int,), "reference": (int,),
}  # fmt: skip
_EMPTY: dict[str, Any] = {"day": None, "money": None, "yes": False, "number": 0, "reference": 0}


def today(desk: Desk) -> date:
    """The vendor's civil day: what "today" means in the book."""
    return desk.now().astimezone(desk.policy.zone).date()


def entered(desk: Desk, kind: str, values: Mapping[str, Any], old: Any = None) -> dict[str, Any]:
    """The columns that these values set.  old: the record that they change.

    values: by name or title of a field, as text or typed.  Errors: UsageError, NotFound, with the field first.
    """
    return Entering(desk, kind).take(values, old)


class Entering:
    """Reads one record after the other; what references mean is kept for as long as this lives.

    remembers: for an import, where most lines name the same few customers and products.
    """

    def __init__(self, desk: Desk, kind: str, *, remembers: bool = False) -> None:
        self._desk = desk
        self._sheet = sheet_of(kind)
        self._today: date | None = None
        self._found: dict[tuple[str, str, int, int], Any] | None = {} if remembers else None
        self._missed = 0

    def forget(self) -> None:
        """Look every reference up anew: what was found may be gone by the next transaction."""
        if self._found is not None:
            self._found.clear()

    def take(self, values: Mapping[str, Any], old: Any = None) -> dict[str, Any]:
        """See `entered`."""
        row = self.read(values, old)
        self.complete(row, old)
        return row

    def read(self, values: Mapping[str, Any], old: Any = None) -> dict[str, Any]:
        """What is given, read; whether something is missing is asked by `complete`."""
        given = self._by_field(values)
        row: dict[str, Any] = {}
        narrowing: dict[str, int] = {}
        for field in self._sheet.fields:
            if field.name not in given:
                continue
            value = self._value(field, given[field.name], row, narrowing, old)
            (narrowing if field.narrows else row)[field.name] = value
        self._currency(given, row, old)
        return row

    def _by_field(self, values: Mapping[str, Any]) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name, value in values.items():
            field = self._sheet.field(name)
            if field.name in given:
                raise UsageError(f"{field.title} is given twice")
            given[field.name] = value
        return given

    def _value(
        self, field: Field, value: Any, row: Mapping[str, Any], narrowing: Mapping[str, int], old: Any
    ) -> Any:
        if value is None:
            return _EMPTY.get(field.type, "")
        if not isinstance(value, str):
            return self._typed(field, value)
        if field.type != "long" and len(value) > check.MAX_FIELD:
            raise UsageError(f"{field.title}: {len(value):,} characters; {check.MAX_FIELD} are allowed")
        if field.type == "reference":
            return self._reference(field, value, row, narrowing, old)
        if field.type == "choice" and field.policy:
            return self._listed(field, value)
        return reading.read(field, value, today=self._day())

    def _day(self) -> date:
        if self._today is None:
            self._today = today(self._desk)
        return self._today

    def _typed(self, field: Field, value: Any) -> Any:
        wanted = _KINDS_OF_VALUE.get(field.type, (str,))
        fits = isinstance(value, wanted) and not isinstance(value, datetime)
        if not fits or (isinstance(value, bool) and field.type != "yes"):
            raise UsageError(f"{field.title}: {check.quoted(str(value))} is no {field.type}")
        if field.type == "reference":
            if value and not book.select(self._desk.store, field.reference, equal(id=value)):
                raise NotFound(f"{field.title}: there is no {sheet_of(field.reference).title} #{value}")
            return self._first_of_chain(field, value)
        return Decimal(value) if field.type == "money" else value

    def _listed(self, field: Field, text: str) -> str:
        words = getattr(self._desk.policy, field.policy)
        try:
            return check.one_of(field.title.lower(), check.field(field.title, text), words)
        except UsageError as error:
            raise UsageError(f"{field.title}: {error}") from None

    def _reference(
        self, field: Field, text: str, row: Mapping[str, Any], narrowing: Mapping[str, int], old: Any
    ) -> int:
        text = " ".join(text.split())
        if not text:
            return 0
        whose = {
            name: int(narrowing.get(name) or row.get(name) or getattr(old, name, 0) or 0)
            for name in field.within
        }
        found = self._find(field, text, whose.get("customer", 0), whose.get("product", 0))
        return int(found.package or found.id) if field.name == "package" else int(found.id)

    def _find(self, field: Field, text: str, customer: int, product: int) -> Any:
        asked = (field.reference, text, customer, product)
        if self._found is not None and asked in self._found:
            return self._found[asked]
        try:
            found = self._look_up(field, text, customer, product)
        except (UsageError, NotFound) as error:
            self._missed += 1
            raise type(error)(f"{field.title}: {error}") from None
        if self._found is not None:
            self._found[asked] = found
        return found

    def _look_up(self, field: Field, text: str, customer: int, product: int) -> Any:
        # The nearest name costs a look through thousands of them: not for every line of a file full of unknown ones.
        hint = self._found is None or self._missed < MOST_HINTS
        try:
            return find(self._desk, field.reference, text, customer=customer, product=product, hint=hint)
        except NotFound:
            # A release may replace one of another product, which then stands before its level.
            if field.reference != "release" or not product or " " not in text:
                raise
        return find(self._desk, field.reference, text, hint=hint)

    def _first_of_chain(self, field: Field, id: int) -> int:
        if field.name != "package" or not id:
            return id
        return int(book.get(self._desk.store, "contract", id).package or id)

    def _currency(self, given: Mapping[str, Any], row: dict[str, Any], old: Any) -> None:
        """A currency that was written beside an amount counts, where none was given apart."""
        if not any(field.type == "currency" for field in self._sheet.fields):
            return
        for field in self._sheet.fields:
            text = given.get(field.name)
            if field.type != "money" or not isinstance(text, str):
                continue
            beside = reading.money(text)[1]
            if not beside:
                continue
            known = row.get("currency") or ("" if "currency" in row else getattr(old, "currency", ""))
            if known and known != beside:
                raise UsageError(f"{field.title}: it is in {beside}, but the currency is {known}")
            row["currency"] = beside

    def filter(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What a list is narrowed to: like `read`, but a field that only narrows counts too."""
        given = self._by_field(values)
        narrowing = {
            field.name: self._value(field, given[field.name], {}, {}, None)
            for field in self._sheet.fields
            if field.narrows and field.name in given
        }
        return {**narrowing, **self.read(values)}

    def complete(self, row: Mapping[str, Any], old: Any = None) -> None:
        """Refuse what lacks a required field.  Errors: UsageError."""
        for field in self._sheet.fields:
            if not field.required or row.get(field.name, getattr(old, field.name, None)):
                continue
            raise UsageError(f"{field.title} is missing: {missing(self._sheet, field)}")


def missing(sheet: Sheet, field: Field) -> str:
    """What to do about a required field that is empty."""
    example = f", such as {field.example}" if field.example else ""
    return f"every {sheet.title} needs it ({field.help}{example})"
