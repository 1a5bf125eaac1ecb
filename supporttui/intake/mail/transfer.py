"""Transfer encodings (RFC 2045, 6): base64, quoted-printable, uuencode; forgiving, in linear time."""

from __future__ import annotations

import binascii

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


def _unuu(body: bytes) -> bytes:
    lines = body.splitlines()
    begin = next((at for at, line in enumerate(lines) if line.startswith(b"begin ")), -1)
    made = []
    for line in lines[begin + 1 :]:
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            made.append(binascii.a2b_uu(line))
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3  # some encoders write a letter too many
            try:
                made.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                return body
    return b"".join(made)
