"""The page of one's own unsent texts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from supporttui.console.dialogs.choose import Choose
from supporttui.console.dialogs.drafts import Drafts
from supporttui.console.present.setting import clock_text, seconds_between
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Target, Work
from supporttui.desk import look
from supporttui.store.records import Draft
from supporttui.when import age

from . import book

Key = tuple[int, str]


async def drafts(work: Work) -> None:
    """List them until one is gone on with or the page is left."""
    at = 0
    while work.app.drafts:
        keys = sorted(work.app.drafts, key=lambda key: work.app.drafts[key].updated_at, reverse=True)
        dialog = work.app.dialog(Drafts)
        options = [_option(work, str(place), work.app.drafts[key]) for place, key in enumerate(keys)]
        chosen = await work.ask(dialog.prepare(options, index=at))
        if chosen is None:
            return
        at = dialog.index
        key = keys[int(chosen.removeprefix("x"))]
        if not chosen.startswith("x"):
            await _go_on(work, key)
            return
        await _throw_away(work, key)
    work.app.say("nothing of yours is unsent")


def _option(work: Work, at: str, draft: Draft) -> Option:
    setting, now = work.app.shift.setting, work.app.shift.now()
    what = f"{draft.ticket} {draft.kind}" if draft.ticket else book.drafted(draft.kind) or "new report"
    since = clock_text(draft.updated_at, setting.zone, now)
    ago = age(max(0, seconds_between(draft.updated_at, now)))
    return Option(at, f"{what}, {since}", note=f"{ago}: {first_words(draft)}")


def first_words(draft: Draft) -> str:
    """What one knows a draft by."""
    text = draft.body or str(draft.data.get("subject", "")) or ", ".join(map(str, draft.data.values()))
    return " ".join(text[:200].split())


async def _throw_away(work: Work, key: Key) -> None:
    draft = work.app.drafts[key]
    options = (
        Option("no", "No, keep it", key="n"),
        Option("yes", "Yes, throw it away", key="y", role="overdue"),
    )
    what = f"the {draft.kind} on {draft.ticket}" if draft.ticket else book.drafted(draft.kind) or "the report"
    dialog = work.app.dialog(Choose).prepare(f"Throw {what} away?", options, hint=first_words(draft)[:60])
    if await work.ask(dialog) == "yes":
        await work.drop_draft(*key)
        work.app.say(f"{what} is gone")


async def _go_on(work: Work, key: Key) -> None:
    """Open the dialog that the draft was written in, on the ticket as it is now."""
    from . import call, edit, report, write
    from .find import show_number

    number, kind = key
    if not number and book.drafted(kind):
        await book.resume(work, kind)
        return
    if not number:
        await report.report(work)
        return
    rows = await work.read(lambda desk: look.lines(desk, [number]))
    if not rows:
        work.app.say(f"there is no ticket {number}; its draft is kept", "error")
        return
    if not work.screen.queue.list.go_to(number):
        show_number(work, number)
    verbs: dict[str, Callable[[Work, Target], Awaitable[object]]] = {
        "reply": write.reply_to,
        "note": write.note_on,
        "call": call.call_on,
        "resolve": write.closing_text,
        "edit": edit.edit_ticket,
    }
    if kind in verbs:
        await verbs[kind](work, Target(number, rows[0].version))
