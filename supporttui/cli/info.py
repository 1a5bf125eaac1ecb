"""`info`: what runs here, where it keeps things, and which setting comes from where.

It is what one asks for when something is wrong, so it never fails because a
part of what it tells is broken: that part says so in its place.
"""

from __future__ import annotations

import os
import platform
import sys
from typing import TYPE_CHECKING, Any

from supporttui.errors import NotFound, SupportError

from .output import record
from .parser import Parser, Verb

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from supporttui.store import Store

    from .session import Session

PACKAGES = ("textual", "peewee", "apsw", "msgspec", "platformdirs", "holidays", "tzdata")
EXTRAS = (
    "IMAPClient",
    "starlette",
    "uvicorn",
    "tnefparse",
    "psycopg",
    "apprise",
)  # what only some desks need
OWN_FILES = ("keys", "commands", "views")  # each NAME.toml in the settings folder
WATCH_FILES = ("roster", "channels", "intake")
NOT_YET = {"state": "not created yet; the first report does it"}


def _configure(parser: Parser) -> None:
    """No arguments of its own."""


def _run(session: Session) -> None:
    found = gather(session)
    out = session.out
    if out.form == "json":
        out.json(found)
    elif out.form == "tsv":
        out.tsv(["what", "value", "origin"], _flat(found))
    else:
        _print(session, found)


def gather(session: Session) -> dict[str, Any]:
    """Everything that `info` prints, as JSON has it."""
    from supporttui import __version__

    settings = session.settings
    return {
        "supporttui": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "actor": _actor(session),
        "packages": {name: _package(name) for name in (*PACKAGES, *EXTRAS)},
        "paths": _paths(session),
        "store": _store(session),
        "policy": _policy(session),
        "watch": _watch(session),
        "terminal": _terminal(session),
        "settings": [
            {"name": name, "value": value.value, "origin": value.origin}
            for name, value in settings.values.items()
        ],
    }


def _package(name: str) -> str:
    """The installed version, read without importing the package."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _actor(session: Session) -> str:
    try:
        return session.settings.actor
    except SupportError as error:
        return str(error)


def _paths(session: Session) -> dict[str, Any]:
    """Where everything is or would be; NAME_found says of a file whether it is there."""
    import tempfile
    from pathlib import Path

    from supporttui.config import config_folder, state_folder, template_folders
    from supporttui.store.place import default_path
    from supporttui.store.presence import SUFFIX

    settings, environ = session.settings, session.world.environ
    folder, store = config_folder(environ), settings.text("store") or default_path()
    program = Path(__file__).resolve().parent.parent
    files = {"settings": settings.file} | {name: folder / f"{name}.toml" for name in OWN_FILES}
    files |= {name: settings.path(name) for name in WATCH_FILES}
    found: dict[str, Any] = {"program": str(program), "python": sys.executable}
    for name, file in files.items():
        found |= {name: str(file), f"{name}_found": file.exists()}
    templates = [str(where) for _, where in template_folders(settings, environ)]
    return found | {
        "templates": ", ".join(templates),
        "themes": str(folder / "themes"),
        "files": _files(session, store),
        "spool": _spool(session),
        "state": str(state_folder(environ)),
        "store": without_password(store),
        # Beside a file; any other store keeps it itself.
        "presence": store.removeprefix("sqlite:///") + SUFFIX if is_file(store) else "",
        "crash_files": str(Path(tempfile.gettempdir()) / "supporttui-crash-*.txt"),
    }


def _files(session: Session, store: str) -> str:
    """The folder of attachments and mails, or why that can't be told."""
    from supporttui.desk.files import usual_folder

    try:
        named = session.intake.files.folder
    except SupportError as error:
        return str(error)
    if named:
        return os.path.expanduser(named)
    return str(usual_folder(store)) if store != ":memory:" else "in memory's own folder"


def _spool(session: Session) -> str:
    """The folder of mails that are no tickets yet, "" for a store in memory, which takes none."""
    from .intake import spool_of

    try:
        return spool_of(session)
    except SupportError:
        return ""


def is_file(store: str) -> bool:
    """Whether a store's name is that of a file."""
    return store != ":memory:" and ("://" not in store or store.startswith("sqlite:///"))


def _store(session: Session) -> dict[str, Any]:
    try:
        store = session.open_existing()
        return {
            "url": without_password(store.url),
            "dialect": store.dialect,
            "engine": store.engine,
            **store.info(),
            **_kept(session, store),
            **_waiting(store),
        }
    except NotFound:
        return NOT_YET
    except SupportError as error:
        return {"error": str(error)}


def _kept(session: Session, store: Store) -> dict[str, Any]:
    """How many files the store keeps beside it, and their bytes; why that can't be told."""
    from supporttui.desk.files import blobs_of, kept_in

    try:
        found = kept_in(blobs_of(store, session.intake).folder)
    except SupportError as error:
        return {"files": str(error)}
    return {"files": found.files, "file_bytes": found.bytes}


def _waiting(store: Store) -> dict[str, Any]:
    """What came in and waits for a decision, and how much of it for a telephone call."""
    from supporttui.store.mail import waiting

    found = waiting(store)
    return {"inbox": found[0], "calls": found[1]}


def without_password(url: str) -> str:
    """The URL with the password of user:password@host left out."""
    from urllib.parse import urlsplit, urlunsplit

    parts = urlsplit(url)
    if not parts.password:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":…@")))


def _policy(session: Session) -> dict[str, Any]:
    try:
        policy = session.load_policy()
    except SupportError as error:
        return {"error": str(error)}
    return {"name": policy.name, "title": policy.title, "hash": policy.hash, "zone": str(policy.vendor.zone)}


def _watch(session: Session) -> dict[str, Any]:
    """What roster, channels and intake settings hold, or why they can't be used; no secret is opened for it."""
    return {
        "roster": _said(session.settings.path("roster"), _roster),
        "channels": _said(session.settings.path("channels"), _channels),
        "intake": _said(session.settings.path("intake"), _intake),
    }


def _said(path: Path, tell: Callable[[Path], str]) -> str:
    try:
        return tell(path) if path.exists() else "none"
    except (SupportError, OSError) as error:
        return f"can't be used: {error}"


def _roster(path: Path) -> str:
    from supporttui.policy.roster import load_roster

    roster = load_roster(path)
    return f"people: {len(roster.people)}; rotations: {', '.join(roster.rotations) or 'none'}"


def _channels(path: Path) -> str:
    from supporttui.watch.channels.settings import load_channels

    channels = load_channels(path)
    found = ["mail"] if channels.mail else []
    for kind, tables in (
        ("webhook", channels.webhooks),
        ("command", channels.commands),
        ("apprise", channels.services),
    ):
        found += [f"{kind}:{table.name}" for table in tables]
    return ", ".join(found) or "none"


def _intake(path: Path) -> str:
    """The ways in."""
    from supporttui.intake.settings import load_intake

    coming = load_intake(path)
    found = [f"mail to {', '.join(coming.mail.addresses)}"] if coming.mail.addresses else []
    found += [f"mailbox {coming.imap.user} at {coming.imap.host}"] if coming.imap else []
    found += [f"uploads in {coming.uploads.folder}"] if coming.uploads else []
    found += [f"web at {coming.web.url}"] if coming.web.url else []
    return "; ".join(found) or "none"


def _terminal(session: Session) -> dict[str, Any]:
    from supporttui.terminal.abilities import detect

    environ = session.world.environ
    return {
        "is_terminal": bool(session.out.width),
        "width": session.out.width,
        "encoding": getattr(session.world.stdout, "encoding", None) or "",
        **record(detect(None if environ is os.environ else environ)),
        "NO_COLOR": bool(environ.get("NO_COLOR")),
    }


def _flat(found: dict[str, Any]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for name, value in found.items():
        if isinstance(value, dict):
            rows += [[f"{name}.{key}", one, ""] for key, one in value.items()]
        elif isinstance(value, list):
            rows += [[f"settings.{one['name']}", one["value"], one["origin"]] for one in value]
        else:
            rows.append([name, value, ""])
    return rows


def _print(session: Session, found: dict[str, Any]) -> None:
    out = session.out
    out.pairs((name, str(found[name])) for name in ("supporttui", "python", "platform", "actor"))
    for name in ("packages", "paths", "store", "policy", "watch", "terminal"):
        out.line()
        out.line(name.title())
        out.pairs((f"  {key}", _word(value)) for key, value in found[name].items())
    out.line()
    out.line("Settings")
    out.pairs(
        (f"  {one['name']}", f"{_word(one['value']) or '-'}  ({one['origin']})") for one in found["settings"]
    )


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


COMMANDS = {"info": Verb(_configure, _run)}
