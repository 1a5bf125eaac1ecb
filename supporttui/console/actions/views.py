"""Saved views from the console: keep the query that is shown, and drop the view that is shown."""

from __future__ import annotations

from typing import cast

from supporttui.console.dialogs.choose import Choose
from supporttui.console.dialogs.line import AskLine
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Work
from supporttui.desk import views
from supporttui.desk.session import Desk
from supporttui.desk.viewfile import NamedView

from . import move

LONGEST = 40  # signs of a name: a tab must leave room for others


async def save_view(work: Work) -> None:
    """Name the query that is shown and keep it, for oneself or for the desk."""
    query = work.screen.question.query
    name = await work.ask(
        work.app.dialog(AskLine).prepare(
            f"Save as a view: {query or 'everything'}",
            hint="what the tab is called; whose it is comes next",
            value=_suggested(work),
            check=_check_name,
            known=[view.name for view in work.screen.views],
        )
    )
    if name is None:
        return
    name = " ".join(name.split())
    scope = await work.ask(work.app.dialog(Choose).prepare(f"Whose view is '{name}'?", _scopes(work)))
    if scope is None or not await _may_replace(work, name, query):
        return
    file = work.app.viewing.path

    def keep(desk: Desk) -> bool:
        if scope == "desk":
            views.save(desk, name, query, shared=True)
        else:
            views.save_mine(desk, file, name, query)
        return True

    if await work.do("the view", keep):
        await _show(work, name)
        where = "the desk's" if scope == "desk" else f"yours, in {file.name}" if file else "yours"
        work.app.say(f"view '{name}' is saved; it is {where}", "good")


def _suggested(work: Work) -> str:
    """The name of the view that is shown, when it is one's own to write over; else nothing."""
    view = _shown(work)
    return view.name if view is not None and view.source != "built-in" else ""


def _check_name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        return "a view needs a name"
    return f"a name has at most {LONGEST} signs, this one has {len(name)}" if len(name) > LONGEST else ""


def _scopes(work: Work) -> tuple[Option, ...]:
    readonly = "the desk is read-only" if work.app.shift.desk.readonly else ""
    file = work.app.viewing.path
    return (
        Option(
            "mine",
            "mine",
            key="m",
            note=f"in {file.name}" if file else "in the store, for you",
            why="" if file else readonly,
        ),
        Option("desk", "the desk's", key="d", note="everybody sees it", why=readonly),
    )


async def _may_replace(work: Work, name: str, query: str) -> bool:
    """Ask before another query loses its name."""
    old = next((view for view in work.screen.views if view.name.casefold() == name.casefold()), None)
    if old is None or old.query == query:
        return True
    options = (
        Option("no", "No, leave it", key="n"),
        Option("yes", f"Yes, '{name}' shows {query or 'everything'} from now on", key="y"),
    )
    heading = f"'{old.name}' is a view already: {old.query or 'everything'}"
    return await work.ask(work.app.dialog(Choose).prepare(heading, options)) == "yes"


async def drop_view(work: Work) -> None:
    """Delete the saved view that is shown, or hide one that can't be deleted, after asking."""
    view = _shown(work)
    if view is None:
        work.app.say("a typed query is no saved view; q leaves it", "warning")
        return
    deletes = view.source in ("file", "desk", "own")
    verb = "Delete" if deletes else "Hide"
    whose = {"file": "yours, in views.toml", "own": "yours", "desk": "the desk's: everybody loses it"}
    options = (
        Option("no", "No, leave it", key="n"),
        Option("yes", f"Yes, {verb.lower()} it", key="y", role="overdue" if view.source == "desk" else ""),
    )
    hint = whose.get(view.source, "built in: it is hidden from your tabs, not deleted")
    heading = f"{verb} the view '{view.name}'"
    if await work.ask(work.app.dialog(Choose).prepare(heading, options, hint=hint)) != "yes":
        return
    file = work.app.viewing.path
    done = await work.do("the view", lambda desk: (views.drop(desk, view, file),))
    if done is not None:
        await work.app.trouble.guard(work.app.viewing.reload)
        work.app.say(done[0], "good")


def _shown(work: Work) -> NamedView | None:
    screen = work.screen
    return cast(NamedView, screen.views[screen.view]) if 0 <= screen.view < len(screen.views) else None


async def _show(work: Work, name: str) -> None:
    """Go to the tab that was just saved; the typed query that it was goes."""
    await work.app.trouble.guard(work.app.viewing.reload)
    screen = work.screen
    names = [view.name.casefold() for view in screen.views]
    if name.casefold() in names:
        screen.typed = None
        move.view(work.app, names.index(name.casefold()))
