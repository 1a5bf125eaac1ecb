"""Moving about: the cursor, the panes, the views.  Nothing here waits for anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from supporttui.console.present.journal import ALL, LINE, Level
from supporttui.console.question import Question
from supporttui.console.widgets.journal_view import JournalView
from supporttui.console.widgets.keyed_list import KeyedList
from supporttui.console.widgets.keyed_state import Held

if TYPE_CHECKING:
    from supporttui.console.app import ConsoleApp
    from supporttui.console.screens.triage import Triage

PANES = ("queue", "timers", "detail")


def _focused(screen: Triage) -> KeyedList | JournalView:
    pane = screen.active
    return screen.detail.view if pane == "detail" else screen.lists[pane]


def step(app: ConsoleApp, rows: int) -> None:
    _focused(app.triage).move(rows)


def page(app: ConsoleApp, pages: int) -> None:
    _focused(app.triage).page_by(pages)


def end(app: ConsoleApp, *, last: bool) -> None:
    _focused(app.triage).to_end(last=last)


def pane(app: ConsoleApp, name: str) -> None:
    app.triage.focus_pane(name)


def next_pane(app: ConsoleApp, steps: int) -> None:
    screen = app.triage
    names = [name for name in PANES if name != "detail" or screen.shape != "small" or screen.zoomed]
    at = names.index(screen.active) if screen.active in names else 0
    screen.focus_pane(names[(at + steps) % len(names)])


def open_ticket(app: ConsoleApp) -> None:
    """The ticket over the whole body; in it, the entry at the cursor folds or unfolds; else back."""
    screen = app.triage
    if screen.active == "detail" and screen.detail.toggle():
        return
    if screen.zoomed == "detail":
        close_zoom(app)
        return
    screen.zoom("detail")
    screen.focus_pane("detail")
    app.reader.want_detail()


def entry(app: ConsoleApp, steps: int) -> None:
    """To the next entry of the ticket that is shown, wherever the focus is."""
    app.triage.detail.view.next_block(steps)


def fold_all(app: ConsoleApp, level: Level) -> None:
    app.triage.detail.fold_all(level)


def zoom(app: ConsoleApp) -> None:
    screen = app.triage
    if screen.zoomed:
        close_zoom(app)
    else:
        screen.zoom(screen.active)


def close_zoom(app: ConsoleApp) -> None:
    screen = app.triage
    was, screen.asked_for = screen.zoomed, 0
    screen.zoom("")
    if was == "detail":
        screen.focus_pane("queue")
    app.reader.want_detail()


def quit_or_back(app: ConsoleApp) -> None:
    """One step back: zoom, then what narrows the list, then a typed query, then out."""
    screen = app.triage
    if screen.zoomed:
        close_zoom(app)
    elif screen.question.narrow:
        show(app, Question(screen.question.title, screen.question.query))
    elif screen.view < 0:
        screen.typed = None
        view(app, 0)
    else:
        app.leave()


def escape(app: ConsoleApp) -> None:
    """Esc goes back as `q` does, but never out."""
    screen = app.triage
    if screen.zoomed or screen.question.narrow or screen.view < 0:
        quit_or_back(app)
    elif screen.queue.list.held.marks.keys:
        unmark(app)


def next_view(app: ConsoleApp, steps: int) -> None:
    """The tabs in turn, a typed query before the views."""
    screen = app.triage
    first = 0 if screen.typed is None else -1
    tabs = len(screen.views) - first
    if tabs:
        view(app, first + (screen.view - first + steps) % tabs)


def view(app: ConsoleApp, at: int) -> None:
    """Show the view at a place among the tabs, -1 for the typed query; words that narrow go on to do so."""
    screen = app.triage
    narrow = screen.question.narrow
    if at < 0 and screen.typed is not None:
        found = screen.typed
    else:
        at = max(0, min(at, len(screen.views) - 1))
        found = Question(screen.views[at].name, screen.views[at].query)
    screen.view = at
    show(app, replace(found, narrow=narrow))


def follow_view(app: ConsoleApp, name: str) -> None:
    """The views are others now: stay in the one of this name; its query may be another, or it may be gone."""
    screen = app.triage
    places = [at for at, one in enumerate(screen.views) if one.name.casefold() == name.casefold()]
    if not places:
        app.say(f"the view '{name}' is gone", "warning")
        view(app, min(screen.view, len(screen.views) - 1))
    elif screen.views[places[0]].query != screen.question.query:
        view(app, places[0])
    else:
        screen.view = places[0]


def show(app: ConsoleApp, question: Question) -> None:
    """Ask another question, from its top; the same one narrowed otherwise stays on its ticket."""
    screen = app.triage
    same, on = question.query == screen.question.query, screen.queue.list.cursor
    if on is not None or not same:
        screen.was_on = on  # words that leave no row don't make it forgotten
    screen.stay_on = screen.was_on if same else None
    screen.question, screen.asked_for = question, 0
    if screen.view < 0:
        screen.typed = replace(question, narrow="")
    screen.queue.list.held.kept.clear()
    app.reader.stale(anew=True)


def mark(app: ConsoleApp) -> None:
    screen = app.triage
    rows = screen.queue.list
    if screen.active == "queue":
        rows.mark(Held.toggle_mark)
        if rows.row is not None:
            app.marked_versions[rows.cursor] = rows.row.version
        rows.move(1)
    screen.paint_bars("footer")


def mark_range(app: ConsoleApp) -> None:
    """Mark all rows from the first press to the second; those that are not held are read first."""
    rows = app.triage.queue.list
    anchor = rows.held.marks.anchor
    if anchor is not None and anchor not in rows.held.window.keys and rows.cursor is not None:
        from .marks import reach

        app.run_worker(reach(app.work, int(anchor), int(rows.cursor)), group="marks")
        return
    rows.mark(Held.mark_range)
    for number in rows.held.marks.keys:
        if number in rows.held.rows:
            app.marked_versions[number] = rows.held.rows[number].version
    if rows.held.marks.anchor is not None:
        app.say("a range begins here: move, then v again")
    app.triage.paint_bars("footer")


def unmark(app: ConsoleApp) -> None:
    app.marked_versions.clear()
    app.triage.queue.list.mark(Held.unmark)
    app.triage.paint_bars("footer")


def refresh(app: ConsoleApp) -> None:
    """Read anew; what was kept in its place takes the place that it has now."""
    app.triage.queue.list.held.kept.clear()
    app.reader.stale()
    app.paint_anew()  # whatever else wrote to this terminal goes
    app.say("read anew")


MOVES: dict[str, Callable[[ConsoleApp], None]] = {
    "down": lambda app: step(app, 1),
    "up": lambda app: step(app, -1),
    "page-down": lambda app: page(app, 1),
    "page-up": lambda app: page(app, -1),
    "first": lambda app: end(app, last=False),
    "last": lambda app: end(app, last=True),
    "next-pane": lambda app: next_pane(app, 1),
    "previous-pane": lambda app: next_pane(app, -1),
    "queue": lambda app: pane(app, "queue"),
    "timers": lambda app: pane(app, "timers"),
    "detail": lambda app: pane(app, "detail"),
    "open": open_ticket,
    "zoom": zoom,
    "next-entry": lambda app: entry(app, 1),
    "previous-entry": lambda app: entry(app, -1),
    "fold-all": lambda app: fold_all(app, LINE),
    "unfold-all": lambda app: fold_all(app, ALL),
    "next-view": lambda app: next_view(app, 1),
    "previous-view": lambda app: next_view(app, -1),
    "mark": mark,
    "range": mark_range,
    "unmark": unmark,
    "refresh": refresh,
    "quit": quit_or_back,
}
