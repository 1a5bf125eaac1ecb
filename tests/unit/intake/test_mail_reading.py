"""A mail's bytes become sender, subject, text and files, however they are written."""

from __future__ import annotations

import base64
import binascii
import quopri
from datetime import UTC, datetime

import pytest

from supporttui.intake.mail.reading import read, read_headers

HEAD = b"From: Ann <ann@acme.example>\r\nSubject: x\r\nMessage-ID: <1@acme.example>\r\n"


def mail(*headers: str, body: str | bytes = "", charset: str = "utf-8") -> bytes:
    raw = body if isinstance(body, bytes) else body.encode(charset)
    return "\r\n".join(["From: Ann <ann@acme.example>", *headers, "", ""]).encode() + raw


def multipart(kind: str, *parts: str | bytes, more: str = "") -> bytes:
    """A multipart of a kind; each part begins with its headers."""
    made = b"".join(b"--=_b\r\n" + (p if isinstance(p, bytes) else p.encode()) + b"\r\n" for p in parts)
    return mail(
        f'Content-Type: multipart/{kind}; boundary="=_b"{more}', body=b"preamble\r\n" + made + b"--=_b--\r\n"
    )


def part(kind: str, body: str, *headers: str) -> str:
    return "\r\n".join([f"Content-Type: {kind}", *headers, "", body])


# -- headers -------------------------------------------------------------------------------------


def test_what_the_desk_wants_to_know_of_a_plain_mail():
    values = read(
        b"Return-Path: <bounce@acme.example>\nAuthentication-Results: mx.vendor.example; dmarc=pass\n"
        b'Authentication-Results: evil.example; dmarc=pass\nFrom: "Ortiz, J." <J.Ortiz@Acme.Example>\n'
        b"To: Desk <desk@vendor.example>, b@c.example\nCc: c@d.example (boss)\nReply-To: r@acme.example\n"
        b"Subject: The line\n  is down\nMessage-ID: <m1@acme.example>\nIn-Reply-To: <o1@vendor.example>\n"
        b"References: <o0@vendor.example>\n <o1@vendor.example>\nDate: Mon, 16 Nov 2026 10:00:05 -0600 (CST)\n\nHelp.\n"
    ).values
    assert (values["sender"], values["sender_name"]) == ("j.ortiz@acme.example", "Ortiz, J.")
    assert values["envelope"] == "bounce@acme.example"
    assert values["to"] == ["desk@vendor.example", "b@c.example"] and values["cc"] == ["c@d.example"]
    assert values["reply_to"] == "r@acme.example"
    assert values["subject"] == "The line is down"
    assert values["message_id"] == "<m1@acme.example>" and values["in_reply_to"] == "<o1@vendor.example>"
    assert values["references"] == ["<o0@vendor.example>", "<o1@vendor.example>"]
    assert datetime.fromtimestamp(values["sent_at"], UTC) == datetime(2026, 11, 16, 16, 0, 5, tzinfo=UTC)
    assert values["results"] == ["mx.vendor.example; dmarc=pass", "evil.example; dmarc=pass"]
    assert values["text"] == values["written"] == "Help."
    assert values["automatic"] == "" and "fault" not in values


@pytest.mark.parametrize(("header", "subject"), [
    ("=?utf-8?q?Linie_gest=C3=B6rt?=", "Linie gestört"),
    ("=?UTF-8?B?TGluaWUgZ2VzdMO2cnQ=?=", "Linie gestört"),
    ("=?iso-8859-1?Q?gest=F6rt?= again", "gestört again"),
    ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),  # blanks between encoded words are none (RFC 2047, 6.2)
    ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
    ("=?utf-8?b?4pw=?= =?utf-8?b?kw==?=", "✓"),  # one letter over two words
    ("=?utf-8*de?q?gest=C3=B6rt?=", "gestört"),
    ("=?nonsense?q?caf=C3=A9?=", "café"),
    ("=?utf-8?q?with space in it?=", "with space in it"),
    ("=?utf-8?b?!!!?=", ""),
    ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
    ("=?unterminated", "=?unterminated"),
    ("=?gb2312?B?z9/CtrnK1c8=?=", "线露故障"),
    ("=?iso-2022-jp?B?GyRCPmM7MxsoQg==?=", "障山"),
    ("gestört", "gestört"),
])  # fmt: skip
def test_encoded_words_and_raw_bytes_in_a_subject(header, subject):
    assert read(mail(f"Subject: {header}")).values["subject"] == subject


def test_a_subject_in_raw_latin_1_is_read():
    assert read(b"Subject: gest\xf6rt\n\n").values["subject"] == "gestört"


def test_a_sender_is_what_stands_in_the_angle_brackets_and_nothing_else():
    def sender(value: str) -> str:
        return str(read(f"From: {value}\n\n".encode()).values["sender"])

    assert sender('"ceo@acme.example" <evil@else.example>') == "evil@else.example"
    assert sender("ceo@acme.example <evil@else.example>") == "evil@else.example"
    assert sender("evil@else.example (ceo@acme.example)") == "evil@else.example"
    assert sender("=?utf-8?q?ceo=40acme.example?= <evil@else.example>") == "evil@else.example"
    assert sender("=?utf-8?q?ceo=40acme.example?=") == ""
    assert sender("<a b@acme.example>") == ""
    assert sender("undisclosed-recipients:;") == ""
    assert sender("nobody") == ""
    assert sender("<@relay.example:ann@acme.example>") == "ann@acme.example"


@pytest.mark.parametrize("head", [
    b"From: a@b.example, ceo@acme.example\n", b"From: a@b.example\nFrom: ceo@acme.example\n",
    b"From: \nFrom: ceo@acme.example\nSender: a@b.example\n", b"Sender: a@b.example\n",
])  # fmt: skip
def test_what_names_not_exactly_one_sender_is_in_doubt_and_what_condemns_it_is_kept(head):
    values = read(b"Authentication-Results: mx; dmarc=fail\n" + head + b"\nx").values
    assert (values["sender"], values["doubtful"]) == ("a@b.example", True)
    assert values["results"] == ["mx; dmarc=fail"] and len(values["notes"]) == 1
    assert not read(b"From: a@b.example, a@b.example\n\nx").values["doubtful"]


def test_a_verdict_behind_a_long_line_is_read_to_its_end():
    raw = (
        b"Authentication-Results: mx; "
        + b"dkim=fail header.d=x;\n " * 3_000
        + b"dmarc=fail\nFrom: a@b.example\n\n"
    )
    assert read(raw).values["results"][0].endswith("dmarc=fail")


def test_the_envelope_that_was_told_outranks_the_header():
    raw = b"Return-Path: <x@y.example>\nFrom: a@b.example\n\n"
    assert read(raw, envelope="<>").values["envelope"] == "<>"
    assert read(raw).values["envelope"] == "x@y.example"
    assert read(b"Return-Path: < >\n\n").values["envelope"] == "<>"


@pytest.mark.parametrize(("date", "at"), [
    ("Mon, 16 Nov 2026 10:00:00 +0100", datetime(2026, 11, 16, 9, tzinfo=UTC)),
    ("16 Nov 26 10:00 EST", datetime(2026, 11, 16, 15, tzinfo=UTC)),
    ("Mon, 16-Nov-2026 10:00:00 GMT", datetime(2026, 11, 16, 10, tzinfo=UTC)),
    ("Mon, 31 Feb 2026 10:00:00 +0000", None),
    ("Mon, 16 Nov 2026 10:00:00 +9999", None),
    ("1 Jan 0001 00:00:00 +1400", None),
    ("yesterday", None), ("", None),
])  # fmt: skip
def test_dates(date, at):
    found = read(mail(f"Date: {date}")).values["sent_at"]
    assert (None if found is None else datetime.fromtimestamp(found, UTC)) == at


def test_an_old_mac_s_line_ends_and_a_mailbox_s_first_line_are_understood():
    assert read(b"From: a@b.example\rSubject: x\r\rtext").values["text"] == "text"
    values = read(b"From ann@x Mon Nov 16 10:00:00 2026\nFrom: a@b.example\n\ntext").values
    assert (values["sender"], values["text"]) == ("a@b.example", "text")


# -- text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("charset", "codec"), [
    ("utf-8", "utf-8"), ("iso-8859-1", "latin-1"), ("Windows-1252", "cp1252"), ("us-ascii", "utf-8"), ('"UTF-8"', "utf-8"),
    ("iso-8859-15", "iso-8859-15"), ("x-unknown", "utf-8"), ("no-such-charset", "latin-1"), ("", "cp1252"),
    ("utf-16", "utf-16"), ("punycode", "utf-8"), ("unicode_escape", "utf-8"), ("zlib", "utf-8"),
])  # fmt: skip
def test_charsets_as_mails_name_them(charset, codec):
    raw = mail(f"Content-Type: text/plain; charset={charset}", body="gestört, très".encode(codec))
    assert read(raw).values["text"] == "gestört, très"


@pytest.mark.parametrize(("encoding", "encode"), [
    ("base64", base64.encodebytes), ("Quoted-Printable", quopri.encodestring), ("8bit", bytes), ("nonsense", bytes),
    ("BASE64", lambda raw: base64.b64encode(raw).rstrip(b"=") + b"\n"),
    ("base64", lambda raw: base64.b64encode(raw) + b"\r\n-- \r\nA list's footer\r\n"),
])  # fmt: skip
def test_transfer_encodings(encoding, encode):
    raw = mail(f"Content-Transfer-Encoding: {encoding}", body=encode("Das Gerät ist aus.!".encode()))
    assert read(raw).values["text"] == "Das Gerät ist aus.!"


def test_plain_text_is_preferred_to_html():
    raw = multipart("alternative", part("text/plain", "plain"), part("text/html", "<p>rich</p>"))
    assert read(raw).values["text"] == "plain" and read(raw).files == ()


@pytest.mark.parametrize("plain", ["", " \r\n", "Your mail program does not support HTML messages."])
def test_html_is_read_where_the_plain_text_says_nothing(plain):
    raw = multipart(
        "alternative", part("text/plain", plain), part("text/html", "<p>The <b>line</b> is down</p>")
    )
    assert read(raw).values["text"] == "The line is down"


def test_html_only_mail_in_its_own_charset():
    body = '<html><head><meta charset="windows-1251"></head><body>Привет</body></html>'.encode("cp1251")
    assert read(mail("Content-Type: text/html", body=body)).values["text"] == "Привет"


def test_text_that_was_broken_on_the_way_is_put_together():
    raw = mail(
        "Content-Type: text/plain; format=flowed",
        body="The line \r\nis down.\r\n\r\n> he \r\n> said\r\n-- \r\nAnn",
    )
    assert read(raw).values["text"] == "The line is down.\n\n> he said\n--\nAnn"


def test_several_texts_follow_each_other_and_a_named_one_is_a_file():
    raw = multipart(
        "mixed", part("text/plain", "one"), part("text/plain", "log", "Content-Disposition: attachment; filename=a.log"),
        part("text/plain", "two"),
    )  # fmt: skip
    reading = read(raw)
    assert reading.values["text"] == "one\n\ntwo"
    assert [(file.name, file.content) for file in reading.files] == [("a.log", b"log")]


def test_nothing_that_no_store_takes_is_left_in_text():
    raw = mail("Content-Type: text/plain; charset=utf-7", body=b"a\x00b +2AA- c")
    text = read(raw).values["text"]
    assert "\x00" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def test_a_text_longer_than_a_ticket_is_cut_and_says_so():
    text = read(mail(body="x" * 2_000_000)).values["text"]
    assert len(text) < 1_000_000 and text.endswith("kept as it came]")


# -- files -----------------------------------------------------------------------------------------


def test_an_inline_picture_is_a_file_with_its_content_id():
    raw = multipart(
        "related", part("text/html", "see <img src='cid:p1' alt='picture'>"),
        part("image/png", base64.b64encode(b"\x89PNG").decode(), "Content-Transfer-Encoding: base64",
             "Content-ID: <p1>", "Content-Disposition: inline; filename=shot.png"),
    )  # fmt: skip
    reading = read(raw)
    [file] = reading.files
    assert (file.name, file.type, file.inline, file.cid, file.content) == (
        "shot.png",
        "image/png",
        True,
        "p1",
        b"\x89PNG",
    )
    assert reading.values["text"] == "see [picture]"


def test_an_attached_mail_is_a_file_byte_for_byte():
    inner = b"From: x@y.example\r\nSubject: =?utf-8?q?inner?=\r\n\r\nold  text\r\n.\r\n"
    raw = multipart("mixed", part("text/plain", "see there"), b"Content-Type: message/rfc822\r\n\r\n" + inner)
    reading = read(raw)
    assert reading.values["text"] == "see there"
    assert [(file.name, file.content) for file in reading.files] == [("inner.eml", inner)]


def test_a_mail_that_only_brings_another_one_shows_its_text():
    inner = b"From: x@y.example\r\nSubject: inner\r\n\r\nThe printer burns\r\n"
    reading = read(multipart("mixed", b"Content-Type: message/rfc822\r\n\r\n" + inner))
    assert reading.values["text"].splitlines() == [
        "Attached mail:", "From: x@y.example", "Subject: inner", "", "The printer burns",
    ]  # fmt: skip
    assert len(reading.files) == 1


@pytest.mark.parametrize(("disposition", "name"), [
    ("attachment; filename=a.txt", "a.txt"),
    ('attachment; filename="../../etc/passwd"', "passwd"),
    ('attachment; filename="C:\\\\dumps\\\\core.dmp"', "core.dmp"),
    ("attachment; filename*=utf-8''d%C3%BCmp.txt", "dümp.txt"),
    ("attachment; filename*0=\"du\"; filename*1=\"mp.txt\"", "dump.txt"),
    ("attachment; filename*0*=utf-8''d%C3; filename*1*=%BCmp.txt", "dümp.txt"),
    ('attachment; filename="=?utf-8?q?d=C3=BCmp.txt?="', "dümp.txt"),
    ('attachment; filename="a\u202egpj.exe"', "a gpj.exe"),
    ('attachment; filename=".."', "part-1"),
    ("attachment", "part-1"),
    (f'attachment; filename="{"n" * 500}.dump"', "n" * 195 + ".dump"),
])  # fmt: skip
def test_the_name_of_a_file_is_a_label(disposition, name):
    raw = multipart("mixed", part("application/x-dump", "1", f"Content-Disposition: {disposition}"))
    assert [file.name for file in read(raw).files] == [name]


def test_what_is_encrypted_stays_a_file_and_says_so():
    reading = read(mail("Content-Type: application/pkcs7-mime; name=smime.p7m", "Content-Transfer-Encoding: base64",
                        body=base64.b64encode(b"\x30\x80")))  # fmt: skip
    assert [(file.name, file.content) for file in reading.files] == [("smime.p7m", b"\x30\x80")]
    assert "S/MIME" in reading.values["notes"][0]


def test_a_winmail_dat_that_can_t_be_opened_is_attached_and_says_so():
    raw = multipart("mixed", part("text/plain", "hello"),
                    part("application/ms-tnef", "no tnef at all", "Content-Disposition: attachment; filename=winmail.dat"))  # fmt: skip
    reading = read(raw)
    assert [file.name for file in reading.files] == ["winmail.dat"]
    assert reading.values["notes"] == ["winmail.dat could not be opened: it is attached as it came"]


def test_a_winmail_dat_is_opened():
    raw = mail("Content-Type: application/ms-tnef; name=winmail.dat", "Content-Transfer-Encoding: base64",
               body=base64.encodebytes(tnef("The line is down", "dump.txt", b"core")))  # fmt: skip
    reading = read(raw)
    assert reading.values["text"] == "The line is down"
    assert [(file.name, file.content) for file in reading.files] == [("dump.txt", b"core")]


def tnef(body: str, name: str, content: bytes) -> bytes:
    """A winmail.dat as [MS-OXTNEF] describes it, with a text and one file."""

    def attribute(level: int, number: int, data: bytes) -> bytes:
        head = level.to_bytes(1, "little") + number.to_bytes(4, "little") + len(data).to_bytes(4, "little")
        return head + data + (sum(data) & 0xFFFF).to_bytes(2, "little")

    return (
        (0x223E9F78).to_bytes(4, "little") + b"\x01\x00"
        + attribute(1, 0x00089006, (0x10000).to_bytes(4, "little"))
        + attribute(1, 0x00069007, (1252).to_bytes(4, "little") + b"\0" * 4)
        + attribute(1, 0x0002800C, body.encode() + b"\0")
        + attribute(2, 0x00069002, b"\0" * 14)
        + attribute(2, 0x00018010, name.encode() + b"\0")
        + attribute(2, 0x0006800F, content)
    )  # fmt: skip


def uuencoded(content: bytes, name: str) -> str:
    lines = [binascii.b2a_uu(content[at : at + 45]).decode() for at in range(0, len(content), 45)]
    return f"begin 644 {name}\n{''.join(lines)}`\nend\n"


def test_a_file_that_is_uuencoded_within_the_text_is_a_file():
    dump = bytes(range(256)) * 2
    reading = read(mail(body=f"See the dump.\n\n{uuencoded(dump, 'core dump.bin')}\nAnn\n"))
    assert [(file.name, file.content) for file in reading.files] == [("core dump.bin", dump)]
    assert reading.values["text"] == "See the dump.\n\n\nAnn"
    body = mail(
        "Content-Type: application/x; name=a.bin",
        "Content-Transfer-Encoding: x-uuencode",
        body=uuencoded(dump, "a"),
    )
    assert [file.content for file in read(body).files] == [dump]


@pytest.mark.parametrize("text", [
    "begin 644 x\nno such thing: ünï\nend", "begin 644 x\nM", "begin\n1\nend", "begin transaction\nend", "end",
])  # fmt: skip
def test_a_text_that_only_looks_uuencoded_stays(text):
    assert read(mail(body=text)).values["text"] == text and read(mail(body=text)).files == ()


def test_japanese_that_does_not_say_so_is_read():
    assert read(mail(body="障害".encode("iso2022_jp"))).values["text"] == "障害"


# -- limits ------------------------------------------------------------------------------------------


def nested(depth: int) -> bytes:
    made = HEAD
    for at in range(depth):
        made += f"Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n".encode()
    return made + b"\r\nhi\r\n"


@pytest.mark.parametrize(("raw", "fault"), [
    (HEAD + b"\r\n" + b"x" * 1_000, "larger than 0.001 MB"),
    (HEAD + b"X: y\r\n" * 1_100 + b"\r\nhi", "more than 1,000 headers"),
    (HEAD + b"X: " + b"y" * 110_000 + b"\r\n\r\nhi", "more than 1,000 headers or 102,400 bytes of them"),
    (nested(21), "more than 20 deep"),
    (HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 25 + b"\r\nhi", "more than 20 deep"),
    (HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 250, "more than 200 parts"),
])  # fmt: skip
def test_beyond_the_limits_there_is_a_fault_and_what_the_headers_say(raw, fault):
    values = read(raw, most=1_000 if "larger" in fault else 10_000_000).values
    assert fault in values["fault"]
    assert values["sender"] == "ann@acme.example" and values["subject"] == "x"
    assert values["message_id"] == "<1@acme.example>"


def test_within_the_limits_there_is_none():
    assert read(nested(20)).values["text"] == "hi"
    parts = b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n" * 199
    reading = read(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts + b"--b--")
    assert len(reading.files) == 199 and "fault" not in reading.values


@pytest.mark.parametrize(
    "raw", [b"", b"\0" * 500, b"\xff\xfe", b"\n", b"no header at all", b": \n", b"From:\n\n"]
)
def test_for_any_bytes_there_is_a_reading(raw):
    assert read(raw).values["sender"] == "" and read_headers(raw, "broken").values["fault"] == "broken"


def test_a_multipart_whose_boundary_is_nowhere_is_text():
    assert (
        read(mail("Content-Type: multipart/mixed; boundary=b", body="plain after all")).values["text"]
        == "plain after all"
    )
    assert (
        read(mail("Content-Type: multipart/mixed", body="plain after all")).values["text"]
        == "plain after all"
    )


def test_an_end_that_is_missing_loses_nothing():
    raw = mail(
        "Content-Type: multipart/mixed; boundary=b",
        body="--b\r\n\r\none\r\n--b\r\nContent-Type: image/png\r\n\r\nPNG",
    )
    reading = read(raw)
    assert reading.values["text"] == "one" and reading.files[0].content == b"PNG"
