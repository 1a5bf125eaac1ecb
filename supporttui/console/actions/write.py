"""Verbs with a text: reply, note, how it was solved, a new report.

A text outlives everything: a conflict leaves it in the dialog with what
changed and by whom, and a second Send then writes it on the ticket as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from supporttui.console.dialogs.write import Write, Written
from supporttui.console.widgets.menu import Option
from supporttui.console.work import Job, Target, Work
from supporttui.desk import close
from supporttui.desk import write as writing
from supporttui.store.records import Ticket

Act = Callable[[Job, Written], Ticket]


async def reply(work: Work) -> None:
    options = (
        Option("send", "Send"),
        Option("wait", "Send and wait"),
        Option("workaround", "Workaround"),
    )

    def act(job: Job, written: Written) -> Ticket:
        return writing.reply(
            job.desk,
            job.number,
            written.text,
            seen=job.seen,
            status="waiting-customer" if written.how == "wait" else None,
            workaround=written.how == "workaround",
            batch=job.batch,
        )

    await _text(
        work,
        work.target(),
        "reply",
        "Reply to the customer,",
        "PUBLIC: the customer reads this",
        options,
        act,
    )


async def note(work: Work) -> None:
    def act(job: Job, written: Written) -> Ticket:
        return writing.note(job.desk, job.number, written.text, seen=job.seen, batch=job.batch)

    hint = "internal: the customer never sees this"
    await _text(work, work.target(), "note", "Note on", hint, (Option("send", "Write note"),), act)


async def closing_text(work: Work, target: Target) -> None:
    """Resolve with a public reply that says how."""

    def act(job: Job, written: Written) -> Ticket:
        return close.resolve(job.desk, job.number, written.text, seen=job.seen, batch=job.batch)

    hint = "PUBLIC: the customer reads how it was solved"
    await _text(work, target, "resolve", "Resolve", hint, (Option("send", "Send and resolve"),), act)


async def _text(
    work: Work, target: Target, kind: str, words: str, hint: str, options: Sequence[Option], act: Act
) -> None:
    draft = work.draft(target.number, kind)
    aim = target

    async def send(written: Written) -> str:
        nonlocal aim
        wrong = await work.write(
            kind, (aim,), lambda job: act(job, written), said=f"{target.number}: {kind} written"
        )
        if wrong and "changed while" in wrong:
            # The text was written against what has changed since: say so once, then let it be sent.
            aim = Target(target.number, None)
            return wrong.replace("look again, then repeat", "send again to write it all the same")
        return wrong

    dialog = work.app.dialog(Write).prepare(
        work.heading(words, (target,)),
        hint=hint + "; Tab to send, Esc keeps a draft",
        text=draft.body if draft else "",
        options=options,
        send=send,
        ticket=target.number,
        kind=kind,
    )
    written = await work.ask(dialog)
    if written is None:
        return
    if written.how:
        await work.drop_draft(target.number, kind)
    else:
        await work.keep_draft(target.number, kind, written.text)
        if written.text.strip():
            work.app.say(f"{target.number}: {kind} kept as a draft")
