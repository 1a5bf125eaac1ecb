"""Fields at the top of a mail are read; what stands further down, or can't be understood, sets nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supporttui.desk.mail_fields import fields_in, understood
from supporttui.policy import load

NETEX = load("netex")


def test_the_fields_as_customers_write_them():
    text = (
        "Hello,\n\n*Severity:* 2 - highly impacted\nProduct : HyperIP\nVersion: 7.1\nOperating System: z/OS\n"
        "OS version: 3.1\nSite ID: 0417\n> Tel.: +1 612 555 0142\n\nIt stops.\nProduct: none of these\n"
    )
    assert fields_in(text) == {
        "severity": "2 - highly impacted", "product": "HyperIP", "release": "7.1", "os": "z/OS", "os_release": "3.1",
        "site": "0417", "contact_phone": "+1 612 555 0142",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["It stops.\nSeverity: 1", "The log says:\nSeverity: 1", "Dear all, it stops\nSeverity: 1", "severity 1", "Note: Severity: 1"]
)  # fmt: skip
def test_only_the_top_counts(text):
    assert "severity" not in fields_in(text)


def test_the_first_of_two_counts():
    assert fields_in("Severity: 2\nSeverity: 1\n") == {"severity": "2"}


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("1", "1"), ("Sev 2", "2"), ("severity 3 (low)", "3"), ("P1", "1"), ("System down", "1"), ("system DOWN", "1"),
        ("9", None), ("12", None), ("urgent", None), ("", None), ("1" * 300, None),
    ],
)  # fmt: skip
def test_a_severity_is_one_of_the_policys_or_none(said, number):
    assert understood(fields_in(f"Severity: {said}"), NETEX).get("severity") == number


@given(st.text(max_size=400))
def test_any_text_gives_short_fields_that_are_known(text):
    found = understood(fields_in(text), NETEX)
    assert all(value and "\n" not in value and len(value) <= 500 for value in found.values())


@pytest.mark.parametrize(
    "text", [" " * 900_000, "a " * 400_000, "a:" * 400_000, "Severity:" + " " * 900_000, "\n" * 900_000]
)
def test_no_text_takes_long(text):
    began = time.process_time()
    fields_in(text)
    assert time.process_time() - began < 0.2
