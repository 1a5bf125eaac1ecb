"""Which mails a machine wrote: RFC 3834's rules, delivery reports, receipts, lists, and what mailers write instead."""

from __future__ import annotations

import pytest

from supporttui.intake.mail.reading import read

OURS = ["desk@vendor.example", "support@vendor.example"]


def kind(*headers: str, body: str = "hi", sender: str = "ann@acme.example", envelope: str = "") -> str:
    raw = "\n".join([f"From: {sender}", *headers, "", body]).encode()
    return str(read(raw, ours=OURS, envelope=envelope).values["automatic"])


ANSWER = "In-Reply-To: <1042-k7rq2m5x4wz3v6ta.1@vendor.example>"


@pytest.mark.parametrize("headers", [
    [], ["Auto-Submitted: no"], ["Subject: Re: out of paper"], ["Precedence: first-class"], [ANSWER, "Subject: Re: down"],
    ["X-Auto-Response-Suppress: DR, RN"], ["Subject: Automatically closed valves don't open"], ["Subject: Auto-scaling fails"],
    ["X-Autoreply: no"], ["Return-Path: <ann@acme.example>"], ["X-Loop: other@else.example"],
    ["Subject: mail delivery failed for our users"], ["Subject: Vacation request form fails"], ["Subject: Out of office rule is broken"],
    ["Auto-Submitted: (by hand) no"], ["Subject: Re: Automatic reply: down"], ["Subject: Auto: gears stuck"],
])  # fmt: skip
def test_a_person_s_mail(headers):
    assert kind(*headers) == ""


@pytest.mark.parametrize("headers", [
    ["Auto-Submitted: auto-replied"], ["Auto-Submitted: auto-replied (vacation)"], ["Auto-submitted: AUTO-REPLIED; x=y"],
    ["Precedence: auto_reply"], ["X-Autoreply: yes"], ["Auto-Submitted: (it is) Auto-Replied"],
    [ANSWER, "Subject: Vacation until Monday"], ["Subject: Out of Office"], ["Subject: Auto: down", "X-Auto-Response-Suppress: All"],
    ["X-Autorespond: vacation"], ["X-Vacation: yes"],
    ["Delivered-To: Autoresponder"], ["X-POST-MessageClass: 9; Autoresponder"],
    ["X-MS-Exchange-Inbox-Rules-Loop: ann@acme.example"],
    [ANSWER, "Auto-Submitted: auto-generated"], [ANSWER, "Return-Path: <>"],
    ["Subject: Out of Office: Re: down"], ["Subject: Automatic reply: down"], ["Subject: Abwesenheitsnotiz: Störung"],
    ["Subject: =?utf-8?q?R=C3=A9ponse_automatique?= : panne"], ["Subject: =?utf-8?b?6Ieq5Yqo5Zue5aSN?=: x"],
    ["Subject: Automatic reply", "X-Auto-Response-Suppress: All"], ["Subject: Autosvar: nere", "Precedence: bulk"],
    ["Content-Type: multipart/report; report-type=disposition-notification; boundary=b"],
    ["Content-Type: multipart/report; report-type=feedback-report; boundary=b"],
])  # fmt: skip
def test_what_only_answers(headers):
    body = "--b\n\nread\n--b--\n" if "boundary" in headers[-1] else "away"
    assert kind(*headers, body=body) == "reply"


@pytest.mark.parametrize("headers", [
    ["Auto-Submitted: auto-generated"], ["Auto-Submitted: auto-notified"], ["List-Id: <l.acme.example>"],
    ["List-Unsubscribe: <mailto:x@y.example>"], ["Precedence: bulk"], ["Precedence: list"], ["Precedence: junk"],
    ["X-Auto-Response-Suppress: All"], ["X-Auto-Response-Suppress: DR, AutoReply"], ["Return-Path: <>"],
    ["X-Mailing-List: l@acme.example"], [ANSWER, "List-Id: <l.acme.example>"],
])  # fmt: skip
def test_a_list_or_a_machine_s_own_report_gets_a_ticket_and_no_answer(headers):
    assert kind(*headers) == "list"


def test_the_envelope_tells_as_well_as_the_header():
    assert kind(envelope="<>") == "list"
    assert kind("Return-Path: <>", envelope="ann@acme.example") == ""


@pytest.mark.parametrize(("headers", "sender"), [
    ([], "Support@Vendor.Example"), (["X-Loop: desk@vendor.example"], "ann@acme.example"),
    (["Auto-Submitted: auto-replied"], "desk@vendor.example"),
])  # fmt: skip
def test_ours(headers, sender):
    assert kind(*headers, sender=sender) == "ours"


def report(action: str, returned: str = "message/rfc822") -> bytes:
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.acme.example>\nSubject: Undelivered Mail Returned to Sender\n"
        "Auto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nI'm sorry.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.acme.example\n\n"
        f"Final-Recipient: rfc822; ann@acme.example\nAction: {action}\nStatus: 5.1.1\n"
        f"--b\nContent-Type: {returned}\n\n"
        "From: desk@vendor.example\nSubject: Re: down\nMessage-ID: <1042-k7rq2m5x4wz3v6ta.1@vendor.example>\n\n--b--\n"
    ).encode()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_delivery_report_names_the_mail_that_came_back(returned):
    values = read(report("failed", returned), ours=OURS).values
    assert values["automatic"] == "bounce"
    assert values["about"] == "<1042-k7rq2m5x4wz3v6ta.1@vendor.example>"
    assert values["text"] == "I'm sorry."


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_report_of_what_was_not_lost_is_no_bounce_and_names_its_mail(action):
    values = read(report(action), ours=OURS).values
    assert values["automatic"] == "reply" and values["about"] == "<1042-k7rq2m5x4wz3v6ta.1@vendor.example>"


def test_a_receipt_names_the_mail_that_was_read():
    raw = (
        b"From: ann@acme.example\nSubject: Read: down\n"
        b"Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n"
        b"--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;ann@acme.example\n"
        b"Original-Message-ID: <1042-k7rq2m5x4wz3v6ta.1@vendor.example>\nDisposition: manual-action/x; displayed\n--b--\n"
    )
    values = read(raw, ours=OURS).values
    assert (values["automatic"], values["about"]) == ("reply", "<1042-k7rq2m5x4wz3v6ta.1@vendor.example>")


QMAIL = """\
Hi. This is the qmail-send program at mx.acme.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<ann@acme.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: <1042-k7rq2m5x4wz3v6ta.1@vendor.example>
"""


@pytest.mark.parametrize(("headers", "sender", "body"), [
    (["Subject: failure notice"], "MAILER-DAEMON@mx.acme.example", QMAIL),
    (["X-Failed-Recipients: ann@acme.example", "Subject: Mail delivery failed"], "Mailer-Daemon@mx.example", QMAIL),
    (["Subject: Undeliverable: down", "X-MS-Exchange-Message-Is-Ndr:  1"], "postmaster@acme.example", QMAIL),
    (["Subject: Undelivered Mail Returned to Sender"], "mailer-daemon@mx.example", QMAIL),
])  # fmt: skip
def test_other_ways_to_give_a_mail_back(headers, sender, body):
    raw = "\n".join([f"From: {sender}", *headers, "", body]).encode()
    values = read(raw, ours=OURS).values
    assert (values["automatic"], values["about"]) == ("bounce", "<1042-k7rq2m5x4wz3v6ta.1@vendor.example>")


def test_a_bounce_without_its_mail_is_known_by_what_it_answers():
    raw = f"From: mailer-daemon@x.example\nSubject: Delivery failure\n{ANSWER}\n\nno such user\n".encode()
    assert read(raw, ours=OURS).values["about"] == "<1042-k7rq2m5x4wz3v6ta.1@vendor.example>"


def test_what_can_t_be_read_is_recognised_by_its_headers():
    raw = b"From: a@b.example\nAuto-Submitted: auto-replied\n\n" + b"x" * 5_000
    assert read(raw, most=1_000).values["automatic"] == "reply"
