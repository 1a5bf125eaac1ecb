"""What is about the terminal and not about the desk: the clipboard, the alarm, the theme.

Nothing here writes to the store.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import Any

from supporttui.console import reading
from supporttui.console.present.detail import Subject
from supporttui.console.present.ticket_markdown import markdown, summary
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Target, Work
from supporttui.desk import look
from supporttui.errors import SupportError, UsageError
from supporttui.terminal import clipboard
from supporttui.terminal.safe import clean_line

# -- clipboard ----------------------------------------------------------------------------------------

COPIES = {  # word on the `:` line: (key in the menu, label)
    "number": ("n", "number"),
    "subject": ("s", "subject"),
    "line": ("l", "one line about it"),
    "phone": ("p", "telephone"),
    "email": ("e", "e-mail"),
    "ticket": ("t", "whole ticket, as Markdown"),
    "query": ("f", "query of this list"),
}


async def copy(work: Work) -> None:
    from supporttui.console.dialogs.choose import Choose

    targets = work.targets()
    if len(targets) == 1:
        subject = await work.read(lambda desk: reading.detail(desk, targets[0].number))
        if subject is None:
            return
        options = _options(subject, work)
    else:
        numbers = _numbers(targets)
        note = numbers if len(numbers) < 40 else f"{len(targets)} of them"
        query = work.screen.question.query
        options = [
            Option("number", "their numbers", "n", note),
            Option("line", "one line about each", "l"),
            Option("query", COPIES["query"][1], "f", query, why="" if query else "the list has none"),
        ]
    chosen = await work.ask(work.app.dialog(Choose).prepare(work.heading("Copy from", targets), options))
    if chosen is not None:
        await work.apply("copy", targets, chosen)


async def copy_as(work: Work, targets: Sequence[Target], argument: str) -> bool:
    """Send one thing of the tickets to the terminal.  argument: a word of `COPIES`."""
    what = argument.strip().casefold()
    if what not in COPIES:
        raise UsageError(f"“{clean_line(argument)}” can't be copied; there are {', '.join(COPIES)}")
    text = await _text(work, targets, what)
    if text is None:
        return False
    if not text:
        raise UsageError(f"{_named(targets)} has no {COPIES[what][1]}")
    of = "" if what == "query" else f" of {_named(targets)}"
    return await send(work, f"{COPIES[what][1]}{of}", text)


async def send(work: Work, name: str, text: str) -> bool:
    """Send an inert text to the terminal's clipboard and say so; whether it took it nobody knows."""
    text, whole = clipboard.capped(text)
    app = work.app
    here = bool(os.environ.get("TMUX"))
    through = False
    if here and not app.shift.restricted:
        through = not await asyncio.to_thread(clipboard.to_tmux, text, os.environ)
    if not through:
        outlet = app.alarm.plan.outlet
        app.to_terminal(clipboard.sequence(text, tmux=outlet.tmux, screen=outlet.screen, tmux_here=here))
    size = len(text.encode())
    if whole:
        app.say(f"{name}: too long, the first {size:,} of {whole:,} bytes sent to the terminal", "warning")
    else:
        app.say(f"{name}: sent to the terminal, {size:,} byte{'' if size == 1 else 's'}", "good")
    return True


def _options(subject: Subject, work: Work) -> list[Option]:
    ticket = subject.ticket
    notes = {
        "number": str(ticket.number),
        "subject": ticket.subject,
        "phone": ticket.contact_phone,
        "email": ticket.contact_email,
        "query": work.screen.question.query,
    }
    return [
        Option(what, label, key, notes.get(what, ""), why="" if notes.get(what, "-") else "not known")
        for what, (key, label) in COPIES.items()
    ]


async def _text(work: Work, targets: Sequence[Target], what: str) -> str | None:
    """What is to be sent, made inert; None when it can't be read, which is said."""
    setting = work.app.shift.setting
    if what == "number":
        return _numbers(targets)
    if what == "query":
        return clean_line(work.screen.question.query)
    make: Callable[[Subject], str]
    if what == "ticket":
        make = lambda subject: markdown(subject, setting)  # noqa: E731
    elif what == "line":
        make = lambda subject: summary(subject.ticket, setting)  # noqa: E731
    else:
        field = {"subject": "subject", "phone": "contact_phone", "email": "contact_email"}[what]
        make = lambda subject: clean_line(getattr(subject.ticket, field))  # noqa: E731
    journal = None if what == "ticket" else 0
    return await work.read(lambda desk: _made(desk, targets, make, journal))


def _made(desk: Any, targets: Sequence[Target], make: Callable[[Subject], str], journal: int | None) -> str:
    """On the database thread: what `make` writes of every ticket that there is, a line or a page each."""
    parts: list[str] = []
    with look.snapshot(desk):
        for target in targets:
            seen = look.ticket(desk, target.number, journal_limit=journal)
            parts.append(make(Subject(seen.ticket, seen.journal, undone=seen.undone)))
    return "\n".join(part for part in parts if part)


def _numbers(targets: Sequence[Target]) -> str:
    return " ".join(str(target.number) for target in targets)


def _named(targets: Sequence[Target]) -> str:
    return str(targets[0].number) if len(targets) == 1 else f"{len(targets)} tickets"


# -- alarm --------------------------------------------------------------------------------------------

ALARMS = {"test": "t", "hush": "h", "ring": "r"}


async def alarm(work: Work) -> None:
    """What rings, and what may be done about the noise."""
    from supporttui.console.dialogs.choose import Choose

    app = work.app
    off = "" if app.alarm.plan.loud else "the alarm is off (setting alarm)"
    options = [
        Option("test", "test it", "t", "rings as for a Severity 1"),
        Option("hush", "hush it for 10 minutes", "h", "a new Severity 1 rings all the same", why=off),
        Option("ring", "let it ring again", "r", why=off or ("" if app.alarm.hushed else "it is not hushed")),
    ]
    stands = sorted(app.alarm.stands)
    what = (
        f"rings for {' '.join(map(str, stands[:6]))}{' …' if len(stands) > 6 else ''}"
        if stands
        else "nothing rings"
    )
    chosen = await work.ask(app.dialog(Choose).prepare(f"Alarm: {what}", options))
    if chosen is not None:
        await work.apply("alarm", (), chosen)


async def alarm_as(work: Work, targets: Sequence[Target], argument: str) -> bool:
    """Test, hush or ring.  argument: a word of `ALARMS`; nothing of it is written down."""
    app, what = work.app, argument.strip().casefold()
    now = app.shift.now()
    if what not in ALARMS:
        raise UsageError(f"alarm {clean_line(argument)}: there are {', '.join(ALARMS)}")
    if what == "test":
        app.say(f"sent to the terminal: {app.alarm.test(now)}", "good")
    elif what == "hush":
        app.alarm.hush(now)
        app.say("hushed for 10 minutes; a new Severity 1 rings all the same", "good")
    else:
        app.alarm.speak()
        app.say("the alarm rings again", "good")
    app.keeper.paint_alarm()
    return True


# -- theme --------------------------------------------------------------------------------------------


async def theme(work: Work) -> None:
    """The theme screen."""
    from supporttui.console.dialogs.theme import ThemeScreen

    app = work.app
    chosen = await work.ask(app.dialog(ThemeScreen).prepare(app.wardrobe, app.shift.setting, app.shift.now()))
    if chosen is not None:
        _keep(work, chosen)


async def theme_as(work: Work, targets: Sequence[Target], argument: str) -> bool:
    """Put a theme on by its name and keep it."""
    wardrobe = work.app.wardrobe
    if why := wardrobe.why_not(argument.strip()):
        raise UsageError(f"theme {clean_line(argument)}: {why}")
    wardrobe.wear(argument.strip())
    _keep(work, argument.strip())
    return True


def _keep(work: Work, name: str) -> None:
    try:
        work.app.say(work.app.wardrobe.keep(name), "good")
    except SupportError as error:
        work.app.say(f"theme {name}, for this session: {error}", "warning")
