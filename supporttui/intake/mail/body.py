"""Which of a mail's parts are its text, and which are files.

The text is plain text wherever the sender gave some; of HTML it is what a person would read.  Everything
else is a file, the winmail.dat of Outlook opened, attached mails whole.
"""

from __future__ import annotations

import re

from supporttui.quickclass import dataclass

from .charsets import header_text, one_line, text_of
from .htmltext import text_of_html
from .mime import MOST_PARTS, Entity, TooMuch, parameters_of
from .names import file_name
from .transfer import ascii_of, files_in_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_TEXT = 900_000  # characters; a ticket has room for a million
MOST_ATTACHED = 10  # mails whose text is shown when there is no other
_CUT = "\n\n[cut here: the whole mail is kept as it came]"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_HTML = ("text/html", "application/xhtml+xml", "text/enriched", "text/richtext")
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_SEALED = {
    "application/pkcs7-mime": "it is encrypted or signed as S/MIME: its content lies in a file",
    "application/x-pkcs7-mime": "it is encrypted or signed as S/MIME: its content lies in a file",
    "application/pgp-encrypted": "it is encrypted with PGP: its content lies in a file",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file of a mail.  name: a label.  cid: its Content-ID, without angle brackets."""

    content: bytes
    name: str = ""
    type: str = ""
    inline: bool = False
    cid: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    text: str
    files: tuple[File, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """What was found so far.  files: in the order of the mail."""

    texts: list[str]
    files: list[File]
    notes: list[str]


def body_of(mail: Entity) -> Body:
    """Text and files of a mail.  Errors: TooMuch."""
    found = _Found([], [], [])
    _collect(mail, found)
    text = _joined(found.texts)
    if not text:
        text = _joined([_text(part) for part in _shown(mail)]) or _of_attached(mail)
    if len(found.files) > MOST_PARTS:
        raise TooMuch(f"more than {MOST_PARTS} files")
    return Body(text, tuple(found.files), tuple(dict.fromkeys(found.notes)))


def _collect(part: Entity, found: _Found) -> None:
    if part.type == "multipart/alternative":
        _alternative(part, found)
    elif part.type.startswith("multipart/"):
        for child in part.children:
            _collect(child, found)
    elif _is_text(part):
        text, files = files_in_text(_text(part))
        found.texts.append(text)
        for name, content in files:
            label = file_name(name, "", number=len(found.files) + 1)
            found.files.append(File(content, label, "application/octet-stream"))
    elif part.type in _TNEF or _name(part).lower() == "winmail.dat":
        _open_tnef(part, found)
    else:
        found.files.append(_file(part, len(found.files) + 1))
        if part.type in _SEALED:
            found.notes.append(_SEALED[part.type])


def _alternative(part: Entity, found: _Found) -> None:
    """The same said in several ways: the plain one, unless it says nothing; the files of all."""
    ways: list[tuple[str, str]] = []
    for child in part.children:
        inner = _Found([], found.files, found.notes)
        _collect(child, inner)
        if inner.texts:
            ways.append((next((one.type for one in child.walk() if _is_text(one)), ""), _joined(inner.texts)))
    plain = next((text for kind, text in ways if kind == "text/plain" and text.strip()), "")
    rich = next((text for kind, text in ways if kind in _HTML and text.strip()), "")
    best = rich if rich and (not plain or _says_nothing(plain)) else plain or rich
    found.texts += [best] if best else [text for _kind, text in ways[:1]]


def _says_nothing(plain: str) -> bool:
    """A plain text that only says that there is HTML."""
    return len(plain) < 400 and "html" in plain.lower() and plain.count("\n") < 6


def _is_text(part: Entity) -> bool:
    """Whether a part is text to be read, rather than a file."""
    if part.children or (part.type not in _HTML and part.type != "text/plain"):
        return False
    told = ascii_of(part.first("content-disposition"))
    return not told.startswith("attachment") and not _name(part)


def _shown(part: Entity) -> Iterator[Entity]:
    """The texts that have a file's name, but are to be shown within the mail; they are files too."""
    if part.type.startswith("multipart/"):
        for child in part.children:
            yield from _shown(child)
    elif part.type == "text/plain" and not ascii_of(part.first("content-disposition")).startswith(
        "attachment"
    ):
        yield part


def _text(part: Entity) -> str:
    raw, charset = part.content(), part.parameters.get("charset", "")
    if part.type in _HTML:
        return _clean(text_of_html(text_of(raw, charset or _charset_in(raw))))
    text = _clean(text_of(raw, charset))
    if part.parameters.get("format", "").lower() == "flowed":
        return _unflowed(text, part.parameters.get("delsp", "").lower() == "yes")
    return text


_META = re.compile(rb"<meta[^<>]{0,200}charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)


def _charset_in(raw: bytes) -> str:
    found = _META.search(raw[:4_000])
    return found[1].decode("ascii") if found else ""


def _clean(text: str) -> str:
    """Lines with their ends as we have them, without what no store takes."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    text = text.removeprefix("\ufeff")
    return text if text.isascii() and "\x00" not in text else _UNSTORABLE.sub("\ufffd", text)


def _unflowed(text: str, delsp: bool) -> str:
    """Lines put together that were only broken on the way (RFC 3676)."""
    made: list[list[str]] = []
    flows, depth = False, 0
    for line in text.split("\n"):
        words = line.lstrip(">")
        quotes, words = len(line) - len(words), words.removeprefix(" ")
        went_on = flows and quotes == depth and words != "-- "
        flows, depth = words.endswith(" ") and words != "-- ", quotes
        if delsp and flows:
            words = words[:-1]
        if went_on:
            made[-1].append(words)
        else:
            made.append([">" * quotes + (" " if quotes else ""), words])
    return "\n".join("".join(pieces).rstrip() for pieces in made)


def _joined(texts: list[str]) -> str:
    text = "\n\n".join(one.strip("\n").rstrip() for one in texts if one.strip())
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + _CUT


def _of_attached(mail: Entity) -> str:
    """The texts of the mails that are attached, when there is nothing else to read, as when somebody forwards them so."""
    attached = [child for part in _messages(mail) for child in part.children]
    return "\n\n".join(one for one in map(_attached, attached[:MOST_ATTACHED]) if one)


def _attached(mail: Entity) -> str:
    inner = _Found([], [], [])
    _collect(mail, inner)
    text = _joined(inner.texts)
    told = [(name, header_text(mail.first(name))) for name in ("from", "date", "subject")]
    lines = [f"{name.capitalize()}: {value}" for name, value in told if value]
    return "\n".join(["Attached mail:", *lines, "", text]) if text else ""


def _messages(part: Entity) -> Iterator[Entity]:
    """The attached mails of a part, not those within them."""
    if part.type in ("message/rfc822", "message/global"):
        yield part
    else:
        for child in part.children:
            yield from _messages(child)


# -- files ---------------------------------------------------------------------------------------------


def _name(part: Entity) -> str:
    given = parameters_of(part.first("content-disposition")).get("filename", "")
    return given or part.parameters.get("name", "")


def _file(part: Entity, number: int) -> File:
    subject = ""
    if part.type in ("message/rfc822", "message/global") and part.children:
        subject = header_text(part.children[0].first("subject")) or "mail"
    told = ascii_of(part.first("content-disposition"))
    cid = one_line(text_of(part.first("content-id")[:300])).strip("<>")[:250]
    inline = part.type.startswith("image/") and (told.startswith("inline") or (bool(cid) and not told))
    content = part.body if part.children else part.content()
    name = file_name(_name(part), part.type, subject=subject, number=number)
    return File(content, name, part.type[:120], inline, cid)


def _open_tnef(part: Entity, found: _Found) -> None:
    """The files and, if the mail has no other, the text of a winmail.dat; whole when it can't be opened."""
    from .tnef import open_tnef

    inside = open_tnef(part.content())
    if inside is None:
        found.files.append(_file(part, len(found.files) + 1))
        found.notes.append("winmail.dat could not be opened: it is attached as it came")
        return
    text, files = inside
    if text.strip() and not any(one.strip() for one in found.texts):
        found.texts.append(_clean(text))
    for name, content in files:
        label = file_name(name, "", number=len(found.files) + 1)
        found.files.append(File(content, label, "application/octet-stream"))
