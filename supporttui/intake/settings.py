"""How problems come in: the file `intake.toml`, one table for each way.

A table that isn't there leaves its way closed; unknown keys are refused.  Secrets lie in files of their own.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Struct, field

from supporttui.errors import PolicyError
from supporttui.policy.decoding import lowered, said

_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?")
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")
MB = 1_000_000


class _Table(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file: unknown keys are errors, values never change."""


class MailTable(_Table, frozen=True):
    """addresses: our own; customers write to the first, and what comes from any is never answered.
    authserv_id: whose Authentication-Results are believed (RFC 8601); "": nobody's.
    most_mb: a larger mail is kept as a fallback.  most_answers: automatic letters that leave in an hour.
    """

    addresses: tuple[str, ...] = ()
    authserv_id: str = ""
    most_mb: int = 10
    most_answers: int = 300


class ImapTable(_Table, frozen=True):
    """A mailbox that is polled.  done: the folder for what was taken; "": it is only marked as seen.
    tls: "tls", "starttls" or "none" (loopback only).  login: "oauth2" when password_file holds an access
    token that another program keeps fresh.  every: seconds between two looks.  timeout: seconds.
    """

    host: str
    user: str
    port: int = 993
    tls: Literal["tls", "starttls", "none"] = "tls"
    login: Literal["password", "oauth2"] = "password"
    password_file: str = ""
    folder: str = "INBOX"
    done: str = ""
    every: int = 60
    timeout: int = 30
    ca_file: str = ""


class UploadsTable(_Table, frozen=True):
    """A folder that an FTP or SFTP daemon fills.  owners: users whose files are taken; empty: any.
    every: seconds between two looks.  looks: how many in a row must find a file unchanged before it is taken.
    most_mb: a larger file stays where it is and is told.  partial: endings of files that a client is still
    sending.  numbers: whether a ticket's bare number counts "anywhere" or only in the "own" folder of its
    customer.  customers: folders that aren't called like the number or the name of their customer.
    """

    folder: str
    owners: tuple[str, ...] = ()
    every: Annotated[int, msgspec.Meta(ge=1, le=86_400)] = 30
    looks: Annotated[int, msgspec.Meta(ge=2, le=100)] = 2
    most_mb: Annotated[int, msgspec.Meta(ge=1)] = 2000
    partial: tuple[str, ...] = (".part", ".partial", ".filepart", ".tmp", ".crdownload")
    numbers: Literal["anywhere", "own"] = "anywhere"
    customers: dict[str, str] = field(default_factory=dict)


class WebTable(_Table, frozen=True):
    """url: what customers type, for links in mails.  host, port: where it listens, on loopback unless behind
    something else; port 0 takes a free one.  proxies: whose X-Forwarded-For is believed.  most_mb: of all files of
    one report.  reports_an_hour, questions_an_hour: of one visitor; all together may send twenty times as many reports.
    """

    url: str = ""
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 8025
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    most_mb: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 100
    reports_an_hour: Annotated[int, msgspec.Meta(ge=1)] = 20
    questions_an_hour: Annotated[int, msgspec.Meta(ge=1)] = 20


class FilesTable(_Table, frozen=True):
    """folder: where files and mails are kept; "": beside the store.  most_mb: of one attachment."""

    folder: str = ""
    most_mb: int = 100


class Intake(_Table, frozen=True):
    """The whole file."""

    mail: MailTable = field(default_factory=MailTable)
    imap: ImapTable | None = None
    uploads: UploadsTable | None = None
    web: WebTable = field(default_factory=WebTable)
    files: FilesTable = field(default_factory=FilesTable)


def load_intake(path: Path) -> Intake:
    """The settings of a file; what there is without one when there is none.  Errors: PolicyError."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Intake()
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: can't be read: {getattr(error, 'strerror', None) or error}") from None
    return read_intake(text, str(path))


def read_intake(text: str, name: str) -> Intake:
    """The settings of a text.  name: of the file, for messages.  Errors: PolicyError."""
    try:
        found = msgspec.toml.decode(text, type=Intake)
    except msgspec.ValidationError as error:
        raise PolicyError(f"{name}: {said(str(error), Intake, 'intake file')}") from None
    except (msgspec.DecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"{name}: {lowered(str(error))}") from None
    for address in found.mail.addresses:
        if not _ADDRESS.fullmatch(address):
            raise PolicyError(f"{name}: mail.addresses: '{address}' is no e-mail address")
    if found.imap is not None:
        _check_imap(found.imap, name)
    _check_web(found.web, name)
    return found


def _check_web(web: WebTable, name: str) -> None:
    if web.url and not _URL.fullmatch(web.url):
        raise PolicyError(
            f"{name}: web.url: '{web.url}' is no URL of a page; write https://support.vendor.example"
        )
    if web.proxies == WebTable().proxies:
        return
    from ipaddress import ip_network  # a mail that comes in waits for this file too

    for one in web.proxies:
        try:
            ip_network(one, strict=False)
        except ValueError:
            raise PolicyError(f"{name}: web.proxies: '{one}' is no address or network of addresses") from None


def _check_imap(imap: ImapTable, name: str) -> None:
    if imap.tls == "none" and imap.host not in ("localhost", "127.0.0.1", "::1"):
        raise PolicyError(f"{name}: imap.tls: \"none\" is for loopback; write 'tls' or 'starttls'")
    for key, value, most in (
        ("port", imap.port, 65535),
        ("every", imap.every, 86400),
        ("timeout", imap.timeout, 600),
    ):
        if not 1 <= value <= most:
            raise PolicyError(f"{name}: imap.{key}: {value} is not from 1 to {most}")
