"""Saved queries: the ones that every desk starts with, those that people save, those of a person's file.

Of several views with one name the nearest to the person counts: their file,
then what they saved in the store, then the desk's, then the built-in one.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from supporttui.errors import NotFound, QueryError
from supporttui.store import views as stored
from supporttui.store.records import View

from . import check, viewfile
from .act import transaction
from .look import snapshot
from .session import Desk
from .viewfile import NamedView, Source

UNPLACED = 1000

BUILT_IN = (
    View(name="Open", query="open -snoozed", position=1),
    View(name="Overdue", query="open overdue", position=2),
    View(name="Severity 1", query="open sev:1", position=3),
    View(name="Mine", query="open owner:@me", position=4),
    View(name="New", query="open status:new -snoozed", position=5),
    View(name="Waiting", query="open status:waiting-customer,waiting-vendor", position=6),
    View(name="All", query="sort:-number", position=7),
)


def all_views(desk: Desk, file: Path | None = None) -> tuple[NamedView, ...]:
    """Every view that is shown, in the order of the tabs."""
    return gather(desk, viewfile.read(file))


def gather(desk: Desk, file: viewfile.ViewFile) -> tuple[NamedView, ...]:
    """Every view that is shown, in the order of the tabs, with what a person's file says of them."""
    with snapshot(desk):
        saved = stored.all(desk.store, desk.actor)
    named = {view.name.casefold(): _named(view, "built-in") for view in BUILT_IN}
    for view in saved:
        named[view.name.casefold()] = _named(view, "own" if view.owner else "desk")
    hidden = {one.name.casefold() for one in file.views if one.hidden}
    for at, one in enumerate(file.views):
        _take_over(named, one, UNPLACED + at)
    shown = [view for key, view in named.items() if key not in hidden]
    shown.sort(key=lambda view: (view.position or UNPLACED, view.name))
    return tuple(shown) or (_named(BUILT_IN[0], "built-in"),)


def _named(view: View, source: Source) -> NamedView:
    return NamedView(
        name=view.name,
        query=view.query,
        owner=view.owner,
        position=view.position,
        source=source,
        fault=_fault(view.query),
    )


def _take_over(named: dict[str, NamedView], one: viewfile.FileView, place: int) -> None:
    """What the file says of a view, or the view that it adds."""
    known = named.get(one.name.casefold())
    if one.query is None:
        if known is not None:
            named[one.name.casefold()] = replace(
                known, position=one.order or known.position, bell=one.bell or known.bell
            )
        return
    position = one.order or (known.position if known else place)
    named[one.name.casefold()] = NamedView(
        name=one.name, query=one.query, position=position, source="file", bell=one.bell, fault=one.fault
    )


def _fault(query: str) -> str:
    from .query import parse

    try:
        parse(query)
    except QueryError as error:
        return f"query, {error}"
    return ""


def find(desk: Desk, name: str, file: Path | None = None) -> NamedView:
    """A view by name, without regard to case.  Errors: NotFound naming the nearest."""
    views = all_views(desk, file)
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


def delete(desk: Desk, name: str, *, shared: bool | None = None) -> None:
    """Forget a saved view; the built-in ones stay.

    shared: only the desk's (True) or only one's own (False); None: one's own, else the desk's.
    """
    with transaction(desk):
        owner = "" if shared else desk.actor
        found = stored.get(desk.store, name, owner)
        if found is None or (shared is False and not found.owner):
            raise NotFound(f"no saved view '{name}' of yours or of the desk's")
        stored.delete(desk.store, name, owner)


def save_mine(desk: Desk, file: Path | None, name: str, query: str, *, bell: bool = False) -> None:
    """Save a view for oneself: in one's file, or in the store when there is no file to write.

    Errors: QueryError, UsageError, DataError.
    """
    from .query import parse

    parse(query)
    if file is None:
        save(desk, name, query)
    else:
        viewfile.put(file, check.subject(name), query, bell=bell)


def drop(desk: Desk, view: NamedView, file: Path | None) -> str:
    """Delete a view where it comes from, or hide one that can't be deleted; returns what was done.

    Errors: NotFound, DataError.
    """
    if view.source == "file" and file is not None:
        viewfile.remove(file, view.name)
        return f"view '{view.name}' is deleted from {file.name}; it was: {view.query or 'everything'}"
    if view.source in ("desk", "own"):
        delete(desk, view.name, shared=view.source == "desk")
        whose = "the desk's" if view.source == "desk" else "your"
        return f"{whose} view '{view.name}' is deleted; it was: {view.query or 'everything'}"
    if file is None:
        raise NotFound(f"'{view.name}' is built in and can't be hidden here: there is no {viewfile.FILE}")
    viewfile.put(file, view.name, None, hidden=True)
    return f"view '{view.name}' is hidden; take its entry out of {file} to show it again"
