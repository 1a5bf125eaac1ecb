"""What the customer's page says of contracts and quotations agrees with the verdict, and no amount is cut."""

from __future__ import annotations

from datetime import date

import pytest

from supporttui.console.present import book
from supporttui.store.book_records import Contract, Quotation

TODAY = date(2026, 11, 22)
DAY = {"before": date(2026, 10, 1), "after": date(2026, 12, 1), "": None}


@pytest.mark.parametrize(
    ("first", "last", "grants", "said"),
    [
        ("", "", "", "grants no free support"),
        ("", "", "installation", "free, no end known"),
        ("before", "", "", "free, no end known"),
        ("after", "", "", "free from 2026-12-01"),
        ("", "after", "", "free, 10 days left"),
        ("before", "before", "", "free until 2026-10-01"),
    ],
)
def test_a_quotation_says_what_it_grants(first: str, last: str, grants: str, said: str) -> None:
    one = Quotation(
        id=1, customer=1, number="Q-1", support_from=DAY[first], support_to=DAY[last], grants=grants
    )
    assert book._free(one, TODAY)[0] == said


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("", "", "first and last day not on file"),
        ("before", "", "last day not on file"),
        ("", "after", "first day not on file"),
        ("before", "after", "ends in 9 days"),
        ("after", "", "begins in 9 days"),
    ],
)
def test_a_contract_without_its_days_does_not_seem_to_run(start: str, end: str, said: str) -> None:
    one = Contract(id=1, customer=1, plan="smp-1y", start_on=DAY[start], end_on=DAY[end])
    assert book.contract_state(one, TODAY, {})[0] == said
