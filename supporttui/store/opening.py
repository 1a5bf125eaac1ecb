"""Opening a store by path or URL, and what there is to say about an open one."""

from __future__ import annotations

import os
import threading

from supporttui.errors import StoreUnfit, SupportError, UsageError
from supporttui.store import place
from supporttui.store.migrations import LATEST
from supporttui.store.session import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from supporttui.store.engine import Engine

_POSTGRES = ("postgresql://", "postgres://")
_opening = threading.Lock()  # making a new file closes a descriptor of it, which must precede any use of it


def open_store(target: str | Path | None = None, *, readonly: bool = False, create: bool = True) -> Store:
    """Open a store and bring its schema up to this program's.

    target: a path, sqlite:///PATH, ":memory:", postgresql://USER@HOST/NAME, or None for the
    file in the platform's data folder.  readonly: never writes, not even the schema.
    create: make the file when it is missing, else NotFound.
    Raises StoreUnfit, StoreBusy, StoreError, NotFound or UsageError, each one clear line.
    """
    text = "" if target is None else str(target)
    if text.startswith(_POSTGRES):
        return _open_postgres(text, readonly)
    path = _sqlite_path(text)
    if path == ":memory:":
        return _open_memory()
    with _opening:
        new = place.prepare(path, create=create and not readonly, is_default=not text)
    if new and readonly:
        raise StoreUnfit(f"the store {path} is empty; open it once for writing to give it its schema")
    from supporttui.store.sqlite import SqliteEngine

    engine = SqliteEngine(path, readonly=readonly, gate_mode=place.private_mode(os.path.dirname(path)))
    return _ready(engine, path, readonly)


def _sqlite_path(text: str) -> str:
    if text.startswith("sqlite:"):
        if not text.startswith("sqlite:///") or len(text) == len("sqlite:///"):
            raise UsageError(f"{text} names no file; write sqlite:///PATH, or just the path")
        text = text[len("sqlite:///") :]
    elif "://" in text:
        scheme = text.partition("://")[0]
        raise UsageError(
            f"a store can't be {scheme}://…; use a path, sqlite:///PATH or postgresql://USER@HOST/NAME"
        )
    if "\x00" in text:
        raise UsageError("a path can't contain a NUL character; check --store")
    if text == ":memory:":
        return text
    # The real path: two names of one store would be two gates.
    return os.path.realpath(os.path.expanduser(text) if text else place.default_path())


def _open_memory() -> Store:
    from supporttui.store.sqlite import SqliteEngine

    return _ready(SqliteEngine(":memory:"), ":memory:", False)


def _open_postgres(url: str, readonly: bool) -> Store:
    from supporttui.store.postgres import PostgresEngine

    engine = PostgresEngine(url, readonly=readonly)
    return _ready(engine, engine.url, readonly)


def _ready(engine: Engine, url: str, readonly: bool) -> Store:
    try:
        if engine.schema_version() != LATEST:
            from supporttui.store.migrate import bring_up_to_date

            bring_up_to_date(engine, url, readonly=readonly)
    except SupportError:
        engine.close()
        raise
    except Exception as error:
        engine.close()
        raise engine.explain(error) from error
    return Store(engine, url, readonly=readonly)


def describe(store: Store, engine: Engine) -> dict[str, Any]:
    """Facts about a store by name: url, engine, schema, readonly, tickets, open, journal, bytes (SQLite)."""
    counts = store.execute(
        "SELECT (SELECT count(*) FROM ticket), (SELECT count(*) FROM ticket WHERE open = 1), "
        "(SELECT coalesce(max(id), 0) FROM journal)"
    )[0]
    facts: dict[str, Any] = {
        "url": store.url,
        "engine": store.engine,
        "schema": engine.schema_version(),
        "readonly": store.readonly,
        "tickets": counts[0],
        "open": counts[1],
        "journal": counts[2],
    }
    if os.path.isfile(store.url):
        facts["bytes"] = os.path.getsize(store.url)
    return facts
