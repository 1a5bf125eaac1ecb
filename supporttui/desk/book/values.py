"""Between what people write and what the book keeps: days, money, yes and no, zones, addresses.

Pure.  Whatever `shown` prints, `read` takes again and gives the same value.
Money is never a float on the way: it is decimal text, read by Decimal.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from supporttui.desk import check
from supporttui.errors import UsageError

from .fields import Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DAY_EXAMPLES = "2026-11-22, 22 Nov 2026 or today"
MONEY_EXAMPLES = "1234.50 or 1,234.50"
YES = frozenset({"yes", "y", "true", "1", "on", "x"})
NO = frozenset({"no", "n", "false", "0", "off", "-", ""})
YEARS = range(1900, 3000)
LARGEST = Decimal(10) ** 15
MOST = 10**9
MAX_LONG = 20_000
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip

# ISO 4217, the codes in use.
CURRENCIES = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD "
    "HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL "
    "LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR "
    "PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP "
    "TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG".split()
)


# -- reading ---------------------------------------------------------------------------------------


def read(field: Field, text: str, *, today: date) -> Any:
    """The value that a person means; "" is nothing (None, 0, no).  Errors: UsageError, one line with the field.

    For every type but references and the choices of the policy, which need more than the text.
    """
    try:
        return _READ[field.type](field, text, today)
    except UsageError as error:
        raise UsageError(f"{field.title}: {error}") from None


def day(text: str, *, today: date) -> date | None:
    """A civil date: 2026-11-22, 22 Nov 2026, Nov 22 2026, 20261122, today, yesterday, tomorrow; "" is None.

    Slashes are refused: nobody can tell the day from the month.
    """
    words = " ".join(text.replace(",", " ").split()).casefold().replace(".", " ")
    if not words:
        return None
    step = {"today": 0, "yesterday": -1, "tomorrow": 1}.get(words)
    if step is not None:
        return today + timedelta(days=step)
    parts = _iso_day(words) or _named_day(words.split())
    if parts is None:
        why = "can be read in two ways" if "/" in words else "is no date"
        raise UsageError(f"{check.quoted(_line(text))} {why}; write for example {DAY_EXAMPLES}")
    year, month, number = parts
    try:
        found = date(year, month, number)
    except ValueError:
        raise UsageError(f"{check.quoted(_line(text))} is not in the calendar") from None
    if found.year not in YEARS:
        raise UsageError(
            f"the year of {check.quoted(_line(text))} must lie between {YEARS[0]} and {YEARS[-1]}"
        )
    return found


def _iso_day(words: str) -> tuple[int, int, int] | None:
    match = re.fullmatch(
        r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[t ]00:00(?::00)?z?)?", words
    ) or re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", words)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _named_day(words: list[str]) -> tuple[int, int, int] | None:
    """ "22 nov 2026", "nov 22 2026", "22nd november 2026"."""
    if len(words) == 1 and words[0].count("-") == 2:
        words = words[0].split("-")
    if len(words) != 3:
        return None
    first, second, year = words
    name, number = (first, second) if first[:1].isalpha() else (second, first)
    months = [at for at, month in enumerate(MONTHS, 1) if len(name) >= 3 and month.startswith(name)]
    digits = re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)?", number)
    if len(months) != 1 or digits is None or not re.fullmatch(r"[0-9]{4}", year):
        return None
    return int(year), months[0], int(digits[1])


def money(text: str) -> tuple[Decimal | None, str]:
    """An amount of 0 or more, and the currency where it stands beside it ("EUR 1,234.50"); "" is None.

    A comma groups three digits; as a decimal sign it is refused, since 1,234 would be two amounts.
    """
    words = _line(text)
    if not words:
        return None, ""
    match = re.fullmatch(
        r"(?:([A-Za-z]{3})\s*)?([0-9][0-9,' ]*(?:\.[0-9]*)?|\.[0-9]+)(?:\s*([A-Za-z]{3}))?", words
    )
    if match is None or (match[1] and match[3]):
        minus = words.lstrip("".join("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")).startswith("-")
        why = "is below 0" if minus else "is no amount"
        raise UsageError(f"{check.quoted(words)} {why}; write for example {MONEY_EXAMPLES}")
    whole, _point, rest = match[2].rstrip().partition(".")
    if re.search("[,' ]", whole) and not re.fullmatch(r"[0-9]{1,3}([,' ])[0-9]{3}(\1[0-9]{3})*", whole):
        raise UsageError(
            f"{check.quoted(words)} has its {whole[-3:]!r} grouped oddly; write for example {MONEY_EXAMPLES}"
        )
    try:
        amount = Decimal(re.sub("[,' ]", "", whole) + (f".{rest}" if rest else "") or "0")
    except InvalidOperation:
        raise UsageError(f"{check.quoted(words)} is no amount; write for example {MONEY_EXAMPLES}") from None
    if amount >= LARGEST or len(rest) > 6:
        raise UsageError(f"{check.quoted(words)} is more than a price can be")
    return amount, currency(match[1] or match[3] or "")


def currency(text: str) -> str:
    """An ISO code in capitals; "" stays."""
    code = _line(text).upper()
    if code and code not in CURRENCIES:
        raise UsageError(f"no currency {check.quoted(code)}{_near(code, CURRENCIES)}")
    return code


def yes(text: str) -> bool:
    word = text.strip().casefold()
    if word in YES or word in NO:
        return word in YES
    raise UsageError(f"{check.quoted(_line(text))} is neither yes nor no")


def number(text: str) -> int:
    """A whole number, 0 or more; "" is 0."""
    digits = text.strip().replace(",", "")
    if not digits:
        return 0
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 10 or int(digits) > MOST:
        raise UsageError(f"{check.quoted(_line(text))} is no whole number from 0 to {MOST:,}")
    return int(digits)


def zone(text: str) -> str:
    """An IANA name as the database spells it; "" stays."""
    name = _line(text).replace(" ", "_")
    found, why = _zone(name) if name else ("", "")
    if why:
        raise UsageError(why)
    return found


@lru_cache(maxsize=1)  # the database is a thousand files: read once, an import asks for every line
def _zones() -> tuple[dict[str, str], dict[str, str]]:
    """The zones by folded name, and by the city in it."""
    from zoneinfo import available_timezones

    known = sorted(available_timezones())
    return {one.casefold(): one for one in known}, {one.casefold().rpartition("/")[2]: one for one in known}


@lru_cache(maxsize=256)
def _zone(name: str) -> tuple[str, str]:
    """The zone, or why there is none."""
    by_name, by_city = _zones()
    if name.casefold() in by_name:
        return by_name[name.casefold()], ""
    close = by_city.get(name.casefold(), "")
    hint = f"; did you mean '{close}'?" if close else _near(name, by_name.values())
    return "", f"no time zone {check.quoted(name)}{hint or '; write an IANA name such as America/Chicago'}"


def email(text: str) -> str:
    """An address with one @ and something on either side; more, only a message that arrives could tell."""
    address = text.strip()
    if not address:
        return ""
    local, _, host = address.rpartition("@")
    if (
        not local
        or not host
        or any(char.isspace() or char in '<>,;"' for char in address)
        or len(address) > 254
    ):
        raise UsageError(f"{check.quoted(_line(text))} is no e-mail address, such as ortiz@acme.example")
    if ("." not in host.strip(".") and host != "localhost") or ".." in host or host[0] in ".-":
        raise UsageError(f"{check.quoted(_line(text))} has no such host after the @")
    return address


def phone(text: str) -> str:
    """A telephone number as it was written: digits, with + ( ) . - / and an extension."""
    written = _line(text)
    if not written:
        return ""
    bare = re.sub(r"(?i)\s*(?:ext\.?|x|#)\s*[0-9]{1,8}$", "", written)
    digits = sum(char.isdigit() for char in bare)
    if not re.fullmatch(r"\+?[0-9 ().\-/]+", bare) or not 3 <= digits <= 17:
        raise UsageError(f"{check.quoted(written)} is no telephone number, such as +1 763 555 0100")
    return written


def _text(text: str) -> str:
    line = _line(text)
    if len(line) > check.MAX_FIELD:
        raise UsageError(f"{len(line):,} characters; {check.MAX_FIELD} are allowed")
    return line


def _long(text: str) -> str:
    kept = text.strip()
    if len(kept) > MAX_LONG:
        raise UsageError(f"{len(kept):,} characters; {MAX_LONG:,} are allowed")
    return kept


def _choice(field: Field, text: str) -> str:
    return check.one_of("such word", _text(text), field.choices)


_READ: dict[str, Any] = {
    "text": lambda _field, text, _today: _text(text),
    "long": lambda _field, text, _today: _long(text),
    "day": lambda _field, text, today: day(text, today=today),
    "money": lambda _field, text, _today: money(text)[0],
    "currency": lambda _field, text, _today: currency(text),
    "yes": lambda _field, text, _today: yes(text),
    "number": lambda _field, text, _today: number(text),
    "zone": lambda _field, text, _today: zone(text),
    "email": lambda _field, text, _today: email(text),
    "phone": lambda _field, text, _today: phone(text),
    "choice": lambda field, text, _today: _choice(field, text),
    "reference": lambda _field, text, _today: _text(text),
}


def _line(text: str) -> str:
    return " ".join(text.split())


def _near(word: str, words: Any) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, sorted(words), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


# -- showing ---------------------------------------------------------------------------------------


def shown(field: Field, value: Any) -> str:
    """A value as people read it and `read` takes it again; "" for nothing.  References: their text, elsewhere."""
    if value is None or value == "":
        return ""
    if field.type == "day":
        return str(value.isoformat())
    if field.type == "money":
        return amount(value)
    if field.type == "yes":
        return "yes" if value else "no"
    if field.type == "number":
        return str(value) if value else ""
    return str(value)


def amount(value: Decimal) -> str:
    """1234.5 → "1,234.50": grouped, at least two digits behind the point where there are any."""
    places = -int(value.as_tuple().exponent)
    return f"{value:,.{places if places <= 0 or places >= 2 else 2}f}" if places > 0 else f"{value:,.0f}"


def kept(value: Any) -> Any:
    """A value as the journal keeps it: JSON."""
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def unkept(name: str, value: Any) -> Any:
    """The inverse of `kept`, for the column of this name."""
    from supporttui.store.book_kinds import DATES, MONEY

    if name in DATES:
        return date.fromisoformat(value) if value else None
    if name in MONEY:
        return Decimal(value) if value not in (None, "") else None
    return value
