"""Commands of one's own: chosen from a list or by their keys, run beside the screen, their output shown inert.

A ticket reaches a command by the environment, as it is in the store and as
data; no word of it is ever an argument, and there is no shell.
"""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from supporttui.console.dialogs.choose import Choose
from supporttui.console.program import Ended, Program
from supporttui.console.shift import Running
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Work
from supporttui.desk import look
from supporttui.store.records import Ticket
from supporttui.verbs.commandfile import Command
from supporttui.when import iso_z

if TYPE_CHECKING:
    from supporttui.desk.session import Desk

LONGEST_FIELD = 4096  # characters of a field; a program's environment has a limit
NOTICE_LINES = 20  # lines of output that the messages page keeps


async def commands(work: Work) -> None:
    """All commands; those that can't be run now say why."""
    app, situation = work.app, work.screen.situation()
    options = [
        Option(
            one.name,
            one.title,
            key=str(at) if at < 10 else "",
            note=shlex.join(one.argv),
            why=one.verb.why_disabled(situation),
        )
        for at, one in enumerate(app.own.values(), 1)
    ]
    chosen = await work.ask(app.dialog(Choose).prepare("Run which command?", options))
    if chosen is not None:
        app.call_later(app.perform, app.shift.keymap.by_id(chosen))


async def run(work: Work, name: str) -> None:
    """Run one, after a question where it wants one."""
    command = work.app.own[name]
    number = work.screen.number if command.context == "ticket" else 0
    if command.confirm and not await _sure(work, command, number):
        return
    fields = await _fields(work, number)
    if fields is None:
        return
    ended = await _run(work, command, {**work.app.environ, **fields})
    await _show(work, command, number, ended)


async def _sure(work: Work, command: Command, number: int) -> bool:
    of = f" with {number}" if number else ""
    options = (Option("no", "No, leave it", key="n"), Option("yes", "Yes, run it", key="y"))
    dialog = work.app.dialog(Choose).prepare(f"{command.title}{of}?", options, hint=shlex.join(command.argv))
    return await work.ask(dialog) == "yes"


async def _fields(work: Work, number: int) -> dict[str, str] | None:
    """The environment that tells of the ticket; None when it can't be read, which is said."""
    fields = {
        "SUPPORTTUI_ACTOR": work.app.shift.setting.actor,
        "SUPPORTTUI_QUERY": work.screen.question.query,
    }
    if number:

        def read(desk: Desk) -> Ticket:
            return look.ticket(desk, number, journal_limit=0).ticket

        ticket = await work.read(read)
        if ticket is None:
            return None
        fields |= ticket_fields(ticket)
    return {name: _storable(value) for name, value in fields.items()}


def ticket_fields(ticket: Ticket) -> Mapping[str, str]:
    """What a command is told of a ticket: the raw words, times as "2026-11-20T14:46:00Z"."""
    return {
        "SUPPORTTUI_NUMBER": str(ticket.number),
        "SUPPORTTUI_SUBJECT": ticket.subject,
        "SUPPORTTUI_SEVERITY": str(ticket.severity),
        "SUPPORTTUI_STATUS": ticket.status,
        "SUPPORTTUI_OWNER": ticket.owner,
        "SUPPORTTUI_CUSTOMER": ticket.customer,
        "SUPPORTTUI_SITE": ticket.site,
        "SUPPORTTUI_CONTACT": ticket.contact,
        "SUPPORTTUI_CONTACT_PHONE": ticket.contact_phone,
        "SUPPORTTUI_CONTACT_EMAIL": ticket.contact_email,
        "SUPPORTTUI_PRODUCT": ticket.product,
        "SUPPORTTUI_RELEASE": ticket.release,
        "SUPPORTTUI_OS": ticket.os,
        "SUPPORTTUI_OS_RELEASE": ticket.os_release,
        "SUPPORTTUI_ENVIRONMENT": ticket.environment,
        "SUPPORTTUI_CATEGORY": ticket.category,
        "SUPPORTTUI_TAGS": " ".join(ticket.tags),
        "SUPPORTTUI_REPORTED_AT": iso_z(ticket.reported_at),
    }


def _storable(text: str) -> str:
    """As an environment can hold it: no NUL, not too long, nothing that isn't text."""
    return text.replace("\0", "")[:LONGEST_FIELD].encode("utf-8", "replace").decode("utf-8")


async def _run(work: Work, command: Command, environ: Mapping[str, str]) -> Ended:
    """Run it on a thread of its own; the bottom line tells of it, Esc ends it, keys go on to move."""
    app, shift = work.app, work.app.shift
    loop = asyncio.get_running_loop()
    program = Program(command.argv, environ, seconds=command.timeout)
    done: asyncio.Future[Ended] = loop.create_future()

    def settle(ended: Ended) -> None:
        if not done.done():
            done.set_result(ended)

    def thread() -> None:
        ended = program.run()
        with contextlib.suppress(RuntimeError):  # the console has left meanwhile
            loop.call_soon_threadsafe(settle, ended)

    app.opening(False)
    app.programs.add(program)
    threading.Thread(target=thread, name="command", daemon=True).start()
    try:
        seconds = 0
        while not done.done():
            shift.running = Running(f"{command.title} runs, {seconds} s; Esc stops it", program.stop)
            work.screen.paint_bars("footer")
            await asyncio.wait([done], timeout=1)
            seconds += 1
        return done.result()
    finally:
        program.stop()
        shift.running = None
        app.programs.discard(program)
        work.screen.paint_bars("footer")


async def _show(work: Work, command: Command, number: int, ended: Ended) -> None:
    from supporttui.console.present.output import text_of

    wrong, of = ended.wrong, f" ({number})" if number else ""
    text = text_of(ended.output)
    first = next((one for one in text if one.strip()), "")
    if command.output == "pager" and first:
        from supporttui.console.dialogs.output import Output

        if wrong:
            work.app.say(f"{command.title}{of}: {wrong}", "error")
        dialog = work.app.dialog(Output).prepare(f"{command.title}{of}", text, cut=ended.cut)
        await work.ask(dialog)
    elif wrong:
        said = f": {first}" if first else ""
        work.app.say(f"{command.title}{of}: {wrong}{said}", "error", text[:NOTICE_LINES])
    elif command.output != "none":
        work.app.say(f"{command.title}{of}: {first or 'done, it said nothing'}", "good", text[1:NOTICE_LINES])
