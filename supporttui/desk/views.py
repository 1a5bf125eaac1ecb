"""Saved queries: the ones that every desk starts with, and those that people save."""

from __future__ import annotations

from supporttui.errors import NotFound
from supporttui.store import views as stored
from supporttui.store.records import View

from . import check
from .act import transaction
from .look import snapshot
from .session import Desk

BUILT_IN = (
    View(name="Open", query="open -snoozed", position=1),
    View(name="Overdue", query="open overdue", position=2),
    View(name="Severity 1", query="open sev:1", position=3),
    View(name="Mine", query="open owner:@me", position=4),
    View(name="New", query="open status:new -snoozed", position=5),
    View(name="Waiting", query="open status:waiting-customer,waiting-vendor", position=6),
    View(name="All", query="sort:-number", position=7),
)


def all_views(desk: Desk) -> tuple[View, ...]:
    """The built-in views, then the desk's, then the actor's own; a saved one replaces its namesake."""
    with snapshot(desk):
        saved = stored.all(desk.store, desk.actor)
    named = {view.name: view for view in (*BUILT_IN, *saved)}
    return tuple(sorted(named.values(), key=lambda view: (view.position or 1000, view.name)))


def find(desk: Desk, name: str) -> View:
    """A view by name, without regard to case.  Errors: NotFound naming the nearest."""
    views = all_views(desk)
    for view in views:
        if view.name.casefold() == name.casefold():
            return view
    raise NotFound(f"no view '{name}'{check.nearest(name, [view.name for view in views])}")


def save(desk: Desk, name: str, query: str, *, shared: bool = False) -> View:
    """Save a query as a view, for oneself or for the desk.  Errors: QueryError, UsageError."""
    from .query import parse

    parse(query)
    view = View(name=check.subject(name), query=query, owner="" if shared else desk.actor, position=100)
    with transaction(desk):
        stored.save(desk.store, view)
    return view


def delete(desk: Desk, name: str) -> None:
    """Forget a saved view; the built-in ones stay."""
    with transaction(desk):
        if not stored.delete(desk.store, name, desk.actor):
            raise NotFound(f"no saved view '{name}' of yours or of the desk's")
