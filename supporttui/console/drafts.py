"""Unsent text in the store, on the database thread."""

from __future__ import annotations

from collections.abc import Iterable

from supporttui.desk.session import Desk
from supporttui.store import drafts
from supporttui.store.records import Draft


def load(desk: Desk) -> dict[tuple[int, str], Draft]:
    """The analyst's drafts by ticket and kind."""
    with desk.store.read():
        return {(draft.ticket, draft.kind): draft for draft in drafts.of_actor(desk.store, desk.actor)}


def save(desk: Desk, draft: Draft) -> None:
    with desk.store.write():
        drafts.save(desk.store, draft)


def save_all(desk: Desk, unsent: Iterable[Draft]) -> None:
    """What was being written when the console had to end."""
    with desk.store.write():
        for draft in unsent:
            drafts.save(desk.store, draft)


def drop(desk: Desk, ticket: int, kind: str) -> None:
    with desk.store.write():
        drafts.drop(desk.store, desk.actor, ticket, kind)
