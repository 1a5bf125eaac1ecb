"""Completion at the cursor of a query that is still being written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supporttui.desk.query import complete, parse
from supporttui.errors import QueryError

VOCABULARY = {
    "customer": ["Acme Corp", "Acme, Inc", "Globex", ""],
    "status": ["new", "open", "waiting-customer", "waiting-vendor"],
    "owner": ["ana", "raj"],
    "tag": ["none", "spam"],
}


def offered(marked: str) -> list[str]:
    """The texts after taking each completion; `|` marks the cursor."""
    cursor = marked.index("|")
    text = marked.replace("|", "", 1)
    return [text[: c.start] + c.text + text[c.end :] for c in complete(text, cursor, VOCABULARY)]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("sta|", ["status:"]),
        ("a -sta|", ["a -status:"]),
        ("(sta|", ["(status:"]),
        ("status:wait|", ["status:waiting-customer", "status:waiting-vendor"]),
        ("STATUS:WAIT|", ["STATUS:waiting-customer", "STATUS:waiting-vendor"]),
        ("status:new,op|", ["status:new,open"]),
        ("owner:|", ["owner:ana", "owner:raj", "owner:@me", "owner:none"]),
        ("owner:@|", ["owner:@me"]),
        ("customer:ac|", ['customer:"Acme Corp"', 'customer:"Acme, Inc"']),
        ('customer:"acme c|', ['customer:"Acme Corp"']),
        ('customer:"Acme, Inc",g|', ['customer:"Acme, Inc",Globex']),
        ("sort:due|", ["sort:due"]),
        ("sort:-d|", ["sort:-due"]),
        ("is:ov|", ["is:overdue"]),
        ("merg|", ["merged"]),
        ("st|at open", ["status: open"]),
        ("sta|tus:open", ["status:open"]),
        ("status:o|pn sev:1", ["status:open sev:1"]),
        ('customer:"ac|xx" sev:1', ['customer:"Acme Corp" sev:1', 'customer:"Acme, Inc" sev:1']),
        ('tag:"none|', ['tag:"none"', "tag:none"]),  # the tag of that name, and no tag at all
        ("custmer:|", []),
        ('"sta|', []),
        ("sev:|", []),
    ],
)
def test_what_is_offered(marked, expected):
    assert offered(marked) == expected


def test_an_empty_query_offers_fields_then_flags_with_help():
    found = complete("", 0, VOCABULARY)
    assert found[0].text == "sev:"
    assert "overdue" in [choice.text for choice in found]
    assert all(choice.help and "\n" not in choice.help for choice in found)


def test_times_offer_examples_of_both_directions():
    assert "due:<30m" in offered("due:|")
    assert "due:none" in offered("due:n|")
    assert "due:<today" in offered("due:<|")
    assert "due:<30m" in offered("due:<|")
    assert "due:<none" not in offered("due:<|")
    assert "reported:>2d" in offered("reported:>|")
    assert "reported:<2d" not in offered("reported:<|")


def test_values_may_come_from_a_function_of_field_and_prefix():
    calls = []

    def known(field: str, prefix: str) -> list[str]:
        calls.append((field, prefix))
        return [f"HyperIP {number}" for number in range(200)]

    found = complete("product:hyp", 11, known)
    assert calls == [("product", "hyp")]
    assert len(found) == 50


@given(st.text(alphabet='abcsevtu:"(),-<>=. \\|*@#', max_size=30), st.integers(-5, 40))
def test_completion_never_raises_and_stays_inside_the_text(text, cursor):
    for choice in complete(text, cursor, VOCABULARY):
        assert 0 <= choice.start <= max(0, min(cursor, len(text))) <= choice.end <= len(text)


def test_every_value_that_is_offered_can_be_read():
    for start in (
        "status:",
        "owner:",
        "customer:",
        "tag:",
        "due:",
        "due:<",
        "reported:",
        "reported:>=",
        "sort:",
        "is:",
    ):
        for choice in complete(start, len(start), VOCABULARY):
            text = start[: choice.start] + choice.text
            try:
                parse(text)
            except QueryError as error:
                raise AssertionError(text) from error
