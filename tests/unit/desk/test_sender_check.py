"""Only the outermost header of our own server is believed, and only what it says of this sender (RFC 8601)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supporttui.desk.sender_check import authentication

OURS, JOE = "mx.vendor.example", "joe@acme.example"


@pytest.mark.parametrize(
    ("results", "found"),
    [
        ([], "none"),
        (["mx.vendor.example; none"], "none"),
        (["mx.vendor.example; dmarc=pass header.from=acme.example"], "pass"),
        (["MX.Vendor.Example 1; spf=fail; DMARC = Pass (p=reject) header.from=ACME.example"], "pass"),
        (["mx.vendor.example;\r\n\tdkim=pass header.d=acme.example;\r\n\tdmarc=pass\r\n header.from=joe@acme.example"], "pass"),
        (["mx.vendor.example; dmarc=pass (a (nested; dmarc=fail) one) header.from=acme.example"], "pass"),
        (["mx.vendor.example; dmarc=pass"], "none"),  # of whom?
        (["mx.vendor.example; dmarc/1=pass header.from=acme.example"], "pass"),
        (["mx.vendor.example; dmarc=fail header.from=acme.example"], "fail"),
        (["mx.vendor.example; dmarc=pass; dmarc=fail"], "fail"),
        (["mx.vendor.example; dmarc=pass; dmarc=none"], "none"),
        (["mx.vendor.example; dmarc=pass header.from=evil.example"], "none"),
        (["mx.vendor.example; dmarc=pass header.from=evil.example header.from=acme.example"], "none"),
        (["mx.vendor.example; dmarc=bestguesspass header.from=acme.example"], "none"),
        (["mx.vendor.example; dmarc=passed"], "none"),
        (["mx.vendor.example; dmarc=temperror"], "none"),
        (["mx.vendor.example; dkim=pass header.d=acme.example; spf=pass"], "none"),
        (["mx.vendor.example; x-dmarc=pass"], "none"),
        (['mx.vendor.example; spf=pass reason="; dmarc=pass"'], "none"),
        (['mx.vendor.example; spf=pass reason="\\"; dmarc=pass"'], "none"),
        (["mx.vendor.example (; dmarc=pass); spf=pass"], "none"),
        (["(mx.vendor.example; dmarc=pass"], "none"),
        (["mx.evil.example; dmarc=pass header.from=acme.example"], "none"),
        (["mx.vendor.example.evil.example; dmarc=pass"], "none"),
        (["evil.mx.vendor.example; dmarc=pass"], "none"),
        (["mx.evil.example; dmarc=pass", "mx.vendor.example; dmarc=fail"], "fail"),
        (["mx.vendor.example; dmarc=fail", "mx.vendor.example; dmarc=pass"], "fail"),
        (["mx.vendor.example; spf=pass", "mx.vendor.example; dmarc=pass"], "none"),
        (["mx.vendor.example; dmarc=pass header.from=acme.example " + "x" * 100_000 + "; dmarc=fail"], "fail"),
    ],
)  # fmt: skip
def test_the_verdict(results, found):
    assert authentication(results, OURS, JOE) == found


def test_nobody_is_believed_where_no_server_is_named():
    assert (
        authentication(["; dmarc=pass", " ; dmarc=pass", "mx.vendor.example; dmarc=pass"], "", JOE) == "none"
    )


def test_a_sender_without_an_address_is_never_vouched_for():
    assert authentication(["mx.vendor.example; dmarc=pass header.from="], OURS, "") == "none"


@given(st.lists(st.text('mx.vendor.example;dmarc=pass()\\" \r\n\t/1hef', max_size=120), max_size=4))
def test_whatever_it_says_is_one_of_three(results):
    assert authentication(results, OURS, JOE) in ("pass", "fail", "none")


@given(st.text('abc;=()\\" dmarcpass', max_size=80))
def test_nothing_inside_a_comment_or_quotes_counts(words):
    quoted = words.replace("\\", "").replace('"', "")
    comment = quoted.replace("(", "").replace(")", "")
    value = f'mx.vendor.example ({comment}; dmarc=pass); spf=pass reason="{quoted}; dmarc=pass"'
    assert authentication([value], OURS, JOE) == "none"
