"""What people write is read as they mean it, shown as it is read, and refused in one line with what to do."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.desk.book import SHEETS, values
from supporttui.desk.book.fields import Field
from supporttui.errors import UsageError

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-22", "2026-11-22"), ("20261122", "2026-11-22"), ("22 Nov 2026", "2026-11-22"),
        ("Nov 22, 2026", "2026-11-22"), ("22nd november 2026", "2026-11-22"), ("22-Nov-2026", "2026-11-22"),
        ("1 mar 2024", "2024-03-01"), ("29 feb 2024", "2024-02-29"), ("today", "2026-11-22"),
        ("Yesterday", "2026-11-21"), ("tomorrow", "2026-11-23"), ("2026-1-5", "2026-01-05"),
        ("2026-11-22T00:00:00Z", "2026-11-22"), ("2026-11-22 00:00:00", "2026-11-22"), ("  ", None),
    ],
)  # fmt: skip
def test_days(written, meant):
    found = values.day(written, today=TODAY)
    assert (found and found.isoformat()) == meant


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("11/12/2026", "two ways"), ("29 feb 2026", "not in the calendar"), ("2026-13-01", "not in the calendar"),
        ("0001-01-01", "1900"), ("9999-01-01", "2999"), ("ma 3 2026", "no date"), ("soon", "no date"), ("22 nov", "no date"),
        ("2026-11-22 14:00", "no date"), ("٢٠٢٦-١١-٢٢", "no date"), ("a" * 5000, "no date"),
    ],
)  # fmt: skip
def test_days_that_are_none(written, why):
    with pytest.raises(UsageError, match=why) as told:
        values.day(written, today=TODAY)
    assert len(str(told.value)) < 200


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("1234.50", "1234.50", ""), ("1,234.50", "1234.50", ""), ("EUR 1,234.50", "1234.50", "EUR"),
        ("12'000.00 chf", "12000.00", "CHF"), ("1 234 567 JPY", "1234567", "JPY"), (".5", "0.5", ""), ("7.", "7", ""),
        ("0", "0", ""), ("USD10", "10", "USD"), ("100 USD", "100", "USD"), ("150000 jpy", "150000", "JPY"),
        ("12 000 KWD", "12000", "KWD"), ("7. USD", "7", "USD"),
    ],
)  # fmt: skip
def test_money(written, amount, currency):
    assert values.money(written) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "written",
    ["1,23", "1.234,50", "12,34,567.00", "-5", "1e9", "NaN", "inf", "1,234,50", "EUR 5 USD", "9" * 16, "1.2345678", "5 €",
     "٥", "five", "0x10"],
)  # fmt: skip
def test_money_that_is_none(written):
    with pytest.raises(UsageError):
        values.money(written)


def test_a_currency_names_the_nearest():
    assert values.currency(" eur ") == "EUR"
    with pytest.raises(UsageError, match="did you mean 'EUR'"):
        values.currency("EURO")


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("Chicago", "America/Chicago"),
        ("Europe/Berln", "Europe/Berlin"),
        ("../etc/passwd", "IANA"),
        ("\x00", "IANA"),
    ],
)
def test_a_zone_names_the_nearest(written, hint):
    with pytest.raises(UsageError, match=hint):
        values.zone(written)


def test_zones_are_spelt_as_the_database_spells_them():
    assert values.zone("america/new york") == "America/New_York"
    assert values.zone("utc") == "UTC"


@pytest.mark.parametrize(
    "address", ["ortiz@acme.example", "a+b@x.y.z", "o'neil@acme.example", "root@localhost"]
)
def test_addresses(address):
    assert values.email(f" {address} ") == address


@pytest.mark.parametrize(
    "address", ["acme.example", "@acme.example", "a@", "a b@c.d", "a@b", "<a@b.c>", "a@b..c", "a@b.c,d@e.f"]
)
def test_addresses_that_are_none(address):
    with pytest.raises(UsageError):
        values.email(address)


@pytest.mark.parametrize(
    "number", ["+1 763 555 0100", "+44.3300.271862", "(763) 555-0100 ext 12", "555-0100", "+1/763/5550100 x3"]
)
def test_telephones(number):
    assert values.phone(number) == number


@pytest.mark.parametrize("number", ["call me", "12", "+" + "1" * 30, "555;rm -rf", "++1 763"])
def test_telephones_that_are_none(number):
    with pytest.raises(UsageError):
        values.phone(number)


def test_a_long_text_and_a_long_line_have_bounds():
    with pytest.raises(UsageError, match="500 are allowed"):
        values.read(Field(name="name", title="Name"), "x" * 501, today=TODAY)
    with pytest.raises(UsageError, match="20,000 are allowed"):
        values.read(Field(name="notes", title="Notes", type="long"), "x" * 20_001, today=TODAY)


amounts = st.decimals(min_value=0, max_value=10**12, allow_nan=False, places=2) | st.decimals(
    min_value=0, max_value=10**6, allow_nan=False, places=0
)
BY_TYPE = {
    "day": st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)),
    "money": amounts,
    "yes": st.booleans(),
    "number": st.integers(min_value=0, max_value=10**9),
    "currency": st.sampled_from(sorted(values.CURRENCIES)),
    "text": st.text(max_size=60).map(lambda text: " ".join(text.split())),
    "zone": st.sampled_from(["UTC", "America/Chicago", "Asia/Kolkata", "Etc/GMT+5"]),
}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_shown_is_read_again(data):
    field = data.draw(
        st.sampled_from([one for sheet in SHEETS.values() for one in sheet.fields if one.type in BY_TYPE])
    )
    value = data.draw(BY_TYPE[field.type])
    again = values.read(field, values.shown(field, value), today=TODAY)
    assert again == value
    assert values.shown(field, again) == values.shown(field, value)
    assert values.unkept(field.name, values.kept(value)) == value


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.sampled_from(sorted(BY_TYPE)))
def test_whatever_is_written_gives_a_value_or_one_line(written, kind):
    field = Field(name="price" if kind == "money" else "notes", title="Field", type=kind)
    try:
        value = values.read(field, written, today=TODAY)
    except UsageError as told:
        assert "\n" not in str(told) and str(told).startswith("Field: ")
    else:
        assert not isinstance(value, float)


def test_days_count_from_the_day_that_is_given():
    assert values.day("tomorrow", today=date(2026, 12, 31)) - timedelta(days=1) == date(2026, 12, 31)
