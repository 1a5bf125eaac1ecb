"""From bytes to text: charsets as mails name them, and the encoded words of headers.

Invariant: nothing here raises, whatever the bytes; what can't be decoded becomes U+FFFD.  Only
codecs for text are used, and none that takes more than linear time.
"""

from __future__ import annotations

import binascii
import codecs
import re

from .transfer import unbase64

# What mails call a charset, and what it is; larger sets stand for the smaller ones that mailers name by
# mistake, as browsers do (WHATWG Encoding).
_ALIASES = {
    "": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8", "ansi_x3.4-1968": "utf-8", "646": "utf-8", "default": "utf-8",
    "unknown-8bit": "utf-8", "x-unknown": "utf-8", "utf8": "utf-8", "utf8mb4": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "utf-8n": "utf-8", "cp65001": "utf-8", "unicode-1-1-utf-7": "utf-7", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "l1": "cp1252", "x-ansi": "cp1252",
    "ansi": "cp1252", "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874",
    "iso-8859-8-i": "cp1255", "iso-8859-8-e": "cp1255", "iso-8859-8": "cp1255", "logical": "cp1255",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "cp936": "gb18030",
    "big5": "cp950", "x-x-big5": "cp950", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949",
    "windows-949": "cp949", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932",
    "windows-31j": "cp932", "iso-2022-jp": "iso2022_jp_ext", "x-euc-jp": "euc_jp", "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "koi8": "koi8_r", "x-cp1251": "cp1251",
    "x-cp1250": "cp1250", "x-cp1252": "cp1252", "ebcdic": "cp037", "ibm-037": "cp037",
}  # fmt: skip
# Codecs of Python that are no charsets of mail, or take quadratic time.
_REFUSED = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs", "oem"})
MOST_HEADER = 20_000  # characters of a header that are decoded
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,4000})\?=")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANK = re.compile(r"[ \t\r\n]*")


def text_of(raw: bytes, charset: str = "") -> str:
    """The text of bytes in a charset as a mail names it; a wrong or unknown name is made up for."""
    name = codec_of(charset) if charset or b"\x1b$" not in raw else "iso2022_jp_ext"
    if name:
        try:
            return raw.decode(name)
        except (UnicodeError, ValueError):
            pass
    for guess in ("utf-8", name if name not in ("", "utf-8") else "cp1252"):
        try:
            return raw.decode(guess)
        except (UnicodeError, ValueError):
            continue
    return raw.decode(name or "utf-8", "replace")


def codec_of(charset: str) -> str:
    """Python's name for a charset, "" when there is none that we would use."""
    low = charset.strip(" \t\r\n\"'").lower()[:60]
    low = _ALIASES.get(low, low)
    if low.replace("_", "-") in _REFUSED or not low.isascii() or not low.isprintable():
        return ""
    try:
        found = codecs.lookup(low)
    except (LookupError, ValueError):
        return ""
    return found.name if getattr(found, "_is_text_encoding", True) else ""


def header_text(raw: bytes) -> str:
    """A header's value as text: encoded words decoded, raw bytes guessed, blanks and line breaks made one blank.

    No control character is left: a header that is made of it again can't be made to be two.
    """
    return one_line(decode_words(text_of(raw[:MOST_HEADER])))


def one_line(text: str) -> str:
    """Text without line breaks, control characters and what no store takes."""
    return _CONTROL.sub("\ufffd", " ".join(text.split()))


def decode_words(text: str) -> str:
    """Text with its encoded words decoded (RFC 2047), as also careless mailers write them.

    A letter whose bytes are split over two words is put together again.
    """
    if "=?" not in text:
        return _whole(text)
    made: list[str] = []
    waiting, charset, at = b"", "", 0
    for word in _WORD.finditer(text[:MOST_HEADER]):
        between = text[at : word.start()]
        name = word[1].partition("*")[0].lower()
        if waiting and (name != charset or not _BLANK.fullmatch(between)):
            made.append(text_of(waiting, charset))
            waiting = b""
        if not (at and _BLANK.fullmatch(between)):
            made.append(_whole(between))
        waiting, charset, at = waiting + _word_bytes(word[2], word[3]), name, word.end()
    if waiting:
        made.append(text_of(waiting, charset))
    return "".join(made) + _whole(text[at:])


def _word_bytes(how: str, word: str) -> bytes:
    raw = word.encode("utf-8", "surrogateescape")
    if how in "qQ":
        return binascii.a2b_qp(raw, header=True)
    return unbase64(raw)


def _whole(text: str) -> str:
    """Text that came with raw bytes in it, as text."""
    try:
        text.encode("utf-8")
        return text
    except UnicodeEncodeError:
        return text_of(text.encode("utf-8", "surrogateescape"))
