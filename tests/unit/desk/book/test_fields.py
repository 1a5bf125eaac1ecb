"""The table of fields against the records that the store keeps, and docs/book.md against the table."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from supporttui.desk import kept
from supporttui.desk.book import SHEETS, fields_of, sheet_of
from supporttui.errors import UsageError
from supporttui.store.book import DATES, FLAGS, KINDS, MONEY

DOC = Path(__file__).resolve().parents[4] / "docs" / "book.md"
OWN = {"id", "version", "removed"}


def test_every_kind_of_the_store_has_a_sheet_but_for_what_comes_in():
    assert set(SHEETS) | set(kept.KINDS) == set(KINDS)
    assert set(SHEETS).isdisjoint(kept.KINDS)


@pytest.mark.parametrize("kind", SHEETS)
def test_the_fields_are_the_records(kind):
    record = {one.name: one for one in fields(KINDS[kind].record)}
    entered = {one.name: one for one in fields_of(kind) if not one.narrows}
    assert set(entered) == set(record) - OWN
    for name, one in entered.items():
        assert (one.type == "day") == (name in DATES)
        assert (one.type == "money") == (name in MONEY)
        assert (one.type == "yes") == (name in FLAGS)
        empty = record[name].default
        wanted = {"day": None, "money": None, "yes": False, "number": 0, "reference": 0}.get(one.type, "")
        assert empty is MISSING or empty == wanted or (kind, name) == ("known-error", "state")
        if empty is MISSING:
            assert one.required, f"{kind}.{name} can't be left out of a record"
        assert one.help and one.title


@pytest.mark.parametrize("kind", SHEETS)
def test_what_a_sheet_names_is_there(kind):
    sheet = sheet_of(kind)
    names = {one.name for one in sheet.fields}
    assert set(sheet.known_by) | set(sheet.shown) <= names
    for one in sheet.fields:
        assert set(one.within) <= names
        assert (one.type == "reference") == bool(one.reference)
        assert not one.reference or one.reference in SHEETS
    assert len({one.title for one in sheet.fields}) == len(sheet.fields)


def test_a_field_is_found_by_name_or_title_however_it_is_written():
    sheet = sheet_of("licence")
    for written in ("purchased_on", "Purchased on", "PURCHASED-ON", " purchased  on "):
        assert sheet.field(written).name == "purchased_on"
    with pytest.raises(UsageError, match="did you mean 'purchased_on'"):
        sheet.field("purchase_on")


def test_a_kind_that_is_not_there():
    with pytest.raises(UsageError, match="did you mean 'licence'"):
        fields_of("license")


def test_the_page_says_what_is_kept():
    from supporttui.cli import book_reference

    page = DOC.read_text(encoding="utf-8")
    assert page == book_reference.filled(page), "stale: python -m supporttui.cli.book_reference docs/book.md"
    for sheet in SHEETS.values():
        assert f"\n### {sheet.title[0].upper()}{sheet.title[1:]}\n" in page


def test_examples_can_be_read():
    from supporttui.desk.book import values

    for sheet in SHEETS.values():
        for one in sheet.fields:
            if one.example and one.type not in ("reference", "choice"):
                found = values.read(one, one.example, today=date(2026, 11, 22))
                assert found or one.type == "yes"
                assert not isinstance(found, float)
                assert one.type != "money" or isinstance(found, Decimal)
