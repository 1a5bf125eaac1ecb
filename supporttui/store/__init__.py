"""The store: where tickets, their history and their deadlines are kept.

Peewee lives in this package and nowhere else, and only frozen records leave it.
Names are loaded when first asked for, so that importing a record costs no database driver.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from supporttui.store.opening import open_store
    from supporttui.store.session import Store

__all__ = ["Store", "open_store"]


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "open_store":
            from supporttui.store.opening import open_store

            return open_store
        if name == "Store":
            from supporttui.store.session import Store

            return Store
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
