"""Bare `supporttui`: the console, on the real desk or on the sample one."""

from __future__ import annotations

import argparse
import gc
import os
from typing import TYPE_CHECKING, Any

from supporttui import config
from supporttui.errors import UsageError

if TYPE_CHECKING:
    from supporttui.console.ahead import Promise
    from supporttui.demo.opening import Opening

    from .session import Session, World

LARGEST_SEED = 2**31


def open_console(world: World, flags: dict[str, Any]) -> int:
    """Open the console and return its exit code.

    flags: settings given on the command line, and "demo", "seed", "wall", "scenario", "play" and "speed".
    Errors: UsageError without a terminal; what store and policy raise.
    """
    from . import scenario
    from .session import Session

    if flags.get("scenario") == scenario.LIST:
        return scenario.print_list(world)
    story = scenario.chosen(flags)
    demo, seed = flags.pop("demo", False), flags.pop("seed", None)
    if seed is not None and not demo:
        raise UsageError("--seed belongs to --demo")
    number = _seed(seed)
    start = "wall" if flags.pop("wall", False) else ""
    settings = config.load(world.environ, flags)
    insist_on_terminal(world)
    session = Session(world, settings, argparse.Namespace(start=start))
    gc.disable()  # until the first frame: a start makes much and throws nothing away
    try:
        if story is not None:
            return scenario.open_scenario(session, story)
        return open_demo(session, number) if demo else _open(session)
    finally:
        gc.enable()
        session.close()


def insist_on_terminal(world: World) -> None:
    """Errors: UsageError where the console can't run."""
    from supporttui.terminal.abilities import unfit

    terminals = {"stdin_is_tty": _is_terminal(world.stdin), "stdout_is_tty": _is_terminal(world.stdout)}
    if why := unfit(world.environ, **terminals):
        raise UsageError(why)


def _seed(given: str | None) -> int | None:
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 10 and int(given) < LARGEST_SEED):
        raise UsageError(f"--seed: {given!r} is not a whole number from 0 to {LARGEST_SEED - 1}")
    return int(given)


def _is_terminal(stream: Any) -> bool:
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):
        return False


def _open(session: Session) -> int:
    promise = _begin_ahead(session)
    if promise is None:
        # Decoded before the screen is taken, so that an error in the policy is one line.
        session.load_policy()
    from supporttui.console.run import run

    desk = session.new_desk(session.settings.actor)
    return run(desk, session.settings, session.zone, start=session.args.start, promise=promise) or 0


def _begin_ahead(session: Session) -> Promise | None:
    """Have the first frame read by another process, for a store that is there already."""
    from supporttui.console import ahead
    from supporttui.desk.viewfile import view_file
    from supporttui.store.place import default_path
    from supporttui.terminal.quiet import severities

    settings = session.settings
    if settings.text("zone") == "vendor" or not os.path.exists(settings.text("store") or default_path()):
        return None
    session.policy_name()
    views = None if settings.switch("restricted") else view_file(session.world.environ)
    wish = ahead.Wish(session.zone, "", views, frozenset(severities(settings.text("alarm"))))
    return ahead.begin(lambda: session.new_desk(settings.actor), wish)


def open_demo(
    session: Session, seed: int | None, opening: Opening | None = None, *, what: str = "--demo"
) -> int:
    """A desk of its own in a temporary folder; the real store isn't touched.

    opening: how it begins.  what: asked for it, for the error when a store is named as well.
    """
    from tempfile import TemporaryDirectory

    if session.settings.origin("store") == "--store":
        raise UsageError(f"{what} has a store of its own; leave --store out")
    with TemporaryDirectory(prefix="supporttui-demo-") as folder:
        session.use_store(f"{folder}/demo.sqlite3")
        try:
            from supporttui.demo import build_demo

            build_demo(session.desk, **({} if seed is None else {"seed": seed}))
            return _run_demo(session, opening)
        finally:
            session.close()


def _run_demo(session: Session, opening: Opening | None) -> int:
    from supporttui.console.run import run
    from supporttui.demo.opening import Opening

    start = getattr(session.args, "start", "")
    return run(session.desk, session.settings, session.zone, start=start, opening=opening or Opening()) or 0
