"""Mails made to hurt: a generator with a seed, so that mail 4711 of seed 1 is the same everywhere.

Each is a plain mail to which some of the makers below did their worst; a few are noise from the start.
Makers come from what broke mail readers before: bombs of depth, parts, headers and addresses, charsets that lie,
encodings that end early, control and direction characters, HTML without an end, forged signs of bounces, lists
and our own letters, numbers and tokens of tickets, names that are paths.
"""

from __future__ import annotations

import base64
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

ESCAPES = (
    "\x1b]52;c;cm0gLXJm\x07", "\x1b[6n", "\x1b]0;owned\x07", "\x9b31m", "\x90q\x9c", "‮txt.exe", "\U000e0041\U000e0042", "[@click=app.quit]x[/]",
    "[/red]", "a" + "́" * 500, "﷽" * 20, "\x00", "\x08\x08", "\r", "\u2028", "\ufeff", "=1+1", "'; DROP TABLE ticket; --", "\ud7ff\ue000\uffff",
)  # fmt: skip
CHARSETS = (
    "utf-8", "us-ascii", "iso-8859-1", "windows-1252", "koi8-r", "shift_jis", "iso-2022-jp", "gb18030", "big5", "euc-kr", "utf-7",
    "utf-16", "utf-32", "hz", "idna", "punycode", "base64", "rot13", "zip", "hex", "unicode_escape", "raw_unicode_escape", "undefined",
    "x-unknown", "", "mbcs", "\xe9", "utf-8\x00", "a" * 4000, "../../etc/passwd", "unknown-8bit", "cp65001", "quopri", "bz2_codec",
)  # fmt: skip
TYPES = (
    "text/plain", "text/html", "text/calendar", "multipart/mixed", "multipart/alternative", "multipart/related", "multipart/digest",
    "multipart/report; report-type=delivery-status", "multipart/signed", "multipart/appledouble", "message/rfc822", "message/partial",
    "message/external-body", "message/delivery-status", "message/rfc822-headers", "application/ms-tnef", "application/octet-stream",
    "image/png", "application/zip", "text", "", "/", ";;;", "text/plain; charset", "multipart/mixed; boundary=", 'multipart/mixed; boundary="',
)  # fmt: skip
ENCODINGS = (
    "7bit",
    "8bit",
    "binary",
    "base64",
    "quoted-printable",
    "x-uuencode",
    "x-gzip",
    "nonsense",
    "BASE64 ",
    "base64; x=y",
    "",
)

MOST = 12_000_000  # bytes that one grows to: more than a mail may have


@dataclass
class Draft:
    """A mail that is being made worse: headers in order, a body, and what was done to it."""

    headers: list[tuple[bytes, bytes]]
    body: bytes
    done: list[str] = field(default_factory=list)
    end: bytes = b"\r\n"

    def set(self, name: str, value: str | bytes) -> None:
        raw = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
        self.headers = [one for one in self.headers if one[0].lower() != name.lower().encode()]
        self.headers.append((name.encode(), raw))

    def add(self, name: str, value: str | bytes) -> None:
        self.headers.append(
            (name.encode(), value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"))
        )

    def bytes(self) -> bytes:
        head = b"".join(name + b": " + value + self.end for name, value in self.headers)
        return head + self.end + self.body


Maker = Callable[[random.Random, Draft], None]
MAKERS: list[Maker] = []


def maker(made: Maker) -> Maker:
    MAKERS.append(made)
    return made


def nasty(seed: int, number: int) -> tuple[bytes, str]:
    """The mail of this number, and what was done to it."""
    chance = random.Random(f"{seed}/{number}")
    if chance.random() < 0.04:
        return noise(chance), "noise"
    draft = plain(chance, number)
    for made in chance.sample(MAKERS, chance.choice((1, 1, 1, 2, 2, 3, 4))):
        made(chance, draft)
        draft.done.append(made.__name__)
    raw = draft.bytes()
    if chance.random() < 0.08:
        raw, draft.done = raw[: chance.randrange(len(raw) + 1)], [*draft.done, "cut off"]
    if chance.random() < 0.08:
        raw, draft.done = flipped(chance, raw), [*draft.done, "flipped"]
    return raw, " + ".join(draft.done)


def plain(chance: random.Random, number: int) -> Draft:
    who = f"p{chance.randrange(5000)}@c{chance.randrange(400)}.example"
    headers = [
        (b"From", f"Person {number} <{who}>".encode()), (b"To", b"desk@vendor.example"), (b"Subject", f"Problem {number}".encode()),
        (b"Message-ID", f"<{number}.{chance.randrange(10**9)}@c.example>".encode()), (b"Date", b"Mon, 2 Mar 2026 09:00:00 +0000"),
        (b"MIME-Version", b"1.0"), (b"Content-Type", b"text/plain; charset=utf-8"),
    ]  # fmt: skip
    return Draft(headers, f"NETEX abends with S0C4, case {number}.\r\n\r\nRegards\r\n".encode())


def noise(chance: random.Random) -> bytes:
    kind = chance.randrange(8)
    size = int(10 ** chance.uniform(0, 5))
    return (
        b"", b"\r\n", b"\n" * size, chance.randbytes(size), b"\x00" * size, b":" * size, b"From " + b"x" * size,
        b"Subject: " + b"\r\n " * (size // 3),
    )[kind]  # fmt: skip


def flipped(chance: random.Random, raw: bytes) -> bytes:
    changed = bytearray(raw)
    for _ in range(chance.randrange(1, 30)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def words(chance: random.Random) -> str:
    return "".join(
        chance.choice((*ESCAPES, "NETEX ", "abend ", "1042 ", "ü", "漢字", " "))
        for _ in range(chance.randrange(1, 12))
    )


def sender(chance: random.Random) -> str:
    """Somebody else nearly every time: what comes from one is a storm soon."""
    return f"p{chance.randrange(10**6)}@c.example"


def line(text: str) -> bytes:
    """Text that stays within its header line."""
    return text.replace("\r", " ").replace("\n", " ").encode("utf-8", "surrogatepass")


# -- headers ----------------------------------------------------------------------------------------


@maker
def many_headers(chance: random.Random, draft: Draft) -> None:
    for at in range(chance.choice((900, 1000, 1001, 5000, 30_000))):
        draft.headers.append((b"X-%d" % at, b"y" * chance.randrange(3)))


@maker
def long_header(chance: random.Random, draft: Draft) -> None:
    size = chance.choice((998, 8192, 100 * 1024, 102_401, 900_000))
    name = chance.choice(
        ("Subject", "From", "References", "X-Long", "Content-Type", "Message-ID", "Received")
    )
    draft.set(
        name,
        chance.choice((b"x", b" ", b"<", b"(", b"\\", b'"', b",", b"=?", b"a@b,", b"\r\n ", b"\xff")) * size,
    )


@maker
def folded(chance: random.Random, draft: Draft) -> None:
    draft.set(
        "Subject",
        (b"a\r\n" + chance.choice((b" ", b"\t", b" \t "))) * chance.choice((3, 500, 20_000)) + b"end",
    )


@maker
def repeated(chance: random.Random, draft: Draft) -> None:
    for name in ("From", "Subject", "Message-ID", "Content-Type", "Date", "Return-Path"):
        for at in range(chance.randrange(4)):
            draft.add(name, f"again{at}@evil.example" if at else "")


@maker
def without(chance: random.Random, draft: Draft) -> None:
    names = [name for name, _ in draft.headers]
    gone = chance.sample(names, min(len(names), chance.randrange(1, 5)))
    draft.headers = [one for one in draft.headers if one[0] not in gone]


@maker
def odd_names(chance: random.Random, draft: Draft) -> None:
    odd = (
        b"",
        b" ",
        b"Sub ject",
        b"\xe9",
        b"A" * 2000,
        b"X\x00",
        b">From",
        b"From me",
        b"\x1b[6n",
        b"Content-Type ",
    )
    for name in chance.sample(odd, 3):
        draft.headers.insert(chance.randrange(len(draft.headers) + 1), (name, b"v"))


@maker
def escapes(chance: random.Random, draft: Draft) -> None:
    for name in chance.sample(("Subject", "From", "To", "Message-ID", "X-Mailer", "Reply-To"), 3):
        text = words(chance)
        draft.set(name, line(f'"{text}" <{sender(chance)}>' if name in ("From", "Reply-To") else text))
    draft.body = words(chance).encode("utf-8", "surrogatepass") * chance.randrange(1, 200)


@maker
def addresses(chance: random.Random, draft: Draft) -> None:
    bombs = (
        "(" * 5000, "(a" * 3000 + ")" * 3000, '"' * 4001, "<" * 5000, "a@b, " * 20_000, "group: " * 500 + ";", "@" * 3000, "a" * 70_000 + "@b.example",
        "p@[127.0.0.1]", "<>", "", "p@c.example <q@d.example> <r@e.example>", "=?utf-8?q?desk=40vendor=2Eexample?= <p@evil.example>",
        '"desk@vendor.example" <p@evil.example>', "desk@vendor.example, p@evil.example", "p@c.example\x00@vendor.example", "p@xn--" + "a" * 300,
        "p\u202e@c.example", "ü@bücher.example", "\\" * 3001, "a.b..c@x", ",,,,,", "p@c.example;q@d.example", "p at c.example",
    )  # fmt: skip
    for name in chance.sample(("From", "To", "Cc", "Reply-To", "Sender", "Return-Path"), 2):
        draft.set(name, line(chance.choice(bombs).replace("p@c.example", sender(chance))))


@maker
def encoded_words(chance: random.Random, draft: Draft) -> None:
    bad = (
        "=?utf-8?q?" + "=FF" * 5000 + "?=", "=?utf-8?b?////?=", "=?utf-8?b?a?=", "=?x?x?x?=", "=?" * 20_000, "=?utf-8?q?=0D=0ABcc:_x?=",
        "=?utf-8?q?=1B=5D52=3Bc=3B?=", "=?iso-2022-jp?b?GyRC?= " * 2000, "=?utf-7?q?+ADw-script+AD4-?=", "=?utf-16?b?AAAA?=", "=?zip?b?eJw=?=",
        "=?utf-8*xx?q?a?=", "=?utf-8?q?a?==?utf-8?q?b?=" * 3000, "=?utf-8?Q??=", "=?utf-8?q?=?=", "=?" + "a" * 60_000 + "?q?x?=", "=?utf-8?b?" + "=" * 50_000,
        "=?us-ascii?q?=00=00?=", "=?utf-8?q?=ED=A0=80?=", "=?rot13?q?nopq?=",
    )  # fmt: skip
    draft.set("Subject", line(chance.choice(bad)))
    draft.set("From", line(f"{chance.choice(bad)[:3000]} <{sender(chance)}>"))


@maker
def ids(chance: random.Random, draft: Draft) -> None:
    odd = (
        "",
        "<>",
        "<a@b>" * 3000,
        "<" * 8000,
        "no brackets",
        "<1042-k7rq2m5x4wz3v6ta.1@vendor.example>",
        "<a\x00b@c>",
        "<" + "x" * 90_000 + "@y>",
        "<a b c>",
        "<ü@ü>",
    )
    for name in chance.sample(("Message-ID", "In-Reply-To", "References"), 2):
        draft.set(name, line(chance.choice(odd)))


@maker
def dates(chance: random.Random, draft: Draft) -> None:
    draft.set("Date", line(chance.choice((
        "", "0", "Mon, 99 Foo 99999 99:99:99 +9999", "1 Jan 0001 00:00 +2359", "31 Dec 9999 23:59:59 -2359", "9" * 5000, "Thu, 01 Jan 1970 00:00:00 +0000 (" + "(" * 3000,
        "١٢ Mar ٢٠٢٦", "2 Mar 2026 09:00:60 +0000", "2 Mar 2026 09:00:00 +999999999999", "2026-03-02T09:00:00Z", "\x1b[2J",
    ))))  # fmt: skip


@maker
def claims(chance: random.Random, draft: Draft) -> None:
    number = chance.choice((1, 2, 7, 42, 1042, 10**18, 10**30, -1))
    draft.set(
        "Subject",
        line(
            chance.choice(
                (
                    f"Re: [{number}-k7rq2m5x4wz3v6ta] x",
                    f"Re: #{number}",
                    f"[{number}]",
                    f"status {number}",
                    f"ack {number}-k7rq2m5x4wz3v6ta",
                    "[1-" + "a" * 5000 + "]",
                    "[" * 9000,
                )
            )
        ),
    )
    draft.set(
        "Authentication-Results",
        line(
            chance.choice(
                (
                    "mx.vendor.example; dmarc=pass header.from=c.example",
                    "mx.vendor.example; dmarc=fail",
                    "mx.vendor.example;" * 3000,
                    "(((((",
                    "=;=;=;",
                    "mx.vendor.example; dmarc=(" + "(" * 4000,
                )
            )
        ),
    )
    draft.set("In-Reply-To", f"<{number}-k7rq2m5x4wz3v6ta.1@vendor.example>")


@maker
def fields(chance: random.Random, draft: Draft) -> None:
    draft.body = line(chance.choice((
        "Severity: 1", "Severity: " + "1" * 9000, "Severity: -1", "Product: " + words(chance), "Phone: " + "+" * 5000, "OS: \x1b[6n", "Release: " * 3000,
    ))) + b"\r\n" * chance.randrange(1, 5) + draft.body  # fmt: skip


@maker
def machines(chance: random.Random, draft: Draft) -> None:
    for name, value in chance.sample((
        ("Auto-Submitted", "auto-replied"), ("Auto-Submitted", "no"), ("Auto-Submitted", "(" * 3000), ("Precedence", "bulk"), ("Precedence", "list"),
        ("List-Id", "<x.example>"), ("X-Auto-Response-Suppress", "All"), ("X-Loop", "desk@vendor.example"), ("X-Autoreply", "yes"), ("Return-Path", "<>"),
        ("From", "MAILER-DAEMON@c.example"), ("From", "desk@vendor.example"), ("Subject", "Out of office: away"), ("X-Failed-Recipients", "a@b"), ("X-Loop", "\x00" * 50),
    ), chance.randrange(1, 5)):  # fmt: skip
        draft.set(name, value)


# -- bodies -----------------------------------------------------------------------------------------


@maker
def liar(chance: random.Random, draft: Draft) -> None:
    draft.set("Content-Type", line(f"{chance.choice(TYPES)}; charset={chance.choice(CHARSETS)}"))
    draft.set("Content-Transfer-Encoding", line(chance.choice(ENCODINGS)))
    draft.body = chance.choice(
        (
            draft.body,
            chance.randbytes(3000),
            base64.b64encode(chance.randbytes(500)),
            b"=" * 5000,
            b"=3D=\r\n" * 500,
            b"~{" * 3000,
            b"\x1b$B" * 2000,
        )
    )


@maker
def parameters(chance: random.Random, draft: Draft) -> None:
    draft.set("Content-Type", line("text/plain" + chance.choice((
        "; a=b" * 10_000, "; charset*0=u; charset*1=t; charset*99999999999=f", "; charset*=utf-8''%FF%00%ZZ", "; name*0*=x''" + "%41" * 9000, "; charset=\"" + "\\" * 9001,
        "; charset*-1=u", "; =", "; charset=utf-8" * 3000, ";" * 50_000, "; boundary*0=a; boundary*0=b", "; charset*1=x",
    ))))  # fmt: skip


def multipart(boundary: bytes, parts: list[bytes], subtype: bytes = b"mixed") -> bytes:
    joined = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return b'Content-Type: multipart/%s; boundary="%s"\r\n\r\n%s--%s--\r\n' % (
        subtype,
        boundary,
        joined,
        boundary,
    )


def placed(draft: Draft, entity: bytes) -> None:
    """An entity with its own headers becomes the draft's body."""
    head, _, body = entity.partition(b"\r\n\r\n")
    draft.set("Content-Type", head.partition(b": ")[2])
    draft.body = body


@maker
def deep(chance: random.Random, draft: Draft) -> None:
    depth = chance.choice((19, 20, 21, 100, 2000))
    one = b"Content-Type: text/plain\r\n\r\nat the bottom\r\n"
    kind = chance.randrange(3)
    same = b"same" if kind == 0 else b""
    head, tail = b"", b""
    for at in range(depth):
        name = same or b"b%d" % at
        if kind == 2:
            head += b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n"
        else:
            head += b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n' % (name, name)
            tail = b"\r\n--%s--\r\n" % name + tail if depth < 500 else b""
    placed(draft, head + one + tail)


@maker
def broad(chance: random.Random, draft: Draft) -> None:
    count = chance.choice((199, 200, 201, 5000, 60_000))
    part = chance.choice(
        (
            b"",
            b"\r\n",
            b"Content-Type: text/plain\r\n\r\nx",
            b"Content-Disposition: attachment; filename=a\r\n\r\nx",
        )
    )
    placed(draft, multipart(b"x", [part] * count))


@maker
def boundaries(chance: random.Random, draft: Draft) -> None:
    name = chance.choice(
        (b"", b" ", b"-", b"--", b"a" * 3000, b"\xff", b"(", b".*", b"x y", b"\x00", b"=_?", b'a\\"b')
    )
    draft.set("Content-Type", b'multipart/mixed; boundary="' + name + b'"')
    draft.body = chance.choice((
        b"", b"--" + name, b"--" + name + b"--", (b"--" + name + b"\r\n") * 4000, b"preamble only\r\n", b"--" + name + b"\r\n\r\n\r\nx\r\n--" + name + b"x\r\n",
        (b"\r\n-" * 30_000), b"--" + name + b"--\r\n--" + name + b"\r\n\r\nafter the end",
    ))  # fmt: skip


@maker
def files(chance: random.Random, draft: Draft) -> None:
    names = (
        "../../../etc/passwd",
        "/etc/shadow",
        "C:\\con",
        "a" * 5000,
        "\x1b[6n",
        "x\x00.txt",
        "",
        ".",
        "..",
        "‮gpj.exe",
        "=1+1",
        "a/b/c",
        "~root",
        "$(id)",
        "-rf",
        "\r\nX: y",
        "ü" * 300,
    )
    parts = [b"Content-Type: text/plain\r\n\r\nsee files"]
    for _ in range(chance.randrange(1, 8)):
        content = chance.choice(
            (
                b"",
                b"x",
                zlib.compress(b"\x00" * 2_000_000),
                chance.randbytes(3000),
                b"\x1b[6n" * 100,
                b"\xff" * 500,
            )
        )
        name = chance.choice(names)
        how = chance.choice(
            ('filename="%s"', "filename=%s", "filename*=utf-8''%s", "filename*0=%s; filename*1=x")
        )
        parts.append(
            b"Content-Type: " + line(chance.choice(TYPES)) + b"\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <" + line(name)[:200]
            + b">\r\nContent-Disposition: " + chance.choice((b"attachment", b"inline", b"x")) + b"; " + line(how.replace("%s", name)) + b"\r\n\r\n" + base64.encodebytes(content)
        )  # fmt: skip
    placed(draft, multipart(b"f", parts))


@maker
def html(chance: random.Random, draft: Draft) -> None:
    draft.set(
        "Content-Type", chance.choice(("text/html", "text/html; charset=utf-8", "text/html; charset=utf-7"))
    )
    draft.body = chance.choice((
        "<div>" * 50_000, "<" * 200_000, "<!--" * 40_000, "<![CDATA[" * 20_000, "&" * 200_000, "&#x" + "9" * 50_000 + ";", "&#0;&#xD800;&#1114112;&#x1b;[6n", "<a " + "b=c " * 40_000 + ">",
        "<script>" + "x" * 100_000, "<style>" * 9000, "<table>" + "<tr><td>" * 30_000, "<p>" + "</p>" * 60_000, "<a href='javascript:x'>[/red]</a>", "<pre>" + " " * 200_000, "<?" * 50_000,
        "<br>" * 100_000, "<img src=x onerror=y>", "</" * 90_000, "<x" * 90_000, "<li>" * 50_000, "<blockquote>" * 30_000 + "x", "<a b='" + "\"" * 90_000,
    )).encode()  # fmt: skip


@maker
def quotes(chance: random.Random, draft: Draft) -> None:
    draft.body = chance.choice((
        b">" * 300_000, b"> " * 100_000, b">\r\n" * 60_000, b" " * 300_000 + b"x", b"On " + b"a" * 200_000 + b" wrote:", b"On Mon, x wrote:\r\n" * 20_000, b"-----Original Message-----\r\n" * 9000,
        b"From: x\r\n" * 20_000, b"_" * 300_000, b"-- \r\n" * 40_000, b"\r\n" * 200_000, b"\n" * 400_000, b"\r" * 200_000, b"\t" * 200_000 + b"wrote:", b"Am " * 50_000 + b"schrieb", b"a" * 1_100_000,
        b"http://" * 50_000, b"Le " + b", " * 90_000 + "a écrit :".encode(), b"*" * 200_000, b"--- " * 50_000,
    ))  # fmt: skip


@maker
def bounce(chance: random.Random, draft: Draft) -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\nMessage-ID: <1-k7rq2m5x4wz3v6ta.1@vendor.example>\r\nSubject: x\r\n\r\nx"
    status = b"Content-Type: message/delivery-status\r\n\r\n" + chance.choice((
        b"Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b\r\nAction: failed\r\nStatus: 5.1.1\r\n", b"", b"Action: " * 5000, b"\r\n\r\n" * 5000, b"Action: failed\r\n\r\n" * 3000, b"\xff\xfe",
    ))  # fmt: skip
    draft.set("Return-Path", "<>")
    draft.set("From", "MAILER-DAEMON@mx.c.example")
    placed(
        draft,
        multipart(
            b"r",
            chance.sample([b"Content-Type: text/plain\r\n\r\nno", status, inner, inner], 3),
            b"report; report-type=delivery-status",
        ),
    )


@maker
def tnef(chance: random.Random, draft: Draft) -> None:
    start = (0x223E9F78).to_bytes(4, "little") + b"\x01\x00"
    records = b"".join(
        bytes([chance.choice((1, 2, 3))]) + chance.choice((0x9006, 0x8008, 0x9003, 0x9005, 0x800F, 0x9004)).to_bytes(4, "little", signed=False)
        + chance.choice((0, 1, 4, 20, 2**31 - 1, 2**32 - 1)).to_bytes(4, "little") + chance.randbytes(chance.randrange(60))
        for _ in range(chance.randrange(60))
    )  # fmt: skip
    part = (
        b'Content-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + base64.encodebytes(start + records)
    )
    placed(draft, multipart(b"t", [b"Content-Type: text/plain\r\n\r\nsee", part]))


@maker
def unix_lines(chance: random.Random, draft: Draft) -> None:
    draft.end = chance.choice((b"\n", b"\r", b"\r\r\n", b"\n\r", b"\x85", b"\r\n\x00"))


@maker
def no_headers(chance: random.Random, draft: Draft) -> None:
    draft.headers = []
    draft.body = chance.choice(
        (
            b"only text",
            b"\r\nonly text",
            b"http://x: y\r\n\r\nz",
            b"From x\r\nSubject: y\r\n\r\nz",
            b"\xff\xfeS\x00u\x00b\x00",
        )
    )


@maker
def large(chance: random.Random, draft: Draft) -> None:
    if chance.random() < 0.05:  # they cost the most and all come to the same
        draft.body = chance.choice((b"x" * 79 + b"\r\n", b"\x00", b"=\r\n", b"A" * 76 + b"\r\n")) * 140_000
        draft.set("Content-Transfer-Encoding", chance.choice(ENCODINGS[:6]))
    else:
        draft.body *= min(chance.choice((10, 300, 3000)), 1 + MOST // (len(draft.body) + 1))


@maker
def uuencoded(chance: random.Random, draft: Draft) -> None:
    draft.body = (
        b"begin 644 ../../x\r\n"
        + b"M"
        + b"`" * 60
        + b"\r\n" * chance.choice((0, 3, 9000))
        + chance.choice((b"", b"end\r\n", b"begin 644 y\r\n" * 3000))
    )
