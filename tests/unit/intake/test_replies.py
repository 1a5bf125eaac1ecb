"""Which line of an answer acknowledges: one's own, never a quoted one."""

from __future__ import annotations

import pytest

from supporttui.intake.replies import token_in

TOKEN = "214-k7rq2m5x4wz3v6ta"


@pytest.mark.parametrize("text", [
    f"ack {TOKEN}", f"Subject: Re: down\n\n  ACK {TOKEN.upper()}  \n\nthanks", f"acknowledge: {TOKEN}.\r\n",
    f"> ack 1-aaaaaaaaaaaaaaaa\nack {TOKEN}\nack 2-bbbbbbbbbbbbbbbb",
])  # fmt: skip
def test_a_line_of_ones_own_is_found(text):
    assert token_in(text) == TOKEN


@pytest.mark.parametrize("text", [
    "", "I am away until Monday", f"> ack {TOKEN}", f"| ack {TOKEN}", TOKEN, f"please ack {TOKEN} for me",
    f"To acknowledge, reply with this line: ack {TOKEN}", "ack 214-short", f"ack {TOKEN}x", "ack\n" + TOKEN,
    "x" * 1_000_001 + f"\nack {TOKEN}",
])  # fmt: skip
def test_what_is_quoted_said_about_or_cut_is_none(text):
    assert token_in(text) == ""
