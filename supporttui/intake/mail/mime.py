"""A mail taken apart into its entities: headers as they came, bodies as slices of the bytes.

Written for mails that were made to hurt: one pass over the bytes for each level, no backtracking, and
limits that are checked before anything is built.  Names are RFC 2045's and RFC 5322's.
"""

from __future__ import annotations

import binascii
import re

from supporttui.errors import DataError
from supporttui.quickclass import dataclass

from .charsets import decode_words, text_of
from .transfer import ascii_of, decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST_HEADER_BYTES, MOST_HEADERS, MOST_DEPTH, MOST_PARTS = 100 * 1024, 1_000, 20, 200
MOST_VALUE = 8_192  # bytes of one header that are looked at for parameters
MOST_PARAMETERS = 60
MOST_BOUNDARY = 250
_NAME = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_REST = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_TOKEN = re.compile(r"[^\s;=\"()<>@,\\]{1,100}")
_TYPE = re.compile(r"\s*([A-Za-z0-9!#$&^_.+-]{1,100})\s*/\s*([A-Za-z0-9!#$&^_.+-]{1,100})")


class TooMuch(DataError):
    """More of something than a mail may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A mail, or a part of one.

    headers: names in small letters and unfolded raw values, in order.  type: such as "text/plain".
    parameters: of the content type, decoded; names in small letters.  body: as it came.
    children: of a multipart; of message/rfc822 the mail in it.
    """

    headers: Sequence[tuple[str, bytes]]
    type: str
    parameters: Mapping[str, str]
    body: bytes
    children: Sequence[Entity] = ()

    def all(self, name: str) -> Iterator[bytes]:
        return (value for key, value in self.headers if key == name)

    def first(self, name: str) -> bytes:
        return next(self.all(name), b"")

    def content(self) -> bytes:
        """The body without its transfer encoding; what can't be decoded is left as it came."""
        return decoded(self.body, ascii_of(self.first("content-transfer-encoding")))

    def walk(self) -> Iterator[Entity]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class _Count:
    parts: int = 0


def take_apart(raw: bytes) -> Entity:
    """The mail.  Errors: TooMuch."""
    if b"\n" not in raw[:MOST_HEADER_BYTES] and b"\r" in raw[:MOST_HEADER_BYTES]:
        raw = raw.replace(b"\r", b"\n")
    return _entity(raw, 0, len(raw), 0, _Count(), "text/plain")


def headers_of(raw: bytes) -> Entity:
    """The mail's headers alone, as far as the limits allow, with an empty body; for what can't be taken apart."""
    raw = raw[:MOST_HEADER_BYTES]
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    headers, _at = _headers(raw, 0, len(raw), strict=False)
    kind, parameters = _type(headers, "text/plain")
    return Entity(headers=headers, type=kind, parameters=parameters, body=b"")


def _entity(raw: bytes, begin: int, end: int, depth: int, count: _Count, usual: str) -> Entity:
    if depth > MOST_DEPTH:
        raise TooMuch(f"parts within parts more than {MOST_DEPTH} deep")
    count.parts += 1
    if count.parts > MOST_PARTS:
        raise TooMuch(f"more than {MOST_PARTS} parts")
    headers, at = _headers(raw, begin, end, strict=True)
    kind, parameters = _type(headers, usual)
    children: list[Entity] = []
    if kind.startswith("multipart/"):
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        for first, last in _pieces(raw, at, end, parameters.get("boundary", "")):
            children.append(_entity(raw, first, last, depth + 1, count, inner))
        if not children:
            kind = "text/plain"
    elif kind in ("message/rfc822", "message/global") and not _encoded(headers):
        children.append(_entity(raw, at, end, depth + 1, count, "text/plain"))
    return Entity(headers=headers, type=kind, parameters=parameters, body=raw[at:end], children=children)


def _encoded(headers: Sequence[tuple[str, bytes]]) -> bool:
    found = next((value for name, value in headers if name == "content-transfer-encoding"), b"")
    return found.strip().lower() in (b"base64", b"quoted-printable", b"x-uuencode", b"uuencode")


def _headers(raw: bytes, at: int, end: int, *, strict: bool) -> tuple[list[tuple[str, bytes]], int]:
    """The headers from `at` on, and where the body begins.  Errors: TooMuch, if strict."""
    found: list[tuple[str, list[bytes]]] = []
    begin = at
    while at < end:
        stop = raw.find(b"\n", at, min(end, begin + MOST_HEADER_BYTES + 1))
        stop = end if stop < 0 and end - begin <= MOST_HEADER_BYTES else stop
        if stop < 0 or stop - begin > MOST_HEADER_BYTES or len(found) > MOST_HEADERS:
            if strict:
                raise TooMuch(f"more than {MOST_HEADERS:,} headers or {MOST_HEADER_BYTES:,} bytes of them")
            break
        line = raw[at:stop].removesuffix(b"\r")
        if not line:
            at = stop + 1
            break
        if line[:1] in (b" ", b"\t"):
            if found:
                found[-1][1].append(line)
        elif _NAME.match(line):
            name, _colon, value = line.partition(b":")
            found.append((name.strip().lower().decode("ascii"), [value]))
        elif not (at == begin and line.startswith((b"From ", b">From "))):
            break  # no header and no blank line before it: the body begins here
        at = stop + 1
    return [(name, b"".join(lines).strip()) for name, lines in found[:MOST_HEADERS]], min(at, end)


def _pieces(raw: bytes, begin: int, end: int, boundary: str) -> Iterator[tuple[int, int]]:
    """Where the parts of a multipart begin and end."""
    mark = b"--" + boundary.encode("latin-1", "replace")
    if not boundary.strip() or len(mark) > MOST_BOUNDARY:
        return
    at, first = begin, -1
    while (at := raw.find(mark, at, end)) >= 0:
        rest = _REST.match(raw, at + len(mark), end)
        if rest is None or (at > begin and raw[at - 1] != 10):
            at += len(mark)
            continue
        if first >= 0:
            yield first, max(first, at - (2 if raw[at - 2 : at] == b"\r\n" else 1))
        at = rest.end()
        # After its end there may be more of it: some programs give an inner multipart the boundary of the outer one.
        first = -1 if rest[1] else at
    if first >= 0:
        yield first, end


# -- the content type, and parameters in general -----------------------------------------------------


def _type(headers: Sequence[tuple[str, bytes]], usual: str) -> tuple[str, dict[str, str]]:
    value = next((value for name, value in headers if name == "content-type"), b"")
    if not value:
        return usual, {}
    text = value[:MOST_VALUE].decode("utf-8", "surrogateescape")
    found = _TYPE.match(text)
    # A type that can't be read is plain text (RFC 2045, 5.2).
    kind = f"{found[1]}/{found[2]}".lower() if found else "text/plain"
    return kind, parameters_of(value)


def parameters_of(value: bytes) -> dict[str, str]:
    """What follows the first semicolon of a header, names in small letters.

    Values split and encoded as of RFC 2231 are put together again, encoded ones decoded.
    """
    text = value[:MOST_VALUE].decode("utf-8", "surrogateescape")
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for name, given in _parameters(text):
        base, star, rest = name.partition("*")
        if not star:
            plain.setdefault(base, given)
            continue
        number = rest.rstrip("*")
        place = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
        pieces.setdefault(base, {}).setdefault(place, (name.endswith("*"), given))
    found = {name: decode_words(given) for name, given in plain.items()}
    for name, given_pieces in pieces.items():
        found[name] = _joined([given_pieces[place] for place in sorted(given_pieces)])
    return found


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    at = text.find(";")
    for _ in range(MOST_PARAMETERS):
        if at < 0:
            return
        at += 1
        while at < len(text) and text[at] in " \t;":
            at += 1
        found = _TOKEN.match(text, at)
        if found is None:
            at = text.find(";", at)
            continue
        name, at = found[0].lower(), found.end()
        while at < len(text) and text[at] in " \t":
            at += 1
        if text[at : at + 1] != "=":
            at = text.find(";", at)
            continue
        value, at = _value(text, at + 1)
        yield name, value
        at = text.find(";", at)


def _value(text: str, at: int) -> tuple[str, int]:
    """A parameter's value, quoted or not, and where it ends."""
    while at < len(text) and text[at] in " \t":
        at += 1
    if text[at : at + 1] != '"':
        end = text.find(";", at)
        end = len(text) if end < 0 else end
        return text[at:end].strip(), end
    made, at = [], at + 1
    while at < len(text) and text[at] != '"':
        if text[at] == "\\" and at + 1 < len(text):
            at += 1
        made.append(text[at])
        at += 1
    return "".join(made), at + 1


def _joined(pieces: Sequence[tuple[bool, str]]) -> str:
    """The pieces of one value (RFC 2231): charset'language'text, where it says so."""
    charset, made = "", b""
    for place, (encoded, piece) in enumerate(pieces):
        if encoded and place == 0 and piece.count("'") >= 2:
            charset, _language, piece = piece.split("'", 2)
        raw = piece.encode("utf-8", "surrogateescape")
        made += _unquoted(raw) if encoded else raw
    return text_of(made, charset)


def _unquoted(raw: bytes) -> bytes:
    """Without the %XX of a URL."""
    first, *rest = raw.split(b"%")
    made = [first]
    for one in rest:
        try:
            made.append(binascii.unhexlify(one[:2]) + one[2:])
        except binascii.Error:
            made.append(b"%" + one)
    return b"".join(made)
