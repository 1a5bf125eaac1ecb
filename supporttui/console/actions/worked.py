"""Verbs of what is worked: log time, billable as the verdict says or with a reason, and the stopwatch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from supporttui.console.dialogs.line import AskLine
from supporttui.console.dialogs.log_time import AS_DECIDED, OTHERWISE, LogTime
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Target, Work
from supporttui.desk import effort, stopwatch, worked
from supporttui.desk.session import Desk
from supporttui.desk.worked import Outlook, Said
from supporttui.errors import UsageError
from supporttui.store.worked import Stopwatch
from supporttui.verbs.registry import BY_ID
from supporttui.when import duration_text

from .words import named

WATCH_WORDS = ("start", "pause", "stop", "discard")


class Before(NamedTuple):
    """What the dialog knows when it opens.  watch: the analyst's on this ticket, None for none."""

    outlook: Outlook
    watch: Stopwatch | None
    now: datetime


def _before(desk: Desk, number: int) -> Before:
    return Before(worked.outlook_of(desk, number), stopwatch.on(desk, number), desk.now())


async def log_time(work: Work) -> None:
    """ "1h30 reading the dump"."""
    target = work.target()
    before = await work.read(lambda desk: _before(desk, target.number))
    if before is None:
        return
    text, reason = _proposed(before), ""
    while True:
        answered = await _asked(work, target, before, text)
        if answered is None:
            return
        text, choice = answered
        if choice == AS_DECIDED:
            break
        if reason := await _reason(work, target, before.outlook):
            break
    if not reason and before.watch is None:
        await work.apply("log-time", (target,), text)
        return
    said = Said(billable=not before.outlook.billable, reason=reason) if reason else worked.AS_DECIDED
    if await _log(work, (target,), text, said, before) and before.watch is not None:
        await show_watches(work)


def _proposed(before: Before) -> str:
    """What the watch shows, ready to be corrected; nothing where somebody must say it."""
    if before.watch is None or stopwatch.forgotten(before.watch, before.now):
        return ""
    return f"{stopwatch.shown_minutes(before.watch, before.now)}m "


async def _asked(work: Work, target: Target, before: Before, text: str) -> tuple[str, str] | None:
    """The line that was written and the choice below it; None when it was left."""

    def check(line: str) -> str:
        try:
            effort.read_effort(line)
        except UsageError as error:
            return str(error)
        return ""

    hint = f"{effort.EXAMPLES}, then what was done"
    if before.watch is not None and stopwatch.forgotten(before.watch, before.now):
        shown = duration_text(before.watch.seconds(before.now))
        hint = f"the stopwatch shows {shown}: what was really worked?"
    dialog = work.app.dialog(LogTime)
    dialog.choices = _choices(before.outlook)
    dialog.prepare(work.heading("Log time on", (target,)), hint=hint, value=text, check=check)
    line = await work.ask(dialog)
    return None if line is None else (line, dialog.choice)


def _choices(view: Outlook) -> tuple[Option, ...]:
    decided, other = ("Billable", "Not billable") if view.billable else ("Not billable", "Billable")
    because = ", ".join(part for part in (view.title.lower(), worked.short(view.clause)) if part)
    return (
        Option(AS_DECIDED, decided, note=f"as the verdict says: {because}"),
        Option(OTHERWISE, other, note="against it; you are asked why"),
    )


async def _reason(work: Work, target: Target, view: Outlook) -> str:
    """Why it is charged otherwise than the verdict says; "" when that was left."""
    word = "not billable" if view.billable else "billable"
    dialog = work.app.dialog(AskLine).prepare(
        work.heading(f"Why is this time {word}? On", (target,)),
        hint="goes into the journal and onto the bill",
        check=lambda text: "" if text.strip() else f"say why it is {word}; Esc goes back",
    )
    return (await work.ask(dialog) or "").strip()


async def _log(work: Work, targets: Sequence[Target], text: str, said: Said, before: Before | None) -> bool:
    minutes, remark = effort.read_effort(text)
    watch = before.watch if before else None

    return await work.tell(
        "time",
        targets,
        lambda job: effort.log_time(
            job.desk,
            job.number,
            minutes,
            remark,
            started=stopwatch.began(watch, minutes, job.desk.now()) if watch else None,
            said=said,
            ends_watch=watch is not None,
            seen=job.seen,
            batch=job.batch,
        ),
        said=f"{named(targets)}: {duration_text(minutes * 60)} logged",
    )


async def log_as(work: Work, targets: Sequence[Target], text: str) -> bool:
    """The time and the remark that one line says, billable as the verdict says."""
    return await _log(work, targets, text, worked.AS_DECIDED, None)


# -- the stopwatch --------------------------------------------------------------------------------


async def timer(work: Work) -> None:
    """Start the watch of the ticket, let it rest, or let it go on."""
    number = work.target().number
    watch = await work.do("stopwatch", lambda desk: stopwatch.toggle(desk, number))
    if watch is not None:
        await _told(work, watch)


async def timer_as(work: Work, targets: Sequence[Target], text: str) -> bool:
    """start, pause, stop (which asks for what was done) or discard, on the ticket."""
    word, number = text.strip().casefold(), targets[0].number
    if word not in WATCH_WORDS:
        raise UsageError(f"the stopwatch can {', '.join(WATCH_WORDS[:-1])} or {WATCH_WORDS[-1]}")
    if word == "stop":
        await log_time(work)
        return False
    act = {"start": stopwatch.start, "pause": stopwatch.pause, "discard": stopwatch.discard}[word]
    watch = await work.do("stopwatch", lambda desk: act(desk, number))
    if watch is not None and word == "discard":
        await show_watches(work)
        work.app.say(f"the stopwatch on {number} is discarded, nothing was logged")
    elif watch is not None:
        await _told(work, watch)
    return False  # nothing that could be done again to another ticket


async def _told(work: Work, watch: Stopwatch) -> None:
    others = [one for one in await show_watches(work) if one.ticket != watch.ticket]
    shown = duration_text(max(60, watch.seconds(work.app.shift.now()) // 60 * 60))
    state = "runs" if watch.running else f"rests at {shown}"
    resting = f"; the one on {others[0].ticket} rests" if watch.running and others else ""
    key = work.app.shift.keymap.shown(BY_ID["log-time"], ascii=work.app.ink.ascii)
    work.app.say(f"the stopwatch on {watch.ticket} {state}{resting}; {key or ':log-time'} logs it", "good")


async def show_watches(work: Work) -> Sequence[Stopwatch]:
    """Read the analyst's watches and show them in the top line."""
    found = await work.read(stopwatch.watches)
    if found is None:
        return ()
    work.app.shift.sets(stopwatches=tuple(found))
    work.screen.paint_bars("header")
    return found
