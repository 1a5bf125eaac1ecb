"""Open the console on a desk and stay until it ends: the terminal made safe before, made whole after.

The desk goes to a thread of its own.  Whatever ends the console (a key, a
dropped line, a fault), unsent text is kept as drafts first.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING

from supporttui.errors import UsageError
from supporttui.terminal import abilities
from supporttui.terminal.signals import DropGuard

if TYPE_CHECKING:
    from supporttui.config import Settings
    from supporttui.demo.opening import Opening
    from supporttui.desk.session import Desk
    from supporttui.verbs.keyfile import KeyFile

    from .ahead import Promise
    from .alarm import Plan
    from .app import ConsoleApp
    from .facts import PolicyFacts
    from .tending import Postman
    from .wardrobe import Wardrobe

FAULT = 70  # exit code of a fault in the program (sysexits EX_SOFTWARE)


def run(
    desk: Desk,
    settings: Settings,
    zone: tzinfo,
    *,
    view: str = "",
    start: str = "",
    opening: Opening | None = None,
    promise: Promise | None = None,
) -> int:
    """Show the console until it is left; returns the exit code.

    start: a verb that is run first, such as "wall".
    opening: how a throw-away desk begins; None for a real one.
    promise: of what the first frame shows, which another process reads.
    The desk belongs to the console until then.  Errors: UsageError when this is
    no terminal for it; StoreError.
    """
    terminal = abilities.detect()
    wrong = abilities.unfit(os.environ, stdin_is_tty=sys.stdin.isatty(), stdout_is_tty=sys.stdout.isatty())
    if wrong:
        raise UsageError(wrong)
    abilities.clear_hazards(os.environ)
    sys.setswitchinterval(0.0005)  # a key is answered sooner while the database thread works
    app, warnings = _app(desk, settings, zone, terminal, view, opening, promise)
    app.start = start
    guard = DropGuard(lambda _reason: _drop(app), last_words=lambda: _save(app))
    app.children_hear = guard.children_hear
    with guard:
        for warning in warnings:
            app.say(warning, "warning")
        app.run(mouse=settings.switch("mouse"))
        if app.tending.postman is not None:
            app.tending.postman.end()
        _save(app)
        app.alarm.ends()
    if app.crash is not None:
        from .crash import report

        report(app.crash, terminal, app.performer.recent)
        return FAULT
    return guard.exit_status or (app.return_code or 0)


def _app(
    desk: Desk,
    settings: Settings,
    zone: tzinfo,
    terminal: abilities.Abilities,
    view: str,
    opening: Opening | None,
    promise: Promise | None,
) -> tuple[ConsoleApp, list[str]]:
    """The app in its theme and with its keys, and what was wrong with those that were asked for."""
    from supporttui.config import template_folders
    from supporttui.desk.viewfile import view_file
    from supporttui.verbs.keyfile import key_file, read

    from .app import ConsoleApp
    from .keyboard import Keyboard

    slow = settings.switch("slow")
    wardrobe = _wardrobe(settings, terminal)
    ConsoleApp.ASCII_ONLY = not terminal.utf8
    ConsoleApp.COLOURLESS = terminal.colours == abilities.NO_COLOURS
    ConsoleApp.IN_TMUX, ConsoleApp.IN_SCREEN = terminal.tmux, terminal.screen
    keys = read(key_file(os.environ))
    ahead = promise.kept() if promise is not None else None
    facts = ahead.facts if ahead is not None else _facts(desk)
    alarm, refused = _alarm(facts, settings, zone, terminal)
    app = _kind(opening)(
        desk,
        zone,
        wardrobe=wardrobe,
        ascii=terminal.glyphs == "ascii",
        restricted=settings.switch("restricted"),
        slow=slow,
        view=view,
        views_file=None if settings.switch("restricted") else view_file(os.environ),
        keymap=keys.keymap(),
        alarm=alarm,
        ahead=ahead,
    )
    app.driver_class = Keyboard
    app.tending.postman = None if opening is not None else _postman(desk, settings, zone)
    app.template_folders = template_folders(settings, os.environ)
    told = [] if settings.switch("restricted") else _extend(app)
    return app, [*filter(None, [wardrobe.warning, refused]), *told, *_told(keys)]


def _postman(desk: Desk, settings: Settings, zone: tzinfo) -> Postman | None:
    """Who sends from this console while no watcher does: only where there are channels to send through."""
    channels = settings.path("channels")
    if settings.switch("restricted"):
        return None
    try:
        text = channels.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return None
    if desk.store.readonly or desk.store.url == ":memory:":
        return None

    def open_desk() -> Desk:
        from supporttui.desk.session import Desk
        from supporttui.store import open_store

        store = open_store(settings.text("store") or None)
        return Desk(store, desk.policy, desk.clock, "watch", settings.path("roster"))

    from .tending import Postman

    return Postman(open_desk, text, zone)


def _extend(app: ConsoleApp) -> list[str]:
    """Commands of one's own and the lines typed before; returns what is wrong with the commands."""
    from supporttui.config import state_folder
    from supporttui.verbs.commandfile import command_file, read, with_commands

    from .history import FILE, History

    app.history = History(state_folder(os.environ) / FILE)
    found = read(command_file(os.environ), app.shift.keymap)
    app.shift.keymap = with_commands(app.shift.keymap, found.commands)
    app.own = {command.name: command for command in found.commands}
    app.environ = dict(os.environ)
    return found.lines()


def _wardrobe(settings: Settings, terminal: abilities.Abilities) -> Wardrobe:
    """The themes that suit this terminal and line, and the one that was asked for."""
    from supporttui.config import config_folder

    from .wardrobe import Rack, Wardrobe

    origin = settings.origin("theme")
    slow, few = settings.switch("slow"), terminal.colours <= abilities.SIXTEEN
    rack = Rack(
        folder=config_folder(os.environ) / "themes",
        colour=terminal.colours > abilities.NO_COLOURS,
        few=slow or few,
        why_few="it needs more than the sixteen colours of this terminal"
        if few
        else "it costs too much on a slow line",
        settings=None if settings.switch("restricted") else settings.file,
        outranked="" if origin in ("default", str(settings.file)) else origin,
    )
    return Wardrobe(settings.text("theme"), rack)


def _facts(desk: Desk) -> PolicyFacts:
    """What the policy says; a policy or a store that can't be used is an error before the screen is taken."""
    from .facts import read_facts

    facts = read_facts(desk)
    _ = desk.store
    return facts


def _alarm(
    facts: PolicyFacts, settings: Settings, zone: tzinfo, terminal: abilities.Abilities
) -> tuple[Plan, str]:
    """How the alarm is set up, and what of its settings the desk's policy refuses ("" for nothing).

    A severity that the policy works round the clock can't have quiet hours.
    """
    from supporttui.terminal.alarm import Outlet
    from supporttui.terminal.child import arguments
    from supporttui.terminal.quiet import quiet_hours, severities

    from .alarm import Plan

    awake = facts.awake
    spans = quiet_hours(settings.text("quiet_hours"))
    refused = sorted({number for span in spans for number in span.severities & awake})
    why = (
        f"quiet_hours ({settings.origin('quiet_hours')}): Severity {', '.join(map(str, refused))} rings all the same,"
        f" {facts.desk_name} works it round the clock"
    )
    plan = Plan(
        loud=severities(settings.text("alarm")),
        repeat=settings.number("alarm_repeat"),
        quiet=tuple(span._replace(severities=span.severities - awake) for span in spans),
        zone=zone,
        outlet=Outlet.of(terminal),
        hook=() if settings.switch("restricted") else tuple(arguments(settings.text("alarm_hook"))),
        roles=facts.roles,
    )
    return plan, why if refused else ""


def _kind(opening: Opening | None) -> Callable[..., ConsoleApp]:
    """What makes the console: the plain one, or one with somebody beside the analyst."""
    if opening is None:
        from .app import ConsoleApp

        return ConsoleApp
    from .guided import GuidedApp

    return partial(GuidedApp, opening=opening)


def _told(keys: KeyFile) -> list[str]:
    """What is wrong with the keys, for the messages page; the last line is the one that stays in the footer."""
    if not keys.faults:
        return []
    return [*keys.lines(), "keys.toml can't be used, the keys are the defaults; see supporttui keys --check"]


def _drop(app: ConsoleApp) -> None:
    """From the guard's thread: have the event loop end the console."""
    loop = getattr(app, "_loop", None)
    if loop is not None:
        loop.call_soon_threadsafe(app.drop)


def _save(app: ConsoleApp) -> None:
    """Keep unsent text, then let go of the store; nothing that happens here stops the end."""
    from . import drafts

    with contextlib.suppress(Exception):
        unsent = app.last_words()
        beside = app.keeper.beside

        def last(desk: Desk) -> None:
            if unsent:
                drafts.save_all(desk, unsent)
            if beside is not None:
                beside.end(desk)

        app.link.finish(last)
