"""What a sender wrote is told from what is quoted, and nothing of their own is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.intake.mail.quoting import written

OUTLOOK = "\n".join(
    [
        "From: Support Desk",
        "Sent: Monday, 16 November 2026 10:00",
        "To: Ann",
        "Subject: RE: down",
        "",
        "Restart it.",
    ]
)
GERMAN = "\n".join(
    [
        "Von: Support",
        "Gesendet: Montag, 16. November 2026",
        "An: Ann",
        "Betreff: AW: Störung",
        "",
        "Neu starten.",
    ]
)


@pytest.mark.parametrize("quoted", [
    "On Mon, 16 Nov 2026 at 10:00, Support <desk@vendor.example> wrote:\n> Restart it.\n>\n> Support",
    "On Mon, 16 Nov 2026 at 10:00, Support Desk of the Vendor\n<desk@vendor.example> wrote:\n\n> Restart it.",
    "Am 16.11.2026 um 10:00 schrieb Support:\n> Neu starten.",
    "Am 16. November 2026 schrieb:\n> Neu starten.",
    "Le lun. 16 nov. 2026 à 10:00, Support <desk@vendor.example> a écrit :\n> Redémarrez.",
    "> Restart it.\n> Support",
    "-----Original Message-----\nFrom: Support\n\nRestart it.",
    "-----Ursprüngliche Nachricht-----\nNeu starten.",
    "________________________________\n" + OUTLOOK,
    OUTLOOK, GERMAN, "*From:* Support\n*Sent:* Monday\n*To:* Ann\n*Subject:* RE: down\n\nRestart it.",
    "On 16/11/2026 10:00, Support wrote:\nRestart it.\nSupport",
    "---- Original Message ----\nRestart it.",
])  # fmt: skip
def test_what_is_quoted_below_goes(quoted):
    assert written("It is still down.\n\nAnn\n\n" + quoted + "\n") in ("It is still down.\n\nAnn",)


def test_an_answer_below_the_quote_stays():
    text = "On 16 Nov 2026 Support wrote:\n> Restart it.\n> Support\n\nI did. It is still down."
    assert written(text) == "I did. It is still down."


def test_answers_between_the_quotes_stay_with_them():
    text = "> Did you restart it?\nYes.\n> And the log?\nAttached."
    assert written(text) == text


@pytest.mark.parametrize("text", [
    OUTLOOK, "> all of it\n> is a quote", "-----Original Message-----\nFrom: x\n\nForwarded for your attention",
    "", "   ", "one line",
])  # fmt: skip
def test_a_mail_that_only_forwards_keeps_everything(text):
    assert written(text) == text


@pytest.mark.parametrize("text", [
    "From: the router we see\nnothing at all", "Steps:\n-----\nfirst", "The log says:\n2026-11-16 reset", "a --- b\n---\nc",
    "From: 10:00\nTo: 11:00 it was down\nThen it came back", "Original Message",
    "He wrote:\nnothing", "x > y\n5 > 3",
])  # fmt: skip
def test_what_only_looks_like_a_quote_stays(text):
    assert written(text) == text


def test_a_line_that_acknowledges_a_notice_is_found_in_an_answer():
    from supporttui.intake.replies import token_in

    text = (
        "ack 214-k7rq2m5x4wz3v6ta\n\nOn 16 Nov 2026 the desk wrote:\n> answer with: ack 214-k7rq2m5x4wz3v6ta"
    )
    assert token_in(written(text)) == "214-k7rq2m5x4wz3v6ta"
    assert token_in(written("I am away.\n\n> ack 214-k7rq2m5x4wz3v6ta")) == ""


LINES = st.sampled_from(["", " ", "text", "> quote", ">> deeper", "On 1 x wrote:", "-----Original Message-----", "From: x",
                         "Sent: y", "To: z", "Subject: s", "____", "Am 1 schrieb a:", "-- ", ">"])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=30))
def test_what_is_left_is_lines_of_the_text_in_their_order(lines):
    text = "\n".join(lines)
    left = written(text)
    rest = iter(lines)
    assert all(line in rest for line in left.split("\n")) or left == text
    assert bool(left.strip()) == bool(text.strip())
