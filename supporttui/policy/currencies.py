"""How many digits a currency has behind the point: what a price is rounded to.

Source: ISO 4217, its list of minor units; only those that differ from two are named.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal
from functools import lru_cache

USUAL = 2
_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_MINOR = {code: digits for digits, codes in _DIGITS.items() for code in codes.split()}
_UNITS = {digits: Decimal(1).scaleb(-digits) for digits in range(5)}

ROUNDINGS = {
    "half-up": ROUND_HALF_UP,
    "half-even": ROUND_HALF_EVEN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}
# Wide enough that percentages of any price that can be written down stay exact.
EXACT = Context(prec=60)


def minor_digits(currency: str) -> int:
    """Digits behind the point: 2, or 0 for JPY, 3 for KWD …"""
    return _MINOR.get(currency.upper(), USUAL)


def rounded(amount: Decimal, currency: str, how: str = "half-up") -> Decimal:
    """The amount in whole minor units.  how: "half-up", "half-even", "up" or "down"."""
    return amount.quantize(_unit(currency), ROUNDINGS[how], EXACT)


@lru_cache(maxsize=256)
def _unit(currency: str) -> Decimal:
    return _UNITS[minor_digits(currency)]


def money(amount: Decimal, currency: str) -> str:
    """ "MYR 1,250.00"; as many digits behind the point as the currency has, or as the amount needs."""
    digits = max(minor_digits(currency), -int(amount.normalize(EXACT).as_tuple().exponent))
    return f"{currency} {amount:,.{digits}f}".strip()
