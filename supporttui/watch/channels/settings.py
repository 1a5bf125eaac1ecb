"""The channels file: through what notices leave, set up once on the host that sends them.

Secrets are never in it: they are in files that only their owner can read, named
here, so that the file itself can be shown and versioned.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import field

from supporttui.errors import PolicyError
from supporttui.policy.decoding import lowered, said
from supporttui.policy.durations import nearest
from supporttui.policy.records import _Table

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")
LONGEST = 120  # seconds that one delivery may take


class Mail(_Table, frozen=True):
    """An SMTP server.  sender: the From of every notice.  timeout in seconds.

    tls: "none" (loopback only), "starttls" or "tls" from the first byte.
    """

    host: str
    sender: str
    port: int = 25
    tls: Literal["none", "starttls", "tls"] = "none"
    user: str = ""
    password_file: str = ""
    ca_file: str = ""
    timeout: int = 20


class Webhook(_Table, frozen=True):
    """An https address that takes a JSON body signed with HMAC-SHA256.

    secret_file: the key of the signature.  private: whether an address of a private network is meant.
    """

    name: str
    url: str
    secret_file: str = ""
    ca_file: str = ""
    private: bool = False
    timeout: int = 5


class Command(_Table, frozen=True):
    """A program of one's own.  It gets the notice's fields by environment and the text on standard input."""

    name: str
    argv: tuple[str, ...]
    timeout: int = 20


class Service(_Table, frozen=True):
    """A service of the Apprise library.  url_file: its URL, which holds its secrets."""

    name: str
    url_file: str
    timeout: int = 20


class Channels(_Table, frozen=True):
    """The whole file.  phone: the command that telephone numbers are told through, "" for none."""

    mail: Mail | None = None
    webhooks: tuple[Webhook, ...] = field(name="webhook", default=())
    commands: tuple[Command, ...] = field(name="command", default=())
    services: tuple[Service, ...] = field(name="apprise", default=())
    phone: str = ""

    def find(self, kind: str, name: str) -> Webhook | Command | Service | None:
        """The channel of an address such as "webhook:ops"."""
        tables: dict[str, tuple[Any, ...]] = {
            "webhook": self.webhooks, "command": self.commands, "apprise": self.services,
        }  # fmt: skip
        found: Webhook | Command | Service | None = next(
            (one for one in tables.get(kind, ()) if one.name == name), None
        )
        return found


NONE = Channels()


def load_channels(path: Path) -> Channels:
    """The channels of a file; none where there is no file.  Errors: PolicyError, one line with file and key."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return NONE
    except UnicodeDecodeError as error:
        raise PolicyError(f"{path.name}: not UTF-8 text (byte {error.start + 1})") from None
    except OSError as error:
        raise PolicyError(f"{path}: can't be read: {lowered(error.strerror or 'error')}") from None
    return read_channels(text, path.name)


def read_channels(text: str, source: str) -> Channels:
    """Channels from their TOML text.  Files of secrets are looked at when they are used."""
    try:
        channels = msgspec.convert(tomllib.loads(text), Channels)
        _verify(channels)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PolicyError(f"{source}: not TOML: {lowered(str(error))}") from None
    except msgspec.ValidationError as error:
        raise PolicyError(f"{source}: {said(str(error), Channels, 'channels file')}") from None
    except ValueError as error:
        raise PolicyError(f"{source}: {error}") from None
    return channels


def _verify(channels: Channels) -> None:
    groups: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("webhook", channels.webhooks), ("command", channels.commands), ("apprise", channels.services),
    )  # fmt: skip
    for kind, tables in groups:
        names: list[str] = []
        for n, table in enumerate(tables):
            _name(f"{kind}[{n}].name", table.name, names)
            _seconds(f"{kind}[{n}].timeout", table.timeout)
            names.append(table.name)
    for n, hook in enumerate(channels.webhooks):
        _url(f"webhook[{n}].url", hook.url)
    for n, command in enumerate(channels.commands):
        _argv(f"command[{n}].argv", command.argv)
    if channels.mail is not None:
        _mail(channels.mail)
    if channels.phone and channels.find("command", channels.phone) is None:
        near = nearest(channels.phone, [one.name for one in channels.commands])
        raise ValueError(f"phone: no [[command]] '{channels.phone}'{near}")


def _name(key: str, name: str, before: list[str]) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{key}: '{name}' is no name; write small letters, digits and - or _")
    if name in before:
        raise ValueError(f"{key}: '{name}' is given twice")


def _seconds(key: str, timeout: int) -> None:
    if not 1 <= timeout <= LONGEST:
        raise ValueError(f"{key}: {timeout} seconds; write 1 to {LONGEST}")


def _url(key: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        fit = parts.scheme == "https" and bool(parts.hostname) and not parts.username and url.isprintable()
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        fit = False
    if not fit:
        raise ValueError(f"{key}: write an https address without user and password")


def _argv(key: str, argv: tuple[str, ...]) -> None:
    if not argv or not Path(argv[0]).is_absolute():
        raise ValueError(f"{key}: begin with the whole path of the program")


def _mail(mail: Mail) -> None:
    _seconds("mail.timeout", mail.timeout)
    if not _ADDRESS.fullmatch(mail.sender):
        raise ValueError(f"mail.sender: '{mail.sender}' is no e-mail address")
    if not 1 <= mail.port <= 65535:
        raise ValueError(f"mail.port: {mail.port} is no port")
    if mail.tls == "none" and (mail.user or mail.host not in ("localhost", "127.0.0.1", "::1")):
        raise ValueError("mail.tls: \"none\" is for loopback without a password; write 'starttls' or 'tls'")
