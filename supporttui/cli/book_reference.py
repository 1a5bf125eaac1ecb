"""The tables of docs/book.md, made from the fields: `python -m supporttui.cli.book_reference docs/book.md`.

A test compares the file with what this module makes, so that it can't go stale.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from supporttui.desk.book.fields import SHEETS

if TYPE_CHECKING:
    from supporttui.desk.book.fields import Field, Sheet

BEGIN, END = "<!-- fields: begin -->", "<!-- fields: end -->"
WORDS = {
    "text": "text", "long": "text of several lines", "day": "day", "money": "amount", "currency": "ISO code", "yes": "yes or no",
    "number": "whole number", "zone": "IANA name", "email": "address", "phone": "telephone number",
}  # fmt: skip


def tables() -> str:
    """A section with a table for each kind."""
    return "\n".join(_section(sheet) for sheet in SHEETS.values())


def _section(sheet: Sheet) -> str:
    known_by = ", ".join(f"`{name}`" for name in sheet.known_by)
    head = f"### {sheet.title[0].upper()}{sheet.title[1:]}\n\n`supporttui {sheet.command}`; an import recognises it by {known_by}.\n"
    rows = [f"| `{one.name}` | {one.title} | {_what(one)} | {_cell(one.help)} |" for one in sheet.fields]
    return "\n".join([head, "| field | title | what | meaning |", "|---|---|---|---|", *rows, ""])


def _what(field: Field) -> str:
    what = WORDS.get(field.type, "")
    if field.type == "reference":
        what = SHEETS[field.reference].one
    elif field.choices:
        what = ", ".join(field.choices)
    elif field.policy:
        what = f"one of the policy's {field.policy}"
    return f"{what}, required" if field.required else what


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


def filled(page: str) -> str:
    """The page with its tables as they are now.  ValueError when the marks are missing."""
    before, found, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (found and end):
        raise ValueError(f"the page needs the marks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{after}"


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
