"""Mails made to hurt, and mails of others' test suites: always a reading, soon, and the right one where there is one."""

from __future__ import annotations

import email
import email.header
import email.utils
import json
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supporttui.intake.mail.reading import read

HEAD = b"From: a@b.example\nSubject: x\n"
M = 200_000


def html(piece: bytes) -> bytes:
    return HEAD + b"Content-Type: text/html\n\n" + piece * (M // len(piece))


BOMBS = {
    "html tags": html(b"<a "), "html text": html(b"<"), "html comments": html(b"<!--"), "html quotes": html(b"<a ='>"),
    "html lists": html(b"<ul><li>a"), "entities": html(b"&#1"),
    "nested": HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(20_000)),
    "mails in mails": HEAD + b"Content-Type: message/rfc822\n\n" * 30_000,
    "many parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000,
    "almost boundaries": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b   " * 150_000,
    "many headers": HEAD + b"A: b\n" * 50_000, "long header": b"Subject: " + b"x" * M,
    "encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 7_000 + b"\n\n", "half words": b"Subject: " + b"=?a?q?" * 16_000 + b"\n\n",
    "comments": b"From: " + b"(" * 100_000 + b"\n\n", "quotes": b"From: " + b'"\\' * 49_000 + b"\n\n",
    "senders": b"From: " + b"a@b.c," * 16_000 + b"\n\n", "references": HEAD + b"References: " + b"<" * 99_000 + b"\n\n",
    "parameters": HEAD + b"Content-Type: text/plain; " + b"a=b;" * 20_000 + b"\n\n",
    "base64": HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"QUJD\n" * (M // 5),
    "quoted lines": HEAD + b"\n" + b">\n" * (M // 2), "answers": HEAD + b"\n" + b"> a\nb\n" * (M // 6),
    "attributions": HEAD + b"\n" + b"On 1 x wrote:\n" * (M // 14), "from lines": HEAD + b"\n" + b"From: x\n" * (M // 8),
    "dashes": HEAD + b"\n" + b"-" * M, "flowed": HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * (M // 3),
    "punycode": HEAD + b"Content-Type: text/plain; charset=punycode\n\n" + b"a-b" * (M // 3),
    "idna": HEAD + b"Content-Type: text/plain; charset=idna\n\n" + b"xn--a." * (M // 6),
    "utf-7": HEAD + b"Content-Type: text/plain; charset=utf-7\n\n" + b"+AAA" * (M // 4),
    "bounce": b"From: mailer-daemon@x\nSubject: Undelivered\n\n" + b"Message-ID:        \n" * (M // 20),
    "returns": b"\r" * M, "zeros": b"\0" * M,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_in_a_fraction_of_its_time(name):
    """The child may take 5 s; a few hundred kilobytes of anything take a fraction of that, on a busy machine too."""
    began = time.process_time()
    reading = read(BOMBS[name])
    assert time.process_time() - began < 1.5
    json.dumps(reading.values).encode()


PIECES = st.sampled_from([
    b"From: a@b.example", b"\n", b"\r\n", b"\n\n", b"Content-Type: multipart/mixed; boundary=b", b"--b", b"--b--", b"--b\n",
    b"Content-Type: text/html; charset=", b"utf-16", b"utf-8", b"Content-Transfer-Encoding: base64", b"\xff\xfe", b"=?utf-8?b?",
    b"?=", b"\x00", b"Subject: ", b"References: <a@b>", b"<p>x</p>", b"Content-Type: message/rfc822", b"\xf0\x9f\x98\x80",
    b"Content-Type: application/ms-tnef", b"; name*0*=utf-8''%ff", b"Date: 1 Jan 99999 25:61 +9999", b": ", b" ", b"\t", b"\xed\xa0\x80",
    b"Content-Disposition: attachment; filename=", b'"', b"\\", b"Auto-Submitted: ", b"From ", b"x" * 80,
])  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_whatever_the_bytes_there_is_a_reading_that_a_store_takes(raw):
    values = read(raw).values
    text = json.dumps(values)
    assert "\\u0000" not in text and "\\ud800" not in text
    for value in (values["sender"], values["subject"], values.get("text", "")):
        value.encode("utf-8")


@pytest.mark.parametrize("seed", range(5))
def test_noise_in_a_mail_that_was_whole(seed):
    chance = random.Random(seed)
    whole = bytearray(
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\nContent-Type: image/png\n\nPNG\n--b--\n"
    )
    for _ in range(200):
        raw = bytearray(whole)
        for _ in range(chance.randrange(1, 20)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        read(bytes(raw)).values["subject"].encode("utf-8")


# -- Python's own test messages, against Python's own reader -------------------------------------------

# What differs, and why it should: no address at all; text from the mail that is attached; no part of
# the named boundary, where the standard library shows nothing and we show the text.
OTHERS = {
    "msg_05.txt": "sender", "msg_11.txt": "text", "msg_17.txt": "text", "msg_25.txt": "text", "msg_28.txt": "text",
    "msg_30.txt": "text", "msg_31.txt": "text", "msg_40.txt": "text", "msg_41.txt": "text", "msg_46.txt": "text",
}  # fmt: skip


def corpus() -> list[Path]:
    try:
        import test.test_email as there
    except ImportError:
        return []
    return sorted(Path(there.__file__).with_name("data").glob("*.txt"))


@pytest.mark.skipif(not corpus(), reason="this Python came without its tests")
def test_python_s_own_messages_have_the_sender_the_subject_and_the_first_line_that_python_finds():
    wrong = {}
    for path in corpus():
        raw = path.read_bytes()
        mine, theirs = read(raw).values, email.message_from_bytes(raw)
        different = [
            what
            for what, value, wanted in (
                ("sender", mine["sender"], sender(theirs)),
                ("subject", mine["subject"], subject(theirs)),
                ("text", first_line(mine.get("text", "")), first_line(body(theirs))),
            )
            if value != wanted
        ]
        if different and OTHERS.get(path.name) != ",".join(different):
            wrong[path.name] = different
    assert not wrong
    assert len(corpus()) >= 40


def sender(message: email.message.Message) -> str:
    return email.utils.parseaddr(str(message.get("from") or message.get("sender") or ""))[1].lower()


def subject(message: email.message.Message) -> str:
    return " ".join(
        str(email.header.make_header(email.header.decode_header(message.get("subject", "")))).split()
    )


def body(message: email.message.Message) -> str:
    for part in message.walk():
        if (
            part.get_content_type() == "text/plain"
            and not part.is_multipart()
            and part.get_content_disposition() != "attachment"
        ):
            raw = part.get_payload(decode=True) or b""
            return raw.decode(part.get_content_charset() or "utf-8", "replace")
    return ""


def first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
