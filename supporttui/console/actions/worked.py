"""Verbs of what is worked: log time, billable as the verdict says or with a reason, and the stopwatch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from supporttui.console.dialogs.line import AskLine
from supporttui.console.dialogs.log_time import AS_DECIDED, OTHERWISE, LogTime
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Job, Target, Work
from supporttui.desk import effort, stopwatch, worked
from supporttui.desk.session import Desk
from supporttui.desk.worked import Outlook, Said
from supporttui.errors import UsageError
from supporttui.store.records import Ticket
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


class Asked(NamedTuple):
    """What was written, None for nothing yet.  wrong: why the store did not take it."""

    text: str | None = None
    choice: str = AS_DECIDED
    reason: str = ""
    wrong: str = ""


async def log_time(work: Work) -> None:
    """ "1h30 reading the dump".  What the store does not take is asked again, as it was written."""
    target = work.target()
    before, asked = await _look(work, target), Asked()
    while before is not None:
        answered = await _asked(work, target, before, asked)
        if answered is None:
            return
        asked = answered
        if asked.choice == OTHERWISE:
            asked = asked._replace(reason=await _reason(work, target, before.outlook, asked.reason))
            if not asked.reason:
                continue
        wrong = await _logged(work, target, before, asked)
        if not wrong:
            return
        if work.conflict is not None:  # the time was worked all the same: who was told may log it
            target, wrong = Target(target.number, None), f"{wrong}: Enter logs it all the same"
        before, asked = await _look(work, target) or before, asked._replace(wrong=wrong)


async def _look(work: Work, target: Target) -> Before | None:
    return await work.read(lambda desk: _before(desk, target.number))


async def _logged(work: Work, target: Target, before: Before, asked: Asked) -> str:
    """Log what was answered; what went wrong, "" for nothing."""
    said = worked.AS_DECIDED
    if asked.choice == OTHERWISE:
        said = Said(billable=not before.outlook.billable, reason=asked.reason)
    act, words = _logging(asked.text or "", said, before.watch)
    wrong = await work.write("time", (target,), act, said=f"{target.number}: {words}")
    if not wrong and before.watch is not None:
        await show_watches(work)
    elif not wrong and asked.choice == AS_DECIDED:
        work.remember("log-time", asked.text)
    return wrong


def _proposed(before: Before) -> str:
    """What the watch shows, ready to be corrected; nothing where somebody must say it."""
    if before.watch is None or stopwatch.forgotten(before.watch, before.now):
        return ""
    return f"{stopwatch.shown_minutes(before.watch, before.now)}m "


async def _asked(work: Work, target: Target, before: Before, asked: Asked) -> Asked | None:
    """The line that was written and the choice below it; None when it was left."""

    def check(line: str) -> str:
        try:
            _minutes, remark = effort.read_effort(line)
        except UsageError as error:
            return str(error)
        first = remark.split(" ")[0]
        if before.watch is not None and not first.isdigit() and effort.minutes_in(first) is not None:
            return f"'{first}' is a second time, behind what the stopwatch shows: leave one"
        return ""

    hint = f"{effort.EXAMPLES}, then what was done"
    if before.watch is not None and stopwatch.forgotten(before.watch, before.now):
        shown = duration_text(before.watch.seconds(before.now))
        hint = f"the stopwatch shows {shown}: what was really worked?"
    dialog = work.app.dialog(LogTime)
    dialog.choices, dialog.choice, dialog.wrong = _choices(before.outlook), asked.choice, asked.wrong
    dialog.prepare(
        work.heading("Log time on", (target,)),
        hint=hint,
        value=_proposed(before) if asked.text is None else asked.text,
        check=check,
    )
    line = await work.ask(dialog)
    return None if line is None else Asked(line, dialog.choice, asked.reason)


def _choices(view: Outlook) -> tuple[Option, ...]:
    decided, other = ("Billable", "Not billable") if view.billable else ("Not billable", "Billable")
    because = ", ".join(part for part in (view.title.lower(), worked.short(view.clause)) if part)
    return (
        Option(AS_DECIDED, decided, note=f"as the verdict says: {because}"),
        Option(OTHERWISE, other, note="against it; you are asked why"),
    )


async def _reason(work: Work, target: Target, view: Outlook, written: str) -> str:
    """Why it is charged otherwise than the verdict says; "" when that was left."""
    word = "not billable" if view.billable else "billable"
    dialog = work.app.dialog(AskLine).prepare(
        work.heading(f"Why is this time {word}? On", (target,)),
        hint="goes into the journal and onto the bill",
        value=written,
        check=lambda text: "" if text.strip() else f"say why it is {word}; Esc goes back",
    )
    return (await work.ask(dialog) or "").strip()


def _logging(text: str, said: Said, watch: Stopwatch | None) -> tuple[Callable[[Job], Ticket], str]:
    """What logs it on a ticket, and the words that say so."""
    minutes, remark = effort.read_effort(text)

    def act(job: Job) -> Ticket:
        return effort.log_time(
            job.desk,
            job.number,
            minutes,
            remark,
            started=stopwatch.began(watch, minutes, job.desk.now()) if watch else None,
            said=said,
            ends_watch=watch is not None,
            seen=job.seen,
            batch=job.batch,
        )

    return act, f"{duration_text(minutes * 60)} logged"


async def log_as(work: Work, targets: Sequence[Target], text: str) -> bool:
    """The time and the remark that one line says, billable as the verdict says."""
    act, words = _logging(text, worked.AS_DECIDED, None)
    return await work.tell("time", targets, act, said=f"{named(targets)}: {words}")


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
