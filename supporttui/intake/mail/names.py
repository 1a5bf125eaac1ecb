"""What a file of a mail is called: a label for people, never a path."""

from __future__ import annotations

import unicodedata

MOST = 200
_ENDINGS = {
    "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "text/csv": ".csv", "text/xml": ".xml",
    "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "application/pdf": ".pdf",
    "application/zip": ".zip", "application/gzip": ".gz", "application/json": ".json", "message/rfc822": ".eml",
    "message/global": ".eml", "message/delivery-status": ".txt", "text/rfc822-headers": ".txt",
    "application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m", "application/pgp-signature": ".asc", "text/vcard": ".vcf",
    "application/ms-tnef": ".dat",
}  # fmt: skip


def file_name(given: str, type: str, *, subject: str = "", number: int = 1) -> str:
    """A label for a file.  given: its sender's.  subject: of an attached mail.  number: its place in the mail."""
    label = _plain(given.replace("\\", "/").rpartition("/")[2])
    if label.strip("."):
        return label
    ending = _ENDINGS.get(type, "")
    return (_plain(subject.replace("/", "-").replace("\\", "-"))[: MOST - 4] or f"part-{number}") + ending


def _plain(text: str) -> str:
    """On one line, without what shows nothing or turns the line around; its ending kept when it is too long."""
    kept = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text[: 4 * MOST])
    line = " ".join(kept.split())
    stem, dot, ending = line.rpartition(".")
    if len(line) > MOST and dot and len(ending) <= 12:
        return stem[: MOST - 1 - len(ending)] + dot + ending
    return line[:MOST]
