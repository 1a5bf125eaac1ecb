"""Numbers of tickets in names that strangers give to files."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supporttui.desk.attachments import label_of
from supporttui.intake.upload_matching import numbers_in


@pytest.mark.parametrize(
    ("folders", "name", "numbers"),
    [
        ((), "1042.log", (1042,)),
        ((), "1042", (1042,)),
        ((), "1042-core.12345", (1042,)),
        ((), "1042_20261122.log", (1042,)),
        ((), "dump of Ticket 1042.zip", (1042,)),
        ((), "PMR1042.zip", (1042,)),
        ((), "x#1042.gz", (1042,)),
        (("1042",), "core.12345", (1042,)),
        (("acme", "case 1042", "old"), "trace.log", (1042,)),
        (("1042",), "1042-a.log", (1042,)),
        (("1042",), "1043-a.log", (1042, 1043)),
        ((), "core.1042", ()),
        ((), "20261122.log", ()),
        ((), "2026-11-22.log", ()),
        ((), "202611221430.log", ()),
        ((), "7.1.2-dump", ()),
        ((), "v1042.log", ()),
        ((), "trace1042.log", ()),
        ((), "casework 12.log", ()),
        ((), "0042.log", ()),
        ((), "1042abc.log", ()),
    ],
)
def test_a_number_counts_where_it_is_plainly_one(folders, name, numbers):
    assert numbers_in(folders, name) == numbers


@given(st.lists(st.text(max_size=40), max_size=4), st.text(max_size=300))
def test_every_number_stands_in_a_name(folders, name):
    for number in numbers_in(folders, name):
        assert 0 < number < 10**12
        assert any(re.search(rf"(?<![0-9]){number}(?![0-9])", one) for one in (*folders, name))


@given(st.text(max_size=600))
def test_a_label_is_one_line_without_a_path(name):
    label = label_of(name)
    assert label.isprintable() and label.strip(". ") and len(label) <= 255
    assert "/" not in label and "\\" not in label
    assert label_of(label) == label
