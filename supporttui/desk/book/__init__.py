"""The book: customers, what they bought, what runs where, and what was agreed.

    acme = add(desk, "customer", {"name": "Acme Corp", "plan": "gold"})
    change(desk, "customer", acme.id, {"zone": "America/Chicago"}, seen=acme.version)
    licence = add(desk, "licence", {"customer": "Acme Corp", "product": "HyperIP", "price": "EUR 1,234.50"})

Values come as people write them or typed (dates, Decimal, ids); every change is
one transaction with its line in the book's journal, and `desk.undo` takes it back.
"""

from supporttui.desk.book.deeds import add, change, remove, restore
from supporttui.desk.book.entering import entered, today
from supporttui.desk.book.fields import SHEETS, Field, Sheet, fields_of, sheet_of
from supporttui.desk.book.looking import Happened, Shown, history, listed, page, texts
from supporttui.desk.book.references import Names, find, named_records

__all__ = [
    "SHEETS",
    "Field",
    "Happened",
    "Names",
    "Sheet",
    "Shown",
    "add",
    "change",
    "entered",
    "fields_of",
    "find",
    "history",
    "listed",
    "named_records",
    "page",
    "remove",
    "restore",
    "sheet_of",
    "texts",
    "today",
]
