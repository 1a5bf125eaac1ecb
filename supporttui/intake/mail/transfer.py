"""Transfer encodings (RFC 2045, 6): base64, quoted-printable, uuencode; forgiving, in linear time."""

from __future__ import annotations

import binascii
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_BEGIN = re.compile(r"begin [0-7]{3,4} \S.{0,250}")
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)


def ascii_of(value: bytes) -> str:
    return value.decode("ascii", "replace").strip().lower()


def decoded(body: bytes, encoding: str) -> bytes:
    """A body without its transfer encoding; as it came when it is none that we know."""
    if encoding == "base64":
        return unbase64(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _unuu(body)
    return body


def unbase64(body: bytes) -> bytes:
    """What is base64 in a text, up to the padding; letters of no meaning are passed over."""
    end = body.find(b"=")
    letters = (body if end < 0 else body[:end]).translate(None, _NOT_BASE64)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def files_in_text(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """A text without the uuencoded files in it, and those: (name, content).  What is no whole file stays text."""
    kept: list[str] = []
    found: list[tuple[str, bytes]] = []
    begin = -1
    for line in text.split("\n") if "begin " in text else ():
        kept.append(line)
        if _BEGIN.fullmatch(line):
            begin = len(kept) - 1
        elif begin >= 0 and line.strip() == "end":
            block = [one.encode("utf-8", "replace") for one in kept[begin + 1 : -1]]
            content = _lines_unuued(block)
            if content is not None:
                found.append((kept[begin].split(" ", 2)[2], content))
                del kept[begin:]
            begin = -1
    return ("\n".join(kept), found) if found else (text, [])


def _unuu(body: bytes) -> bytes:
    """The file that a body is, up to its end; the body as it came when it is none."""
    lines = body.splitlines()
    begin = next((at + 1 for at, line in enumerate(lines) if line.startswith(b"begin ")), 0)
    end = next((at for at in range(begin, len(lines)) if lines[at].strip() == b"end"), len(lines))
    content = _lines_unuued(lines[begin:end])
    return body if content is None else content


def _lines_unuued(lines: Sequence[bytes]) -> bytes | None:
    """What uuencoded lines stand for; None when one of them is none."""
    made = []
    for line in lines:
        if line.strip() in (b"`", b""):
            continue
        try:
            made.append(binascii.a2b_uu(line))
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3  # some encoders write a letter too many
            try:
                made.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                return None
    return b"".join(made)
